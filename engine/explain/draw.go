package explain

import (
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Sight is how much of a value a reader sees.
type Sight string

const (
	Whole  Sight = ""       // as it is
	Masked Sight = "masked" // some characters
	Hidden Sight = "hidden" // nothing
)

// Seen is a value's field as a reader sees it.
type Seen struct {
	Sight Sight
	// Label names the field; "" where it is not there any more, or where the reader may not know of it.
	Label string
	// Text shows a value of it as people read it, masked where it is; nil, or "" from it, leaves that to
	// the value's type.
	Text func(v any) string
}

// Reader is who an explanation is drawn for, with what they may see when they read it.
type Reader interface {
	// Field tells how the reader sees what ref names. What is not there any more is Hidden.
	Field(ref Ref) Seen
	// Say is the text of a code of package message in the reader's language.
	Say(code string, args fault.Args) string
	// Label picks the text in the reader's language.
	Label(label meta.Label) string
	// Zone is whose clocks show instants.
	Zone() *time.Location
}

// View is a node as somebody reads it.
type View struct {
	Kind  Kind   `json:"kind"`
	Label string `json:"label"`
	// Text is the value as people read it; Value the same for programs: JSON as records have it. Both are
	// absent where nothing came out.
	Text   string   `json:"text,omitempty"`
	Value  any      `json:"value,omitempty"`
	Sight  Sight    `json:"sight,omitempty"`
	Fault  string   `json:"fault,omitempty"` // why nothing came out, as a sentence
	Notes  []string `json:"notes,omitempty"`
	Ref    *Ref     `json:"ref,omitempty"`
	Rule   *Said    `json:"rule,omitempty"`
	Source *Place   `json:"source,omitempty"`
	Parts  []*View  `json:"parts,omitempty"`
}

// Said is a rule as somebody reads it.
type Said struct {
	Form    value.FormKey `json:"form,omitempty"`
	Key     string        `json:"key,omitempty"`
	Part    string        `json:"part"`
	Version string        `json:"version,omitempty"`
	Text    string        `json:"text,omitempty"` // absent for who does not see all that it may read
}

// Draw is the tree as the reader may see it. A hidden value has no text, and says so; a rule whose inputs the
// reader does not all see whole shows what they see of these, and nothing of what it did with them.
func Draw(n *Node, reader Reader) *View { return drawing{reader}.node(n) }

type drawing struct{ Reader }

func (d drawing) node(n *Node) *View {
	out := &View{Kind: n.Kind, Label: d.label(n), Source: n.At}
	switch {
	case n.Ref != nil:
		return d.field(n, out)
	case n.Rule != nil:
		return d.rule(n, out)
	}
	d.value(n, out, nil)
	d.parts(n, out)
	return out
}

func (d drawing) parts(n *Node, out *View) {
	for _, kid := range n.Kids {
		out.Parts = append(out.Parts, d.node(kid))
	}
	switch {
	case n.Kind == Rest:
		out.Label = d.Say("explain.more", fault.Args{"count": n.More})
	case n.Passed > 0:
		out.Notes = append(out.Notes, d.Say("explain.passed", fault.Args{"count": n.Passed}))
	}
	if n.Note != "" {
		out.Notes = append(out.Notes, d.Say(n.Note, nil))
	}
	if n.Cut {
		out.Notes = append(out.Notes, d.Say("explain.cut", nil))
	}
}

// field is a value of a record, or a record: nothing of it, nor of what it came from, for who does not see it.
func (d drawing) field(n *Node, out *View) *View {
	seen := d.Field(*n.Ref)
	if out.Sight = seen.Sight; seen.Sight == Hidden {
		return d.unseen(seen.Label)
	}
	if seen.Label != "" {
		out.Label = seen.Label
	}
	out.Ref = n.Ref
	d.value(n, out, seen.Text)
	if seen.Sight == Masked {
		out.Value = nil
		return out
	}
	d.parts(n, out)
	return out
}

// unseen stands for what the reader does not see. It is the same whatever there is.
func (d drawing) unseen(label string) *View {
	if label == "" {
		label = d.Say("explain.unseen", nil)
	}
	return &View{Kind: Field, Label: label, Sight: Hidden, Text: d.Say("explain.hidden", nil)}
}

func (d drawing) rule(n *Node, out *View) *View {
	r := n.Rule
	out.Rule = &Said{Form: r.Form, Key: r.Key, Part: r.Part, Version: r.Version, Text: r.Text}
	var inputs []*View
	unknown := 0 // inputs of which the reader does not know that there are such: one stands for all
	whole := true
	for _, input := range r.Inputs {
		one := d.node(&Node{Kind: Field, Label: input.Label, Ref: input.Ref, Is: input.Is, Value: input.Value, Count: input.Count})
		whole = whole && one.Sight == Whole
		if one.Sight == Hidden && d.Field(*input.Ref).Label == "" {
			if unknown++; unknown > 1 {
				continue
			}
		}
		inputs = append(inputs, one)
	}
	if !whole {
		out.Rule.Text, out.Sight, out.Parts = "", Hidden, inputs
		out.Notes = append(out.Notes, d.Say("explain.partly", nil))
		return out
	}
	d.value(n, out, nil)
	d.parts(n, out)
	return out
}

// label is what a node is called.
func (d drawing) label(n *Node) string {
	switch {
	case n.Say != "":
		return d.Say(n.Say, n.Args)
	case len(n.Label) > 0:
		return d.Label(n.Label)
	}
	args := fault.Args{"name": n.Op, "nth": n.Nth}
	switch n.Kind {
	case Rule:
		return d.Say("explain.rule", fault.Args{"part": n.Rule.Part})
	case Call, Each, Rollup:
		return d.Say("explain.function", args)
	case Item, Case:
		return d.Say("explain.item", args)
	case Literal:
		return d.Say("explain.literal", nil)
	case Actor:
		return d.Say("explain.actor", args)
	}
	return d.Say("explain.operation", args)
}

// value shows what came out.
func (d drawing) value(n *Node, out *View, text func(any) string) {
	switch {
	case n.Fault != "":
		out.Fault = d.Say(n.Fault, n.Args)
		return
	case n.Is.Kind == "":
		return
	case n.Is.Kind == "table":
		out.Text = d.Say("explain.rows", fault.Args{"count": n.Count})
		return
	case n.Value == nil:
		out.Text = d.Say("explain.absent", nil)
		return
	}
	out.Value = n.Value
	if text == nil && n.As != nil {
		if seen := d.Field(*n.As); seen.Label != "" {
			text = seen.Text
		}
	}
	if text != nil {
		out.Text = text(n.Value)
	}
	if out.Text == "" {
		out.Text = d.text(n.Value, n.Is)
	}
}

// text shows a value by its type.
func (d drawing) text(v any, is Type) string {
	switch v := v.(type) {
	case string:
		switch is.Kind {
		case "decimal", "integer":
			return number(v, is)
		case "datetime":
			if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
				return at.In(d.Zone()).Format("2006-01-02 15:04")
			}
		}
		return v
	case bool:
		if v {
			return d.Say("explain.yes", nil)
		}
		return d.Say("explain.no", nil)
	case []any:
		texts := make([]string, len(v))
		for i, e := range v {
			texts[i] = d.text(e, Type{Kind: is.Of, Scale: is.Scale, Unit: is.Unit})
		}
		return d.Say("explain.texts", fault.Args{"values": texts})
	}
	return ""
}

// number writes decimal text with its digits in groups of three, at least as many decimals as its author
// states, and its unit.
func number(text string, is Type) string {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	if missing := is.Scale - len(fraction); missing > 0 {
		fraction += strings.Repeat("0", missing)
	}
	var grouped strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			grouped.WriteByte(',')
		}
		grouped.WriteRune(c)
	}
	out := sign + grouped.String()
	if fraction != "" {
		out += "." + fraction
	}
	if is.Unit != "" {
		out += " " + is.Unit
	}
	return out
}
