package engine

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/share"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// A tenant that nobody uses may be closed, and what is due there is due all the same. Before it is closed it says when
// it wants to be opened again.

// longestRest is how long a tenant rests at most: what has no time of its own, such as a warning that the calendar
// ends, is looked at once a day.
const longestRest = 24 * time.Hour

// Due begins what is due by now at set times: sweeps, reminders, schedules, the ends of shares.
func (e *Engine) Due(ctx context.Context) error {
	return errors.Join(e.Sweeps(ctx), e.Reminders(ctx), e.Comings(ctx), e.WarnOfCalendar(ctx), e.Schedules(ctx), e.EndShares(ctx))
}

// Rest carries out what is left of what was written, and tells when the next thing is due: by then, or when somebody
// comes, the work in the background must go on. That may be now.
func (e *Engine) Rest(ctx context.Context) (until time.Time, err error) {
	const op = "engine.rest"
	if err := errors.Join(e.Due(ctx), e.Settle(ctx), e.RunHooks(ctx), e.Settle(ctx), e.Inform(ctx), e.Jobs.Look(ctx)); err != nil {
		return time.Time{}, fault.Wrap(op, err)
	}
	now := e.config.Clock()
	if e.Jobs.Busy() {
		return now, nil
	}
	r := rest{Engine: e, now: now, until: now.Add(longestRest)}
	err = r.look(ctx)
	return r.until, fault.Wrap(op, err)
}

// rest is the search for what is due next.
type rest struct {
	*Engine
	now, until time.Time
}

func (r *rest) sooner(at time.Time) {
	if !at.IsZero() && at.Before(r.until) {
		r.until = at
	}
}

func (r *rest) look(ctx context.Context) error {
	for _, form := range r.Catalog().InOrder() {
		for _, p := range form.Pools {
			r.pool(p)
		}
		for _, one := range form.Reminders {
			if err := r.coming(ctx, form, one); err != nil {
				return err
			}
		}
	}
	for collection, when := range map[string]func(store.Item) (time.Time, error){
		schedulesDue: atKey, share.Ends: atKey, hooksLate: func(item store.Item) (time.Time, error) {
			l, err := readLetter(hooksLate, item)
			return l.Due, err
		},
	} {
		items, err := r.config.Store.Scan(ctx, collection, "", "", 1)
		if err != nil {
			return err
		}
		for _, item := range items {
			at, err := when(item)
			if err != nil {
				return err
			}
			r.sooner(at)
		}
	}
	if len(r.config.Carriers)+len(r.config.Outlets) > 0 {
		at, err := r.post.Next(ctx)
		if err != nil {
			return err
		}
		r.sooner(at)
	}
	return nil
}

// atKey reads the time with which a key of what is due begins, in epoch milliseconds.
func atKey(item store.Item) (time.Time, error) {
	at, _, _ := strings.Cut(item.Key, "/")
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return time.Time{}, fault.New(fault.Internal, "store.corrupt").At(item.Key).Because(err)
	}
	return time.UnixMilli(ms), nil
}

func (r *rest) pool(p *catalog.Pool) {
	if len(p.Rules) > 0 {
		r.sooner(p.Sweeps(r.now, r.config.Zone))
	}
	if _, some := p.Reminds(); some {
		r.sooner(r.daily(func(day int64) time.Time { return p.RemindsOn(day, r.config.Zone) }))
	}
}

// daily is the next of what comes on each day.
func (r *rest) daily(on func(day int64) time.Time) time.Time {
	today := value.DayOf(r.now, r.config.Zone)
	if at := on(today); at.After(r.now) {
		return at
	}
	return on(value.AddDays(today, 1))
}

// coming looks for the next time that a field reminds of.
func (r *rest) coming(ctx context.Context, form *catalog.Form, one *catalog.Reminder) error {
	if one.ByDay() {
		r.sooner(r.daily(func(day int64) time.Time { return one.Instant(day, r.config.Zone) }))
		return nil
	}
	records, _, _, err := r.Records.Coming(ctx, form.Key, one.Field.Key, r.now.UnixMilli(), r.until.UnixMilli(), nil, 1)
	for _, next := range records {
		r.sooner(time.UnixMilli(next.Values.At(one.Field.Key)))
	}
	return err
}
