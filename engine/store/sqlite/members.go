package sqlite

import (
	"context"
	"database/sql/driver"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// fillMembers makes the child table of a path and fills it from the records there are.
func (l *layout) fillMembers(path query.Path) step {
	return func(c *conn) error {
		table := l.members[path]
		if err := c.run("CREATE TABLE " + table + " (value, rid INTEGER NOT NULL, PRIMARY KEY (value, rid)) WITHOUT ROWID"); err != nil {
			return err
		}
		return l.eachMember(context.Background(), c, path, func(_ context.Context, b before, v driver.Value) error {
			_, _, err := c.exec("INSERT INTO "+table+" VALUES (?, ?)", v, b.rid)
			return err
		})
	}
}

// eachMember calls do with every different value at a path of every record, read in batches.
func (l *layout) eachMember(ctx context.Context, c *conn, path query.Path, do func(context.Context, before, driver.Value) error) error {
	after := int64(0)
	for {
		var batch []before
		sql := `SELECT "$rid", "$principals", "$doc", id FROM ` + l.table + ` WHERE "$rid" > ? ORDER BY "$rid" LIMIT 1000`
		err := c.rows(ctx, sql, []driver.Value{after}, func(row []driver.Value) error {
			b := before{principals: splitPrincipals(textOf(row[1])), id: textOf(row[3])}
			b.rid, _ = row[0].(int64)
			b.doc, _ = row[2].([]byte)
			batch = append(batch, b)
			return nil
		})
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, b := range batch {
			members, err := oldMembers(b, path)
			if err != nil {
				return damagedRecord(&value.Record{Form: l.form.Key, ID: value.ID(b.id)}, err)
			}
			for _, v := range members {
				if err := do(ctx, b, v); err != nil {
					return err
				}
			}
		}
		after = batch[len(batch)-1].rid
	}
}
