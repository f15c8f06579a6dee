package sqlite

import (
	"context"
	"database/sql/driver"
	"math"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// sums is a table (principal, key, n, then count, high and low per number): the living records of each
// key, added up for everybody (principal "") and for each principal, in the transaction that writes
// them. A chart by month then reads days and not records. High and low are millions and the rest, as in
// exact.
type sums struct {
	name string // quoted
	store.Sums
	adding [maxArms]string // the statements that add a share, by the number of principals less one
}

// noKey stands for absent, which a primary key without rowid does not hold. It is beyond every exact number.
const noKey = math.MinInt64

func (l *layout) addSums(of store.Sums) error {
	name := "s:" + snake(string(l.form.Key)) + "." + l.kinds() + "/" + snake(of.By.String())
	for _, p := range append([]query.Path{of.By}, of.Of...) {
		if f, err := l.field(p); err != nil || f.Multi || f.Type != store.Int {
			return badLayout(l.form.Key, p.String())
		}
	}
	for _, p := range of.Of {
		name += "," + snake(p.String())
	}
	s := &sums{name: quote(name), Sums: of}
	var set []string
	line := "?1"
	for i, column := range s.columns() {
		set = append(set, column+" = "+column+" + excluded."+column)
		line += ", ?" + strconv.Itoa(i+2)
	}
	for more := range maxArms {
		lines := strings.TrimPrefix(numbered(", (?%, "+line+")", len(set)+2, more+1), ", ")
		s.adding[more] = "INSERT INTO " + s.name + " VALUES " + lines + " ON CONFLICT DO UPDATE SET " + strings.Join(set, ", ")
	}
	l.sums = append(l.sums, s)
	return nil
}

// columns names the columns after p and k.
func (s *sums) columns() []string {
	out := []string{"n"}
	for i := range s.Of {
		n := strconv.Itoa(i)
		out = append(out, "c"+n, "h"+n, "l"+n)
	}
	return out
}

func createSums(s *sums) string {
	return "CREATE TABLE " + s.name + " (p TEXT NOT NULL, k INTEGER NOT NULL, " + strings.Join(s.columns(), " INTEGER NOT NULL, ") +
		" INTEGER NOT NULL, PRIMARY KEY (p, k)) WITHOUT ROWID"
}

// fillSums adds up the records there are.
func (l *layout) fillSums(c *conn, s *sums) error {
	return l.eachBefore(context.Background(), c, func(b before) error {
		if !b.living() {
			return nil
		}
		share := s.share(&b)
		if b.err != nil {
			return damagedRecord(&value.Record{Form: l.form.Key, ID: value.ID(b.id)}, b.err)
		}
		return s.add(c, l.sharers(b.principals), share, 1)
	})
}

// sharers are the principals that a record is added up for: everybody and those that lists are asked within.
func (l *layout) sharers(principals []string) []string {
	return append([]string{""}, l.listed(principals)...)
}

// share is what a record adds: its key, one record, and for each number whether it is there, its
// millions and the rest.
func (s *sums) share(on query.Fields) []int64 {
	at := func(p query.Path) (int64, bool) {
		v, ok := query.PlaceOf([]query.Sort{{Path: p}}, on, "")[0].(int64)
		return v, ok
	}
	key, ok := at(s.By)
	if !ok {
		key = noKey
	}
	out := []int64{key, 1}
	for _, p := range s.Of {
		if v, ok := at(p); ok {
			out = append(out, 1, v/unit, v%unit)
		} else {
			out = append(out, 0, 0, 0)
		}
	}
	return out
}

// add adds a share for these principals, or takes it away with sign -1.
func (s *sums) add(c *conn, principals []string, share []int64, sign int64) error {
	for part := range slices.Chunk(principals, maxArms) {
		args := []driver.Value{share[0]}
		for _, v := range share[1:] {
			args = append(args, sign*v)
		}
		for _, p := range part {
			args = append(args, p)
		}
		if _, _, err := c.exec(s.adding[len(part)-1], args...); err != nil {
			return err
		}
	}
	return nil
}

// resum brings the sums to the record; a change that they do not show touches nothing.
func (w *write) resum(old before) error {
	var was, now []string
	if old.version > 0 && old.living() {
		was = w.layout.sharers(old.principals)
	}
	if w.record.Version > 0 && !w.record.Deleted() {
		now = w.layout.sharers(w.record.Principals)
	}
	for _, s := range w.layout.sums {
		from, to := s.share(&old), s.share(w.record)
		if old.err != nil {
			return damagedRecord(w.record, old.err)
		}
		leaving, coming := was, now
		if slices.Equal(from, to) {
			leaving, coming = without(was, now), without(now, was)
		}
		if err := w.share(s, leaving, from, -1); err != nil {
			return err
		}
		if err := w.share(s, coming, to, 1); err != nil {
			return err
		}
	}
	return nil
}

// summed finds sums that answer the question, and for whom: the records of everybody or of one principal.
func (l *layout) summed(q query.Aggregate) (s *sums, principal string, ok bool) {
	if q.Table != "" || len(q.Groups) > 1 {
		return nil, "", false
	}
	switch conditions := conjuncts(q.Filter); len(conditions) {
	case 0:
	case 1:
		if principal = l.onePrincipal(conditions[0]); principal == "" {
			return nil, "", false
		}
	default:
		return nil, "", false
	}
	for _, s := range l.sums {
		if s.answers(q) {
			return s, principal, true
		}
	}
	return nil, "", false
}

// onePrincipal is the principal that a condition asks for, if it is one and sums are kept for it.
func (l *layout) onePrincipal(f query.Filter) string {
	c, ok := f.(query.Cmp)
	if !ok || len(l.principalsOf(f)) != 1 {
		return ""
	}
	if c.Op == query.Eq {
		return textOf(c.Value)
	}
	for _, v := range c.Values {
		if s, ok := v.(string); ok {
			return s
		}
	}
	return ""
}

func (s *sums) answers(q query.Aggregate) bool {
	for _, g := range q.Groups {
		if g.Path != s.By {
			return false
		}
	}
	for _, m := range q.Metrics {
		counts := m.Op == query.MetricCount && m.Path == query.Path{}
		known := (m.Op == query.MetricCount || m.Op == query.MetricSum) && slices.Contains(s.Of, m.Path)
		if !counts && !known {
			return false
		}
	}
	return true
}
