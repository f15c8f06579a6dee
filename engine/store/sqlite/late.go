package sqlite

import (
	"cmp"
	"context"
	"database/sql/driver"
	"slices"
	"strings"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// The index of tokens is cheap to fill for many records at once and dear for one: each commit that touches
// it writes a segment of its own, a third of the pages of a save. So what a save of few records brings
// waits in the table late, in the same transaction, and is indexed with the next that come, at the latest
// when somebody searches.

const (
	// maxLate bounds the records that wait, and with them what a search may have to do first.
	maxLate = 64
	// fewTexts is how many texts of one transaction may wait; one with more is cheap as it is, and searches
	// need not wait behind it.
	fewTexts = 16
)

// lateSchema is where tokens wait; indexed tells that the index has others of the record.
const lateSchema = `CREATE TABLE IF NOT EXISTS late (form TEXT NOT NULL, rid INTEGER NOT NULL, indexed INTEGER NOT NULL, tokens TEXT NOT NULL,
	PRIMARY KEY (form, rid)) WITHOUT ROWID`

// tokensOf are the tokens that a record has from now on; indexed tells that the index has others of it.
type tokensOf struct {
	layout  *layout
	rid     int64
	indexed bool
	tokens  string
}

// index brings the index of tokens to a record's: where few of the transaction have others, with the next that come;
// else when the transaction ends, and not before, for each later statement that can be taken back by itself has the
// index write what it has so far, as a segment of its own.
func (t *tx) index(one tokensOf) error {
	if t.texts++; t.texts > fewTexts {
		t.many = append(t.many, one)
		return nil
	}
	_, _, err := t.conn.exec("INSERT INTO late VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET tokens = excluded.tokens",
		string(one.layout.form.Key), one.rid, bit(one.indexed), one.tokens)
	if err != nil {
		return err
	}
	if t.store.late++; t.store.late < maxLate {
		return nil
	}
	return t.store.indexLate(t.conn)
}

// indexMany indexes what the transaction has kept for its end, with what waits.
func (t *tx) indexMany() error {
	if len(t.many) == 0 {
		return nil
	}
	many := t.many
	t.many = nil
	return t.store.indexWith(t.conn, many)
}

// index replaces the tokens of a record in the index.
func (l *layout) index(c *conn, rid int64, indexed bool, tokens string) error {
	if indexed {
		if _, _, err := c.exec("DELETE FROM "+l.tokens+" WHERE rowid = ?", rid); err != nil {
			return err
		}
	}
	if tokens == "" {
		return nil
	}
	_, _, err := c.exec("INSERT INTO "+l.tokens+" (rowid, t) VALUES (?, ?)", rid, tokens)
	return err
}

// indexLate indexes what waits, on the writer's connection.
func (s *Store) indexLate(c *conn) error { return s.indexWith(c, nil) }

// indexWith indexes what waits and then what comes, which may be of the same records.
func (s *Store) indexWith(c *conn, comes []tokensOf) error {
	all, err := s.waiting(c)
	if err != nil {
		return err
	}
	if len(all) > 0 {
		if _, _, err := c.exec("DELETE FROM late"); err != nil {
			return err
		}
	}
	s.late = 0
	all = append(all, comes...)
	// The index writes a segment whenever a record comes that stands before the last one.
	slices.SortStableFunc(all, func(a, b tokensOf) int {
		return cmp.Or(cmp.Compare(a.layout.tokens, b.layout.tokens), cmp.Compare(a.rid, b.rid))
	})
	texts := map[*layout]int{}
	for _, one := range all {
		if err := one.layout.index(c, one.rid, one.indexed, one.tokens); err != nil {
			return err
		}
		texts[one.layout]++
	}
	for l, n := range texts {
		if err := l.merge(c, 1+int64(n)/mergeTexts); err != nil {
			return err
		}
	}
	return nil
}

// waiting is what waits to be indexed, but for forms that are no longer searched.
func (s *Store) waiting(c *conn) (all []tokensOf, err error) {
	err = c.rows(context.Background(), "SELECT form, rid, indexed, tokens FROM late", nil, func(row []driver.Value) error {
		l, err := s.layout(value.FormKey(textOf(row[0])))
		if err != nil || l.tokens == "" {
			return err
		}
		rid, _ := row[1].(int64)
		indexed, _ := row[2].(int64)
		all = append(all, tokensOf{l, rid, indexed != 0, textOf(row[3])})
		return nil
	})
	return all, err
}

// eachLate calls do with each token that waits and begins so.
func (l *layout) eachLate(ctx context.Context, c *conn, start string, do func(rid int64, term string) error) error {
	return c.rows(ctx, "SELECT rid, tokens FROM late WHERE form = ?", []driver.Value{string(l.form.Key)}, func(row []driver.Value) error {
		rid, _ := row[0].(int64)
		for term := range strings.SplitSeq(textOf(row[1]), " ") {
			if term == "" || !strings.HasPrefix(term, start) {
				continue
			}
			if err := do(rid, term); err != nil {
				return err
			}
		}
		return nil
	})
}

// catchUp has everything indexed before somebody reads the index.
func (s *Store) catchUp(ctx context.Context) error {
	var waits int64
	err := s.read(ctx, func(c *conn) (err error) {
		waits, err = c.number(ctx, "SELECT EXISTS (SELECT 1 FROM late)")
		return err
	})
	if err != nil || waits == 0 {
		return err
	}
	return s.writer.submit(ctx, s.indexLate)
}

// catchUpFor is catchUp, if the filter reads the index.
func (s *Store) catchUpFor(ctx context.Context, f query.Filter) error {
	if !searches(f) {
		return nil
	}
	return s.catchUp(ctx)
}

// searches tells whether a filter asks the index of tokens.
func searches(f query.Filter) bool {
	switch f := f.(type) {
	case query.Search:
		return true
	case query.Not:
		return searches(f.Of)
	case query.And:
		return anySearches(f)
	case query.Or:
		return anySearches(f)
	case query.Rows:
		return searches(f.Where)
	}
	return false
}

func anySearches(all []query.Filter) bool {
	for _, f := range all {
		if searches(f) {
			return true
		}
	}
	return false
}
