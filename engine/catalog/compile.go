package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"tidewater/engine/decision"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// pass is one step of compiling. Each adds what it finds wrong and leaves out what it cannot use.
type pass struct {
	name string
	run  func(*compiler)
}

// passes are all there are, in order.
var passes = []pass{
	{"decode", (*compiler).decode},                // files into structs, strictly
	{"names", (*compiler).names},                  // keys that can be keys, each once, where its file says
	{"fields", (*compiler).compileFields},         // each field by its kind; order, sections, groups
	{"references", (*compiler).references},        // what names other forms and fields; mirrors and rollups
	{"duplicates", (*compiler).duplicates},        // when a record is taken for another
	{"tables", (*compiler).tables},                // decision tables, which rules call
	{"rules", (*compiler).rules},                  // expressions, and the order of computing
	{"schema", (*compiler).schemas},               // the JSON Schema of each form
	{"views", (*compiler).compileViews},           // filters, sorts, columns
	{"access", (*compiler).access},                // roles into scope tables
	{"dashboards", (*compiler).compileDashboards}, // widgets, homes, menus
	{"scripts", (*compiler).checkScripts},         // scripts and prints beside their forms
	{"pools", (*compiler).checkPools},             // who, fields, conditions
	{"upkeep", (*compiler).checkUpkeep},           // who changes values of tables and pools
	{"flows", (*compiler).checkFlows},             // steps
	{"jobs", (*compiler).checkJobs},               // what runs at set times
	{"unavailable", (*compiler).unavailable},      // what could not be run yet
	{"analysis", (*compiler).analyse},             // what compiles and cannot be meant
	{"indexes", (*compiler).layouts},              // what the stores must know
}

// Compile compiles a bundle. The catalog is nil when there is any issue; there are then all of them.
func Compile(bundle Bundle) (*Catalog, fault.Issues) {
	c := &compiler{
		bundle:  bundle,
		forms:   map[value.FormKey]*Form{},
		claimed: map[value.FormKey]bool{},
		views:   map[string]meta.View{},
		roles:   map[string]meta.Role{},
		broken:  map[value.FormKey]bool{},
		kinds:   map[string]schemaOfKind{},

		documents: newDocuments(),
		catalog:   &Catalog{Tables: map[string]*decision.Table{}, functions: map[string]*expr.Function{}, Roles: map[string]*Role{}, pointing: map[value.FormKey][]Backlink{}},
	}
	for _, p := range passes {
		p.run(c)
	}
	if len(c.issues) > 0 {
		return nil, c.issues
	}
	c.finish()
	return c.catalog, nil
}

// compiler is the work in progress.
type compiler struct {
	bundle  Bundle
	issues  fault.Issues
	app     meta.App
	hasApp  bool // app.json could be read
	forms   map[value.FormKey]*Form
	claimed map[value.FormKey]bool // forms that have a file, even one that cannot be read
	views   map[string]meta.View   // by file
	roles   map[string]meta.Role   // by file
	broken  map[value.FormKey]bool // forms whose fields cannot be trusted by later passes
	catalog *Catalog
	kinds   map[string]schemaOfKind // the schemas of metadata that were needed
	stated  []statement
	documents
}

// statement is an expression of the bundle, and where it stands.
type statement struct {
	file, path string
	program    *expr.Program
}

// documents are those that say where they belong themselves, by file.
type documents struct {
	decisions  map[string]meta.Table
	dashboards map[string]meta.Dashboard
	scripts    map[string]meta.Script
	tests      map[string]meta.Test
	prints     map[string]meta.Print
	pools      map[string]meta.Pool
	flows      map[string]meta.Flow
	jobs       map[string]meta.Job
}

func newDocuments() documents {
	return documents{
		map[string]meta.Table{}, map[string]meta.Dashboard{}, map[string]meta.Script{}, map[string]meta.Test{}, map[string]meta.Print{},
		map[string]meta.Pool{}, map[string]meta.Flow{}, map[string]meta.Job{},
	}
}

// add notes issues of a file.
func (c *compiler) add(file string, issues fault.Issues) {
	c.issues = append(c.issues, issues.InFile(file)...)
}

// say notes one issue of a file.
func (c *compiler) say(file, path string, issue fault.Issue) {
	issue.File, issue.Path = file, path
	c.issues = append(c.issues, issue)
}

// inKeyOrder lists the forms by key.
func (c *compiler) inKeyOrder() []*Form {
	out := make([]*Form, 0, len(c.forms))
	for _, key := range slices.Sorted(maps.Keys(c.forms)) {
		out = append(out, c.forms[key])
	}
	return out
}

// sound lists the forms that later passes may trust, by key.
func (c *compiler) sound() []*Form {
	return slices.DeleteFunc(c.inKeyOrder(), func(f *Form) bool { return c.broken[f.Key] })
}

func (c *compiler) finish() {
	c.catalog.App, c.catalog.Forms, c.catalog.Tests = c.app, c.forms, c.tests
	c.catalog.Version = c.app.Version + "+" + digest(c.bundle)
	for _, key := range c.app.Menu {
		c.catalog.order = append(c.catalog.order, c.forms[key])
	}
	for _, form := range c.inKeyOrder() {
		if !slices.Contains(c.catalog.order, form) {
			c.catalog.order = append(c.catalog.order, form)
		}
	}
}

// digest tells one content from another.
func digest(bundle Bundle) string {
	sum := sha256.New()
	for _, path := range bundle.paths() {
		content := sha256.Sum256(bundle[path])
		sum.Write([]byte(path + "\x00"))
		sum.Write(content[:])
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}
