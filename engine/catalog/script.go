package catalog

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// Script is a script of a form, ready to be run. Whether its Lua can be read is not known here: it is read in
// a worker only, see publish.Config.Prove.
type Script struct {
	Def  meta.Script
	Run  script.Script
	File string // of its Lua

	when *expr.Program
	over *expr.Pushed // which records jobs run it for; nil for all
}

// Offers tells whether an action is offered for a record as it stands, as far as its condition tells.
func (s *Script) Offers(values value.Doc, ctx expr.Context) bool {
	return s.when == nil || holds(s.when, ctx, values)
}

// At is where a refusal stands that names a field: at what the action asks for, or at the field of its form; at
// neither where the script knows no such name.
func (s *Script) At(form *Form, name string) string {
	def := s.Def.Action
	if def != nil && slices.ContainsFunc(def.Args, func(arg meta.ActionArg) bool { return arg.Key == name }) {
		return "/args/" + fault.Escape(name)
	}
	if def != nil && def.On == meta.OnForm {
		return "/args"
	}
	if _, known := form.Field(value.FieldKey(name)); known {
		return "/values/" + fault.Escape(name)
	}
	return "/values"
}

// OnForm tells whether it is about no record.
func (s *Script) OnForm() bool { return s.Def.Action != nil && s.Def.Action.On == meta.OnForm }

// usualOrder is where a hook stands that states no order.
const usualOrder = 100

// addScript gives a form one of its scripts.
func (c *compiler) addScript(path string, def meta.Script, when *expr.Program, over *expr.Pushed) {
	form := c.forms[def.Form]
	file := strings.TrimSuffix(path, ".json") + ".lua"
	source := c.bundle[file]
	if form == nil || source == nil {
		return
	}
	form.Scripts = append(form.Scripts, &Script{
		Def: def, File: file, when: when, over: over,
		Run: script.Script{
			Name: string(def.Form) + "/" + def.Key, Source: string(source), Digest: digestOf(string(source)),
			Limits: script.LimitsOf(def.Kind, def.Limits), HTTP: def.HTTP,
		},
	})
	slices.SortStableFunc(form.Scripts, func(a, b *Script) int {
		return cmp.Or(cmp.Compare(a.order(), b.order()), strings.Compare(a.Def.Key, b.Def.Key))
	})
}

func digestOf(source string) string {
	sum := sha256.Sum256([]byte(source))
	return hex.EncodeToString(sum[:12])
}

// Saying is the script with another source, to be tried.
func (s *Script) Saying(source string) *Script {
	out := *s
	out.Run.Source, out.Run.Digest = source, digestOf(source)
	return &out
}

func (s *Script) order() int {
	if s.Def.Hook == nil || s.Def.Hook.Order == nil {
		return usualOrder
	}
	return *s.Def.Hook.Order
}

// Script returns a script by key.
func (f *Form) Script(key string) (*Script, bool) {
	at := slices.IndexFunc(f.Scripts, func(s *Script) bool { return s.Def.Key == key })
	if at < 0 {
		return nil, false
	}
	return f.Scripts[at], true
}

// Names tells whether the source of a script has a text of its own that is a name: letters, digits, "_", "." and "-".
func (s *Script) Names(text string) bool {
	return isName.MatchString(text) && (strings.Contains(s.Run.Source, `"`+text+`"`) || strings.Contains(s.Run.Source, "'"+text+"'"))
}

var isName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,63}$`)

// Batch tells whether jobs run the script for records, once for each; else once each time.
func (s *Script) Batch() bool { return s.Def.Kind == meta.ScriptBatch || s.Def.Batch != nil }

// Over is the condition of the records that jobs run it for; "" is all.
func (s *Script) Over() string {
	if s.Def.Batch == nil {
		return ""
	}
	return s.Def.Batch.Filter
}

// usualBatch is how many records a transaction takes at most where a script states nothing.
const usualBatch = 100

// AtOnce is how many records a transaction takes at most.
func (s *Script) AtOnce() int {
	if s.Def.Batch == nil || s.Def.Batch.Size == 0 {
		return usualBatch
	}
	return s.Def.Batch.Size
}

// Hooks are the scripts that a moment of a save sets off, in their order. changed are the fields that differ;
// it is asked of updates only.
func (f *Form) Hooks(moment string, values value.Doc, ctx expr.Context, changed func(value.FieldKey) bool) []*Script {
	var out []*Script
	for _, s := range f.Scripts {
		if s.Def.Hook == nil || !slices.Contains(s.Def.Hook.On, moment) {
			continue
		}
		if len(s.Def.Hook.Fields) > 0 && changed != nil && !slices.ContainsFunc(s.Def.Hook.Fields, changed) {
			continue
		}
		if s.when == nil || holds(s.when, ctx, values) {
			out = append(out, s)
		}
	}
	return out
}

// scriptAvailable refuses what no script can do yet.
func (s sheet) scriptAvailable(def meta.Script) {
	later := func(path string) { s.fault(path, fault.Issue{Code: "meta.notAvailable"}) }
	if def.Kind == meta.ScriptStep {
		later("/kind")
	}
	if source := s.bundle[strings.TrimSuffix(s.file, ".json")+".lua"]; len(source) > script.MaxSource {
		s.fault("", fault.Issue{Code: "script.tooLong", Args: fault.Args{"max": script.MaxSource}})
	}
}
