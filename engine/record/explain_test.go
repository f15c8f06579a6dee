package record_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

func (w *world) language(locale string) record.Language {
	w.Helper()
	texts, err := message.Load()
	if err != nil {
		w.Fatal(err)
	}
	return record.Language{Locale: locale, Say: func(code string, args fault.Args) string { return texts.Text(locale, code, args) }}
}

// told writes an explanation as people read it, a step a line.
func told(v *explain.View) string {
	var b strings.Builder
	var write func(v *explain.View, depth int)
	write = func(v *explain.View, depth int) {
		b.WriteString(strings.Repeat("  ", depth) + v.Label + ": " + v.Text + v.Fault)
		if v.Sight != "" {
			b.WriteString(" <" + string(v.Sight) + ">")
		}
		if len(v.Notes) > 0 {
			b.WriteString(" (" + strings.Join(v.Notes, " ") + ")")
		}
		b.WriteString("\n")
		for _, part := range v.Parts {
			write(part, depth+1)
		}
	}
	if v != nil {
		write(v, 0)
	}
	return b.String()
}

func (w *world) explain(actor value.Actor, locale string, form value.FormKey, id value.ID, key value.FieldKey) *record.Explanation {
	w.Helper()
	got, err := w.Explain(w.Context(), actor, form, id, key, w.language(locale))
	if err != nil {
		w.Fatalf("explain %s.%s: %v", form, key, err)
	}
	return got
}

func (w *world) tells(what string, got *explain.View, want string) {
	w.Helper()
	if text := told(got); text != strings.TrimPrefix(want, "\n") {
		w.Errorf("%s\ngot:\n%swant:%s", what, text, want)
	}
}

func TestAValueIsExplainedDownToWhatPeopleGave(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.lib, "book", `{"title": "Tides", "cost": "20", "copies": [{"count": 2, "price": "1000.50"}, {"place": "attic", "count": 3}]}`)
	got := w.explain(w.lib, "zh-CN", "book", book.ID, "margin")
	w.tells("in Chinese", got.Value, `
毛利: 1,981.00
  公式: 1,981.00
    相减: 1,981
      有值取值，无值取后者: 2,001
        合计: 2,001.00
          公式: 2,001.00
            合计: 2,001
              册: 2 行
              第 1 项: 2,001
                有值取值，无值取后者: 2,001
                  金额: 2,001.00
                    公式: 2,001.00
                      相乘: 2,001
                        有值取值，无值取后者: 2
                          数量: 2
                        有值取值，无值取后者: 1,000.5
                          单价: 1,000.50
              第 2 项: 0
                有值取值，无值取后者: 0
                  金额: 0.00
                    公式: 0.00
                      相乘: 0
                        有值取值，无值取后者: 3
                          数量: 3
                        有值取值，无值取后者: 0
                          单价: （无）
                          固定值: 0
      成本: 20.00
`)
	if got.Metadata == "" || got.Version != 1 || got.Value.Parts[0].Rule.Version != got.Metadata {
		t.Errorf("versions: %+v", got)
	}
	english := w.explain(w.lib, "en", "book", book.ID, "margin")
	if english.Value.Label != "Margin" || english.Value.Parts[0].Parts[0].Label != "Difference" {
		t.Errorf("in English: %s", told(english.Value))
	}
}

func TestAValueThatLacksAnotherSaysWhich(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.lib, "book", `{"title": "Tides"}`)
	w.tells("margin", w.explain(w.lib, "zh-CN", "book", book.ID, "margin").Value, `
毛利: （无）
  公式: （无）
    相减: “成本”没有值。
      有值取值，无值取后者: 0
        合计: 0.00
          公式: 0.00
            合计: 0
              册: 0 行
      成本: （无）
`)
}

func TestRulesOfAFieldAreExplained(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.lib, "book", `{"title": "Tides", "grade": "rare", "note": "n"}`)
	var rules []string
	for _, field := range []value.FieldKey{"bought", "note", "title", "total"} {
		for _, r := range w.explain(w.lib, "en", "book", book.ID, field).Rules {
			rules = append(rules, string(field)+" "+told(r))
		}
	}
	got := strings.Join(rules, "")
	want := `bought Read-only when: yes
  Equals: yes
    Grade: Rare
    Fixed value: Rare
note A rare book needs a note: yes
  Any of: yes
    Differs from: no
      Grade: Rare
      Fixed value: Rare
    Differs from: yes
      Note: n
      Fixed value: (none)
title Always required: yes
total Computed by the system; nobody fills it in: yes
total It costs too much: yes
  At most: yes
    First that is given: 0
      Cost: (none)
      Fixed value: 0
    Sum: 1,000
      Fixed value: 1,000
      First that is given: 0
        Total: 0.00
          Formula: 0.00
            Total: 0
              Copies: 0 rows
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestWhoGaveAValueIsTold(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.kim, "book", `{"title": "Tides"}`)
	w.tells("a default", w.explain(w.kim, "en", "book", book.ID, "grade").Value, `
