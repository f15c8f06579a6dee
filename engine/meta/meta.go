// Package meta is the vocabulary of a tenant's metadata as plain structs: what the JSON Schemas in
// schemas/ describe, decoded strictly by Decode. It holds no behaviour beyond reading; package catalog gives it
// meaning. Source: schemas/*.schema.json, which is also the reference manual.
package meta

import (
	"maps"
	"slices"

	"tidewater/engine/value"
)

// Label is a text in several languages: locale tag → text, e.g. {"zh-CN": "资产", "en": "Asset"}.
type Label map[string]string

// In is the label in a language, else the first of the others in the order of their tags; empty for no label.
func (l Label) In(locale string) string {
	if text, ok := l[locale]; ok {
		return text
	}
	for _, tag := range slices.Sorted(maps.Keys(l)) {
		return l[tag]
	}
	return ""
}

// App is an installable set of metadata, app.json.
type App struct {
	Key         string          `json:"key"`
	Version     string          `json:"version"` // semantic version
	Label       Label           `json:"label"`
	Description Label           `json:"description,omitempty"`
	Menu        []value.FormKey `json:"menu,omitempty"` // in order
	Alerts      Alerts          `json:"alerts,omitzero"`
	Brand       *Brand          `json:"brand,omitempty"`
}

// Brand is how the web app shows whose it is.
type Brand struct {
	Name   Label  `json:"name,omitempty"`   // in place of the product's
	Logo   string `json:"logo,omitempty"`   // a picture as a data: address, SVG or PNG
	Accent string `json:"accent,omitempty"` // "#rrggbb", of what can be pressed, on white
}

// Alerts say when administrators are told that somebody does much of something.
type Alerts struct {
	ExportedPerDay int `json:"exportedPerDay,omitempty"` // records, more than which one takes on a day; 0: never
}

// View is a saved way to look at a form's records, forms/<form>/views/<key>.json.
type View struct {
	Key     string        `json:"key"`
	Form    value.FormKey `json:"form"`
	Label   Label         `json:"label"`
	Kind    string        `json:"kind"`             // table, kanban, calendar or agenda
	Filter  string        `json:"filter,omitempty"` // a pushable expr
	Sort    string        `json:"sort,omitempty"`   // "-updatedAt,name"
	Columns []string      `json:"columns,omitempty"`
	Group   string        `json:"group,omitempty"` // the field whose values are a kanban's columns, or the date of a calendar or an agenda
	Done    string        `json:"done,omitempty"`  // agenda: the boolean that says that a record is done with
	// Limits say, by value of a kanban's group, how many records should stand in that column at most.
	Limits map[string]int `json:"limits,omitempty"`
	Roles  []string       `json:"roles,omitempty"` // who sees the view; empty: everyone who reads the form
}

// Verb is what a role may let its holders do to a form's records.
type Verb string

const (
	Create Verb = "create"
	Read   Verb = "read"
	Update Verb = "update"
	Delete Verb = "delete"
	Export Verb = "export"
)

// Scope says which records a right reaches: "own", "unit", "unitBelow", "zone", "all", "none", or "expr" with When.
type Scope string

const (
	ScopeNone      Scope = "none"
	ScopeOwn       Scope = "own"
	ScopeUnit      Scope = "unit"
	ScopeUnitBelow Scope = "unitBelow"
	ScopeZone      Scope = "zone"
	ScopeAll       Scope = "all"
	ScopeExpr      Scope = "expr"
)

// Role says what its holders may do, roles/<key>.json.
type Role struct {
	Key   string                       `json:"key"`
	Label Label                        `json:"label"`
	Forms map[value.FormKey]FormRights `json:"forms"`
	Home  string                       `json:"home,omitempty"` // a dashboard key
	Menu  []value.FormKey              `json:"menu,omitempty"` // in order; default: the app's
	// Views are the view of a form, by its key, that its holders see first.
	Views map[value.FormKey]string `json:"views,omitempty"`
}

// FormRights are a role's rights over one form's records.
type FormRights struct {
	Create bool                           `json:"create,omitempty"`
	Read   Grant                          `json:"read,omitempty"`
	Update Grant                          `json:"update,omitempty"`
	Delete Grant                          `json:"delete,omitempty"`
	Export Grant                          `json:"export,omitempty"`
	Fields map[value.FieldKey]FieldAccess `json:"fields,omitempty"`
}

// Grant is a scope, with the pushable expr of ScopeExpr.
type Grant struct {
	Scope Scope  `json:"scope,omitempty"` // empty: none
	When  string `json:"when,omitempty"`
}

// FieldAccess narrows what a role's holders may do with a field.
type FieldAccess string

const (
	Hidden   FieldAccess = "hidden"
	ReadOnly FieldAccess = "readOnly"
	Masked   FieldAccess = "masked"
	// Shown limits nothing: it says that a field does not take over the limits of what it is made of.
	Shown FieldAccess = "shown"
)
