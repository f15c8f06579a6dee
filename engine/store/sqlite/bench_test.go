package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"tidewater/engine/event"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// The baseline is what one would write by hand on the same file format: a table with the document as
// JSON text, expression indexes, database/sql. Each benchmark prints its time beside the baseline's as
// "x-raw"; less than 1 is faster.

const benchSize = 50_000

var benchNames = []string{"北京潮汐科技有限公司", "上海海鸥贸易公司", "深圳灯塔电子厂", "Harbour Instruments Ltd", "广州帆船仪器有限公司"}

func benchRecord(i int) *value.Record {
	at := time.UnixMilli(1_700_000_000_000 + int64(i)*1000).UTC()
	name := fmt.Sprintf("%s %d", benchNames[i%len(benchNames)], i)
	if i%1000 == 7 {
		name += " 罕见"
	}
	phone := fmt.Sprintf("138%08d", i)
	doc := value.Doc{
		"name": name, "serial": phone, "cost": int64((i * 7919) % 1_000_003), "day": int64(20250101 + 100*(i%12) + i%28),
		"tier": []string{"A", "B", "C", "D", "E"}[i%5], "owner": fmt.Sprintf("u%02d", i%40), "tags": value.List{"x", fmt.Sprint("t", i%50)},
	}
	for k := range 16 {
		doc[fmt.Sprintf("field%02d", k)] = fmt.Sprintf("some text of field %d", (i+k)%97)
	}
	searched := name + "\n" + phone
	return &value.Record{
		ID: value.ID(fmt.Sprintf("01BENCH%019d", i)), Form: "asset", Version: 1, Values: doc, CreatedAt: at, UpdatedAt: at, CreatedBy: "u1", UpdatedBy: "u1",
		Shadow: value.Doc{"text": text.Fold(searched), "sort:name": text.SortKey(name)}, Tokens: text.Tokens(searched),
		Principals: []string{fmt.Sprintf("user:u%02d", i%40), fmt.Sprintf("unit:%d", i%8), "under:root", fmt.Sprintf("zone:%d", i%4)},
	}
}

func benchForm() store.Form {
	up := func(f value.FieldKey) query.Sort { return query.Sort{Path: query.At(f)} }
	down := func(f value.FieldKey) query.Sort { return query.Sort{Path: query.At(f), Desc: true} }
	f := func(p value.FieldKey, t store.Type) store.Field { return store.Field{Path: query.At(p), Type: t} }
	return store.Form{
		Key: "asset", Search: true,
		Fields: []store.Field{f("name", store.Text), f("serial", store.Text), f("cost", store.Int), f("day", store.Int), f("tier", store.Text), f("owner", store.Text), f("~sort:name", store.Text)},
		Indexes: []store.Index{
			{Columns: []query.Sort{down(value.SysUpdatedAt)}}, {Columns: []query.Sort{up("tier"), down(value.SysUpdatedAt)}}, {Columns: []query.Sort{up("~sort:name")}},
		},
		Orders: [][]query.Sort{{down(value.SysUpdatedAt)}, {up("~sort:name")}, {down(value.SysCreatedAt)}},
		Within: []string{"user", "unit"},
		Sums:   []store.Sums{{By: query.At("day"), Of: []query.Path{query.At("cost")}}},
		Unique: [][]value.FieldKey{{"serial"}},
	}
}

// bench returns a store and a hand-made file of the same records.
func bench(b *testing.B, size int) (*sqlite.Store, *sql.DB) {
	b.Helper()
	dir := b.TempDir()
	s, err := sqlite.Open(b.Context(), filepath.Join(dir, "t.db"), "t")
	check(b, err)
	check(b, s.Prepare(b.Context(), []store.Form{benchForm()}, nil))
	raw, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "raw.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate")
	check(b, err)
	b.Cleanup(func() {
		check(b, s.Close())
		check(b, raw.Close())
	})
	for _, q := range []string{
		`CREATE TABLE asset (id TEXT PRIMARY KEY, version INTEGER, updated INTEGER, owner TEXT, doc TEXT)`,
		`CREATE INDEX a1 ON asset (updated DESC, id)`, `CREATE INDEX a2 ON asset (doc ->> 'tier', updated DESC)`,
		`CREATE UNIQUE INDEX a3 ON asset (doc ->> 'serial')`, `CREATE INDEX a4 ON asset (doc ->> 'name')`,
	} {
		_, err := raw.ExecContext(b.Context(), q)
		check(b, err)
	}
	for from := 0; from < size; from += 500 {
		check(b, s.Tx(b.Context(), func(tx store.Tx) error {
			for i := from; i < min(from+500, size); i++ {
				if err := tx.Put(b.Context(), benchRecord(i), 0); err != nil {
					return err
				}
			}
			return nil
		}))
		tx, err := raw.BeginTx(b.Context(), nil)
		check(b, err)
		for i := from; i < min(from+500, size); i++ {
			check(b, rawPut(b.Context(), tx, i))
		}
		check(b, tx.Commit())
	}
	return s, raw
}

