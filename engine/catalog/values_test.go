package catalog_test

import (
	"slices"
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/field"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

func TestASaveInSteps(t *testing.T) {
	form := asset(t)
	doc, issues := saved(t, form, `{"name": " 圆锯 ", "rate": 12.5, "place": {"id": "p1", "title": "x"}, "lines": [{"item": "blade", "price": "9.80", "count": 3}, {"price": 0.1}, {"item": "gift"}]}`)
	if len(issues) > 0 {
		t.Fatal(said(issues))
	}
	want := `{"keeper":{"id":"kim"},"lines":[{"amount":"29.40","count":3,"item":"blade","price":"9.80"},{"amount":"0.10","count":1,"price":"0.10"},{"count":1,"item":"gift"}],` +
		`"name":"圆锯","place":{"id":"p1"},"rate":"12.5","tax":"1.77","tier":"B","total":"29.50"}`
	if have := asJSON(t, form.EncodeValues(doc)); have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
}

func TestEveryIssueAtOnce(t *testing.T) {
	_, issues := saved(t, asset(t), `{"name": "锯", "tier": "A", "nope": 1, "boughtOn": "1999-12-31", "rate": "100.1", "sealed": true,
		"lines": [{"count": 0, "price": "x"}, {"item": "a"}]}`)
	have := said(issues)
	for _, line := range []string{
		"/values/lines/0/price field.number", "/values/nope field.unknown", "/values/name field.tooShort",
		"/values/checkedAt field.required", "/values/boughtOn field.min", "/values/rate field.max", "/values rule.invalid",
	} {
		if !contains(have, line) {
			t.Errorf("%q is not said in\n%s", line, have)
		}
	}
	if len(issues) != 7 {
		t.Errorf("said is\n%s", have)
	}
}

func TestRequiredInRowsAndWhereVisible(t *testing.T) {
	form := asset(t)
	doc := value.Doc{"tier": "C", "lines": value.List{value.Doc{"id": "r1", "count": int64(1)}, value.Doc{"id": "r2", "item": "x"}}}
	want := "/values/lines/1/count field.required\n/values/name field.required\n/values/reason field.required"
	if have := said(form.Validate(doc, nil, ctx())); have != want {
		t.Errorf("have\n%s\nwant\n%s", have, want)
	}
	doc = value.Doc{"tier": "B", "name": "ab"}
	if issues := form.Validate(doc, nil, ctx()); len(issues) > 0 {
		t.Errorf("a field that is not visible is asked for: %s", said(issues))
	}
}

func TestState(t *testing.T) {
	states := asset(t).State(value.Doc{"tier": "A"}, ctx())
	cases := map[value.FieldKey]catalog.FieldState{
		"name":      {Visible: true, Required: true},
		"checkedAt": {Visible: true, Required: true},
		"reason":    {},
		"total":     {Visible: true, ReadOnly: true},
		"placeName": {Visible: true, ReadOnly: true},
	}
	for key, want := range cases {
		if states[key] != want {
			t.Errorf("%s: %+v, want %+v", key, states[key], want)
		}
	}
}

func TestNothingToReckonWithIsAbsent(t *testing.T) {
	form := asset(t)
	doc := value.Doc{"lines": value.List{value.Doc{"id": "r", "count": int64(1), "amount": int64(5)}}}
	if issues := form.Compute(doc, ctx()); len(issues) > 0 {
		t.Fatal(issues)
	}
	if have := asJSON(t, doc["lines"]); have != `[{"count":1,"id":"r"}]` {
		t.Errorf("an amount without a price: %s", have)
	}
}

func TestDerive(t *testing.T) {
	form := asset(t)
	r := &value.Record{ID: "a1", Form: "asset", CreatedAt: now, CreatedBy: "lee", UpdatedAt: now, UpdatedBy: "lee", Values: value.Doc{
		"name": "圆锯 X", "keeper": "kim", "zone": "z1", "phone": "13812345678", "checkedAt": now.UnixMilli(),
	}}
	form.Derive(r, shanghai, people(t))
	if r.Get("~day:checkedAt") != int64(20260401) || r.Get("~day:createdAt") != int64(20260401) {
		t.Errorf("days are those of the zone: %v", r.Shadow)
	}
	if r.Get("~sort:name") == nil || r.Get("~text") != "圆锯 x\n13812345678" {
		t.Errorf("shadow %v", r.Shadow)
	}
	want := []string{"under:east", "under:top", "unit:east", "user:kim", "zone:z1"}
	if asJSON(t, r.Principals) != asJSON(t, want) {
		t.Errorf("principals %v", r.Principals)
	}
	if !query.Match(query.Search{Terms: []query.Term{{Folded: "圆锯", Tokens: []string{"圆锯"}}}}, r) {
		t.Errorf("not found by its tokens: %v", r.Tokens)
	}
}

func TestAFormWithoutOwnerBelongsToItsMaker(t *testing.T) {
	r := &value.Record{CreatedBy: "kim", CreatedAt: now, UpdatedAt: now, Values: value.Doc{}}
	compiled(t).Forms["place"].Derive(r, shanghai, people(t))
	if asJSON(t, r.Principals) != `["under:east","under:top","unit:east","user:kim"]` {
		t.Errorf("principals %v", r.Principals)
	}
}

func TestReferencesAreFoundEverywhere(t *testing.T) {
	form := asset(t)
	doc := value.Doc{"place": "p1", "keeper": "kim", "helpers": value.List{"lee"}, "unit": "east", "zone": "z1",
		"lines": value.List{value.Doc{"id": "r", "part": "a2"}}}
	found := map[string]string{}
	form.EachReference(doc, func(_ *catalog.Field, target value.FormKey, id value.ID) { found[string(id)] = string(target) })
	form.EachOrgValue(doc, func(_ *catalog.Field, kind string, id value.ID) { found[string(id)] = kind })
	want := map[string]string{"p1": "place", "a2": "asset", "kim": "member", "lee": "member", "east": "orgunit", "z1": "zone"}
	if asJSON(t, found) != asJSON(t, want) {
		t.Errorf("found %v", found)
	}
	encoded := form.EncodeValues(doc)
	form.EachEncodedReference(encoded, func(target value.FormKey, ref map[string]any) { ref["title"] = string(target) })
	if have := asJSON(t, encoded["lines"]); have != `[{"id":"r","part":{"id":"a2","title":"asset"}}]` {
		t.Error(have)
	}
	if have := asJSON(t, encoded["helpers"]); have != `[{"id":"lee","title":"$user"}]` {
		t.Error(have)
	}
}

func TestWhatFormsKnowOfEachOther(t *testing.T) {
	c := compiled(t)
	var pointing []string
	for _, back := range c.Pointing("asset") {
		pointing = append(pointing, string(back.Form.Key)+"."+string(back.Field.Key))
	}
	if asJSON(t, pointing) != `["asset.part","check.asset","check.others"]` {
		t.Errorf("pointing at asset: %v", pointing)
	}
	place := c.Forms["place"]
	if len(place.FedBy) != 2 || len(c.Forms["asset"].Feeds) != 2 {
		t.Fatalf("feeds: %v", place.FedBy)
	}
	count, mean := place.FedBy[0], place.FedBy[1]
	if !count.InTransaction || query.Match(count.Filter, &value.Record{Values: value.Doc{"tier": "C"}}) {
		t.Errorf("count: %+v", count)
	}
	if c.Forms["asset"].Feeds[0].Filter == query.Filter(query.Const(true)) {
		t.Error("the child's side of a rollup has not its filter")
	}
	if have := mean.Figure([]query.Row{{Figures: []value.Value{int64(1000), int64(3)}}}); have != int64(333) {
		t.Errorf("mean of 10.00 over 3 is %v", have)
	}
	if count.Figure(nil) != int64(0) || mean.Figure(nil) != nil {
		t.Error("figures of nothing")
	}
	if c.InOrder()[0].Key != "place" || len(c.InOrder()) != 3 {
		t.Error("the menu's order")
	}
}

func TestChoice(t *testing.T) {
	form := asset(t)
	part, ok := form.Fields[slices.IndexFunc(form.Fields, func(f *catalog.Field) bool { return f.Key == "lines" })].Column("part")
	if !ok || !slices.Contains(form.References, part) {
		t.Fatal("a column that refers is a reference too")
	}
	whole, spent := &value.Record{Values: value.Doc{"tier": "A"}}, &value.Record{Values: value.Doc{"tier": "C"}}
	if f := part.Choice(ctx()); !query.Match(f, whole) || query.Match(f, spent) {
		t.Errorf("choice %v", f)
	}
	other, _ := form.Field("place")
	if !query.Match(other.Choice(ctx()), spent) {
		t.Error("without a filter all may be chosen")
	}
}

func TestTitles(t *testing.T) {
	if have := asset(t).TitleOf(value.Doc{"name": "圆锯"}); have != "圆锯" {
		t.Error(have)
	}
	tier, _ := asset(t).Field("tier")
	if have := tier.Text("A", "en"); have != "Tier A" {
		t.Error(have)
	}
	number, _ := compiled(t).Forms["check"].Field("number")
	if have := number.RenderNumber(7, 20260401); have != "CK-26-007" {
		t.Error(have)
	}
	if !number.Computed() || number.Sequence("check", 20260401) == number.Sequence("check", 20270401) {
		t.Error("numbers begin anew each year")
	}
	if number.Def.Kind != field.Autonumber {
		t.Error(number.Def.Kind)
	}
}
