package sheet

import (
	"math"
	"math/big"
	"strings"
	"time"

	"tidewater/engine/grid"
)

// format is what a cell's number format makes of its number.
type format struct {
	day, clock, elapsed bool // parts of a date, of a time of day, of a span of time
	percent             bool
	zeros               int // digits that are filled up with leading zeros
}

const stylesPart = "xl/styles.xml"

func (w *workbook) styles() ([]format, error) {
	if !w.archive.has(stylesPart) {
		return nil, nil
	}
	var said struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Styles []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.archive.decode(stylesPart, &said); err != nil {
		return nil, err
	}
	own := map[int]format{}
	for _, f := range said.Formats {
		own[f.ID] = formatOf(f.Code)
	}
	out := make([]format, len(said.Styles))
	for n, style := range said.Styles {
		f, ok := own[style.Format]
		if !ok {
			f = builtin(style.Format)
		}
		out[n] = f
	}
	return out, nil
}

// builtin are the formats that have a number and no code (ECMA-376, 18.8.30; 27 to 58 are East Asian dates).
func builtin(id int) format {
	switch {
	case id == 9 || id == 10:
		return format{percent: true}
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return format{day: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return format{clock: true}
	case id == 22:
		return format{day: true, clock: true}
	case id == 46:
		return format{elapsed: true}
	}
	return format{}
}

// formatOf reads the first section of a format code as far as it tells dates, percents and leading zeros apart.
func formatOf(code string) (f format) {
	bare, brackets := bareCode(code)
	if strings.Trim(bare, "0") == "" && len(bare) > 1 {
		return format{zeros: len(bare)}
	}
	lower := strings.ToLower(bare)
	if strings.Contains(lower, "general") {
		return f
	}
	f.percent = strings.Contains(bare, "%")
	f.day = strings.ContainsAny(lower, "yd") || strings.Contains(lower, "e") && strings.Contains(lower, "m") || strings.Contains(lower, "mmm")
	f.clock = strings.ContainsAny(lower, "hs")
	for _, b := range brackets {
		f.elapsed = f.elapsed || strings.Trim(strings.ToLower(b), "hms") == "" && b != ""
	}
	if !f.clock && !f.day && !f.elapsed && strings.Contains(lower, "m") {
		f.day = true
	}
	return f
}

// bareCode is the first section of a code without what stands in quotes, behind backslashes and in brackets.
func bareCode(code string) (bare string, brackets []string) {
	var b strings.Builder
	runes := []rune(code)
	for n := 0; n < len(runes); n++ {
		until := func(end rune) (inside string) {
			from := n + 1
			for n++; n < len(runes) && runes[n] != end; n++ {
				continue
			}
			return string(runes[min(from, len(runes)):min(n, len(runes))])
		}
		switch runes[n] {
		case '"':
			until('"')
		case '[':
			brackets = append(brackets, until(']'))
		case '\\', '_', '*':
			n++
		case ';':
			return b.String(), brackets
		default:
			b.WriteRune(runes[n])
		}
	}
	return b.String(), brackets
}

// exactDigits is how many decimal digits a binary number of a spreadsheet keeps.
const exactDigits = 15

// number writes what the file says of a number as people see it.
func (w *workbook) number(raw string, f format) (text string, mark grid.Mark) {
	if f.day || f.clock || f.elapsed {
		if text, ok := w.moment(raw, f); ok {
			return text, 0
		}
	}
	text, kept := plain(raw)
	switch {
	case !kept:
		return text, grid.Lost
	case f.percent:
		return text, grid.Percent
	case f.zeros > len(text) && strings.Trim(text, "0123456789") == "":
		return strings.Repeat("0", f.zeros-len(text)) + text, 0
	}
	return text, grid.Number
}

// plain writes a number without an exponent and with the digits that it really has; kept is false for one
// with more of them than the file could keep.
func plain(raw string) (text string, kept bool) {
	if isPlain(raw) {
		return raw, true
	}
	n, ok := new(big.Rat).SetString(raw)
	const longest = 60
	if !ok || len(raw) > longest || exponent(raw) > longest || exponent(raw) < -longest {
		return raw, false
	}
	whole := new(big.Int).Quo(new(big.Int).Abs(n.Num()), n.Denom())
	digits := len(whole.String())
	if digits > exactDigits {
		return n.FloatString(0), false
	}
	places := exactDigits - digits
	if whole.Sign() == 0 {
		places = exactDigits + zerosAfterPoint(n)
	}
	text = n.FloatString(places)
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text, true
}

// isPlain tells a number that needs no work.
func isPlain(raw string) bool {
	digits := strings.TrimPrefix(raw, "-")
	if len(digits) > exactDigits || digits == "" {
		return false
	}
	return strings.Trim(digits, "0123456789.") == "" && strings.Count(digits, ".") <= 1
}

func exponent(raw string) (n int) {
	_, e, ok := strings.Cut(strings.ToLower(raw), "e")
	if !ok {
		return 0
	}
	sign := 1
	for _, c := range e {
		switch {
		case c == '-':
			sign = -1
		case c >= '0' && c <= '9' && n < 1000:
			n = n*10 + int(c-'0')
		}
	}
	return sign * n
}

func zerosAfterPoint(n *big.Rat) int {
	f, _ := new(big.Rat).Abs(n).Float64()
	if f == 0 {
		return 0
	}
	return max(0, -int(math.Floor(math.Log10(f)))-1)
}

// moment writes a serial number as the day, the time or the span that its format shows.
func (w *workbook) moment(raw string, f format) (string, bool) {
	n, ok := new(big.Rat).SetString(raw)
	if !ok || len(raw) > 40 || exponent(raw) > 10 || exponent(raw) < -30 {
		return "", false
	}
	const lastDay = 2_958_465 // 31 December 9999
	seconds := new(big.Rat).Mul(n, big.NewRat(24*60*60, 1))
	total, ok := new(big.Int).SetString(seconds.FloatString(0), 10)
	if !ok || !total.IsInt64() {
		return "", false
	}
	s := total.Int64()
	if s < 0 || s > (lastDay+1)*24*60*60 {
		return "", false
	}
	if f.elapsed || f.clock && !f.day && s < 24*60*60 {
		return clock(s), true
	}
	day := s / (24 * 60 * 60)
	base := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case w.is1904:
		base = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	case day < 60:
		base = base.AddDate(0, 0, 1) // the 1900 of spreadsheets has a 29 February, which is day 60
	}
	at := base.AddDate(0, 0, int(day)).Add(time.Duration(s%(24*60*60)) * time.Second)
	if !f.clock && s%(24*60*60) == 0 {
		return at.Format("2006-01-02"), true
	}
	return at.Format("2006-01-02T15:04:05"), true
}

func clock(s int64) string {
	two := func(n int64) string {
		text := big.NewInt(n).String()
		if len(text) < 2 {
			text = "0" + text
		}
		return text
	}
	return two(s/3600) + ":" + two(s/60%60) + ":" + two(s%60)
}
