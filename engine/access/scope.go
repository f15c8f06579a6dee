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
type reach map[meta.Scope]value.List

func reachOf(actor value.Actor, people *org.Snapshot) reach {
	own := org.UserPrincipal(actor.User)
	r := reach{
		meta.ScopeOwn:       {own},
		meta.ScopeUnit:      {own},
		meta.ScopeUnitBelow: {own},
		meta.ScopeZone:      {own},
	}
	if actor.Unit != "" {
		r[meta.ScopeUnit] = append(r[meta.ScopeUnit], org.UnitPrincipal(actor.Unit))
	}
	for _, unit := range unitsFrom(actor, people) {
		r[meta.ScopeUnitBelow] = append(r[meta.ScopeUnitBelow], org.UnderPrincipal(unit))
	}
	for _, zone := range people.ZonesOf(actor.User) {
		r[meta.ScopeZone] = append(r[meta.ScopeZone], org.ZonePrincipal(zone))
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
	principals := r[g.Scope]
	if len(principals) == 0 {
		return query.Const(false)
	}
	return query.Cmp{Path: query.At(value.SysPrincipals), Op: query.In, Values: principals}
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
	d := fieldDecision{visible: query.Const(false), masked: query.Const(false), write: query.Const(false)}
	whole, some := true, true // every role that reads shows it: then no row needs a look
	for _, role := range roles {
		rows := r.rows(role.Read)
		if isConst(rows, false) {
			continue
		}
		limit := role.Fields[field]
		if limit == meta.Hidden {
			whole, some = false, false
			continue
		}
		d.masked = union(d.masked, rows)
		if limit == meta.Masked {
			whole = false
			continue
		}
		d.visible = union(d.visible, rows)
		if limit == "" {
			d.write = union(d.write, r.rows(role.Read, role.Update))
			d.create = d.create || role.Create
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
