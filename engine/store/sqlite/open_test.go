package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/value"
)

func asset() store.Form {
	return store.Form{
		Key: "asset", Search: true,
		Fields: []store.Field{
			{Path: query.At("name"), Type: store.Text}, {Path: query.At("cost"), Type: store.Int},
			{Path: query.At("serial"), Type: store.Text}, {Path: query.At("tags"), Type: store.Text, Multi: true},
			{Path: query.At("lines"), Table: true}, {Path: query.Path{Field: "lines", Sub: "part"}, Type: store.Text, Multi: true},
			{Path: query.At("~text"), Type: store.Text},
		},
		Indexes: []store.Index{
			{Name: "cost", Columns: []query.Sort{{Path: query.At("cost"), Desc: true}}},
			{Name: "name", Columns: []query.Sort{{Path: query.At("name")}, {Path: query.At("cost")}}},
			{Name: "tags", Columns: []query.Sort{{Path: query.At("tags")}}},
		},
		Orders: [][]query.Sort{{{Path: query.At("cost"), Desc: true}}},
		Unique: [][]value.FieldKey{{"serial"}},
	}
}

func open(t *testing.T, path string, with ...sqlite.Option) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, "tenant-1", with...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestAStoreKeepsWhatItWasGiven(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c.db")
	s, err := sqlite.Open(t.Context(), path, "tenant-1", sqlite.Twice())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Prepare(t.Context(), []store.Form{asset()}, nil); err != nil {
		t.Fatal(err)
	}
	at := time.UnixMilli(1_700_000_000_123).UTC()
	r := &value.Record{
		ID: "01A", Form: "asset", Version: 1, CreatedAt: at, UpdatedAt: at, CreatedBy: "u1",
		Values:     value.Doc{"name": "潮汐 \"pump\"", "cost": int64(9007199254740993), "serial": "S1", "on": false, "tags": value.List{"x", "y"}, "lines": value.List{value.Doc{"part": "p1"}}},
		Shadow:     value.Doc{"text": "潮汐 pump"},
		Tokens:     []string{"潮", "潮汐", "pum"},
		Principals: []string{"user:u1", "zone:z"},
	}
	err = s.Tx(t.Context(), func(tx store.Tx) error {
		if err := tx.Put(t.Context(), r, 0); err != nil {
			return err
		}
		return tx.Emit(t.Context(), event.Event{Kind: event.RecordCreated, Form: "asset", Record: "01A", Version: 1, At: at, After: r})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(context.Background(), path, "tenant-2"); fault.CodeOf(err) != "store.foreign" {
		t.Errorf("another tenant's file: %v", err)
	}
	s = open(t, path)
	got, err := s.Get(t.Context(), "asset", "01A")
	if err != nil {
		t.Fatal(err)
	}
	if !value.Equal(got.Values, r.Values) || !got.CreatedAt.Equal(at) || len(got.Principals) != 2 {
		t.Errorf("read %v, wrote %v", got, r)
	}
	for _, f := range []query.Filter{
		nil,
		query.Where("name", query.Contains, "PUMP"),
		query.Where("tags", query.Eq, "x"),
		query.Where("principals", query.Eq, "zone:z"),
		query.Rows{Quantifier: query.Any, Table: "lines", Where: query.Where("part", query.Eq, "p1")},
		query.Search{Terms: []query.Term{{Folded: "潮汐", Tokens: []string{"潮汐"}}}},
		query.Not{Of: query.Where("cost", query.Eq, int64(9007199254740992))},
	} {
		for _, sorts := range [][]query.Sort{nil, {{Path: query.At("cost"), Desc: true}}, {{Path: query.At("serial")}}} {
			page, err := s.List(t.Context(), query.List{Form: "asset", Filter: f, Sorts: sorts, Limit: 10})
			if err != nil || len(page.Records) != 1 || page.Next != nil || page.Incomplete {
				t.Errorf("%v by %v: %v, %v", f, sorts, page, err)
			}
		}
	}
	events, err := s.Take(t.Context(), "c", 10, time.Minute)
	if err != nil || len(events) != 1 || !value.Equal(events[0].After.Values, r.Values) {
		t.Errorf("taken: %v, %v", events, err)
	}
	history, err := s.History(t.Context(), "asset", "01A", 0, 10)
	if err != nil || len(history) != 1 {
		t.Errorf("history: %v, %v", history, err)
	}
	rows, err := s.Aggregate(t.Context(), query.Aggregate{Form: "asset", Metrics: []query.Metric{{Op: query.MetricSum, Path: query.At("cost")}}})
	if err != nil || len(rows) != 1 || rows[0].Figures[0] != int64(9007199254740993) {
		t.Errorf("sum: %v, %v", rows, err)
	}
	again := r.Clone()
	again.ID = "01B"
	err = s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), again, 0) })
	if fault.CodeOf(err) != "store.taken" {
		t.Errorf("a taken serial: %v", err)
	}
}

