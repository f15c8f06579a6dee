package engine_test

import (
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestHouseBites feeds made-up sources to the same checks and expects exactly the faults named: each
// is a part of one message, in the order of the messages; none means that the sources are fine.
func TestHouseBites(t *testing.T) {
	for _, c := range biteCases {
		t.Run(c.name, func(t *testing.T) {
			faults := checkAll(house, parseAll(t, c.files))
			if len(faults) != len(c.want) {
				t.Fatalf("want %d faults, have %d: %q", len(c.want), len(faults), faults)
			}
			for i, want := range c.want {
				if !strings.Contains(faults[i], want) {
					t.Errorf("want a fault with %q, have %q", want, faults[i])
				}
			}
		})
	}
}

func parseAll(t *testing.T, files map[string]string) []source {
	t.Helper()
	set := token.NewFileSet()
	var sources []source
	for _, name := range slices.Sorted(maps.Keys(files)) {
		s, err := parseSource(set, name, files[name])
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, s)
	}
	return sources
}

// biteCase is one small tree of sources (path → text) and what is wrong with it.
type biteCase struct {
	name  string
	files map[string]string
	want  []string
}

// one is a tree of a single file.
func one(path, text string) map[string]string { return map[string]string{path: text} }

var biteCases = []biteCase{
	// The map and the directions of import.
	{"a package that imports downward is fine", one("engine/record/create.go",
		"package record\nimport (\n\"time\"\n\"tidewater/engine/catalog\"\n\"tidewater/engine/store\"\n)"), nil},
	{"a package not in the map", one("engine/magic/magic.go", "package magic"),
		[]string{"engine/magic: not in the map"}},
	{"a package at the root", one("main.go", "package main"),
		[]string{".: not in the map"}},
	{"an import of what is not in the map", one("engine/record/a.go", "package record\nimport \"tidewater/engine/magic\""),
		[]string{"imports engine/magic, which is not in the map"}},
	{"record imports pool", one("engine/record/a.go", "package record\nimport \"tidewater/engine/pool\""),
		[]string{"engine/record/a.go:2: engine/record imports engine/pool, which stands below"}},
	{"record imports flow and job", one("engine/record/a.go", "package record\nimport (\n\"tidewater/engine/flow\"\n\"tidewater/engine/job\"\n)"),
		[]string{"imports engine/flow", "imports engine/job"}},
	{"catalog imports access", one("engine/catalog/a.go", "package catalog\nimport \"tidewater/engine/access\""),
		[]string{"engine/catalog imports engine/access, which stands below"}},
	{"the port imports catalog and access", one("engine/store/a.go", "package store\nimport (\n\"tidewater/engine/access\"\n\"tidewater/engine/catalog\"\n)"),
		[]string{"engine/store imports engine/access, which stands below it", "engine/store imports engine/catalog, which stands below it"}},
	{"a store imports catalog", one("engine/store/sqlite/a.go", "package sqlite\nimport \"tidewater/engine/catalog\""),
		[]string{"engine/store/sqlite may not import engine/catalog"}},
	{"a store imports its port and the suite", one("engine/store/sqlite/a_test.go", "package sqlite\nimport (\n\"tidewater/engine/store\"\n\"tidewater/engine/store/storetest\"\n)"), nil},
	{"the engine imports the runtime", one("engine/job/a.go", "package job\nimport \"tidewater/runtime/egress\""),
		[]string{"the engine imports runtime/egress"}},
	{"the engine imports admin", one("engine/engine.go", "package engine\nimport \"tidewater/admin/http\""),
		[]string{"the engine imports admin/http"}},
	{"the engine imports the apps, in an outside test", one("engine/publish/a_test.go", "package publish_test\nimport \"tidewater/builtin-apps\""),
		[]string{"the engine imports builtin-apps"}},
	{"the engine imports the schemas", one("engine/catalog/a.go", "package catalog\nimport \"tidewater/schemas\""), nil},
	{"an outside test imports upwards", one("engine/record/a_test.go", "package record_test\nimport \"tidewater/engine/enginetest\""), nil},
	{"an inside test imports upwards", one("engine/record/a_test.go", "package record\nimport \"tidewater/engine/enginetest\""),
		[]string{"engine/record imports engine/enginetest, which stands below"}},
	{"the apps import the engine", one("builtin-apps/embed.go", "package apps\nimport \"tidewater/engine/meta\""),
		[]string{"builtin-apps may not import engine/meta"}},
	{"the schemas import the engine", one("schemas/embed.go", "package schemas\nimport \"tidewater/engine/fault\""),
		[]string{"schemas imports engine/fault, which stands below"}},
	{"the runtime imports admin", one("runtime/http/a.go", "package http\nimport \"tidewater/admin/http\""),
		[]string{"runtime/http imports admin/http, which stands below"}},
	{"the engine speaks HTTP", one("engine/notify/a.go", "package notify\nimport \"net/http\""),
		[]string{"the engine knows no network, yet imports net/http"}},

	// The one home of each library.
	{"libraries at home", map[string]string{
		"engine/expr/a.go":         "package expr\nimport \"github.com/expr-lang/expr/vm\"",
		"engine/script/a.go":       "package script\nimport lua \"github.com/yuin/gopher-lua\"",
		"engine/catalog/a.go":      "package catalog\nimport \"github.com/santhosh-tekuri/jsonschema/v5\"",
		"engine/store/sqlite/a.go": "package sqlite\nimport _ \"modernc.org/sqlite\"",
		"engine/store/mongo/a.go":  "package mongo\nimport \"go.mongodb.org/mongo-driver/mongo\"",
		"runtime/http/a.go":        "package http\nimport \"github.com/gofiber/fiber/v2\"",
		"admin/http/a.go":          "package http\nimport \"github.com/gofiber/fiber/v2\"",
	}, nil},
	{"expr abroad", one("engine/field/a.go", "package field\nimport \"github.com/expr-lang/expr\""),
		[]string{"github.com/expr-lang/expr lives only in engine/expr"}},
	{"lua abroad, in a test", one("engine/record/a_test.go", "package record\nimport \"github.com/yuin/gopher-lua\""),
		[]string{"lives only in engine/script"}},
	{"jsonschema abroad", one("engine/publish/a.go", "package publish\nimport \"github.com/santhosh-tekuri/jsonschema/v5\""),
		[]string{"lives only in engine/catalog"}},
	{"SQLite abroad", one("runtime/tenant/a.go", "package tenant\nimport \"modernc.org/sqlite/lib\""),
		[]string{"lives only in engine/store/sqlite"}},
	{"MongoDB abroad", one("engine/report/a.go", "package report\nimport \"go.mongodb.org/mongo-driver/bson\""),
		[]string{"lives only in engine/store/mongo"}},
	{"fiber in the engine", one("engine/engine.go", "package engine\nimport \"github.com/gofiber/fiber/v2\""),
		[]string{"github.com/gofiber/fiber/v2 lives only in runtime/http"}},
	{"fiber deep in the runtime", one("runtime/http/wire/a.go", "package wire\nimport \"github.com/valyala/fasthttp\""),
		[]string{"github.com/valyala/fasthttp lives only in"}},

	// Names that say nothing.
	{"a package called util", one("runtime/tenant/a.go", "package util"), []string{"a package called util says nothing"}},
	{"a folder called common", one("engine/common/a.go", "package shared"),
		[]string{"a package called common", "engine/common: not in the map"}},

	// Clock, registries, changing variables.
	{"the wall clock", one("engine/job/a.go", "package job\nimport \"time\"\nfunc f() { _ = time.Now() }"),
		[]string{"engine/job/a.go:3: time.Now: the engine takes its clock from outside"}},
	{"the wall clock, passed on under another name", one("engine/job/a.go", "package job\nimport clock \"time\"\nvar now = clock.Now"),
		[]string{"time.Now"}},
	{"time.Since and time.Until", one("engine/job/a.go", "package job\nimport \"time\"\nfunc f(t time.Time) { _ = time.Since(t)\n_ = time.Until(t) }"),
		[]string{"time.Since", "time.Until"}},
	{"the wall clock in a test and in the runtime", map[string]string{
		"engine/job/a_test.go":  "package job\nimport \"time\"\nvar start = time.Now()",
		"runtime/tenant/now.go": "package tenant\nimport \"time\"\nvar start = time.Now()",
	}, nil},
	{"a method called Now", one("engine/job/a.go", "package job\ntype clock interface{ Now() int }\nfunc f(time clock) { time.Now() }"), nil},
	{"func init", one("engine/field/a.go", "package field\nfunc init() {}"), []string{"engine/field/a.go:2: func init"}},
	{"a method called init", one("engine/field/a.go", "package field\ntype t int\nfunc (t) init() {}"), nil},
	{"a variable assigned in another file, from a foreign call", map[string]string{
		"engine/field/a.go": "package field\nvar kinds = []string{}",
		"engine/field/b.go": "package field\nimport \"tidewater/engine/meta\"\nfunc f() { kinds = meta.All() }",
	}, []string{"engine/field/b.go:3: package variable kinds changes"}},
	{"a variable changed in each other way", one("engine/field/a.go", `package field
var n int
var m = map[string]int{}
var p = &struct{ x int }{}
func f() {
	n++
	n += 2
	m["a"] = 1
	p.x = 1
	*p = struct{ x int }{}
	delete(m, "a")
	for n = range 3 {
	}
}`), []string{"a.go:10: package variable p", "a.go:11: package variable m", "a.go:12: package variable n",
		"a.go:6: package variable n", "a.go:7: package variable n", "a.go:8: package variable m", "a.go:9: package variable p"}},
	{"another package's variable", one("engine/field/a.go", "package field\nimport \"tidewater/engine/text\"\nfunc f() { text.Fold = nil }"),
		[]string{"package variable text.Fold changes"}},
	{"locals that shadow, fields, constants and tests", map[string]string{
		"engine/field/a.go": `package field
var n, kinds = 1, []int{1}
func f(kinds []int) { n := 2; n++; kinds[0] = 3 }
func g() { for n := range kinds { n++ }; var x struct{ n int }; x.n = 1 }`,
		"engine/field/a_test.go": "package field\nfunc h() { n = 3 }",
	}, nil},
	{"a lock and a counter for all", one("runtime/tenant/a.go", "package tenant\nimport (\n\"sync\"\n\"sync/atomic\"\n)\nvar mu sync.Mutex\nvar hits atomic.Int64"),
		[]string{"package variable mu is a sync.Mutex", "package variable hits is a atomic.Int64"}},

	// One app's words.
	{"plain English and the glossary", one("engine/query/a.go", `package query
// A leading quote in order may lead to trouble; strconv.Quote helps. 公海池 is a pool; see customers below? no: cost.
func leadingZeros(orderBy, quoted string) {}`), []string{`"customers" is a word of one app`}},
	{"an app's word in an identifier", one("engine/query/a.go", "package query\nvar topCustomerID, salesOrder int"),
		[]string{`a.go:2: "customer"`, `a.go:2: "sales"`}},
	{"an app's form key in a test", one("engine/record/a_test.go", "package record\nvar form, path = \"lead\", \"/forms/quote/records\""),
		[]string{`a_test.go:2: "lead"`, `a_test.go:2: "quote"`}},
	{"an app's word in Chinese", one("engine/message/a.go", "package message\nvar s = \"该客户已存在\""), []string{`"客户"`}},
	{"an app's words in the runtime", one("runtime/sample/a.go", "package sample\nvar customers = 3000"), nil},
}

// TestMapBites: a map that repeats itself or keeps silent is a fault too.
func TestMapBites(t *testing.T) {
	faults := checkMap([]home{{dir: "a", why: "something"}, {dir: "a", why: "again"}, {dir: "b"}}, nil)
	want := []string{"a: stands in the map twice", "b: the map does not say what it is for"}
	if !slices.Equal(faults, want) {
		t.Errorf("have %q, want %q", faults, want)
	}
}

// TestReadSources: what the walk takes and what it passes by.
func TestReadSources(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"engine/a.go":             "package engine",
		"engine/a_test.go":        "package engine_test",
		"engine/testdata/bad.go":  "package bad",
		"engine/notes.md":         "no Go",
		"node_modules/x/x.go":     "package x",
		".hidden/h.go":            "package h",
		"runtime/peer/go.mod":     "module peer",
		"runtime/peer/main.go":    "package main",
		"runtime/deep/er/deep.go": "package er",
	} {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sources, err := readSources(root)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, s := range sources {
		have = append(have, s.name)
	}
	want := []string{"engine/a.go", "engine/a_test.go", "runtime/deep/er/deep.go"}
	if !slices.Equal(have, want) {
		t.Errorf("read %q, want %q", have, want)
	}
}
