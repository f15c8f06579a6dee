package script

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Texts in a script: functions of Lua's string library that can be asked for more than there is, each with
// a bound. A text is at most maxMade bytes.

const maxMade = 512 << 10

// textFunctions are those that take the place of Lua's own.
func (in *interpreter) textFunctions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"rep": in.rep, "format": in.format, "find": in.find, "match": in.match, "gmatch": in.gmatch, "gsub": in.gsub,
	}
}

// made refuses a text that is too long, and counts one that is not.
func (in *interpreter) made(L *lua.LState, bytes int) {
	if bytes > maxMade {
		L.RaiseError("a text of more than %d bytes", maxMade)
	}
	in.now.meter.make(bytes)
}

func (in *interpreter) rep(L *lua.LState) int {
	s, n := L.CheckString(1), L.CheckInt(2)
	if n <= 0 || s == "" {
		L.Push(lua.LString(""))
		return 1
	}
	if n > maxMade {
		in.made(L, maxMade+1)
	}
	in.made(L, len(s)*n)
	L.Push(lua.LString(strings.Repeat(s, n)))
	return 1
}

// format refuses widths and precisions beyond two digits before it lets Lua's own work.
func (in *interpreter) format(L *lua.LState) int {
	text := L.CheckString(1)
	digits := 0
	inVerb := false
	for _, c := range text {
		switch {
		case c == '%':
			inVerb, digits = !inVerb, 0
		case inVerb && '0' <= c && c <= '9':
			if digits++; digits > 2 {
				L.RaiseError("a width or precision of more than two digits")
			}
		case inVerb && (c == '.' || strings.ContainsRune("-+ #", c)):
			digits = 0
		default:
			inVerb = false
		}
	}
	size := len(text)
	for n := 2; n <= L.GetTop(); n++ {
		if s, ok := L.Get(n).(lua.LString); ok {
			size += len(s)
		}
		if d, ok := decimalIn(L.Get(n)); ok {
			L.Replace(n, lua.LString(d.String()))
		}
	}
	in.made(L, size)
	in.base.format.Env = L.Env
	return in.base.format.GFunction(L)
}

// concat joins what stands for "..".
func (in *interpreter) concat(L *lua.LState) int {
	parts := make([]string, L.GetTop())
	size := 0
	for n := range parts {
		switch v := L.Get(n + 1).(type) {
		case lua.LString:
			parts[n] = string(v)
		case lua.LNumber:
			parts[n] = v.String()
		default:
			d, ok := decimalIn(v)
			if !ok {
				L.RaiseError("cannot join %s with \"..\"; use tostring", v.Type())
			}
			parts[n] = d.String()
		}
		size += len(parts[n])
	}
	in.made(L, size)
	L.Push(lua.LString(strings.Join(parts, "")))
	return 1
}

// tableConcat joins a list of texts.
func (in *interpreter) tableConcat(L *lua.LState) int {
	list, between := L.CheckTable(1), L.OptString(2, "")
	from, to := L.OptInt(3, 1), L.OptInt(4, list.Len())
	if to-from > maxArray || len(between) > maxMade {
		L.RaiseError("too much to join")
	}
	var b strings.Builder
	for n := from; n <= to; n++ {
		v := list.RawGetInt(n)
		text := lua.LVAsString(v)
		if d, ok := decimalIn(v); ok {
			text = d.String()
		} else if !lua.LVCanConvToString(v) {
			L.RaiseError("cannot join %s at %d", v.Type(), n)
		}
		if n > from {
			b.WriteString(between)
		}
		b.WriteString(text)
		if b.Len() > maxMade {
			in.made(L, b.Len())
		}
	}
	in.now.meter.work(to - from + 1)
	in.made(L, b.Len())
	L.Push(lua.LString(b.String()))
	return 1
}

// try begins matching the pattern of argument 2 on the text of argument 1.
func (in *interpreter) try(L *lua.LState) *matching {
	text, source := L.CheckString(1), L.CheckString(2)
	p, err := parsePattern(source)
	if err != nil {
		L.RaiseError("%s", err.Error())
	}
	return &matching{pattern: p, text: text, meter: in.now.meter}
}

// begin is where argument n says to begin, counted from 0.
func begin(L *lua.LState, n, length int) int {
	at := L.OptInt(n, 1)
	switch {
	case at > 0:
		return min(at-1, length+1)
	case at < 0:
		return max(length+at, 0)
	}
	return 0
}

