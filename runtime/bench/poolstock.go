package bench

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
	tenantpeople "tidewater/runtime/people"
	"tidewater/runtime/tenant"
)

// Who is who: the first poolTakers are handed what waits, the next own what this is about, the last ones all the rest.
const (
	poolTakers   = 50
	sparseSeller = poolTakers + iota - 1
	mediumSeller
	denseSeller
	firstOther
	others     = 8
	poolSeller = firstOther + others
)

// The pools, each with what is for one part of the run.
const (
	duePool     = "customerEast"
	besidePool  = "customerWest"
	waitingPool = "customerSouth"
	restPool    = "customerNorth"
)

// agoDue is how long ago everybody has got what is due: longer than any tier gives them.
const agoDue = 100 * 24 * time.Hour

// lots are how many customers there are of each kind: due in two pools, due and written straight into the store,
// waiting in a pool, and all the rest, which have an owner and time.
type lots struct{ due, raw, waiting, rest int }

func lotsOf(records int) lots {
	l := lots{due: min(50_000, records/4), raw: min(10_000, records/10), waiting: min(10_000, records/10)}
	l.rest = records - 2*l.due - l.raw - l.waiting
	return l
}

// lot is the zone of the n-th customer, since when somebody has it, and who; "" for nobody.
func (l lots) lot(n int) (zone string, due bool, owner value.ID, shares []value.Share) {
	other := personID(firstOther + n%others)
	switch {
	case n < l.due:
		return "east", true, other, nil
	case n < 2*l.due:
		return "west", true, other, nil
	case n < 2*l.due+l.raw:
		return "north", true, other, nil
	case n < 2*l.due+l.raw+l.waiting:
		return "south", false, "", nil
	}
	at := n - 2*l.due - l.raw - l.waiting
	few := max(1, l.rest/80) // the sparse one has about eighty of their own, and forty of others
	switch {
	case at%few == 0:
		return "north", false, personID(sparseSeller), nil
	case at%50 == 2:
		return "north", false, personID(mediumSeller), nil
	case at%2 == 1:
		return "north", false, personID(denseSeller), nil
	}
	with := func(n int, how value.Sharing) {
		shares = append(shares, value.Share{With: "user:" + string(personID(n)), How: how, By: other})
	}
	switch at % (2 * few) {
	case 4:
		with(sparseSeller, value.ShareRead)
	case 6:
		with(sparseSeller, value.ShareTeam)
	}
	switch at % 100 {
	case 10:
		with(mediumSeller, value.ShareRead)
	case 12:
		with(mediumSeller, value.ShareTeam)
	case 14:
		with(denseSeller, value.ShareRead)
	case 16:
		with(denseSeller, value.ShareTeam)
	}
	return "north", false, other, shares
}

const bossID = value.ID("thebossofallpools")

func (p *pools) boss() value.Actor {
	actor, _ := p.tenant.People.Org().Actor(bossID)
	return actor
}

// furnish makes the tenant, its people, zones and customers, and serves it.
func (p *pools) furnish(ctx context.Context, s *site) error {
	entry, err := s.tenants.CreateWith(ctx, tenantName, zoneName, func(t *tenant.Tenant) error {
		if _, err := t.Engine.Apps.Install(ctx, s.App); err != nil {
			return err
		}
		if err := hirePools(ctx, t); err != nil {
			return err
		}
		zones, err := zonesOf(ctx, t)
		if err != nil {
			return err
		}
		p.zones = zones
		return p.fill(ctx, t, zones)
	})
	if err != nil {
		return err
	}
	if s.tenant, s.release, err = s.tenants.Use(ctx, entry.ID); err != nil {
		return err
	}
	return s.serve(ctx)
}

func poolZones() []string { return []string{"east", "west", "south", "north"} }

