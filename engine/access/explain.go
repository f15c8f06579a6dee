package access

import (
	"slices"
	"strings"

	"tidewater/engine/catalog"
	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Asked is a question why somebody may, or may not, do something to a record.
type Asked struct {
	Actor   value.Actor
	People  *org.Snapshot
	Catalog *catalog.Catalog
	Form    *catalog.Form
	Record  *value.Record
	Field   value.FieldKey // "" asks about the record as a whole
	Verb    meta.Verb
	Subject catalog.Subject // of Record, for conditions
}

// Explain tells what a decision rests on: a Right whose value is the decision's own, and below it what each of
// the actor's roles grants over the record, for whom they stand in, how it is shared with them, and what else keeps
// them from it. It speaks of the actor's own roles only.
func Explain(q Asked, d *Decision) *explain.Node {
	n := &explain.Node{Kind: explain.Right, Op: string(q.Verb), Say: "explain.rightTo", Args: fault.Args{"verb": string(q.Verb)}}
	holds(n, q.allowed(d))
	if q.Actor.IsSystem() {
		return n
	}
	own := reachOf(q.Actor, q.People)
	reach, absent := own, q.People.StandsInFor(q.Actor.User, q.theCase().day())
	if helps(q.Verb) {
		reach = own.standingIn(absent)
	}
	roles := q.Catalog.RightsOf(q.Actor, q.Form.Key, q.Subject.Context)
	for _, rights := range roles {
		n.Kids = append(n.Kids, q.grant(reach, rights))
	}
	n.Kids = append(n.Kids, q.deputies(absent)...)
	n.Kids = append(n.Kids, q.shares(own, roles)...)
	n.Kids = append(n.Kids, q.pools(reach)...)
	if one, ok := q.Form.Field(q.Field); ok && q.Verb == meta.Update && one.Computed() {
		n.Kids = append(n.Kids, fact("explain.computed", nil, true))
	} else if ok && q.Verb == meta.Update && one.Def.ReadOnly {
		n.Kids = append(n.Kids, fact("explain.alwaysReadOnly", nil, true))
	}
	if q.Actor.Viewer != nil {
		n.Kids = append(n.Kids, fact("explain.viewed", fault.Args{"name": q.Actor.Viewer.Name}, q.Verb == meta.Read))
	} else if q.Actor.Scopes != nil {
		n.Kids = append(n.Kids, fact("explain.token", nil, q.tokenAllows()))
	}
	if q.Record.Deleted() {
		n.Kids = append(n.Kids, fact("explain.inBin", nil, true))
	}
	return n
}

func holds(n *explain.Node, is bool) { n.Is, n.Value = explain.Type{Kind: "boolean"}, is }

func fact(code string, args fault.Args, is bool) *explain.Node {
	n := &explain.Node{Kind: explain.Fact, Say: code, Args: args}
	holds(n, is)
	return n
}

// allowed is what the decision says.
func (q Asked) allowed(d *Decision) bool {
	switch {
	case q.Verb == meta.Update && q.Record.Deleted(), !d.Reaches(q.Verb, q.Record):
		return false
	case q.Field == "":
		return true
	case q.Verb == meta.Update:
		one, ok := q.Form.Field(q.Field)
		return ok && !one.Computed() && !one.Def.ReadOnly && d.MayWrite(q.Field, q.Record)
	}
	return d.Sees(q.Field, q.Record) == Whole
}

func (q Asked) theCase() Case { return Case{Now: q.Subject.Context.Now, Zone: q.Subject.Context.Zone} }

// helps tells whether a verb is one of those that standing in for somebody, or being let in, give.
func helps(verb meta.Verb) bool { return verb == meta.Read || verb == meta.Update }

// deputies are those for whom the actor stands in today, where the record is theirs.
func (q Asked) deputies(absent []value.ID) []*explain.Node {
	var out []*explain.Node
	for _, id := range absent {
		if slices.Contains(q.Record.Principals, org.UserPrincipal(id)) {
			out = append(out, fact("explain.standsIn", fault.Args{"name": q.nameOf(id)}, helps(q.Verb)))
		}
	}
	return out
}

// shares are the ways in which the record is shared with the actor now, and whether each lets them do it.
func (q Asked) shares(own reach, roles []catalog.Rights) []*explain.Node {
	if q.Form.Def.Sharing == nil {
		return nil
	}
	var out []*explain.Node
	reads, changes := own.uses(roles)
	now := q.theCase().Now.UnixMilli()
	for _, share := range q.Record.Values.Shares() {
		if share.Ended(now) || !slices.Contains(own.guests, value.Value(share.With)) {
			continue
		}
		lets := q.Verb == meta.Read && reads || q.Verb == meta.Update && changes && slices.Contains(changing, value.Value(string(share.How)))
		code, args := "explain.shared", fault.Args{"how": string(share.How), "by": q.nameOf(share.By)}
		if unit, is := strings.CutPrefix(share.With, "unit:"); is {
			code = "explain.sharedWithUnit"
			one, _ := q.People.Unit(value.ID(unit))
			args["unit"] = one.Name
		}
		out = append(out, fact(code, args, lets))
	}
	return out
}

func (q Asked) nameOf(id value.ID) string {
	user, _ := q.People.User(id)
	return user.Name
}

func (q Asked) tokenAllows() bool {
	if !q.Actor.Grants(value.ReadScope, q.Form.Key) {
		return false
	}
	switch q.Verb {
	case meta.Read:
		return true
	case meta.Export:
		return q.Actor.Grants(value.ExportScope, q.Form.Key)
	}
	return q.Actor.Grants(value.WriteScope, q.Form.Key)
}

// pools are what the form's pools show of the record, and of the field, beside the roles.
func (q Asked) pools(reach reach) []*explain.Node {
	var out []*explain.Node
	for _, p := range q.Form.Pools {
		ownerless := slices.Contains(q.Record.Principals, catalog.PoolPrincipal(p.Def.Key))
		args := fault.Args{"pool": map[string]string(p.Def.Label)}
		if ownerless && q.Verb == meta.Read {
			out = append(out, fact("explain.pool", args, sees(p, q.Actor, reach.people)))
		}
		how, masked := p.Masked[q.Field]
		if masked && (ownerless || how == catalog.Always && q.Record.Values.Text(value.SysPool) == p.Def.Key) {
			out = append(out, fact("explain.poolMasks", args, true))
		}
	}
	return out
}

// grant is what one role gives over the record.
func (q Asked) grant(reach reach, rights catalog.Rights) *explain.Node {
	verbs := map[meta.Verb]catalog.Grant{
		meta.Read: rights.Read, meta.Update: rights.Update, meta.Delete: rights.Delete, meta.Export: rights.Export,
	}
	given := verbs[q.Verb]
	role := rights.Role.Def.Label
	n := &explain.Node{
		Kind: explain.Grant, Op: string(given.Scope), Say: "explain.grant",
		Args: fault.Args{"role": role, "scope": string(given.Scope)},
	}
	holds(n, query.Match(reach.rows(both(rights.Read, given)...), q.Record))
	for _, verb := range []meta.Verb{meta.Read, q.Verb} {
		if when := rights.Role.ExplainScope(q.Form, q.Subject, verb); when != nil {
			n.Kids = append(n.Kids, when)
		}
		if verb == meta.Read && q.Verb == meta.Read {
			break
		}
	}
	if limit := rights.Fields[q.Field]; q.Field != "" && limit != "" {
		n.Kids = append(n.Kids, fact("explain.fieldAccess", fault.Args{"role": role, "access": string(limit)}, true))
	}
	return n
}
