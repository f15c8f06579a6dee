package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

// What is merged in pieces goes on where it was when somebody has written meanwhile: else each piece stays as a segment,
// into all of which a text that changes has to be struck out.
func TestMergingGoesOnBetweenWrites(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), "t")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Prepare(t.Context(), []store.Form{{Key: "asset", Search: true}}, nil); err != nil {
		t.Fatal(err)
	}
	l, err := s.layout("asset")
	if err != nil {
		t.Fatal(err)
	}
	const many, filled, rounds, fewEnough = 40, 60, 120, 30
	write := func(round int) {
		t.Helper()
		err := s.Tx(t.Context(), func(tx store.Tx) (err error) {
			for n := range many {
				err = errors.Join(err, tx.Put(t.Context(), wordy(round*many+n), 0))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for round := range filled {
		write(round)
	}
	more := true
	merge := func(c *conn) (err error) {
		more, err = l.mergeSome(t.Context(), c)
		return err
	}
	most, pieces := int64(0), 0
	for round := range rounds {
		write(filled + round)
		if err := s.writer.submit(t.Context(), merge); err != nil {
			t.Fatal(err)
		}
		if more {
			pieces++
		}
		most = max(most, segmentsOf(t, s, l))
	}
	if pieces < rounds/4 || most > fewEnough {
		t.Errorf("%d pieces merged between %d writes, %d segments at most", pieces, rounds, most)
	}
	for more = true; more; {
		if err := s.writer.submit(t.Context(), merge); err != nil {
			t.Fatal(err)
		}
	}
	scattered := true
	err = s.read(t.Context(), func(c *conn) (err error) {
		scattered, err = l.isScattered(t.Context(), c)
		return err
	})
	if err != nil || scattered {
		t.Errorf("afterwards %d segments still are worth merging: %v", segmentsOf(t, s, l), err)
	}
}

// wordy is a record with forty words, most of them its own.
func wordy(n int) *value.Record {
	words := make([]string, 40)
	for w := range words {
		words[w] = fmt.Sprintf("w%d", n*7+w*w)
	}
	return &value.Record{Form: "asset", ID: value.ID(fmt.Sprintf("r%06d", n)), Version: 1, Tokens: words, Shadow: value.Doc{value.ShadowText: words[0]}}
}

func segmentsOf(t *testing.T, s *Store, l *layout) (n int64) {
	t.Helper()
	err := s.read(t.Context(), func(c *conn) error {
		return c.rows(context.Background(), "SELECT count(DISTINCT segid) FROM "+l.tokensTable("idx"), nil, func(row []driver.Value) error {
			n, _ = row[0].(int64)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
