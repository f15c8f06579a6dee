package engine

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/script"
	"tidewater/engine/store"
)

// What other processes over the same store have changed and every one keeps in memory: what is published, the
// working calendar, which scripts are suspended. Whoever has not heard for long must not be asked: see Heard.

// hearEvery is how often one looks; within two seconds all must have heard.
const hearEvery = 500 * time.Millisecond

// hearing is when this process has last heard.
type hearing struct{ at atomic.Pointer[time.Time] }

// Hear takes over what others have changed; it asks for a few small documents. What cannot be read by anybody has been
// heard all the same.
func (e *Engine) Hear(ctx context.Context) error {
	now := e.config.Clock()
	heard := true
	var failed []error
	for _, take := range []func(context.Context) error{e.Apps.Refresh, e.refreshCalendar, e.refreshPauses} {
		if err := take(ctx); err != nil {
			heard = heard && fault.CodeOf(err) == "store.corrupt"
			failed = append(failed, err)
		}
	}
	if heard {
		e.hearing.at.Store(&now)
	}
	return fault.Wrap("engine.hear", errors.Join(failed...))
}

// Heard is up to when this process knows what others have changed.
func (e *Engine) Heard() time.Time { return *e.hearing.at.Load() }

// suspensions is the side collection of scripts that are suspended: name → keptPause. A process that suspends one
// writes it there, and from then on it counts everywhere, until its time is over or somebody resumes the script.
const suspensions = "scriptPause"

type keptPause struct {
	Digest string    `json:"digest"`
	Until  time.Time `json:"until"`
}

// maxSuspended bounds the scripts of a tenant that are suspended at once.
const maxSuspended = 500

// refreshPauses hears which scripts are suspended.
func (e *Engine) refreshPauses(ctx context.Context) error {
	if e.config.Scripts == nil {
		return nil
	}
	items, err := e.config.Store.Scan(ctx, suspensions, "", "", maxSuspended)
	if err != nil {
		return err
	}
	var all []script.Suspension
	for _, item := range items {
		var kept keptPause
		if err := readItem(suspensions, item, &kept); err != nil {
			return err
		}
		all = append(all, script.Suspension{Script: item.Key, Digest: kept.Digest, Until: kept.Until})
	}
	e.config.Scripts.Share(all)
	return nil
}

// keepPause lets all processes know of a script that was suspended here.
func (e *Engine) keepPause(ctx context.Context, one script.Suspension) error {
	body, err := json.Marshal(keptPause{one.Digest, one.Until.UTC()})
	if err != nil {
		return fault.Wrap("engine.pause", err)
	}
	return e.config.Store.Save(ctx, suspensions, store.Item{Key: one.Script, Expires: one.Until, Body: body}, store.AnyRevision)
}
