package proof

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/govalues/decimal"

	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// usual is the instant of a case that names none.
const usual = "2026-01-01T00:00:00Z"

// contextOf is what a case knows beside its record: who acts, when, and on whose clocks, which are those of
// the instant as it is written. The working calendar is that of mainland China, as every tenant's is.
func contextOf(given meta.TestGiven) (expr.Context, fault.Issues) {
	var issues fault.Issues
	at := given.Now
	if at == "" {
		at = usual
	}
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		issues.Add("/given/now", "field.datetime")
	}
	calendar, err := org.China()
	if err != nil {
		issues.Add("/given/now", "internal")
	}
	ctx := expr.Context{Now: now, Zone: now.Location(), Calendar: calendar, Actor: value.SystemActor("test")}
	if given.Actor != nil {
		ctx.Actor = actorOf(given.Actor, &issues)
	}
	return ctx, issues
}

func actorOf(given map[string]any, issues *fault.Issues) value.Actor {
	var out value.Actor
	for _, part := range sorted(given) {
		v := given[part]
		text, isText := v.(string)
		texts, areTexts := textsOf(v)
		switch {
		case part == "id" && isText:
			out.User = value.ID(text)
		case part == "unit" && isText:
			out.Unit = value.ID(text)
		case part == "roles" && areTexts:
			out.Roles = texts
		case part == "zones" && areTexts:
			for _, zone := range texts {
				out.Zones = append(out.Zones, value.ID(zone))
			}
		default:
			issues.Add("/given/actor/"+fault.Escape(part), "test.actor")
		}
	}
	return out
}

func textsOf(v any) ([]string, bool) {
	list, ok := v.([]any)
	out := make([]string, 0, len(list))
	for _, one := range list {
		text, isText := one.(string)
		ok = ok && isText
		out = append(out, text)
	}
	return out, ok
}

// recordOf is a record as a case gives it, in stored form.
func recordOf(form *catalog.Form, given map[string]any, at string) (value.Doc, fault.Issues) {
	doc, issues := form.DecodeValues(given)
	doc, _ = value.Normal(doc).(value.Doc)
	if doc == nil {
		doc = value.Doc{}
	}
	for n := range issues {
		issues[n].Path = at + trimValues(issues[n].Path)
	}
	return doc, issues
}

func trimValues(path string) string {
	const prefix = "/values"
	if len(path) >= len(prefix) && path[:len(prefix)] == prefix {
		return path[len(prefix):]
	}
	return path
}

// text is a value as JSON, the same for equal values; "" for none.
func text(v any) string {
	if v == nil {
		return ""
	}
	out, err := json.Marshal(v)
	if err != nil {
		return "?" // not reached: what came from JSON, or goes to it, can be written
	}
	return string(out)
}

// matches tells whether a value is the expected one. A number that is written as such is compared as one, with
// an exact number on the wire too: 1.5 is "1.50". A text is compared to the letter. Where a number is, what is
// expected may be a range, written as a condition of a table: {"from": 3, "below": 14}.
func matches(want, got any) bool {
	if ends, isRange := rangeOf(want); isRange {
		return within(ends, got)
	}
	if n, isNumber := want.(json.Number); isNumber {
		a, ok := exact(n)
		b, both := exact(got)
		return ok && both && a == b
	}
	switch want := want.(type) {
	case map[string]any:
		has, ok := got.(map[string]any)
		if !ok {
			return false
		}
		for key, part := range want {
			if !matches(part, has[key]) {
				return false
			}
		}
		return true
	case []any:
		has, ok := got.([]any)
		if !ok || len(has) != len(want) {
			return false
		}
		for n := range want {
			if !matches(want[n], has[n]) {
				return false
			}
		}
		return true
	}
	return bytes.Equal([]byte(text(want)), []byte(text(got)))
}

// rangeOf is an expected value that is a range; false for any other.
func rangeOf(want any) (map[string]any, bool) {
	ends, ok := want.(map[string]any)
	if !ok || len(ends) == 0 {
		return nil, false
	}
	for name, end := range ends {
		_, isNumber := end.(json.Number)
		if !isNumber || name != "from" && name != "above" && name != "to" && name != "below" {
			return nil, false
		}
	}
	return ends, true
}

func within(ends map[string]any, got any) bool {
	written, ok := exact(got)
	at, err := decimal.Parse(written)
	if !ok || err != nil {
		return false
	}
	for name, end := range ends {
		written, _ := exact(end)
		d, err := decimal.Parse(written)
		if err != nil {
			return false
		}
		cmp := at.Cmp(d)
		if holds := map[string]bool{"from": cmp >= 0, "above": cmp > 0, "to": cmp <= 0, "below": cmp < 0}; !holds[name] {
			return false
		}
	}
	return true
}

// exact is a number, also one that is written as a text, without zeros that say nothing.
func exact(v any) (string, bool) {
	written, isText := v.(string)
	if n, isNumber := v.(json.Number); isNumber {
		written, isText = n.String(), true
	}
	if !isText {
		return "", false
	}
	d, err := decimal.Parse(written)
	return d.Trim(0).String(), err == nil
}

// plain is a value as JSON has it.
func plain(v any) any {
	in := json.NewDecoder(bytes.NewReader([]byte(text(v))))
	in.UseNumber()
	var out any
	if err := in.Decode(&out); err != nil {
		return nil
	}
	return out
}

func casePart(at string, n int) string { return at + "/" + strconv.Itoa(n) }

func casePath(n int) string { return "/cases/" + strconv.Itoa(n) }

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
