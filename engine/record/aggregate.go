package record

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// AggregateRequest asks for figures over a form's records, or over the rows of one of its tables.
type AggregateRequest struct {
	Form    value.FormKey
	View    string // a view's key: its filter is added
	Filter  any
	Table   string // count the rows of this table field
	Group   []GroupBy
	Metrics []MetricBy
	Sort    string // "-<index of metric>" or empty for the order of groups
	Limit   int
}

// GroupBy is one dimension: a field ("tier"), a row's field ("lines.product"), a date by bucket.
type GroupBy struct {
	Field  string `json:"field"`
	Bucket string `json:"bucket,omitempty"` // day, week, month, quarter, year
}

// MetricBy is one figure: count, sum, avg, min, max or distinct of a field.
type MetricBy struct {
	Op    string `json:"op"`
	Field string `json:"field,omitempty"`
}

// AggregateRow is one group's keys and figures in wire form; figures of exact fields are text with
// their scale.
type AggregateRow struct {
	Keys    []any `json:"keys"`
	Metrics []any `json:"metrics"`
}

// Aggregate answers figures over what the actor may read; every field grouped or figured by must be
// readable in all of their scope.
func (s *Service) Aggregate(ctx context.Context, actor value.Actor, req AggregateRequest) ([]AggregateRow, error) {
	return s.visit(actor).aggregated(ctx, req)
}

func (v *visit) aggregated(ctx context.Context, req AggregateRequest) ([]AggregateRow, error) {
	form, err := v.form(req.Form)
	if err != nil {
		return nil, err
	}
	plan, issues := form.BindAggregate(req.bindable(), v.knows)
	if err := issues.Fault("record.aggregate", "aggregate.invalid"); err != nil {
		return nil, err
	}
	paths := plan.Paths()
	if plan.Query.Table != "" {
		paths = append(paths, query.At(plan.Query.Table)) // to count rows is to read them
	}
	for _, path := range paths {
		if err := v.decision(form).SortReadable(path); err != nil {
			return nil, err
		}
	}
	bound, _, err := v.bind(form, ListRequest{View: req.View, Filter: req.Filter})
	if err != nil {
		return nil, err
	}
	if plan.Query.Filter, err = v.restricted(ctx, form, meta.Read, bound); err != nil {
		return nil, err
	}
	rows, err := v.Store.Aggregate(ctx, plan.Query)
	if err != nil {
		return nil, err
	}
	return v.figures(ctx, plan, rows, req.Limit)
}

func (r AggregateRequest) bindable() catalog.AggregateInput {
	in := catalog.AggregateInput{Table: r.Table, Sort: r.Sort}
	for _, g := range r.Group {
		in.Groups = append(in.Groups, catalog.GroupInput{Field: g.Field, Bucket: g.Bucket})
	}
	for _, m := range r.Metrics {
		in.Metrics = append(in.Metrics, catalog.MetricInput{Op: m.Op, Field: m.Field})
	}
	return in
}

const maxGroups = 10_000

// figures folds, sorts and encodes the store's rows, and names what keys refer to.
func (v *visit) figures(ctx context.Context, plan *catalog.Aggregate, rows []query.Row, limit int) ([]AggregateRow, error) {
	folded, err := plan.Fold(rows)
	if err != nil {
		return nil, err
	}
	if limit <= 0 || limit > maxGroups {
		limit = maxGroups
	}
	if len(folded) > limit {
		folded = folded[:limit]
	}
	out := make([]AggregateRow, len(folded))
	for i, row := range folded {
		out[i] = AggregateRow{Keys: plan.EncodeKeys(row), Metrics: plan.EncodeFigures(row)}
	}
	return out, v.nameKeys(ctx, plan, out)
}

// nameKeys puts titles beside the ids that groups by reference have as keys.
func (v *visit) nameKeys(ctx context.Context, plan *catalog.Aggregate, rows []AggregateRow) error {
	for n, target := range plan.KeyTargets() {
		if target == "" {
			continue
		}
		found, err := v.titlesOf(ctx, target, keysAt(rows, n))
		if err != nil {
			return err
		}
		nameColumn(rows, n, found)
	}
	return nil
}

func keysAt(rows []AggregateRow, n int) []value.ID {
	var ids []value.ID
	for _, row := range rows {
		if ref, ok := row.Keys[n].(map[string]any); ok {
			id, _ := ref["id"].(string)
			ids = append(ids, value.ID(id))
		}
	}
	return ids
}

func nameColumn(rows []AggregateRow, n int, found map[value.ID]string) {
	for _, row := range rows {
		if ref, ok := row.Keys[n].(map[string]any); ok {
			id, _ := ref["id"].(string)
			if title, ok := found[value.ID(id)]; ok {
				ref["title"] = title
			}
		}
	}
}
