package publish

import (
	"maps"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// widened lists the rights that a publication widens, by role and form. A condition that changes counts
// as wider: nobody can tell by reading it what it lets through.
func widened(was, next *catalog.Catalog) []Widening {
	out := []Widening{}
	for _, key := range slices.Sorted(maps.Keys(next.Roles)) {
		before := map[value.FormKey]meta.FormRights{}
		if role, there := was.Roles[key]; there {
			before = role.Def.Forms
		}
		after := next.Roles[key].Def.Forms
		for _, form := range slices.Sorted(maps.Keys(after)) {
			for _, w := range widenedForm(before[form], after[form]) {
				w.Role, w.Form = key, form
				out = append(out, w)
			}
		}
	}
	return out
}

func widenedForm(was, next meta.FormRights) []Widening {
	var out []Widening
	if next.Create && !was.Create {
		out = append(out, Widening{Right: string(meta.Create), From: "no", To: "yes"})
	}
	verbs := []struct {
		verb     meta.Verb
		from, to meta.Grant
	}{
		{meta.Read, was.Read, next.Read}, {meta.Update, was.Update, next.Update},
		{meta.Delete, was.Delete, next.Delete}, {meta.Export, was.Export, next.Export},
	}
	for _, v := range verbs {
		if isWider(v.from, v.to) {
			out = append(out, Widening{Right: string(v.verb), From: grantText(v.from), To: grantText(v.to)})
		}
	}
	if isNone(was.Read) {
		return out // whoever reads for the first time has lost no limit
	}
	for _, field := range slices.Sorted(maps.Keys(was.Fields)) {
		from, to := was.Fields[field], next.Fields[field]
		if tightness(to) < tightness(from) && !isNone(next.Read) {
			out = append(out, Widening{Right: "field " + string(field), From: string(from), To: orWhole(to)})
		}
	}
	return out
}

// isWider tells whether a grant may reach records that the one before did not.
func isWider(from, to meta.Grant) bool {
	switch {
	case isNone(to) || from == to || from.Scope == meta.ScopeAll:
		return false
	case isNone(from) || to.Scope == meta.ScopeAll || to.Scope == meta.ScopeExpr:
		return true
	case from.Scope == meta.ScopeOwn:
		return true
	case to.Scope == meta.ScopeOwn:
		// Every scope but a condition holds one's own records.
		return from.Scope == meta.ScopeExpr
	}
	return !(from.Scope == meta.ScopeUnitBelow && to.Scope == meta.ScopeUnit)
}

func isNone(g meta.Grant) bool { return g.Scope == "" || g.Scope == meta.ScopeNone }

func grantText(g meta.Grant) string {
	switch {
	case isNone(g):
		return string(meta.ScopeNone)
	case g.Scope == meta.ScopeExpr:
		return string(g.Scope) + ": " + g.When
	}
	return string(g.Scope)
}

// tightness orders what a role lets do with a field, from all to nothing.
func tightness(a meta.FieldAccess) int {
	return slices.Index([]meta.FieldAccess{"", meta.ReadOnly, meta.Masked, meta.Hidden}, a)
}

func orWhole(a meta.FieldAccess) string {
	if a == "" {
		return "whole"
	}
	return string(a)
}
