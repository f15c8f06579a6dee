package engine_test

import (
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/audit"
	"tidewater/engine/org"
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
	const told = " has exported 30 records today, more than 25. The audit says what."
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
