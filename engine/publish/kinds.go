package publish

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// kinds remembers of which kind each field was when it was last published, also after it was removed:
// "asset.name", "asset.lines.count" → "text". What records hold under a key is of that kind.
type kinds map[string]meta.FieldKind

func kindsOf(c *catalog.Catalog) kinds {
	out := kinds{}
	for key, form := range c.Forms {
		for _, f := range form.Fields {
			path := string(key) + "." + string(f.Key)
			out[path] = f.Def.Kind
			for _, column := range f.Columns {
				out[path+"."+string(column.Key)] = column.Def.Kind
			}
		}
	}
	return out
}

func kindsIn(ctx context.Context, side interface {
	Load(ctx context.Context, collection, key string) (store.Item, error)
},
) (kinds, error) {
	out := kinds{}
	item, err := side.Load(ctx, state, kindsKey)
	if fault.KindOf(err) == fault.NotFound {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(item.Body, &out); err != nil {
		return nil, fault.New(fault.Internal, "store.corrupt").At(state + "/" + kindsKey).Because(err)
	}
	return out, nil
}

// checkKinds holds that no key is reused for another kind while there are records that may hold values of
// the old one. Computed fields are written anew by the engine, so they may change.
func (s *Service) checkKinds(ctx context.Context, next *catalog.Catalog) (fault.Issues, error) {
	was, err := kindsIn(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	var issues fault.Issues
	now := kindsOf(next)
	hasRecords := map[string]bool{}
	for _, path := range slices.Sorted(maps.Keys(now)) {
		if was[path] == "" || was[path] == now[path] {
			continue
		}
		parts := strings.Split(path, ".")
		if _, asked := hasRecords[parts[0]]; !asked {
			if hasRecords[parts[0]], err = s.hasRecords(ctx, value.FormKey(parts[0])); err != nil {
				return nil, err
			}
		}
		if hasRecords[parts[0]] {
			issues = append(issues, fault.Issue{
				File: "forms/" + parts[0] + "/form.json", Path: "/properties/" + strings.Join(parts[1:], "/properties/") + "/x-field",
				Code: "publish.kind", Args: fault.Args{"was": string(was[path])},
			})
		}
	}
	return issues, nil
}

// hasRecords tells whether a form has any record, the recycle bin included. The store
// knows it, for it was published once.
func (s *Service) hasRecords(ctx context.Context, form value.FormKey) (bool, error) {
	for _, deleted := range []bool{false, true} {
		page, err := s.Store.List(ctx, query.List{Form: form, Limit: 1, Deleted: deleted})
		if err != nil || len(page.Records) > 0 {
			return err == nil, err
		}
	}
	return false, nil
}
