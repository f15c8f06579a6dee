package expr

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/query"
)

// told writes issues as "line:col code", in order.
func told(issues fault.Issues) string {
	var out []string
	for _, i := range issues {
		out = append(out, fmt.Sprintf("%d:%d %s", i.Line, i.Col, i.Code))
	}
	return strings.Join(out, ", ")
}

func TestIssues(t *testing.T) {
	for _, c := range []struct {
		source string
		want   Type
		told   string
	}{
		{"", Type{}, "1:1 expr.syntax"},
		{"1 +", Type{}, "1:3 expr.syntax"},
		{"name = 1", Type{}, "1:6 expr.syntax"},
		{"\xff", Type{}, "1:1 expr.syntax"},
		{"colour == 1", Type{}, "1:1 expr.unknownName"},
		{"\"一二\" == 颜色", Type{}, "1:9 expr.unknownName"},
		{"count > 1 and\n  (shade == 2 or tint)", Type{}, "2:4 expr.unknownName, 2:18 expr.unknownName"},
		{"any(lines, .weight > 1)", Type{}, "1:13 expr.unknownName"},
		{"old.weight", Type{}, "1:5 expr.unknownName"},
		{"old", Type{}, "1:1 expr.unknownName"},
		{"actor", Type{}, "1:1 expr.unknownName"},
		{"actor.password", Type{}, "1:7 expr.unknownName"},
		{"$env.name", Type{}, "1:1 expr.unknownName"},
		{"any(lines, #index > 1)", Type{}, "1:12 expr.unknownName"},
		{"name > 1", Type{}, "1:6 expr.operands"},
		{"name == 1", Type{}, "1:6 expr.operands"},
		{"due == madeAt", Type{}, "1:5 expr.operands"},
		{"tags == \"a\"", Type{}, "1:6 expr.operands"},
		{"lines == lines", Type{}, "1:7 expr.operands"},
		{"active > true", Type{}, "1:8 expr.operands"},
		{"count + name", Type{}, "1:7 expr.operands"},
		{"nil + 1", Type{}, "1:5 expr.operands"},
		{"count in tags", Type{}, "1:7 expr.operands"},
		{"name in name", Type{}, "1:6 expr.operands"},
		{"name ?? 1", Type{}, "1:6 expr.operands"},
		{"due > \"2026-02-31\"", Type{}, "1:7 expr.literal"},
		{"due in [\"tomorrow\"]", Type{}, "1:9 expr.literal"},
		{"madeAt > \"2026-01-01\"", Type{}, "1:10 expr.literal"},
		{"date(\"31/12\")", Type{}, "1:6 expr.literal"},
		{"count and active", Type{}, "1:1 expr.type"},
		{"not name", Type{}, "1:5 expr.type"},
		{"-name", Type{}, "1:2 expr.type"},
		{"lines.qty > 1", Type{}, "1:7 expr.type"},
		{"name[0]", Type{}, "1:1 expr.type"},
		{"active ? 1 : name", Type{}, "1:14 expr.type"},
		{"[1, name]", Type{}, "1:5 expr.type"},
		{"[lines]", Type{}, "1:2 expr.type"},
		{"upper(1)", Type{}, "1:7 expr.type"},
		{"addDays(due, 1.5)", Type{}, "1:14 expr.type"},
		{"map(lines, #)", Type{}, "1:12 expr.type"},
		{"filter(lines, .qty)", Type{}, "1:16 expr.type"},
		{"round(1, count)", Type{}, "1:1 expr.arguments"},
		{"round(1, 10)", Type{}, "1:1 expr.arguments"},
		{"round()", Type{}, "1:1 expr.arguments"},
		{"today(1)", Type{}, "1:1 expr.arguments"},
		{"min()", Type{}, "1:1 expr.arguments"},
		{"min(1, name)", Type{}, "1:1 expr.arguments"},
		{"min(true, false)", Type{}, "1:1 expr.arguments"},
		{"max(lines)", Type{}, "1:5 expr.type"},
		{"sum(tags)", Type{}, "1:1 expr.arguments"},
		{"1.2345678901234567890", Type{}, "1:1 expr.number"},
		{"1e5", Type{}, "1:1 expr.number"},
		{"1.5", Type{Kind: Int}, "1:1 expr.result"},
		{"name", Type{Kind: Bool}, "1:1 expr.result"},
		{"\"soon\"", Type{Kind: Date}, "1:1 expr.literal"},
		{"tags", Type{Kind: List, Of: &Type{Kind: Int}}, "1:1 expr.result"},
		{"2 ** 8", Type{}, "1:3 expr.notAllowed"},
		{"{a: 1}", Type{}, "1:1 expr.notAllowed"},
		{"name; name", Type{}, "1:1 expr.notAllowed"},
		{"name[0:1]", Type{}, "1:5 expr.notAllowed"},
		{"b\"x\" == name", Type{}, "1:1 expr.notAllowed"},
	} {
		p, issues := Compile(c.source, assetEnv(), c.want)
		if got := told(issues); got != c.told || p != nil {
			t.Errorf("%q tells %q, want %q", c.source, got, c.told)
		}
	}
}

