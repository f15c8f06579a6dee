package job

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Queue holds a tenant's jobs and works them off. It is safe for concurrent use, also by other
// processes over the same store.
type Queue struct {
	config Config
	kinds  map[string]Kind
	wake   chan struct{} // something is due at once
	busy   atomic.Bool   // something was waiting when last looked for, or came since
}

// Open returns the queue over what config names. It does nothing by itself: see Work.
func Open(config Config) *Queue {
	q := &Queue{config: config, kinds: map[string]Kind{}, wake: make(chan struct{}, 1)}
	for _, kind := range config.Kinds {
		q.kinds[kind.Name()] = kind
	}
	return q
}

func (q *Queue) now() time.Time { return q.config.Clock().UTC().Truncate(time.Millisecond) }

// Draft makes a job that is in no queue yet, for Put: ids and times are drawn outside of transactions.
func (q *Queue) Draft(n New) (Job, error) {
	if _, known := q.kinds[n.Kind]; !known {
		return Job{}, fault.New(fault.Internal, "internal").In("job.draft").At(n.Kind)
	}
	args, err := json.Marshal(n.Args)
	if err != nil {
		return Job{}, fault.Wrap("job.draft", err)
	}
	now := q.now()
	j := Job{
		ID: q.config.NewID(), Kind: n.Kind, State: Queued, Asker: n.Actor.Key(), Scopes: n.Actor.Scopes, Args: args, Total: n.Total,
		CreatedAt: now, Due: now,
	}
	if n.Due.After(now) {
		j.Due = n.Due.UTC().Truncate(time.Millisecond)
	}
	return j, nil
}

// Put queues a drafted job with the transaction that makes it needed. Wake afterwards lets it begin at once.
func (q *Queue) Put(ctx context.Context, tx store.Tx, j Job) error {
	s := &stored{Job: j}
	if err := s.save(ctx, tx, time.Time{}, j.CreatedAt); err != nil {
		return err
	}
	if err := tx.Save(ctx, wanted, store.Item{Key: string(j.ID), Body: j.Args}, 0); err != nil {
		return err
	}
	return s.list(ctx, tx)
}

// Ask is Put for a job that a request of a person makes (New.Once), so that sent again it finds this one: see Before.
func (q *Queue) Ask(ctx context.Context, tx store.Tx, n New, j Job) error {
	if err := q.remember(ctx, tx, n, j); err != nil {
		return err
	}
	return q.Put(ctx, tx, j)
}

// Wake tells the worker that something was queued; without it that is seen within a second.
func (q *Queue) Wake() {
	q.busy.Store(true)
	select {
	case q.wake <- struct{}{}:
	default: // it is told already
	}
}

// Busy tells whether jobs wait or are at work, as far as this queue has looked or was told.
func (q *Queue) Busy() bool { return q.busy.Load() }

// Look finds out for Busy whether jobs wait from before.
func (q *Queue) Look(ctx context.Context) error {
	items, err := q.config.Store.Scan(ctx, waiting, "", "", 1)
	q.busy.Store(len(items) > 0)
	return err
}

// Add queues a job in a transaction of its own, or returns the one that the same request (New.Once) has
// made before. Faults: Invalid "idempotency.otherBody".
func (q *Queue) Add(ctx context.Context, n New) (Job, error) {
	j, err := q.Draft(n)
	if err != nil {
		return Job{}, err
	}
	return q.AddDraft(ctx, n, j)
}

// AddDraft is Add for a job that was drafted before, so that what it needs could be written under its id.
func (q *Queue) AddDraft(ctx context.Context, n New, j Job) (Job, error) {
	if before, err := q.Before(ctx, n.Actor, n.Once); before != nil || err != nil {
		return orNone(before), err
	}
	err := q.config.Store.Tx(ctx, func(tx store.Tx) error { return q.Ask(ctx, tx, n, j) })
	if n.Once != nil && fault.CodeOf(err) == "store.stale" {
		// The same request came twice at once.
		before, err := q.Before(ctx, n.Actor, n.Once)
		return orNone(before), err
	}
	if err != nil {
		return Job{}, err
	}
	q.Wake()
	return j, nil
}

