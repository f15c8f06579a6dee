package record

import (
	"context"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// A record that hundreds of thousands of others show, such as an area, would keep all that follows from other records
// waiting while its mirrors are brought up to date, and a kill would have it begin anew. So after the first ones it is
// left to a job, which does them page by page.

const (
	// mirrorRows is how many records a transaction brings up to date.
	mirrorRows = 200
	// mirrorPages is how many transactions are not left to a job.
	mirrorPages = 5
)

// Mirrors are those of one record's fields that are not up to date yet.
type Mirrors struct {
	Form  value.FormKey    `json:"form"`  // of the records that hold them
	Via   value.FieldKey   `json:"via"`   // their reference to the one that they show
	Shown value.ID         `json:"shown"` // that one
	Of    []value.FieldKey `json:"of"`    // its fields that have changed
	After query.Key        `json:"after"` // where the page before ended; nil: none has been looked at
	Seen  int64            `json:"seen"`  // records that have been looked at
}

// Mirrored is what a page of Mirror has done.
type Mirrored struct {
	After query.Key // where it ended; nil: there are no more
	Seen  int64     // records
	// Moved are those of which something has changed that others are made of, and Changed which fields; see Spread.
	Moved   []value.ID
	Changed []value.FieldKey
}

// CountMirrors counts the records that hold such mirrors. Faults: those of the store.
func (s *Service) CountMirrors(ctx context.Context, m Mirrors) (int64, error) {
	n, err := s.Store.Count(ctx, query.Count{Form: m.Form, Filter: query.Where(m.Via, query.Eq, string(m.Shown))})
	return n.Value, fault.Wrap("record.mirrors", err)
}

// Mirror brings the next page of mirrors up to date, in one transaction with also. Where the one that they show is gone, or
// the form no longer has any, there is nothing to do. Faults: those of the store; Unavailable "record.busy".
func (s *Service) Mirror(ctx context.Context, m Mirrors, also func(tx store.Tx, done Mirrored) error) error {
	return again(func() error {
		v := s.visit(follower())
		told := false
		_, err := v.mirrorNext(ctx, m, func(tx store.Tx, page mirrorPage) error {
			told = true
			return also(tx, page.mirrored())
		})
		if err != nil || told {
			return err
		}
		return v.tx(ctx, nil, func(tx store.Tx) error { return also(tx, Mirrored{}) })
	})
}

// mirrorPage is what has become of some records.
type mirrorPage struct {
	next  query.Key // nil: there are no more
	seen  int       // records
	shown []moved   // those of them that have changed and that others are made of
}

func (p mirrorPage) mirrored() Mirrored {
	out := Mirrored{After: p.next, Seen: int64(p.seen)}
	for _, m := range p.shown {
		out.Moved = append(out.Moved, m.record.ID)
		for key := range m.changed {
			if !slices.Contains(out.Changed, key) {
				out.Changed = append(out.Changed, key)
			}
		}
	}
	slices.Sort(out.Changed)
	return out
}

// Spread brings up to date what is made of records in which something has changed that follows from others. Done twice it
// does no harm. Faults: those of the store; Unavailable "record.busy".
func (s *Service) Spread(ctx context.Context, form value.FormKey, ids []value.ID, changed []value.FieldKey) error {
	return again(func() error {
		v := s.visit(follower())
		f, known := v.catalog.Forms[form]
		if !known {
			return nil
		}
		records, err := s.Store.GetMany(ctx, form, ids)
		if err != nil {
			return err
		}
		keys := map[value.FieldKey]bool{}
		for _, key := range changed {
			keys[key] = true
		}
		on := make([]moved, len(records))
		for n, r := range records {
			on[n] = moved{f, r, keys}
		}
		return v.spread(ctx, on)
	})
}

// mirrorNext brings the next records up to date in one transaction with also.
func (v *visit) mirrorNext(ctx context.Context, m Mirrors, also func(tx store.Tx, page mirrorPage) error) (done mirrorPage, err error) {
	back, mirrors, ok := v.mirroring(m)
	if !ok {
		return done, nil
	}
	q := query.List{Form: m.Form, Filter: query.Where(m.Via, query.Eq, string(m.Shown)), Limit: mirrorRows, After: m.After}
	err = v.tx(ctx, nil, func(tx store.Tx) error {
		target, err := tx.Get(ctx, back.Field.Def.Ref, m.Shown)
		if err != nil {
			return err
		}
		page, err := tx.List(ctx, q)
		if err != nil {
			return err
		}
		shown, err := v.show(ctx, tx, back.Form, page.Records, target, mirrors)
		if err != nil {
			return err
		}
		done = mirrorPage{page.Next, len(page.Records), shown}
		return also(tx, done)
	})
	if fault.KindOf(err) == fault.NotFound {
		return mirrorPage{}, nil
	}
	return done, err
}

// mirroring are the reference and the mirrors that are meant, by what is published now.
func (v *visit) mirroring(m Mirrors) (catalog.Backlink, []*catalog.Field, bool) {
	form, known := v.catalog.Forms[m.Form]
	if !known {
		return catalog.Backlink{}, nil, false
	}
	changed := map[value.FieldKey]bool{}
	for _, key := range m.Of {
		changed[key] = true
	}
	via, known := form.Field(m.Via)
	if !known {
		return catalog.Backlink{}, nil, false
	}
	back := catalog.Backlink{Form: form, Field: via}
	mirrors := mirrorsOf(back, changed)
	return back, mirrors, len(mirrors) > 0
}

func (v *visit) show(
	ctx context.Context, tx store.Tx, form *catalog.Form, records []*value.Record, target *value.Record, mirrors []*catalog.Field,
) (out []moved, err error) {
	for _, r := range records {
		shown := value.Doc{}
		for _, f := range mirrors {
			shown[string(f.Key)] = value.Clone(target.Get(f.Def.Of))
		}
		next, err := v.putFigures(ctx, tx, form, r, shown)
		if err != nil {
			return nil, err
		}
		out = v.movedTo(out, form, r, next)
	}
	return out, nil
}
