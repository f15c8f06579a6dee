package http_test

import (
	"bytes"
	nethttp "net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tidewater/engine/intake"
)

// template is a workbook to be filled, with what it says of its columns.
type template struct {
	t    *testing.T
	file *excelize.File
	told [][]string
}

func (c *caller) template(form string) *template {
	t := c.site.t
	t.Helper()
	got := c.get("/forms/" + form + "/import-template").is(nethttp.StatusOK)
	if kind := got.header.Get("Content-Type"); kind != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" {
		t.Errorf("the template is sent as %s", kind)
	}
	return opened(t, []byte(got.raw))
}

func opened(t *testing.T, data []byte) *template {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	must(t, err)
	t.Cleanup(func() { must(t, f.Close()) })
	told, err := f.GetRows(intake.ToldSheet)
	must(t, err)
	return &template{t, f, told}
}

// place is the sheet and the column (from 1) of a field of the form, or of one of a table.
func (m *template) place(table, field string) (sheet string, column int) {
	for _, row := range m.told {
		row = append(slices.Clone(row), "", "", "")
		if row[2] != table {
			continue
		}
		if sheet, column = row[1], column+1; row[4] == field {
			return sheet, column
		}
	}
	return "", 0
}

func (m *template) cell(table, field string, row int) (sheet, cell string) {
	m.t.Helper()
	sheet, column := m.place(table, field)
	if column == 0 {
		m.t.Fatalf("no column for %s %s in %q", table, field, m.told)
	}
	cell, err := excelize.CoordinatesToCellName(column, row)
	must(m.t, err)
	return sheet, cell
}

// fill writes what people would into a row.
func (m *template) fill(table string, row int, values map[string]any) {
	m.t.Helper()
	for field, v := range values {
		sheet, cell := m.cell(table, field, row)
		must(m.t, m.file.SetCellValue(sheet, cell, v))
	}
}

func (m *template) name(table, field string) string {
	m.t.Helper()
	text, err := m.file.GetCellValue(m.cell(table, field, 1))
	must(m.t, err)
	return text
}

func (m *template) note(table, field string) string {
	m.t.Helper()
	sheet, cell := m.cell(table, field, 1)
	notes, err := m.file.GetComments(sheet)
	must(m.t, err)
	for _, note := range notes {
		if note.Cell == cell {
			return note.Text
		}
	}
	return ""
}

// chosen is what a field's cells are chosen from.
func (m *template) chosen(table, field string) []string {
	m.t.Helper()
	sheet, cell := m.cell(table, field, 2)
	all, err := m.file.GetDataValidations(sheet)
	must(m.t, err)
	for _, one := range all {
		if !strings.HasPrefix(one.Sqref, cell+":") {
			continue
		}
		column, _, ok := strings.Cut(strings.TrimPrefix(one.Formula1, "'choices'!$"), "$")
		n, err := excelize.ColumnNameToNumber(column)
		if must(m.t, err); !ok {
			m.t.Fatalf("chosen from %s", one.Formula1)
		}
		columns, err := m.file.GetCols("choices")
		must(m.t, err)
		return slices.DeleteFunc(columns[n-1], func(s string) bool { return s == "" })
	}
	return nil
}

// brought is the workbook as a file of the caller's.
func (m *template) brought(c *caller) string {
	m.t.Helper()
	data, err := m.file.WriteToBuffer()
	must(m.t, err)
	return c.put("filled.xlsx", "application/octet-stream", data.Bytes()).is(nethttp.StatusCreated).id()
}

// imported imports a file as a look at it suggests, and returns the plan.
func (c *caller) imported(form, file string) (plan map[string]any, done *response) {
	t := c.site.t
	t.Helper()
	seen := c.post("/forms/"+form+"/import/look", map[string]any{"file": file}).is(nethttp.StatusOK)
	if strings.Contains(seen.raw, `"unknown"`) {
		t.Errorf("not understood: %s", seen.raw)
	}
	request, _ := seen.at("request").(map[string]any)
	began := c.post("/forms/"+form+"/import", request).is(nethttp.StatusAccepted)
	done = c.ended(began.header.Get("Location"))
	if done.at("report", "counts", "refused") != nil {
		t.Errorf("refused: %s\n%s", done.raw, c.get("/jobs/"+began.id()+"/rows").raw)
	}
	plan, _ = request["plan"].(map[string]any)
	return plan, done
}

