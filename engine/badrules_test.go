package engine_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/record"
)

// withTable is the library with a table of fees by size, and what that says where no row holds.
func withTable(otherwise string) catalog.Bundle {
	files := bundle("1.1.0", `"note": {"x-field": "text"`, `"size": {"x-field": "text", "x-label": {"en": "Size"}},
	"fee": {"x-field": "number", "x-label": {"en": "Fee"}, "x-compute": "fees(size).fee"},
	"each": {"x-field": "currency", "x-label": {"en": "Each"}, "x-scale": 2, "x-compute": "price / count"},
	"note": {"x-field": "text"`)
	files["tables/fees.json"] = []byte(inEnglish.ReplaceAllString(`{"key": "fees", "label": {"en": "Fees"}, "hit": "unique",
		"inputs": [{"key": "size", "label": {"en": "Size"}, "type": "text"}], "outputs": [{"key": "fee", "label": {"en": "Fee"}, "type": "integer"}],
		`+otherwise+`"rows": [{"when": {"size": "S"}, "then": {"fee": 1}}, {"when": {"size": "L"}, "then": {"fee": 2}}]}`, `{"en": "$1", "zh-CN": "$1"}`))
	return files
}

// issuesOf are an error's as "path code".
func issuesOf(err error) []string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return nil
	}
	var out []string
	for _, i := range f.Issues {
		out = append(out, i.Path+" "+i.Code)
	}
	return out
}

func TestARuleThatReadsADeletedFieldIsNotPublished(t *testing.T) {
	w := newWorld(t)
	book := w.make("kim", "book", map[string]any{"title": "Tales", "price": "10.00", "count": json.Number("3")})
	before := w.Catalog().Version
	_, err := w.Apps.Install(t.Context(), bundle("1.1.0", `"price": {"x-field": "currency", "x-label": {"en": "Price"}, "x-scale": 2},`, ""))
	if fault.CodeOf(err) != "meta.invalid" || !slices.Contains(issuesOf(err), "/properties/worth/x-compute expr.unknownName") {
		t.Errorf("%v", err)
	}
	if w.Catalog().Version != before || w.get("book", book.ID).Values["worth"] != "30.00" {
		t.Error("something of it came into force")
	}
}

func TestDivisionByZeroRefusesTheSaveAndNothingElse(t *testing.T) {
	w := newWorld(t)
	_, err := w.Apps.Install(t.Context(), withTable(`"otherwise": {"absent": true}, `))
	must(t, err)
	fine := w.make("kim", "book", map[string]any{"title": "Tales", "price": "10.00", "count": json.Number("4"), "size": "S"})
	if fine.Values["each"] != "2.50" {
		t.Errorf("each %v", fine.Values["each"])
	}
	_, err = w.Records.Create(t.Context(), w.actor("kim"), "book", record.Input{Values: map[string]any{"title": "Zero", "price": "10.00", "count": json.Number("0")}})
	if fault.CodeOf(err) != "record.invalid" || !slices.Contains(issuesOf(err), "/values/each expr.divisionByZero") {
		t.Errorf("%v", err)
	}
	// A record that lacks the divisor has no such value, and is saved.
	if none := w.make("kim", "book", map[string]any{"title": "None", "price": "10.00"}); none.Values["each"] != nil {
		t.Errorf("each of none %v", none.Values["each"])
	}
}

func TestATableWithNoMatchingRow(t *testing.T) {
	w := newWorld(t)
	_, err := w.Apps.Install(t.Context(), withTable(""))
	if fault.CodeOf(err) != "meta.invalid" || !slices.Contains(issuesOf(err), "/rows table.gap") {
		t.Fatalf("what no row covers is published: %v", err)
	}
	// An author who says so wants such a record refused, in words of their own.
	_, err = w.Apps.Install(t.Context(), withTable(`"otherwise": {"message": {"en": "No such size"}}, `))
	must(t, err)
	_, err = w.Records.Create(t.Context(), w.actor("kim"), "book", record.Input{Values: map[string]any{"title": "Odd", "size": "XXL"}})
	if fault.CodeOf(err) != "record.invalid" || !slices.Contains(issuesOf(err), "/values/fee table.refused") || !strings.Contains(err.Error(), "No such size") {
		t.Errorf("%v", err)
	}
}
