package sqlite

import (
	"bytes"
	"context"
	"database/sql/driver"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// order is a table (principal, place, rid) of the living records, in the order of the page for each
// principal, so that a list within principals reads what it returns.
type order struct {
	name  string // quoted
	sorts []query.Sort
	// The statements that add and drop the lines of one record, by the number of principals less one.
	adding, dropping [maxArms]string
}

// addOrder adds an order of the form; one that reads the same either way only once.
func (l *layout) addOrder(sorts []query.Sort) error {
	name := "o:" + snake(string(l.form.Key)) + "." + l.kinds() + "/"
	for n, s := range sorts {
		f, err := l.field(s.Path)
		if err != nil || f.Multi || f.Table {
			return badLayout(l.form.Key, s.Path.String())
		}
		name += strings.TrimPrefix(separator(n), ".") + direction(s.Desc) + snake(s.Path.String())
	}
	if _, _, known := l.order(sorts); !known {
		l.orders = append(l.orders, newOrder(quote(name), sorts))
	}
	return nil
}

func newOrder(name string, sorts []query.Sort) *order {
	o := &order{name: name, sorts: sorts}
	for more := range maxArms {
		// OR IGNORE: two principals of a record may be called the same.
		o.adding[more] = "INSERT OR IGNORE INTO " + name + " VALUES (?3, ?1, ?2)" + numbered(", (?%, ?1, ?2)", 4, more)
		o.dropping[more] = "DELETE FROM " + name + " WHERE k = ?1 AND p IN (?2" + numbered(", ?%", 3, more) + ")"
	}
	return o
}

// order finds the order that has these sorts, read forwards or backwards.
func (l *layout) order(sorts []query.Sort) (o *order, backwards, ok bool) {
	for _, o := range l.orders {
		if len(o.sorts) != len(sorts) {
			continue
		}
		same, turned := true, true
		for i, s := range sorts {
			same = same && s == o.sorts[i]
			turned = turned && s.Path == o.sorts[i].Path && s.Desc != o.sorts[i].Desc
		}
		if same || turned {
			return o, !same, true
		}
	}
	return nil, false, false
}

func createOrder(o *order) string {
	return "CREATE TABLE " + o.name + " (p INTEGER NOT NULL, k BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (p, k)) WITHOUT ROWID"
}

// fillOrder fills the table of an order from the records there are.
func (l *layout) fillOrder(c *conn, o *order) error {
	return l.eachBefore(context.Background(), c, func(b before) error {
		if !b.living() {
			return nil
		}
		place, err := b.place(o)
		if err != nil {
			return damagedRecord(&value.Record{Form: l.form.Key, ID: value.ID(b.id)}, err)
		}
		return o.add(c, l.listed(b.principals), place, b.rid)
	})
}

// listed are the principals that the form is listed within.
func (l *layout) listed(principals []string) []string {
	return slices.DeleteFunc(slices.Clone(principals), func(p string) bool { return !l.keeps(p) })
}

func (l *layout) keeps(principal string) bool {
	kind, _, _ := strings.Cut(principal, ":")
	return len(l.orders) > 0 && (len(l.form.Within) == 0 || slices.Contains(l.form.Within, kind))
}

// place is where the record stood.
func (b *before) place(o *order) ([]byte, error) {
	key := query.PlaceOf(o.sorts, b, value.ID(b.id))
	return placeOf(o.sorts, key), b.err
}

// add and drop touch the lines of one record under these principals, in one statement each.
func (o *order) add(c *conn, principals []string, place []byte, rid int64) error {
	for part := range slices.Chunk(principals, maxArms) {
		args := make([]driver.Value, 0, len(part)+2)
		args = append(args, place, rid)
		for _, p := range part {
			args = append(args, numberOf(p))
		}
		if _, _, err := c.exec(o.adding[len(part)-1], args...); err != nil {
			return err
		}
	}
	return nil
}

func (o *order) drop(c *conn, principals []string, place []byte) error {
	for part := range slices.Chunk(principals, maxArms) {
		args := make([]driver.Value, 0, len(part)+1)
		args = append(args, place)
		for _, p := range part {
			args = append(args, numberOf(p))
		}
		if _, _, err := c.exec(o.dropping[len(part)-1], args...); err != nil {
			return err
		}
	}
	return nil
}

// reorder brings the tables of orders to the record; only lines that differ are touched. A record in
// the recycle bin has none.
func (w *write) reorder(old before) error {
	was, now := w.layout.listed(old.principals), w.layout.listed(w.record.Principals)
	if !old.living() {
		was = nil
	}
	if w.record.Deleted() {
		now = nil
	}
	if len(was) == 0 && len(now) == 0 {
		return nil
	}
	gone, come := without(was, now), without(now, was)
	for _, o := range w.layout.orders {
		leaving, coming := gone, come
		to := placeOf(o.sorts, query.KeyOf(o.sorts, w.record))
		if len(was) > 0 {
			from, err := old.place(o)
			if err != nil {
				return damagedRecord(w.record, err)
			}
			if !bytes.Equal(from, to) {
				leaving, coming = was, now
			}
			if err := o.drop(w.conn, leaving, from); err != nil {
				return err
			}
		}
		if err := o.add(w.conn, coming, to, old.rid); err != nil {
			return err
		}
	}
	return nil
}

// without lists what is in a and not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(p string) bool { return slices.Contains(b, p) })
}

// numbered repeats a piece n times with the parameters' numbers in place of %.
func numbered(piece string, from, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(piece, "%", strconv.Itoa(from+i)))
	}
	return b.String()
}
