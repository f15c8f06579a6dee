package org

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// Almanac is a working calendar as people write and keep it.
type Almanac struct {
	Weekend []int `json:"weekend"` // days off of each week, 1 Monday … 7 Sunday
	Days    []Day `json:"days"`    // special days, by date
}

// Day is a special day.
type Day struct {
	Date string `json:"date"` // 2026-01-01
	Kind string `json:"kind"` // DayOff or DayWork
	Name string `json:"name"`
}

// Kinds of special days.
const (
	DayOff  = "off"  // nobody works, a weekday though it be
	DayWork = "work" // people work, a weekend though it be: a make-up day
)

// Bounds of an almanac: sixty years of China's have room in it.
const (
	maxDays    = 3_000
	maxDayName = 100 // bytes
)

// ReadAlmanac reads an almanac from JSON. Faults: Malformed "calendar.malformed".
func ReadAlmanac(data []byte) (a Almanac, err error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&a)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows")
		}
	}
	if err != nil {
		return a, fault.New(fault.Malformed, "calendar.malformed").In("org.almanac").Because(err)
	}
	return a, nil
}

// ReadDays reads special days from CSV with the columns date, kind and name, in any order. What is wrong with a day
// Calendar tells. Faults: Malformed "calendar.csv".
func ReadDays(data []byte) ([]Day, error) {
	malformed := func(err error) ([]Day, error) {
		return nil, fault.New(fault.Malformed, "calendar.csv").In("org.days").Because(err)
	}
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	header, err := rows.Read()
	if err != nil {
		return malformed(err)
	}
	date, kind, name := slices.Index(header, "date"), slices.Index(header, "kind"), slices.Index(header, "name")
	if min(date, kind, name) < 0 || len(header) != 3 {
		return malformed(errors.New("columns"))
	}
	var out []Day
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return malformed(err)
		}
		out = append(out, Day{Date: strings.TrimSpace(row[date]), Kind: strings.TrimSpace(row[kind]), Name: strings.TrimSpace(row[name])})
	}
}

// With puts days in place of all that the almanac has of the years that they speak of: what a year's announcement
// does.
func (a Almanac) With(days []Day) Almanac {
	years := map[string]bool{}
	for _, d := range days {
		years[yearOf(d)] = true
	}
	kept := slices.DeleteFunc(slices.Clone(a.Days), func(d Day) bool { return years[yearOf(d)] })
	a.Days = append(kept, days...)
	slices.SortStableFunc(a.Days, func(x, y Day) int { return strings.Compare(x.Date, y.Date) })
	return a
}

func yearOf(d Day) string {
	year, _, _ := strings.Cut(d.Date, "-")
	return year
}

// Calendar builds the calendar. Faults: Invalid "calendar.malformed" with an issue at each part that is wrong:
// "calendar.weekday", "calendar.noWorkday", "calendar.date", "calendar.kind", "calendar.twice", "calendar.name",
// "calendar.tooMany".
func (a Almanac) Calendar() (*Calendar, error) {
	var issues fault.Issues
	weekend := make([]time.Weekday, 0, len(a.Weekend))
	for n, day := range a.Weekend {
		if day < 1 || day > 7 {
			issues.Add("/weekend/"+strconv.Itoa(n), "calendar.weekday")
		}
		weekend = append(weekend, time.Weekday(day%7))
	}
	if len(a.Days) > maxDays {
		issues.Add("/days", "calendar.tooMany", "max", maxDays)
		return nil, issues.Fault("org.almanac", "calendar.malformed")
	}
	special := make(map[int64]Special, len(a.Days))
	for n, d := range a.Days {
		at := "/days/" + strconv.Itoa(n)
		when, err := time.Parse(time.DateOnly, d.Date)
		day := value.DayOf(when, time.UTC)
		switch {
		case err != nil || day == 0:
			issues.Add(at+"/date", "calendar.date", "date", d.Date)
			continue
		case d.Kind != DayOff && d.Kind != DayWork:
			issues.Add(at+"/kind", "calendar.kind", "kind", d.Kind)
		case len(d.Name) > maxDayName:
			issues.Add(at+"/name", "calendar.name", "max", maxDayName)
		}
		if _, twice := special[day]; twice {
			issues.Add(at+"/date", "calendar.twice", "date", d.Date)
		}
		special[day] = Special{Name: d.Name, Off: d.Kind == DayOff}
	}
	if err := issues.Fault("org.almanac", "calendar.malformed"); err != nil {
		return nil, err
	}
	return NewCalendar(weekend, special)
}

// Almanac is what the calendar was built from, the days by date.
func (c *Calendar) Almanac() Almanac {
	a := Almanac{Weekend: []int{}, Days: make([]Day, 0, len(c.special))}
	for place, works := range c.rhythm {
		if !works {
			a.Weekend = append(a.Weekend, place+1)
		}
	}
	for _, day := range slices.Sorted(maps.Keys(c.special)) {
		d := Day{Date: value.DayText(day), Kind: DayWork, Name: c.special[day].Name}
		if c.special[day].Off {
			d.Kind = DayOff
		}
		a.Days = append(a.Days, d)
	}
	return a
}

// Knows tells whether the calendar has special days in a year; without any it does not know the year's holidays.
func (c *Calendar) Knows(year int64) bool {
	for day := range c.special {
		if day/10000 == year {
			return true
		}
	}
	return false
}
