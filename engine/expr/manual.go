package expr

import "strings"

// Entry is what a manual and an editor's completion say of a function, texts aside: those are in package
// message, "function.<name>" and "functionHelp.<name>", and the names of the types under "type".
type Entry struct {
	Name      string  `json:"name"`
	Group     Group   `json:"group"`
	Signature string  `json:"signature"` // "round(x, digits?)"
	Params    []Param `json:"params"`
	// Gives are the types of what it may give: one, or those among which the arguments choose.
	Gives   []string `json:"gives"`
	Cost    Cost     `json:"cost"`
	Example string   `json:"example"`
	Shows   string   `json:"shows"` // what the example gives, as it would be written in an expression
}

// Param is what a call passes at one place.
type Param struct {
	Name      string   `json:"name"`
	Types     []string `json:"types"`
	Optional  bool     `json:"optional,omitempty"`
	Many      bool     `json:"many,omitempty"`      // any number more of the same
	Predicate bool     `json:"predicate,omitempty"` // an expression of these types over each value, which is # there
}

// Cost is what one call takes of the steps of a run: Steps, PerText more for each 16 bytes of the texts passed,
// one for each value of a list, and for a predicate what evaluating it takes, each time.
type Cost struct {
	Steps   int `json:"steps"`
	PerText int `json:"perText"`
}

// Bounds are what an author may ask for, of a source and of a run.
type Bounds struct {
	Source int `json:"source"` // bytes
	Depth  int `json:"depth"`  // brackets within brackets
	Nodes  int `json:"nodes"`  // of the expression
	Steps  int `json:"steps"`  // of a run
	Memory int `json:"memory"` // of a run: values of lists made; 16 bytes of text count as one
	Text   int `json:"text"`   // bytes of a text that a run makes
}

// Limits returns the bounds of every expression.
func Limits() Bounds {
	return Bounds{Source: maxSource, Depth: maxDepth, Nodes: maxNodes, Steps: maxSteps, Memory: maxMemory, Text: maxText}
}

// Library lists all that an expression may call, by groups.
func Library() []Entry {
	out := make([]Entry, 0, len(library))
	for n := range library {
		f := &library[n]
		out = append(out, Entry{
			Name: f.name, Group: f.group, Signature: f.signature(), Params: f.manual(), Gives: f.gives.names(),
			Cost: Cost{Steps: f.steps, PerText: max(1, f.perText)}, Example: f.example, Shows: f.shows,
		})
	}
	return out
}

// needed is how many arguments a call has at least.
func (f *function) needed() int {
	if f.least > 0 {
		return f.least
	}
	return len(f.params)
}

func (f *function) manual() []Param {
	out := make([]Param, 0, len(f.params))
	for n, p := range f.params {
		out = append(out, Param{
			Name: p.name, Types: p.kinds.names(), Optional: n >= f.needed(), Many: f.many && n == len(f.params)-1,
			Predicate: f.each != nil && n == 1,
		})
	}
	return out
}

func (f *function) signature() string {
	names := make([]string, 0, len(f.params))
	for _, p := range f.manual() {
		name := p.Name
		switch {
		case p.Optional:
			name += "?"
		case p.Many:
			name += ", …"
		}
		names = append(names, name)
	}
	return f.name + "(" + strings.Join(names, ", ") + ")"
}

// names lists the kinds of a set.
func (s kinds) names() []string {
	var out []string
	for k := range names {
		if s.has(Kind(k)) {
			out = append(out, names[k])
		}
	}
	return out
}
