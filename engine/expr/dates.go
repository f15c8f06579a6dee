package expr

import (
	"strconv"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// parseDay reads "2026-01-31".
func parseDay(text string) (day, bool) {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[:4]+text[5:7]+text[8:], 10, 32)
	return day(n), err == nil && value.ValidDay(int64(n))
}

// parseInstant reads RFC 3339, "2026-01-31T09:00:00+08:00".
func parseInstant(text string) (instant, bool) {
	t, err := time.Parse(time.RFC3339, text)
	return instant(t.UnixMilli()), err == nil
}

// dayOf returns the day of a day or, on the run's clocks, of an instant.
func (r *run) dayOf(v any) day {
	switch v := v.(type) {
	case day:
		return v
	case instant:
		return day(value.DayOf(time.UnixMilli(int64(v)), r.zone()))
	}
	return 0
}

// shift moves a day or instant by what move does to days; an instant keeps its clock time.
func (r *run) shift(v any, n number, move func(day, n int64) int64) (any, error) {
	count, ok := toInt(n)
	from := r.dayOf(v)
	to := int64(0)
	if ok {
		to = move(int64(from), count)
	}
	if to == 0 {
		return nil, errDay()
	}
	at, isInstant := v.(instant)
	if !isInstant {
		return day(to), nil
	}
	clock := time.UnixMilli(int64(at)).In(r.zone())
	hour, minute, second := clock.Clock()
	moved := time.Date(int(to/10000), time.Month(to/100%100), int(to%100), hour, minute, second, clock.Nanosecond(), r.zone())
	return instant(moved.UnixMilli()), nil
}

func errDay() error { return fault.New(fault.Invalid, "expr.day") }

// isoWeekday counts from Monday, 1, to Sunday, 7.
func isoWeekday(d day) int64 { return int64(value.Weekday(int64(d))+6)%7 + 1 }

// formatDay writes "2026-01-31".
func formatDay(d day) string {
	text := []byte("0000-00-00")
	for at := len(text) - 1; at >= 0; at-- {
		if text[at] != '-' {
			text[at] += byte(d % 10)
			d /= 10
		}
	}
	return string(text)
}
