package script

import "slices"

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

// Function is one function that scripts may call.
type Function struct {
	Name  string `json:"name"`
	Usage string `json:"usage"` // as one writes it
	Help  string `json:"help"`
	Place Place  `json:"-"`
	least int    // arguments
	most  int
}

// api lists every function that scripts have beside Lua's own: what the manual and completion show, what a
// worker offers and what is answered here, in one table.
var api = []Function{
	{"get", `get(form, id)`, "A record that the caller may read, or nil. References are ids, dates are text as in the API, exact numbers are decimals.", Asked, 2, 2},
	{"get_many", `get_many(form, {id, …})`, "Those of the records that the caller may read, by id: one question for many records.", Asked, 2, 2},
	{"query", `query(form, {filter=…, sort=…, limit=…, fields={…}})`, "A list of records that the caller may read. The filter is an expression or a filter tree of the API; limit is 1 to 500, 50 by default.", Asked, 1, 2},
	{"aggregate", `aggregate(form, {filter=…, group={{field=…}}, metrics={{op="sum", field=…}}})`, "Figures over records that the caller may read: a list of {keys={…}, metrics={…}}.", Asked, 2, 2},
	{"days", `days(from, to)`, "The days from one date to another; negative backwards.", Asked, 2, 2},
	{"workdays", `workdays(from, to)`, "The working days after one date up to another, by the tenant's working calendar.", Asked, 2, 2},
	{"create", `create(form, values)`, "Makes a record once the script has returned well, and returns the id that it will have.", Buffered, 2, 2},
	{"update", `update(form, id, values)`, "Changes a record once the script has returned well.", Buffered, 3, 3},
	{"delete", `delete(form, id)`, "Moves a record to the recycle bin once the script has returned well.", Buffered, 2, 2},
	{"act", `act(form, id, action, {…})`, "Does an action to a record, such as claiming it, once the script has returned well and as the caller may; what people are asked for goes into the table, reason among it.", Buffered, 3, 4},
	{"notify", `notify(who, message, form, id)`, "Tells people something once the script has returned well: who is a user's id or a list of them, the message a text or texts by language, at most 500 characters. With the form and id of a record it leads there, and {title} in the message is the record's title where its reader sees it. People read the rest as it is: no value belongs there that not all of them may see.", Buffered, 2, 4},
	{"now", `now()`, "The instant at which the run began, the same during all of it.", Inside, 0, 0},
	{"today", `today()`, "The day at which the run began, in the tenant's time zone.", Inside, 0, 0},
	{"decimal", `decimal("12.50")`, "An exact number. It reckons with decimals and whole numbers, never with fractions; d:round(2), d:floor(), d:tonumber().", Inside, 1, 1},
	{"log", `log(…)`, "Adds a line to the run's log.", Inside, 1, 20},
	{"fail", `fail(code, message, field)`, "Refuses: nothing will be written, and people read the message, beside the field if one is named. The script goes on, so that it can refuse several things at once.", Inside, 2, 3},
	{"http", `http(url, {headers={…}})`, "Asks another host by https and returns {status=…, headers={…}, body=…, json=…}, the last where the body is JSON; at most 10 times in a run and 128 KB each. For actions, schedules and hooks after commits that say http.", Asked, 1, 2},
	{"send", `send(url, {method="POST", headers={…}, body=…})`, "Sends something to another host once what the script has written is committed: again until it is taken, each time with the same Idempotency-Key. A table as body becomes JSON. For the same scripts as http.", Buffered, 2, 2},
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
