package office

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// staffPlan is what a workbook makes of the organisation.
type staffPlan struct {
	*staffBook
	office *Office
	users  map[value.ID]org.User // all of them, as they are to be
	tree   map[value.ID]org.Unit
	// ofUser and ofUnit are the rows that speak of somebody or something, in the order of the sheet.
	ofUser, ofUnit []staffOf
	byPhone        map[string]value.ID
	firstRow       map[string]int // of a phone
	unitNames      map[string][]value.ID
}

// staffOf is whom or what a row is about.
type staffOf struct {
	id  value.ID
	row staffRow
	new bool
}

func (o *Office) planStaff(book *staffBook) *staffPlan {
	p := &staffPlan{
		staffBook: book, office: o, users: map[value.ID]org.User{}, tree: map[value.ID]org.Unit{}, byPhone: map[string]value.ID{},
		firstRow: map[string]int{}, unitNames: map[string][]value.ID{},
	}
	for _, u := range o.org().Users() {
		p.users[u.ID] = u
	}
	for _, u := range o.org().Units() {
		p.tree[u.ID] = u
		p.nameUnit(u)
	}
	p.findUnits()
	p.findPeople()
	for _, one := range p.ofUnit {
		p.readUnit(one)
	}
	for _, one := range p.ofUser {
		p.readPerson(one)
	}
	p.whole()
	return p
}

func (p *staffPlan) nameUnit(u org.Unit) {
	names := map[string]bool{}
	for _, name := range u.Name {
		names[text.Fold(name)] = true
	}
	for name := range names {
		p.unitNames[name] = append(p.unitNames[name], u.ID)
	}
}

// findUnits tells which unit each row is of. A name that the sheet says once, and that one unit has, is that unit's,
// wherever it stood before; one that is said more often is told apart by what stands above it.
func (p *staffPlan) findUnits() {
	said := map[string]int{}
	for _, row := range p.units {
		said[text.Fold(row.cells["unit"])]++
	}
	taken, placed := map[value.ID]int{}, map[string]int{}
	before := maps.Clone(p.unitNames)
	for _, row := range p.units {
		name, ok := row.says("unit")
		if !ok {
			p.wrong(unitsSheet, row, "unit", "field.required")
			continue
		}
		place := text.Fold(name) + "\x00" + text.Fold(row.cells["parent"])
		if at, twice := placed[place]; twice {
			p.wrong(unitsSheet, row, "unit", "staff.twice", "row", at)
			continue
		}
		placed[place] = row.number
		one := staffOf{row: row}
		found := before[text.Fold(name)]
		if said[text.Fold(name)] > 1 || len(found) > 1 {
			found = slices.DeleteFunc(slices.Clone(found), func(id value.ID) bool { return !p.isBelow(id, row.cells["parent"]) })
		}
		if len(found) > 0 {
			one.id = found[0]
		} else {
			one.id, one.new = p.office.NewID(), true
			p.tree[one.id] = org.Unit{ID: one.id, Name: map[string]string{"zh-CN": name}}
			p.nameUnit(p.tree[one.id])
		}
		if at, twice := taken[one.id]; twice {
			p.wrong(unitsSheet, row, "unit", "staff.twice", "row", at)
			continue
		}
		taken[one.id] = row.number
		p.ofUnit = append(p.ofUnit, one)
	}
}

var phoneForm = regexp.MustCompile(`^\+?[0-9]{5,15}$`)

// phoneOf is a phone number as people sign in by it: without blanks and dashes, and without China's prefix.
func phoneOf(said string) string {
	digits := strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(said)
	if rest, is := strings.CutPrefix(digits, "+86"); is && len(rest) == 11 {
		return rest
	}
	return digits
}

func (p *staffPlan) findPeople() {
	for _, u := range p.office.org().Users() {
		for _, name := range []string{u.Username, phoneOf(u.Phone)} {
			if name == "" {
				continue
			}
			if _, taken := p.byPhone[text.Fold(name)]; !taken || name == u.Username {
				p.byPhone[text.Fold(name)] = u.ID
			}
		}
	}
	for _, row := range p.people {
		said, ok := row.says("phone")
		phone := phoneOf(said)
		at, twice := p.firstRow[phone]
		switch {
		case !ok:
			p.wrong(peopleSheet, row, "phone", "field.required")
			continue
		case !phoneForm.MatchString(phone):
			p.wrong(peopleSheet, row, "phone", "staff.phone")
			continue
		case twice:
			p.wrong(peopleSheet, row, "phone", "staff.twice", "row", at)
			continue
		}
		p.firstRow[phone] = row.number
		one := staffOf{id: p.byPhone[phone], row: row}
		if one.id == "" {
			one.id, one.new = p.office.NewID(), true
			p.users[one.id] = org.User{ID: one.id, Username: strings.TrimPrefix(phone, "+"), Phone: phone, Active: true}
			p.byPhone[phone] = one.id
		}
		p.ofUser = append(p.ofUser, one)
	}
}

