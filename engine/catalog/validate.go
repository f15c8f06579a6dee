package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// Validate holds a record's values against the form's JSON Schema and rules and returns every issue, with
// paths such as /values/lines/0/quantity. A field that is not visible is not asked for. Where knows is not
// nil, what it does not know decides nothing: rules over such fields are not asked, and to conditions they
// are absent.
func (f *Form) Validate(values value.Doc, knows Knows, ctx expr.Context) fault.Issues {
	issues := f.validateSchema(values)
	values, ctx.Old = f.Known(values, knows), f.Known(ctx.Old, knows)
	states := f.State(values, ctx)
	issues = slices.DeleteFunc(issues, func(i fault.Issue) bool {
		key := value.FieldKey(strings.TrimPrefix(i.Path, "/values/"))
		state, ok := states[key]
		return i.Code == codeRequired && ok && !state.Visible
	})
	for _, one := range f.Fields {
		if one.requiredIf != nil && states[one.Key].Required && values[string(one.Key)] == nil {
			issues = append(issues, fault.Issue{Path: valuePath(one.Key), Code: codeRequired})
		}
		issues = append(issues, f.requiredCells(values, one, ctx)...)
	}
	for _, rule := range f.Rules {
		if f.knowsAll(rule.check, knows) {
			issues = append(issues, rule.verdict(values, ctx)...)
		}
	}
	return sortedIssues(issues)
}

// Known returns the values of the fields that somebody knows; doc itself where that is all of them.
func (f *Form) Known(doc value.Doc, knows Knows) value.Doc {
	if knows == nil {
		return doc
	}
	doc = maps.Clone(doc)
	maps.DeleteFunc(doc, func(key string, _ value.Value) bool { return !knows(f, value.FieldKey(key)) })
	return doc
}

// knowsAll tells whether somebody knows everything that a program reads.
func (f *Form) knowsAll(program *expr.Program, knows Knows) bool {
	return knows == nil || !slices.ContainsFunc(fieldsRead(program), func(key value.FieldKey) bool { return !knows(f, key) })
}

const codeRequired = "field.required"

// requiredCells asks for the cells that a column's own condition requires.
func (f *Form) requiredCells(values value.Doc, table *Field, ctx expr.Context) fault.Issues {
	var issues fault.Issues
	for _, column := range table.Columns {
		if column.requiredIf == nil {
			continue
		}
		for n, row := range rowsOf(values, table) {
			if row[string(column.Key)] == nil && holds(column.requiredIf, ctx, rowVars(values, table, row)) {
				at := valuePath(table.Key) + "/" + strconv.Itoa(n) + "/" + string(column.Key)
				issues = append(issues, fault.Issue{Path: at, Code: codeRequired})
			}
		}
	}
	return issues
}

// verdict is what a rule says of a record; one that cannot be decided refuses.
func (r *Rule) verdict(values value.Doc, ctx expr.Context) fault.Issues {
	v, err := r.check.Run(ctx, values)
	if err == nil && v == true {
		return nil
	}
	at := "/values"
	if len(r.Def.Fields) > 0 {
		at = valuePath(r.Def.Fields[0])
	}
	issue := fault.Issue{Path: at, Code: "rule.invalid", Args: fault.Args{"rule": r.Def.Key, "message": map[string]string(r.Def.Message)}}
	if err != nil && fault.CodeOf(err) != codeAbsent {
		issue.Code = "rule.failed"
	}
	return fault.Issues{issue}
}

// validateSchema runs the JSON Schema over the wire form. The library may panic on what it did not
// expect; such values are refused, not believed.
func (f *Form) validateSchema(values value.Doc) (issues fault.Issues) {
	defer func() {
		if recover() != nil {
			issues = fault.Issues{{Path: "/values", Code: "field.invalid"}}
		}
	}()
	wire := f.EncodeValues(values)
	if f.conform.holds(wire) {
		return nil
	}
	err := f.validator.Validate(wire)
	if err == nil {
		return nil
	}
	var found *jsonschema.ValidationError
	if !errors.As(err, &found) {
		return fault.Issues{{Path: "/values", Code: "field.invalid"}}
	}
	eachLeaf(found, func(leaf *jsonschema.ValidationError) {
		issues = append(issues, f.explain(leaf, wire)...)
	})
	return issues
}

