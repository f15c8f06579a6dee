package engine_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// module is this module's path in go.mod.
const module = "tidewater"

// source is one Go file of the module, parsed but not built.
type source struct {
	dir  string // its package's folder below the root, "." for the root
	name string // its path below the root, for messages
	text string
	file *ast.File
	set  *token.FileSet
}

func (s source) isTest() bool { return strings.HasSuffix(s.name, "_test.go") }

// isOutside tells a test of the package's outside (package foo_test), which Go lets import upwards.
func (s source) isOutside() bool { return strings.HasSuffix(s.file.Name.Name, "_test") }

func (s source) inEngine() bool { return s.dir == "engine" || strings.HasPrefix(s.dir, "engine/") }

// at names a place in the file.
func (s source) at(pos token.Pos) string {
	return fmt.Sprintf("%s:%d", s.name, s.set.Position(pos).Line)
}

// imports returns the file's import paths with where they stand.
func (s source) imports() map[string]token.Pos {
	found := map[string]token.Pos{}
	for _, spec := range s.file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			found[p] = spec.Pos()
		}
	}
	return found
}

// own returns the folder below the module's root for an import path of this module.
func own(importPath string) (dir string, ok bool) {
	return strings.CutPrefix(importPath, module+"/")
}

// parseSource reads one file. name is its path below the root.
func parseSource(set *token.FileSet, name, text string) (source, error) {
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	return source{dir: path.Dir(name), name: name, text: text, file: file, set: set}, nil
}

// readSources reads every Go file of the module at root: not of the modules nested in it, nor of
// folders the go command ignores.
func readSources(root string) ([]source, error) {
	set := token.NewFileSet()
	var sources []source
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if file != root && ignored(file) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(file) != ".go" {
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		s, err := parseSource(set, filepath.ToSlash(name), string(text))
		sources = append(sources, s)
		return err
	})
	return sources, err
}

func ignored(dir string) bool {
	base := filepath.Base(dir)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "node_modules" {
		return true
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// checkAll runs every check and returns what is wrong, sorted by place.
func checkAll(house []home, sources []source) []string {
	var faults []string
	faults = append(faults, checkMap(house, sources)...)
	for _, s := range sources {
		faults = append(faults, checkDirections(house, s)...)
		faults = append(faults, checkLibraries(s)...)
		faults = append(faults, checkName(s)...)
		faults = append(faults, checkInit(s)...)
		faults = append(faults, checkClock(s)...)
		faults = append(faults, checkWords(s)...)
	}
	faults = append(faults, checkGlobals(sources)...)
	slices.Sort(faults)
	return slices.Compact(faults)
}

// checkMap finds packages without a line, lines that come twice, and lines that say nothing.
func checkMap(house []home, sources []source) []string {
	var faults []string
	seen := map[string]bool{}
	for _, h := range house {
		if seen[h.dir] {
			faults = append(faults, h.dir+": stands in the map twice")
		}
		if h.why == "" {
			faults = append(faults, h.dir+": the map does not say what it is for")
		}
		seen[h.dir] = true
	}
	for _, s := range sources {
		if !seen[s.dir] {
			faults = append(faults, s.dir+": not in the map of engine/arch_test.go")
		}
	}
	return faults
}

// checkDirections holds that imports point to what stands above in the map, that a package with a
// narrower list keeps to it, and that the engine reaches nothing outside itself but the schemas. Tests of a
// package's outside may import upwards, except out of the engine.
func checkDirections(house []home, s source) []string {
	rank := func(dir string) int {
		return slices.IndexFunc(house, func(h home) bool { return h.dir == dir })
	}
	from := rank(s.dir)
	if from < 0 {
		return nil // checkMap says so
	}
	var faults []string
	for p, pos := range s.imports() {
		if s.inEngine() && (p == "net" || p == "net/http") {
			faults = append(faults, fmt.Sprintf("%s: the engine knows no network, yet imports %s", s.at(pos), p))
		}
		dir, ours := own(p)
		if !ours || dir == s.dir {
			continue
		}
		to := rank(dir)
		isEngine := dir == "engine" || strings.HasPrefix(dir, "engine/")
		switch only := house[from].only; {
		case to < 0:
			faults = append(faults, fmt.Sprintf("%s: imports %s, which is not in the map", s.at(pos), dir))
		case s.inEngine() && !isEngine && dir != "schemas":
			faults = append(faults, fmt.Sprintf("%s: the engine imports %s", s.at(pos), dir))
		case s.isOutside():
		case to > from:
			faults = append(faults, fmt.Sprintf("%s: %s imports %s, which stands below it in the map", s.at(pos), s.dir, dir))
		case only != nil && !s.isTest() && !slices.Contains(only, dir):
			faults = append(faults, fmt.Sprintf("%s: %s may not import %s", s.at(pos), s.dir, dir))
		}
	}
	return faults
}

// checkLibraries holds the one home of each library, in tests too.
func checkLibraries(s source) []string {
	var faults []string
	for p, pos := range s.imports() {
		for _, l := range libraries {
			if (p == l.path || strings.HasPrefix(p, l.path+"/")) && !slices.Contains(l.homes, s.dir) {
				faults = append(faults, fmt.Sprintf("%s: %s lives only in %s", s.at(pos), p, strings.Join(l.homes, ", ")))
			}
		}
	}
	return faults
}

// nameless are package names that say nothing; what they would hold lives with its user.
var nameless = []string{"util", "utils", "common", "helper", "helpers", "base", "manager", "managers"}

func checkName(s source) []string {
	var faults []string
	for _, name := range []string{path.Base(s.dir), strings.TrimSuffix(s.file.Name.Name, "_test")} {
		if slices.Contains(nameless, strings.ToLower(name)) {
			faults = append(faults, fmt.Sprintf("%s: a package called %s says nothing", s.name, name))
		}
	}
	return slices.Compact(faults)
}

// checkInit finds init functions: lists are explicit, so that a reader sees what there is.
func checkInit(s source) []string {
	var faults []string
	for _, d := range s.file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			faults = append(faults, s.at(fn.Pos())+": func init: use an explicit list")
		}
	}
	return faults
}

