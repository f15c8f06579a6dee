package engine_test

import (
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/access"
	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Who takes more records on a day than the app says is told to the administrators, once a day, whatever the files.
func TestWhoExportsMuchIsTold(t *testing.T) {
	w := newShop(t, 10)
	_, err := w.Apps.Install(t.Context(), bundle("1.2.0",
		`"menu": ["shelf"`, `"alerts": {"exportedPerDay": 25}, "menu": ["shelf"`,
		`"book": {"create": true, "read": {"scope": "all"}`, `"book": {"export": {"scope": "all"}, "create": true, "read": {"scope": "all"}`))
	must(t, err)
	w.hire(org.User{ID: "adm", Username: "adm", Name: "Adm", Roles: []string{"librarian"}, Active: true, Admin: true, Locale: "en"})
	took := func(times int) {
		t.Helper()
		for range times {
			w.export(engine.ExportRequest{})
			w.turns()
		}
	}
	took(2)
	w.hears("adm")
	took(1)
	const told = " has taken out 30 records today (exported, printed, or looked up by a complete value), more than 25. The audit says what."
	name := w.actor("lib").Name
	w.hears("adm", name+told)
	took(3)
	w.hears("adm", name+told)
	w.hears("lib")
	w.pass(24 * time.Hour)
	took(2)
	w.hears("adm", name+told)
	took(1)
	w.hears("adm", name+told, name+told)
	entries, err := audit.Read(t.Context(), w.store, "", 100)
	must(t, err)
	exports := 0
	for _, e := range entries {
		if e.Op == audit.RecordsExported && e.Actor == "lib" {
			exports++
		}
	}
	if exports != 9 {
		t.Errorf("the log tells of %d exports", exports)
	}
}

// Prints count as files do; a print of what is out of sight, or by another's eyes, is none.
func TestPrintsAreKeptAndCounted(t *testing.T) {
	w := newShop(t, 10)
	_, err := w.Apps.Install(t.Context(), bundle("1.2.0", `"menu": ["shelf"`, `"alerts": {"exportedPerDay": 11}, "menu": ["shelf"`,
		`"book": {"create": true, "read": {"scope": "all"}`, `"book": {"export": {"scope": "all"}, "create": true, "read": {"scope": "all"}`))
	must(t, err)
	w.hire(org.User{ID: "adm", Username: "adm", Name: "Adm", Roles: []string{"librarian"}, Active: true, Admin: true, Locale: "en"})
	page, err := w.Records.List(t.Context(), w.actor("lib"), record.ListRequest{Form: "book", Limit: 1})
	must(t, err)
	one := page.Records[0].ID
	must(t, w.Printed(t.Context(), w.actor("lib"), "book", []value.ID{one}))
	w.export(engine.ExportRequest{})
	w.turns()
	w.hears("adm")
	must(t, w.Printed(t.Context(), w.actor("lib"), "book", []value.ID{one}))
	w.hears("adm", w.actor("lib").Name+" has taken out 12 records today (exported, printed, or looked up by a complete value), more than 11. The audit says what.")
	found, err := audit.Search(t.Context(), w.store, audit.Query{Form: "book", Record: one, Limit: 10})
	must(t, err)
	if len(found.Entries) != 2 || found.Entries[0].Op != audit.RecordsPrinted || found.Entries[0].Actor != "lib" || found.Entries[0].Count != 1 {
		t.Errorf("%+v", found)
	}
	for name, c := range map[string]struct {
		who  value.Actor
		ids  []value.ID
		code string
	}{
		"nothing":               {w.actor("lib"), nil, "print.records"},
		"too many":              {w.actor("lib"), make([]value.ID, 201), "print.records"},
		"what is not there":     {w.actor("lib"), []value.ID{one, "none"}, "record.notFound"},
		"by another one's eyes": {access.As(w.actor("adm"), w.actor("lib")), []value.ID{one}, "viewing.readOnly"},
	} {
		if err := w.Printed(t.Context(), c.who, "book", c.ids); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// Without an alert nobody is told, and what was counted is there when there is one.
func TestExportsAreCountedBeforeThereIsAnAlert(t *testing.T) {
	w := newShop(t, 10)
	w.hire(org.User{ID: "adm", Username: "adm", Name: "Adm", Roles: []string{"librarian"}, Active: true, Admin: true, Locale: "en"})
	w.export(engine.ExportRequest{})
	w.turns()
	w.hears("adm")
	items, err := w.store.Scan(t.Context(), "exportTally", "", "", 10)
	must(t, err)
	if len(items) != 1 || string(items[0].Body) != `{"records":10}` || items[0].Expires.Before(w.now.Add(47*time.Hour)) {
		t.Errorf("%+v", items)
	}
}

// An alert that could never come is refused.
func TestAnAlertIsOfANumber(t *testing.T) {
	w := newShop(t, 0)
	_, err := w.Apps.Install(t.Context(), bundle("1.2.0", `"menu": ["shelf"`, `"alerts": {"exportedPerDay": -1}, "menu": ["shelf"`))
	if issues := faultsOf(err); len(issues) != 1 || issues[0].Path != "/alerts/exportedPerDay" || issues[0].Code != "field.min" {
		t.Errorf("%v", err)
	}
}
