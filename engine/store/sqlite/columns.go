package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// A path that an index has is also a column of the table, beside the document: SQLite brings all indexes of a column
// that a statement names to the record, whether or not its value is another one. So a save names those columns only
// whose values are others, and of fifteen indexes two or three are written. A column computed from the document would
// be named by every save.

// addColumn gives a path a column of its own.
func (l *layout) addColumn(p query.Path) {
	if _, system := systemColumn(p); !system {
		l.columns[p] = quote(snake(p.String()))
	}
}

// paths are those that have a column of their own, in order.
func (l *layout) paths() []query.Path { return slices.SortedFunc(maps.Keys(l.columns), byPath) }

// extract is the value at a path of the document and the shadow in the columns of the table that alias names.
func extract(alias string, p query.Path) string { return pick(alias+`"$doc"`, alias+`"$shadow"`, p) }

// pick is the value at a path of a document or of its shadow, whichever has it.
func pick(doc, shadow string, p query.Path) string {
	from, key := doc, string(p.Field)
	if rest, isShadow := strings.CutPrefix(key, "~"); isShadow {
		from, key = shadow, rest
	}
	path := `$."` + key + `"`
	if p.Sub != "" {
		path += `."` + string(p.Sub) + `"`
	}
	return from + " ->> '" + path + "'"
}

// inserting is the statement that writes a new record: writeColumns, and the columns that follow from them.
func (l *layout) inserting() string {
	names, values := writeColumns, make([]string, 0, writeCount+len(l.columns))
	for n := range writeCount {
		values = append(values, "?"+strconv.Itoa(n+1))
	}
	for _, p := range l.paths() {
		names += ", " + l.columns[p]
		values = append(values, pick(docParam, shadowParam, p))
	}
	return "INSERT INTO " + l.table + " (" + names + ") VALUES (" + strings.Join(values, ", ") + ")"
}

// updating is the statement that writes what a record is now where the row that has it is the parameter after
// writeColumns. Of what indexes are over it names what has changed, and no more.
func (w *write) updating(old before) string {
	columns := strings.Split(writeColumns, ", ")
	changed := w.differs(old)
	set := make([]string, 0, writeCount)
	for n, column := range columns {
		if changed(column) {
			set = append(set, column+" = ?"+strconv.Itoa(n+1))
		}
	}
	for _, p := range w.layout.paths() {
		was := old.Get(p.Field)
		if old.err != nil || !value.Equal(was, w.record.Get(p.Field)) {
			set = append(set, w.layout.columns[p]+" = "+pick(docParam, shadowParam, p))
		}
	}
	return "UPDATE " + w.layout.table + " SET " + strings.Join(set, ", ") + ` WHERE "$rid" = ?` + strconv.Itoa(writeCount+1)
}

// differs tells of a column of every record whether a save names it: always where no index is over it.
func (w *write) differs(old before) func(column string) bool {
	now := w.columns()
	indexed := map[string]bool{
		"id": false, "created_at": now[2] != old.times[0], "created_by": now[3] != old.people[0],
		"updated_at": now[4] != old.times[1], "updated_by": now[5] != old.people[1], "deleted_at": now[6] != old.times[2],
	}
	return func(column string) bool {
		differs, known := indexed[column]
		return differs || !known
	}
}

// filledAtOnce bounds the records whose columns one step fills, so that nobody who saves waits long.
const filledAtOnce = 20_000

// fillColumns are the steps that bring columns of some paths to the documents, of which the last has this number. Some
// more may come until writes know of the columns: they are the last step's.
func (l *layout) fillColumns(paths []query.Path, last int64) (steps []step) {
	var set, differs []string
	for _, p := range paths {
		set = append(set, l.columns[p]+" = "+extract("", p))
		differs = append(differs, l.columns[p]+" IS NOT "+extract("", p))
	}
	sql := "UPDATE " + l.table + " SET " + strings.Join(set, ", ") + ` WHERE "$rid" > ? AND "$rid" <= ? AND (` + strings.Join(differs, " OR ") + ")"
	for from := int64(0); from == 0 || from < last; from += filledAtOnce {
		to := from + filledAtOnce
		if to >= last {
			to = math.MaxInt64
		}
		steps = append(steps, func(c *conn) error {
			_, _, err := c.exec(sql, from, to)
			return err
		})
	}
	return steps
}

// checkColumns compares the columns with the documents.
func (l *layout) checkColumns(ctx context.Context, c *conn, found *[]string) error {
	paths := l.paths()
	if len(paths) == 0 {
		return nil
	}
	differs := make([]string, len(paths))
	for n, p := range paths {
		differs[n] = l.columns[p] + " IS NOT " + extract("", p)
	}
	sql := "SELECT id, " + strings.Join(differs, ", ") + " FROM " + l.table + " WHERE " + strings.Join(differs, " OR ")
	return c.rows(ctx, sql, nil, func(row []driver.Value) error {
		for n, p := range paths {
			if wrong, _ := row[n+1].(int64); wrong != 0 {
				*found = append(*found, fmt.Sprintf("%s/%v: the column of %s is not as the document says", l.form.Key, row[0], p))
			}
		}
		return nil
	})
}
