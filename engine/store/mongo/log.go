package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/event"
	"tidewater/engine/store"
)

// Since reads events along the outbox's own key.
func (s *Store) Since(ctx context.Context, after int64, limit int) (events []event.Event, err error) {
	if limit < 1 || limit > maxTouched {
		return nil, store.TooLarge()
	}
	err = s.read(ctx, func(c conn) error {
		if err := s.late.catchUp(ctx); err != nil {
			return err
		}
		events, err = c.events(ctx, d(atID, d("$gt", after)), int64(limit))
		return err
	})
	return events, err
}

// events reads events with their images, by number.
func (c conn) events(ctx context.Context, where bson.D, limit int64) (events []event.Event, err error) {
	err = c.find(ctx, inOutbox, look{where: where, sort: d(atID, int32(1)), limit: limit}, func(raw bson.Raw) error {
		e, err := readEvent(raw)
		events = append(events, e)
		return err
	})
	return events, err
}

// Span reads both ends of the outbox; the counter remembers the newest number when the events are gone.
func (s *Store) Span(ctx context.Context) (oldest, newest int64, err error) {
	err = s.read(ctx, func(c conn) error {
		if err := s.late.catchUp(ctx); err != nil {
			return err
		}
		first, _, err := c.one(ctx, inOutbox, look{sort: d(atID, int32(1)), fields: d(atID, int32(1))})
		if err != nil {
			return err
		}
		counter, _, err := c.one(ctx, inCounters, look{where: d(atID, eventCounter)})
		newest = intOf(counter.Lookup("n"))
		if oldest = intOf(first.Lookup(atID)); oldest == 0 {
			oldest = newest + 1
		}
		return err
	})
	return oldest, newest, err
}

// Wait looks again when this process has settled events or a change stream tells that another has, and every half
// second.
func (s *Store) Wait(ctx context.Context, after int64) error {
	s.cluster.watch()
	for {
		wrote := s.late.wrote.Wait()
		_, newest, err := s.Span(ctx)
		if err != nil || newest > after {
			return err
		}
		if err := s.late.wait(ctx, wrote); err != nil {
			return err
		}
	}
}
