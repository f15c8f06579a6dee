package access

import (
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// reach is where an actor stands, as the principals that records carry for each scope.
type reach struct {
	people     *org.Snapshot
	own        value.List
	guests     value.List                // with whom things are shared that are shared with the actor
	principals map[meta.Scope]value.List // beside own
	// distrusted are people who have found another unit while their records still carry the one before:
	// until these are rewritten, no unit reaches them, neither the old nor the new.
	distrusted value.List
}

func reachOf(actor value.Actor, people *org.Snapshot) reach {
	r := reach{
		people: people, own: value.List{org.UserPrincipal(actor.User)}, guests: guestOf(actor, people), principals: map[meta.Scope]value.List{},
	}
	if actor.Unit != "" {
		r.principals[meta.ScopeUnit] = value.List{org.UnitPrincipal(actor.Unit)}
	}
	moving := people.Moving()
	for _, id := range moving.People {
		r.distrusted = append(r.distrusted, org.UserPrincipal(id))
	}
	below := meta.ScopeUnitBelow
	for _, unit := range unitsFrom(actor, people) {
		if len(moving.Units) == 0 {
			r.principals[below] = append(r.principals[below], org.UnderPrincipal(unit))
			continue
		}
		// A record's own unit is right wherever that unit now stands.
		for _, id := range people.Below(unit) {
			r.principals[below] = append(r.principals[below], org.UnitPrincipal(id))
		}
	}
	for _, zone := range people.ZonesOf(actor.User) {
		r.principals[meta.ScopeZone] = append(r.principals[meta.ScopeZone], org.ZonePrincipal(zone))
	}
	return r
}

// standingIn is where somebody stands who also stands in for others: what is theirs is as their own.
func (r reach) standingIn(others []value.ID) reach {
	r.own = slices.Clone(r.own)
	for _, id := range others {
		r.own = append(r.own, org.UserPrincipal(id))
	}
	return r
}

// unitsFrom are the units at whose tops the actor's "unit and below" begins: those they lead, and
// their own.
func unitsFrom(actor value.Actor, people *org.Snapshot) []value.ID {
	units := people.Led(actor.User)
	if actor.Unit != "" && !slices.Contains(units, actor.Unit) {
		units = append(slices.Clone(units), actor.Unit)
	}
	return units
}

// rows is the filter of what all the grants reach together.
func (r reach) rows(grants ...catalog.Grant) query.Filter {
	var out query.Filter = query.Const(true)
	for _, g := range grants {
		out = intersection(out, r.grant(g))
	}
	return out
}

func (r reach) grant(g catalog.Grant) query.Filter {
	switch g.Scope {
	case meta.ScopeAll:
		return query.Const(true)
	case meta.ScopeExpr:
		if g.When == nil {
			return query.Const(false)
		}
		return g.When
	}
	return r.scope(g.Scope)
}

// scope is the filter of the records that a scope by principals reaches.
func (r reach) scope(scope meta.Scope) query.Filter {
	holds := func(principals value.List) query.Filter {
		return query.Cmp{Path: query.At(value.SysPrincipals), Op: query.In, Values: principals}
	}
	more := r.principals[scope]
	switch {
	case scope != meta.ScopeOwn && scope != meta.ScopeUnit && scope != meta.ScopeUnitBelow && scope != meta.ScopeZone:
		return query.Const(false)
	case len(r.distrusted) == 0 || len(more) == 0 || scope == meta.ScopeZone:
		return holds(append(slices.Clone(r.own), more...))
	}
	return query.Or{holds(r.own), query.And{holds(more), query.Not{Of: holds(r.distrusted)}}}
}

// limitedFields are the fields that any role narrows, sorted.
func limitedFields(roles []catalog.Rights) []value.FieldKey {
	var out []value.FieldKey
	for _, r := range roles {
		for field := range r.Fields {
			out = append(out, field)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (r reach) field(field value.FieldKey, roles []catalog.Rights) fieldDecision {
	d := fieldDecision{visible: query.Const(false), masked: query.Const(false), opened: query.Const(false), write: query.Const(false)}
	whole, some := true, true // every role that reads shows it: then no row needs a look
	for _, role := range roles {
		limit := role.Fields[field]
		d.create = d.create || role.Create && limit == "" // also by a role that only adds
		rows := r.rows(role.Read)
		if isConst(rows, false) {
			continue
		}
		if limit == meta.Hidden {
			whole, some = false, false
			continue
		}
		d.masked = union(d.masked, rows)
		if limit == meta.Masked {
			whole = false
			continue
		}
		d.visible, d.opened = union(d.visible, rows), query.Const(true)
		if limit == "" {
			d.write = union(d.write, r.rows(role.Read, role.Update))
		}
	}
	d.visible, d.masked = everywhere(whole, d.visible), everywhere(some, d.masked)
	return d
}

// everywhere simplifies a filter that holds on all rows in sight.
func everywhere(always bool, f query.Filter) query.Filter {
	if always && !isConst(f, false) {
		return query.Const(true)
	}
	return f
}
