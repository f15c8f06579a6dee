package org_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

func china(t testing.TB) *org.Calendar {
	t.Helper()
	c, err := org.China()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestChina(t *testing.T) {
	c := china(t)
	cases := []struct {
		day     int64
		workday bool
	}{
		{2026_01_01, false}, {2026_01_02, false}, {2026_01_04, true}, // a Sunday made up
		{2025_10_01, false}, {2025_10_08, false}, {2025_10_11, true},
		{2024_02_10, false}, {2024_02_18, true},
		{2026_03_02, true}, {2026_03_01, false},
		{2019_10_01, true}, {2027_10_01, true}, // years nobody told: weekends only
		{2027_10_02, false},
		{2026_02_30, false}, {0, false},
	}
	for _, k := range cases {
		if got := c.IsWorkday(k.day); got != k.workday {
			t.Errorf("%d: working day %v, want %v", k.day, got, k.workday)
		}
	}
	if s, ok := c.Special(2026_01_01); !ok || s.Name != "元旦" || !s.Off {
		t.Errorf("1 January 2026 is %v", s)
	}
	if _, ok := c.Special(2026_03_02); ok {
		t.Error("2 March 2026 is special")
	}
	// The State Council's notices give this many working days a year.
	for year, want := range map[int64]int64{2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248} {
		if got := c.WorkdaysBetween((year-1)*10000+1231, year*10000+1231); got != want {
			t.Errorf("%d has %d working days, want %d", year, got, want)
		}
	}
}

func TestAddWorkdays(t *testing.T) {
	c := china(t)
	cases := []struct{ day, n, want int64 }{
		{2026_03_06, 1, 2026_03_09}, // Friday to Monday
		{2026_03_07, 1, 2026_03_09}, // from a Saturday
		{2026_03_07, 0, 2026_03_07}, // nothing moves
		{2026_03_07, -1, 2026_03_06},
		{2026_03_09, -1, 2026_03_06},
		{2025_09_30, 1, 2025_10_09}, // over the October holidays
		{2025_10_09, 3, 2025_10_13}, // the Saturday between is made up
		{2026_03_06, 1 << 60, 0},
		{2026_03_06, -(1 << 60), 0},
		{2026_03_06, 3_000_000, 0}, // beyond the year 9999
		{1_01_01, -1, 0},
		{9999_12_31, 1, 0},
		{1_01_01, 1, 1_01_02},
		{9999_12_31, -1, 9999_12_30},
		{2026_02_31, 1, 0},
	}
	for _, k := range cases {
		if got := c.AddWorkdays(k.day, k.n); got != k.want {
			t.Errorf("%d + %d working days = %d, want %d", k.day, k.n, got, k.want)
		}
	}
	for day, want := range map[int64]int64{2026_03_06: 2026_03_06, 2026_03_07: 2026_03_09, 2025_10_01: 2025_10_09, 0: 0, 2026_02_31: 0} {
		if got := c.NextWorkday(day); got != want {
			t.Errorf("the next working day of %d is %d, want %d", day, got, want)
		}
	}
}

// anyCalendar draws a rhythm of the week and special days around 2026.
func anyCalendar() *rapid.Generator[*org.Calendar] {
	return rapid.Custom(func(t *rapid.T) *org.Calendar {
		weekdays := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
		weekend := rapid.Permutation(weekdays).Draw(t, "weekend")[:rapid.IntRange(0, 6).Draw(t, "days off")]
		numbers := rapid.SliceOfN(rapid.Int64Range(value.DayNumber(2025_12_01), value.DayNumber(2026_03_31)), 0, 40).Draw(t, "special")
		special := make(map[int64]org.Special)
		for _, n := range numbers {
			special[value.DayAt(n)] = org.Special{Off: rapid.Bool().Draw(t, "off")}
		}
		c, err := org.NewCalendar(weekend, special)
		if err != nil {
			t.Fatal(err)
		}
		return c
	})
}

// Counting and adding agree with going day by day.
func TestCalendarAgreesWithGoingDayByDay(t *testing.T) {
	first, last := value.DayNumber(2025_11_01), value.DayNumber(2026_04_30)
	rapid.Check(t, func(t *rapid.T) {
		c := anyCalendar().Draw(t, "calendar")
		from := value.DayAt(rapid.Int64Range(first, last).Draw(t, "from"))
		n := rapid.Int64Range(-90, 90).Draw(t, "n")
		step := int64(1)
		if n < 0 {
			step = -1
		}
		want, left := from, n
		for left != 0 {
			want = value.AddDays(want, step)
			if c.IsWorkday(want) {
				left -= step
			}
		}
		if got := c.AddWorkdays(from, n); got != want {
			t.Fatalf("%d + %d working days = %d, want %d", from, n, got, want)
		}
		if got := c.WorkdaysBetween(from, want); got != n {
			t.Fatalf("%d working days between %d and %d, want %d", got, from, want, n)
		}
	})
}

func TestCalendarFaults(t *testing.T) {
	week := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	_, err := org.NewCalendar(week, map[int64]org.Special{2026_02_31: {}, 2026_02_30: {}, 2026_01_01: {}})
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.Invalid || len(e.Issues) != 3 || e.Issues[0].Code != "calendar.noWorkday" || e.Issues[1].Args["date"] != int64(2026_02_30) {
		t.Errorf("got %v", err)
	}
}

func TestParseSpecials(t *testing.T) {
	special, err := org.ParseSpecials([]byte(`{"2026-01-01": {"name": "New Year", "off": true}}`))
	if err != nil || len(special) != 1 || special[2026_01_01] != (org.Special{Name: "New Year", Off: true}) {
		t.Errorf("got %v, %v", special, err)
	}
	for text, kind := range map[string]fault.Kind{
		``:                                fault.Malformed,
		`[]`:                              fault.Malformed,
		`{"2026-01-01": {"nam": "x"}}`:    fault.Malformed,
		`{} {}`:                           fault.Malformed,
		`{}}`:                             fault.Malformed,
		`{"2026-02-31": {"off": true}}`:   fault.Invalid,
		`{"2026-1-1": {}}`:                fault.Invalid,
		`{"2026-01-01T00:00:00": {}}`:     fault.Invalid,
		`{"0000-01-01": {"off": true}}`:   fault.Invalid,
		`{"2026-01-01": {"off": "true"}}`: fault.Malformed,
	} {
		if _, err := org.ParseSpecials([]byte(text)); err == nil || fault.KindOf(err) != kind {
			t.Errorf("%s: %v, want a fault of kind %s", text, err, kind)
		}
	}
}

func FuzzParseSpecials(f *testing.F) {
	f.Add([]byte(`{"2026-01-01": {"name": "New Year", "off": true}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		special, err := org.ParseSpecials(data)
		if err != nil {
			return
		}
		for day := range special {
			if !value.ValidDay(day) {
				t.Fatalf("%d is no day", day)
			}
		}
	})
}

func BenchmarkAddWorkdays(b *testing.B) {
	c := china(b)
	for b.Loop() {
		c.AddWorkdays(2026_03_06, 1000)
	}
}
