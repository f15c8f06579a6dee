package proof

import (
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// sight is what the actor of a case sees and may do by their roles, where the case asks for that; nil is
// everything.
type sight struct {
	c      *catalog.Catalog
	ctx    expr.Context
	people *org.Snapshot
}

// sightOf is that of a case; people are those of its organisation.
func sightOf(c *catalog.Catalog, given meta.TestGiven, ctx expr.Context, people *org.Snapshot) (*sight, fault.Issues) {
	if !given.Access {
		return nil, nil
	}
	var wrong fault.Issues
	if len(ctx.Actor.Roles) == 0 {
		wrong.Add("/given/actor/roles", "meta.missing", "key", "roles") // whoever has none sees nothing: it would prove nothing
	}
	for n, role := range ctx.Actor.Roles {
		if _, known := c.Roles[role]; !known {
			wrong.Add(casePart("/given/actor/roles", n), "meta.reference", "key", role)
		}
	}
	return &sight{c, ctx, people}, wrong
}

// decision is what the actor may do with a form.
func (s *sight) decision(form *catalog.Form) *access.Decision {
	if s == nil {
		return access.Everything()
	}
	return access.Decide(access.Case{
		Actor: s.ctx.Actor, People: s.people, Now: s.ctx.Now, Zone: s.ctx.Zone, Roles: s.c.RightsOf(s.ctx.Actor, form.Key, s.ctx), Pools: form.Pools,
		Shared: form.Def.Sharing != nil,
	})
}

// shown is a record without the fields that the actor does not see whole.
func (s *sight) shown(form *catalog.Form, r *value.Record) *value.Record {
	if s == nil {
		return r
	}
	d, out := s.decision(form), r.Clone()
	for _, f := range form.Fields {
		if d.Sees(f.Key, r) != access.Whole {
			delete(out.Values, string(f.Key))
		}
	}
	return out
}

// saving is the save of a case as its actor knows it.
type saving struct {
	*access.Decision
	next, old *value.Record // old is nil at creation
}

func (s *sight) saving(form *catalog.Form, next, old *value.Record) saving {
	if s != nil {
		for _, r := range []*value.Record{next, old} {
			if r != nil {
				form.Derive(r, s.ctx.Zone, s.people)
			}
		}
	}
	return saving{s.decision(form), next, old}
}

// hides tells whether a field does not exist for the actor.
func (s saving) hides(key value.FieldKey) bool {
	if s.old == nil {
		return s.SeesNowhere(key)
	}
	return s.Sees(key, s.old) == access.Hidden
}

// knows tells whether the actor knows the field's value: they see it whole or, where it differs, have given it.
func (s saving) knows(key value.FieldKey) bool {
	switch {
	case s.hides(key):
		return false
	case s.old == nil || s.Sees(key, s.old) == access.Whole:
		return true
	}
	return !value.Equal(s.next.Values[string(key)], s.old.Values[string(key)])
}

// known are values without those that the actor does not know.
func (s saving) known(values value.Doc) value.Doc {
	out := make(value.Doc, len(values))
	for name, v := range values {
		if s.knows(value.FieldKey(name)) {
			out[name] = v
		}
	}
	return out
}

// mayWrite refuses what the actor may not set.
func (s saving) mayWrite(f *catalog.Field) (code string) {
	switch {
	case s.hides(f.Key):
		return "field.unknown"
	case !s.MayWrite(f.Key, s.old):
		return "field.readOnly"
	}
	return ""
}

// heard are issues as the actor hears them.
func (s *sight) heard(all fault.Issues, by saving) fault.Issues {
	if s == nil {
		return all
	}
	return record.HeardBy(all, by.knows)
}

// readable refuses fields by whose order or figures what is not shown could be guessed.
func (s *sight) readable(form *catalog.Form, keys ...string) error {
	if s == nil {
		return nil
	}
	d := s.decision(form)
	for _, key := range slices.Compact(slices.Sorted(slices.Values(keys))) {
		if key == "" {
			continue
		}
		if err := d.Readable(value.FieldKey(key)); err != nil {
			return err
		}
	}
	return nil
}
