package org_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/org"
)

func TestAnAlmanacIsReadAndWrittenBack(t *testing.T) {
	known := china(t)
	again, err := known.Almanac().Calendar()
	if err != nil {
		t.Fatal(err)
	}
	for day := int64(2025_12_20); day < 2026_12_32; day++ {
		if known.IsWorkday(day) != again.IsWorkday(day) {
			t.Errorf("%d differs", day)
		}
	}
	if !known.Knows(2026) || known.Knows(2019) {
		t.Error("it knows 2020 to 2026")
	}
}

func TestTheDaysOfAYearTakeThePlaceOfThoseThereWere(t *testing.T) {
	days, err := org.ReadDays([]byte("\ufeffdate,name,kind\r\n2026-01-02,\"元旦, again\",off\r\n2027-01-01, 元旦 ,off\n2027-01-09,补班,work\n"))
	if err != nil {
		t.Fatal(err)
	}
	was := org.Almanac{Weekend: []int{6, 7}, Days: []org.Day{
		{Date: "2025-01-01", Kind: "off", Name: "a"}, {Date: "2026-01-01", Kind: "off", Name: "b"}, {Date: "2026-10-01", Kind: "off", Name: "c"},
	}}
	got := was.With(days).Days
	want := []org.Day{{Date: "2025-01-01", Kind: "off", Name: "a"}, {Date: "2026-01-02", Kind: "off", Name: "元旦, again"}, {Date: "2027-01-01", Kind: "off", Name: "元旦"}, {Date: "2027-01-09", Kind: "work", Name: "补班"}}
	if !slices.Equal(got, want) || len(was.Days) != 3 {
		t.Errorf("%v\n%v", got, was)
	}
	c, err := was.With(days).Calendar()
	if err != nil || c.IsWorkday(2027_01_01) || !c.IsWorkday(2027_01_09) || !c.IsWorkday(2026_01_01) || c.IsWorkday(2027_01_10) {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNoAlmanac(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "calendar.csv",
		"date,kind\n2026-01-01,off\n":      "calendar.csv",
		"date,kind,name\n2026-01-01,off\n": "calendar.csv",
		"date,kind,name,x\n":               "calendar.csv",
		"\"":                               "calendar.csv",
	} {
		if _, err := org.ReadDays([]byte(text)); fault.CodeOf(err) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{``, `[]`, `{"days": [{"date": "2026-01-01", "off": true}]}`, `{"weekend": ["x"]}`, `{} {}`} {
		if _, err := org.ReadAlmanac([]byte(text)); fault.CodeOf(err) != "calendar.malformed" {
			t.Errorf("%s: %v", text, err)
		}
	}
	a := org.Almanac{Weekend: []int{0, 7, 8}, Days: []org.Day{
		{Date: "2026-02-30", Kind: "off", Name: ""}, {Date: "2026-01-01", Kind: "free", Name: ""}, {Date: "2026-01-01", Kind: "off", Name: string(make([]byte, 101))}, {Date: "1.1.2026", Kind: "off", Name: ""},
	}}
	_, err := a.Calendar()
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatal(err)
	}
	var got []string
	for _, i := range f.Issues {
		got = append(got, fmt.Sprint(i.Path, " ", i.Code))
	}
	want := []string{
		"/weekend/0 calendar.weekday", "/weekend/2 calendar.weekday", "/days/0/date calendar.date", "/days/1/kind calendar.kind",
		"/days/2/name calendar.name", "/days/2/date calendar.twice", "/days/3/date calendar.date",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if _, err := (org.Almanac{Weekend: []int{1, 2, 3, 4, 5, 6, 7}}).Calendar(); err == nil {
		t.Error("nobody ever works")
	}
	if _, err := (org.Almanac{Days: make([]org.Day, 3001)}).Calendar(); err == nil {
		t.Error("too much of it")
	}
}
