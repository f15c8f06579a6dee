package storetest

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

// documents holds that what is put comes back exactly, alone, in many and in a transaction.
func documents(t *testing.T, open Open) {
	s := ready(t, open)
	all := crowd(60)
	odd := plain("odd", value.Doc{
		"name": "a\x00b\u2028<>&\"\\/\b\f\n\t\u200b\U0001F600", "cost": int64(math.MaxInt64), "size": int64(math.MinInt64), "live": false,
		"wide": strings.Repeat("潮", 70_000), "other": value.Doc{"deep": value.List{value.Doc{"x": int64(1<<53 + 1)}, true, "s", value.List{int64(-1)}}},
	})
	odd.DeletedAt, odd.DeletedBy = epoch.Add(time.Hour), "u9"
	all = append(all, odd, &value.Record{ID: "bare", Form: form, Version: 7})
	put(t, s, all...)
	for _, want := range all {
		got, err := s.Get(t.Context(), form, want.ID)
		must(t, err)
		sameRecord(t, got, want)
	}
	many, err := s.GetMany(t.Context(), form, append(ids(all), "missing"))
	must(t, err)
	if len(many) != len(all) {
		t.Errorf("%d of many, want %d", len(many), len(all))
	}
	_, err = s.Get(t.Context(), form, "missing")
	wantCode(t, err, "store.notFound")

	must(t, s.Tx(t.Context(), func(tx store.Tx) error {
		r := plain("mine", value.Doc{"name": "before"})
		if err := tx.Put(t.Context(), r, 0); err != nil {
			return err
		}
		got, err := tx.Get(t.Context(), form, "mine")
		if err == nil && got.Values["name"] != "before" {
			err = fmt.Errorf("a transaction does not see what it wrote: %v", got)
		}
		return err
	}))
	must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Remove(t.Context(), form, "mine", 1) }))
	_, err = s.Get(t.Context(), form, "mine")
	wantCode(t, err, "store.notFound")

	rapid.Check(t, func(rt *rapid.T) { rewrite(rt, t, s) })
	rapid.Check(t, func(rt *rapid.T) { rewriteTogether(rt, t, s) })
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("after changes of all sorts: %q, %v", wrong, err)
	}
}

// rewrite puts a random record over whatever was there and reads it back.
func rewrite(rt *rapid.T, t *testing.T, s store.Store) {
	r := record(rt)
	r.ID = value.ID(rapid.SampledFrom([]string{"r1", "r2", "r3"}).Draw(rt, "id"))
	was := int64(0)
	if old, err := s.Get(t.Context(), form, r.ID); err == nil {
		was = old.Version
	}
	r.Version = was + 1
	err := s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, was) })
	if err != nil {
		rt.Fatal(err)
	}
	got, err := s.Get(t.Context(), form, r.ID)
	if err != nil || !value.Equal(got.Values, r.Values) && len(r.Values) > 0 {
		rt.Fatalf("wrote %v, read %v, %v", r, got, err)
	}
}

// rewriteTogether reads, puts and removes some records again and again in one transaction, each as the one before left it.
func rewriteTogether(rt *rapid.T, t *testing.T, s store.Store) {
	type step struct {
		do string
		r  *value.Record
	}
	steps := make([]step, rapid.IntRange(1, 8).Draw(rt, "steps"))
	for n := range steps {
		steps[n] = step{rapid.SampledFrom([]string{"read", "put", "read and put", "remove"}).Draw(rt, "do"), record(rt)}
		steps[n].r.ID = value.ID(rapid.SampledFrom([]string{"r1", "r2", "r3"}).Draw(rt, "id"))
	}
	before := map[value.ID]*value.Record{}
	for _, id := range []value.ID{"r1", "r2", "r3"} {
		if old, err := s.Get(t.Context(), form, id); err == nil {
			before[id] = old
		}
	}
	var after map[value.ID]*value.Record
	err := s.Tx(t.Context(), func(tx store.Tx) error {
		after = maps.Clone(before)
		for _, one := range steps {
			was := int64(0)
			if old := after[one.r.ID]; old != nil {
				was = old.Version
			}
			if strings.HasPrefix(one.do, "read") {
				got, err := tx.Get(t.Context(), form, one.r.ID)
				if (err == nil) != (was > 0) || err == nil && got.Version != was {
					return fmt.Errorf("%s is read as %v, %w, and has version %d", one.r.ID, got, err, was)
				}
			}
			if strings.HasSuffix(one.do, "put") {
				next := one.r.Clone()
				next.Version = was + 1
				if err := tx.Put(t.Context(), next, was); err != nil {
					return err
				}
				after[next.ID] = next
			}
			if one.do == "remove" && was > 0 {
				if err := tx.Remove(t.Context(), form, one.r.ID, was); err != nil {
					return err
				}
				delete(after, one.r.ID)
			}
		}
		return nil
	})
	if err != nil {
		rt.Fatal(err)
	}
	for _, id := range []value.ID{"r1", "r2", "r3"} {
		got, err := s.Get(t.Context(), form, id)
		want := after[id]
		if (err == nil) != (want != nil) || want != nil && (got.Version != want.Version || !value.Equal(got.Values, want.Values) && len(want.Values) > 0) {
			rt.Fatalf("%s is %v, %v, want %v", id, got, err, want)
		}
	}
}

func sameRecord(t *testing.T, got, want *value.Record) {
	t.Helper()
	a, b := *got, *want
	a.Tokens, b.Tokens = nil, nil
	for _, r := range []*value.Record{&a, &b} {
		if len(r.Values) == 0 {
			r.Values = nil
		}
		if len(r.Shadow) == 0 {
			r.Shadow = nil
		}
		if len(r.Principals) == 0 {
			r.Principals = nil
		}
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("read\n%#v, wrote\n%#v", a, b)
	}
}

// versions holds that a write replaces exactly the version it means.
func versions(t *testing.T, open Open) {
	s := ready(t, open)
	put(t, s, plain("a", value.Doc{"name": "one"}))
	second := plain("a", value.Doc{"name": "two"})
	second.Version = 2
	cases := []struct {
		name string
		do   func(store.Tx) error
		code string
	}{
		{"new over old", func(tx store.Tx) error { return tx.Put(t.Context(), plain("a", nil), 0) }, "store.stale"},
		{"wrong version", func(tx store.Tx) error { return tx.Put(t.Context(), second, 2) }, "store.stale"},
		{"none there", func(tx store.Tx) error { return tx.Put(t.Context(), plain("b", nil), 1) }, "store.stale"},
		{"remove wrong", func(tx store.Tx) error { return tx.Remove(t.Context(), form, "a", 3) }, "store.stale"},
		{"remove none", func(tx store.Tx) error { return tx.Remove(t.Context(), form, "b", 1) }, "store.notFound"},
		{"right version", func(tx store.Tx) error { return tx.Put(t.Context(), second, 1) }, ""},
		{"again", func(tx store.Tx) error { return tx.Put(t.Context(), second, 1) }, "store.stale"},
		{"same version", func(tx store.Tx) error { return tx.Put(t.Context(), second, 2) }, ""}, // a rollup, say
		{"remove right", func(tx store.Tx) error { return tx.Remove(t.Context(), form, "a", 2) }, ""},
	}
	for _, c := range cases {
		if err := s.Tx(t.Context(), c.do); c.code != "" {
			wantCode(t, err, c.code)
		} else if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
