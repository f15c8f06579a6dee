package script

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// interpreter is the Lua of one worker. Between two runs it keeps compiled sources and nothing else.
type interpreter struct {
	pipe   io.ReadWriter
	state  *lua.LState
	base   *library
	protos map[string]*lua.FunctionProto // by digest
	now    *run                          // the run at work
	spoilt bool                          // a panic got out: the process is to be thrown away
}

const (
	chunkName = "script"
	callStack = 200 // calls within calls
	registry  = 5 << 10
	registers = 64 << 10
	// maxBrackets bounds how deep a source may be nested: what reads it calls itself.
	maxBrackets = 150
	maxProtos   = 200
)

func newInterpreter(pipe io.ReadWriter) *interpreter {
	in := &interpreter{pipe: pipe, protos: map[string]*lua.FunctionProto{}}
	in.state = lua.NewState(lua.Options{
		SkipOpenLibs: true, CallStackSize: callStack, RegistrySize: registry, RegistryMaxSize: registers,
	})
	in.base = newLibrary(in.state)
	in.install()
	return in
}

// check reads a source and tells what is wrong with it; nothing of it runs.
func (in *interpreter) check(s source) *checked {
	out := &checked{Faults: []lineFault{}}
	_, chunk, err := compile(s.Text)
	if err != nil {
		out.Faults = append(out.Faults, failureOf("script.syntax", err))
		return out
	}
	if !s.HTTP {
		out.Faults = append(out.Faults, reaching(chunk)...)
	}
	return out
}

// compile reads a source, puts our own operators in and makes code of it.
func compile(text string) (proto *lua.FunctionProto, chunk []ast.Stmt, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	if bracketsOf(text) > maxBrackets {
		return nil, nil, errors.New("brackets are nested too deep")
	}
	chunk, err = parse.Parse(strings.NewReader(text), chunkName)
	if err != nil {
		return nil, nil, err
	}
	rewrite(chunk)
	proto, err = lua.Compile(chunk, chunkName)
	return proto, chunk, err
}

// bracketsOf counts how deep brackets and blocks may be nested; what stands in texts and comments counts too.
func bracketsOf(text string) int {
	depth, most := 0, 0
	for _, c := range text {
		switch c {
		case '(', '[', '{':
			depth++
			most = max(most, depth)
		case ')', ']', '}':
			depth--
		}
	}
	return most
}

// run runs a source from its beginning.
func (in *interpreter) run(r running) *done {
	proto, known := in.protos[r.Source.Digest]
	if !known {
		var err error
		if proto, _, err = compile(r.Source.Text); err != nil {
			f := failureOf("script.syntax", err)
			return &done{Failed: &f}
		}
		if len(in.protos) < maxProtos {
			in.protos[r.Source.Digest] = proto
		}
	}
	now := newRun(in, r)
	failed := now.execute(proto)
	out := now.outcome()
	out.Failed = failed
	if r.Call.Cover {
		out.LinesWithCode = linesOf(proto)
	}
	return out
}

// execute calls the compiled source. A panic that gets out of Lua spoils the worker.
func (r *run) execute(proto *lua.FunctionProto) (failed *lineFault) {
	L := r.in.state
	defer func() {
		if p := recover(); p != nil {
			r.in.spoilt = true
			failed = &lineFault{Code: "script.died", Text: clipped(fmt.Sprint(p))}
		}
	}()
	L.SetTop(0)
	L.SetContext(r.meter)
	defer L.RemoveContext()
	fn := L.NewFunctionFromProto(proto)
	fn.Env = r.env
	err := L.CallByParam(lua.P{Fn: fn, NRet: 1, Protect: true})
	if err == nil {
		err = r.returned(L.Get(-1))
		L.SetTop(0)
	}
	if err == nil && r.meter.spent == "" {
		return nil
	}
	f := lineFault{}
	if err != nil {
		f = failureOf("script.failed", err)
	}
	if r.meter.spent != "" {
		f.Code = r.meter.spent
	}
	return &f
}

var (
	placed   = regexp.MustCompile(`^` + chunkName + `:(\d+): ?`)
	unparsed = regexp.MustCompile(`(?s)line:(\d+)\(column:\d+\) near '(.{0,40}).*?':\s*(.*)`)
	atEnd    = regexp.MustCompile(`(?s)at EOF:\s*(.*)`)
	compiled = regexp.MustCompile(`(?s)compile error near line\(\d+\)[^:]*?(\d+)\): ?(.*)`)
)

const maxText = 500 // characters of a fault's text

// failureOf finds the line and the text of what Lua says.
func failureOf(code string, err error) lineFault {
	text := err.Error()
	var api *lua.ApiError
	if errors.As(err, &api) {
		text = api.Object.String()
		if _, isText := api.Object.(lua.LString); !isText && api.Object.Type() != lua.LTNil {
			text = lua.LVAsString(api.Object)
		}
		if text == "" || api.Object.Type() == lua.LTNil {
			text = api.Error()
			if cause := api.Cause; cause != nil {
				text = cause.Error()
			}
		}
	}
	f := lineFault{Code: code}
	text = strings.TrimSpace(text)
	if m := placed.FindStringSubmatch(text); m != nil {
		f.Line, text = number(m[1]), text[len(m[0]):]
	} else if m := unparsed.FindStringSubmatch(text); m != nil {
		f.Line, text = number(m[1]), "near '"+m[2]+"': "+m[3]
	} else if m := atEnd.FindStringSubmatch(text); m != nil {
		text = "at the end: " + m[1]
	} else if m := compiled.FindStringSubmatch(text); m != nil {
		f.Line, text = number(m[1]), m[2]
	}
	f.Text = clipped(text)
	return f
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// clipped cuts a text that came from outside to what one reads.
func clipped(text string) string {
	text = strings.ToValidUTF8(text, "�")
	if r := []rune(text); len(r) > maxText {
		return string(r[:maxText]) + "…"
	}
	return text
}
