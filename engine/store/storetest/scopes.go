package storetest

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// scopes holds that a sorted list or a search within principals examines about what it returns, whether these have
// few of the records, some or nearly all, and no more when others get many. By default 1,000 records are
// held against 10,000; GROWTH names the larger number, against a hundredth of it.
func scopes(t *testing.T, open Open) {
	s := ready(t, open)
	within := func(principals ...value.Value) query.Filter { return query.OneOf(value.SysPrincipals, principals...) }
	lists := map[string]query.Filter{
		"few of one's own":           within("user:few"),
		"own and a small unit's":     within("user:few", "unit:small"),
		"a tenth":                    within("unit:tenth"),
		"a tenth and one's own":      within("user:few", "unit:tenth", "user:none"),
		"half":                       within("under:half"),
		"half, a tenth and own":      within("user:few", "unit:tenth", "under:half"),
		"all":                        within("under:all"),
		"all, four times over":       within("under:all", "under:half", "unit:tenth", "user:few"),
		"half, of which half":        query.And{within("under:half"), query.Where("tier", query.Eq, "a")},
		"few, of which half":         query.And{within("user:few", "unit:small"), query.Where("live", query.Eq, true)},
		"a tenth, of which all are":  query.And{within("unit:tenth"), query.Where("cost", query.Gte, int64(0))},
		"all, of which few by index": query.And{within("under:all"), query.Where("tags", query.Eq, "few")},
	}
	rare, tenth, common := search1("稀有"), search1("tenth"), search1("asset")
	searches := map[string]query.Filter{
		"few of one's own, rare":     query.And{within("user:few"), rare},
		"few of one's own, a tenth":  query.And{within("user:few"), tenth},
		"few of one's own, common":   query.And{within("user:few"), common},
		"a tenth, rare":              query.And{rare, within("unit:tenth", "user:none")},
		"a tenth, common":            query.And{within("unit:tenth"), common},
		"all, rare":                  query.And{within("under:all", "under:half", "unit:tenth", "user:few"), rare},
		"all, common, of which half": query.And{within("under:all"), common, query.Where("live", query.Eq, true)},
	}
	from, to := 1_000, 10_000
	if text := os.Getenv("GROWTH"); text != "" {
		var err error
		if to, err = strconv.Atoi(text); err != nil || to < 100_000 {
			t.Fatalf("GROWTH=%s: a number of at least 100,000 is wanted", text)
		}
		from = to / 100
	}
	small := map[string]query.Work{}
	crowdScopes(t, s, 0, from)
	ask := func(check func(what string, got query.Work)) {
		for name, filter := range searches {
			check(name, scopedWork(t, s, name, query.List{Filter: filter, Ranked: true}, 3))
		}
		for name, filter := range lists {
			for _, sorts := range [][]query.Sort{known[0], known[4], known[8]} {
				what := fmt.Sprintf("%s by %v", name, sorts)
				most := int64(3)
				if _, more := filter.(query.And); more {
					most = 10 // with what finds out how best to find few
				}
				check(what, scopedWork(t, s, what, query.List{Filter: filter, Sorts: sorts}, most))
			}
		}
	}
	ask(func(what string, got query.Work) { small[what] = got })
	crowdScopes(t, s, from, to)
	ask(func(what string, got query.Work) {
		was := small[what]
		if got.Records*10 > was.Records*12 || got.Entries*10 > was.Entries*12 {
			t.Errorf("%s: %d records take %+v, %d take %+v", what, to, got, from, was)
		}
	})
}

// scopedWork reads two pages and holds that each examines at most so many times what it returns.
func scopedWork(t *testing.T, s store.Store, what string, q query.List, most int64) query.Work {
	t.Helper()
	q.Form, q.Limit = form, 20
	var sum query.Work
	for range 2 {
		page, err := s.List(t.Context(), q)
		must(t, err)
		returned, got := int64(len(page.Records)), page.Examined
		if page.Incomplete || returned != int64(q.Limit) || got.Records < returned {
			t.Fatalf("%s: %d records, incomplete %v, examined %+v", what, returned, page.Incomplete, got)
		}
		if got.Records > most*returned || got.Entries > most*returned {
			t.Errorf("%s: examined %+v for %d records", what, got, returned)
		}
		sum.Records += got.Records
		sum.Entries += got.Entries
		q.After = page.Next
	}
	return sum
}

// crowdScopes puts records of which a few, a tenth, half and all are within some principal, spread
// alike over every order.
func crowdScopes(t *testing.T, s store.Store, from, to int) {
	var all []*value.Record
	for i := from; i < to; i++ {
		if len(all) == 5_000 {
			put(t, s, all...)
			all = nil
		}
		spread := int64((i * 104_729) % 1_000_003)
		name := fmt.Sprintf("asset %06d", spread)
		if i%10 == 0 {
			name += " tenth"
		}
		if i < 1_000 && i%20 == 0 {
			name += " 稀有"
		}
		r := named(fmt.Sprintf("%06d", (i*7919)%1_000_003), name)
		r.Values["tier"], r.Values["cost"], r.Values["live"] = tiers[(i/2)%2], spread, (i/10)%2 == 0
		r.Shadow["sort:name"] = fmt.Sprintf("%06d", spread)
		r.UpdatedAt = r.UpdatedAt.Add(time.Duration(spread) * time.Second)
		r.Principals = []string{"under:all"}
		add := func(p string, belongs bool) {
			if belongs {
				r.Principals = append(r.Principals, p)
			}
		}
		add("unit:small", i < 1_000 && i%20 == 0)
		add("unit:tenth", i%10 == 0)
		add("user:few", i < 1_000 && i%10 == 0)
		add("under:half", i%2 == 0)
		if i < 1_000 && i%20 == 0 {
			r.Values["tags"] = value.List{"few"}
		}
		all = append(all, r)
	}
	put(t, s, all...)
}