func hirePools(ctx context.Context, t *tenant.Tenant) error {
	return t.People.Change(ctx, func(d *tenantpeople.Draft) error {
		for _, key := range poolZones() {
			d.PutZone(org.Zone{ID: value.ID("zone" + key), Key: key, Name: map[string]string{"en": key}})
		}
		for n, one := range salespeople(poolSeller) {
			if n < poolTakers {
				one.Zones = []value.ID{"zonesouth"}
			}
			if n == 0 { // whoever saves beside a sweep gives what they make to the others: nobody holds as much as that
				one.Roles = append(one.Roles, "salesDirector")
			}
			d.PutUser(one)
		}
		d.PutUser(org.User{ID: bossID, Username: string(bossID), Name: string(bossID), Roles: []string{"salesDirector"}, Active: true})
		return nil
	})
}

// zonesOf makes the records of the zones, by key.
func zonesOf(ctx context.Context, t *tenant.Tenant) (map[string]value.ID, error) {
	boss, _ := t.People.Org().Actor(bossID)
	out := map[string]value.ID{}
	for _, key := range poolZones() {
		made, err := t.Engine.Records.Create(ctx, boss, "zone", record.Input{Values: map[string]any{"name": key, "key": key}})
		if err != nil {
			return nil, err
		}
		out[key] = made.ID
	}
	return out, nil
}

// poolBatch is how many customers a transaction puts.
const poolBatch = 500

// fill puts the customers as the engine would have made them, but without the history of it.
func (p *pools) fill(ctx context.Context, t *tenant.Tenant, zones map[string]value.ID) error {
	f, now := t.Engine.Catalog().Forms[form], p.PoolsConfig.Clock().UTC().Truncate(time.Millisecond)
	local, err := time.LoadLocation(zoneName)
	if err != nil {
		return err
	}
	batches := make(chan []*value.Record, 4)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(batches)
		for from := 0; from < p.PoolsConfig.Records; from += poolBatch {
			var batch []*value.Record
			for n := from; n < min(from+poolBatch, p.PoolsConfig.Records); n++ {
				made := now.Add(time.Duration(n-p.PoolsConfig.Records) * time.Millisecond)
				r, err := p.customer(f, t.People.Org(), zones, n, made, local)
				if err != nil {
					return err
				}
				batch = append(batch, r)
			}
			select {
			case batches <- batch:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	group.Go(func() error {
		for batch := range batches {
			err := t.Store.Tx(ctx, func(tx store.Tx) error {
				for _, r := range batch {
					if err := tx.Put(ctx, r, 0); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}

// unsold is a customer of a zone whom an order has not won: those who are never leave.
func unsold(n int64, zone value.ID) map[string]any {
	values := customer(n, poolSeller)
	values["zone"] = map[string]any{"id": string(zone)}
	if values["status"] == "won" {
		values["status"] = "contacted"
	}
	return values
}

// saved is what somebody saves beside a sweep: a customer of one of those who were handed some before.
func (p *pools) saved(n int64) map[string]any {
	values := unsold(n, p.zones["south"])
	values["owner"] = string(personID(1 + int(n%(poolTakers-1))))
	return values
}

// customer is the n-th one.
func (p *pools) customer(
	f *catalog.Form, people *org.Snapshot, zones map[string]value.ID, n int, made time.Time, local *time.Location,
) (*value.Record, error) {
	zone, due, owner, shares := p.lots.lot(n)
	said := unsold(int64(n), zones[zone])
	if owner != "" {
		said["owner"] = string(owner)
	}
	values, issues := f.DecodeValues(said)
	if len(issues) > 0 {
		return nil, fmt.Errorf("customer %d: %w", n, issues)
	}
	if due {
		made = made.Add(-agoDue)
	}
	values["zoneKey"] = zone
	values["lastFollowUpAt"] = made.Add(-time.Duration(n*7919%1_000_003) * time.Second).UnixMilli()
	values.PutShares(shares)
	ctx := expr.Context{Now: made, Zone: local, Actor: value.Actor{User: owner}}
	if issues := f.Compute(values, ctx); len(issues) > 0 {
		return nil, fmt.Errorf("customer %d: %w", n, issues)
	}
	r := &value.Record{
		ID: value.ID(fmt.Sprintf("customer%09d", n)), Form: form, Version: 1, Values: values,
		CreatedAt: made, CreatedBy: bossID, UpdatedAt: made, UpdatedBy: bossID,
	}
	f.Custody(r, nil, ctx)
	f.Derive(r, local, people)
	return r, nil
}