// A copy may have closed a file before its server is upgraded.
func TestAFrozenFileOfAnEarlierFormatIsBroughtUpToDateAndStaysFrozen(t *testing.T) {
	path := filled(t)
	s := open(t, path)
	_, err := s.Freeze(t.Context(), "one")
	check(t, err)
	check(t, s.Close())
	raw, err := sql.Open("sqlite", path)
	check(t, err)
	for _, q := range []string{"DROP TABLE late", `DROP TABLE "o:asset./-cost"`, `DELETE FROM "t:asset" WHERE rowid = 9`, `UPDATE "f:asset" SET "$mark" = 5 WHERE "$rid" = 9`, "PRAGMA user_version = 4"} {
		_, err := raw.ExecContext(t.Context(), q)
		check(t, err)
	}
	check(t, raw.Close())
	s = open(t, path)
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("afterwards: %q, %v", wrong, err)
	}
	if by, err := s.Frozen(t.Context()); err != nil || by != "one" {
		t.Errorf("frozen by %q, %v", by, err)
	}
	if err := s.Save(t.Context(), "c", store.Item{Key: "k"}, 0); fault.CodeOf(err) != "store.moving" {
		t.Errorf("writing: %v", err)
	}
	check(t, s.Thaw(t.Context(), "one"))
	check(t, s.Save(t.Context(), "c", store.Item{Key: "k"}, 0))
}

func TestAFileOfAnEarlierFormatIsBroughtUpToDate(t *testing.T) {
	path := filled(t)
	raw, err := sql.Open("sqlite", path)
	check(t, err)
	for _, q := range []string{"DROP TABLE files", "DROP TABLE pieces", "DROP TABLE file_usage", `DROP TABLE "o:asset./-cost"`,
		`DELETE FROM "t:asset" WHERE rowid = 9`, `UPDATE "f:asset" SET "$mark" = 5 WHERE "$rid" = 9`,
		// As format 4 had it: without the principals.
		`DELETE FROM "t:asset" WHERE rowid = 8`, `INSERT INTO "t:asset" (rowid, t) VALUES (8, 'gone')`, `UPDATE "f:asset" SET "$mark" = 6 WHERE "$rid" = 8`,
		"PRAGMA user_version = 1"} {
		_, err := raw.ExecContext(t.Context(), q)
		check(t, err)
	}
	check(t, raw.Close())
	s := open(t, path)
	check(t, s.PutPiece(t.Context(), "a", 0, []byte("x"), time.Now()))
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("afterwards: %q, %v", wrong, err)
	}
	check(t, s.Close())
	s = open(t, path)
	check(t, s.PutPiece(t.Context(), "b", 0, []byte("x"), time.Now()))
	page, err := s.List(t.Context(), query.List{
		Form: "asset", Filter: query.OneOf(value.SysPrincipals, "user:u07"), Sorts: []query.Sort{{Path: query.At("cost"), Desc: true}}, Limit: 3,
	})
	if err != nil || len(page.Records) != 3 || page.Examined.Records > 4 {
		t.Errorf("a scope's list: %d records, examined %+v, %v", len(page.Records), page.Examined, err)
	}
	page, err = s.List(t.Context(), query.List{Form: "asset", Ranked: true, Limit: 3, Filter: query.And{
		query.OneOf(value.SysPrincipals, "user:u07"), query.Search{Terms: []query.Term{{Folded: "北京", Tokens: []string{"北京"}}}},
	}})
	if err != nil || len(page.Records) > 0 {
		t.Errorf("a search within others' records: %v, %v", page, err)
	}
	own := benchRecord(7)
	page, err = s.List(t.Context(), query.List{Form: "asset", Ranked: true, Limit: 3, Filter: query.And{
		query.OneOf(value.SysPrincipals, own.Principals[0]), query.Search{Terms: []query.Term{{Folded: "罕见", Tokens: []string{"罕见"}}}},
	}})
	if err != nil || len(page.Records) != 1 || page.Records[0].ID != own.ID || page.Examined.Records > 1 {
		t.Errorf("a search within one's own: %v, %v", page, err)
	}
}

