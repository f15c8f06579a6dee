package record

import (
	"context"
	"maps"
	"slices"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// A rollup is a figure on one record over the records that refer to it. With timing "transaction" it
// changes in the transaction of the child, by what the child's change adds or takes away; with "soon"
// it is computed anew from the outbox, once per parent however many children changed. Neither bumps
// the version that a user edits against, unless it turns a field: see turn.go.

// feed brings the transaction rollups of the parents of a changed child up to date.
func (w *write) feed(ctx context.Context, tx store.Tx, next, before *value.Record) error {
	for _, feed := range w.form.Feeds {
		if !feed.InTransaction {
			continue
		}
		deltas := map[value.ID]int64{}
		addShare(deltas, feed, before, -1)
		addShare(deltas, feed, next, 1)
		for _, parent := range slices.Sorted(maps.Keys(deltas)) {
			if err := w.addTo(ctx, tx, feed, parent, deltas[parent]); err != nil {
				return err
			}
		}
	}
	return nil
}

// addShare notes what a child counts for its parent; one in the recycle bin counts for nothing.
func addShare(deltas map[value.ID]int64, feed catalog.Feed, child *value.Record, sign int64) {
	if child == nil || child.Deleted() || !query.Match(feed.Filter, child) {
		return
	}
	parent, _ := child.Values[string(feed.Via)].(string)
	if parent == "" {
		return
	}
	share := int64(1)
	if feed.Op == query.MetricSum {
		share, _ = child.Values[string(feed.Of)].(int64)
	}
	deltas[value.ID(parent)] += sign * share
}

func (w *write) addTo(ctx context.Context, tx store.Tx, feed catalog.Feed, parent value.ID, delta int64) error {
	if delta == 0 {
		return nil
	}
	r, err := tx.Get(ctx, feed.Parent.Key, parent)
	if err != nil {
		return err
	}
	now, _ := r.Values[string(feed.Field.Key)].(int64)
	v := *w.visit
	v.depth = w.depth() // what it turns was led to by what has led to this save
	_, err = v.putFigures(ctx, tx, feed.Parent, r, value.Doc{string(feed.Field.Key): now + delta})
	return err
}

// putFigures writes what follows from other records, and the formulas that follow from that. These are
// computed inside the transaction: r must be what it reads, and formulas draw nothing from outside. The answer is the
// record as it has become, nil where nothing has changed.
func (v *visit) putFigures(ctx context.Context, tx store.Tx, form *catalog.Form, r *value.Record, figures value.Doc) (*value.Record, error) {
	next, err := withFigures(r, figures, form.Settle, v.rule(r.Values))
	if err != nil {
		return nil, err
	}
	if form.Turned(next.Values, r.Values) {
		if done, err := v.putTurned(ctx, tx, form, next, r); done || err != nil {
			return next, err
		}
		if next, err = withFigures(r, figures, form.Compute, v.rule(r.Values)); err != nil {
			return nil, err
		}
	}
	form.Custody(next, r, v.rule(r.Values))
	if value.Equal(next.Values, r.Values) {
		return nil, nil
	}
	form.Derive(next, v.Zone, v.people)
	return next, tx.Put(ctx, next, r.Version)
}

// withFigures is a record with what follows from others, and what work makes of that.
func withFigures(
	r *value.Record, figures value.Doc, work func(value.Doc, expr.Context) fault.Issues, rule expr.Context,
) (*value.Record, error) {
	next := r.Clone()
	for name, figure := range figures {
		if figure == nil {
			delete(next.Values, name)
			continue
		}
		next.Values[name] = figure
	}
	return next, work(next.Values, rule).Fault("record.rollup", "record.invalid")
}

const (
	followConsumer = "follow"
	followBatch    = 500 // at most: taking and settling cost a commit each
	followLease    = 30 * time.Second
)

type parentKey struct {
	form value.FormKey
	id   value.ID
}

// Follow brings the "soon" rollups and the mirrors up to date with the events that wait for it, and
// returns how many events it took; 0 means there is nothing left. Run again after a kill it repeats
// itself without harm, because everything is computed from the records as they are.
func (s *Service) Follow(ctx context.Context) (int, error) {
	events, err := s.Store.Take(ctx, followConsumer, s.following.Next(), followLease)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	began := s.Clock()
	defer func() { s.following.Took(len(events), s.Clock().Sub(began)) }()
	// What was taken is finished, also when the work is to end: else it would wait until its lease is over.
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), followLease)
	defer end()
	err = again(func() error { return s.followEach(ctx, events) })
	if err != nil {
		return 0, err
	}
	seqs := make([]int64, len(events))
	for i, e := range events {
		seqs[i] = e.Seq
	}
	return len(events), s.Store.Settle(ctx, followConsumer, seqs)
}

