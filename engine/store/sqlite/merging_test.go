package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
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

// What one transaction changes of many texts is one segment of the index, in whatever order it comes.
func TestManyTextsAreOneSegmentInAnyOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s := open(t, path)
	check(t, s.Prepare(t.Context(), []store.Form{{Key: "asset", Search: true}}, nil))
	const many = 60
	for round, word := range []string{"tide", "ebb", "flow"} {
		check(t, s.Tx(t.Context(), func(tx store.Tx) error {
			for n := range many {
				id := fmt.Sprintf("r%02d", n*(36*round+1)%many) // each once, in the order of the first or in another
				r := &value.Record{Form: "asset", ID: value.ID(id), Version: int64(round + 1), Tokens: []string{word}, Shadow: value.Doc{value.ShadowText: word}}
				if err := tx.Put(t.Context(), r, int64(round)); err != nil {
					return err
				}
			}
			return nil
		}))
		filter := query.Search{Terms: []query.Term{{Folded: word, Tokens: []string{word}}}}
		page, err := s.List(t.Context(), query.List{Form: "asset", Filter: filter, Limit: 100})
		check(t, err)
		if n := segments(t, path); n > round+1 || len(page.Records) != many {
			t.Errorf("%d segments after %d transactions, %d found", n, round+1, len(page.Records))
		}
	}
}

// Whoever brings texts merges as much as they will bring, and no more at once: SQLite's own merging, which is in large
// pieces, never has to begin.
func TestTextsComeWithTheirMerging(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s := open(t, path)
	check(t, s.Prepare(t.Context(), []store.Form{{Key: "asset", Search: true}}, nil))
	const rounds, many, fewEnough = 300, 20, 30
	most := 0
	for round := range rounds {
		check(t, s.Tx(t.Context(), func(tx store.Tx) error {
			for n := range many {
				words := make([]string, 40)
				for w := range words {
					words[w] = fmt.Sprintf("w%d", (round*many+n)*7+w*w)
				}
				r := &value.Record{Form: "asset", ID: value.ID(fmt.Sprintf("r%d", n)), Version: int64(round + 1), Tokens: words, Shadow: value.Doc{value.ShadowText: words[0]}}
				if err := tx.Put(t.Context(), r, int64(round)); err != nil {
					return err
				}
			}
			return nil
		}))
		most = max(most, segments(t, path))
	}
	if most < 4 || most > fewEnough {
		t.Errorf("%d segments at most after %d transactions", most, rounds)
	}
	if n := mergings(t, path); n != 0 {
		t.Errorf("SQLite merges by itself: %d", n)
	}
}

// Before format 9 SQLite merged while it wrote.
func TestSQLiteNoLongerMergesInAFileOfBefore(t *testing.T) {
	path := filled(t)
	raw, err := sql.Open("sqlite", path)
	check(t, err)
	for _, q := range []string{`INSERT INTO "t:asset" ("t:asset", rank) VALUES ('automerge', 8)`, `INSERT INTO "t:asset" ("t:asset", rank) VALUES ('deletemerge', 50)`, "PRAGMA user_version = 8"} {
		_, err := raw.ExecContext(t.Context(), q)
		check(t, err)
	}
	check(t, raw.Close())
	if n := mergings(t, path); n != 2 {
		t.Fatalf("%d ways of merging are on: nothing to bring up to date", n)
	}
	check(t, open(t, path).Close())
	if n := mergings(t, path); n != 0 {
		t.Errorf("SQLite still merges by itself: %d", n)
	}
}

// mergings counts the ways of merging by itself that SQLite is allowed.
func mergings(t *testing.T, path string) (n int) {
	t.Helper()
	raw, err := sql.Open("sqlite", path)
	check(t, err)
	err = raw.QueryRowContext(t.Context(), `SELECT 2 - count(*) FROM "t:asset_config" WHERE k IN ('automerge', 'deletemerge') AND v = 0`).Scan(&n)
	check(t, errors.Join(err, raw.Close()))
	return n
}