Grade: Plain
  Default: Plain
    Fixed value: plain
`)
	if _, err := w.Update(t.Context(), w.lib, "book", book.ID, 1, record.Input{Values: w.values(`{"title": "High tides"}`)}); err != nil {
		t.Fatal(err)
	}
	got := told(w.explain(w.kim, "en", "book", book.ID, "title").Value)
	if !strings.Contains(got, "Given by Lib: 2026-03-31 12:00") {
		t.Errorf("a change: %s", got)
	}
	if got := told(w.explain(w.kim, "en", "book", book.ID, "number").Value); !strings.Contains(got, "Numbered by BK-{yyyy}-{0000} when it was made") {
		t.Errorf("a number: %s", got)
	}
}

func TestMirrorsAndRollupsAreExplained(t *testing.T) {
	w := newWorld(t)
	shelf := w.create(w.lib, "shelf", `{"name": "oak"}`)
	var last *record.View
	for n := range 12 {
		last = w.create(w.lib, "book", fmt.Sprintf(`{"title": "b%02d", "shelf": %q, "copies": [{"count": 1, "price": "2"}]}`, n, shelf.ID))
	}
	w.follow()
	w.tells("mirror", w.explain(w.lib, "en", "book", last.ID, "shelfName").Value, `
Shelf's name: oak
  Shown from another record: oak
    Shelf: oak
      Name: oak
`)
	worth := w.explain(w.lib, "en", "shelf", shelf.ID, "worth").Value
	figure := worth.Parts[0].Parts[0]
	if worth.Text != "24.00" || figure.Label != "Book" || len(figure.Parts) != 11 || figure.Parts[10].Label != "… and 2 more" {
		t.Errorf("rollup: %s", told(worth))
	}
	if record := figure.Parts[0]; record.Kind != explain.Record || record.Text != "2.00" || !strings.HasPrefix(record.Label, "b") {
		t.Errorf("a record that counts: %s", told(record))
	}
}

func TestARightIsExplained(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.lib, "book", `{"title": "Tides", "phone": "13800138000"}`)
	ask := func(actor value.Actor, key value.FieldKey, verb meta.Verb) *explain.View {
		got, err := w.ExplainRight(t.Context(), actor, "book", book.ID, key, verb, w.language("en"))
		if err != nil {
			t.Fatal(err)
		}
		return got.Right
	}
	w.tells("no right", ask(w.vic, "", meta.Update), `
Change: no
  Visitor: no records: no
`)
	w.tells("a masked field", ask(w.vic, "phone", meta.Read), `
See: no
  Visitor: all records: yes
    Visitor: this field is masked: yes
`)
	w.tells("a computed field", ask(w.lib, "total", meta.Update), `
Change: no
  Librarian: all records: yes
  Computed by the system; nobody fills it in: yes
`)
	narrow := w.lib
	narrow.Scopes = []string{"read"}
	w.tells("a narrow token", ask(narrow, "", meta.Update), `
Change: no
  Librarian: all records: yes
  This access token allows it: no
`)
	// The answer is the decision's own, whoever asks for what.
	for _, actor := range []value.Actor{w.kim, w.vic, w.lib, w.eve, w.cat} {
		seen, err := w.Get(t.Context(), actor, "book", book.ID)
		if err != nil {
			continue
		}
		if got := ask(actor, "", meta.Update).Value; got != seen.Rights.Update {
			t.Errorf("%s may update: %v, explained as %v", actor.Name, seen.Rights.Update, got)
		}
		if got := ask(actor, "", meta.Delete).Value; got != seen.Rights.Delete {
			t.Errorf("%s may delete: %v, explained as %v", actor.Name, seen.Rights.Delete, got)
		}
	}
}

func TestADraftIsExplained(t *testing.T) {
	w := newWorld(t)
	got, err := w.ExplainDraft(t.Context(), w.lib, "book", "", w.values(`{"title": "t", "grade": "rare"}`), "note", w.language("en"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Rules) != 1 || got.Rules[0].Value != false || got.Rules[0].Rule.Key != "gradeNeedsNote" {
		t.Errorf("why it is refused: %+v", got.Rules)
	}
	got, err = w.ExplainDraft(t.Context(), w.lib, "book", "", w.values(`{"title": "t"}`), "keeper", w.language("en"))
	if err != nil {
		t.Fatal(err)
	}
	w.tells("a default in a draft", got.Value, `
Keeper: Lib
  Default: Lib
    Who acts: Lib