// TestAFilledTemplateMakesTheRecordsItSays fills a template for every kind of field that a cell can hold, as people
// would, and holds what an import makes of it against a record that came in by the API.
func TestAFilledTemplateMakesTheRecordsItSays(t *testing.T) {
	s := newSite(t)
	s.furnishWith("kinds", "testdata/kinds")
	keeper := s.as("kinds", "keeper")
	values := everything(s, keeper)
	values["like"] = nil // its mirrors too: the template names it, the record refers to it by then
	values["lines"] = append(values["lines"].([]map[string]any), map[string]any{"item": "Grip", "count": 1})
	want := keeper.post("/forms/thing/records", map[string]any{"values": values}).is(nethttp.StatusCreated)
	part, _ := values["parts"].([]string)

	filled := keeper.template("thing")
	for field, choices := range map[string][]string{
		"sealed": {"yes", "no"}, "tier": {"A", "B"}, "colours": {"red", "blue"}, "path": {"Tools", "Tools / saws"}, "parts": {"Blade"},
		"who": {"helper", "keeper", "viewer"}, "units": {"Sales"}, "zone": {"East"}, "like": {"Like", "Saw"}, "name": nil, "region": nil,
	} {
		if field == "who" {
			choices = choices[1:] // nobody has the third role
		}
		if got := filled.chosen("", field); !slices.Equal(got, choices) {
			t.Errorf("%s is chosen from %q, want %q", field, got, choices)
		}
	}
	filled.fill("", 2, map[string]any{
		"": "first", "name": "Saw", "story": "one\ntwo", "whole": 7, "exact": 1.25, "price": 1234.5, "yen": 900, "rate": 12.5, "sealed": "no",
		"tier": "A", "colours": "red", "path": "Tools / saws", "stage": "open", "tags": "new", "day": time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		"moment": "2026-03-01 16:00", "phone": "13800000001", "email": "saw@example.com", "site": "https://example.com/saw",
		"who": "keeper", "crew": "keeper", "unit": "Sales", "zone": "East", "parts": "Blade", "region": "310101",
		"address.region": "310101", "address.detail": "1 Bund", "address.postcode": "200001", "stars": 7, "clock": "09:30", "spell": "1:30",
		"card": "11010519491231002X", "units": "Sales", "notes": "# Saw\n\n*sharp*", "page": "<p>A <strong>saw</strong></p>", "extra": `{"a":[1.50,null]}`,
		"period": "2026-03-01 / 2026-03-31", "about": "part:" + part[0], "bound": "part:" + part[0], "follows": "part:" + part[0],
	})
	filled.fill("lines", 2, map[string]any{
		"": "first", "item": "Blade", "count": 2, "price": 3.5, "day": "2026-03-02", "choice": "b", "part": "Blade", "who": "keeper", "sure": "yes",
	})
	filled.fill("lines", 3, map[string]any{"": "first", "item": "Grip", "count": 1})
	filled.fill("", 3, map[string]any{"": 2, "name": "Axe", "like": "Saw", "card": nil})

	plan, done := keeper.imported("thing", filled.brought(keeper))
	if plan["mode"] != "create" || done.at("report", "counts", "made") != 2.0 {
		t.Fatalf("%v: %s", plan, done.raw)
	}
	page := keeper.get("/forms/thing/records").is(nethttp.StatusOK)
	records, _ := page.at("records").([]any)
	byName := map[any]map[string]any{}
	for _, one := range records {
		record, _ := one.(map[string]any)
		shown, _ := record["values"].(map[string]any)
		if record["id"] != want.id() {
			byName[shown["name"]] = shown
		}
	}
	shown, _ := want.at("values").(map[string]any)
	got := byName["Saw"]
	for key, v := range shown {
		switch key {
		case "code", "papers", "photo", "hand":
			continue // numbers are given, and no cell holds a file
		}
		if !reflect.DeepEqual(plain(got[key]), plain(v)) {
			t.Errorf("%s is %v, want %v", key, got[key], v)
		}
	}
	if like, _ := byName["Axe"]["like"].(map[string]any); like["id"] != want.id() {
		t.Errorf("the axe is like %v", byName["Axe"])
	}
}

