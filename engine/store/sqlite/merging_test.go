package sqlite_test

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"tidewater/engine/query"
	"tidewater/engine/store"
)

// segments counts the segments of the index of tokens.
func segments(t *testing.T, path string) (n int) {
	t.Helper()
	raw, err := sql.Open("sqlite", path)
	check(t, err)
	err = raw.QueryRowContext(t.Context(), `SELECT count(DISTINCT segid) FROM "t:asset_idx"`).Scan(&n)
	check(t, errors.Join(err, raw.Close()))
	return n
}

func TestASweepMergesTheIndexOfTokens(t *testing.T) {
	path := filled(t)
	s := open(t, path)
	for i := range 150 {
		r := benchRecord(1000 + i)
		check(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, 0) }))
		if i%3 == 0 {
			check(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Remove(t.Context(), r.Form, r.ID, 1) }))
		}
	}
	many := query.List{Form: "asset", Ranked: true, Limit: 500, Filter: query.Search{Terms: []query.Term{{Folded: "海鸥", Tokens: []string{"海鸥"}}}}}
	before, err := s.List(t.Context(), many)
	check(t, err)
	if n := segments(t, path); n < 3 || len(before.Records) < 50 {
		t.Fatalf("%d segments, %d found: too few to tell anything", n, len(before.Records))
	}
	for range 2 {
		_, err := s.Sweep(t.Context(), time.Now())
		check(t, err)
		if n := segments(t, path); n != 1 {
			t.Errorf("%d segments after a sweep", n)
		}
	}
	after, err := s.List(t.Context(), many)
	check(t, err)
	if len(after.Records) != len(before.Records) {
		t.Errorf("%d found before, %d after", len(before.Records), len(after.Records))
	}
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("afterwards: %q, %v", wrong, err)
	}
}
