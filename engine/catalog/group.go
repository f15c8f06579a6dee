package catalog

import (
	"slices"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Several pools may work on one target at once, each by a record of its own: these are a group. The first of them
// that wins takes the target, and the others close.

// groupFields are the system fields that the records of forms have whose pools know groups.
func groupFields() map[value.FieldKey]meta.FieldKind {
	return map[value.FieldKey]meta.FieldKind{
		value.SysGroup: field.Text, value.SysGroupWonAt: field.Datetime, value.SysClosedBy: field.Text, value.SysClosedIn: field.Text,
		value.SysBeside: field.Boolean,
	}
}

// grouped tells whether some pool of a form knows groups.
func (c *compiler) grouped(form value.FormKey) bool {
	for _, def := range c.pools {
		if def.Form == form && def.Group != nil {
			return true
		}
	}
	return false
}

// Grouped tells whether records of the form can stand for one target together.
func (f *Form) Grouped() bool {
	return slices.ContainsFunc(f.Pools, func(p *Pool) bool { return p.Def.Group != nil })
}

// Shared are the fields that all records of a group hold alike, in the form's order.
func (f *Form) Shared() []*Field {
	return slices.DeleteFunc(slices.Clone(f.Fields), func(one *Field) bool { return one.Def.Group == "" })
}

// Wins tells whether a record that is in the pool has won its group. A condition that fails is not met.
func (p *Pool) Wins(r *value.Record, ctx expr.Context) bool {
	if p.wins == nil {
		return false
	}
	holds, err := p.wins.Holds(ctx, r.WithSystem())
	return err == nil && holds
}

// ReverseDays is how long who has won a group may be reversed.
func (p *Pool) ReverseDays() int {
	if p.Def.Group == nil || p.Def.Group.ReverseDays == nil {
		return defaultReverseDays
	}
	return *p.Def.Group.ReverseDays
}

const defaultReverseDays = 7

// group checks what a pool says of groups.
func (s sheet) group(p *Pool) {
	def := p.Def.Group
	if def == nil {
		return
	}
	p.wins = s.condition("/group/wins", def.Wins)
	s.field("/group/stage", def.Stage, choices...)
	if def.Content && p.Def.Activity == nil {
		s.missing("/group", "activity")
	}
}

// checkShared refuses fields that the records of a group could not hold alike.
func (c *compiler) checkShared() {
	for _, form := range c.sound() {
		for _, one := range form.Shared() {
			path := "/properties/" + fault.Escape(string(one.Key)) + "/x-group"
			held := form.Def.Holders
			switch {
			case !form.Grouped():
				c.say(form.file, path, fault.Issue{Code: "meta.missing", Args: fault.Args{"key": "pools/…/group"}})
			case one.Computed() || one.Refers() || one.Rows || slices.Contains(form.Files, one) || one.As.Kind == field.Autonumber ||
				slices.Contains([]value.FieldKey{held.Owner, held.Unit, held.Zone}, one.Key) || form.alone(one):
				c.say(form.file, path, fault.Issue{Code: "meta.unsuited"})
			}
		}
	}
}

// alone tells whether no two records may hold the same of a field and of others that are shared as well.
func (f *Form) alone(one *Field) bool {
	shared := func(key value.FieldKey) bool { other, known := f.fields[key]; return known && other.Def.Group != "" }
	return one.Def.Unique || slices.ContainsFunc(f.Def.Unique, func(group []value.FieldKey) bool {
		return slices.Contains(group, one.Key) && !slices.ContainsFunc(group, func(key value.FieldKey) bool { return !shared(key) })
	})
}
