package catalog

import (
	"strconv"
	"strings"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Limits of a filter that someone sends.
const (
	maxFilterNodes  = 200
	maxFilterDepth  = 12
	maxFilterValues = 1_000
	// maxContains bounds the conditions that read and fold whole texts, record by record.
	maxContains     = 10
	maxContainsText = 200 // characters
)

// Knows tells whether a field exists for whoever asks: what does not exist for them is answered as what
// does not exist at all. nil: all do.
type Knows func(form *Form, key value.FieldKey) bool

func (k Knows) field(form *Form, key value.FieldKey) bool { return k == nil || k(form, key) }

// BindFilter reads a filter: nil for all, an expr as text, or the JSON tree of the HTTP API. Field names
// are checked, wire values become stored ones, comparisons must suit the field. Issues have paths into
// the tree, such as /and/0/value.
func (f *Form) BindFilter(raw any, knows Knows, ctx expr.Context) (Bound, fault.Issues) {
	switch raw := raw.(type) {
	case nil:
		return Bound{}, nil
	case string:
		return f.bindExpr(raw, knows, ctx)
	}
	b := &binder{form: f, catalog: f.catalog, knows: knows, ctx: ctx}
	root := b.node(raw, "", 1)
	if len(b.issues) > 0 {
		return Bound{}, b.issues
	}
	return Bound{root}, nil
}

func (f *Form) bindExpr(source string, knows Knows, ctx expr.Context) (Bound, fault.Issues) {
	if strings.TrimSpace(source) == "" {
		return Bound{}, nil
	}
	filter, issues := f.filterOf(source, knows, ctx)
	if len(issues) > 0 {
		return Bound{}, issues
	}
	if containsIn(filter) > maxContains {
		issues.Add("", "filter.tooManyContains", "max", maxContains)
		return Bound{}, issues
	}
	return Bound{leaf{filter}}, nil
}

// filterOf is an expression as the filter that stores decide it by.
func (f *Form) filterOf(source string, knows Knows, ctx expr.Context) (query.Filter, fault.Issues) {
	pushed, issues := expr.PushDown(source, f.envFor(knows))
	if len(issues) > 0 {
		return nil, issues
	}
	filter, err := pushed.Filter(ctx)
	if err != nil {
		return nil, runFault("", err)
	}
	return filter, nil
}

// containsIn counts the conditions that look into texts.
func containsIn(f query.Filter) int {
	count := 0
	switch f := f.(type) {
	case query.And:
		for _, one := range f {
			count += containsIn(one)
		}
	case query.Or:
		for _, one := range f {
			count += containsIn(one)
		}
	case query.Not:
		return containsIn(f.Of)
	case query.Rows:
		return containsIn(f.Where)
	case query.Cmp:
		if f.Op == query.Contains {
			return 1
		}
	}
	return count
}

// binder is the reading of one tree.
type binder struct {
	form    *Form
	catalog *Catalog
	knows   Knows
	ctx     expr.Context
	table   *Field // within a condition on rows: names are its columns
	nodes   int
	looks   int // conditions that look into texts
	issues  fault.Issues
}

// node reads one node; what it returns counts only when there are no issues.
func (b *binder) node(raw any, path string, depth int) bound {
	b.nodes++
	switch {
	case depth > maxFilterDepth:
		b.issues.Add(path, "filter.tooDeep", "max", maxFilterDepth)
		return nil
	case b.nodes == maxFilterNodes+1:
		b.issues.Add(path, "filter.tooLarge", "max", maxFilterNodes)
		return nil
	case b.nodes > maxFilterNodes:
		return nil
	}
	object, ok := raw.(map[string]any)
	if !ok {
		b.issues.Add(path, "filter.malformed")
		return nil
	}
	if only(object, "and") {
		return allOf(b.several(object["and"], path+"/and", depth))
	}
	if only(object, "or") {
		return anyOf(b.several(object["or"], path+"/or", depth))
	}
	if only(object, "not") {
		return notOf{b.node(object["not"], path+"/not", depth+1)}
	}
	if only(object, "expr") {
		return b.expression(object["expr"], path)
	}
	for _, q := range []query.Quantifier{query.Any, query.All, query.None} {
		if only(object, string(q), "where") {
			return b.rows(q, object, path, depth)
		}
	}
	return b.comparison(object, path)
}

// only tells whether an object has these keys and no others.
func only(object map[string]any, keys ...string) bool {
	for _, key := range keys {
		if _, ok := object[key]; !ok {
			return false
		}
	}
	return len(object) == len(keys)
}

func (b *binder) several(raw any, path string, depth int) []bound {
	list, ok := raw.([]any)
	if !ok {
		b.issues.Add(path, "filter.malformed")
		return nil
	}
	out := make([]bound, len(list))
	for n, one := range list {
		out[n] = b.node(one, path+"/"+strconv.Itoa(n), depth+1)
	}
	return out
}

func (b *binder) rows(q query.Quantifier, object map[string]any, path string, depth int) bound {
	name, _ := object[string(q)].(string)
	table, ok := b.form.known(value.FieldKey(name), b.knows)
	if !ok || !table.Rows || b.table != nil {
		b.issues.Add(path+"/"+string(q), "filter.rowScope")
		return nil
	}
	inner := &binder{form: b.form, catalog: b.catalog, knows: b.knows, table: table, nodes: b.nodes, looks: b.looks}
	where := inner.node(object["where"], path+"/where", depth+1)
	b.nodes, b.looks = inner.nodes, inner.looks
	b.issues = append(b.issues, inner.issues...)
	return onRows{q, table.Key, where}
}

// onRows is a condition that rows meet as a whole.
type onRows struct {
	quantifier query.Quantifier
	table      value.FieldKey
	where      bound
}

func (o onRows) resolve(r Resolver) (query.Filter, error) {
	where, err := o.where.resolve(r)
	return query.Rows{Quantifier: o.quantifier, Table: o.table, Where: where}, err
}

// expression reads {"expr"}, a condition of the record as whoever defined it wrote it: what a figure counts, say, among the
// conditions of who looks at the records behind it.
func (b *binder) expression(raw any, path string) bound {
	source, ok := raw.(string)
	if !ok || strings.TrimSpace(source) == "" || b.table != nil {
		b.issues.Add(path, "filter.malformed")
		return nil
	}
	filter, issues := b.form.filterOf(source, b.knows, b.ctx)
	for _, one := range issues {
		one.Path = path + "/expr" + one.Path
		b.issues = append(b.issues, one)
	}
	if len(issues) > 0 {
		return nil
	}
	before := b.looks
	if b.looks += containsIn(filter); before <= maxContains && b.looks > maxContains {
		b.issues.Add(path, "filter.tooManyContains", "max", maxContains)
	}
	return leaf{filter}
}

// comparison reads {"field", "op", "value"}.
func (b *binder) comparison(object map[string]any, path string) bound {
	for key := range object {
		if key != "field" && key != "op" && key != "value" {
			b.issues.Add(path+"/"+fault.Escape(key), "json.unknownKey", "key", key)
			return nil
		}
	}
	name, named := object["field"].(string)
	op, compared := object["op"].(string)
	if !named || !compared {
		b.issues.Add(path, "filter.malformed")
		return nil
	}
	at, ok := b.find(name)
	if !ok {
		b.issues.Add(path+"/field", "filter.field", "field", name)
		return nil
	}
	if at.target != nil {
		return b.across(at, object, path)
	}
	if query.Op(op) == query.Contains {
		if b.looks++; b.looks == maxContains+1 {
			b.issues.Add(path, "filter.tooManyContains", "max", maxContains)
			return nil
		}
	}
	if filter, ok := at.presence(query.Op(op)); ok {
		return leaf{filter}
	}
	if filter, isRange, ok := at.between(query.Op(op), object["value"]); ok {
		return leaf{filter}
	} else if isRange {
		b.issues.Add(path+"/value", "filter.value")
		return nil
	}
	cmp, code, args := at.compare(b.form, query.Op(op), object["value"])
	if code == "" {
		return leaf{cmp}
	}
	if code == "filter.op" {
		path += "/op"
	} else {
		path += "/value"
	}
	b.issues = append(b.issues, fault.Issue{Path: path, Code: code, Args: args})
	return nil
}

// complements are the ops that hold exactly where another does not: across a reference they must be
// turned around, or "zone.name is not North" would miss the records without a zone.
var complements = map[string]string{
	string(query.Ne): string(query.Eq), string(query.Nin): string(query.In), string(query.Empty): string(query.NotEmpty),
}

// across reads a condition on a field of the record referred to.
func (b *binder) across(at spot, object map[string]any, path string) bound {
	op, _ := object["op"].(string)
	positive, negated := complements[op]
	if negated {
		op = positive
	}
	inner := &binder{form: at.target, catalog: b.catalog, knows: b.knows, nodes: b.nodes, looks: b.looks}
	where := inner.comparison(map[string]any{"field": at.rest, "op": op, "value": object["value"]}, path)
	b.looks = inner.looks
	for _, issue := range inner.issues {
		if issue.Code == "filter.field" {
			issue.Code, issue.Args = "filter.path", fault.Args{"path": object["field"]}
		}
		b.issues = append(b.issues, issue)
	}
	var out bound = across{path: at.path, target: at.target.Key, where: Bound{where}}
	if negated {
		out = notOf{out}
	}
	return out
}
