package message_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestEveryCodeOfTheModuleHasItsTexts reads the module's sources and holds that each code which is
// written out where a fault or issue is made has a text. Codes that are put together while running
// cannot be seen here. Read are:
//
//	fault.New(kind, "code")        fault.Error{Code: "code"}, fault.Issue{Code: "code"}
//	issues.Add(path, "code", …)    issues.Fault(op, "code")
//
// with the code as a literal or as a constant of the same package. Where the args of Add are written
// out too, each placeholder of the text must be among them.
func TestEveryCodeOfTheModuleHasItsTexts(t *testing.T) {
	texts := make(map[string]string)
	for _, e := range entries(t, "en") {
		texts[e.code] = e.text
	}
	uses := readUses(t, filepath.Join("..", ".."))
	if !slices.ContainsFunc(uses, func(u use) bool { return u.code == "internal" }) {
		t.Fatal("not even the code of fault.Wrap was seen: the test would hold nothing")
	}
	for _, fault := range checkUses(uses, texts) {
		t.Error(fault)
	}
}

func TestCoverageBites(t *testing.T) {
	const source = `package p
const taken, spare = "x.constant", 7
func f(is fault.Issues, dynamic string) {
	_ = fault.New(fault.Invalid, "x.new")
	_ = &fault.Error{Kind: fault.Invalid, Code: "x.error"}
	_ = fault.Issues{{Path: "/a", Code: "x.elided"}, fault.Issue{Code: "x.issue"}}
	is.Add("/a", "x.add", "min", 1)
	is.Add("/a", taken)
	is.Add("/a", "x.short", "min", 1)
	is.Add("/a", dynamic)
	is.Add("/a", "x.spread", spare...)
	_ = is.Fault("op", "x.fault")
	set.Add("/a", "not a code")
}`
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	uses := usesOf(set, []*ast.File{file})
	for _, u := range uses {
		codes = append(codes, u.code)
	}
	slices.Sort(codes)
	want := []string{"x.add", "x.constant", "x.elided", "x.error", "x.fault", "x.issue", "x.new", "x.short", "x.spread"}
	if !slices.Equal(codes, want) {
		t.Errorf("saw %q, want %q", codes, want)
	}
	texts := map[string]string{"x.add": "{min}", "x.short": "{min} {max}", "x.spread": "{max}"}
	if faults := checkUses(uses, texts); len(faults) != 7 {
		t.Errorf("6 codes without text and one arg missing, but said are %q", faults)
	}
}

// use is one place where a code is written out.
type use struct {
	at, code string
	args     []string // names of the args given, if known
	known    bool
}

func checkUses(uses []use, texts map[string]string) []string {
	var faults []string
	for _, u := range uses {
		text, ok := texts[u.code]
		if !ok {
			faults = append(faults, u.at+": "+u.code+" has no text in en.json and zh-CN.json")
			continue
		}
		if !u.known {
			continue
		}
		for _, hole := range holes.FindAllString(text, -1) {
			name, _, _ := strings.Cut(strings.Trim(hole, "{}"), ":")
			if !slices.Contains(u.args, name) {
				faults = append(faults, u.at+": the text of "+u.code+" shows "+hole+", which is not among its args")
			}
		}
	}
	return faults
}

// readUses reads all sources below root but tests and modules of their own.
func readUses(t *testing.T, root string) []use {
	t.Helper()
	packages := make(map[string][]*ast.File)
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path != root && isElsewhere(path) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var uses []use
	for _, files := range packages {
		uses = append(uses, usesOf(set, files)...)
	}
	slices.SortFunc(uses, func(a, b use) int { return strings.Compare(a.at+a.code, b.at+b.code) })
	return uses
}

func isElsewhere(dir string) bool {
	name := filepath.Base(dir)
	if strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" {
		return true
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// usesOf finds the codes in the files of one package.
func usesOf(set *token.FileSet, files []*ast.File) []use {
	constants := constantsOf(files)
	var uses []use
	note := func(expr ast.Expr, args []string, known bool) {
		code, ok := textOf(expr, constants)
		if ok && codeForm.MatchString(code) && (strings.Contains(code, ".") || code == "internal") {
			uses = append(uses, use{at: set.Position(expr.Pos()).String(), code: code, args: args, known: known})
		}
	}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				noteCall(n, constants, note)
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Code" {
					note(n.Value, nil, false)
				}
			}
			return true
		})
	}
	return uses
}

func noteCall(call *ast.CallExpr, constants map[string]string, note func(ast.Expr, []string, bool)) {
	target, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) < 2 {
		return
	}
	pkg, _ := target.X.(*ast.Ident)
	switch {
	case target.Sel.Name == "New" && pkg != nil && pkg.Name == "fault":
		note(call.Args[1], nil, false)
	case target.Sel.Name == "Fault" && len(call.Args) == 2:
		note(call.Args[1], nil, false)
	case target.Sel.Name == "Add":
		var names []string
		known := call.Ellipsis == token.NoPos
		for i := 2; i < len(call.Args); i += 2 {
			name, ok := textOf(call.Args[i], constants)
			known = known && ok
			names = append(names, name)
		}
		note(call.Args[1], names, known)
	}
}

// constantsOf returns the package's constants of text that are written out.
func constantsOf(files []*ast.File) map[string]string {
	constants := make(map[string]string)
	for _, file := range files {
		for _, declaration := range file.Decls {
			group, ok := declaration.(*ast.GenDecl)
			if !ok || group.Tok != token.CONST {
				continue
			}
			for _, spec := range group.Specs {
				values := spec.(*ast.ValueSpec)
				for i, name := range values.Names {
					if i < len(values.Values) {
						if text, ok := textOf(values.Values[i], nil); ok {
							constants[name.Name] = text
						}
					}
				}
			}
		}
	}
	return constants
}

func textOf(expr ast.Expr, constants map[string]string) (string, bool) {
	switch expr := expr.(type) {
	case *ast.BasicLit:
		if expr.Kind == token.STRING {
			text, err := strconv.Unquote(expr.Value)
			return text, err == nil
		}
	case *ast.Ident:
		text, ok := constants[expr.Name]
		return text, ok
	}
	return "", false
}
