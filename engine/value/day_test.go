package value_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones below on machines without any

	"pgregory.net/rapid"

	"tidewater/engine/value"
)

// zones have every kind of oddity: half hours, summer time over midnight, both hemispheres, days that
// were skipped or lived twice, China's summer time of 1986 to 1991.
var zones = []string{
	"UTC", "Asia/Shanghai", "Asia/Urumqi", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "America/Sao_Paulo",
	"America/Havana", "America/St_Johns", "Europe/London", "Europe/Lisbon", "Africa/Cairo", "Asia/Beirut", "Asia/Tehran",
	"Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kwajalein", "Pacific/Kiritimati", "America/Juneau", "Asia/Manila",
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func anyDay() *rapid.Generator[int64] {
	return rapid.Map(rapid.Int64Range(value.DayNumber(1_01_01), value.DayNumber(9999_12_31)), value.DayAt)
}

// asTime is the day at noon UTC, for comparison with package time.
func asTime(day int64) time.Time {
	return time.Date(int(day/10000), time.Month(day/100%100), int(day%100), 12, 0, 0, 0, time.UTC)
}

func TestDayNumbersAreThoseOfPackageTime(t *testing.T) {
	if n := value.DayNumber(1970_01_01); n != 0 {
		t.Errorf("1 January 1970 is day %d", n)
	}
	rapid.Check(t, func(t *rapid.T) {
		day := anyDay().Draw(t, "day")
		at := asTime(day)
		if want := (at.Unix() - 43200) / 86400; value.DayNumber(day) != want {
			t.Fatalf("%d has number %d, want %d", day, value.DayNumber(day), want)
		}
		if back := value.DayAt(value.DayNumber(day)); back != day {
			t.Fatalf("%d comes back as %d", day, back)
		}
		if value.Weekday(day) != at.Weekday() {
			t.Fatalf("%d is a %v, want %v", day, value.Weekday(day), at.Weekday())
		}
		year, week := value.ISOWeek(day)
		if y, w := at.ISOWeek(); y != year || w != week {
			t.Fatalf("%d lies in week %d/%d, want %d/%d", day, year, week, y, w)
		}
	})
}

func TestValidDay(t *testing.T) {
	for _, day := range []int64{1_01_01, 2024_02_29, 2000_02_29, 9999_12_31, 2026_04_30} {
		if !value.ValidDay(day) {
			t.Errorf("%d exists", day)
		}
	}
	for _, day := range []int64{0, -20240101, 1_01_00, 2026_02_29, 1900_02_29, 2026_02_31, 2026_04_31, 2026_13_01, 2026_00_10, 10000_01_01, 1 << 62, -1 << 63} {
		if value.ValidDay(day) {
			t.Errorf("%d does not exist", day)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		y, m, d := rapid.IntRange(-5, 10005).Draw(t, "y"), rapid.IntRange(-1, 14).Draw(t, "m"), rapid.IntRange(-1, 33).Draw(t, "d")
		at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
		exists := y >= 1 && y <= 9999 && at.Year() == y && int(at.Month()) == m && at.Day() == d
		if day := value.Day(y, time.Month(m), d); (day != 0) != exists || day != 0 && !value.ValidDay(day) {
			t.Fatalf("Day(%d, %d, %d) = %d", y, m, d, day)
		}
	})
}

func TestAddDaysAgainstPackageTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day, n := anyDay().Draw(t, "day"), rapid.Int64Range(-4_000_000, 4_000_000).Draw(t, "n")
		want := int64(0)
		if at := asTime(day).AddDate(0, 0, int(n)); at.Year() >= 1 && at.Year() <= 9999 {
			want = value.DayOf(at, time.UTC)
		}
		got := value.AddDays(day, n)
		if got != want {
			t.Fatalf("%d + %d = %d, want %d", day, n, got, want)
		}
		if got != 0 && value.DaysBetween(day, got) != n {
			t.Fatalf("%d days between %d and %d, want %d", value.DaysBetween(day, got), day, got, n)
		}
	})
	for _, n := range []int64{1 << 62, -1 << 63} {
		if value.AddDays(2026_01_01, n) != 0 || value.AddMonths(2026_01_01, n) != 0 {
			t.Errorf("%d days or months from now is a day", n)
		}
	}
}

