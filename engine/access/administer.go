package access

import (
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Administer refuses whoever may not design, publish and manage people: Forbidden "access.admin". The
// engine's own parts and the operator may.
func Administer(actor value.Actor) error {
	if actor.IsSystem() || actor.Admin && actor.Grants(value.AdminScope, "") {
		return nil
	}
	return fault.New(fault.Forbidden, "access.admin").In("access.administer")
}

// Unscoped refuses whoever comes with a token of narrowed scopes: what concerns the whole person, such as
// their password, is not for such a token. Forbidden "access.scope", and as Passive.
func Unscoped(actor value.Actor) error {
	if err := Passive(actor); err != nil {
		return err
	}
	if actor.Scopes == nil {
		return nil
	}
	return fault.New(fault.Forbidden, "access.scope").In("access.unscoped")
}

// Change refuses whoever comes with a token that lets nothing be changed: Forbidden "access.scope". It is for
// what belongs to no form, such as files that no record has claimed yet. As Passive, too.
func Change(actor value.Actor) error {
	if err := Passive(actor); err != nil {
		return err
	}
	changes := func(scope string) bool {
		verb, _, _ := strings.Cut(scope, ":")
		return verb == value.WriteScope || verb == value.AdminScope
	}
	if actor.Scopes == nil || slices.ContainsFunc(actor.Scopes, changes) {
		return nil
	}
	return fault.New(fault.Forbidden, "access.scope").In("access.change")
}

// Within narrows a decision to what the token lets do that the actor came with.
func (d *Decision) Within(actor value.Actor, form value.FormKey) *Decision {
	if actor.IsSystem() || actor.Scopes == nil {
		return d
	}
	out := &Decision{rows: map[meta.Verb]query.Filter{}, fields: d.fields, reads: query.Const(false), own: query.Const(false), viewed: d.viewed}
	if !actor.Grants(value.ReadScope, form) {
		return out
	}
	writes := actor.Grants(value.WriteScope, form)
	out.guest, out.guests = d.guest, d.guests
	if writes {
		out.own = d.own
		out.reads = d.reads
	}
	out.create, out.act = d.create && writes, d.act && writes
	for verb, rows := range d.rows {
		if verb == meta.Read || verb == meta.Export && actor.Grants(value.ExportScope, form) || verb != meta.Export && writes {
			out.rows[verb] = rows
		}
	}
	return out
}
