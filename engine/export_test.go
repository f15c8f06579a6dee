package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/job"
	"tidewater/engine/value"
)

// newShop is a library of so many books, whose librarian may take them out in files.
func newShop(t *testing.T, books int) *world {
	t.Helper()
	w := newWorld(t)
	_, err := w.Apps.Install(t.Context(), bundle("1.1.0",
		`"book": {"create": true, "read": {"scope": "all"}`, `"book": {"export": {"scope": "all"}, "create": true, "read": {"scope": "all"}`))
	must(t, err)
	for n := range books {
		w.make("lib", "book", map[string]any{"title": fmt.Sprintf("Tale %03d", n)})
	}
	w.turns()
	return w
}

func (w *world) export(req engine.ExportRequest) *job.Job {
	w.Helper()
	req.Form, req.Sort, req.Columns, req.Format = "book", "title", []value.FieldKey{"title"}, grid.CSV
	j, err := w.Export(w.Context(), w.actor("lib"), req, nil)
	must(w.TB, err)
	return j
}

// taken are the rows of an export's file but for its header.
func (w *world) taken(e *engine.Engine, file string) (titles []string) {
	w.Helper()
	f, from, err := e.FileReader(w.Context(), w.actor("lib"), value.ID(file))
	must(w.TB, err)
	data, err := io.ReadAll(from)
	must(w.TB, err)
	reader, _, err := tables{}.Open(w.Context(), grid.File{Size: f.Size, At: bytes.NewReader(data)}, grid.Choice{})
	must(w.TB, err)
	for {
		row, err := reader.Next()
		if err != nil {
			return titles[1:]
		}
		titles = append(titles, row.Cell(0))
	}
}

func titles(n int) (out []string) {
	for n := range n {
		out = append(out, fmt.Sprintf("Tale %03d", n))
	}
	return out
}

func TestAnExportEndsWhereItIsCancelled(t *testing.T) {
	w := newShop(t, 40)
	j := w.export(engine.ExportRequest{})
	w.between(8, func() {
		_, err := w.Jobs.Cancel(t.Context(), w.actor("lib"), j.ID)
		must(t, err)
	})
	w.turns()
	if got := w.last(); got.State != job.Cancelled || got.Result != "" || got.Done >= 40 {
		t.Errorf("cancelled: %+v", got)
	}
	if w.abandoned.Load() != 1 {
		t.Errorf("what was written of it is still held: %d files were given up", w.abandoned.Load())
	}
	if entries, err := audit.Read(t.Context(), w.store, "", 10); err != nil || slices.ContainsFunc(entries, isExport) {
		t.Errorf("nobody has taken anything, yet there is %+v, %v", entries, err)
	}
}

func isExport(e audit.Entry) bool { return e.Op == audit.RecordsExported }

// TestAnExportThatDiesIsWrittenByAnother kills an engine in the middle of a file: another one writes it from the
// beginning, each record once. Only who asked may fetch it, and administrators are told of it.
func TestAnExportThatDiesIsWrittenByAnother(t *testing.T) {
	w := newShop(t, 40)
	j := w.export(engine.ExportRequest{})
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	w.between(16, kill)
	_, _ = w.Jobs.RunOnce(ctx) // dies, and can tell nobody of it
	if got := w.last(); got.State != job.Running || got.Done != 16 {
		t.Fatalf("it did not die in the middle: %+v", got)
	}
	w.mu.Lock()
	w.now = w.now.Add(time.Hour) // the dead one's lease is over by the store's time, its retry is due
	w.mu.Unlock()
	second := w.open()
	for {
		worked, err := second.Jobs.RunOnce(t.Context())
		must(t, err)
		if !worked {
			break
		}
	}
	got := w.last()
	if got.State != job.Done || got.Done != 40 || got.Total != 40 || got.Counts["exported"] != 40 {
		t.Fatalf("it ended as %+v %+v", got, got.Reason)
	}
	if found := w.taken(second, got.Result); !slices.Equal(found, titles(40)) {
		t.Errorf("the file has %q", found)
	}
	file := value.ID(got.Result)
	if _, err := w.Records.File(t.Context(), w.actor("kim"), file); fault.CodeOf(err) != "file.notFound" {
		t.Errorf("another fetches it: %v", err)
	}
	entries, err := audit.Read(t.Context(), w.store, "", 50)
	must(t, err)
	exports := slices.DeleteFunc(entries, func(e audit.Entry) bool { return !isExport(e) })
	if len(exports) != 1 || exports[0].Actor != w.actor("lib").Key() || exports[0].Form != "book" || exports[0].Target != string(j.ID) || exports[0].Note != "40 csv" {
		t.Errorf("told of it: %+v", exports)
	}
	w.expire(file)
}

// expire lets a day pass: what nobody has put into a record is gone, and so are the pieces of what never got whole.
func (w *world) expire(file value.ID) {
	w.Helper()
	for _, passed := range []time.Duration{23 * time.Hour, 2 * time.Hour} {
		w.mu.Lock()
		w.now = w.now.Add(passed)
		w.mu.Unlock()
		_, err := w.store.Sweep(w.Context(), w.now)
		must(w.TB, err)
		_, err = w.Records.File(w.Context(), w.actor("lib"), file)
		if gone := fault.CodeOf(err) == "file.notFound"; gone != (passed < 3*time.Hour) {
			w.Errorf("after %s more: %v", passed, err)
		}
	}
	w.clean()
}

// TestAnExportHoldsNoMoreOfManyRecordsThanOfFew counts the bytes that are alive after each batch.
func TestAnExportHoldsNoMoreOfManyRecordsThanOfFew(t *testing.T) {
	w := newShop(t, 1_600)
	w.export(engine.ExportRequest{Whole: true})
	var alive []uint64
	w.happen = func() {
		var now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&now)
		alive = append(alive, now.HeapAlloc)
	}
	w.turns()
	if got := w.last(); got.State != job.Done || got.Counts["exported"] != 1_600 || len(alive) < 200 {
		t.Fatalf("%+v in %d batches", got, len(alive))
	}
	few, many := slices.Max(alive[20:40]), slices.Max(alive[len(alive)-20:])
	if many > few+256<<10 {
		t.Errorf("%d bytes are alive in the beginning, %d at the end", few, many)
	}
}
