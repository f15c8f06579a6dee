package engine_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

// A depot lends its assets: in the zone east there are ann and abe, in the west wes, over all of them the boss;
// the clerk sees every asset, but neither phones nor what it is worth.

const (
	asset = `{"type": "object", "x-form": "asset", "x-label": {"en": "Asset"}, "x-title": "name", "x-holders": {"owner": "holder"},
	"required": ["name"], "properties": {
	"name": {"x-field": "text", "x-label": {"en": "Name"}, "x-search": true},
	"holder": {"x-field": "member", "x-label": {"en": "Holder"}},
	"zone": {"x-field": "select", "x-label": {"en": "Zone"}, "x-options": [{"value": "east", "label": {"en": "East"}},
		{"value": "west", "label": {"en": "West"}}, {"value": "sea", "label": {"en": "Sea"}}]},
	"tier": {"x-field": "select", "x-label": {"en": "Tier"}, "x-options": [{"value": "A", "label": {"en": "A"}},
		{"value": "B", "label": {"en": "B"}}, {"value": "C", "label": {"en": "C"}}]},
	"phone": {"x-field": "phone", "x-label": {"en": "Phone"}, "x-search": true, "x-lookup": true},
	"worth": {"x-field": "currency", "x-label": {"en": "Worth"}, "x-scale": 2},
	"sealed": {"x-field": "boolean", "x-label": {"en": "Sealed"}},
	"startedAt": {"x-field": "datetime", "x-label": {"en": "Started"}},
	"note": {"x-field": "text", "x-label": {"en": "Note"}}}}`
	check = `{"type": "object", "x-form": "check", "x-label": {"en": "Check"}, "x-title": "content", "properties": {
	"asset": {"x-field": "reference", "x-label": {"en": "Asset"}, "x-ref": "asset", "x-onDelete": "cascade"},
	"at": {"x-field": "datetime", "x-label": {"en": "At"}}, "content": {"x-field": "text", "x-label": {"en": "Content"}}}}`
	part = `{"type": "object", "x-form": "part", "x-label": {"en": "Part"}, "x-title": "name", "x-holders": {"owner": "holder"}, "properties": {
	"asset": {"x-field": "reference", "x-label": {"en": "Asset"}, "x-ref": "asset", "x-onDelete": "cascade"},
	"name": {"x-field": "text", "x-label": {"en": "Name"}}, "holder": {"x-field": "member", "x-label": {"en": "Holder"}, "x-default": "actor.id"}}}`
)

// pools are the files of the pools, by key; more is what each says beside.
func poolFiles(east, west string) map[string]string {
	rights := func(zone string) string {
		return `"rights": {"view": ["zone:` + zone + `"], "claim": [{"all": ["zone:` + zone + `", "role:keeper"]}], "assign": ["role:boss"],
			"transfer": ["role:boss"], "manage": ["role:boss"]}`
	}
	return map[string]string{
		"pools/east.json": `{"key": "east", "form": "asset", "label": {"en": "East"}, "priority": 10, "when": "zone == \"east\"", "tier": "tier", "hidden": ["worth"], ` +
			rights("east") + east + `}`,
		"pools/west.json": `{"key": "west", "form": "asset", "label": {"en": "West"}, "priority": 20, "when": "zone == \"west\" or zone == \"east\"", "tier": "tier", ` +
			rights("west") + west + `}`,
	}
}

func depot(version string, files map[string]string) catalog.Bundle {
	out := catalog.Bundle{}
	all := `"create": true, "read": {"scope": "all"}, "update": {"scope": "all"}, "delete": {"scope": "all"}`
	own := strings.ReplaceAll(all, `"all"`, `"own"`)
	roles := func(key, assets string) string {
		return `{"key": "` + key + `", "label": {"en": "x"}, "forms": {"asset": {` + assets + `}, "check": {` + all + `}, "part": {` + own + `}}}`
	}
	for path, text := range map[string]string{
		"app.json":              `{"key": "depot", "version": "` + version + `", "label": {"en": "Depot"}, "menu": ["asset"]}`,
		"forms/asset/form.json": asset, "forms/check/form.json": check, "forms/part/form.json": part,
		"roles/keeper.json": roles("keeper", own), "roles/boss.json": roles("boss", all),
		"roles/clerk.json": roles("clerk", `"read": {"scope": "all"}, "fields": {"worth": "hidden", "tier": "hidden"}`),
	} {
		out[path] = []byte(inEnglish.ReplaceAllString(text, `{"en": "$1", "zh-CN": "$1"}`))
	}
	for path, text := range files {
		out[path] = []byte(inEnglish.ReplaceAllString(text, `{"en": "$1", "zh-CN": "$1"}`))
	}
	return out
}

func newDepot(t *testing.T, files map[string]string) *world {
	t.Helper()
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	must(t, err)
	return newDepotIn(t, shanghai, time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC), files)
}

// newDepotIn is a depot whose clocks show the time of a zone.
func newDepotIn(t *testing.T, zone *time.Location, now time.Time, files map[string]string) *world {
	t.Helper()
	s := teststore.Open(t, filepath.Join(t.TempDir(), "depot.db"), "depot")
	t.Cleanup(func() { must(t, s.Close()) })
	w := &world{TB: t, store: s, now: now, zone: zone}
	user := func(id value.ID, role string, zones ...value.ID) org.User {
		return org.User{ID: id, Username: string(id), Name: string(id), Roles: []string{role}, Zones: zones, Active: true, Locale: "en"}
	}
	users := []org.User{user("ann", "keeper", "ze"), user("abe", "keeper", "ze"), user("wes", "keeper", "zw"), user("boss", "boss"), user("clerk", "clerk", "ze"),
		{ID: "gone", Username: "gone", Name: "gone", Roles: []string{"keeper"}}}
	for n := range 200 {
		users = append(users, user(value.ID(fmt.Sprintf("k%03d", n)), "keeper", "ze"))
	}
	named := func(text string) map[string]string { return map[string]string{"en": text} }
	var err error
	w.people, err = org.NewSnapshot(1, users, nil, []org.Zone{{ID: "ze", Key: "east", Name: named("East")}, {ID: "zw", Key: "west", Name: named("West")}})
	must(t, err)
	w.Engine = w.open()
	_, err = w.Apps.Install(t.Context(), depot("1.0.0", files))
	must(t, err)
	return w
}

// act does an action, and answers with its fault.
func (w *world) act(actor, id value.ID, action string, args map[string]any, reason string) error {
	w.Helper()
	_, err := w.Records.Act(w.Context(), w.actor(actor), "asset", id, action, record.ActInput{Args: args, Reason: reason})
	return err
}

// did is act that must not fail.
func (w *world) did(actor, id value.ID, action string, args map[string]any, reason string) {
	w.Helper()
	if err := w.act(actor, id, action, args, reason); err != nil {
		w.Fatalf("%s %s: %v", actor, action, err)
	}
}

// refused is act that must fail with a code.
func (w *world) refused(code string, actor, id value.ID, action string, args map[string]any, reason string) {
	w.Helper()
	if err := w.act(actor, id, action, args, reason); fault.CodeOf(err) != code {
		w.Errorf("%s %s: %v, want %s", actor, action, err, code)
	}
}

// raw is a record as it rests.
func (w *world) raw(id value.ID) *value.Record {
	w.Helper()
	r, err := w.store.Get(w.Context(), "asset", id)
	must(w.TB, err)
	return r
}

// pass lets days go by.
func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}
