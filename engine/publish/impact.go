package publish

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Impact is what a publication will do, before it does it.
type Impact struct {
	Version   string           `json:"version"` // what Order.Version takes
	Documents []DocumentChange `json:"documents"`
	Forms     []FormImpact     `json:"forms"`
	Widened   []Widening       `json:"widened"`
}

// FormImpact is what changes about one form.
type FormImpact struct {
	Form   value.FormKey `json:"form"`
	Change Change        `json:"change"`
	Fields []FieldImpact `json:"fields"`
	// Build and Drop are indexes by their columns: "name", "-updatedAt,name", "unique phone", "search".
	Build []string `json:"build"`
	Drop  []string `json:"drop"`
	// Records are those the form has, counted up to a thousand.
	Records      int64 `json:"records"`
	RecordsExact bool  `json:"recordsExact"`
}

// FieldImpact is what changes about one field or column ("lines.count").
type FieldImpact struct {
	Field  string   `json:"field"`
	Change Change   `json:"change"`
	Parts  []string `json:"parts,omitempty"` // keywords that differ
}

// Widening is a right that lets its holders do more than before.
type Widening struct {
	Role  string        `json:"role"`
	Form  value.FormKey `json:"form"`
	Right string        `json:"right"` // create, read, update, delete, export, or "field <key>"
	From  string        `json:"from"`
	To    string        `json:"to"`
}

// countedAtMost bounds what counting a form's records costs.
const countedAtMost = 1000

// Impact tells what publishing the drafts will do. Faults: Invalid "meta.invalid" with everything that
// forbids publishing them.
func (d *Desk) Impact(ctx context.Context) (*Impact, error) {
	const op = "publish.impact"
	c, err := d.candidate(ctx)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if len(c.issues) > 0 {
		return nil, c.issues.Fault(op, "meta.invalid")
	}
	return d.service.impact(ctx, c.files, c.compiled)
}

// ImpactOf tells what installing an app over what is active would do, all collisions decided for the app.
func (d *Desk) ImpactOf(ctx context.Context, files catalog.Bundle) (*Impact, error) {
	app, err := Check(files)
	if err != nil {
		return nil, fault.Wrap("publish.impact", err)
	}
	return d.service.impact(ctx, files, app)
}

func (s *Service) impact(ctx context.Context, files catalog.Bundle, next *catalog.Catalog) (*Impact, error) {
	live := s.live.Load()
	was := live.catalog
	out := &Impact{
		Version: next.Version, Documents: compare(live.publication.Documents, manifestOf(files)),
		Forms: []FormImpact{}, Widened: widened(was, next),
	}
	all := map[value.FormKey]bool{}
	for _, c := range []*catalog.Catalog{was, next} {
		for key := range c.Forms {
			all[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		one, err := formImpact(key, was.Forms[key], next.Forms[key])
		if err != nil {
			return nil, err
		}
		if one == nil {
			continue
		}
		if one.Change != Added {
			counted, err := s.Store.Count(ctx, query.Count{Form: key, Cap: countedAtMost})
			if err != nil {
				return nil, fault.Wrap("publish.impact", err)
			}
			one.Records, one.RecordsExact = counted.Value, counted.Exact
		} else {
			one.RecordsExact = true
		}
		out.Forms = append(out.Forms, *one)
	}
	return out, nil
}

// formImpact compares a form before and after; nil where nothing changes.
func formImpact(key value.FormKey, was, next *catalog.Form) (*FormImpact, error) {
	out := &FormImpact{Form: key, Change: Changed, Fields: []FieldImpact{}, Build: []string{}, Drop: []string{}}
	switch {
	case was == nil:
		out.Change = Added
	case next == nil:
		// Its records and indexes stay in the store, and come back with the form.
		out.Change = Removed
		return out, nil
	}
	before, after := fieldsOf(was), fieldsOf(next)
	for _, path := range slices.Sorted(maps.Keys(after)) {
		if _, there := before[path]; !there {
			out.Fields = append(out.Fields, FieldImpact{Field: path, Change: Added})
			continue
		}
		parts, err := differing(before[path].Def, after[path].Def)
		if err != nil {
			return nil, err
		}
		if len(parts) > 0 {
			out.Fields = append(out.Fields, FieldImpact{Field: path, Change: Changed, Parts: parts})
		}
	}
	for _, path := range slices.Sorted(maps.Keys(before)) {
		if _, there := after[path]; !there {
			out.Fields = append(out.Fields, FieldImpact{Field: path, Change: Removed})
		}
	}
	had, has := indexesOf(was), indexesOf(next)
	out.Build, out.Drop = without(has, had), without(had, has)
	if was == nil {
		return out, nil
	}
	parts, err := differing(was.Def, next.Def)
	if len(out.Fields)+len(out.Build)+len(out.Drop)+len(parts) == 0 {
		return nil, err
	}
	return out, err
}

// fieldsOf lists a form's fields and columns by path.
func fieldsOf(f *catalog.Form) map[string]*catalog.Field {
	out := map[string]*catalog.Field{}
	if f == nil {
		return out
	}
	for _, field := range f.Fields {
		out[string(field.Key)] = field
		for _, column := range field.Columns {
			out[string(field.Key)+"."+string(column.Key)] = column
		}
	}
	return out
}

// differing names the parts that two definitions have differently; columns tell their own.
func differing(a, b any) ([]string, error) {
	var parts [2]map[string]json.RawMessage
	for i, def := range []any{a, b} {
		text, err := json.Marshal(def)
		if err != nil {
			return nil, fault.Wrap("publish.impact", err)
		}
		if err := json.Unmarshal(text, &parts[i]); err != nil {
			return nil, fault.Wrap("publish.impact", err)
		}
		delete(parts[i], "properties")
	}
	var out []string
	for key, text := range parts[0] {
		if string(text) != string(parts[1][key]) {
			out = append(out, key)
		}
	}
	for key := range parts[1] {
		if _, there := parts[0][key]; !there {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out, nil
}

// indexesOf names a form's indexes by their columns, sorted.
func indexesOf(f *catalog.Form) []string {
	if f == nil {
		return nil
	}
	return namesOf(f.Layout)
}

func namesOf(f store.Form) []string {
	var out []string
	for _, i := range f.Indexes {
		var columns []string
		for _, c := range i.Columns {
			name := c.Path.String()
			if c.Desc {
				name = "-" + name
			}
			columns = append(columns, name)
		}
		out = append(out, strings.Join(columns, ","))
	}
	for _, group := range f.Unique {
		var keys []string
		for _, key := range group {
			keys = append(keys, string(key))
		}
		out = append(out, "unique "+strings.Join(keys, ","))
	}
	if f.Search {
		out = append(out, "search")
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// without lists what a has and b has not.
func without(a, b []string) []string {
	out := []string{}
	for _, name := range a {
		if !slices.Contains(b, name) {
			out = append(out, name)
		}
	}
	return out
}
