package record

import (
	"context"
	"slices"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// ListRequest asks for a page of a form's records.
type ListRequest struct {
	Form    value.FormKey
	View    string // a view's key: its filter is added, its sort is the default
	Filter  any    // the JSON filter tree of the API, or a pushable expr as a string; nil for all
	Q       string // search words
	Sort    string // "-updatedAt,name"; of a search "" is how well records do, then the newest first
	Limit   int    // 1 to 500; 0: 50
	After   string // the Next of the page before
	Fields  []string
	Count   string // "", "capped" or "exact"
	Deleted bool   // the recycle bin
	With    string // "me": only what is shared with the actor; "followed": only what they follow

	exports bool // only what may be exported, for Export
}

// ListPage is one page of records as the actor sees them.
type ListPage struct {
	Records    []*View        `json:"records"`
	Next       string         `json:"next,omitempty"`
	Incomplete bool           `json:"incomplete,omitempty"`
	Count      *query.Counted `json:"count,omitempty"`
	Work       query.Work     `json:"-"` // what the store examined for it
}

const (
	defaultLimit = 50
	maxLimit     = 500
	countCap     = 1000
	// listTime is how long a list that no index serves looks for records before it answers what it has.
	listTime = 300 * time.Millisecond
)

// List answers a page: only what the actor may read, in one query, so that every page is full.
func (s *Service) List(ctx context.Context, actor value.Actor, req ListRequest) (*ListPage, error) {
	v := s.visit(actor)
	form, err := v.form(req.Form)
	if err != nil {
		return nil, err
	}
	q, err := v.listQuery(ctx, form, req)
	if err != nil {
		return nil, err
	}
	question := []any{req.Form, req.View, req.Filter, req.Q, req.Sort, req.Deleted, req.With}
	if q.After, err = v.openCursor(question, req.After); err != nil {
		return nil, err
	}
	page, err := s.Store.List(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &ListPage{Incomplete: page.Incomplete, Work: page.Examined}
	if out.Records, err = v.answers(ctx, form, page.Records, wanted(req.Fields)); err != nil {
		return nil, err
	}
	if page.Next != nil {
		if out.Next, err = v.sealCursor(question, page.Next); err != nil {
			return nil, err
		}
	}
	out.Count, err = v.count(ctx, q, req.Count)
	return out, err
}

func (v *visit) listQuery(ctx context.Context, form *catalog.Form, req ListRequest) (query.List, error) {
	q := query.List{Form: form.Key, Limit: req.Limit, Deleted: req.Deleted, Spent: v.spent(listTime)}
	if req.exports {
		q.Spent = nil // a page that ends by the clock may lack some before its end
	}
	switch {
	case q.Limit == 0:
		q.Limit = defaultLimit
	case q.Limit < 0 || q.Limit > maxLimit:
		return q, fault.New(fault.Malformed, "limit.page").At("/limit").With("max", maxLimit)
	}
	bound, view, err := v.bind(form, req)
	if err != nil {
		return q, err
	}
	if q.Sorts, err = v.sorts(form, req.Sort, view); err != nil {
		return q, err
	}
	verb := meta.Read
	switch {
	case req.Deleted:
		verb = meta.Delete
	case req.exports:
		verb = meta.Export
	}
	if q.Filter, err = v.restricted(ctx, form, verb, bound); err != nil {
		return q, err
	}
	if q.Filter, err = v.only(ctx, form, q.Filter, req.With); err != nil {
		return q, err
	}
	search, err := v.search(ctx, form, req.Q)
	if err == nil && search != nil {
		q.Filter = query.And{q.Filter, search}
		// How well a record does would tell of a text that the actor does not see everywhere.
		if req.Sort == "" && v.findsOnlySeen(form, text.Terms(req.Q)) {
			q.Sorts, q.Ranked = nil, true
		}
	}
	return q, err
}

// bind reads the request's filter and adds its view's.
func (v *visit) bind(form *catalog.Form, req ListRequest) (bound catalog.Bound, sort string, err error) {
	bound, issues := form.BindFilter(req.Filter, v.knows, v.rule(nil))
	if req.View != "" {
		view, ok := form.View(req.View)
		if !ok || !v.mayUse(view) {
			return bound, "", fault.New(fault.NotFound, "view.notFound").With("view", req.View)
		}
		bound, sort = bound.And(view.Bound(v.rule(nil))), view.Def.Sort
	}
	return bound, sort, issues.Fault("record.list", "filter.invalid")
}

// knows tells which fields there are for the actor.
func (v *visit) knows(form *catalog.Form, key value.FieldKey) bool {
	d := v.decision(form)
	return d.May(meta.Read) && !d.SeesNowhere(key)
}

// restricted is the filter within what the verb reaches, references resolved, unseen fields absent.
func (v *visit) restricted(ctx context.Context, form *catalog.Form, verb meta.Verb, bound catalog.Bound) (query.Filter, error) {
	resolved, err := v.resolve(ctx, bound)
	if err != nil {
		return nil, err
	}
	if !v.decision(form).May(verb) {
		return nil, fault.New(fault.Forbidden, "record.mayNot").With("verb", string(verb)).With("form", form.Def.Label)
	}
	return v.restrict(ctx, form, verb, resolved)
}

// sorts are those that were asked for, else those of the view or form as far as the actor may see their order.
func (v *visit) sorts(form *catalog.Form, asked, otherwise string) ([]query.Sort, error) {
	if asked == "" {
		return v.ownSorts(form, otherwise)
	}
	sorts, issues := form.BindSort(asked, v.knows)
	if err := issues.Fault("record.list", "sort.invalid"); err != nil {
		return nil, err
	}
	for _, s := range sorts {
		if err := v.decision(form).SortReadable(s.Path); err != nil {
			return nil, err
		}
	}
	return sorts, nil
}

func (v *visit) ownSorts(form *catalog.Form, named string) ([]query.Sort, error) {
	sorts, issues := form.BindSort(named, nil)
	unreadable := func(s query.Sort) bool { return v.decision(form).SortReadable(s.Path) != nil }
	return slices.DeleteFunc(sorts, unreadable), issues.Fault("record.list", "sort.invalid")
}

func (v *visit) count(ctx context.Context, q query.List, how string) (*query.Counted, error) {
	c := query.Count{Form: q.Form, Filter: q.Filter, Deleted: q.Deleted, Cap: countCap}
	switch how {
	case "":
		return nil, nil
	case "exact":
		c.Cap = 0
	case "capped":
	default:
		return nil, fault.New(fault.Malformed, "count.unknown").At("/count")
	}
	counted, err := v.Store.Count(ctx, c)
	return &counted, err
}

// spent tells, from now on, when a time is over.
func (v *visit) spent(after time.Duration) func() bool {
	from := v.Clock()
	return func() bool { return v.Clock().Sub(from) >= after }
}

func wanted(fields []string) map[string]bool {
	out := make(map[string]bool, len(fields))
	for _, f := range fields {
		out[f] = true
	}
	return out
}

// mayUse tells whether a view is offered to the actor.
func (v *visit) mayUse(view *catalog.View) bool {
	return v.actor.IsSystem() || view.For(v.actor.Roles)
}
