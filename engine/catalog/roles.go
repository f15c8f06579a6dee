package catalog

import (
	"maps"
	"slices"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

func sortedKeys[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

var scopes = []meta.Scope{
	"", meta.ScopeNone, meta.ScopeOwn, meta.ScopeUnit, meta.ScopeUnitBelow, meta.ScopeZone, meta.ScopeAll, meta.ScopeExpr,
}

// access checks what roles grant and compiles their conditions.
func (c *compiler) access() {
	for _, path := range sortedKeys(c.roles) {
		def := c.roles[path]
		role := &Role{Def: def, when: map[grantKey]*expr.Pushed{}}
		for _, key := range slices.Sorted(maps.Keys(def.Forms)) {
			at := "/forms/" + fault.Escape(string(key))
			if !c.claimed[key] {
				c.say(path, at, reference(string(key)))
				continue
			}
			if form := c.forms[key]; form != nil && !c.broken[key] {
				c.grants(role, path, at, form, def.Forms[key])
			}
		}
		c.catalog.Roles[def.Key] = role
	}
	c.inherit()
}

func (c *compiler) grants(role *Role, path, at string, form *Form, rights meta.FormRights) {
	verbs := []struct {
		verb  meta.Verb
		grant meta.Grant
	}{{meta.Read, rights.Read}, {meta.Update, rights.Update}, {meta.Delete, rights.Delete}, {meta.Export, rights.Export}}
	for _, v := range verbs {
		place := at + "/" + string(v.verb)
		if !slices.Contains(scopes, v.grant.Scope) {
			c.say(path, place+"/scope", fault.Issue{Code: "meta.scope", Args: fault.Args{"scope": v.grant.Scope}})
		}
		if (v.grant.Scope == meta.ScopeExpr) != (v.grant.When != "") {
			c.say(path, place+"/when", fault.Issue{Code: "meta.missing", Args: fault.Args{"key": "when"}})
			continue
		}
		if when := c.pushed(path, place+"/when", v.grant.When, form.filterEnv); when != nil {
			role.when[grantKey{form.Key, v.verb}] = when
		}
	}
	for _, key := range slices.Sorted(maps.Keys(rights.Fields)) {
		place := at + "/fields/" + fault.Escape(string(key))
		_, own := form.fields[key]
		_, system := form.system[key]
		switch {
		case system:
			// Lists, pages and the history stand on when and by whom; they are shown with every record.
			c.say(path, place, fault.Issue{Code: "meta.systemField", Args: fault.Args{"key": key}})
		case !own:
			c.say(path, place, reference(string(key)))
		}
		switch rights.Fields[key] {
		case meta.Hidden, meta.ReadOnly, meta.Masked, meta.Shown:
		default:
			c.say(path, place, fault.Issue{Code: "field.option", Args: fault.Args{"value": rights.Fields[key]}})
		}
	}
}
