package http_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// badInput is a file as people bring them, and what has to become of it.
type badInput struct {
	name  string
	data  string           // csv; "" for one of cells
	xlsx  string           // rows of a sheet, and behind a line of "---" what stands behind them
	by    string           // the field by which parts are found
	mode  string           // where it is not the one suggested
	made  []map[string]any // the records, in the order of their rows
	wrong []string         // row, column and code of each flaw
}

func badInputs() []badInput {
	saw := map[string]any{"name": "Saw"}
	return []badInput{
		{name: "two headers of one name", data: "Name,Serial number,Serial number\nSaw,first,second\n", made: []map[string]any{{"name": "Saw", "serial": "first"}}},
		{name: "dates in five shapes and as a number", data: "Name,Bought\na,2026-03-31\nb,2026/3/31\nc,2026年3月31日\nd,31-Mar-2026\ne,20260331\nf,46112\ng,2026-02-30\n",
			made: dated("a", "b", "c", "d", "e", "f"), wrong: []string{"8 Bought field.date"}},
		{name: "leading zeros", data: "Name,Serial number,Price\nSaw,007,007.50\n", made: []map[string]any{{"name": "Saw", "serial": "007", "price": "7.50"}}},
		{name: "thousands, yuan and 万", data: "Name,Price\na,\"1,234.50\"\nb,¥1234.5\nc,￥ 99元\nd,1.5万\ne,\"12,34\"\n",
			made:  []map[string]any{{"name": "a", "price": "1234.50"}, {"name": "b", "price": "1234.50"}, {"name": "c", "price": "99.00"}, {"name": "d", "price": "15000.00"}},
			wrong: []string{"6 Price field.number"}},
		{name: "blanks around values", data: "Name , Kind\n  Saw  , tool \n Drill\u3000,\u00a0Book\t\n", made: []map[string]any{{"name": "Saw", "kind": "tool"}, {"name": "Drill", "kind": "book"}}},
		{name: "full-width digits", data: "Name,Phone,Price,Bought\nSaw,１３８００１３８０００,１２．５,２０２６-０３-３１\n",
			made: []map[string]any{{"name": "Saw", "phone": "13800138000", "price": "12.50", "bought": "2026-03-31"}}},
		{name: "line ends of both sorts", data: "Name,Kind\r\nSaw,tool\nDrill,\"book\"\r\nLamp,tool\n\r\nNail,tool\r\n",
			made: []map[string]any{{"name": "Saw", "kind": "tool"}, {"name": "Drill", "kind": "book"}, {"name": "Lamp", "kind": "tool"}, {"name": "Nail", "kind": "tool"}}},
		{name: "an id that became a float", data: "Name,Serial number\na,3.10101E+17\nb,310101199001011234\n",
			made: []map[string]any{{"name": "b", "serial": "310101199001011234"}}, wrong: []string{"2 Serial number import.digitsLost"}},
		{name: "a unique value twice", data: "Name,Phone\na,13800138000\nb,138 0013 8000\nc,13900139000\n",
			made: []map[string]any{{"name": "a"}, {"name": "c"}}, mode: "create", wrong: []string{"3 Phone unique.taken"}},
		{name: "rows that refer to rows", by: "serial", data: "Name,Serial number,Part of\nblade,s1,s3\nscrew,s2,s1\nsaw,s3,\nnail,s4,s9\n",
			made: []map[string]any{{"name": "blade"}, {"name": "screw"}, {"name": "saw"}}, wrong: []string{"5 Part of field.reference"}},
		{name: "one broken row", data: "Name,Kind\nSaw,tool\nDr\"ill,tool\nLamp,tool\n", made: []map[string]any{{"name": "Saw"}, {"name": "Lamp"}}, wrong: []string{"3  import.line"}},
		{name: "cells beside the table", data: "Name,Kind\nSaw,tool,5\n", wrong: []string{"2  import.tooManyCells"}},

		{name: "an id that became a float, in a workbook", xlsx: cells("Name", "Serial number") + `<row><c t="inlineStr"><is><t>a</t></is></c><c><v>3.1010119900101123E+17</v></c></row>`,
			wrong: []string{"2 Serial number import.digitsLost"}},
		{name: "formulas", xlsx: cells("Name", "Price") + `<row><c t="inlineStr"><is><t>a</t></is></c><c><f>1+1</f><v>2</v></c></row>` +
			`<row><c t="inlineStr"><is><t>b</t></is></c><c><f>1+1</f></c></row><row><c t="inlineStr"><is><t>c</t></is></c><c t="e"><v>#N/A</v></c></row>`,
			made: []map[string]any{{"name": "a", "price": "2.00"}}, wrong: []string{"3 Price import.formula", "4 Price import.errorCell"}},
		{name: "merged cells", xlsx: cells("Kind", "Name") + `<row r="2"><c r="A2" t="inlineStr"><is><t>tool</t></is></c><c r="B2" t="inlineStr"><is><t>a</t></is></c></row>` +
			`<row r="3"><c r="B3" t="inlineStr"><is><t>b</t></is></c></row>---<mergeCells><mergeCell ref="A2:A3"/></mergeCells>`,
			made: []map[string]any{{"name": "a", "kind": "tool"}, {"name": "b", "kind": "tool"}}},
		{name: "formatted rows without anything", xlsx: cells("Name") + cells("Saw") + strings.Repeat(`<row s="1"><c s="1"/></row>`, 50_000), made: []map[string]any{saw}},
	}
}

