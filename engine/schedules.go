package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/cron"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/notify"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// What is due at set times. Side documents: how each schedule stands, and, by due time, those that are to come: what
// is due is found without looking at the others.
const (
	schedules    = "schedule"    // key → scheduleState
	schedulesDue = "scheduleDue" // due time/key → nothing
	scheduled    = "scheduled"   // job's id → key of the schedule that began it
	scripted     = "scripted"    // form/script → id of the last job that a schedule has begun for it
)

// scheduler begins what is due.
const scheduler = "schedule"

// scheduleState is how a schedule stands.
type scheduleState struct {
	Mark   string        `json:"mark"`          // what Next was reckoned from
	Next   time.Time     `json:"next,omitzero"` // zero: nothing is to come
	Paused bool          `json:"paused,omitempty"`
	Runs   []scheduleRun `json:"runs,omitempty"` // the last ones, the newest first

	revision int64
}

// scheduleRun is one job that a schedule has begun.
type scheduleRun struct {
	Job value.ID  `json:"job"`
	Due time.Time `json:"due"` // when it was due
	At  time.Time `json:"at"`  // when it was begun
	By  value.ID  `json:"by,omitempty"`
}

const (
	runsKept = 20
	// beginAtOnce is how many schedules one look begins.
	beginAtOnce = 50
	// forgotten is how long ago a time was that nobody makes up for, where the schedule says so: longer than a server
	// takes to begin anew.
	forgotten = 10 * time.Minute
	// beginLife is how long the lease of a look lasts where its process has gone silent.
	beginLife = 10 * time.Second
)

func (s scheduleState) dueKey(key string) string {
	return fmt.Sprintf("%019d/%s", s.Next.UnixMilli(), key)
}

// planMark tells what schedules follow from; planned is the one that this process has last brought them to.
func (e *Engine) planMark() string {
	return fmt.Sprintf("%s/%d/%s", e.Catalog().Version, e.working.now.Load().kept.Version, e.config.Zone)
}

// Schedules begins what is due, each once however many processes ask and however often they are killed: what a due
// time begins, and the time after it, are written in one transaction, under a lease that fences. Times that passed
// while nobody asked are made up for once.
func (e *Engine) Schedules(ctx context.Context) error {
	const op = "engine.schedules"
	if e.planned.Load() == nil && len(e.Catalog().Schedules) == 0 {
		items, err := e.config.Store.Scan(ctx, schedules, "", "", 1)
		if err != nil || len(items) == 0 {
			return fault.Wrap(op, err)
		}
	}
	now := e.config.Clock().UTC().Truncate(time.Millisecond)
	mark := e.planMark()
	known := e.planned.Load()
	isPlanned := known != nil && *known == mark
	if isPlanned {
		due, err := e.dueSchedules(ctx, now, 1)
		if err != nil || len(due) == 0 {
			return fault.Wrap(op, err)
		}
	}
	holder := string(e.config.NewID())
	token, err := e.config.Store.Acquire(ctx, scheduler, holder, beginLife)
	if fault.CodeOf(err) == "store.leased" {
		return nil // another process is at it
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	w := scheduling{Engine: e, token: token, now: now}
	if !isPlanned {
		if err = w.plan(ctx); err == nil {
			e.planned.Store(&mark)
		}
	}
	if err == nil {
		err = w.begin(ctx)
	}
	if fault.CodeOf(err) == "store.leased" {
		return nil // it went to another, who does what is left
	}
	if released := e.config.Store.Release(context.WithoutCancel(ctx), scheduler, holder, token); err == nil {
		err = released
	}
	return fault.Wrap(op, err)
}

// dueSchedules are the keys of the first schedules that are due, in the order of their times.
func (e *Engine) dueSchedules(ctx context.Context, now time.Time, limit int) ([]string, error) {
	items, err := e.config.Store.Scan(ctx, schedulesDue, "", "", limit)
	var keys []string
	for _, item := range items {
		at, key, _ := strings.Cut(item.Key, "/")
		if at > fmt.Sprintf("%019d", now.UnixMilli()) {
			break
		}
		keys = append(keys, key)
	}
	return keys, err
}

// scheduling is one look at the schedules, under the lease.
type scheduling struct {
	*Engine
	token int64
	now   time.Time
}

func (e *Engine) loadSchedule(ctx context.Context, from store.Side, key string) (scheduleState, error) {
	item, err := from.Load(ctx, schedules, key)
	if fault.KindOf(err) == fault.NotFound {
		return scheduleState{}, nil
	}
	s := scheduleState{revision: item.Revision}
	if err == nil {
		err = readItem(schedules, item, &s)
	}
	return s, err
}

// change writes a schedule and its place among those to come; do tells whether anything is to be written.
func (w scheduling) change(ctx context.Context, key string, do func(tx store.Tx, s *scheduleState) (bool, error)) error {
	return w.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Hold(ctx, scheduler, w.token); err != nil {
			return err
		}
		return w.changeIn(ctx, tx, key, do)
	})
}

