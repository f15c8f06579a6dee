package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// hosts are all other hosts: each address answers as it is told, and what it was asked is kept.
type hosts struct {
	mu      sync.Mutex
	answers map[string]script.Incoming
	asked   []script.Outgoing
	during  func() // nil, or what happens while one is asked
}

func (h *hosts) Do(_ context.Context, out script.Outgoing) (*script.Incoming, error) {
	if h.during != nil {
		h.during()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, out)
	in, known := h.answers[out.URL]
	if !known {
		return nil, fault.New(fault.Unavailable, "egress.unreachable")
	}
	return &in, nil
}

func (h *hosts) say(url string, status int, body string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.answers == nil {
		h.answers = map[string]script.Incoming{}
	}
	h.answers[url] = script.Incoming{Status: status, Headers: map[string]string{"kind": "list"}, Body: []byte(body)}
}

// seen are the requests since the last time, each in a line.
func (h *hosts) seen() (lines string, all []script.Outgoing) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, one := range h.asked {
		out = append(out, strings.TrimSpace(fmt.Sprint(one.Method, " ", one.URL, " ", one.Body)))
	}
	all, h.asked = h.asked, nil
	return strings.Join(out, "\n"), all
}

const asking = `"kind": "action", "http": true, "action": {"on": "record"}`

// press does an action to a book.
func (w *world) press(book value.ID, action string) (*record.View, error) {
	return w.Records.Act(w.Context(), w.actor("lib"), "book", book, action, record.ActInput{})
}

func TestAScriptAsksAnotherHost(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/price": {asking, `
local got = http("https://prices.test/" .. record.code, {headers = {Accept = "application/json"}})
if got.status ~= 200 then fail("none", "No price: " .. got.status) return end
record.price = got.json.price * 2
record.note = got.json.list[2] .. " " .. got.headers.kind`}})
	w.hosts.say("https://prices.test/a", 200, `{"price": 12.25, "list": ["x", "y"]}`)
	w.hosts.say("https://prices.test/b", 404, "nothing")
	ids := map[string]value.ID{}
	for _, code := range []string{"a", "b", "c"} {
		ids[code] = w.make("lib", "book", map[string]any{"title": code, "code": code}).ID
	}
	got, err := w.press(ids["a"], "price")
	if err != nil || got.Values["price"] != "24.50" || got.Values["note"] != "y list" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := w.press(ids["b"], "price"); fault.CodeOf(err) != "record.invalid" {
		t.Errorf("b: %v", err)
	}
	if _, err := w.press(ids["c"], "price"); !caused(err, "egress.unreachable") {
		t.Errorf("c: %v", err)
	}
	if got, _ := w.hosts.seen(); got != "GET https://prices.test/a\nGET https://prices.test/b\nGET https://prices.test/c" {
		t.Error(got)
	}
	// A trial asks too, and can be repeated from what it heard.
	admin := w.actor("lib")
	admin.Admin = true
	run, err := w.RunScript(t.Context(), engine.ScriptRequest{Form: "book", Script: "price", ScriptTrial: record.ScriptTrial{Actor: admin, ID: ids["a"]}})
	must(t, err)
	w.hosts.answers = nil
	again, err := w.ReplayScript(t.Context(), admin, run.ID)
	if err != nil || !again.Same || run.Changed["note"] != "y list" {
		t.Errorf("%+v %+v, %v", run, again, err)
	}
}

// What a script sends leaves after the commit, with one key until it is taken. What is not saved is not sent.
func TestAScriptSendsToAnotherHost(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/tell": {asking, `
send("https://shop.test/books", {headers = {Authorization = "Bearer x"}, body = {title = record.title, price = decimal("1.50")}})
if record.title == "b" then fail("no", "Not that one") end`}})
	a, b := w.make("lib", "book", map[string]any{"title": "a"}), w.make("lib", "book", map[string]any{"title": "b"})
	_, err := w.press(a.ID, "tell")
	must(t, err)
	if _, err := w.press(b.ID, "tell"); fault.CodeOf(err) != "record.invalid" {
		t.Errorf("b: %v", err)
	}
	if got, _ := w.hosts.seen(); got != "" {
		t.Errorf("sent with the save: %s", got)
	}
	w.hooked() // nobody answers
	for _, status := range []int{503, 201} {
		w.hosts.say("https://shop.test/books", status, "")
		w.pass(time.Minute)
		w.hooked()
	}
	w.pass(time.Hour)
	w.hooked()
	const one = `POST https://shop.test/books {"price":"1.50","title":"a"}`
	got, all := w.hosts.seen()
	if got != one+"\n"+one+"\n"+one {
		t.Fatalf("sent:\n%s", got)
	}
	for _, sent := range all {
		if key := sent.Headers["Idempotency-Key"]; key == "" || key != all[0].Headers["Idempotency-Key"] || sent.Headers["Authorization"] != "Bearer x" || sent.Headers["Content-Type"] != "application/json" {
			t.Errorf("headers %v", sent.Headers)
		}
	}
	if found := w.failures(); len(found) > 0 {
		t.Errorf("failed: %+v", found)
	}
	w.clean()
}