func TestAddMonthsStaysInTheMonth(t *testing.T) {
	cases := []struct{ day, n, want int64 }{
		{2026_01_31, 1, 2026_02_28},
		{2024_01_31, 1, 2024_02_29},
		{2024_02_29, 12, 2025_02_28},
		{2026_03_31, -1, 2026_02_28},
		{2026_12_15, 1, 2027_01_15},
		{2026_01_15, -1, 2025_12_15},
		{1_01_15, -1, 0},
		{9999_12_15, 1, 0},
		{2026_02_31, 1, 0},
	}
	for _, c := range cases {
		if got := value.AddMonths(c.day, c.n); got != c.want {
			t.Errorf("%d + %d months = %d, want %d", c.day, c.n, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		day, n := anyDay().Draw(t, "day"), rapid.Int64Range(-130_000, 130_000).Draw(t, "n")
		first := asTime(day/100*100+1).AddDate(0, int(n), 0)
		got := value.AddMonths(day, n)
		if first.Year() < 1 || first.Year() > 9999 {
			if got != 0 {
				t.Fatalf("%d + %d months = %d, out of range", day, n, got)
			}
			return
		}
		last := first.AddDate(0, 1, -1).Day()
		if want := value.Day(first.Year(), first.Month(), min(int(day%100), last)); got != want {
			t.Fatalf("%d + %d months = %d, want %d", day, n, got, want)
		}
	})
}

// A day's start shows that day (or a later one, if clocks skip it), the instant before an earlier one,
// and nothing in the two days before shows it.
func TestTimeOfIsTheFirstInstantOfTheDay(t *testing.T) {
	locations := make([]*time.Location, len(zones))
	for i, name := range zones {
		locations[i] = zone(t, name)
	}
	first, last := value.DayNumber(1840_01_01), value.DayNumber(2060_01_01)
	rapid.Check(t, func(t *rapid.T) {
		loc := rapid.SampledFrom(locations).Draw(t, "zone")
		day := value.DayAt(rapid.Int64Range(first, last).Draw(t, "number"))
		checkStart(t, day, loc)
	})
}

// Every day of years that had something odd, not only random ones.
func TestTimeOfOverOddYears(t *testing.T) {
	cases := map[string][]int64{
		"Asia/Shanghai":     {1940, 1986, 1987, 1988, 1989, 1990, 1991},
		"America/Sao_Paulo": {2017, 2018},
		"America/Havana":    {2011, 2019},
		"America/St_Johns":  {2006, 2010},
		"Pacific/Apia":      {1892, 2011},
		"Pacific/Kwajalein": {1993},
		"Asia/Manila":       {1844, 1845},
		"America/Juneau":    {1867},
		"Asia/Beirut":       {2023},
		"Africa/Cairo":      {2014, 2024},
	}
	for name, years := range cases {
		loc := zone(t, name)
		for _, year := range years {
			for day := year*10000 + 101; day/10000 == year; day = value.AddDays(day, 1) {
				checkStart(t, day, loc)
			}
		}
	}
}

func checkStart(t interface{ Fatalf(string, ...any) }, day int64, loc *time.Location) {
	start := value.TimeOf(day, loc)
	if shown := value.DayOf(start, loc); shown < day {
		t.Fatalf("%s: %d starts at %v, which shows %d", loc, day, start, shown)
	}
	for _, before := range []time.Duration{time.Nanosecond, time.Minute, time.Hour, 25 * time.Hour, 47 * time.Hour} {
		if shown := value.DayOf(start.Add(-before), loc); shown >= day {
			t.Fatalf("%s: %d starts at %v, but %v before shows %d", loc, day, start, before, shown)
		}
	}
}

func TestTimeOfKnownStarts(t *testing.T) {
	cases := []struct {
		zone string
		day  int64
		want string
	}{
		{"Asia/Shanghai", 2026_03_01, "2026-03-01T00:00:00+08:00"},
		{"Asia/Shanghai", 1986_05_04, "1986-05-04T00:00:00+08:00"}, // summer time begins later that night
		{"Asia/Shanghai", 1986_05_05, "1986-05-05T00:00:00+09:00"},
		{"America/Sao_Paulo", 2017_10_15, "2017-10-15T01:00:00-02:00"}, // no midnight
		{"Pacific/Apia", 2011_12_30, "2011-12-31T00:00:00+14:00"},      // no such day
	}
	for _, c := range cases {
		if got := value.TimeOf(c.day, zone(t, c.zone)).Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %d starts at %s, want %s", c.zone, c.day, got, c.want)
		}
	}
	if !value.TimeOf(2026_02_30, time.UTC).IsZero() {
		t.Error("30 February starts")
	}
}

