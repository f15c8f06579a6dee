package sample

import (
	"fmt"
	"strconv"
	"strings"
)

// scope is what a spec can see: the record in the making, and within rows the row and the one it is like.
type scope struct {
	made *made
	row  row
	like row
}

// look returns the value at a path. A name that nothing has is an error, one whose value is absent nil;
// so is all that would lie behind it.
func (g *generator) look(s scope, path string) (any, error) {
	name, rest, more := strings.Cut(path, ".")
	v, err := s.first(name)
	for err == nil && more && v != nil {
		name, rest, more = strings.Cut(rest, ".")
		v, err = inside(v, name)
	}
	if err != nil {
		return nil, fmt.Errorf("path %s: %w", path, err)
	}
	return v, nil
}

func (s scope) first(name string) (any, error) {
	if name == "like" && s.like != nil {
		return s.like, nil
	}
	if v, ok := s.row[name]; ok {
		return v, nil
	}
	return inside(s.made, name)
}

func inside(v any, name string) (any, error) {
	switch v := v.(type) {
	case row:
		if part, ok := v[name]; ok {
			return part, nil
		}
	case *made:
		if part, ok := v.values[name]; ok {
			return part, nil
		}
		switch {
		case name == "at":
			return v.at, nil
		case name == "parent" && v.parent != nil:
			return v.parent, nil
		}
	}
	return nil, fmt.Errorf("there is no %s", name)
}

// deepest bounds how far entries of lists may lead to other lists.
const deepest = 8

// compose fills the slots of a text.
func (g *generator) compose(s scope, text string, depth int) (string, error) {
	if depth > deepest {
		return "", fmt.Errorf("%q leads on and on", text)
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		slot, after, closed := strings.Cut(rest, "}")
		if !closed {
			return "", fmt.Errorf("%q has no end", "{"+rest)
		}
		filled, err := g.slot(s, slot, depth)
		if err != nil {
			return "", err
		}
		out.WriteString(filled)
		text = after
	}
}

func (g *generator) slot(s scope, slot string, depth int) (string, error) {
	kind, size, sized := strings.Cut(slot, ":")
	if sized {
		n, err := strconv.Atoi(size)
		switch {
		case err != nil || n < 1 || n > 18:
			return "", fmt.Errorf("slot {%s}: want a number of digits", slot)
		case kind == "digits":
			return g.digits(n), nil
		case kind == "seq":
			return fmt.Sprintf("%0*d", n, s.made.number), nil
		}
		return "", fmt.Errorf("there is no slot {%s}", slot)
	}
	if list, ok := g.plan.lists[slot]; ok {
		return g.compose(s, list[g.random.IntN(len(list))], depth+1)
	}
	v, err := g.look(s, slot)
	return g.text(v), err
}

func (g *generator) digits(n int) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte('0' + g.random.IntN(10))
	}
	return string(out)
}
