package access

import (
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// guestOf are the ways in which something is shared with somebody: with themselves, and with the units that they are
// in, lead, or that stand above these.
func guestOf(actor value.Actor, people *org.Snapshot) value.List {
	out := value.List{"user:" + string(actor.User)}
	for _, from := range unitsFrom(actor, people) {
		for _, unit := range people.Path(from) {
			if with := value.Value("unit:" + string(unit)); !slices.Contains(out, with) {
				out = append(out, with)
			}
		}
	}
	return out
}

// guest is what is shared with an actor: index finds the records, ended shares among them, and holds is true of
// those that are shared still.
type guest struct{ index, holds query.Filter }

// guest returns what is shared with the actor now, in one of these ways (nil: in any).
func (r reach) guest(now int64, how value.List) guest {
	var words value.List
	for _, with := range r.guests {
		if s, ok := with.(string); ok {
			words = append(words, org.GuestPrincipal(s))
		}
	}
	share := query.And{
		query.Cmp{Path: query.At(value.ShareWith), Op: query.In, Values: r.guests},
		query.Or{query.Where(value.ShareUntil, query.Empty, nil), query.Where(value.ShareUntil, query.Gt, now)},
	}
	if how != nil {
		share = append(share, query.Cmp{Path: query.At(value.ShareHow), Op: query.In, Values: how})
	}
	return guest{
		index: query.Cmp{Path: query.At(value.SysPrincipals), Op: query.In, Values: words},
		holds: query.Rows{Quantifier: query.Any, Table: value.SysShares, Where: share},
	}
}

// rows is the filter of the records by itself.
func (g guest) rows() query.Filter { return query.And{g.index, g.holds} }

// with is the filter of some rows and of those that are shared. Where principals find the rows, those of both stand
// together, so that stores list the whole as they list a scope.
func (g guest) with(rows query.Filter) query.Filter {
	if both, ok := mergePrincipals(rows, g.index); ok && rows != nil {
		return query.And{both, query.Or{rows, g.holds}}
	}
	return union(rows, g.rows())
}

var changing = value.List{string(value.ShareWrite), string(value.ShareTeam)}

// shared adds what is shared with the actor: records to whoever may read some of the form, with the fields that
// their roles show, and to be changed by whoever may change some.
func (d *Decision) shared(c Case, reach reach) {
	reads, changes := reach.uses(c.Roles)
	now := c.Now.UnixMilli()
	if reads {
		all := reach.guest(now, nil)
		d.guest, d.guests = all.rows(), reach.guests
		d.rows[meta.Read] = all.with(d.Rows(meta.Read))
		for field := range d.fields {
			d.fields[field] = d.fields[field].shownOn(all.rows(), field, reach, c.Roles)
		}
	}
	if changes {
		some := reach.guest(now, changing)
		d.rows[meta.Update] = some.with(d.Rows(meta.Update))
		for field := range d.fields {
			d.fields[field] = d.fields[field].writtenOn(some.rows(), field, reach, c.Roles)
		}
	}
}

// uses tells whether roles let read, and change, any record at all: only then is sharing one of use.
func (r reach) uses(roles []catalog.Rights) (reads, changes bool) {
	for _, role := range roles {
		read := !isConst(r.grant(role.Read), false)
		reads, changes = reads || read, changes || read && !isConst(r.grant(role.Update), false)
	}
	return reads, changes
}

// writtenOn lets a field be changed on more rows, as far as some role that changes the form does.
func (f fieldDecision) writtenOn(rows query.Filter, field value.FieldKey, reach reach, roles []catalog.Rights) fieldDecision {
	for _, role := range roles {
		if role.Fields[field] == "" && !isConst(reach.grant(role.Read), false) && !isConst(reach.grant(role.Update), false) {
			f.write = union(f.write, rows)
		}
	}
	return f
}

// Guest returns the filter of what is shared with the actor, among what else they may read; Const(false) for nothing.
func (d *Decision) Guest() query.Filter {
	if d.guest == nil {
		return query.Const(false)
	}
	return d.guest
}

// SharedBy tells whether a share is one with the actor, whatever it lets do.
func (d *Decision) SharedBy(s value.Share) bool {
	return slices.Contains(d.guests, value.Value(s.With))
}

// MayShare tells whether the actor reaches a record for changing by roles of their own: neither because it is shared
// with them, nor because they stand in for somebody. Only then can they pass it on, see meta.Sharing.
func (d *Decision) MayShare(r *value.Record) bool { return d.own != nil && query.Match(d.own, r) }

// MayTakeBack tells whether the actor reaches a record for reading by roles of their own. It is enough to say that
// somebody is let in no longer: whoever may not change a record any more still answers for who sees it.
func (d *Decision) MayTakeBack(r *value.Record) bool {
	return d.reads != nil && query.Match(d.reads, r)
}

// Helps tells whether the actor changes a record for whoever owns it: because it is shared with them, or because they
// stand in for them.
func (d *Decision) Helps(r *value.Record) bool {
	return d.own != nil && d.Reaches(meta.Update, r) && !query.Match(d.own, r)
}
