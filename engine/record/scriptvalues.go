package record

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// What scripts ask and get, in the shapes that they have it in: for the host at work and for the made-up one of
// their tests.

func badArgument() error { return fault.New(fault.Malformed, "script.argument").In("record.script") }

// ScriptList is the second argument of query.
type ScriptList struct {
	Filter any      `json:"filter,omitempty"` // an expression or a filter tree
	Sort   string   `json:"sort,omitempty"`
	Limit  int      `json:"limit,omitempty"` // 0 is 50
	Fields []string `json:"fields,omitempty"`
}

// ReadScriptList reads the arguments of query, strictly. Faults: Malformed "script.argument".
func ReadScriptList(args []any) (ScriptList, error) { return argument[ScriptList](args) }

// Most is how many records are asked for.
func (l ScriptList) Most() int {
	if l.Limit == 0 {
		return defaultLimit
	}
	return min(max(l.Limit, 0), maxLimit)
}

// Only leaves a record the fields that are asked for, and its id.
func (l ScriptList) Only(doc map[string]any) map[string]any {
	if len(l.Fields) == 0 {
		return doc
	}
	for name := range doc {
		if name != "id" && !slices.Contains(l.Fields, name) {
			delete(doc, name)
		}
	}
	return doc
}

// ScriptFigures is the second argument of aggregate.
type ScriptFigures struct {
	Filter  any        `json:"filter,omitempty"`
	Table   string     `json:"table,omitempty"`
	Group   []GroupBy  `json:"group,omitempty"`
	Metrics []MetricBy `json:"metrics,omitempty"`
	Sort    string     `json:"sort,omitempty"`
	Limit   int        `json:"limit,omitempty"`
}

// ReadScriptFigures reads the arguments of aggregate, strictly. Faults: Malformed "script.argument".
func ReadScriptFigures(args []any) (ScriptFigures, error) { return argument[ScriptFigures](args) }

// argument reads the table that is a function's second argument, strictly.
func argument[T any](args []any) (out T, err error) {
	if len(args) < 2 || args[1] == nil {
		return out, nil
	}
	body, err := json.Marshal(script.Wire(args[1]))
	if err != nil || string(body) == "[]" {
		return out, err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&out); err != nil {
		return out, badArgument()
	}
	return out, nil
}

// ScriptDays counts days, or with the name workdays working days, from one date to another; an instant stands for its
// day in the zone. Faults: Malformed "script.argument".
func ScriptDays(name string, args []any, zone *time.Location, calendar *org.Calendar) (any, int, error) {
	from, to := scriptDay(args[0], zone), scriptDay(args[1], zone)
	if from == 0 || to == 0 {
		return nil, 0, badArgument()
	}
	if name == "workdays" {
		return calendar.WorkdaysBetween(from, to), 0, nil
	}
	return value.DaysBetween(from, to), 0, nil
}

// ScriptManager names whom somebody reports to, nil for nobody. Faults: Malformed "script.argument".
func ScriptManager(args []any, people *org.Snapshot) (any, int, error) {
	user, ok := args[0].(string)
	if !ok {
		return nil, 0, badArgument()
	}
	if manager := people.ManagerOf(value.ID(user)); manager != "" {
		return string(manager), 0, nil
	}
	return nil, 0, nil
}

func scriptDay(v any, zone *time.Location) int64 {
	text, ok := v.(string)
	if !ok {
		return 0
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return value.DayOf(day, time.UTC)
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return 0
	}
	return value.DayOf(at, zone)
}

// instantText is how fields write instants.
const instantText = "2006-01-02T15:04:05.000Z"

// ScriptCall is what every run has in common: its moment, who asks, and when on whose clocks.
func ScriptCall(moment string, actor value.Actor, now time.Time, zone *time.Location) script.Call {
	zones := make([]any, len(actor.Zones))
	for n, one := range actor.Zones {
		zones[n] = string(one)
	}
	roles := make([]any, len(actor.Roles))
	for n, role := range actor.Roles {
		roles[n] = role
	}
	return script.Call{
		Event: moment, Now: now.UTC().Format(instantText), Today: value.DayText(value.DayOf(now, zone)), Seed: now.UnixNano(),
		Actor: map[string]any{"id": string(actor.Key()), "unit": string(actor.Unit), "roles": roles, "zones": zones},
	}
}

// ScriptValues are all values of a record, and its id if it has one, as scripts have them.
func ScriptValues(form *catalog.Form, r *value.Record) map[string]any {
	out := scriptValues(form, r, func(value.FieldKey) bool { return true })
	if r.ID != "" {
		out["id"] = string(r.ID)
	}
	return out
}

func scriptValues(form *catalog.Form, r *value.Record, sees func(value.FieldKey) bool) map[string]any {
	out := make(map[string]any, len(r.Values)+4)
	for _, f := range form.Fields {
		v, ok := r.Values[string(f.Key)]
		if !ok || !sees(f.Key) {
			continue
		}
		if shown := ScriptValue(f, v); shown != nil {
			out[string(f.Key)] = shown
		}
	}
	return out
}

// ScriptValue is a field's value as scripts have it: as on the wire, but exact numbers are marked, and what
// names a record, a person or a unit is its id.
func ScriptValue(f *catalog.Field, v value.Value) any {
	if !f.Rows {
		return scriptScalar(f, f.Encode(v))
	}
	rows, _ := f.Encode(v).([]any)
	for _, one := range rows {
		row, _ := one.(map[string]any)
		for name, cell := range row {
			if column, known := f.Column(value.FieldKey(name)); known {
				row[name] = scriptScalar(column, cell)
			}
		}
	}
	return rows
}

func scriptScalar(f *catalog.Field, encoded any) any {
	switch encoded := encoded.(type) {
	case string:
		if isExact(f) {
			return script.Decimal(encoded)
		}
	case map[string]any:
		if id, named := encoded["id"]; named && len(encoded) == 1 {
			return id
		}
	case []any:
		for n, one := range encoded {
			encoded[n] = scriptScalar(f, one)
		}
	}
	return encoded
}

// isExact tells whether a field's texts on the wire are exact numbers.
func isExact(f *catalog.Field) bool {
	return slices.Contains([]meta.FieldKind{field.Number, field.Currency, field.Percent}, f.As.Kind)
}
