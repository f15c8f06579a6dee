package catalog

import (
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// rules compiles every expression of the forms and finds the order of computing.
func (c *compiler) rules() {
	for _, form := range c.sound() {
		before := len(c.issues)
		form.filterEnv = form.listEnv()
		env := form.env()
		for _, f := range form.Fields {
			at := "/properties/" + fault.Escape(string(f.Key))
			c.fieldRules(form, f, env, at)
			c.reminder(form, f, env, at+"/x-remind")
			c.turns(form, f, env, at)
			for _, column := range f.Columns {
				c.fieldRules(form, column, form.rowEnv(f), at+"/properties/"+fault.Escape(string(column.Key)))
			}
		}
		c.formRules(form, env)
		if len(c.issues) == before {
			c.orderComputing(form)
		}
	}
	for _, form := range c.sound() {
		c.crossRules(form)
	}
	c.turnCircles()
	c.turnsTaken()
}

var condition = expr.Type{Kind: expr.Bool}

func (c *compiler) fieldRules(form *Form, f *Field, env expr.Env, at string) {
	noActor := env
	noActor.Actor = false
	f.compute = c.program(form.file, at+"/x-compute", f.Def.Compute, noActor, typeOf(f))
	f.byDefault = c.program(form.file, at+"/x-default", f.Def.Default, env, typeOf(f))
	f.requiredIf = c.program(form.file, at+"/x-requiredIf", f.Def.RequiredIf, env, condition)
	f.visibleIf = c.program(form.file, at+"/x-visibleIf", f.Def.VisibleIf, env, condition)
	f.readOnlyIf = c.program(form.file, at+"/x-readOnlyIf", f.Def.ReadOnlyIf, env, condition)
	if f.Def.Compute != "" && f.Def.Default != "" {
		c.say(form.file, at+"/x-default", fault.Issue{Code: "meta.default"})
	}
	if f.byDefault != nil && f.Table == nil {
		form.defaulted = append(form.defaulted, f)
	}
}

// program compiles an expression; nil for none and for one with faults, which are noted.
func (c *compiler) program(file, path, source string, env expr.Env, want expr.Type) *expr.Program {
	if source == "" {
		return nil
	}
	program, issues := expr.Compile(source, env, want)
	c.add(file, issues.Under(path))
	c.note(file, path, program)
	return program
}

func (c *compiler) pushed(file, path, source string, env expr.Env) *expr.Pushed {
	if source == "" {
		return nil
	}
	pushed, issues := expr.PushDown(source, env)
	c.add(file, issues.Under(path))
	if pushed != nil {
		c.note(file, path, pushed.Program())
	}
	return pushed
}

// note keeps an expression for the analysis.
func (c *compiler) note(file, path string, program *expr.Program) {
	if program != nil {
		c.stated = append(c.stated, statement{file, path, program})
	}
}

func (c *compiler) formRules(form *Form, env expr.Env) {
	for n, rule := range form.Def.Rules {
		form.Rules = append(form.Rules, &Rule{Def: rule, file: form.file, at: "/x-rules/" + strconv.Itoa(n)})
	}
	var keys []string
	for _, rule := range form.Rules {
		c.checkKey(rule.file, rule.at+"/key", rule.Def.Key)
		if slices.Contains(keys, rule.Def.Key) {
			c.say(rule.file, rule.at+"/key", fault.Issue{Code: "meta.duplicate", Args: fault.Args{"key": rule.Def.Key}})
		}
		keys = append(keys, rule.Def.Key)
		c.checkMessage(form, rule)
		c.namesKnown(rule.file, rule.at+"/fields", rule.Def.Fields, form.Def.Properties)
		if rule.Def.Check == "" {
			c.say(rule.file, rule.at+"/check", fault.Issue{Code: "meta.missing", Args: fault.Args{"key": "check"}})
		}
		rule.check = c.program(rule.file, rule.at+"/check", rule.Def.Check, env, condition)
	}
}

// crossRules compiles the conditions that a form states over records of another.
func (c *compiler) crossRules(form *Form) {
	for _, f := range form.References {
		if target, ok := c.forms[f.Def.Ref]; ok && !c.broken[f.Def.Ref] {
			f.choose = c.pushed(form.file, placeOfField(f)+"/x-filter", f.Def.Filter, target.filterEnv)
		}
	}
	for n := range form.FedBy {
		c.feedFilter(form, &form.FedBy[n])
	}
}

// feedFilter compiles a rollup's filter: the same for everybody and at all times, or figures would
// depend on who saved last.
func (c *compiler) feedFilter(form *Form, feed *Feed) {
	source := feed.Field.Def.Filter
	env := feed.Child.listEnv()
	env.Actor = false
	at := "/properties/" + fault.Escape(string(feed.Field.Key)) + "/x-filter"
	pushed := c.pushed(form.file, at, source, env)
	if pushed == nil {
		return
	}
	if pushed.Program().UsesClock() {
		c.say(form.file, at, fault.Issue{Code: "expr.notPushable", Args: fault.Args{"part": source}})
		return
	}
	filter, err := pushed.Filter(expr.Context{})
	if err != nil {
		c.say(form.file, at, fault.Issue{Code: fault.CodeOf(err)})
		return
	}
	feed.Filter, feed.reads = filter, fieldsRead(pushed.Program())
	for n, seen := range feed.Child.Feeds {
		if seen.Field == feed.Field {
			feed.Child.Feeds[n].Filter = filter
		}
	}
}

// step is one field, or one column over all rows, to compute.
type step struct{ field *Field }

// orderComputing sorts the computed fields so that each comes after all it reads; a circle is a fault
// that names its way.
func (c *compiler) orderComputing(form *Form) {
	nodes := map[query.Path]*Field{}
	var paths []query.Path
	note := func(f *Field) {
		if f.compute != nil {
			nodes[pathOf(f)] = f
			paths = append(paths, pathOf(f))
		}
	}
	for _, f := range form.Fields {
		note(f)
		for _, column := range f.Columns {
			note(column)
		}
	}
	o := ordering{nodes: nodes, state: map[query.Path]int{}}
	for _, path := range paths {
		if way := o.visit(path, nil); way != nil {
			c.say(form.file, placeOfField(nodes[way[0]])+"/x-compute",
				fault.Issue{Code: "meta.computedCycle", Args: fault.Args{"path": joinPaths(way)}})
			return
		}
	}
	for _, f := range o.out {
		form.steps = append(form.steps, step{f})
		if f.Table == nil {
			form.Computed = append(form.Computed, f)
		}
	}
}

// ordering is a depth-first walk over what computed fields read.
type ordering struct {
	nodes map[query.Path]*Field
	state map[query.Path]int // 1 on the way, 2 done
	out   []*Field
}

// visit returns the circle it runs into, the same path first and last, or nil.
func (o *ordering) visit(path query.Path, way []query.Path) []query.Path {
	f, computed := o.nodes[path]
	if !computed || o.state[path] == 2 {
		return nil
	}
	way = append(way, path)
	if o.state[path] == 1 {
		return way[slices.Index(way, path):]
	}
	o.state[path] = 1
	for _, read := range f.compute.Reads() {
		if circle := o.visit(o.node(read), way); circle != nil {
			return circle
		}
	}
	o.state[path] = 2
	o.out = append(o.out, f)
	return nil
}

// node is the computed field that a path belongs to: a part of an address is its address.
func (o *ordering) node(path query.Path) query.Path {
	if _, ok := o.nodes[path]; ok {
		return path
	}
	return query.At(path.Field)
}

func placeOfField(f *Field) string {
	at := "/properties/" + fault.Escape(string(f.Key))
	if f.Table != nil {
		return placeOfField(f.Table) + at
	}
	return at
}

func joinPaths(way []query.Path) string {
	texts := make([]string, len(way))
	for n, path := range way {
		texts[n] = path.String()
	}
	return strings.Join(texts, " → ")
}

// valuePath is where a field's value stands in what was sent.
func valuePath(key value.FieldKey) string { return "/values/" + fault.Escape(string(key)) }
