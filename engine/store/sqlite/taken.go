package sqlite

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"tidewater/engine/event"
	"tidewater/engine/fault"
)

// maxTaken bounds the events that are kept for the consumers who take the same a moment later.
const maxTaken = 512

// takenEvents are those that one consumer has just taken, and that the others are about to: each consumer takes all of
// them, and reading one from the file, with both images, costs as much as much of what is done about it. Nothing is kept
// once a consumer finds nothing more to take.
type takenEvents struct {
	mu     sync.Mutex // held while events are read, so that a second consumer waits for them and not beside
	events map[int64]event.Event
	order  []int64 // the oldest first
}

// read returns events in their order, those that are not kept from the file.
func (t *takenEvents) read(ctx context.Context, s *Store, seqs []int64) ([]event.Event, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var missing []int64
	for _, seq := range seqs {
		if _, ok := t.events[seq]; !ok {
			missing = append(missing, seq)
		}
	}
	fresh, err := s.eventsIn(ctx, missing)
	if err != nil {
		return nil, err
	}
	t.keep(fresh)
	out := make([]event.Event, 0, len(seqs))
	for _, seq := range slices.Sorted(slices.Values(seqs)) {
		if one, ok := t.events[seq]; ok {
			one.Before, one.After = one.Before.Clone(), one.After.Clone() // theirs to change
			out = append(out, one)
		}
	}
	t.trim()
	return out, nil
}

func (t *takenEvents) keep(events []event.Event) {
	if t.events == nil {
		t.events = map[int64]event.Event{}
	}
	for _, one := range events {
		t.events[one.Seq] = one
		t.order = append(t.order, one.Seq)
	}
}

// trim lets go of the oldest beyond the bound.
func (t *takenEvents) trim() {
	for len(t.order) > maxTaken {
		delete(t.events, t.order[0])
		t.order = t.order[1:]
	}
}

// clear lets go of all.
func (t *takenEvents) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events, t.order = nil, nil
}

// eventsIn reads events from the file.
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
