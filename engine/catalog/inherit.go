package catalog

import (
	"maps"

	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// inherit makes the limits that a role sets on a field hold for what shows that field elsewhere: a
// mirror of it, and a figure worked out from it. A limit that the role states there itself goes first,
// so readOnly on a mirror shows it all the same.
func (c *compiler) inherit() {
	for _, role := range c.catalog.Roles {
		role.limits = make(map[value.FormKey]map[value.FieldKey]meta.FieldAccess, len(role.Def.Forms))
		for key, rights := range role.Def.Forms {
			role.limits[key] = rights.Fields
			if form := c.forms[key]; form != nil {
				role.limits[key] = role.inherited(form, rights.Fields)
			}
		}
	}
}

func (r *Role) inherited(form *Form, stated map[value.FieldKey]meta.FieldAccess) map[value.FieldKey]meta.FieldAccess {
	out := stated
	for _, one := range form.Fields {
		limit := r.limitOfSource(form, one)
		if _, said := stated[one.Key]; said || limit == "" {
			continue
		}
		if len(out) == len(stated) {
			if out = maps.Clone(stated); out == nil {
				out = map[value.FieldKey]meta.FieldAccess{}
			}
		}
		out[one.Key] = limit
	}
	return out
}

// limitOfSource is how the role limits sight of the field that a mirror or rollup is made of; "" for not.
func (r *Role) limitOfSource(form *Form, one *Field) meta.FieldAccess {
	switch one.Def.Kind {
	case field.Mirror:
		via, ok := form.fields[one.Def.Via]
		if !ok {
			return ""
		}
		limit := r.Def.Forms[via.Def.Ref].Fields[one.Def.Of]
		if limit == meta.Hidden || limit == meta.Masked {
			return limit
		}
	case field.Rollup:
		limit := r.Def.Forms[one.Def.From].Fields[one.Def.Of]
		if limit == meta.Hidden || limit == meta.Masked {
			return meta.Hidden // a figure has no characters to mask
		}
	}
	return ""
}
