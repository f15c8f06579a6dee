package engine

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// letter is a script that has failed for an event, with all that it takes to run it again; or something that a
// script sends to another host.
type letter struct {
	Event  event.Event   `json:"event"`
	Moment string        `json:"moment"`
	Form   value.FormKey `json:"form"`
	Script string        `json:"script"`
	Tries  int           `json:"tries"` // that have failed
	At     time.Time     `json:"at"`    // of the last of them
	Due    time.Time     `json:"due"`   // of the next; zero: nobody tries any more
	Why    ScriptFault   `json:"why"`

	Send *script.Outgoing `json:"send,omitempty"`
	Key  value.ID         `json:"key,omitempty"` // of what is sent: tells it from all that was ever sent
}

const (
	hooksLate   = "hookLate"   // what is to be tried again, by when
	hooksFailed = "hookFailed" // what nobody tries any more, by key
	failedLife  = 30 * day
	// hookTries is how often a script is run for an event where what failed may pass: over about half an hour.
	hookTries  = 6
	hookDelay  = 5 * time.Second
	hookLatest = 10 * time.Minute
	// letterLease is longer than one letter takes.
	letterLease = 2 * time.Minute
)

// putAside keeps what has failed: to be tried again where that may help, else for an administrator to look at.
func (e *Engine) putAside(ctx context.Context, l letter, why error) error {
	now := e.config.Clock().UTC()
	was := l
	l.Tries, l.At, l.Due = l.Tries+1, now, time.Time{}
	l.Why = faultOfHook(why)
	if record.MayPass(why) && l.Tries < hookTries {
		delay := hookDelay
		for range l.Tries - 1 {
			delay = min(4*delay, hookLatest)
		}
		l.Due = now.Add(delay)
	}
	body, err := json.Marshal(l)
	if err != nil {
		return fault.Wrap("engine.putAside", err)
	}
	item, into := store.Item{Key: l.lateKey(), Body: body}, hooksLate
	if l.Due.IsZero() {
		item, into = store.Item{Key: l.key(), Body: body, Expires: now.Add(failedLife)}, hooksFailed
	}
	return e.config.Store.Tx(ctx, func(tx store.Tx) error {
		if !was.Due.IsZero() {
			if err := tx.Drop(ctx, hooksLate, was.lateKey()); err != nil {
				return err
			}
		}
		if err := tx.Save(ctx, into, item, store.AnyRevision); err != nil {
			return err
		}
		if into == hooksLate {
			return nil
		}
		return e.tellFailedHook(ctx, tx, l)
	})
}

func (l letter) lateKey() string { return l.Due.UTC().Format("20060102150405.000") + "/" + l.key() }

// tellFailedHook tells administrators, once a day for a script.
func (e *Engine) tellFailedHook(ctx context.Context, tx store.Tx, l letter) error {
	name := string(l.Form) + "/" + l.Script
	return e.inbox.Tell(ctx, tx, notify.Telling{
		To: notify.PeopleIn(e.config.Org()).Admins(), Kind: notify.HookFailed, At: l.At, Args: fault.Args{"script": name},
		Once: "hook " + name + " " + l.At.In(e.config.Zone).Format(time.DateOnly), Until: l.At.Add(2 * day),
	})
}

// faultOfHook says what went wrong, with the place where it is the script's.
func faultOfHook(err error) ScriptFault {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Internal {
		return ScriptFault{Code: "internal"}
	}
	out := *scriptFaultOf(f)
	var cause *fault.Error
	if errors.As(f.Cause, &cause) && f.Code == "script.effect" {
		out.Text = cause.Code // what refused what the script wants
	}
	if status, ok := f.Args["status"].(int); ok {
		out.Text = strconv.Itoa(status)
	}
	return out
}

// runLate tries again what is due, in one process at a time: what is sent would else be sent by each.
func (e *Engine) runLate(ctx context.Context) error {
	due, err := e.config.Store.Scan(ctx, hooksLate, "", "", 1)
	if err != nil || len(due) == 0 {
		return err
	}
	holder := string(e.config.NewID())
	token, err := e.config.Store.Acquire(ctx, hooksLate, holder, letterLease)
	if fault.CodeOf(err) == "store.leased" {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(e.runDue(ctx, holder), e.config.Store.Release(context.WithoutCancel(ctx), hooksLate, holder, token))
}

func (e *Engine) runDue(ctx context.Context, holder string) error {
	for {
		items, err := e.config.Store.Scan(ctx, hooksLate, "", "", hookBatch)
		if err != nil {
			return err
		}
		tried := 0
		for _, item := range items {
			l, err := readLetter(hooksLate, item)
			if err != nil {
				// It would stand before all others for ever.
				return errors.Join(err, e.config.Store.Drop(ctx, hooksLate, item.Key))
			}
			if l.Due.After(e.config.Clock()) {
				return nil
			}
			if _, err := e.config.Store.Acquire(ctx, hooksLate, holder, letterLease); err != nil {
				return err // for as long as one letter may take
			}
			if err := e.retryHook(ctx, l); err != nil {
				return err
			}
			tried++
		}
		if tried < hookBatch {
			return nil
		}
	}
}

func (e *Engine) retryHook(ctx context.Context, l letter) error {
	why := e.tryLetter(ctx, l)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case why != nil:
		return e.putAside(ctx, l, why)
	}
	return e.config.Store.Drop(ctx, hooksLate, l.lateKey())
}