func orNone(j *Job) Job {
	if j == nil {
		return Job{}
	}
	return *j
}

// request is what is kept of a request that made a job.
type request struct {
	Hash []byte   `json:"hash"`
	Job  value.ID `json:"job"`
}

const onceLife = 24 * time.Hour

func onceKey(actor value.Actor, once *Once) string { return string(actor.Key()) + " " + once.Key }

// Before returns the job that the same request has made before, nil where there is none, for who has to ask
// something first that the job itself has changed. Faults: Invalid "idempotency.otherBody".
func (q *Queue) Before(ctx context.Context, actor value.Actor, once *Once) (*Job, error) {
	if once == nil {
		return nil, nil
	}
	item, err := q.config.Store.Load(ctx, asked, onceKey(actor, once))
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !item.Expires.After(q.now()) {
		return nil, q.config.Store.Drop(ctx, asked, item.Key)
	}
	var r request
	if err := json.Unmarshal(item.Body, &r); err != nil {
		return nil, fault.New(fault.Internal, "store.corrupt").At(asked).Because(err)
	}
	if !bytes.Equal(r.Hash, once.Hash) {
		return nil, fault.New(fault.Invalid, "idempotency.otherBody")
	}
	s, err := load(ctx, q.config.Store, r.Job)
	if err != nil {
		return nil, err
	}
	return &s.Job, nil
}

func (q *Queue) remember(ctx context.Context, tx store.Tx, n New, j Job) error {
	if n.Once == nil {
		return nil
	}
	body, err := json.Marshal(request{Hash: n.Once.Hash, Job: j.ID})
	if err != nil {
		return fault.Wrap("job.remember", err)
	}
	item := store.Item{Key: onceKey(n.Actor, n.Once), Body: body, Expires: j.CreatedAt.Add(onceLife)}
	return tx.Save(ctx, asked, item, 0)
}

// Get returns a job with its report: whole to whoever asked for it, to an admin without what speaks of the
// content of records, for being one gives no right over these; of what nobody has asked for, that is which parts were
// refused and by what. To others it does not exist.
func (q *Queue) Get(ctx context.Context, actor value.Actor, id value.ID) (*Job, error) {
	s, err := q.seen(ctx, q.config.Store, actor, id)
	if err != nil {
		return nil, err
	}
	isWhole := s.Asker == actor.Key() || actor.IsSystem()
	if !isWhole && !value.IsSystem(s.Asker) {
		return s.outside(), nil
	}
	items, err := q.config.Store.Scan(ctx, refused, string(id)+"/", "", MaxRefused)
	for _, item := range items {
		r, err := readRefusal(item.Body)
		if err != nil {
			return nil, fault.New(fault.Internal, "store.corrupt").At(refused + "/" + item.Key).Because(err)
		}
		s.Refused = append(s.Refused, r)
	}
	if s.Reason != nil {
		s.Reason.Restore()
	}
	if !isWhole {
		return s.outside(), err
	}
	return &s.Job, err
}

// Going tells whether a job is on its way still, as a transaction sees it too. One that is kept no more is not.
func (q *Queue) Going(ctx context.Context, from store.Side, id value.ID) (bool, error) {
	s, err := load(ctx, from, id)
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return err == nil && !s.State.Ended(), err
}

// outside is a job as those see it who did not ask for it.
func (s *stored) outside() *Job {
	j := s.Job
	j.Cursor, j.Result = nil, ""
	if j.Reason != nil {
		why := j.Reason.outside()
		j.Reason = &why
	}
	j.Refused = nil
	for _, one := range s.Refused {
		j.Refused = append(j.Refused, one.outside())
	}
	return &j
}

