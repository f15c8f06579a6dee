package intake

import (
	"math/big"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What people write around numbers and that says nothing more: currencies, before or behind.
var currencies = []string{"人民币", "RMB", "CNY", "USD", "EUR", "HKD", "¥", "￥", "$", "€", "£", "元", "圆"}

// myriads are the units that Chinese numbers are counted in.
var myriads = []struct {
	name  string
	zeros int
}{{"万亿", 12}, {"亿", 8}, {"万", 4}}

// number reads a number as people write it, as plain decimal text: full-width digits, blanks, currencies,
// separators of thousands, 万 and 亿, a sign or brackets for less than nothing. percent tells of a % behind it.
// What is only nearly a number is none.
func number(text string) (plain string, percent, ok bool) {
	if isDecimal(text) {
		return text, false, true
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == '−' || r == '－' || r == '–':
			return '-'
		}
		return r
	}, norm.NFKC.String(text))
	negative := false
	if inner, bracketed := strings.CutPrefix(text, "("); bracketed && strings.HasSuffix(inner, ")") {
		text, negative = strings.TrimSuffix(inner, ")"), true
	}
	text, signed := strings.CutPrefix(text, "-")
	text = strings.TrimPrefix(withoutCurrency(withoutCurrency(text)), "+")
	if !signed {
		text, signed = strings.CutPrefix(text, "-")
	}
	if negative && signed {
		return "", false, false
	}
	negative = negative || signed
	text, percent = strings.CutSuffix(text, "%")
	zeros := 0
	for _, m := range myriads {
		if rest, ok := strings.CutSuffix(text, m.name); ok {
			text, zeros = rest, m.zeros
			break
		}
	}
	text, ok = withoutThousands(text)
	if !ok || !isDecimal(text) || strings.HasPrefix(text, "-") {
		return "", false, false
	}
	if zeros > 0 {
		text = shifted(text, zeros)
	}
	if negative {
		text = "-" + text
	}
	return text, percent, true
}

func withoutCurrency(text string) string {
	for _, c := range currencies {
		if len(text) > len(c) && strings.EqualFold(text[:len(c)], c) {
			return text[len(c):]
		}
		if at := len(text) - len(c); at > 0 && strings.EqualFold(text[at:], c) {
			return text[:at]
		}
	}
	return text
}

// withoutThousands takes commas away where they part thousands, and nowhere else.
func withoutThousands(text string) (string, bool) {
	whole, _, _ := strings.Cut(text, ".")
	if !strings.Contains(whole, ",") {
		return text, !strings.Contains(text, ",")
	}
	for n, group := range strings.Split(whole, ",") {
		if n > 0 && len(group) != 3 || n == 0 && (len(group) < 1 || len(group) > 3) {
			return "", false
		}
	}
	return strings.ReplaceAll(whole, ",", "") + text[len(whole):], !strings.Contains(text[len(whole):], ",")
}

// isDecimal tells plain decimal text of a length that may be meant.
func isDecimal(text string) bool {
	const longest = 40
	digits := strings.TrimPrefix(text, "-")
	if len(digits) == 0 || len(digits) > longest {
		return false
	}
	dots, before, after := 0, 0, 0
	for _, c := range []byte(digits) {
		switch {
		case c == '.':
			dots++
		case c < '0' || c > '9':
			return false
		case dots == 0:
			before++
		default:
			after++
		}
	}
	return before > 0 && (dots == 0 || dots == 1 && after > 0)
}

// shifted multiplies plain decimal text by 10^zeros.
func shifted(text string, zeros int) string {
	whole, fraction, _ := strings.Cut(text, ".")
	fraction += strings.Repeat("0", max(0, zeros-len(fraction)))
	whole += fraction[:zeros]
	if fraction = strings.TrimRight(fraction[zeros:], "0"); fraction != "" {
		return whole + "." + fraction
	}
	return whole
}

// reckon multiplies and rounds plain decimal text exactly; halves go away from zero. A nil round keeps all
// decimals there are.
func reckon(text, factor string, round *int) (string, bool) {
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return "", false
	}
	if factor != "" {
		by, ok := new(big.Rat).SetString(factor)
		if !ok {
			return "", false
		}
		n.Mul(n, by)
	}
	places, _ := n.FloatPrec()
	if round != nil {
		places = *round
	}
	return n.FloatString(places), true
}