func (e *Engine) changeIn(ctx context.Context, tx store.Tx, key string, do func(tx store.Tx, s *scheduleState) (bool, error)) error {
	s, err := e.loadSchedule(ctx, tx, key)
	if err != nil {
		return err
	}
	was := s
	if changes, err := do(tx, &s); err != nil || !changes {
		return err
	}
	body, err := json.Marshal(s)
	if err != nil {
		return fault.Wrap("engine.schedules", err)
	}
	if err := tx.Save(ctx, schedules, store.Item{Key: key, Body: body}, was.revision); err != nil {
		return err
	}
	if !was.Next.IsZero() && !was.Next.Equal(s.Next) {
		if err := tx.Drop(ctx, schedulesDue, was.dueKey(key)); err != nil {
			return err
		}
	}
	if s.Next.IsZero() {
		return nil
	}
	return tx.Save(ctx, schedulesDue, store.Item{Key: s.dueKey(key), Body: []byte("{}")}, store.AnyRevision)
}

// plan brings what is kept to what is published: new schedules, other times, those that are gone.
func (w scheduling) plan(ctx context.Context) error {
	// Whoever has not heard of the last publication would undo what another has planned.
	if err := w.Apps.Refresh(ctx); err != nil {
		return err
	}
	published := map[string]bool{}
	for _, s := range w.Catalog().Schedules {
		published[s.Key] = true
		mark := w.markOf(s)
		err := w.change(ctx, s.Key, func(_ store.Tx, state *scheduleState) (bool, error) {
			if state.Mark == mark {
				return false, nil
			}
			state.Mark = mark
			// What is due already stays due: a publication just then loses nothing.
			if !state.Paused && (state.Next.IsZero() || state.Next.After(w.now)) {
				state.Next = w.next(s, w.now)
			}
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	all, err := w.scan(ctx, schedules, "")
	if err != nil {
		return err
	}
	for _, item := range all {
		if published[item.Key] {
			continue
		}
		if err := w.drop(ctx, item.Key); err != nil {
			return err
		}
	}
	return nil
}

func (w scheduling) drop(ctx context.Context, key string) error {
	return w.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Hold(ctx, scheduler, w.token); err != nil {
			return err
		}
		s, err := w.loadSchedule(ctx, tx, key)
		if err != nil {
			return err
		}
		if err := tx.Drop(ctx, schedulesDue, s.dueKey(key)); err != nil {
			return err
		}
		return tx.Drop(ctx, schedules, key)
	})
}

// markOf is what the next time of a schedule follows from.
func (e *Engine) markOf(s *catalog.Schedule) string {
	mark := s.Text + " " + s.OnHoliday + " " + e.config.Zone.String()
	if s.OnHoliday != cron.Run {
		mark += fmt.Sprintf(" %d", e.working.now.Load().kept.Version)
	}
	return mark
}

// next is when a schedule is due after a time; zero for one that is due only when somebody says so.
func (e *Engine) next(s *catalog.Schedule, after time.Time) time.Time {
	if s.Cron == nil {
		return time.Time{}
	}
	return s.Cron.Next(after, cron.Where{Zone: e.config.Zone, Calendar: e.calendar(), OnHoliday: s.OnHoliday}).UTC()
}

// begin queues the jobs of what is due.
func (w scheduling) begin(ctx context.Context) error {
	keys, err := w.dueSchedules(ctx, w.now, beginAtOnce)
	if err != nil {
		return err
	}
	for _, key := range keys {
		s, known := w.Catalog().Schedule(key)
		if !known {
			continue // published elsewhere, not heard of here yet; or taken away, and dropped at the next plan
		}
		draft, err := w.Jobs.Draft(w.workOf(s, w.now))
		if err != nil {
			return err
		}
		err = w.change(ctx, key, func(tx store.Tx, state *scheduleState) (bool, error) {
			if state.Next.IsZero() || state.Next.After(w.now) || state.Paused {
				return false, nil
			}
			// What is still on its way is waited for, and then made up for once.
			if running, err := w.running(ctx, tx, s); running || err != nil {
				return false, err
			}
			due := state.Next
			// With the mark that it follows from, so that a process that knows better reckons it again.
			state.Next, state.Mark = w.next(s, w.now), w.markOf(s)
			if s.Forgets && w.now.Sub(due) > forgotten {
				return true, nil
			}
			state.ran(scheduleRun{Job: draft.ID, Due: due, At: w.now})
			return true, w.put(ctx, tx, s, draft)
		})
		if err != nil {
			return err
		}
		w.Jobs.Wake()
	}
	return nil
}

// put queues a job of a schedule.
func (e *Engine) put(ctx context.Context, tx store.Tx, s *catalog.Schedule, draft job.Job) error {
	item := store.Item{Key: string(draft.ID), Body: []byte(`"` + s.Key + `"`), Expires: draft.CreatedAt.Add(drawsKept)}
	if err := tx.Save(ctx, scheduled, item, store.AnyRevision); err != nil {
		return err
	}
	if s.Script != nil {
		item := store.Item{Key: s.Script.Run.Name, Body: []byte(`"` + string(draft.ID) + `"`)}
		if err := tx.Save(ctx, scripted, item, store.AnyRevision); err != nil {
			return err
		}
	}
	return e.Jobs.Put(ctx, tx, draft)
}

func (s *scheduleState) ran(run scheduleRun) {
	s.Runs = slices.Insert(s.Runs, 0, run)
	s.Runs = s.Runs[:min(len(s.Runs), runsKept)]
}

// workOf is the work of a schedule.
func (e *Engine) workOf(s *catalog.Schedule, at time.Time) job.New {
	if s.Script != nil {
		args := scriptingArgs{Schedule: s.Key, Form: s.Form, Script: s.Script.Def.Key}
		return job.New{Kind: scripting{}.Name(), Actor: value.SystemActor(scheduler), Args: args}
	}
	args := dealingArgs{Form: s.Form, Pool: s.Pool.Def.Key, ID: s.Distribution, Scheduled: true}
	args.Period = e.periodOf(args, at)
	return job.New{Kind: dealing{}.Name(), Actor: value.SystemActor(scheduler), Args: args}
}

// scheduleEnding tells the administrators of scheduled work that was given up, or broke over some of its records, in
// the transaction that ends it.
func (e *Engine) scheduleEnding(ctx context.Context, tx store.Tx, j job.Job) error {
	broke := j.State == job.Done && j.Counts["failed"] > 0
	if j.Asker != value.SystemActor(scheduler).Key() || j.State != job.Failed && !broke {
		return nil
	}
	item, err := tx.Load(ctx, scheduled, string(j.ID))
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	var key string
	if err := readItem(scheduled, item, &key); err != nil {
		return err
	}
	args := fault.Args{"schedule": key, "job": string(j.ID)}
	if s, known := e.Catalog().Schedule(key); known {
		args["schedule"] = s.Label
	}
	return e.inbox.Tell(ctx, tx, notify.Telling{
		To: notify.PeopleIn(e.config.Org()).Admins(), Kind: notify.ScheduleFailed, At: j.EndedAt, By: j.Asker, Args: args,
		Once: "job " + string(j.ID), Until: j.EndedAt.Add(day),
	})
}
