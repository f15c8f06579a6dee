package cron_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewater/engine/cron"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func china(t testing.TB) *org.Calendar {
	t.Helper()
	c, err := org.China()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func parse(t testing.TB, text string) *cron.Schedule {
	t.Helper()
	s, err := cron.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

// next are the first n times after one that clocks show.
func next(t testing.TB, text, after string, n int, in cron.Where) []string {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", after, in.Zone)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for range n {
		at = parse(t, text).Next(at, in)
		out = append(out, at.In(in.Zone).Format("2006-01-02 15:04 MST"))
	}
	return out
}

func TestTimesAreThoseOfTheWallOnce(t *testing.T) {
	berlin, lordHowe := zone(t, "Europe/Berlin"), zone(t, "Australia/Lord_Howe")
	shanghai := zone(t, "Asia/Shanghai")
	for name, c := range map[string]struct {
		text, after string
		in          cron.Where
		want        []string
	}{
		"Mondays at nine":   {"0 9 * * 1", "2026-11-23 09:00", cron.Where{Zone: shanghai}, []string{"2026-11-30 09:00 CST", "2026-12-07 09:00 CST"}},
		"Sunday is 0 and 7": {"0 9 * * 7", "2026-11-23 09:00", cron.Where{Zone: shanghai}, []string{"2026-11-29 09:00 CST", "2026-12-06 09:00 CST"}},
		"Friday to Sunday":  {"0 9 * * 5-7", "2026-11-23 09:00", cron.Where{Zone: shanghai}, []string{"2026-11-27 09:00 CST", "2026-11-28 09:00 CST", "2026-11-29 09:00 CST", "2026-12-04 09:00 CST"}},
		"29 February":       {"0 0 29 2 *", "2026-01-01 00:00", cron.Where{Zone: shanghai}, []string{"2028-02-29 00:00 CST", "2032-02-29 00:00 CST"}},
		"either day":        {"0 0 1 * 1", "2026-11-23 00:00", cron.Where{Zone: shanghai}, []string{"2026-11-30 00:00 CST", "2026-12-01 00:00 CST", "2026-12-07 00:00 CST"}},
		// On 29 March clocks in Berlin go from 02:00 to 03:00.
		"a time in the gap is due at its end": {"30 2 * * *", "2026-03-28 12:00", cron.Where{Zone: berlin}, []string{"2026-03-29 03:00 CEST", "2026-03-30 02:30 CEST"}},
		"times of the gap are one":            {"*/30 * * * *", "2026-03-29 01:00", cron.Where{Zone: berlin}, []string{"2026-03-29 01:30 CET", "2026-03-29 03:00 CEST", "2026-03-29 03:30 CEST"}},
		// On 25 October they go from 03:00 back to 02:00.
		"a time shown twice is due the first time": {"30 2 * * *", "2026-10-24 12:00", cron.Where{Zone: berlin}, []string{"2026-10-25 02:30 CEST", "2026-10-26 02:30 CET"}},
		"half an hour back":                        {"45 1 * * *", "2026-04-04 12:00", cron.Where{Zone: lordHowe}, []string{"2026-04-05 01:45 +11", "2026-04-06 01:45 +1030"}},
	} {
		if got := next(t, c.text, c.after, len(c.want), c.in); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// In 2026 China is off from 15 to 23 February, and works on Saturday the 14th and Saturday the 28th; from 1 to 7 October,
// and works on Sunday, 20 September, and on Saturday, 10 October.
func TestDaysOffAndMakeUpDays(t *testing.T) {
	in := func(onHoliday string) cron.Where {
		return cron.Where{Zone: zone(t, "Asia/Shanghai"), Calendar: china(t), OnHoliday: onHoliday}
	}
	for name, c := range map[string]struct {
		text, after, onHoliday string
		want                   []string
	}{
		"run":                          {"0 9 * * 1", "2026-02-10 00:00", "run", []string{"2026-02-16 09:00", "2026-02-23 09:00"}},
		"run is usual":                 {"0 9 * * 1", "2026-02-10 00:00", "", []string{"2026-02-16 09:00", "2026-02-23 09:00"}},
		"skip":                         {"0 9 * * 1", "2026-02-10 00:00", "skip", []string{"2026-03-02 09:00"}},
		"two weeks move to one time":   {"0 9 * * 1", "2026-02-10 00:00", "nextWorkday", []string{"2026-02-24 09:00", "2026-03-02 09:00"}},
		"every day":                    {"0 9 * * *", "2026-02-13 09:00", "nextWorkday", []string{"2026-02-14 09:00", "2026-02-24 09:00", "2026-02-25 09:00"}},
		"a make-up Saturday is worked": {"0 9 * * 6", "2026-02-10 00:00", "skip", []string{"2026-02-14 09:00", "2026-02-28 09:00", "2026-05-09 09:00"}},
		"the day before":               {"0 9 * * 1", "2026-02-10 00:00", "previousWorkday", []string{"2026-02-14 09:00", "2026-03-02 09:00"}},
		"what moved comes between":     {"0 9,18 * * *", "2026-02-24 09:00", "nextWorkday", []string{"2026-02-24 18:00", "2026-02-25 09:00"}},
		"asked on a day off":           {"0 9 * * 1", "2026-02-18 12:00", "nextWorkday", []string{"2026-02-24 09:00", "2026-03-02 09:00"}},
		"asked on the day it moved to": {"0 9 * * 1", "2026-02-24 09:00", "nextWorkday", []string{"2026-03-02 09:00"}},
	} {
		got := next(t, c.text, c.after, len(c.want), in(c.onHoliday))
		for n := range got {
			got[n] = strings.TrimSuffix(got[n], " CST")
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestSundaysWhereNobodyWorksOnSundaysAreNever(t *testing.T) {
	calendar, err := org.NewCalendar([]time.Weekday{time.Sunday}, nil)
	if err != nil {
		t.Fatal(err)
	}
	in := cron.Where{Zone: time.UTC, Calendar: calendar, OnHoliday: cron.Skip}
	if got := parse(t, "* * * * 0").Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), in); !got.IsZero() {
		t.Error(got)
	}
}

func TestWhatIsNoSchedule(t *testing.T) {
	for _, text := range []string{"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "@daily", "TZ=UTC * * * * *",
		"* * * * 9-7", "* * * * 1-7/0", "5-1 * * * *", "a * * * *", "*  * * * *", "* * * * MON", "1,,2 * * * *", "*/0 * * * *"} {
		if _, err := cron.Parse(text); fault.CodeOf(err) != "meta.cron" {
			t.Errorf("%q: %v", text, err)
		}
	}
	for text, want := range map[string]bool{"0 0 30 2 *": true, "0 0 31 4,6,9,11 *": true, "0 0 29 2 *": false, "0 0 31 4 1": false, "* * * * *": false} {
		if got := parse(t, text).Never(); got != want {
			t.Errorf("%s never: %v", text, got)
		}
	}
}

func TestHowOftenASchedulesIsDue(t *testing.T) {
	for text, want := range map[string][2]bool{
		"0 9 * * 1": {false, false}, "0 9 * * *": {false, true}, "0 9,18 * * 1": {true, true}, "0 9 1 * *": {false, false}, "0 9 * * 1,4": {false, true},
		"0 0 1 1 *": {false, false}, "0 9 1-7 * *": {false, true}, "*/30 9 * * 7": {true, true},
	} {
		if perDay, perWeek := parse(t, text).Often(); [2]bool{perDay, perWeek} != want {
			t.Errorf("%s: twice a day %v, twice a week %v", text, perDay, perWeek)
		}
	}
}

// slow goes minute by minute through what clocks show, and finds the first that is due by the words of the fields.
func slow(fields []string, after time.Time, in cron.Where, minutes int) time.Time {
	has := func(field string, n int) bool {
		for _, part := range strings.Split(field, ",") {
			if part == "*" || part == strconv.Itoa(n) {
				return true
			}
			if step, ok := strings.CutPrefix(part, "*/"); ok {
				if by, err := strconv.Atoi(step); err == nil && n%by == 0 {
					return true
				}
			}
		}
		return false
	}
	best := time.Time{}
	first := value.TimeOf(value.AddDays(value.DayOf(after, in.Zone), -20), time.UTC)
	for n := range minutes {
		shown := first.Add(time.Duration(n) * time.Minute)
		if !has(fields[0], shown.Minute()) || !has(fields[1], shown.Hour()) || !has(fields[4], int(shown.Weekday())) {
			continue
		}
		day := value.DayOf(shown, time.UTC)
		works := in.Calendar.IsWorkday(day)
		if !works && in.OnHoliday == cron.Skip {
			continue
		}
		for ; in.OnHoliday == cron.NextWorkday && !in.Calendar.IsWorkday(day); day = value.AddDays(day, 1) {
		}
		for ; in.OnHoliday == cron.PreviousWorkday && !in.Calendar.IsWorkday(day); day = value.AddDays(day, -1) {
		}
		at := value.TimeOn(day, shown.Hour(), shown.Minute(), in.Zone)
		if at.After(after) && (best.IsZero() || at.Before(best)) {
			best = at
		}
	}
	return best
}

func TestNextAgreesWithGoingMinuteByMinute(t *testing.T) {
	calendar, zones := china(t), []*time.Location{zone(t, "Asia/Shanghai"), zone(t, "Europe/Berlin"), zone(t, "America/Sao_Paulo"), time.UTC}
	rapid.Check(t, func(t *rapid.T) {
		minute := rapid.SampledFrom([]string{"0", "30", "*/15", "7,52"}).Draw(t, "minute")
		hour := rapid.SampledFrom([]string{"2", "9", "*/6", "0,23", "*"}).Draw(t, "hour")
		week := rapid.SampledFrom([]string{"*", "0", "1", "1,6", "0,6"}).Draw(t, "week")
		in := cron.Where{
			Zone: rapid.SampledFrom(zones).Draw(t, "zone"), Calendar: calendar,
			OnHoliday: rapid.SampledFrom([]string{cron.Run, cron.Skip, cron.NextWorkday, cron.PreviousWorkday}).Draw(t, "onHoliday"),
		}
		start := rapid.SampledFrom([]time.Time{
			time.Date(2026, 2, 10, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 24, 0, 0, 0, 0, time.UTC),
			time.Date(2018, 11, 3, 0, 0, 0, 0, time.UTC), time.Date(2026, 9, 29, 0, 0, 0, 0, time.UTC),
		}).Draw(t, "start")
		after := start.Add(time.Duration(rapid.IntRange(0, 3*24*60).Draw(t, "minutes")) * time.Minute)
		fields := []string{minute, hour, "*", "*", week}
		s, err := cron.Parse(strings.Join(fields, " "))
		if err != nil {
			t.Fatal(err)
		}
		const days = 65
		got, want := s.Next(after, in), slow(fields, after, in, days*24*60)
		if want.IsZero() && (got.IsZero() || got.Sub(after) > (days-22)*24*time.Hour) {
			return // beyond what was gone through
		}
		if !got.Equal(want) {
			t.Fatal(fmt.Sprintf("%v %s after %s: %s, want %s", fields, in.OnHoliday, after, got, want))
		}
	})
}
