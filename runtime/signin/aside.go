package signin

import (
	"context"
	"encoding/json"
	"errors"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/runtime/tenant"
)

// While a tenant moves to another place it can be read, and nothing of it can be written. Then people can sign in and out
// all the same: what they are granted, and that something granted before is over, is kept aside, with what belongs to no
// tenant. It stays there when the tenant has moved; who has signed in meanwhile does so once more at the new place.

// asides is the side collection of that, in the common store, by the tenant's id and the grant's key.
const asides = "sessionAside"

func asideKey(t *tenant.Tenant, key string) string { return t.ID + "/" + key }

// keep keeps a new grant.
func (s *Service) keep(ctx context.Context, t *tenant.Tenant, item store.Item) error {
	err := t.Store.Save(ctx, sessions, item, 0)
	if fault.CodeOf(err) != "store.moving" {
		return err
	}
	item.Key = asideKey(t, item.Key)
	return s.Tenants.Common().Save(ctx, asides, item, 0)
}

// kept reads a grant. Faults: NotFound.
func (s *Service) kept(ctx context.Context, t *tenant.Tenant, key string) (granted, error) {
	aside, missing := s.Tenants.Common().Load(ctx, asides, asideKey(t, key))
	if missing != nil && fault.KindOf(missing) != fault.NotFound {
		return granted{}, missing
	}
	if missing == nil {
		g, err := grantedIn(aside)
		if err == nil && g.Over {
			err = fault.New(fault.NotFound, "auth.expired").In("signin.kept")
		}
		return g, err
	}
	item, err := t.Store.Load(ctx, sessions, key)
	if err != nil {
		return granted{}, err
	}
	return grantedIn(item)
}

// drop takes a grant away, or notes aside that it is over.
func (s *Service) drop(ctx context.Context, t *tenant.Tenant, key string) error {
	common := s.Tenants.Common()
	err := t.Store.Drop(ctx, sessions, key)
	if fault.CodeOf(err) != "store.moving" {
		return errors.Join(err, common.Drop(ctx, asides, asideKey(t, key)))
	}
	g, err := s.kept(ctx, t, key)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	g.Over = true
	body, err := json.Marshal(g)
	if err != nil {
		return err
	}
	return common.Save(ctx, asides, store.Item{Key: asideKey(t, key), Expires: g.Expires, Body: body}, store.AnyRevision)
}
