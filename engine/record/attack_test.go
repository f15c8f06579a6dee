package record_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// A reviewer's list of attacks: Cat asks everything there is to ask, in two worlds that differ in nothing but
// what she may not see. Whatever is answered must be the same in both, to the letter, or it tells.

// secret is what Cat does not see of a book: cost and note are hidden from her, of the phone she sees 138****5678.
type secret struct{ cost, note, phone string }

func secrets() []secret {
	return []secret{
		{"", "", "13800005678"},
		{"0", "behind the wall", "13899995678"},
		{"666.66", "rare", "13812345678"},
		{"29.60", "", "13854325678"},
		{"1000", "x", "13800015678"},
	}
}

// scene is a world with one book in it whose secrets it knows, and what has happened to it.
type scene struct {
	*world
	book, shelf, loan, binned *record.View
}

func newScene(t *testing.T, s secret) *scene {
	t.Helper()
	w := newWorld(t)
	config, drawn := w.Config, 0
	config.NewID = func() value.ID { drawn++; return value.ID(fmt.Sprintf("01ARZ3NDEKTSV4RRFF%08d", drawn)) }
	w.Service = record.New(config)
	out := &scene{world: w}
	out.shelf = w.create(w.lib, "shelf", `{"name": "oak"}`)
	values := map[string]any{"cost": s.cost, "note": s.note, "phone": s.phone, "advice": "none", "bought": "2026-03-01", "title": "Tides",
		"code": "978", "shelf": string(out.shelf.ID), "copies": []any{map[string]any{"count": json.Number("2"), "price": "14.80"}}}
	made, err := w.Create(t.Context(), w.lib, "book", record.Input{Values: values})
	if err != nil {
		t.Fatal(err)
	}
	// What is hidden has a past, too, and so has what is not.
	change := map[string]any{"cost": s.cost, "note": s.note + "!", "title": "Tides, second edition"}
	if out.book, err = w.Update(t.Context(), w.lib, "book", made.ID, 1, record.Input{Values: change}); err != nil {
		t.Fatal(err)
	}
	out.loan = w.create(w.lib, "loan", `{"reader": "Rob", "book": "`+string(made.ID)+`"}`)
	values["title"], values["code"], values["advice"] = "Old tides", "979", "burn"
	if out.binned, err = w.Create(t.Context(), w.lib, "book", record.Input{Values: values}); err != nil {
		t.Fatal(err)
	}
	if err := w.Delete(t.Context(), w.lib, "book", out.binned.ID, 1, "old"); err != nil {
		t.Fatal(err)
	}
	w.follow()
	return out
}

// ask notes an answer as Cat would see it: what there is of it in JSON, and every word of a fault.
func (s *scene) ask(into *[]string, what string, got any, err error) {
	s.Helper()
	if page, ok := got.(*record.ListPage); ok && page != nil {
		page.Next = "" // sealed, with a number drawn anew each time
		if page.Count != nil {
			page.Count.Examined = query.Work{} // for tests and figures, never on the wire
		}
	}
	text, bad := json.Marshal(got)
	if bad != nil {
		s.Fatal(bad)
	}
	said := ""
	if err != nil {
		said = err.Error()
		var f *fault.Error
		if errors.As(err, &f) {
			detail, bad := json.Marshal(f.Detail)
			if bad != nil {
				s.Fatal(bad)
			}
			said += " " + string(detail)
		}
	}
	*into = append(*into, what+" -> "+string(text)+" "+said)
}

func TestNoAnswerTellsWhatIsHidden(t *testing.T) {
	var first []string
	for _, s := range secrets() {
		scene := newScene(t, s)
		var all []string
		for _, attack := range []func(*[]string){
			scene.looking, scene.explaining, scene.filtering, scene.ordering, scene.counting, scene.searching, scene.trying, scene.changing,
		} {
			attack(&all)
		}
		if len(all) < 250 {
			t.Fatalf("only %d questions", len(all))
		}
		if first == nil {
			first = all
			continue
		}
		for i := range all {
			if all[i] != first[i] {
				t.Errorf("%+v is told:\n%s\n%s", s, first[i], all[i])
			}
		}
	}
}

// looking opens everything that can be opened.
func (s *scene) looking(into *[]string) {
	for _, r := range []*record.View{s.book, s.shelf, s.loan, s.binned} {
		got, err := s.Get(s.Context(), s.cat, r.Form, r.ID)
		s.ask(into, "get "+string(r.Form), got, err)
		history, err := s.History(s.Context(), s.cat, r.Form, r.ID, "", 0)
		s.ask(into, "history "+string(r.Form), history, err)
		page, err := s.List(s.Context(), s.cat, record.ListRequest{Form: r.Form, Count: "exact", Fields: []string{"cost", "note", "margin", "title"}})
		s.ask(into, "list "+string(r.Form), page, err)
		said, err := s.Evaluate(s.Context(), s.cat, r.Form, r.ID, nil)
		s.ask(into, "evaluate "+string(r.Form), said, err)
	}
	bin, err := s.List(s.Context(), s.cat, record.ListRequest{Form: "book", Deleted: true})
	s.ask(into, "bin", bin, err)
	s.ask(into, "catalog", s.CatalogFor(s.cat), nil)
}

