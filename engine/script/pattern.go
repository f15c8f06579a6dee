package script

import (
	"errors"
	"strings"
)

// Lua's patterns go back and forth over a text, and a short one can do so for hours (a?a?a?aaa, (.-)*). Here a
// pattern is made a list of items first, and each step of matching is counted as an instruction of the run.

const (
	maxPattern  = 1000 // bytes
	maxCaptures = 32
)

type itemKind int

const (
	itemSet itemKind = iota // one byte of a set, with a quantifier
	itemOpen
	itemClose
	itemPlace // an empty capture: where it stands
	itemBalance
	itemFrontier
	itemBack // the same as a capture before
	itemEnd  // the end of the text
)

type item struct {
	kind  itemKind
	set   byteSet
	quant byte // 0, *, +, -, ?
	n     int  // of a capture
	pair  [2]byte
}

type byteSet [4]uint64

func (s *byteSet) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *byteSet) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }
func (s *byteSet) unite(o byteSet) {
	for n := range s {
		s[n] |= o[n]
	}
}

func (s byteSet) inverse() byteSet {
	for n := range s {
		s[n] = ^s[n]
	}
	return s
}

func setWhere(in func(c byte) bool) (s byteSet) {
	for c := range 256 {
		if in(byte(c)) {
			s.add(byte(c))
		}
	}
	return s
}

func between(low, high byte) func(byte) bool {
	return func(c byte) bool { return low <= c && c <= high }
}

// classOf is what a letter after % stands for; a capital stands for all others.
func classOf(c byte) (byteSet, bool) {
	lower, upper, digit := between('a', 'z'), between('A', 'Z'), between('0', '9')
	letter := func(c byte) bool { return lower(c) || upper(c) }
	var in func(byte) bool
	switch c | 0x20 {
	case 'a':
		in = letter
	case 'c':
		in = func(c byte) bool { return c < 0x20 || c == 0x7f }
	case 'd':
		in = digit
	case 'l':
		in = lower
	case 'p':
		in = func(c byte) bool { return between('!', '~')(c) && !letter(c) && !digit(c) }
	case 's':
		in = func(c byte) bool { return c == ' ' || between('\t', '\r')(c) }
	case 'u':
		in = upper
	case 'w':
		in = func(c byte) bool { return letter(c) || digit(c) }
	case 'x':
		in = func(c byte) bool { return digit(c) || between('a', 'f')(c|0x20) }
	case 'z':
		in = func(c byte) bool { return c == 0 }
	default:
		return byteSet{}, false
	}
	if !letter(c) {
		return byteSet{}, false
	}
	set := setWhere(in)
	if upper(c) {
		set = set.inverse()
	}
	return set, true
}

// pattern is a pattern as items.
type pattern struct {
	anchored bool
	items    []item
	captures int
}

var (
	errPatternLong   = errors.New("the pattern is too long")
	errPatternEnds   = errors.New("malformed pattern (it ends too early)")
	errPatternSet    = errors.New("malformed pattern (missing ']')")
	errPatternClose  = errors.New("malformed pattern (a bracket too many, or one that is not closed)")
	errPatternBack   = errors.New("malformed pattern (there is no such capture yet)")
	errPatternFacing = errors.New("malformed pattern (missing '[' after '%f')")
)

func parsePattern(text string) (*pattern, error) {
	if len(text) > maxPattern {
		return nil, errPatternLong
	}
	p := &pattern{}
	text, p.anchored = strings.CutPrefix(text, "^")
	var open []int
	for len(text) > 0 {
		var err error
		if text, open, err = p.next(text, open); err != nil {
			return nil, err
		}
	}
	if len(open) > 0 || p.captures > maxCaptures {
		return nil, errPatternClose
	}
	return p, nil
}

// next takes one item off the text.
func (p *pattern) next(text string, open []int) (rest string, stillOpen []int, err error) {
	switch {
	case strings.HasPrefix(text, "()"):
		p.items = append(p.items, item{kind: itemPlace, n: p.captures})
		p.captures++
		return text[2:], open, nil
	case text[0] == '(':
		p.items = append(p.items, item{kind: itemOpen, n: p.captures})
		p.captures++
		return text[1:], append(open, p.captures-1), nil
	case text[0] == ')':
		if len(open) == 0 {
			return "", nil, errPatternClose
		}
		p.items = append(p.items, item{kind: itemClose, n: open[len(open)-1]})
		return text[1:], open[:len(open)-1], nil
	case text == "$":
		p.items = append(p.items, item{kind: itemEnd})
		return "", open, nil
	case strings.HasPrefix(text, "%b"):
		if len(text) < 4 {
			return "", nil, errPatternEnds
		}
		p.items = append(p.items, item{kind: itemBalance, pair: [2]byte{text[2], text[3]}})
		return text[4:], open, nil
	case strings.HasPrefix(text, "%f"):
		if len(text) < 3 || text[2] != '[' {
			return "", nil, errPatternFacing
		}
		set, rest, err := parseSet(text[2:])
		p.items = append(p.items, item{kind: itemFrontier, set: set})
		return rest, open, err
	case len(text) > 1 && text[0] == '%' && '1' <= text[1] && text[1] <= '9':
		n := int(text[1] - '1')
		for _, o := range open {
			if o == n {
				return "", nil, errPatternBack
			}
		}
		if n >= p.captures {
			return "", nil, errPatternBack
		}
		p.items = append(p.items, item{kind: itemBack, n: n})
		return text[2:], open, nil
	}
	set, rest, err := parseSingle(text)
	if err != nil {
		return "", nil, err
	}
	one := item{kind: itemSet, set: set}
	if rest != "" && strings.IndexByte("*+-?", rest[0]) >= 0 {
		one.quant, rest = rest[0], rest[1:]
	}
	p.items = append(p.items, one)
	return rest, open, nil
}

