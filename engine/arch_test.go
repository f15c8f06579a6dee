// Package engine_test holds the house: which packages there are, who may import whom, where each
// library lives, and what the engine never does. It reads sources only and runs none of them.
//
// The map below is the one place to change when a package is added or moves. arch_check_test.go has
// the checks, arch_bite_test.go proves that each of them bites.
package engine_test

import "testing"

// home is one package of the house and the sentence that says what it is for.
type home struct {
	dir string // below the module's root, with forward slashes
	why string
	// only, when not nil, narrows what the package's own code may import of this module to these.
	only []string
}

// house lists every package, lowest first: a package imports only what stands above it. A line may
// stand here before its package does; a package without a line is a fault.
var house = []home{
	{dir: "schemas", why: "JSON Schema of every kind of metadata, embedded", only: []string{}},

	{dir: "engine/fault", why: "the one error type, and all issues of an input at once"},
	{dir: "engine/value", why: "records, values, exact numbers, actors: the leaf that all others use"},
	{dir: "engine/meta", why: "the vocabulary of metadata as plain structs with typed names"},
	{dir: "engine/message", why: "codes to texts, as data, in each language"},
	{dir: "engine/text", why: "search tokens, folding, collation keys, normalisation for duplicates"},
	{dir: "engine/query", why: "filter, sort, page and group as an immutable tree"},
	{dir: "engine/event", why: "what happened, with before and after images"},
	// Rules, tables, scripts, pools and pay build the same tree, so it lies below all of them.
	{dir: "engine/explain", why: "how something came to be, as a tree that is drawn for a reader by what they may see", only: []string{"engine/fault", "engine/value", "engine/meta"}},
	{dir: "engine/org", why: "people, org units, zones, absence, working calendar: a snapshot per version"},
	// The port is a vocabulary too: the catalog compiles forms into the layout that stores are prepared with.
	{dir: "engine/store", why: "the ports; no implementation", only: portWords},
	{dir: "engine/audit", why: "who asked or did what the records' own history does not tell; for a year", only: append([]string{"engine/store"}, portWords...)},
	{dir: "engine/field/region", why: "administrative divisions of mainland China, as data", only: []string{}},
	{dir: "engine/decision", why: "decision tables: rows of conditions to outputs, compiled, held for gaps and overlaps", only: []string{"engine/fault", "engine/value", "engine/meta", "engine/explain"}},
	{dir: "engine/cron", why: "when a schedule is due, by wall clocks and the working calendar", only: []string{"engine/fault", "engine/value", "engine/org"}},
	{dir: "engine/expr", why: "rules: compile, guard, run with a budget, explain, push down"},
	{dir: "engine/script", why: "Lua in a box: compile, run, return effects, trace"},
	{dir: "engine/script/scripttest", why: "in tests: their binary as the program that scripts' workers are", only: []string{"engine/script"}},
	{dir: "engine/field", why: "one file per field kind, and the explicit list of kinds"},
	{dir: "engine/catalog", why: "a metadata bundle in, an immutable compiled catalog out"},
	{dir: "engine/access", why: "who may do what: verbs, row filters, hidden, masked and read-only fields"},
	{dir: "engine/store/storetest", why: "the conformance suite that every store passes unchanged", only: storeWords},
	{dir: "engine/store/sqlite", why: "the embedded default: one file per tenant", only: storeWords},
	{dir: "engine/store/mongo", why: "production: one database per tenant", only: storeWords},
	{dir: "engine/carry", why: "all that one store holds into another, and what a store comes to as hashes", only: storeWords},
	{dir: "engine/post", why: "what is on its way to other hosts: kept, sent by lanes, tried again, given up", only: append([]string{"engine/store"}, portWords...)},
	{dir: "engine/store/teststore", why: "in tests: opens the store that they run on, whichever that is", only: []string{"engine/store", "engine/store/sqlite", "engine/store/mongo"}},
	{dir: "engine/mutate", why: "in tests: bends the checks of a package, one at a time, to see that its tests notice", only: []string{}},
	{dir: "engine/record", why: "the life of a record, one recipe per verb"},
	{dir: "engine/grid", why: "tables of cells on their way in and out; no files and no forms", only: []string{"engine/fault"}},
	{dir: "engine/intake", why: "tables from outside: which column is which field, cells into values, refusals by row"},
	{dir: "engine/dup", why: "duplicates: candidates, who holds them, merge"},
	{dir: "engine/pool", why: "claim, return, assign, reclaim"},
	{dir: "engine/handover", why: "giving what is somebody's to somebody else, where people leave"},
	{dir: "engine/share", why: "sharing a record with people and units, and taking that back"},
	{dir: "engine/flow", why: "automations and approvals"},
	{dir: "engine/report", why: "charts, aggregates and summaries"},
	{dir: "engine/notify", why: "messages to people: inbox, mail, hooks"},
	{dir: "engine/live", why: "who hears at once about what changed"},
	{dir: "engine/job", why: "due work: schedules, leases, queue, batches; knows kinds by name, no records"},
	{dir: "engine/proof", why: "tests of forms, rules and tables as data: cases, what they cover, what they notice"},
	{dir: "engine/publish", why: "draft, check, impact, publish, roll back; install, upgrade, export"},
	{dir: "engine", why: "a few doors, built from a store, a clock, a logger"},
	{dir: "engine/enginetest", why: "given / when / then scenarios against a real engine"},

	{dir: "builtin-apps", why: "apps as data, embedded; no code of theirs", only: []string{}},

	{dir: "runtime/egress", why: "the only dialer outwards, with its walls"},
	{dir: "runtime/mail", why: "outgoing mail over egress"},
	{dir: "runtime/chat", why: "messages to people and groups of chat services, over egress"},
	{dir: "runtime/webhook", why: "signed requests that tell other systems what became of records, over egress"},
	{dir: "runtime/files", why: "attachments: sniffing, limits, where the bytes rest"},
	{dir: "runtime/sheet", why: "files of tables, read and written: CSV, XLSX"},
	{dir: "runtime/once", why: "answers of requests that are carried out once"},
	{dir: "runtime/people", why: "a tenant's users, org units and zones in its store, as a snapshot"},
	{dir: "runtime/tenant", why: "the directory of tenants; opens and closes their stores"},
	{dir: "runtime/signin", why: "users, sessions, tokens; who an actor is"},
	{dir: "runtime/office", why: "what administrators do with a tenant's people, units, zones and passwords"},
	{dir: "runtime/sample", why: "believable sample data for a demo tenant, from a fixed seed"},
	{dir: "runtime/seed", why: "fills a new tenant: first people, first app"},
	{dir: "runtime/web", why: "the embedded web app for business users"},
	{dir: "admin/web", why: "the embedded web app for tenant admins"},
	{dir: "runtime/http/wire", why: "how values, problems and pages look on the wire"},
	{dir: "runtime/http/contract", why: "holds a server to the description of its API, in tests", only: []string{"schemas"}},
	{dir: "runtime/http", why: "handlers for business users, one file per resource"},
	{dir: "admin/http", why: "handlers for drafts, publishing, people, jobs, audit"},
	{dir: "runtime/bench", why: "whole-system loads, printed as ratios"},
	{dir: "runtime/cmd/tidewater", why: "main: config, store, engine, servers, subcommands"},
}

