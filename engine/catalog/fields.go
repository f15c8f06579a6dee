package catalog

import (
	"maps"
	"slices"
	"strconv"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// maxFields bounds the fields of a form, and the columns of a table.
const maxFields = 300

// compileFields checks each definition by its kind and lays the fields of each form out in order.
func (c *compiler) compileFields() {
	for _, form := range c.inKeyOrder() {
		before := len(c.issues)
		c.checkFields(form)
		c.broken[form.Key] = len(c.issues) > before
	}
	for _, form := range c.inKeyOrder() {
		c.resolveFields(form)
		c.checkUnique(form)
	}
}

// checkUnique holds that stores can keep the groups: of single values only.
func (c *compiler) checkUnique(form *Form) {
	for n, group := range form.Def.Unique {
		if len(group) == 0 {
			c.say(form.file, "/x-unique/"+strconv.Itoa(n), fault.Issue{Code: "field.tooFew", Args: fault.Args{"min": 1}})
		}
		for m, key := range group {
			if one := form.fields[key]; one != nil && (one.Multi || one.Type == "") {
				at := "/x-unique/" + strconv.Itoa(n) + "/" + strconv.Itoa(m)
				c.say(form.file, at, fault.Issue{Code: "meta.fieldOption", Args: fault.Args{"key": "x-unique", "kind": one.Def.Kind}})
			}
		}
	}
}

func (c *compiler) checkFields(form *Form) {
	def := &form.Def
	if len(def.Properties) == 0 {
		c.say(form.file, "/properties", fault.Issue{Code: "meta.missing", Args: fault.Args{"key": "properties"}})
	}
	if len(def.Properties) > maxFields {
		c.say(form.file, "/properties", fault.Issue{Code: "meta.tooMany", Args: fault.Args{"max": maxFields}})
	}
	for _, key := range slices.Sorted(maps.Keys(def.Properties)) {
		property := def.Properties[key]
		at := "/properties/" + fault.Escape(string(key))
		kind, ok := field.Of(property.Kind)
		if !ok {
			c.say(form.file, at+"/x-field", fault.Issue{Code: "meta.fieldKind", Args: fault.Args{"kind": property.Kind}})
			continue
		}
		c.add(form.file, kind.Check(&property).Under(at))
		c.namesKnown(form.file, at+"/x-order", property.Order, property.Properties)
		c.namesKnown(form.file, at+"/required", property.Required, property.Properties)
	}
	c.namesKnown(form.file, "/x-order", def.Order, def.Properties)
	c.namesKnown(form.file, "/required", def.Required, def.Properties)
	c.namesKnown(form.file, "/x-title", []value.FieldKey{def.Title}, def.Properties)
	for n, group := range def.Unique {
		c.namesKnown(form.file, "/x-unique/"+strconv.Itoa(n), group, def.Properties)
	}
	c.checkPage(form)
}

// checkPage holds the sections and the tabs of a page against the fields, and against each other.
func (c *compiler) checkPage(form *Form) {
	def := &form.Def
	tabs := map[string]bool{}
	for n, tab := range def.Tabs {
		at := "/x-tabs/" + strconv.Itoa(n)
		c.checkLabel(form.file, at+"/label", tab.Label)
		if tabs[tab.Key] {
			c.say(form.file, at+"/key", fault.Issue{Code: "meta.duplicate", Args: fault.Args{"key": tab.Key}})
		}
		tabs[tab.Key] = true
	}
	for n, section := range def.Sections {
		at := "/x-sections/" + strconv.Itoa(n)
		c.checkLabel(form.file, at+"/label", section.Label)
		c.namesKnown(form.file, at+"/fields", section.Fields, def.Properties)
		if section.Tab != "" && !tabs[section.Tab] {
			c.say(form.file, at+"/tab", reference(section.Tab))
		}
	}
	for n, tab := range def.Tabs {
		if !slices.ContainsFunc(def.Sections, func(s meta.Section) bool { return s.Tab == tab.Key }) {
			c.say(form.file, "/x-tabs/"+strconv.Itoa(n), fault.Issue{Code: "meta.emptyTab", Args: fault.Args{"key": tab.Key}})
		}
	}
}

// namesKnown holds a list of names against the fields there are; a name stands once.
func (c *compiler) namesKnown(file, path string, names []value.FieldKey, fields map[value.FieldKey]meta.Field) {
	for n, name := range names {
		at := path + "/" + strconv.Itoa(n)
		if _, ok := fields[name]; !ok {
			c.say(file, at, reference(string(name)))
		}
		if slices.Index(names, name) < n {
			c.say(file, at, fault.Issue{Code: "meta.duplicate", Args: fault.Args{"key": name}})
		}
	}
}

// resolveFields gives each field the kind of its values, which for a mirror or rollup stands in another form.
func (c *compiler) resolveFields(form *Form) {
	form.fields = map[value.FieldKey]*Field{}
	told := c.broken[form.Key] // what is wrong by itself need not be told again as what cannot be resolved
	for _, key := range inOrder(form.Def.Order, form.Def.Properties) {
		def := form.Def.Properties[key]
		at := "/properties/" + fault.Escape(string(key))
		if _, ok := field.Of(def.Kind); !ok {
			continue
		}
		resolved, issues := c.resolve(form.Key, key, def)
		if len(issues) > 0 {
			if !told && !c.blamesElsewhere(form, &def) {
				c.add(form.file, issues.Under(at))
			}
			c.broken[form.Key] = true
			continue
		}
		form.Fields = append(form.Fields, resolved)
		form.fields[key] = resolved
	}
	form.system = systemFields(c.pooled(form.Key), c.grouped(form.Key))
}

// blamesElsewhere tells whether a field derives from a form that has faults of its own: those are told there.
func (c *compiler) blamesElsewhere(form *Form, def *meta.Field) bool {
	source := def.From
	if def.Kind == field.Mirror {
		source = form.Def.Properties[def.Via].Ref
	}
	return c.claimed[source] && source != form.Key && (c.forms[source] == nil || c.broken[source])
}

func (c *compiler) resolve(form value.FormKey, key value.FieldKey, def meta.Field) (*Field, fault.Issues) {
	kind, as, issues := field.Resolve(&def, c.lookup(form, []string{string(form) + "." + string(key)}))
	if len(issues) > 0 {
		return nil, issues
	}
	out := &Field{Key: key, Def: def, Kind: kind, As: as, Shape: kind.Shape(as)}
	for _, name := range inOrder(def.Order, def.Properties) {
		column, issues := c.resolve(form, name, def.Properties[name])
		if len(issues) > 0 {
			return nil, issues.Under("/properties/" + fault.Escape(string(name)))
		}
		column.Table = out
		out.Columns = append(out.Columns, column)
	}
	return out, nil
}

// lookup finds the definition of another field's values, seen from a form. on is the way that led here:
// a mirror of a mirror is followed, a circle is not.
func (c *compiler) lookup(home value.FormKey, on []string) field.Lookup {
	return func(form value.FormKey, key value.FieldKey) (*meta.Field, bool) {
		if form == "" {
			form = home
		}
		found, ok := c.forms[form]
		if !ok {
			return nil, false
		}
		def, ok := found.Def.Properties[key]
		name := string(form) + "." + string(key)
		if !ok || slices.Contains(on, name) {
			return nil, false
		}
		_, as, issues := field.Resolve(&def, c.lookup(form, append(slices.Clone(on), name)))
		return as, len(issues) == 0
	}
}

// inOrder lists keys as people see the fields: those named first, the rest by key.
func inOrder(named []value.FieldKey, fields map[value.FieldKey]meta.Field) []value.FieldKey {
	out := make([]value.FieldKey, 0, len(fields))
	for _, key := range named {
		if _, ok := fields[key]; ok && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return out
}

// systemFields are the fields that every record has, as filters, sorts and groups name them.
func systemFields(pooled, grouped bool) map[value.FieldKey]*Field {
	kinds := map[value.FieldKey]meta.FieldKind{
		value.SysID: field.Text, value.SysVersion: field.Number,
		value.SysCreatedAt: field.Datetime, value.SysCreatedBy: field.Member,
		value.SysUpdatedAt: field.Datetime, value.SysUpdatedBy: field.Member,
		value.SysDeletedAt: field.Datetime,
	}
	if pooled {
		maps.Copy(kinds, custodyFields())
	}
	if grouped {
		maps.Copy(kinds, groupFields())
	}
	out := make(map[value.FieldKey]*Field, len(kinds))
	for key, name := range kinds {
		def := meta.Field{Kind: name}
		kind, as, _ := field.Resolve(&def, nil)
		out[key] = &Field{Key: key, Def: def, Kind: kind, As: as, Shape: kind.Shape(as)}
	}
	return out
}
