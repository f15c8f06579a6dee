package catalog

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Outdated lists the forms whose records may hold what another catalog made of them: computed fields,
// search texts, sort keys, days, principals. What a form takes from others comes after these; where forms
// take from each other in a circle, they are listed again, so that what comes back is taken too.
func (c *Catalog) Outdated(before *Catalog) []value.FormKey {
	changed := map[value.FormKey]bool{}
	for key, form := range c.Forms {
		was, known := before.Forms[key]
		changed[key] = !known || !bytes.Equal(form.derivation(), was.derivation())
	}
	return c.following(changed)
}

// following are the changed forms and all that take from them, each after those it takes from; twice where they take
// from each other in a circle.
func (c *Catalog) following(changed map[value.FormKey]bool) []value.FormKey {
	o := taking{catalog: c, changed: changed, seen: map[value.FormKey]passed{}}
	for _, form := range c.order {
		o.visit(form)
	}
	if o.circle {
		return append(o.list, o.list...)
	}
	return o.list
}

// derivation tells one way of making what is kept beside a record's values from another. What is only
// shown is no part of it.
func (f *Form) derivation() []byte {
	fields := make(map[value.FieldKey]meta.Field, len(f.Def.Properties))
	for key, def := range f.Def.Properties {
		fields[key] = bare(def)
	}
	made, err := json.Marshal(struct {
		Fields  map[value.FieldKey]meta.Field
		Title   value.FieldKey
		Holders meta.Holders
		Sorted  []value.FieldKey
		Pools   []meta.Pool
		Tables  []meta.Table
		Alike   []meta.Duplicate
	}{fields, f.Title, f.Def.Holders, slices.Sorted(maps.Keys(f.sorted)), f.custody(), f.asked(), f.alike()})
	if err != nil {
		return nil // structs of texts and numbers always marshal; unlike any other it would be made anew
	}
	return made
}

// alike are the duplicate rules without what only people read.
func (f *Form) alike() []meta.Duplicate {
	var out []meta.Duplicate
	for _, d := range f.Def.Duplicates {
		out = append(out, meta.Duplicate{Key: d.Key, Fields: d.Fields, Near: d.Near})
	}
	return out
}

// custody are the form's pools without what says nothing of where records are and when they leave.
func (f *Form) custody() []meta.Pool {
	var out []meta.Pool
	for _, p := range f.Pools {
		out = append(out, meta.Pool{
			Key: p.Def.Key, Priority: p.Def.Priority, When: p.Def.When, Fallback: p.Def.Fallback, Tier: p.Def.Tier, Reclaim: p.Def.Reclaim,
			Activity: p.Def.Activity, CountsAs: p.Def.CountsAs, Sweep: p.Def.Sweep, Lock: p.Def.Lock, ProtectDaysAfter: p.Def.ProtectDaysAfter,
		})
	}
	return out
}

// asked are the tables that computed fields and pools ask, without what only people read.
func (f *Form) asked() []meta.Table {
	programs := f.programsOfPools()
	for _, one := range f.steps {
		programs = append(programs, one.field.compute)
	}
	names := map[string]bool{}
	for _, program := range programs {
		if program == nil {
			continue
		}
		for _, name := range program.Calls() {
			names[name] = true
		}
	}
	out := make([]meta.Table, 0, len(names))
	for _, name := range slices.Sorted(maps.Keys(names)) {
		def := f.catalog.Tables[name].Def
		def.Label, def.Description, def.Maintained, def.Rows = nil, nil, nil, slices.Clone(def.Rows)
		for n := range def.Rows {
			def.Rows[n].Note = nil
		}
		out = append(out, def)
	}
	return out
}

// programsOfPools are the expressions by which records leave their owners; nil where a rule has none of a sort.
func (f *Form) programsOfPools() []*expr.Program {
	var out []*expr.Program
	for _, p := range f.Pools {
		for _, rule := range p.Rules {
			out = append(append(out, rule.clock, rule.days, rule.targetBy), rule.exempt...)
		}
	}
	return out
}

// bare is a field without what only people read, and what only a new value is held against.
func bare(def meta.Field) meta.Field {
	def.Label, def.Help, def.Mask, def.Default = nil, nil, "", ""
	def.RequiredIf, def.VisibleIf, def.ReadOnlyIf, def.ReadOnly, def.Turns = "", "", "", false, nil
	columns := make(map[value.FieldKey]meta.Field, len(def.Properties))
	for key, column := range def.Properties {
		columns[key] = bare(column)
	}
	def.Properties = columns
	return def
}

// OfWorkdays lists the forms whose records may hold what follows from which days are working days, in the order of
// Outdated.
func (c *Catalog) OfWorkdays() []value.FormKey {
	changed := map[value.FormKey]bool{}
	for key, form := range c.Forms {
		changed[key] = form.reckonsWorkdays()
	}
	return c.following(changed)
}

// reckonsWorkdays tells whether working days decide what is kept beside a form's values: by a unit, by a formula, or,
// as far as one sees from here, by a table that a formula asks.
func (f *Form) reckonsWorkdays() bool {
	programs := f.programsOfPools()
	for _, one := range f.steps {
		programs = append(programs, one.field.compute)
	}
	reckons := func(p *expr.Program) bool { return p != nil && (p.UsesCalendar() || len(p.Calls()) > 0) }
	inWorkdays := func(p *Pool) bool {
		return slices.ContainsFunc(p.Rules, func(r *ReclaimRule) bool { return r.Def.Unit == workday })
	}
	return slices.ContainsFunc(f.Pools, inWorkdays) || slices.ContainsFunc(programs, reckons)
}

type passed int

const (
	begun passed = iota + 1
	listed
)

// taking lists changed forms, and those that take from them, each after what it takes from.
type taking struct {
	catalog *Catalog
	changed map[value.FormKey]bool
	seen    map[value.FormKey]passed
	list    []value.FormKey
	circle  bool
}

// visit tells whether the form is to be listed, and lists it.
func (o *taking) visit(form *Form) bool {
	switch o.seen[form.Key] {
	case begun:
		o.circle = true
		return o.changed[form.Key]
	case listed:
		return o.changed[form.Key]
	}
	o.seen[form.Key] = begun
	for _, source := range o.catalog.sources(form) {
		if source != form && o.visit(source) {
			o.changed[form.Key] = true
		}
	}
	o.seen[form.Key] = listed
	if o.changed[form.Key] {
		o.list = append(o.list, form.Key)
	}
	return o.changed[form.Key]
}

// sources are the forms from whose records this one's hold something: by mirrors and rollups.
func (c *Catalog) sources(form *Form) []*Form {
	var out []*Form
	for _, one := range form.Fields {
		if one.Def.Kind != field.Mirror {
			continue
		}
		if via, ok := form.fields[one.Def.Via]; ok && c.Forms[via.Def.Ref] != nil {
			out = append(out, c.Forms[via.Def.Ref])
		}
	}
	for _, feed := range form.FedBy {
		out = append(out, feed.Child)
	}
	return out
}

// RecomputeNow is Recompute with the clock.
func (f *Form) RecomputeNow(values value.Doc, ctx expr.Context) fault.Issues {
	return f.Recompute(values, ctx, true)
}

// Recompute is Compute for a record that nobody is saving. What a formula makes of who saves, or of how the
// record was before, stays as that save made it; without clock, so does what depends on the time.
func (f *Form) Recompute(values value.Doc, ctx expr.Context, clock bool) fault.Issues {
	return f.run(values, ctx, func(p *expr.Program) bool {
		return !p.UsesActor() && len(p.ReadsOld()) == 0 && (clock || !p.UsesClock())
	})
}
