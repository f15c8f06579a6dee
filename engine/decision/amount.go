package decision

import (
	"maps"

	"github.com/govalues/decimal"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

const progressive = "progressive"

// amount is an output that is reckoned. of, by and per are places of inputs, rate of an output; per is -1
// where there is none.
type amount struct {
	def               meta.TableAmount
	of, by, per, rate int
}

// add reckons the amount of what was decided.
func (a *amount) add(t *Table, out Answer, inputs []any) (Answer, error) {
	whole, there := number(inputs[a.of])
	if !there {
		return out, nil
	}
	parts, err := a.parts(t, out, whole, inputs)
	if err != nil {
		return out, err
	}
	sum := decimal.Zero
	for n := range parts {
		p := &parts[n]
		is, err := p.Of.Mul(p.Rate)
		if err != nil {
			return out, beyond(err)
		}
		p.Is = halfUp(is, a.def.Scale)
		if sum, err = sum.Add(p.Is); err != nil {
			return out, beyond(err)
		}
	}
	if len(parts) == 0 {
		return out, nil // nothing has a rate
	}
	v, tooLong := scaledTo(sum, a.def.Scale)
	if tooLong {
		return out, beyond(nil)
	}
	out.Parts = parts
	out.Values = maps.Clone(out.Values)
	out.Values[string(a.def.Key)] = v
	return out, nil
}

func beyond(cause error) error {
	return fault.New(fault.Invalid, "expr.number").In("decision.amount").Because(cause)
}

// parts are what each rate is of.
func (a *amount) parts(t *Table, out Answer, whole decimal.Decimal, inputs []any) ([]Part, error) {
	per := decimal.One
	if a.per >= 0 {
		stands, there := number(inputs[a.per])
		if !there || stands.Sign() <= 0 {
			return a.one(t, out, whole), nil
		}
		per = stands
	}
	if a.def.Mode != progressive || len(out.Rows) == 0 {
		return a.one(t, out, whole), nil
	}
	var parts []Part
	for n := range t.rows {
		r := &t.rows[n]
		within := a.bracket(r, inputs)
		if within == nil {
			continue
		}
		of, err := within.share(whole.Abs(), per)
		if err != nil {
			return nil, beyond(err)
		}
		rate, there := a.rateOf(t, r.then)
		if of.IsZero() || !there {
			continue
		}
		if whole.IsNeg() {
			of = of.Neg()
		}
		parts = append(parts, Part{Row: n, Of: of, Rate: rate})
	}
	if len(parts) == 0 {
		return a.one(t, out, whole), nil // of nothing
	}
	return parts, nil
}

// one is the whole at the rate of what was decided.
func (a *amount) one(t *Table, out Answer, whole decimal.Decimal) []Part {
	rate, there := a.rateOf(t, out.Values)
	if !there {
		return nil
	}
	at := -1
	if len(out.Rows) > 0 {
		at = out.Rows[0]
	}
	return []Part{{Row: at, Of: whole, Rate: rate}}
}

func (a *amount) rateOf(t *Table, values value.Doc) (decimal.Decimal, bool) {
	n, there := values[string(a.def.Rate)].(int64)
	if !there {
		return decimal.Decimal{}, false
	}
	d, err := decimal.New(n, t.Outputs[a.rate].Scale)
	return d, err == nil
}

// bracket is the range of a row whose other conditions hold, nil for another row.
func (a *amount) bracket(r *row, inputs []any) *span {
	within := &span{}
	for i := range r.cells {
		c := &r.cells[i]
		switch {
		case c.input == a.by && c.span != nil:
			within = c.span
		case c.input == a.by || !c.holds(inputs[c.input]):
			return nil
		}
	}
	return within
}

// share is what of 0 to whole lies within a range whose ends stand for so much each.
func (s *span) share(whole, per decimal.Decimal) (decimal.Decimal, error) {
	low, high := decimal.Zero, whole
	for _, end := range []struct {
		at    *bound
		of    *decimal.Decimal
		worse int
	}{{s.low, &low, 1}, {s.high, &high, -1}} {
		if end.at == nil {
			continue
		}
		at, err := end.at.at.Mul(per)
		if err != nil {
			return decimal.Zero, err
		}
		if at.Cmp(*end.of) == end.worse {
			*end.of = at
		}
	}
	if low.Cmp(high) >= 0 {
		return decimal.Zero, nil
	}
	return high.Sub(low)
}

// halfUp rounds half away from zero.
func halfUp(d decimal.Decimal, scale int) decimal.Decimal {
	if d.Scale() <= scale {
		return d
	}
	ulp := decimal.MustNew(5, scale+1).CopySign(d)
	if up, err := d.Add(ulp); err == nil {
		return up.Trunc(scale)
	}
	return d.Round(scale)
}

// scaledTo is a number of at most scale digits after the point in stored form; beyond says that it has more digits than records hold.
func scaledTo(d decimal.Decimal, scale int) (scaled int64, beyond bool) {
	coef := int64(d.Coef()) //nolint:gosec // at most 19 digits, and held against maxStored below
	if coef < 0 {
		return 0, true
	}
	for s := d.Scale(); s < scale; s++ {
		if coef > maxStored {
			return 0, true
		}
		coef *= 10
	}
	if coef > maxStored {
		return 0, true
	}
	if d.IsNeg() {
		coef = -coef
	}
	return coef, false
}

// maxStored bounds numbers in stored form (stores.md 8).
const maxStored int64 = 1_000_000_000_000_000
