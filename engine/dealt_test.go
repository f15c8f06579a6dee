package engine_test

import (
	"errors"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

func byHand(by engine.DealByHand) engine.DealRequest {
	return engine.DealRequest{Form: "asset", Pool: "east", By: &by}
}

// A manager hands out among whom they choose, evenly, by weight or to the least loaded, as often as they like; each
// draw can be dealt again by whoever it concerns, and agrees with what the records' histories tell.
func TestRecordsAreHandedOutByHand(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	for range 12 {
		w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	}
	boss := w.actor("boss")
	even := byHand(engine.DealByHand{Mode: "randomEven", Take: 5, People: []engine.DealTo{{User: "ann"}, {User: "abe"}, {User: "k001", Most: 1}}})
	preview, err := w.Preview(t.Context(), boss, even)
	must(t, err)
	if hands, left := preview.Deal(); len(hands) != 5 || len(left) != 0 || len(preview.Candidates) != 12 {
		t.Errorf("the preview deals %d and leaves %d of %d", len(hands), len(left), len(preview.Candidates))
	}
	deal := func(req engine.DealRequest) value.ID {
		t.Helper()
		_, err := w.Distribute(t.Context(), boss, req, nil)
		must(t, err)
		w.turns()
		return w.last().ID
	}
	first := deal(even)
	if got := w.last().Counts; got["dealt"] != 5 {
		t.Fatalf("%v", got)
	}
	second := deal(byHand(engine.DealByHand{Mode: "weighted", Take: 4, People: []engine.DealTo{{User: "ann", Weight: 3}, {User: "abe", Weight: 1}}}))
	lines, err := w.Draws(t.Context(), w.actor("ann"), "asset", "east")
	must(t, err)
	if len(lines) != 2 || lines[0].Job != second || lines[1].Job != first || lines[0].By.ID != "boss" || lines[0].At == nil || lines[0].Distribution != "" {
		t.Fatalf("%+v", lines)
	}
	draw, err := w.Draw(t.Context(), w.actor("ann"), "asset", "east", first, 0)
	must(t, err)
	got := map[value.ID]int{}
	for _, share := range draw.People {
		got[share.User.ID] = share.Got
	}
	if draw.Dealt != 5 || got["ann"] != 2 || got["abe"] != 2 || got["k001"] != 1 || len(draw.Hands) != 5 || draw.Next != 0 || draw.Seed == "" {
		t.Errorf("%+v", draw)
	}
	for _, hand := range draw.Hands {
		if !hand.Told || w.owner(hand.ID) != string(hand.To.ID) {
			t.Errorf("%+v, and %q has it", hand, w.owner(hand.ID))
		}
	}
	by, err := w.Draw(t.Context(), boss, "asset", "east", second, 3)
	must(t, err)
	if len(by.Hands) != 1 || by.People[0].Got+by.People[1].Got != 4 || max(by.People[0].Got, by.People[1].Got) != 3 {
		t.Errorf("by weight: %+v", by)
	}
	shares, err := w.Ledger(t.Context(), boss, "asset", "east", "")
	must(t, err)
	if len(shares) != 3 || shares[0].User.ID != "ann" || shares[0].Got != 5 || shares[2].Got != 1 {
		t.Errorf("%+v", shares)
	}
	w.clean()
}

// What was handed out to somebody else meanwhile is not told as theirs.
func TestADrawTellsWhatItDidNotDo(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	_, err := w.Distribute(t.Context(), w.actor("boss"), byHand(engine.DealByHand{Mode: "randomEven", People: []engine.DealTo{{User: "ann"}}}), nil)
	must(t, err)
	turns := 0
	w.happen = func() {
		if turns++; turns == 3 { // drawn, and not handed out yet
			w.did("abe", made.ID, "claim", nil, "")
		}
	}
	w.turns()
	w.happen = nil
	draw, err := w.Draw(t.Context(), w.actor("boss"), "asset", "east", w.last().ID, 0)
	must(t, err)
	if len(draw.Hands) != 1 || draw.Hands[0].Told {
		t.Errorf("%+v", draw.Hands)
	}
}

// Bad questions are refused with a path; whoever has no part in a pool learns nothing of its draws.
func TestHandingOutIsRefused(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	ann := []engine.DealTo{{User: "ann"}}
	for _, c := range []struct {
		name string
		by   engine.DealByHand
		path string
	}{
		{"no mode", engine.DealByHand{People: ann}, "/mode"},
		{"nobody", engine.DealByHand{Mode: "randomEven"}, "/people"},
		{"somebody unknown", engine.DealByHand{Mode: "randomEven", People: []engine.DealTo{{User: "nobody"}}}, "/people/0/user"},
		{"somebody who has left", engine.DealByHand{Mode: "randomEven", People: []engine.DealTo{{User: "gone"}}}, "/people/0/user"},
		{"somebody twice", engine.DealByHand{Mode: "randomEven", People: append(ann, ann...)}, "/people/1/user"},
		{"no weight", engine.DealByHand{Mode: "weighted", People: ann}, "/people/0/weight"},
		{"a weight below nothing", engine.DealByHand{Mode: "randomEven", People: []engine.DealTo{{User: "ann", Weight: -1}}}, "/people/0/weight"},
		{"fewer than none", engine.DealByHand{Mode: "randomEven", People: []engine.DealTo{{User: "ann", Most: -1}}}, "/people/0/most"},
		{"fewer than none in all", engine.DealByHand{Mode: "randomEven", Take: -1, People: ann}, "/take"},
	} {
		_, err := w.Distribute(t.Context(), w.actor("boss"), byHand(c.by), nil)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != "pool.deal" || len(f.Issues) != 1 || f.Issues[0].Path != c.path {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := w.Distribute(t.Context(), w.actor("ann"), byHand(engine.DealByHand{Mode: "randomEven", People: ann}), nil); fault.CodeOf(err) != "pool.mayNotManage" {
		t.Errorf("ann: %v", err)
	}
	for name, err := range map[string]error{
		"draws of the clerk":     errOf(w.Draws(t.Context(), w.actor("clerk"), "asset", "east")),
		"the ledger of wes":      errOf(w.Ledger(t.Context(), w.actor("wes"), "asset", "east", "")),
		"a draw of another pool": errOf(w.Draw(t.Context(), w.actor("wes"), "asset", "east", "x", 0)),
	} {
		if fault.CodeOf(err) != "pool.unknown" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := errOf(w.Draw(t.Context(), w.actor("boss"), "asset", "east", "x", 0)); fault.CodeOf(err) != "pool.draw" {
		t.Errorf("an unknown one: %v", err)
	}
}

func errOf[T any](_ T, err error) error { return err }

// The catalog names the follow-ups of a pool to those who may add some.
func TestTheCatalogNamesFollowUps(t *testing.T) {
	w := newDepot(t, poolFiles(`, "activity": {"form": "check", "via": "asset", "at": "at"}`, ""))
	for _, f := range w.Records.CatalogFor(w.actor("ann")).Forms {
		if f.Key == "asset" && (f.Pools[0].Activity == nil || *f.Pools[0].Activity != record.ActivityView{Form: "check", Via: "asset"} || f.Pools[1].Activity != nil || f.Owner != "holder") {
			t.Errorf("%+v", f.Pools)
		}
	}
}
