package sqlite

import (
	"context"
	"database/sql/driver"
	"strings"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// before is a record as it rests in the file, for what keeps other tables in step with it: its fields
// are read one by one, when asked for. All zero for none.
type before struct {
	id                 string
	rid, version, mark int64
	principals         []string
	doc, shadow        []byte
	times              [3]driver.Value // created, updated, deleted
	people             [2]driver.Value // created, updated
	err                error           // the first field that cannot be read
}

const beforeColumns = `id, "$rid", version, "$mark", "$principals", "$doc", "$shadow", created_at, updated_at, deleted_at, created_by, updated_by`

func readBefore(row []driver.Value) before {
	b := before{id: textOf(row[0]), principals: splitPrincipals(textOf(row[4]))}
	b.rid, _ = row[1].(int64)
	b.version, _ = row[2].(int64)
	b.mark, _ = row[3].(int64)
	b.doc, _ = row[5].([]byte)
	b.shadow, _ = row[6].([]byte)
	b.times = [3]driver.Value{row[7], row[8], row[9]}
	b.people = [2]driver.Value{row[10], row[11]}
	return b
}

// resting is a record as it rests in the file.
type resting struct {
	form value.FormKey
	before
}

// get reads a record, and keeps how it rests: what reads one within a transaction mostly writes it next.
func (t *tx) get(form value.FormKey, id value.ID) (r *value.Record, err error) {
	l, err := t.store.layout(form)
	if err != nil {
		return nil, err
	}
	sql := "SELECT " + recordColumns + `, t."$rid", t."$mark" FROM ` + l.table + " t WHERE t.id = ?"
	found, err := t.conn.one(context.Background(), sql, []driver.Value{string(id)}, func(row []driver.Value) error {
		if r, err = readRecord(form, row); err != nil {
			return err
		}
		b := readBefore([]driver.Value{row[0], row[11], row[1], row[12], row[4], row[2], row[3], row[5], row[7], row[9], row[6], row[8]})
		t.last = &resting{form, b}
		return nil
	})
	if err == nil && !found {
		return nil, missing(form, id)
	}
	return r, err
}

// rests is how a record rests that was read last, if nothing was written since: it is told once.
func (t *tx) rests(form value.FormKey, id value.ID) (b before, known bool) {
	if t == nil {
		return b, false
	}
	last := t.last
	if t.last = nil; last == nil || last.form != form || last.id != string(id) {
		return b, false
	}
	return last.before, true
}

func (b *before) living() bool { return b.times[2] == nil }

// Get makes it query.Fields.
func (b *before) Get(key value.FieldKey) value.Value {
	switch key {
	case value.SysID:
		return b.id
	case value.SysVersion:
		return b.version
	case value.SysCreatedAt:
		return b.times[0]
	case value.SysUpdatedAt:
		return b.times[1]
	case value.SysDeletedAt:
		return b.times[2]
	case value.SysCreatedBy:
		return b.people[0]
	case value.SysUpdatedBy:
		return b.people[1]
	case value.SysPrincipals:
		return principalList(b.principals)
	}
	from, name := b.doc, string(key)
	if rest, shadow := strings.CutPrefix(name, "~"); shadow {
		from, name = b.shadow, rest
	}
	v, err := member(from, name)
	if err != nil && b.err == nil {
		b.err = err
	}
	return v
}

func principalList(principals []string) value.Value {
	if len(principals) == 0 {
		return nil
	}
	out := make(value.List, len(principals))
	for i, p := range principals {
		out[i] = p
	}
	return out
}

// members are the different values at a path, as they rest in a child table.
func (b *before) members(path query.Path) ([]driver.Value, error) {
	found := distinct(b, path)
	return found, b.err
}

// eachBefore calls do with every record of the form, read in batches, so that do may write.
func (l *layout) eachBefore(ctx context.Context, c *conn, do func(before) error) error {
	after := int64(0)
	for {
		var batch []before
		sql := "SELECT " + beforeColumns + " FROM " + l.table + ` WHERE "$rid" > ? ORDER BY "$rid" LIMIT 1000`
		err := c.rows(ctx, sql, []driver.Value{after}, func(row []driver.Value) error {
			batch = append(batch, readBefore(row))
			return nil
		})
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, b := range batch {
			if err := do(b); err != nil {
				return err
			}
		}
		after = batch[len(batch)-1].rid
	}
}
