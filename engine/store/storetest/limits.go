package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// limits holds that what is too large, unknown or over is refused with a fault, not attempted.
func limits(t *testing.T, open Open) {
	s := ready(t, open)
	ctx := t.Context()
	list := func(q query.List) error { q.Form = form; _, err := s.List(ctx, q); return err }
	many := make(value.List, 1001)
	ids := make([]value.ID, 1001)
	for i := range many {
		many[i], ids[i] = int64(i), value.ID(fmt.Sprint(i))
	}
	by := query.Sort{Path: query.At("cost")}
	refused := map[string]error{
		"a page of none":       list(query.List{}),
		"a page of 501":        list(query.List{Limit: 501}),
		"four sorts":           list(query.List{Limit: 1, Sorts: []query.Sort{by, by, by, by}}),
		"a place of no sort":   list(query.List{Limit: 1, Sorts: []query.Sort{by}, After: query.Key{"id"}}),
		"a place of no type":   list(query.List{Limit: 1, Sorts: []query.Sort{by}, After: query.Key{"text", "id"}}),
		"a place without id":   list(query.List{Limit: 1, Sorts: []query.Sort{by}, After: query.Key{int64(1), nil}}),
		"an unknown field":     list(query.List{Limit: 1, Filter: query.Where("nobody", query.Eq, "x")}),
		"an injected field":    list(query.List{Limit: 1, Filter: query.Where(`x" OR 1=1 --`, query.Eq, "x")}),
		"an unknown row field": list(query.List{Limit: 1, Filter: query.Rows{Quantifier: query.Any, Table: "lines", Where: query.Where("nobody", query.Eq, "x")}}),
		"rows of no table":     list(query.List{Limit: 1, Filter: query.Rows{Quantifier: query.Any, Table: "tags", Where: query.Const(true)}}),
		"1,001 values":         list(query.List{Limit: 1, Filter: query.OneOf("cost", many...)}),
		"a sort by many":       list(query.List{Limit: 1, Sorts: []query.Sort{{Path: query.At("tags")}}}),
		"1,001 ids":            second2(s.GetMany(ctx, form, ids)),
		"an unknown form":      second2(s.Get(ctx, "nobody", "x")),
		"1,001 writes": s.Tx(ctx, func(tx store.Tx) error {
			for i := range 1001 {
				if err := tx.Put(ctx, plain(fmt.Sprint(i), nil), 0); err != nil {
					return err
				}
			}
			return nil
		}),
		"a float":               s.Tx(ctx, func(tx store.Tx) error { return tx.Put(ctx, plain("f", value.Doc{"cost": 1.5}), 0) }),
		"a name that is no key": s.Prepare(ctx, []store.Form{{Key: `x"; DROP TABLE forms --`}}, nil),
		"an unlisted index":     s.Prepare(ctx, []store.Form{{Key: "x", Indexes: []store.Index{{Columns: []query.Sort{by}}}}}, nil),
		"too many groups":       tooManyGroups(t, s),
	}
	for what, err := range refused {
		var f *fault.Error
		if !errors.As(err, &f) {
			t.Errorf("%s: %v", what, err)
		}
	}
	over, end := context.WithCancel(ctx)
	end()
	if _, err := s.List(over, query.List{Form: form, Limit: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("a list whose context is over: %v", err)
	}
	if n, err := s.Count(ctx, query.Count{Form: form}); err != nil || n.Value != 20 {
		t.Errorf("afterwards there are %v records, %v", n, err)
	}
}

func second2[T any](_ T, err error) error { return err }

func tooManyGroups(t *testing.T, s store.Store) error {
	for i := range 20 {
		put(t, s, plain(fmt.Sprintf("g%d", i), value.Doc{"cost": int64(i)}))
	}
	_, err := s.Aggregate(t.Context(), query.Aggregate{Form: form, Groups: []query.Group{{Path: query.At("cost")}}, Limit: 19})
	wantCode(t, err, "aggregate.tooManyGroups")
	return err
}

// maintenance holds that Each sees all once, in order, and that Check finds nothing wrong.
func maintenance(t *testing.T, open Open) {
	s := ready(t, open)
	all := crowd(130)
	put(t, s, all...)
	emit(t, s, event.Event{Kind: event.RecordCreated, Form: form, Record: "x", At: epoch})
	want := matchingAll(all)
	var got []value.ID
	must(t, s.Each(t.Context(), form, want[9], func(r *value.Record) error { got = append(got, r.ID); return nil }))
	if len(got) != len(want)-10 {
		t.Fatalf("%d seen, want %d", len(got), len(want)-10)
	}
	for i, id := range got {
		if id != want[i+10] {
			t.Fatalf("place %d is %s, want %s", i, id, want[i+10])
		}
	}
	enough := errors.New("enough")
	if err := s.Each(t.Context(), form, "", func(*value.Record) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("a walk stopped by its visitor: %v", err)
	}
	// Visitors may use the store.
	must(t, s.Each(t.Context(), form, want[120], func(r *value.Record) error {
		return s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, r.Version) })
	}))
	wrong, err := s.Check(t.Context())
	must(t, err)
	if len(wrong) != 0 {
		t.Errorf("found wrong: %q", wrong)
	}
}
