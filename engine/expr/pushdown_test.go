package expr

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

func TestPushDown(t *testing.T) {
	cmp := func(path string, op query.Op, v value.Value) query.Cmp {
		field, sub, _ := strings.Cut(path, ".")
		return query.Cmp{Path: query.Path{Field: value.FieldKey(field), Sub: value.FieldKey(sub)}, Op: op, Value: v}
	}
	in := func(path string, op query.Op, list ...value.Value) query.Cmp {
		return query.Cmp{Path: query.At(value.FieldKey(path)), Op: op, Values: list}
	}
	zone := assetContext(t).Zone
	midnight := func(d int64) int64 { return value.TimeOf(d, zone).UnixMilli() }
	for _, c := range []struct {
		source string
		want   query.Filter
	}{
		{"true", query.Const(true)},
		{"owner == actor.id", cmp("owner", query.Eq, "u1")},
		{"actor.unit != unit", cmp("unit", query.Ne, "n1")},
		{"unit in actor.zones", in("unit", query.In, "z1", "z2")},
		{"tier not in [\"A\", \"B\"]", in("tier", query.Nin, "A", "B")},
		{"actor.id in tags", cmp("tags", query.Eq, "u1")},
		{"hasRole(\"approver\") or owner == actor.id", query.Const(true)},
		{"hasRole(\"other\") or owner == actor.id", cmp("owner", query.Eq, "u1")},
		{"hasRole(\"other\") ? active : tier == \"A\"", cmp("tier", query.Eq, "A")},
		{"active", cmp("active", query.Eq, true)},
		{"not active", cmp("active", query.Ne, true)},
		{"owner == nil", cmp("owner", query.Empty, nil)},
		{"tags != nil and lines == nil", query.And{cmp("tags", query.NotEmpty, nil), cmp("lines", query.Empty, nil)}},
		{"due < addDays(today(), 7)", cmp("due", query.Lt, int64(20260207))},
		{"\"2026-02-07\" < due", cmp("due", query.Gt, int64(20260207))},
		{"date(madeAt) == today()", query.And{cmp("madeAt", query.Gte, midnight(20260131)), cmp("madeAt", query.Lt, midnight(20260201))}},
		{"today() < date(madeAt)", cmp("madeAt", query.Gte, midnight(20260201))},
		{"madeAt >= now()", cmp("madeAt", query.Gte, assetContext(t).Now.UnixMilli())},
		{"amount >= 10.5 * 2", cmp("amount", query.Gte, int64(2100))},
		{"amount >= 0.005", cmp("amount", query.Gt, int64(0))},
		{"amount < 0.005", cmp("amount", query.Lte, int64(0))},
		{"amount == 0.005", query.Const(false)},
		{"amount != 0.005", query.Const(true)},
		{"count < 1000000000000000000", cmp("count", query.NotEmpty, nil)},
		{"count < -1000000000000000000", query.Const(false)},
		{"name contains \"ＰＵ\"", cmp("name", query.Contains, "ＰＵ")},
		{"name startsWith \"P\" and true", cmp("name", query.Prefix, "P")},
		{"let soon = addDays(today(), 7); due < soon", cmp("due", query.Lt, int64(20260207))},
		{"name contains \"\u200b\"", query.Const(false)},
		{"address.region == \"3301\"", cmp("address.region", query.Eq, "3301")},
		{
			"any(lines, .qty > 3 and (.item == \"x\" or .price == nil))",
			query.Rows{Quantifier: query.Any, Table: "lines", Where: query.And{
				cmp("qty", query.Gt, int64(3)), query.Or{cmp("item", query.Eq, "x"), cmp("price", query.Empty, nil)},
			}},
		},
	} {
		p, issues := PushDown(c.source, assetEnv())
		if len(issues) > 0 {
			t.Errorf("%s: %v", c.source, issues)
			continue
		}
		got, err := p.Filter(assetContext(t))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s becomes %#v (%v), want %#v", c.source, got, err, c.want)
		}
	}
}

