package mongo

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// sums are the living records of each key, added up for everybody (principal "") and for each principal. A chart by
// month then reads days and not records.
//
// A line of them is written by many at once, and MongoDB lets one of two such transactions fail. So a transaction
// leaves what it adds (shares) in a document of its own, and who numbers its events adds it too (settle.go); who reads
// has that done first. A record says which sums it has been added to: an instance that does not know these yet finds
// that out before it writes, and records from before sums were asked for are added one by one (prepare.go).
type sums struct {
	name string
	store.Sums
}

// noKey stands for absent. It is beyond every exact number.
const noKey = -1 << 63

// unit parts a sum, so that adding up cannot overflow: millions and the rest.
const unit = 1_000_000

func (l *layout) addSums() error {
	h := fnv.New64a()
	for _, of := range l.form.Sums {
		name := string(l.form.Key) + "/" + of.By.String()
		for _, p := range append([]query.Path{of.By}, of.Of...) {
			if f, err := l.field(p); err != nil || f.Multi || f.Type != store.Int {
				return badLayout(l.form.Key, p.String())
			}
		}
		for _, p := range of.Of {
			name += "," + p.String()
		}
		l.sums = append(l.sums, &sums{name: name, Sums: of})
		h.Write([]byte(name + "\n" + strings.Join(l.form.Within, ",") + "\n" + strconv.FormatBool(len(l.orders) > 0) + "\n"))
	}
	if len(l.sums) > 0 {
		l.summed = strconv.FormatUint(h.Sum64(), 36)
		for _, s := range l.sums {
			s.name = l.summed + "/" + s.name
		}
	}
	return nil
}

// share is what a record adds to sums: one record, and for each number whether it is there, its millions and the
// rest.
func (s *sums) share(at func(query.Path) value.Value) (key int64, line []int64) {
	key, ok := at(s.By).(int64)
	if !ok {
		key = noKey
	}
	line = []int64{1}
	for _, p := range s.Of {
		if v, ok := at(p).(int64); ok {
			line = append(line, 1, v/unit, v%unit)
		} else {
			line = append(line, 0, 0, 0)
		}
	}
	return key, line
}

// lineOf names a line of sums.
type lineOf struct {
	sums, principal string
	key             int64
}

// shares are what a transaction adds to lines of sums.
type shares map[lineOf][]int64

// move takes away what a record was and adds what it is; nil for nothing any more.
func (a *shares) move(l *layout, old before, now *value.Record) {
	if l.summed == "" {
		return
	}
	if *a == nil {
		*a = shares{}
	}
	for _, s := range l.sums {
		if old.living && old.summed == l.summed {
			key, line := s.share(func(p query.Path) value.Value { return old.values[p] })
			a.add(l, s, old.principals, key, line, -1)
		}
		if now != nil && !now.Deleted() {
			key, line := s.share(func(p query.Path) value.Value { return query.PlaceOf([]query.Sort{{Path: p}}, now, "")[0] })
			a.add(l, s, now.Principals, key, line, 1)
		}
	}
}

func (a shares) add(l *layout, s *sums, principals []string, key int64, line []int64, sign int64) {
	for _, p := range append([]string{""}, principals...) {
		if p != "" && !l.keeps(p) {
			continue
		}
		at := lineOf{s.name, p, key}
		if a[at] == nil {
			a[at] = make([]int64, len(line))
		}
		for i, v := range line {
			a[at][i] += sign * v
		}
	}
}

// maxLines bounds the lines of one document of shares.
const maxLines = 5000

// leave keeps the shares for whoever numbers the events.
func (a shares) leave(t *tx) {
	var lines bson.A
	keep := func() {
		if len(lines) > 0 {
			t.leave(bson.D{{Key: "kind", Value: lateSums}, {Key: "lines", Value: lines}})
			lines = nil
		}
	}
	for at, line := range a {
		if !slices.ContainsFunc(line, func(v int64) bool { return v != 0 }) {
			continue // what was taken away has been added again
		}
		lines = append(lines, bson.D{{Key: "sums", Value: at.sums}, {Key: "principal", Value: at.principal}, {Key: "key", Value: at.key}, {Key: "add", Value: line}})
		if len(lines) == maxLines {
			keep()
		}
	}
	keep()
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