func TestEnvSwitchesOff(t *testing.T) {
	env := assetEnv()
	env.Actor, env.Old = false, false
	_, issues := Compile("actor.id == old.name", env, Type{})
	if told(issues) != "1:1 expr.unknownName, 1:13 expr.unknownName" {
		t.Errorf("told %q", told(issues))
	}
}

func TestReads(t *testing.T) {
	for _, c := range []struct{ source, reads, old string }{
		{"1 + 1", "", ""},
		{"amount * rate + amount", "amount rate", ""},
		{"sum(lines, .qty * .price)", "lines.price lines.qty", ""},
		{"lines | filter(.qty > 1) | map(.price) | sum()", "lines.price lines.qty", ""},
		{"count(lines)", "lines", ""},
		{"count(lines, active)", "active lines", ""},
		{"len(filter(lines, .qty > 1))", "lines lines.qty", ""},
		{"lines[0].qty", "lines.qty", ""},
		{"address.region", "address.region", ""},
		{"address != nil", "address", ""},
		{"(active ? address : old.address).region", "active address", "address"},
		{"sum(active ? lines : old.lines, .qty)", "active lines", "lines"},
		{"old.tier != tier and sum(old.lines, .qty) > 0", "tier", "lines.qty tier"},
		{"any(lines, let q = .qty; any(old.lines, .qty == q))", "lines.qty", "lines.qty"},
		{"let x = count; x > 1 ? due : date(madeAt)", "count due madeAt", ""},
		{"name contains \"x\" or \"a\" in tags", "name tags", ""},
	} {
		p := mustCompile(t, c.source, Type{})
		if got := joinPaths(p.Reads()); got != c.reads {
			t.Errorf("%s reads %q, want %q", c.source, got, c.reads)
		}
		if got := joinPaths(p.ReadsOld()); got != c.old {
			t.Errorf("%s reads of old %q, want %q", c.source, got, c.old)
		}
	}
}

func TestReadsFollowsGivenPaths(t *testing.T) {
	env := Env{Fields: map[string]Type{
		"qty":    {Kind: Int, Path: query.Path{Field: "lines", Sub: "qty"}},
		"parent": {Kind: Object, Fields: map[string]Type{"rate": {Kind: Int, Path: query.At("rate")}}},
	}}
	p, issues := Compile("qty * parent.rate", env, Type{Kind: Int})
	if len(issues) > 0 || joinPaths(p.Reads()) != "lines.qty rate" {
		t.Errorf("reads %v (%v)", p.Reads(), issues)
	}
}

func joinPaths(paths []query.Path) string {
	var out []string
	for _, p := range paths {
		out = append(out, p.String())
	}
	return strings.Join(out, " ")
}

func TestUses(t *testing.T) {
	for source, want := range map[string][2]bool{
		"count > 1": {false, false}, "actor.unit == unit": {true, false}, "hasRole(\"x\")": {true, false},
		"due < today()": {false, true}, "any(lines, .sent > date(now()))": {false, true},
	} {
		p := mustCompile(t, source, Type{Kind: Bool})
		if p.UsesActor() != want[0] || p.UsesClock() != want[1] {
			t.Errorf("%s uses actor %v, clock %v", source, p.UsesActor(), p.UsesClock())
		}
	}
}

func TestTypeOfFreeResult(t *testing.T) {
	for source, want := range map[string]Type{
		"count + 1": {Kind: Int}, "amount * rate": {Kind: Decimal, Scale: 6}, "round(amount, 1)": {Kind: Decimal, Scale: 1},
		"1 / 2": {Kind: Decimal, Scale: 9}, "due": {Kind: Date}, "name": {Kind: Text},
	} {
		if got := mustCompile(t, source, Type{}).Type(); got.Kind != want.Kind || got.Scale != want.Scale {
			t.Errorf("%s is %s(%d), want %s(%d)", source, got.Kind, got.Scale, want.Kind, want.Scale)
		}
	}
}

func TestReservedNamesCannotBeRead(t *testing.T) {
	env := Env{Actor: true, Old: true, Fields: map[string]Type{}}
	for _, name := range Reserved() {
		env.Fields[name] = Type{Kind: Text}
	}
	for _, name := range Reserved() {
		if p, _ := Compile(name, env, Type{}); p != nil && len(p.Reads()) > 0 {
			t.Errorf("%s reads the field", name)
		}
	}
	if !slices.IsSorted(Reserved()) {
		t.Error("not sorted")
	}
	for _, d := range Library() {
		if p, issues := Compile(d.Name, Env{Fields: map[string]Type{d.Name: {Kind: Text}}}, Type{}); p == nil || len(p.Reads()) != 1 {
			t.Errorf("a field may be called %s, as its function is: %v", d.Name, issues)
		}
	}
}