func (in *interpreter) find(L *lua.LState) int {
	text, source := L.CheckString(1), L.CheckString(2)
	from := begin(L, 3, len(text))
	if from > len(text) {
		L.Push(lua.LNil)
		return 1
	}
	if L.OptBool(4, false) || !strings.ContainsAny(source, "^$*+?.([%-") {
		in.now.meter.work(len(text) >> 4)
		at := strings.Index(text[from:], source)
		if at < 0 {
			L.Push(lua.LNil)
			return 1
		}
		L.Push(lua.LNumber(from + at + 1))
		L.Push(lua.LNumber(from + at + len(source)))
		return 2
	}
	m := in.try(L)
	start, end, ok := m.find(from)
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LNumber(start + 1))
	L.Push(lua.LNumber(end))
	return 2 + m.push(L)
}

func (in *interpreter) match(L *lua.LState) int {
	m := in.try(L)
	start, end, ok := m.find(begin(L, 3, len(m.text)))
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	return m.pushAll(L, start, end)
}

func (in *interpreter) gmatch(L *lua.LState) int {
	m := in.try(L)
	at := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		start, end, ok := m.find(at)
		if !ok {
			L.Push(lua.LNil)
			return 1
		}
		if at = end; end == start {
			at++
		}
		return m.pushAll(L, start, end)
	}))
	return 1
}

func (in *interpreter) gsub(L *lua.LState) int {
	m := in.try(L)
	put := L.Get(3)
	most := L.OptInt(4, len(m.text)+1)
	var b strings.Builder
	count, at := 0, 0
	for count < most {
		end, ok := m.at(at)
		if m.meter.spent != "" {
			return 0
		}
		if ok {
			count++
			b.WriteString(m.instead(L, put, at, end))
		}
		switch {
		case ok && end > at:
			at = end
		case at < len(m.text):
			b.WriteByte(m.text[at])
			at++
		default:
			at++
		}
		if b.Len() > maxMade {
			in.made(L, b.Len())
		}
		if at > len(m.text) || m.anchored {
			break
		}
	}
	if at < len(m.text) {
		b.WriteString(m.text[at:])
	}
	in.made(L, b.Len())
	L.Push(lua.LString(b.String()))
	L.Push(lua.LNumber(count))
	return 2
}

// instead is what a match is replaced by: a text with %1, a table's value or a function's result.
func (m *matching) instead(L *lua.LState, put lua.LValue, start, end int) string {
	whole := m.text[start:end]
	var v lua.LValue
	switch put := put.(type) {
	case lua.LString:
		return m.filled(L, string(put), whole)
	case lua.LNumber:
		return m.filled(L, put.String(), whole)
	case *lua.LTable:
		v = L.GetTable(put, m.first(whole))
	case *lua.LFunction:
		L.Push(put)
		n := m.pushAll(L, start, end)
		L.Call(n, 1)
		v = L.Get(-1)
		L.Pop(1)
	default:
		L.RaiseError("a match is replaced by a text, a table's value or a function's result")
	}
	switch {
	case !lua.LVAsBool(v):
		return whole
	case !lua.LVCanConvToString(v):
		L.RaiseError("a match cannot be replaced by %s", v.Type())
	}
	return lua.LVAsString(v)
}

func (m *matching) filled(L *lua.LState, put, whole string) string {
	if !strings.Contains(put, "%") {
		return put
	}
	var b strings.Builder
	for n := 0; n < len(put); n++ {
		if put[n] != '%' || n+1 == len(put) {
			b.WriteByte(put[n])
			continue
		}
		n++
		switch c := put[n]; {
		case c == '0' || c == '1' && m.captures == 0:
			b.WriteString(whole)
		case '1' <= c && c <= '9':
			if int(c-'1') >= m.captures {
				L.RaiseError("there is no capture %%%c", c)
			}
			b.WriteString(m.captured(int(c - '1')).String())
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (m *matching) captured(n int) lua.LValue {
	s := m.spans[n]
	if s.to == placeOnly {
		return lua.LNumber(s.from + 1)
	}
	return lua.LString(m.text[s.from:s.to])
}

func (m *matching) first(whole string) lua.LValue {
	if m.captures == 0 {
		return lua.LString(whole)
	}
	return m.captured(0)
}

// push pushes the captures.
func (m *matching) push(L *lua.LState) int {
	for n := range m.captures {
		L.Push(m.captured(n))
	}
	return m.captures
}

// pushAll pushes the captures, or the whole match where there are none.
func (m *matching) pushAll(L *lua.LState, start, end int) int {
	if m.captures > 0 {
		return m.push(L)
	}
	L.Push(lua.LString(m.text[start:end]))
	return 1
}
