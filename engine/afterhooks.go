package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Scripts after commits are set off by the outbox. That one has run is written with what it has done, so that
// nothing is done twice; what has failed is put aside (hookletters.go), so that it holds up nothing that follows.

const (
	hookConsumer = "hooks"
	hookBatch    = 20
	hookLease    = 5 * time.Minute
	hooksDone    = "hookDone" // what has run, by event and script, for longer than a server may stand still between doing it and settling the event
	hookDoneLife = 60 * day
	hooksBegun   = "hook"
	hooksSince   = "since"
)

// RunHooks runs the scripts that committed changes have set off, until none waits that is due.
func (e *Engine) RunHooks(ctx context.Context) error {
	const op = "engine.hooks"
	on, err := e.hooksOn(ctx)
	if err != nil || !on {
		return fault.Wrap(op, err)
	}
	for ctx.Err() == nil {
		done, err := e.runHooks(ctx)
		if err != nil || done == 0 {
			return fault.Wrap(op, err)
		}
	}
	return ctx.Err()
}

// hookStart is since when the outbox is read for scripts. It is safe for concurrent use.
type hookStart struct {
	mu    sync.Mutex
	since time.Time // zero: not yet
}

type hookStartDoc struct {
	Since time.Time `json:"since"`
}

// hooksOn tells whether there is, or was once, a script after commits: only then is the outbox read for them. The
// first of them hears of what has happened since it was published, and not of the day before.
func (e *Engine) hooksOn(ctx context.Context) (bool, error) {
	e.hooks.mu.Lock()
	defer e.hooks.mu.Unlock()
	if !e.hooks.since.IsZero() {
		return true, nil
	}
	item, err := e.config.Store.Load(ctx, hooksBegun, hooksSince)
	if fault.KindOf(err) == fault.NotFound {
		if !e.Catalog().HasAfterHooks() {
			return false, nil
		}
		item.Body, err = json.Marshal(hookStartDoc{e.Apps.PublishedAt()})
		if err == nil {
			err = e.config.Store.Save(ctx, hooksBegun, store.Item{Key: hooksSince, Body: item.Body}, 0)
		}
		if fault.CodeOf(err) == "store.stale" {
			return false, nil // another process has written it just now, and the next look finds it
		}
	}
	if err != nil {
		return false, err
	}
	var doc hookStartDoc
	if err := json.Unmarshal(item.Body, &doc); err != nil {
		return false, fault.New(fault.Internal, "store.corrupt").At(hooksBegun + "/" + hooksSince).Because(err)
	}
	e.hooks.since = doc.Since
	return true, nil
}

// RunLate does what is late: it tries again what has failed and may pass, and sends what scripts send to other hosts.
func (e *Engine) RunLate(ctx context.Context) error {
	return fault.Wrap("engine.late", e.runLate(ctx))
}

func (e *Engine) runHooks(ctx context.Context) (int, error) {
	events, err := e.config.Store.Take(ctx, hookConsumer, hookBatch, hookLease)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	done := make([]int64, 0, len(events))
	var failed error
	for _, one := range events {
		if failed = e.hooksOf(ctx, one); failed != nil {
			break
		}
		done = append(done, one.Seq)
	}
	// What has run is settled, also when the work is to end: else it would wait until its lease is over.
	return len(done), errors.Join(failed, e.config.Store.Settle(context.WithoutCancel(ctx), hookConsumer, done))
}

// hooksOf runs what one event sets off. An error is the store's: what a script does wrong is put aside.
func (e *Engine) hooksOf(ctx context.Context, one event.Event) error {
	if one.At.Before(e.hooks.since) {
		return nil
	}
	actor, active := e.actorOf(one)
	moment, scripts := e.Records.AfterHooks(one, actor)
	for _, s := range scripts {
		l := letter{Event: one, Moment: moment, Form: one.Form, Script: s.Def.Key}
		l.Event.Changes, l.Event.Detail = nil, nil // the images say it all
		why := error(fault.New(fault.Forbidden, "script.actorGone"))
		if active {
			why = e.runHook(ctx, actor, l)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if why == nil {
			continue
		}
		if err := e.putAside(ctx, l, why); err != nil {
			return err
		}
	}
	return nil
}

// runHook runs one script, unless it has run for this event before.
func (e *Engine) runHook(ctx context.Context, actor value.Actor, l letter) error {
	mark := store.Item{Key: l.key(), Body: []byte("{}"), Expires: e.config.Clock().Add(hookDoneLife)}
	if _, err := e.config.Store.Load(ctx, hooksDone, mark.Key); fault.KindOf(err) != fault.NotFound {
		return err
	}
	err := e.Records.RunAfter(ctx, actor, l.Event, l.Moment, l.Script, func(tx store.Tx) error {
		return tx.Save(ctx, hooksDone, mark, 0)
	})
	if err == nil {
		return nil
	}
	if _, unmarked := e.config.Store.Load(ctx, hooksDone, mark.Key); unmarked == nil {
		return nil // another process was faster
	}
	return err
}

// actorOf is who did something, with the rights that they have now and as far as the token went that they came
// with; false for one who may do nothing any more.
func (e *Engine) actorOf(one event.Event) (value.Actor, bool) {
	if part, isSystem := value.SystemPart(one.Actor); isSystem {
		return value.SystemActor(part), true
	}
	actor, active := e.config.Org().Actor(one.Actor)
	actor.Scopes = one.Scopes
	return actor, active
}

// key names what is run for which event: the events of a form in their order.
func (l letter) key() string {
	if l.Send != nil {
		return fmt.Sprintf("%s.%s.%s", l.Key, l.Form, l.Script)
	}
	return fmt.Sprintf("%019d.%s.%s", l.Event.Seq, l.Form, l.Script)
}
