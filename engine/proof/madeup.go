package proof

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// madeUp is the host of a script in a test: it knows the records that the case gives, all of which may be read.
type madeUp struct {
	c       *catalog.Catalog
	ctx     expr.Context
	records map[value.FormKey][]*value.Record
	answers []meta.TestAnswer
	drawn   int
}

func newMadeUp(c *catalog.Catalog, ctx expr.Context, given map[string][]map[string]any) (*madeUp, fault.Issues) {
	var wrong fault.Issues
	h := &madeUp{c: c, ctx: ctx, records: map[value.FormKey][]*value.Record{}}
	nobody, err := org.NewSnapshot(0, nil, nil, nil)
	if err != nil {
		wrong.Add("/given/records", "internal")
		return h, wrong
	}
	for _, key := range sorted(given) {
		form, known := c.Forms[value.FormKey(key)]
		if !known {
			wrong.Add("/given/records/"+fault.Escape(key), "form.unknown", "form", key)
			continue
		}
		for n, one := range given[key] {
			at := fmt.Sprintf("/given/records/%s/%d", fault.Escape(key), n)
			values := maps.Clone(one)
			id, isText := values["id"].(string)
			if !isText || id == "" {
				wrong.Add(at, "meta.missing", "key", "id")
			}
			delete(values, "id")
			doc, issues := recordOf(form, values, at)
			wrong = append(wrong, issues...)
			wrong = append(wrong, form.Compute(doc, ctx).Under(at)...)
			r := &value.Record{ID: value.ID(id), Form: form.Key, Version: 1, CreatedAt: ctx.Now, UpdatedAt: ctx.Now, Values: doc}
			form.Derive(r, ctx.Zone, nobody)
			h.records[form.Key] = append(h.records[form.Key], r)
		}
	}
	return h, wrong
}

// NewID draws ids that are the same each time.
func (h *madeUp) NewID() string { h.drawn++; return fmt.Sprintf("new%d", h.drawn) }

// Answer answers one function of script.API.
func (h *madeUp) Answer(_ context.Context, name string, args []any) (answer any, rows int, err error) {
	switch name {
	case "get":
		return h.get(args)
	case "get_many":
		return h.getMany(args)
	case "query":
		return h.query(args)
	case "aggregate":
		return h.aggregate(args)
	case "http":
		return h.http(args)
	case "days", "workdays":
		return record.ScriptDays(name, args, h.ctx.Zone, h.ctx.Calendar)
	}
	return nil, 0, badArgument()
}

// http answers as the case says that another host would.
func (h *madeUp) http(args []any) (any, int, error) {
	out, ok := script.ReadOutgoing(args)
	if !ok {
		return nil, 0, badArgument()
	}
	for _, one := range h.answers {
		if one.URL == out.URL {
			in := script.Incoming{Status: cmp.Or(one.Status, 200), Body: []byte(one.Body)}
			return in.Value(), 0, nil
		}
	}
	return nil, 0, fault.New(fault.Unavailable, "egress.unreachable").In("proof.script")
}

func badArgument() error { return fault.New(fault.Malformed, "script.argument").In("proof.script") }

func (h *madeUp) form(arg any) (*catalog.Form, error) {
	key, ok := arg.(string)
	if !ok {
		return nil, badArgument()
	}
	form, known := h.c.Forms[value.FormKey(key)]
	if !known {
		return nil, fault.New(fault.NotFound, "form.unknown").With("form", key)
	}
	return form, nil
}

func (h *madeUp) get(args []any) (any, int, error) {
	form, err := h.form(args[0])
	id, isText := args[1].(string)
	if err != nil || !isText {
		return nil, 0, cmp.Or(err, badArgument())
	}
	for _, r := range h.records[form.Key] {
		if string(r.ID) == id {
			return record.ScriptValues(form, r), 1, nil
		}
	}
	return nil, 0, nil
}

func (h *madeUp) getMany(args []any) (any, int, error) {
	form, err := h.form(args[0])
	list, isList := args[1].([]any)
	if err != nil || !isList {
		return nil, 0, cmp.Or(err, badArgument())
	}
	out := map[string]any{}
	for _, r := range h.records[form.Key] {
		if slices.Contains(list, any(string(r.ID))) {
			out[string(r.ID)] = record.ScriptValues(form, r)
		}
	}
	return out, len(out), nil
}

func (h *madeUp) query(args []any) (any, int, error) {
	form, err := h.form(args[0])
	if err != nil {
		return nil, 0, err
	}
	asked, err := record.ReadScriptList(args)
	if err != nil {
		return nil, 0, err
	}
	found, err := h.found(form, asked.Filter, asked.Sort)
	if err != nil {
		return nil, 0, err
	}
	found = found[:min(len(found), asked.Most())]
	out := make([]any, len(found))
	for n, r := range found {
		out[n] = asked.Only(record.ScriptValues(form, r))
	}
	return out, len(out), nil
}

// found are the given records of a form that meet a filter, in an order.
func (h *madeUp) found(form *catalog.Form, filter any, order string) ([]*value.Record, error) {
	bound, issues := form.BindFilter(filter, everything, h.ctx)
	if err := issues.Fault("proof.script", "filter.invalid"); err != nil {
		return nil, err
	}
	meets, err := bound.Resolve(h.ids)
	if err != nil {
		return nil, err
	}
	sorts, issues := form.BindSort(order, everything)
	if err := issues.Fault("proof.script", "sort.invalid"); err != nil {
		return nil, err
	}
	var out []*value.Record
	for _, r := range h.records[form.Key] {
		if query.Match(meets, r) {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b *value.Record) int { return query.Compare(sorts, a, b) })
	return out, nil
}

func everything(*catalog.Form, value.FieldKey) bool { return true }

// ids answers a condition on another form.
func (h *madeUp) ids(key value.FormKey, where catalog.Bound) (value.List, error) {
	meets, err := where.Resolve(h.ids)
	if err != nil {
		return nil, err
	}
	var out value.List
	for _, r := range h.records[key] {
		if query.Match(meets, r) {
			out = append(out, string(r.ID))
		}
	}
	return out, nil
}