// parseSingle takes what stands for one byte.
func parseSingle(text string) (set byteSet, rest string, err error) {
	switch text[0] {
	case '.':
		return byteSet{}.inverse(), text[1:], nil
	case '[':
		return parseSet(text)
	case '%':
		if len(text) < 2 {
			return set, "", errPatternEnds
		}
		if class, ok := classOf(text[1]); ok {
			return class, text[2:], nil
		}
		set.add(text[1])
		return set, text[2:], nil
	}
	set.add(text[0])
	return set, text[1:], nil
}

// parseSet takes a set in brackets.
func parseSet(text string) (set byteSet, rest string, err error) {
	rest, negated := strings.CutPrefix(text[1:], "^")
	for first := true; ; first = false {
		if rest == "" {
			return set, "", errPatternSet
		}
		if rest[0] == ']' && !first {
			break
		}
		switch {
		case rest[0] == '%':
			one, after, err := parseSingle(rest)
			if err != nil {
				return set, "", errPatternSet
			}
			set.unite(one)
			rest = after
		case len(rest) > 2 && rest[1] == '-' && rest[2] != ']':
			set.unite(setWhere(between(rest[0], rest[2])))
			rest = rest[3:]
		default:
			set.add(rest[0])
			rest = rest[1:]
		}
	}
	if negated {
		set = set.inverse()
	}
	return set, rest[1:], nil
}

// span is where a capture begins and ends; end is placeOnly for one that only tells where it stands.
type span struct{ from, to int }

const placeOnly = -1

// matching is one try of a pattern on a text.
type matching struct {
	*pattern
	text  string
	spans [maxCaptures]span
	meter *meter
}

// at tries the pattern at one place of the text and returns where the match ends.
func (m *matching) at(from int) (end int, ok bool) { return m.from(0, from) }

// from matches the items from the i-th on at a place.
func (m *matching) from(i, at int) (end int, ok bool) {
	for ; i < len(m.items); i++ {
		if !m.meter.work(1) {
			return 0, false
		}
		one := &m.items[i]
		switch one.kind {
		case itemSet:
			if one.quant != 0 {
				return m.many(i, at)
			}
			if at >= len(m.text) || !one.set.has(m.text[at]) {
				return 0, false
			}
			at++
		case itemOpen, itemClose, itemPlace:
			return m.capture(i, at)
		case itemBalance:
			if at, ok = m.balanced(one.pair, at); !ok {
				return 0, false
			}
		case itemFrontier:
			var before, here byte
			if at > 0 {
				before = m.text[at-1]
			}
			if at < len(m.text) {
				here = m.text[at]
			}
			if one.set.has(before) || !one.set.has(here) {
				return 0, false
			}
		case itemBack:
			s := m.spans[one.n]
			if s.to == placeOnly || !strings.HasPrefix(m.text[at:], m.text[s.from:s.to]) {
				return 0, false
			}
			at += s.to - s.from
		case itemEnd:
			if at != len(m.text) {
				return 0, false
			}
		}
	}
	return at, true
}

// capture notes the edge of a capture for as long as the rest matches.
func (m *matching) capture(i, at int) (end int, ok bool) {
	one := m.items[i]
	was := m.spans[one.n]
	switch one.kind {
	case itemOpen:
		m.spans[one.n] = span{at, at}
	case itemPlace:
		m.spans[one.n] = span{at, placeOnly}
	default:
		m.spans[one.n].to = at
	}
	if end, ok = m.from(i+1, at); !ok {
		m.spans[one.n] = was
	}
	return end, ok
}

// many matches an item with a quantifier, then the rest.
func (m *matching) many(i, at int) (end int, ok bool) {
	one := &m.items[i]
	fits := func(at int) bool { return at < len(m.text) && one.set.has(m.text[at]) }
	if one.quant == '-' {
		for {
			if end, ok = m.from(i+1, at); ok || !fits(at) || !m.meter.work(1) {
				return end, ok
			}
			at++
		}
	}
	least, most := at, at
	if one.quant == '+' {
		least++
	}
	for fits(most) && (one.quant != '?' || most == at) {
		most++
	}
	if !m.meter.work(most - at) {
		return 0, false
	}
	for ; most >= least; most-- {
		if end, ok = m.from(i+1, most); ok || m.meter.spent != "" {
			return end, ok
		}
	}
	return 0, false
}

// balanced matches from an opening byte to its closing one.
func (m *matching) balanced(pair [2]byte, at int) (end int, ok bool) {
	if at >= len(m.text) || m.text[at] != pair[0] {
		return 0, false
	}
	depth := 0
	for n := at; n < len(m.text); n++ {
		switch m.text[n] {
		case pair[1]:
			if depth--; depth == 0 {
				return n + 1, m.meter.work(n - at)
			}
		case pair[0]:
			depth++
		}
	}
	return 0, m.meter.work(len(m.text)-at) && false
}

// find looks for the first match at or after a place.
func (m *matching) find(from int) (start, end int, ok bool) {
	for start = from; start <= len(m.text); start++ {
		if end, ok = m.at(start); ok || m.anchored || m.meter.spent != "" {
			return start, end, ok
		}
	}
	return 0, 0, false
}
