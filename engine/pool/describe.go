package pool

import (
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/record"
)

// ownersAlone is the right of owners over what is theirs.
var ownersAlone = []meta.Who{{One: "owner"}}

// could tells whether somebody has a right in some pool of the form, be it over what they own.
func could(to record.Reader, right func(*catalog.Pool) []meta.Who) bool {
	return slices.ContainsFunc(to.Form.Pools, func(p *catalog.Pool) bool {
		return access.Among(right(p), to.Actor, to.People, to.Actor.User)
	})
}

// byPool is what an action asks for in each pool of the form.
func byPool(form *catalog.Form, ask func(*catalog.Pool) record.Asking) map[string]record.Asking {
	out := make(map[string]record.Asking, len(form.Pools))
	for _, p := range form.Pools {
		out[p.Def.Key] = ask(p)
	}
	return out
}

// asked reads what a pool says of reasons; it says nothing where none is wanted.
func asked(reason string) record.ReasonAsked {
	if reason == "" || reason == "none" {
		return record.NoReason
	}
	return record.ReasonAsked(reason)
}

// returning is what a pool says of putting records back.
func returning(p *catalog.Pool) *meta.PoolReturn {
	if p.Def.Return == nil {
		return &meta.PoolReturn{}
	}
	return p.Def.Return
}
