package engine

import (
	"context"
	"strconv"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/notify"
	"tidewater/engine/pool"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// reminding is the work of telling people, day by day, which records of a pool are about to leave: of those whose
// reminder's day has come, once for each record, rule, offset and deadline, and never of a deadline that has passed.
// A day on which nobody was there to do it is made up for on the next.
type reminding struct{ *Engine }

type remindingArgs struct {
	Form value.FormKey `json:"form"`
	Pool string        `json:"pool"`
	Day  int64         `json:"day"` // yyyymmdd in the tenant's zone
}

type remindingCursor struct {
	At    int64  `json:"at,omitempty"`
	After string `json:"after,omitempty"`
}

func (c remindingCursor) place() query.Key {
	if c.After == "" {
		return nil
	}
	return query.Key{c.At, c.After}
}

func (reminding) Name() string { return "remind" }

// remindedAtOnce is how many records are looked at in one batch.
const remindedAtOnce = 100

func (w reminding) Step(ctx context.Context, run *job.Run) error {
	var args remindingArgs
	var at remindingCursor
	if err := run.From(&args, &at); err != nil {
		return err
	}
	form, p, err := w.pool(args.Form, args.Pool)
	if fault.KindOf(err) == fault.NotFound {
		return run.Commit(ctx, job.Did{Ended: true})
	}
	if err != nil {
		return err
	}
	days, some := p.Reminds()
	if !some {
		return run.Commit(ctx, job.Did{Ended: true})
	}
	until := value.TimeOf(value.AddDays(args.Day, int64(days)+1), w.config.Zone).UnixMilli() - 1
	records, more, _, err := w.Records.Leaving(ctx, form.Key, args.Pool, run.Now.UnixMilli(), until, at.place(), remindedAtOnce)
	if err != nil {
		return err
	}
	people := notify.PeopleIn(w.config.Org()).On(args.Day)
	var tell []notify.Telling
	for _, r := range records {
		at = remindingCursor{r.Values.At(value.SysReclaimAt), string(r.ID)}
		if one, due := form.Reminder(r, args.Day, w.config.Zone); due {
			tell = append(tell, notify.AheadOf(form, r, people.Of(one.To, form.OwnerOf(r.Values)), run.Now, strconv.Itoa(one.Before)))
		}
	}
	// Each reminder names itself: where this is killed before the next line, the next try tells nobody twice.
	if err := w.inbox.TellInParts(ctx, tell...); err != nil {
		return err
	}
	return run.Commit(ctx, job.Did{Cursor: at, Done: int64(len(records)), Ended: more == nil, Counts: map[string]int64{"told": int64(len(tell))}})
}

// Reminders queues the reminders whose time of the day has come, each once a day however many instances ask.
func (e *Engine) Reminders(ctx context.Context) error {
	now := e.config.Clock()
	today := value.DayOf(now, e.config.Zone)
	for _, form := range e.Catalog().InOrder() {
		for _, p := range form.Pools {
			if _, some := p.Reminds(); !some || now.Before(p.RemindsOn(today, e.config.Zone)) {
				continue
			}
			_, err := e.Jobs.Add(ctx, job.New{
				Kind: reminding{}.Name(), Actor: pool.Reclaimer(), Args: remindingArgs{Form: form.Key, Pool: p.Def.Key, Day: today},
				Once: &job.Once{Key: "remind " + sweepKey(form.Key, p.Def.Key) + " " + strconv.FormatInt(today, 10)},
			})
			if err != nil {
				return fault.Wrap("engine.reminders", err)
			}
		}
	}
	return nil
}

// tellSudden tells the owners of records that a change of the rules has brought near to leaving, and who stands in for
// them, at once.
func (e *Engine) tellSudden(ctx context.Context, tx store.Tx, key value.FormKey, records []*value.Record, now time.Time) error {
	form, known := e.Catalog().Forms[key]
	if !known || len(records) == 0 {
		return nil
	}
	people := notify.PeopleIn(e.config.Org()).On(value.DayOf(now, e.config.Zone))
	tell := make([]notify.Telling, len(records))
	for n, r := range records {
		tell[n] = notify.AheadOf(form, r, people.Having(form.OwnerOf(r.Values)), now, "sudden")
		tell[n].Once = "" // the batch itself happens once
	}
	return e.inbox.Tell(ctx, tx, tell...)
}
