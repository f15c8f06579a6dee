package expr

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/govalues/decimal"

	"tidewater/engine/fault"
	"tidewater/engine/field/region"
	"tidewater/engine/value"
)

func first(args []*node) Type {
	t := args[0].typ
	return Type{Kind: t.Kind, Scale: t.Scale}
}

func asAny(d number, err error) (any, error) { return d, err }

func errNoCalendar() error {
	return fault.New(fault.Internal, "internal").In("expr.run").Because(errors.New("no working calendar given"))
}

// length counts characters, values or rows; none for absent.
func length(_ *run, a []any) (any, error) {
	switch v := a[0].(type) {
	case string:
		return whole(int64(utf8.RuneCountInString(v))), nil
	case value.List:
		return whole(int64(len(v))), nil
	}
	return whole(0), nil
}

// digits reads the written second argument of functions that round.
func digits(args []*node) (n int64, ok bool) {
	if len(args) == 1 {
		return 0, true
	}
	d, ok := args[1].val.(number)
	if !ok {
		return 0, false
	}
	n, ok = toInt(d)
	return n, ok && n >= 0 && n <= maxScale
}

func writtenDigits(args []*node) bool {
	_, ok := digits(args)
	return ok
}

func rounded(args []*node) Type {
	n, _ := digits(args)
	return numberType(n == 0, int(n))
}

func exact([]*node) Type { return numberType(false, maxScale) }

// toDigits rounds in one of the ways, to no digits where none are given.
func toDigits(round func(d number, scale int) (number, error)) func(*run, []any) (any, error) {
	return func(_ *run, a []any) (any, error) {
		return asAny(round(a[0].(number), digitsIn(a)))
	}
}

// digitsIn reads the second argument, which was checked when the rule was; 0 without.
func digitsIn(a []any) int {
	if len(a) < 2 {
		return 0
	}
	n, _ := toInt(a[1].(number))
	return int(n)
}

// roundDown cuts off, towards zero.
func roundDown(d number, scale int) (number, error) { return d.Trunc(scale), nil }

// roundUp goes away from zero.
func roundUp(d number, scale int) (number, error) {
	cut := d.Trunc(scale)
	if cut.Cmp(d) == 0 {
		return cut, nil
	}
	one, err := decimal.New(1, scale)
	if err != nil {
		return number{}, errNumber()
	}
	if d.IsNeg() {
		return subtract(cut, one)
	}
	return add(cut, one)
}

// extreme is min or max over two or more values of one kind, or over a list.
func extreme(sign int) func(*run, []any) (any, error) {
	return func(_ *run, args []any) (any, error) {
		var best any
		for _, v := range args {
			if best == nil || compare(v, best)*sign > 0 {
				best = v
			}
		}
		return best, nil
	}
}

func hasRole(r *run, a []any) (any, error) {
	role, _ := a[0].(string)
	return slices.Contains(r.ctx.Actor.Roles, role), r.work(len(r.ctx.Actor.Roles))
}

func inZone(r *run, a []any) (any, error) {
	zone, _ := a[0].(string)
	return zone != "" && slices.Contains(r.ctx.Actor.Zones, value.ID(zone)), r.work(len(r.ctx.Actor.Zones))
}

func regionName(_ *run, a []any) (any, error) {
	title := region.Title(a[0].(string))
	if title == "" {
		return nil, nil
	}
	return strings.ReplaceAll(title, " ", ""), nil
}

func province(_ *run, a []any) (any, error) {
	path := region.Path(a[0].(string))
	if len(path) == 0 {
		return nil, nil
	}
	return path[0], nil
}

// inRegion holds for the division itself and all below it.
func inRegion(_ *run, a []any) (any, error) {
	return slices.Contains(region.Path(a[0].(string)), a[1].(string)), nil
}