// seen loads a job that the actor may know of.
func (q *Queue) seen(ctx context.Context, from store.Side, actor value.Actor, id value.ID) (*stored, error) {
	s, err := load(ctx, from, id)
	if err != nil {
		return nil, err
	}
	if s.Asker != actor.Key() && access.Administer(actor) != nil {
		return nil, unknown(id)
	}
	return s, nil
}

const maxPage = 200

// List returns jobs, the newest first, without their reports: those that the actor asked for, or with all
// everybody's, for which they must be an administrator (else Forbidden "job.mayNotSeeAll"). after is the next of
// the page before; limit is 1 to 200.
func (q *Queue) List(ctx context.Context, actor value.Actor, all bool, after string, limit int) (page []Job, next string, err error) {
	if limit < 1 || limit > maxPage {
		return nil, "", fault.New(fault.Malformed, "limit.page").At("/limit").With("max", maxPage)
	}
	prefix := mine(actor.Key())
	if all {
		if access.Administer(actor) != nil {
			return nil, "", fault.New(fault.Forbidden, "job.mayNotSeeAll")
		}
		prefix = everybodys
	}
	if strings.Count(after, "/") > 1 || strings.ContainsRune(after, 0) {
		return nil, "", fault.New(fault.Malformed, "cursor.invalid").At("/after")
	}
	from := ""
	if after != "" {
		from = prefix + after
	}
	items, err := q.config.Store.Scan(ctx, listed, prefix, from, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(items) > limit {
		items = items[:limit]
		next = strings.TrimPrefix(items[limit-1].Key, prefix)
	}
	for _, item := range items {
		s, err := load(ctx, q.config.Store, idIn(item.Key))
		if fault.KindOf(err) == fault.NotFound {
			continue // cleared away meanwhile
		}
		if err != nil {
			return nil, "", err
		}
		if s.Asker != actor.Key() {
			page = append(page, *s.outside())
			continue
		}
		page = append(page, s.Job)
	}
	return page, next, nil
}

// Cancel asks a job to end: a waiting one does at once, one at work at its next batch. One that has ended
// stays as it is. It answers the job as it stands then. Faults: NotFound "job.notFound",
// Forbidden "access.scope".
func (q *Queue) Cancel(ctx context.Context, actor value.Actor, id value.ID) (*Job, error) {
	if err := access.Change(actor); err != nil {
		return nil, err
	}
	now := q.now()
	err := q.config.Store.Tx(ctx, func(tx store.Tx) error {
		s, err := q.seen(ctx, tx, actor, id)
		if err != nil || s.State.Ended() {
			return err
		}
		s.Cancel = true
		if s.State == Queued {
			s.end(Cancelled, now)
		}
		return s.save(ctx, tx, s.Due, now)
	})
	if err != nil {
		return nil, err
	}
	return q.Get(ctx, actor, id)
}

// TakeBack writes that an ended job's doing is taken back, and with it that it cannot be once more. Faults: Conflict
// "job.takenBack" where it is, or nothing was to be taken back.
func (q *Queue) TakeBack(ctx context.Context, tx store.Tx, id value.ID) error {
	s, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	if !s.Undo || !s.State.Ended() {
		return fault.New(fault.Conflict, "job.takenBack").At(jobs + "/" + string(id))
	}
	s.Undo = false
	return s.save(ctx, tx, s.Due, q.now())
}

// maxActive bounds what Active counts.
const maxActive = 1000

// Active counts the jobs that have not ended by state, the first 1,000 of them.
func (q *Queue) Active(ctx context.Context) (map[State]int, error) {
	items, err := q.config.Store.Scan(ctx, waiting, "", "", maxActive)
	if err != nil {
		return nil, err
	}
	out := map[State]int{}
	for _, item := range items {
		var p place
		if err := json.Unmarshal(item.Body, &p); err != nil {
			return nil, fault.New(fault.Internal, "store.corrupt").At(waiting + "/" + item.Key).Because(err)
		}
		out[p.State]++
	}
	return out, nil
}

func (s *stored) end(state State, now time.Time) {
	s.State, s.EndedAt = state, now
	s.Cursor = nil
}
