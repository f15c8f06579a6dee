package pool

import (
	"context"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Left is what somebody may do with a pool today.
type Left struct {
	Pool   *catalog.Pool
	Rights []string // view, claim, assign, transfer, manage
	// Claims are what they have claimed today of PerDay; PerDay 0: as many as they like.
	Claims, PerDay int
	// Held are the records that count, of at most Most; Most 0: there is no limit.
	Held, Most int
	// Opened are the records that they have opened today of ViewLimit; ViewLimit 0: as many as they like.
	Opened, ViewLimit int
}

// Lefts tells for each pool of the form that the actor has any right in what is left to them, and administrators of the
// others as well, which they have no right in. The figures are those of now, and no promise: a claim asks again.
func Lefts(ctx context.Context, s store.Store, form *catalog.Form, actor value.Actor, people *org.Snapshot, rule expr.Context) ([]Left, error) {
	out := []Left{}
	own := access.InPerson(actor) == nil // the figures are nobody else's
	for _, p := range form.Pools {
		left := Left{Pool: p, Rights: rightsIn(p, actor, people)}
		if len(left.Rights) == 0 && access.Administer(actor) != nil {
			continue
		}
		at := standing{
			Asked: record.Asked{Actor: actor, Form: form, People: people, Rule: rule, Record: &value.Record{Form: form.Key, Values: value.Doc{}}},
			pool:  p,
		}
		if def := p.Def.Claim; own && def != nil && def.PerDay > 0 {
			_, n, err := loadClaims(ctx, s, claimKey(form.Key, p, actor.User, at.today()))
			if err != nil {
				return nil, err
			}
			left.Claims, left.PerDay = n, def.PerDay
		}
		if own && p.Def.ViewLimitPerDay > 0 {
			n, err := record.Opened(ctx, s, form.Key, p.Def.Key, at.today(), actor.User)
			if err != nil {
				return nil, err
			}
			left.Opened, left.ViewLimit = n, p.Def.ViewLimitPerDay
		}
		if own && p.Def.Hold != nil && p.Def.Hold.Max > 0 {
			n, err := s.Count(ctx, query.Count{Form: form.Key, Filter: at.counts(actor.User)})
			if err != nil {
				return nil, err
			}
			left.Held, left.Most = int(n.Value), p.Def.Hold.Max
		}
		out = append(out, left)
	}
	return out, nil
}

func rightsIn(p *catalog.Pool, actor value.Actor, people *org.Snapshot) []string {
	out := []string{}
	r := p.Def.Rights
	for _, right := range []struct {
		name string
		list []meta.Who
	}{{"view", r.View}, {"claim", r.Claim}, {"assign", r.Assign}, {"transfer", r.Transfer}, {"manage", r.Manage}} {
		if access.Among(right.list, actor, people, "") {
			out = append(out, right.name)
		}
	}
	return out
}
