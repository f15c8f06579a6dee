package sqlite

import (
	"context"
	"database/sql/driver"
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

// indexMany indexes what the transaction has kept for its end. What waits of its first few comes before, for it may be
// of the same records.
func (t *tx) indexMany() error {
	if len(t.many) == 0 {
		return nil
	}
	if err := t.store.indexLate(t.conn); err != nil {
		return err
	}
	for _, one := range t.many {
		if err := one.layout.index(t.conn, one.rid, one.indexed, one.tokens); err != nil {
			return err
		}
	}
	t.many = nil
	return nil
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
func (s *Store) indexLate(c *conn) error {
	type line struct {
		form    value.FormKey
		rid     int64
		indexed bool
		tokens  string
	}
	var lines []line
	err := c.rows(context.Background(), "SELECT form, rid, indexed, tokens FROM late", nil, func(row []driver.Value) error {
		rid, _ := row[1].(int64)
		indexed, _ := row[2].(int64)
		lines = append(lines, line{value.FormKey(textOf(row[0])), rid, indexed != 0, textOf(row[3])})
		return nil
	})
	if err != nil || len(lines) == 0 {
		return err
	}
	for _, one := range lines {
		l, err := s.layout(one.form)
		if err != nil {
			return err
		}
		if l.tokens == "" {
			continue // its form is no longer searched
		}
		if err := l.index(c, one.rid, one.indexed, one.tokens); err != nil {
			return err
		}
	}
	s.late = 0
	_, _, err = c.exec("DELETE FROM late")
	return err
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
