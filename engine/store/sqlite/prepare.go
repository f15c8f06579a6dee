package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Prepare brings the file's layout to the forms. Each step is a transaction of its own; readers go on
// meanwhile, writers wait for the step under way. What is filled is kept in step by whoever writes from before it is
// filled, and read only when all of it is. Run again after a fault, indexes that were built are still there, and what
// had to be filled is filled anew.
func (s *Store) Prepare(ctx context.Context, forms []store.Form, progress func(done, total int)) error {
	return s.prepare(ctx, forms, false, progress)
}

// prepare is Prepare, bare also of a frozen file.
func (s *Store) prepare(ctx context.Context, forms []store.Form, bare bool, progress func(done, total int)) (err error) {
	s.preparing.Lock()
	defer s.preparing.Unlock()
	p, err := s.plan(ctx, forms)
	if err != nil {
		return err
	}
	do := func(step step, then func()) error {
		return s.writer.await(&work{ctx: ctx, do: step, alone: true, bare: bare, then: then})
	}
	done := 0
	run := func(steps ...step) error {
		for _, step := range steps {
			if err := do(step, nil); err != nil {
				return err
			}
			if done++; progress != nil {
				progress(done, len(p.made)+len(p.filled)+len(p.dropped))
			}
		}
		return nil
	}
	if err := run(p.made...); err != nil {
		return err
	}
	keep := func(*conn) error { return nil }
	if err := do(keep, func() { s.kept = p.kept }); err != nil {
		return err
	}
	if err := run(p.filled...); err != nil {
		ctx = context.WithoutCancel(ctx)
		return errors.Join(err, do(keep, func() { s.kept = nil }))
	}
	save := func(c *conn) error {
		for _, form := range forms {
			if err := saveLayout(c, form); err != nil {
				return err
			}
		}
		return nil
	}
	// Alone, so that no transaction meets half a change of layouts.
	if err := do(save, func() { s.forms.Store(&p.next); s.kept = nil }); err != nil {
		return err
	}
	return run(p.dropped...)
}

// plan is what is to do for some forms.
type plan struct {
	next                  map[value.FormKey]*layout // of all forms, afterwards
	kept                  map[value.FormKey]*layout // what writes keep in step meanwhile, of these forms
	made, filled, dropped []step
}

func (s *Store) plan(ctx context.Context, forms []store.Form) (p plan, err error) {
	known := *s.forms.Load()
	p.next, p.kept = maps.Clone(known), map[value.FormKey]*layout{}
	for _, form := range forms {
		l, err := newLayout(form)
		if err != nil {
			return p, err
		}
		was := known[form.Key]
		if err := s.read(ctx, func(c *conn) error { return l.plan(ctx, c, was, &p) }); err != nil {
			return p, err
		}
		p.next[form.Key], p.kept[form.Key] = l, l.beside(was)
	}
	return p, nil
}

func saveLayout(c *conn, form store.Form) error {
	text, err := json.Marshal(form)
	if err != nil {
		return fault.Wrap("store.prepare", err)
	}
	_, _, err = c.exec("INSERT OR REPLACE INTO forms VALUES (?, ?)", string(form.Key), string(text))
	return err
}

// step is one change of the file's layout.
type step func(*conn) error

func statement(sql string) step { return func(c *conn) error { return c.run(sql) } }

// plan adds what is missing for a form, and what it no longer needs. What was filled for the layout that the form had
// is whole; else it may have been left half way.
func (l *layout) plan(ctx context.Context, c *conn, was *layout, p *plan) error {
	has, err := names(ctx, c, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'index')")
	if err != nil {
		return err
	}
	if !has[l.table] {
		p.made = append(p.made, statement(createTable(l)))
	}
	if err := l.planColumns(ctx, c, was, has, p); err != nil {
		return err
	}
	for _, t := range l.kept() {
		if !has[t.name] {
			p.made = append(p.made, statement(t.create))
		}
		if !has[t.name] || was == nil || !was.keepsTable(t.name) {
			p.filled = append(p.filled, refill(t))
		}
	}
	if l.tokens != "" {
		if err := l.planTokens(ctx, c, has, p); err != nil {
			return err
		}
	}
	wanted := l.indexStatements()
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if !has[name] {
			p.filled = append(p.filled, l.buildIndex(name, wanted[name]))
		}
	}
	p.dropped = append(p.dropped, l.unneeded(has, wanted)...)
	return nil
}