func (p *staffPlan) readUnit(one staffOf) {
	u, row := p.tree[one.id], one.row
	if above, ok := row.says("parent"); ok {
		u.Parent = p.unitAt(unitsSheet, row, "parent", above)
	} else if _, has := row.cells["parent"]; has {
		u.Parent = ""
	}
	if said, ok := row.says("manager"); ok {
		u.Manager = p.personAt(unitsSheet, row, "manager", said)
	}
	if said, ok := row.says("deputies"); ok {
		u.Deputies = nil
		for _, name := range listed(said) {
			u.Deputies = append(u.Deputies, p.personAt(unitsSheet, row, "deputies", name))
		}
	}
	if said, ok := row.says("zone"); ok {
		u.Zone = p.zoneAt(unitsSheet, row, "zone", said)
	}
	p.tree[one.id] = u
	for _, issue := range checkName(u.Name) {
		p.wrong(unitsSheet, row, "unit", issue.Code, args(issue)...)
	}
}

func (p *staffPlan) readPerson(one staffOf) {
	u, row := p.users[one.id], one.row
	was := u
	if name, ok := row.says("name"); ok {
		u.Name = name
	}
	if said, ok := row.says("unit"); ok {
		u.Unit = p.unitAt(peopleSheet, row, "unit", said)
	}
	if said, ok := row.says("manager"); ok {
		u.Manager = p.personAt(peopleSheet, row, "manager", said)
	}
	if said, ok := row.says("email"); ok {
		u.Email = said
	}
	if said, ok := row.says("positions"); ok {
		u.Positions = listed(said)
	}
	if said, ok := row.says("roles"); ok {
		u.Roles = nil
		for _, name := range listed(said) {
			u.Roles = append(u.Roles, p.roleAt(row, name))
		}
	}
	if said, ok := row.says("zones"); ok {
		u.Zones = nil
		for _, name := range listed(said) {
			u.Zones = append(u.Zones, p.zoneAt(peopleSheet, row, "zones", name))
		}
	}
	p.users[one.id] = u
	if one.new {
		was = org.User{}
	}
	for _, issue := range p.office.check(u, was) {
		column, _, _ := strings.Cut(strings.TrimPrefix(issue.Path, "/"), "/")
		if column == "username" {
			column = "phone"
		}
		if issue.Code == "user.role" { // told where it was looked for
			continue
		}
		p.wrong(peopleSheet, row, column, issue.Code, args(issue)...)
	}
}

func args(issue fault.Issue) []any {
	var out []any
	for _, name := range slices.Sorted(maps.Keys(issue.Args)) {
		out = append(out, name, issue.Args[name])
	}
	return out
}

// listed are the entries of a cell that has several.
func listed(said string) []string {
	var out []string
	for _, one := range strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune(",，、;；\n", r) }) {
		if one = strings.TrimSpace(one); one != "" && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// whole holds the organisation that comes of it against its own rules: nobody and no unit stands above itself.
func (p *staffPlan) whole() {
	if len(p.issues) > 0 {
		return // what is not found would be told twice
	}
	users := sortedBy(p.users)
	tree := sortedBy(p.tree)
	_, err := org.NewSnapshot(1, users, tree, p.office.org().Zones())
	var f *fault.Error
	if err == nil || !errors.As(err, &f) {
		return
	}
	for _, issue := range f.Issues {
		parts := strings.Split(strings.TrimPrefix(issue.Path, "/"), "/")
		if len(parts) < 3 {
			continue
		}
		at, _ := strconv.Atoi(parts[1])
		way, _ := issue.Args["path"].([]string)
		switch {
		case parts[0] == "users" && len(way) > 0:
			p.circle(peopleSheet, parts[2], issue.Code, p.ofUser, way)
		case parts[0] == "users":
			p.wrong(peopleSheet, rowOf(p.ofUser, users[at].ID), parts[2], issue.Code, args(issue)...)
		case len(way) > 0:
			p.circle(unitsSheet, parts[2], issue.Code, p.ofUnit, way)
		default:
			p.wrong(unitsSheet, rowOf(p.ofUnit, tree[at].ID), parts[2], issue.Code, args(issue)...)
		}
	}
}

// circle tells of people or units that stand above themselves, by their names, at the first row that is one of them.
func (p *staffPlan) circle(sheet, column, code string, rows []staffOf, way []string) {
	row, names := staffRow{}, make([]string, len(way))
	for n, id := range way {
		if one := rowOf(rows, value.ID(id)); row.number == 0 || one.number > 0 && one.number < row.number {
			row = one
		}
		if names[n] = p.users[value.ID(id)].Name; sheet == unitsSheet {
			names[n] = p.office.titleOf(p.tree[value.ID(id)].Name)
		}
	}
	p.wrong(sheet, row, column, code, "path", names)
}

func rowOf(rows []staffOf, id value.ID) staffRow {
	for _, one := range rows {
		if one.id == id {
			return one.row
		}
	}
	return staffRow{}
}

func sortedBy[T any](all map[value.ID]T) []T {
	out := make([]T, 0, len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[id])
	}
	return out
}
