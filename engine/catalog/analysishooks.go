package catalog

import (
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// Lua is read in workers only, so that what a script does is not known here for certain. What its text names is seen
// (script.GlanceAt): fields that there are not, and the forms that it writes, by which hooks that set each other off in
// a circle are told; at run time they would end at the limit of depth. What is worked out is not seen.

// analyseScripts warns of fields of their record that scripts name and the form has not: they would find nothing.
func (c *compiler) analyseScripts() {
	for _, form := range c.sound() {
		for _, s := range form.Scripts {
			for _, named := range script.GlanceAt(s.Run.Source).Fields {
				if !form.hasNamed(named.Name) && !s.onNone() {
					issue := fault.Issue{Code: "script.fieldUnknown", Line: named.Line, Col: named.Col, Args: fault.Args{"field": named.Name}}
					c.warn(s.File, "", issue)
				}
			}
		}
	}
}

// hasNamed tells whether the record that a script is about has something of that name.
func (f *Form) hasNamed(name string) bool {
	_, own := f.fields[value.FieldKey(name)]
	return own || name == "id"
}

// onNone tells whether the script runs on no record.
func (s *Script) onNone() bool { return s.OnForm() || s.Def.Kind == meta.ScriptSchedule }

// analyseHooks warns of hooks that set each other off in a circle, at the one that closes it.
func (c *compiler) analyseHooks() {
	w := hookWalk{compiler: c, done: map[*Script]bool{}, told: map[string]bool{}}
	for _, form := range c.sound() {
		for _, s := range form.Scripts {
			if s.Def.Hook != nil {
				w.visit(s)
			}
		}
	}
}

// hookWalk is a depth-first walk over what hooks set off.
type hookWalk struct {
	*compiler
	way  []*Script
	done map[*Script]bool
	told map[string]bool // circles, by their scripts
}

func (w *hookWalk) visit(s *Script) {
	if w.done[s] {
		return
	}
	w.way = append(w.way, s)
	seen := script.GlanceAt(s.Run.Source)
	for _, written := range seen.Writes {
		for _, next := range w.setOffBy(written, seen.Texts) {
			if at := slices.Index(w.way, next); at >= 0 {
				w.tell(append(slices.Clone(w.way[at:]), next), s.File)
				continue
			}
			w.visit(next)
		}
	}
	w.way, w.done[s] = w.way[:len(w.way)-1], true
}

// setOffBy are the scripts that may run for something that a script writes: hooks of the form at that moment, and the
// buttons that it may press, by the texts in it.
func (w *hookWalk) setOffBy(written script.FormWritten, texts []string) []*Script {
	form := w.forms[value.FormKey(written.Form)]
	if form == nil || w.broken[form.Key] {
		return nil
	}
	verb := map[string]string{"create": "Create", "delete": "Delete"}[written.Op]
	if verb == "" {
		verb = "Update"
	}
	var out []*Script
	for _, s := range form.Scripts {
		isHook := s.Def.Hook != nil && (slices.Contains(s.Def.Hook.On, "before"+verb) || slices.Contains(s.Def.Hook.On, "after"+verb))
		if isHook || written.Op == "act" && s.Def.Action != nil && slices.Contains(texts, s.Def.Key) {
			out = append(out, s)
		}
	}
	return out
}

// tell warns of a circle once; the first script of the way is the last too.
func (w *hookWalk) tell(way []*Script, file string) {
	var names []string
	for _, s := range way {
		names = append(names, s.Run.Name)
	}
	members := slices.Clone(names[1:])
	slices.Sort(members)
	if key := strings.Join(slices.Compact(members), " "); !w.told[key] {
		w.told[key] = true
		w.warn(file, "", fault.Issue{Code: "script.circle", Args: fault.Args{"path": strings.Join(names, " → ")}})
	}
}
