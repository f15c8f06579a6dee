package catalog_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

var (
	shanghai = time.FixedZone("UTC+8", 8*3600)
	now      = time.Date(2026, 3, 31, 20, 0, 0, 0, time.UTC) // 1 April in Shanghai
)

// bundle is the sample app of testdata/assets, with some files replaced; an empty text takes one away.
func bundle(t testing.TB, replaced map[string]string) catalog.Bundle {
	t.Helper()
	b, err := catalog.LoadFS(os.DirFS("testdata/assets"))
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range replaced {
		if b[path] = []byte(text); text == "" {
			delete(b, path)
		}
	}
	return b
}

func compiled(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, issues := catalog.Compile(bundle(t, nil))
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	return c
}

func asset(t testing.TB) *catalog.Form {
	t.Helper()
	return compiled(t).Forms["asset"]
}

// kim acts: a keeper in unit "east" and zone "z1".
func ctx() expr.Context {
	return expr.Context{Now: now, Zone: shanghai, Actor: value.Actor{User: "kim", Unit: "east", Roles: []string{"keeper"}, Locale: "en"}}
}

func people(t testing.TB) *org.Snapshot {
	t.Helper()
	s, err := org.NewSnapshot(1,
		[]org.User{{ID: "kim", Username: "kim", Unit: "east", Active: true}, {ID: "lee", Username: "lee", Active: true}},
		[]org.Unit{{ID: "top", Name: map[string]string{"en": "Top"}}, {ID: "east", Name: map[string]string{"en": "East"}, Parent: "top"}},
		[]org.Zone{{ID: "z1", Key: "north", Name: map[string]string{"en": "North"}}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// object decodes JSON as requests are.
func object(t testing.TB, text string) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var out map[string]any
	if err := decoder.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// saved runs values as sent through the steps of a save, and returns them with every issue.
func saved(t testing.TB, form *catalog.Form, text string) (value.Doc, fault.Issues) {
	t.Helper()
	doc, issues := form.DecodeValues(object(t, text))
	doc, _ = value.Normal(doc).(value.Doc)
	if doc == nil {
		doc = value.Doc{}
	}
	issues = append(issues, form.Defaults(doc, ctx())...)
	issues = append(issues, form.Compute(doc, ctx())...)
	return doc, append(issues, form.Validate(doc, nil, ctx())...)
}

// said writes issues one a line: place and code.
func said(issues fault.Issues) string {
	lines := make([]string, len(issues))
	for n, i := range issues {
		lines[n] = i.Path + " " + i.Code
		if i.File != "" {
			lines[n] = i.Error()
		}
	}
	return strings.Join(lines, "\n")
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// contains tells whether a line stands in a text of lines.
func contains(text, line string) bool { return slices.Contains(strings.Split(text, "\n"), line) }
