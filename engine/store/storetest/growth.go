package storetest

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// growth holds by counted work, not by clocks, that a page costs the same however many records there are.
func growth(t *testing.T, open Open) {
	s := ready(t, open)
	lists := map[string]query.List{
		"an order":           {Sorts: known[0]},
		"pinned and ordered": {Sorts: known[0], Filter: query.Where("tier", query.Eq, "a")},
		"a scope":            {Sorts: known[0], Filter: query.OneOf("principals", "user:u1", "user:u2")},
		"a scope of few":     {Sorts: known[0], Filter: query.Where("principals", query.Eq, "user:few")},
		"a tag of few":       {Sorts: known[4], Filter: query.Where("tags", query.Eq, "few")},
		"search":             {Filter: search1("稀有")},
		"named in a scope":   {Sorts: known[0], Filter: query.And{query.OneOf("id", someIDs(300)...), query.OneOf("principals", "user:u1", "user:u2")}},
		"newest":             {Sorts: known[8], Filter: query.Where("tier", query.Ne, "b")},
	}
	few := query.And{query.OneOf("principals", "user:few", "user:none"), query.Where("tier", query.Ne, "b")}
	small := map[string]query.Work{}
	fill(t, s, 0, 2_000)
	for name, q := range lists {
		small[name] = work(t, s, name, q)
	}
	smallCount := countWork(t, s, few)
	fill(t, s, 2_000, 20_000)
	for name, q := range lists {
		big := work(t, s, name, q)
		if float64(big.Records) > 1.2*float64(small[name].Records)+1 || float64(big.Entries) > 1.2*float64(small[name].Entries)+1 {
			t.Errorf("%s: 20,000 records take %+v, 2,000 take %+v", name, big, small[name])
		}
	}
	if big := countWork(t, s, few); big != smallCount {
		t.Errorf("counting a scope of few: 20,000 records take %+v, 2,000 take %+v", big, smallCount)
	}
}

// countWork counts what is there of a scope of twenty, and says what that took.
func countWork(t *testing.T, s store.Store, f query.Filter) query.Work {
	t.Helper()
	counted, err := s.Count(t.Context(), query.Count{Form: form, Filter: f, Cap: 1000})
	must(t, err)
	if counted.Value == 0 || counted.Value > 20 || counted.Examined.Records < counted.Value {
		t.Errorf("counted %+v", counted)
	}
	return counted.Examined
}

func work(t *testing.T, s store.Store, name string, q query.List) query.Work {
	t.Helper()
	q.Form, q.Limit = form, 50
	var sum query.Work
	for n := range 3 {
		page, err := s.List(t.Context(), q)
		must(t, err)
		if page.Incomplete || n == 0 && len(page.Records) == 0 {
			t.Errorf("%s: %d records, incomplete %v", name, len(page.Records), page.Incomplete)
		}
		sum.Records += page.Examined.Records
		sum.Entries += page.Examined.Entries
		if page.Next == nil {
			break
		}
		q.After = page.Next
	}
	return sum
}

// idOf is the id of a record that fill puts.
func idOf(i int) string { return fmt.Sprintf("%06d", (i*7919)%1_000_003) }

// someIDs are the ids of the first records that fill puts.
func someIDs(count int) value.List {
	out := make(value.List, count)
	for i := range out {
		out[i] = idOf(i)
	}
	return out
}

// fill puts records numbered from up to to; the first twenty are marked as few.
func fill(t *testing.T, s store.Store, from, to int) {
	var all []*value.Record
	for i := from; i < to; i++ {
		name := fmt.Sprintf("asset %d", i)
		if i < 20 {
			name += " 稀有"
		}
		r := named(idOf(i), name)
		// Values are spread alike at every size: by i itself, not by how many there are.
		r.Values["tier"], r.Values["cost"] = tiers[i%3], int64((i*104729)%1_000_003)
		r.UpdatedAt = r.UpdatedAt.Add(1000 * 1000 * 1000)
		r.Principals = []string{people[i%2], "zone:z"}
		if i%4 == 3 {
			r.Principals = []string{"zone:z"}
		}
		if i < 20 {
			r.Principals = append(r.Principals, "user:few")
			r.Values["tags"] = value.List{"few"}
		}
		all = append(all, r)
	}
	put(t, s, all...)
}

// figures holds that sums by month are there at once, of everybody and of one principal, through all that happens to records.
func figures(t *testing.T, open Open) {
	s := ready(t, open)
	all := crowd(60)
	put(t, s, all...)
	ask := func(when string) {
		t.Helper()
		for _, f := range []query.Filter{nil, query.Where("principals", query.Eq, "user:u1")} {
			q := query.Aggregate{
				Form: form, Filter: f, Groups: []query.Group{{Path: query.At("~day:made"), Bucket: query.Month}},
				Metrics: []query.Metric{{Op: query.MetricSum, Path: query.At("size")}, {Op: query.MetricCount}},
			}
			rows, err := s.Aggregate(t.Context(), q)
			must(t, err)
			if have, want := told(rows), naive(all, q); !maps.Equal(have, want) {
				t.Errorf("%s: %v, want %v", when, have, want)
			}
		}
	}
	ask("at first")
	for i, r := range all {
		r = r.Clone()
		all[i] = r
		was := r.Version
		r.Version++
		switch i % 5 {
		case 0:
			r.Values["size"] = int64(i)
		case 1:
			r.Shadow["day:made"] = int64(20231231)
		case 2:
			r.DeletedAt = epoch
		case 3:
			r.DeletedAt = time.Time{}
		case 4:
			r.Principals = []string{"user:u1", "user:u2"}
		}
		must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, was) }))
	}
	ask("after changes")
	for _, r := range all[:20] {
		must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Remove(t.Context(), form, r.ID, r.Version) }))
	}
	all = all[20:]
	ask("after some went")
}
