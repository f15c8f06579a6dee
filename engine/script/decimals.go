package script

import (
	"math"

	"github.com/govalues/decimal"
	lua "github.com/yuin/gopher-lua"
)

// maxSafe is the greatest whole number that Lua's numbers hold exactly.
const maxSafe = 1 << 53

// decimalIn returns the exact number that a value is.
func decimalIn(v lua.LValue) (decimal.Decimal, bool) {
	u, ok := v.(*lua.LUserData)
	if !ok {
		return decimal.Decimal{}, false
	}
	d, ok := u.Value.(decimal.Decimal)
	return d, ok
}

func (lib *library) newDecimal(d decimal.Decimal) lua.LValue {
	return &lua.LUserData{Value: d, Metatable: lib.decimals}
}

// exactly is an operand as an exact number; a fraction is none.
func exactly(L *lua.LState, v lua.LValue) decimal.Decimal {
	if d, ok := decimalIn(v); ok {
		return d
	}
	n, ok := v.(lua.LNumber)
	if !ok {
		L.RaiseError("an exact number does not go with %s", v.Type())
	}
	f := float64(n)
	if f != math.Trunc(f) || math.Abs(f) > maxSafe {
		L.RaiseError("an exact number does not mix with the fraction %v; write decimal(\"%v\")", n, n)
	}
	d, err := decimal.New(int64(f), 0)
	if err != nil {
		L.RaiseError("%v is too large", n)
	}
	return d
}

// decimalMeta is what operators and methods of exact numbers do.
func (lib *library) decimalMeta(L *lua.LState) *lua.LTable {
	meta := L.NewTable()
	both := func(do func(a, b decimal.Decimal) (decimal.Decimal, error)) lua.LValue {
		return L.NewFunction(func(L *lua.LState) int {
			out, err := do(exactly(L, L.Get(1)), exactly(L, L.Get(2)))
			if err != nil {
				L.RaiseError("%s", err.Error())
			}
			L.Push(lib.newDecimal(out))
			return 1
		})
	}
	compare := func(holds func(order int) bool) lua.LValue {
		return L.NewFunction(func(L *lua.LState) int {
			L.Push(lua.LBool(holds(exactly(L, L.Get(1)).Cmp(exactly(L, L.Get(2))))))
			return 1
		})
	}
	for name, fn := range map[string]lua.LValue{
		"__add": both(decimal.Decimal.Add), "__sub": both(decimal.Decimal.Sub),
		"__mul": both(decimal.Decimal.Mul), "__div": both(decimal.Decimal.Quo),
		"__eq": compare(func(o int) bool { return o == 0 }),
		"__lt": compare(func(o int) bool { return o < 0 }),
		"__le": compare(func(o int) bool { return o <= 0 }),
		"__unm": L.NewFunction(func(L *lua.LState) int {
			L.Push(lib.newDecimal(exactly(L, L.Get(1)).Neg()))
			return 1
		}),
		"__tostring": L.NewFunction(func(L *lua.LState) int {
			L.Push(lua.LString(exactly(L, L.Get(1)).String()))
			return 1
		}),
		"__index": lib.decimalMethods(L), "__metatable": lua.LFalse,
	} {
		meta.RawSetString(name, fn)
	}
	return meta
}

const maxScale = 6 // decimals, as fields have them

func (lib *library) decimalMethods(L *lua.LState) *lua.LTable {
	methods := L.NewTable()
	scaled := func(do func(d decimal.Decimal, scale int) decimal.Decimal) lua.LValue {
		return L.NewFunction(func(L *lua.LState) int {
			scale := L.OptInt(2, 0)
			if scale < 0 || scale > maxScale {
				L.RaiseError("0 to %d decimals", maxScale)
			}
			L.Push(lib.newDecimal(do(exactly(L, L.Get(1)), scale)))
			return 1
		})
	}
	methods.RawSetString("round", scaled(roundHalfUp))
	methods.RawSetString("floor", scaled(decimal.Decimal.Floor))
	methods.RawSetString("ceil", scaled(decimal.Decimal.Ceil))
	methods.RawSetString("abs", L.NewFunction(func(L *lua.LState) int {
		L.Push(lib.newDecimal(exactly(L, L.Get(1)).Abs()))
		return 1
	}))
	methods.RawSetString("tonumber", L.NewFunction(func(L *lua.LState) int {
		f, _ := exactly(L, L.Get(1)).Float64()
		L.Push(lua.LNumber(f))
		return 1
	}))
	return methods
}

// roundHalfUp rounds as people do with money: a half away from zero.
func roundHalfUp(d decimal.Decimal, scale int) decimal.Decimal {
	down := d.Trunc(scale)
	rest, err := d.SubAbs(down)
	if err != nil {
		return d.Round(scale)
	}
	half, err := decimal.New(5, min(scale+1, decimal.MaxScale))
	if err != nil || rest.Cmp(half) < 0 {
		return down.Pad(scale)
	}
	one, err := decimal.New(1, scale)
	if err != nil {
		return d.Round(scale)
	}
	if d.IsNeg() {
		one = one.Neg()
	}
	up, err := down.Add(one)
	if err != nil {
		return d.Round(scale)
	}
	return up
}

// equal stands for "==", less for "<" and atMost for "<=", where an operand may be an exact number.
func (in *interpreter) equal(L *lua.LState) int {
	a, b := L.Get(1), L.Get(2)
	x, isNumber := a.(lua.LNumber)
	if y, both := b.(lua.LNumber); isNumber && both {
		L.Push(lua.LBool(x == y))
		return 1
	}
	_, first := decimalIn(a)
	_, second := decimalIn(b)
	if first && second || first && b.Type() == lua.LTNumber || second && isNumber {
		L.Push(lua.LBool(exactly(L, a).Cmp(exactly(L, b)) == 0))
		return 1
	}
	L.Push(lua.LBool(L.Equal(a, b)))
	return 1
}

func (in *interpreter) less(L *lua.LState) int {
	return ordered(L, func(x, y lua.LNumber) bool { return x < y }, func(order int) bool { return order < 0 })
}

func (in *interpreter) atMost(L *lua.LState) int {
	return ordered(L, func(x, y lua.LNumber) bool { return x <= y }, func(order int) bool { return order <= 0 })
}

func ordered(L *lua.LState, plain func(x, y lua.LNumber) bool, holds func(order int) bool) int {
	a, b := L.Get(1), L.Get(2)
	if x, ok := a.(lua.LNumber); ok {
		if y, ok := b.(lua.LNumber); ok {
			L.Push(lua.LBool(plain(x, y)))
			return 1
		}
	}
	_, first := decimalIn(a)
	_, second := decimalIn(b)
	if !first && !second {
		L.RaiseError("attempt to compare %s with %s", a.Type(), b.Type())
	}
	L.Push(lua.LBool(holds(exactly(L, a).Cmp(exactly(L, b)))))
	return 1
}
