package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// maxFound bounds the differences that one check tells; more would not be read.
const maxFound = 200

// Check verifies the file's own structures, then what is kept twice: every column and every line of a child table
// against the documents, and which records have tokens. It reads while others write, from one state, on a
// connection of its own: on one that has searched before, FTS5 checks itself against what it remembers of
// its index from then, and takes what was merged since for damage.
func (s *Store) Check(ctx context.Context) (found []string, err error) {
	err = s.alone(ctx, func(c *conn) (err error) {
		// OFF, for what reads the index of tokens is a table, if a passing one.
		if err := c.runAll([]string{"PRAGMA query_only = OFF", "BEGIN"}); err != nil {
			return err
		}
		defer func() {
			if ended := c.run("COMMIT"); err == nil {
				err = ended
			}
		}()
		err = c.rows(ctx, "PRAGMA integrity_check(100)", nil, func(row []driver.Value) error {
			if line := textOf(row[0]); line != "ok" {
				found = append(found, line)
			}
			return nil
		})
		if err != nil {
			return err
		}
		forms := *s.forms.Load()
		for _, key := range slices.Sorted(maps.Keys(forms)) {
			if err := forms[key].check(ctx, c, &found); err != nil {
				return err
			}
		}
		return checkFiles(ctx, c, &found)
	})
	return found[:min(len(found), maxFound)], err
}

// checkFiles holds that whole files have all their pieces, that no piece is of no file, and the count.
func checkFiles(ctx context.Context, c *conn, found *[]string) error {
	return c.rows(ctx, `SELECT id, 'is a file whose pieces do not add up' FROM files WHERE done AND size <> (SELECT ifnull(sum(length(data)), 0) FROM pieces WHERE file = id)
		UNION ALL SELECT DISTINCT file, 'has pieces and is no file' FROM pieces WHERE file NOT IN (SELECT id FROM files)
		UNION ALL SELECT 'files', 'are not as many as counted' FROM file_usage
			WHERE files <> (SELECT count(*) FROM files WHERE done) OR bytes <> (SELECT ifnull(sum(size), 0) FROM files WHERE done)`,
		nil, func(row []driver.Value) error {
			*found = append(*found, fmt.Sprintf("%v %v", row[0], row[1]))
			return nil
		})
}

func (l *layout) check(ctx context.Context, c *conn, found *[]string) error {
	if err := l.checkColumns(ctx, c, found); err != nil {
		return err
	}
	for _, path := range slices.SortedFunc(maps.Keys(l.members), byPath) {
		if err := l.checkMembers(ctx, c, path, found); err != nil {
			return err
		}
	}
	for _, o := range l.orders {
		if err := l.checkOrder(ctx, c, o, found); err != nil {
			return err
		}
	}
	for _, s := range l.sums {
		if err := l.checkSums(ctx, c, s, found); err != nil {
			return err
		}
	}
	if l.tokens == "" {
		return nil
	}
	// The index keeps one line per document beside its lists. What waits to be indexed is not in it yet.
	sizes := quote("t:" + snake(string(l.form.Key)) + "_docsize")
	sql := `SELECT id, 'has tokens that are not indexed' FROM ` + l.table + ` WHERE "$mark" <> 0 AND "$rid" NOT IN (SELECT id FROM ` + sizes + `)
			AND "$rid" NOT IN (SELECT rid FROM late WHERE form = ?1)
		UNION ALL SELECT id, 'is indexed without tokens' FROM ` + sizes + ` WHERE id NOT IN (SELECT "$rid" FROM ` + l.table + ` WHERE "$mark" <> 0)
			AND id NOT IN (SELECT rid FROM late WHERE form = ?1)`
	err := c.rows(ctx, sql, []driver.Value{string(l.form.Key)}, func(row []driver.Value) error {
		*found = append(*found, fmt.Sprintf("%s/%v %v", l.form.Key, row[0], row[1]))
		return nil
	})
	if err != nil {
		return err
	}
	return l.checkScopes(ctx, c, found)
}

// checkMembers compares a child table with what the documents say: each value of a document has its
// line, and there are no other lines.
func (l *layout) checkMembers(ctx context.Context, c *conn, path query.Path, found *[]string) error {
	table, lines := l.members[path], int64(0)
	count := func(ctx context.Context, b before, v driver.Value) error {
		lines++
		n, err := c.number(ctx, "SELECT count(*) FROM "+table+" WHERE value = ? AND rid = ?", v, b.rid)
		if err == nil && n == 0 {
			*found = append(*found, fmt.Sprintf("%s/%s: %v of %s is not indexed", l.form.Key, b.id, v, path))
		}
		return err
	}
	if err := l.eachMember(ctx, c, path, count); err != nil {
		return err
	}
	n, err := c.number(ctx, "SELECT count(*) FROM "+table)
	if err == nil && n != lines {
		*found = append(*found, fmt.Sprintf("%s: %d lines of %s for %d values", l.form.Key, n, path, lines))
	}
	return err
}

// checkOrder compares the table of an order with what the records say, likewise.
func (l *layout) checkOrder(ctx context.Context, c *conn, o *order, found *[]string) error {
	lines := int64(0)
	err := l.eachBefore(ctx, c, func(b before) error {
		if !b.living() || len(b.principals) == 0 {
			return nil
		}
		place, err := b.place(o)
		if err != nil {
			return damagedRecord(&value.Record{Form: l.form.Key, ID: value.ID(b.id)}, err)
		}
		for _, p := range l.listed(b.principals) {
			lines++
			n, err := c.number(ctx, "SELECT count(*) FROM "+o.name+" WHERE p = ? AND k = ? AND rid = ?", numberOf(p), place, b.rid)
			if err != nil {
				return err
			}
			if n == 0 {
				*found = append(*found, fmt.Sprintf("%s/%s: %s is not in the order %s", l.form.Key, b.id, p, o.name))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	n, err := c.number(ctx, "SELECT count(*) FROM "+o.name)
	if err == nil && n != lines {
		*found = append(*found, fmt.Sprintf("%s: %d lines in the order %s for %d principals of records", l.form.Key, n, o.name, lines))
	}
	return err
}

// checkSums adds up all records once more.
func (l *layout) checkSums(ctx context.Context, c *conn, s *sums, found *[]string) error {
	type place struct {
		principal string
		key       int64
	}
	want := map[place][]int64{}
	err := l.eachBefore(ctx, c, func(b before) error {
		if !b.living() {
			return nil
		}
		share := s.share(&b)
		for _, p := range l.sharers(b.principals) {
			at := place{p, share[0]}
			if want[at] == nil {
				want[at] = make([]int64, len(share)-1)
			}
			for i, v := range share[1:] {
				want[at][i] += v
			}
		}
		return b.err
	})
	if err != nil {
		return err
	}
	sql := "SELECT p, k, " + strings.Join(s.columns(), ", ") + " FROM " + s.name + " WHERE n <> 0"
	err = c.rows(ctx, sql, nil, func(row []driver.Value) error {
		key, _ := row[1].(int64)
		at := place{textOf(row[0]), key}
		for i, v := range row[2:] {
			if n, _ := v.(int64); want[at] == nil || want[at][i] != n {
				*found = append(*found, fmt.Sprintf("%s: sums of %q at %d in %s differ from the records", l.form.Key, at.principal, at.key, s.name))
				break
			}
		}
		delete(want, at)
		return nil
	})
	for at := range want {
		*found = append(*found, fmt.Sprintf("%s: no sums of %q at %d in %s", l.form.Key, at.principal, at.key, s.name))
	}
	return err
}
