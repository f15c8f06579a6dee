package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTemplateWritesAWorkbookThatImportKnows(t *testing.T) {
	folder, args := importing(t)
	path := filepath.Join(t.TempDir(), "orders.xlsx")
	template := []string{"template", "--store", folder, "--tenant", "acme", "--locale", "zh-CN", "--form"}
	does(t, append(template, "salesOrder", path)...)
	if out := does(t, args("salesOrder", path)...); out != "0 records of salesOrder made, 0 refused\n" {
		t.Errorf("imported as it is, it makes %s", out)
	}
	fails(t, 1, "file exists", append(template, "salesOrder", path)...)
	other := filepath.Join(t.TempDir(), "nothing.xlsx")
	fails(t, 1, "form", append(template, "nothing", other)...)
	if _, err := os.Stat(other); !os.IsNotExist(err) {
		t.Errorf("of what failed, this is left: %v", err)
	}
	fails(t, 2, "template --tenant", template...)
}
