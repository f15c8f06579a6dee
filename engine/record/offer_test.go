package record_test

import (
	"errors"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/record"
)

func issueCodes(err error) []string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return nil
	}
	var codes []string
	for _, issue := range f.Issues {
		codes = append(codes, issue.Path+" "+issue.Code)
	}
	return codes
}

func TestWhatIsNoLongerOfferedOrOpenIsRefused(t *testing.T) {
	w := newWorld(t)
	_, err := w.Create(t.Context(), w.kim, "book", record.Input{Values: w.values(`{"title": "t", "grade": "worn"}`)})
	w.same("a retired option", issueCodes(err), `["/values/grade field.optionRetired"]`)

	rare := w.create(w.kim, "book", `{"title": "t", "grade": "rare", "note": "n", "bought": "2026-01-01"}`)
	_, err = w.Update(t.Context(), w.kim, "book", rare.ID, 1, record.Input{Values: w.values(`{"grade": "plain", "bought": "2026-01-02"}`)})
	w.same("set and freed at once", issueCodes(err), `["/values/bought field.readOnly"]`)

	freed, err := w.Update(t.Context(), w.kim, "book", rare.ID, 1, record.Input{Values: w.values(`{"grade": "plain"}`)})
	if err != nil {
		t.Fatal(err)
	}
	changed, err := w.Update(t.Context(), w.kim, "book", rare.ID, freed.Version, record.Input{Values: w.values(`{"bought": "2026-01-02"}`)})
	if err != nil {
		t.Fatal(err)
	}
	w.same("freed first", changed.Values["bought"], `"2026-01-02"`)
}
