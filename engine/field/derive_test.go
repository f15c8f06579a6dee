package field

import (
	"slices"
	"strings"
	"testing"

	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// TestWhatCanBeMirroredAndReckonedOver lists for every kind whether another record can show it, and which figures
// there are of it.
func TestWhatCanBeMirroredAndReckonedOver(t *testing.T) {
	figures := map[meta.FieldKind]string{
		Number: "sum min max avg", Currency: "sum min max avg", Percent: "sum min max avg", Duration: "sum min max avg",
		Rating: "min max avg", Date: "min max", Datetime: "min max", Time: "min max",
	}
	results := map[string]meta.FieldKind{"rating avg": Number, "rating min": Rating, "time max": Time, "duration sum": Duration, "currency avg": Currency}
	for _, kind := range Kinds() {
		name := kind.Name()
		if _, derives := kind.(Deriver); derives {
			continue // looked at as what they derive
		}
		of := meta.Field{Kind: name, Points: 7, Scale: 2, Unique: true, Mask: "1,1"}
		lookup := func(form value.FormKey, key value.FieldKey) (*meta.Field, bool) {
			if key == "via" {
				return &meta.Field{Kind: Reference, Ref: "other"}, true
			}
			return &of, form == "other"
		}
		as, issues := mirrorField{}.As(&meta.Field{Kind: Mirror, Via: "via", Of: "of", Index: true}, lookup)
		if (name == Table) == (len(issues) == 0) {
			t.Errorf("a mirror of a %s: %v", name, issues)
		}
		if len(issues) == 0 && (as.Kind != name || as.Unique || !as.ReadOnly || !as.Index || as.Mask != "") {
			t.Errorf("a mirror of a %s is %+v", name, as)
		}
		for _, op := range []string{RollupSum, RollupMin, RollupMax, RollupAvg} {
			as, issues := rollupField{}.As(&meta.Field{Kind: Rollup, From: "other", Via: "via", Of: "of", Op: op}, lookup)
			if slices.Contains(strings.Fields(figures[name]), op) != (len(issues) == 0) {
				t.Errorf("%s of %s: %v", op, name, issues)
				continue
			}
			if want, told := results[string(name)+" "+op]; told && (as.Kind != want || name == Rating && op != RollupAvg && as.Points != 7) {
				t.Errorf("%s of %s is %+v", op, name, as)
			}
		}
	}
}
