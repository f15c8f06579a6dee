// Package wire is how things look on the wire: strict JSON in, problem documents out. It knows no
// routes and no rights.
package wire

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"tidewater/engine/fault"
)

const (
	// MaxDepth bounds how deep arrays and objects may be nested.
	MaxDepth = 64
	// maxNumber bounds a number, in characters: more than any exact number here has.
	maxNumber = 30
)

// Parse reads one JSON value (RFC 8259) into nil, bool, string, json.Number, []any and map[string]any.
// Beyond the grammar it refuses what other readers may understand differently: keys that occur twice,
// text that is not UTF-8, lone surrogates, NUL, more than MaxDepth levels, numbers of more than 30
// characters, and anything after the value. Faults are Malformed with one issue and its path.
func Parse(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, malformed("", "json.utf8")
	}
	p := &parser{data: string(data)}
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.at < len(p.data) {
		return nil, malformed("", "json.trailing")
	}
	return v, nil
}

func malformed(path, code string, args ...any) error {
	var issues fault.Issues
	issues.Add(path, code, args...)
	return &fault.Error{Kind: fault.Malformed, Code: code, Op: "wire.parse", Args: issues[0].Args, Issues: issues}
}

type parser struct {
	data string
	at   int
	path []string // the keys and places that lead here
}

func (p *parser) fail(code string, args ...any) error {
	var path strings.Builder
	for _, step := range p.path {
		path.WriteString("/" + fault.Escape(step))
	}
	return malformed(path.String(), code, args...)
}

func (p *parser) space() {
	for p.at < len(p.data) {
		switch p.data[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// next returns the next byte that is no white space, 0 at the end.
func (p *parser) next() byte {
	p.space()
	if p.at < len(p.data) {
		return p.data[p.at]
	}
	return 0
}

func (p *parser) value(depth int) (any, error) {
	switch c := p.next(); {
	case c == '{' || c == '[':
		if depth == MaxDepth {
			return nil, p.fail("json.depth", "max", MaxDepth)
		}
		p.at++
		if c == '{' {
			return p.object(depth + 1)
		}
		return p.array(depth + 1)
	case c == '"':
		return p.text()
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case p.word("true"):
		return true, nil
	case p.word("false"):
		return false, nil
	case p.word("null"):
		return nil, nil
	}
	return nil, p.fail("json.malformed")
}

func (p *parser) word(w string) bool {
	if !strings.HasPrefix(p.data[p.at:], w) {
		return false
	}
	p.at += len(w)
	return true
}

func (p *parser) object(depth int) (any, error) {
	out := map[string]any{}
	if p.next() == '}' {
		p.at++
		return out, nil
	}
	for {
		if p.next() != '"' {
			return nil, p.fail("json.malformed")
		}
		key, err := p.text()
		if err != nil {
			return nil, err
		}
		p.path = append(p.path, key)
		if _, twice := out[key]; twice {
			return nil, p.fail("json.duplicateKey", "key", key)
		}
		if p.next() != ':' {
			return nil, p.fail("json.malformed")
		}
		p.at++
		if out[key], err = p.value(depth); err != nil {
			return nil, err
		}
		p.path = p.path[:len(p.path)-1]
		more, err := p.more('}')
		if err != nil || !more {
			return out, err
		}
	}
}

func (p *parser) array(depth int) (any, error) {
	out := []any{}
	if p.next() == ']' {
		p.at++
		return out, nil
	}
	for {
		p.path = append(p.path, strconv.Itoa(len(out)))
		v, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		p.path = p.path[:len(p.path)-1]
		out = append(out, v)
		more, err := p.more(']')
		if err != nil || !more {
			return out, err
		}
	}
}

// more takes a comma, or the closing byte.
func (p *parser) more(closing byte) (bool, error) {
	switch p.next() {
	case ',':
		p.at++
		return true, nil
	case closing:
		p.at++
		return false, nil
	}
	return false, p.fail("json.malformed")
}

func (p *parser) number() (any, error) {
	start := p.at
	if p.data[p.at] == '-' {
		p.at++
	}
	whole := p.digits()
	zero := whole > 1 && p.data[p.at-whole] == '0'
	good := whole > 0 && !zero
	if p.at < len(p.data) && p.data[p.at] == '.' {
		p.at++
		good = p.digits() > 0 && good
	}
	if p.at < len(p.data) && (p.data[p.at] == 'e' || p.data[p.at] == 'E') {
		p.at++
		if p.at < len(p.data) && (p.data[p.at] == '+' || p.data[p.at] == '-') {
			p.at++
		}
		good = p.digits() > 0 && good
	}
	if !good {
		return nil, p.fail("json.malformed")
	}
	if p.at-start > maxNumber {
		return nil, p.fail("json.number")
	}
	return json.Number(p.data[start:p.at]), nil
}

func (p *parser) digits() int {
	start := p.at
	for p.at < len(p.data) && p.data[p.at] >= '0' && p.data[p.at] <= '9' {
		p.at++
	}
	return p.at - start
}

// text reads a string; the opening quote is the next byte.
func (p *parser) text() (string, error) {
	p.at++
	start := p.at
	for p.at < len(p.data) {
		switch c := p.data[p.at]; {
		case c == '"':
			p.at++
			return p.data[start : p.at-1], nil
		case c == '\\':
			return p.escaped(start)
		case c == 0:
			return "", p.fail("json.nul")
		case c < ' ':
			return "", p.fail("json.malformed")
		}
		p.at++
	}
	return "", p.fail("json.malformed")
}

// escaped reads on from the first escape of a string that began at start.
func (p *parser) escaped(start int) (string, error) {
	var b strings.Builder
	b.WriteString(p.data[start:p.at])
	for p.at < len(p.data) {
		c := p.data[p.at]
		p.at++
		switch {
		case c == '"':
			return b.String(), nil
		case c == 0:
			return "", p.fail("json.nul")
		case c < ' ':
			return "", p.fail("json.malformed")
		case c != '\\':
			b.WriteByte(c)
		default:
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		}
	}
	return "", p.fail("json.malformed")
}

// escape reads what follows a backslash.
func (p *parser) escape() (rune, error) {
	const names, meant = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if p.at >= len(p.data) {
		return 0, p.fail("json.malformed")
	}
	c := p.data[p.at]
	p.at++
	if i := strings.IndexByte(names, c); i >= 0 {
		return rune(meant[i]), nil
	}
	r, ok := p.hex()
	switch {
	case c != 'u' || !ok:
		return 0, p.fail("json.malformed")
	case r == 0:
		return 0, p.fail("json.nul")
	case !utf16.IsSurrogate(r):
		return r, nil
	}
	if !p.word(`\u`) {
		return 0, p.fail("json.utf8")
	}
	low, ok := p.hex()
	if !ok {
		return 0, p.fail("json.malformed")
	}
	if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
		return 0, p.fail("json.utf8")
	}
	return r, nil
}

// hex reads four hexadecimal digits.
func (p *parser) hex() (rune, bool) {
	if p.at+4 > len(p.data) {
		return 0, false
	}
	digits := p.data[p.at : p.at+4]
	n, err := strconv.ParseUint(digits, 16, 16)
	if err != nil || strings.ContainsAny(digits, "+_") {
		return 0, false
	}
	p.at += 4
	return rune(n), true
}
