package main

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	builtinapps "tidewater/builtin-apps"
)

// TestAKilledServersScriptsDoForEachRecordWhatTheyDoOnce kills a server in the middle of a job that runs a script over
// many records, and holds that each has been dealt with once when it ends.
func TestAKilledServersScriptsDoForEachRecordWhatTheyDoOnce(t *testing.T) {
	const rows = 600
	rounds, moment := kills(t)
	app, folder := filepath.Join(t.TempDir(), "crm"), filepath.Join(t.TempDir(), "data")
	crm, err := fs.Sub(builtinapps.FS, "crm")
	if err == nil {
		err = os.CopyFS(app, crm)
	}
	for path, content := range map[string]string{
		"forms/product/scripts/mark.json": `{"key": "mark", "form": "product", "label": {"zh-CN": "标记", "en": "Mark"}, "kind": "batch"}`,
		"forms/product/scripts/mark.lua":  `record.note = (record.note or "") .. "x"`,
		"jobs/mark.json":                  `{"key": "mark", "label": {"zh-CN": "标记", "en": "Mark"}, "script": {"form": "product", "script": "mark"}}`,
	} {
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(app, path)), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(app, path), []byte(content), 0o600)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	shown := onceShown.FindStringSubmatch(does(t, "tenant", "create", "--store", folder, "--app", app, "acme"))
	for round := range max(rounds/3, 1) { // each waits for the lease of the dead
		killScriptOnce(t, folder, shown[1], round, rows, moment)
	}
}

func killScriptOnce(t *testing.T, folder, password string, round, rows int, moment *rand.Rand) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	p := start(ctx, t, folder)
	token := tokenOf(ctx, t, p.address, password)
	if round == 0 {
		csv := "name,price\n"
		for n := range rows {
			csv += fmt.Sprintf("r%d,1.10\n", n)
		}
		imported := queued(ctx, t, p.address+"/api/v1/forms/product/import", token, map[string]any{
			"file": sentCSV(ctx, t, p.address+"/api/v1/files?name=goods.csv", token, csv),
			"plan": map[string]any{"columns": []any{map[string]any{"column": "name", "field": "name"}, map[string]any{"column": "price", "field": "price"}}},
		})
		p, _ = killedUntilDone(ctx, t, p, folder, token, imported, false, 0)
	}
	var begun struct {
		Job string `json:"job"`
	}
	status, err := call(ctx, http.MethodPost, p.address+"/api/v1/admin/schedules", token, "", map[string]string{"schedule": "job/mark", "do": "run"}, &begun)
	if err != nil || status != http.StatusAccepted {
		t.Fatalf("letting the job run: %d %v", status, err)
	}
	p, done := killedUntilDone(ctx, t, p, folder, token, begun.Job, true, moment.IntN(rows))
	if done.Report.Counts["changed"] != rows || done.Progress.Done != rows {
		t.Errorf("round %d: %+v", round, done)
	}
	var page struct {
		Count struct {
			Value int `json:"value"`
		} `json:"count"`
	}
	filter := fmt.Sprintf("note%%20%%3D%%3D%%20%%22%s%%22", strings.Repeat("x", round+1))
	status, err = call(ctx, http.MethodGet, p.address+"/api/v1/forms/product/records?count=exact&limit=1&filter="+filter, token, "", nil, &page)
	if err != nil || status != http.StatusOK || page.Count.Value != rows {
		t.Errorf("round %d: %d were dealt with once each round, want %d: %d %v", round, page.Count.Value, rows, status, err)
	}
	p.end(t, syscall.SIGTERM)
	does(t, "verify", "--store", folder, "--tenant", "acme")
}
