package script

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strconv"

	"github.com/govalues/decimal"
	lua "github.com/yuin/gopher-lua"
)

// toLua makes Lua's value of one from outside: keys in order, exact numbers exact, whole numbers that Lua's
// numbers do not hold as text.
func (in *interpreter) toLua(v any) lua.LValue {
	switch v := v.(type) {
	case string:
		return lua.LString(v)
	case bool:
		return lua.LBool(v)
	case json.Number:
		return numberToLua(v)
	case []any:
		t := in.state.CreateTable(len(v), 0)
		for n, e := range v {
			t.RawSetInt(n+1, in.toLua(e))
		}
		return t
	case map[string]any:
		if text, ok := v[decimalKey].(string); ok && len(v) == 1 {
			d, err := decimal.Parse(text)
			if err != nil {
				return lua.LString(text)
			}
			return in.base.newDecimal(d)
		}
		t := in.state.CreateTable(0, len(v))
		for _, key := range keysOf(v) {
			t.RawSetString(key, in.toLua(v[key]))
		}
		return t
	}
	return lua.LNil
}

func numberToLua(v json.Number) lua.LValue {
	if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
		if n > maxSafe || n < -maxSafe {
			return lua.LString(v.String())
		}
		return lua.LNumber(n)
	}
	f, err := v.Float64()
	if err != nil {
		return lua.LString(v.String())
	}
	return lua.LNumber(f)
}

var (
	errKind  = errors.New("only texts, numbers, booleans and tables of these can leave a script")
	errNaN   = errors.New("a number that is none, or infinite")
	errDeep  = errors.New("a table that is nested too deep, or holds itself")
	errMixed = errors.New("a table that is a list and has names as well")
	errMany  = errors.New("too many values")
)

const (
	maxNested = 16
	maxValues = 50_000
)

// fromLua makes a value for outside of Lua's.
func fromLua(v lua.LValue) (any, error) {
	left := maxValues
	return out(v, maxNested, &left)
}

func out(v lua.LValue, depth int, left *int) (any, error) {
	if *left--; *left < 0 {
		return nil, errMany
	}
	switch v := v.(type) {
	case *lua.LNilType:
		return nil, nil
	case lua.LString:
		return string(v), nil
	case lua.LBool:
		return bool(v), nil
	case lua.LNumber:
		return numberFromLua(float64(v))
	case *lua.LUserData:
		if d, ok := decimalIn(v); ok {
			return Decimal(d.String()), nil
		}
	case *lua.LTable:
		if depth == 0 {
			return nil, errDeep
		}
		return tableFromLua(v, depth-1, left)
	}
	return nil, errKind
}

func numberFromLua(f float64) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, errNaN
	}
	if f == math.Trunc(f) && math.Abs(f) <= maxSafe {
		return json.Number(strconv.FormatInt(int64(f), 10)), nil
	}
	return json.Number(strconv.FormatFloat(f, 'f', -1, 64)), nil
}

func tableFromLua(t *lua.LTable, depth int, left *int) (any, error) {
	list := make([]any, 0, t.Len())
	for n := 1; n <= t.Len(); n++ {
		v, err := out(t.RawGetInt(n), depth, left)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	var named map[string]any
	var err error
	t.ForEach(func(key, e lua.LValue) {
		if n, ok := key.(lua.LNumber); ok && n >= 1 && int(n) <= len(list) || err != nil {
			return
		}
		name, ok := key.(lua.LString)
		if !ok {
			err = errKind
			return
		}
		if named == nil {
			named = map[string]any{}
		}
		named[string(name)], err = out(e, depth, left)
	})
	switch {
	case err != nil:
		return nil, err
	case named == nil:
		return list, nil
	case len(list) > 0:
		return nil, errMixed
	}
	return named, nil
}

// same compares a value that a script has had with what it was given.
func same(now, was any) bool { return reflect.DeepEqual(marked(now), was) }

// marked writes decimals as the wire has them.
func marked(v any) any {
	switch v := v.(type) {
	case Decimal:
		return map[string]any{decimalKey: string(v)}
	case map[string]any:
		for key, e := range v {
			v[key] = marked(e)
		}
	case []any:
		for n, e := range v {
			v[n] = marked(e)
		}
	}
	return v
}
