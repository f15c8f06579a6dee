package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"maps"
	"slices"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

const (
	frozen  = "SELECT EXISTS (SELECT 1 FROM meta WHERE key = 'frozen')"
	freezer = "SELECT value FROM meta WHERE key = 'frozen'"
	freeze  = "INSERT OR REPLACE INTO meta VALUES ('frozen', ?)"
	thaw    = "DELETE FROM meta WHERE key = 'frozen'"
	// walked is how much is read at a time, so that no connection is kept.
	walked = 500
)

// refused tells whether the file is frozen for what is about to write. It lies in the file, so that each process that
// has it obeys.
func (w *writer) refused(job *work) error {
	if job.bare {
		return nil
	}
	is, err := w.conn.number(context.Background(), frozen)
	if err == nil && is != 0 {
		return fault.New(fault.Unavailable, "store.moving").In("store")
	}
	return err
}

// Freeze first has indexed what waits, for a search must find it and may no longer index it.
func (s *Store) Freeze(ctx context.Context, by string) (was string, err error) {
	err = s.bare(ctx, func(c *conn) (err error) {
		if was, err = frozenBy(ctx, c); err != nil {
			return err
		}
		if err := s.indexLate(c); err != nil {
			return err
		}
		_, _, err = c.exec(freeze, by)
		return err
	})
	return was, err
}

// Thaw takes the name away, and with it the freeze.
func (s *Store) Thaw(ctx context.Context, by string) error {
	return s.bare(ctx, func(c *conn) error {
		_, _, err := c.exec(thaw+" AND value = ?", by)
		return err
	})
}

// Frozen tells what lies in the file.
func (s *Store) Frozen(ctx context.Context) (by string, err error) {
	err = s.read(ctx, func(c *conn) (err error) { by, err = frozenBy(ctx, c); return err })
	return by, err
}

func frozenBy(ctx context.Context, c *conn) (by string, err error) {
	_, err = c.one(ctx, freezer, nil, func(row []driver.Value) error { by = textOf(row[0]); return nil })
	return by, err
}

// Forms returns the layouts of all forms.
func (s *Store) Forms(context.Context) (forms []store.Form, err error) {
	known := *s.forms.Load()
	for _, key := range slices.Sorted(maps.Keys(known)) {
		forms = append(forms, known[key].form)
	}
	return forms, nil
}

// EachLine walks the histories along their own key, a batch at a time.
func (s *Store) EachLine(ctx context.Context, after int64, do func(event.Event) error) error {
	return store.InBatches(func() (batch []event.Event, err error) {
		err = s.read(ctx, func(c *conn) error {
			args := []driver.Value{after, int64(walked)}
			return c.rows(ctx, "SELECT seq, form, record, head FROM history WHERE seq > ? ORDER BY seq LIMIT ?", args, func(row []driver.Value) error {
				e := event.Event{Form: value.FormKey(textOf(row[1])), Record: value.ID(textOf(row[2]))}
				e.Seq, _ = row[0].(int64)
				err := readHead(&e, row[3])
				batch, after = append(batch, e), e.Seq
				return err
			})
		})
		return batch, err
	}, do)
}

// EachItem walks the side documents along their own key, a batch at a time.
func (s *Store) EachItem(ctx context.Context, do func(store.SideItem) error) error {
	collection, key := "", ""
	const next = "SELECT key, revision, expires, body, collection FROM side WHERE (collection, key) > (?, ?) ORDER BY collection, key LIMIT ?"
	return store.InBatches(func() (batch []store.SideItem, err error) {
		err = s.read(ctx, func(c *conn) error {
			return c.rows(ctx, next, []driver.Value{collection, key, int64(walked)}, func(row []driver.Value) error {
				one := store.SideItem{Collection: textOf(row[4]), Item: readItem(row)}
				one.Body = slices.Clone(one.Body) // the row holds only until the next
				batch, collection, key = append(batch, one), one.Collection, one.Key
				return nil
			})
		})
		return batch, err
	}, do)
}

