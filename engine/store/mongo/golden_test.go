package mongo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/event"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// What the store asks of a server is written down in testdata, as MongoDB's canonical extended JSON, so that a change
// of it is seen and thought about where no server is at hand. UPDATE_GOLDEN=1 writes it anew, never in CI.

// assets is the layout of that form.
func assets(t *testing.T) *layout {
	t.Helper()
	l, err := newLayout(assetForm())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// assetForm is a form of each kind of field.
func assetForm() store.Form {
	by := func(sorts ...query.Sort) store.Index { return store.Index{Columns: sorts} }
	up := func(p query.Path) query.Sort { return query.Sort{Path: p} }
	down := func(p query.Path) query.Sort { return query.Sort{Path: p, Desc: true} }
	return store.Form{
		Key: "asset", Search: true,
		Fields: []store.Field{
			{Path: query.At("name"), Type: store.Text}, {Path: query.At("tier"), Type: store.Text}, {Path: query.At("cost"), Type: store.Int},
			{Path: query.At("live"), Type: store.Bool}, {Path: query.At("tags"), Type: store.Text, Multi: true}, {Path: query.At("lines"), Table: true},
			{Path: query.Path{Field: "lines", Sub: "piece"}, Type: store.Text, Multi: true},
			{Path: query.Path{Field: "lines", Sub: "count"}, Type: store.Int, Multi: true},
			{Path: query.Path{Field: "lines", Sub: "marks"}, Type: store.Text, Multi: true},
			{Path: query.Path{Field: "place", Sub: "region"}, Type: store.Text}, {Path: query.At("~sort:name"), Type: store.Text},
			{Path: query.At("~day:made"), Type: store.Int}, {Path: query.At("~text"), Type: store.Text},
		},
		Indexes: []store.Index{by(up(query.At("tier")), down(query.At("cost"))), by(up(query.At("tags"))), by(up(query.At("~sort:name")))},
		Orders:  [][]query.Sort{{down(query.At("cost"))}},
		Within:  []string{"user", "unit"},
		Sums:    []store.Sums{{By: query.At("~day:made"), Of: []query.Path{query.At("cost")}}},
		Unique:  [][]value.FieldKey{{"name"}, {"tier", "cost"}},
	}
}

// golden compares what is asked with what is written down.
type golden struct {
	t    *testing.T
	file string
	have bytes.Buffer
}

func (g *golden) add(name string, what any) {
	g.t.Helper()
	text, ok := what.(string)
	if !ok {
		raw, err := bson.MarshalExtJSON(bson.D{{Key: "asked", Value: what}}, true, false)
		if err != nil {
			g.t.Fatalf("%s: %v", name, err)
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, raw[len(`{"asked":`):len(raw)-1], "", " "); err != nil {
			g.t.Fatal(err)
		}
		text = pretty.String()
	}
	fmt.Fprintf(&g.have, "== %s\n%s\n", name, text)
}

func (g *golden) compare() {
	g.t.Helper()
	path := filepath.Join("testdata", g.file)
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if os.Getenv("CI") != "" {
			g.t.Fatal("what is written down is never written anew in CI")
		}
		if err := os.WriteFile(path, g.have.Bytes(), 0o644); err != nil {
			g.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		g.t.Fatal(err)
	}
	have, wanted := strings.Split(g.have.String(), "== "), strings.Split(string(want), "== ")
	for i := range max(len(have), len(wanted)) {
		var h, w string
		if i < len(have) {
			h = have[i]
		}
		if i < len(wanted) {
			w = wanted[i]
		}
		if h != w {
			g.t.Errorf("%s differs: have\n%s\nwant\n%s", path, h, w)
		}
	}
}

func cmpAt(p query.Path, op query.Op, v value.Value) query.Cmp {
	return query.Cmp{Path: p, Op: op, Value: v}
}

// filterAsked is a filter and what it is for.
type filterAsked struct {
	name string
	of   query.Filter
}

// filtersAsked is each thing that a filter can say, and what MongoDB would read otherwise than it is meant.
func filtersAsked() []filterAsked {
	piece, count, marks := query.Path{Field: "lines", Sub: "piece"}, query.Path{Field: "lines", Sub: "count"}, query.Path{Field: "lines", Sub: "marks"}
	search := query.Search{Terms: []query.Term{{Folded: "潮汐", Tokens: []string{"潮", "汐", "潮汐"}}, {Folded: "a.b", Tokens: nil}}}
	return []filterAsked{
		{"nothing", nil},
		{"eq", query.Where("name", query.Eq, "潮")},
		{"eq of another type", query.Where("name", query.Eq, int64(1))},
		{"ne", query.Where("name", query.Ne, "潮")},
		{"ne of another type", query.Where("name", query.Ne, true)},
		{"in", query.OneOf("tier", "a", "b", "a", int64(3))},
		{"in of one", query.OneOf("tier", "a")},
		{"in of none", query.OneOf("tier")},
		{"nin", query.Cmp{Path: query.At("tier"), Op: query.Nin, Values: value.List{"a", "b"}}},
		{"has all", query.Cmp{Path: query.At("tags"), Op: query.HasAll, Values: value.List{"a", "b"}}},
		{"has all of one value", query.Cmp{Path: query.At("tier"), Op: query.HasAll, Values: value.List{"a", "b"}}},
		{"below", query.Where("cost", query.Lt, int64(5))},
		{"from, a bool", query.Where("live", query.Gte, true)},
		{"below what is not UTF-8", query.Where("name", query.Lt, "a\xff")},
		{"above what is not UTF-8", query.Where("name", query.Gt, "a\xff")},
		{"prefix", query.Where("name", query.Prefix, "a.b")},
		{"prefix before the surrogates", query.Where("name", query.Prefix, "\ud7ff")},
		{"prefix of the last character", query.Where("name", query.Prefix, "\U0010ffff")},
		{"prefix of several values", query.Where("tags", query.Prefix, "a.b$")},
		{"prefix of nothing", query.Where("name", query.Prefix, "")},
		{"contains", query.Where("name", query.Contains, "Ａ.Ｂ(")},
		{"contains a nought", query.Where("~text", query.Contains, "a\\")},
		{"contains, in rows", cmpAt(piece, query.Contains, "p1")},
		{"above, in a list of each row", cmpAt(marks, query.Gt, "m")},
		{"from what is not UTF-8, in a list of each row", cmpAt(marks, query.Gte, "m\xff")},
		{"eq, in a list of each row", cmpAt(marks, query.Eq, "m")},
		{"in, in a list of each row", query.Cmp{Path: marks, Op: query.In, Values: value.List{"m", "k"}}},
		{"nin, in a list of each row", query.Cmp{Path: marks, Op: query.Nin, Values: value.List{"m", "k"}}},
		{"has all, in a list of each row", query.Cmp{Path: marks, Op: query.HasAll, Values: value.List{"m", "k"}}},
		{"prefix, in a list of each row", cmpAt(marks, query.Prefix, "m")},
		{"empty, in a list of each row", cmpAt(marks, query.Empty, nil)},
		{"contains, in an id", query.Where(value.SysID, query.Contains, "0K")},
		{"empty", query.Where("name", query.Empty, nil)},
		{"empty, of several", query.Where("tags", query.Empty, nil)},
		{"there, a text", query.Where("name", query.NotEmpty, nil)},
		{"there, a number", query.Where("cost", query.NotEmpty, nil)},
		{"there, a part", cmpAt(query.Path{Field: "place", Sub: "region"}, query.NotEmpty, nil)},
		{"within", query.OneOf(value.SysPrincipals, "user:u1", "unit:x")},
		{"changed", query.Where(value.SysUpdatedAt, query.Gte, int64(1_700_000_000_000))},
		{"a shadow", query.Where("~day:made", query.Eq, int64(20260102))},
		{"some row", cmpAt(count, query.Gt, int64(2))},
		{"any row", query.Rows{Quantifier: query.Any, Table: "lines", Where: query.And{query.Where("piece", query.Eq, "p1"), query.Where("count", query.Gt, int64(2))}}},
		{"every row", query.Rows{Quantifier: query.All, Table: "lines", Where: query.Where("count", query.Gt, int64(2))}},
		{"no row", query.Rows{Quantifier: query.None, Table: "lines", Where: query.Or{query.Where("piece", query.Eq, "p1"), query.Not{Of: query.Where("count", query.Empty, nil)}}}},
		{"any row at all", query.Rows{Quantifier: query.Any, Table: "lines", Where: query.Const(true)}},
		{"and, or, not", query.And{query.Or{query.Where("tier", query.Eq, "a"), query.Where("cost", query.Lt, int64(1))}, query.Not{Of: query.Where("live", query.Eq, true)}, query.Const(true)}},
		{"and of nothing", query.And{}},
		{"or of nothing", query.Or{}},
		{"a search", search},
	}
}

func TestFiltersAsTheyAreAsked(t *testing.T) {
	l, g := assets(t), &golden{t: t, file: "filters.txt"}
	for _, c := range filtersAsked() {
		asked, err := l.where(c.of)
		switch {
		case err != nil:
			t.Errorf("%s: %v", c.name, err)
		case asked.fixed && asked.holds:
			g.add(c.name, "always")
		case asked.fixed:
			g.add(c.name, "never")
		default:
			g.add(c.name, asked.doc)
		}
	}
	g.compare()
}

func TestUpdatesAsTheyAreAsked(t *testing.T) {
	l, g := assets(t), &golden{t: t, file: "updates.txt"}
	at := time.UnixMilli(1_700_000_000_000).UTC()
	whole := &value.Record{
		ID: "0001", Form: "asset", Version: 3, CreatedAt: at, CreatedBy: "u1", UpdatedAt: at, UpdatedBy: "u2", Principals: []string{"user:u1"},
		Values: value.Doc{
			"name": "Ｐump", "cost": int64(1<<53 + 1), "live": false, "tags": value.List{"A", "b"}, "place": value.Doc{"region": "x"},
			"lines": value.List{value.Doc{"piece": "P1", "count": int64(2)}, value.Doc{"count": int64(-1)}},
		},
		Shadow: value.Doc{"text": "pump", "day:made": int64(20260102)}, Tokens: []string{"pump", "\ue000odd"},
	}
	bare := &value.Record{ID: "0002", Form: "asset", Version: 1, CreatedAt: at, DeletedAt: at, DeletedBy: "u2"}
	kept := whole.Clone()
	kept.Tokens = nil
	cleared := whole.Clone()
	cleared.Tokens = []string{}
	for _, c := range []struct {
		name string
		of   *value.Record
		make func(*value.Record, written) bson.D
	}{
		{"a new record", whole, l.inserted}, {"a new record in the bin", bare, l.inserted}, {"a changed record", whole, l.changed},
		{"a record that goes to the bin", bare, l.changed}, {"a changed record that keeps its tokens", kept, l.changed}, {"one that loses them", cleared, l.changed},
	} {
		w, err := write(c.of, true)
		if err != nil {
			t.Fatal(err)
		}
		g.add(c.name, c.make(c.of, w))
	}
	g.add("the version that is replaced", version("0001", 2))
	g.add("what is read before", l.beforeMembers())
	e := event.Event{
		Form: "asset", Record: "0001", Version: 3, Kind: event.RecordChanged, At: at, Actor: "u2", Reason: "why", Action: "save", Depth: 2, Import: "i1",
		Scopes: []string{"user:u1"}, Detail: value.Doc{"n": int64(1)}, Changes: []event.Change{{Field: "cost", From: int64(1), To: int64(2)}, {Field: "name", To: "x"}},
		After: bare,
	}
	doc, err := told(e)
	if err != nil {
		t.Fatal(err)
	}
	g.add("an event", doc)
	g.compare()
}

func TestIndexesAsTheyAreAsked(t *testing.T) {
	g := &golden{t: t, file: "indexes.txt"}
	for _, m := range assets(t).models() {
		if m.Options.PartialFilterExpression != nil {
			g.add(*m.Options.Name, bson.D{{Key: "keys", Value: m.Keys}, {Key: "unique", Value: m.Options.Unique}, {Key: "where", Value: m.Options.PartialFilterExpression}})
			continue
		}
		g.add(*m.Options.Name, bson.D{{Key: "keys", Value: m.Keys}})
	}
	g.compare()
}

func TestPipelinesAsTheyAreAsked(t *testing.T) {
	l, g := assets(t), &golden{t: t, file: "pipelines.txt"}
	cost, piece, count := query.At("cost"), query.Path{Field: "lines", Sub: "piece"}, query.Path{Field: "lines", Sub: "count"}
	by := func(p query.Path, b query.Bucket) query.Group { return query.Group{Path: p, Bucket: b} }
	for _, c := range []struct {
		name string
		of   query.Aggregate
	}{
		{"all of them", query.Aggregate{Metrics: []query.Metric{{Op: query.MetricCount}}}},
		{"figures by tier and month", query.Aggregate{
			Filter: query.Where("live", query.Eq, true), Groups: []query.Group{by(query.At("tier"), query.NoBucket), by(query.At("~day:made"), query.Month)},
			Metrics: []query.Metric{{Op: query.MetricCount}, {Op: query.MetricCount, Path: cost}, {Op: query.MetricSum, Path: cost}, {Op: query.MetricMin, Path: cost}, {Op: query.MetricMax, Path: query.At("name")}, {Op: query.MetricDistinct, Path: query.At("name")}},
		}},
		{"by each of several values", query.Aggregate{Groups: []query.Group{by(query.At("tags"), query.NoBucket)}, Metrics: []query.Metric{{Op: query.MetricSum, Path: count}, {Op: query.MetricDistinct, Path: query.At("tags")}}}},
		{"of rows", query.Aggregate{
			Table: "lines", Rows: query.Where("count", query.Gt, int64(0)), Groups: []query.Group{by(piece, query.NoBucket), by(query.At("~day:made"), query.Year)},
			Metrics: []query.Metric{{Op: query.MetricSum, Path: count}, {Op: query.MetricMin, Path: cost}},
		}},
	} {
		where, err := l.where(c.of.Filter)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := l.rowsOf(c.of)
		if err != nil {
			t.Fatal(err)
		}
		g.add(c.name, l.groupStages(both(living(false), where.doc), rows, c.of))
	}
	q := query.Aggregate{Groups: []query.Group{by(query.At("~day:made"), query.Month)}, Metrics: []query.Metric{{Op: query.MetricCount}, {Op: query.MetricCount, Path: cost}, {Op: query.MetricSum, Path: cost}}}
	g.add("from sums kept ready", l.sums[0].stages("user:u1", q))
	f := &finder{layout: l, list: query.List{Form: "asset", Limit: 50, Sorts: []query.Sort{{Path: query.At("tier")}, {Path: cost, Desc: true}}, After: query.Key{"a", nil, "0001"}}}
	var err error
	if f.parts, err = l.parts(query.Where("name", query.Contains, "x")); err != nil {
		t.Fatal(err)
	}
	w, ordered := f.walk()
	if !ordered {
		t.Fatal("no index has the order")
	}
	g.add("the index walked", w.hint)
	for i, segment := range l.segments(f.list.Sorts, f.list.After) {
		g.add(fmt.Sprintf("a window of a walk, stretch %d", i+1), w.window(segment, 200, 51))
	}
	gathered := &gather{finder: f, source: source{where: both(f.base(), d(atTokens, d("$eq", "x"))), hint: tokenIndex, newest: atID}}
	g.add("a window of what is gathered", gathered.stages(d(atID, d("$lt", "0009")), 2000))
	g.compare()
}
