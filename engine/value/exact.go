package value

import (
	"strings"
)

// Exact numbers travel as text ("1234.50") and rest as scaled int64 (123450 at scale 2). These two
// functions are the only way between; neither ever rounds.

// ParseExact reads decimal text such as "-1234.5" into an int64 scaled by 10^scale. It accepts an
// optional sign and one decimal point, no exponent, no separators. ok is false when the text is not
// such a number, has more decimals than scale (trailing zeros aside), or exceeds MaxExact.
func ParseExact(text string, scale int) (scaled int64, ok bool) {
	body, negative := strings.CutPrefix(text, "-")
	if !negative {
		body = strings.TrimPrefix(body, "+")
	}
	whole, fraction, dotted := strings.Cut(body, ".")
	if whole == "" || (dotted && fraction == "") || len(whole) > 19 {
		return 0, false
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > scale {
		return 0, false
	}
	digits := whole + fraction + strings.Repeat("0", scale-len(fraction))
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		scaled = scaled*10 + int64(c-'0')
		if scaled > MaxExact {
			return 0, false
		}
	}
	if negative {
		scaled = -scaled
	}
	return scaled, true
}

// FormatExact writes a scaled int64 as decimal text with exactly scale decimals.
func FormatExact(scaled int64, scale int) string {
	sign := ""
	magnitude := uint64(scaled)
	if scaled < 0 {
		sign, magnitude = "-", -magnitude
	}
	digits := make([]byte, 0, 24)
	for magnitude > 0 || len(digits) <= scale {
		digits = append(digits, byte('0'+magnitude%10))
		magnitude /= 10
	}
	for i, j := 0, len(digits)-1; i < j; i, j = i+1, j-1 {
		digits[i], digits[j] = digits[j], digits[i]
	}
	if scale == 0 {
		return sign + string(digits)
	}
	point := len(digits) - scale
	return sign + string(digits[:point]) + "." + string(digits[point:])
}
