package record

import (
	"context"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Due is one record whose time with its owner is over, and its place among these.
type Due struct {
	ID    value.ID
	Place query.Key
}

// DuePage are some of the records that a pool's sweep has to look at.
type DuePage struct {
	Records []Due
	End     bool
	Work    query.Work // what the store examined for it
}

func dueFilter(pool string, until int64) query.And {
	return query.And{query.Where(value.SysPool, query.Eq, pool), query.Where(value.SysReclaimAt, query.Lte, until)}
}

// Due lists the records of a pool whose deadline is no later than a time, the longest overdue first, from an
// index. It is for the engine's own parts: no rights narrow it. Faults: those of the store.
func (s *Service) Due(ctx context.Context, form value.FormKey, pool string, until int64, after query.Key, limit int) (DuePage, error) {
	page, err := s.Store.List(ctx, query.List{
		Form: form, Filter: dueFilter(pool, until), Sorts: []query.Sort{{Path: query.At(value.SysReclaimAt)}}, After: after, Limit: limit,
	})
	if err != nil {
		return DuePage{}, fault.Wrap("record.due", err)
	}
	out := DuePage{End: page.Next == nil, Work: page.Examined}
	for _, r := range page.Records {
		out.Records = append(out.Records, Due{r.ID, query.Key{r.Values.At(value.SysReclaimAt), string(r.ID)}})
	}
	return out, nil
}

// CountDue counts the records that Due lists, and with any of them, those of the pool that somebody owns.
func (s *Service) CountDue(ctx context.Context, form value.FormKey, pool string, until int64) (due, owned int64, err error) {
	counted, err := s.Store.Count(ctx, query.Count{Form: form, Filter: dueFilter(pool, until)})
	if err != nil || counted.Value == 0 {
		return 0, 0, fault.Wrap("record.due", err)
	}
	all, err := s.Store.Count(ctx, query.Count{Form: form, Filter: query.And{
		query.Where(value.SysPool, query.Eq, pool), query.Where(value.SysAssignedAt, query.NotEmpty, nil),
	}})
	return counted.Value, all.Value, fault.Wrap("record.due", err)
}

// Leaving lists the records of a pool that leave their owners after one time and no later than another, the
// first to leave first, from the same index as Due, and where to go on; nil at the end. It is for the engine's
// own parts: no rights narrow it. Faults: those of the store.
func (s *Service) Leaving(
	ctx context.Context, form value.FormKey, pool string, from, until int64, after query.Key, limit int,
) (records []*value.Record, next query.Key, work query.Work, err error) {
	page, err := s.Store.List(ctx, query.List{
		Form: form, Filter: append(dueFilter(pool, until), query.Where(value.SysReclaimAt, query.Gt, from)),
		Sorts: []query.Sort{{Path: query.At(value.SysReclaimAt)}}, After: after, Limit: limit,
	})
	return page.Records, page.Next, page.Examined, fault.Wrap("record.leaving", err)
}

// Coming lists the records of a form whose field holds a time after one and no later than another, the first to come
// first, from the field's index, and where to go on; nil at the end. It is for the engine's own parts: no rights narrow
// it. Faults: those of the store.
func (s *Service) Coming(
	ctx context.Context, form value.FormKey, field value.FieldKey, from, until int64, after query.Key, limit int,
) (records []*value.Record, next query.Key, work query.Work, err error) {
	page, err := s.Store.List(ctx, query.List{
		Form: form, Filter: query.And{query.Where(field, query.Gt, from), query.Where(field, query.Lte, until)},
		Sorts: []query.Sort{{Path: query.At(field)}}, After: after, Limit: limit,
	})
	return page.Records, page.Next, page.Examined, fault.Wrap("record.coming", err)
}

// Shows tells whether an actor may read a record, as it is there, and sees one of its fields whole.
func (s *Service) Shows(actor value.Actor, r *value.Record, field value.FieldKey) bool {
	v := s.visit(actor)
	form, err := v.form(r.Form)
	if err != nil || r.Deleted() {
		return false
	}
	d := v.decision(form)
	return d.Reaches(meta.Read, r) && d.Sees(field, r) == access.Whole
}
