package decision

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/govalues/decimal"

	"tidewater/engine/meta"
)

// What rows cover is held against what can come, with no record at hand: the values of each input fall into
// few atoms, within which no row tells one from another (an option; a number that a row names, and all that
// lie between two of those). A row is then a box of sets of atoms, and so is what is left when it is taken away.

// column is one input as the rows tell its values apart.
type column struct {
	kind     Type
	options  []string
	optional bool
	domain   span
	atoms    []atom
}

// atom is a set of values that no row tells apart: absent, one of a few values, or those between two.
type atom struct {
	absent bool
	value  any // of those that have no order; nil: every other text
	span   span
}

// set is atoms of a column, by place.
type set []bool

// box is a set for each input.
type box []set

// maxBoxes bounds what is left at any moment: beyond it, nobody could read the table either.
const maxBoxes = 4000

// cover holds the rows against each other and against what can come.
func (c *compiling) cover() {
	t := c.table
	if t.Def.Hit == meta.HitCollect {
		return
	}
	everything := box{}
	for n := range t.Inputs {
		t.Inputs[n].column.split(t.rows, n)
		everything = append(everything, all(len(t.Inputs[n].column.atoms)))
	}
	boxes := make([]box, len(t.rows))
	left := []box{everything}
	for n := range t.rows {
		boxes[n] = t.boxOf(&t.rows[n])
		at := "/rows/" + strconv.Itoa(n) + "/when"
		switch {
		case t.Def.Hit == meta.HitUnique:
			c.overlaps(at, boxes[:n], boxes[n])
		case !slices.ContainsFunc(left, func(b box) bool { return b.meets(boxes[n]) }):
			c.issues.Add(at, "table.unreachable")
		}
		if left = without(left, boxes[n]); len(left) > maxBoxes {
			c.issues.Add("/rows", "table.tooEntangled")
			return
		}
	}
	if len(left) > 0 && t.Def.Otherwise == nil {
		c.issues.Add("/rows", "table.gap", "example", t.example(left[0]))
	}
}

func (c *compiling) overlaps(at string, before []box, one box) {
	for n, other := range before {
		if both := one.with(other); both != nil {
			c.issues.Add(at, "table.overlap", "row", n+1, "example", c.table.example(both))
			return
		}
	}
}

// split finds the atoms of an input.
func (c *column) split(rows []row, input int) {
	var ends []decimal.Decimal
	var named []any
	for _, r := range rows {
		for _, one := range r.cells {
			if one.input != input {
				continue
			}
			if s := one.span; s != nil {
				for _, end := range []*bound{s.low, s.high} {
					if end != nil {
						ends = append(ends, end.at)
					}
				}
			}
			named = append(named, one.oneOf...)
		}
	}
	switch {
	case c.kind.hasOrder():
		for _, v := range named {
			d, _ := number(v)
			ends = append(ends, d)
		}
		c.splitOrder(ends)
	case c.kind == Boolean:
		c.atoms = []atom{{value: true}, {value: false}}
	case c.kind == Option:
		for _, key := range c.options {
			c.atoms = append(c.atoms, atom{value: key})
		}
	default:
		seen := map[any]bool{}
		for _, v := range named {
			if !seen[v] {
				seen[v] = true
				c.atoms = append(c.atoms, atom{value: v})
			}
		}
		c.atoms = append(c.atoms, atom{})
	}
	if c.optional {
		c.atoms = append(c.atoms, atom{absent: true})
	}
}

// splitOrder makes atoms of the ends, and of what lies between them and can come.
func (c *column) splitOrder(ends []decimal.Decimal) {
	for _, end := range []*bound{c.domain.low, c.domain.high} {
		if end != nil {
			ends = append(ends, end.at)
		}
	}
	slices.SortFunc(ends, decimal.Decimal.Cmp)
	ends = slices.CompactFunc(ends, func(a, b decimal.Decimal) bool { return a.Cmp(b) == 0 })
	add := func(low, high *bound) {
		one := atom{span: span{low, high}}
		if v, some := c.witness(one.span); some && c.domain.holds(v) {
			c.atoms = append(c.atoms, one)
		}
	}
	var before *bound
	for _, end := range ends {
		add(before, &bound{end, false})
		add(&bound{end, true}, &bound{end, true})
		before = &bound{end, false}
	}
	add(before, nil)
}

// witness is a value within an atom's range; false where no value of the type lies in it.
func (c *column) witness(s span) (decimal.Decimal, bool) {
	switch {
	case s.low != nil && s.low.in:
		return s.low.at, true
	case s.low == nil && s.high == nil:
		return decimal.Zero, true
	case s.low == nil:
		v := c.step(s.high.at, -1)
		return v, true
	}
	next := c.step(s.low.at, 1)
	if s.high == nil || next.Cmp(s.high.at) < 0 {
		return next, true
	}
	if c.kind != Decimal {
		return next, false
	}
	sum, err := s.low.at.Add(s.high.at)
	if err != nil {
		return next, false
	}
	half, err := sum.Quo(decimal.Two)
	return half.Trim(0), err == nil && half.Cmp(s.low.at) > 0 && half.Cmp(s.high.at) < 0
}

