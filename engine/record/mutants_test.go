package record_test

import (
	"testing"

	"tidewater/engine/mutate"
)

// sightMutants bend the places where decisions on rights are applied to what goes out and comes in.
var sightMutants = []mutate.Mutant{
	{File: "get.go", Was: "!d.Reaches(meta.Read, r) || r.Deleted()", Now: "r.Deleted()"},
	{File: "list.go", Was: "verb = meta.Export\n", Now: "verb = meta.Read\n"},
	{File: "list.go", Was: "return v.restrict(ctx, form, verb, resolved)", Now: "return resolved, nil"},
	{File: "list.go", Was: "!d.SeesNowhere(key)\n}\n\n// restricted", Now: "key != \"\"\n}\n\n// restricted"},
	{File: "list.go", Was: "if err := v.decision(form).SortReadable(s.Path); err != nil {", Now: "if err := v.decision(form).SortReadable(s.Path); err != nil && form == nil {"},
	{File: "search.go", Was: "if v.decision(form).SeesEverywhere(one.Key) {", Now: "if true {"},
	{File: "search.go", Was: "\t\tout = append(out, seen)", Now: "\t\t_ = seen"},
	{File: "aggregate.go", Was: "if err := v.decision(form).SortReadable(path); err != nil {", Now: "if err := v.decision(form).SortReadable(path); err != nil && form == nil {"},
	{File: "view.go", Was: "if !field.whole {", Now: "if false {"},
	{File: "view.go", Was: "case access.Hidden:\n\t\t\t\tcontinue", Now: "case access.Hidden:"},
	{File: "view.go", Was: "case access.Masked:\n\t\t\t\tif", Now: "case access.Sight(9):\n\t\t\t\tif"},
	{File: "view.go", Was: "!r.Deleted() && p.decision.Reaches(meta.Update, r)", Now: "!r.Deleted()"},
	{File: "view.go", Was: "Delete: p.decision.Reaches(meta.Delete, r)", Now: "Delete: true"},
	{File: "history.go", Was: "d.Sees(c.Field, now) != access.Whole {", Now: "false {"},
	{File: "history.go", Was: "d.Sees(c.Field, now) != access.Whole {", Now: "d.Sees(c.Field, now) == access.Hidden {"},
	{File: "glimpse.go", Was: "if r.Deleted() || !d.Reaches(meta.Read, r) {", Now: "if r.Deleted() {"},
	{File: "evaluate.go", Was: "switch sight := w.decision.Sees(field.Key, stands); {", Now: "switch sight := access.Whole; {"},
	{File: "update.go", Was: "if !decision.Reaches(verb, old) {", Now: "if false {"},
}

func TestSightMutantsAreOfWhatIsThere(t *testing.T) { mutate.AreThere(t, sightMutants) }
