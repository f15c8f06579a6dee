package http_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	nethttp "net/http"
	"slices"
	"strings"
	"testing"
)

// TestWhatTypingIsToldIsWhatSavingSays sends what each of the kinds refuses to both doors: the rules that answer while
// somebody types, and the save.
func TestWhatTypingIsToldIsWhatSavingSays(t *testing.T) {
	s := newSite(t)
	s.furnishWith("kinds", "testdata/kinds")
	keeper := s.as("kinds", "keeper")
	text := keeper.put("a.txt", "text/plain", []byte("no picture")).is(nethttp.StatusCreated).id()
	one, two := keeper.put("1.png", "image/png", pixels(t)).is(nethttp.StatusCreated).id(), keeper.put("2.png", "image/png", pixels(t)).is(nethttp.StatusCreated).id()
	for _, c := range []struct {
		field string
		value any
		want  string
	}{
		{"stars", 0, "field.range"}, {"stars", 8, "field.range"}, {"stars", "1.5", "field.integer"}, {"stars", "many", "field.number"}, {"stars", true, "field.type"},
		{"clock", "25:00", "field.time"}, {"clock", "07:59", "field.min"}, {"clock", 930, "field.type"}, {"clock", "noon", "field.time"},
		{"spell", -1, "field.duration"}, {"spell", "2 days", "field.duration"}, {"spell", 360_000_001, "field.durationLong"}, {"spell", []any{1}, "field.type"},
		{"card", "110105194912310021", "field.idcardCheck"}, {"card", "110105194913310022", "field.idcardBirthday"}, {"card", "110105491231002", "field.idcardOld"}, {"card", 1, "field.type"},
		{"units", "Sales", "field.type"}, {"units", []any{"01KJPWD6M03K4GF9Z936WGWDZ9"}, "field.reference"}, {"units", []any{1}, "field.type"},
		{"about", map[string]any{"form": "vault"}, "field.type"}, {"about", "soon", "field.reference"}, {"about", map[string]any{"form": "nothing", "id": "01KJPWD6M03K4GF9Z936WGWDZ9"}, "field.referenceForm"},
		{"hand", []any{text}, "field.fileType"}, {"hand", []any{one, two}, "field.tooMany"}, {"hand", "nothing", "field.type"},
		{"period", map[string]any{"start": "2026-03-02", "end": "2026-03-01"}, "field.rangeOrder"}, {"period", "soon", "field.daterange"}, {"period", map[string]any{"start": "2026-03-02"}, "field.required"},
		{"extra", `{"a":1,"a":2}`, "field.jsonDuplicate"}, {"extra", `{"a":`, "field.json"}, {"extra", 7, "field.type"}, {"extra", `[1e99999]`, "field.jsonNumber"},
		{"page", strings.Repeat("x", 100_001), "field.tooLong"}, {"page", 1, "field.type"},
		{"notes", "a\x01b", "field.characters"}, {"notes", []any{"x"}, "field.type"},
	} {
		values := map[string]any{"name": "Saw", c.field: c.value}
		codes := func(r *response) (out []string) {
			list, _ := r.body["errors"].([]any)
			if list == nil {
				list, _ = r.body["issues"].([]any)
			}
			for _, one := range list {
				issue, _ := one.(map[string]any)
				path, _ := issue["path"].(string)
				if strings.HasPrefix(path, "/values/"+c.field) {
					out = append(out, fmt.Sprint(issue["code"]))
				}
				if text, _ := issue["message"].(string); text == "" || strings.Contains(text, "{") {
					t.Errorf("%s %v: the message is %q", c.field, c.value, text)
				}
			}
			return out
		}
		saved := keeper.post("/forms/thing/records", map[string]any{"values": values})
		typed := keeper.post("/forms/thing/evaluate", map[string]any{"values": values}).is(nethttp.StatusOK)
		if saved.status != nethttp.StatusUnprocessableEntity || !slices.Contains(codes(saved), c.want) {
			t.Errorf("%s %.60v: saving says %d %v, want %s", c.field, c.value, saved.status, codes(saved), c.want)
		}
		if !slices.Contains(codes(typed), c.want) {
			t.Errorf("%s %.60v: typing is told %v, want %s: %s", c.field, c.value, codes(typed), c.want, typed.raw)
		}
	}
}

