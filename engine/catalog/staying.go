package catalog

import (
	"slices"

	"tidewater/engine/expr"
	"tidewater/engine/value"
)

// Reclaimer is who takes records back by rule.
func Reclaimer() value.Actor { return value.SystemActor("reclaim") }

// staying are the guests of a record that nobody owns: none whom its owner let in, but those who work on it where the
// rule that took it keeps collaborators. They stay while it waits, and with whoever has it next. A return by hand is no
// rule's, and lets nobody stay.
func (f *Form) staying(next, before *value.Record, ctx expr.Context) []value.Share {
	if before == nil || !slices.ContainsFunc(f.Pools, keepsAny) {
		return nil
	}
	if f.HolderOf(before) != "" && (ctx.Actor.System != Reclaimer().System || !f.Verdict(before, ctx).KeepsCollaborators()) {
		return nil
	}
	return slices.DeleteFunc(next.Values.Shares(), func(s value.Share) bool { return s.How != value.ShareTeam })
}

func keepsAny(p *Pool) bool { return slices.ContainsFunc(p.Rules, (*ReclaimRule).keepsCollaborators) }

func (r *ReclaimRule) keepsCollaborators() bool {
	return r.Def.Cascade != nil && r.Def.Cascade.Collaborators == "keep"
}

// KeepsCollaborators tells whether the rule leaves the record those who work on it.
func (v Verdict) KeepsCollaborators() bool { return v.rule != nil && v.rule.keepsCollaborators() }
