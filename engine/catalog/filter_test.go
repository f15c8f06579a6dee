package catalog_test

import (
	"strconv"
	"strings"
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// resolved binds a filter and resolves what crosses references: every condition is met by p1 and p2.
func resolved(t *testing.T, form *catalog.Form, text string) query.Filter {
	t.Helper()
	bound, issues := form.BindFilter(object(t, text), nil, ctx())
	if len(issues) > 0 {
		t.Fatalf("%s: %s", text, said(issues))
	}
	f, err := bound.Resolve(func(target value.FormKey, where catalog.Bound) (value.List, error) {
		inner, err := where.Resolve(nil)
		if err != nil || target != "place" || asJSON(t, inner) != `{"Path":{"Field":"name","Sub":""},"Op":"eq","Value":"North","Values":null}` {
			t.Errorf("asked of %s: %s %v", target, asJSON(t, inner), err)
		}
		return value.List{"p1", "p2"}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestBindFilter(t *testing.T) {
	r := &value.Record{Form: "asset", CreatedAt: now, CreatedBy: "kim", Values: value.Doc{
		"name": "圆锯", "tier": "A", "total": int64(2950), "place": "p1", "tags": value.List{"new", "loud"}, "kind": value.List{"tools", "saws"},
		"boughtOn": int64(20260301), "address": value.Doc{"region": "310115"}, "checkedAt": now.UnixMilli(), "phone": "13812345678",
		"lines": value.List{value.Doc{"id": "1", "count": int64(3), "price": int64(980), "part": "a2"}, value.Doc{"id": "2", "count": int64(1)}},
	}}
	form := asset(t)
	form.Derive(r, shanghai, people(t))
	cases := []struct {
		filter string
		holds  bool
	}{
		{`{"field": "tier", "op": "in", "value": ["A", "B"]}`, true},
		{`{"and": [{"field": "tier", "op": "eq", "value": "A"}, {"not": {"field": "name", "op": "empty"}}]}`, true},
		{`{"and": [{"expr": "tier == 'A' and total > 20"}, {"field": "name", "op": "notEmpty"}]}`, true},
		{`{"not": {"expr": "tier == 'A'"}}`, false},
		{`{"or": []}`, false},
		{`{"field": "total", "op": "eq", "value": "29.5"}`, true},
		{`{"field": "total", "op": "gt", "value": 29.5}`, false},
		{`{"field": "boughtOn", "op": "gte", "value": "2026-03-01"}`, true},
		{`{"field": "tags", "op": "hasAll", "value": ["loud", "new"]}`, true},
		{`{"field": "kind", "op": "eq", "value": "saws"}`, true},
		{`{"field": "address.region", "op": "prefix", "value": "31"}`, true},
		{`{"field": "name", "op": "contains", "value": "锯"}`, true},
		{`{"field": "phone", "op": "contains", "value": "1234"}`, true},
		{`{"field": "phone", "op": "eq", "value": "+86 138 1234 5678"}`, true},
		{`{"field": "lines[].count", "op": "eq", "value": 3}`, true},
		{`{"any": "lines", "where": {"and": [{"field": "count", "op": "eq", "value": 1}, {"field": "price", "op": "eq", "value": "9.80"}]}}`, false},
		{`{"all": "lines", "where": {"field": "count", "op": "lt", "value": 4}}`, true},
		{`{"field": "place", "op": "eq", "value": {"id": "p1"}}`, true},
		{`{"field": "place.name", "op": "eq", "value": "North"}`, true},
		{`{"field": "place.name", "op": "ne", "value": "North"}`, false},
		{`{"field": "checkedAt", "op": "eq", "value": "2026-04-01"}`, true}, // the local day
		{`{"field": "checkedAt", "op": "eq", "value": "2026-03-31T20:00:00Z"}`, true},
		{`{"field": "createdBy", "op": "eq", "value": "kim"}`, true},
		{`{"field": "createdAt", "op": "lt", "value": "2026-04-01"}`, false},
	}
	for _, c := range cases {
		if have := query.Match(resolved(t, form, c.filter), r); have != c.holds {
			t.Errorf("%s: %v", c.filter, have)
		}
	}
	bound, issues := form.BindFilter(`tier == "A" and keeper == actor.id`, nil, ctx())
	f, err := bound.Resolve(nil)
	if len(issues) > 0 || err != nil || query.Match(f, r) {
		t.Errorf("an expr: %v %v", said(issues), err)
	}
}

func TestBindFilterRefuses(t *testing.T) {
	deep := strings.Repeat(`{"not": `, 12) + `{"field": "tier", "op": "empty"}` + strings.Repeat("}", 12)
	wide := `{"or": [` + strings.TrimSuffix(strings.Repeat(`{"field": "tier", "op": "empty"},`, 200), ",") + `]}`
	var many []string
	for n := range 1001 {
		many = append(many, strconv.Itoa(n))
	}
	cases := []struct{ filter, want string }{
		{`{"field": "colour", "op": "eq", "value": 1}`, "/field filter.field"},
		{`{"field": "principals", "op": "eq", "value": "user:x"}`, "/field filter.field"},
		{`{"field": "~text", "op": "contains", "value": "x"}`, "/field filter.field"},
		{`{"field": "tier", "op": "like", "value": "A"}`, "/op filter.op"},
		{`{"field": "sealed", "op": "gt", "value": true}`, "/op filter.op"},
		{`{"field": "tier", "op": "eq", "value": "Z"}`, "/value filter.value"},
		{`{"field": "tier", "op": "eq", "value": null}`, "/value filter.value"},
		{`{"field": "total", "op": "eq", "value": "1.234"}`, "/value filter.value"},
		{`{"field": "tier", "op": "eq", "value": {"$ne": 1}}`, "/value filter.value"},
		{`{"field": "tier", "op": "in", "value": "A"}`, "/value filter.value"},
		{`{"field": "lines.rate", "op": "eq", "value": 1}`, "/field filter.field"},
		{`{"field": "place.region.name", "op": "eq", "value": 1}`, "/field filter.field"},
		{`{"field": "place.colour", "op": "eq", "value": 1}`, "/field filter.path"},
		{`{"any": "tags", "where": {"or": []}}`, "/any filter.rowScope"},
		{`{"and": [{"field": "tier"}]}`, "/and/0 filter.malformed"},
		{`{"and": {}}`, "/and filter.malformed"},
		{`{"or": [{"expr": "colour == 1"}]}`, "/or/0/expr expr.unknownName"},
		{`{"or": [{"expr": " "}]}`, "/or/0 filter.malformed"},
		{`{"any": "lines", "where": {"expr": "count > 1"}}`, "/where filter.malformed"},
		{`{"expr": "name == tier"}`, "/expr expr.notPushable"},
		{`{"field": "tier", "op": "empty", "or": []}`, "/or json.unknownKey"},
		{`{"field": "tags", "op": "in", "value": [` + strings.Join(many, ",") + `]}`, "/value filter.tooManyValues"},
		{deep, strings.Repeat("/not", 12) + " filter.tooDeep"},
		{wide, "/or/199 filter.tooLarge"},
	}
	form := asset(t)
	for _, c := range cases {
		if _, issues := form.BindFilter(object(t, c.filter), nil, ctx()); said(issues) != c.want {
			t.Errorf("%.80s: %q, want %q", c.filter, said(issues), c.want)
		}
	}
	if _, issues := form.BindFilter(`name == tier`, nil, ctx()); len(issues) != 1 || issues[0].Code != "expr.notPushable" {
		t.Errorf("an expr that no store decides: %v", issues)
	}
}

func TestBindSort(t *testing.T) {
	form := asset(t)
	sorts, issues := form.BindSort("-updatedAt, name", nil)
	want := `[{"Path":{"Field":"updatedAt","Sub":""},"Desc":true},{"Path":{"Field":"~sort:name","Sub":""},"Desc":false}]`
	if len(issues) > 0 || asJSON(t, sorts) != want {
		t.Errorf("%s %v", asJSON(t, sorts), issues)
	}
	if sorts, _ := form.BindSort("", nil); asJSON(t, sorts) != `[{"Path":{"Field":"~sort:name","Sub":""},"Desc":false}]` {
		t.Errorf("the form's own: %s", asJSON(t, sorts))
	}
	for sort, code := range map[string]string{"tags": "sort.field", "lines": "sort.field", "x": "sort.field", "a,b,c,d": "sort.tooMany", "~sort:name": "sort.field"} {
		if _, issues := form.BindSort(sort, nil); len(issues) != 1 || issues[0].Code != code {
			t.Errorf("%s: %v", sort, issues)
		}
	}
}

func TestViewsAndRights(t *testing.T) {
	c := compiled(t)
	mine, ok := c.Forms["asset"].View("mine")
	if !ok {
		t.Fatal("no view")
	}
	f, err := mine.Bound(ctx()).Resolve(nil)
	kims := &value.Record{Values: value.Doc{"keeper": "kim", "tier": "A"}}
	others := &value.Record{Values: value.Doc{"keeper": "lee", "tier": "A"}}
	if err != nil || !query.Match(f, kims) || query.Match(f, others) {
		t.Errorf("mine: %v %v", f, err)
	}
	rights := c.RightsOf(ctx().Actor, "asset", ctx())
	if len(rights) != 1 || !rights[0].Create || rights[0].Delete.Scope != "none" || rights[0].Fields["phone"] != "masked" {
		t.Fatalf("rights %+v", rights)
	}
	if !query.Match(rights[0].Read.When, kims) || query.Match(rights[0].Read.When, others) {
		t.Errorf("read when %v", rights[0].Read.When)
	}
	if len(c.RightsOf(value.Actor{Roles: []string{"nobody"}}, "asset", ctx())) != 0 {
		t.Error("a role that does not exist grants")
	}
}
