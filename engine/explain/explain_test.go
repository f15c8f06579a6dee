package explain_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// reader sees everything but what its map limits, and reads English.
type reader map[value.FieldKey]explain.Seen

func (r reader) Field(ref explain.Ref) explain.Seen { return r[ref.Field] }
func (reader) Label(label meta.Label) string        { return label["en"] }
func (reader) Zone() *time.Location                 { return time.FixedZone("", 8*3600) }
func (reader) Say(code string, args fault.Args) string {
	text := code
	for _, name := range []string{"count", "name", "nth", "part"} {
		if v, ok := args[name]; ok && v != nil && v != "" {
			text += " " + jsonOf(v)
		}
	}
	if values, ok := args["values"].([]string); ok {
		text += " " + strings.Join(values, "|")
	}
	return text
}

func jsonOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return strings.Trim(string(text), `"`)
}

func read(key value.FieldKey, label, number string) *explain.Node {
	return &explain.Node{
		Kind: explain.Field, Label: meta.Label{"en": label}, Ref: &explain.Ref{Form: "order", ID: "o1", Version: 3, Field: key},
		Is: explain.Type{Kind: "decimal", Scale: 2}, Value: number,
	}
}

// margin is price - cost, of which many may see the price and few the cost.
func margin() *explain.Node {
	price, cost := read("price", "Price", "1234.5"), read("cost", "Cost", "1000")
	out := read("margin", "Margin", "234.5")
	out.Kids = []*explain.Node{{
		Kind: explain.Rule, Is: out.Is, Value: out.Value,
		Rule: &explain.Source{Form: "order", Part: "compute", Version: "1.0.0+abc", Text: "price - cost", Inputs: []*explain.Node{price, cost}},
		Kids: []*explain.Node{{
			Kind: explain.Operation, Op: "subtract", Is: explain.Type{Kind: "decimal"}, Value: "234.5",
			At: &explain.Place{Text: "price - cost", Line: 1, Col: 1}, Kids: []*explain.Node{price, cost},
		}},
	}}
	return out
}

func TestDrawnForOneWhoSeesAll(t *testing.T) {
	v := explain.Draw(margin(), reader{})
	if v.Label != "Margin" || v.Text != "234.50" || v.Value != "234.5" {
		t.Errorf("root: %+v", v)
	}
	rule := v.Parts[0]
	if rule.Rule.Text != "price - cost" || rule.Rule.Version != "1.0.0+abc" || rule.Label != "explain.rule compute" {
		t.Errorf("rule: %+v", rule)
	}
	step := rule.Parts[0]
	if step.Source.Text != "price - cost" || len(step.Parts) != 2 || step.Parts[0].Text != "1,234.50" || step.Parts[1].Label != "Cost" {
		t.Errorf("step: %s", jsonOf(step))
	}
}

// What one reader sees must not depend on a value that they do not see: neither its text nor what was done with it.
func TestWhatIsHiddenShapesNothing(t *testing.T) {
	for name, limited := range map[string]explain.Seen{
		"unknown": {Sight: explain.Hidden},
		"hidden":  {Sight: explain.Hidden, Label: "Cost"},
		"masked":  {Sight: explain.Masked, Label: "Cost", Text: func(any) string { return "***" }},
	} {
		t.Run(name, func(t *testing.T) {
			a := margin()
			b := margin()
			source := b.Kids[0].Rule
			source.Inputs[1] = read("cost", "Cost", "2000")
			b.Kids[0].Kids = []*explain.Node{{Kind: explain.Literal, Is: explain.Type{Kind: "decimal"}, Value: "7"}}
			who := reader{"cost": limited}
			seen, other := jsonOf(explain.Draw(a, who)), jsonOf(explain.Draw(b, who))
			if seen != other {
				t.Errorf("two values of what is hidden read differently:\n%s\n%s", seen, other)
			}
			for _, told := range []string{"1000", "1,000", "price - cost", "subtract"} {
				if strings.Contains(seen, told) {
					t.Errorf("%q is told: %s", told, seen)
				}
			}
			if !strings.Contains(seen, "1,234.50") || !strings.Contains(seen, "234.50") {
				t.Errorf("what is seen is not told: %s", seen)
			}
			if name == "unknown" && strings.Contains(seen, "Cost") {
				t.Errorf("the name of an unknown field is told: %s", seen)
			}
		})
	}
}

func TestAHiddenRootTellsNothing(t *testing.T) {
	v := explain.Draw(margin(), reader{"margin": {Sight: explain.Hidden}})
	if v.Text != "explain.hidden" || v.Value != nil || v.Parts != nil || v.Label != "explain.unseen" {
		t.Errorf("%s", jsonOf(v))
	}
}

