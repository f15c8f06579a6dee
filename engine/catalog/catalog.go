// Package catalog turns an app's metadata, a bundle of files, into the compiled and immutable Catalog
// that everything at run time asks: forms with their fields, rules, JSON Schema and store layout,
// views, and what roles grant.
//
// Compiling is a list of passes (compile.go) that report every fault of the bundle at once, with file
// and JSON path. The package decides nothing about people: roles become plain tables that package
// access reads. It reads no records.
package catalog

import (
	"slices"
	"strings"

	"tidewater/engine/decision"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Catalog is all that a tenant has published, compiled. It is immutable and safe for concurrent use.
type Catalog struct {
	App meta.App
	// Version tells this content from every other: the app's version and a digest of the bundle.
	Version string
	Forms   map[value.FormKey]*Form
	Roles   map[string]*Role
	// Warnings are what the analysis of the bundle found that forbids nothing: conditions that decide nothing,
	// fields shown in spite of what they are made of.
	Warnings fault.Issues
	// Dashboards by key.
	Dashboards map[string]*Dashboard
	// Tables are the decision tables by key.
	Tables map[string]*decision.Table

	// Upkeep are the tables and pools whose values named people change, by file.
	Upkeep []*Upkeep
	// Schedules are what is due at set times.
	Schedules []*Schedule
	// Tests are those of forms, rules, tables and scripts, by file.
	Tests map[string]meta.Test

	functions map[string]*expr.Function // the tables as rules call them
	order     []*Form                   // the app's menu first, then by key
	pointing  map[value.FormKey][]Backlink
}

// InOrder lists the forms as the app's menu has them, the rest by key.
func (c *Catalog) InOrder() []*Form { return append([]*Form(nil), c.order...) }

// Layouts are the forms as a store prepares itself for them.
func (c *Catalog) Layouts() []store.Form {
	out := make([]store.Form, len(c.order))
	for n, form := range c.order {
		out[n] = form.Layout
	}
	return out
}

// Backlink is a field of some form that refers to records of another.
type Backlink struct {
	Form  *Form
	Field *Field
}

// HasAfterHooks tells whether some script runs after commits.
func (c *Catalog) HasAfterHooks() bool {
	return slices.ContainsFunc(c.order, func(f *Form) bool {
		return slices.ContainsFunc(f.Scripts, func(s *Script) bool {
			return s.Def.Hook != nil && slices.ContainsFunc(s.Def.Hook.On, func(on string) bool { return strings.HasPrefix(on, "after") })
		})
	})
}

// Pointing lists the reference fields and columns that refer to a form.
func (c *Catalog) Pointing(form value.FormKey) []Backlink { return c.pointing[form] }

// View is a saved way to look at a form's records.
type View struct {
	Def    meta.View
	filter *expr.Pushed // nil for none
}

// For tells whether a view is offered to somebody with these roles: to everyone, or to the roles it names.
func (v *View) For(roles []string) bool {
	return len(v.Def.Roles) == 0 || slices.ContainsFunc(v.Def.Roles, func(r string) bool { return slices.Contains(roles, r) })
}

// Bound is the view's filter for a context; one whose own parts fail holds nothing.
func (v *View) Bound(ctx expr.Context) Bound {
	if v.filter == nil {
		return Bound{}
	}
	f, err := v.filter.Filter(ctx)
	if err != nil {
		return Bound{root: leaf{query.Const(false)}}
	}
	return Bound{root: leaf{f}}
}

// Role is a role with its conditions compiled.
type Role struct {
	Def    meta.Role
	when   map[grantKey]*expr.Pushed
	limits map[value.FormKey]map[value.FieldKey]meta.FieldAccess // stated and inherited
}

type grantKey struct {
	form value.FormKey
	verb meta.Verb
}

// Grant is one role's right to one verb: a scope, with the condition that goes with meta.ScopeExpr.
type Grant struct {
	Scope meta.Scope
	When  query.Filter
}

// Rights are one role's rights over one form, with conditions bound to one actor.
type Rights struct {
	Role                         *Role
	Create                       bool
	Read, Update, Delete, Export Grant
	Fields                       map[value.FieldKey]meta.FieldAccess
}

// RightsOf returns what each of the actor's roles grants over a form. A condition that fails grants
// nothing: a rule about rights must never open what it was to close.
func (c *Catalog) RightsOf(actor value.Actor, form value.FormKey, ctx expr.Context) []Rights {
	ctx.Actor = actor
	var out []Rights
	for _, key := range actor.Roles {
		role, ok := c.Roles[key]
		if !ok {
			continue
		}
		if def, ok := role.Def.Forms[form]; ok {
			out = append(out, role.rights(form, def, ctx))
		}
	}
	return out
}

func (r *Role) rights(form value.FormKey, def meta.FormRights, ctx expr.Context) Rights {
	bind := func(verb meta.Verb, g meta.Grant) Grant {
		if g.Scope == "" {
			return Grant{Scope: meta.ScopeNone}
		}
		if g.Scope != meta.ScopeExpr {
			return Grant{Scope: g.Scope}
		}
		when, err := r.when[grantKey{form, verb}].Filter(ctx)
		if err != nil {
			return Grant{Scope: meta.ScopeNone}
		}
		return Grant{Scope: g.Scope, When: when}
	}
	return Rights{
		Role: r, Create: def.Create,
		Read: bind(meta.Read, def.Read), Update: bind(meta.Update, def.Update),
		Delete: bind(meta.Delete, def.Delete), Export: bind(meta.Export, def.Export),
		Fields: r.limits[form],
	}
}
