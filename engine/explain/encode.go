package explain

import (
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"

	"tidewater/engine/meta"
)

// encoder writes trees as json.Marshal does, byte for byte, in less than half of the time (see BenchmarkStore): a sweep
// explains each of its moves, and reflection was the larger part of that. What is rare it leaves to json.Marshal.
type encoder struct {
	b   []byte
	err error
}

// node writes a node down to a depth; what lies deeper is left out, and its parent marked Cut.
func (e *encoder) node(n *Node, depth int) {
	if n == nil {
		e.b = append(e.b, "null"...)
		return
	}
	e.b = append(e.b, `{"kind":`...)
	e.text(string(n.Kind))
	e.named(`,"op":`, n.Op)
	e.label(n.Label)
	e.named(`,"say":`, n.Say)
	if len(n.Args) > 0 {
		e.other(`,"args":`, n.Args)
	}
	e.ref(`,"ref":`, n.Ref)
	e.source(n.Rule)
	if n.At != nil {
		e.other(`,"at":`, n.At)
	}
	if n.Is != (Type{}) {
		e.is(n.Is)
	}
	e.ref(`,"as":`, n.As)
	switch v := n.Value.(type) {
	case nil:
	case string:
		e.b = append(e.b, `,"value":`...)
		e.text(v)
	default:
		e.other(`,"value":`, v)
	}
	e.number(`,"count":`, int64(n.Count))
	e.named(`,"fault":`, n.Fault)
	e.named(`,"note":`, n.Note)
	e.number(`,"nth":`, int64(n.Nth))
	e.named(`,"row":`, n.Row)
	e.number(`,"more":`, int64(n.More))
	e.number(`,"passed":`, int64(n.Passed))
	e.flag(`,"cut":`, n.Cut || depth == 0 && len(n.Kids) > 0)
	if depth > 0 {
		e.nodes(`,"kids":`, n.Kids, depth-1)
	}
	e.b = append(e.b, '}')
}

func (e *encoder) nodes(name string, nodes []*Node, depth int) {
	if len(nodes) == 0 {
		return
	}
	e.b = append(append(e.b, name...), '[')
	for i, n := range nodes {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.node(n, depth)
	}
	e.b = append(e.b, ']')
}

func (e *encoder) label(label meta.Label) {
	if len(label) == 0 {
		return
	}
	var room [4]string
	locales := room[:0]
	for locale := range label {
		locales = append(locales, locale)
	}
	slices.Sort(locales)
	e.b = append(e.b, `,"label":{`...)
	for i, locale := range locales {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.text(locale)
		e.b = append(e.b, ':')
		e.text(label[locale])
	}
	e.b = append(e.b, '}')
}

func (e *encoder) ref(name string, r *Ref) {
	if r == nil {
		return
	}
	e.b = append(append(e.b, name...), `{"form":`...)
	e.text(string(r.Form))
	e.named(`,"id":`, string(r.ID))
	e.number(`,"version":`, r.Version)
	e.named(`,"field":`, string(r.Field))
	e.named(`,"row":`, r.Row)
	e.named(`,"column":`, string(r.Column))
	e.flag(`,"old":`, r.Old)
	e.b = append(e.b, '}')
}

// source writes a rule with all of its inputs: these are not deep.
func (e *encoder) source(s *Source) {
	if s == nil {
		return
	}
	e.b = append(e.b, `,"rule":{`...)
	if s.Form != "" {
		e.b = append(e.b, `"form":`...)
		e.text(string(s.Form))
		e.b = append(e.b, ',')
	}
	if s.Key != "" {
		e.b = append(e.b, `"key":`...)
		e.text(s.Key)
		e.b = append(e.b, ',')
	}
	e.b = append(e.b, `"part":`...)
	e.text(s.Part)
	e.named(`,"version":`, s.Version)
	e.named(`,"text":`, s.Text)
	e.nodes(`,"inputs":`, s.Inputs, maxDepth)
	e.b = append(e.b, '}')
}

func (e *encoder) is(t Type) {
	b := append(e.b, `,"is":{`...)
	at := len(b)
	e.b = b
	e.named(`,"kind":`, t.Kind)
	e.named(`,"of":`, t.Of)
	e.number(`,"scale":`, int64(t.Scale))
	e.named(`,"unit":`, t.Unit)
	e.b = append(slices.Delete(e.b, at, at+1), '}') // the first has no comma before it
}

func (e *encoder) named(name, text string) {
	if text != "" {
		e.b = append(e.b, name...)
		e.text(text)
	}
}

func (e *encoder) number(name string, n int64) {
	if n != 0 {
		e.b = strconv.AppendInt(append(e.b, name...), n, 10)
	}
}

func (e *encoder) flag(name string, on bool) {
	if on {
		e.b = append(append(e.b, name...), "true"...)
	}
}

// text writes a text; one in which something is to be escaped is left to json.Marshal.
func (e *encoder) text(s string) {
	if !plain(s) {
		e.other("", s)
		return
	}
	e.b = append(append(append(e.b, '"'), s...), '"')
}

func plain(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c == '"', c == '\\', c == '<', c == '>', c == '&', c == 0xE2: // line separators begin with it
			return false
		}
	}
	return utf8.ValidString(s)
}

func (e *encoder) other(name string, v any) {
	body, err := json.Marshal(v)
	if err != nil && e.err == nil {
		e.err = err
	}
	e.b = append(append(e.b, name...), body...)
}
