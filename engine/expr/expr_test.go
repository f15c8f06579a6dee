package expr

import (
	"errors"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// assetEnv is the form that most tests speak of.
func assetEnv() Env {
	return Env{
		Actor: true, Old: true,
		Fields: map[string]Type{
			"name":     {Kind: Text, Pushable: true},
			"note":     {Kind: Text},
			"tier":     {Kind: Text, Pushable: true},
			"unit":     {Kind: Text, Pushable: true},
			"owner":    {Kind: Text, Pushable: true},
			"count":    {Kind: Int, Pushable: true},
			"amount":   {Kind: Decimal, Scale: 2, Pushable: true},
			"rate":     {Kind: Decimal, Scale: 4, Pushable: true},
			"active":   {Kind: Bool, Pushable: true},
			"due":      {Kind: Date, Pushable: true},
			"madeAt":   {Kind: DateTime, Pushable: true},
			"tags":     {Kind: List, Of: &Type{Kind: Text}, Pushable: true},
			"holidays": {Kind: List, Of: &Type{Kind: Date}, Pushable: true},
			"address": {Kind: Object, Pushable: true, Fields: map[string]Type{
				"region": {Kind: Text, Pushable: true}, "street": {Kind: Text, Pushable: true},
			}},
			"lines": {Kind: Rows, Pushable: true, Fields: map[string]Type{
				"item": {Kind: Text, Pushable: true}, "qty": {Kind: Int, Pushable: true},
				"price": {Kind: Decimal, Scale: 2, Pushable: true}, "sent": {Kind: Date, Pushable: true},
			}},
		},
	}
}

func assetContext(t testing.TB) Context {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := org.NewCalendar([]time.Weekday{time.Saturday, time.Sunday}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Context{
		Now: time.Date(2026, 1, 30, 17, 30, 0, 0, time.UTC), Zone: zone, Calendar: calendar, // the 31st, 01:30, a Saturday
		Actor: value.Actor{User: "u1", Unit: "n1", Roles: []string{"approver"}, Zones: []value.ID{"z1", "z2"}},
		Old:   value.Doc{"tier": "B", "amount": int64(1000)},
	}
}

func assetValues() value.Doc {
	return value.Doc{
		"name": "Ｐump station", "tier": "A", "unit": "n1", "owner": "u1", "count": int64(3), "amount": int64(123456),
		"rate": int64(1250), "active": true, "due": int64(20260331), "madeAt": int64(1769702400000),
		"tags": value.List{"red", "blue"}, "holidays": value.List{int64(20260101), int64(20260217)},
		"address": value.Doc{"region": "3301"},
		"lines": value.List{
			value.Doc{"item": "i1", "qty": int64(2), "price": int64(1010), "sent": int64(20260102)},
			value.Doc{"item": "i2", "qty": int64(3), "price": int64(5)},
			value.Doc{"item": "i3", "price": int64(9999)},
		},
	}
}

func mustCompile(t testing.TB, source string, want Type) *Program {
	t.Helper()
	p, issues := Compile(source, assetEnv(), want)
	if len(issues) > 0 {
		t.Fatalf("%s: %v", source, issues)
	}
	return p
}

func TestRun(t *testing.T) {
	for _, c := range []struct {
		source string
		kind   Kind
		scale  int
		want   value.Value
	}{
		{"0.1 + 0.2 == 0.3", Bool, 0, true},
		{"amount * rate", Decimal, 2, int64(15432)},
		{"amount * 2", Decimal, 2, int64(246912)},
		{"1 / 3", Decimal, 4, int64(3333)},
		{"2.345", Decimal, 2, int64(235)},
		{"-2.345", Decimal, 2, int64(-235)},
		{"2.344999", Decimal, 2, int64(234)},
		{"round(2.5)", Int, 0, int64(3)},
		{"round(-2.5)", Int, 0, int64(-3)},
		{"round(1.005, 2) * 100", Decimal, 0, int64(101)},
		{"floor(-1.5) + ceil(1.2)", Int, 0, int64(0)},
		{"7 % 3 + abs(-2)", Int, 0, int64(3)},
		{"min(3, amount, 2.5)", Decimal, 1, int64(25)},
		{"max(map(lines, .price))", Decimal, 2, int64(9999)},
		{"min(map(lines, .sent))", Date, 0, int64(20260102)},
		{"max([])", Int, 0, nil},
		{"sum(lines, (.qty ?? 0) * .price)", Decimal, 2, int64(2035)},
		{"lines | filter(.qty != nil) | map(.qty * .price) | sum()", Decimal, 2, int64(2035)},
		{"sum(lines, .qty)", Int, 0, int64(5)},
		{"count(lines, .qty > 2)", Int, 0, int64(1)},
		{"count(lines)", Int, 0, int64(3)},
		{"len(filter(lines, .item in [\"i1\", \"i2\"]))", Int, 0, int64(2)},
		{"lines[-1].item", Text, 0, "i3"},
		{"lines[7].item", Text, 0, nil},
		{"any(lines, .qty > 2) and all(lines, .price > 0) and none(lines, .item == \"x\")", Bool, 0, true},
		{"all(lines, .qty > 0)", Bool, 0, false},
		{"all(1..3, # < 4)", Bool, 0, true},
		{"any(tags, let t = #; any(lines, .item == t))", Bool, 0, false},
		{"tier == \"A\" ? \"top\" : nil", Text, 0, "top"},
		{"if count > 2 { \"many\" } else { \"few\" }", Text, 0, "many"},
		{"let x = count * 2; x + x", Int, 0, int64(12)},
		{"note == nil and note == \"\" and note != \"a\" and not (note == \"a\")", Bool, 0, true},
		{"note < \"a\" or note >= \"a\"", Bool, 0, false},
		{"(note ?? \"\") + \"x\"", Text, 0, "x"},
		{"note ?? tier", Text, 0, "A"},
		{"name contains \"PUMP\" and name startsWith \"Ｐ\" and name endsWith \"ion\"", Bool, 0, true},
		{"name matches \"st.tion$\" and name not contains \"x\"", Bool, 0, true},
		{"upper(trim(\" a \") + lower(\"B\"))", Text, 0, "AB"},
		{"substring(name, 0, 2)", Text, 0, "Ｐu"},
		{"substring(name, 9) + substring(name, -1, 3) + substring(name, 99)", Text, 0, "ion"},
		{"len(name) + len(tags) + len(note)", Int, 0, int64(14)},
		{"\"red\" in tags and not (\"green\" in tags) and \"green\" not in tags", Bool, 0, true},
		{"note in [\"a\"]", Bool, 0, false},
		{"date(\"2026-02-17\") in holidays", Bool, 0, true},
		{"due in [\"2026-03-31\", \"2026-04-01\"]", Bool, 0, true},
		{"today()", Date, 0, int64(20260131)},
		{"addDays(today(), 1)", Date, 0, int64(20260201)},
		{"addMonths(today(), 1)", Date, 0, int64(20260228)},
		{"addWorkdays(today(), 1)", Date, 0, int64(20260202)},
		{"workdays(\"2026-01-30\", \"2026-02-02\")", Int, 0, int64(1)},
		{"daysBetween(today(), due)", Int, 0, int64(59)},
		{"startOfMonth(due)", Date, 0, int64(20260301)},
		{"endOfMonth(\"2028-02-05\")", Date, 0, int64(20280229)},
		{"year(due) * 10000 + month(due) * 100 + day(due)", Int, 0, int64(20260331)},
		{"weekday(today())", Int, 0, int64(6)},
		{"due > \"2026-03-30\" and due <= date(\"2026-03-31\")", Bool, 0, true},
		{"date(now())", Date, 0, int64(20260131)},
		{"addDays(now(), -1)", DateTime, 0, int64(1769707800000)},
		{"madeAt > \"2026-01-29T00:00:00+08:00\" and madeAt < now()", Bool, 0, true},
		{"year(note == nil ? nil : due)", Int, 0, nil},
		{"address.region == \"3301\" and address.street == nil and address?.region != nil", Bool, 0, true},
		{"old.tier != tier and old.note == note and old.amount == 10", Bool, 0, true},
		{"actor.id == owner and actor.unit == unit and \"approver\" in actor.roles", Bool, 0, true},
		{"hasRole(\"approver\") and not hasRole(\"other\") and len(actor.zones) == 2", Bool, 0, true},
		{"sum(active ? lines : filter(lines, .qty > 1), .qty)", Int, 0, int64(5)},
		{"len(active ? tags : [\"x\"])", Int, 0, int64(2)},
		{"(active ? address : old.address)?.region", Text, 0, "3301"},
		{"[0.5, count, amount][1] + .5", Decimal, 1, int64(35)},
		{"[\"2026-01-02\", \"2026-01-01\"][-1]", Text, 0, "2026-01-01"},
		{"min(due, \"2026-01-01\")", Date, 0, int64(20260101)},
		{"max(note ?? \"a\", \"b\")", Text, 0, "b"},
		{"filter(tags, # != \"red\")", List, 0, value.List{"blue"}},
		{"filter(lines, .qty == 3)", Rows, 0, value.List{value.Doc{"item": "i2", "qty": int64(3), "price": int64(5)}}},
		{"nil", Decimal, 2, nil},
		{"[tier, note, \"x\"]", List, 0, value.List{"A", "x"}},
	} {
		p := mustCompile(t, c.source, Type{Kind: c.kind, Scale: c.scale})
		got, err := p.Run(assetContext(t), assetValues())
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
		} else if !value.Equal(got, c.want) {
			t.Errorf("%s = %v, want %v", c.source, got, c.want)
		}
	}
}

func TestRunFaults(t *testing.T) {
	for _, c := range []struct{ source, code, name string }{
		{"note + \"x\"", "expr.absent", "note"},
		{"1 + (old.rate * 2)", "expr.absent", "old.rate"},
		{"sum(lines, .qty * 2)", "expr.absent", "lines.qty"},
		{"-old.count", "expr.absent", "old.count"},
		{"max(1, old.count)", "expr.absent", "old.count"},
		{"1 / (count - 3)", "expr.divisionByZero", ""},
		{"1 % 0", "expr.divisionByZero", ""},
		{"addDays(due, 10000000)", "expr.day", ""},
		{"amount * 1000000000000000", "expr.number", ""},
		{"9000000000000000000 * 9000000000000000000", "expr.number", ""},
	} {
		_, err := mustCompile(t, c.source, Type{}).Run(assetContext(t), assetValues())
		if fault.CodeOf(err) != c.code || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want %s", c.source, err, c.code)
			continue
		}
		var e *fault.Error
		if errors.As(err, &e); c.name != "" && e.Args["name"] != c.name {
			t.Errorf("%s: names %v, want %s", c.source, e.Args, c.name)
		}
	}
}
