package engine_test

import (
	"strings"
	"testing"

	"tidewater/engine/record"
	"tidewater/engine/value"
)

// What turns by another record wins a group as a save does, and what another has won it does not take: there it is a
// figure that follows, and nothing else.
func TestWhatTurnsWinsItsGroupOnce(t *testing.T) {
	files := zoneFiles("", "")
	files["forms/asset/form.json"] = strings.NewReplacer(
		`"stage": {`, `"deals": {"x-field": "rollup", "x-label": {"en": "Deals"}, "x-from": "deal", "x-via": "asset", "x-op": "count", "x-timing": "soon"},
			"stage": {"x-turns": [{"when": "deals > 0", "to": "won", "back": "talks"}],`,
	).Replace(files["forms/asset/form.json"])
	files["forms/deal/form.json"] = `{"type": "object", "x-form": "deal", "x-label": {"en": "Deal"}, "x-title": "name", "properties": {
		"name": {"x-field": "text", "x-label": {"en": "Name"}}, "asset": {"x-field": "reference", "x-label": {"en": "Asset"}, "x-ref": "asset"}}}`
	w := newDepot(t, files)
	target := w.spread("Hua", "13900000001")
	deals := func(zone string) {
		t.Helper()
		in := record.Input{Values: map[string]any{"name": "d", "asset": string(target[zone])}}
		_, err := w.Records.Create(t.Context(), value.SystemActor("test"), "deal", in)
		must(t, err)
		must(t, w.Settle(t.Context()))
	}
	deals("south")
	for zone, id := range target {
		w.holdsOf(id, target["south"], zone == "south")
	}
	deals("east")
	w.holdsOf(target["east"], target["south"], false)
	if v := w.raw(target["east"]).Values; v["deals"] != int64(1) || v["stage"] != nil {
		t.Errorf("one that is closed holds %v", v)
	}
	w.clean()
}
