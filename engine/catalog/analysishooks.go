package catalog

import (
	"regexp"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Lua is read in workers only, so that what a hook writes is not known here for certain. Which forms it names
// where it writes is seen in its text, and hooks that set each other off in a circle by these are told: at run
// time they would end at the limit of depth. A form whose name is worked out is not seen.

var (
	luaComment = regexp.MustCompile(`(?s)--\[\[.*?\]\]|--[^\n]*`)
	luaWrite   = regexp.MustCompile(`\b(create|update|delete|act)\s*\(\s*["']([a-z][A-Za-z0-9]*)["']`)
)

// setsOff is a form whose records a hook writes, and the moments of hooks that this sets off.
type setsOff struct {
	form value.FormKey
	op   string
}

// analyseHooks warns of hooks that set each other off in a circle, at a script of the circle.
func (c *compiler) analyseHooks() {
	w := hookWalk{compiler: c, done: map[*Form]bool{}, told: map[string]bool{}}
	for _, form := range c.sound() {
		w.visit(form)
	}
}

// hookWalk is a depth-first walk over what hooks set off.
type hookWalk struct {
	*compiler
	way  []*Form
	done map[*Form]bool
	told map[string]bool // circles, by their forms
}

func (w *hookWalk) visit(form *Form) {
	if w.done[form] {
		return
	}
	w.way = append(w.way, form)
	for _, s := range form.Scripts {
		if s.Def.Kind != meta.ScriptHook {
			continue
		}
		for _, next := range writtenBy(s.Run.Source) {
			target := w.forms[next.form]
			if target == nil || !target.isSetOff(next.op) {
				continue
			}
			if at := slices.Index(w.way, target); at >= 0 {
				w.tell(append(slices.Clone(w.way[at:]), target), s.File)
				continue
			}
			w.visit(target)
		}
	}
	w.way, w.done[form] = w.way[:len(w.way)-1], true
}

// tell warns of a circle once; the first form of the way is the last too.
func (w *hookWalk) tell(way []*Form, file string) {
	var names []string
	for _, form := range way {
		names = append(names, string(form.Key))
	}
	members := slices.Clone(names[1:])
	slices.Sort(members)
	if key := strings.Join(slices.Compact(members), " "); !w.told[key] {
		w.told[key] = true
		w.warn(file, "", fault.Issue{Code: "script.circle", Args: fault.Args{"path": strings.Join(names, " → ")}})
	}
}

// writtenBy lists what a source writes by name, each once.
func writtenBy(source string) []setsOff {
	var out []setsOff
	for _, found := range luaWrite.FindAllStringSubmatch(luaComment.ReplaceAllString(source, " "), -1) {
		one := setsOff{value.FormKey(found[2]), found[1]}
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// isSetOff tells whether such a write sets off a hook of the form.
func (f *Form) isSetOff(op string) bool {
	verb := map[string]string{"create": "Create", "delete": "Delete"}[op]
	if verb == "" {
		verb = "Update"
	}
	moments := []string{"before" + verb, "after" + verb}
	return slices.ContainsFunc(f.Scripts, func(s *Script) bool {
		return s.Def.Hook != nil && slices.ContainsFunc(s.Def.Hook.On, func(on string) bool { return slices.Contains(moments, on) })
	})
}