func dated(names ...string) (out []map[string]any) {
	for _, name := range names {
		out = append(out, map[string]any{"name": name, "bought": "2026-03-31"})
	}
	return out
}

// cells is a row of a sheet.
func cells(texts ...string) string {
	row := "<row>"
	for _, text := range texts {
		row += `<c t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	return row + "</row>"
}

// workbook is a file of one sheet, made by hand, for what no library writes.
func workbook(t *testing.T, sheet string) string {
	t.Helper()
	rows, behind, _ := strings.Cut(sheet, "---")
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"xl/workbook.xml", `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Target="/xl/worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<worksheet><sheetData>` + rows + `</sheetData>` + behind + `</worksheet>`},
	} {
		w, err := z.Create(part[0])
		must(t, err)
		_, err = io.WriteString(w, part[1])
		must(t, err)
	}
	must(t, z.Close())
	return out.String()
}

// TestBadInputOfImports brings what people bring: each row becomes what it says, or is refused at its cell.
func TestBadInputOfImports(t *testing.T) {
	for _, one := range badInputs() {
		t.Run(one.name, func(t *testing.T) {
			s := newSite(t)
			keeper := s.as("one", "keeper")
			file, data := "bad.csv", one.data
			if one.xlsx != "" {
				file, data = "bad.xlsx", workbook(t, one.xlsx)
			}
			id := keeper.with("Content-Type", "application/octet-stream").post("/files?for=import&name="+file, data).is(201).id()
			// The columns by their guesses, as a person would send them on.
			request, ok := keeper.post("/forms/asset/import/look", map[string]any{"file": id}).is(200).at("request").(map[string]any)
			if !ok {
				t.Fatal("no request is suggested")
			}
			plan, _ := request["plan"].(map[string]any)
			if one.mode != "" {
				plan["mode"] = one.mode
				delete(plan, "key")
			}
			columns, _ := plan["columns"].([]any)
			for _, column := range columns {
				column, _ := column.(map[string]any)
				if column["field"] == "part" && one.by != "" {
					column["by"] = one.by
				}
			}
			began := keeper.post("/forms/asset/import", request).is(202)
			done := keeper.ended(began.header.Get("Location"))
			if done.at("state") != "done" {
				t.Fatalf("%s", done.raw)
			}
			rows, _ := keeper.get("/jobs/" + began.id() + "/rows").is(200).at("rows").([]any)
			holdRows(t, keeper, one, rows)
		})
	}
}

func holdRows(t *testing.T, keeper *caller, one badInput, rows []any) {
	t.Helper()
	made, wrong := map[float64]string{}, []string{}
	for _, row := range rows {
		row, _ := row.(map[string]any)
		number, _ := row["row"].(float64)
		if id, ok := row["id"].(string); ok {
			made[number] = id
		}
		flaws, _ := row["errors"].([]any)
		for _, flaw := range flaws {
			flaw, _ := flaw.(map[string]any)
			cell, _ := flaw["cell"].(map[string]any)
			column, _ := cell["column"].(string)
			wrong = append(wrong, fmt.Sprintf("%v %s %v", number, column, flaw["code"]))
		}
	}
	if fmt.Sprint(wrong) != fmt.Sprint(one.wrong) && len(wrong)+len(one.wrong) > 0 {
		t.Errorf("flaws %q, want %q", wrong, one.wrong)
	}
	if len(made) != len(one.made) {
		t.Fatalf("%d records made, want %d", len(made), len(one.made))
	}
	next := 0
	for number := 1.0; next < len(one.made); number++ {
		id, ok := made[number]
		if !ok {
			continue
		}
		got := keeper.get("/forms/asset/records/" + id).is(200)
		for field, want := range one.made[next] {
			if have := got.at("values", field); have != want {
				t.Errorf("row %v: %s is %q, want %q", number, field, have, want)
			}
		}
		next++
	}
}
