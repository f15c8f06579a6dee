package expr

import (
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// maxAmong is how many values a store takes in one comparison.
const maxAmong = 1_000

// equals compares a path with a value that is there. A number that the field cannot hold equals nothing.
func equals(path query.Path, v any, t Type) query.Filter {
	stored, ok := exactly(v, t)
	if !ok {
		return query.Const(false)
	}
	return query.Cmp{Path: path, Op: query.Eq, Value: stored}
}

func among(path query.Path, list value.List, t Type) (query.Filter, error) {
	var values value.List
	for _, v := range list {
		if stored, ok := exactly(v, t); ok && !isAbsent(v) {
			values = append(values, stored)
		}
	}
	switch {
	case len(values) == 0:
		return query.Const(false), nil
	case len(values) > maxAmong:
		return nil, fault.New(fault.Invalid, "filter.tooManyValues").With("max", maxAmong)
	}
	return query.Cmp{Path: path, Op: query.In, Values: values}, nil
}

// exactly returns a value in the stored form of a type; ok is false when that form cannot hold it.
func exactly(v any, t Type) (value.Value, bool) {
	switch v := v.(type) {
	case number:
		low, exact, beyond := floor(v, t.Scale)
		return low, exact && beyond == 0
	case day:
		return int64(v), true
	case instant:
		return int64(v), true
	}
	return v, true
}

// floor returns the greatest stored number at or below d, and whether it is d. beyond is -1 or 1 when d
// lies below or above all that a field can hold.
func floor(d number, scale int) (low int64, exact bool, beyond int) {
	down := d.Floor(scale)
	low, ok := halfUp(down, scale)
	if !ok || low > value.MaxExact || low < -value.MaxExact {
		return 0, false, d.Sign()
	}
	return low, down.Cmp(d) == 0, 0
}

// visible tells whether anything of a text is left when folded.
func visible(v any) bool {
	s, _ := v.(string)
	return text.Fold(s) != ""
}

// mirror turns a comparison around: 3 < count is count > 3.
func mirror(op string) string {
	switch op {
	case "<":
		return ">"
	case "<=":
		return ">="
	case ">":
		return "<"
	}
	return "<="
}

func ordering(op string) query.Op {
	switch op {
	case "<":
		return query.Lt
	case "<=":
		return query.Lte
	case ">":
		return query.Gt
	}
	return query.Gte
}

func (p pusher) order(n *node) plan {
	if planned, ok := p.onDay(n); ok {
		return planned
	}
	path, field, fix, mirrored, ok := p.sides(n)
	if !ok {
		return p.impossible(n)
	}
	op, scale := n.text, field.typ.Scale
	if mirrored {
		op = mirror(op)
	}
	return func(r *run) (query.Filter, error) {
		v, err := fix.eval(r)
		if err != nil || isAbsent(v) {
			return query.Const(false), err
		}
		if d, ok := v.(number); ok {
			return orderNumber(path, op, d, scale), nil
		}
		stored, _ := exactly(v, field.typ)
		return query.Cmp{Path: path, Op: ordering(op), Value: stored}, nil
	}
}

// orderNumber compares with a number that may lie between, or beyond, those that the field can hold.
func orderNumber(path query.Path, op string, d number, scale int) query.Filter {
	low, exact, beyond := floor(d, scale)
	below := op == "<" || op == "<="
	switch {
	case beyond != 0 && below == (beyond > 0):
		return query.Cmp{Path: path, Op: query.NotEmpty}
	case beyond != 0:
		return query.Const(false)
	case exact:
		return query.Cmp{Path: path, Op: ordering(op), Value: low}
	case below:
		return query.Cmp{Path: path, Op: query.Lte, Value: low}
	}
	return query.Cmp{Path: path, Op: query.Gt, Value: low}
}

// onDay is a comparison of the day of an instant, date(createdAt) >= today(): a stretch of instants. ok is false
// when n is none such.
//
// A day is taken to reach from its first instant to that of the next. That is so wherever clocks do not
// go back over midnight after having passed it.
func (p pusher) onDay(n *node) (plan, bool) {
	call, fix, op := n.kids[0], n.kids[1], n.text
	if fixed(call) {
		call, fix, op = fix, call, mirrorAny(n)
	}
	if call.op != opCall || call.text != "date" || !fixed(fix) || call.kids[0].typ.Kind != DateTime {
		return nil, false
	}
	path, ok := p.path(call.kids[0])
	if !ok {
		return nil, false
	}
	lacking := fix.typ.lacking
	return func(r *run) (query.Filter, error) {
		v, err := fix.eval(r)
		if err != nil {
			return nil, err
		}
		d, there := v.(day)
		if !there {
			return onNoDay(path, op, lacking), nil
		}
		return stretch(path, op, d, r.zone()), nil
	}, true
}

func mirrorAny(n *node) string {
	if n.op == opLess {
		return mirror(n.text)
	}
	return n.text
}

func onNoDay(path query.Path, op string, lacking bool) query.Filter {
	switch {
	case op == "==" && !lacking:
		return query.Cmp{Path: path, Op: query.Empty}
	case op == "!=" && !lacking:
		return query.Cmp{Path: path, Op: query.NotEmpty}
	}
	return query.Const(op == "!=")
}

// stretch is the instants of a day, or those before or after.
func stretch(path query.Path, op string, d day, zone *time.Location) query.Filter {
	begins := query.Cmp{Path: path, Op: query.Gte, Value: value.TimeOf(int64(d), zone).UnixMilli()}
	before := query.Cmp{Path: path, Op: query.Lt, Value: begins.Value}
	var ended, after query.Filter = query.Cmp{Path: path, Op: query.NotEmpty}, query.Const(false)
	if next := value.AddDays(int64(d), 1); next != 0 {
		at := value.TimeOf(next, zone).UnixMilli()
		ended, after = query.Cmp{Path: path, Op: query.Lt, Value: at}, query.Cmp{Path: path, Op: query.Gte, Value: at}
	}
	switch op {
	case "<":
		return before
	case "<=":
		return ended
	case ">":
		return after
	case ">=":
		return begins
	case "!=":
		return not(and(begins, ended))
	}
	return and(begins, ended)
}

// and, or and not leave out what is known, so that an unused branch costs a store nothing.
func and(a, b query.Filter) query.Filter {
	if known, ok := a.(query.Const); ok {
		if known {
			return b
		}
		return a
	}
	if known, ok := b.(query.Const); ok {
		return and(known, a)
	}
	return query.And{a, b}
}

func or(a, b query.Filter) query.Filter {
	if known, ok := a.(query.Const); ok {
		if known {
			return a
		}
		return b
	}
	if known, ok := b.(query.Const); ok {
		return or(known, a)
	}
	return query.Or{a, b}
}

func not(of query.Filter) query.Filter {
	switch of := of.(type) {
	case query.Const:
		return !of
	case query.Not:
		return of.Of
	case query.Cmp:
		if op, ok := complements[of.Op]; ok {
			of.Op = op
			return of
		}
	}
	return query.Not{Of: of}
}

// complements are the comparisons that have an exact opposite.
var complements = map[query.Op]query.Op{
	query.Eq: query.Ne, query.Ne: query.Eq, query.In: query.Nin, query.Nin: query.In,
	query.Empty: query.NotEmpty, query.NotEmpty: query.Empty,
}

func together(left, right plan) plan { return joined(left, right, false, and) }
func either(left, right plan) plan   { return joined(left, right, true, or) }

// joined leaves the right side alone where the left alone decides, as a run does.
func joined(left, right plan, decides query.Const, join func(a, b query.Filter) query.Filter) plan {
	return func(r *run) (query.Filter, error) {
		a, err := left(r)
		if err != nil || a == decides {
			return a, err
		}
		b, err := right(r)
		if err != nil {
			return nil, err
		}
		return join(a, b), nil
	}
}

func negated(of plan) plan {
	if of == nil {
		return nil
	}
	return func(r *run) (query.Filter, error) {
		f, err := of(r)
		if err != nil {
			return nil, err
		}
		return not(f), nil
	}
}