// Counters reads the sequences and how far the outbox is settled.
func (s *Store) Counters(ctx context.Context) (out store.Counters, err error) {
	if _, out.Newest, err = s.Span(ctx); err != nil {
		return out, err
	}
	out.Sequences = map[string]int64{}
	err = s.read(ctx, func(c *conn) error {
		err := c.rows(ctx, "SELECT name, value FROM sequences", nil, func(row []driver.Value) error {
			out.Sequences[textOf(row[0])], _ = row[1].(int64)
			return nil
		})
		if err != nil {
			return err
		}
		err = c.rows(ctx, "SELECT name, floor FROM consumers ORDER BY name", nil, func(row []driver.Value) error {
			one := store.Consumer{Name: textOf(row[0])}
			one.Floor, _ = row[1].(int64)
			out.Consumers = append(out.Consumers, one)
			return nil
		})
		for n := range out.Consumers {
			if err == nil {
				err = settledBy(ctx, c, &out.Consumers[n])
			}
		}
		return err
	})
	return out, err
}

func settledBy(ctx context.Context, c *conn, one *store.Consumer) error {
	const above = "SELECT seq FROM deliveries WHERE consumer = ? AND seq > ? AND until IS NULL ORDER BY seq"
	return c.rows(ctx, above, []driver.Value{one.Name, one.Floor}, func(row []driver.Value) error {
		seq, _ := row[0].(int64)
		one.Settled = append(one.Settled, seq)
		return nil
	})
}

// Lay writes rows as they are written here, but with their numbers given.
func (s *Store) Lay(ctx context.Context, l store.Laid) error {
	if max(len(l.Lines), len(l.Events), len(l.Items)) > maxTouched {
		return store.TooLarge()
	}
	err := s.writer.submit(ctx, func(c *conn) error {
		for _, e := range l.Lines {
			if err := layLine(c, e); err != nil {
				return err
			}
		}
		for _, e := range l.Events {
			if err := layEvent(c, e); err != nil {
				return err
			}
		}
		for _, one := range l.Items {
			_, _, err := c.exec("INSERT INTO side (collection, key, revision, expires, body) VALUES (?, ?, ?, ?, ?)",
				one.Collection, one.Key, one.Revision, millis(one.Expires), append([]byte{}, one.Body...))
			if err != nil {
				return err
			}
		}
		if l.Counters == nil {
			return nil
		}
		return layCounters(c, *l.Counters)
	})
	if isConstraint(err) {
		return stale()
	}
	return err
}

func layLine(c *conn, e event.Event) error {
	head, err := appendHead(nil, e)
	if err != nil {
		return unwritten(err)
	}
	_, _, err = c.exec("INSERT INTO history VALUES (?, ?, ?, ?)", e.Seq, string(e.Form), string(e.Record), head)
	return err
}

// layEvent keeps the head beside the images also where the history has it: that may come later.
func layEvent(c *conn, e event.Event) error {
	head, before, after, err := written(e)
	if err != nil {
		return unwritten(err)
	}
	_, _, err = c.exec("INSERT INTO outbox (seq, form, record, at, head, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
		e.Seq, string(e.Form), string(e.Record), e.At.UnixMilli(), head, before, after)
	return err
}

func unwritten(err error) error {
	return fault.New(fault.Internal, "internal").In("store.lay").Because(err)
}

func layCounters(c *conn, n store.Counters) error {
	if _, _, err := c.exec("DELETE FROM sqlite_sequence WHERE name = 'outbox'"); err != nil {
		return err
	}
	_, _, err := c.exec("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)", n.Newest)
	for _, name := range slices.Sorted(maps.Keys(n.Sequences)) {
		if err == nil {
			_, _, err = c.exec("INSERT INTO sequences VALUES (?, ?)", name, n.Sequences[name])
		}
	}
	for _, one := range n.Consumers {
		if err != nil {
			return err
		}
		settled, failed := listed(append([]int64{}, one.Settled...))
		_, _, err = c.exec("INSERT INTO consumers VALUES (?, ?)", one.Name, one.Floor)
		if err = errors.Join(failed, err); err == nil {
			_, _, err = c.exec("INSERT INTO deliveries SELECT ?, value, NULL FROM json_each(?)", one.Name, settled)
		}
	}
	return err
}