// TestKindsAreFoundAndRemembered searches what is read of formatted texts, and looks at what history shows of each kind.
func TestKindsAreFoundAndRemembered(t *testing.T) {
	s := newSite(t)
	s.furnishWith("kinds", "testdata/kinds")
	keeper := s.as("kinds", "keeper")
	made := keeper.post("/forms/part/records", map[string]any{"values": map[string]any{
		"name": "Pump", "leaflet": "<h2>水泵</h2><p>a <strong>quiet</strong> pump</p>", "marks": "# Valve\n\n*sharp*", "holder": "11010519491231002x",
	}}).is(nethttp.StatusCreated)
	for words, want := range map[string]string{"水泵": "Pump", "quiet": "Pump", "valve": "Pump", "11010519491231002X": "Pump", "strong": "", "h2": ""} {
		if got := names(keeper.post("/forms/part/query", map[string]any{"q": words})); got != want {
			t.Errorf("%s finds %q, want %q", words, got, want)
		}
	}
	values := everything(s, keeper)
	thing := keeper.post("/forms/thing/records", map[string]any{"values": values}).is(nethttp.StatusCreated)
	changes := map[string]any{
		"stars": 3, "clock": "10:00", "spell": "2h", "card": nil, "units": nil, "hand": nil, "notes": "plain", "page": "<p>other</p>",
		"extra": `[2]`, "period": "2026-04-01", "about": map[string]any{"form": "part", "id": made.id()},
	}
	path := "/forms/thing/records/" + thing.id()
	changed := keeper.with("If-Match", thing.header.Get("ETag")).patch(path, map[string]any{"values": changes}).is(nethttp.StatusOK)
	entries, _ := keeper.get(path + "/history").is(nethttp.StatusOK).at("entries").([]any)
	entry, _ := entries[0].(map[string]any)
	told := map[string]map[string]any{}
	list, _ := entry["changes"].([]any)
	for _, one := range list {
		change, _ := one.(map[string]any)
		told[fmt.Sprint(change["field"])] = change
	}
	before, _ := thing.at("values").(map[string]any)
	after, _ := changed.at("values").(map[string]any)
	for field := range changes {
		change := told[field]
		if change == nil || fmt.Sprint(change["from"]) != fmt.Sprint(before[field]) || fmt.Sprint(change["to"]) != fmt.Sprint(after[field]) {
			t.Errorf("%s: history tells %v, it was %v and is %v", field, change, before[field], after[field])
		}
	}
}

// TestKindsThatAreMaskedTellNothing has a reader to whom every field is masked: texts show some characters, everything
// else nothing, and no door tells more.
func TestKindsThatAreMaskedTellNothing(t *testing.T) {
	s := newSite(t)
	s.furnishWith("kinds", "testdata/kinds")
	keeper, viewer := s.as("kinds", "keeper"), s.as("kinds", "viewer")
	values := everything(s, keeper)
	made := keeper.post("/forms/thing/records", map[string]any{"values": values}).is(nethttp.StatusCreated)
	seen := viewer.get("/forms/thing/records/" + made.id()).is(nethttp.StatusOK)
	shown, _ := seen.at("values").(map[string]any)
	if shown["card"] != "110****002X" {
		t.Errorf("a card is shown as %v", shown["card"])
	}
	for _, field := range []string{"stars", "clock", "spell", "units", "hand", "page", "extra", "period", "about", "bound", "follows"} {
		if shown[field] != nil {
			t.Errorf("%s is shown as %v", field, shown[field])
		}
	}
	if notes, _ := shown["notes"].(string); strings.Contains(notes, "sharp") {
		t.Errorf("notes are shown as %q", notes)
	}
	hand, _ := values["hand"].([]string)
	viewer.get("/files/"+hand[0]).problem(nethttp.StatusNotFound, "file.notFound")
	viewer.get("/files/" + hand[0] + "/thumbnail").is(nethttp.StatusNotFound)
	for field, value := range map[string]any{"stars": 7, "clock": "09:30", "spell": 5400, "card": values["card"], "notes": "sharp"} {
		op := "eq"
		if field == "notes" {
			op = "contains"
		}
		found := viewer.post("/forms/thing/query", map[string]any{"filter": map[string]any{"field": field, "op": op, "value": value}})
		if found.status == nethttp.StatusOK && names(found) != "" {
			t.Errorf("a reader finds by %s", field)
		}
		viewer.get("/forms/thing/records?sort="+field).problem(nethttp.StatusForbidden, "field.notReadable")
	}
	history := viewer.get("/forms/thing/records/" + made.id() + "/history").is(nethttp.StatusOK)
	for _, secret := range []string{"11010519491231002X", "sharp", "1.50", "2026-03-31"} {
		if strings.Contains(history.raw+seen.raw, secret) {
			t.Errorf("a reader is told %s", secret)
		}
	}
}

// pixels is a small picture.
func pixels(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, 8, 8))))
	return out.Bytes()
}