// TestPushDownWithoutAnActorsParts holds that what an actor lacks opens nothing.
func TestPushDownWithoutAnActorsParts(t *testing.T) {
	ctx := assetContext(t)
	ctx.Actor = value.Actor{}
	for source, want := range map[string]query.Filter{
		"owner == actor.id":                        query.Const(false),
		"owner != actor.id":                        query.Const(true),
		"let me = actor.unit; unit == (me ?? nil)": query.Const(false),
		"unit == lower(actor.unit)":                query.Const(false),
		"unit == actor.zones[0]":                   query.Const(false),
		"unit == max(map(actor.zones, upper(#)))":  query.Const(false),
		"unit == (active ? nil : actor.unit)":      nil,
		"unit == (actor.unit ?? actor.id)":         query.Const(false),
		"unit in actor.zones":                      query.Const(false),
		"unit in [actor.unit, actor.id]":           query.Const(false),
		"actor.unit == nil":                        query.Const(true),
	} {
		p, issues := PushDown(source, assetEnv())
		if want == nil {
			if told(issues) == "" {
				t.Errorf("%s is pushed", source)
			}
			program := mustCompile(t, source, Type{Kind: Bool})
			if v, err := program.Run(ctx, value.Doc{}); err != nil || v != false {
				t.Errorf("%s runs to %v (%v)", source, v, err)
			}
			continue
		}
		if len(issues) > 0 {
			t.Errorf("%s: %v", source, issues)
			continue
		}
		got, err := p.Filter(ctx)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s becomes %#v (%v), want %#v", source, got, err, want)
		}
		if v, err := p.Program().Run(ctx, value.Doc{}); err != nil || v != bool(want.(query.Const)) {
			t.Errorf("%s runs to %v (%v)", source, v, err)
		}
	}
}

func TestNotPushable(t *testing.T) {
	for source, want := range map[string]string{
		"colour == 1":                                  "1:1 expr.unknownName",
		"name":                                         "1:1 expr.result",
		"note == \"a\"":                                "1:6 expr.notPushable",
		"owner == unit":                                "1:7 expr.notPushable",
		"old.tier == \"A\"":                            "1:10 expr.notPushable",
		"count + 1 > 2":                                "1:11 expr.notPushable",
		"active and\n lower(name) == \"a\"":            "2:14 expr.notPushable",
		"name endsWith \"a\"":                          "1:6 expr.notPushable",
		"name matches \"a\"":                           "1:6 expr.notPushable",
		"name contains tier":                           "1:6 expr.notPushable",
		"count(lines) > 1":                             "1:14 expr.notPushable",
		"sum(lines, .qty) > 1":                         "1:18 expr.notPushable",
		"any(lines, .qty > count)":                     "1:17 expr.notPushable",
		"any(lines, active)":                           "1:12 expr.notPushable",
		"any(filter(lines, .qty > 1), .qty < 3)":       "1:1 expr.notPushable",
		"any(tags, # == \"a\")":                        "1:1 expr.notPushable",
		"lines[0].qty > 1":                             "1:14 expr.notPushable",
		"any(lines, any(lines, .qty > 1))":             "1:12 expr.notPushable",
		"owner == unit or name endsWith \"a\"":         "1:7 expr.notPushable, 1:23 expr.notPushable",
		"let x = tier; x == \"A\" and active":          "1:9 expr.notPushable, 1:17 expr.notPushable",
		"\"a\" in [name]":                              "1:5 expr.notPushable",
		"due == \"2026-01-01\" ? note == nil : active": "1:28 expr.notPushable",
	} {
		p, issues := PushDown(source, assetEnv())
		if got := told(issues); got != want || p != nil {
			t.Errorf("%s tells %q, want %q", source, got, want)
		}
	}
}