// Before format 8 the columns of paths were computed from the document.
func TestColumnsThatWereComputedAreWritten(t *testing.T) {
	path := filled(t)
	raw, err := sql.Open("sqlite", path)
	check(t, err)
	for _, q := range []string{
		`DROP INDEX "i:asset.-cost"`, `DROP INDEX "i:asset.name,cost"`, `DROP INDEX "u:asset.serial"`,
		`ALTER TABLE "f:asset" DROP COLUMN "cost"`, `ALTER TABLE "f:asset" DROP COLUMN "name"`, `ALTER TABLE "f:asset" DROP COLUMN "serial"`,
		`ALTER TABLE "f:asset" ADD COLUMN "cost" GENERATED ALWAYS AS ("$doc" ->> '$."cost"') VIRTUAL`,
		`ALTER TABLE "f:asset" ADD COLUMN "name" GENERATED ALWAYS AS ("$doc" ->> '$."name"') VIRTUAL`,
		`ALTER TABLE "f:asset" ADD COLUMN "serial" GENERATED ALWAYS AS ("$doc" ->> '$."serial"') VIRTUAL`,
		`CREATE INDEX "i:asset.-cost" ON "f:asset" ("cost" DESC, id DESC) WHERE deleted_at IS NULL`,
		"PRAGMA user_version = 7",
	} {
		_, err := raw.ExecContext(t.Context(), q)
		check(t, err)
	}
	check(t, raw.Close())
	s := open(t, path)
	r, err := s.Get(t.Context(), "asset", benchRecord(7).ID)
	check(t, err)
	was := r.Version
	r.Version, r.Values["cost"] = was+1, int64(987_654_321)
	check(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, was) }))
	page, err := s.List(t.Context(), query.List{Form: "asset", Filter: query.Where("cost", query.Eq, int64(987_654_321)), Limit: 5})
	if err != nil || len(page.Records) != 1 || page.Records[0].ID != r.ID || page.Examined.Records > 1 {
		t.Errorf("by what it now costs: %v, examined %+v, %v", page.Records, page.Examined, err)
	}
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("afterwards: %q, %v", wrong, err)
	}
}

// What is saved first of all while indexes are built, before anybody knows of their columns, has them too.
func TestTheFirstRecordOfAFormIsInTheIndexesThatAreBuilt(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "t.db"))
	bare := asset()
	bare.Indexes, bare.Orders, bare.Unique = nil, nil, nil
	check(t, s.Prepare(t.Context(), []store.Form{bare}, nil))
	r := benchRecord(7)
	check(t, s.Prepare(t.Context(), []store.Form{asset()}, func(done, _ int) {
		if done == 1 {
			check(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, 0) }))
		}
	}))
	page, err := s.List(t.Context(), query.List{Form: "asset", Filter: query.Where("cost", query.Eq, r.Values["cost"]), Limit: 5})
	if err != nil || len(page.Records) != 1 {
		t.Errorf("by its cost: %v, %v", page.Records, err)
	}
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("afterwards: %q, %v", wrong, err)
	}
}

func TestAColumnThatIsNotAsTheDocumentSaysIsTold(t *testing.T) {
	path := filled(t)
	raw, err := sql.Open("sqlite", path)
	check(t, err)
	_, err = raw.ExecContext(t.Context(), `UPDATE "f:asset" SET "cost" = 1 WHERE "$rid" = 5`)
	check(t, err)
	check(t, raw.Close())
	s := open(t, path)
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) != 1 {
		t.Errorf("told: %q, %v", wrong, err)
	}
}

// Tokens of many texts of one transaction are written into the index together, whatever else is written in between.
func TestManyTextsOfATransactionAreIndexedTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s := open(t, path)
	form := asset()
	form.Sums = []store.Sums{{By: query.At("cost"), Of: []query.Path{query.At("cost")}}}
	check(t, s.Prepare(t.Context(), []store.Form{form}, nil))
	check(t, s.Tx(t.Context(), func(tx store.Tx) error {
		for i := range 200 {
			if err := tx.Put(t.Context(), benchRecord(i), 0); err != nil {
				return err
			}
		}
		return nil
	}))
	raw, err := sql.Open("sqlite", path)
	check(t, err)
	defer func() { check(t, raw.Close()) }()
	var segments int
	check(t, raw.QueryRowContext(t.Context(), `SELECT count(DISTINCT segid) FROM "t:asset_idx"`).Scan(&segments))
	if segments != 1 {
		t.Errorf("200 texts are in %d segments of the index", segments)
	}
}
