package record

import (
	"context"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// reading is an actor to whom explanations are told: in their language, and as they see records now.
type reading struct {
	*visit
	ctx context.Context
	in  Language
	// draft is how much they see of the record at hand, by field; that one's Refs have its id.
	draft   func(key value.FieldKey) access.Sight
	fetched map[parentKey]*value.Record
	err     error // of the store; what could not be fetched is hidden
}

func (v *visit) reading(ctx context.Context, in Language) *reading {
	return &reading{visit: v, ctx: ctx, in: in, fetched: map[parentKey]*value.Record{}}
}

// Say is for package explain.
func (r *reading) Say(code string, args fault.Args) string { return r.in.Say(code, args) }

// Label is for package explain.
func (r *reading) Label(l meta.Label) string { return l.In(r.in.Locale) }

// Zone is for package explain.
func (r *reading) Zone() *time.Location { return r.visit.Zone }

// fetch reads a record once; nil for one that is not there.
func (r *reading) fetch(form value.FormKey, id value.ID) *value.Record {
	if id == "" {
		return nil
	}
	key := parentKey{form, id}
	if known, read := r.fetched[key]; read {
		return known
	}
	found, err := r.Store.Get(r.ctx, form, id)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		r.err = err
	}
	r.fetched[key] = found
	return found
}

// Field tells how much of a value the actor sees, and what it is called.
func (e *explaining) Field(ref explain.Ref) explain.Seen {
	if ref.Form == explain.People {
		return explain.Seen{Text: e.actorText(ref)}
	}
	form, ok := e.catalog.Forms[ref.Form]
	if !ok {
		return explain.Seen{Sight: explain.Hidden}
	}
	sight := e.sightOf(form, ref)
	if ref.Field == "" {
		return explain.Seen{Sight: sight, Text: func(any) string { return "" }}
	}
	one, ok := form.Field(ref.Field)
	if !ok { // one that every record has, or one that is gone
		return explain.Seen{Sight: sight, Text: func(v any) string { return e.systemText(ref.Field, v) }}
	}
	seen := explain.Seen{Sight: sight}
	if !e.decision(form).SeesNowhere(ref.Field) {
		seen.Label = e.Label(one.Def.Label)
	}
	if column, ok := one.Column(ref.Column); ok {
		one = column
		if seen.Label != "" {
			seen.Label = e.Label(column.Def.Label)
		}
	}
	seen.Text = func(told any) string { return e.text(one, told, sight) }
	return seen
}

func (e *explaining) sightOf(form *catalog.Form, ref explain.Ref) explain.Sight {
	d := e.decision(form)
	switch {
	case ref.Form == e.form.Key && ref.ID == e.subject.ID:
		if ref.Field == "" {
			return explain.Whole
		}
		return sights[e.draft(ref.Field)]
	case ref.ID == "": // of every record
		if d.May(meta.Read) && (ref.Field == "" || d.SeesEverywhere(ref.Field)) {
			return explain.Whole
		}
		return explain.Hidden
	}
	other := e.fetch(ref.Form, ref.ID)
	if other == nil || other.Deleted() || !d.Reaches(meta.Read, other) {
		return explain.Hidden
	}
	if ref.Field == "" {
		return explain.Whole
	}
	return sights[d.Sees(ref.Field, other)]
}

var sights = map[access.Sight]explain.Sight{access.Whole: explain.Whole, access.Masked: explain.Masked, access.Hidden: explain.Hidden}

// text shows a field's value as people read it; "" leaves it to the value's type, which writes numbers and days.
func (e *explaining) text(one *catalog.Field, told any, sight explain.Sight) string {
	stored, issues := one.Kind.Decode(one.As, told)
	if sight == explain.Masked {
		if masked, ok := mask(one, stored).(string); ok && len(issues) == 0 {
			return masked
		}
		return e.Say("explain.hidden", nil)
	}
	if len(issues) > 0 || one.As.Kind == field.Number || one.As.Kind == field.Currency || one.As.Kind == field.Percent {
		return ""
	}
	if target := one.Target(); target != "" {
		return e.titlesText(target, stored)
	}
	if list, ok := stored.(value.List); ok && !one.Rows {
		texts := make([]string, 0, len(list))
		for _, v := range list {
			texts = append(texts, one.Text(v, e.in.Locale))
		}
		if whole := one.Text(stored, e.in.Locale); whole != "" {
			return whole
		}
		return e.Say("explain.texts", fault.Args{"values": texts})
	}
	return one.Text(stored, e.in.Locale)
}

// titlesText is the titles of what ids name, an id for one that the actor may not know.
func (e *explaining) titlesText(target value.FormKey, ids any) string {
	var all []value.ID
	switch ids := ids.(type) {
	case string:
		all = append(all, value.ID(ids))
	case value.List:
		for _, id := range ids {
			if id, ok := id.(string); ok {
				all = append(all, value.ID(id))
			}
		}
	}
	titles, err := e.titlesOf(e.ctx, target, all)
	if err != nil {
		e.err = err
		return ""
	}
	texts := make([]string, len(all))
	for n, id := range all {
		if texts[n] = titles[id]; texts[n] == "" {
			texts[n] = string(id)
		}
	}
	return e.Say("explain.texts", fault.Args{"values": texts})
}

func (e *explaining) systemText(key value.FieldKey, told any) string {
	if key == value.SysCreatedBy || key == value.SysUpdatedBy {
		return e.titlesText(catalog.People, told)
	}
	return ""
}

// actorText shows what is known of who acts by names.
func (e *explaining) actorText(ref explain.Ref) func(any) string {
	return func(told any) string {
		if list, ok := told.([]any); ok {
			stored := make(value.List, len(list))
			copy(stored, list)
			told = stored
		}
		switch ref.Field {
		case "id":
			return e.titlesText(catalog.People, told)
		case "unit":
			return e.titlesText(catalog.Units, told)
		case "zones":
			return e.titlesText(catalog.Zones, told)
		}
		keys, _ := told.(value.List)
		var texts []string
		for _, key := range keys {
			name, _ := key.(string)
			if role, ok := e.catalog.Roles[name]; ok {
				name = e.Label(role.Def.Label)
			}
			texts = append(texts, name)
		}
		return e.Say("explain.texts", fault.Args{"values": texts})
	}
}
