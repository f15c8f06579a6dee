package sample

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/value"
)

// date draws a day, or an instant on one; nil if none lies between the bounds.
func (g *generator) date(s scope, d dateSpec) (any, error) {
	from, err := g.bound(s, d.From)
	if err != nil {
		return nil, err
	}
	to, err := g.bound(s, d.To)
	if err != nil {
		return nil, err
	}
	if d.Min != "" {
		lowest, err := g.bound(s, d.Min)
		if err != nil {
			return nil, err
		}
		from, to = max(from, lowest), max(to, lowest)
	}
	if d.Max != "" {
		highest, err := g.bound(s, d.Max)
		if err != nil {
			return nil, err
		}
		from, to = min(from, highest), min(to, highest)
	}
	if from == 0 || to < from {
		return nil, nil
	}
	drawn := g.dayBetween(from, to)
	for range d.Late - 1 {
		drawn = max(drawn, g.dayBetween(from, to))
	}
	if d.Workday {
		if drawn = g.workday(drawn, from, to); drawn == 0 {
			return nil, nil
		}
	}
	if d.Time == nil {
		return day(drawn), nil
	}
	return g.instant(drawn, *d.Time)
}

func (g *generator) dayBetween(from, to int64) int64 {
	return value.AddDays(from, g.random.Int64N(value.DaysBetween(from, to)+1))
}

// workday is the working day at or after a day, else the last before it, between the bounds; else 0.
func (g *generator) workday(drawn, from, to int64) int64 {
	if next := g.calendar.NextWorkday(drawn); next != 0 && next <= to {
		return next
	}
	if last := g.calendar.AddWorkdays(drawn, -1); last >= from {
		return last
	}
	return 0
}

func (g *generator) instant(on int64, between [2]string) (any, error) {
	first, err1 := time.Parse("15:04", between[0])
	last, err2 := time.Parse("15:04", between[1])
	minutes := int64(last.Sub(first) / time.Minute)
	if err := errors.Join(err1, err2); err != nil || minutes < 0 {
		return nil, fmt.Errorf("no time between %v: %w", between, err)
	}
	at := value.TimeOf(on, g.plan.location).
		Add(time.Duration(first.Hour())*time.Hour + time.Duration(first.Minute())*time.Minute).
		Add(time.Duration(g.random.Int64N(minutes+1)) * time.Minute)
	return instant(at.UnixMilli()), nil
}

// bound reads "today-3" or "path+3"; 0 for a value that is absent.
func (g *generator) bound(s scope, text string) (int64, error) {
	path, days := text, int64(0)
	if at := strings.IndexAny(text, "+-"); at >= 0 {
		n, err := strconv.ParseInt(text[at:], 10, 32)
		if err != nil {
			return 0, fmt.Errorf("%q is no day: %w", text, err)
		}
		path, days = text[:at], n
	}
	if path == "today" {
		return value.AddDays(g.today, days), nil
	}
	v, err := g.look(s, path)
	if err != nil {
		return 0, err
	}
	switch v := v.(type) {
	case nil:
		return 0, nil
	case day:
		return value.AddDays(int64(v), days), nil
	case instant:
		return value.AddDays(int64(g.dayOf(v)), days), nil
	}
	return 0, fmt.Errorf("%s is no day", path)
}
