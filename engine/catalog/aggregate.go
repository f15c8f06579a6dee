package catalog

import (
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// AggregateInput asks for figures over a form's records, or with Table over the rows of that table.
type AggregateInput struct {
	Table   string
	Groups  []GroupInput
	Metrics []MetricInput
	// Sort is empty for the order of the groups, else the number of a metric, "-" before it for the
	// greatest first.
	Sort string
}

// GroupInput is one dimension: a field, "lines.product" of rows, "address.region"; days by bucket.
type GroupInput struct{ Field, Bucket string }

// MetricInput is one figure: count, sum, avg, min, max or distinct. Only a count needs no field.
type MetricInput struct{ Op, Field string }

const (
	maxGroups  = 4
	maxMetrics = 12
	opAverage  = "avg"
)

// Aggregate is a checked aggregation: Query but for its filter, and how its answer reads.
type Aggregate struct {
	Query query.Aggregate

	groups  []grouped
	metrics []figured
	sortBy  int // a metric; -1 for the order of the groups
	desc    bool
}

type grouped struct {
	spot
	bucket value.Bucket // "" for a plain value
}

// figured is one metric asked for: at tells which of the query's it is, an average's count stands behind it.
type figured struct {
	op string
	spot
	at int
}

// BindAggregate checks an aggregation against the form. Issues have paths such as /group/0 and /metrics/1.
func (f *Form) BindAggregate(in AggregateInput, knows Knows) (*Aggregate, fault.Issues) {
	plan := &Aggregate{Query: query.Aggregate{Form: f.Key}, sortBy: -1}
	var issues fault.Issues
	if len(in.Groups) > maxGroups || len(in.Metrics) > maxMetrics {
		issues.Add("", "aggregate.tooMany", "max", maxMetrics)
		return nil, issues
	}
	if in.Table != "" {
		table, ok := f.known(value.FieldKey(in.Table), knows)
		if !ok || !table.Rows {
			issues.Add("/table", "field.unknown", "field", in.Table)
			return nil, issues
		}
		plan.Query.Table = table.Key
	}
	for n, g := range in.Groups {
		issues = append(issues, plan.group(f, g, knows).Under("/group/"+strconv.Itoa(n))...)
	}
	metrics := in.Metrics
	if len(metrics) == 0 {
		metrics = []MetricInput{{Op: string(query.MetricCount)}}
	}
	for n, m := range metrics {
		issues = append(issues, plan.metric(f, m, knows).Under("/metrics/"+strconv.Itoa(n))...)
	}
	issues = append(issues, plan.order(in.Sort, len(metrics))...)
	if len(issues) > 0 {
		return nil, issues
	}
	return plan, nil
}

// spotFor finds a field; "lines.product" is the same as "lines[].product" here.
func (f *Form) spotFor(name string, knows Knows) (spot, bool) {
	if table, column, ok := strings.Cut(name, "."); ok {
		if at, ok := f.cell(value.FieldKey(table), value.FieldKey(strings.TrimPrefix(column, "[].")), knows); ok {
			return at, true
		}
	}
	at, ok := (&binder{form: f, catalog: f.catalog, knows: knows}).find(name)
	return at, ok && at.target == nil
}

func (a *Aggregate) group(f *Form, in GroupInput, knows Knows) fault.Issues {
	var issues fault.Issues
	at, ok := f.spotFor(in.Field, knows)
	if !ok || at.shape.Type == "" || at.field.As.Kind == field.AnyRef {
		issues.Add("/field", "aggregate.group", "field", in.Field)
		return issues
	}
	g := grouped{at, value.Bucket(in.Bucket)}
	_, as := at.kind()
	isDay := as.Kind == field.Date
	if at.field.As.Kind == field.Datetime {
		isDay = at.field.Table == nil && f.isDated(at.field.Key)
		g.path = query.At(shadowDay(at.field.Key))
		if g.bucket == "" {
			g.bucket = value.ByDay
		}
	}
	if g.bucket != "" && (!isDay || !g.bucket.Valid()) || at.field.As.Kind == field.Datetime && !isDay {
		issues.Add("/bucket", "aggregate.bucket", "bucket", in.Bucket)
		return issues
	}
	a.groups = append(a.groups, g)
	a.Query.Groups = append(a.Query.Groups, query.Group{Path: g.path, Bucket: stored(g.bucket)})
	return nil
}

// stored is the bucket that the store makes; weeks come from days, quarters from months.
func stored(b value.Bucket) query.Bucket {
	switch b {
	case value.ByDay, value.ByWeek:
		return query.Day
	case value.ByMonth, value.ByQuarter:
		return query.Month
	case value.ByYear:
		return query.Year
	}
	return query.NoBucket
}

func (a *Aggregate) metric(f *Form, in MetricInput, knows Knows) fault.Issues {
	var issues fault.Issues
	at, ok := f.spotFor(in.Field, knows)
	if in.Field == "" && in.Op == string(query.MetricCount) {
		at, ok = spot{}, true
	}
	if !ok {
		issues.Add("/field", "field.unknown", "field", in.Field)
		return issues
	}
	if !a.figures(in.Op, at) {
		issues.Add("/op", "aggregate.op", "op", in.Op)
		return issues
	}
	a.metrics = append(a.metrics, figured{in.Op, at, len(a.Query.Metrics)})
	if in.Op == opAverage {
		a.Query.Metrics = append(a.Query.Metrics, query.Metric{Op: query.MetricSum, Path: at.path}, query.Metric{Op: query.MetricCount, Path: at.path})
		return nil
	}
	a.Query.Metrics = append(a.Query.Metrics, query.Metric{Op: query.MetricOp(in.Op), Path: at.path})
	return nil
}

// figures tells whether a figure can be had of a field. Different values of a week or quarter cannot be
// counted from those of its days.
func (a *Aggregate) figures(op string, at spot) bool {
	switch query.MetricOp(op) {
	case query.MetricCount:
		return true
	case query.MetricDistinct:
		for _, g := range a.groups {
			if g.bucket == value.ByWeek || g.bucket == value.ByQuarter {
				return false
			}
		}
		return at.shape.Type != ""
	case query.MetricMin, query.MetricMax:
		return at.shape.Type == store.Int
	case query.MetricSum:
		return field.Adds(at.field.As.Kind)
	case opAverage:
		return field.Averages(at.field.As.Kind)
	}
	return false
}

func (a *Aggregate) order(sort string, metrics int) fault.Issues {
	if sort == "" {
		return nil
	}
	var issues fault.Issues
	number, desc := strings.CutPrefix(sort, "-")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= metrics {
		issues.Add("/sort", "sort.field", "field", sort)
		return issues
	}
	a.sortBy, a.desc = n, desc
	return nil
}

// Paths lists what the aggregation reads, so that rights can be asked about it.
func (a *Aggregate) Paths() []query.Path {
	var out []query.Path
	for _, g := range a.groups {
		out = append(out, g.asked())
	}
	for _, m := range a.metrics {
		if m.field != nil {
			out = append(out, m.asked())
		}
	}
	return out
}

// asked is the path of the field itself, not of what is kept beside it.
func (s spot) asked() query.Path {
	if s.field.Table != nil {
		return pathOf(s.field)
	}
	return query.Path{Field: s.field.Key, Sub: s.part}
}

// KeyTargets tells for each group what its keys refer to: a form, People, Units or Zones; "" for plain values.
func (a *Aggregate) KeyTargets() []value.FormKey {
	out := make([]value.FormKey, len(a.groups))
	for n, g := range a.groups {
		out[n] = g.field.Target()
	}
	return out
}
