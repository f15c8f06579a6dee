package catalog

import (
	"maps"
	"slices"
	"strings"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// What roles do not see, and work with all the same.

// analyseRole warns of fields that a role is shown although it is not shown what they are made of, and of what it
// works with and does not see.
func (c *compiler) analyseRole(path string, role *Role) {
	for _, key := range sortedKeys(role.Def.Forms) {
		form := c.forms[key]
		if form == nil || c.broken[key] {
			continue
		}
		at := "/forms/" + fault.Escape(string(key))
		if rights := role.Def.Forms[key]; rights.Create || rights.Update.Scope != "" && rights.Update.Scope != meta.ScopeNone {
			c.decidedUnseen(path, at, role, form)
			c.readUnseen(path, at, role, form)
		}
		if role.Def.Forms[key].Create {
			c.neverCreated(path, at, role, form)
		}
		if scope := role.Def.Forms[key].Read.Scope; scope != "" && scope != meta.ScopeNone {
			c.viewsUnseen(path, at, role, form)
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

// neverCreated warns of fields that a role would have to fill to create a record, and may not.
func (c *compiler) neverCreated(path, at string, role *Role, form *Form) {
	for _, one := range form.Fields {
		if !slices.Contains(form.Def.Required, one.Key) || one.Computed() || one.byDefault != nil {
			continue
		}
		if limit := role.limits[form.Key][one.Key]; limit != "" && limit != meta.Shown {
			c.warn(path, at+"/fields/"+fault.Escape(string(one.Key)), fault.Issue{Code: "meta.neverCreated", Args: fault.Args{"field": one.Def.Label}})
		}
	}
}

// viewsUnseen warns of views that choose or order records by what a role does not see whole: a field that is out of
// sight counts as absent, and such an order is left out.
func (c *compiler) viewsUnseen(path, at string, role *Role, form *Form) {
	for _, view := range form.Views {
		if len(view.Def.Roles) > 0 && !slices.Contains(view.Def.Roles, role.Def.Key) {
			continue
		}
		var read []value.FieldKey
		if view.filter != nil {
			read = fieldsRead(view.filter.Program())
		}
		for _, part := range strings.Split(view.Def.Sort, ",") {
			field, _, _ := strings.Cut(strings.TrimLeft(strings.TrimSpace(part), "-"), ".")
			read = append(read, value.FieldKey(field))
		}
		for _, key := range read {
			if one, known := form.fields[key]; known && role.limitsSight(form.Key, key) != "" {
				args := fault.Args{"field": one.Def.Label, "view": view.Def.Label}
				c.warn(path, at+"/fields/"+fault.Escape(string(key)), fault.Issue{Code: "meta.viewUnseen", Args: args})
				break // one is enough to say it of the view
			}
		}
	}
}

// readUnseen warns of hooks before a save that read what a role which writes does not see whole: with its saves they
// find nothing there.
func (c *compiler) readUnseen(path, at string, role *Role, form *Form) {
	for _, s := range form.Scripts {
		if s.Def.Hook == nil || !slices.ContainsFunc(s.Def.Hook.On, setsFields) {
			continue
		}
		for _, named := range script.GlanceAt(s.Run.Source).Fields {
			if one, known := form.fields[value.FieldKey(named.Name)]; known && role.limitsSight(form.Key, one.Key) != "" {
				args := fault.Args{"field": one.Def.Label, "script": s.Run.Name, "line": named.Line}
				c.warn(path, at+"/fields/"+fault.Escape(named.Name), fault.Issue{Code: "script.readsUnseen", Args: args})
			}
		}
	}
}
