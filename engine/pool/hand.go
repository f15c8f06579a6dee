package pool

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Side documents: what somebody has claimed on a day, and until when somebody had a record.
const (
	claims = "poolClaims" // form/pool or empty/user/day
	owners = "poolOwners" // form/record/user
)

type claimed struct {
	Count int `json:"count"`
}

type owned struct {
	Until int64 `json:"until"` // epoch milliseconds
}

// give makes somebody the record's owner ("": nobody), with what goes along, and notes that whoever had it
// has it no longer.
func (s standing) give(ctx context.Context, on *record.Acting, to value.ID) error {
	on.Next().Values.Put(s.Form.Def.Holders.Owner, string(to))
	if s.owner != "" {
		key, body, err := s.leaving()
		if err != nil {
			return err
		}
		on.Within(func(ctx context.Context, tx store.Tx) error {
			return tx.Save(ctx, owners, store.Item{Key: key, Body: body}, store.AnyRevision)
		})
	}
	along, err := s.along()
	if err != nil {
		return err
	}
	for _, form := range slices.Sorted(maps.Keys(along)) {
		if err := s.giveAlong(ctx, on, form, along[form], to); err != nil {
			return err
		}
	}
	return nil
}

func (s standing) leaving() (key string, body []byte, err error) {
	body, err = json.Marshal(owned{Until: s.Rule.Now.UnixMilli()})
	return ownerKey(s.Form.Key, s.Record.ID, s.owner), body, fault.Wrap("pool.leave", err)
}

func ownerKey(form value.FormKey, id, user value.ID) string {
	return string(form) + "/" + string(id) + "/" + string(user)
}

// along are the forms whose records go where the record goes, and which of these: nil for all.
func (s standing) along() (map[value.FormKey]query.Filter, error) {
	out := map[value.FormKey]query.Filter{}
	for _, rule := range s.pool.Rules {
		for _, one := range rule.Along {
			some, err := one.Filter(s.Rule)
			if err != nil {
				return nil, fault.New(fault.Invalid, "pool.along").With("pool", s.pool.Def.Label).Because(err)
			}
			switch others, named := out[one.Form]; {
			case !named:
				out[one.Form] = some
			case some == nil || others == nil:
				out[one.Form] = nil
			default:
				out[one.Form] = query.Or{others, some}
			}
		}
	}
	return out, nil
}

// giveAlong gives the records of another form that are the former owner's, or nobody's, where the record goes.
func (s standing) giveAlong(ctx context.Context, on *record.Acting, key value.FormKey, which query.Filter, to value.ID) error {
	records, form, err := on.Pointing(ctx, key, which)
	if err != nil || form == nil || form.Def.Holders.Owner == "" {
		return err
	}
	for _, r := range records {
		if had := form.OwnerOf(r.Values); had == to || had != "" && had != s.owner {
			continue
		}
		on.Along(form, r, func(next *value.Record) { next.Values.Put(form.Def.Holders.Owner, string(to)) })
	}
	return nil
}

// limit is one of the caps on what somebody may hold.
type limit struct {
	max   int
	what  string // "hold", or the tier
	where query.And
}

// limits are those that a record counts for; none where it does not count as held.
func (s standing) limits(user value.ID) []limit {
	hold := s.pool.Def.Hold
	if hold == nil {
		return nil
	}
	if filter := s.excluded(); filter != nil && query.Match(filter, s.Record) {
		return nil
	}
	where := s.counts(user)
	var out []limit
	if hold.Max > 0 {
		out = append(out, limit{hold.Max, "hold", where})
	}
	tier, ofTier := s.pool.TierOf(s.Record.Values)
	if most, ok := hold.ByTier[tier]; ok {
		out = append(out, limit{most, tier, append(slices.Clone(where), ofTier)})
	}
	slices.SortFunc(out, func(a, b limit) int { return a.max - b.max })
	return out
}

// counts is the filter of the records that count as held by somebody.
func (s standing) counts(user value.ID) query.And {
	where := query.And{query.Where(s.Form.Def.Holders.Owner, query.Eq, string(user))}
	if s.pool.Def.Hold.Scope == "pool" {
		where = append(where, query.Where(value.SysPool, query.Eq, s.pool.Def.Key))
	}
	if s.Form.Grouped() {
		where = append(where, query.Where(value.SysClosedBy, query.Empty, nil))
	}
	if filter := s.excluded(); filter != nil {
		where = append(where, query.Not{Of: filter})
	}
	return where
}

// excluded are the records that do not count as held; nil: all do, also where the condition fails.
func (s standing) excluded() query.Filter {
	if s.pool.Excludes == nil {
		return nil
	}
	filter, err := s.pool.Excludes.Filter(s.Rule)
	if err != nil {
		return nil
	}
	return filter
}

// room holds, in the transaction, that somebody has room for one more.
func (s standing) room(ctx context.Context, tx store.Tx, user value.ID) error {
	return s.roomAfter(ctx, tx, user, nil)
}

