package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

func createMembers(table string) string {
	return "CREATE TABLE " + table + " (value, rid INTEGER NOT NULL, PRIMARY KEY (value, rid)) WITHOUT ROWID"
}

// fillMembers fills the child table of a path from the records there are.
func (l *layout) fillMembers(c *conn, path query.Path) error {
	table := l.members[path]
	return l.eachMember(context.Background(), c, path, func(_ context.Context, b before, v driver.Value) error {
		_, _, err := c.exec("INSERT INTO "+table+" VALUES (?, ?)", v, b.rid)
		return err
	})
}

// eachMember calls do with every different value at a path of every record.
func (l *layout) eachMember(ctx context.Context, c *conn, path query.Path, do func(context.Context, before, driver.Value) error) error {
	return l.eachBefore(ctx, c, func(b before) error {
		members, err := b.members(path)
		if err != nil {
			return damagedRecord(&value.Record{Form: l.form.Key, ID: value.ID(b.id)}, err)
		}
		for _, v := range members {
			if err := do(ctx, b, v); err != nil {
				return err
			}
		}
		return nil
	})
}

// members brings the child tables to the record's values; only lines that differ are touched.
func (w *write) members(old before) error {
	for path, table := range w.layout.members {
		was, err := old.members(path)
		if err != nil {
			return damagedRecord(w.record, err)
		}
		now := distinct(w.record, path)
		for _, v := range was {
			if !slices.Contains(now, v) {
				if _, _, err := w.conn.exec("DELETE FROM "+table+" WHERE value = ? AND rid = ?", v, old.rid); err != nil {
					return err
				}
			}
		}
		for _, v := range now {
			if !slices.Contains(was, v) {
				if _, _, err := w.conn.exec("INSERT OR IGNORE INTO "+table+" VALUES (?, ?)", v, old.rid); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// distinct lists the different scalars at a path as they rest in a child table.
func distinct(r query.Fields, path query.Path) []driver.Value {
	var out []driver.Value
	for _, v := range query.ValuesAt(r, path) {
		var p driver.Value
		switch v := v.(type) {
		case string:
			p = v
		case int64:
			p = v
		case bool:
			p = bit(v)
		default:
			continue
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}
