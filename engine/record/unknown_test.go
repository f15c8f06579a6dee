package record_test

import (
	"fmt"
	"strings"
	"testing"

	"tidewater/engine/record"
	"tidewater/engine/value"
)

// A field that somebody does not see anywhere is to them what a field is that there is not: the same words,
// but for the name that they sent themselves.
func TestAHiddenFieldAnswersAsOneThatIsNotThere(t *testing.T) {
	s := newScene(t, secret{"29.60", "behind the wall", "13800005678"})
	asks := map[string]func(field string) (any, error){
		"create": func(field string) (any, error) {
			return s.Create(t.Context(), s.cat, "book", record.Input{Values: map[string]any{"title": "t", field: "1"}})
		},
		"update": func(field string) (any, error) {
			return s.Update(t.Context(), s.cat, "book", s.book.ID, 2, record.Input{Values: map[string]any{field: "1"}})
		},
		"evaluate": func(field string) (any, error) {
			return s.Evaluate(t.Context(), s.cat, "book", s.book.ID, map[string]any{field: []any{map[string]any{"x": true}}})
		},
		"sort": func(field string) (any, error) {
			return s.List(t.Context(), s.cat, record.ListRequest{Form: "book", Sort: "-" + field})
		},
		"group": func(field string) (any, error) {
			return s.Aggregate(t.Context(), s.cat, record.AggregateRequest{Form: "book", Group: []record.GroupBy{{Field: field}}})
		},
		"bucket": func(field string) (any, error) {
			return s.Aggregate(t.Context(), s.cat, record.AggregateRequest{Form: "book", Group: []record.GroupBy{{Field: field, Bucket: "month"}}})
		},
		"sum": func(field string) (any, error) {
			return s.Aggregate(t.Context(), s.cat, record.AggregateRequest{Form: "book", Metrics: []record.MetricBy{{Op: "sum", Field: field}}})
		},
		"rows": func(field string) (any, error) {
			return s.Aggregate(t.Context(), s.cat, record.AggregateRequest{Form: "book", Table: field})
		},
		"rows of a filter": func(field string) (any, error) {
			return s.List(t.Context(), s.cat, record.ListRequest{Form: "book", Filter: map[string]any{"any": field, "where": map[string]any{"or": []any{}}}})
		},
		"a cell": func(field string) (any, error) {
			return s.List(t.Context(), s.cat, record.ListRequest{Form: "book", Filter: map[string]any{"field": field + "[].x", "op": "empty"}})
		},
		"across": func(field string) (any, error) {
			return s.List(t.Context(), s.cat, record.ListRequest{Form: "loan", Filter: map[string]any{"field": "book." + field, "op": "empty"}})
		},
	}
	for _, op := range []string{"eq", "lt", "contains", "empty", "in"} {
		asks[op] = func(field string) (any, error) {
			return s.List(t.Context(), s.cat, record.ListRequest{Form: "book", Filter: map[string]any{"field": field, "op": op, "value": "1"}})
		}
	}
	for _, source := range []string{"%s == 1", "%s > 1", "title == \"x\" or %s == nil", "sum(%s, .x) > 1"} {
		asks[source] = func(field string) (any, error) {
			return s.List(t.Context(), s.cat, record.ListRequest{Form: "book", Filter: fmt.Sprintf(source, field)})
		}
	}
	for what, ask := range asks {
		want := answerAbout(s, what, "nope", ask)
		if !strings.Contains(want, "(invalid)") && !strings.Contains(want, "field.unknown") {
			t.Errorf("%s: an unknown field is not refused: %s", what, want)
		}
		for _, hidden := range []string{"cost", "note", "margin"} {
			if got := answerAbout(s, what, hidden, ask); got != want {
				t.Errorf("%s tells %s from what there is not:\n%s\n%s", what, hidden, got, want)
			}
		}
	}
}

// answerAbout is the answer about a field, with its name, and where it stands, put out of the way.
func answerAbout(s *scene, what, field string, ask func(string) (any, error)) string {
	s.Helper()
	var said []string
	got, err := ask(field)
	s.ask(&said, what, got, err)
	return strings.ReplaceAll(said[0], field, "nope")
}