`)
}

// What is kept is read later by others, as they see the records then, and tells the values of when it was made.
func TestAKeptExplanationIsReadByWhatTheReaderSees(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.lib, "book", `{"title": "Tides", "cost": "20", "copies": [{"count": 2, "price": "10"}]}`)
	form := w.Catalog().Forms["book"]
	margin, _ := form.Field("margin")
	rest, err := w.Store.Get(t.Context(), "book", book.ID)
	if err != nil {
		t.Fatal(err)
	}
	body, err := explain.Store(form.Explain(catalog.Subject{ID: rest.ID, Version: rest.Version, Values: rest.Values}, margin))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Update(t.Context(), w.lib, "book", book.ID, 1, record.Input{Values: w.values(`{"cost": "7"}`)}); err != nil {
		t.Fatal(err)
	}
	read := func(actor value.Actor) string {
		kept, err := explain.Load(body)
		if err != nil {
			t.Fatal(err)
		}
		seen, err := w.ReadExplanation(t.Context(), actor, kept, w.language("en"))
		if err != nil {
			t.Fatal(err)
		}
		return told(seen)
	}
	if got := read(w.lib); !strings.Contains(got, "Margin: 0.00") || !strings.Contains(got, "Cost: 20.00") {
		t.Errorf("the librarian reads:\n%s", got)
	}
	if got := read(w.cat); got != "Something you may not see: not visible to you <hidden>\n" {
		t.Errorf("the clerk reads:\n%s", got)
	}
	if err := w.Delete(t.Context(), w.lib, "book", book.ID, 2, "gone"); err != nil {
		t.Fatal(err)
	}
	if got := read(w.lib); strings.Contains(got, "20") {
		t.Errorf("of a record in the recycle bin the librarian reads:\n%s", got)
	}
}

// What is not there, not theirs, or nothing anybody could be told about, is refused without telling which.
func TestWhatCannotBeExplained(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.lib, "book", `{"title": "Tides", "note": "x"}`)
	in := w.language("en")
	for name, ask := range map[string]func() error{
		"no such field":  func() error { _, err := w.Explain(t.Context(), w.vic, "book", book.ID, "nothing", in); return err },
		"a hidden field": func() error { _, err := w.Explain(t.Context(), w.vic, "book", book.ID, "note", in); return err },
		"right over hidden": func() error {
			_, err := w.ExplainRight(t.Context(), w.vic, "book", book.ID, "note", meta.Read, in)
			return err
		},
		"hidden in a draft": func() error {
			_, err := w.ExplainDraft(t.Context(), w.vic, "book", book.ID, nil, "note", in)
			return err
		},
	} {
		if err := ask(); fault.KindOf(err) != fault.NotFound || fault.CodeOf(err) != "field.unknown" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, ask := range map[string]func() error{
		"no such record": func() error {
			_, err := w.Explain(t.Context(), w.vic, "book", "01ARZ3NDEKTSV4RRFF00000000", "title", in)
			return err
		},
		"an unseen record": func() error { _, err := w.Explain(t.Context(), w.kim, "shelf", book.ID, "name", in); return err },
		"no such form":     func() error { _, err := w.Explain(t.Context(), w.vic, "nothing", book.ID, "title", in); return err },
	} {
		if err := ask(); fault.KindOf(err) != fault.NotFound || fault.CodeOf(err) == "field.unknown" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.ExplainRight(t.Context(), w.lib, "book", book.ID, "", "create", in); fault.CodeOf(err) != "explain.right" {
		t.Errorf("a right there is not: %v", err)
	}
}

// explaining asks why everything is as it is, and why it may not be done.
func (s *scene) explaining(into *[]string) {
	in := s.language("en")
	ids := map[value.FormKey]value.ID{"book": s.book.ID, "shelf": s.shelf.ID, "loan": s.loan.ID}
	for _, form := range []value.FormKey{"book", "shelf", "loan"} {
		defs := s.Catalog().Forms[form].Fields
		if !slices.ContainsFunc(unseen()[form], func(string) bool { return true }) {
			s.Fatal("nothing of this form is hidden")
		}
		for _, one := range defs {
			got, err := s.Explain(s.Context(), s.cat, form, ids[form], one.Key, in)
			s.ask(into, fmt.Sprint("explain ", form, one.Key), got, err)
			for _, verb := range []meta.Verb{"", meta.Read, meta.Update, meta.Delete, meta.Export} {
				got, err := s.ExplainRight(s.Context(), s.cat, form, ids[form], one.Key, verb, in)
				s.ask(into, fmt.Sprint("right ", form, one.Key, verb), got, err)
			}
		}
	}
	for _, draft := range drafts() {
		for _, id := range []value.ID{s.book.ID, ""} {
			for _, key := range []value.FieldKey{"advice", "total", "margin", "note", "bought", "phone", "cost"} {
				got, err := s.ExplainDraft(s.Context(), s.cat, "book", id, draft, key, in)
				s.ask(into, fmt.Sprint("explain ", id == "", draft, key), got, err)
			}
		}
	}
}
