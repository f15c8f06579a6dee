package catalog

import (
	"slices"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
)

// analyse looks for what compiles and cannot be meant. What nobody could work with is a fault; what only has
// no effect, or shows more than a role's limits say, is a warning, which forbids nothing.
func (c *compiler) analyse() {
	for _, one := range c.stated {
		c.warnOf(one)
	}
	for _, form := range c.sound() {
		for _, f := range form.Fields {
			c.contradictions(form, f)
		}
		for _, rule := range form.Rules {
			c.analyseRule(rule)
		}
		c.analysePools(form)
	}
	c.analyseHooks()
	c.analyseScripts()
	for _, path := range sortedKeys(c.roles) {
		c.analyseRole(path, c.catalog.Roles[c.roles[path].Key])
	}
}

// warn notes a warning of a file.
func (c *compiler) warn(file, path string, issue fault.Issue) {
	issue.File, issue.Path = file, path
	c.catalog.Warnings = append(c.catalog.Warnings, issue)
}

// contradictions finds a field that nobody can fill where it is required: a fault where it is so for every
// record, a warning where a condition says so.
func (c *compiler) contradictions(form *Form, f *Field) {
	at := placeOfField(f)
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
	if rule.check != nil && expr.Impossible(expr.Claim{Condition: rule.check, Holds: true}) {
		c.say(rule.file, rule.at+"/check", fault.Issue{Code: "expr.neverTrue", Args: fault.Args{"part": rule.Def.Check}})
	}
}

// warnOf warns of the conditions in an expression that decide nothing.
func (c *compiler) warnOf(one statement) {
	for _, idle := range one.program.Idle() {
		code := "expr.neverTrue"
		if idle.Always {
			code = "expr.alwaysTrue"
		}
		c.warn(one.file, one.path, fault.Issue{Code: code, Args: fault.Args{"part": idle.Text}, Line: idle.Line, Col: idle.Col})
	}
}
