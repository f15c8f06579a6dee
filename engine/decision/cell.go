package decision

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/govalues/decimal"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// cell is a condition on one input: that it is absent, is one of several, or lies in one range.
type cell struct {
	input int // which
	empty bool
	oneOf []any
	span  *span
}

// bound is one end of a range; nil: it has none.
type bound struct {
	at decimal.Decimal // a day too
	in bool            // itself belongs to the range
}

type span struct{ low, high *bound }

// holds tells whether an input fulfils the condition. One that is absent fulfils only that it is.
func (c *cell) holds(v any) bool {
	switch {
	case v == nil || c.empty:
		return v == nil && c.empty
	case c.span != nil:
		at, ok := number(v)
		return ok && c.span.holds(at)
	}
	for _, one := range c.oneOf {
		if same(one, v) {
			return true
		}
	}
	return false
}

func (s *span) holds(at decimal.Decimal) bool {
	if s.low != nil {
		if cmp := at.Cmp(s.low.at); cmp < 0 || cmp == 0 && !s.low.in {
			return false
		}
	}
	if s.high != nil {
		if cmp := at.Cmp(s.high.at); cmp > 0 || cmp == 0 && !s.high.in {
			return false
		}
	}
	return true
}

// number is a value with an order as a number; a day counts by its digits, which keeps the order.
func number(v any) (decimal.Decimal, bool) {
	switch v := v.(type) {
	case decimal.Decimal:
		return v, true
	case int64:
		d, err := decimal.New(v, 0)
		return d, err == nil
	}
	return decimal.Decimal{}, false
}

func same(a, b any) bool {
	x, isNumber := a.(decimal.Decimal)
	y, both := b.(decimal.Decimal)
	if isNumber && both {
		return x.Cmp(y) == 0
	}
	return a == b
}

// maxPlain bounds the digits of a number in a table, as of those that records hold.
const maxPlain = 16

// scalar reads a written value of a type: a string, bool, decimal.Decimal or, for a date, int64.
func scalar(raw json.RawMessage, t Type, options []string) (any, *fault.Issue) {
	wrong := &fault.Issue{Code: "table.value", Args: fault.Args{"type": string(t)}}
	in := json.NewDecoder(bytes.NewReader(raw))
	in.UseNumber()
	var v any
	if err := in.Decode(&v); err != nil {
		return nil, wrong
	}
	if _, err := in.Token(); err != io.EOF {
		return nil, wrong
	}
	text, isText := v.(string)
	switch t {
	case Boolean:
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case Text:
		if isText && text != "" {
			return text, nil
		}
	case Option:
		if isText && slices.Contains(options, text) {
			return text, nil
		}
		if isText {
			return nil, &fault.Issue{Code: "table.option", Args: fault.Args{"value": text}}
		}
	case Date:
		if day, err := time.Parse(time.DateOnly, text); isText && err == nil {
			return value.Day(day.Date()), nil
		}
	case Integer, Decimal:
		if n, ok := v.(json.Number); ok {
			text, isText = n.String(), true
		}
		d, err := decimal.Parse(text)
		if isText && len(text) <= maxPlain+2 && err == nil && (t == Decimal || d.IsInt()) {
			return d, nil
		}
	}
	return nil, wrong
}

// cellOf reads a condition.
func cellOf(raw json.RawMessage, input int, of *Input) (cell, fault.Issues) {
	var issues fault.Issues
	add := func(path string, issue *fault.Issue) {
		if issue != nil {
			issue.Path = path
			issues = append(issues, *issue)
		}
	}
	c := cell{input: input}
	switch bytes.TrimSpace(raw)[0] {
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			add("", &fault.Issue{Code: "meta.malformed"})
		}
		for n, one := range list {
			v, issue := scalar(one, of.Type, of.Options)
			add("/"+strconv.Itoa(n), issue)
			c.oneOf = append(c.oneOf, v)
		}
	case '{':
		return c.ranged(raw, of)
	default:
		v, issue := scalar(raw, of.Type, of.Options)
		add("", issue)
		c.oneOf = []any{v}
	}
	return c, issues
}

// ranged reads a condition that is written as an object.
func (c cell) ranged(raw json.RawMessage, of *Input) (cell, fault.Issues) {
	var issues fault.Issues
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		issues.Add("", "meta.malformed")
		return c, issues
	}
	if _, c.empty = parts["empty"]; c.empty {
		if len(parts) > 1 {
			issues.Add("/empty", "table.emptyAlone")
		}
		return c, issues
	}
	if !of.Type.hasOrder() {
		issues.Add("", "table.noRange", "type", string(of.Type))
		return c, issues
	}
	c.span = &span{}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		v, issue := scalar(parts[name], of.Type, nil)
		if issue != nil {
			issue.Path = "/" + name
			issues = append(issues, *issue)
			continue
		}
		at, _ := number(v)
		end := &bound{at: at, in: name == "from" || name == "to"}
		to := &c.span.low
		if name == "to" || name == "below" {
			to = &c.span.high
		}
		if *to != nil {
			issues.Add("/"+name, "table.twoEnds")
		}
		*to = end
	}
	if low, high := c.span.low, c.span.high; low != nil && high != nil {
		if cmp := low.at.Cmp(high.at); cmp > 0 || cmp == 0 && !(low.in && high.in) {
			issues.Add("", "table.emptyRange")
		}
	}
	return c, issues
}

// Read makes inputs of values as JSON has them (with json.Number), by key; what is not there is absent.
// Issues have the paths of keys.
func (t *Table) Read(args map[string]any) ([]any, fault.Issues) {
	var issues fault.Issues
	out := make([]any, len(t.Inputs))
	known := 0
	for n := range t.Inputs {
		in := &t.Inputs[n]
		sent, there := args[string(in.Def.Key)]
		if !there {
			continue
		}
		known++
		raw, err := json.Marshal(sent)
		if err != nil || sent == nil {
			continue
		}
		v, issue := scalar(raw, in.Type, in.Options)
		if issue != nil {
			issue.Path = "/" + string(in.Def.Key)
			issues = append(issues, *issue)
		}
		out[n] = v
	}
	if known == len(args) {
		return out, issues
	}
	for _, key := range slices.Sorted(maps.Keys(args)) {
		if !slices.ContainsFunc(t.Inputs, func(in Input) bool { return string(in.Def.Key) == key }) {
			issues.Add("/"+fault.Escape(key), "meta.unknownKey", "key", key)
		}
	}
	return out, issues
}
