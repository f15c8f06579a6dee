package intake

import (
	"testing"
	"time"

	"tidewater/engine/grid"
)

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"12": "12", " 1,234.50 ": "1234.50", "１２．５": "12.5", "¥1,234": "1234", "￥ 99元": "99", "RMB 5": "5", "1.5万": "15000",
		"12.34567万": "123456.7", "2亿": "200000000", "(1,234.5)": "-1234.5", "-5": "-5", "−5": "-5", "¥-5": "-5", "-¥5": "-5", "007": "007",
		"3万亿": "3000000000000", "1 234": "1234",
	} {
		if got, _, ok := number(text); !ok || got != want {
			t.Errorf("%q: %q %v, want %q", text, got, ok, want)
		}
	}
	if got, percent, ok := number("12.5％"); !ok || !percent || got != "12.5" {
		t.Errorf("a percentage: %q %v %v", got, percent, ok)
	}
	for _, text := range []string{"", "cheap", "1e9", "1/3", "0x10", "1_000", "Inf", "1,23", "1.234,56", "12,34,567", "1,2345", "--5", "(-5)", "5万5", ".", "1.", "¥", "万"} {
		if got, _, ok := number(text); ok {
			t.Errorf("%q counts as the number %q", text, got)
		}
	}
}

func TestReckonIsExact(t *testing.T) {
	two := 2
	for _, one := range []struct {
		text, factor string
		round        *int
		want         string
	}{
		{"9.80000019", "", &two, "9.80"},
		{"0.0500000007", "100", &two, "5.00"},
		{"2.005", "", &two, "2.01"},
		{"-2.005", "", &two, "-2.01"},
		{"0.07", "100", nil, "7"},
	} {
		if got, ok := reckon(one.text, one.factor, one.round); !ok || got != one.want {
			t.Errorf("%+v: %q", one, got)
		}
	}
}

func TestDatesInTheShapesPeopleWrite(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"2026-03-31", "2026/3/31", "2026.3.31", "2026年3月31日", "20260331", "２０２６-０３-３１", "31/03/2026", "03/31/2026", "31-Mar-2026",
		"Mar 31, 2026", "31 March 2026", "46112", "2026-03-31 08:30", "2026/3/31 8:30:00", "2026年3月31日 上午8时30分", "2026-03-30T23:00:00Z",
	} {
		m, code := readMoment(text, "")
		if code != "" || m.dayText(shanghai) != "2026-03-31" {
			t.Errorf("%q: %q %s", text, m.dayText(shanghai), code)
		}
	}
	for text, want := range map[string]string{
		"2026-03-31 20:30": "2026-03-31T12:30:00.000Z", "2026/3/31 8:30 PM": "2026-03-31T12:30:00.000Z", "46112.5": "2026-03-31T04:00:00.000Z",
		"2026-03-31T20:30:00+08:00": "2026-03-31T12:30:00.000Z", "2026年3月31日 下午8:30": "2026-03-31T12:30:00.000Z", "2026-03-31": "2026-03-30T16:00:00.000Z",
	} {
		m, code := readMoment(text, "")
		if got := m.instantText(shanghai); code != "" || got != want {
			t.Errorf("%q: %q %s, want %q", text, got, code, want)
		}
	}
	for text, want := range map[string]string{
		"03/04/2026": codeOrder, "3/4/26": codeDate, "2026-02-30": codeDate, "2026-13-01": codeDate, "soon": codeDate, "": codeDate, "20261301": codeDate,
		"2026-03-31 25:00": codeDate, "-5": codeDate, "99999999999": codeDate, "31-Foo-2026": codeDate, "31-Mar-26": codeDate,
	} {
		if _, code := readMoment(text, ""); code != want {
			t.Errorf("%q: %q, want %q", text, code, want)
		}
	}
	for order, want := range map[DateOrder]string{DayFirst: "2026-04-03", MonthFirst: "2026-03-04"} {
		if m, code := readMoment("03/04/2026", order); code != "" || m.dayText(shanghai) != want {
			t.Errorf("%s: %s %s", order, m.dayText(shanghai), code)
		}
	}
}

func TestHeadersHaveNamesOfTheirOwn(t *testing.T) {
	h := HeaderOf(grid.Row{Number: 3, Cells: []string{"Phone", "", " Phone ", "Name\nin full", "", ""}})
	want := []string{"Phone", "B", "Phone (2)", "Name in full"}
	for n, name := range want {
		if place, ok := h.Place(name); len(h.Names) != len(want) || !ok || place != n {
			t.Errorf("%q: %q", name, h.Names)
		}
	}
	if len(h.Twice) != 1 || h.Twice[0] != "Phone" {
		t.Errorf("twice: %q", h.Twice)
	}
	if h.fits(grid.Row{Cells: []string{"", "", "", "", " ", "x"}}) == nil || h.fits(grid.Row{Cells: []string{"", "", "", "", " "}}) != nil {
		t.Error("cells beside the table")
	}
	rows := []grid.Row{{Cells: []string{"Books of 2026"}}, {Cells: []string{"Name", "Phone", "City"}}, {Cells: []string{"a", "1", "x"}}}
	if at := HeaderRow(rows); at != 1 {
		t.Errorf("the header is row %d", at)
	}
	for place, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA"} {
		if got := letters(place); got != want {
			t.Errorf("column %d is %s", place, got)
		}
	}
}

func TestManyValuesInACell(t *testing.T) {
	for cell, want := range map[string]int{"a;b": 2, "a；b、c,d": 4, "a\nb;c": 2, "a;b\n": 1, " ; ": 0, "a;a": 1} {
		if got := several(cell); len(got) != want {
			t.Errorf("%q: %q", cell, got)
		}
	}
}

func FuzzMoments(f *testing.F) {
	f.Add("2026-03-31 8:30 PM")
	f.Add("31-Mar-2026")
	f.Fuzz(func(t *testing.T, text string) {
		if m, code := readMoment(text, DayFirst); code == "" && m.dayText(time.UTC) == "0000-00-00" {
			t.Errorf("%q is no day", text)
		}
		if plain, _, ok := number(text); ok && !isDecimal(plain) {
			t.Errorf("%q is read as %q", text, plain)
		}
	})
}
