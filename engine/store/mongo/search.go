package mongo

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// searchCandidates bounds the records a search examines, newest first.
const searchCandidates = 5000

// odd begins tokens of our own; it is private to nobody's text, and one that begins so has it twice.
const odd = "\ue000"

// tokensOf is what stands in the index of tokens for a record: its own, and those for how its texts begin.
func tokensOf(tokens []string, folded string) []string {
	if len(tokens) == 0 {
		return nil
	}
	out := make([]string, 0, len(tokens)+4)
	for _, t := range tokens {
		out = append(out, spell(t))
	}
	out = append(out, edges(folded)...)
	slices.Sort(out)
	return slices.Compact(out)
}

func spell(token string) string {
	if strings.HasPrefix(token, odd) {
		return odd + token
	}
	return token
}

// edges are tokens of our own for the texts of a record: each text as a whole, and how it begins. They find what a
// ranked list shows first without reading all that holds a common word.
func edges(folded string) []string {
	var out []string
	for line := range strings.SplitSeq(folded, "\n") {
		if line == "" {
			continue
		}
		first, second := beginnings(line)
		out = append(out, wholeEdge(line), beginEdge(first), beginEdge(second))
	}
	return out
}

// beginnings are the first character and the first two; both the same for a text of one.
func beginnings(line string) (first, second string) {
	_, one := utf8.DecodeRuneInString(line)
	_, two := utf8.DecodeRuneInString(line[one:])
	return line[:one], line[:one+two]
}

func wholeEdge(line string) string {
	h := fnv.New64a()
	h.Write([]byte(line))
	return odd + "w" + strconv.FormatUint(h.Sum64(), 36)
}

func beginEdge(start string) string { return odd + "b" + start }

// search is the condition that every term is in the record's text.
func (l *layout) search(s query.Search) (condition, error) {
	var docs bson.A
	if wanted := tokensAsked(s); len(wanted) > 0 {
		if !l.form.Search {
			return condition{}, fault.New(fault.Invalid, "filter.field").With("field", "~"+value.ShadowText)
		}
		docs = append(docs, d(atTokens, d("$all", wanted)))
	}
	for _, term := range s.Terms {
		if term.Folded == "" {
			continue
		}
		rx, err := pattern("", term.Folded, "")
		if err != nil {
			return condition{}, err
		}
		docs = append(docs, d(atShadow+"."+value.ShadowText, rx))
	}
	switch len(docs) {
	case 0:
		return always(true), nil
	case 1:
		return condition{doc: docs[0].(bson.D)}, nil
	}
	return met("$and", docs), nil
}

// tokensAsked are the tokens of all terms, the longest first: these are the rarest, mostly.
func tokensAsked(s query.Search) bson.A {
	var tokens []string
	for _, term := range s.Terms {
		for _, token := range term.Tokens {
			if token = spell(token); !slices.Contains(tokens, token) {
				tokens = append(tokens, token)
			}
		}
	}
	slices.SortStableFunc(tokens, func(a, b string) int { return utf8.RuneCountInString(b) - utf8.RuneCountInString(a) })
	out := make(bson.A, len(tokens))
	for i, t := range tokens {
		out[i] = t
	}
	return out
}