type execer interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}

func rawPut(ctx context.Context, db execer, i int) error {
	r := benchRecord(i)
	_, err := db.ExecContext(ctx, `INSERT INTO asset VALUES (?, 1, ?, ?, ?)`, string(r.ID), r.UpdatedAt.UnixMilli(), r.Values["owner"], rawDoc(r.Values))
	return err
}

func rawDoc(doc value.Doc) string {
	out := "{"
	for k, v := range doc {
		if len(out) > 1 {
			out += ","
		}
		switch v := v.(type) {
		case string:
			out += fmt.Sprintf("%q:%q", k, v)
		case int64:
			out += fmt.Sprintf("%q:%d", k, v)
		case value.List:
			out += fmt.Sprintf("%q:[%q,%q]", k, v[0], v[1])
		}
	}
	return out + "}"
}

func check(b testing.TB, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// compare times ours, then as many of the baseline, and reports the ratio.
func compare(b *testing.B, ours, raw func(i int) error) {
	for i := range 20 {
		check(b, ours(i))
		check(b, raw(i))
	}
	b.ResetTimer()
	for i := range b.N {
		check(b, ours(i))
	}
	mine := b.Elapsed()
	b.StopTimer()
	from := time.Now()
	for i := range b.N {
		check(b, raw(i))
	}
	b.ReportMetric(float64(mine)/float64(time.Since(from)), "x-raw")
}

func BenchmarkSQLitePut(b *testing.B) {
	s, raw := bench(b, 10_000)
	var next atomic.Int64
	next.Store(1_000_000)
	create := func() error {
		r := benchRecord(int(next.Add(1)))
		return s.Tx(b.Context(), func(tx store.Tx) error {
			if err := tx.Put(b.Context(), r, 0); err != nil {
				return err
			}
			return tx.Emit(b.Context(), event.Event{Kind: event.RecordCreated, Form: "asset", Record: r.ID, Version: 1, At: r.CreatedAt, After: r})
		})
	}
	b.Run("alone", func(b *testing.B) {
		compare(b, func(int) error { return create() }, func(int) error { return rawPut(b.Context(), raw, int(next.Add(1))) })
	})
	b.Run("sixteen", func(b *testing.B) {
		b.ResetTimer()
		var group sync.WaitGroup
		for w := range 16 {
			group.Go(func() {
				for i := w; i < b.N; i += 16 {
					if err := create(); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "creates/s")
	})
}

func BenchmarkSQLiteUpdate(b *testing.B) {
	s, raw := bench(b, 10_000)
	versions := map[int]int64{}
	compare(b, func(i int) error {
		r := benchRecord(i % 10_000)
		was := max(versions[i%10_000], 1)
		r.Version = was + 1
		r.Values["cost"] = int64(i)
		versions[i%10_000] = r.Version
		return s.Tx(b.Context(), func(tx store.Tx) error { return tx.Put(b.Context(), r, was) })
	}, func(i int) error {
		r := benchRecord(i % 10_000)
		_, err := raw.ExecContext(b.Context(), `UPDATE asset SET doc = ?, version = version + 1 WHERE id = ?`, rawDoc(r.Values), string(r.ID))
		return err
	})
}

func BenchmarkSQLiteGet(b *testing.B) {
	s, raw := bench(b, benchSize)
	compare(b, func(i int) error {
		_, err := s.Get(b.Context(), "asset", benchRecordID(i))
		return err
	}, func(i int) error {
		return rawRows(b.Context(), raw, 1, `SELECT id, version, doc FROM asset WHERE id = ?`, string(benchRecordID(i)))
	})
}

func benchRecordID(i int) value.ID {
	return value.ID(fmt.Sprintf("01BENCH%019d", (i*7919)%benchSize))
}

func rawRows(ctx context.Context, raw *sql.DB, want int, q string, args ...any) error {
	rows, err := raw.QueryContext(ctx, q, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var id, doc string
		var version int64
		if err := rows.Scan(&id, &version, &doc); err != nil {
			return err
		}
		var values map[string]any
		if err := json.Unmarshal([]byte(doc), &values); err != nil {
			return err
		}
		n++
	}
	if n != want {
		return fmt.Errorf("%d rows, want %d", n, want)
	}
	return rows.Err()
}

func BenchmarkSQLiteList(b *testing.B) {
	s, raw := bench(b, benchSize)
	newest := []query.Sort{{Path: query.At(value.SysUpdatedAt), Desc: true}}
	lists := []struct {
		name   string
		filter query.Filter
		raw    string
		args   []any
	}{
		{"newest", nil, `SELECT id, version, doc FROM asset ORDER BY updated DESC, id LIMIT 50`, nil},
		{"pinned", query.Where("tier", query.Eq, "B"), `SELECT id, version, doc FROM asset WHERE doc ->> 'tier' = ? ORDER BY updated DESC LIMIT 50`, []any{"B"}},
		{"own", query.OneOf(value.SysPrincipals, "user:u07"), `SELECT id, version, doc FROM asset WHERE owner = ? ORDER BY updated DESC LIMIT 50`, []any{"u07"}},
		{"scope", query.OneOf(value.SysPrincipals, "user:u07", "unit:3"), `SELECT id, version, doc FROM asset WHERE owner IN (?, ?, ?) ORDER BY updated DESC LIMIT 50`, []any{"u07", "u03", "u11"}},
	}
	for _, l := range lists {
		b.Run(l.name, func(b *testing.B) {
			compare(b, func(int) error {
				page, err := s.List(b.Context(), query.List{Form: "asset", Filter: l.filter, Sorts: newest, Limit: 50})
				if err == nil && len(page.Records) != 50 {
					err = fmt.Errorf("%d records", len(page.Records))
				}
				return err
			}, func(int) error { return rawRows(b.Context(), raw, 50, l.raw, l.args...) })
		})
	}
}

func BenchmarkSQLiteSearch(b *testing.B) {
	s, raw := bench(b, benchSize)
	for _, q := range []string{"罕见", "灯塔", "0012345"} {
		b.Run(q, func(b *testing.B) {
			var terms []query.Term
			for _, term := range text.Terms(q) {
				terms = append(terms, query.Term{Folded: term, Tokens: text.QueryTokens(term)})
			}
			compare(b, func(int) error {
				page, err := s.List(b.Context(), query.List{Form: "asset", Filter: query.Search{Terms: terms}, Ranked: true, Limit: 20})
				if err == nil && len(page.Records) == 0 {
					err = fmt.Errorf("nothing found")
				}
				return err
			}, func(int) error {
				var n int
				return raw.QueryRowContext(b.Context(), `SELECT count(*) FROM (SELECT 1 FROM asset WHERE doc ->> 'name' LIKE ? OR doc ->> 'serial' LIKE ? ORDER BY id LIMIT 20)`, "%"+q+"%", "%"+q+"%").Scan(&n)
			})
		})
	}
}

func BenchmarkSQLiteAggregate(b *testing.B) {
	s, raw := bench(b, benchSize)
	sum := query.Metric{Op: query.MetricSum, Path: query.At("cost")}
	rawSum := func(expr string) func(int) error {
		return func(int) error {
			rows, err := raw.QueryContext(b.Context(), `SELECT `+expr+`, sum(doc ->> 'cost') FROM asset GROUP BY 1`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
			}
			return rows.Err()
		}
	}
	b.Run("months", func(b *testing.B) {
		compare(b, func(int) error {
			_, err := s.Aggregate(b.Context(), query.Aggregate{Form: "asset", Groups: []query.Group{{Path: query.At("day"), Bucket: query.Month}}, Metrics: []query.Metric{sum}})
			return err
		}, rawSum(`(doc ->> 'day') / 100`))
	})
	b.Run("own months", func(b *testing.B) {
		own := query.Where(value.SysPrincipals, query.Eq, "user:u07")
		compare(b, func(int) error {
			_, err := s.Aggregate(b.Context(), query.Aggregate{Form: "asset", Filter: own, Groups: []query.Group{{Path: query.At("day"), Bucket: query.Month}}, Metrics: []query.Metric{sum}})
			return err
		}, rawSum(`(doc ->> 'day') / 100`))
	})
	b.Run("tiers", func(b *testing.B) {
		compare(b, func(int) error {
			_, err := s.Aggregate(b.Context(), query.Aggregate{Form: "asset", Groups: []query.Group{{Path: query.At("tier")}}, Metrics: []query.Metric{sum, {Op: query.MetricCount}}})
			return err
		}, rawSum(`doc ->> 'tier'`))
	})
}
