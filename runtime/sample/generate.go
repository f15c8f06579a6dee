package sample

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/org"
	"tidewater/engine/value"
)

// generator makes records batch by batch.
type generator struct {
	plan     *plan
	people   *org.Snapshot
	shares   map[value.ID]int // of people who are drawn more often
	calendar *org.Calendar
	today    int64
	random   *rand.Rand

	made   map[value.FormKey][]*made
	named  map[string]*made              // by ref
	groups map[string]map[string][]*made // see group
	seen   map[string]bool               // values of the form at hand that must be unique, with their spec's place
}

// made is a record in the making. What its values are: nil, bool, text, day, instant, person, unit,
// *made for another record, []any, []row.
type made struct {
	ref    string
	number int // within the form, from 1
	at     instant
	parent *made
	values map[string]any // with those of Let; one that was drawn and is absent is there as nil
}

type (
	day     int64 // yyyymmdd
	instant int64 // epoch milliseconds
	person  value.ID
	unit    value.ID
	row     map[string]any
)

// run makes the records of a batch: first what tells when each was made, then, in that order, the rest.
func (g *generator) run(b batch) ([]*made, error) {
	batch, err := g.begin(b)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(batch, func(a, b *made) int { return cmp.Compare(a.at, b.at) })
	g.seen = map[string]bool{}
	for i, m := range batch {
		m.number = len(g.made[b.Form]) + i + 1
		s := scope{made: m}
		if err := g.fill(s, m.values, b.Values); err != nil {
			return nil, err
		}
		name := strconv.Itoa(m.number)
		if b.ID != nil {
			id, err := g.draw(s, *b.ID)
			if err != nil {
				return nil, fmt.Errorf("id: %w", err)
			}
			name = g.text(id)
		}
		m.ref = string(b.Form) + ":" + name
		if g.named[m.ref] != nil {
			return nil, fmt.Errorf("%s comes twice", m.ref)
		}
		g.named[m.ref] = m
	}
	g.made[b.Form] = append(g.made[b.Form], batch...)
	clear(g.groups)
	return batch, nil
}

// begin makes the records of a batch as far as their instants.
func (g *generator) begin(b batch) ([]*made, error) {
	if b.Each != "" {
		return g.beginEach(b)
	}
	parents := []*made{nil}
	if b.Per != "" {
		parents = g.made[b.Per]
	}
	var batch []*made
	for _, parent := range parents {
		s := scope{made: &made{parent: parent}}
		wanted, err := g.among(s, b.Where)
		if err != nil {
			return nil, fmt.Errorf("where: %w", err)
		}
		if !wanted {
			continue
		}
		n, err := g.count(s, b.Count)
		if err != nil {
			return nil, err
		}
		for range n {
			m := &made{parent: parent, values: map[string]any{}}
			if batch, err = g.place(batch, b, m); err != nil {
				return nil, err
			}
		}
	}
	return batch, nil
}

func (g *generator) beginEach(b batch) ([]*made, error) {
	var batch []*made
	var err error
	for _, row := range g.plan.tables[b.Each] {
		if batch, err = g.place(batch, b, &made{values: maps.Clone(row)}); err != nil {
			return nil, err
		}
	}
	return batch, nil
}

// place adds a record to the batch once it knows its instant; where the plan leaves no room in time, there
// is no record.
func (g *generator) place(dated []*made, b batch, m *made) ([]*made, error) {
	if err := g.fill(scope{made: m}, m.values, b.Let); err != nil {
		return nil, err
	}
	at, err := g.draw(scope{made: m}, b.At)
	if err != nil {
		return nil, fmt.Errorf("at: %w", err)
	}
	switch at := at.(type) {
	case nil:
		return dated, nil
	case instant:
		m.at = at
		return append(dated, m), nil
	}
	return nil, errors.New("at: want a date with time")
}

// among tells whether the value at each path is, as text, one of those wanted.
func (g *generator) among(s scope, where map[string][]string) (bool, error) {
	for path, texts := range where {
		v, err := g.look(s, path)
		if err != nil {
			return false, err
		}
		if !slices.Contains(texts, g.text(v)) {
			return false, nil
		}
	}
	return true, nil
}

func (g *generator) count(s scope, count spec) (int, error) {
	v, err := g.draw(s, count)
	if err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	n, err := strconv.Atoi(g.text(v))
	if err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	return n, nil
}

// fill draws fields one after the other into values.
func (g *generator) fill(s scope, values map[string]any, all fields) error {
	for _, f := range all {
		v, err := g.draw(s, f.spec)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		values[f.name] = v
	}
	return nil
}

// naming is a record where records of several forms may stand.
type naming struct{ *made }

// record is what leaves the package of a record.
func (g *generator) record(b batch, m *made) Record {
	r := Record{Form: b.Form, Ref: m.ref, At: time.UnixMilli(int64(m.at)).UTC(), Values: map[string]any{}}
	if by, ok := m.values[b.By].(person); ok {
		r.By = string(by)
	}
	for _, f := range b.Values {
		if v := m.values[f.name]; v != nil {
			r.Values[f.name] = wire(v)
		}
	}
	return r
}

func wire(v any) any {
	switch v := v.(type) {
	case day:
		return isoDay(v)
	case instant:
		return time.UnixMilli(int64(v)).UTC().Format(time.RFC3339)
	case person:
		return map[string]any{"$user": string(v)}
	case unit:
		return map[string]any{"$unit": string(v)}
	case *made:
		return map[string]any{"$ref": v.ref}
	case naming:
		form, _, _ := strings.Cut(v.ref, ":")
		return map[string]any{"form": form, "id": map[string]any{"$ref": v.ref}}
	case file:
		return map[string]any{"$file": v.name, "text": v.text}
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = wire(e)
		}
		return out
	case []row:
		out := make([]any, len(v))
		for i, r := range v {
			out[i] = wireRow(r)
		}
		return out
	}
	return v
}

func wireRow(r row) map[string]any {
	out := map[string]any{}
	for name, v := range r {
		if v != nil {
			out[name] = wire(v)
		}
	}
	return out
}

func isoDay(d day) string { return fmt.Sprintf("%04d-%02d-%02d", d/10000, d/100%100, d%100) }

// text is a value as a case, a count and a text see it; absent is "".
func (g *generator) text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case day:
		return isoDay(v)
	case instant:
		return isoDay(g.dayOf(v))
	case person:
		return string(v)
	case unit:
		return string(v)
	case *made:
		return v.ref
	case []any:
		texts := make([]string, len(v))
		for i, e := range v {
			texts[i] = g.text(e)
		}
		return strings.Join(texts, ", ")
	}
	return ""
}

func (g *generator) dayOf(at instant) day {
	return day(value.DayOf(time.UnixMilli(int64(at)), g.plan.location))
}
