package text

import "slices"

// Names shorter than minNear have too many neighbours that mean somebody else, and those of a longer one
// than maxNear cost each save more than a slip of the pen is worth.
const (
	minNear = 4
	maxNear = 24
)

// NearKeys returns words of which two texts share one where one character is added, dropped, exchanged for
// another or changes places with the next: the text itself, and the text without each of its characters.
// What shares one may still be two such slips away: Near decides. nil for texts that are too short or too
// long for that, 4 to 24 characters. (Deletion neighbourhoods: Mor and Fraenkel, 1982.)
func NearKeys(s string) []string {
	runes := []rune(s)
	if len(runes) < minNear || len(runes) > maxNear {
		return nil
	}
	out := []string{s}
	for i := range runes {
		if i > 0 && runes[i] == runes[i-1] {
			continue // the same text again
		}
		out = append(out, string(runes[:i])+string(runes[i+1:]))
	}
	return out
}

// Near tells whether two texts, each of which has NearKeys, are one slip apart: a character added, dropped,
// exchanged or swapped with the next. A text is not near itself.
func Near(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if min(len(x), len(y)) < minNear || max(len(x), len(y)) > maxNear {
		return false
	}
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	switch {
	case len(x)+len(y) == 1, len(x) == 1 && len(y) == 1:
		return true
	case len(x) == 2 && len(y) == 2:
		return slices.Equal(x, []rune{y[1], y[0]})
	}
	return false
}
