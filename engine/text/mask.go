package text

import "strings"

// Mask returns s with its middle hidden, the first head and last tail characters kept:
// Mask("13812345678", 3, 4) is "138****5678". At most four stars stand for what is hidden, so that a
// long value does not show its length. At least a third of the characters are always hidden, of fewer
// than eight at least half; where head and tail ask for more, both give way, the longer first. Empty
// text stays empty.
func Mask(s string, head, tail int) string {
	runes := []rune(s)
	if len(runes) == 0 {
		return ""
	}
	head, tail = max(head, 0), max(tail, 0)
	shown := len(runes) - (len(runes)+2)/3
	if len(runes) < 8 {
		shown = len(runes) / 2
	}
	// Large asks first, so that their sum cannot overflow.
	head, tail = min(head, shown), min(tail, shown)
	for head+tail > shown {
		if tail >= head {
			tail--
		} else {
			head--
		}
	}
	stars := strings.Repeat("*", min(4, len(runes)-head-tail))
	return string(runes[:head]) + stars + string(runes[len(runes)-tail:])
}

// PhoneMask hides the middle of a telephone number however it is written, and its extension:
// "+86 138-1234-5678" becomes "138****5678". What has no digits is hidden whole.
func PhoneMask(s string) string {
	number, _ := phoneParts(s)
	if number == "" {
		return Mask(s, 0, 0)
	}
	return Mask(number, 3, 4)
}
