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

// hold keeps them up to the next follow-up, in place of what was held; none lets go of all.
func (c *custody) hold(values value.Doc, since int64) {
	if len(values) == 0 {
		c.letGo()
		return
	}
	var list value.List
	for _, key := range slices.Sorted(maps.Keys(values)) {
		kept := value.Doc{heldField: key}
		if values[key] != nil {
			kept[heldWas] = value.Clone(values[key])
		}
		list = append(list, kept)
	}
	c.values[string(value.SysHeld)] = list
	c.values.Put(value.SysHeldSince, since)
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

// decided is what counts of both: the verdict on the record as it is, or with what is held in its place where that takes
// it earlier.
func (c *custody) decided() Verdict {
	now := c.verdict()
	if was := c.of(c.held()); was.before(now) {
		was.Held = true
		return was
	}
	return now
}

// before tells whether a verdict takes a record earlier than another, of which the zero value never does.
func (v Verdict) before(other Verdict) bool {
	return v.At != 0 && (other.At == 0 || v.At < other.At)
}

// holdBack keeps what the fields held that the owner changes, where that would spare the record longer, or where nothing
// takes it now and so nobody can tell. A counted follow-up lets go of all, and whoever else changes a field of that one.
func (c *custody) holdBack() {
	held, since, active := c.held(), c.values.At(value.SysHeldSince), c.values.At(value.SysActivityAt)
	if len(held) > 0 && active > since {
		c.letGo()
		held = nil
	}
	left := maps.Clone(held)
	maps.DeleteFunc(left, func(key string, _ any) bool {
		return c.changed(value.FieldKey(key)) && !c.ownerChanged(value.FieldKey(key))
	})
	if len(left) < len(held) {
		c.hold(left, since)
	}
	// Whoever follows up and changes the record at once has followed up.
	if !c.byOwner() || active != c.before.At(value.SysActivityAt) {
		return
	}
	changed := c.changedForRules()
	if len(changed) == 0 {
		return
	}
	maps.Copy(changed, left) // what was held first counts
	now, was := c.decided(), c.of(changed)
	if was.before(now) || was.At == 0 && now.At == 0 {
		c.hold(changed, max(since, active))
	}
}

func (c *custody) changed(key value.FieldKey) bool {
	return !value.Equal(c.values[string(key)], c.before[string(key)])
}

// ownerChanged tells whether it is the owner who changes a field.
func (c *custody) ownerChanged(key value.FieldKey) bool {
	return c.byOwner() && c.changed(key) && c.said(key, map[value.FieldKey]bool{})
}

// said tells whether what a field holds is what this save has changed: somebody's own word, or what is worked out from
// it. What follows from other records is not. asked are the fields that were looked at before.
func (c *custody) said(key value.FieldKey, asked map[value.FieldKey]bool) bool {
	one, own := c.form.fields[key]
	if !own || asked[key] {
		return false
	}
	asked[key] = true
	switch {
	case one.Def.Kind == field.Rollup:
		return false
	case one.Def.Kind == field.Mirror:
		return c.said(one.Def.Via, asked)
	case one.compute != nil:
		return slices.ContainsFunc(fieldsRead(one.compute), func(of value.FieldKey) bool { return c.said(of, asked) })
	}
	return c.changed(key)
}

// changedForRules are the values before of the fields that the rules of the home pool decide by, which the
// owner changes. What a rule's clock reads is not among them: to move that on is to follow up.
func (c *custody) changedForRules() value.Doc {
	p, ok := c.form.PoolOf(c.values)
	if !ok {
		return nil
	}
	out := value.Doc{}
	note := func(key value.FieldKey) {
		if c.ownerChanged(key) {
			out[string(key)] = c.before[string(key)]
		}
	}
	note(p.Def.Tier)
	for _, rule := range p.Rules {
		programs := append([]*expr.Program{rule.days}, rule.exempt...)
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
