package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tidewater/engine/store/teststore"
)

// couple are two servers, each a process of its own, over one MongoDB.
type couple struct {
	t        *testing.T
	ctx      context.Context //nolint:containedctx // of one test
	at       string
	password string
	a, b     *process
}

// startTwo makes a tenant and starts both servers at once.
func startTwo(t *testing.T, limit time.Duration) *couple {
	t.Helper()
	at, _ := teststore.Place(t)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	p := &couple{t: t, ctx: ctx, at: at}
	made := onceShown.FindStringSubmatch(does(t, "tenant", "create", "--store", at, "--app", filepath.Join("testdata", "shop"), "acme"))
	if made == nil {
		t.Fatal("no password is shown")
	}
	p.password = made[1]
	t.Cleanup(func() { dropTenants(t, at) })
	p.a, p.b = start(ctx, t, at), start(ctx, t, at)
	return p
}

// soon waits until something is so, and tells how long that took.
func (p *couple) soon(what string, is func() bool) {
	p.t.Helper()
	begun := time.Now()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !is() {
		select {
		case <-look.C:
		case <-p.ctx.Done():
			p.t.Fatalf("it never came to this: %s\n%s\n%s", what, p.a.out, p.b.out)
		}
	}
	p.t.Logf("%s after %s", what, time.Since(begun).Round(time.Millisecond))
}

// asks sends a request that must be answered with a status, and returns the answer with its tag.
func (p *couple) asks(method, url, token, match string, body any, status int) (answer []byte, tag string) {
	p.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.ctx, method, url, bytes.NewReader(data))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	if match != "" {
		req.Header.Set("If-Match", match)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	answer, err = io.ReadAll(res.Body)
	if err != nil || res.Body.Close() != nil || res.StatusCode != status {
		p.t.Fatalf("%s %s: %d, want %d: %s %v", method, url, res.StatusCode, status, answer, err)
	}
	return answer, res.Header.Get("ETag")
}

// names are those of the products that one process lists.
func (p *couple) names(of *process, token string) map[string]int {
	p.t.Helper()
	var page struct {
		Records []stock `json:"records"`
	}
	answer, _ := p.asks(http.MethodGet, of.address+"/api/v1/forms/product/records?limit=200", token, "", nil, http.StatusOK)
	if err := json.Unmarshal(answer, &page); err != nil {
		p.t.Fatal(err)
	}
	out := map[string]int{}
	for _, one := range page.Records {
		out[one.Values.Name]++
	}
	return out
}

// listen reads the events of one process from a place on, "" for now.
func (p *couple) listen(of *process, token, after string) (events <-chan string, stop func()) {
	p.t.Helper()
	ctx, cancel := context.WithCancel(p.ctx)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, of.address+"/api/v1/events", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if after != "" {
		req.Header.Set("Last-Event-ID", after)
	}
	res, err := http.DefaultClient.Do(req) //nolint:bodyclose // below
	if err != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("listening: %v", err)
	}
	out := make(chan string, 1000)
	go func() {
		defer close(out)
		defer func() { _ = res.Body.Close() }() // it ends with its context
		var event string
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if lines.Text() != "" {
				event += lines.Text() + "\n"
				continue
			}
			out <- event
			event = ""
		}
	}()
	if first := <-out; !strings.HasPrefix(first, "event: ready") {
		p.t.Fatalf("it begins with %q", first)
	}
	return out, cancel
}

// hears waits until an event speaks of something, and returns its place.
func (p *couple) hears(events <-chan string, what string) (place string) {
	p.t.Helper()
	begun := time.Now()
	for {
		select {
		case event, more := <-events:
			if !more {
				p.t.Fatalf("the stream has ended before %s", what)
			}
			if strings.Contains(event, what) {
				p.t.Logf("heard after %s", time.Since(begun).Round(time.Millisecond))
				_, place, _ = strings.Cut(event, "\nid: ")
				place, _, _ = strings.Cut(place, "\n")
				return place
			}
		case <-p.ctx.Done():
			p.t.Fatalf("nobody heard of %s\n%s\n%s", what, p.a.out, p.b.out)
		}
	}
}

func (p *couple) makes(of *process, token, name string) (one stock) {
	p.t.Helper()
	answer, _ := p.asks(http.MethodPost, of.address+"/api/v1/forms/product/records", token, "", contents(name), http.StatusCreated)
	if err := json.Unmarshal(answer, &one); err != nil {
		p.t.Fatal(err)
	}
	return one
}

// TestTwoProcessesServeOneTenant has two processes share all they do, and then kills one that is at work.
func TestTwoProcessesServeOneTenant(t *testing.T) {
	rounds, moment := kills(t)
	p := startTwo(t, time.Duration(rounds)*time.Minute)
	token := tokenOf(p.ctx, t, p.a.address, p.password)
	p.know(token)
	p.share(token)
	soaks := rounds > 3
	for round := range rounds {
		p.leaves(token, round, 501, moment.IntN(2)*500)
		if !soaks {
			break
		}
	}
	p.asks(http.MethodPost, p.b.address+"/api/v1/auth/logout", token, "", nil, http.StatusNoContent)
	p.soon("the session is over", func() bool {
		status, err := call(p.ctx, http.MethodGet, p.a.address+"/api/v1/me", token, "", nil, &struct{}{})
		return err == nil && status == http.StatusUnauthorized
	})
	p.a.end(t, syscall.SIGTERM)
	p.b.end(t, syscall.SIGTERM)
	for range 2 {
		does(t, "verify", "--store", p.at, "--tenant", "acme")
	}
}

