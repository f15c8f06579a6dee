package sheet_test

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tidewater/engine/grid"
	"tidewater/runtime/sheet"
)

// partOf is the text of a part of a workbook.
func partOf(t *testing.T, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestColumnsToBeFilledSayWhatTheyTake writes a workbook of two sheets to be filled, and looks at it as spreadsheets do.
func TestColumnsToBeFilledSayWhatTheyTake(t *testing.T) {
	var out bytes.Buffer
	written, err := sheet.Files{}.Create(grid.XLSX, &out)
	if err != nil {
		t.Fatal(err)
	}
	long := make([]string, 300) // more than the 255 characters that a list in the sheet itself may have
	for n := range long {
		long[n] = "place " + strings.Repeat("x", n%7) + string(rune('a'+n%26))
	}
	_, err = written.Sheet("Goods: all", []grid.Column{
		{Name: "Phone", Note: "with zeros"}, {Name: "Kind", Among: []string{"=1+1", "Tool, large"}},
		{Name: "Price", Kind: grid.Exact, Scale: 2}, {Name: "Places", Among: long, Open: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	second, err := written.Sheet("Lines", []grid.Column{{Name: "Day", Kind: grid.Day, Note: "when"}, {Name: "Sure", Among: []string{"yes", "no"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := written.Aside("what.it.is", [][]string{{"a", "=b"}, {"c"}}); err != nil {
		t.Fatal(err)
	}
	if err := second.Write([]grid.Cell{{Text: "2026-03-31", Note: "look"}}); err != nil {
		t.Fatal(err)
	}
	if err := written.Close(); err != nil {
		t.Fatal(err)
	}
	data := out.Bytes()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	for at, want := range map[string]string{"A": "@", "B": "@", "C": "#,##0.00"} {
		id, err := f.GetColStyle("Goods  all", at)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil || style.CustomNumFmt == nil || *style.CustomNumFmt != want {
			t.Errorf("column %s is formatted as %+v, %v; want %s", at, style.CustomNumFmt, err, want)
		}
	}
	choices, err := f.GetDataValidations("Goods  all")
	if err != nil || len(choices) != 2 {
		t.Fatalf("%v, %v", choices, err)
	}
	for n, want := range []excelize.DataValidation{
		{Sqref: "B2:B1048576", Formula1: "'choices'!$A$1:$A$2", ShowErrorMessage: true},
		{Sqref: "D2:D1048576", Formula1: "'choices'!$B$1:$B$300"},
	} {
		got := choices[n]
		if got.Sqref != want.Sqref || got.Formula1 != want.Formula1 || got.ShowErrorMessage != want.ShowErrorMessage || got.Type != "list" {
			t.Errorf("choice %d is %+v", n, got)
		}
	}
	if cell, err := f.GetCellValue("choices", "A1"); err != nil || cell != "=1+1" {
		t.Errorf("a choice is %q, %v", cell, err)
	}
	if formula, err := f.GetCellFormula("choices", "A1"); err != nil || formula != "" {
		t.Errorf("a choice is the formula %q, %v", formula, err)
	}
	for name, want := range map[string][]string{"Goods  all": {"A1 with zeros"}, "Lines": {"A1 when", "A2 look"}} {
		notes, err := f.GetComments(name)
		var got []string
		for _, note := range notes {
			got = append(got, note.Cell+" "+note.Text)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("the notes of %s are %q, %v", name, got, err)
		}
	}
	// Without this word a spreadsheet shows no note at all.
	for _, part := range []string{"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"} {
		if !strings.Contains(partOf(t, data, part), "<legacyDrawing") {
			t.Errorf("%s does not say where its notes are", part)
		}
	}
	reader, look, err := sheet.Files{}.Open(t.Context(), grid.File{Size: int64(len(data)), At: bytes.NewReader(data)}, grid.Choice{Sheet: "what.it.is"})
	if err != nil {
		t.Fatal(err)
	}
	row, err := reader.Next()
	if err != nil || !slices.Equal(row.Cells, []string{"a", "=b"}) {
		t.Errorf("what stands aside begins with %q, %v", row.Cells, err)
	}
	if !slices.Equal(look.Sheets, []string{"Goods  all", "Lines"}) || !slices.Contains(look.Aside, "what.it.is") {
		t.Errorf("the sheets are %q, aside %q", look.Sheets, look.Aside)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestTheFirstSheetThatIsShownIsRead has a hidden one before it.
func TestTheFirstSheetThatIsShownIsRead(t *testing.T) {
	data := book(t, func(f *excelize.File, set func(string, any)) {
		set("A1", "secret")
		if _, err := f.NewSheet("People"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellValue("People", "A1", "name"); err != nil {
			t.Fatal(err)
		}
		f.SetActiveSheet(1)
		if err := f.SetSheetVisible("Sheet1", false); err != nil {
			t.Fatal(err)
		}
	})
	reader, look, err := sheet.Files{}.Open(t.Context(), grid.File{Size: int64(len(data)), At: bytes.NewReader(data)}, grid.Choice{})
	if err != nil {
		t.Fatal(err)
	}
	row, err := reader.Next()
	if err != nil || look.Sheet != "People" || row.Cell(0) != "name" || !slices.Equal(look.Aside, []string{"Sheet1"}) {
		t.Errorf("%+v, %q, %v", look, row.Cells, err)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestEscapesInTextsAreRead has what Excel writes of a carriage return, of an emoji, and of a text that looks so.
func TestEscapesInTextsAreRead(t *testing.T) {
	for written, want := range map[string]string{
		"a_x000D_b": "a\rb", "_xD83D__xDE00_": "😀", "_x005F_x000D_": "_x000D_", "_x00G0_": "_x00G0_", "x_x": "x_x", "_x0041__x": "A_x",
	} {
		data := book(t, func(f *excelize.File, set func(string, any)) { set("A1", "name") })
		data = replaced(t, data, "xl/sharedStrings.xml", ">name<", ">"+written+"<")
		rows, _, err := all(t, data, grid.Choice{})
		if err != nil || len(rows) != 1 || rows[0].Cell(0) != want {
			t.Errorf("%q is read as %v, %v; want %q", written, rows, err, want)
		}
	}
}

// replaced is a workbook with another text in one of its parts.
func replaced(t *testing.T, data []byte, name, old, text string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range z.File {
		content := partOf(t, data, part.Name)
		if part.Name == name {
			content = strings.ReplaceAll(content, old, text)
		}
		to, err := w.Create(part.Name)
		if err == nil {
			_, err = io.WriteString(to, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
