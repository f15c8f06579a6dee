package pool

import (
	"context"
	"math"
	"slices"
	"strings"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Dealer is who hands records out.
func Dealer() value.Actor { return value.SystemActor("distribute") }

// Dealt is the name of the action that hands a record to whom the draw has given it.
const Dealt = "deal"

// dealt gives somebody a record by a draw. It obeys their limits and their cool-down; a record that changed hands
// meanwhile is skipped.
type dealt struct{}

func (dealt) Key() string { return Dealt }

// Describe offers it to nobody.
func (dealt) Describe(record.Reader) (record.ActionView, bool) { return record.ActionView{}, false }

func (dealt) Offers(on record.Asked) bool {
	s, ok := stands(on)
	return ok && s.owner == "" && on.Actor.System == Dealer().System
}

func (dealt) Begin(ctx context.Context, on *record.Acting) error {
	s, _ := stands(on.Asked)
	in := on.Read()
	to, distribution, seed := in.Text("to"), in.Text("distribution"), in.Text("seed")
	if err := in.End(); err != nil {
		return err
	}
	who, err := person(s.People, to)
	if err != nil {
		return err
	}
	on.Tell(value.Doc{"pool": s.pool.Def.Key, "version": s.pool.Version, "distribution": distribution, "seed": seed})
	if err := on.Explain(s.dealing(who.User, distribution, seed)); err != nil {
		return err
	}
	on.Within(func(ctx context.Context, tx store.Tx) error {
		if err := s.cooled(ctx, tx, who.User); err != nil {
			return err
		}
		return s.roomAfter(ctx, tx, who.User, on.Tally())
	})
	return s.give(ctx, on, who.User)
}

// dealing tells how somebody came to be given a record: by which draw of which pool, and what that went by.
func (s standing) dealing(to value.ID, distribution, seed string) *explain.Node {
	text := explain.Type{Kind: "text"}
	person := &explain.Node{
		Kind: explain.Actor, Op: "id", Say: "explain.dealtTo", Ref: &explain.Ref{Form: explain.People, Field: "id"}, Is: text, Value: string(to),
	}
	out := &explain.Node{Kind: explain.Decision, Op: "draw", Label: s.pool.Def.Label, Rule: &explain.Source{
		Form: s.Form.Key, Key: s.pool.Def.Key, Part: "distribute", Version: s.pool.Version,
	}}
	out.Kids = []*explain.Node{person, {Kind: explain.Fact, Say: "explain.distribution", Is: text, Value: distribution}}
	for _, d := range s.pool.Def.Distribute {
		if d.ID != distribution {
			continue
		}
		by := d.Stratify
		if by == "" {
			by = s.pool.Def.Tier
		}
		out.Kids = append(out.Kids, &explain.Node{Kind: explain.Fact, Say: "explain.mode", Is: text, Value: d.Mode})
		if n := s.Form.ExplainValue(catalog.Subject{ID: s.Record.ID, Version: s.Record.Version, Values: s.Record.Values}, by); n != nil {
			out.Kids = append(out.Kids, n)
			out.Rule.Inputs = []*explain.Node{n}
		}
	}
	out.Kids = append(out.Kids, &explain.Node{Kind: explain.Fact, Say: "explain.seed", Is: text, Value: seed})
	return out
}

// Cooling lists who may not be handed a record, for it was theirs not long ago.
func Cooling(ctx context.Context, s store.Store, on record.Asked, takers []Taker) ([]value.ID, error) {
	at, ok := stands(on)
	if !ok {
		return nil, nil
	}
	var out []value.ID
	for _, who := range former(at) {
		if err := at.cooled(ctx, s, who); fault.CodeOf(err) == coolingDown {
			out = append(out, who)
		} else if err != nil {
			return nil, err
		}
	}
	prefix := ownerKey(on.Form.Key, on.Record.ID, "")
	items, err := s.Scan(ctx, owners, prefix, "", page)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		who := value.ID(strings.TrimPrefix(item.Key, prefix))
		if slices.Contains(out, who) || !slices.ContainsFunc(takers, func(t Taker) bool { return t.User == who }) {
			continue
		}
		if err := at.cooled(ctx, s, who); fault.CodeOf(err) == coolingDown {
			out = append(out, who)
		} else if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func former(s standing) []value.ID {
	if who := s.Record.Values.Text(value.SysFormer); who != "" {
		return []value.ID{value.ID(who)}
	}
	return nil
}

// Takers are the people of a distribution who are there today, with what they may get: the quota, within what they
// may hold. readers tells who may read the form at all.
func Takers(
	ctx context.Context, s store.Store, on record.Asked, def meta.PoolDistribution, readers func(value.Actor) bool,
) ([]Taker, error) {
	at, ok := stands(on)
	if !ok {
		return nil, nil
	}
	var out []Taker
	for _, user := range on.People.Users() {
		actor, active := on.People.Actor(user.ID)
		if !active || on.People.IsAway(user.ID, at.today()) || !access.Among(def.Among, actor, on.People, "") || !readers(actor) {
			continue
		}
		taker := Taker{User: user.ID, Room: math.MaxInt32, Weight: def.Weights[user.Username]}
		if q := def.Quota; q != nil {
			taker.limit(q, user, on.People)
		}
		held, err := at.held(ctx, s, user.ID)
		if err != nil {
			return nil, err
		}
		if taker.Load = held; at.pool.Def.Hold != nil && at.pool.Def.Hold.Max > 0 {
			taker.Room = max(0, min(taker.Room, at.pool.Def.Hold.Max-held))
		}
		if taker.Tiers, err = at.roomByTier(ctx, s, user.ID); err != nil {
			return nil, err
		}
		out = append(out, taker)
	}
	return out, nil
}

func (t *Taker) limit(q *meta.PoolQuota, user org.User, people *org.Snapshot) {
	if q.PerPerson > 0 {
		t.Room = q.PerPerson
	}
	if n, ok := q.Overrides[user.Username]; ok {
		t.Room = n
	}
	for _, id := range people.ZonesOf(user.ID) {
		zone, _ := people.Zone(id)
		if _, ok := q.PerZone[zone.Key]; ok && t.Zone == "" {
			t.Zone = zone.Key
		}
	}
}

// roomByTier is how many more somebody may hold of each tier that is limited; nil where none is.
func (s standing) roomByTier(ctx context.Context, from store.Store, user value.ID) (map[string]int, error) {
	if s.pool.Def.Hold == nil || len(s.pool.Def.Hold.ByTier) == 0 {
		return nil, nil
	}
	out := map[string]int{}
	for tier, most := range s.pool.Def.Hold.ByTier {
		_, ofTier := s.pool.TierOf(value.Doc{string(s.pool.Def.Tier): tier})
		n, err := from.Count(ctx, query.Count{Form: s.Form.Key, Filter: append(s.counts(user), ofTier)})
		if err != nil {
			return nil, err
		}
		out[tier] = max(0, most-int(n.Value))
	}
	return out, nil
}

// held counts what somebody holds of the form, as far as it counts.
func (s standing) held(ctx context.Context, from store.Store, user value.ID) (int, error) {
	where := query.And{query.Where(s.Form.Def.Holders.Owner, query.Eq, string(user))}
	if s.pool.Def.Hold != nil {
		where = s.counts(user)
	}
	n, err := from.Count(ctx, query.Count{Form: s.Form.Key, Filter: where})
	return int(n.Value), err
}
