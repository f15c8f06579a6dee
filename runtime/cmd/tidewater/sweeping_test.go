package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tidewater/engine/store/teststore"
)

// depot is an app with a pool, whose records go back when they have been held for a week from a date that they state.
func depot(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	label := `"label": {"zh-CN": "x", "en": "x"}`
	for path, text := range map[string]string{
		"app.json": `{"key": "depot", "version": "1.0.0", ` + label + `, "menu": ["thing"]}`,
		"forms/thing/form.json": `{"type": "object", "x-form": "thing", "x-label": {"zh-CN": "x", "en": "x"}, "x-title": "name", "x-holders": {"owner": "holder"},
			"properties": {"name": {"x-field": "text", "x-label": {"zh-CN": "x", "en": "x"}, "x-unique": true},
			"since": {"x-field": "datetime", "x-label": {"zh-CN": "x", "en": "x"}},
			"holder": {"x-field": "member", "x-label": {"zh-CN": "x", "en": "x"}, "x-default": "actor.id"}}}`,
		"roles/admin.json": `{"key": "admin", ` + label + `, "forms": {"thing": {"create": true, "read": {"scope": "all"}, "update": {"scope": "all"}}}}`,
		"pools/all.json": `{"key": "all", "form": "thing", ` + label + `, "fallback": true, "rights": {"claim": ["role:admin"], "manage": ["role:admin"]},
			"reclaim": [{"id": "idle", "clock": "since", "days": "7"}]}`,
	} {
		at := filepath.Join(folder, path)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// TestTwoProcessesSweepBesideEachOther has two processes over one MongoDB sweep a pool, again and again asked for by both,
// and kills one in the middle: every record goes back once, and none stays.
func TestTwoProcessesSweepBesideEachOther(t *testing.T) {
	const held = 150 // more than one batch, of 100
	_, moment := kills(t)
	at, _ := teststore.Place(t)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	made := onceShown.FindStringSubmatch(does(t, "tenant", "create", "--store", at, "--app", depot(t), "acme"))
	if made == nil {
		t.Fatal("no password is shown")
	}
	t.Cleanup(func() { dropTenants(t, at) })
	p := &couple{t: t, ctx: ctx, at: at, password: made[1]}
	p.a, p.b = start(ctx, t, at), start(ctx, t, at)
	token := tokenOf(ctx, t, p.a.address, p.password)
	p.holds(token, held)

	sweep := func(of *process) string {
		return queued(ctx, t, of.address+"/api/v1/forms/thing/pools/all/sweep", token, map[string]string{"do": "force"})
	}
	p.asks(http.MethodPost, p.a.address+"/api/v1/forms/thing/pools/all/sweep", token, "", map[string]any{"do": "on", "seen": held}, http.StatusNoContent)
	first, second := sweep(p.a), sweep(p.b)
	after := 1 + moment.IntN(held/2)
	p.soon("something has gone back", func() bool { return p.pooled(p.b, token) >= after })
	p.a.end(t, syscall.SIGKILL)
	for _, id := range []string{first, second, sweep(p.b)} {
		p.soon("a sweep has ended", func() bool { return p.job(p.b, token, id).State == "done" })
	}
	p.wentBackOnce(token, held, first, second)
	p.b.end(t, syscall.SIGTERM)
	does(t, "verify", "--store", at, "--tenant", "acme")
}

// holds imports records that the importer has held for too long.
func (p *couple) holds(token string, many int) {
	p.t.Helper()
	var csv strings.Builder
	csv.WriteString("name,since\n")
	for n := range many {
		fmt.Fprintf(&csv, "t%d,2020-01-06 09:00\n", n)
	}
	file := sentCSV(p.ctx, p.t, p.a.address+"/api/v1/files?name=things.csv", token, csv.String())
	id := queued(p.ctx, p.t, p.a.address+"/api/v1/forms/thing/import", token, map[string]any{
		"file": file, "plan": map[string]any{"columns": []any{
			map[string]any{"column": "name", "field": "name"}, map[string]any{"column": "since", "field": "since"},
		}},
	})
	p.soon("all are held", func() bool { return p.job(p.a, token, id).State == "done" })
	if made := p.job(p.a, token, id).Report.Counts["made"]; made != many {
		p.t.Fatalf("%d were made", made)
	}
}

// pooled is how many records nobody holds.
func (p *couple) pooled(of *process, token string) int {
	p.t.Helper()
	var page struct {
		Count struct {
			Value int `json:"value"`
		} `json:"count"`
	}
	answer, _ := p.asks(http.MethodPost, of.address+"/api/v1/forms/thing/query", token, "", map[string]any{
		"filter": map[string]any{"field": "holder", "op": "empty"}, "count": "exact", "limit": 1,
	}, http.StatusOK)
	if err := json.Unmarshal(answer, &page); err != nil {
		p.t.Fatal(err)
	}
	return page.Count.Value
}

// wentBackOnce holds the records, their histories and what the sweeps report against each other.
func (p *couple) wentBackOnce(token string, many int, sweeps ...string) {
	p.t.Helper()
	if n := p.pooled(p.b, token); n != many {
		p.t.Errorf("%d of %d went back", n, many)
	}
	told := 0
	for _, id := range sweeps {
		told += p.job(p.b, token, id).Report.Counts["reclaimed"]
	}
	if told != many {
		p.t.Errorf("the sweeps tell of %d, there are %d", told, many)
	}
	for after, seen := "", 0; ; {
		var page struct {
			Records []stock `json:"records"`
			Next    string  `json:"next"`
		}
		answer, _ := p.asks(http.MethodGet, p.b.address+"/api/v1/forms/thing/records?limit=500&sort=name&after="+after, token, "", nil, http.StatusOK)
		if err := json.Unmarshal(answer, &page); err != nil {
			p.t.Fatal(err)
		}
		for _, one := range page.Records {
			if one.Version != 2 { // made, and reclaimed: a second time would be a third version
				p.t.Errorf("%s has version %d", one.ID, one.Version)
			}
		}
		if seen += len(page.Records); page.Next == "" {
			if seen != many {
				p.t.Errorf("%d are listed", seen)
			}
			return
		}
		after = page.Next
	}
}
