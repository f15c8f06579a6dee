package record

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Get returns a record as this actor sees it; NotFound also when it exists but not for them.
// One that waits in a pool counts as opened, see open.
func (s *Service) Get(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID) (*View, error) {
	v := s.visit(actor)
	f, r, err := v.open(ctx, form, id)
	if err != nil {
		return nil, err
	}
	view, err := v.answer(ctx, f, r)
	if err != nil {
		return nil, err
	}
	view.Siblings, err = v.siblings(ctx, f, r)
	return view, err
}

// read fetches a record that the actor may read; one in the recycle bin only if they may delete it.
func (v *visit) read(ctx context.Context, key value.FormKey, id value.ID) (*catalog.Form, *value.Record, error) {
	form, err := v.form(key)
	if err != nil {
		return nil, nil, err
	}
	r, err := v.fetch(ctx, key, id)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil, notFound(key, id)
	}
	if err != nil {
		return nil, nil, err
	}
	d := v.decision(form)
	if !d.Reaches(meta.Read, r) || r.Deleted() && !d.Reaches(meta.Delete, r) {
		return nil, nil, notFound(key, id)
	}
	return form, r, nil
}