// plain is a value without what only one record has: the ids of rows, and their files.
func plain(v any) any {
	rows, ok := v.([]any)
	if !ok {
		return v
	}
	out := make([]any, len(rows))
	for n, one := range rows {
		row, ok := one.(map[string]any)
		if !ok || row["item"] == nil {
			out[n] = one
			continue
		}
		bare := map[string]any{}
		for key, cell := range row {
			if key != "id" && key != "scan" {
				bare[key] = cell
			}
		}
		out[n] = bare
	}
	return out
}

// TestATemplateIsUnderstoodInWhateverLanguageItWasMade fills one in Chinese and lets it be imported in English, and
// back, and after somebody has moved its columns about.
func TestATemplateIsUnderstoodInWhateverLanguageItWasMade(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	keeper.create(map[string]any{"name": "Chest"}).is(nethttp.StatusCreated)
	zh, en := keeper.with("Accept-Language", "zh-CN"), keeper.with("Accept-Language", "en")
	var plans []any
	for n, way := range []struct {
		made, read *caller
		tool       string
		names      map[string]string
	}{
		{zh, en, "工具", map[string]string{"": "序号", "name": "名称 *", "phone": "电话", "part": "属于"}},
		{en, zh, "Tool", map[string]string{"": "No.", "name": "Name *", "phone": "Phone", "part": "Part of"}},
	} {
		filled := way.made.template("asset")
		for field, name := range way.names {
			if got := filled.name("", field); got != name {
				t.Errorf("the column of %q is called %q, want %q", field, got, name)
			}
		}
		if got := filled.chosen("", "kind"); !slices.Contains(got, way.tool) {
			t.Errorf("kinds are chosen from %q", got)
		}
		if got := filled.name("lines", "title"); !strings.HasSuffix(got, " *") {
			t.Errorf("what each line needs is called %q", got)
		}
		phone := "+49 30 0123456" + string(rune('0'+n))
		filled.fill("", 2, map[string]any{"": n, "name": "Saw", "phone": phone, "serial": "00042", "kind": way.tool, "part": "Chest"})
		filled.fill("lines", 2, map[string]any{"": n, "title": "Grip", "quantity": 3})
		plan, done := way.read.imported("asset", filled.brought(keeper))
		if done.at("report", "counts", "made") != 1.0 {
			t.Fatal(done.raw)
		}
		columns, _ := plan["columns"].([]any)
		var fields []any
		for _, one := range columns {
			column, _ := one.(map[string]any)
			fields = append(fields, column["field"], column["by"])
		}
		plans = append(plans, fields)
		// Some programs leave out what they do not show: then names alone must do, in the same language or another.
		must(t, filled.file.DeleteSheet(intake.ToldSheet))
		filled.fill("", 2, map[string]any{"name": "Bare", "phone": phone + "9"})
		bare, done := way.read.imported("asset", filled.brought(keeper))
		if bare["mode"] != "create" || bare["tables"] == nil || done.at("report", "counts", "made") != 1.0 {
			t.Errorf("without what it says of itself: %v %s", bare, done.raw)
		}
		found := keeper.get("/forms/asset/records?q=Saw&limit=1&sort=-createdAt").is(nethttp.StatusOK)
		records, _ := found.at("records").([]any)
		record, _ := records[0].(map[string]any)
		shown, _ := record["values"].(map[string]any)
		lines, _ := shown["lines"].([]any)
		part, _ := shown["part"].(map[string]any)
		if shown["serial"] != "00042" || shown["kind"] != "tool" || part["title"] != "Chest" || len(lines) != 1 || shown["pieces"] != 3.0 {
			t.Errorf("made of it: %v", shown)
		}
	}
	if !reflect.DeepEqual(plans[0], plans[1]) {
		t.Errorf("two languages, two plans:\n%v\n%v", plans[0], plans[1])
	}
}

