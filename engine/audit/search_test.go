package audit_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

// Whatever is asked, page by page, is what a look at every entry finds; and the index is asked, not the whole.
func TestSearchFindsWhatALookAtEverythingFinds(t *testing.T) {
	side := teststore.Open(t, filepath.Join(t.TempDir(), "a.db"), "a")
	t.Cleanup(func() {
		if err := side.Close(); err != nil {
			t.Error(err)
		}
	})
	seed := rand.Uint64()
	dice := rand.New(rand.NewPCG(seed, 0))
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	actors, forms := []value.ID{"kim", "lib"}, []value.FormKey{"", "book", "loan"}
	ops := []audit.Op{audit.RecordsExported, audit.RecordsPrinted, audit.LookupFound, audit.UserChanged}
	var all []audit.Entry // the newest first
	for n := range 300 {
		e := audit.Entry{
			At: start.Add(time.Duration(dice.IntN(40)) * time.Second), Actor: actors[dice.IntN(2)], Op: ops[dice.IntN(4)], Form: forms[dice.IntN(3)], Note: strconv.Itoa(n),
		}
		if e.Form != "" && dice.IntN(2) == 0 {
			e.Record = value.ID("r" + strconv.Itoa(dice.IntN(3)))
		}
		if err := audit.Write(t.Context(), side, value.ID(fmt.Sprintf("%04d", n)), e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	slices.SortStableFunc(all, func(a, b audit.Entry) int { return b.At.Compare(a.At) })
	for range 200 {
		q := audit.Query{Actor: append(actors, "")[dice.IntN(3)], Form: forms[dice.IntN(3)], Limit: 1 + dice.IntN(40)}
		if q.Form != "" && dice.IntN(2) == 0 {
			q.Record = value.ID("r" + strconv.Itoa(dice.IntN(4)))
		}
		for _, op := range ops {
			if dice.IntN(3) == 0 {
				q.Ops = append(q.Ops, op)
			}
		}
		if dice.IntN(2) == 0 {
			q.From = start.Add(time.Duration(dice.IntN(40)) * time.Second)
		}
		if dice.IntN(2) == 0 {
			q.To = start.Add(time.Duration(dice.IntN(45)) * time.Second)
		}
		var want, got []string
		for _, e := range all {
			if (q.Actor == "" || q.Actor == e.Actor) && (q.Form == "" || q.Form == e.Form) && (q.Record == "" || q.Record == e.Record) &&
				(len(q.Ops) == 0 || slices.Contains(q.Ops, e.Op)) && !e.At.Before(q.From) && (q.To.IsZero() || e.At.Before(q.To)) {
				want = append(want, e.Note)
			}
		}
		for page := 0; ; page++ {
			found, err := audit.Search(t.Context(), side, q)
			if err != nil || page > 300 {
				t.Fatal(page, err)
			}
			if len(found.Entries) > q.Limit || found.Incomplete {
				t.Fatalf("%d entries of at most %d, incomplete %v", len(found.Entries), q.Limit, found.Incomplete)
			}
			for _, e := range found.Entries {
				got = append(got, e.Note)
			}
			if q.After = found.Next; q.After == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d, %+v: found %v, want %v", seed, q, got, want)
		}
	}
	if _, err := audit.Search(t.Context(), side, audit.Query{}); fault.CodeOf(err) != "limit.page" {
		t.Error(err)
	}
}

// What is looked at in vain is bounded: the page says so, and where to go on.
func TestASearchLooksAtSoManyEntries(t *testing.T) {
	side := teststore.Open(t, filepath.Join(t.TempDir(), "a.db"), "a")
	t.Cleanup(func() {
		if err := side.Close(); err != nil {
			t.Error(err)
		}
	})
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	write := func(n int, op audit.Op) {
		t.Helper()
		e := audit.Entry{At: at.Add(time.Duration(n) * time.Second), Actor: "kim", Op: op}
		if err := audit.Write(t.Context(), side, value.ID(strconv.Itoa(n)), e); err != nil {
			t.Fatal(err)
		}
	}
	write(0, audit.RecordsExported)
	for n := range 2_000 {
		write(n+1, audit.UserChanged)
	}
	q := audit.Query{Actor: "kim", Ops: []audit.Op{audit.RecordsExported}, Limit: 10}
	first, err := audit.Search(t.Context(), side, q)
	if err != nil || len(first.Entries) != 0 || !first.Incomplete || first.Next == "" {
		t.Fatalf("%+v, %v", first, err)
	}
	q.After = first.Next
	if second, err := audit.Search(t.Context(), side, q); err != nil || len(second.Entries) != 1 || second.Incomplete || second.Next != "" {
		t.Errorf("%+v, %v", second, err)
	}
}