// planColumns adds the columns that are missing, and takes away those of a file of an earlier format, which were
// computed from the document, with the indexes over them.
func (l *layout) planColumns(ctx context.Context, c *conn, was *layout, has map[string]bool, p *plan) error {
	all, err := names(ctx, c, "SELECT name FROM pragma_table_xinfo("+literal(l.table)+")")
	if err != nil {
		return err
	}
	computed, err := names(ctx, c, "SELECT name FROM pragma_table_xinfo("+literal(l.table)+") WHERE hidden = 2")
	if err != nil {
		return err
	}
	if len(computed) > 0 {
		var statements []string
		for _, name := range slices.Sorted(maps.Keys(has)) {
			if l.ownsIndex(name) && name != l.idIndex() && name != l.deletedIndex() {
				statements = append(statements, "DROP INDEX "+name)
				delete(has, name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(computed)) {
			statements = append(statements, "ALTER TABLE "+l.table+" DROP COLUMN "+name)
			delete(all, name)
		}
		p.made = append(p.made, func(c *conn) error { return c.runAll(statements) })
	}
	var empty []query.Path
	for _, path := range l.paths() {
		name := l.columns[path]
		if !all[name] {
			p.made = append(p.made, statement("ALTER TABLE "+l.table+" ADD COLUMN "+name))
		}
		if !all[name] || was == nil || was.columns[path] == "" {
			empty = append(empty, path)
		}
	}
	if len(empty) == 0 || !has[l.table] {
		return nil
	}
	last, err := c.number(ctx, `SELECT max("$rid") FROM `+l.table)
	p.filled = append(p.filled, l.fillColumns(empty, last)...)
	return err
}

// buildIndex makes an index; records that break a unique one are a fault that names its fields.
func (l *layout) buildIndex(name, sql string) step {
	return func(c *conn) error {
		err := c.run(sql)
		for _, g := range l.unique {
			if g.name == name && isConstraint(err) {
				return fault.New(fault.Conflict, "store.taken").With("form", string(l.form.Key)).With("fields", g.fields).Because(err)
			}
		}
		return err
	}
}

func (l *layout) indexStatements() map[string]string {
	out := map[string]string{
		l.idIndex():      "CREATE UNIQUE INDEX " + l.idIndex() + " ON " + l.table + " (id)",
		l.deletedIndex(): "CREATE INDEX " + l.deletedIndex() + " ON " + l.table + " (deleted_at) WHERE deleted_at IS NOT NULL",
	}
	bare := func(key string) string { return strings.TrimPrefix(key, "t.") }
	for _, i := range l.indexes {
		columns := ""
		for _, c := range i.columns {
			columns += bare(l.expr(c.Path)) + down(c.Desc) + ", "
		}
		columns += "id" + down(i.columns[len(i.columns)-1].Desc)
		out[i.name] = "CREATE INDEX " + i.name + " ON " + l.table + " (" + columns + ") WHERE deleted_at IS NULL"
	}
	for _, g := range l.unique {
		var columns, present []string
		for _, key := range g.fields {
			column := bare(l.expr(query.At(key)))
			columns, present = append(columns, column), append(present, column+" IS NOT NULL")
		}
		out[g.name] = "CREATE UNIQUE INDEX " + g.name + " ON " + l.table + " (" + strings.Join(columns, ", ") + ") WHERE deleted_at IS NULL AND " +
			strings.Join(present, " AND ")
	}
	return out
}

// unneeded drops indexes, orders and child tables that the form no longer has. Columns stay: to take one away writes
// the whole table.
func (l *layout) unneeded(has map[string]bool, wanted map[string]string) []step {
	var steps []step
	form := snake(string(l.form.Key))
	for _, name := range slices.Sorted(maps.Keys(has)) {
		bare := strings.Trim(name, `"`)
		owner, _, _ := strings.Cut(bare, ".")
		switch {
		case l.ownsIndex(name):
			if _, ok := wanted[name]; !ok {
				steps = append(steps, statement("DROP INDEX "+name))
			}
		case slices.Contains([]string{"f:" + form, "o:" + form, "s:" + form}, owner) && bare != "f:"+form && !l.keepsTable(name), bare == "t:"+form && l.tokens == "":
			steps = append(steps, statement("DROP TABLE "+name))
		}
	}
	return steps
}

// ownsIndex tells whether a quoted name is that of an index of the form.
func (l *layout) ownsIndex(name string) bool {
	form := snake(string(l.form.Key)) + "."
	return strings.HasPrefix(name, `"i:`+form) || strings.HasPrefix(name, `"u:`+form)
}

// names reads a column of names, quoted as layouts have them.
func names(ctx context.Context, c *conn, sql string) (map[string]bool, error) {
	out := map[string]bool{}
	err := c.rows(ctx, sql, nil, func(row []driver.Value) error {
		out[quote(textOf(row[0]))] = true
		return nil
	})
	return out, err
}

func literal(quoted string) string { return "'" + strings.Trim(quoted, `"`) + "'" }