// roomAfter is room where a transaction does nothing but give records of this pool, and given tells how many more each
// may get: what somebody holds is counted for the first of theirs, and not again for each. nil counts each time.
func (s standing) roomAfter(ctx context.Context, tx store.Tx, user value.ID, given map[string]int) error {
	limits := s.limits(user)
	if len(limits) == 0 {
		return nil
	}
	if err := tx.Guard(ctx, "poolHold:"+string(s.Form.Key)+":"+string(user)); err != nil {
		return err
	}
	left := make(map[string]int, len(limits))
	for _, l := range limits {
		key := "poolHold:" + string(user) + ":" + l.what
		n, known := given[key]
		if !known {
			var err error
			if n, err = leftOf(ctx, tx, s.Form.Key, l); err != nil {
				return err
			}
		}
		if n <= 0 {
			return fault.New(fault.Conflict, "pool.holdFull").With("max", l.max).With("limit", l.what).With("pool", s.pool.Def.Label)
		}
		left[key] = n - 1
	}
	if given != nil {
		maps.Copy(given, left)
	}
	return nil
}

// Room holds, in the transaction that makes a record for somebody, that they have room for it. Faults: Conflict
// "pool.holdFull".
func Room(ctx context.Context, tx store.Tx, on record.Asked, owner value.ID) error {
	s, ok := stands(on)
	if !ok {
		return nil
	}
	return s.room(ctx, tx, owner)
}

const page = 500

// leftOf counts on the owner's index, and no further than the limit, how many more somebody may hold.
func leftOf(ctx context.Context, tx store.Tx, form value.FormKey, l limit) (int, error) {
	q := query.List{Form: form, Filter: l.where, Limit: min(max(l.max, 1), page)}
	left := l.max
	for left > 0 {
		found, err := tx.List(ctx, q)
		if err != nil {
			return 0, err
		}
		if left -= len(found.Records); found.Next == nil {
			break
		}
		q.After = found.Next
	}
	return left, nil
}

// spend counts a claim of the day, or refuses it.
func (s standing) spend(ctx context.Context, tx store.Tx) error {
	def := s.pool.Def.Claim
	if def == nil || def.PerDay == 0 {
		return nil
	}
	key := claimKey(s.Form.Key, s.pool, s.Actor.User, s.today())
	if err := tx.Guard(ctx, claims+":"+key); err != nil {
		return err
	}
	item, count, err := loadClaims(ctx, tx, key)
	if err != nil {
		return err
	}
	if count >= def.PerDay {
		return fault.New(fault.Conflict, "pool.quotaSpent").With("max", def.PerDay).With("pool", s.pool.Def.Label)
	}
	body, err := json.Marshal(claimed{Count: count + 1})
	if err != nil {
		return fault.Wrap("pool.claim", err)
	}
	item.Body, item.Expires = body, s.Rule.Now.Add(3*24*time.Hour)
	return tx.Save(ctx, claims, item, item.Revision)
}

func claimKey(form value.FormKey, p *catalog.Pool, user value.ID, day int64) string {
	scope := ""
	if p.Def.Claim != nil && p.Def.Claim.Scope == "pool" {
		scope = p.Def.Key
	}
	return string(form) + "/" + scope + "/" + string(user) + "/" + strconv.FormatInt(day, 10)
}

func loadClaims(ctx context.Context, from store.Side, key string) (store.Item, int, error) {
	item, err := from.Load(ctx, claims, key)
	if fault.KindOf(err) == fault.NotFound {
		return store.Item{Key: key}, 0, nil
	}
	if err != nil {
		return item, 0, err
	}
	var c claimed
	if err := json.Unmarshal(item.Body, &c); err != nil {
		return item, 0, fault.New(fault.Internal, "store.corrupt").At(claims + "/" + key).Because(err)
	}
	return item, c.Count, nil
}

// cooled holds that a former owner has waited long enough, whether they had the record last or before others.
func (s standing) cooled(ctx context.Context, tx store.Side, user value.ID) error {
	wait, last := s.cooldown()
	if wait.Value == 0 {
		return nil
	}
	left := int64(0)
	if value.ID(s.Record.Values.Text(value.SysFormer)) == user {
		left = s.Record.Values.At(value.SysFormerAt)
	}
	if !last {
		item, err := tx.Load(ctx, owners, ownerKey(s.Form.Key, s.Record.ID, user))
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if err == nil {
			var o owned
			if err := json.Unmarshal(item.Body, &o); err != nil {
				return fault.New(fault.Internal, "store.corrupt").At(owners + "/" + item.Key).Because(err)
			}
			left = max(left, o.Until)
		}
	}
	if left == 0 {
		return nil
	}
	until, err := s.after(left, wait)
	if err == nil && s.Rule.Now.Before(until) {
		return fault.New(fault.Conflict, coolingDown).With("until", until.In(s.zone()).Format(time.DateOnly))
	}
	return err
}

const (
	defaultCooldown = 7 // days
	coolingDown     = "pool.coolingDown"
)

func (s standing) cooldown() (wait meta.Span, lastOnly bool) {
	if s.pool.Def.Claim == nil || s.pool.Def.Claim.Cooldown == nil {
		return meta.Span{Value: defaultCooldown, Unit: "day"}, false
	}
	c := s.pool.Def.Claim.Cooldown
	return meta.Span{Value: c.Value, Unit: c.Unit}, c.Who == "lastOwner"
}
