// Package cron tells when a schedule is due: five fields as people know them, read in a zone's wall clock and, where
// asked, by a working calendar. It keeps no time of its own and runs nothing.
package cron

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// What becomes of a time that falls on a day off.
const (
	Run         = "run"         // it stays
	Skip        = "skip"        // it is left out
	NextWorkday = "nextWorkday" // it moves to the first working day after it, at the same time of day
	// PreviousWorkday moves it to the last working day before it.
	PreviousWorkday = "previousWorkday"
)

// Schedule is a schedule that can be read. It is immutable and safe for concurrent use.
type Schedule struct{ spec cron.Schedule }

// Where says in which zone and by which calendar a schedule is read.
type Where struct {
	Zone      *time.Location
	Calendar  *org.Calendar // needed for OnHoliday other than Run
	OnHoliday string        // "": Run
}

// Parse reads minute, hour, day of the month, month, day of the week (0 or 7 is Sunday): each *, a number, a range, a
// list, or a step. Where both days are restricted, either will do. Faults: Invalid "meta.cron".
func Parse(text string) (*Schedule, error) {
	bad := fault.New(fault.Invalid, "meta.cron").In("cron.parse")
	fields := strings.Split(text, " ")
	if len(fields) != 5 || strings.Trim(text, "0123456789*,/- ") != "" || slices.ContainsFunc(fields, hasGap) {
		return nil, bad
	}
	week, ok := sundays(fields[4])
	if !ok {
		return nil, bad
	}
	fields[4] = week
	parser := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
	spec, err := parser.Parse(strings.Join(fields, " "))
	if err != nil {
		return nil, bad.Because(err)
	}
	return &Schedule{spec}, nil
}

// hasGap tells whether a part of a list is empty, which the library would pass over.
func hasGap(field string) bool { return slices.Contains(strings.Split(field, ","), "") }

// sundays writes the 7 of a field of week days as 0, which is all that the library knows.
func sundays(field string) (string, bool) {
	parts := strings.Split(field, ",")
	for n, part := range parts {
		span, step, _ := strings.Cut(part, "/")
		low, high, ranged := strings.Cut(span, "-")
		if low == "7" && !ranged {
			parts[n] = "0"
		}
		if high != "7" {
			continue
		}
		from, err := strconv.Atoi(low)
		by := 1
		if err == nil && step != "" {
			by, err = strconv.Atoi(step)
		}
		if err != nil || from < 0 || from > 7 || by < 1 {
			return "", false
		}
		var days []string
		for day := from; day <= 7; day += by {
			days = append(days, strconv.Itoa(day%7))
		}
		parts[n] = strings.Join(days, ",")
	}
	return strings.Join(parts, ","), true
}

// never is how far one looks for a time: the five years of the library, from a year before 29 February.
var never = time.Date(2023, 3, 1, 0, 0, 0, 0, time.UTC)

// Never tells whether the schedule is due on no day that there is, such as the 30th of February.
func (s *Schedule) Never() bool { return s.spec.Next(never).IsZero() }

// maxMoved bounds the days that a time may move: no calendar has people off work for a whole season.
const maxMoved = 60

// Often tells whether the schedule is ever due twice on a day, and twice in a week.
func (s *Schedule) Often() (perDay, perWeek bool) {
	const looked = 60 // times: the days of the week come round by then, whatever the step
	day, week := int64(0), ""
	at := never
	for range looked {
		if at = s.spec.Next(at); at.IsZero() {
			break
		}
		d := value.DayOf(at, time.UTC)
		year, number := value.ISOWeek(d)
		w := strconv.Itoa(year) + "/" + strconv.Itoa(number)
		perDay, perWeek = perDay || d == day, perWeek || w == week
		day, week = d, w
	}
	return perDay, perWeek
}

// farAhead is how many years one looks ahead for a day that is not left out.
const farAhead = 8

// Next is the first instant after another at which the schedule is due; zero where there is none in the next years.
// Each time that clocks on the wall show is due once: the first time where they show it twice, and at the end of the
// gap where they jump over it.
func (s *Schedule) Next(after time.Time, in Where) time.Time {
	// Times are looked for as clocks show them, in UTC: it has no gaps.
	from := value.AddDays(value.DayOf(after, in.Zone), -1)
	if in.OnHoliday == NextWorkday {
		// What fell on the days off before may have moved to here.
		for n := 0; n < maxMoved && !in.Calendar.IsWorkday(from); n++ {
			from = value.AddDays(from, -1)
		}
	}
	best, last := time.Time{}, after.AddDate(farAhead, 0, 0)
	shown := value.TimeOf(from, time.UTC).Add(-time.Second)
	for {
		shown = s.spec.Next(shown)
		if shown.IsZero() || shown.After(last) {
			return best
		}
		day := in.dayOf(value.DayOf(shown, time.UTC))
		if day == 0 { // the rest of that day with it
			shown = time.Date(shown.Year(), shown.Month(), shown.Day(), 23, 59, 59, 0, time.UTC)
			continue
		}
		if !best.IsZero() && value.TimeOf(day, in.Zone).After(best) {
			return best // later times move to no earlier day
		}
		due := value.TimeOn(day, shown.Hour(), shown.Minute(), in.Zone)
		if due.After(after) && (best.IsZero() || due.Before(best)) {
			best = due
		}
	}
}

// dayOf is the day to which a day moves; 0 where its times are left out.
func (in Where) dayOf(day int64) int64 {
	if in.OnHoliday == "" || in.OnHoliday == Run || in.Calendar.IsWorkday(day) {
		return day
	}
	switch in.OnHoliday {
	case NextWorkday:
		return in.Calendar.NextWorkday(day)
	case PreviousWorkday:
		return in.Calendar.AddWorkdays(day, -1)
	}
	return 0
}
