package meta

import (
	"bytes"
	"encoding/json"
	"reflect"

	"tidewater/engine/value"
)

// either is a type that is written in one of several ways, told apart by their JSON types.
type either interface {
	// ways returns one value of each type that may stand there.
	ways() []any
}

// Who is some people: one of "user:<name>", "role:<key>", "unit:<code>", "zone:<key>", "owner", "manager",
// "initiator"; or those who are in each of All.
type Who struct {
	One string
	All []string
}

// AllOf is how an intersection is written.
type AllOf struct {
	All []string `json:"all"`
}

func (Who) ways() []any { return []any{"", AllOf{}} }

// UnmarshalJSON reads either way.
func (w *Who) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte("{")) {
		var all AllOf
		err := json.Unmarshal(data, &all)
		w.All = all.All
		return err
	}
	return json.Unmarshal(data, &w.One)
}

// MarshalJSON writes it as it was read.
func (w Who) MarshalJSON() ([]byte, error) {
	if len(w.All) > 0 {
		return json.Marshal(AllOf{w.All})
	}
	return json.Marshal(w.One)
}

// Names lists what it names.
func (w Who) Names() []string {
	if w.One != "" {
		return []string{w.One}
	}
	return w.All
}

// Days is a number of days: an expr over the record, or a table by the value of a field.
type Days struct {
	Expr  string
	Table map[string]int
}

func (Days) ways() []any { return []any{"", map[string]int{}} }

// UnmarshalJSON reads either way.
func (d *Days) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte("{")) {
		return json.Unmarshal(data, &d.Table)
	}
	return json.Unmarshal(data, &d.Expr)
}

// MarshalJSON writes it as it was read.
func (d Days) MarshalJSON() ([]byte, error) {
	if d.Table != nil {
		return json.Marshal(d.Table)
	}
	return json.Marshal(d.Expr)
}

// PoolAlong is a form whose records go along, all or some of them.
type PoolAlong struct {
	Form value.FormKey
	When string // a pushable expr over that form; "" for all
}

// AlongWhen is how some of a form's records are written.
type AlongWhen struct {
	Form value.FormKey `json:"form"`
	When string        `json:"when"`
}

func (PoolAlong) ways() []any { return []any{value.FormKey(""), AlongWhen{}} }

// UnmarshalJSON reads either way.
func (a *PoolAlong) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte("{")) {
		var some AlongWhen
		err := json.Unmarshal(data, &some)
		*a = PoolAlong(some)
		return err
	}
	return json.Unmarshal(data, &a.Form)
}

// MarshalJSON writes it as it was read.
func (a PoolAlong) MarshalJSON() ([]byte, error) {
	if a.When != "" {
		return json.Marshal(AlongWhen(a))
	}
	return json.Marshal(a.Form)
}

// Ways lists the types in which values of a type may be written: most in one.
func Ways(t reflect.Type) []reflect.Type {
	one, ok := reflect.Zero(t).Interface().(either)
	if !ok {
		return []reflect.Type{t}
	}
	var out []reflect.Type
	for _, way := range one.ways() {
		out = append(out, reflect.TypeOf(way))
	}
	return out
}

// meant is the way of writing that has the JSON type of a value; the first where none has.
func meant(t reflect.Type, v any) reflect.Type {
	ways := Ways(t)
	for _, way := range ways {
		_, isObject := v.(map[string]any)
		if isObject == (way.Kind() == reflect.Struct || way.Kind() == reflect.Map) {
			return way
		}
	}
	return ways[0]
}
