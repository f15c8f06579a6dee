package office

import (
	"maps"
	"slices"
	"strings"

	"tidewater/engine/text"
	"tidewater/engine/value"
)

// What a cell names is found by its key, or by its name in any language.

// isBelow tells whether a unit as it is stands right below one of that name, or path.
func (p *staffPlan) isBelow(id value.ID, above string) bool {
	parent, known := p.office.org().Unit(p.tree[id].Parent)
	if !known || above == "" {
		return !known && above == ""
	}
	steps := strings.Split(above, "/")
	return isCalled(parent.Name, steps[len(steps)-1])
}

// isCalled tells whether something has that name in some language.
func isCalled(names map[string]string, name string) bool {
	for _, one := range names {
		if text.Fold(one) == text.Fold(strings.TrimSpace(name)) {
			return true
		}
	}
	return false
}

// unitAt finds a unit by its name, or by its path "Head office/Sales" where several have that name.
func (p *staffPlan) unitAt(sheet string, row staffRow, column, said string) value.ID {
	steps := strings.Split(said, "/")
	last := steps[len(steps)-1]
	var found []value.ID
	for _, id := range p.unitNames[text.Fold(strings.TrimSpace(last))] {
		at, fits := id, true
		for n := len(steps) - 2; n >= 0 && fits; n-- {
			at = p.parentOf(at)
			fits = at != "" && isCalled(p.tree[at].Name, steps[n])
		}
		if fits {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 0:
		p.wrong(sheet, row, column, "staff.unitUnknown", "name", said)
		return ""
	case 1:
		return found[0]
	}
	p.wrong(sheet, row, column, "staff.unitSeveral", "name", said)
	return ""
}

// parentOf is what a unit is to stand below: as the sheet says, where it says so by a name that one unit has.
func (p *staffPlan) parentOf(id value.ID) value.ID {
	for _, one := range p.ofUnit {
		if one.id != id {
			continue
		}
		above, ok := one.row.says("parent")
		if !ok {
			break
		}
		steps := strings.Split(above, "/")
		if found := p.unitNames[text.Fold(strings.TrimSpace(steps[len(steps)-1]))]; len(found) == 1 {
			return found[0]
		}
	}
	return p.tree[id].Parent
}

// personAt finds somebody by the phone or user name that a cell says.
func (p *staffPlan) personAt(sheet string, row staffRow, column, said string) value.ID {
	if id, ok := p.byPhone[text.Fold(phoneOf(said))]; ok {
		return id
	}
	p.wrong(sheet, row, column, "staff.personUnknown", "name", said)
	return ""
}

func (p *staffPlan) zoneAt(sheet string, row staffRow, column, said string) value.ID {
	for _, zone := range p.office.org().Zones() {
		if zone.Key == said || isCalled(zone.Name, said) {
			return zone.ID
		}
	}
	p.wrong(sheet, row, column, "staff.zoneUnknown", "name", said)
	return ""
}

func (p *staffPlan) roleAt(row staffRow, said string) string {
	roles := p.office.tenant.Engine.Catalog().Roles
	for _, key := range slices.Sorted(maps.Keys(roles)) {
		if key == said || isCalled(roles[key].Def.Label, said) {
			return key
		}
	}
	p.wrong(peopleSheet, row, "roles", "user.role", "role", said)
	return said
}
