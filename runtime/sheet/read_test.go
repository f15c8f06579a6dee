package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/runtime/sheet"
)

// all reads a table to its end, or to what is wrong with it.
func all(t *testing.T, data []byte, choice grid.Choice) ([]grid.Row, grid.Look, error) {
	t.Helper()
	reader, look, err := sheet.Files{}.Open(t.Context(), grid.File{Name: "x", Size: int64(len(data)), At: bytes.NewReader(data)}, choice)
	if err != nil {
		return nil, look, err
	}
	defer func() {
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}()
	var rows []grid.Row
	for {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return rows, look, nil
		}
		if err != nil {
			return rows, look, err
		}
		rows = append(rows, row)
	}
}

func cellsOf(rows []grid.Row) (out [][]string) {
	for _, row := range rows {
		out = append(out, row.Cells)
	}
	return out
}

func TestEncodingsAndDelimitersAreFoundOut(t *testing.T) {
	const text = "名称,电话\n深圳市腾讯计算机系统有限公司,0755-86013388\n"
	gb, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide := func(e unicode.Endianness, mark unicode.BOMPolicy) string {
		out, err := unicode.UTF16(e, mark).NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	long := "name,phone\n" + strings.Repeat("a,1\n", 60_000)
	for name, one := range map[string]struct{ data, encoding, delimiter string }{
		"utf-8":             {text, "utf-8", ","},
		"with a mark":       {"\ufeff" + text, "utf-8", ","},
		"gbk":               {gb, "gb18030", ","},
		"gbk far behind":    {long + gb, "gb18030", ","},
		"utf-8 far behind":  {long + text, "utf-8", ","},
		"utf-16 marked":     {wide(unicode.LittleEndian, unicode.UseBOM), "utf-16le", ","},
		"utf-16":            {wide(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le", ","},
		"utf-16 big":        {wide(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be", ","},
		"tabs":              {strings.ReplaceAll(text, ",", "\t"), "utf-8", "\t"},
		"semicolons":        {strings.ReplaceAll(text, ",", ";"), "utf-8", ";"},
		"said by a line":    {"sep=|\n" + strings.ReplaceAll(text, ",", "|"), "utf-8", "|"},
		"line ends of both": {strings.Replace(text, "\n", "\r\n", 1), "utf-8", ","},
	} {
		rows, look, err := all(t, []byte(one.data), grid.Choice{})
		if err != nil || look.Encoding != one.encoding || look.Delimiter != one.delimiter {
			t.Errorf("%s: %+v %v", name, look, err)
			continue
		}
		if last := rows[len(rows)-1].Cells; !slices.Equal(last, []string{"深圳市腾讯计算机系统有限公司", "0755-86013388"}) {
			t.Errorf("%s: %q", name, last)
		}
	}
	if _, _, err := all(t, []byte(text), grid.Choice{Encoding: "ebcdic"}); fault.CodeOf(err) != "import.encodingUnknown" {
		t.Errorf("an unknown encoding: %v", err)
	}
	rows, _, err := all(t, []byte(gb), grid.Choice{Encoding: "utf-8"})
	if err != nil || len(rows) != 2 || rows[0].Wrong == nil || rows[0].Wrong.Code != "import.encoding" {
		t.Errorf("read as what it is not: %+v %v", rows, err)
	}
	for name, data := range map[string]string{"a picture": "\x89PNG\r\n\x1a\n\x00\x00\x00", "an old workbook": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "nothing": ""} {
		if _, _, err := all(t, []byte(data), grid.Choice{}); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

func TestRowsOfTextAreCountedAsSpreadsheetsDoAndWrongOnesTold(t *testing.T) {
	rows, _, err := all(t, []byte("a,b\r\n\n1,\"two\nlines\"\n, ,\n3,b\"ad\n4,ok\n5,\"x\"y\n6,ok\n"), grid.Choice{})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, row := range rows {
		code := ""
		if row.Wrong != nil {
			code = fmt.Sprint(row.Wrong.Code, row.Wrong.Args["line"])
		}
		said = append(said, fmt.Sprint(row.Number, row.Cell(0), code))
	}
	if want := []string{"1a", "31", "5import.line6", "64", "7import.line8", "86"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
}

// endless gives rows, one with a quote that is never closed, without having them in memory.
type endless struct{ size, quote int64 }

const line = "someone,13800138000,2026-01-01\n"

func (e endless) ReadAt(p []byte, off int64) (int, error) {
	for n := range p {
		at := off + int64(n)
		if at >= e.size {
			return n, io.EOF
		}
		if p[n] = line[at%int64(len(line))]; at == e.quote {
			p[n] = '"'
		}
	}
	return len(p), nil
}

func TestAQuoteThatIsNeverClosedEndsALargeFileWithoutTakingMemory(t *testing.T) {
	const size, before = 200 << 20, 1 << 20
	e := endless{size: size, quote: before * int64(len(line))}
	reader, _, err := sheet.Files{}.Open(t.Context(), grid.File{Size: size, At: e}, grid.Choice{Encoding: "utf-8"})
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	var idle, now runtime.MemStats
	runtime.ReadMemStats(&idle)
	n := 0
	for {
		if _, err = reader.Next(); err != nil {
			break
		}
		n++
	}
	runtime.GC()
	runtime.ReadMemStats(&now)
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "import.quote" || n != before || f.Args["line"] != before+1 {
		t.Errorf("%d rows, %v", n, err)
	}
	if grown := int64(now.HeapAlloc) - int64(idle.HeapAlloc); grown > 16<<20 {
		t.Errorf("the heap has grown by %d bytes", grown)
	}
}

// book makes a workbook.
func book(t *testing.T, fill func(f *excelize.File, set func(cell string, v any))) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f, func(cell string, v any) {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	})
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func style(t *testing.T, f *excelize.File, cell, format string) {
	t.Helper()
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err == nil {
		err = f.SetCellStyle("Sheet1", cell, cell, id)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestCellsOfWorkbooksSayWhatPeopleSee(t *testing.T) {
	data := book(t, func(f *excelize.File, set func(string, any)) {
		for n, v := range []any{"text", 9.8, 13800138000, true, 0.12, 123, 110101199003070000, time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 31, 8, 30, 0, 0, time.UTC)} {
			set(fmt.Sprintf("%c1", 'A'+n), v)
		}
		style(t, f, "E1", "0.0%")
		style(t, f, "F1", "000000")
		style(t, f, "H1", "yyyy\"年\"m\"月\"d\"日\"")
		style(t, f, "I1", "yyyy-mm-dd hh:mm")
		if err := f.SetCellFormula("Sheet1", "J1", "B1*2"); err != nil {
			t.Fatal(err)
		}
		set("K1", 45000)
	})
	rows, look, err := all(t, data, grid.Choice{})
	if err != nil || len(rows) != 1 || look.Format != grid.XLSX || look.Sheet != "Sheet1" {
		t.Fatalf("%+v %+v %v", rows, look, err)
	}
	want := []string{"text", "9.8", "13800138000", "TRUE", "0.12", "000123", "110101199003070000", "2026-03-31", "2026-03-31T08:30:00", "", "45000"}
	if !slices.Equal(rows[0].Cells, want) {
		t.Errorf("%q\nwant %q", rows[0].Cells, want)
	}
	for place, mark := range map[int]grid.Mark{1: grid.Number, 4: grid.Percent, 6: grid.Lost, 9: grid.Uncomputed} {
		if rows[0].Marks[place] != mark {
			t.Errorf("cell %d is marked %d, not %d", place, rows[0].Marks[place], mark)
		}
	}
}

// parts makes a workbook of one sheet by hand, for what no library writes.
func parts(t *testing.T, rows func(w io.Writer), behind string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	write := func(name string, fill func(w io.Writer)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fill(w)
	}
	text := func(s string) func(io.Writer) {
		return func(w io.Writer) {
			if _, err := io.WriteString(w, s); err != nil {
				t.Fatal(err)
			}
		}
	}
	write("xl/workbook.xml", text(`<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>`))
	write("xl/_rels/workbook.xml.rels", text(`<Relationships><Relationship Id="r1" Target="/xl/worksheets/sheet1.xml"/></Relationships>`))
	write("xl/worksheets/sheet1.xml", func(w io.Writer) {
		text(`<worksheet><sheetData>`)(w)
		rows(w)
		text(`</sheetData>` + behind + `</worksheet>`)(w)
	})
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestFormulasErrorsAndLostDigitsAreMarked(t *testing.T) {
	data := parts(t, func(w io.Writer) {
		_, _ = io.WriteString(w, `<row><c><f>A2*2</f><v>9.8000000000000007</v></c><c><f>B2</f></c><c t="e"><v>#N/A</v></c>`+
			`<c><v>3.1010119900101123E+17</v></c><c t="str"><f>""</f><v></v></c><c t="inlineStr"><is><r><t>two </t></r><r><t>parts</t></r><rPh><t>no</t></rPh></is></c>`+
			`<c><v>1.3800138E10</v></c><c><v>1E-5</v></c></row>`)
	}, "")
	rows, _, err := all(t, data, grid.Choice{})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%+v %v", rows, err)
	}
	if want := []string{"9.8", "", "#N/A", "310101199001011230", "", "two parts", "13800138000", "0.00001"}; !slices.Equal(rows[0].Cells, want) {
		t.Errorf("%q, want %q", rows[0].Cells, want)
	}
	for place, mark := range map[int]grid.Mark{0: grid.Number, 1: grid.Uncomputed, 2: grid.Broken, 3: grid.Lost} {
		if rows[0].Marks[place] != mark {
			t.Errorf("cell %d is marked %d, not %d", place, rows[0].Marks[place], mark)
		}
	}
}

func TestMergedCellsSayTheSameInEachRow(t *testing.T) {
	data := book(t, func(f *excelize.File, set func(string, any)) {
		for cell, v := range map[string]any{"A1": "Zone", "B1": "Name", "A2": "East", "B2": "a", "B3": "b", "B4": "c", "A5": "West", "B5": "d"} {
			set(cell, v)
		}
		if err := f.MergeCell("Sheet1", "A2", "A4"); err != nil {
			t.Fatal(err)
		}
	})
	rows, look, err := all(t, data, grid.Choice{})
	want := [][]string{{"Zone", "Name"}, {"East", "a"}, {"East", "b"}, {"East", "c"}, {"West", "d"}}
	if got := cellsOf(rows); err != nil || look.Merged != 1 || !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%q %+v %v", got, look, err)
	}
}

func TestAMillionEmptyFormattedRowsAreNoRows(t *testing.T) {
	data := parts(t, func(w io.Writer) {
		_, _ = io.WriteString(w, `<row r="1"><c t="inlineStr"><is><t>Name</t></is></c></row><row r="2"><c t="inlineStr"><is><t>a</t></is></c></row>`)
		for n := range 1_000_000 {
			_, _ = fmt.Fprintf(w, `<row r="%d" s="1"><c r="A%d" s="1"/></row>`, n+3, n+3)
		}
	}, "")
	rows, _, err := all(t, data, grid.Choice{})
	if err != nil || len(rows) != 2 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestAWorkbookThatUnpacksToTooMuchIsRefused(t *testing.T) {
	data := parts(t, func(w io.Writer) {
		zeros := bytes.Repeat([]byte(" "), 1<<20)
		for range 64 {
			_, _ = w.Write(zeros)
		}
	}, "")
	if len(data) > 1<<20 {
		t.Fatalf("the bomb has %d bytes", len(data))
	}
	if _, _, err := all(t, data, grid.Choice{}); fault.CodeOf(err) != "import.bomb" {
		t.Errorf("%v", err)
	}
	if _, _, err := all(t, data[:len(data)/2], grid.Choice{}); fault.CodeOf(err) != "import.malformed" {
		t.Errorf("half an archive: %v", err)
	}
}

func TestWhatIsWrittenReadsAsItWas(t *testing.T) {
	for _, format := range []grid.Format{grid.CSV, grid.XLSX} {
		var out bytes.Buffer
		b, err := sheet.Files{}.Create(format, &out)
		if err != nil {
			t.Fatal(err)
		}
		columns := []grid.Column{{Name: "Text"}, {Name: "Sum", Kind: grid.Exact, Scale: 2}, {Name: "Day", Kind: grid.Day}, {Name: "At", Kind: grid.Instant}}
		s, err := b.Sheet("A/B: [long name of a sheet that is too long]", columns)
		if err != nil {
			t.Fatal(err)
		}
		written := [][]string{
			{"13800138000", "1234.50", "2026-03-31", "2026-03-31T08:30:00"}, {"007", "-0.10", "", ""},
			{"two\nlines", "123456789012345.67", "1800-01-01", "2026-12-31T23:59:59"}, {"=1+1", "-5", "2000-02-29", ""},
		}
		for _, texts := range written {
			cells := make([]grid.Cell, len(texts))
			for n, text := range texts {
				cells[n] = grid.Cell{Text: text, Fill: n == 0, Note: strings.Repeat("why", n)}
			}
			if err := s.Write(cells); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		rows, look, err := all(t, out.Bytes(), grid.Choice{})
		if err != nil || len(rows) != 5 || look.Format != format {
			t.Fatalf("%s: %d rows, %+v %v", format, len(rows), look, err)
		}
		for n, row := range rows[1:] {
			for place, text := range written[n] {
				got := row.Cell(place)
				if format == grid.CSV {
					got = strings.TrimPrefix(got, "'")
				} else if place == 1 {
					text = strings.TrimSuffix(strings.TrimSuffix(text, "0"), ".")
				}
				if got != text {
					t.Errorf("%s row %d: %q, want %q", format, n, got, text)
				}
			}
		}
		if format == grid.CSV && (!strings.HasPrefix(out.String(), "\ufeff") || !strings.Contains(out.String(), "'=1+1")) {
			t.Errorf("%q", out.String())
		}
	}
}