// followEach follows events by how many scripts have led to them: so many have led to what they turn.
func (s *Service) followEach(ctx context.Context, events []event.Event) error {
	byDepth := map[int][]event.Event{}
	for _, e := range events {
		byDepth[e.Depth] = append(byDepth[e.Depth], e)
	}
	for _, depth := range slices.Sorted(maps.Keys(byDepth)) {
		v := s.visit(follower())
		v.depth = depth
		if err := v.followAll(ctx, byDepth[depth]); err != nil {
			return err
		}
	}
	return nil
}

// follower is who writes what follows from other records.
func follower() value.Actor { return value.SystemActor("follow") }

func (v *visit) followAll(ctx context.Context, events []event.Event) error {
	parents, restarts := map[parentKey]*catalog.Form{}, map[followed]bool{}
	var on []moved
	for _, e := range events {
		for _, image := range []*value.Record{e.Before, e.After} {
			v.noteParents(parents, image)
			v.noteFollowed(restarts, image)
		}
		shown, err := v.follow(ctx, e)
		if err != nil {
			return err
		}
		risen, err := v.risen(ctx, e)
		if err != nil {
			return err
		}
		on = append(append(on, shown...), risen...)
	}
	counted, err := v.recountAll(ctx, parents)
	if err != nil {
		return err
	}
	on = append(on, counted...)
	for key := range restarts {
		restarted, err := v.restart(ctx, key)
		if err != nil {
			return err
		}
		on = append(on, restarted...)
	}
	return v.spread(ctx, on)
}

func (v *visit) noteParents(parents map[parentKey]*catalog.Form, child *value.Record) {
	if child == nil {
		return
	}
	form, ok := v.catalog.Forms[child.Form]
	if !ok {
		return
	}
	for _, feed := range form.Feeds {
		parent, _ := child.Values[string(feed.Via)].(string)
		if parent != "" && !feed.InTransaction {
			parents[parentKey{feed.Parent.Key, value.ID(parent)}] = feed.Parent
		}
	}
}

// recount computes all "soon" rollups of one record from its children. A child that changes between
// the counting and the writing brings an event of its own, and with it the next recount.
func (v *visit) recount(ctx context.Context, form *catalog.Form, id value.ID) ([]moved, error) {
	figures, err := v.rollups(ctx, form, id)
	if err != nil {
		return nil, err
	}
	return v.figure(ctx, form, id, func(*value.Record) value.Doc { return figures })
}

func (v *visit) recountAll(ctx context.Context, parents map[parentKey]*catalog.Form) ([]moved, error) {
	var out []moved
	for key, form := range parents {
		counted, err := v.recount(ctx, form, key.id)
		if err != nil {
			return nil, err
		}
		out = append(out, counted...)
	}
	return out, nil
}

// figure writes figures of one record, nil for none; of one that is gone there is nothing to write.
func (v *visit) figure(ctx context.Context, form *catalog.Form, id value.ID, of func(r *value.Record) value.Doc) ([]moved, error) {
	var out []moved
	err := v.tx(ctx, nil, func(tx store.Tx) error {
		out = nil
		r, err := tx.Get(ctx, form.Key, id)
		if err != nil {
			return err
		}
		figures := of(r)
		if figures == nil {
			return nil
		}
		next, err := v.putFigures(ctx, tx, form, r, figures)
		out = v.movedTo(out, form, r, next)
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	return out, err
}

// rollups are the "soon" rollups of a record, as its children say now.
func (v *visit) rollups(ctx context.Context, form *catalog.Form, id value.ID) (value.Doc, error) {
	return v.figuresOf(ctx, form, id, func(feed catalog.Feed) bool { return !feed.InTransaction })
}

func (v *visit) figuresOf(ctx context.Context, form *catalog.Form, id value.ID, which func(catalog.Feed) bool) (value.Doc, error) {
	figures := value.Doc{}
	for _, feed := range form.FedBy {
		if !which(feed) {
			continue
		}
		q := query.Aggregate{
			Form:    feed.Child.Key,
			Filter:  query.And{query.Where(feed.Via, query.Eq, string(id)), feed.Filter},
			Metrics: feed.Metrics(),
		}
		rows, err := v.Store.Aggregate(ctx, q)
		if err != nil {
			return nil, err
		}
		figures[string(feed.Field.Key)] = feed.Figure(rows)
	}
	return figures, nil
}
