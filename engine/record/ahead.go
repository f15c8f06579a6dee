package record

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/value"
)

// What is done together is read together: the records that are to be changed, and those that they are to refer
// to. The transaction asks again for everything that must hold when it commits.

// fetchAhead reads what a list of changes is about.
func (v *visit) fetchAhead(ctx context.Context, key value.FormKey, changes []Change) error {
	form, ok := v.catalog.Forms[key]
	if !ok {
		return nil // begin says so
	}
	ids := map[value.FormKey]map[value.ID]bool{}
	want := func(form value.FormKey, id value.ID) {
		if id == "" {
			return
		}
		if ids[form] == nil {
			ids[form] = map[value.ID]bool{}
		}
		ids[form][id] = true
	}
	for _, c := range changes {
		want(key, c.ID)
		if c.Op == OpAct {
			v.lot = append(v.lot, parentKey{key, c.ID})
		}
		for _, field := range form.References {
			if field.Table == nil {
				eachSent(field, c.Values[string(field.Key)], want)
				continue
			}
			rows, _ := c.Values[string(field.Table.Key)].([]any)
			for _, row := range rows {
				cells, _ := row.(map[string]any)
				eachSent(field, cells[string(field.Key)], want)
			}
		}
	}
	v.ahead = map[parentKey]*value.Record{}
	for form, wanted := range ids {
		if err := v.fetchForm(ctx, form, wanted); err != nil {
			return err
		}
	}
	return nil
}

// eachSent visits the records that a reference names as it was sent.
func eachSent(f *catalog.Field, raw any, visit func(value.FormKey, value.ID)) {
	switch raw := raw.(type) {
	case string:
		visit(f.Named(value.ID(raw)))
	case map[string]any:
		form, isText := raw["form"].(string)
		if id, ok := raw["id"].(string); ok && isText && f.As.Kind == field.AnyRef {
			visit(value.FormKey(form), value.ID(id))
			return
		}
		eachSent(f, raw["id"], visit)
	case []any:
		for _, one := range raw {
			eachSent(f, one, visit)
		}
	}
}

// mostAtOnce is how many records a store gives by id at once.
const mostAtOnce = 1000

func (v *visit) fetchForm(ctx context.Context, form value.FormKey, wanted map[value.ID]bool) error {
	ids := make([]value.ID, 0, min(len(wanted), mostAtOnce))
	for id := range wanted {
		v.ahead[parentKey{form, id}] = nil
		if ids = append(ids, id); len(ids) < mostAtOnce {
			continue
		}
		if err := v.fetchIDs(ctx, form, ids); err != nil {
			return err
		}
		ids = ids[:0]
	}
	return v.fetchIDs(ctx, form, ids)
}

func (v *visit) fetchIDs(ctx context.Context, form value.FormKey, ids []value.ID) error {
	if len(ids) == 0 {
		return nil
	}
	records, err := v.Store.GetMany(ctx, form, ids)
	for _, r := range records {
		v.ahead[parentKey{form, r.ID}] = r
	}
	return err
}

// fetch reads a record, which may have been read ahead; what many records refer to is read for the first of them. It is
// not the caller's to change.
func (v *visit) fetch(ctx context.Context, form value.FormKey, id value.ID) (*value.Record, error) {
	if r := v.trial.record(form, id); r != nil {
		return r, nil
	}
	r, known := v.ahead[parentKey{form, id}]
	if known && r == nil {
		return nil, fault.New(fault.NotFound, "store.notFound").With("form", string(form)).With("id", string(id))
	}
	if known {
		return r, nil
	}
	r, err := v.Store.Get(ctx, form, id)
	if err == nil && v.ahead != nil {
		v.ahead[parentKey{form, id}] = r
	}
	return r, err
}
