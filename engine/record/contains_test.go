package record_test

import (
	"strings"
	"testing"

	"tidewater/engine/record"
)

func TestLookingIntoTextsIsBounded(t *testing.T) {
	w := newWorld(t)
	w.create(w.kim, "book", `{"title": "tide"}`)
	look := func(n int, text string) []any {
		var out []any
		for range n {
			out = append(out, map[string]any{"field": "title", "op": "contains", "value": text})
		}
		return out
	}
	for what, ask := range map[string]struct {
		filter any
		code   string
	}{
		"as many as may be": {map[string]any{"or": look(10, "tide")}, ""},
		"one too many":      {map[string]any{"or": look(11, "tide")}, "filter.tooManyContains"},
		"in an expression":  {strings.TrimSuffix(strings.Repeat(`title contains "x" or `, 11), " or "), "filter.tooManyContains"},
		"a long text":       {map[string]any{"or": look(1, strings.Repeat("x", 201))}, "filter.textTooLong"},
	} {
		page, err := w.List(t.Context(), w.kim, record.ListRequest{Form: "book", Filter: ask.filter})
		codes := strings.Join(issueCodes(err), " ")
		switch {
		case ask.code == "" && (err != nil || len(page.Records) != 1):
			t.Errorf("%s: %v", what, err)
		case ask.code != "" && !strings.Contains(codes, ask.code):
			t.Errorf("%s: %v", what, err)
		}
	}
}
