package post

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// Log lists what has left by a lane, or would have, the newest first, from after the place that the page before has
// named; next is "" at the end. Faults: Malformed "cursor.invalid".
func (o *Office) Log(ctx context.Context, lane, after string, limit int) ([]Parcel, string, error) {
	return o.page(ctx, ended, lane+"/", after, limit)
}

// Failures lists what was given up, as Log does.
func (o *Office) Failures(ctx context.Context, after string, limit int) ([]Parcel, string, error) {
	return o.page(ctx, failed, "", after, limit)
}

func (o *Office) page(ctx context.Context, collection, prefix, after string, limit int) (found []Parcel, next string, err error) {
	const op = "post.page"
	if strings.ContainsRune(after, 0) {
		return nil, "", fault.New(fault.Malformed, "cursor.invalid").In(op).At("/after")
	}
	if after != "" {
		after = prefix + after
	}
	items, err := o.Store.Scan(ctx, collection, prefix, after, limit+1)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	for n, item := range items {
		if n == limit {
			return found, strings.TrimPrefix(items[n-1].Key, prefix), nil
		}
		p, err := load(ctx, o.Store, idIn(item.Key))
		if fault.KindOf(err) == fault.NotFound {
			continue // cleared away meanwhile
		}
		if err != nil {
			return nil, "", fault.Wrap(op, err)
		}
		found = append(found, p)
	}
	return found, "", nil
}

// Waiting tells how many parcels wait in a lane, and no further than most.
func (o *Office) Waiting(ctx context.Context, lane string, most int) (int, error) {
	items, err := o.Store.Scan(ctx, due, lane+"/", "", most)
	return len(items), fault.Wrap("post.waiting", err)
}

// Next is when the next parcel is to leave; zero: none waits.
func (o *Office) Next(ctx context.Context) (next time.Time, err error) {
	const op, page = "post.next", 200
	for after := ""; ; {
		items, err := o.Store.Scan(ctx, lanes, "", after, page)
		if err != nil {
			return next, fault.Wrap(op, err)
		}
		for _, item := range items {
			after = item.Key
			first, err := o.Store.Scan(ctx, due, item.Key+"/", "", 1)
			if err != nil {
				return next, fault.Wrap(op, err)
			}
			for _, one := range first {
				_, place, _ := strings.Cut(one.Key, "/")
				text, _, _ := strings.Cut(place, "/")
				ms, err := strconv.ParseInt(text, 10, 64)
				if err != nil {
					return next, fault.New(fault.Internal, "store.corrupt").In(op).At(due + "/" + one.Key).Because(err)
				}
				if at := time.UnixMilli(ms); next.IsZero() || at.Before(next) {
					next = at
				}
			}
		}
		if len(items) < page {
			return next, nil
		}
	}
}

// Busy tells whether something is to leave soon, as far as it is known: what is due later is told by Next.
func (o *Office) Busy() bool { return !o.idle.Load() }

// Again has a parcel that was given up tried again, at once and as often as a new one. Faults: NotFound "post.unknown".
func (o *Office) Again(ctx context.Context, id string) error {
	now := o.Clock().UTC()
	return o.change(ctx, id, func(tx store.Tx, p Parcel) error {
		p.State, p.Tries, p.Due, p.Since = Waiting, 0, now, now
		return p.save(ctx, tx)
	})
}

// Forget takes a parcel that was given up off the list of failures. Faults: NotFound "post.unknown".
func (o *Office) Forget(ctx context.Context, id string) error {
	return o.change(ctx, id, func(tx store.Tx, _ Parcel) error { return tx.Drop(ctx, parcels, id) })
}

// change changes a parcel that was given up.
func (o *Office) change(ctx context.Context, id string, do func(tx store.Tx, p Parcel) error) error {
	const op = "post.change"
	unknown := fault.New(fault.NotFound, "post.unknown").In(op)
	if id == "" || strings.ContainsRune(id, 0) {
		return unknown
	}
	err := o.Store.Tx(ctx, func(tx store.Tx) error {
		p, err := load(ctx, tx, id)
		if fault.KindOf(err) == fault.NotFound || err == nil && p.State != Failed {
			return unknown
		}
		if err != nil {
			return err
		}
		if err := p.unplace(ctx, tx); err != nil {
			return err
		}
		return do(tx, p)
	})
	return fault.Wrap(op, err)
}

// CloseLane forgets what waits in a lane that is no more. What has ended there is kept for its time.
func (o *Office) CloseLane(ctx context.Context, lane string) error {
	const op = "post.closeLane"
	for {
		items, err := o.Store.Scan(ctx, due, lane+"/", "", atOnce)
		if err == nil && len(items) == 0 {
			err = o.Store.Drop(ctx, lanes, lane)
		}
		if err != nil || len(items) == 0 {
			return fault.Wrap(op, err)
		}
		err = o.Store.Tx(ctx, func(tx store.Tx) error {
			for _, item := range items {
				if err := tx.Drop(ctx, due, item.Key); err != nil {
					return err
				}
				if err := tx.Drop(ctx, parcels, idIn(item.Key)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fault.Wrap(op, err)
		}
	}
}
