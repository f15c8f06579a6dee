package value

import (
	"fmt"
	"time"
)

// A day is a calendar day as yyyymmdd, of the years 1 to 9999, in no zone of its own. 0 is no day: the
// functions here return it for what is no day, and for results beyond those years.
const (
	firstDay int64 = 1_01_01
	lastDay  int64 = 9999_12_31
)

// DayOf returns the day that clocks in loc show at the instant t.
func DayOf(t time.Time, loc *time.Location) int64 {
	year, month, day := t.In(loc).Date()
	return Day(year, month, day)
}

// Day returns a day from its parts, and 0 when there is none such (31 February).
func Day(year int, month time.Month, day int) int64 {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0
	}
	return int64(year)*10000 + int64(month)*100 + int64(day)
}

// DayText writes a day as 2026-03-31.
func DayText(day int64) string { return fmt.Sprintf("%04d-%02d-%02d", day/10000, day/100%100, day%100) }

// ValidDay tells whether a number is a day that exists.
func ValidDay(day int64) bool {
	if day < firstDay || day > lastDay {
		return false
	}
	year, month, number := dayParts(day)
	return Day(year, month, number) == day
}

// TimeOf returns the first instant at which clocks in loc show the day or, where they skip it, a later
// one. That is midnight in nearly all cases; where clocks jump over midnight it is later. It is the zero
// time for what is no day.
func TimeOf(day int64, loc *time.Location) time.Time {
	if !ValidDay(day) {
		return time.Time{}
	}
	year, month, number := dayParts(day)
	midnight := time.Date(year, month, number, 0, 0, 0, 0, time.UTC)
	// Go through the stretches of one offset from well before (no zone was ever 36 hours ahead) to the
	// first that shows the day.
	at := midnight.Add(-36 * time.Hour).In(loc)
	for {
		_, offset := at.Zone()
		_, end := at.ZoneBounds()
		first := midnight.Add(-time.Duration(offset) * time.Second).In(loc)
		if first.Before(at) {
			first = at
		}
		if end.IsZero() || first.Before(end) {
			return first
		}
		at = end
	}
}

// AddDays returns the day n days later, earlier for a negative n.
func AddDays(day, n int64) int64 {
	if !ValidDay(day) || n > lastDay || n < -lastDay {
		return 0
	}
	return DayAt(DayNumber(day) + n)
}

// AddMonths returns the same day of the month n months later, and the last of that month where it is
// shorter: one month after 31 January is the last of February.
func AddMonths(day, n int64) int64 {
	if !ValidDay(day) || n > lastDay || n < -lastDay {
		return 0
	}
	year, month, number := dayParts(day)
	months := int64(year)*12 + int64(month-1) + n
	if months < 12 {
		return 0
	}
	year, month = int(months/12), time.Month(months%12+1)
	return Day(year, month, min(number, daysIn(year, month)))
}

// DaysBetween counts the days from one day to another: 1 from today to tomorrow, negative backwards.
// Both must be valid.
func DaysBetween(from, to int64) int64 { return DayNumber(to) - DayNumber(from) }

// Weekday tells the day's place in the week. The day must be valid.
func Weekday(day int64) time.Weekday {
	return time.Weekday(floorMod(DayNumber(day)+4, 7)) // 1 January 1970 was a Thursday
}

// DayNumber counts days from 1 January 1970, which is 0. The day must be valid.
//
// After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March, so that
// the leap day comes last, and repeat every 400 years of 146,097 days.
func DayNumber(day int64) int64 {
	y, m, d := day/10000, day/100%100, day%100
	if m <= 2 {
		y--
	}
	era, yearOfEra := floorDiv(y, 400), floorMod(y, 400)
	dayOfYear := (153*((m+9)%12)+2)/5 + d - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}

// DayAt is the inverse of DayNumber; 0 beyond the years 1 to 9999.
func DayAt(number int64) int64 {
	if number < DayNumber(firstDay) || number > DayNumber(lastDay) {
		return 0
	}
	number += 719468
	era, dayOfEra := floorDiv(number, 146097), floorMod(number, 146097)
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	monthFromMarch := (5*dayOfYear + 2) / 153
	d := dayOfYear - (153*monthFromMarch+2)/5 + 1
	m := (monthFromMarch+2)%12 + 1
	y := yearOfEra + era*400
	if m <= 2 {
		y++
	}
	return y*10000 + m*100 + d
}

func dayParts(day int64) (year int, month time.Month, number int) {
	return int(day / 10000), time.Month(day / 100 % 100), int(day % 100)
}

func daysIn(year int, month time.Month) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func floorDiv(a, b int64) int64 { return (a - floorMod(a, b)) / b }

func floorMod(a, b int64) int64 { return (a%b + b) % b }
