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

// madeUp is the host of a script in a test: it knows the records that the case gives. All of them may be read, unless
// the case asks for what its actor sees.
type madeUp struct {
	c       *catalog.Catalog
	ctx     expr.Context
	records map[value.FormKey][]*value.Record
	answers []meta.TestAnswer
	people  *org.Snapshot
	sight   *sight
	drawn   int
}

func newMadeUp(c *catalog.Catalog, ctx expr.Context, all meta.TestGiven) (*madeUp, fault.Issues) {
	h := &madeUp{c: c, ctx: ctx, records: map[value.FormKey][]*value.Record{}, answers: all.HTTP}
	var wrong, issues fault.Issues
	if h.people, wrong = peopleOf(all, ctx.Actor); len(wrong) > 0 {
		return h, wrong
	}
	h.sight, issues = sightOf(c, all, ctx, h.people)
	wrong = append(wrong, issues...)
	given := all.Records
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
			form.Derive(r, ctx.Zone, h.people)
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
	case "manager_of":
		return record.ScriptManager(args, h.people)
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
	if known && h.sight != nil {
		d := h.sight.decision(form)
		known = d.May(meta.Read) || d.MayCreate()
	}
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
		if string(r.ID) == id && h.reads(form, r) {
			return h.shown(form, r), 1, nil
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
		if slices.Contains(list, any(string(r.ID))) && h.reads(form, r) {
			out[string(r.ID)] = h.shown(form, r)
		}
	}
	return out, len(out), nil
}

// reads tells whether a record is one that the actor may read.
func (h *madeUp) reads(form *catalog.Form, r *value.Record) bool {
	return h.sight == nil || h.sight.decision(form).Reaches(meta.Read, r)
}

// shown is a record as the actor sees it.
func (h *madeUp) shown(form *catalog.Form, r *value.Record) map[string]any {
	return record.ScriptValues(form, h.sight.shown(form, r))
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
		out[n] = asked.Only(h.shown(form, r))
	}
	return out, len(out), nil
}

// found are the given records of a form that meet a filter, in an order.
func (h *madeUp) found(form *catalog.Form, filter any, order string) ([]*value.Record, error) {
	bound, issues := form.BindFilter(filter, h.knows, h.ctx)
	if err := issues.Fault("proof.script", "filter.invalid"); err != nil {
		return nil, err
	}
	meets, err := h.meets(form, bound)
	if err != nil {
		return nil, err
	}
	sorts, issues := form.BindSort(order, h.knows)
	if err := issues.Fault("proof.script", "sort.invalid"); err != nil {
		return nil, err
	}
	for _, one := range sorts {
		if err := h.sight.readable(form, string(one.Path.Field)); err != nil {
			return nil, err
		}
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

// knows tells whether there is such a field for the actor.
func (h *madeUp) knows(form *catalog.Form, key value.FieldKey) bool {
	return h.sight == nil || !h.sight.decision(form).SeesNowhere(key)
}

// meets is the question that a condition is for the actor.
func (h *madeUp) meets(form *catalog.Form, bound catalog.Bound) (query.Filter, error) {
	meets, err := bound.Resolve(h.ids)
	if err != nil || h.sight == nil {
		return meets, err
	}
	asked, err := h.sight.decision(form).Restrict(meta.Read, meets, func(value.FieldKey) bool { return false })
	return asked.Filter, err
}

// ids answers a condition on another form.
func (h *madeUp) ids(key value.FormKey, where catalog.Bound) (value.List, error) {
	meets, err := h.meets(h.c.Forms[key], where)
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