// TestFaultsOfAFilterAreTold holds that a condition which cannot be known lets nothing through.
func TestFaultsOfAFilterAreTold(t *testing.T) {
	p, issues := PushDown("count > 1 / (len(actor.roles) - 1)", assetEnv())
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	if f, err := p.Filter(assetContext(t)); fault.CodeOf(err) != "expr.divisionByZero" || f != query.Const(false) {
		t.Errorf("%v, %v", f, err)
	}
	p, _ = PushDown("hasRole(\"approver\") or count > 1 / (len(actor.roles) - 1)", assetEnv())
	if f, err := p.Filter(assetContext(t)); err != nil || f != query.Const(true) {
		t.Errorf("%v, %v: a run does not look at the right side either", f, err)
	}
}

// TestRunAgreesWithMatch is the proof behind PushDown: for any record and any condition that can be
// pushed, the store's answer is the rule's.
func TestRunAgreesWithMatch(t *testing.T) {
	met := 0
	rapid.Check(t, func(t *rapid.T) {
		ctx := drawContext(t)
		source := condition(t, 3, false)
		p, issues := PushDown(source, assetEnv())
		if len(issues) > 0 {
			t.Fatalf("%s: %v", source, issues)
		}
		f, err := p.Filter(ctx)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		for range 5 {
			record := &value.Record{Values: drawRecord(t)}
			got, err := p.Program().Holds(ctx, record.Values)
			if err != nil {
				t.Fatalf("%s over %v: %v", source, record.Values, err)
			}
			if match := query.Match(f, record); got != match {
				t.Fatalf("%s over %v runs to %v, but %#v matches %v", source, record.Values, got, f, match)
			}
			if got {
				met++
			}
		}
	})
	if met == 0 {
		t.Error("no condition was ever met: the test would hold nothing")
	}
}

func drawContext(t *rapid.T) Context {
	name := rapid.SampledFrom([]string{"UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"}).Draw(t, "zone")
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	ctx := Context{Now: time.UnixMilli(rapid.SampledFrom(instants).Draw(t, "now")), Zone: zone}
	if rapid.Bool().Draw(t, "known") {
		ctx.Actor = value.Actor{User: "a", Unit: "b", Roles: []string{"r"}, Zones: []value.ID{"a", "c"}}
	}
	return ctx
}

// The values are few, so that conditions and records meet.
var (
	words    = []string{"a", "b", "c", "Ａb", "甲乙", "a b"}
	wholes   = []int64{-1, 0, 1, 2, 100, 101, value.MaxExact}
	calendar = []int64{20251231, 20260101, 20260308, 20260309, 20261101}
	instants = []int64{1767225599999, 1767225600000, 1772953200000, 1772956800000, 1793505600000, 1793512800000}
)

func drawRecord(t *rapid.T) value.Doc {
	doc := value.Doc{}
	put := func(doc value.Doc, key string, draw func() value.Value) {
		if rapid.IntRange(0, 2).Draw(t, key+"?") > 0 {
			doc[key] = draw()
		}
	}
	word := func() value.Value { return rapid.SampledFrom(words).Draw(t, "word") }
	number := func() value.Value { return rapid.SampledFrom(wholes).Draw(t, "whole") }
	date := func() value.Value { return rapid.SampledFrom(calendar).Draw(t, "day") }
	some := func(draw func() value.Value) value.List {
		list := value.List{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			list = append(list, draw())
		}
		return list
	}
	for _, key := range []string{"name", "tier", "unit", "owner"} {
		put(doc, key, word)
	}
	put(doc, "count", number)
	put(doc, "amount", number)
	put(doc, "active", func() value.Value { return rapid.Bool().Draw(t, "active") })
	put(doc, "due", date)
	put(doc, "madeAt", func() value.Value { return rapid.SampledFrom(instants).Draw(t, "instant") })
	put(doc, "tags", func() value.Value { return some(word) })
	put(doc, "holidays", func() value.Value { return some(date) })
	put(doc, "address", func() value.Value { return value.Doc{"region": word()} })
	put(doc, "lines", func() value.Value {
		return some(func() value.Value {
			row := value.Doc{"id": "x"}
			put(row, "item", word)
			put(row, "qty", number)
			put(row, "price", number)
			put(row, "sent", date)
			return row
		})
	})
	normal, _ := value.Normal(doc).(value.Doc)
	return normal
}

