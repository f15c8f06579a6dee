package sqlite

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// maxTaken bounds the events that are kept for those who are about to take them.
const maxTaken = 1024

// takenEvents are those that have just been written, or read by one consumer, and that others are about to take: each
// consumer takes all of them, and reading one from the file, with both images, costs as much as much of what is done
// about it. Nothing is kept once all consumers have found nothing more to take.
type takenEvents struct {
	reading sync.Mutex // held while events are read, so that a second consumer waits for them and not beside
	mu      sync.Mutex
	events  map[int64]event.Event
	order   []int64         // the oldest first
	rests   map[string]bool // by consumer: whether it has found nothing since the last was kept
}

// read returns events in their order, those that are not kept from the file.
func (t *takenEvents) read(ctx context.Context, s *Store, consumer string, seqs []int64) ([]event.Event, error) {
	t.reading.Lock()
	defer t.reading.Unlock()
	out, missing := t.kept(consumer, seqs)
	if len(missing) > 0 {
		fresh, err := s.eventsIn(ctx, missing)
		if err != nil {
			return nil, err
		}
		t.keep(fresh)
		out = append(out, fresh...)
	}
	for n := range out {
		out[n].Before, out[n].After = out[n].Before.Clone(), out[n].After.Clone() // theirs to change
	}
	slices.SortFunc(out, bySeq)
	return out, nil
}

// kept are those of the events that need not be read, and the numbers of the others.
func (t *takenEvents) kept(consumer string, seqs []int64) (events []event.Event, missing []int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.note(consumer, false)
	for _, seq := range seqs {
		if one, ok := t.events[seq]; ok {
			events = append(events, one)
		} else {
			missing = append(missing, seq)
		}
	}
	return events, missing
}

// keep keeps events, and lets go of the oldest beyond the bound. They are nobody's to change from now on.
func (t *takenEvents) keep(events []event.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(events) == 0 {
		return
	}
	if t.events == nil {
		t.events = map[int64]event.Event{}
	}
	for consumer := range t.rests {
		t.rests[consumer] = false
	}
	for _, one := range events {
		if _, there := t.events[one.Seq]; !there {
			t.events[one.Seq] = one
			t.order = append(t.order, one.Seq)
		}
	}
	for len(t.order) > maxTaken {
		delete(t.events, t.order[0])
		t.order = t.order[1:]
	}
}

// rest notes that a consumer has found nothing more to take, and lets go of all where none has.
func (t *takenEvents) rest(consumer string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.note(consumer, true)
	for _, rests := range t.rests {
		if !rests {
			return
		}
	}
	t.events, t.order = nil, nil
}

func (t *takenEvents) note(consumer string, rests bool) {
	if t.rests == nil {
		t.rests = map[string]bool{}
	}
	t.rests[consumer] = rests
}

// asRead is an event as reading it from the file would give it: to the millisecond, without what does not rest, and
// with images of its own.
func asRead(e event.Event) event.Event {
	e.At = time.UnixMilli(e.At.UnixMilli()).UTC()
	e.Scopes, e.Detail, e.Changes = orNone(e.Scopes), cloned(e.Detail), orNone(e.Changes)
	for n, c := range e.Changes {
		e.Changes[n].From, e.Changes[n].To = value.Clone(c.From), value.Clone(c.To)
	}
	e.Before, e.After = imageAsRead(e.Before), imageAsRead(e.After)
	return e
}

func imageAsRead(r *value.Record) *value.Record {
	if r == nil {
		return nil
	}
	return &value.Record{
		Form: r.Form, ID: r.ID, Version: r.Version, Values: cloned(r.Values), Shadow: cloned(r.Shadow), Principals: orNone(r.Principals),
		CreatedAt: timeOf(millis(r.CreatedAt)), CreatedBy: r.CreatedBy, UpdatedAt: timeOf(millis(r.UpdatedAt)), UpdatedBy: r.UpdatedBy,
		DeletedAt: timeOf(millis(r.DeletedAt)), DeletedBy: r.DeletedBy,
	}
}

// orNone is a copy of a list; nothing where it is empty.
func orNone[T any](list []T) []T { return append([]T(nil), list...) }

// cloned is a copy of a document; nothing where it is empty.
func cloned(d value.Doc) value.Doc {
	if len(d) == 0 {
		return nil
	}
	return d.Clone()
}

func bySeq(a, b event.Event) int { return cmp.Compare(a.Seq, b.Seq) }

// eventsIn reads events from the file, in no order.
func (s *Store) eventsIn(ctx context.Context, seqs []int64) (events []event.Event, err error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	all, err := listed(seqs)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, func(c *conn) error { events, err = eventsOf(c, all); return err })
	return events, err
}

// listed spells numbers for json_each: one statement for all is a tenth of one for each.
func listed(seqs []int64) (string, error) {
	b, err := json.Marshal(seqs)
	return string(b), fault.Wrap("store.outbox", err)
}