func eachLeaf(e *jsonschema.ValidationError, visit func(*jsonschema.ValidationError)) {
	if len(e.Causes) == 0 {
		visit(e)
		return
	}
	for _, cause := range e.Causes {
		eachLeaf(cause, visit)
	}
}

// keywordCodes are what the validator's keywords say to people; arg names the keyword's value.
var keywordCodes = map[string]struct{ code, arg string }{
	"minLength": {"field.tooShort", "min"}, "maxLength": {"field.tooLong", "max"},
	"minItems": {"field.tooFew", "min"}, "maxItems": {"field.tooMany", "max"},
	"x-min": {"field.min", "min"}, "x-max": {"field.max", "max"},
	"minimum": {"field.min", "min"}, "maximum": {"field.max", "max"},
	"pattern": {"field.pattern", ""}, "format": {"field.invalid", ""},
}

// explain turns one of the validator's errors into issues. The library says of missing properties only
// that their object lacks some; which, the object itself tells.
func (f *Form) explain(e *jsonschema.ValidationError, wire map[string]any) fault.Issues {
	keyword := e.KeywordLocation[strings.LastIndex(e.KeywordLocation, "/")+1:]
	at := "/values" + e.InstanceLocation
	if keyword == "required" {
		return f.missing(e.InstanceLocation, wire)
	}
	if keyword == "enum" {
		return fault.Issues{{Path: at, Code: "field.option", Args: fault.Args{"value": valueAt(wire, e.InstanceLocation)}}}
	}
	said, ok := keywordCodes[keyword]
	if !ok {
		return fault.Issues{{Path: at, Code: "field.invalid"}}
	}
	issue := fault.Issue{Path: at, Code: said.code}
	if said.arg != "" {
		issue.Args = fault.Args{said.arg: valueAt(f.Schema, e.KeywordLocation)}
	}
	if text, isText := valueAt(wire, e.InstanceLocation).(string); isText && keyword == "maxLength" {
		most, _ := strconv.Atoi(fmt.Sprint(issue.Args[said.arg]))
		issue.Args["over"] = utf8.RuneCountInString(text) - most
	}
	return fault.Issues{issue}
}

// missing lists what an object, the record or a row, lacks.
func (f *Form) missing(location string, wire map[string]any) fault.Issues {
	required := f.Schema["required"]
	if parts := strings.Split(location, "/"); len(parts) == 3 {
		if table, ok := f.fields[value.FieldKey(parts[1])]; ok {
			required = keysOf(table.Def.Required)
		}
	}
	object, _ := valueAt(wire, location).(map[string]any)
	var issues fault.Issues
	names, _ := required.([]any)
	for _, name := range names {
		key, _ := name.(string)
		if _, ok := object[key]; !ok {
			issues = append(issues, fault.Issue{Path: "/values" + location + "/" + fault.Escape(key), Code: codeRequired})
		}
	}
	return issues
}

func keysOf(keys []value.FieldKey) []any {
	out := make([]any, len(keys))
	for n, key := range keys {
		out[n] = string(key)
	}
	return out
}

// valueAt follows a JSON Pointer; nil where it leads nowhere.
func valueAt(v any, pointer string) any {
	for _, part := range strings.Split(pointer, "/")[1:] {
		part = fault.Unescape(part)
		switch at := v.(type) {
		case map[string]any:
			v = at[part]
		case []any:
			n, err := strconv.Atoi(part)
			if err != nil || n < 0 || n >= len(at) {
				return nil
			}
			v = at[n]
		default:
			return nil
		}
	}
	return v
}

// sortedIssues puts issues in the order of their paths, so that equal inputs get equal answers.
func sortedIssues(issues fault.Issues) fault.Issues {
	slices.SortStableFunc(issues, func(a, b fault.Issue) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Code, b.Code))
	})
	return issues
}
