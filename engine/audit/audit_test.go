package audit_test

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"tidewater/engine/audit"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

func TestTheNewestComesFirst(t *testing.T) {
	side := teststore.Open(t, filepath.Join(t.TempDir(), "a.db"), "a")
	t.Cleanup(func() {
		if err := side.Close(); err != nil {
			t.Error(err)
		}
	})
	// Five entries, two of them in the same instant, one before 1970.
	for n, at := range []int64{1_000, 2_000, 2_000, -5, 3_000_000_000_000} {
		e := audit.Entry{At: time.UnixMilli(at).UTC(), Actor: "kim", Op: audit.LookupFound, Form: "book", Field: "phone", Digest: strconv.Itoa(n)}
		if err := audit.Write(t.Context(), side, value.ID("id"+strconv.Itoa(n)), e); err != nil {
			t.Fatal(err)
		}
	}
	var told, after string
	for {
		page, err := audit.Read(t.Context(), side, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			told += e.Digest
			if e.Actor != "kim" || e.Form != "book" || e.Field != "phone" || e.Op != audit.LookupFound || e.At.Location() != time.UTC {
				t.Errorf("entry %+v", e)
			}
		}
		after = page[len(page)-1].Key
	}
	if told != "41203" {
		t.Errorf("told %s", told)
	}
	// A year later all but the one of the year 2065 are gone.
	if _, err := side.Sweep(t.Context(), time.UnixMilli(2_001).Add(365*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if page, err := audit.Read(t.Context(), side, "", 10); err != nil || len(page) != 1 {
		t.Errorf("left %v, %v", page, err)
	}
}
