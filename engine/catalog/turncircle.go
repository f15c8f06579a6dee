package catalog

import (
	"slices"
	"strings"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/value"
)

// A turn is a change that others follow, so one that follows from itself by way of other records might never come to
// rest: it is refused when it is published. Within one record there is no such danger, since a save turns a field once.

// waypoint is a field of a form, and whether another record stands between it and where the way began.
type waypoint struct {
	form   *Form
	key    value.FieldKey
	beyond bool
}

// turnCircles refuses turns that follow from the field that they set by way of other records.
func (c *compiler) turnCircles() {
	for _, form := range c.sound() {
		for _, f := range form.turning {
			start := waypoint{form, f.Key, false}
			if way := c.wayBack(start, start, map[waypoint]bool{}); way != nil {
				c.say(form.file, placeOfField(f)+"/x-turns", fault.Issue{Code: "meta.turnCircle", Args: fault.Args{"path": strings.Join(way, " → ")}})
			}
		}
	}
}

// wayBack is the way from a field over what it follows from to where it began, in names; nil for none.
func (c *compiler) wayBack(at, start waypoint, seen map[waypoint]bool) []string {
	if at.beyond && at.form == start.form && at.key == start.key {
		return []string{at.name()}
	}
	if seen[at] {
		return nil
	}
	seen[at] = true
	for _, source := range c.sourcesOf(at) {
		if way := c.wayBack(source, start, seen); way != nil {
			return append([]string{at.name()}, way...)
		}
	}
	return nil
}

func (w waypoint) name() string { return string(w.form.Key) + "." + string(w.key) }

// sourcesOf are the fields that a field follows from whenever they change.
func (c *compiler) sourcesOf(at waypoint) []waypoint {
	one, known := at.form.fields[at.key]
	if !known {
		return nil
	}
	var out []waypoint
	for _, key := range one.follows() {
		out = append(out, waypoint{at.form, key, at.beyond})
	}
	if one.Def.Kind == field.Mirror {
		out = append(out, waypoint{at.form, one.Def.Via, at.beyond})
		if via, ok := at.form.fields[one.Def.Via]; ok && c.forms[via.Def.Ref] != nil {
			out = append(out, waypoint{c.forms[via.Def.Ref], one.Def.Of, true})
		}
	}
	for _, feed := range at.form.FedBy {
		if feed.Field == one {
			for _, key := range feed.Reads() {
				out = append(out, waypoint{feed.Child, key, true})
			}
		}
	}
	return out
}

// follows are the fields of the same record that a field, or a column of it, is computed from or turned by.
func (f *Field) follows() []value.FieldKey {
	programs := []*expr.Program{f.compute}
	for _, column := range f.Columns {
		programs = append(programs, column.compute)
	}
	for _, t := range f.turns {
		programs = append(programs, t.when)
	}
	var out []value.FieldKey
	for _, p := range programs {
		if p != nil {
			out = append(out, fieldsRead(p)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
