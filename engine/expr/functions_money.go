package expr

import (
	"strings"

	"tidewater/engine/fault"
)

func cents([]*node) Type { return numberType(false, 2) }

// netOf is a gross amount without the tax in it, to the cent.
func netOf(_ *run, a []any) (any, error) {
	return asAny(net(a[0].(number), a[1].(number)))
}

func net(gross, percent number) (number, error) {
	hundredfold, err := multiply(gross, whole(100))
	if err != nil {
		return number{}, err
	}
	all, err := add(percent, whole(100))
	if err != nil {
		return number{}, err
	}
	exact, err := divide(hundredfold, all)
	if err != nil {
		return number{}, err
	}
	return round(exact, 2)
}

// taxIn is what netOf leaves out: both add up to the gross amount, to the cent.
func taxIn(_ *run, a []any) (any, error) {
	gross, err := round(a[0].(number), 2)
	if err != nil {
		return nil, err
	}
	without, err := net(gross, a[1].(number))
	if err != nil {
		return nil, err
	}
	return asAny(subtract(gross, without))
}

// grouped writes a number with so many digits and a comma before each three of the whole part.
func grouped(_ *run, a []any) (any, error) {
	places := digitsIn(a)
	d, err := round(a[0].(number), places)
	if err != nil {
		return nil, err
	}
	before, after, found := strings.Cut(d.Abs().Pad(places).String(), ".")
	var out strings.Builder
	if d.IsNeg() {
		out.WriteByte('-')
	}
	for n, digit := range []byte(before) {
		if n > 0 && (len(before)-n)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteByte(digit)
	}
	if found {
		out.WriteString("." + after)
	}
	return out.String(), nil
}

// maxCapital is the largest amount in words, in yuan: a thousand million million.
const maxCapital = 1_000_000_000_000_000

// capital writes an amount of renminbi in the words that bills and contracts ask for. Source: the rules for
// filling in bills and settlement vouchers of the People's Bank of China (正确填写票据和结算凭证的基本规定,
// annex 1 of 支付结算办法): one 零 for any zeros between digits, 整 where there are no fen, and nothing rounded. Faults: "expr.fen" for less than a fen, "expr.number" beyond 10^15.
func capital(_ *run, a []any) (any, error) {
	amount := a[0].(number)
	if amount.Trunc(2).Cmp(amount) != 0 {
		return nil, fault.New(fault.Invalid, "expr.fen")
	}
	yuan, fen, ok := amount.Abs().Int64(2)
	if !ok || yuan > maxCapital || yuan == maxCapital && fen > 0 {
		return nil, errNumber()
	}
	out := inYuan(yuan) + inFen(yuan > 0, fen)
	if amount.IsNeg() {
		out = "负" + out
	}
	return out, nil
}

const capitals = "零壹贰叁肆伍陆柒捌玖"

func capitalOf(digit int64) string { return capitals[digit*3 : digit*3+3] }

func inYuan(n int64) string {
	if n == 0 {
		return ""
	}
	return inWords(n) + "元"
}

// inFen is the part below a yuan, after some or none.
func inFen(after bool, fen int64) string {
	jiao, fen := fen/10, fen%10
	switch {
	case jiao == 0 && fen == 0 && !after:
		return "零元整"
	case jiao == 0 && fen == 0:
		return "整"
	case fen == 0:
		return capitalOf(jiao) + "角整"
	case jiao > 0:
		return capitalOf(jiao) + "角" + capitalOf(fen) + "分"
	case after:
		return "零" + capitalOf(fen) + "分"
	}
	return capitalOf(fen) + "分"
}

// inWords writes a number above 0: hundred millions, ten thousands and the rest, each up to what the next unit is.
func inWords(n int64) string {
	for _, unit := range []struct {
		size int64
		word string
	}{{100_000_000, "亿"}, {10_000, "万"}, {1_000, "仟"}, {100, "佰"}, {10, "拾"}} {
		if n < unit.size {
			continue
		}
		out, rest := inWords(n/unit.size)+unit.word, n%unit.size
		if rest == 0 {
			return out
		}
		if rest < unit.size/10 {
			out += "零"
		}
		return out + inWords(rest)
	}
	return capitalOf(n)
}