// know holds that what one process does the other knows: sessions, records in lists and in streams of events, also of who
// was listening to the other before, what is published, and tenants.
func (p *couple) know(token string) {
	p.t.Helper()
	events, stop := p.listen(p.b, token, "") // with a session that began at the other
	one := p.makes(p.a, token, "first")
	if p.names(p.b, token)["first"] != 1 {
		p.t.Error("the other does not list what was saved")
	}
	place := p.hears(events, one.ID)
	stop()
	two := p.makes(p.b, token, "second")
	there, stop := p.listen(p.a, token, place)
	defer stop()
	p.hears(there, two.ID)
	made := onceShown.FindStringSubmatch(does(p.t, "tenant", "create", "--store", p.at, "beta")) // by a third process
	if made == nil {
		p.t.Fatal("no password is shown")
	}
	p.publishes(token)
	p.soon("one can sign in to the new tenant", func() bool { return signIn(p.t, p.b.address, "beta", "admin", made[1]) == http.StatusOK })
}

// publishes publishes a field at one process and uses it at the other.
func (p *couple) publishes(token string) {
	p.t.Helper()
	path := p.a.address + "/api/v1/admin/drafts/forms/product/form.json"
	answer, tag := p.asks(http.MethodGet, path, token, "", nil, http.StatusOK)
	var draft struct {
		Content string `json:"content"`
	}
	if err := json.Unmarshal(answer, &draft); err != nil {
		p.t.Fatal(err)
	}
	draft.Content = strings.Replace(draft.Content, `"properties": {`, `"properties": {
    "shade": {"x-field": "text", "x-label": {"zh-CN": "颜色", "en": "Shade"}, "x-index": true, "x-unique": true},`, 1)
	p.asks(http.MethodPut, path, token, tag, map[string]string{"content": draft.Content}, http.StatusOK)
	p.asks(http.MethodPost, p.a.address+"/api/v1/admin/publish", token, "", struct{}{}, http.StatusAccepted)
	body := contents("third")
	body["values"].(map[string]any)["shade"] = "blue"
	p.soon("the other takes what was published", func() bool {
		status, err := call(p.ctx, http.MethodPost, p.b.address+"/api/v1/forms/product/records", token, "", body, &struct{}{})
		return err == nil && status == http.StatusCreated
	})
	found, _ := p.asks(http.MethodPost, p.b.address+"/api/v1/forms/product/query", token, "", map[string]any{
		"filter": map[string]any{"field": "shade", "op": "eq", "value": "blue"},
	}, http.StatusOK)
	if !bytes.Contains(found, []byte("third")) {
		p.t.Errorf("by the new field it finds %s", found)
	}
	p.asks(http.MethodPost, p.b.address+"/api/v1/forms/product/records", token, "", body, http.StatusConflict) // another has it
}

// leaves kills one process in the middle of a job, whose lease it has, after both were written to; the other, which stood
// still until then, takes it up and does nothing twice.
func (p *couple) leaves(token string, round, rows, after int) {
	p.t.Helper()
	var both sync.WaitGroup
	for n, of := range []*process{p.a, p.b} { // both follow what both write
		both.Go(func() {
			for k := range 5 {
				p.makes(of, token, fmt.Sprintf("r%d-w%d-%d", round, n, k))
			}
		})
	}
	both.Wait()
	was := p.count(token)
	var csv strings.Builder
	csv.WriteString("name,price\n")
	for n := range rows {
		fmt.Fprintf(&csv, "r%d-%d,1.10\n", round, n)
	}
	file := sentCSV(p.ctx, p.t, p.b.address+"/api/v1/files?name=goods.csv", token, csv.String()) // in pieces in the store
	if err := p.b.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		p.t.Fatal(err)
	}
	id := queued(p.ctx, p.t, p.a.address+"/api/v1/forms/product/import", token, map[string]any{
		"file": file, "plan": map[string]any{"columns": []any{
			map[string]any{"column": "name", "field": "name"}, map[string]any{"column": "price", "field": "price"},
		}},
	})
	p.soon("the first works on it", func() bool { w := p.job(p.a, token, id); return w.State == "running" && w.Progress.Done >= after })
	p.a.end(p.t, syscall.SIGKILL)
	if err := p.b.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		p.t.Fatal(err)
	}
	p.soon("the other has ended it", func() bool { return p.job(p.b, token, id).State == "done" })
	if done := p.job(p.b, token, id); done.Report.Counts["made"] != rows || done.Progress.Done != rows {
		p.t.Errorf("round %d: the import made %+v", round, done)
	}
	if n := p.count(token); n != was+rows {
		p.t.Errorf("round %d: %d products, want %d", round, n, was+rows)
	}
	p.a = start(p.ctx, p.t, p.at)
}

// count is how many products there are, for the second process.
func (p *couple) count(token string) int {
	p.t.Helper()
	var page struct {
		Count struct {
			Value int `json:"value"`
		} `json:"count"`
	}
	answer, _ := p.asks(http.MethodGet, p.b.address+"/api/v1/forms/product/records?count=exact&limit=1", token, "", nil, http.StatusOK)
	if err := json.Unmarshal(answer, &page); err != nil {
		p.t.Fatal(err)
	}
	return page.Count.Value
}

func (p *couple) job(of *process, token, id string) (w work) {
	p.t.Helper()
	status, err := call(p.ctx, http.MethodGet, of.address+"/api/v1/jobs/"+id, token, "", nil, &w)
	if err != nil || status != http.StatusOK || w.State == "failed" {
		p.t.Fatalf("the job: %d %v %+v %s", status, err, w, of.out)
	}
	return w
}
