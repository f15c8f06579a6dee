package job

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Where jobs rest among the side documents. Lists and the queue read them in the order of their keys,
// so that nothing ever looks through all jobs.
const (
	jobs    = "job"        // id → the job
	waiting = "jobDue"     // due time/id → its state; only of jobs that have not ended
	listed  = "jobList"    // all/newest first/id and of/asker/newest first/id → nothing
	wanted  = "jobArgs"    // id → what the kind was asked to do, for as long as it is to be done
	refused = "jobRefused" // id/number → a part that was refused
	asked   = "jobOnce"    // asker, request → the job it made
)

// kept is how long an ended job can be looked up.
const kept = 30 * 24 * time.Hour

// Store is what the queue needs of a tenant's store.
type Store interface {
	store.Side
	store.Leases
	Tx(ctx context.Context, do func(tx store.Tx) error) error
}

// stored is the document of a job: the job, and what only the queue needs.
type stored struct {
	Job
	Told int `json:"told,omitempty"` // refusals written down one by one

	revision int64
}

func load(ctx context.Context, from store.Side, id value.ID) (*stored, error) {
	item, err := from.Load(ctx, jobs, string(id))
	if fault.KindOf(err) == fault.NotFound {
		return nil, unknown(id)
	}
	if err != nil {
		return nil, err
	}
	s := &stored{revision: item.Revision}
	if err := json.Unmarshal(item.Body, s); err != nil {
		return nil, fault.New(fault.Internal, "store.corrupt").At(jobs + "/" + string(id)).Because(err)
	}
	return s, nil
}

func unknown(id value.ID) error {
	return fault.New(fault.NotFound, "job.notFound").With("id", string(id))
}

// save writes the job and, when its place in the queue moves, the queue: was is the due time that it had. Those who
// listen hear of it.
func (s *stored) save(ctx context.Context, tx store.Tx, was, now time.Time) error {
	if err := s.tell(ctx, tx, now); err != nil {
		return err
	}
	body, err := json.Marshal(s)
	if err != nil {
		return fault.Wrap("job.save", err)
	}
	item := store.Item{Key: string(s.ID), Body: body, Expires: s.expires()}
	if err := tx.Save(ctx, jobs, item, s.revision); err != nil {
		return err
	}
	if s.State.Ended() {
		if err := tx.Drop(ctx, waiting, dueKey(was, s.ID)); err != nil {
			return err
		}
		if err := tx.Drop(ctx, wanted, string(s.ID)); err != nil {
			return err
		}
		return s.list(ctx, tx)
	}
	if !was.IsZero() && !was.Equal(s.Due) {
		if err := tx.Drop(ctx, waiting, dueKey(was, s.ID)); err != nil {
			return err
		}
	}
	body, err = json.Marshal(place{s.State})
	if err != nil {
		return fault.Wrap("job.save", err)
	}
	return tx.Save(ctx, waiting, store.Item{Key: dueKey(s.Due, s.ID), Body: body}, store.AnyRevision)
}

// tell lets whoever asked for the job hear that it has moved; nobody listens for a part of the system.
func (s *stored) tell(ctx context.Context, tx store.Tx, now time.Time) error {
	if value.IsSystem(s.Asker) {
		return nil
	}
	return tx.Emit(ctx, event.Event{Kind: event.JobMoved, Record: s.ID, At: now, Actor: s.Asker})
}

// place is what the queue says of a job without opening it.
type place struct {
	State State `json:"state"`
}

// list writes the entries that lists read; again at the end, when they get their time to live.
func (s *stored) list(ctx context.Context, tx store.Tx) error {
	for _, prefix := range []string{everybodys, mine(s.Asker)} {
		item := store.Item{Key: prefix + s.listKey(), Body: []byte("{}"), Expires: s.expires()}
		if err := tx.Save(ctx, listed, item, store.AnyRevision); err != nil {
			return err
		}
	}
	return nil
}

// expires is zero for a job that has not ended: such a one stays, whatever happens.
func (s *stored) expires() time.Time {
	if !s.State.Ended() {
		return time.Time{}
	}
	return s.EndedAt.Add(kept)
}

const everybodys = "all/"

func mine(asker value.ID) string { return "of/" + string(asker) + "/" }

// listKey puts the newest first.
func (s *stored) listKey() string {
	return fmt.Sprintf("%019d/%s", math.MaxInt64-s.CreatedAt.UnixMilli(), s.ID)
}

func dueKey(due time.Time, id value.ID) string { return dueAt(due) + "/" + string(id) }

func dueAt(due time.Time) string { return fmt.Sprintf("%019d", due.UnixMilli()) }

// idIn is what stands behind the last slash of a key.
func idIn(key string) value.ID { return value.ID(key[strings.LastIndexByte(key, '/')+1:]) }

func refusalKey(id value.ID, number int) string { return fmt.Sprintf("%s/%06d", id, number) }

func leaseOf(id value.ID) string { return "job:" + string(id) }
