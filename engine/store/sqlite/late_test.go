package sqlite_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/value"
)

// TestWhatWaitsToBeIndexedIsFoundAllTheSame writes texts alone and many together, changes them, takes them
// away, and opens the file anew in between: a search finds at each moment who has a word, and nothing else,
// and what is checked is whole while tokens wait.
func TestWhatWaitsToBeIndexedIsFoundAllTheSame(t *testing.T) {
	folder := t.TempDir()
	files := 0
	rapid.Check(t, func(t *rapid.T) {
		files++
		path := filepath.Join(folder, fmt.Sprint(files))
		s := opened(t, path)
		defer func() { must(t, s.Close()) }()
		must(t, s.Prepare(t.Context(), []store.Form{{Key: "asset", Search: true}}, nil))
		has, versions := map[value.ID]string{}, map[value.ID]int64{}
		t.Repeat(map[string]func(*rapid.T){
			"save": func(t *rapid.T) {
				many := rapid.SampledFrom([]int{1, 1, 2, 16, 17, 40}).Draw(t, "many")
				from := rapid.IntRange(0, 50).Draw(t, "from")
				word := rapid.SampledFrom([]string{"tide", "ebb", "flow", ""}).Draw(t, "word")
				must(t, s.Tx(t.Context(), func(tx store.Tx) error {
					for n := from; n < from+many; n++ {
						id := value.ID(fmt.Sprintf("r%02d", n))
						if err := tx.Put(t.Context(), worded(id, versions[id]+1, word), versions[id]); err != nil {
							return err
						}
					}
					return nil
				}))
				for n := from; n < from+many; n++ {
					id := value.ID(fmt.Sprintf("r%02d", n))
					has[id] = word
					versions[id]++
				}
			},
			"purge": func(t *rapid.T) {
				if len(has) == 0 {
					t.Skip("nothing is there")
				}
				id := rapid.SampledFrom(slices.Sorted(maps.Keys(has))).Draw(t, "id")
				must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Remove(t.Context(), "asset", id, versions[id]) }))
				delete(has, id)
				delete(versions, id)
			},
			"search": func(t *rapid.T) { wantFound(t, s, has) },
			"check":  func(t *rapid.T) { wantWhole(t, s, has) },
			"reopen": func(t *rapid.T) {
				must(t, s.Close())
				s = opened(t, path)
			},
		})
		wantFound(t, s, has)
		wantWhole(t, s, has)
	})
}

func opened(t *rapid.T, path string) *sqlite.Store {
	s, err := sqlite.Open(t.Context(), path, "tenant-1")
	must(t, err)
	return s
}

func must(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func worded(id value.ID, version int64, word string) *value.Record {
	r := &value.Record{ID: id, Form: "asset", Version: version, Tokens: []string{}}
	if word != "" {
		r.Tokens, r.Shadow = []string{word, "every"}, value.Doc{value.ShadowText: word + " every"}
	}
	return r
}

func wantFound(t *rapid.T, s *sqlite.Store, has map[value.ID]string) {
	t.Helper()
	for _, word := range []string{"tide", "ebb", "flow"} {
		var want []value.ID
		for id, w := range has {
			if w == word {
				want = append(want, id)
			}
		}
		filter := query.Search{Terms: []query.Term{{Folded: word, Tokens: []string{word}}}}
		page, err := s.List(t.Context(), query.List{Form: "asset", Filter: filter, Limit: 100})
		must(t, err)
		var got []value.ID
		for _, r := range page.Records {
			got = append(got, r.ID)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%q is found in %v, want %v", word, got, want)
		}
	}
}

func wantWhole(t *rapid.T, s *sqlite.Store, has map[value.ID]string) {
	t.Helper()
	wrong, err := s.Check(t.Context())
	must(t, err)
	if len(wrong) > 0 {
		t.Fatalf("the check finds %q", wrong)
	}
	sums := map[value.ID]store.TokenSum{}
	must(t, s.EachTokens(t.Context(), "asset", func(id value.ID, sum store.TokenSum) error {
		sums[id] = sum
		return nil
	}))
	for id, word := range has {
		if want := store.SumTokens([]string{word, "every"}); word != "" && sums[id] != want {
			t.Fatalf("the tokens of %s add up to %v, want %v", id, sums[id], want)
		}
	}
}
