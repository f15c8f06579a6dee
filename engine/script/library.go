package script

import (
	"math"

	"github.com/govalues/decimal"
	lua "github.com/yuin/gopher-lua"
)

// library is what every run has: made once, reached by scripts through tables of their own only, so that no
// run can change what the next finds.
type library struct {
	base     *lua.LTable // what global names mean
	modules  map[string]*lua.LTable
	frozen   map[string]*lua.LTable // metatables of the runs' own modules
	env      *lua.LTable            // metatable of the runs' global names
	records  *lua.LTable            // metatable of the record
	decimals *lua.LTable
	format   *lua.LFunction
}

// plain are the functions that are Lua's own. What is not named here there is not: no files, no processes,
// no coroutines, no way to load code or to reach around a metatable.
var plain = map[string][]string{
	"":       {"assert", "error", "ipairs", "next", "pcall", "select", "setmetatable", "tonumber", "tostring", "type", "xpcall"},
	"string": {"byte", "char", "len", "lower", "reverse", "sub", "upper"},
	"table":  {"insert", "maxn", "remove", "sort"},
	"math": {
		"abs", "acos", "asin", "atan", "atan2", "ceil", "cos", "cosh", "deg", "exp", "floor", "fmod", "frexp", "huge", "ldexp",
		"log", "log10", "max", "min", "mod", "modf", "pi", "pow", "rad", "sin", "sinh", "sqrt", "tan", "tanh",
	},
}

func newLibrary(L *lua.LState) *library {
	lib := &library{base: L.NewTable(), modules: map[string]*lua.LTable{}, frozen: map[string]*lua.LTable{}}
	for _, open := range []lua.LGFunction{lua.OpenBase, lua.OpenString, lua.OpenTable, lua.OpenMath} {
		L.Push(L.NewFunction(open))
		L.Call(0, 0)
	}
	for _, name := range plain[""] {
		lib.base.RawSetString(name, L.GetGlobal(name))
	}
	for _, module := range []string{"string", "table", "math"} {
		own := L.NewTable()
		theirs, _ := L.GetGlobal(module).(*lua.LTable)
		for _, name := range plain[module] {
			own.RawSetString(name, theirs.RawGetString(name))
		}
		lib.modules[module] = own
		lib.frozen[module] = sealed(L, own)
		if module == "string" {
			lib.format, _ = theirs.RawGetString("format").(*lua.LFunction)
		}
	}
	lib.env = L.NewTable()
	lib.env.RawSetString("__index", lib.base)
	lib.env.RawSetString("__metatable", lua.LFalse)
	lib.decimals = lib.decimalMeta(L)
	texts := L.NewTable()
	texts.RawSetString("__index", lib.modules["string"])
	texts.RawSetString("__metatable", lua.LFalse)
	L.SetMetatable(lua.LString(""), texts)
	L.Env = L.NewTable()
	L.G.Global = L.Env
	return lib
}

// sealed is a metatable through which a table can be read and not written.
func sealed(L *lua.LState, own *lua.LTable) *lua.LTable {
	meta := L.NewTable()
	meta.RawSetString("__index", own)
	meta.RawSetString("__newindex", L.NewFunction(func(L *lua.LState) int {
		L.RaiseError("a library cannot be changed")
		return 0
	}))
	meta.RawSetString("__metatable", lua.LFalse)
	return meta
}

// install adds our own functions to the library.
func (in *interpreter) install() {
	L, lib := in.state, in.base
	for name, fn := range in.textFunctions() {
		lib.modules["string"].RawSetString(name, L.NewFunction(fn))
	}
	lib.modules["table"].RawSetString("concat", L.NewFunction(in.tableConcat))
	lib.modules["math"].RawSetString("random", L.NewFunction(in.random))
	for name, fn := range map[string]lua.LGFunction{
		opConcat: in.concat, opEqual: in.equal, opLess: in.less, opAtMost: in.atMost,
		"pairs": in.pairs, "unpack": unpack,
		"now":     in.said(func(r *run) lua.LValue { return lua.LString(r.call.Now) }),
		"today":   in.said(func(r *run) lua.LValue { return lua.LString(r.call.Today) }),
		"decimal": in.decimal, "log": in.log, "fail": in.fail,
	} {
		lib.base.RawSetString(name, L.NewFunction(fn))
	}
	for _, f := range api {
		if f.Place == Asked || f.Place == Buffered {
			lib.base.RawSetString(f.Name, L.NewFunction(in.asking(f)))
		}
	}
	lib.records = in.recordMeta()
}

// fresh makes the global names of one run.
func (in *interpreter) fresh() *lua.LTable {
	env := in.state.NewTable()
	env.Metatable = in.base.env
	for _, module := range []string{"string", "table", "math"} {
		own := in.state.NewTable()
		own.Metatable = in.base.frozen[module]
		env.RawSetString(module, own)
	}
	return env
}

// said is a function without arguments that tells something of the run.
func (in *interpreter) said(what func(*run) lua.LValue) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(what(in.now))
		return 1
	}
}

// unpack is Lua's, for lists that fit.
func unpack(L *lua.LState) int {
	list := L.CheckTable(1)
	from, to := L.OptInt(2, 1), L.OptInt(3, list.Len())
	if to-from >= maxUnpacked {
		L.RaiseError("at most %d values", maxUnpacked)
	}
	for n := from; n <= to; n++ {
		L.Push(list.RawGetInt(n))
	}
	return max(to-from+1, 0)
}

const maxUnpacked = 200

// random is Lua's, from the run's own seed: run again, it draws the same.
func (in *interpreter) random(L *lua.LState) int {
	f := in.now.random.Float64()
	switch L.GetTop() {
	case 0:
		L.Push(lua.LNumber(f))
	default:
		low, high := lua.LNumber(1), L.CheckNumber(1)
		if L.GetTop() > 1 {
			low, high = high, L.CheckNumber(2)
		}
		if high < low {
			L.RaiseError("there is no number between %v and %v", low, high)
		}
		L.Push(lua.LNumber(math.Floor(float64(low) + f*(float64(high-low)+1))))
	}
	return 1
}

// decimal makes an exact number of text or a whole number.
func (in *interpreter) decimal(L *lua.LState) int {
	if s, ok := L.Get(1).(lua.LString); ok {
		d, err := decimal.Parse(string(s))
		if err != nil {
			L.RaiseError("%q is no exact number", clipped(string(s)))
		}
		L.Push(in.base.newDecimal(d))
		return 1
	}
	L.Push(in.base.newDecimal(exactly(L, L.Get(1))))
	return 1
}
