package engine

import (
	"context"
	"encoding/json"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Whoever has a record is told when a time that it holds has come. Nothing is kept of each record for that: the times
// are found in the index of their field, each once, between the last that was looked for and now. So what moves a time,
// gives the record to somebody else, closes or deletes it, has moved or ended the reminder as well.

// comings says of each field that reminds how far its times have been told.
const comings = "coming" // form/field → keptComing

// keptComing is how far the times of a field are told. They are being told from From up to To, and After of these are
// done with; where both are the same, nothing is at hand. To is written before anybody looks for what has come by it:
// a time that is set meanwhile either is found then, or is known to have come already, see comeAlready.
type keptComing struct {
	From  int64        `json:"from"`
	To    int64        `json:"to"`
	After *comingPlace `json:"after,omitempty"`

	revision int64
}

type comingPlace struct {
	At int64    `json:"at"`
	ID value.ID `json:"id"`
}

func (p *comingPlace) key() query.Key {
	if p == nil {
		return nil
	}
	return query.Key{p.At, string(p.ID)}
}

// comingAtOnce is how many records whose time has come are looked at together.
const comingAtOnce = 100

// Comings tells of the times that have come. Killed or done twice at once it tells nobody twice, and nothing is lost:
// it goes on where it was.
func (e *Engine) Comings(ctx context.Context) error {
	for _, form := range e.Catalog().InOrder() {
		for _, r := range form.Reminders {
			err := e.tellComing(ctx, form, r)
			if fault.CodeOf(err) == "store.stale" {
				continue // another process is at it
			}
			if err != nil {
				return fault.Wrap("engine.comings", err)
			}
		}
	}
	return nil
}

func (e *Engine) tellComing(ctx context.Context, form *catalog.Form, r *catalog.Reminder) error {
	now := e.config.Clock()
	reached := r.Reached(now, e.config.Zone, e.calendar())
	state, err := e.loadComing(ctx, form, r)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		// The field begins to remind: of what has come on the days before there is nothing to be told.
		before := r.Before(now, e.config.Zone)
		state = keptComing{From: before, To: before}
	case err != nil:
		return err
	case state.From == state.To && reached <= state.To:
		return nil
	}
	if state.From == state.To && reached > state.To {
		state.To = reached
	}
	if state, err = e.keepComing(ctx, form, r, state); err != nil {
		return err
	}
	for state.From < state.To {
		records, next, _, err := e.Records.Coming(ctx, form.Key, r.Field.Key, state.From, state.To, state.After.key(), comingAtOnce)
		if err != nil {
			return err
		}
		if err := e.inbox.TellInParts(ctx, e.comingsOf(form, r, records, now)...); err != nil {
			return err
		}
		if next == nil {
			state = keptComing{From: state.To, To: state.To, revision: state.revision}
		} else {
			last := records[len(records)-1]
			state.After = &comingPlace{last.Values.At(r.Field.Key), last.ID}
		}
		if state, err = e.keepComing(ctx, form, r, state); err != nil {
			return err
		}
	}
	return nil
}

func comingKey(form *catalog.Form, r *catalog.Reminder) string {
	return string(form.Key) + "/" + string(r.Field.Key)
}

func (e *Engine) loadComing(ctx context.Context, form *catalog.Form, r *catalog.Reminder) (keptComing, error) {
	item, err := e.config.Store.Load(ctx, comings, comingKey(form, r))
	if err != nil {
		return keptComing{}, err
	}
	state := keptComing{revision: item.Revision}
	return state, readItem(comings, item, &state)
}

// keepComing writes how far one is. Faults: Conflict "store.stale", where somebody else has.
func (e *Engine) keepComing(ctx context.Context, form *catalog.Form, r *catalog.Reminder, state keptComing) (keptComing, error) {
	body, err := json.Marshal(state)
	if err != nil {
		return state, err
	}
	key := comingKey(form, r)
	if err := e.config.Store.Save(ctx, comings, store.Item{Key: key, Body: body}, state.revision); err != nil {
		return state, err
	}
	state.revision++
	return state, nil
}

// comingsOf are what the people who have some records, or stand in for those who have, are told of their times that have
// come.
func (e *Engine) comingsOf(form *catalog.Form, r *catalog.Reminder, records []*value.Record, now time.Time) []notify.Telling {
	ctx := expr.Context{Now: now, Zone: e.config.Zone, Calendar: e.calendar(), Actor: value.SystemActor("notify")}
	organisation := e.config.Org()
	people := notify.PeopleIn(organisation).On(value.DayOf(now, e.config.Zone))
	var out []notify.Telling
	for _, one := range records {
		if !r.Wants(one, ctx) {
			continue
		}
		for _, who := range people.Having(form.HolderOf(one)) {
			actor, _ := organisation.Actor(who)
			if e.Records.Shows(actor, one, r.Field.Key) {
				out = append(out, notify.DueOf(form, r.Field, one, who, now))
			}
		}
	}
	return out
}

// comeAlready tells of the times of this day that had come before they were set, such as a day that somebody else chooses
// in its afternoon. Nobody is told what they chose so themselves.
func (e *Engine) comeAlready(ctx context.Context, events []event.Event) error {
	var tell []notify.Telling
	for _, one := range events {
		form, known := e.Catalog().Forms[one.Form]
		if !known || one.After == nil {
			continue
		}
		for _, r := range form.Reminders {
			told, err := e.setLate(ctx, form, r, one)
			if err != nil {
				return fault.Wrap("engine.comeAlready", err)
			}
			tell = append(tell, told...)
		}
	}
	return e.inbox.TellInParts(ctx, tell...)
}

func (e *Engine) setLate(ctx context.Context, form *catalog.Form, r *catalog.Reminder, one event.Event) ([]notify.Telling, error) {
	at := one.After.Values.At(r.Field.Key)
	was := int64(0)
	if one.Before != nil {
		was = one.Before.Values.At(r.Field.Key)
	}
	if at == was || at <= r.Before(one.At, e.config.Zone) {
		return nil, nil
	}
	if late := !one.At.Before(r.Instant(at, e.config.Zone)); late && one.Actor == form.HolderOf(one.After) {
		return nil, nil
	}
	// Whoever has looked for what has come by a time has said so first.
	state, err := e.loadComing(ctx, form, r)
	if fault.KindOf(err) == fault.NotFound || err == nil && at > state.To {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	current, err := e.config.Store.Get(ctx, form.Key, one.Record)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if current.Values.At(r.Field.Key) != at {
		return nil, nil
	}
	return e.comingsOf(form, r, []*value.Record{current}, e.config.Clock()), nil
}
