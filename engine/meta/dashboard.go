package meta

import "tidewater/engine/value"

// Dashboard is a page of charts, numbers and lists, dashboards/<key>.json.
type Dashboard struct {
	Key         string            `json:"key"`
	Label       Label             `json:"label"`
	Description Label             `json:"description,omitempty"`
	Roles       []string          `json:"roles,omitempty"` // who sees it; empty: everyone to whom a widget is left
	Period      *DashboardPeriod  `json:"period,omitempty"`
	Filters     []DashboardFilter `json:"filters,omitempty"`
	Widgets     []Widget          `json:"widgets"`
}

// DashboardPeriod is the choice of a period above a dashboard.
type DashboardPeriod struct {
	Default string `json:"default"` // "thisMonth", "last12Months" …
}

// DashboardFilter is a choice above a dashboard: each widget over one of the forms shows only the records
// whose field has one of the chosen values.
type DashboardFilter struct {
	Key    string                           `json:"key"`
	Label  Label                            `json:"label"`
	Fields map[value.FormKey]value.FieldKey `json:"fields"` // by form; all of them offer the same values
}

// WidgetKind says how a widget is drawn.
type WidgetKind string

const (
	WidgetFigure WidgetKind = "figure"
	WidgetColumn WidgetKind = "column"
	WidgetBar    WidgetKind = "bar"
	WidgetLine   WidgetKind = "line"
	WidgetArea   WidgetKind = "area"
	WidgetPie    WidgetKind = "pie"
	WidgetFunnel WidgetKind = "funnel"
	WidgetPivot  WidgetKind = "pivot"
	WidgetList   WidgetKind = "list"

	WidgetRanking  WidgetKind = "ranking"
	WidgetTable    WidgetKind = "table"
	WidgetProgress WidgetKind = "progress"
)

// Widget is one chart, number or list of a dashboard.
type Widget struct {
	Key     string         `json:"key"`
	Label   Label          `json:"label"`
	Help    Label          `json:"help,omitempty"`
	Kind    WidgetKind     `json:"kind"`
	Form    value.FormKey  `json:"form"`
	Filter  string         `json:"filter,omitempty"` // a pushable expr
	Table   string         `json:"table,omitempty"`  // count the rows of this table field
	Group   []WidgetGroup  `json:"group,omitempty"`
	Metrics []WidgetMetric `json:"metrics,omitempty"` // default: a count
	Share   string         `json:"share,omitempty"`   // figure: the whole that it is a share of, a pushable expr
	Target  *WidgetTarget  `json:"target,omitempty"`  // progress: what it is on its way to
	Trend   string         `json:"trend,omitempty"`   // figure: "up" or "down", what is good of the change since the stretch before
	Date    string         `json:"date,omitempty"`    // what the page's period narrows
	Sort    string         `json:"sort,omitempty"`    // the number of a metric, "-" for the greatest first
	Limit   int            `json:"limit,omitempty"`
	View    string         `json:"view,omitempty"`    // list: whose records; others: what a click opens
	Columns []string       `json:"columns,omitempty"` // list
	Size    *WidgetSize    `json:"size,omitempty"`
}

// About tells whether the widget asks for figures or records of a form.
func (w Widget) About(form value.FormKey) bool {
	return w.Form == form || w.Target != nil && w.Target.Form == form
}

// WidgetTarget is the figure that a progress is measured by; one metric.
type WidgetTarget struct {
	Form    value.FormKey  `json:"form"`
	Filter  string         `json:"filter,omitempty"` // a pushable expr
	Table   string         `json:"table,omitempty"`
	Metrics []WidgetMetric `json:"metrics,omitempty"` // default: a count
	Date    string         `json:"date,omitempty"`
}

// WidgetGroup is one dimension of a chart.
type WidgetGroup struct {
	Field  string `json:"field"`
	Bucket string `json:"bucket,omitempty"` // day, week, month, quarter, year
}

// WidgetMetric is one figure: count, sum, avg, min, max or distinct of a field.
type WidgetMetric struct {
	Op    string `json:"op"`
	Field string `json:"field,omitempty"`
	Label Label  `json:"label,omitempty"`
}

// WidgetSize is how much of the page a widget takes.
type WidgetSize struct {
	Width  int `json:"width,omitempty"`  // columns of twelve
	Height int `json:"height,omitempty"` // rows of 96 px
}
