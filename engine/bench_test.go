package engine_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

// benchRecords is how many records the work of a publication is measured over.
var errEnough = errors.New("enough")

const benchRecords = 100_000

// benchBooks fills a store with records as saves would have left them.
func (w *world) benchBooks(b *testing.B) {
	b.Helper()
	form := w.Catalog().Forms["book"]
	for from := 0; from < benchRecords; from += 500 {
		err := w.store.Tx(b.Context(), func(tx store.Tx) error {
			for n := from; n < from+500; n++ {
				r := &value.Record{
					ID: value.ID(fmt.Sprintf("01%024d", w.ids.Add(1))), Form: "book", Version: 1, CreatedAt: w.now, UpdatedAt: w.now, CreatedBy: "kim", UpdatedBy: "kim",
					Values: value.Doc{"title": fmt.Sprint("Tale ", n), "code": fmt.Sprint("C", n), "keeper": "kim", "price": int64(1000 + n), "count": int64(2), "worth": int64(2000 + 2*n)},
				}
				form.Derive(r, time.UTC, w.people)
				if err := tx.Put(b.Context(), r, 0); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecompute is what a publication that changes one formula leaves to be done, beside reading and
// writing the same records by the bare store in the same batches. Run it with -benchtime 1x.
func BenchmarkRecompute(b *testing.B) {
	for b.Loop() {
		w := newWorld(b)
		w.benchBooks(b)
		bare := w.rewrite(b)
		if _, err := w.Apps.Install(b.Context(), bundle("1.1.0", `"(price ?? 0) * (count ?? 1)"`, dearer)); err != nil {
			b.Fatal(err)
		}
		begun := time.Now()
		w.turns()
		took := time.Since(begun)
		if j := w.last(); j.Counts["changed"] != benchRecords {
			b.Fatalf("the job: %+v", j)
		}
		b.ReportMetric(10_000, "records/s-asked")
		b.ReportMetric(benchRecords/took.Seconds(), "records/s")
		b.ReportMetric(benchRecords/bare.Seconds(), "bare-records/s")
		b.ReportMetric(took.Seconds()/bare.Seconds(), "x-bare")
		b.ReportMetric(0, "ns/op")
	}
}

// rewrite reads and writes each record, in batches of 500, and tells how long that takes.
func (w *world) rewrite(b *testing.B) time.Duration {
	b.Helper()
	begun := time.Now()
	for after, n := value.ID(""), 500; n == 500; {
		var page []*value.Record
		if err := w.store.Each(b.Context(), "book", after, func(r *value.Record) error {
			if page = append(page, r); len(page) == 500 {
				return errEnough
			}
			return nil
		}); err != nil && !errors.Is(err, errEnough) {
			b.Fatal(err)
		}
		err := w.store.Tx(b.Context(), func(tx store.Tx) error {
			for _, r := range page {
				now, err := tx.Get(b.Context(), "book", r.ID)
				if err != nil {
					return err
				}
				if err := tx.Put(b.Context(), now, now.Version); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		if n = len(page); n > 0 {
			after = page[n-1].ID
		}
	}
	return time.Since(begun)
}

// BenchmarkRehearse is a rehearsal of one formula over the same records.
func BenchmarkRehearse(b *testing.B) {
	for b.Loop() {
		w := newWorld(b)
		w.elect()
		w.benchBooks(b)
		begun := time.Now()
		got := w.rehearse(w.head(), `"(price ?? 0) * (count ?? 1)"`, dearer)
		took := time.Since(begun)
		if !got.Ended || got.Effects[0].Count != benchRecords {
			b.Fatalf("found: %+v", got)
		}
		b.ReportMetric(benchRecords/took.Seconds(), "records/s")
		b.ReportMetric(0, "ns/op")
	}
}
