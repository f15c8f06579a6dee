package sqlite

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// SQLite writes the indexes of every column that a statement names: a save names those that have changed.
func TestASaveNamesTheColumnsThatHaveChanged(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), "tenant-1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	by := func(key value.FieldKey) store.Index { return store.Index{Columns: []query.Sort{{Path: query.At(key)}}} }
	form := store.Form{
		Key: "asset", Fields: []store.Field{{Path: query.At("name"), Type: store.Text}, {Path: query.At("cost"), Type: store.Int}, {Path: query.At("~key"), Type: store.Text}},
		Indexes: []store.Index{by("name"), by("cost"), by("~key"), by(value.SysCreatedAt), by(value.SysUpdatedAt)},
	}
	r := &value.Record{
		Form: "asset", ID: "01A", Version: 1, CreatedAt: time.UnixMilli(1), UpdatedAt: time.UnixMilli(1), CreatedBy: "u1", UpdatedBy: "u1",
		Values: value.Doc{"name": "pump", "cost": int64(3)}, Shadow: value.Doc{"key": "p"},
	}
	put := func(was int64) error {
		return s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, was) })
	}
	if err := s.Prepare(t.Context(), []store.Form{form}, nil); err != nil {
		t.Fatal(err)
	}
	if err := put(0); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		change func()
		named  string
	}{
		{func() {}, ""},
		{func() { r.UpdatedAt = time.UnixMilli(2) }, "updated_at"},
		{func() { r.UpdatedBy = "u2" }, "updated_by"},
		{func() { r.Values["cost"] = int64(4) }, `"cost"`},
		{func() { delete(r.Values, "name") }, `"name"`},
		{func() { r.Shadow["key"] = "q" }, `"~key"`},
		{func() { r.DeletedAt, r.DeletedBy = time.UnixMilli(3), "u1" }, "deleted_at"},
		{func() { r.DeletedAt, r.DeletedBy = time.Time{}, "" }, "deleted_at"},
	} {
		one.change()
		r.Version++
		var named []string
		for _, column := range strings.Split(s.statementOf(t, r), ", ") {
			switch name, _, _ := strings.Cut(column, " ="); name {
			case "version", `"$deleted_by"`, `"$principals"`, `"$mark"`, `"$doc"`, `"$shadow"`: // which no index is over
			default:
				named = append(named, name)
			}
		}
		if got := strings.Join(named, ", "); got != one.named {
			t.Errorf("named beside what every save does: %q, want %q", got, one.named)
		}
		if err := put(r.Version - 1); err != nil {
			t.Fatal(err)
		}
	}
}

// statementOf is what a save of the record would set.
func (s *Store) statementOf(t *testing.T, r *value.Record) (set string) {
	t.Helper()
	err := s.writer.submit(t.Context(), func(c *conn) error {
		l, err := s.written(r.Form)
		if err != nil {
			return err
		}
		w := &write{conn: c, layout: l, record: r}
		if err := w.encode(); err != nil {
			return err
		}
		old, err := w.old()
		_, set, _ = strings.Cut(w.updating(old), " SET ")
		set, _, _ = strings.Cut(set, " WHERE ")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}
