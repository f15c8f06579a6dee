package catalog

import (
	"slices"
	"strings"
	"time"

	"tidewater/engine/field"
	"tidewater/engine/org"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// Derive gives a record what the stores keep beside its values: sort keys, local days, search text and
// tokens, principals. Its times and authors must be set. zone is the tenant's.
func (f *Form) Derive(r *value.Record, zone *time.Location, people *org.Snapshot) {
	shadow := value.Doc{}
	for key, one := range f.sorted {
		sorter := one.Kind.(field.Sorter)
		if v := r.Values[string(key)]; v != nil {
			shadow[value.ShadowSort+string(key)] = sorter.SortKey(one.As, v)
		}
	}
	for _, key := range f.dated {
		if ms, ok := r.Values[string(key)].(int64); ok {
			shadow[value.ShadowDay+string(key)] = value.DayOf(time.UnixMilli(ms), zone)
		}
	}
	shadow[value.ShadowDay+string(value.SysCreatedAt)] = value.DayOf(r.CreatedAt, zone)
	shadow[value.ShadowDay+string(value.SysUpdatedAt)] = value.DayOf(r.UpdatedAt, zone)
	r.Tokens = []string{} // not nil, by which a store would leave those of a text that is gone
	if texts := f.texts(r.Values); len(texts) > 0 {
		for n, t := range texts {
			texts[n] = text.Fold(t)
		}
		// A term has no line end, so that none is found across two fields.
		folded := strings.Join(texts, "\n")
		shadow[value.ShadowText] = folded
		r.Tokens = text.FoldedTokens(folded)
	}
	if keys := f.duplicateKeys(r.Values); len(keys) > 0 {
		shadow[value.ShadowDuplicates] = keys
	}
	r.Shadow = shadow
	r.Principals = people.Principals(f.holders(r, people))
	for _, share := range r.Values.Shares() {
		r.Principals = append(r.Principals, org.GuestPrincipal(share.With))
	}
	if key := r.Values.Text(value.SysPool); key != "" && len(f.Pools) > 0 && f.OwnerOf(r.Values) == "" {
		r.Principals = append(r.Principals, PoolPrincipal(key))
	}
	slices.Sort(r.Principals)
	r.Principals = slices.Compact(r.Principals)
}

// PoolPrincipal is the word for records of a pool that nobody owns.
func PoolPrincipal(key string) string { return "pool:" + key }

// texts are what search finds a record by.
func (f *Form) texts(values value.Doc) []string {
	var out []string
	for _, one := range f.Searched {
		if v := values[string(one.Key)]; v != nil {
			out = append(out, one.Kind.(field.Texter).Texts(one.As, v)...)
		}
	}
	return out
}

// holders are those a record belongs to. A form that names no owner belongs to whoever made it; a record
// without a unit of its own stands in its owner's.
func (f *Form) holders(r *value.Record, people *org.Snapshot) org.Holders {
	named := f.Def.Holders
	owner := f.HolderOf(r)
	var h org.Holders
	user, isPerson := people.User(owner)
	if isPerson {
		h.People = []value.ID{owner}
	}
	for _, id := range idsAt(r.Values, named.With) {
		if _, known := people.User(id); known {
			h.People = append(h.People, id)
		}
	}
	if unit := idAt(r.Values, named.Unit); unit != "" {
		h.Units = []value.ID{unit}
	} else if isPerson && user.Unit != "" {
		h.Units = []value.ID{user.Unit}
	}
	if zone := idAt(r.Values, named.Zone); zone != "" {
		if z, ok := people.ZoneByKey(string(zone)); ok {
			zone = z.ID
		}
		h.Zones = []value.ID{zone}
	}
	return h
}

func idAt(values value.Doc, key value.FieldKey) value.ID {
	id, _ := values[string(key)].(string)
	return value.ID(id)
}

// idsAt are the ids that a field holds, be it one or a list.
func idsAt(values value.Doc, key value.FieldKey) []value.ID {
	list, isList := values[string(key)].(value.List)
	if !isList {
		list = value.List{values[string(key)]}
	}
	var out []value.ID
	for _, one := range list {
		if id, ok := one.(string); ok {
			out = append(out, value.ID(id))
		}
	}
	return out
}

// Names that stand for the organisation where a form's key tells what an id refers to; no form can have them.
const (
	People value.FormKey = "$user"
	Units  value.FormKey = "$unit"
	Zones  value.FormKey = "$zone"
)

// Refers tells whether the values name records, by id alone or with their form.
func (f *Field) Refers() bool { return f.Refs || f.As.Kind == field.AnyRef }

// Named is the record that a stored value of a field that refers names.
func (f *Field) Named(stored value.ID) (value.FormKey, value.ID) {
	if f.As.Kind == field.AnyRef {
		return field.Named(string(stored))
	}
	return f.As.Ref, stored
}

// Naming is the stored value by which a field that refers names a record.
func (f *Field) Naming(form value.FormKey, id value.ID) value.ID {
	if f.As.Kind == field.AnyRef {
		return value.ID(field.Naming(form, id))
	}
	return id
}

// Target tells what the ids of a field refer to; "" where its values are no ids, or tell it themselves.
func (f *Field) Target() value.FormKey {
	switch f.As.Kind {
	case field.Reference, field.References:
		return f.As.Ref
	case field.Member, field.Members:
		return People
	case field.OrgUnit, field.OrgUnits:
		return Units
	case field.Zone:
		return Zones
	}
	return ""
}

// EachReference visits the id of every record that the values refer to, in rows too. Files, people, units
// and zones are no records.
func (f *Form) EachReference(values value.Doc, visit func(one *Field, target value.FormKey, id value.ID)) {
	f.EachNamed(values, func(one *Field, target value.FormKey, id value.ID) {
		if target[0] != '$' {
			visit(one, target, id)
		}
	})
}

// EachOrgValue visits every person, unit and zone that the values name, in rows too; kind is that of the
// field's values: member, orgunit or zone.
func (f *Form) EachOrgValue(values value.Doc, visit func(one *Field, kind string, id value.ID)) {
	f.EachNamed(values, func(one *Field, target value.FormKey, id value.ID) {
		switch target {
		case People:
			visit(one, string(field.Member), id)
		case Units:
			visit(one, string(field.OrgUnit), id)
		case Zones:
			visit(one, string(field.Zone), id)
		}
	})
}

// EachNamed visits the ids of both: target is a form, or People, Units or Zones.
func (f *Form) EachNamed(values value.Doc, visit func(one *Field, target value.FormKey, id value.ID)) {
	for _, one := range f.naming {
		one.eachID(values, visit)
		for _, row := range rowsOf(values, one) {
			for _, column := range one.Columns {
				column.eachID(row, visit)
			}
		}
	}
}

func (f *Field) eachID(doc value.Doc, visit func(*Field, value.FormKey, value.ID)) {
	if f.As.Kind == field.AnyRef {
		stored, _ := doc[string(f.Key)].(string)
		if target, id := field.Named(stored); id != "" {
			visit(f, target, id)
		}
		return
	}
	target := f.Target()
	if target == "" {
		return
	}
	switch v := doc[string(f.Key)].(type) {
	case string:
		visit(f, target, value.ID(v))
	case value.List:
		for _, e := range v {
			if id, ok := e.(string); ok {
				visit(f, target, value.ID(id))
			}
		}
	}
}

// EachEncodedReference visits every {"id": …} of encoded values, in rows too, so that titles can be put
// beside the ids. target is a form, or People, Units or Zones.
func (f *Form) EachEncodedReference(values map[string]any, visit func(target value.FormKey, ref map[string]any)) {
	for _, one := range f.naming {
		one.eachRef(values[string(one.Key)], visit)
		if len(one.Columns) == 0 {
			continue
		}
		rows, _ := values[string(one.Key)].([]any)
		for _, row := range rows {
			cells, _ := row.(map[string]any)
			for _, column := range one.Columns {
				column.eachRef(cells[string(column.Key)], visit)
			}
		}
	}
}

func (f *Field) eachRef(v any, visit func(value.FormKey, map[string]any)) {
	target := f.Target()
	if object, ok := v.(map[string]any); ok && f.As.Kind == field.AnyRef {
		form, _ := object["form"].(string)
		target = value.FormKey(form)
	}
	if target == "" {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		visit(target, v)
	case []any:
		for _, e := range v {
			f.eachRef(e, visit)
		}
	}
}

// dated tells whether a datetime's local day is kept.
func (f *Form) isDated(key value.FieldKey) bool {
	return slices.Contains(f.dated, key) || key == value.SysCreatedAt || key == value.SysUpdatedAt
}
