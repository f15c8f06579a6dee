package script_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/script"
)

// attacks are what the authors of scripts could think of, with the codes that each may end with; "" is for what
// does no harm. A machine under load may stop by the clock what others stop by their count.
var attacks = []struct {
	name, source string
	codes        []string
}{
	{"a far index", `local t = {} t[67108862] = 1 return #t`, []string{""}},
	{"a bad pattern", `return (("a"):rep(30)):find(("a?"):rep(30) .. ("a"):rep(30) .. "b")`, []string{"script.instructions"}},
	{"a bad pattern in a long text", `return (("a"):rep(400000)):find(".-.-.-.-b")`, []string{"script.instructions"}},
	{"gsub for ten gigabytes", `return (("x"):rep(400000)):gsub("x", ("y"):rep(25000))`, []string{"script.failed"}},
	{"doubling a text", `local s = "x" while true do s = s .. s end`, []string{"script.failed"}},
	{"doubling by format", `local s = "x" while true do s = string.format("%s%s", s, s) end`, []string{"script.failed"}},
	{"many long texts", `local t = {} for i = 1, 1e6 do t[i] = ("x"):rep(100000) .. i end`, []string{"script.memory"}},
	{"coroutines", `coroutine.create(function() end)`, []string{"script.failed"}},
	{"a loop without end", `while true do end`, []string{"script.instructions"}},
	{"a loop that catches", `while true do pcall(function() while true do end end) end`, []string{"script.instructions"}},
	{"deep recursion", `local function f() return 1 + f() end return f()`, []string{"script.failed"}},
	{"recursion in a handler", `local function f() xpcall(f, f) end f()`, []string{"script.failed", "script.instructions", "script.died", ""}},
	{"recursion of tostring", `local t t = setmetatable({}, {__tostring = function() return tostring(t) end}) return tostring(t)`, []string{"script.failed", "script.died"}},
	{"a circle of metatables", `local t = {} setmetatable(t, {__index = t}) return t.x`, []string{"script.failed", ""}},
	{"a huge table", `local t = {} for i = 1, 1e9 do t[i] = {i} end`, []string{"script.memory", "script.instructions"}},
	{"many arrays", `local all = {} while true do local t = {} t[131071] = 1 all[#all + 1] = t end`, []string{"script.memory", "script.died"}},
	{"insert at the front", `local t = {} for i = 1, 1e9 do table.insert(t, 1, i) end`, []string{"script.instructions"}},
	{"unpack", `return unpack({}, 1, 1e8)`, []string{"script.failed"}},
	{"a false order", `local t = {} for i = 1, 1e4 do t[i] = i end table.sort(t, function() return true end)`, []string{"", "script.failed", "script.instructions"}},
	{"a wide format", `return string.format("%99999999d", 1)`, []string{"script.failed"}},
	{"brackets", "return " + strings.Repeat("(", 60_000), []string{"script.syntax"}},
	{"signs", "return " + strings.Repeat("- ", 30_000) + "1", []string{"script.syntax", "script.died", ""}},
	{"words", "return " + strings.Repeat("not ", 15_000) + "1", []string{"script.syntax", "script.died", ""}},
	{"code made before", "\x1bLua\x51\x00\x01", []string{"script.syntax"}},
	{"too much at once", `local t = {} for i = 1, 40 do t[i] = ("x"):rep(50000) end return t`, []string{"script.tooMuch"}},
	{"too much asked", `local t = {} for i = 1, 40 do t[i] = ("x"):rep(50000) end return query("thing", t)`, []string{"script.failed"}},
	{"questions without end", `while true do pcall(get, "thing", "x") end`, []string{"script.reads"}},
	{"writes without end", `while true do pcall(create, "thing", {}) end`, []string{"script.writes"}},
	{"logs without end", `while true do log(("x"):rep(10000)) end`, []string{"script.instructions"}},
	{"refusals without end", `while true do pcall(fail, "no", ("x"):rep(10000)) end`, []string{"script.instructions"}},
	{"a broken library", `string.rep = nil`, []string{"script.failed"}},
	{"a broken metatable", `("").rep = nil`, []string{"script.failed"}},
}