// portWords is what a store's port speaks: documents, the query tree, events. No metadata, no rights.
var portWords = []string{"engine/fault", "engine/value", "engine/query", "engine/text", "engine/event"}

// storeWords is what an implementation of the port, and its conformance suite, may know.
var storeWords = append([]string{"engine/store", "engine/store/storetest"}, portWords...)

// library is a dependency that only its homes may import, so that replacing it is one package's work.
type library struct {
	path  string // an import path and all below it
	homes []string
}

var libraries = []library{
	{"github.com/expr-lang/expr", []string{"engine/expr"}},
	{"github.com/robfig/cron", []string{"engine/cron"}},
	{"github.com/wneessen/go-mail", []string{"runtime/mail"}},
	{"github.com/yuin/gopher-lua", []string{"engine/script"}},
	// The second home is for tests: what the API answers is held against the schemas of its description.
	{"github.com/santhosh-tekuri/jsonschema", []string{"engine/catalog", "runtime/http/contract"}},
	{"modernc.org/sqlite", []string{"engine/store/sqlite"}},
	// The second home is for tests: they read which indexes the questions of the CRM name, and ask a server for its plans.
	{"go.mongodb.org/mongo-driver", []string{"engine/store/mongo", "runtime/sample"}},
	// The second home is for tests: they fill workbooks as people do.
	{"github.com/xuri/excelize", []string{"runtime/sheet", "runtime/http"}},
	{"github.com/gabriel-vasile/mimetype", []string{"runtime/files"}},
	{"golang.org/x/image", []string{"runtime/files"}},
	{"github.com/gofiber/fiber", []string{"runtime/http", "admin/http", "runtime/cmd/tidewater"}},
	{"github.com/valyala/fasthttp", []string{"runtime/http", "admin/http", "runtime/cmd/tidewater"}},
}

// TestHouse holds the whole module against the map and the rules.
func TestHouse(t *testing.T) {
	sources, err := readSources("..")
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) == 0 {
		t.Fatal("no sources found: the test would hold nothing")
	}
	for _, f := range checkAll(house, sources) {
		t.Error(f)
	}
}