// unseen are the fields that Cat does not see, by the forms that she asks for them through.
func unseen() map[value.FormKey][]string {
	return map[value.FormKey][]string{
		"book":  {"cost", "note", "margin", "phone"},
		"loan":  {"book.cost", "book.note", "book.margin", "book.phone", "bookNote", "bookMargin"},
		"shelf": {"gain", "costly"},
	}
}

// guesses are values of all types, some of them right in one world or another.
func guesses() []any {
	return []any{"29.60", json.Number("0"), "rare", "behind the wall", "behind", "x!", "138****5678", "5678", "13800005678", nil}
}

func (s *scene) filtering(into *[]string) {
	for _, form := range []value.FormKey{"book", "loan", "shelf"} {
		for _, field := range unseen()[form] {
			for _, op := range []string{"eq", "ne", "in", "nin", "lt", "lte", "gt", "gte", "prefix", "contains", "empty", "notEmpty", "hasAll"} {
				for _, guess := range guesses() {
					if op == "in" || op == "nin" || op == "hasAll" {
						guess = []any{guess}
					}
					s.filter(into, form, field, op, guess)
				}
			}
		}
	}
	for _, source := range []string{`cost > 0`, `cost == nil`, `note != nil`, `margin > 0`, `phone startsWith "1389"`, `not (cost == nil)`,
		`cost == nil or title == "Tides"`, `note contains "wall"`, `len(note) > 3`} {
		got, err := s.List(s.Context(), s.cat, record.ListRequest{Form: "book", Filter: source})
		s.ask(into, source, got, err)
	}
}

// filter asks for the records, and for those that are not. Equality with a whole phone number may find its
// record, which is counted and kept; across a reference inequality is its complement.
func (s *scene) filter(into *[]string, form value.FormKey, field, op string, guess any) {
	if guess == "13800005678" && (op == "eq" && field == "phone" || (op == "eq" || op == "ne") && field == "book.phone") {
		return
	}
	node := map[string]any{"field": field, "op": op, "value": guess}
	for _, tree := range []map[string]any{node, {"not": node}, {"or": []any{node, map[string]any{"field": "id", "op": "empty"}}}} {
		got, err := s.List(s.Context(), s.cat, record.ListRequest{Form: form, Filter: tree})
		s.ask(into, fmt.Sprint(form, tree), got, err)
	}
}

func (s *scene) ordering(into *[]string) {
	for _, form := range []value.FormKey{"book", "loan", "shelf"} {
		for _, field := range unseen()[form] {
			for _, sort := range []string{field, "-" + field, "createdAt," + field} {
				got, err := s.List(s.Context(), s.cat, record.ListRequest{Form: form, Sort: sort})
				s.ask(into, "sort "+sort, got, err)
			}
		}
	}
}

func (s *scene) counting(into *[]string) {
	for _, form := range []value.FormKey{"book", "loan", "shelf"} {
		for _, field := range unseen()[form] {
			group := record.AggregateRequest{Form: form, Group: []record.GroupBy{{Field: field}}}
			got, err := s.Aggregate(s.Context(), s.cat, group)
			s.ask(into, "group "+field, got, err)
			for _, op := range []string{"count", "sum", "avg", "min", "max", "distinct"} {
				metric := record.AggregateRequest{Form: form, Metrics: []record.MetricBy{{Op: op, Field: field}}}
				got, err := s.Aggregate(s.Context(), s.cat, metric)
				s.ask(into, op+" "+field, got, err)
			}
			filter := record.AggregateRequest{Form: form, Filter: map[string]any{"field": field, "op": "notEmpty"}}
			got, err = s.Aggregate(s.Context(), s.cat, filter)
			s.ask(into, "figures where "+field, got, err)
		}
	}
}

func (s *scene) searching(into *[]string) {
	for _, words := range []string{"behind", "wall", "behind the wall", "rare", "1380000", "9999", "5678", "138", "Tides", "Tides rare", "Rob", "x!"} {
		for _, form := range []value.FormKey{"book", "loan", "shelf"} {
			got, err := s.List(s.Context(), s.cat, record.ListRequest{Form: form, Q: words, Count: "exact"})
			s.ask(into, "search "+string(form)+" "+words, got, err)
		}
		found, err := s.Search(s.Context(), s.cat, words, 5)
		s.ask(into, "search all "+words, found, err)
	}
}
