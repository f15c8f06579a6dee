package engine

import (
	"context"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Heard is what somebody hears: that a record has come into their sight, has changed, is talked of or is gone from it, or that
// there is something else in their inbox, or that work which they asked for has moved. No value travels: whoever wants
// it asks for it as always.
type Heard struct {
	Seq     int64 // where to go on
	Form    value.FormKey
	ID      value.ID
	Version int64
	Kind    record.Heard
	Inbox   bool // none of the above: the inbox
	Job     bool // nor that: the job of the ID
}

// Here tells from where somebody goes on to listen who has heard everything up to a place (0: nothing). lost
// tells that they have to look at everything anew.
func (e *Engine) Here(ctx context.Context, after int64) (from int64, lost bool, err error) {
	return e.feed.Here(ctx, after)
}

// Next returns what has happened after a place, for Hears, as soon as something has.
func (e *Engine) Next(ctx context.Context, after int64) ([]event.Event, error) {
	return e.feed.Next(ctx, after)
}

// Hears narrows what has happened to what an actor may hear of it, with the rights that they have now. Those whose
// token is not for reading a form hear nothing of it.
// Faults: those of the store.
func (e *Engine) Hears(ctx context.Context, actor value.Actor, events []event.Event) ([]Heard, error) {
	var out []Heard
	for _, one := range events {
		if one.Form == "" {
			switch {
			case one.Kind == event.RecordTalked:
				at := talkedOf(one)
				err := e.reads(ctx, actor, at, value.ReadScope)
				if err == nil {
					out = append(out, Heard{Seq: one.Seq, Form: at.Form, ID: at.ID, Kind: record.HeardTalk})
				} else if kind := fault.KindOf(err); kind != fault.NotFound && kind != fault.Forbidden {
					return nil, err
				}
			case mayReadOwn(actor) != nil:
			case one.Kind == event.PersonTold && one.Record == actor.User:
				out = append(out, Heard{Seq: one.Seq, Inbox: true})
			case one.Kind == event.JobMoved && one.Actor == actor.Key():
				out = append(out, Heard{Seq: one.Seq, ID: one.Record, Job: true})
			}
			continue
		}
		if kind := e.Records.Hears(actor, one); kind != record.HeardNothing {
			out = append(out, Heard{Seq: one.Seq, Form: one.Form, ID: one.Record, Version: one.Version, Kind: kind})
		}
	}
	return out, nil
}