func (e *Engine) tryLetter(ctx context.Context, l letter) error {
	if l.Send != nil {
		return e.deliver(ctx, l)
	}
	actor, active := e.actorOf(l.Event)
	if !active {
		return fault.New(fault.Forbidden, "script.actorGone")
	}
	return e.runHook(ctx, actor, l)
}

func readLetter(collection string, item store.Item) (l letter, err error) {
	err = readItem(collection, item, &l)
	return l, err
}

// FailedHook is a script after a commit that has failed for good, as administrators see it.
type FailedHook struct {
	ID      string        `json:"id"`
	Script  string        `json:"script"`
	Event   string        `json:"event"` // the moment
	Form    value.FormKey `json:"form"`
	Record  value.ID      `json:"record"`
	Version int64         `json:"version"`
	Actor   value.ID      `json:"actor"`
	At      time.Time     `json:"at"` // of the last try
	Tries   int           `json:"tries"`
	Fault   ScriptFault   `json:"fault"`
}

// FailedHooks lists them, the oldest first, from after the id of one; next is "" at the end. They are kept for 30
// days. Faults: Forbidden "access.admin".
func (e *Engine) FailedHooks(ctx context.Context, actor value.Actor, after string, limit int) (found []FailedHook, next string, err error) {
	if _, err := e.Apps.Desk(actor); err != nil {
		return nil, "", err
	}
	if strings.ContainsRune(after, 0) {
		return nil, "", fault.New(fault.Malformed, "cursor.invalid").At("/after")
	}
	items, err := e.config.Store.Scan(ctx, hooksFailed, "", after, limit+1)
	if err != nil {
		return nil, "", err
	}
	for n, item := range items {
		if n == limit {
			next = items[n-1].Key
			break
		}
		l, err := readLetter(hooksFailed, item)
		if err != nil {
			return nil, "", err
		}
		found = append(found, FailedHook{
			ID: item.Key, Script: string(l.Form) + "/" + l.Script, Event: l.Moment, Form: l.Form, Record: l.Event.Record,
			Version: l.Event.Version, Actor: l.Event.Actor, At: l.At, Tries: l.Tries, Fault: l.Why,
		})
	}
	return found, next, nil
}

// RetryHook has a failed one run again, soon and by what is published then. Faults: Forbidden "access.admin",
// NotFound "script.failureUnknown".
func (e *Engine) RetryHook(ctx context.Context, actor value.Actor, id string) error {
	l, err := e.failedHook(ctx, actor, id)
	if err != nil {
		return err
	}
	l.Tries, l.Due = 0, e.config.Clock().UTC()
	body, err := json.Marshal(l)
	if err != nil {
		return fault.Wrap("engine.retryHook", err)
	}
	return e.config.Store.Tx(ctx, func(tx store.Tx) error {
		if _, err := tx.Load(ctx, hooksFailed, id); err != nil {
			return err // somebody else was faster
		}
		if err := tx.Drop(ctx, hooksFailed, id); err != nil {
			return err
		}
		return tx.Save(ctx, hooksLate, store.Item{Key: l.lateKey(), Body: body}, store.AnyRevision)
	})
}

// DropHook forgets a failed one. Faults: as RetryHook.
func (e *Engine) DropHook(ctx context.Context, actor value.Actor, id string) error {
	if _, err := e.failedHook(ctx, actor, id); err != nil {
		return err
	}
	return e.config.Store.Drop(ctx, hooksFailed, id)
}

func (e *Engine) failedHook(ctx context.Context, actor value.Actor, id string) (l letter, err error) {
	if _, err := e.Apps.Desk(actor); err != nil {
		return l, err
	}
	unknown := fault.New(fault.NotFound, "script.failureUnknown")
	if id == "" || strings.ContainsRune(id, 0) {
		return l, unknown
	}
	item, err := e.config.Store.Load(ctx, hooksFailed, id)
	if fault.KindOf(err) == fault.NotFound {
		return l, unknown
	}
	if err != nil {
		return l, err
	}
	return readLetter(hooksFailed, item)
}
