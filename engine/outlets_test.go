package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// outlet adds a place outside to what root has.
func (w *world) outlet(key string, order engine.OutletOrder) {
	w.Helper()
	secret := "s3cret"
	order.Name, order.On, order.Settings, order.Secret = key, true, json.RawMessage(`{}`), &secret
	_, err := w.PutOutlet(w.Context(), w.actor("root"), key, 0, order)
	must(w, err)
}

// heard sends what is due, and returns the texts that have arrived.
func (w *world) heard() []string {
	w.Helper()
	must(w, w.Settle(w.Context()))
	must(w, w.Inform(w.Context()))
	must(w, w.RunPost(w.Context()))
	w.mail.mu.Lock()
	defer w.mail.mu.Unlock()
	var out []string
	for _, m := range w.mail.got {
		out = append(out, m.Text)
	}
	w.mail.got = nil
	return out
}

func TestOtherSystemsHearOfRecordsAndNothingOfThem(t *testing.T) {
	w := postal(t, notify.Never)
	w.outlet("erp", engine.OutletOrder{Service: engine.Webhook, Events: []event.Kind{event.RecordCreated, event.RecordDeleted}, Forms: []value.FormKey{"book"}})
	w.outlet("all", engine.OutletOrder{Service: engine.Webhook, Events: []event.Kind{event.RecordChanged}})
	w.twice = true // the outbox hands it out once more, as after a kill
	shelf := w.make("lib", "shelf", map[string]any{"name": "S"})
	made := w.make("lib", "book", map[string]any{"title": "Secret Tides", "note": "hidden"})
	got := w.heard()
	if len(got) != 1 || strings.Contains(got[0], "Secret") || strings.Contains(got[0], "hidden") {
		t.Fatalf("heard %v", got)
	}
	var one map[string]any
	must(t, json.Unmarshal([]byte(got[0]), &one))
	if one["event"] != "recordCreated" || one["form"] != "book" || one["record"] != string(made.ID) || one["version"] != 1.0 || one["id"] == "" || len(one) != 6 {
		t.Errorf("heard %s", got[0])
	}
	_, err := w.Records.Update(t.Context(), w.actor("lib"), "shelf", shelf.ID, shelf.Version, record.Input{Values: map[string]any{"name": "T"}})
	must(t, err)
	if got := w.heard(); len(got) != 1 || !strings.Contains(got[0], `"form":"shelf"`) {
		t.Errorf("heard %v", got)
	}
	// One that is off, or gone, hears nothing more; what waited for it is forgotten.
	w.mail.answers = []error{fault.New(fault.Unavailable, "channel.busy")}
	w.make("lib", "book", map[string]any{"title": "Waits"})
	if got := w.heard(); len(got) != 1 {
		t.Errorf("heard %v", got)
	}
	must(t, w.DropOutlet(t.Context(), w.actor("root"), "erp", 1))
	w.make("lib", "book", map[string]any{"title": "Late"})
	w.pass(time.Hour)
	if got := w.heard(); len(got) != 0 {
		t.Errorf("heard %v", got)
	}
	w.clean()
}

// A group hears what a script says to it, in its own language and once, whatever the transaction needed to come about.
func TestScriptsSpeakToGroups(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"book/tell": {`"kind": "action", "action": {"on": "record"}`, `
notify({"group:team", "group:none", "group:erp", "kim"}, {en="{title} is won", ["zh-CN"]="「{title}」赢单"}, "book", record.id)`},
	})
	w.mail = &mailbox{}
	w.hire(org.User{ID: "root", Username: "root", Name: "Root", Active: true, Admin: true, Locale: "en"})
	w.Engine = w.open()
	w.outlet("team", engine.OutletOrder{Service: notify.WeCom, Locale: "zh-CN"})
	w.outlet("erp", engine.OutletOrder{Service: engine.Webhook, Events: []event.Kind{event.RecordPurged}})
	one := w.make("kim", "book", map[string]any{"title": "Tides"})
	_, err := w.Records.Act(t.Context(), w.actor("kim"), "book", one.ID, "tell", record.ActInput{})
	must(t, err)
	must(t, w.RunPost(t.Context()))
	if len(w.mail.got) != 1 || w.mail.got[0].Link != "https://app.test/f/book/"+string(one.ID) {
		t.Fatalf("%+v", w.mail.got)
	}
	if got := w.heard(); !slices.Equal(got, []string{"「您现在看不到的记录」赢单"}) {
		t.Errorf("heard %v", got)
	}
	w.hears("kim", "Tides is won")
	// A robot that is gone is told to whoever can mend it, once a day.
	wrong := fault.New(fault.Unavailable, "channel.credentials").With("code", 93000)
	w.mail.answers = []error{wrong, wrong}
	_, err = w.Records.Act(t.Context(), w.actor("kim"), "book", one.ID, "tell", record.ActInput{})
	must(t, err)
	must(t, w.RunPost(t.Context()))
	w.pass(time.Minute)
	must(t, w.RunPost(t.Context()))
	if got := w.told("root"); len(got) != 1 || !strings.Contains(got[0], "Messages by team could not be delivered") {
		t.Errorf("root was told %v", got)
	}
	sent, _, err := w.Deliveries(t.Context(), w.actor("root"), "outlet-team", "", 10)
	must(t, err)
	if len(sent) != 1 || sent[0].User != "" {
		t.Errorf("%+v", sent)
	}
	w.clean()
}

func TestOutletsAreForAdministrators(t *testing.T) {
	w := postal(t, notify.Never)
	w.outlet("erp", engine.OutletOrder{Service: engine.Webhook, Events: []event.Kind{event.RecordCreated}})
	_, list := w.Outlets(t.Context(), w.actor("lib"))
	_, put := w.PutOutlet(t.Context(), w.actor("lib"), "x", 0, engine.OutletOrder{})
	for _, err := range []error{list, put, w.DropOutlet(t.Context(), w.actor("lib"), "erp", 1), w.TestOutlet(t.Context(), w.actor("lib"), "erp")} {
		if fault.CodeOf(err) != "access.admin" {
			t.Errorf("lib: %v", err)
		}
	}
	secret := "s3cret"
	for n := range 49 {
		w.outlet(fmt.Sprint("o", n), engine.OutletOrder{Service: notify.WeCom, Locale: "en"})
	}
	_, err := w.PutOutlet(t.Context(), w.actor("root"), "onemore", 0, engine.OutletOrder{Service: notify.WeCom, Name: "x", Locale: "en", Settings: json.RawMessage(`{}`), Secret: &secret})
	if fault.CodeOf(err) != "outlet.tooMany" {
		t.Error(err)
	}
	item, err := w.store.Load(t.Context(), "outlet", "erp")
	must(t, err)
	if strings.Contains(string(item.Body), secret) {
		t.Errorf("the secret lies open: %s", item.Body)
	}
}
