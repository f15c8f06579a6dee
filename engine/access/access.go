// Package access decides who may do what: which verbs an actor has on a form, which records they
// reach, and which fields are hidden, masked or read-only on which of those. It decides only; record
// and report apply the decision on every way out. It reads roles that the catalog has compiled and
// knows nothing of requests.
package access

import (
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Decision is the answer for one actor and form. Make it once per request and use it to the end.
type Decision struct {
	create bool
	act    bool // actions are the actor's to do, where these offer themselves
	rows   map[meta.Verb]query.Filter
	fields map[value.FieldKey]fieldDecision
	guest  query.Filter // what is shared with the actor; nil: nothing
	guests value.List   // with whom it is, see guestOf
	reads  query.Filter // what they may read by roles of their own; nil for the engine's own parts
	own    query.Filter // what they may change by roles of their own; nil for the engine's own parts
	viewed bool         // somebody looks through it: no field is written
}

type fieldDecision struct {
	visible query.Filter // rows on which the field is shown whole
	masked  query.Filter // rows on which it is at least shown masked
	opened  query.Filter // rows on which it is shown whole to whom a setting opens them, whether they reach them or not
	write   query.Filter // rows on which it may be changed, update scope included
	create  bool         // whether it may be set at creation
}

// Everything is the decision for the engine's own parts.
func Everything() *Decision {
	all := query.Const(true)
	return &Decision{create: true, act: true, rows: map[meta.Verb]query.Filter{
		meta.Read: all, meta.Update: all, meta.Delete: all, meta.Export: all}}
}

// Case is what a decision is about: who asks, when, and what there is of the form.
type Case struct {
	Actor  value.Actor
	People *org.Snapshot
	Now    time.Time
	Zone   *time.Location // of the tenant, whose days absences are told in; nil: UTC
	Roles  []catalog.Rights
	Pools  []*catalog.Pool
	Shared bool // records of the form can be shared
	// Viewer is the case of whoever sees the form as the actor would: of Actor.Viewer, nil where there is none.
	Viewer *Case
}

// day is the tenant's, yyyymmdd.
func (c Case) day() int64 {
	if c.Zone == nil {
		return value.DayOf(c.Now, time.UTC)
	}
	return value.DayOf(c.Now, c.Zone)
}

// Decide unites the rights of all the actor's roles on one form. Scopes add up; a field is shown on a
// row when some role that reaches the row shows it. The form's pools show and hide beside the roles, and what is
// shared with the actor is theirs to read, or to change, as far as these roles read or change anything. Whoever
// stands in for somebody on the day reads and changes what is theirs, and neither deletes nor exports it. Whoever
// sees the app as somebody else reads what both may read, and nothing more.
func Decide(c Case) *Decision {
	if c.Actor.IsSystem() {
		return Everything()
	}
	viewer := c.Actor.Viewer
	if viewer == nil {
		return decide(c)
	}
	if c.Viewer == nil || c.Viewer.Actor.User != viewer.User { // whoever forgets the viewer shows nothing
		return &Decision{viewed: true, rows: map[meta.Verb]query.Filter{}}
	}
	c.Actor.Viewer = nil // each reads by ways of their own, the other need not be in the same lists
	return decide(c).seenBy(Decide(*c.Viewer))
}

func decide(c Case) *Decision {
	own := reachOf(c.Actor, c.People)
	reach := own.standingIn(c.People.StandsInFor(c.Actor.User, c.day()))
	d := &Decision{act: true, rows: map[meta.Verb]query.Filter{}, fields: map[value.FieldKey]fieldDecision{}, reads: query.Const(false), own: query.Const(false)}
	for _, r := range c.Roles {
		d.create = d.create || r.Create
		d.add(meta.Read, reach.rows(r.Read))
		d.add(meta.Update, reach.rows(both(r.Read, r.Update)...))
		d.add(meta.Delete, own.rows(both(r.Read, r.Delete)...))
		d.add(meta.Export, own.rows(both(r.Read, r.Export)...))
		d.reads = union(d.reads, own.rows(r.Read))
		d.own = union(d.own, own.rows(both(r.Read, r.Update)...))
	}
	for _, field := range limitedFields(c.Roles) {
		d.fields[field] = reach.field(field, c.Roles)
	}
	d.pooled(c.Actor, reach, c.Roles, c.Pools)
	if c.Shared {
		d.shared(c, reach)
	}
	d.kept(c.Pools)
	return d
}

// both grants reach only what each of them reaches; two of one scope reach the same, and are asked once.
func both(a, b catalog.Grant) []catalog.Grant {
	if a.Scope == b.Scope && a.Scope != meta.ScopeExpr {
		return []catalog.Grant{a}
	}
	return []catalog.Grant{a, b}
}

func (d *Decision) add(verb meta.Verb, rows query.Filter) {
	d.rows[verb] = union(d.rows[verb], rows)
}

// MayCreate tells whether the actor may make records of the form.
func (d *Decision) MayCreate() bool { return d.create }

// MayAct tells whether the actor may do anything beyond reading; which actions, these say.
func (d *Decision) MayAct() bool { return d.act }

// Rows returns the filter of the records that the verb reaches; Const(false) for none.
func (d *Decision) Rows(verb meta.Verb) query.Filter {
	if rows := d.rows[verb]; rows != nil {
		return rows
	}
	return query.Const(false)
}

// May tells whether the verb reaches any record at all.
func (d *Decision) May(verb meta.Verb) bool { return !isConst(d.Rows(verb), false) }

// ReachesAll tells whether the verb reaches every record there is.
func (d *Decision) ReachesAll(verb meta.Verb) bool { return isConst(d.Rows(verb), true) }

// Reaches tells whether the verb reaches this record.
func (d *Decision) Reaches(verb meta.Verb, r *value.Record) bool {
	return query.Match(d.Rows(verb), r)
}

// Moderates tells whether the actor may take away what others have said of this record: who may delete it may.
func (d *Decision) Moderates(r *value.Record) bool { return d.Reaches(meta.Delete, r) }

// Sight is how much of a field is seen.
type Sight int

const (
	Whole  Sight = iota // as it is
	Masked              // some characters
	Hidden              // nothing, as if absent
)

// Sees tells how much of the field the actor sees on this record.
func (d *Decision) Sees(field value.FieldKey, r *value.Record) Sight {
	f, limited := d.fields[field]
	switch {
	case !limited || query.Match(f.visible, r):
		return Whole
	case query.Match(f.masked, r):
		return Masked
	}
	return Hidden
}

// SeesOpened tells whether the actor sees the whole field on a record that a setting opens to them, though they may not
// reach it. Such a setting opens rows and no field: as with what pools show and people share, some role of theirs that
// reads the form has to show it.
func (d *Decision) SeesOpened(field value.FieldKey, r *value.Record) bool {
	f, limited := d.fields[field]
	return !limited || query.Match(f.opened, r) || query.Match(f.visible, r)
}

// SeesEverywhere tells whether the field is shown whole on every row that the actor may read.
func (d *Decision) SeesEverywhere(field value.FieldKey) bool {
	f, limited := d.fields[field]
	return !limited || isConst(f.visible, true)
}

// SeesNowhere tells whether the field is hidden on every row: to this actor it does not exist.
func (d *Decision) SeesNowhere(field value.FieldKey) bool {
	f, limited := d.fields[field]
	return limited && isConst(f.masked, false)
}

// MayWrite tells whether the actor may change the field of this record (nil: set it on a new one).
func (d *Decision) MayWrite(field value.FieldKey, r *value.Record) bool {
	f, limited := d.fields[field]
	switch {
	case d.viewed:
		return false
	case !limited:
		return true
	case r == nil:
		return f.create
	}
	return query.Match(f.write, r)
}

// MayWriteSome tells whether there may be a record on which the actor may set the field.
func (d *Decision) MayWriteSome(field value.FieldKey) bool {
	f, limited := d.fields[field]
	return !d.viewed && (!limited || f.create || !isConst(f.write, false))
}
