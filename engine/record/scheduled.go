package record

import (
	"context"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// A job's script that goes over no records runs once each time; where it returns a cursor, again from there, each
// run with all that it wants in a transaction of its own.

// Turn asks for one run of such a script.
type Turn struct {
	Form     value.FormKey
	Script   string
	At       time.Time // when the job began: what now and today say in all its runs
	Cursor   string    // what the run before has returned; "" in the first one
	Job      value.ID  // that this is of
	Occasion string    // see BatchSlice.Occasion
	// Patient has it tried again later where what the script met may be gone by then.
	Patient bool
}

// Turned is what came of it.
type Turned struct {
	Cursor string           // where it goes on; "": nowhere
	Did    map[string]int64 // effects by what they do
}

// maxCursor bounds what a script keeps from one run to the next, in bytes.
const maxCursor = 2_000

// RunTurn runs the script once and writes all that it wants with also, in one transaction. Faults: those of RunBatch,
// those of the script and of what it wants, Invalid "script.stopped" where it refuses, "script.cursor" where it
// returns one that is no text, too long, or the one that it was given.
func (s *Service) RunTurn(ctx context.Context, actor value.Actor, turn Turn, also func(store.Tx, Turned) error) error {
	return again(func() error {
		v := s.visit(actor)
		w, came, err := v.turn(ctx, turn)
		if err != nil {
			if turn.Patient || fault.KindOf(err) == fault.Throttled {
				err = later(err)
			}
			return err
		}
		err = v.tx(ctx, nil, func(tx store.Tx) error {
			if err := w.applySetOff(ctx, tx); err != nil {
				return err
			}
			return also(tx, came)
		})
		return w.explain(err)
	})
}

// turn runs the script; the write that it returns only carries what the script wants.
func (v *visit) turn(ctx context.Context, t Turn) (*write, Turned, error) {
	form, one, err := v.scriptOf(t.Form, t.Script)
	if err != nil {
		return nil, Turned{}, err
	}
	v.job, v.occasion, v.occurs = t.Job, t.Occasion, one
	w := v.nothing(form)
	got, err := v.asOf(t.At).runScript(ctx, script.Background, one, "", v.turnCall(t))
	if err != nil {
		return nil, Turned{}, err
	}
	if len(got.Refused) > 0 {
		return nil, Turned{}, refusedByJob(one, "script.stopped", got.Refused[0])
	}
	came := Turned{Did: map[string]int64{}}
	if came.Cursor, err = cursorOf(one, got.Value, t.Cursor); err != nil {
		return nil, came, err
	}
	for _, e := range got.Effects {
		came.Did[e.Op]++
	}
	return w, came, w.setOffAll(ctx, one, got.Effects)
}

// nothing is a write of no record, for what a script wants that runs on none.
func (v *visit) nothing(form *catalog.Form) *write {
	return &write{visit: v, form: form, decision: v.decision(form), next: &value.Record{Form: form.Key}, kind: event.RecordChanged, done: true}
}

// turnCall is what a run is given.
func (v *visit) turnCall(t Turn) script.Call {
	call := ScriptCall(eventTurn, v.actor, t.At, v.Zone)
	call.Args = map[string]any{}
	if t.Cursor != "" {
		call.Args["cursor"] = t.Cursor
	}
	return call
}

// cursorOf is where a script goes on, by what it returns; "" for nowhere.
func cursorOf(s *catalog.Script, returned any, was string) (string, error) {
	table, ok := returned.(map[string]any)
	if !ok || table["cursor"] == nil {
		return "", nil
	}
	next, isText := table["cursor"].(string)
	if !isText || next == "" || next == was || len(next) > maxCursor {
		return "", scriptFault(s, "script.cursor")
	}
	return next, nil
}
