package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// read answers the question from the sums.
func (s *sums) read(ctx context.Context, c *conn, principal string, q query.Aggregate) ([]query.Row, error) {
	all := newSummary(q)
	sql := "SELECT k, " + strings.Join(s.columns(), ", ") + " FROM " + s.name + " WHERE p = ? AND n > 0"
	err := c.rows(ctx, sql, []driver.Value{principal}, func(row []driver.Value) error {
		var keys []value.Value
		for _, g := range q.Groups {
			var key value.Value
			if row[0] != driver.Value(int64(noKey)) {
				key = inBucket(row[0], g.Bucket)
			}
			keys = append(keys, key)
		}
		t, err := all.group(keys)
		if err != nil {
			return err
		}
		for i, m := range q.Metrics {
			t.figures[i].merge(row[1:], slices.Index(s.Of, m.Path))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all.rows()
}

// merge adds a line of sums: the records, or those with the number at a place and its sum.
func (f *figure) merge(line []driver.Value, place int) {
	at := func(i int) int64 {
		n, _ := line[i].(int64)
		return n
	}
	if place < 0 {
		f.count += at(0)
		return
	}
	f.count += at(1 + 3*place)
	f.sum.high += at(2 + 3*place)
	f.sum.add(at(3 + 3*place))
}
