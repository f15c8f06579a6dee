package engine_test

import (
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/publish"
)

// The same order sent again is answered as it was then, also where the other came while this one was under way; after
// a day, or from somebody else, it is another.
func TestAnOrderOfValuesIsCarriedOutOnce(t *testing.T) {
	for name, from := range map[string]int64{"at once": 0, "on a later day": 20260415} {
		t.Run(name, func(t *testing.T) {
			w := newUpkeep(t)
			order := w.order("ann", "table", "spareDays", cell("/rows/1/then/days", 15))
			order.From, order.Once = from, &job.Once{Key: "POST /x k", Hash: []byte{1}}
			ann := w.actor("ann")
			ask := func(e *engine.Engine) *publish.Values {
				t.Helper()
				v, err := e.KeepValues(t.Context(), ann, order)
				must(t, err)
				return v
			}
			other := w.open() // another process has the same request at the same time
			answered := make(chan *publish.Values, 1)
			w.saving = func() {
				go func() {
					v, err := other.KeepValues(t.Context(), ann, order)
					if err != nil {
						t.Error(err)
					}
					answered <- v
				}()
			}
			first := ask(w.Engine)
			meanwhile := <-answered
			if meanwhile == nil || first.ID != meanwhile.ID || first.Number != meanwhile.Number || first.State != meanwhile.State {
				t.Fatalf("meanwhile %+v, first %+v", meanwhile, first)
			}
			if again := ask(w.Engine); again.ID != first.ID || again.State != first.State || again.Number != first.Number {
				t.Errorf("again %+v, first %+v", again, first)
			}
			kept, err := w.Upkept(ann).Read(t.Context(), "table", "spareDays")
			must(t, err)
			if got := len(kept.Waiting) + len(kept.Past); got != 1 {
				t.Errorf("%d changes", got)
			}
			changed := order
			changed.Once = &job.Once{Key: order.Once.Key, Hash: []byte{2}}
			if _, err := w.KeepValues(t.Context(), ann, changed); fault.CodeOf(err) != "idempotency.otherBody" {
				t.Errorf("another body: %v", err)
			}
			if _, err := w.KeepValues(t.Context(), w.actor("wes"), order); err == nil {
				t.Error("somebody else is answered as ann was")
			}
			w.pass(25 * time.Hour)
			if _, err := w.KeepValues(t.Context(), ann, order); fault.CodeOf(err) != "upkeep.stale" {
				t.Errorf("after a day: %v", err)
			}
		})
	}
}

// An order that was refused is no answer to keep: mended, it goes through.
func TestARefusedOrderOfValuesIsAskedAgain(t *testing.T) {
	w := newUpkeep(t)
	order := w.order("ann", "table", "spareDays", cell("/rows/1/then/days", 15))
	order.Once = &job.Once{Key: "POST /x k", Hash: []byte{1}}
	tag := order.Tag
	order.Tag = "other"
	if _, err := w.KeepValues(t.Context(), w.actor("ann"), order); fault.CodeOf(err) != "upkeep.stale" {
		t.Fatal(err)
	}
	order.Tag = tag
	v, err := w.KeepValues(t.Context(), w.actor("ann"), order)
	if err != nil || v.State != publish.ValuesActive {
		t.Errorf("%+v, %v", v, err)
	}
}
