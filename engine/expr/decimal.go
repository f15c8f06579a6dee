package expr

import (
	"strings"

	"github.com/govalues/decimal"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// number is every number of a run, whole ones too, so that mixing them is exact. It has a fixed size:
// 19 digits. A sum or product with more is rounded in its last digit (half to even) where digits after
// the point allow that, else it is the fault expr.number; stored numbers have at most 16.
type number = decimal.Decimal

func whole(n int64) number {
	d, err := decimal.New(n, 0)
	if err != nil {
		return number{} // not reached: scale 0 fits every int64
	}
	return d
}

// literal reads a number with a fraction as it is written, and only if all its digits fit.
func literal(text string) (number, bool) {
	text = strings.ReplaceAll(text, "_", "")
	digits := strings.TrimLeft(strings.ReplaceAll(text, ".", ""), "0")
	if len(digits) > decimal.MaxPrec || strings.ContainsAny(text, "eE") {
		return number{}, false
	}
	if strings.HasPrefix(text, ".") {
		text = "0" + text
	}
	_, fraction, _ := strings.Cut(text, ".")
	if len(fraction) > decimal.MaxScale {
		return number{}, false
	}
	d, err := decimal.Parse(text)
	return d, err == nil
}

// toInt returns a whole number as int64; ok is false beyond it.
func toInt(d number) (n int64, ok bool) {
	n, fraction, ok := d.Int64(0)
	return n, ok && fraction == 0
}

// halfUp returns d scaled by 10^scale as a whole number, rounded half away from zero; ok is false beyond int64.
func halfUp(d number, scale int) (scaled int64, ok bool) {
	coef := d.Coef()
	switch shift := d.Scale() - scale; {
	case shift > 0:
		divisor := pow10(shift)
		rest := coef % divisor
		coef /= divisor
		if rest >= divisor-rest {
			coef++
		}
	case shift < 0:
		factor := pow10(-shift)
		if coef > uint64(1<<63-1)/factor {
			return 0, false
		}
		coef *= factor
	}
	if coef > 1<<63-1 {
		return 0, false
	}
	if d.IsNeg() {
		return -int64(coef), true
	}
	return int64(coef), true
}

// round is halfUp as a number.
func round(d number, scale int) (number, error) {
	if d.Scale() <= scale {
		return d, nil
	}
	scaled, ok := halfUp(d, scale)
	if !ok {
		return number{}, errNumber()
	}
	return decimal.New(scaled, scale)
}

// stored returns d in stored form; a number beyond what stores hold is a fault.
func stored(d number, scale int) (int64, error) {
	scaled, ok := halfUp(d, scale)
	if !ok || scaled > value.MaxExact || scaled < -value.MaxExact {
		return 0, errNumber()
	}
	return scaled, nil
}

// pow10 returns 10^n for n up to 19.
func pow10(n int) uint64 {
	p := uint64(1)
	for range n {
		p *= 10
	}
	return p
}

func errNumber() error { return fault.New(fault.Invalid, "expr.number") }

func add(a, b number) (number, error)      { return checked(a.Add(b)) }
func subtract(a, b number) (number, error) { return checked(a.Sub(b)) }
func multiply(a, b number) (number, error) { return checked(a.Mul(b)) }

func divide(a, b number) (number, error) {
	if b.IsZero() {
		return number{}, fault.New(fault.Invalid, "expr.divisionByZero")
	}
	return checked(a.Quo(b))
}

// modulo is what division to a whole number leaves, with the sign of a.
func modulo(a, b number) (number, error) {
	if b.IsZero() {
		return number{}, fault.New(fault.Invalid, "expr.divisionByZero")
	}
	_, rest, err := a.QuoRem(b)
	return checked(rest, err)
}

func checked(d number, err error) (number, error) {
	if err != nil {
		return number{}, fault.New(fault.Invalid, "expr.number").Because(err)
	}
	return d, nil
}

// scaled reads a number from stored form.
func scaled(n int64, scale int) (any, error) {
	d, err := decimal.New(n, scale)
	return d, err
}
