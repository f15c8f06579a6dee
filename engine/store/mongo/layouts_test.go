package mongo_test

import (
	"testing"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/store/mongo"
	"tidewater/engine/value"
)

// summed is the layout with one more field, and figures by it that are kept ready.
func summed(of ...query.Path) store.Form {
	f := layout()
	f.Fields = append(f.Fields, store.Field{Path: query.At("cost"), Type: store.Int}, store.Field{Path: query.At("day"), Type: store.Int})
	f.Sums = []store.Sums{{By: query.At("day"), Of: of}}
	return f
}

// counted are the living records by those figures.
func counted(t *testing.T, s *mongo.Store) (n int64) {
	t.Helper()
	rows, err := s.Aggregate(t.Context(), query.Aggregate{
		Form: form, Groups: []query.Group{{Path: query.At("day")}}, Metrics: []query.Metric{{Op: query.MetricCount}},
	})
	must(t, err)
	for _, row := range rows {
		n += row.Figures[0].(int64)
	}
	return n
}

// wantSums holds that both instances count so many records, and that the store is right by its own account.
func wantSums(t *testing.T, n int64, all ...*mongo.Store) {
	t.Helper()
	for i, s := range all {
		if got := counted(t, s); got != n {
			t.Errorf("instance %d counts %d, want %d", i, got, n)
		}
		if found, err := s.Check(t.Context()); err != nil || len(found) > 0 {
			t.Errorf("instance %d finds wrong: %v, %v", i, found, err)
		}
	}
}

// TestWhatOneInstancePreparesTheOtherWritesBy holds that an instance which has not looked for a while asks by fields that
// it does not know, and adds to figures that it has not heard of.
func TestWhatOneInstancePreparesTheOtherWritesBy(t *testing.T) {
	a, b := two(t)
	save := func(s *mongo.Store, id value.ID) {
		t.Helper()
		_, err := saves(t, s, id)
		must(t, err)
	}
	save(b, "before")
	must(t, a.Prepare(t.Context(), []store.Form{summed()}, nil))
	page, err := b.List(t.Context(), query.List{Form: form, Filter: query.Where("cost", query.Eq, int64(1)), Limit: 5})
	if err != nil || len(page.Records) > 0 {
		t.Errorf("by a new field: %v, %v", page.Records, err)
	}
	must(t, a.Prepare(t.Context(), []store.Form{summed(query.At("cost"))}, nil))
	save(b, "after")
	wantSums(t, 2, a, b)
	must(t, a.Prepare(t.Context(), []store.Form{layout()}, nil))
	save(b, "without")
	must(t, b.Prepare(t.Context(), []store.Form{summed()}, nil))
	save(a, "again")
	wantSums(t, 4, a, b)
	_, err = saves(t, b, "again")
	wantCode(t, err, "store.stale")
}

// TestFiguresWaitForWhoWritesByTheOldLayout holds that figures are not told to be complete while another instance is
// writing a record that it does not add to them.
func TestFiguresWaitForWhoWritesByTheOldLayout(t *testing.T) {
	a, b := two(t)
	if _, err := saves(t, b, "first"); err != nil { // the collection is there
		t.Fatal(err)
	}
	goOn, done := writesLate(t, b)
	prepared := make(chan error, 1)
	go func() { prepared <- a.Prepare(t.Context(), []store.Form{summed()}, nil) }()
	for { // until the new layout is in force
		forms, err := a.Forms(t.Context())
		must(t, err)
		if len(forms[0].Sums) > 0 {
			break
		}
	}
	select {
	case err := <-prepared:
		t.Errorf("it did not wait: %v", err)
	default:
	}
	close(goOn)
	must(t, <-done)
	must(t, <-prepared)
	wantSums(t, 2, a, b)
}

// TestAUniqueIndexThatIsOnItsWayNamesItsFields holds what an instance is told that does not know the index by which it is
// refused.
func TestAUniqueIndexThatIsOnItsWayNamesItsFields(t *testing.T) {
	c := cluster(t)
	base := database(t, c)
	a := instance(t, c, base)
	plain := layout()
	plain.Unique = nil
	must(t, a.Prepare(t.Context(), []store.Form{plain}, nil))
	b := instance(t, cluster(t), base)
	if _, err := saves(t, a, "one"); err != nil {
		t.Fatal(err)
	}
	must(t, a.Prepare(t.Context(), []store.Form{layout()}, func(int, int) {
		// The index is there, the layout that has it is not.
		same := asset("two", 1)
		same.Values["name"] = "none"
		err := b.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), same, 0) })
		wantCode(t, err, "store.taken")
	}))
}
