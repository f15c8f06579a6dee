package sqlite

import (
	"context"
	"errors"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// maxTouched bounds the documents one transaction writes.
const maxTouched = 1000

// tx is one transaction under way, on the writer's goroutine.
type tx struct {
	store   *Store
	conn    *conn
	touched int
	texts   int        // whose tokens are others now
	many    []tokensOf // that are indexed at the end
	shares  shares     // that are added up at the end
	last    *resting   // the record that was read last, until something is written
	told    []event.Event
	over    bool
}

var _ store.Tx = (*tx)(nil)

// Tx runs do in a transaction that it may share a commit with others. do must not call Store.Tx.
func (s *Store) Tx(ctx context.Context, do func(store.Tx) error) error {
	var told []event.Event
	err := s.writer.submit(ctx, func(c *conn) (err error) {
		if s.options.twice {
			if err := s.inVain(c, do); err != nil {
				return err
			}
		}
		told, err = s.attempt(c, do)
		return err
	})
	if err != nil {
		return err
	}
	for n := range told {
		told[n] = asRead(told[n])
	}
	s.taken.keep(told)
	return nil
}

// attempt runs do, and tells what it has emitted.
func (s *Store) attempt(c *conn, do func(store.Tx) error) ([]event.Event, error) {
	t := &tx{store: s, conn: c}
	defer func() { t.over = true }()
	if err := do(t); err != nil {
		return nil, err
	}
	return t.told, errors.Join(t.shares.add(c), t.indexMany())
}

// inVain runs do and takes back all it did. Its fault is left to the run that counts.
func (s *Store) inVain(c *conn, do func(store.Tx) error) error {
	if err := c.run("SAVEPOINT vain"); err != nil {
		return err
	}
	_, _ = s.attempt(c, do)
	return errors.Join(c.run("ROLLBACK TO vain"), c.run("RELEASE vain"))
}

func (t *tx) ready(ctx context.Context) error {
	if t.over {
		return fault.New(fault.Internal, "internal").In("store.tx").Because(errors.New("the transaction is over"))
	}
	return ctx.Err()
}

// write is ready for one more document.
func (t *tx) write(ctx context.Context) error {
	if t.touched++; t.touched > maxTouched {
		return store.TooLarge()
	}
	return t.ready(ctx)
}

func (t *tx) Get(ctx context.Context, form value.FormKey, id value.ID) (*value.Record, error) {
	if err := t.ready(ctx); err != nil {
		return nil, err
	}
	return t.get(form, id)
}

func (t *tx) List(ctx context.Context, q query.List) (query.Page, error) {
	if err := t.ready(ctx); err != nil {
		return query.Page{}, err
	}
	if searches(q.Filter) {
		if err := errors.Join(t.indexMany(), t.store.indexLate(t.conn)); err != nil {
			return query.Page{}, err
		}
	}
	return t.store.list(context.Background(), t.conn, q)
}

func (t *tx) Guard(ctx context.Context, key string) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if told := t.store.options.guard; told != nil {
		told(key)
	}
	return nil
}

func (t *tx) Next(ctx context.Context, sequence string) (int64, error) {
	if err := t.ready(ctx); err != nil {
		return 0, err
	}
	return t.conn.number(context.Background(),
		"INSERT INTO sequences VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value", sequence)
}
