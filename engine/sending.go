package engine

import (
	"context"
	"encoding/json"
	"maps"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
)

// What a script sends to another host is kept in the transaction that it goes with, and sent afterwards: again and
// again until it is taken, each time with the same key, by which the host can tell that it has it already.

const (
	tooMany   = 429
	timedOut  = 408
	tooEarly  = 425
	badServer = 500
)

// keepSending puts what is to be sent among what is due.
func (e *Engine) keepSending(ctx context.Context, tx store.Tx, s record.Sending) error {
	l := letter{
		Event:  event.Event{Form: s.About.Form, Record: s.About.ID, Version: s.Version, Actor: s.Actor, At: s.At},
		Moment: "send", Form: s.About.Form, Script: s.Script, Due: s.At, Send: &s.What, Key: s.Key,
	}
	body, err := json.Marshal(l)
	if err != nil {
		return fault.Wrap("engine.send", err)
	}
	return tx.Save(ctx, hooksLate, store.Item{Key: l.lateKey(), Body: body}, store.AnyRevision)
}

// deliver sends what a letter holds. Faults: those of record.Outward, and "http.status": Unavailable where the
// host may take it later, else Invalid.
func (e *Engine) deliver(ctx context.Context, l letter) error {
	if e.config.Outward == nil {
		return fault.New(fault.Unavailable, "script.httpOff").In("engine.deliver")
	}
	out := *l.Send
	out.Headers = maps.Clone(out.Headers)
	if out.Headers == nil {
		out.Headers = map[string]string{}
	}
	out.Headers["Idempotency-Key"] = string(l.Key)
	in, err := e.config.Outward.Do(ctx, out)
	if err != nil {
		return err
	}
	kind := fault.Invalid
	switch status := in.Status; {
	case status >= 200 && status < 300:
		return nil
	case status == timedOut, status == tooEarly, status == tooMany, status >= badServer:
		kind = fault.Unavailable
	}
	return fault.New(kind, "http.status").In("engine.deliver").With("status", in.Status)
}