// TestATemplateHasOnlyWhatItsReaderMaySet asks for one with fewer rights, and with none.
func TestATemplateHasOnlyWhatItsReaderMaySet(t *testing.T) {
	s := newSite(t)
	s.furnishWith("kinds", "testdata/kinds")
	all, some := s.as("kinds", "keeper").template("thing"), s.hire("kinds", "helper").template("thing")
	for _, field := range []string{"story", "phone", "email", "whole"} {
		_, whole := all.place("", field)
		_, part := some.place("", field)
		if whole == 0 || (part == 0) != (field != "whole") {
			t.Errorf("%s: column %d of all, %d of some", field, whole, part)
		}
	}
	// What is computed, numbered, read only or a file is nobody's to fill in.
	for _, field := range []string{"code", "total", "says", "count", "likeName", "papers", "photo", "hand", "days"} {
		if _, column := all.place("", field); column > 0 {
			t.Errorf("%s is to be filled", field)
		}
	}
	if _, column := some.place("lines", "item"); column > 0 {
		t.Error("the rows that a helper may not set are to be filled")
	}
	for _, m := range []*template{all, some} {
		var raw bytes.Buffer
		must(t, m.file.Write(&raw))
		for _, row := range m.told {
			if note := m.note(row[2], append(slices.Clone(row), "", "")[4]); note == "" || strings.Contains(note, "templateKind") {
				t.Errorf("the note of %q is %q", row, note)
			}
		}
	}
	if names := strings.Join(some.file.GetSheetList(), " "); strings.Contains(names, "Lines") {
		t.Errorf("the sheets of a helper are %s", names)
	}
	// What a reader may not choose from is not listed: a helper may not read parts.
	if got := some.chosen("", "parts"); got != nil {
		t.Errorf("a helper chooses from %q", got)
	}
	if note := all.note("", "day"); !strings.Contains(note, "2000-01-01") {
		t.Errorf("the limits of a day are not told: %q", note)
	}
	s.as("kinds", "viewer").get("/forms/thing/import-template").problem(nethttp.StatusForbidden, "record.mayNotCreate")
	s.as("kinds", "viewer").get("/forms/part/import-template").problem(nethttp.StatusNotFound, "form.unknown")
	s.as("kinds", "keeper").get("/forms/nothing/import-template").problem(nethttp.StatusNotFound, "form.unknown")
}

// TestWhatAFileSaysOfItsColumnsIsNotBelieved has templates that name fields of others' and none.
func TestWhatAFileSaysOfItsColumnsIsNotBelieved(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	for name, row := range map[string][]string{
		"a computed field": {"asset", "Asset", "", "Phone", "pieces", ""}, "no field": {"asset", "Asset", "", "Phone", "nothing", ""},
		"a reference by a field there is none of": {"asset", "Asset", "", "Phone", "part", "colour"},
		"a part of what has none":                 {"asset", "Asset", "", "Phone", "serial.detail", ""}, "of another form": {"boat", "Asset", "", "Phone", "serial", ""}, "too many cells": {"asset", "Asset", "", "Phone", "serial", "", "x"},
	} {
		f := excelize.NewFile()
		must(t, f.SetSheetName("Sheet1", "Asset"))
		for cell, v := range map[string]string{"A1": "Name", "B1": "Phone", "A2": "Saw", "B2": "13800000009"} {
			must(t, f.SetCellValue("Asset", cell, v))
		}
		_, err := f.NewSheet(intake.ToldSheet)
		must(t, err)
		must(t, f.SetSheetRow(intake.ToldSheet, "A1", &row))
		must(t, f.SetSheetVisible(intake.ToldSheet, false, true))
		file := (&template{t: t, file: f}).brought(keeper)
		must(t, f.Close())
		seen := keeper.post("/forms/asset/import/look", map[string]any{"file": file}).is(nethttp.StatusOK)
		if strings.Contains(seen.raw, `"pieces"`) || strings.Contains(seen.raw, `"nothing"`) || strings.Contains(seen.raw, `"serial"`) {
			t.Errorf("%s: %s", name, seen.raw)
		}
		if name == "of another form" && !strings.Contains(seen.raw, `"field":"phone"`) {
			t.Errorf("%s: not guessed: %s", name, seen.raw)
		}
	}
}
