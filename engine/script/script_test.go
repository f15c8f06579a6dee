package script_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/script"
)

func text(t *testing.T, v any) string {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// What scripts can do with what they are given, each with what they must return.
func TestTheLanguage(t *testing.T) {
	pool := newPool(t)
	record := map[string]any{
		"name": "Ladder", "price": script.Decimal("12.50"), "count": int64(3), "big": int64(9007199254740993), "good": true,
		"lines": []any{map[string]any{"quantity": int64(2), "amount": script.Decimal("0.10")}},
	}
	for source, want := range map[string]string{
		`return record.name`: `"Ladder"`,
		`return record.name .. "/" .. record.count .. "/" .. record.price`: `"Ladder/3/12.50"`,
		`return record.price * record.count`:                               `{"$d":"37.50"}`,
		`return record.price + record.lines[1].amount`:                     `{"$d":"12.60"}`,
		`return (record.price / 3):round(2)`:                               `{"$d":"4.17"}`,
		`return decimal("2.345"):round(2)`:                                 `{"$d":"2.35"}`,
		`return decimal("-2.345"):round(2)`:                                `{"$d":"-2.35"}`,
		`return decimal("2.344"):round(2)`:                                 `{"$d":"2.34"}`,
		`return {record.price > 12, record.price < 12, 13 >= record.price, record.price == 12, record.price ~= 12}`: `[true,false,true,false,true]`,
		`return decimal(12) == 12`:                                   `true`,
		`local a, b = decimal("1.0"), decimal("1.00") return a == b`: `true`,
		`local a, b = decimal(1), 1 return a == b`:                   `true`,
		`return record.big`:                                          `"9007199254740993"`,
		`return record.missing == nil`:                               `true`,
		`local names = {} for k in pairs(record) do names[#names + 1] = k end return table.concat(names, " ")`: `"big count good lines name price"`,
		`return {today(), now(), event, actor.id}`:                                                             `["2026-03-31","2026-03-31T04:00:00Z","beforeUpdate","kim"]`,
		`return ("a,b,,c"):gsub(",", ";")`:                                                                     `"a;b;;c"`,
		`local n = 0 for w in ("one two  three"):gmatch("%a+") do n = n + #w end return n`:                     `11`,
		`return {("key = value"):match("^(%w+)%s*=%s*(%w+)$")}`:                                                `["key","value"]`,
		`return {("hello"):find("l")}`:                                                                         `[3,3]`,
		`return {("hello"):find("(l)(l)")}`:                                                                    `[3,4,"l","l"]`,
		`return {("f(a(b)c)d"):find("%b()")}`:                                                                  `[2,8]`,
		`return ("THE (quick) fox"):find("%((%a+)%)")`:                                                         `5`,
		`return ("THE (quick) fox"):gsub("%f[%a]%a+", string.lower)`:                                           `"the (quick) fox"`,
		`return ("abc"):gsub("%w", "%0%0")`:                                                                    `"aabbcc"`,
		`return ("abc"):gsub("", "-")`:                                                                         `"-a-b-c-"`,
		`return ("$name is $age"):gsub("%$(%w+)", {name = "Kim"})`:                                             `"Kim is $age"`,
		`return string.format("%05.1f|%s|%d", 3.14159, record.price, 42)`:                                      `"003.1|12.50|42"`,
		`return select("#", unpack({1, 2, 3}))`:                                                                `3`,
		`return math.random(10) == math.random(10)`:                                                            `true`,
		`return pcall(error, "no")`:                                                                            `false`,
		`local t = setmetatable({}, {__index = function(_, k) return k .. "!" end}) return t.hey`:              `"hey!"`,
		`return {}`:                 `[]`,
		`return {a = {b = {1, 2}}}`: `{"a":{"b":[1,2]}}`,
		`return 1 / 4`:              `0.25`,
		`return coroutine == nil and os == nil and io == nil and debug == nil and load == nil and loadstring == nil and require == nil and getfenv == nil and rawset == nil and getmetatable == nil and _G == nil and dofile == nil and newproxy == nil and string.dump == nil`: `true`,
	} {
		got, err := run(t, pool, source, script.Call{Record: record}, nil)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if source == `return math.random(10) == math.random(10)` {
			continue
		}
		if text(t, got.Value) != want {
			t.Errorf("%s: %s, want %s", source, text(t, got.Value), want)
		}
	}
}

// What a script must not be able to do ends with a fault that names the line.
func TestFaultsNameTheirPlace(t *testing.T) {
	pool := newPool(t)
	for source, want := range map[string]struct {
		code, text string
		line       int
	}{
		"local a = 1\nreturn record.price + 0.5": {"script.failed", `does not mix with the fraction 0.5`, 2},
		"return record.price == 0.5":             {"script.failed", `does not mix`, 1},
		"\n\nlocal x = nil\nreturn x.y":          {"script.failed", "attempt to index", 4},
		"return (":                               {"script.syntax", "", 0},
		"local a =\nlocal b":                     {"script.syntax", "", 2},
		"string.format = nil":                    {"script.failed", "cannot be changed", 1},
		"error('broken')":                        {"script.failed", "broken", 1},
		"return function() end":                  {"script.failed", "returns", 0},
		"local t = {} t.t = t return t":          {"script.failed", "holds itself", 0},
		"return 0/0":                             {"script.failed", "infinite", 0},
		"return {1, 2, a = 3}":                   {"script.failed", "list", 0},
		"record.price = function() end":          {"script.failed", "price", 0},
		"get('thing')":                           {"script.failed", "get(form, id)", 1},
		"return query('thing')":                  {"script.failed", "record.mayNot", 1},
		"return decimal('x')":                    {"script.failed", "no exact number", 1},
		"return decimal(1) / 0":                  {"script.failed", "division", 1},
		"return record.price < 'a'":              {"script.failed", "compare", 1},
		"return 1 .. {}":                         {"script.failed", "join", 1},
		"return ('x'):rep(1e9)":                  {"script.failed", "bytes", 1},
		"return string.format('%999d', 1)":       {"script.failed", "two digits", 1},
		"return ('x'):find('[')":                 {"script.failed", "malformed", 1},
		"return ('x'):find('%1')":                {"script.failed", "malformed", 1},
		"goto nowhere":                           {"script.syntax", "", 0},
	} {
		_, err := run(t, pool, source, script.Call{Record: map[string]any{"price": script.Decimal("12.50")}}, nil)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != want.code {
			t.Errorf("%q: %v, want %s", source, err, want.code)
			continue
		}
		said, _ := f.Args["text"].(string)
		if !strings.Contains(said, want.text) || f.Args["line"] != want.line && want.line != 0 {
			t.Errorf("%q: line %v, %q; want line %d, %q", source, f.Args["line"], said, want.line, want.text)
		}
		if line, _ := f.Args["line"].(int); line > 0 && !strings.Contains(f.Args["source"].(string), "> ") {
			t.Errorf("%q: no lines of source: %v", source, f.Args)
		}
	}
}