// Every attack ends with a clear fault within its limit, takes no memory here, and leaves the pool whole.
func TestAttacks(t *testing.T) {
	pool := newPool(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			got, err := run(t, pool, a.source, script.Call{Record: map[string]any{}}, &asked{answers: map[string]any{"get": nil}})
			if code := fault.CodeOf(err); !slices.Contains(a.codes, code) && (code != "script.time" || slices.Equal(a.codes, []string{""})) {
				t.Errorf("ended with %v, want one of %q", err, a.codes)
			}
			// Whoever looks on may itself have to wait until it gets to look; meanwhile the worker goes on.
			if got.Used.Milliseconds > 2*got.Limit.Milliseconds {
				t.Errorf("used %d of %d ms", got.Used.Milliseconds, got.Limit.Milliseconds)
			}
			whole(t, pool)
		})
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.Sys) - int64(before.Sys); grown > 300<<20 {
		t.Errorf("this process has grown by %d MB", grown>>20)
	}
}

// whole waits, at most a second, until the pool has its spare workers and one of them works.
func whole(t *testing.T, pool *script.Pool) {
	t.Helper()
	until := time.Now().Add(time.Second)
	for pool.Standing() < script.Spare && time.Now().Before(until) {
		runtime.Gosched()
	}
	if pool.Standing() < script.Spare {
		t.Errorf("%d workers stand ready after a second", pool.Standing())
	}
	got, err := pool.Box("another").Run(t.Context(), script.Waiting, of("return 1 + 1"), script.Call{}, &asked{})
	if err != nil || fmt.Sprint(got.Value) != "2" {
		t.Errorf("afterwards: %v %v", got.Value, err)
	}
}

// No run finds anything of the run before it.
func TestRunsDoNotPoisonTheNext(t *testing.T) {
	pool := newPool(t)
	for _, source := range []string{
		`left = 1`, `string = {}`, `pcall = nil`, `table.insert(string, "x")`, `setmetatable(math, {})`, `actor.id = "root"`,
		`pairs = function() error("gotcha") end`, `tostring = nil`, `now = function() return "1970" end`,
	} {
		_, err := run(t, pool, source, script.Call{}, nil)
		if err != nil && fault.CodeOf(err) != "script.failed" {
			t.Errorf("%s: %v", source, err)
		}
		got, err := run(t, pool, `for _ in pairs({}) do end return {left == nil, ("x"):rep(2), pcall(tostring, 1), #string, actor.id, now()}`, script.Call{}, nil)
		if err != nil || text(t, got.Value) != `[true,"xx",true,0,"kim","2026-03-31T04:00:00Z"]` {
			t.Errorf("after %s: %s %v", source, text(t, got.Value), err)
		}
	}
}

// A worker that has served a tenant serves no other, and goes on serving its own.
func TestAWorkerServesOneTenant(t *testing.T) {
	pool := newPool(t)
	one, other := pool.Box("one"), pool.Box("other")
	serves := func(box *script.Box) int {
		t.Helper()
		if _, err := box.Run(t.Context(), script.Waiting, of("return 1"), script.Call{Event: "beforeUpdate"}, &asked{}); err != nil {
			t.Fatal(err)
		}
		return box.Process()
	}
	first := serves(one)
	if first == 0 || other.Process() != 0 {
		t.Fatalf("%d of one, %d of another that has run nothing", first, other.Process())
	}
	if second := serves(other); second == 0 || second == first {
		t.Errorf("%d serves both", second)
	}
	if again := serves(one); again != first {
		t.Errorf("%d serves after %d", again, first)
	}
}

// A worker that the system kills between two runs costs the run that meets it, and no other.
func TestAKilledWorkerIsReplaced(t *testing.T) {
	pool := newPool(t)
	if _, err := run(t, pool, "return 1", script.Call{}, nil); err != nil {
		t.Fatal(err)
	}
	if !pool.Box(t.Name()).KillOne() {
		t.Fatal("there was no worker to kill")
	}
	if _, err := run(t, pool, "return 1", script.Call{}, nil); err != nil && fault.CodeOf(err) != "script.died" {
		t.Errorf("the run that meets it: %v", err)
	}
	if _, err := run(t, pool, "return 1", script.Call{}, nil); err != nil {
		t.Errorf("the next: %v", err)
	}
	whole(t, pool)
}

