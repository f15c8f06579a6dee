package query

import (
	"strings"

	"tidewater/engine/value"
)

// How well a record meets a search: one of its texts is a term, one begins with a term, or neither.
const (
	RankExact int64 = iota
	RankPrefix
	RankWithin
)

// Rank tells how well a record that meets the search does. Its texts are the lines of "~text".
func (s Search) Rank(on Fields) int64 {
	folded, _ := on.Get("~" + value.ShadowText).(string)
	rank := RankWithin
	for line := range strings.SplitSeq(folded, "\n") {
		for _, term := range s.Terms {
			switch {
			case line == term.Folded:
				return RankExact
			case strings.HasPrefix(line, term.Folded):
				rank = RankPrefix
			}
		}
	}
	return rank
}

// Holds tells whether the text of a record has each term: what is left to ask of one that has all the tokens.
func (s Search) Holds(on Fields) bool {
	folded, _ := on.Get("~" + value.ShadowText).(string)
	for _, term := range s.Terms {
		if !strings.Contains(folded, term.Folded) {
			return false
		}
	}
	return true
}

// Ranking is the search that a ranked list is ordered by: the first that all of its records meet; ok is
// false where there is none.
func Ranking(f Filter) (s Search, ok bool) {
	switch f := f.(type) {
	case Search:
		return f, len(f.Terms) > 0
	case And:
		for _, part := range f {
			if s, ok := Ranking(part); ok {
				return s, true
			}
		}
	}
	return Search{}, false
}