// checkClock finds the wall clock in the engine's own code, called or passed on: time is injected.
func checkClock(s source) []string {
	if !s.inEngine() || s.isTest() {
		return nil
	}
	var faults []string
	uses(s, func(p, name string, pos token.Pos) {
		if p == "time" && (name == "Now" || name == "Since" || name == "Until") {
			faults = append(faults, fmt.Sprintf("%s: time.%s: the engine takes its clock from outside", s.at(pos), name))
		}
	})
	return faults
}

// uses calls visit for every selector on an imported package, whatever the import is called here.
func uses(s source, visit func(importPath, name string, pos token.Pos)) {
	names := map[string]string{}
	for _, spec := range s.file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(p)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = p
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && names[x.Name] != "" {
				visit(names[x.Name], sel.Sel.Name, sel.Pos())
			}
		}
		return true
	})
}

// checkGlobals finds package-level variables that change: assigned, counted, written into by index
// or field, emptied, or of a type whose whole point is to change. Tests are left out.
func checkGlobals(sources []source) []string {
	byDir := map[string][]source{}
	for _, s := range sources {
		if !s.isTest() {
			byDir[s.dir] = append(byDir[s.dir], s)
		}
	}
	var faults []string
	for dir, files := range byDir {
		faults = append(faults, globalsOf(dir, files)...)
	}
	return faults
}

// processWide are settings of libraries that there is no other way to make. Each is made once, at the start of
// a process of its own.
var processWide = []string{"engine/script lua.MaxArrayIndex"}

func globalsOf(dir string, files []source) []string {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	asts := make([]*ast.File, len(files))
	for i, s := range files {
		asts[i] = s.file
	}
	// Imports stay unresolved and their errors are ignored: names within the package are all we ask for.
	config := types.Config{Importer: noImports{}, Error: func(error) {}, FakeImportC: true}
	pkg, _ := config.Check(dir, files[0].set, asts, info)

	var faults []string
	for _, s := range files {
		change := func(target ast.Expr, pos token.Pos) {
			if name, ok := globalAt(pkg, info, target); ok && !slices.Contains(processWide, dir+" "+name) {
				faults = append(faults, fmt.Sprintf("%s: package variable %s changes", s.at(pos), name))
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					change(left, n.Pos())
				}
			case *ast.IncDecStmt:
				change(n.X, n.Pos())
			case *ast.RangeStmt:
				change(n.Key, n.Pos())
				change(n.Value, n.Pos())
			case *ast.CallExpr:
				if fn, ok := n.Fun.(*ast.Ident); ok && (fn.Name == "delete" || fn.Name == "clear") && len(n.Args) > 0 {
					change(n.Args[0], n.Pos())
				}
			}
			return true
		})
		faults = append(faults, changingTypes(s)...)
	}
	return faults
}

// globalAt returns the package-level variable that a change of target would change, if any: of this
// package, or of one it imports.
func globalAt(pkg *types.Package, info *types.Info, target ast.Expr) (name string, ok bool) {
	switch e := target.(type) {
	case *ast.Ident:
		v, ok := info.Uses[e].(*types.Var)
		return e.Name, ok && v.Parent() == pkg.Scope()
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			if _, imported := info.Uses[x].(*types.PkgName); imported {
				return x.Name + "." + e.Sel.Name, true
			}
		}
		return globalAt(pkg, info, e.X)
	case *ast.IndexExpr:
		return globalAt(pkg, info, e.X)
	case *ast.StarExpr:
		return globalAt(pkg, info, e.X)
	case *ast.ParenExpr:
		return globalAt(pkg, info, e.X)
	}
	return "", false
}

// changingTypes finds package-level locks, concurrent maps and atomics.
func changingTypes(s source) []string {
	var faults []string
	for _, d := range s.file.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			v := spec.(*ast.ValueSpec)
			sel, ok := v.Type.(*ast.SelectorExpr)
			if !ok {
				continue
			}
			kind := types.ExprString(sel)
			if strings.HasPrefix(kind, "atomic.") || slices.Contains([]string{"sync.Mutex", "sync.RWMutex", "sync.Map"}, kind) {
				faults = append(faults, fmt.Sprintf("%s: package variable %s is a %s, which exists to change", s.at(v.Pos()), v.Names[0].Name, kind))
			}
		}
	}
	return faults
}

// noImports leaves every import unresolved.
type noImports struct{}

func (noImports) Import(p string) (*types.Package, error) {
	return nil, fmt.Errorf("%s is not read", p)
}
