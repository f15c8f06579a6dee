package access_test

import (
	"os"
	"strings"
	"testing"
)

// mutant is one check of the package taken away or bent: a text of one of its files, and what stands there instead.
type mutant struct{ file, was, now string }

// mutants are what make mutate-access makes of the package, one at a time, to see that a test notices each.
var mutants = []mutant{
	// Who is bound by rights at all.
	{"access.go", "if actor.IsSystem() {", "if false {"},
	{"access.go", "if actor.IsSystem() {", "if true {"},
	{"access.go", "d.create = d.create || r.Create", "d.create = true"},
	{"access.go", "d.create = d.create || r.Create", "d.create = r.Create"},
	// Which records a verb reaches.
	{"access.go", "d.add(meta.Read, reach.rows(r.Read))", "d.add(meta.Read, query.Const(true))"},
	{"access.go", "reach.rows(both(r.Read, r.Update)...)", "reach.rows(r.Update)"},
	{"access.go", "reach.rows(both(r.Read, r.Update)...)", "reach.rows(r.Read)"},
	{"access.go", "reach.rows(both(r.Read, r.Delete)...)", "reach.rows(r.Delete)"},
	{"access.go", "reach.rows(both(r.Read, r.Delete)...)", "reach.rows(both(r.Read, r.Update)...)"},
	{"access.go", "reach.rows(both(r.Read, r.Export)...)", "reach.rows(r.Export)"},
	{"access.go", "reach.rows(both(r.Read, r.Export)...)", "reach.rows(r.Read)"},
	{"access.go", "a.Scope == b.Scope &&", "a.Scope != meta.ScopeNone &&"},
	{"access.go", "d.rows[verb] = union(d.rows[verb], rows)", "d.rows[verb] = rows"},
	{"access.go", "	return query.Const(false)\n}\n\n// May tells", "	return query.Const(true)\n}\n\n// May tells"},
	{"scope.go", "case meta.ScopeAll:\n\t\treturn query.Const(true)", "case meta.ScopeAll, meta.ScopeZone:\n\t\treturn query.Const(true)"},
	{"scope.go", "return g.When\n", "return query.Const(true)\n"},
	{"scope.go", "if g.When == nil {\n\t\t\treturn query.Const(false)", "if g.When == nil {\n\t\t\treturn query.Const(true)"},
	{"scope.go", "out = intersection(out, r.grant(g))", "out = r.grant(g)"},
	{"scope.go", "scope != meta.ScopeUnitBelow && scope != meta.ScopeZone:\n\t\treturn query.Const(false)", "scope != meta.ScopeUnitBelow && scope != meta.ScopeZone:\n\t\treturn query.Const(true)"},
	{"scope.go", "holds(append(slices.Clone(r.own), more...))", "holds(r.own)"},
	{"scope.go", "holds(append(slices.Clone(r.own), more...))", "holds(more)"},
	// Where somebody stands.
	{"scope.go", "org.UnitPrincipal(actor.Unit)}", "org.UnderPrincipal(actor.Unit)}"},
	{"scope.go", "if actor.Unit != \"\" {\n\t\tr.principals", "if actor.Unit == \"\" {\n\t\tr.principals"},
	{"scope.go", "units := people.Led(actor.User)", "var units []value.ID"},
	{"scope.go", "units = append(slices.Clone(units), actor.Unit)", "units = slices.Clone(units)"},
	{"scope.go", "for _, zone := range people.ZonesOf(actor.User) {", "for _, zone := range actor.Zones[:0] {"},
	{"scope.go", "range people.Below(unit) {", "range []value.ID{unit} {"},
	{"scope.go", "if len(moving.Units) == 0 {", "if true {"},
	// While an organisation is moving.
	{"scope.go", "query.Not{Of: holds(r.distrusted)}}}", "query.Const(true)}}"},
	{"scope.go", "query.Or{holds(r.own), query.And{", "query.And{query.Const(true), query.And{"},
	{"scope.go", "len(r.distrusted) == 0 || len(more)", "len(r.distrusted) >= 0 || len(more)"},
	{"scope.go", "len(more) == 0 || scope == meta.ScopeZone", "len(more) == 0"},
	// How much of a field is seen, and who writes it.
	{"access.go", "case !limited || query.Match(f.visible, r):", "case !limited || r != nil || query.Match(f.visible, r):"},
	{"access.go", "case query.Match(f.masked, r):", "case true:"},
	{"access.go", "case query.Match(f.masked, r):", "case false:"},
	{"access.go", "return query.Match(f.write, r)", "return true"},
	{"access.go", "return query.Match(f.write, r)", "return false"},
	{"access.go", "return !limited || isConst(f.visible, true)", "return !limited || f.visible != nil"},
	{"access.go", "return !limited || isConst(f.visible, true)", "return !limited || f.visible == nil"},
	{"access.go", "return limited && isConst(f.masked, false)", "return limited && f.masked != nil"},
	{"scope.go", "if limit == meta.Hidden {\n", "if false {\n"},
	{"scope.go", "whole, some = false, false", "whole, some = true, true"},
	{"scope.go", "if limit == meta.Masked {\n\t\t\twhole", "if false {\n\t\t\twhole"},
	{"scope.go", "\t\t\twhole = false\n", ""},
	{"scope.go", "if limit == \"\" {", "if true {"},
	{"scope.go", "union(d.write, r.rows(role.Read, role.Update))", "union(d.write, r.rows(role.Read))"},
	{"scope.go", "union(d.write, r.rows(role.Read, role.Update))", "union(d.write, r.rows(role.Update))"},
	{"scope.go", "d.create = d.create || role.Create && limit == \"\"", "d.create = true"},
	{"scope.go", "role.Create && limit == \"\"", "role.Create"},
	{"access.go", "return f.create\n", "return true\n"},
	// What pools show and hide.
	{"pools.go", "[][]meta.Who{r.View, r.Claim, r.Assign, r.Manage}", "[][]meta.Who{r.View, r.Claim, r.Assign}"},
	{"pools.go", "[][]meta.Who{r.View, r.Claim, r.Assign, r.Manage}", "[][]meta.Who{r.View, r.Claim, r.Assign, r.Manage, r.Return}"},
	{"pools.go", "if sees(p, actor, reach.people) {", "if true {"},
	{"pools.go", "if len(words) > 0 && d.May(meta.Read) {", "if len(words) > 0 {"},
	{"pools.go", "d.add(meta.Read, rows)", "d.add(meta.Update, rows)"},
	{"pools.go", "d.fields[field] = d.fields[field].shownOn(rows, field, reach, roles)", "_ = field"},
	{"pools.go", "|| limit == meta.Hidden {", "{"},
	{"pools.go", "if isConst(reach.grant(role.Read), false) || limit", "if limit"},
	{"pools.go", "if limit != meta.Masked {\n\t\t\tf.visible", "if true {\n\t\t\tf.visible"},
	{"pools.go", "range p.Def.Hidden {", "range p.Def.Hidden[:0] {"},
	{"pools.go", "if how == catalog.Always {", "if false {"},
	{"pools.go", "if how == catalog.Always {", "if true {"},
	{"pools.go", "without(rows, query.Const(false))", "without(query.Const(false), query.Const(false))"},
	{"pools.go", "without(rows, query.Const(false))", "without(rows, rows)"},
	{"pools.go", "f.visible = intersection(f.visible, query.Not{Of: masked})", "_ = masked"},
	{"pools.go", "f.write = intersection(f.write, query.Not{Of: masked})", "_ = masked"},
	{"pools.go", "f.masked = intersection(f.masked, query.Not{Of: hidden})", "_ = hidden"},
	// Lists of people.
	{"pools.go", "return !slices.ContainsFunc(who.Names()", "return slices.ContainsFunc(who.Names()"},
	{"pools.go", "return ok && u.ID == actor.User", "return ok"},
	{"pools.go", "return slices.Contains(actor.Roles, of)", "return true"},
	{"pools.go", "return people.Within(actor.Unit, value.ID(of))", "return actor.Unit == value.ID(of)"},
	{"pools.go", "return ok && slices.Contains(people.ZonesOf(actor.User), z.ID)", "return ok"},
	{"pools.go", "return owner != \"\" && owner == actor.User", "return true"},
	{"pools.go", "return owner != \"\" && people.ManagerOf(owner) == actor.User", "return owner != \"\""},
	{"pools.go", "\t}\n\treturn false\n}\n\n// sees", "\t}\n\treturn true\n}\n\n// sees"},
	// What a question tells.
	{"oracle.go", "intersection(d.Rows(verb), blind)", "blind"},
	{"oracle.go", "return nil, b.Readable(field)", "return c, nil"},
	{"oracle.go", "if d.SeesEverywhere(field) {\n\t\treturn nil", "if true {\n\t\treturn nil"},
	{"oracle.go", "if d.SeesNowhere(field) {", "if false {"},
	{"oracle.go", "if b.lookup(field) && !b.SeesNowhere(field) {", "if b.lookup(field) {"},
	{"oracle.go", "if b.lookup(field) && !b.SeesNowhere(field) {", "if !b.SeesNowhere(field) {"},
	{"oracle.go", "intersection(b.fields[field].masked, c))", "c)"},
	{"oracle.go", "b.lookups = append(b.lookups, Lookup{field, c.Value})", "_ = b.lookups"},
	{"oracle.go", "return b.absentUnlessVisible(field, c), nil", "return c, nil"},
	{"oracle.go", "return b.blindRows(f), nil", "return f, nil"},
	{"oracle.go", "return b.absentUnlessVisible(r.Table, r)", "return r"},
	{"oracle.go", "of, err := b.blind(f.Of)", "of, err := f.Of, error(nil)"},
	{"oracle.go", "union(intersection(visible, f), intersection(query.Not{Of: visible}, whenAbsent))", "intersection(visible, f)"},
	{"oracle.go", "intersection(query.Not{Of: visible}, whenAbsent)", "whenAbsent"},
	{"oracle.go", "range []string{value.ShadowSort, value.ShadowDay}", "range []string{value.ShadowDay}"},
	{"oracle.go", "range []string{value.ShadowSort, value.ShadowDay}", "range []string{value.ShadowSort}"},
	// Tokens, and what belongs to no form.
	{"administer.go", "actor.Admin && actor.Grants(value.AdminScope, \"\")", "actor.Admin"},
	{"administer.go", "actor.Admin && actor.Grants(value.AdminScope, \"\")", "actor.Grants(value.AdminScope, \"\")"},
	{"administer.go", "if actor.Scopes == nil {\n\t\treturn nil\n\t}\n\treturn", "if true {\n\t\treturn nil\n\t}\n\treturn"},
	{"administer.go", "return verb == value.WriteScope || verb == value.AdminScope", "return true"},
	{"administer.go", "return verb == value.WriteScope || verb == value.AdminScope", "return verb == value.WriteScope"},
	{"administer.go", "if actor.IsSystem() || actor.Scopes == nil {", "if true {"},
	{"administer.go", "if !actor.Grants(value.ReadScope, form) {", "if false {"},
	{"administer.go", "out.create, out.act = d.create && writes, d.act && writes", "out.create, out.act = d.create, d.act && writes"},
	{"administer.go", "out.create, out.act = d.create && writes, d.act && writes", "out.create, out.act = d.create && writes, d.act"},
	{"administer.go", "verb == meta.Export && actor.Grants(value.ExportScope, form)", "verb == meta.Export"},
	{"administer.go", "verb != meta.Export && writes", "verb != meta.Export"},
	{"administer.go", "verb != meta.Export && writes", "writes"},
	// Documents that people keep up.
	{"upkeep.go", "if Administer(actor) == nil {", "if false {"},
	{"upkeep.go", "Unscoped(actor) != nil || !Among", "!Among"},
	{"upkeep.go", "|| !Among(u.Who, actor, people, \"\")", ""},
	{"upkeep.go", "if u.Scope == \"\" {", "if true {"},
	{"upkeep.go", "return len(cell.Of) > 0 && ", "return "},
	{"upkeep.go", "return len(cell.Of) > 0 && !slices.ContainsFunc(cell.Of, foreign)", "return len(cell.Of) > 0"},
	{"upkeep.go", "return known && slices.Contains(people.ZonesOf(actor.User), zone.ID)", "return known"},
	{"upkeep.go", "return people.Within(value.ID(name), led)", "return value.ID(name) == led"},
	// The keeping small of what is asked.
	{"combine.go", "case a == nil || isConst(a, false) || isConst(b, true):", "case a == nil || isConst(b, true):"},
	{"combine.go", "case isConst(b, false) || isConst(a, true):\n\t\treturn a", "case isConst(b, false) || isConst(a, true):\n\t\treturn b"},
	{"combine.go", "case isConst(a, true) || isConst(b, false):\n\t\treturn b", "case isConst(a, true) || isConst(b, false):\n\t\treturn a"},
	{"combine.go", "case isConst(b, true) || isConst(a, false):\n\t\treturn a", "case isConst(b, true) || isConst(a, false):\n\t\treturn b"},
	{"combine.go", "return query.And{a, b}", "return query.Or{a, b}"},
	{"combine.go", "return query.Or{a, b}", "return query.And{a, b}"},
	{"combine.go", "merged = append(merged, v)", "_ = v"},
	{"combine.go", "return append(slices.Clone(or), b)", "return or"},
	{"combine.go", "return append(slices.Clone(and), b)", "return and"},
	{"combine.go", "c.Op == query.In && c.Path", "c.Path"},
}

// Each mutant is of a check that is there, once: a list that has fallen behind the code proves nothing.
func TestMutantsAreOfWhatIsThere(t *testing.T) {
	sources := map[string]string{}
	for _, m := range mutants {
		if sources[m.file] == "" {
			text, err := os.ReadFile(m.file)
			if err != nil {
				t.Fatal(err)
			}
			sources[m.file] = string(text)
		}
		if n := strings.Count(sources[m.file], m.was); n != 1 || m.was == m.now {
			t.Errorf("%s: %q is there %d times", m.file, m.was, n)
		}
	}
}
