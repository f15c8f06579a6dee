package decision

import (
	"strings"

	"github.com/govalues/decimal"

	"tidewater/engine/explain"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Explain tells what the table decided: a Decision with a Case for each row that counted, each with its
// conditions and what follows, and what lies in each bracket of an amount. nil where it decided nothing.
func (t *Table) Explain(inputs []any) *explain.Node {
	answer, err := t.Decide(inputs)
	if err != nil {
		return nil // the call itself tells what went wrong
	}
	out := &explain.Node{Kind: explain.Decision, Op: string(t.Def.Hit), Say: "table.decided", Args: map[string]any{"hit": string(t.Def.Hit)}}
	for _, n := range answer.Rows {
		out.Kids = append(out.Kids, t.caseOf(n))
	}
	if len(answer.Rows) == 0 {
		otherwise := &explain.Node{Kind: explain.Case, Say: "table.otherwise"}
		otherwise.Kids = t.told(t.otherwise)
		out.Kids = append(out.Kids, otherwise)
	}
	for _, p := range answer.Parts {
		out.Kids = append(out.Kids, t.partOf(p))
	}
	return out
}

func (t *Table) caseOf(n int) *explain.Node {
	out := &explain.Node{Kind: explain.Case, Nth: n + 1, Label: t.Def.Rows[n].Note}
	if len(out.Label) == 0 {
		out.Say, out.Args = "table.row", map[string]any{"nth": n + 1}
	}
	for i := range t.rows[n].cells {
		c := &t.rows[n].cells[i]
		in := &t.Inputs[c.input]
		out.Kids = append(out.Kids, &explain.Node{
			Kind: explain.Fact, Label: in.Def.Label, Is: explain.Type{Kind: "text"}, Value: c.written(in),
		})
	}
	out.Kids = append(out.Kids, t.told(t.rows[n].then)...)
	return out
}

// told are outputs as they stand in the table.
func (t *Table) told(values value.Doc) []*explain.Node {
	var out []*explain.Node
	for _, o := range t.Outputs {
		v, there := values[string(o.Key)]
		if !there {
			continue
		}
		node := &explain.Node{Kind: explain.Literal, Label: o.Label, Is: explain.Type{Kind: string(o.Type), Scale: o.Scale}, Value: v}
		if n, isNumber := v.(int64); isNumber {
			node.Value = toldNumber(o, n)
		}
		out = append(out, node)
	}
	return out
}

func toldNumber(o Output, n int64) string {
	d, err := decimal.New(n, o.Scale)
	if err != nil {
		return "" // not reached: what is stored has no more digits
	}
	return writtenValue(o.Type, d.Trim(0))
}

func (t *Table) partOf(p Part) *explain.Node {
	literal := func(label meta.Label, d decimal.Decimal) *explain.Node {
		return &explain.Node{Kind: explain.Literal, Label: label, Is: explain.Type{Kind: "decimal"}, Value: d.Trim(0).String()}
	}
	return &explain.Node{
		Kind: explain.Operation, Op: "multiply", Label: t.amount.def.Label, Is: explain.Type{Kind: "decimal", Scale: t.amount.def.Scale}, Value: p.Is.Trim(0).String(),
		Kids: []*explain.Node{literal(t.Inputs[t.amount.of].Def.Label, p.Of), literal(t.Outputs[t.amount.rate].Label, p.Rate)},
	}
}

// written is a condition as mathematicians write it, which is the same in every language: "A, B", "[1, 1.2)".
func (c *cell) written(in *Input) string {
	switch {
	case c.empty:
		return "—"
	case c.span == nil:
		texts := make([]string, len(c.oneOf))
		for n, v := range c.oneOf {
			texts[n] = in.column.written(atom{value: v, span: pointAt(v)})
		}
		return strings.Join(texts, ", ")
	}
	out := "(-∞"
	if low := c.span.low; low != nil {
		out = "(" + writtenValue(in.Type, low.at)
		if low.in {
			out = "[" + writtenValue(in.Type, low.at)
		}
	}
	high := c.span.high
	switch {
	case high == nil:
		return out + ", +∞)"
	case high.in:
		return out + ", " + writtenValue(in.Type, high.at) + "]"
	}
	return out + ", " + writtenValue(in.Type, high.at) + ")"
}

func pointAt(v any) span {
	d, ok := number(v)
	if !ok {
		return span{}
	}
	return span{&bound{d, true}, &bound{d, true}}
}
