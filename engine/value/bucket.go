package value

import "time"

// Bucket is a stretch of days that charts group by.
type Bucket string

const (
	ByDay     Bucket = "day"
	ByWeek    Bucket = "week" // Monday to Sunday, as ISO 8601 has it
	ByMonth   Bucket = "month"
	ByQuarter Bucket = "quarter"
	ByYear    Bucket = "year"
)

// Buckets lists them, shortest first.
func Buckets() []Bucket { return []Bucket{ByDay, ByWeek, ByMonth, ByQuarter, ByYear} }

// Valid tells whether the bucket is one of Buckets.
func (b Bucket) Valid() bool {
	switch b {
	case ByDay, ByWeek, ByMonth, ByQuarter, ByYear:
		return true
	}
	return false
}

// Of returns the first day of the bucket that holds the day, which is the bucket's key; 0 for what is
// no day. (1 January of the year 1 is a Monday, so every day has its week.)
func (b Bucket) Of(day int64) int64 {
	if !ValidDay(day) {
		return 0
	}
	year, month, _ := dayParts(day)
	switch b {
	case ByDay:
		return day
	case ByWeek:
		return AddDays(day, -floorMod(int64(Weekday(day))-1, 7))
	case ByMonth:
		return Day(year, month, 1)
	case ByQuarter:
		return Day(year, (month-1)/3*3+1, 1)
	case ByYear:
		return Day(year, time.January, 1)
	}
	return 0
}

// Next returns the key of the bucket after the one with this key; 0 after the year 9999.
func (b Bucket) Next(key int64) int64 {
	switch b {
	case ByDay:
		return AddDays(key, 1)
	case ByWeek:
		return AddDays(key, 7)
	case ByMonth:
		return AddMonths(key, 1)
	case ByQuarter:
		return AddMonths(key, 3)
	case ByYear:
		return AddMonths(key, 12)
	}
	return 0
}

// FiscalYear returns the first day of the fiscal year that holds the day, for years that begin with
// the first of the given month; 0 for what is no day and for a year that began before the year 1.
func FiscalYear(day int64, begins time.Month) int64 {
	if !ValidDay(day) {
		return 0
	}
	year, month, _ := dayParts(day)
	if month < begins {
		year--
	}
	return Day(year, begins, 1)
}

// ISOWeek returns the number of the day's week and the year it belongs to, as ISO 8601 counts: week 1
// holds the year's first Thursday. The day must be valid.
func ISOWeek(day int64) (year, week int) {
	number := DayNumber(day)
	thursday := DayAt(number - floorMod(int64(Weekday(day))-1, 7) + 3)
	year = int(thursday / 10000)
	return year, int((DayNumber(thursday)-DayNumber(Day(year, time.January, 1)))/7) + 1
}
