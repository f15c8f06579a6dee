package record

import (
	"context"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Operation is one item of a batch.
type Operation struct {
	Op      string         `json:"op"` // create, update or delete
	ID      value.ID       `json:"id,omitempty"`
	Version int64          `json:"version,omitempty"`
	Values  map[string]any `json:"values,omitempty"`
	Reason  string         `json:"reason,omitempty"`
}

// Result answers one item: the record, or what was wrong with it. A deletion answers neither.
type Result struct {
	View *View
	Err  error
}

const maxBatch = 500

// Batch carries out many operations. With atomic, all are written in one transaction or none is;
// else each stands alone and the results tell which failed.
func (s *Service) Batch(ctx context.Context, actor value.Actor, form value.FormKey, ops []Operation, atomic bool, once *Once) ([]Result, error) {
	if len(ops) == 0 {
		return []Result{}, nil
	}
	if len(ops) > maxBatch {
		return nil, fault.New(fault.TooLarge, "limit.batch").At("/operations").With("max", maxBatch)
	}
	if atomic {
		var results []Result
		err := again(func() (err error) {
			results, err = s.together(ctx, actor, form, ops, once)
			return err
		})
		return results, err
	}
	results := make([]Result, len(ops))
	for i, op := range ops {
		results[i].View, results[i].Err = s.one(ctx, actor, form, op, once.item(i))
	}
	return results, nil
}

func (s *Service) one(ctx context.Context, actor value.Actor, form value.FormKey, op Operation, once *Once) (*View, error) {
	in := Input{Values: op.Values, Reason: op.Reason, Once: once}
	switch op.Op {
	case "create":
		return s.Create(ctx, actor, form, in)
	case "update":
		return s.Update(ctx, actor, form, op.ID, op.Version, in)
	case "delete":
		return nil, s.deleteOnce(ctx, actor, form, op.ID, op.Version, op.Reason, once)
	}
	return nil, fault.New(fault.Malformed, "batch.unknownOp").With("op", op.Op)
}

// together writes all items in one transaction.
func (s *Service) together(ctx context.Context, actor value.Actor, form value.FormKey, ops []Operation, once *Once) ([]Result, error) {
	v := s.visit(actor)
	if answers, ok, err := v.replayAll(ctx, once); ok || err != nil {
		return answers, err
	}
	writes := make([]*write, len(ops))
	for i, op := range ops {
		w, err := v.prepare(ctx, form, op)
		if err != nil {
			return nil, inItem(err, i)
		}
		writes[i] = w
	}
	failed := 0
	err := v.tx(ctx, once, func(tx store.Tx) error {
		saved := make([]*value.Record, len(writes))
		for i, w := range writes {
			failed = i
			if err := w.apply(ctx, tx); err != nil {
				return err
			}
			saved[i] = w.saved
		}
		return v.remember(ctx, tx, once, saved...)
	})
	if err != nil {
		return nil, inItem(writes[failed].explain(err), failed)
	}
	return v.results(ctx, writes)
}

func (v *visit) prepare(ctx context.Context, form value.FormKey, op Operation) (*write, error) {
	in := Input{Values: op.Values, Reason: op.Reason}
	switch op.Op {
	case "create":
		w, err := v.newRecord(form)
		if err != nil {
			return nil, err
		}
		return w, w.fill(ctx, in)
	case "update", "delete":
		verb := map[string]meta.Verb{"update": meta.Update, "delete": meta.Delete}[op.Op]
		w, err := v.changeOf(ctx, form, op.ID, verb)
		if err != nil {
			return nil, err
		}
		if w.old.Version != op.Version {
			return nil, v.stale(ctx, w, op.Values)
		}
		if op.Op == "delete" {
			return w, w.binWith(ctx, op.Reason)
		}
		return w, w.fill(ctx, in)
	}
	return nil, fault.New(fault.Malformed, "batch.unknownOp").With("op", op.Op)
}

// apply writes one prepared item, whatever it is.
func (w *write) apply(ctx context.Context, tx store.Tx) error {
	if w.old == nil {
		_, err := w.create(ctx, tx)
		return err
	}
	if w.next.Deleted() {
		return w.leave(ctx, tx, w.next.Clone(), w.old)
	}
	if w.acting != nil {
		if w.acting.quiet {
			w.saved = w.old
			return w.renew(ctx, tx)
		}
		if err := w.acting.act(ctx, tx); err != nil {
			return err
		}
	}
	return w.commit(ctx, tx, w.next.Clone(), w.old)
}

func (v *visit) results(ctx context.Context, writes []*write) ([]Result, error) {
	out := make([]Result, len(writes))
	for i, w := range writes {
		if w.saved.Deleted() {
			continue
		}
		view, err := v.answer(ctx, w.form, w.saved)
		if err != nil {
			return nil, err
		}
		out[i].View = view
	}
	return out, nil
}

func (v *visit) replayAll(ctx context.Context, once *Once) ([]Result, bool, error) {
	records, ok, err := v.replayed(ctx, once)
	if err != nil || !ok {
		return nil, false, err
	}
	out := make([]Result, len(records))
	for i := range records {
		if !records[i].Deleted() {
			out[i].View, out[i].Err = v.again(ctx, &records[i])
		}
	}
	return out, true, nil
}
