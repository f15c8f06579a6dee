package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

func (t *tx) Put(ctx context.Context, r *value.Record, was int64) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	l, err := t.store.layout(r.Form)
	if err != nil {
		return err
	}
	w := &write{conn: t.conn, layout: l, record: r}
	if err := w.encode(); err != nil {
		return err
	}
	old, err := w.old()
	if err != nil {
		return err
	}
	if old.version != was {
		return stale()
	}
	if was == 0 {
		err = w.insert()
	} else {
		err = w.update(old)
	}
	if isConstraint(err) {
		return w.taken(err)
	}
	return err
}

func (t *tx) Remove(ctx context.Context, form value.FormKey, id value.ID, was int64) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	l, err := t.store.layout(form)
	if err != nil {
		return err
	}
	w := &write{conn: t.conn, layout: l, record: &value.Record{Form: form, ID: id}}
	old, err := w.old()
	switch {
	case err != nil:
		return err
	case old.version == 0:
		return notFound()
	case old.version != was:
		return stale()
	}
	if err := w.members(old); err != nil {
		return err
	}
	if err := w.retoken(old); err != nil {
		return err
	}
	if _, _, err := t.conn.exec("DELETE FROM "+l.table+` WHERE "$rid" = ?`, old.rid); err != nil {
		return err
	}
	_, _, err = t.conn.exec("DELETE FROM history WHERE form = ? AND record = ?", string(form), string(id))
	return err
}

// write is one record on its way into its form's tables.
type write struct {
	conn   *conn
	layout *layout
	record *value.Record

	doc, shadow driver.Value
	tokens      string
	mark        int64
}

// before is what a record was: all zero for none.
type before struct {
	id                 string // filled by eachMember only
	rid, version, mark int64
	principals         []string
	doc                []byte
}

func (w *write) encode() (err error) {
	if w.doc, err = encodeOrNull(w.record.Values); err != nil {
		return err
	}
	w.shadow, err = encodeOrNull(w.record.Shadow)
	if w.layout.tokens != "" {
		w.tokens = tokenText(w.record.Tokens)
		w.mark = tokensMark(w.tokens)
	}
	return err
}

func (w *write) old() (b before, err error) {
	sql := `SELECT "$rid", version, "$mark", "$principals", "$doc" FROM ` + w.layout.table + " WHERE id = ?"
	_, err = w.conn.one(context.Background(), sql, []driver.Value{string(w.record.ID)}, func(row []driver.Value) error {
		b.rid, _ = row[0].(int64)
		b.version, _ = row[1].(int64)
		b.mark, _ = row[2].(int64)
		b.principals = splitPrincipals(textOf(row[3]))
		b.doc, _ = row[4].([]byte)
		return nil
	})
	return b, err
}

func (w *write) columns() []driver.Value {
	r := w.record
	return []driver.Value{
		string(r.ID), r.Version, millis(r.CreatedAt), orNull(string(r.CreatedBy)), millis(r.UpdatedAt), orNull(string(r.UpdatedBy)),
		millis(r.DeletedAt), orNull(string(r.DeletedBy)), joinPrincipals(r.Principals), w.mark, w.doc, w.shadow,
	}
}

const writeColumns = `id, version, created_at, created_by, updated_at, updated_by, deleted_at, "$deleted_by", "$principals", "$mark", "$doc", "$shadow"`

func (w *write) insert() error {
	_, rid, err := w.conn.exec("INSERT INTO "+w.layout.table+" ("+writeColumns+") VALUES ("+marks(12)+")", w.columns()...)
	if err != nil {
		return err
	}
	old := before{rid: rid}
	if err := w.members(old); err != nil {
		return err
	}
	return w.retoken(old)
}

func (w *write) update(old before) error {
	if w.record.Tokens == nil {
		w.mark = old.mark
	}
	sql := "UPDATE " + w.layout.table + " SET " + strings.ReplaceAll(writeColumns, ",", " = ?,") + ` = ? WHERE "$rid" = ?`
	if _, _, err := w.conn.exec(sql, append(w.columns(), old.rid)...); err != nil {
		return err
	}
	if err := w.members(old); err != nil {
		return err
	}
	return w.retoken(old)
}

// retoken brings the index of tokens to the record's, if they are others.
func (w *write) retoken(old before) error {
	if w.layout.tokens == "" || w.mark == old.mark {
		return nil
	}
	if old.mark != 0 {
		if _, _, err := w.conn.exec("DELETE FROM "+w.layout.tokens+" WHERE rowid = ?", old.rid); err != nil {
			return err
		}
	}
	if w.mark == 0 {
		return nil
	}
	_, _, err := w.conn.exec("INSERT INTO "+w.layout.tokens+" (rowid, t) VALUES (?, ?)", old.rid, w.tokens)
	return err
}

// members brings the child tables to the record's values; only lines that differ are touched.
func (w *write) members(old before) error {
	for path, table := range w.layout.members {
		was, err := oldMembers(old, path)
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

// oldMembers reads the values that a record had at an indexed path.
func oldMembers(old before, path query.Path) ([]driver.Value, error) {
	r := &value.Record{Principals: old.principals}
	if path.Field != value.SysPrincipals {
		v, err := member(old.doc, string(path.Field))
		if err != nil {
			return nil, err
		}
		r.Values = value.Doc{string(path.Field): v}
	}
	return distinct(r, path), nil
}

// distinct lists the different scalars at a path as they rest in a child table.
func distinct(r *value.Record, path query.Path) []driver.Value {
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

// taken finds out which unique group a write ran against, and who holds the values.
func (w *write) taken(cause error) error {
	for _, g := range w.layout.unique {
		sql := "SELECT t.id FROM " + w.layout.table + " t WHERE t.deleted_at IS NULL AND t.id <> ?"
		args := []driver.Value{string(w.record.ID)}
		complete := true
		for _, key := range g.fields {
			p := query.At(key)
			v, ok := param(w.record.Get(key), w.layout.typeOf(p))
			complete = complete && ok
			sql += " AND " + w.layout.expr(p) + " = ? AND " + w.layout.expr(p) + " IS NOT NULL"
			args = append(args, v)
		}
		if !complete {
			continue
		}
		holder := ""
		found, err := w.conn.one(context.Background(), sql, args, func(row []driver.Value) error {
			holder = textOf(row[0])
			return nil
		})
		if err != nil {
			return err
		}
		if found {
			return fault.New(fault.Conflict, "store.taken").With("form", string(w.record.Form)).
				With("fields", g.fields).With("holder", value.ID(holder))
		}
	}
	return fault.New(fault.Internal, "internal").In("store.put").Because(cause)
}
