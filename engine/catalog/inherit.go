package catalog

import (
	"maps"

	"tidewater/engine/expr"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// inherit makes the limits that a role sets on a field hold for what shows that field elsewhere: a mirror
// of it, a formula, figure or default worked out from it, and what is worked out from those in turn. What
// the role states for such a field itself goes first: readOnly or shown there shows it all the same.
func (c *compiler) inherit() {
	for _, role := range c.catalog.Roles {
		role.limits = make(map[value.FormKey]map[value.FieldKey]meta.FieldAccess, len(role.Def.Forms))
		for key, rights := range role.Def.Forms {
			role.limits[key] = maps.Clone(rights.Fields)
		}
		// Limits only grow, so this ends; mostly in the second round.
		for grown := true; grown; {
			grown = false
			for key := range role.limits {
				if form := c.forms[key]; form != nil && role.inheritIn(form) {
					grown = true
				}
			}
		}
		for _, limits := range role.limits {
			maps.DeleteFunc(limits, func(_ value.FieldKey, limit meta.FieldAccess) bool { return limit == meta.Shown })
		}
	}
}

// inheritIn does one round for a form, and tells whether a limit has come or grown.
func (r *Role) inheritIn(form *Form) (grown bool) {
	stated := r.Def.Forms[form.Key].Fields
	for _, one := range form.Fields {
		if _, said := stated[one.Key]; said {
			continue
		}
		limit := r.limitOfSources(form, one)
		if limit == "" || r.limits[form.Key][one.Key] == limit {
			continue
		}
		if r.limits[form.Key] == nil {
			r.limits[form.Key] = map[value.FieldKey]meta.FieldAccess{}
		}
		r.limits[form.Key][one.Key] = limit
		grown = true
	}
	return grown
}

// limitOfSources is how the role limits sight of what a field is made of; "" for not. A mirror and a default
// are what they show, so that what is masked there can be masked here; any other value worked out from one
// that is not shown whole is hidden, because it has no characters of its own to mask.
func (r *Role) limitOfSources(form *Form, one *Field) meta.FieldAccess {
	switch one.Def.Kind {
	case field.Mirror:
		via, ok := form.fields[one.Def.Via]
		if !ok || r.limitsSight(form.Key, via.Key) != "" {
			return r.limitsSight(form.Key, one.Def.Via)
		}
		return r.limitsSight(via.Def.Ref, one.Def.Of)
	case field.Rollup:
		return r.hiddenBy(one.Def.From, form.readsOfFeed(one))
	}
	for _, worked := range append([]*Field{one}, one.Columns...) {
		if worked.compute != nil && r.hiddenBy(form.Key, without(one, fieldsRead(worked.compute))) != "" {
			return meta.Hidden
		}
	}
	return r.limitOfDefault(form, one)
}

func (r *Role) limitOfDefault(form *Form, one *Field) meta.FieldAccess {
	limit := meta.FieldAccess("")
	for _, given := range append([]*Field{one}, one.Columns...) {
		if given.byDefault == nil {
			continue
		}
		for _, key := range without(one, fieldsRead(given.byDefault)) {
			if found := r.limitsSight(form.Key, key); found == meta.Hidden || limit == "" {
				limit = found
			}
		}
	}
	return limit
}

// limitsSight is the role's limit on seeing a field: hidden, masked, or "" for seeing it.
func (r *Role) limitsSight(form value.FormKey, key value.FieldKey) meta.FieldAccess {
	if limit := r.limits[form][key]; limit == meta.Hidden || limit == meta.Masked {
		return limit
	}
	return ""
}

func (r *Role) hiddenBy(form value.FormKey, keys []value.FieldKey) meta.FieldAccess {
	for _, key := range keys {
		if r.limitsSight(form, key) != "" {
			return meta.Hidden
		}
	}
	return ""
}

// fieldsRead are the fields that an expression depends on, before the change too.
func fieldsRead(program *expr.Program) []value.FieldKey {
	var out []value.FieldKey
	for _, path := range program.Reads() {
		out = append(out, path.Field)
	}
	for _, path := range program.ReadsOld() {
		out = append(out, path.Field)
	}
	return out
}

// without takes the field itself away: a column that reads another of its table tells nothing new.
func without(one *Field, keys []value.FieldKey) []value.FieldKey {
	var out []value.FieldKey
	for _, key := range keys {
		if key != one.Key {
			out = append(out, key)
		}
	}
	return out
}

// readsOfFeed are the fields of the child form that a rollup is made of.
func (f *Form) readsOfFeed(rollup *Field) []value.FieldKey {
	for _, feed := range f.FedBy {
		if feed.Field == rollup {
			return append([]value.FieldKey{feed.Via, feed.Of}, feed.reads...)
		}
	}
	return nil
}
