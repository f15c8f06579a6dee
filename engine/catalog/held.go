package catalog

import (
	"maps"
	"slices"

	"tidewater/engine/expr"
	"tidewater/engine/field"
	"tidewater/engine/value"
)

// What an owner changes of their own record may shorten its time at once; what would lengthen it waits for their next
// follow-up. So the record keeps what the fields held before, and the rules are asked of both.

// What SysHeld keeps of a field.
const (
	heldField = "field"
	heldWas   = "was"
)

// held are the values that are, nil for absent ones; nil where none are.
func (c *custody) held() value.Doc {
	list, _ := c.values[string(value.SysHeld)].(value.List)
	var out value.Doc
	for _, one := range list {
		if kept, ok := one.(value.Doc); ok {
			if out == nil {
				out = value.Doc{}
			}
			out[kept.Text(heldField)] = kept[heldWas]
		}
	}
	return out
}

// hold keeps them up to the next follow-up.
func (c *custody) hold(values value.Doc) {
	var list value.List
	for _, key := range slices.Sorted(maps.Keys(values)) {
		kept := value.Doc{heldField: key}
		if values[key] != nil {
			kept[heldWas] = value.Clone(values[key])
		}
		list = append(list, kept)
	}
	c.values[string(value.SysHeld)] = list
	c.values.Put(value.SysHeldSince, c.values.At(value.SysActivityAt))
}

// letGo forgets what was held: the rules go by what the record says.
func (c *custody) letGo() {
	c.values.Put(value.SysHeld, nil)
	c.values.Put(value.SysHeldSince, nil)
}

// of is what the rules say of the record with what is held in its place; the zero value where nothing is.
func (c *custody) of(held value.Doc) Verdict {
	if len(held) == 0 {
		return Verdict{}
	}
	was := *c
	was.next = c.next.Clone()
	was.values = was.next.Values
	for key, v := range held {
		if was.values[key] = v; v == nil {
			delete(was.values, key)
		}
	}
	return was.verdict()
}

// within is a deadline, or the one with what is held in its place, where that is earlier.
func (c *custody) within(at int64, held value.Doc) int64 {
	if was := c.of(held).At; was != 0 {
		return min(at, was)
	}
	return at
}

// changedForRules are the values before of the fields that the rules of the home pool read and that have changed, nil for
// none; what follows from other records is not among them, for its owner has not said it.
func (c *custody) changedForRules() value.Doc {
	p, ok := c.form.PoolOf(c.values)
	if !ok {
		return nil
	}
	out := value.Doc{}
	note := func(key value.FieldKey) {
		one, own := c.form.fields[key]
		if own && one.Def.Kind != field.Rollup && one.Def.Kind != field.Mirror && !value.Equal(c.values[string(key)], c.before[string(key)]) {
			out[string(key)] = c.before[string(key)]
		}
	}
	note(p.Def.Tier)
	for _, rule := range p.Rules {
		programs := rule.programs()
		if rule.when != nil {
			programs = append(programs, rule.when.Program())
		}
		for _, program := range programs {
			if program == nil {
				continue
			}
			for _, key := range fieldsRead(program) {
				note(key)
			}
		}
	}
	return out
}

// programs are the expressions by which a rule decides on a record that it is for; nil where it has none of a sort.
func (r *ReclaimRule) programs() []*expr.Program {
	return append([]*expr.Program{r.clock, r.days}, r.exempt...)
}