// condition draws a condition that can be pushed; in a row its fields are the row's.
func condition(t *rapid.T, depth int, row bool) string {
	if depth > 0 {
		switch rapid.IntRange(0, 6).Draw(t, "shape") {
		case 0:
			return "(" + condition(t, depth-1, row) + " and " + condition(t, depth-1, row) + ")"
		case 1:
			return "(" + condition(t, depth-1, row) + " or " + condition(t, depth-1, row) + ")"
		case 2:
			return "not (" + condition(t, depth-1, row) + ")"
		case 3:
			return "(" + condition(t, depth-1, row) + " ? " + condition(t, depth-1, row) + " : " + condition(t, depth-1, row) + ")"
		case 4:
			if !row {
				quantifier := rapid.SampledFrom([]string{"any", "all", "none"}).Draw(t, "quantifier")
				return quantifier + "(lines, " + condition(t, depth-1, true) + ")"
			}
		}
	}
	return comparison(t, row)
}

func comparison(t *rapid.T, row bool) string {
	pick := func(options ...string) string { return rapid.SampledFrom(options).Draw(t, "pick") }
	op, same := pick("==", "!=", "<", "<=", ">", ">="), pick("==", "!=")
	text, number, date := pick("name", "tier", "unit", "owner", "address.region"), pick("count", "amount"), "due"
	if row {
		text, number, date = ".item", pick(".qty", ".price"), ".sent"
	}
	fixedText := pick(`"a"`, `"b"`, `"Ａb"`, `"甲"`, `"  "`, "actor.id", "actor.unit", "(actor.unit ?? \"c\")", "lower(\"B\")")
	fixedNumber := pick("0", "1", "1.005", "0.01", "-1", "2 * 0.5", "1000000000000000", "-99999999999999999", "sum([1, 0.01])", "(actor.unit == nil ? nil : 1)")
	fixedDay := pick(`"2026-01-01"`, "today()", "addDays(today(), 1)", "date(now())", `startOfMonth("2026-03-09")`, "(actor.unit == nil ? nil : today())")
	switch rapid.IntRange(0, 13).Draw(t, "kind") {
	case 0, 1:
		return swap(t, text, op, fixedText)
	case 2, 3:
		return swap(t, number, op, fixedNumber)
	case 4:
		return swap(t, date, op, fixedDay)
	case 5:
		return swap(t, pick(text, number, date), same, "nil")
	case 6:
		return text + " " + pick("contains", "startsWith", "not contains") + " " + fixedText
	case 7:
		return text + " " + pick("in", "not in") + " " + pick(`["a", "b"]`, "actor.zones", "[]", "[actor.id, \"c\"]", "actor.roles")
	case 8:
		return number + " in " + pick("[1, 1.01, 0.005]", "0..2")
	case 9:
		return pick("true", "false", "hasRole(\"r\")", "any(actor.zones, # == \"c\")", "actor.unit == nil")
	}
	if row {
		return date + ` in ["2026-01-01", "2026-03-09"]`
	}
	switch rapid.IntRange(0, 4).Draw(t, "field") {
	case 0:
		return pick("active", "active == false", "active != true", "lines == nil", "tags != nil", "address == nil")
	case 1:
		return fixedText + pick(" in ", " not in ") + "tags"
	case 2:
		return fixedDay + " in holidays"
	case 3:
		return swap(t, "madeAt", op, pick("now()", "addDays(now(), -1)", `"2026-01-01T00:00:00Z"`, "(nil ?? now())"))
	}
	return swap(t, "date(madeAt)", op, fixedDay)
}

// swap puts a comparison either way round.
func swap(t *rapid.T, left, op, right string) string {
	if rapid.Bool().Draw(t, "swapped") {
		left, right = right, left
	}
	return fmt.Sprintf("%s %s %s", left, op, right)
}
