package sample

import (
	"fmt"

	"tidewater/engine/value"
)

// rows draws the rows of a table.
func (g *generator) rows(s scope, spec rowsSpec) (any, error) {
	var like []row
	var n int
	if spec.Like != "" {
		v, err := g.look(s, spec.Like)
		if err != nil {
			return nil, err
		}
		like, _ = v.([]row)
		n = len(like)
	} else {
		var err error
		if n, err = g.count(s, spec.Count); err != nil {
			return nil, err
		}
	}
	out := make([]row, n)
	for i := range out {
		out[i] = row{}
		in := scope{made: s.made, row: out[i]}
		if like != nil {
			in.like = like[i]
		}
		if err := g.fill(in, out[i], spec.Values); err != nil {
			return nil, err
		}
	}
	if n == 0 {
		return nil, nil
	}
	return out, nil
}

// total adds up rows.
func (g *generator) total(s scope, t totalSpec) (any, error) {
	v, err := g.look(s, t.Rows)
	if err != nil {
		return nil, err
	}
	rows, _ := v.([]row)
	sum := int64(0)
	for _, r := range rows {
		amount, err := t.amount(r)
		if err != nil {
			return nil, err
		}
		sum += amount
	}
	return value.FormatExact(sum, decimals), nil
}

// amount is one row's, scaled. The three factors carry two decimals each: a product of six beside the
// hundred that percentages count to.
func (t totalSpec) amount(r row) (int64, error) {
	left, less := int64(100*hundred), int64(0)
	a, okA := exact(r[t.Times[0]])
	b, okB := exact(r[t.Times[1]])
	okLess := true
	if t.Less != "" && r[t.Less] != nil {
		less, okLess = exact(r[t.Less])
	}
	if !okA || !okB || !okLess {
		return 0, fmt.Errorf("a row has no numbers in %v, %s", t.Times, t.Less)
	}
	unit := int64(hundred * hundred * 100)
	return (a*b*(left-less) + unit/2) / unit, nil
}

const hundred = 100 // 10^decimals

func exact(v any) (int64, bool) {
	text, ok := v.(string)
	if !ok {
		return 0, false
	}
	return value.ParseExact(text, decimals)
}