func TestValuesReadByTheirType(t *testing.T) {
	for _, k := range []struct {
		is    explain.Type
		value any
		want  string
	}{
		{explain.Type{Kind: "integer"}, "-1234567", "-1,234,567"},
		{explain.Type{Kind: "decimal", Scale: 2, Unit: "CNY"}, "100", "100.00 CNY"},
		{explain.Type{Kind: "decimal", Scale: 1, Unit: "%"}, "12.55", "12.55 %"},
		{explain.Type{Kind: "boolean"}, true, "explain.yes"},
		{explain.Type{Kind: "date"}, "2026-03-31", "2026-03-31"},
		{explain.Type{Kind: "datetime"}, "2026-03-31T20:00:00Z", "2026-04-01 04:00"},
		{explain.Type{Kind: "list", Of: "integer"}, []any{"1", "2000"}, "explain.texts 1|2,000"},
		{explain.Type{Kind: "text"}, nil, "explain.absent"},
	} {
		if got := explain.Draw(&explain.Node{Kind: explain.Literal, Is: k.is, Value: k.value}, reader{}).Text; got != k.want {
			t.Errorf("%v of %v: %q, want %q", k.value, k.is, got, k.want)
		}
	}
	rows := explain.Draw(&explain.Node{Kind: explain.Literal, Is: explain.Type{Kind: "table"}, Count: 3}, reader{})
	if rows.Text != "explain.rows 3" {
		t.Errorf("rows: %q", rows.Text)
	}
}

func TestStoredAndReadAgain(t *testing.T) {
	body, err := explain.Store(margin())
	if err != nil {
		t.Fatal(err)
	}
	again, err := explain.Load(body)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, margin()) {
		t.Errorf("got %s, want %s", jsonOf(again), jsonOf(margin()))
	}
}

// Labels of then stand in for those of fields that are not there any more.
func TestReadWhenItsMetadataAreGone(t *testing.T) {
	body, err := explain.Store(margin())
	if err != nil {
		t.Fatal(err)
	}
	again, err := explain.Load(body)
	if err != nil {
		t.Fatal(err)
	}
	if v := explain.Draw(again, reader{"margin": {}}); v.Label != "Margin" || v.Parts[0].Rule.Version != "1.0.0+abc" {
		t.Errorf("%s", jsonOf(v))
	}
}

func TestStoredIsBounded(t *testing.T) {
	root := margin()
	at := root
	for range 200 {
		at.Kids = append(at.Kids, &explain.Node{Kind: explain.Fact, Label: meta.Label{"en": strings.Repeat("x", 500)}})
		at = at.Kids[len(at.Kids)-1]
	}
	body, err := explain.Store(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > explain.MaxStored {
		t.Errorf("%d bytes", len(body))
	}
	again, err := explain.Load(body)
	if err != nil {
		t.Fatal(err)
	}
	cut := 0
	again.Walk(func(n *explain.Node) bool {
		if n.Cut {
			cut++
		}
		return true
	})
	if cut == 0 {
		t.Error("nothing says that parts are left out")
	}
	if _, err := explain.Store(&explain.Node{Kind: explain.Fact, Value: strings.Repeat("x", explain.MaxStored)}); fault.CodeOf(err) != "explain.tooLarge" {
		t.Errorf("one that cannot be cut: %v", err)
	}
}

func TestWhatIsNoExplanation(t *testing.T) {
	for _, body := range []string{
		``, `{}`, `null`, `{"format":1}`, `{"format":2,"root":{"kind":"fact"}}`, `{"format":1,"root":{"kind":"field"}}`,
		`{"format":1,"root":{"kind":"rule"}}`, `{"format":1,"root":{"kind":"fact","kids":[null]}}`,
		`{"format":1,"root":{"kind":"fact","extra":1}}`,
		`{"format":1,"root":` + strings.Repeat(`{"kind":"fact","kids":[`, 70) + `{"kind":"fact"}` + strings.Repeat(`]}`, 70) + `}`,
	} {
		if _, err := explain.Load([]byte(body)); fault.CodeOf(err) != "store.corrupt" {
			t.Errorf("%.60s: %v", body, err)
		}
	}
}

// The baseline is what encoding/json takes for the same tree.
func BenchmarkStore(b *testing.B) {
	root := margin()
	b.Run("marshal", func(b *testing.B) {
		for b.Loop() {
			if _, err := json.Marshal(root); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("store", func(b *testing.B) {
		for b.Loop() {
			if _, err := explain.Store(root); err != nil {
				b.Fatal(err)
			}
		}
	})
}
