package script

import (
	"slices"
	"strings"
)

// Place says where a function of the API is carried out.
type Place int

const (
	// Asked is answered by the host, while the script waits.
	Asked Place = iota
	// Buffered is noted here and comes back as an Effect.
	Buffered
	// Inside needs nothing from outside of the worker.
	Inside
)

// Function is one function that scripts may call, texts aside: what it does is in package message, under
// "scriptHelp.<name>" without the signs that names there have not; see HelpCode.
type Function struct {
	Name    string `json:"name"`
	Usage   string `json:"usage"`   // as one writes it
	Example string `json:"example"` // a whole script
	Shows   string `json:"shows"`   // what the example comes to, as the test of a script writes down what it expects
	Place   Place  `json:"-"`
	least   int    // arguments
	most    int
}

// HelpCode is the code of the text that says what the function does.
func (f Function) HelpCode() string {
	word, rest, _ := strings.Cut(f.Name, "_")
	if rest != "" {
		rest = strings.ToUpper(rest[:1]) + rest[1:]
	}
	return "scriptHelp." + word + rest
}

// api lists every function that scripts have beside Lua's own: what the manual and completion show, what a
// worker offers and what is answered here, in one table. The examples are of a form "loan" of tools lent, with
// three records; a test runs each.
var api = []Function{
	{
		"get", `get(form, id)`,
		`return get("loan", "l2").name`, `{"result": "axe"}`,
		Asked, 2, 2,
	}, {
		"get_many", `get_many(form, {id, …})`,
		`local found = get_many("loan", {"l1", "l9"}) return {found.l1.name, found.l9 == nil}`, `{"result": ["saw", true]}`,
		Asked, 2, 2,
	}, {
		"query", `query(form, {filter=…, sort=…, limit=…, fields={…}})`,
		`return query("loan", {filter = "tier == 'A'", sort = "-price", limit = 10, fields = {"name"}})[1].name`, `{"result": "saw"}`,
		Asked, 1, 2,
	}, {
		"aggregate", `aggregate(form, {filter=…, group={{field=…}}, metrics={{op="sum", field=…}}})`,
		`local rows = aggregate("loan", {group = {{field = "tier"}}, metrics = {{op = "sum", field = "price"}}}) return {rows[1].keys[1], rows[1].metrics[1]}`,
		`{"result": ["A", "170.25"]}`,
		Asked, 2, 2,
	}, {
		"days", `days(from, to)`,
		`return days("2026-03-01", "2026-03-31")`, `{"result": 30}`,
		Asked, 2, 2,
	}, {
		"workdays", `workdays(from, to)`,
		`return workdays("2026-03-27", "2026-03-31")`, `{"result": 2}`,
		Asked, 2, 2,
	}, {
		"manager_of", `manager_of(user)`,
		`return manager_of("ann")`, `{"result": "bea"}`,
		Asked, 1, 1,
	}, {
		"create", `create(form, values)`,
		`return create("loan", {name = "rake"}) ~= nil`, `{"effects": [{"op": "create", "form": "loan", "values": {"name": "rake"}}], "result": true}`,
		Buffered, 2, 2,
	}, {
		"update", `update(form, id, values)`,
		`update("loan", "l1", {tier = "B"})`, `{"effects": [{"op": "update", "form": "loan", "id": "l1", "values": {"tier": "B"}}]}`,
		Buffered, 3, 3,
	}, {
		"delete", `delete(form, id)`,
		`delete("loan", "l1")`, `{"effects": [{"op": "delete", "form": "loan", "id": "l1"}]}`,
		Buffered, 2, 2,
	}, {
		"act", `act(form, id, action, {…})`,
		`act("loan", "l1", "lend", {reason = "asked for it"})`,
		`{"effects": [{"op": "act", "form": "loan", "id": "l1", "action": "lend", "values": {"reason": "asked for it"}}]}`,
		Buffered, 3, 4,
	}, {
		"notify", `notify(who, message, form, id)`,
		`notify({"ann"}, {["zh-CN"] = "{title} 已归还", en = "{title} is back"}, "loan", "l1")`,
		`{"effects": [{"op": "notify", "form": "loan", "id": "l1", "to": ["ann"], "message": {"zh-CN": "{title} 已归还", "en": "{title} is back"}}]}`,
		Buffered, 2, 4,
	}, {
		"now", `now()`,
		`return now()`, `{"result": "2026-03-31T04:00:00.000Z"}`,
		Inside, 0, 0,
	}, {
		"today", `today()`,
		`return today()`, `{"result": "2026-03-31"}`,
		Inside, 0, 0,
	}, {
		"decimal", `decimal("12.50")`,
		`return (decimal("0.1") + decimal("0.225")):round(2)`, `{"result": "0.33"}`,
		Inside, 1, 1,
	}, {
		"log", `log(…)`,
		`log("the price is", record.price)`, `{"log": ["the price is 150.00"]}`,
		Inside, 1, 20,
	}, {
		"fail", `fail(code, message, field)`,
		`if record.price > 100 then fail("tooDear", {["zh-CN"] = "价格过高", en = "Too dear"}, "price") end`,
		`{"issues": [{"path": "/values/price", "code": "tooDear"}]}`,
		Inside, 2, 3,
	}, {
		"http", `http(url, {headers={…}})`,
		`return http("https://rates.example/today", {headers = {Accept = "application/json"}}).json.rate`, `{"result": "7.15"}`,
		Asked, 1, 2,
	}, {
		"send", `send(url, {method="POST", headers={…}, body=…})`,
		`send("https://shop.example/loans", {method = "POST", body = {name = record.name}})`,
		`{"effects": [{"op": "send", "url": "https://shop.example/loans", "method": "POST", "body": "{\"name\":\"saw\"}"}]}`,
		Buffered, 2, 2,
	},
}

// API returns the table, for the manual and for completion.
func API() []Function { return slices.Clone(api) }

// outward are the functions that reach other hosts.
func outward() []string { return []string{"http", "send"} }

// functionOf finds a function of the API.
func functionOf(name string) (Function, bool) {
	at := slices.IndexFunc(api, func(f Function) bool { return f.Name == name })
	if at < 0 {
		return Function{}, false
	}
	return api[at], true
}
