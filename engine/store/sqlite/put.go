package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

func (t *tx) Put(ctx context.Context, r *value.Record, was int64) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	l, err := t.store.written(r.Form)
	if err != nil {
		return err
	}
	w := &write{tx: t, conn: t.conn, layout: l, record: r}
	if err := w.encode(); err != nil {
		return err
	}
	if was == 0 {
		return w.make()
	}
	old, err := w.old()
	if err != nil {
		return err
	}
	if old.version != was {
		return stale()
	}
	if err = w.update(old); isConstraint(err) {
		return w.taken(err)
	}
	return err
}

// make writes a new record. That its id is free the index of ids knows: nobody asks before.
func (w *write) make() error {
	err := w.insert()
	if !isConstraint(err) {
		return err
	}
	old, failed := w.old()
	switch {
	case failed != nil:
		return failed
	case old.version != 0:
		return stale()
	}
	return w.taken(err)
}

func (t *tx) Remove(ctx context.Context, form value.FormKey, id value.ID, was int64) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	l, err := t.store.written(form)
	if err != nil {
		return err
	}
	w := &write{tx: t, conn: t.conn, layout: l, record: &value.Record{Form: form, ID: id}}
	old, err := w.old()
	switch {
	case err != nil:
		return err
	case old.version == 0:
		return notFound()
	case old.version != was:
		return stale()
	}
	if err := w.follow(old); err != nil {
		return err
	}
	if err := w.retoken(old); err != nil {
		return err
	}
	if _, _, err := t.conn.exec("DELETE FROM "+l.table+` WHERE "$rid" = ?`, old.rid); err != nil {
		return err
	}
	// What is still on its way keeps what it says of the record.
	_, _, err = t.conn.exec(`UPDATE outbox SET head = (SELECT h.head FROM history h WHERE h.seq = outbox.seq)
		WHERE seq IN (SELECT seq FROM history WHERE form = ? AND record = ?) AND length(head) = 0`, string(form), string(id))
	if err != nil {
		return err
	}
	_, _, err = t.conn.exec("DELETE FROM history WHERE form = ? AND record = ?", string(form), string(id))
	return err
}

// write is one record on its way into its form's tables.
type write struct {
	tx     *tx // nil where the file is brought up to date
	conn   *conn
	layout *layout
	record *value.Record

	doc, shadow driver.Value
	tokens      string
	mark        int64
}

func (w *write) encode() (err error) {
	if w.doc, err = encodeOrNull(w.record.Values); err != nil {
		return err
	}
	w.shadow, err = encodeOrNull(w.record.Shadow)
	if w.layout.tokens != "" {
		w.tokens = tokenText(w.record.Tokens, textOf(w.record.Shadow[value.ShadowText]), w.record.Principals)
		w.mark = tokensMark(w.tokens)
	}
	return err
}

func (w *write) old() (b before, err error) {
	if b, known := w.tx.rests(w.record.Form, w.record.ID); known {
		return b, nil
	}
	sql := "SELECT " + beforeColumns + " FROM " + w.layout.table + " WHERE id = ?"
	_, err = w.conn.one(context.Background(), sql, []driver.Value{string(w.record.ID)}, func(row []driver.Value) error {
		b = readBefore(row)
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

// What is written of a record, and which parameters its document and shadow are.
const (
	writeColumns = `id, version, created_at, created_by, updated_at, updated_by, deleted_at, "$deleted_by", "$principals", "$mark", "$doc", "$shadow"`
	writeCount   = 12
	docParam     = "?11"
	shadowParam  = "?12"
)

func (w *write) insert() error {
	_, rid, err := w.conn.exec(w.layout.insert, w.columns()...)
	if err != nil {
		return err
	}
	old := before{rid: rid}
	if err := w.follow(old); err != nil {
		return err
	}
	return w.retoken(old)
}

func (w *write) update(old before) error {
	if w.record.Tokens == nil && old.mark != 0 {
		if w.mark = old.mark; !slices.Equal(old.principals, w.record.Principals) {
			// The index gives no tokens back, but these follow from the text.
			folded := textOf(w.record.Shadow[value.ShadowText])
			w.tokens = tokenText(text.Tokens(folded), folded, w.record.Principals)
			w.mark = tokensMark(w.tokens)
		}
	}
	if _, _, err := w.conn.exec(w.updating(old), append(w.columns(), old.rid)...); err != nil {
		return err
	}
	if err := w.follow(old); err != nil {
		return err
	}
	return w.retoken(old)
}

// follow brings the tables beside the records to the record.
func (w *write) follow(old before) error {
	if err := w.members(old); err != nil {
		return err
	}
	if err := w.reorder(old); err != nil {
		return err
	}
	if err := w.resum(old); err != nil {
		return err
	}
	if w.layout.along == nil {
		return nil
	}
	along := *w
	along.layout = w.layout.along
	return along.follow(old)
}

// retoken brings the index of tokens to the record's, if they are others.
func (w *write) retoken(old before) error {
	if w.layout.tokens == "" || w.mark == old.mark {
		return nil
	}
	tokens := w.tokens
	if w.mark == 0 {
		tokens = ""
	}
	if w.tx == nil {
		return w.layout.index(w.conn, old.rid, old.mark != 0, tokens)
	}
	return w.tx.index(tokensOf{w.layout, old.rid, old.mark != 0, tokens})
}

// taken finds out which unique group a write ran against, and who holds the values.
func (w *write) taken(cause error) error {
	unique := w.layout.unique
	if w.layout.along != nil {
		unique = slices.Concat(unique, w.layout.along.unique)
	}
	for _, g := range unique {
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