func TestDayOfOutOfRange(t *testing.T) {
	for _, at := range []time.Time{{}, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-3, 1, 1, 0, 0, 0, 0, time.UTC)} {
		want := int64(0)
		if at.IsZero() {
			want = 1_01_01
		}
		if got := value.DayOf(at, time.UTC); got != want {
			t.Errorf("%v is day %d, want %d", at, got, want)
		}
	}
}

func TestBucketsHoldTheirDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := anyDay().Draw(t, "day")
		for _, b := range value.Buckets() {
			key := b.Of(day)
			next := b.Next(key)
			if !value.ValidDay(key) || key > day || next != 0 && next <= day || b.Of(key) != key {
				t.Fatalf("%d lies in %s %d, the next is %d", day, b, key, next)
			}
			if next != 0 && (b.Of(next) != next || b.Of(value.AddDays(next, -1)) != key) {
				t.Fatalf("after %s %d comes %d", b, key, next)
			}
		}
	})
}

func TestBuckets(t *testing.T) {
	cases := []struct {
		bucket         value.Bucket
		day, key, next int64
	}{
		{value.ByDay, 2026_02_28, 2026_02_28, 2026_03_01},
		{value.ByWeek, 2027_01_03, 2026_12_28, 2027_01_04}, // a Sunday
		{value.ByWeek, 2027_01_04, 2027_01_04, 2027_01_11},
		{value.ByMonth, 2024_02_29, 2024_02_01, 2024_03_01},
		{value.ByQuarter, 2026_12_31, 2026_10_01, 2027_01_01},
		{value.ByQuarter, 2026_06_30, 2026_04_01, 2026_07_01},
		{value.ByYear, 2026_06_30, 2026_01_01, 2027_01_01},
		{value.ByYear, 9999_06_30, 9999_01_01, 0},
		{value.ByMonth, 2026_02_31, 0, 0},
		{"century", 2026_02_01, 0, 0},
	}
	for _, c := range cases {
		key := c.bucket.Of(c.day)
		if next := c.bucket.Next(key); key != c.key || next != c.next {
			t.Errorf("%s of %d: %d, next %d; want %d, next %d", c.bucket, c.day, key, next, c.key, c.next)
		}
		if c.bucket.Valid() != (c.bucket != "century") {
			t.Errorf("%s: valid %v", c.bucket, c.bucket.Valid())
		}
	}
}

func TestFiscalYear(t *testing.T) {
	cases := []struct {
		day    int64
		begins time.Month
		want   int64
	}{
		{2026_03_31, time.April, 2025_04_01},
		{2026_04_01, time.April, 2026_04_01},
		{2026_12_31, time.January, 2026_01_01},
		{1_01_01, time.April, 0},
		{2026_02_31, time.April, 0},
		{2026_02_01, 13, 0},
	}
	for _, c := range cases {
		if got := value.FiscalYear(c.day, c.begins); got != c.want {
			t.Errorf("the fiscal year of %d from month %d begins %d, want %d", c.day, c.begins, got, c.want)
		}
	}
}

func BenchmarkTimeOf(b *testing.B) {
	loc := zone(b, "Asia/Shanghai")
	for b.Loop() {
		value.TimeOf(2026_03_01, loc)
	}
}
