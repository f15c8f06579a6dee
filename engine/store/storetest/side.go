package storetest

import (
	"fmt"
	"testing"
	"time"

	"tidewater/engine/store"
)

// side holds that small documents are written against a revision, in and out of transactions.
func side(t *testing.T, open Open) {
	s := open(t)
	item := func(key, body string) store.Item { return store.Item{Key: key, Body: []byte(body)} }
	save := func(key string, was int64, want string) {
		t.Helper()
		err := s.Save(t.Context(), "c", item(key, fmt.Sprint(was)), was)
		if want != "" {
			wantCode(t, err, want)
		} else if err != nil {
			t.Error(err)
		}
	}
	save("a", 1, "store.stale")
	save("a", 0, "")
	save("a", 0, "store.stale")
	save("a", 1, "")
	save("a", 1, "store.stale")
	save("a", store.AnyRevision, "")
	save("b", store.AnyRevision, "")
	got, err := s.Load(t.Context(), "c", "a")
	must(t, err)
	if got.Revision != 3 || string(got.Body) != "-1" || got.Key != "a" {
		t.Errorf("loaded %+v", got)
	}
	_, err = s.Load(t.Context(), "other", "a")
	wantCode(t, err, "store.notFound")

	must(t, s.Tx(t.Context(), func(tx store.Tx) error {
		for i := range 5 {
			if err := tx.Save(t.Context(), "list", item(fmt.Sprintf("p/%d", i), "{}"), 0); err != nil {
				return err
			}
		}
		if items, err := tx.Scan(t.Context(), "list", "p/", "", 9); err != nil || len(items) != 5 {
			t.Errorf("a transaction scans %d of its own, %v", len(items), err)
		}
		return tx.Save(t.Context(), "list", item("q", "{}"), 0)
	}))
	items, err := s.Scan(t.Context(), "list", "p/", "p/1", 2)
	must(t, err)
	if len(items) != 2 || items[0].Key != "p/2" || items[1].Key != "p/3" {
		t.Errorf("scanned %v", items)
	}
	must(t, s.Drop(t.Context(), "list", "p/2"))
	must(t, s.Drop(t.Context(), "list", "p/2"))
	items, err = s.Scan(t.Context(), "list", "", "", 100)
	must(t, err)
	if len(items) != 5 {
		t.Errorf("%d are left, want 5", len(items))
	}
	expiring := item("soon", "{}")
	expiring.Expires = epoch
	must(t, s.Save(t.Context(), "list", expiring, 0))
	if got, err := s.Load(t.Context(), "list", "soon"); err != nil || !got.Expires.Equal(epoch) {
		t.Errorf("loaded %+v, %v", got, err)
	}
	if n, err := s.Sweep(t.Context(), epoch.Add(-time.Second)); err != nil || n != 0 {
		t.Errorf("swept %d too early, %v", n, err)
	}
	if n, err := s.Sweep(t.Context(), epoch); err != nil || n != 1 {
		t.Errorf("swept %d, %v, want 1", n, err)
	}
}

// leases holds that one holder works at a time and that tokens fence.
func leases(t *testing.T, open Open) {
	s := open(t)
	acquire := func(holder string, life time.Duration) int64 {
		t.Helper()
		token, err := s.Acquire(t.Context(), "l", holder, life)
		must(t, err)
		return token
	}
	hold := func(token int64, want string) {
		t.Helper()
		err := s.Tx(t.Context(), func(tx store.Tx) error { return tx.Hold(t.Context(), "l", token) })
		if want == "" {
			must(t, err)
			return
		}
		wantCode(t, err, want)
	}
	first := acquire("a", time.Hour)
	hold(first, "")
	if again := acquire("a", time.Hour); again != first {
		t.Errorf("the holder's own renewal gives token %d after %d", again, first)
	}
	_, err := s.Acquire(t.Context(), "l", "b", time.Hour)
	wantCode(t, err, "store.leased")
	must(t, s.Release(t.Context(), "l", "b", first)) // not b's to release
	_, err = s.Acquire(t.Context(), "l", "b", time.Hour)
	wantCode(t, err, "store.leased")
	must(t, s.Release(t.Context(), "l", "a", first))
	hold(first, "store.leased")
	second := acquire("b", 0)
	third := acquire("c", time.Hour) // b's time was over at once
	if second <= first || third <= second {
		t.Errorf("tokens %d, %d, %d do not grow", first, second, third)
	}
	hold(second, "store.leased")
	hold(third, "")
	hold(99, "store.leased")
}
