package storetest

import (
	"errors"
	"slices"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// unique holds that groups bind when all their members are present, and only the living.
func unique(t *testing.T, open Open) {
	s := ready(t, open)
	binned := plain("bin", value.Doc{"serial": "s1"})
	binned.DeletedAt = epoch
	put(t, s,
		plain("a", value.Doc{"serial": "S1", "series": "x", "size": int64(1)}),
		plain("b", value.Doc{"series": "x", "size": int64(2)}),
		plain("c", value.Doc{"series": "x"}), plain("d", value.Doc{"series": "x"}), plain("e", value.Doc{"size": int64(1)}),
		plain("f", value.Doc{"serial": "s1"}), binned,
	)
	one := func(r *value.Record, was int64) error {
		return s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, was) })
	}
	taken := func(err error, holder value.ID, fields ...value.FieldKey) {
		t.Helper()
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != "store.taken" || f.Kind != fault.Conflict {
			t.Fatalf("got %v, want store.taken", err)
		}
		got, _ := f.Args["fields"].([]value.FieldKey)
		if f.Args["form"] != string(form) || f.Args["holder"] != holder || !slices.Equal(got, fields) {
			t.Errorf("args %v, want holder %s of %s", f.Args, holder, fields)
		}
	}
	taken(one(plain("g", value.Doc{"serial": "S1"}), 0), "a", "serial")
	taken(one(plain("g", value.Doc{"series": "x", "size": int64(2)}), 0), "b", "series", "size")
	change := plain("c", value.Doc{"series": "x", "size": int64(1)})
	change.Version = 2
	taken(one(change, 1), "a", "series", "size")
	restored := plain("bin", value.Doc{"serial": "s1"})
	taken(one(restored, 1), "f", "serial")

	// The fault ends its transaction whole, and nothing of it stays.
	err := s.Tx(t.Context(), func(tx store.Tx) error {
		if err := tx.Put(t.Context(), plain("h", value.Doc{"serial": "S7", "name": "pump"}), 0); err != nil {
			return err
		}
		return tx.Put(t.Context(), plain("i", value.Doc{"serial": "S7"}), 0)
	})
	taken(err, "h", "serial")
	if n, err := s.Count(t.Context(), query.Count{Form: form, Filter: query.Where("serial", query.Eq, "S7")}); err != nil || n.Value != 0 {
		t.Errorf("a failed transaction left %v, %v", n, err)
	}
	// Values change hands within one transaction when the holder lets go first.
	must(t, s.Tx(t.Context(), func(tx store.Tx) error {
		freed := plain("a", value.Doc{"name": "freed"})
		freed.Version = 2
		if err := tx.Put(t.Context(), freed, 1); err != nil {
			return err
		}
		return tx.Put(t.Context(), plain("g", value.Doc{"serial": "S1"}), 0)
	}))
}
