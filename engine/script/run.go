package script

import (
	"errors"
	"maps"
	"math/rand/v2"
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// run is one run in a worker.
type run struct {
	in     *interpreter
	call   Call
	meter  *meter
	env    *lua.LTable
	random *rand.Rand

	record  *lua.LTable // its values; scripts have a table that reads and writes through to it
	written map[string]bool
	value   any
	refused []Refusal
	lines   []LogLine
	trace   []Step
	covered map[int]bool // lines that were run; nil where nobody asked
}

const (
	maxLog   = 200 // lines
	maxTrace = 1000
)

// newRun lays out what one run sees.
func newRun(in *interpreter, r running) *run {
	now := &run{
		in: in, call: r.Call, meter: newMeter(r.Budget), env: in.fresh(), written: map[string]bool{},
		random: rand.New(rand.NewPCG(uint64(r.Call.Seed), 0)),
	}
	in.now = now
	if r.Call.Cover {
		now.cover()
	}
	now.env.RawSetString("event", lua.LString(r.Call.Event))
	now.env.RawSetString("actor", in.toLua(r.Call.Actor))
	if r.Call.Args != nil {
		now.env.RawSetString("args", in.toLua(r.Call.Args))
	}
	if r.Call.Old != nil {
		now.env.RawSetString("old", in.toLua(r.Call.Old))
	}
	if r.Call.Record != nil {
		now.record, _ = in.toLua(r.Call.Record).(*lua.LTable)
		seen := in.state.NewTable()
		seen.Metatable = in.base.records
		now.env.RawSetString("record", seen)
	}
	return now
}

// outcome is what the parent is told.
func (r *run) outcome() *done {
	out := &done{
		Value: r.value, Refused: r.refused, Log: r.lines, Trace: r.trace,
		Instructions: r.meter.used(), Memory: int(r.meter.most >> 20),
	}
	out.Changed, out.LinesRun = r.changes(), slices.Sorted(maps.Keys(r.covered))
	return out
}

// changes are the fields that the script has set, and the lists and rows of the record that it has changed
// inside.
func (r *run) changes() map[string]any {
	if r.record == nil {
		return nil
	}
	out := map[string]any{}
	for name := range r.written {
		v, err := fromLua(r.record.RawGetString(name))
		if err != nil {
			v = nil
		}
		out[name] = v
	}
	for name, was := range r.call.Record {
		switch was.(type) {
		case map[string]any, []any:
			v, err := fromLua(r.record.RawGetString(name))
			if err == nil && !same(v, was) {
				out[name] = v
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// returned takes what the script returned.
func (r *run) returned(v lua.LValue) (err error) {
	if r.value, err = fromLua(v); err != nil {
		return errors.Join(errReturned, err)
	}
	for name := range r.written {
		if _, err := fromLua(r.record.RawGetString(name)); err != nil {
			return errors.Join(errors.New("record."+name), err)
		}
	}
	return nil
}

var errReturned = errors.New("what the script returns")

// note adds to the trace.
func (r *run) note(did, what string) {
	if !r.call.Trace || len(r.trace) >= maxTrace {
		return
	}
	s := Step{Did: did, What: what, Line: r.line()}
	if n := len(r.trace); n == 0 || r.trace[n-1] != s {
		r.trace = append(r.trace, s)
	}
}

// line is the line of the script that is at work.
func (r *run) line() int {
	L := r.in.state
	for level := 1; ; level++ {
		frame, ok := L.GetStack(level)
		if !ok {
			return 0
		}
		if _, err := L.GetInfo("l", frame, lua.LNil); err != nil {
			return 0
		}
		if frame.CurrentLine > 0 {
			return frame.CurrentLine
		}
	}
}

// recordMeta lets a script read and write the record's fields as a table's.
func (in *interpreter) recordMeta() *lua.LTable {
	L := in.state
	meta := L.NewTable()
	meta.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		name := L.CheckString(2)
		in.now.note("read", name)
		L.Push(in.now.record.RawGetString(name))
		return 1
	}))
	meta.RawSetString("__newindex", L.NewFunction(func(L *lua.LState) int {
		name := L.CheckString(2)
		in.now.note("write", name)
		in.now.record.RawSetString(name, L.Get(3))
		in.now.written[name] = true
		return 0
	}))
	meta.RawSetString("__metatable", lua.LFalse)
	return meta
}

// pairs goes over a table in an order that is the same each time: numbers, then names as they were put in;
// over the record by name.
func (in *interpreter) pairs(L *lua.LState) int {
	t := L.CheckTable(1)
	if t.Metatable == lua.LValue(in.base.records) {
		t = in.now.record
		in.now.note("read", "*")
	}
	L.Push(in.base.base.RawGetString("next"))
	L.Push(t)
	L.Push(lua.LNil)
	return 3
}

func (in *interpreter) log(L *lua.LState) int {
	r := in.now
	text := ""
	for n := 1; n <= L.GetTop(); n++ {
		if n > 1 {
			text += " "
		}
		text += clipped(L.ToStringMeta(L.Get(n)).String())
	}
	if len(r.lines) < maxLog {
		r.lines = append(r.lines, LogLine{Text: clipped(text), Line: r.line()})
	}
	return 0
}

func (in *interpreter) fail(L *lua.LState) int {
	r := in.now
	refusal := Refusal{Code: clipped(L.CheckString(1)), Field: clipped(L.OptString(3, "")), Line: r.line()}
	switch v := L.Get(2).(type) {
	case lua.LString:
		refusal.Message = clipped(string(v))
	case *lua.LTable:
		texts := map[string]any{}
		v.ForEach(func(key, text lua.LValue) {
			if len(texts) < maxLocales {
				texts[clipped(key.String())] = clipped(text.String())
			}
		})
		refusal.Message = texts
	default:
		L.RaiseError("a message is text, or a table of texts by locale")
	}
	if len(r.refused) >= maxRefused {
		L.RaiseError("at most %d refusals", maxRefused)
	}
	r.refused = append(r.refused, refusal)
	return 0
}

const (
	maxRefused = 50
	maxLocales = 20
)

// asking is a function that the parent answers.
func (in *interpreter) asking(f Function) lua.LGFunction {
	return func(L *lua.LState) int {
		r := in.now
		if n := L.GetTop(); n < f.least || n > f.most {
			L.RaiseError("call it so: %s", f.Usage)
		}
		args := make([]any, L.GetTop())
		for n := range args {
			v, err := fromLua(r.plainOf(L.Get(n + 1)))
			if err != nil {
				L.RaiseError("%s: argument %d: %s", f.Name, n+1, err.Error())
			}
			args[n] = v
		}
		what := f.Name
		if len(args) > 0 {
			if form, ok := args[0].(string); ok {
				what += " " + form
			}
		}
		r.note("call", clipped(what))
		answer, err := in.ask(ask{Name: f.Name, Args: args, Line: r.line()})
		if err != nil {
			// The pipe is gone or out of step: nothing more may be asked, whatever the script catches.
			in.spoilt, r.meter.spent = true, "script.died"
			L.RaiseError("%s", err.Error())
		}
		if answer.Fault != "" {
			L.RaiseError("%s: %s", f.Name, answer.Fault)
		}
		L.Push(in.toLua(answer.Value))
		return 1
	}
}

// plainOf is the record's own table where a script passes the record on.
func (r *run) plainOf(v lua.LValue) lua.LValue {
	if t, ok := v.(*lua.LTable); ok && t.Metatable == lua.LValue(r.in.base.records) {
		return r.record
	}
	return v
}

func (in *interpreter) ask(a ask) (*reply, error) {
	if err := writeFrame(in.pipe, response{Ask: &a}); err != nil {
		if errors.Is(err, errFrame) {
			return &reply{Fault: "script.tooMuch"}, nil
		}
		return nil, err
	}
	var req request
	if err := readFrame(in.pipe, &req); err != nil {
		return nil, err
	}
	if req.Reply == nil {
		return nil, errTurn
	}
	return req.Reply, nil
}

// keysOf lists a map's keys in order.
func keysOf(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