// A script that has to be killed again and again is suspended, until its author mends it or an administrator
// lets it run.
func TestTheBreaker(t *testing.T) {
	pool := newPool(t)
	box := pool.Box(t.Name())
	bad := of(`while true do end`)
	bad.Limits.Time, bad.Limits.Instructions = 20*time.Millisecond, 1<<50
	for range 3 {
		if _, err := box.Run(t.Context(), script.Waiting, bad, script.Call{}, &asked{}); fault.CodeOf(err) != "script.time" {
			t.Fatal(err)
		}
	}
	_, err := box.Run(t.Context(), script.Waiting, bad, script.Call{}, &asked{})
	if fault.CodeOf(err) != "script.suspended" || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("the fourth: %v", err)
	}
	shown := box.Figures()
	if len(shown) != 1 || shown[0].Killed != 3 || shown[0].Suspended.IsZero() || shown[0].LastFault != "script.time" {
		t.Errorf("shown: %+v", shown)
	}
	// Another tenant's script of the same text runs, as does a mended one.
	if _, err := pool.Box("other").Run(t.Context(), script.Waiting, bad, script.Call{}, &asked{}); fault.CodeOf(err) != "script.time" {
		t.Errorf("another tenant: %v", err)
	}
	if _, err := box.Run(t.Context(), script.Waiting, of(`return 1`), script.Call{}, &asked{}); err != nil {
		t.Errorf("mended: %v", err)
	}
	for range 3 {
		_, _ = box.Run(t.Context(), script.Waiting, bad, script.Call{}, &asked{})
	}
	if !box.Resume(bad.Name) || box.Resume(bad.Name) {
		t.Error("it cannot be resumed, or twice")
	}
	if _, err := box.Run(t.Context(), script.Waiting, bad, script.Call{}, &asked{}); fault.CodeOf(err) != "script.time" {
		t.Errorf("resumed: %v", err)
	}
}

// What a run says of itself: effects in order and merged, counters beside their limits, a trace with lines.
func TestWhatARunReports(t *testing.T) {
	pool := newPool(t)
	got, err := run(t, pool, `
local id = create("thing", {name = "a"})
update("thing", id, {size = 2})
update("thing", "x", {size = record.size})
delete("thing", "x")
record.name = "new"
record.lines[1].n = 5
log("done", id)
get("thing", "y")
return id`, script.Call{Trace: true, Record: map[string]any{"size": int64(7), "lines": []any{map[string]any{"n": int64(1)}}}}, &asked{answers: map[string]any{"get": nil}})
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string][2]string{
		"effects": {text(t, got.Effects), `[{"op":"create","form":"thing","id":"new1","values":{"name":"a","size":2},"line":2},{"op":"delete","form":"thing","id":"x","line":5}]`},
		"changed": {text(t, got.Changed), `{"lines":[{"n":5}],"name":"new"}`},
		"log":     {text(t, got.Log), `[{"text":"done new1","line":8}]`},
		"trace": {text(t, got.Trace), `[{"did":"call","what":"create thing","line":2},{"did":"call","what":"update thing","line":3},` +
			`{"did":"read","what":"size","line":4},{"did":"call","what":"update thing","line":4},{"did":"call","what":"delete thing","line":5},` +
			`{"did":"write","what":"name","line":6},{"did":"read","what":"lines","line":7},{"did":"call","what":"get thing","line":9}]`},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %s\nwant %s", what, c[0], c[1])
		}
	}
	if got.Used.Reads != 1 || got.Used.Writes != 4 || got.Used.Rows != 1 || got.Used.Instructions < 20 || got.Limit.Reads != 50 || got.Limit.Writes != 20 {
		t.Errorf("used %+v of %+v", got.Used, got.Limit)
	}
	again, err := run(t, pool, "log(1)", script.Call{}, nil)
	if err != nil || again.Trace != nil {
		t.Errorf("a run without a trace has one: %v %v", again.Trace, err)
	}
}

// Names that have no use yet are told when the script is checked, never passed over.
func TestCheck(t *testing.T) {
	pool := newPool(t)
	box := pool.Box(t.Name())
	for source, want := range map[string]string{
		"return 1":                              "",
		"local x = \n\nreturn":                  "script.syntax:3",
		"if a then\n  http('x', 'y')\nend":      "script.http:2",
		"return http('https://x')":              "script.http:1",
		strings.Repeat("-", 70_000):             "script.tooLong:0",
		"return " + strings.Repeat("(", 60_000): "script.syntax:0",
	} {
		issues, err := box.Check(t.Context(), of(source))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(issues) > 0 {
			got = fmt.Sprintf("%s:%d", issues[0].Code, issues[0].Line)
		}
		if got != want {
			t.Errorf("%.40q: %s, want %s", source, got, want)
		}
	}
}

// Without walls nothing runs, and it is said.
func TestNothingRunsAfterClose(t *testing.T) {
	pool := newPool(t)
	pool.Close()
	_, err := run(t, pool, "return 1", script.Call{}, nil)
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Unavailable {
		t.Errorf("%v", err)
	}
}
