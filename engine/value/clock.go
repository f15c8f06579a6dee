package value

import "time"

// TimeOn returns the first instant at which clocks in loc show that time of the day (hour and minute) or,
// where they skip it, the first after. It is the zero time for what is no day.
func TimeOn(day int64, hour, minute int, loc *time.Location) time.Time {
	at := TimeOf(day, loc)
	if at.IsZero() {
		return at
	}
	year, month, number := dayParts(day)
	shown := time.Date(year, month, number, hour, minute, 0, 0, time.UTC)
	// As in TimeOf, through the stretches of one offset: a time that is shown twice is taken the first time.
	for {
		_, offset := at.Zone()
		_, end := at.ZoneBounds()
		first := shown.Add(-time.Duration(offset) * time.Second).In(loc)
		if first.Before(at) {
			first = at
		}
		if end.IsZero() || first.Before(end) {
			return first
		}
		at = end
	}
}
