package intake

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tidewater/engine/value"
)

// moment is what a cell says of a day and a time of day.
type moment struct {
	day    int64 // yyyymmdd
	second int   // of the day; only where timed
	timed  bool
	zoned  time.Time // an instant that names its own zone; else zero
}

// The codes of what is wrong with a date.
const (
	codeDate  = "field.date"
	codeOrder = "import.dateOrder"
)

// readMoment reads a date, with or without a time, in the shapes people write: 2026-03-31, 2026/3/31, 2026.3.31,
// 2026年3月31日, 20260331, 31/03/2026 or 03/31/2026 as order says, 31-Mar-2026, Mar 31, 2026, and the serial
// numbers of spreadsheets. code names what is wrong.
func readMoment(text string, order DateOrder) (m moment, code string) {
	text = strings.TrimSpace(norm.NFKC.String(text))
	if at, err := time.Parse(time.RFC3339Nano, strings.Replace(text, " ", "T", 1)); err == nil {
		return moment{zoned: at, timed: true}, ""
	}
	if isDecimal(text) && !strings.HasPrefix(text, "-") && len(text) != 8 {
		return serial(text)
	}
	date, clock := text, ""
	if at := clockAt(text); at >= 0 {
		date, clock = strings.TrimRight(text[:at], " T,"), text[at:]
	}
	if m.day, code = readDay(date, order); code != "" {
		return m, code
	}
	if clock != "" {
		var ok bool
		if m.second, ok = readClock(clock); !ok {
			return m, codeDate
		}
		m.timed = true
	}
	return m, ""
}

// clockAt is where the time of day begins: at the last word, or behind a T, that has a colon or 时.
func clockAt(text string) int {
	mark := strings.IndexAny(text, ":时點点")
	if mark < 0 {
		return -1
	}
	at := strings.LastIndexAny(text[:mark], " T日号")
	if at < 0 {
		return -1
	}
	return at + len(string([]rune(text[at:])[0]))
}

// readClock reads 8:30, 08:30:15, 08:30:15.000, 8:30 PM, 8时30分15秒, 下午8:30.
func readClock(text string) (second int, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	half := 0
	for _, mark := range []struct {
		word string
		half int
	}{{"am", 1}, {"pm", 2}, {"上午", 1}, {"下午", 2}, {"晚上", 2}} {
		if strings.Contains(text, mark.word) {
			text, half = strings.TrimSpace(strings.Replace(text, mark.word, "", 1)), mark.half
		}
	}
	text = strings.NewReplacer("时", ":", "點", ":", "点", ":", "分", ":", "秒", "").Replace(text)
	text, _, _ = strings.Cut(strings.TrimSuffix(text, ":"), ".")
	parts := strings.Split(text, ":")
	if len(parts) > 3 {
		return 0, false
	}
	limits := []int{23, 59, 59}
	for n := range limits {
		part := 0
		if n < len(parts) {
			var err error
			if part, err = strconv.Atoi(strings.TrimSpace(parts[n])); err != nil || part < 0 || part > limits[n] {
				return 0, false
			}
		}
		switch {
		case n == 0 && half == 2 && part < 12:
			part += 12
		case n == 0 && half == 1 && part == 12:
			part = 0
		}
		second = second*60 + part
	}
	return second, true
}

// readDay reads the date alone.
func readDay(text string, order DateOrder) (day int64, code string) {
	if len(text) == 8 && isDecimal(text) {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || !value.ValidDay(n) {
			return 0, codeDate
		}
		return n, ""
	}
	parts, named := dateParts(text)
	if len(parts) != 3 {
		return 0, codeDate
	}
	n := [3]int{}
	for at, part := range parts {
		var err error
		if n[at], err = strconv.Atoi(part); err != nil {
			return 0, codeDate
		}
	}
	year, month, one := n[0], n[1], n[2]
	switch {
	case named >= 0:
		month, one, year = named, n[0], n[2]
		if len(parts[0]) == 4 {
			one, year = n[2], n[0]
		} else if len(parts[2]) != 4 {
			return 0, codeDate
		}
	case len(parts[0]) == 4:
	case len(parts[2]) != 4:
		return 0, codeDate // 03/04/26 is three things
	case order == DayFirst || order == "" && n[0] > 12:
		one, month, year = n[0], n[1], n[2]
	case order == MonthFirst || n[1] > 12 || n[0] == n[1]:
		month, one, year = n[0], n[1], n[2]
	default:
		return 0, codeOrder
	}
	if day = value.Day(year, time.Month(month), one); day == 0 {
		return 0, codeDate
	}
	return day, ""
}

var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// dateParts takes a date apart. named is the month where it has a name, for which the day, or the year, comes
// first then; else -1.
func dateParts(text string) (parts []string, named int) {
	named = -1
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("-/.,年月日号", r)
	}) {
		if word[0] >= '0' && word[0] <= '9' {
			parts = append(parts, word)
			continue
		}
		month := -1
		for n, name := range months {
			if strings.HasPrefix(strings.ToLower(word), name) {
				month = n + 1
			}
		}
		if month < 0 || named >= 0 {
			return nil, -1
		}
		named = month
	}
	if named >= 0 && len(parts) == 2 {
		parts = []string{parts[0], strconv.Itoa(named), parts[1]}
	}
	return parts, named
}

// serial reads the number by which spreadsheets count days, of the system that begins in 1900.
func serial(text string) (moment, string) {
	const last = 2_958_465 // 31 December 9999
	n, ok := new(big.Rat).SetString(text)
	if !ok || n.Cmp(big.NewRat(1, 1)) < 0 || n.Cmp(big.NewRat(last+1, 1)) >= 0 {
		return moment{}, codeDate
	}
	seconds, err := strconv.ParseInt(new(big.Rat).Mul(n, big.NewRat(24*60*60, 1)).FloatString(0), 10, 64)
	if err != nil {
		return moment{}, codeDate
	}
	days := seconds / (24 * 60 * 60)
	base := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	if days < 60 {
		base = base.AddDate(0, 0, 1) // the 1900 of spreadsheets has a 29 February, which is day 60
	}
	second := int(seconds % (24 * 60 * 60))
	return moment{day: value.DayOf(base.AddDate(0, 0, int(days)), time.UTC), second: second, timed: second > 0}, ""
}

// dayText is the wire form of a moment's day; one that names a zone is of the day there is then in loc.
func (m moment) dayText(loc *time.Location) string {
	day := m.day
	if !m.zoned.IsZero() {
		day = value.DayOf(m.zoned, loc)
	}
	return fmt.Sprintf("%04d-%02d-%02d", day/10000, day/100%100, day%100)
}

// instantText is the wire form of a moment as an instant: where it names no zone, by the clocks in loc.
func (m moment) instantText(loc *time.Location) string {
	at := m.zoned
	if at.IsZero() {
		year, month, day := int(m.day/10000), time.Month(m.day/100%100), int(m.day%100)
		at = time.Date(year, month, day, 0, 0, m.second, 0, loc)
	}
	return at.UTC().Format("2006-01-02T15:04:05.000Z")
}
