package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnOperatorImportsTheDaysOfAYear(t *testing.T) {
	folder := t.TempDir()
	does(t, "tenant", "create", "--store", folder, "acme")
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	in := func(verb string, more ...string) []string {
		return append([]string{"calendar", verb, "--store", folder, "--tenant", "acme"}, more...)
	}
	if shown := does(t, in("show")...); !strings.Contains(shown, "2026-02-14,work,") || strings.Contains(shown, "2027-") {
		t.Errorf("%s", shown)
	}
	does(t, in("import", file("2027.csv", "date,kind,name\n2027-01-01,off,元旦\n"))...)
	does(t, in("import", file("2027.json", `{"days": [{"date": "2027-01-04", "kind": "off", "name": "a"}, {"date": "2027-01-09", "kind": "work", "name": "b"}]}`))...)
	shown := does(t, in("show")...)
	if !strings.Contains(shown, "2027-01-04,off,a\n2027-01-09,work,b\n") || strings.Contains(shown, "2027-01-01") {
		t.Errorf("%s", shown)
	}
	fails(t, 1, "calendar.date", in("import", file("bad.csv", "date,kind,name\n2027-02-30,off,x\n"))...)
	fails(t, 1, "calendar.malformed", in("import", file("bad.json", `{"weekend": [7], "days": []}`))...)
	fails(t, 1, "file.notFound", in("import", filepath.Join(folder, "none.csv"))...)
	fails(t, 2, "calendar show", in("drop")...)
}