func TestAFormWithoutAnyRightIsNotThere(t *testing.T) {
	s := newScene(t, secret{"1", "", "13800005678"})
	for _, form := range []value.FormKey{"shelf", "loan", "nope"} {
		var said []string
		got, err := s.Get(t.Context(), s.pat, form, s.shelf.ID)
		s.ask(&said, "get", got, err)
		page, err := s.List(t.Context(), s.pat, record.ListRequest{Form: form, Filter: map[string]any{"field": "name", "op": "empty"}})
		s.ask(&said, "list", page, err)
		made, err := s.Create(t.Context(), s.pat, form, record.Input{Values: map[string]any{"name": "x"}})
		s.ask(&said, "create", made, err)
		draft, err := s.Evaluate(t.Context(), s.pat, form, "", nil)
		s.ask(&said, "evaluate", draft, err)
		rows, err := s.Aggregate(t.Context(), s.pat, record.AggregateRequest{Form: form})
		s.ask(&said, "aggregate", rows, err)
		for _, answer := range said {
			if !strings.Contains(answer, "form.unknown (notFound)") {
				t.Errorf("%s: %s", form, answer)
			}
		}
	}
	page, err := s.List(t.Context(), s.pat, record.ListRequest{Form: "book", Filter: map[string]any{"field": "shelf.name", "op": "empty"}})
	other, otherErr := s.List(t.Context(), s.pat, record.ListRequest{Form: "book", Filter: map[string]any{"field": "shelf.nope", "op": "empty"}})
	var said []string
	s.ask(&said, "", page, err)
	s.ask(&said, "", other, otherErr)
	if strings.ReplaceAll(said[0], "name", "nope") != said[1] {
		t.Errorf("across to what there is not:\n%s\n%s", said[0], said[1])
	}
}

func TestHistoryTellsNothingOfAHiddenTableOrWhatItMakes(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.lib, "book", `{"title": "t", "copies": [{"count": 3, "price": "9.80"}]}`)
	if _, err := w.Update(t.Context(), w.lib, "book", book.ID, 1, record.Input{Values: w.values(`{"title": "u", "copies": [{"count": 1}]}`)}); err != nil {
		t.Fatal(err)
	}
	told, err := w.History(t.Context(), w.guy, "book", book.ID, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range told.Entries {
		for _, change := range entry.Changes {
			if change.Field == "copies" || change.Field == "total" || change.Field == "margin" {
				t.Errorf("version %d tells %+v", entry.Version, change)
			}
		}
	}
	w.same("the last", told.Entries[0].Changes, `[{"field":"title","from":"t","to":"u"}]`)
}

func TestARefusedSaveSaysNoMore(t *testing.T) {
	s := newScene(t, secret{"1000", "x", "13800015678"})
	refuse := func(values string, want string) {
		t.Helper()
		var said []string
		_, err := s.Update(t.Context(), s.cat, "book", s.book.ID, 2, record.Input{Values: s.values(values)})
		s.ask(&said, "", nil, err)
		if !strings.HasSuffix(said[0], want+" null") {
			t.Errorf("%s: %s", values, said[0])
		}
	}
	// A formula out of sight beyond its bounds: that something is wrong, and no more.
	refuse(`{"copies": [{"count": 1000, "price": "100"}]}`, "record.invalid (invalid): /values record.unseenInvalid")
	// A rule speaks in its author's words, and points nowhere.
	s = newScene(t, secret{"1029.60", "x", "13800015678"})
	refuse(`{"copies": [{"id": "`+s.rowID()+`", "_delete": true}]}`,
		"/values rule.invalid map[message:map[en:It costs too much zh-CN:成本过高] rule:noLoss]")
}

func (s *scene) rowID() string {
	rows, _ := s.book.Values["copies"].([]any)
	row, _ := rows[0].(map[string]any)
	id, _ := row["id"].(string)
	return id
}

func TestHistoryNamesWhatReferencesMeant(t *testing.T) {
	w := newWorld(t)
	shelf := w.create(w.lib, "shelf", `{"name": "A"}`)
	book := w.create(w.lib, "book", `{"title": "t"}`)
	if _, err := w.Update(t.Context(), w.lib, "book", book.ID, 1, record.Input{Values: w.values(`{"shelf": "` + string(shelf.ID) + `"}`)}); err != nil {
		t.Fatal(err)
	}
	told, err := w.History(t.Context(), w.lib, "book", book.ID, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	w.same("the last", told.Entries[0].Changes[:1], `[{"field":"shelf","from":null,"to":{"id":"`+string(shelf.ID)+`","title":"A"}}]`)
}