// What another host refuses waits for an administrator.
func TestWhatIsRefusedElsewhereWaits(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/gone": {
		`"kind": "hook", "http": true, "hook": {"on": ["afterDelete"]}`, `send("https://shop.test/gone", {method = "DELETE"})`,
	}})
	a := w.make("lib", "book", map[string]any{"title": "a"})
	w.hosts.say("https://shop.test/gone", 403, "")
	must(t, w.Records.Delete(t.Context(), w.actor("lib"), "book", a.ID, 1, ""))
	w.hooked() // the hook
	w.hooked() // what it sends
	found := w.failures()
	if len(found) != 1 || found[0].Event != "send" || found[0].Fault.Code != "http.status" || found[0].Record != a.ID || found[0].Script != "book/gone" {
		t.Fatalf("failed: %+v", found)
	}
	w.hosts.say("https://shop.test/gone", 204, "")
	must(t, w.RetryHook(t.Context(), w.boss(), found[0].ID))
	w.hooked()
	if got, _ := w.hosts.seen(); len(w.failures()) > 0 || got != "DELETE https://shop.test/gone\nDELETE https://shop.test/gone" {
		t.Errorf("failed: %+v, sent %s", w.failures(), got)
	}
}

// Scripts before saves, and those that do not say so, reach nobody; nor more often than a run may.
func TestWhoMayNotReachAnotherHost(t *testing.T) {
	w := newWorldWith(t, newBox(t))
	for name, c := range map[string]struct{ settings, source, code string }{
		"before a save": {`"kind": "hook", "http": true, "hook": {"on": ["beforeUpdate"]}`, "", "meta.unsuited"},
		"unsaid":        {`"kind": "action", "action": {"on": "record"}`, `send("https://x", {})`, "script.http"},
		"by a name":     {`"kind": "action", "action": {"on": "record"}`, `local ask = http`, "script.http"},
	} {
		_, err := w.Apps.Install(t.Context(), withScripts("2.0.0", map[string][2]string{"book/x": {c.settings, c.source}}))
		var f *fault.Error
		if !errors.As(err, &f) || !slices.ContainsFunc(f.Issues, func(i fault.Issue) bool { return i.Code == c.code }) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w = scripted(t, map[string][2]string{
		"book/often": {asking, `for n = 1, 11 do http("https://x.test") end`},
		"book/wrong": {asking, `
local ok = {pcall(send, "https://x", {method = "GET"}), pcall(http, {}), pcall(http, "https://x.test", {body = "x"}), pcall(send, "https://x", {body = ("x"):rep(300000)})}
record.note = tostring(ok[1]) .. tostring(ok[2]) .. tostring(ok[3]) .. tostring(ok[4])`},
	})
	w.hosts.say("https://x.test", 200, "")
	a := w.make("lib", "book", map[string]any{"title": "a"})
	_, err := w.press(a.ID, "often")
	if got, _ := w.hosts.seen(); !caused(err, "script.httpOften") || strings.Count(got, "GET") != 10 {
		t.Errorf("often: %v, asked %s", err, got)
	}
	got, err := w.press(a.ID, "wrong")
	if asked, _ := w.hosts.seen(); err != nil || got.Values["note"] != "falsefalsefalsefalse" || asked != "" {
		t.Errorf("wrong: %v %v, asked %s", got, err, asked)
	}
}
