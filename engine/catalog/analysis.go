package catalog

import (
	"maps"
	"slices"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// analyse looks for what compiles and cannot be meant. What nobody could work with is a fault; what only has
// no effect, or shows more than a role's limits say, is a warning, which forbids nothing.
func (c *compiler) analyse() {
	for _, form := range c.sound() {
		for _, f := range form.Fields {
			c.analyseField(form, f)
			for _, column := range f.Columns {
				c.analyseField(form, column)
			}
			c.warnOfPushed(form.file, placeOfField(f)+"/x-filter", f.choose)
		}
		for _, rule := range form.Rules {
			c.analyseRule(rule)
		}
		c.analysePools(form)
		for _, view := range form.Views {
			path := "forms/" + string(form.Key) + "/views/" + view.Def.Key + ".json"
			c.warnOfPushed(path, "/filter", view.filter)
		}
	}
	c.analyseHooks()
	for _, path := range sortedKeys(c.roles) {
		c.analyseRole(path, c.catalog.Roles[c.roles[path].Key])
	}
}

// warn notes a warning of a file.
func (c *compiler) warn(file, path string, issue fault.Issue) {
	issue.File, issue.Path = file, path
	c.catalog.Warnings = append(c.catalog.Warnings, issue)
}

func (c *compiler) analyseField(form *Form, f *Field) {
	at := placeOfField(f)
	for _, one := range []struct {
		keyword string
		program *expr.Program
	}{
		{"x-compute", f.compute}, {"x-default", f.byDefault}, {"x-requiredIf", f.requiredIf}, {"x-visibleIf", f.visibleIf},
		{"x-readOnlyIf", f.readOnlyIf},
	} {
		c.warnOf(form.file, at+"/"+one.keyword, one.program)
	}
	if f.Table == nil {
		c.contradictions(form, f, at)
	}
}

// contradictions finds a field that nobody can fill where it is required: a fault where it is so for every
// record, a warning where a condition says so.
func (c *compiler) contradictions(form *Form, f *Field, at string) {
	given := f.Computed() || f.byDefault != nil
	required := slices.Contains(form.Def.Required, f.Key)
	switch {
	case required && f.Def.ReadOnly && !given:
		c.say(form.file, at+"/readOnly", fault.Issue{Code: "meta.neverFilled", Args: fault.Args{"field": f.Def.Label}})
	case required && f.readOnlyIf != nil && !given && expr.Impossible(expr.Claim{Condition: f.readOnlyIf}):
		c.say(form.file, at+"/x-readOnlyIf", fault.Issue{Code: "meta.neverFilled", Args: fault.Args{"field": f.Def.Label}})
	case f.requiredIf == nil:
	case f.visibleIf != nil && neverWhere(f.requiredIf, expr.Claim{Condition: f.visibleIf, Holds: true}):
		c.warn(form.file, at+"/x-requiredIf", fault.Issue{Code: "meta.requiredHidden", Args: fault.Args{"field": f.Def.Label}})
	case !given && (f.Def.ReadOnly || f.readOnlyIf != nil && neverWhere(f.requiredIf, expr.Claim{Condition: f.readOnlyIf})):
		c.warn(form.file, at+"/x-requiredIf", fault.Issue{Code: "meta.requiredReadOnly", Args: fault.Args{"field": f.Def.Label}})
	}
}

// neverWhere tells whether a condition that can hold cannot where the other claim does.
func neverWhere(condition *expr.Program, other expr.Claim) bool {
	holds := expr.Claim{Condition: condition, Holds: true}
	return !expr.Impossible(holds) && expr.Impossible(holds, other)
}

// analyseRule refuses a rule that no record can meet: nothing could be saved any more.
func (c *compiler) analyseRule(rule *Rule) {
	if rule.check == nil {
		return
	}
	if expr.Impossible(expr.Claim{Condition: rule.check, Holds: true}) {
		c.say(rule.file, rule.at+"/check", fault.Issue{Code: "expr.neverTrue", Args: fault.Args{"part": rule.Def.Check}})
		return
	}
	c.warnOf(rule.file, rule.at+"/check", rule.check)
}

// warnOf warns of the conditions in an expression that decide nothing.
func (c *compiler) warnOf(file, path string, program *expr.Program) {
	if program == nil {
		return
	}
	for _, idle := range program.Idle() {
		code := "expr.neverTrue"
		if idle.Always {
			code = "expr.alwaysTrue"
		}
		c.warn(file, path, fault.Issue{Code: code, Args: fault.Args{"part": idle.Text}, Line: idle.Line, Col: idle.Col})
	}
}

func (c *compiler) warnOfPushed(file, path string, pushed *expr.Pushed) {
	if pushed != nil {
		c.warnOf(file, path, pushed.Program())
	}
}

// analyseRole warns of conditions that decide nothing, and of fields that a role is shown although it is not
// shown what they are made of.
func (c *compiler) analyseRole(path string, role *Role) {
	for _, key := range sortedKeys(role.Def.Forms) {
		form := c.forms[key]
		if form == nil || c.broken[key] {
			continue
		}
		at := "/forms/" + fault.Escape(string(key))
		for _, verb := range []meta.Verb{meta.Read, meta.Update, meta.Delete, meta.Export} {
			c.warnOfPushed(path, at+"/"+string(verb)+"/when", role.when[grantKey{key, verb}])
		}
		if rights := role.Def.Forms[key]; rights.Create || rights.Update.Scope != "" && rights.Update.Scope != meta.ScopeNone {
			c.decidedUnseen(path, at, role, form)
		}
		for _, name := range sortedKeys(role.Def.Forms[key].Fields) {
			c.shownAnyway(path, at+"/fields/"+fault.Escape(string(name)), role, form, name)
		}
	}
}

func (c *compiler) shownAnyway(path, at string, role *Role, form *Form, name value.FieldKey) {
	one, ok := form.fields[name]
	if !ok || role.limitsSight(form.Key, name) != "" {
		return
	}
	if limit := role.limitOfSources(form, one); limit != "" {
		c.warn(path, at, fault.Issue{Code: "meta.shownAnyway", Args: fault.Args{"field": one.Def.Label}})
	}
}

// decidedUnseen warns of rules and conditions over fields that somebody who writes does not see whole: their
// saves would be refused, or fields required of them, by what they cannot know.
func (c *compiler) decidedUnseen(path, at string, role *Role, form *Form) {
	tell := func(program *expr.Program, issue fault.Issue) {
		if program == nil {
			return
		}
		for _, read := range append(fieldsRead(program), fieldsOf(program.ReadsOld())...) {
			one, known := form.fields[read]
			if !known || role.limitsSight(form.Key, read) == "" {
				continue
			}
			args := fault.Args{"field": one.Def.Label}
			maps.Copy(args, issue.Args)
			c.warn(path, at+"/fields/"+fault.Escape(string(read)), fault.Issue{Code: issue.Code, Args: args})
			return // one is enough to say it of the rule
		}
	}
	for _, rule := range form.Rules {
		tell(rule.check, fault.Issue{Code: "meta.checkUnseen", Args: fault.Args{"rule": rule.Def.Key}})
	}
	for _, one := range form.Fields {
		for keyword, program := range map[string]*expr.Program{"x-requiredIf": one.requiredIf, "x-readOnlyIf": one.readOnlyIf} {
			if role.limitsSight(form.Key, one.Key) != "" {
				continue // nor do they see what it decides of
			}
			tell(program, fault.Issue{Code: "meta.conditionUnseen", Args: fault.Args{"of": one.Def.Label, "condition": keyword}})
		}
	}
}

func fieldsOf(paths []query.Path) []value.FieldKey {
	out := make([]value.FieldKey, len(paths))
	for n, path := range paths {
		out[n] = path.Field
	}
	return out
}
