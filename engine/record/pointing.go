package record

import (
	"context"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

const (
	// maxAlong bounds what follows from one action in its transaction.
	maxAlong = 200
	// pointingPage is how many records that refer to those of a lot are read at once.
	pointingPage = 500
)

// Pointing are the living records of a form that refer to the record, at most 200 of them: which of them, nil for all.
// They are not the caller's to change.
func (a *Acting) Pointing(ctx context.Context, key value.FormKey, which query.Filter) ([]*value.Record, *catalog.Form, error) {
	for _, back := range a.w.catalog.Pointing(a.Form.Key) {
		if back.Form.Key != key || back.Field.Table != nil {
			continue
		}
		records, err := a.w.pointingTo(ctx, back, a.Record.ID, which)
		if err == nil && len(records) > maxAlong {
			err = fault.New(fault.Conflict, "record.referredByTooMany").With("form", back.Form.Def.Label)
		}
		return records, back.Form, err
	}
	return nil, nil, nil
}

// pointingTo lists the records that refer to one by a field: those of its lot are read together where there are few.
func (v *visit) pointingTo(ctx context.Context, back catalog.Backlink, id value.ID, which query.Filter) ([]*value.Record, error) {
	all, known, err := v.pointingAtLot(ctx, back, id)
	if err != nil {
		return nil, err
	}
	if !known {
		return v.pointingAt(ctx, back, id, which)
	}
	var out []*value.Record
	for _, r := range all {
		if query.Match(which, r) {
			out = append(out, r)
		}
	}
	return out, nil
}

// pointingAt reads one more than may be, where there are more.
func (v *visit) pointingAt(ctx context.Context, back catalog.Backlink, id value.ID, which query.Filter) ([]*value.Record, error) {
	where := query.And{query.Where(back.Field.Key, query.Eq, string(id))}
	if which != nil {
		where = append(where, which)
	}
	page, err := v.Store.List(ctx, query.List{Form: back.Form.Key, Filter: where, Limit: maxAlong + 1})
	return page.Records, err
}

// pointingAtLot are the records that refer to one of those that are changed together; known is false where it is none of
// these, or where more refer to them than are read at once.
func (v *visit) pointingAtLot(ctx context.Context, back catalog.Backlink, id value.ID) (found []*value.Record, known bool, err error) {
	if len(v.lot) < 2 || !slices.Contains(v.lot, parentKey{back.Field.Def.Ref, id}) {
		return nil, false, nil
	}
	by := referring{back.Form.Key, back.Field.Key}
	at, read := v.pointed[by]
	if !read {
		if at, err = v.readPointing(ctx, back); err != nil {
			return nil, false, err
		}
		if v.pointed == nil {
			v.pointed = map[referring]map[value.ID][]*value.Record{}
		}
		v.pointed[by] = at
	}
	return at[id], at != nil, nil
}

// referring is a field by which records of a form refer to others.
type referring struct {
	form  value.FormKey
	field value.FieldKey
}

// readPointing reads what refers to the records of the lot, by which of them; nil where that is too much at once.
func (v *visit) readPointing(ctx context.Context, back catalog.Backlink) (map[value.ID][]*value.Record, error) {
	ids := make([]value.Value, len(v.lot))
	for n, one := range v.lot {
		ids[n] = string(one.id)
	}
	q := query.List{Form: back.Form.Key, Filter: query.OneOf(back.Field.Key, ids...), Limit: pointingPage}
	page, err := v.Store.List(ctx, q)
	if err != nil || page.Next != nil || page.Incomplete {
		return nil, err
	}
	at := map[value.ID][]*value.Record{}
	for _, r := range page.Records {
		for _, id := range idsOf(r.Values[string(back.Field.Key)]) {
			at[id] = append(at[id], r)
		}
	}
	return at, nil
}
