package sqlite

import (
	"context"
	"database/sql/driver"
	"runtime"
	"slices"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// storeNow is the store's own time in epoch milliseconds: leases are judged by it and by no caller's clock.
const storeNow = "CAST(unixepoch('subsec') * 1000 AS INTEGER)"

// Take leases events. Numbers are given in the order of commits, for one connection writes, so that a
// floor below which all is settled is exact here.
func (s *Store) Take(ctx context.Context, consumer string, limit int, lease time.Duration) (events []event.Event, err error) {
	if limit < 1 || limit > maxTouched {
		return nil, store.TooLarge()
	}
	var taken []int64
	err = s.writer.submit(ctx, func(c *conn) error {
		taken = nil
		seqs, err := free(c, consumer, limit)
		if err != nil || len(seqs) == 0 {
			return err
		}
		all, err := listed(seqs)
		if err != nil {
			return err
		}
		sql := "INSERT OR REPLACE INTO deliveries SELECT ?, value, " + storeNow + " + ? FROM json_each(?)"
		if _, _, err := c.exec(sql, consumer, lease.Milliseconds(), all); err != nil {
			return err
		}
		taken = seqs
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(taken) == 0 {
		s.taken.rest(consumer)
		return nil, nil
	}
	// What is leased stays until it is settled, so that nobody has to wait while it is read.
	return s.taken.read(ctx, s, consumer, taken)
}

// free lists events that the consumer may have now: neither settled nor leased, nor behind an event of
// the same record that is leased to somebody still.
func free(c *conn, consumer string, limit int) (seqs []int64, err error) {
	if _, _, err := c.exec("INSERT OR IGNORE INTO consumers VALUES (?, 0)", consumer); err != nil {
		return nil, err
	}
	// until is NULL for settled events.
	sql := `SELECT o.seq, o.form, o.record, d.seq IS NOT NULL AND d.until > ` + storeNow + `
		FROM consumers n CROSS JOIN outbox o ON o.seq > n.floor LEFT JOIN deliveries d ON d.consumer = n.name AND d.seq = o.seq
		WHERE n.name = ? AND (d.seq IS NULL OR d.until IS NOT NULL) ORDER BY o.seq`
	held := map[[2]string]bool{}
	err = c.rows(context.Background(), sql, []driver.Value{consumer}, func(row []driver.Value) error {
		record := [2]string{textOf(row[1]), textOf(row[2])}
		leased, _ := row[3].(int64)
		if leased != 0 || held[record] {
			held[record] = true
			return nil
		}
		seq, _ := row[0].(int64)
		if seqs = append(seqs, seq); len(seqs) == limit {
			return errStop
		}
		return nil
	})
	return seqs, err
}

// eventsOf reads events with their images, in no order: to sort them SQLite would carry the images along. What happened
// stands in the history, unless the record is purged.
func eventsOf(c *conn, seqs string) (events []event.Event, err error) {
	sql := `SELECT o.seq, o.form, o.record, CASE WHEN length(o.head) > 0 THEN o.head ELSE h.head END, o.before, o.after
		FROM json_each(?) j CROSS JOIN outbox o ON o.seq = j.value LEFT JOIN history h ON h.seq = o.seq`
	err = c.rows(context.Background(), sql, []driver.Value{seqs}, func(row []driver.Value) error {
		runtime.Gosched() // to the writer: with two processors it would wait for one for a third of its time
		e := event.Event{Form: value.FormKey(textOf(row[1])), Record: value.ID(textOf(row[2]))}
		e.Seq, _ = row[0].(int64)
		if err := readHead(&e, row[3]); err != nil {
			return err
		}
		var err error
		if e.Before, err = readImage(e.Form, row[4]); err != nil {
			return err
		}
		if e.After, err = readAfter(e, row[5]); err != nil {
			return err
		}
		events = append(events, e)
		return nil
	})
	return events, err
}

// Settle marks events as done and moves the floor over all that are.
func (s *Store) Settle(ctx context.Context, consumer string, seqs []int64) error {
	if len(seqs) > maxTouched {
		return store.TooLarge()
	}
	return s.writer.submit(ctx, func(c *conn) error {
		if _, _, err := c.exec("INSERT OR IGNORE INTO consumers VALUES (?, 0)", consumer); err != nil {
			return err
		}
		settled, err := listed(seqs)
		if err != nil {
			return err
		}
		if next, err := settleNext(c, consumer, seqs, settled); next || err != nil {
			return err
		}
		sql := "INSERT OR REPLACE INTO deliveries SELECT n.name, j.value, NULL FROM consumers n CROSS JOIN json_each(?) j WHERE n.name = ? AND n.floor < j.value"
		if _, _, err := c.exec(sql, settled, consumer); err != nil {
			return err
		}
		// The floor moves up to the event before the first that is not settled.
		_, _, err = c.exec(`UPDATE consumers SET floor = ifnull((SELECT min(o.seq) - 1 FROM outbox o WHERE o.seq > consumers.floor AND NOT EXISTS
			(SELECT 1 FROM deliveries d WHERE d.consumer = consumers.name AND d.seq = o.seq AND d.until IS NULL)),
			max(floor, ifnull((SELECT max(seq) FROM outbox), 0))) WHERE name = ?`, consumer)
		if err != nil {
			return err
		}
		return forget(c, consumer)
	})
}

// settleNext moves the floor where these are all of the next events behind it, which is nearly always so: then none of
// them needs a line that says that it is settled.
func settleNext(c *conn, consumer string, seqs []int64, settled string) (all bool, err error) {
	if len(seqs) == 0 {
		return false, nil
	}
	moved, _, err := c.exec(`UPDATE consumers SET floor = ?2 WHERE name = ?1 AND floor < ?2 AND ?4 =
		(SELECT count(*) FROM outbox o WHERE o.seq > floor AND o.seq <= ?2) AND ?4 =
		(SELECT count(*) FROM (SELECT DISTINCT value FROM json_each(?3)) j CROSS JOIN outbox o ON o.seq = j.value WHERE o.seq > floor)`,
		consumer, slices.Max(seqs), settled, int64(len(seqs)))
	if err != nil || moved == 0 {
		return false, err
	}
	return true, forget(c, consumer)
}

// forget takes away the lines of events below the floor.
func forget(c *conn, consumer string) error {
	_, _, err := c.exec("DELETE FROM deliveries WHERE consumer = ?1 AND seq <= (SELECT floor FROM consumers WHERE name = ?1)", consumer)
	return err
}
