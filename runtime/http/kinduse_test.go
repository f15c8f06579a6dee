package http_test

import (
	"fmt"
	"strings"
	"testing"
)

// names lists the names of the things that a list finds.
func names(r *response) string {
	var out []string
	records, _ := r.is(200).at("records").([]any)
	for _, one := range records {
		record, _ := one.(map[string]any)
		values, _ := record["values"].(map[string]any)
		out = append(out, fmt.Sprint(values["name"]))
	}
	return strings.Join(out, " ")
}

func things(s *site) *caller {
	s.furnishWith("kinds", "testdata/kinds")
	keeper := s.as("kinds", "keeper")
	for _, values := range []map[string]any{
		{"name": "March", "period": "2026-03-01/2026-03-31", "stars": 4, "clock": "09:30", "spell": "1:30", "card": "11010519491231002X"},
		{"name": "Fair", "period": map[string]any{"start": "2026-03-28", "end": "2026-04-02"}, "stars": 7, "clock": "14:00", "spell": 600, "page": "<h2>Fair</h2><p>水泵 &amp; valves</p>"},
		{"name": "Day", "period": map[string]any{"start": "2026-04-02", "end": "2026-04-02"}, "stars": 2, "notes": "# Day"},
		{"name": "None"},
	} {
		keeper.post("/forms/thing/records", map[string]any{"values": values}).is(201)
	}
	return keeper
}

// TestKindsAreFilteredAndSorted asks the store, through the API, by the comparisons of each kind.
func TestKindsAreFilteredAndSorted(t *testing.T) {
	s := newSite(t)
	keeper := things(s)
	across := func(start, end string) any { return map[string]any{"start": start, "end": end} }
	cases := []struct {
		field, op string
		value     any
		want      string
	}{
		{"period", "overlaps", across("2026-03-30", "2026-04-01"), "Fair March"},
		{"period", "overlaps", "2026-04-02", "Day Fair"},
		{"period", "overlaps", across("2026-04-03", "2026-12-31"), ""},
		{"period", "covers", "2026-03-31", "Fair March"},
		{"period", "covers", across("2026-03-01", "2026-03-31"), "March"},
		{"period", "within", across("2026-03-15", "2026-04-30"), "Day Fair"},
		{"period", "empty", nil, "None"},
		{"period.end", "eq", "2026-04-02", "Day Fair"},
		{"period.start", "lt", "2026-03-15", "March"},
		{"stars", "gte", 4, "Fair March"},
		{"stars", "in", []int{2, 7}, "Day Fair"},
		{"clock", "lt", "12:00", "March"},
		{"clock", "gte", "09:30", "Fair March"},
		{"spell", "gt", "1h", "March"},
		{"spell", "eq", 600, "Fair"},
		{"card", "eq", "11010519491231002x", "March"},
		{"page", "notEmpty", nil, "Fair"},
		{"notes", "contains", "day", "Day"},
		{"extra", "empty", nil, "Day Fair March None"},
	}
	for _, c := range cases {
		condition := map[string]any{"field": c.field, "op": c.op}
		if c.value != nil {
			condition["value"] = c.value
		}
		if got := names(keeper.post("/forms/thing/query", map[string]any{"filter": condition, "sort": "name"})); got != c.want {
			t.Errorf("%s %s %v: %q, want %q", c.field, c.op, c.value, got, c.want)
		}
		not := map[string]any{"not": condition}
		if got := names(keeper.post("/forms/thing/query", map[string]any{"filter": not})); len(strings.Fields(got))+len(strings.Fields(c.want)) != 4 {
			t.Errorf("not %s %s %v: %q", c.field, c.op, c.value, got)
		}
	}
	for sort, want := range map[string]string{
		"period": "None March Fair Day", "-period.end,name": "Day Fair March None", "-stars": "Fair March Day None",
		"-clock,name": "Fair March Day None", "spell,name": "Day None Fair March",
	} {
		if got := names(keeper.get("/forms/thing/records?sort=" + sort)); got != want {
			t.Errorf("by %s: %q, want %q", sort, got, want)
		}
	}
	if got := names(keeper.get("/forms/thing/records?filter=period.end+%3E+date(%222026-03-31%22)+and+clock+%3E%3D+600")); got != "Fair" {
		t.Errorf("an expression finds %q", got)
	}
	if got := names(keeper.get("/forms/thing/records?q=%E6%B0%B4%E6%B3%B5")); got != "" {
		t.Errorf("search of a field that is not searched finds %q", got)
	}
}

