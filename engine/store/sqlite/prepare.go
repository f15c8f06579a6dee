package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
)

// Prepare brings the file's layout to the forms. Each step is a transaction of its own; readers go on
// meanwhile, writers wait for the step under way. Run again after a fault, it goes on where it stopped.
func (s *Store) Prepare(ctx context.Context, forms []store.Form, progress func(done, total int)) error {
	return s.prepare(ctx, forms, false, progress)
}

// prepare is Prepare, bare also of a frozen file.
func (s *Store) prepare(ctx context.Context, forms []store.Form, bare bool, progress func(done, total int)) error {
	next := maps.Clone(*s.forms.Load())
	var steps []step
	for _, form := range forms {
		l, err := newLayout(form)
		if err != nil {
			return err
		}
		var mine []step
		if err := s.read(ctx, func(c *conn) error { mine, err = l.steps(ctx, c); return err }); err != nil {
			return err
		}
		steps = append(steps, mine...)
		next[form.Key] = l
	}
	for n, step := range steps {
		if err := s.writer.await(&work{ctx: ctx, do: step, alone: true, bare: bare}); err != nil {
			return err
		}
		if progress != nil {
			progress(n+1, len(steps))
		}
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
	return s.writer.await(&work{ctx: ctx, do: save, alone: true, bare: bare, then: func() { s.forms.Store(&next) }})
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

// steps lists what is missing for a form, and what it no longer needs.
func (l *layout) steps(ctx context.Context, c *conn) ([]step, error) {
	has, err := names(ctx, c, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'index')")
	if err != nil {
		return nil, err
	}
	columns, err := names(ctx, c, "SELECT name FROM pragma_table_xinfo("+literal(l.table)+")")
	if err != nil {
		return nil, err
	}
	var steps []step
	isNew := !has[l.table]
	if isNew {
		steps = append(steps, statement(createTable(l)))
	}
	for _, path := range slices.SortedFunc(maps.Keys(l.columns), byPath) {
		if name := l.columns[path]; !columns[name] {
			steps = append(steps, statement("ALTER TABLE "+l.table+" ADD COLUMN "+name+" GENERATED ALWAYS AS ("+extract("", path)+") VIRTUAL"))
		}
	}
	for _, path := range slices.SortedFunc(maps.Keys(l.members), byPath) {
		if !has[l.members[path]] {
			steps = append(steps, l.fillMembers(path))
		}
	}
	for _, o := range l.orders {
		if !has[o.name] {
			steps = append(steps, l.fillOrder(o))
		}
	}
	for _, s := range l.sums {
		if !has[s.name] {
			steps = append(steps, l.fillSums(s))
		}
	}
	wanted := l.indexStatements()
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if !has[name] {
			steps = append(steps, l.buildIndex(name, wanted[name]))
		}
	}
	if l.tokens != "" && !has[l.tokens] {
		steps = append(steps, statement(createTokens(l.tokens)))
	}
	return append(steps, l.unneeded(has, wanted)...), nil
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

// unneeded drops indexes, orders and child tables that the form no longer has. Virtual columns stay: they take no room.
func (l *layout) unneeded(has map[string]bool, wanted map[string]string) []step {
	var steps []step
	form := snake(string(l.form.Key))
	kept := map[string]bool{}
	for _, name := range l.members {
		kept[name] = true
	}
	for _, o := range l.orders {
		kept[o.name] = true
	}
	for _, s := range l.sums {
		kept[s.name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(has)) {
		bare := strings.Trim(name, `"`)
		owner, _, _ := strings.Cut(bare, ".")
		switch {
		case strings.HasPrefix(bare, "i:"+form+".") || strings.HasPrefix(bare, "u:"+form+"."):
			if _, ok := wanted[name]; !ok {
				steps = append(steps, statement("DROP INDEX "+name))
			}
		case slices.Contains([]string{"f:" + form, "o:" + form, "s:" + form}, owner) && bare != "f:"+form && !kept[name], bare == "t:"+form && l.tokens == "":
			steps = append(steps, statement("DROP TABLE "+name))
		}
	}
	return steps
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
