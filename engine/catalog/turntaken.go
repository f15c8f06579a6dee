package catalog

import (
	"slices"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// turnsTaken refuses turns that follow from other records where no two may hold the same, by the field itself or by what
// is worked out from it: nobody saves the record who could be told that another has it, and all that follows would wait.
func (c *compiler) turnsTaken() {
	turnsBy := func(at waypoint) bool {
		one, known := at.form.fields[at.key]
		isBeyond := func(source waypoint) bool { return source.beyond }
		return known && len(one.turns) > 0 && c.reaches(waypoint{at.form, at.key, false}, isBeyond, map[waypoint]bool{})
	}
	for _, form := range c.sound() {
		for _, f := range form.Fields {
			isIn := func(group []value.FieldKey) bool { return slices.Contains(group, f.Key) }
			held := f.Def.Unique || slices.ContainsFunc(form.Def.Unique, isIn)
			if held && c.reaches(waypoint{form, f.Key, false}, turnsBy, map[waypoint]bool{}) {
				c.say(form.file, placeOfField(f), fault.Issue{Code: "meta.turnTaken"})
			}
		}
	}
}

// reaches tells whether a field, or one that it follows from, is such a one.
func (c *compiler) reaches(at waypoint, is func(waypoint) bool, seen map[waypoint]bool) bool {
	if seen[at] {
		return false
	}
	seen[at] = true
	return is(at) || slices.ContainsFunc(c.sourcesOf(at), func(source waypoint) bool { return c.reaches(source, is, seen) })
}
