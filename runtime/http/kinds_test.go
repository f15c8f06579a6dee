package http_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"maps"
	"os"
	"slices"
	"testing"

	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/runtime/people"
	"tidewater/runtime/tenant"
)

// everything holds a value for each field of testdata/kinds that people fill, in the plainest form.
func everything(s *site, keeper *caller) map[string]any {
	part := keeper.post("/forms/part/records", map[string]any{"values": map[string]any{"name": "Blade"}}).is(201).id()
	like := keeper.post("/forms/thing/records", map[string]any{"values": map[string]any{"name": "Like", "price": "1.50"}}).is(201).id()
	me, _ := keeper.get("/me").is(200).at("user").(map[string]any)
	paper := keeper.put("a.txt", "text/plain", []byte("paper")).is(201).id()
	scan := keeper.put("s.txt", "text/plain", []byte("scan")).is(201).id()
	var pixels bytes.Buffer
	must(s.t, png.Encode(&pixels, image.NewGray(image.Rect(0, 0, 8, 8))))
	photo := keeper.put("p.png", "image/png", pixels.Bytes()).is(201).id()
	hand := keeper.put("h.png", "image/png", pixels.Bytes()).is(201).id()
	unit, zone := s.tenants.NewID(), s.tenants.NewID()
	s.in("kinds", func(t *tenant.Tenant) {
		must(s.t, t.People.Change(s.t.Context(), func(d *people.Draft) error {
			d.PutUnit(org.Unit{ID: unit, Name: map[string]string{"en": "Sales"}})
			d.PutZone(org.Zone{ID: zone, Key: "east", Name: map[string]string{"en": "East"}})
			return nil
		}))
	})
	return map[string]any{
		"name": "Saw", "story": "one\ntwo", "whole": 7, "exact": "1.250", "price": "1234.50", "yen": 900, "rate": "12.5",
		"sealed": false, "tier": "A", "colours": []string{"red"}, "path": []string{"tools", "saws"}, "stage": "open",
		"tags": []string{"new"}, "day": "2026-03-01", "moment": "2026-03-01T08:00:00Z", "phone": "13800000001",
		"email": "saw@example.com", "site": "https://example.com/saw", "who": me["id"], "crew": []any{me["id"]},
		"unit": unit, "zone": zone, "like": like, "parts": []string{part},
		"lines": []map[string]any{{
			"item": "Blade", "count": 2, "price": "3.50", "day": "2026-03-02", "choice": "b", "part": part,
			"who": []any{map[string]any{"id": me["id"], "title": "Keeper"}}, "scan": []string{scan}, "sure": true,
		}},
		"papers": []map[string]any{{"id": paper}}, "photo": []string{photo}, "region": "310101",
		"address": map[string]any{"region": "310101", "detail": "1 Bund", "postcode": "200001"},
		"stars":   7,
		"clock":   "09:30", "spell": 5400, "card": "11010519491231002X", "units": []any{unit}, "hand": []string{hand},
		"notes": "# Saw\n\n*sharp*", "page": "<p>A <strong>saw</strong></p>", "extra": `{"a":[1.50,null]}`,
		"period": map[string]any{"start": "2026-03-01", "end": "2026-03-31"}, "about": map[string]any{"form": "part", "id": part},
		"bound": "part:" + part, "follows": map[string]any{"form": "part", "id": part, "title": "Blade"},
	}
}

// TestEveryKindIsDescribedAsItTravels makes, shows, changes and empties a value of every kind of field. What
// it gets and what it may send is held by watch to the schemas of the form.
func TestEveryKindIsDescribedAsItTravels(t *testing.T) {
	s := newSite(t)
	s.furnishWith("kinds", "testdata/kinds")
	keeper, viewer := s.as("kinds", "keeper"), s.as("kinds", "viewer")
	values := everything(s, keeper)
	made := keeper.post("/forms/thing/records", map[string]any{"values": values}).is(201)
	path := "/forms/thing/records/" + made.id()
	keeper.post("/forms/part/records", map[string]any{"values": map[string]any{"name": "Grip", "price": 2, "thing": made.id()}}).is(201)

	seen := keeper.get(path).is(200)
	shown, _ := seen.at("values").(map[string]any)
	used := map[meta.FieldKind]bool{}
	for key, def := range definitions(t) {
		used[def.Kind] = true
		if shown[key] == nil {
			t.Errorf("%s, a %s, has no value: the schema of it is not tried", key, def.Kind)
		}
	}
	for _, kind := range field.Kinds() {
		if !used[kind.Name()] {
			t.Errorf("no field of the kind %s", kind.Name())
		}
	}
	if masked, _ := viewer.get(path).is(200).at("masked").([]any); len(masked) == 0 {
		t.Error("nothing is masked from a viewer")
	}
	viewer.get("/forms/thing/records").is(200)

	// What was read may be sent back as it is, by whoever may change the record.
	changed := keeper.with("If-Match", seen.header.Get("ETag")).patch(path, map[string]any{"values": shown}).is(200)
	other := map[string]any{
		"address": map[string]any{"detail": "2 Bund", "postcode": nil}, "tier": nil, "colours": []string{}, "like": "",
		"whole": "8", "exact": 1.5, "price": 7, "yen": "1000", "rate": 3, "who": shown["who"], "crew": shown["crew"],
		"lines": []map[string]any{{"item": "Grip", "count": "3"}, {"id": rowID(shown), "_delete": true}},
	}
	changed = keeper.with("If-Match", changed.header.Get("ETag")).patch(path, map[string]any{"values": other}).is(200)
	none := map[string]any{}
	for key, def := range definitions(t) {
		if kind, ok := field.Of(def.Kind); ok && key != "name" && !field.IsComputed(&def) && kind.Name() != field.Autonumber {
			none[key] = nil
		}
	}
	empty := keeper.with("If-Match", changed.header.Get("ETag")).patch(path, map[string]any{"values": none}).is(200)
	left, _ := empty.at("values").(map[string]any)
	want := []string{"code", "count", "name", "says", "sum", "total"}
	if keys := slices.Sorted(maps.Keys(left)); !slices.Equal(keys, want) {
		t.Errorf("emptied, it has %v, want %v", keys, want)
	}
	keeper.get(path + "/history").is(200)
	keeper.post("/forms/thing/evaluate", map[string]any{"values": values}).is(200)
}

func rowID(values map[string]any) any {
	rows, _ := values["lines"].([]any)
	if len(rows) == 0 {
		return nil
	}
	row, _ := rows[0].(map[string]any)
	return row["id"]
}

// definitions are the fields of testdata/kinds' thing.
func definitions(t *testing.T) map[string]meta.Field {
	t.Helper()
	text, err := os.ReadFile("testdata/kinds/forms/thing/form.json")
	must(t, err)
	var form struct {
		Properties map[string]meta.Field `json:"properties"`
	}
	must(t, json.Unmarshal(text, &form))
	return form.Properties
}
