package mongo_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/store/mongo"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// odd asset draws one that may have anything of what the filters that are written down ask for.
func odd(dice *rand.Rand, n int) *value.Record {
	r := &value.Record{
		ID: value.ID(fmt.Sprintf("%04d%c%d", n, "kKxX"[n%4], n%10)), Form: "asset", Version: int64(1 + n%3), CreatedAt: epoch, UpdatedAt: epoch.AddDate(0, 0, n%5-2),
		Values: value.Doc{}, Shadow: value.Doc{},
	}
	// A name that many have is drawn only where "unique" does not bind it: most have a number behind.
	names := []string{"潮", "潮汐", "a.b", "A.B(x", "axb", "a", "b", "a\\b", "\ud7ff", "\U0010ffffz", "Ｐump", "潮汐 a.b"}
	pick := func(in []string) string { return in[dice.IntN(len(in))] }
	if dice.IntN(5) > 0 {
		name := pick(names)
		if n >= len(names) {
			name += fmt.Sprint(" ", n)
		} else {
			name = names[n]
		}
		folded := text.Fold(name)
		r.Values["name"], r.Shadow["text"], r.Tokens = name, folded, text.FoldedTokens(folded)
	}
	if dice.IntN(3) > 0 {
		r.Values["cost"] = int64(dice.IntN(9)-3) + []int64{0, 1 << 53, -1_000_000_000_000_000}[dice.IntN(3)]*int64(n%2) + int64(n)*100
	}
	if dice.IntN(3) > 0 {
		r.Values["tier"] = pick([]string{"a", "b", "c"})
	}
	if dice.IntN(3) > 0 {
		r.Values["live"] = dice.IntN(2) == 0
	}
	if dice.IntN(3) > 0 {
		r.Shadow["day:made"] = int64(20260100 + dice.IntN(4))
	}
	if dice.IntN(3) > 0 {
		r.Values["place"] = value.Doc{"region": pick([]string{"x", "y"})}
	}
	for _, tag := range []string{"a", "b", "a.b$", "A"} {
		if dice.IntN(3) == 0 {
			tags, _ := r.Values["tags"].(value.List)
			r.Values["tags"] = append(tags, tag)
		}
	}
	for range dice.IntN(4) {
		row := value.Doc{"count": int64(dice.IntN(5))}
		if dice.IntN(2) == 0 {
			row["piece"] = pick([]string{"p1", "P1 ", "q"})
		}
		if dice.IntN(4) == 0 {
			delete(row, "count")
			row["piece"] = "p1"
		}
		if dice.IntN(2) == 0 {
			row["marks"] = value.List{pick([]string{"l", "m", "n"}), pick([]string{"k", "m2"})}
		}
		lines, _ := r.Values["lines"].(value.List)
		r.Values["lines"] = append(lines, row)
	}
	for _, p := range []string{"user:u1", "unit:x", "user:u2"} {
		if dice.IntN(3) == 0 {
			r.Principals = append(r.Principals, p)
		}
	}
	return r
}

// TestFiltersAsAnotherInterpreterReadsThem holds each filter that is written down against 500 records: what the server
// finds by it is what query.Match does.
func TestFiltersAsAnotherInterpreterReadsThem(t *testing.T) {
	s := open(t)
	must(t, s.Prepare(t.Context(), []store.Form{mongo.AssetForm()}, nil))
	dice := rand.New(rand.NewPCG(20261127, 3)) //nolint:gosec // the same each time
	var all []*value.Record
	for n := range 500 {
		all = append(all, odd(dice, n))
	}
	for batch := range slices.Chunk(all, 100) {
		must(t, s.Tx(t.Context(), func(tx store.Tx) error {
			for _, r := range batch {
				if err := tx.Put(t.Context(), r, 0); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	some, none := 0, 0
	for name, f := range mongo.FiltersAsked() {
		var want []value.ID
		for _, r := range all {
			if query.Match(f, r) {
				want = append(want, r.ID)
			}
		}
		slices.Sort(want)
		page, err := s.List(t.Context(), query.List{Form: "asset", Filter: f, Limit: 500})
		must(t, err)
		var got []value.ID
		for _, r := range page.Records {
			got = append(got, r.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: it finds %d %v, Match %d %v", name, len(got), got, len(want), want)
		}
		counted, err := s.Count(t.Context(), query.Count{Form: "asset", Filter: f})
		if err != nil || counted.Value != int64(len(want)) {
			t.Errorf("%s: counted %v, %v; want %d", name, counted, err, len(want))
		}
		switch len(want) {
		case 0, len(all):
			none++
		default:
			some++
		}
	}
	if some < 3*none {
		t.Errorf("%d filters tell records apart, %d do not", some, none)
	}
}
