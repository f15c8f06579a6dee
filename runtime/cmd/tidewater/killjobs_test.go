package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// work is a job as the API shows it.
type work struct {
	ID       string `json:"id"`
	State    string `json:"state"`
	Result   string `json:"result"`
	Progress struct {
		Done  int `json:"done"`
		Total int `json:"total"`
	} `json:"progress"`
	Report struct {
		Counts map[string]int `json:"counts"`
	} `json:"report"`
}

// TestAKilledServersJobsGoOnWithoutDoingAnythingTwice kills a server in the middle of an import, or of a
// change to all that was imported, turn about, and in the middle of an export of it, and holds that all come to their
// ends.
func TestAKilledServersJobsGoOnWithoutDoingAnythingTwice(t *testing.T) {
	const rows = 800
	rounds, moment := kills(t)
	folder := filepath.Join(t.TempDir(), "data")
	shown := onceShown.FindStringSubmatch(does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme"))
	for round := range rounds {
		killJobsOnce(t, folder, shown[1], round, rows, moment)
	}
}

func killJobsOnce(t *testing.T, folder, password string, round, rows int, moment *rand.Rand) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	p := start(ctx, t, folder)
	token := tokenOf(ctx, t, p.address, password)
	var csv strings.Builder
	csv.WriteString("name,price\n")
	for n := range rows {
		fmt.Fprintf(&csv, "r%d-%d,1.10\n", round, n)
	}
	file := sentCSV(ctx, t, p.address+"/api/v1/files?name=goods.csv", token, csv.String())
	imported := queued(ctx, t, p.address+"/api/v1/forms/product/import", token, map[string]any{
		"file": file, "plan": map[string]any{"columns": []any{
			map[string]any{"column": "name", "field": "name"}, map[string]any{"column": "price", "field": "price"},
			map[string]any{"text": "new", "field": "note"},
		}},
	})
	p, done := killedUntilDone(ctx, t, p, folder, token, imported, round%2 == 0, moment.IntN(rows))
	if done.Report.Counts["made"] != rows || done.Progress.Done != rows {
		t.Errorf("round %d: the import made %v", round, done)
	}
	var page struct {
		Count struct {
			Value int `json:"value"`
		} `json:"count"`
	}
	status, err := call(ctx, http.MethodGet, p.address+"/api/v1/forms/product/records?count=exact&limit=1", token, "", nil, &page)
	if err != nil || status != http.StatusOK || page.Count.Value != rows*(round+1) {
		t.Errorf("round %d: %d products, want %d: %d %v", round, page.Count.Value, rows*(round+1), status, err)
	}
	changed := queued(ctx, t, p.address+"/api/v1/forms/product/actions/update", token, map[string]any{
		"filter": map[string]any{"field": "note", "op": "eq", "value": "new"}, "args": map[string]any{"values": map[string]any{"note": "seen"}},
	})
	p, done = killedUntilDone(ctx, t, p, folder, token, changed, round%2 == 1, moment.IntN(rows))
	if done.Report.Counts["changed"] != rows {
		t.Errorf("round %d: the change was %v", round, done)
	}
	taken := queued(ctx, t, p.address+"/api/v1/forms/product/export", token, map[string]any{"format": "csv", "columns": []string{"name"}})
	p, done = killedUntilDone(ctx, t, p, folder, token, taken, true, moment.IntN(rows))
	names := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(fetch(ctx, t, p.address+"/api/v1/files/"+done.Result, token)), "\n") {
		names[line]++
	}
	if all := rows * (round + 1); done.Report.Counts["exported"] != all || len(names) != all+1 {
		t.Errorf("round %d: the export was %v, and its file has %d lines that differ", round, done, len(names))
	}
	p.end(t, syscall.SIGTERM)
	does(t, "verify", "--store", folder, "--tenant", "acme")
}

// killedUntilDone waits for the end of a job. With kill, it kills the server once the job has come so far,
// starts it anew, and lets the job end there.
func killedUntilDone(ctx context.Context, t *testing.T, p *process, folder, token, id string, kill bool, after int) (*process, work) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		var w work
		status, err := call(ctx, http.MethodGet, p.address+"/api/v1/jobs/"+id, token, "", nil, &w)
		switch {
		case err != nil || status != http.StatusOK:
			t.Fatalf("the job is gone: %d %v %s", status, err, p.out)
		case w.State == "failed" || w.State == "cancelled":
			t.Fatalf("the job ended as %+v", w)
		case kill && (w.Progress.Done >= after || w.State == "done"):
			p.end(t, syscall.SIGKILL)
			p, kill = start(ctx, t, folder), false
		case w.State == "done":
			return p, w
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("the job did not end: %+v %s", w, p.out)
		}
	}
}

// queued sends a request that makes a job.
func queued(ctx context.Context, t *testing.T, url, token string, body any) string {
	t.Helper()
	var w work
	if status, err := call(ctx, http.MethodPost, url, token, "", body, &w); err != nil || status != http.StatusAccepted {
		t.Fatalf("asking for a job: %d %v", status, err)
	}
	return w.ID
}

// sentCSV sends a file and returns its id.
func sentCSV(ctx context.Context, t *testing.T, url, token, content string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/csv")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(res.Body)
	var made struct {
		ID string `json:"id"`
	}
	if err != nil || res.Body.Close() != nil || res.StatusCode != http.StatusCreated || json.Unmarshal(data, &made) != nil {
		t.Fatalf("uploading: %d %s %v", res.StatusCode, data, err)
	}
	return made.ID
}
