package sample

import (
	"encoding/json"
	"fmt"
)

// spec says how one value comes about. In the plan it is a scalar, a text with slots, or an object with
// one of the members below.
//
// A text's slots: {list} draws an entry, which may have slots itself; {path} takes a value; {digits:4}
// draws digits; {seq:4} is the record's number within its form, padded. A path is a value drawn before
// ("tier"), the record that this one is made for ("parent"), a value of a record named by another
// ("parent.owner", "product.price"), the record's own instant ("at"), or in a row, a column drawn before.
type spec struct {
	literal any // bool, nil, or decimal text for a number; when text and verb are empty
	text    string
	verb    *verbs
}

// verbs are the members of an object; one of them is there.
type verbs struct {
	Weights weights     `json:"weights,omitempty"` // one of these texts, as often as its weight says; "" is no value
	Lines   string      `json:"lines,omitempty"`   // an entry of a list whose name is a text with slots
	Copy    string      `json:"copy,omitempty"`    // the value at a path
	Naming  string      `json:"naming,omitempty"`  // the record at a path with its form, for a field that may name records of several
	Date    *dateSpec   `json:"date,omitempty"`
	Number  *numberSpec `json:"number,omitempty"`
	Record  *recordSpec `json:"record,omitempty"`
	Person  *personSpec `json:"person,omitempty"`
	Unit    string      `json:"unit,omitempty"` // the home unit of the person at a path
	Some    *someSpec   `json:"some,omitempty"`
	Rows    *rowsSpec   `json:"rows,omitempty"`
	Total   *totalSpec  `json:"total,omitempty"`
	File    *fileSpec   `json:"file,omitempty"`
	Unique  *spec       `json:"unique,omitempty"` // drawn anew until no record of the form has it
	Chance  *chanceSpec `json:"chance,omitempty"`
	Case    *caseSpec   `json:"case,omitempty"`
}

// dateSpec draws a day between two, or with Time an instant on such a day. Bounds are a path or "today"
// and a number of days: "today-365", "at+3". Nothing lies between bounds that cross.
type dateSpec struct {
	From    string     `json:"from"`
	To      string     `json:"to"`
	Min     string     `json:"min,omitempty"`     // raises both bounds
	Max     string     `json:"max,omitempty"`     // lowers both bounds, after Min
	Workday bool       `json:"workday,omitempty"` // the working day at or after it, else before it, within the bounds
	Late    int        `json:"late,omitempty"`    // the latest of so many draws
	Time    *[2]string `json:"time,omitempty"`    // "09:00", "18:00"
}

// numberSpec draws a number between two decimals, a multiple of Step.
type numberSpec struct {
	From string `json:"from"`
	To   string `json:"to"`
	Step string `json:"step"`
	Low  int    `json:"low,omitempty"` // the lowest of so many draws
}

// recordSpec draws a record of a form made before, or names one.
type recordSpec struct {
	Form  string            `json:"form"`
	ID    string            `json:"id,omitempty"`    // text with slots: that one
	Same  map[string]string `json:"same,omitempty"`  // only those whose field equals the value at a path
	Where map[string]string `json:"where,omitempty"` // only those whose value as text is this
	Low   int               `json:"low,omitempty"`   // the first of so many draws: earlier ones come more often
}

// personSpec draws a person with a role, of a zone if one is given.
type personSpec struct {
	Role string `json:"role"`
	Zone string `json:"zone,omitempty"` // the key, text with slots
}

// someSpec draws several different values.
type someSpec struct {
	Count spec `json:"count"`
	Of    spec `json:"of"`
}

// rowsSpec draws the rows of a table; with Like they are those at a path, whose values the columns reach
// as "like".
type rowsSpec struct {
	Count  spec   `json:"count"`
	Like   string `json:"like,omitempty"`
	Values fields `json:"values"`
}

// totalSpec adds up rows: the product of two columns, less a percentage, rounded half up per row to two
// decimals.
type totalSpec struct {
	Rows  string    `json:"rows"`
	Times [2]string `json:"times"`
	Less  string    `json:"less,omitempty"`
}

// fileSpec makes a list of one file of plain text; both are texts with slots.
type fileSpec struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// chanceSpec draws Of in so many percent of cases.
type chanceSpec struct {
	Percent int  `json:"percent"`
	Of      spec `json:"of"`
	Else    spec `json:"else,omitempty"`
}

// caseSpec chooses by the text of the value at a path; absent is "".
type caseSpec struct {
	On   string          `json:"on"`
	Of   map[string]spec `json:"of"`
	Else spec            `json:"else,omitempty"`
}

// weights are texts with how often each comes, in the order of the file.
type weights struct {
	texts []string
	sums  []int // of weights up to and including each
}

func (w *weights) UnmarshalJSON(data []byte) error {
	return eachMember(data, func(name string, raw json.RawMessage) error {
		var n int
		if err := json.Unmarshal(raw, &n); err != nil || n <= 0 {
			return fmt.Errorf("the weight of %q is no positive number", name)
		}
		if len(w.sums) > 0 {
			n += w.sums[len(w.sums)-1]
		}
		w.texts, w.sums = append(w.texts, name), append(w.sums, n)
		return nil
	})
}

// UnmarshalJSON reads a scalar, a text, or an object with exactly one member.
func (s *spec) UnmarshalJSON(data []byte) error {
	if data[0] != '{' {
		return s.scalar(data)
	}
	members := 0
	if err := eachMember(data, func(string, json.RawMessage) error { members++; return nil }); err != nil {
		return err
	}
	if members != 1 {
		return fmt.Errorf("want one member that says how, not %d", members)
	}
	s.verb = &verbs{}
	return strict(data, s.verb)
}

func (s *spec) scalar(data []byte) error {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	switch v := v.(type) {
	case string:
		s.text = v
	case bool, nil:
		s.literal = v
	case float64:
		s.literal = string(data) // as written: exact
	default:
		return fmt.Errorf("want a scalar or an object: %s", data)
	}
	return nil
}
