package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"

	"tidewater/engine/event"
	"tidewater/engine/store"
)

// Since reads events along the outbox's own key.
func (s *Store) Since(ctx context.Context, after int64, limit int) (events []event.Event, err error) {
	if limit < 1 || limit > maxTouched {
		return nil, store.TooLarge()
	}
	err = s.read(ctx, func(c *conn) error {
		var seqs []int64
		args := []driver.Value{after, int64(limit)}
		err := c.rows(ctx, "SELECT seq FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?", args, func(row []driver.Value) error {
			seq, _ := row[0].(int64)
			seqs = append(seqs, seq)
			return nil
		})
		if err != nil || len(seqs) == 0 {
			return err
		}
		numbers, err := listed(seqs)
		if err != nil {
			return err
		}
		events, err = eventsOf(c, numbers)
		return err
	})
	slices.SortFunc(events, bySeq)
	return events, err
}

// Span reads both ends of the outbox; its sequence remembers the newest number when the events are gone.
func (s *Store) Span(ctx context.Context) (oldest, newest int64, err error) {
	err = s.read(ctx, func(c *conn) error {
		const ends = `SELECT min(seq), (SELECT seq FROM sqlite_sequence WHERE name = 'outbox') FROM outbox`
		_, err := c.one(context.Background(), ends, nil, func(row []driver.Value) error {
			newest, _ = row[1].(int64)
			if oldest, _ = row[0].(int64); oldest == 0 {
				oldest = newest + 1
			}
			return nil
		})
		return err
	})
	return oldest, newest, err
}

// Wait looks again after each commit of this process, which is the only one that has the file.
func (s *Store) Wait(ctx context.Context, after int64) error {
	for {
		wrote := s.writer.wrote.Wait()
		_, newest, err := s.Span(ctx)
		if err != nil || newest > after {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-wrote:
		}
	}
}
