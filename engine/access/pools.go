package access

import (
	"slices"
	"strings"

	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Among tells whether a list of people holds the actor, beside a record of that owner ("": nobody's). A list
// is the union of its entries, an entry with all the intersection of its own. Whoever sees the app as the actor would
// must be in it, too.
func Among(list []meta.Who, actor value.Actor, people *org.Snapshot, owner value.ID) bool {
	if actor.Viewer != nil && !Among(list, *actor.Viewer, people, owner) {
		return false
	}
	return slices.ContainsFunc(list, func(who meta.Who) bool {
		return !slices.ContainsFunc(who.Names(), func(name string) bool { return !isOne(name, actor, people, owner) })
	})
}

// isOne tells whether a name such as "role:keeper" holds the actor. What it does not know holds nobody.
func isOne(name string, actor value.Actor, people *org.Snapshot, owner value.ID) bool {
	kind, of, _ := strings.Cut(name, ":")
	switch kind {
	case "user":
		u, ok := people.UserByName(of)
		return ok && u.ID == actor.User
	case "role":
		return slices.Contains(actor.Roles, of)
	case "unit":
		return people.Within(actor.Unit, value.ID(of))
	case "zone":
		z, ok := people.ZoneByKey(of)
		return ok && slices.Contains(people.ZonesOf(actor.User), z.ID)
	case "owner":
		return owner != "" && owner == actor.User
	case "manager":
		return owner != "" && people.ManagerOf(owner) == actor.User
	}
	return false
}

// sees tells whether the actor sees a pool's records that nobody owns: whoever may claim, give or manage them
// does, too.
func sees(p *catalog.Pool, actor value.Actor, people *org.Snapshot) bool {
	r := p.Def.Rights
	for _, list := range [][]meta.Who{r.View, r.Claim, r.Assign, r.Manage} {
		if Among(list, actor, people, "") {
			return true
		}
	}
	return false
}

// pooled adds what the pools of a form show: records to whoever may read some of the form, with the fields that
// their roles show. What they hide, they hide from everybody alike, see kept.
func (d *Decision) pooled(actor value.Actor, reach reach, roles []catalog.Rights, pools []*catalog.Pool) {
	var words value.List
	for _, p := range pools {
		if sees(p, actor, reach.people) {
			words = append(words, catalog.PoolPrincipal(p.Def.Key))
		}
	}
	if len(words) > 0 && d.May(meta.Read) {
		rows := query.Cmp{Path: query.At(value.SysPrincipals), Op: query.In, Values: words}
		d.add(meta.Read, rows)
		for field := range d.fields {
			d.fields[field] = d.fields[field].shownOn(rows, field, reach, roles)
		}
	}
}

// kept takes away what pools hide and mask, whatever way a record came into sight.
func (d *Decision) kept(pools []*catalog.Pool) {
	d.derived(pools)
	for _, p := range pools {
		ownerless := query.Where(value.SysPrincipals, query.Eq, catalog.PoolPrincipal(p.Def.Key))
		for _, field := range p.Def.Hidden {
			d.fields[field] = d.limited(field).without(ownerless, ownerless)
		}
		for field, how := range p.Masked {
			rows := query.Filter(ownerless)
			if how == catalog.Always {
				rows = query.Where(value.SysPool, query.Eq, p.Def.Key)
			}
			d.fields[field] = d.limited(field).without(rows, query.Const(false))
		}
	}
}

// derived counts what the pools work out from fields as seen where all of these are: a deadline would tell of them.
func (d *Decision) derived(pools []*catalog.Pool) {
	for _, p := range pools {
		for _, read := range p.Reads() {
			limit, limited := d.fields[read]
			if !limited {
				continue
			}
			for _, key := range []value.FieldKey{value.SysClockAt, value.SysReclaimAt, value.SysReclaimBy, value.SysActivityAt} {
				f := d.limited(key)
				f.visible, f.masked = intersection(f.visible, limit.visible), intersection(f.visible, limit.visible)
				d.fields[key] = f
			}
		}
	}
}

// shownOn shows a field on more rows, as far as some role that reads the form does.
func (f fieldDecision) shownOn(rows query.Filter, field value.FieldKey, reach reach, roles []catalog.Rights) fieldDecision {
	for _, role := range roles {
		limit := role.Fields[field]
		if isConst(reach.grant(role.Read), false) || limit == meta.Hidden {
			continue
		}
		f.masked = union(f.masked, rows)
		if limit != meta.Masked {
			f.visible = union(f.visible, rows)
		}
	}
	return f
}

// limited is the decision on a field, also where no role narrows it.
func (d *Decision) limited(field value.FieldKey) fieldDecision {
	if f, ok := d.fields[field]; ok {
		return f
	}
	return fieldDecision{visible: query.Const(true), masked: query.Const(true), opened: query.Const(true), write: d.Rows(meta.Update), create: d.create}
}

// without is the decision with a field masked on some rows, and not even so on others. What is not seen whole
// is not changed.
func (f fieldDecision) without(masked, hidden query.Filter) fieldDecision {
	f.visible = intersection(f.visible, query.Not{Of: masked})
	f.opened = intersection(f.opened, query.Not{Of: masked})
	f.write = intersection(f.write, query.Not{Of: masked})
	if !isConst(hidden, false) {
		f.masked = intersection(f.masked, query.Not{Of: hidden})
	}
	return f
}
