package engine

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// A script that is suspended in one process is suspended in all of them, and the administrators are told.

// suspensions is the side collection of scripts that are suspended: name → keptPause. A process that suspends one
// writes it there, and from then on it counts everywhere, until its time is over or somebody resumes the script.
const suspensions = "scriptPause"

type keptPause struct {
	Digest string    `json:"digest"`
	Until  time.Time `json:"until"`
}

// maxSuspended bounds the scripts of a tenant that are suspended at once.
const maxSuspended = 500

// pauses are scripts that were suspended here and of which nobody was told yet. It is safe for concurrent use.
type pauses struct {
	// order is held by whoever reads or writes what is kept of suspensions together with what memory says of them:
	// else one that was resumed meanwhile would be suspended again.
	order sync.Mutex
	mu    sync.Mutex
	all   []pause
}

// pause is a script that was suspended here; kept: the other processes can know, or need not any more.
type pause struct {
	script.Suspension
	kept bool
}

func (p *pauses) add(one script.Suspension) { p.put(pause{Suspension: one}) }

func (p *pauses) put(all ...pause) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, all...)
}

func (p *pauses) take() []pause {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.all
	p.all = nil
	return all
}

// tellPauses tells the other processes and the administrators which scripts were suspended. What cannot be told now is
// told the next time.
func (e *Engine) tellPauses(ctx context.Context) error {
	all, err := e.keepPauses(ctx)
	if len(all) == 0 {
		return err
	}
	now, admins := e.config.Clock().UTC(), notify.PeopleIn(e.config.Org()).Admins()
	tell := make([]notify.Telling, len(all))
	for n, one := range all {
		tell[n] = notify.Telling{
			To: admins, Kind: notify.Suspended, At: now, Once: "suspended " + one.Script + " " + one.Until.UTC().Format(time.RFC3339), Until: one.Until.Add(day),
			Args: fault.Args{"script": one.Script, "until": one.Until.In(e.config.Zone).Format("2006-01-02 15:04")},
		}
	}
	told := e.inbox.TellInParts(ctx, tell...)
	if told != nil {
		e.pauses.put(all...)
	}
	return errors.Join(err, told)
}

// keepPauses lets all processes know of the scripts that were suspended here, and returns those that they know of and the
// administrators do not.
func (e *Engine) keepPauses(ctx context.Context) ([]pause, error) {
	e.pauses.order.Lock()
	defer e.pauses.order.Unlock()
	var kept []pause
	var failed error
	for _, one := range e.pauses.take() {
		if err := e.keepPause(ctx, one); err != nil {
			failed = errors.Join(failed, err)
			e.pauses.put(one)
			continue
		}
		one.kept = true
		kept = append(kept, one)
	}
	return kept, fault.Wrap("engine.pause", failed)
}

func (e *Engine) keepPause(ctx context.Context, one pause) error {
	if one.kept {
		return nil
	}
	body, err := json.Marshal(keptPause{one.Digest, one.Until.UTC()})
	if err != nil {
		return err
	}
	return e.config.Store.Save(ctx, suspensions, store.Item{Key: one.Script, Expires: one.Until, Body: body}, store.AnyRevision)
}

// refreshPauses hears which scripts are suspended.
func (e *Engine) refreshPauses(ctx context.Context) error {
	e.pauses.order.Lock()
	defer e.pauses.order.Unlock()
	return e.hearPauses(ctx)
}

func (e *Engine) hearPauses(ctx context.Context) error {
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

// ResumeScript lets a suspended script run again, in every process within a second. Faults: Forbidden "access.admin",
// NotFound "script.unknown" where none of that name is suspended.
func (e *Engine) ResumeScript(ctx context.Context, actor value.Actor, name string) error {
	const op = "engine.resumeScript"
	if _, err := e.Apps.Desk(actor); err != nil {
		return err
	}
	e.pauses.order.Lock()
	defer e.pauses.order.Unlock()
	// Another process may have suspended it since this one has heard.
	if err := e.hearPauses(ctx); err != nil {
		return fault.Wrap(op, err)
	}
	if e.config.Scripts == nil || !e.config.Scripts.Resume(name) {
		return fault.New(fault.NotFound, "script.unknown").In(op).With("script", name)
	}
	e.pauses.forget(name)
	return fault.Wrap(op, e.config.Store.Drop(ctx, suspensions, name))
}

// forget keeps the other processes from hearing of what is resumed before they have.
func (p *pauses) forget(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n := range p.all {
		if p.all[n].Script == name {
			p.all[n].kept = true
		}
	}
}
