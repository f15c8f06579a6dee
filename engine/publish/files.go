package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// keep saves the files under their version for good. The same files under the same version may be kept
// again, others may not.
func (s *Service) keep(ctx context.Context, key string, files catalog.Bundle) error {
	item, err := s.Store.Load(ctx, bundles, key)
	if err == nil {
		var was kept
		if err := json.Unmarshal(item.Body, &was); err != nil {
			return fault.New(fault.Internal, "store.corrupt").At(bundles + "/" + key).Because(err)
		}
		if !maps.EqualFunc(was.Files, files, bytes.Equal) {
			return fault.New(fault.Conflict, "app.installed").With("app", key)
		}
		return nil
	}
	if fault.KindOf(err) != fault.NotFound {
		return err
	}
	body, err := json.Marshal(kept{Files: files, InstalledAt: s.Clock().UTC()})
	if err != nil {
		return err
	}
	return s.Store.Save(ctx, bundles, store.Item{Key: key, Body: body}, 0)
}

// load compiles a kept bundle.
func (s *Service) load(ctx context.Context, key string) (*catalog.Catalog, error) {
	item, err := s.Store.Load(ctx, bundles, key)
	if err != nil {
		return nil, err
	}
	var b kept
	if err := json.Unmarshal(item.Body, &b); err != nil {
		return nil, fault.New(fault.Internal, "store.corrupt").At(bundles + "/" + key).Because(err)
	}
	return Check(b.Files)
}
