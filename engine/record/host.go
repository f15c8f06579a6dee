package record

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// scriptHost answers what a script asks for, with the rights of the visit's actor.
type scriptHost struct {
	*visit
	seen []shown // what it has shown, up to maxSaw
}

// NewID draws an id.
func (h *scriptHost) NewID() string { return string(h.visit.NewID()) }

// Answer answers one function of script.API.
func (h *scriptHost) Answer(ctx context.Context, name string, args []any) (answer any, rows int, err error) {
	switch name {
	case "get":
		return h.getOne(ctx, args)
	case "get_many":
		return h.getMany(ctx, args)
	case "query":
		return h.query(ctx, args)
	case "aggregate":
		return h.aggregate(ctx, args)
	case "http":
		return h.http(ctx, args)
	case "manager_of":
		return ScriptManager(args, h.people)
	case "days", "workdays":
		return ScriptDays(name, args, h.Zone, h.Calendar())
	}
	return nil, 0, badArgument()
}

// http asks another host.
func (h *scriptHost) http(ctx context.Context, args []any) (any, int, error) {
	out, ok := script.ReadOutgoing(args)
	if !ok {
		return nil, 0, badArgument()
	}
	if h.Outward == nil {
		return nil, 0, fault.New(fault.Unavailable, "script.httpOff").In("record.http")
	}
	in, err := h.Outward.Do(ctx, out)
	if err != nil {
		return nil, 0, err
	}
	if len(in.Body) > script.MaxReceived {
		return nil, 0, fault.New(fault.Invalid, "egress.tooLarge").With("max", script.MaxReceived)
	}
	return in.Value(), 0, nil
}

func (h *scriptHost) getOne(ctx context.Context, args []any) (any, int, error) {
	key, ok := args[0].(string)
	id, isText := args[1].(string)
	if !ok || !isText {
		return nil, 0, badArgument()
	}
	h.noteRecord(value.FormKey(key), value.ID(id))
	form, r, err := h.read(ctx, value.FormKey(key), value.ID(id))
	if fault.CodeOf(err) == "record.notFound" {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	return h.show(form, r), 1, nil
}

// maxGotten bounds the records of one get_many.
const maxGotten = 500

func (h *scriptHost) getMany(ctx context.Context, args []any) (any, int, error) {
	key, ok := args[0].(string)
	list, isList := args[1].([]any)
	if !ok || !isList || len(list) > maxGotten {
		return nil, 0, badArgument()
	}
	form, err := h.form(value.FormKey(key))
	if err != nil {
		return nil, 0, err
	}
	ids := make([]value.ID, len(list))
	for n, one := range list {
		id, isText := one.(string)
		if !isText {
			return nil, 0, badArgument()
		}
		ids[n] = value.ID(id)
		h.noteRecord(form.Key, ids[n])
	}
	found, err := h.Store.GetMany(ctx, form.Key, ids)
	if err != nil {
		return nil, 0, err
	}
	out := map[string]any{}
	for _, r := range found {
		if !r.Deleted() && h.decision(form).Reaches(meta.Read, r) {
			out[string(r.ID)] = h.show(form, r)
		}
	}
	return out, len(found), nil
}

func (h *scriptHost) query(ctx context.Context, args []any) (any, int, error) {
	key, ok := args[0].(string)
	if !ok {
		return nil, 0, badArgument()
	}
	req, err := ReadScriptList(args)
	if err != nil {
		return nil, 0, err
	}
	form, err := h.form(value.FormKey(key))
	if err != nil {
		return nil, 0, err
	}
	h.noteForm(form.Key)
	q, err := h.listQuery(ctx, form, ListRequest{Form: form.Key, Filter: req.Filter, Sort: req.Sort, Limit: req.Limit})
	if err != nil {
		return nil, 0, err
	}
	page, err := h.Store.List(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	if page.Incomplete {
		return nil, 0, fault.New(fault.Invalid, "filter.tooWide").With("form", form.Def.Label)
	}
	out := make([]any, len(page.Records))
	for n, r := range page.Records {
		out[n] = req.Only(h.show(form, r))
	}
	return out, len(out), nil
}

func (h *scriptHost) aggregate(ctx context.Context, args []any) (any, int, error) {
	key, ok := args[0].(string)
	if !ok {
		return nil, 0, badArgument()
	}
	req, err := ReadScriptFigures(args)
	if err != nil {
		return nil, 0, err
	}
	h.noteForm(value.FormKey(key))
	rows, err := h.aggregated(ctx, AggregateRequest{
		Form: value.FormKey(key), Filter: req.Filter, Table: req.Table, Group: req.Group, Metrics: req.Metrics, Sort: req.Sort, Limit: req.Limit,
	})
	if err != nil {
		return nil, 0, err
	}
	if form, known := h.catalog.Forms[value.FormKey(key)]; known {
		h.note(shown{form: form})
	}
	out := make([]any, len(rows))
	for n, row := range rows {
		out[n] = map[string]any{"keys": plainKeys(row.Keys), "metrics": h.exactFigures(value.FormKey(key), req.Metrics, row.Metrics)}
	}
	return out, len(out), nil
}

// show is shownToScript, noted.
func (h *scriptHost) show(form *catalog.Form, r *value.Record) map[string]any {
	h.note(shown{form, r})
	return h.shownToScript(form, r)
}

func (h *scriptHost) note(one shown) {
	if len(h.seen) < maxSaw {
		h.seen = append(h.seen, one)
	}
}

// plainKeys are a group's keys with references as ids.
func plainKeys(keys []any) []any {
	out := make([]any, len(keys))
	for n, key := range keys {
		if ref, ok := key.(map[string]any); ok {
			key = ref["id"]
		}
		out[n] = key
	}
	return out
}

// exactFigures marks the figures of exact fields.
func (h *scriptHost) exactFigures(key value.FormKey, by []MetricBy, figures []any) []any {
	form := h.catalog.Forms[key]
	out := make([]any, len(figures))
	for n, figure := range figures {
		out[n] = figure
		text, isText := figure.(string)
		if !isText || n >= len(by) {
			continue
		}
		f, known := form.Field(value.FieldKey(by[n].Field))
		if by[n].Op == "sum" || by[n].Op == "avg" || known && isExact(f) {
			out[n] = script.Decimal(text)
		}
	}
	return out
}

// shownToScript is a record as its actor sees it: fields that they do not see whole are absent.
func (v *visit) shownToScript(form *catalog.Form, r *value.Record) map[string]any {
	d := v.decision(form)
	out := scriptValues(form, r, func(key value.FieldKey) bool { return d.Sees(key, r) == 0 })
	out["id"], out["version"] = string(r.ID), r.Version
	out["createdAt"], out["updatedAt"] = r.CreatedAt.Format(instantText), r.UpdatedAt.Format(instantText)
	out["createdBy"], out["updatedBy"] = string(r.CreatedBy), string(r.UpdatedBy)
	return out
}

// seenByScript is the record that is being saved; nil for none.
func (w *write) seenByScript(r *value.Record) map[string]any {
	if r == nil {
		return nil
	}
	out := scriptValues(w.form, r, func(key value.FieldKey) bool { return w.knows(w.form, key) })
	out["id"] = string(r.ID)
	return out
}
