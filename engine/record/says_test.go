package record_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

const stopRule = `"x-rules": [{"key": "stop", "check": "title != \"stop\"", "fields": ["title"], "message": {
	"en": "{title}, {grade}, bought {bought}, worth {total}, cost {cost}, {phone}, on {shelf}, of {keeper}, {copies}, margin {margin}; {a b} {{}",
	"zh-CN": "{grade}，{bought}，{total}，{cost}，{copies}"}},`

// stopping is the library with a rule that refuses the title "stop" and shows values of the record.
func stopping(t *testing.T, rules string) (catalog.Bundle, *catalog.Catalog, fault.Issues) {
	t.Helper()
	bundle, err := catalog.LoadFS(os.DirFS("testdata/library"))
	if err != nil {
		t.Fatal(err)
	}
	const file = "forms/book/form.json"
	bundle[file] = []byte(strings.Replace(string(bundle[file]), `"x-rules": [`, rules, 1))
	compiled, issues := catalog.Compile(bundle)
	return bundle, compiled, issues
}

func TestMessagesShowValuesAsTheirReaderSeesThem(t *testing.T) {
	w := newWorld(t)
	shelf := w.create(w.lib, "shelf", `{"name": "Upstairs"}`)
	book := w.create(w.lib, "book", `{"title": "Tales", "grade": "rare", "note": "fine", "bought": "2026-03-01", "cost": "1000", "phone": "13800015678",
		"shelf": "`+string(shelf.ID)+`", "copies": [{"count": 1500, "price": "2.50"}, {"count": 1}]}`)
	_, compiled, issues := stopping(t, stopRule)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	texts, err := message.Load()
	if err != nil {
		t.Fatal(err)
	}
	config := w.Config
	config.Catalog, config.Say = func() *catalog.Catalog { return compiled }, texts.Text
	w.Service = record.New(config)
	for _, c := range []struct {
		who    value.Actor
		en, zh string
	}{
		{
			w.lib, "stop, Rare, bought 2026-03-01, worth 3,750.00, cost 1,000.00, 13800015678, on Upstairs, of Lib, 2 rows, margin 2,750.00; {a b} {{}",
			"珍本，2026-03-01，3,750.00，1,000.00，2 行",
		},
		{
			w.cat, "stop, Rare, bought 2026-03-01, worth 3,750.00, cost not visible to you, 138****5678, on Upstairs, of Lib, 2 rows, margin not visible to you; {a b} {{}",
			"珍本，2026-03-01，3,750.00，对您不可见，2 行",
		},
	} {
		_, err := w.Update(t.Context(), c.who, "book", book.ID, 1, record.Input{Values: w.values(`{"title": "stop"}`)})
		en, zh := saidOf(t, err)
		if en != c.en || zh != c.zh {
			t.Errorf("to %s:\n%s\n%s, want\n%s\n%s", c.who.Name, en, zh, c.en, c.zh)
		}
		told, err := w.Evaluate(t.Context(), c.who, "book", book.ID, w.values(`{"title": "stop"}`))
		if err != nil || len(told.Issues) != 1 {
			t.Fatalf("%+v %v", told, err)
		}
		if drawn, _ := told.Issues[0].Args["message"].(map[string]string); drawn["en"] != c.en {
			t.Errorf("evaluated for %s: %s", c.who.Name, drawn["en"])
		}
	}
	// A draft shows what its author has just typed, and an absent value as such.
	told, err := w.Evaluate(t.Context(), w.lib, "book", "", w.values(`{"title": "stop", "cost": "7"}`))
	if err != nil {
		t.Fatal(err)
	}
	if drawn, _ := told.Issues[0].Args["message"].(map[string]string); !strings.HasPrefix(drawn["en"], "stop, Plain, bought (none), worth") || !strings.Contains(drawn["en"], "cost 7.00") {
		t.Errorf("of a draft: %q", drawn["en"])
	}
	// Where a rule is explained, it is of no record in particular.
	e, err := w.Explain(t.Context(), w.lib, "book", book.ID, "title", record.Language{Locale: "en", Say: func(code string, args fault.Args) string { return texts.Text("en", code, args) }})
	if err != nil || !slices.ContainsFunc(labels(e), func(text string) bool { return strings.HasPrefix(text, "Title, Grade, bought Bought, worth Total") }) {
		t.Errorf("explained: %v %v", labels(e), err)
	}
}

func labels(e *record.Explanation) []string {
	var out []string
	for _, rule := range e.Rules {
		out = append(out, rule.Label)
	}
	return out
}

func saidOf(t *testing.T, err error) (en, zh string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Issues) != 1 || f.Issues[0].Code != "rule.invalid" {
		t.Fatalf("%v", err)
	}
	texts, _ := f.Issues[0].Args["message"].(map[string]string)
	return texts["en"], texts["zh-CN"]
}

func TestAMessageThatNamesWhatThereIsNot(t *testing.T) {
	for text, want := range map[string]string{
		`"en": "{price} {title}", "zh-CN": "{title}"`:  "/x-rules/0/message/en meta.reference",
		`"en": "{title}", "zh-CN": "{title} {nobody}"`: "/x-rules/0/message/zh-CN meta.reference",
		`"en": "{createdAt}", "zh-CN": "x"`:            "/x-rules/0/message/en meta.reference",
	} {
		_, _, issues := stopping(t, `"x-rules": [{"key": "stop", "check": "note != \"stop\"", "message": {`+text+`}},`)
		if len(issues) != 1 || issues[0].Path+" "+issues[0].Code != want {
			t.Errorf("%s: %v, want %s", text, issues, want)
		}
	}
}
