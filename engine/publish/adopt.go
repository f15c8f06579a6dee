package publish

import (
	"context"
	"encoding/json"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
)

// bundles is where stores kept apps before publications had numbers.
const bundles = "bundle"

// adopt takes over what a store holds from before publications had numbers: then one document named
// the active app and another held its files. The new form is complete before the old one goes.
func (s *Service) adopt(ctx context.Context) error {
	item, err := s.Store.Load(ctx, bundles, activeKey)
	if fault.KindOf(err) == fault.NotFound || s.live.Load().revision > 0 {
		return nil
	}
	if err != nil {
		return err
	}
	corrupt := func(cause error) error {
		return fault.New(fault.Internal, "store.corrupt").In("publish.adopt").At(bundles + "/" + activeKey).Because(cause)
	}
	var old struct {
		Key   string         `json:"key"`
		Files catalog.Bundle `json:"files"`
	}
	if err := json.Unmarshal(item.Body, &old); err != nil {
		return corrupt(err)
	}
	key := old.Key
	if item, err = s.Store.Load(ctx, bundles, key); err != nil {
		return corrupt(err)
	}
	if err := json.Unmarshal(item.Body, &old); err != nil {
		return corrupt(err)
	}
	if _, err := s.Install(ctx, old.Files); err != nil {
		return corrupt(err)
	}
	return s.Store.Drop(ctx, bundles, activeKey)
}
