package job

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

const (
	// lookEvery is how often the worker looks for what nobody woke it for.
	lookEvery = time.Second
	// batchesPerTurn is how many batches a job gets before another one that is due has its turn.
	batchesPerTurn = 10
	// lookAhead is how many due jobs are tried for one that nobody works on.
	lookAhead = 20
)

// Work does what is due until ctx ends. A batch under way then is finished or left undone as a whole, and
// its job is given back for others to go on with. What fails is told; it is also in the job.
func (q *Queue) Work(ctx context.Context, tell func(error)) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for ctx.Err() == nil {
		worked, err := q.RunOnce(ctx)
		if err != nil && ctx.Err() == nil {
			tell(err)
		}
		if worked && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-q.wake:
		case <-look.C:
		}
	}
}

// RunOnce gives the first due job that nobody works on its turn: a few batches, or all when no other is
// due. It tells whether there was one. The error is what went wrong with it, or with the store.
func (q *Queue) RunOnce(ctx context.Context) (worked bool, err error) {
	now := q.now()
	items, err := q.config.Store.Scan(ctx, waiting, "", "", lookAhead)
	if err != nil {
		return false, err
	}
	q.busy.Store(len(items) > 0)
	for _, item := range items {
		if item.Key > dueAt(now)+"/~" {
			return false, nil // they are in the order of their time
		}
		l, err := q.lease(ctx, idIn(item.Key))
		if fault.CodeOf(err) == codeLeased {
			continue
		}
		if err != nil {
			return false, err
		}
		err = q.turn(ctx, l)
		if fault.CodeOf(err) == codeLeased {
			err = nil // another has it, and with it what is to be told
		}
		return true, errors.Join(err, l.release(ctx))
	}
	return false, nil
}

// turn works on one job.
func (q *Queue) turn(ctx context.Context, l *leased) error {
	for batch := range batchesPerTurn {
		s, err := load(ctx, q.config.Store, l.job)
		if err != nil {
			return err
		}
		if s.State.Ended() {
			return nil
		}
		if batch == 0 && s.State == Queued {
			if err := q.begin(ctx, l, s); err != nil {
				return err
			}
		}
		if s.Cancel {
			return q.finish(ctx, l, Cancelled, nil)
		}
		err = q.batch(ctx, l, s)
		if errors.Is(err, errCancelled) {
			return q.finish(ctx, l, Cancelled, nil)
		}
		if err != nil {
			return q.failed(ctx, l, err)
		}
	}
	return q.behind(ctx, l)
}

// begin marks a job as running.
func (q *Queue) begin(ctx context.Context, l *leased, s *stored) error {
	now := q.now()
	run := func(s *stored) {
		s.State = Running
		if s.StartedAt.IsZero() {
			s.StartedAt = now
		}
	}
	run(s) // its first batch knows of it too
	return q.change(ctx, l, run)
}

// batch lets the job's kind do its next batch.
func (q *Queue) batch(ctx context.Context, l *leased, s *stored) error {
	kind, known := q.kinds[s.Kind]
	if !known {
		return fault.New(fault.Unsupported, "job.unknownKind").With("kind", s.Kind)
	}
	ctx, end, err := q.awaitTurn(ctx)
	if err != nil {
		return err
	}
	defer end()
	actor, err := q.asker(s.Asker, s.Scopes)
	if _, finishes := kind.(Finisher); err != nil && finishes {
		actor, err = value.SystemActor(kind.Name()), nil
	}
	if err != nil {
		return err
	}
	args, err := q.config.Store.Load(ctx, wanted, string(l.job))
	if err != nil {
		return err
	}
	s.Args = args.Body
	within, stop := l.keep(ctx)
	err = step(within, kind, &Run{Job: s.Job, Actor: actor, Now: q.now(), lease: l})
	why := context.Cause(within)
	if stopped := stop(); err != nil && errors.Is(why, errCancelled) {
		return errCancelled
	} else if err := errors.Join(err, stopped); err != nil {
		return err
	}
	after, err := load(ctx, q.config.Store, l.job)
	switch {
	case err != nil:
		return err
	case after.revision == s.revision:
		return fault.New(fault.Internal, "internal").In("job.batch").At(s.Kind).Because(errors.New("a batch without Advance"))
	case after.State == Done:
		q.ended(after.Kind, Done)
	}
	return nil
}

// inTurn is the key of what ends the turn of a batch, in its context.
type inTurn struct{}

// awaitTurn waits until a batch may begin.
func (q *Queue) awaitTurn(ctx context.Context) (context.Context, func(), error) {
	if q.config.Turn == nil {
		return ctx, func() {}, nil
	}
	end, err := q.config.Turn(ctx)
	if err != nil {
		return ctx, nil, err
	}
	once := sync.OnceFunc(end)
	return context.WithValue(ctx, inTurn{}, once), once, nil
}

// Aside gives the turn of the batch up whose context this is, before it waits for something outside: other queues need
// not wait for that too. The rest of the batch is done beside theirs. Nothing happens outside of batches.
func Aside(ctx context.Context) {
	if end, ok := ctx.Value(inTurn{}).(func()); ok {
		end()
	}
}

// step makes a fault of a panic: it ends a batch and not the process.
func step(ctx context.Context, kind Kind, run *Run) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "internal").In("job.step").Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	return kind.Step(ctx, run)
}

// asker is who asked, with the rights they have now, as far as the token went that they came with.
func (q *Queue) asker(id value.ID, scopes []string) (value.Actor, error) {
	if part, isSystem := value.SystemPart(id); isSystem {
		return value.SystemActor(part), nil
	}
	actor, active := q.config.Person(id)
	if !active {
		return actor, fault.New(fault.Forbidden, "job.askerGone")
	}
	actor.Scopes = scopes
	return actor, nil
}

// change writes a job that this worker holds.
func (q *Queue) change(ctx context.Context, l *leased, do func(*stored)) error {
	now := q.now()
	return q.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := l.hold(ctx, tx); err != nil {
			return err
		}
		s, err := load(ctx, tx, l.job)
		if err != nil || s.State.Ended() {
			return err
		}
		was := s.Due
		do(s)
		if s.State.Ended() {
			if err := q.ending(ctx, tx, s); err != nil {
				return err
			}
		}
		return s.save(ctx, tx, was, now)
	})
}

// ending writes what others write with the end of a job.
func (q *Queue) ending(ctx context.Context, tx store.Tx, s *stored) error {
	if q.config.Ending == nil {
		return nil
	}
	return q.config.Ending(ctx, tx, s.Job)
}

// behind puts a job behind the others that are due.
func (q *Queue) behind(ctx context.Context, l *leased) error {
	now := q.now()
	return q.change(ctx, l, func(s *stored) { s.Due = now })
}

func (q *Queue) finish(ctx context.Context, l *leased, state State, why *Refusal) error {
	now := q.now()
	kind := ""
	err := q.change(ctx, l, func(s *stored) {
		kind = s.Kind
		s.Reason = why
		s.end(state, now)
	})
	if err != nil || kind == "" {
		return err
	}
	q.ended(kind, state)
	if leaver, ok := q.kinds[kind].(Leaver); ok {
		return leaver.Leave(l.job)
	}
	return nil
}

func (q *Queue) ended(kind string, state State) {
	if q.config.Ended != nil {
		q.config.Ended(kind, state)
	}
}