func TestKindsRefuseWhatTheyCannotBeAskedFor(t *testing.T) {
	s := newSite(t)
	keeper := things(s)
	for _, c := range []struct{ field, op, value string }{
		{"page", "contains", "p"}, {"extra", "eq", "{}"}, {"hand", "eq", "x"}, {"period", "eq", "2026-03-01"}, {"stars", "overlaps", "2026-03-01"},
	} {
		condition := map[string]any{"field": c.field, "op": c.op, "value": c.value}
		keeper.post("/forms/thing/query", map[string]any{"filter": condition}).problem(422, "filter.invalid", "/op filter.op")
	}
	for _, value := range []any{"2026-02-31", "soon", map[string]any{"start": "2026-03-02", "end": "2026-03-01"}, nil, 5} {
		condition := map[string]any{"field": "period", "op": "overlaps", "value": value}
		keeper.post("/forms/thing/query", map[string]any{"filter": condition}).problem(422, "filter.invalid", "/value filter.value")
	}
	for _, sort := range []string{"page", "extra", "units", "about.name", "period.middle"} {
		keeper.get("/forms/thing/records?sort=" + sort).is(422)
	}
}

func TestKindsAreReckonedOver(t *testing.T) {
	s := newSite(t)
	keeper := things(s)
	sums := keeper.post("/forms/thing/aggregate", map[string]any{"metrics": []any{
		map[string]any{"op": "avg", "field": "stars"}, map[string]any{"op": "sum", "field": "spell"}, map[string]any{"op": "min", "field": "clock"},
		map[string]any{"op": "max", "field": "days"},
	}}).is(200)
	if got := fmt.Sprint(sums.at("rows")); got != "[map[keys:[] metrics:[4.33 6000 09:30 31]]]" {
		t.Error(got)
	}
	months := keeper.post("/forms/thing/aggregate", map[string]any{"group": []any{map[string]any{"field": "period.start", "bucket": "month"}}}).is(200)
	if got := fmt.Sprint(months.at("rows")); got != "[map[keys:[<nil>] metrics:[1]] map[keys:[2026-03] metrics:[2]] map[keys:[2026-04] metrics:[1]]]" {
		t.Error(got)
	}
	for _, metric := range []map[string]any{{"op": "sum", "field": "stars"}, {"op": "sum", "field": "clock"}, {"op": "avg", "field": "clock"}} {
		keeper.post("/forms/thing/aggregate", map[string]any{"metrics": []any{metric}}).is(422)
	}
	keeper.post("/forms/thing/aggregate", map[string]any{"group": []any{map[string]any{"field": "about"}}}).is(422)
}

