package record

import (
	"context"
	"errors"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Figures are the values that the engine writes from other records without a new version: rollups and
// mirrors. A change prepared from a record whose figures have moved since would put old ones back, and
// formulas over them; it is prepared again instead. So is what was prepared by metadata that is no longer
// the published: the work that a publication leaves behind may have passed the record by then.

var errMoved = errors.New("the record's rollups or mirrors, or what is published, changed meanwhile")

// maxTries bounds how often a change is prepared again before the caller is told that someone is faster.
const maxTries = 10

// tx is a transaction of what this visit has prepared. It answers errMoved, and takes the new metadata over,
// where something else has been published since; errMoved too where the same request was carried out meanwhile.
func (v *visit) tx(ctx context.Context, once *Once, do func(tx store.Tx) error) error {
	overtaken := false
	err := v.Store.Tx(ctx, func(tx store.Tx) error {
		holds, err := v.holds(ctx, tx)
		if err != nil {
			return err
		}
		if overtaken = !holds; overtaken {
			return errMoved
		}
		if err := v.holdOnce(ctx, tx, once); err != nil {
			return err
		}
		return do(tx)
	})
	if !overtaken {
		return err
	}
	if err := v.Publications.Refresh(ctx); err != nil {
		return err
	}
	return errMoved
}

// holds tells, in a transaction, whether this visit's catalog is still the published one.
func (v *visit) holds(ctx context.Context, tx store.Tx) (bool, error) {
	if v.Publications == nil {
		return true, nil
	}
	return v.Publications.Holds(ctx, tx, v.catalog)
}

// holdFigures answers errMoved when the record's figures are no longer those of before.
func (w *write) holdFigures(ctx context.Context, tx store.Tx, before *value.Record) error {
	if !hasFigures(w.form) {
		return nil
	}
	now, err := tx.Get(ctx, before.Form, before.ID)
	if err != nil {
		return err
	}
	for _, f := range w.form.Fields {
		name := string(f.Key)
		if isFigure(f) && now.Version == before.Version && !value.Equal(now.Values[name], before.Values[name]) {
			return errMoved
		}
	}
	if now.Version != before.Version {
		return nil
	}
	if w.form.Def.Sharing != nil && !value.Equal(now.Values[string(value.SysShares)], before.Values[string(value.SysShares)]) {
		return errMoved
	}
	if len(w.form.Pools) == 0 {
		return nil
	}
	for _, key := range value.CustodyFields() {
		if !value.Equal(now.Values[string(key)], before.Values[string(key)]) {
			return errMoved
		}
	}
	return nil
}

func hasFigures(form *catalog.Form) bool {
	if len(form.Pools) > 0 || form.Def.Sharing != nil {
		return true
	}
	for _, f := range form.Fields {
		if isFigure(f) {
			return true
		}
	}
	return false
}

func isFigure(f *catalog.Field) bool { return f.Def.Kind == field.Rollup || f.Def.Kind == field.Mirror }

// again does what may meet errMoved, from its beginning each time.
func again(do func() error) error {
	for range maxTries {
		if err := do(); !errors.Is(err, errMoved) {
			return err
		}
	}
	return fault.New(fault.Unavailable, "record.busy").Because(errMoved)
}
