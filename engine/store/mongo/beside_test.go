package mongo_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEachFileStandsBesideOneOfTheOtherStore holds that the two stores can be read beside each other: a file has one of
// its name in the other package, or its own package's comment says what it is there for.
func TestEachFileStandsBesideOneOfTheOtherStore(t *testing.T) {
	for _, pair := range [][2]string{{".", "../sqlite"}, {"../sqlite", "."}} {
		here, other := sources(t, pair[0]), sources(t, pair[1])
		if len(here) < 20 {
			t.Fatalf("%s has %d files", pair[0], len(here))
		}
		explained := filesNamed(t, pair[0])
		for name := range here {
			if !other[name] && !explained[name] {
				t.Errorf("%s has %s, %s has not, and no package comment says why", pair[0], name, pair[1])
			}
		}
		for name := range explained {
			if !here[name] && !other[name] {
				t.Errorf("the comment of %s names %s, which is in neither store", pair[0], name)
			}
		}
	}
}

// sources are a package's files, but for tests.
func sources(t *testing.T, folder string) map[string]bool {
	t.Helper()
	entries, err := os.ReadDir(folder)
	must(t, err)
	out := map[string]bool{}
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			out[name] = true
		}
	}
	return out
}

var fileName = regexp.MustCompile(`\b[a-z_]+\.go\b`)

// filesNamed are those that a package's comment names.
func filesNamed(t *testing.T, folder string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for name := range sources(t, folder) {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, name), nil, parser.ParseComments|parser.PackageClauseOnly)
		must(t, err)
		for _, named := range fileName.FindAllString(file.Doc.Text(), -1) {
			out[named] = true
		}
	}
	return out
}