// TestAnyrefKeepsToWhatIsThere refers to records of several forms, and to what cannot be referred to.
func TestAnyrefKeepsToWhatIsThere(t *testing.T) {
	s := newSite(t)
	keeper := things(s)
	viewer := s.as("kinds", "viewer")
	s.furnishWith("other", "testdata/kinds")
	part := func(who *caller, name string) string {
		return who.post("/forms/part/records", map[string]any{"values": map[string]any{"name": name}}).is(201).id()
	}
	thing := func(values map[string]any) *response {
		return keeper.post("/forms/thing/records", map[string]any{"values": values})
	}
	unseen := viewer.post("/forms/vault/records", map[string]any{"values": map[string]any{"name": "Gold"}}).is(201).id()
	foreign := part(s.as("other", "keeper"), "Foreign")
	gone := part(keeper, "Gone")
	keeper.with("If-Match", keeper.get("/forms/part/records/"+gone).header.Get("ETag")).remove("/forms/part/records/" + gone).is(204)
	blade := part(keeper, "Blade")
	for name, about := range map[string]any{
		"of a form that the field does not name": map[string]any{"form": "user", "id": blade},
		"of another form than it says":           map[string]any{"form": "thing", "id": blade},
		"that nobody made":                       map[string]any{"form": "part", "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"},
		"that is in the recycle bin":             map[string]any{"form": "part", "id": gone},
		"that is not theirs to see":              map[string]any{"form": "vault", "id": unseen},
		"of another tenant":                      map[string]any{"form": "part", "id": foreign},
	} {
		if got := thing(map[string]any{"name": "Saw", "about": about}); got.status != 422 || !strings.Contains(got.raw, "/values/about") {
			t.Errorf("a record %s: %d %s", name, got.status, got.raw)
		}
	}

	cleared := thing(map[string]any{"name": "Cleared", "about": "part:" + blade}).is(201)
	if got := fmt.Sprint(cleared.at("values", "about")); got != "map[form:part id:"+blade+" title:Blade]" {
		t.Error(got)
	}
	found := keeper.post("/forms/thing/query", map[string]any{"filter": map[string]any{"field": "about", "op": "eq", "value": cleared.at("values", "about")}})
	if got := names(found); got != "Cleared" {
		t.Errorf("found by what it is about: %q", got)
	}
	bound := thing(map[string]any{"name": "Bound", "bound": "part:" + blade}).is(201).id()
	followed := thing(map[string]any{"name": "Followed", "follows": "part:" + blade}).is(201).id()
	drop := func() *response {
		tag := keeper.get("/forms/part/records/" + blade).header.Get("ETag")
		return keeper.with("If-Match", tag).remove("/forms/part/records/" + blade)
	}
	drop().problem(409, "record.referred")
	tag := keeper.get("/forms/thing/records/" + bound).header.Get("ETag")
	keeper.with("If-Match", tag).patch("/forms/thing/records/"+bound, map[string]any{"values": map[string]any{"bound": nil}}).is(200)
	drop().is(204)
	if got := keeper.get("/forms/thing/records/"+cleared.id()).is(200).at("values", "about"); got != nil {
		t.Errorf("it is still about %v", got)
	}
	if keeper.get("/forms/thing/records/"+followed).is(200).at("deletedAt") == nil {
		t.Error("what follows its part stays without it")
	}
}

// TestHostileMarkupIsKeptInert stores what attacks a page and looks at what comes out of every door.
func TestHostileMarkupIsKeptInert(t *testing.T) {
	s := newSite(t)
	s.furnishWith("kinds", "testdata/kinds")
	keeper := s.as("kinds", "keeper")
	const evil = `<p onclick="alert(1)">ok</p><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a>`
	made := keeper.post("/forms/thing/records", map[string]any{"values": map[string]any{"name": "Evil", "page": evil, "notes": evil}}).is(201)
	if got := made.at("values", "page"); got != "<p>ok</p>x" {
		t.Errorf("kept: %v", got)
	}
	if got := made.at("values", "notes"); got != evil {
		t.Errorf("text with marks is kept as written, and nobody takes HTML from it: %v", got)
	}
	long := keeper.post("/forms/thing/records", map[string]any{"values": map[string]any{"name": "Long", "page": strings.Repeat("x", 100_001)}})
	long.problem(422, "record.invalid", "/values/page field.tooLong")
	deep := strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)
	keeper.post("/forms/thing/records", map[string]any{"values": map[string]any{"name": "Deep", "extra": deep}}).problem(422, "record.invalid", "/values/extra field.jsonDepth")
	if got := keeper.post("/forms/thing/records", `{"values": {"name": "Deep", "extra": `+deep+`}}`); got.status != 400 && got.status != 422 {
		t.Errorf("10,000 levels: %d", got.status)
	}
}
