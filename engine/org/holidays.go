package org

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

//go:embed data/cn-holidays.json
var chinaHolidays []byte

// China returns the calendar of mainland China: Saturdays and Sundays off, public holidays and make-up
// working days of 2020 to 2026, read once. An error is a mistake in the embedded data that the tests would show.
func China() (*Calendar, error) { return china() }

var china = sync.OnceValues(func() (*Calendar, error) {
	special, err := ParseSpecials(chinaHolidays)
	if err != nil {
		return nil, err
	}
	return NewCalendar([]time.Weekday{time.Saturday, time.Sunday}, special)
})

// ParseSpecials reads special days from JSON: {"2026-01-01": {"name": "New Year", "off": true}, …}. What
// is not of that form is a Malformed fault calendar.malformed, a date that does not exist an Invalid one
// with an issue calendar.date for each.
func ParseSpecials(data []byte) (map[int64]Special, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var raw map[string]Special
	if err := decoder.Decode(&raw); err != nil {
		return nil, fault.New(fault.Malformed, "calendar.malformed").In("org.specials").Because(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Malformed, "calendar.malformed").In("org.specials").Because(errors.New("something follows"))
	}
	special := make(map[int64]Special, len(raw))
	var issues fault.Issues
	for _, date := range slices.Sorted(maps.Keys(raw)) {
		at, err := time.Parse(time.DateOnly, date)
		if day := value.DayOf(at, time.UTC); err == nil && day != 0 {
			special[day] = raw[date]
			continue
		}
		issues.Add("/"+fault.Escape(date), "calendar.date", "date", date)
	}
	if err := issues.Fault("org.specials", "calendar.malformed"); err != nil {
		return nil, err
	}
	return special, nil
}
