package catalog

import (
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// sheet is one document being checked against the form that it is about.
type sheet struct {
	*compiler
	file string
	form *Form // nil where it cannot be used; what needs it is then not checked
}

// sheetOf begins the check of a document; a form that does not exist is said.
func (c *compiler) sheetOf(file, at string, form value.FormKey) sheet {
	s := sheet{compiler: c, file: file}
	switch {
	case !c.claimed[form]:
		s.fault(at, reference(string(form)))
	case !c.broken[form]:
		s.form = c.forms[form]
	}
	return s
}

func (s sheet) fault(path string, issue fault.Issue) { s.say(s.file, path, issue) }

// missing says that a setting is needed here.
func (s sheet) missing(path, key string) {
	s.fault(path, fault.Issue{Code: "meta.missing", Args: fault.Args{"key": key}})
}

// unsuited says that a setting has no place beside another.
func (s sheet) unsuited(path string) { s.fault(path, fault.Issue{Code: "meta.unsuited"}) }

// unique holds that names are given once.
func (s sheet) unique(path, key string, seen *[]string) {
	if slices.Contains(*seen, key) {
		s.fault(path, fault.Issue{Code: "meta.duplicate", Args: fault.Args{"key": key}})
	}
	*seen = append(*seen, key)
}

// field holds that the form has a field, of one of some kinds if any are named; nil where it has not.
func (s sheet) field(path string, key value.FieldKey, kinds ...meta.FieldKind) *Field {
	if key == "" || s.form == nil {
		return nil
	}
	one, ok := s.form.fields[key]
	switch {
	case !ok:
		s.fault(path, reference(string(key)))
		return nil
	case len(kinds) > 0 && !slices.Contains(kinds, one.As.Kind):
		s.fault(path, fault.Issue{Code: "meta.wrongKind", Args: fault.Args{"kind": one.As.Kind}})
		return nil
	}
	return one
}

func (s sheet) fields(path string, keys []value.FieldKey) {
	for n, key := range keys {
		s.field(path+"/"+strconv.Itoa(n), key)
	}
}

// filter checks a condition that stores must decide.
func (s sheet) filter(path, source string) *expr.Pushed {
	if s.form == nil {
		return nil
	}
	return s.pushed(s.file, path, source, s.form.filterEnv)
}

// condition checks a condition on one record, with the record before.
func (s sheet) condition(path, source string) *expr.Program {
	return s.gives(path, source, condition, nil)
}

// ofNoRecord checks a condition on who asks and when: there is no record whose fields it could read.
func (s sheet) ofNoRecord(path, source string) *expr.Program {
	if s.form == nil {
		return nil
	}
	return s.program(s.file, path, source, expr.Env{Actor: true, Functions: s.form.catalog.functions}, condition)
}

// gives checks an expression of a type over the record, and returns it; nil where there is none to use.
func (s sheet) gives(path, source string, want expr.Type, more map[string]expr.Type) *expr.Program {
	if s.form == nil {
		return nil
	}
	env := s.form.env()
	for key, system := range s.form.system {
		env.Fields[string(key)] = typeOf(system)
	}
	for name, typ := range more {
		env.Fields[name] = typ
	}
	return s.program(s.file, path, source, env, want)
}

// sets checks the expressions that give another form's, or this form's, fields their values.
func (s sheet) sets(path string, target *Form, values map[value.FieldKey]string) {
	for _, key := range sortedKeys(values) {
		at := path + "/" + fault.Escape(string(key))
		if target == nil {
			continue
		}
		one, ok := target.fields[key]
		if !ok {
			s.fault(at, reference(string(key)))
			continue
		}
		if one.Computed() || one.Rows || len(one.Parts) > 0 {
			s.fault(at, fault.Issue{Code: "meta.unsuited"})
			continue
		}
		s.gives(at, values[key], typeOf(one), map[string]expr.Type{"record": {Kind: expr.Text}})
	}
}

// people checks who is named: a role must exist. Users, units and zones are the tenant's, not the app's.
func (s sheet) people(path string, list []meta.Who) {
	for n, who := range list {
		for _, name := range who.Names() {
			role, isRole := strings.CutPrefix(name, "role:")
			if _, ok := s.bundle["roles/"+role+".json"]; isRole && !ok {
				s.fault(path+"/"+strconv.Itoa(n), fault.Issue{Code: "meta.role", Args: fault.Args{"key": role}})
			}
		}
	}
}

// document holds that another document of the bundle exists.
func (s sheet) document(path, folder, key string) {
	if _, ok := s.bundle[folder+"/"+key+".json"]; key != "" && !ok {
		s.fault(path, reference(key))
	}
}

// options are the values that a field of choices can have.
func options(f *Field) []string {
	var out []string
	for _, o := range f.As.Options {
		out = append(out, o.Value)
	}
	return out
}

// option holds that a field of choices has a value.
func (s sheet) option(path string, f *Field, v string) {
	if f != nil && v != "" && !slices.Contains(options(f), v) {
		s.fault(path, fault.Issue{Code: "field.option", Args: fault.Args{"value": v}})
	}
}

// tiers holds that a table is by values of the field that says them.
func (s sheet) tiers(path string, by *Field, table map[string]int) {
	for _, key := range sortedKeys(table) {
		if by != nil {
			s.option(path+"/"+fault.Escape(key), by, key)
		}
	}
}

// choices are the kinds of fields with single choices.
var choices = []meta.FieldKind{field.Select, field.Stage}
