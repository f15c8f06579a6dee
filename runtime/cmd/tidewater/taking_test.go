package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"tidewater/engine/grid"
	"tidewater/runtime/sheet"
)

// formSeen is what the catalog says of a form.
type formSeen struct {
	Key    string
	Title  string
	Label  map[string]string
	Rights struct{ Export bool }
	Fields []fieldSeen
}

type fieldSeen struct {
	Key        string
	Definition definition
}

type definition struct {
	Kind    string            `json:"x-field"`
	Label   map[string]string `json:"x-label"`
	Options []struct {
		Value string
		Label map[string]string
	} `json:"x-options"`
	Properties map[string]definition
}

func (f formSeen) kind(field string) string {
	for _, one := range f.Fields {
		if one.Key == field {
			return one.Definition.Kind
		}
	}
	return map[string]string{"createdAt": "datetime"}[field]
}

// row is a record, or a row of a table with its record's values beside it: texts by field, "lines.product" of
// tables. Options are their values, references their titles; what is empty is "".
type row map[string]string

// taken is all that somebody can take out of a form: its records, and the rows of its tables.
type taken struct {
	records []row
	tables  map[string][]row
}

func (v *viewer) rows(form, table string) []row {
	v.t.Helper()
	all, ok := v.taken[form]
	if !ok {
		if v.forms[form].Rights.Export {
			all = v.exported(v.forms[form])
		} else {
			all = v.listed(v.forms[form])
		}
		v.taken[form] = all
	}
	if table != "" {
		return all.tables[table]
	}
	return all.records
}

// listed takes what lists show, for who may not export.
func (v *viewer) listed(form formSeen) taken {
	v.t.Helper()
	out := taken{tables: map[string][]row{}}
	var page struct {
		Records []struct {
			CreatedAt time.Time
			Values    map[string]any
		}
		Next string
	}
	v.ask("/forms/"+form.Key+"/query", map[string]any{"limit": 500}, &page)
	if page.Next != "" {
		v.t.Fatalf("more than a page of %s", form.Key)
	}
	for _, record := range page.Records {
		one := row{"createdAt": record.CreatedAt.In(v.zone).Format(time.RFC3339)}
		for _, field := range form.Fields {
			if field.Definition.Kind != "table" {
				one[field.Key] = v.dated(field.Definition, plain(record.Values[field.Key]))
			}
		}
		out.records = append(out.records, one)
		for _, field := range form.Fields {
			rows, _ := record.Values[field.Key].([]any)
			if field.Definition.Kind != "table" {
				continue
			}
			for _, cells := range rows {
				inner := maps.Clone(one)
				for key, def := range field.Definition.Properties {
					cell, _ := cells.(map[string]any)
					inner[field.Key+"."+key] = v.dated(def, plain(cell[key]))
				}
				out.tables[field.Key] = append(out.tables[field.Key], inner)
			}
		}
	}
	return out
}

// dated puts an instant into the tenant's zone.
func (v *viewer) dated(def definition, text string) string {
	if def.Kind != "datetime" || text == "" {
		return text
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		v.t.Fatal(err)
	}
	return at.In(v.zone).Format(time.RFC3339)
}

// plain is a value of the wire as a text.
func plain(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case map[string]any:
		if title, ok := value["title"].(string); ok {
			return title
		}
		return fmt.Sprint(value["id"])
	}
	return fmt.Sprint(value)
}

// exported takes a workbook with all that somebody may export.
func (v *viewer) exported(form formSeen) taken {
	v.t.Helper()
	var job struct {
		ID, State, Result string
	}
	status, err := call(v.t.Context(), http.MethodPost, v.address+"/api/v1/forms/"+form.Key+"/export", v.token, "", map[string]any{"format": "xlsx"}, &job)
	if err != nil || status != http.StatusAccepted {
		v.t.Fatalf("%s may not export %s: %d %v", v.name, form.Key, status, err)
	}
	for job.State != "done" {
		if job.State == "failed" || v.t.Context().Err() != nil {
			v.t.Fatalf("the export of %s: %+v", form.Key, job)
		}
		v.ask("/jobs/"+job.ID, nil, &job)
	}
	book := v.fetched("/files/" + job.Result)
	out := taken{tables: map[string][]row{}}
	byTitle := map[string]row{}
	for _, cells := range v.sheet(book, "") {
		one := row{}
		for _, field := range form.Fields {
			one[field.Key] = field.Definition.read(cells[field.Definition.Label["en"]])
		}
		out.records = append(out.records, one)
		byTitle[one[form.Title]] = one
	}
	for _, field := range form.Fields {
		if field.Definition.Kind != "table" {
			continue
		}
		for _, cells := range v.sheet(book, field.Definition.Label["en"]) {
			inner := maps.Clone(byTitle[cells[form.Label["en"]]])
			for key, def := range field.Definition.Properties {
				inner[field.Key+"."+key] = def.read(cells[def.Label["en"]])
			}
			out.tables[field.Key] = append(out.tables[field.Key], inner)
		}
	}
	return out
}

// read is what a cell of an export means.
func (d definition) read(cell string) string {
	if d.Kind == "boolean" {
		return map[string]string{"yes": "true", "no": "false"}[strings.ToLower(cell)]
	}
	for _, option := range d.Options {
		if option.Label["en"] == cell {
			return option.Value
		}
	}
	return cell
}

func (v *viewer) sheet(book []byte, name string) (out []map[string]string) {
	v.t.Helper()
	reader, _, err := sheet.Files{}.Open(v.t.Context(), grid.File{Size: int64(len(book)), At: bytes.NewReader(book)}, grid.Choice{Sheet: name})
	if err != nil {
		v.t.Fatal(err)
	}
	var names []string
	for {
		line, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			v.t.Fatal(err)
		}
		if names == nil {
			names = line.Cells
			continue
		}
		one := map[string]string{}
		for n, name := range names {
			one[name] = line.Cell(n)
		}
		out = append(out, one)
	}
}

func (v *viewer) fetched(path string) []byte {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.address+"/api/v1"+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+v.token)
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		v.t.Fatalf("%s: %d %v", path, answer.StatusCode, err)
	}
	return data
}

// titled is the name of a zone by its id, and any other text as it is.
func (v *viewer) titled(text string) string {
	if !strings.Contains(text, "-") && len(text) < 20 {
		return text
	}
	var zone struct{ Values struct{ Name string } }
	v.ask("/forms/zone/records/"+text, nil, &zone)
	return zone.Values.Name
}
