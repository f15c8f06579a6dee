package org

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// Special is a day that has a name and departs, or may, from the rhythm of the week.
type Special struct {
	Name string `json:"name"`
	Off  bool   `json:"off"` // false: people work, even where it falls on a weekend
}

// Calendar tells working days: a week's rhythm and special days. Days are yyyymmdd, as in package value;
// beyond the special days it knows, weekends alone count. It is immutable and safe for concurrent use,
// and no question costs more than a few dozen steps however far apart the days are.
type Calendar struct {
	special map[int64]Special
	rhythm  [7]bool  // working days of the week, Monday first
	before  [8]int64 // working days before each place of the week; the last is a whole week's
	// exceptions are the days that differ from the rhythm, sorted, with the sum of differences up to and
	// including each.
	exceptions []exception
}

type exception struct {
	number int64 // as value.DayNumber
	sum    int64
}

// weekZero is a Monday: 1 January of the year 1.
const weekZero int64 = -719162

// lastNumber is 31 December 9999.
const lastNumber int64 = 2932896

// NewCalendar builds a calendar from the days off of each week and the special days. The faults, all at
// once, are days that do not exist (calendar.date) and a week without working days (calendar.noWorkday).
func NewCalendar(weekend []time.Weekday, special map[int64]Special) (*Calendar, error) {
	c := &Calendar{special: make(map[int64]Special, len(special))}
	var issues fault.Issues
	for place := range c.rhythm {
		c.rhythm[place] = !slices.Contains(weekend, time.Weekday((place+1)%7))
		c.before[place+1] = c.before[place] + bit(c.rhythm[place])
	}
	if c.before[7] == 0 {
		issues.Add("/weekend", "calendar.noWorkday")
	}
	for _, day := range slices.Sorted(maps.Keys(special)) {
		s := special[day]
		if !value.ValidDay(day) {
			issues.Add("/days", "calendar.date", "date", day)
			continue
		}
		c.special[day] = s
		number := value.DayNumber(day)
		if difference := bit(!s.Off) - bit(c.rhythm[(number-weekZero)%7]); difference != 0 {
			c.exceptions = append(c.exceptions, exception{number, difference})
		}
	}
	for i := 1; i < len(c.exceptions); i++ {
		c.exceptions[i].sum += c.exceptions[i-1].sum
	}
	if err := issues.Fault("org.calendar", "calendar.malformed"); err != nil {
		return nil, err
	}
	return c, nil
}

// Special returns what is special about a day, if anything is.
func (c *Calendar) Special(day int64) (Special, bool) {
	s, ok := c.special[day]
	return s, ok
}

// IsWorkday tells whether people work on a day; false for what is no day.
func (c *Calendar) IsWorkday(day int64) bool {
	if !value.ValidDay(day) {
		return false
	}
	if s, ok := c.special[day]; ok {
		return !s.Off
	}
	return c.rhythm[(value.DayNumber(day)-weekZero)%7]
}

// NextWorkday returns the day itself if people work on it, else the first working day after it; 0 for
// what is no day and beyond the year 9999.
func (c *Calendar) NextWorkday(day int64) int64 {
	if c.IsWorkday(day) {
		return day
	}
	return c.AddWorkdays(day, 1)
}

// AddWorkdays returns the n-th working day after a day, before it for a negative n; the day itself,
// working or not, for 0. One working day after a Friday is Monday, and so it is after the Saturday and
// Sunday between. It is 0 for what is no day and beyond the years 1 to 9999.
func (c *Calendar) AddWorkdays(day, n int64) int64 {
	if !value.ValidDay(day) || n > lastNumber-weekZero || n < weekZero-lastNumber {
		return 0
	}
	number := value.DayNumber(day)
	// index counts, from 0, the working day that is looked for among all since weekZero.
	var index int64
	switch {
	case n == 0:
		return day
	case n > 0:
		index = c.count(number+1) + n - 1
	default:
		index = c.count(number) + n
	}
	if index < 0 || index >= c.count(lastNumber+1) {
		return 0
	}
	// The first day up to which more than index working days lie is that working day.
	span := int(lastNumber - weekZero + 1)
	found := sort.Search(span, func(i int) bool { return c.count(weekZero+int64(i)+1) > index })
	return value.DayAt(weekZero + int64(found))
}

// WorkdaysBetween counts the working days after from, up to and including to; negative when to is
// earlier: those before from, down to and including to. So AddWorkdays(from, n) is n away. Both must be
// valid days.
func (c *Calendar) WorkdaysBetween(from, to int64) int64 {
	a, b := value.DayNumber(from), value.DayNumber(to)
	if b >= a {
		return c.count(b+1) - c.count(a+1)
	}
	return c.count(b) - c.count(a)
}

// count returns the working days from weekZero up to but without the day of that number.
func (c *Calendar) count(number int64) int64 {
	days := number - weekZero
	past, _ := slices.BinarySearchFunc(c.exceptions, number, func(e exception, n int64) int { return cmp.Compare(e.number, n) })
	sum := int64(0)
	if past > 0 {
		sum = c.exceptions[past-1].sum
	}
	return days/7*c.before[7] + c.before[days%7] + sum
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
