package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

func named(id, name string) *value.Record {
	r := plain(id, value.Doc{"name": name})
	r.Shadow = value.Doc{"text": text.Fold(name)}
	r.Tokens = text.Tokens(name)
	return r
}

// summed holds what the store says of each record's tokens against what was put there.
func summed(t *testing.T, s store.Store, want ...*value.Record) {
	t.Helper()
	sums := map[value.ID]store.TokenSum{}
	must(t, s.EachTokens(t.Context(), form, func(id value.ID, sum store.TokenSum) error {
		if _, twice := sums[id]; twice {
			t.Errorf("%s twice", id)
		}
		if sum != 0 {
			sums[id] = sum
		}
		return nil
	}))
	for _, r := range want {
		if sums[r.ID] != store.SumTokens(r.Tokens) {
			t.Errorf("%s is found by other tokens than it was put with", r.ID)
		}
		delete(sums, r.ID)
	}
	if len(sums) > 0 {
		t.Errorf("tokens of others: %v", sums)
	}
}

// tokens holds that what each record is found by can be read back as a sum.
func tokens(t *testing.T, open Open) {
	s := ready(t, open)
	summed(t, s)
	a, b, none := named("a", "北京潮汐科技 SO-202603-0042 ★ a'b\"c Ünïcode"), named("b", "Biotechnology 13812345678"), plain("c", value.Doc{"name": "x"})
	a.Tokens = append(a.Tokens, "Two Words", "`odd`", "\ue000private", "UPPER")
	put(t, s, a, b, none)
	summed(t, s, a, b, none)
	next := named("b", "上海")
	next.Version = 2
	must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), next, 1) }))
	must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Remove(t.Context(), form, "a", 1) }))
	summed(t, s, next, none)
	other := errors.New("stop")
	if err := s.EachTokens(t.Context(), form, func(value.ID, store.TokenSum) error { return other }); !errors.Is(err, other) {
		t.Errorf("stopped with %v", err)
	}
}

// search holds that tokens follow the text through changes, the bin and the end.
func search(t *testing.T, open Open) {
	s := ready(t, open)
	put(t, s, named("a", "北京潮汐科技有限公司"), named("b", "SO-202603-0042 ★ a'b\"c"), named("c", "Biotechnology 13812345678"), named("d", "汐潮"))
	for term, want := range map[string][]value.ID{
		"潮汐": {"a"}, "潮": {"a", "d"}, "03-0042": {"b"}, "★": {"b"}, "a'b\"c": {"b"}, "TECH": {"c"}, "2345": {"c"}, "te": nil, "bio 138": {"c"}, "nothing": nil,
	} {
		wantFound(t, s, term, want...)
	}
	change := func(r *value.Record, was int64) {
		t.Helper()
		r.Version = was + 1
		must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, was) }))
	}
	change(named("d", "上海"), 1)
	wantFound(t, s, "潮", "a")
	wantFound(t, s, "上海", "d")

	kept := named("d", "上海")
	kept.Tokens = nil // nobody worked them out again: those it has stay
	change(kept, 2)
	wantFound(t, s, "上海", "d")
	gone := named("d", "上海")
	gone.Tokens = []string{}
	change(gone, 3)
	wantFound(t, s, "上海")

	searchWithin(t, s)

	must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Remove(t.Context(), form, "a", 1) }))
	wantFound(t, s, "潮")
	// Sees what the transaction itself wrote, and forgets it with the transaction.
	_ = s.Tx(t.Context(), func(tx store.Tx) error {
		if err := tx.Put(t.Context(), named("e", "潮水"), 0); err != nil {
			return err
		}
		page, err := tx.List(t.Context(), query.List{Form: form, Filter: search1("潮水"), Limit: 5})
		if err != nil || len(page.Records) != 1 {
			t.Errorf("a transaction's own text: %v, %v", page, err)
		}
		return fmt.Errorf("given up")
	})
	wantFound(t, s, "潮水")

	var crowd []*value.Record
	for i := range 5_200 {
		crowd = append(crowd, named(fmt.Sprintf("z%05d", i), "海鸥"))
	}
	put(t, s, crowd...)
	page, err := s.List(t.Context(), query.List{Form: form, Filter: search1("海鸥"), Sorts: known[0], Limit: 3})
	must(t, err)
	if !page.Incomplete || page.Examined.Records > 5_100 || len(page.Records) != 3 {
		t.Errorf("a search with too many candidates: incomplete %v, examined %v", page.Incomplete, page.Examined)
	}
}

// searchWithin holds that who finds a record follows its principals, whatever these are made of.
func searchWithin(t *testing.T, s store.Store) {
	t.Helper()
	odd := []string{"user:01ABCxyz", "user:01abcXYZ", "user:^01abc", "user:%41", "user:潮 汐", "user:a\"b'c", "USER:", "user:"}
	r := named("within", "灯塔")
	put(t, s, r)
	for n, p := range odd {
		r.Principals, r.Version, r.Tokens = []string{p}, int64(n+2), nil
		if n == len(odd)-1 {
			r.DeletedAt, r.Tokens = epoch, text.Tokens("灯塔")
		}
		must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, int64(n+1)) }))
		for _, asked := range odd {
			for _, ranked := range []bool{false, true} {
				q := query.List{Form: form, Filter: query.And{query.Where("principals", query.Eq, asked), search1("灯塔")}, Limit: 5, Ranked: ranked, Deleted: r.Deleted()}
				page, err := s.List(t.Context(), q)
				must(t, err)
				if found := len(page.Records) == 1; found != (asked == p) {
					t.Errorf("within %q, ranked %v, a record of %q is found: %v", asked, ranked, p, found)
				}
			}
		}
	}
	wrong, err := s.Check(t.Context())
	must(t, err)
	if len(wrong) > 0 {
		t.Errorf("afterwards: %q", wrong)
	}
}

func wantFound(t *testing.T, s store.Store, term string, want ...value.ID) {
	t.Helper()
	page, err := s.List(t.Context(), query.List{Form: form, Filter: search1(term), Limit: 10})
	must(t, err)
	if got := ids(page.Records); !slices.Equal(got, want) {
		t.Errorf("%q finds %s, want %s", term, got, want)
	}
}
