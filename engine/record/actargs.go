package record

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// checkArgs holds what came with an action against what it asks for. Faults: Invalid "action.args".
func checkArgs(on Asked, asked []meta.ActionArg, args map[string]any) error {
	var issues fault.Issues
	for _, arg := range asked {
		at := "/args/" + fault.Escape(arg.Key)
		v := args[arg.Key]
		if v == nil || v == "" {
			if arg.Required {
				issues.Add(at, "field.required")
			}
			continue
		}
		if wrong, is := wrongArg(on, arg, v); is {
			wrong.Path = at
			issues = append(issues, wrong)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(args)) {
		if !slices.ContainsFunc(asked, func(arg meta.ActionArg) bool { return arg.Key == key }) {
			issues.Add("/args/"+fault.Escape(key), "json.unknownKey", "key", key)
		}
	}
	return issues.Fault("record.args", "action.args")
}

// wrongArg tells what is wrong with an argument; false for nothing.
func wrongArg(on Asked, arg meta.ActionArg, v any) (fault.Issue, bool) {
	wanted := func(want string) (fault.Issue, bool) {
		return fault.Issue{Code: "json.type", Args: fault.Args{"want": want}}, true
	}
	if arg.Kind == meta.ArgFlag {
		if _, ok := v.(bool); !ok {
			return wanted("boolean")
		}
		return fault.Issue{}, false
	}
	text, ok := textOfArg(v, arg.Kind == meta.ArgNumber)
	if !ok {
		return wanted("text")
	}
	switch arg.Kind {
	case meta.ArgNumber:
		if _, ok := value.ParseExact(text, maxArgScale); !ok {
			return wanted("number")
		}
	case meta.ArgDate:
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return fault.Issue{Code: "field.date"}, true
		}
	case meta.ArgPerson:
		if _, known := on.People.Actor(value.ID(text)); !known {
			return fault.Issue{Code: "field.reference"}, true
		}
	case meta.ArgUnit:
		if _, known := on.People.Unit(value.ID(text)); !known {
			return fault.Issue{Code: "field.reference"}, true
		}
	case meta.ArgPool:
		if _, known := on.Form.Pool(text); !known {
			return fault.Issue{Code: "pool.unknown", Args: fault.Args{"pool": text}}, true
		}
	case meta.ArgOption:
		if !slices.ContainsFunc(arg.Options, func(c meta.Choice) bool { return c.Value == text }) {
			return fault.Issue{Code: "field.option", Args: fault.Args{"value": text}}, true
		}
	}
	return fault.Issue{}, false
}

// maxArgScale is how many decimal places the number of an action may have.
const maxArgScale = 6

func textOfArg(v any, orNumber bool) (string, bool) {
	if number, ok := v.(json.Number); ok && orNumber {
		return string(number), true
	}
	text, ok := v.(string)
	return text, ok
}

// Given is what came with an action, read strictly: what is of another type, or what nobody asks for, is told at End.
type Given struct {
	of     map[string]any
	issues fault.Issues
}

// Read begins reading what came with the action.
func (a *Acting) Read() *Given { return &Given{of: maps.Clone(a.Args)} }

// Text reads a text; "" where there is none.
func (g *Given) Text(key string) string { return given[string](g, key, "text") }

// Flag reads yes or no; false where there is none.
func (g *Given) Flag(key string) bool { return given[bool](g, key, "boolean") }

func given[T any](g *Given, key, want string) T {
	v, ok := g.of[key].(T)
	if g.of[key] != nil && !ok {
		g.issues.Add("/args/"+fault.Escape(key), "json.type", "want", want)
	}
	delete(g.of, key)
	return v
}

// End tells what was wrong, and what is left that nobody has asked for. Faults: Invalid "action.args".
func (g *Given) End() error {
	for _, key := range slices.Sorted(maps.Keys(g.of)) {
		g.issues.Add("/args/"+fault.Escape(key), "json.unknownKey", "key", key)
	}
	return g.issues.Fault("record.args", "action.args")
}