// step is the next value after one, or before it: the next day of a day.
func (c *column) step(from decimal.Decimal, by int) decimal.Decimal {
	if c.kind == Date {
		digits, _, _ := from.Int64(0)
		day := time.Date(int(digits/10000), time.Month(digits/100%100), int(digits%100), 0, 0, 0, 0, time.UTC).AddDate(0, 0, by)
		return decimal.MustNew(int64(day.Year()*10000+int(day.Month())*100+day.Day()), 0)
	}
	next, err := from.Floor(0).Add(decimal.MustNew(int64(by), 0))
	if err != nil {
		return from
	}
	return next
}

// boxOf is what a row covers.
func (t *Table) boxOf(r *row) box {
	out := make(box, len(t.Inputs))
	for n := range t.Inputs {
		out[n] = all(len(t.Inputs[n].column.atoms))
	}
	for i := range r.cells {
		one := &r.cells[i]
		col := t.Inputs[one.input].column
		for n, a := range col.atoms {
			out[one.input][n] = one.covers(col, a)
		}
	}
	return out
}

// covers tells whether a condition holds of all values of an atom; of some it never does.
func (c *cell) covers(col *column, a atom) bool {
	switch {
	case a.absent:
		return c.holds(nil)
	case !col.kind.hasOrder():
		return a.value != nil && c.holds(a.value)
	}
	v, _ := col.witness(a.span)
	if c.span != nil {
		return c.span.holds(v)
	}
	return slices.ContainsFunc(c.oneOf, func(one any) bool {
		at, ok := number(one)
		return ok && at.Cmp(v) == 0
	})
}

func all(n int) set {
	out := make(set, n)
	for i := range out {
		out[i] = true
	}
	return out
}

func (b box) meets(other box) bool {
	for n := range b {
		if !slices.Contains(b[n].and(other[n]), true) {
			return false
		}
	}
	return true
}

// with is what lies in both, nil for nothing.
func (b box) with(other box) box {
	if !b.meets(other) {
		return nil
	}
	out := make(box, len(b))
	for n := range b {
		out[n] = b[n].and(other[n])
	}
	return out
}

func (s set) and(other set) set {
	out := make(set, len(s))
	for n := range s {
		out[n] = s[n] && other[n]
	}
	return out
}

func (s set) not(other set) set {
	out := make(set, len(s))
	for n := range s {
		out[n] = s[n] && !other[n]
	}
	return out
}

// without takes a box away from others: of each it meets, a slice for each input remains.
func without(from []box, cut box) []box {
	var out []box
	for _, b := range from {
		if !b.meets(cut) {
			out = append(out, b)
			continue
		}
		rest := slices.Clone(b)
		for n := range rest {
			if outside := rest[n].not(cut[n]); slices.Contains(outside, true) {
				piece := slices.Clone(rest)
				piece[n] = outside
				out = append(out, piece)
			}
			rest[n] = rest[n].and(cut[n])
		}
	}
	return out
}

// example is one combination in a box, for people: "tier = C, amount = 150".
func (t *Table) example(b box) string {
	parts := make([]string, len(b))
	for n := range b {
		in := &t.Inputs[n]
		parts[n] = string(in.Def.Key) + " = " + in.column.written(in.column.atoms[slices.Index(b[n], true)])
	}
	return strings.Join(parts, ", ")
}

func (c *column) written(a atom) string {
	switch {
	case a.absent:
		return "—"
	case !c.kind.hasOrder() && a.value == nil:
		return "…"
	case !c.kind.hasOrder():
		return fmt.Sprint(a.value)
	}
	v, _ := c.witness(a.span)
	return writtenValue(c.kind, v)
}

func writtenValue(kind Type, d decimal.Decimal) string {
	if kind != Date {
		return d.String()
	}
	digits, _, _ := d.Int64(0)
	return fmt.Sprintf("%04d-%02d-%02d", digits/10000, digits/100%100, digits%100)
}

// said are inputs as they came, for people.
func (t *Table) said(inputs []any) string {
	parts := make([]string, len(inputs))
	for n, v := range inputs {
		text := "—"
		if d, ok := number(v); ok {
			text = writtenValue(t.Inputs[n].Type, d)
		} else if v != nil {
			text = fmt.Sprint(v)
		}
		parts[n] = string(t.Inputs[n].Def.Key) + " = " + text
	}
	return strings.Join(parts, ", ")
}
