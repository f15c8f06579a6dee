package record

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// CatalogView is the published metadata as one actor may see it.
type CatalogView struct {
	App     string          `json:"app"`
	Version string          `json:"version"`
	Brand   *meta.Brand     `json:"brand,omitempty"`
	Menu    []value.FormKey `json:"menu"`
	Home    string          `json:"home,omitempty"` // the dashboard that the actor sees first
	Forms   []FormView      `json:"forms"`
	// Dashboards that the actor may see, home first, each with the widgets that they may see.
	Dashboards []meta.Dashboard `json:"dashboards"`
}

// FormView is a form without the fields that are hidden from the actor on every record.
type FormView struct {
	Key      value.FormKey    `json:"key"`
	Label    meta.Label       `json:"label"`
	Title    value.FieldKey   `json:"title"`
	Fields   []FieldView      `json:"fields"`
	Sections []meta.Section   `json:"sections,omitempty"`
	Tabs     []meta.Tab       `json:"tabs,omitempty"` // in order, those that hold a section
	Views    []meta.View      `json:"views"`
	Rights   FormRights       `json:"rights"`
	Required []value.FieldKey `json:"required,omitempty"`
	Pools    []PoolView       `json:"pools,omitempty"`
	Owner    value.FieldKey   `json:"owner,omitempty"` // the field that says whose a record is
	// Happens is the field that tells when a record happened, where these are follow-ups of others.
	Happens value.FieldKey `json:"happens,omitempty"`
	Actions []ActionView   `json:"actions,omitempty"`
	// Duplicates are the rules that tell of records alike, the most telling first.
	Duplicates []DuplicateView `json:"duplicates,omitempty"`
}

// DuplicateView is a rule with the fields on the page that it looks at.
type DuplicateView struct {
	Key    string           `json:"key"`
	Label  meta.Label       `json:"label"`
	Fields []value.FieldKey `json:"fields"`
	Blocks bool             `json:"blocks,omitempty"`
}

// PoolView names a pool of a form.
type PoolView struct {
	Key   string     `json:"key"`
	Label meta.Label `json:"label"`
	// Activity are the follow-ups that keep a record with its owner, where the actor may add some.
	Activity *ActivityView `json:"activity,omitempty"`
	// Stage is the field by which the others of a group see how far a record of the pool is.
	Stage value.FieldKey `json:"stage,omitempty"`
	// Place says that the actor may bring new records into it by its name, as an import does.
	Place bool `json:"place,omitempty"`
}

// ActivityView says which form follow-ups are of, and which of its fields names the record.
type ActivityView struct {
	Form value.FormKey  `json:"form"`
	Via  value.FieldKey `json:"via"`
}

// FieldView is a field's definition with what the actor may do with it.
type FieldView struct {
	Key        value.FieldKey `json:"key"`
	Definition meta.Field     `json:"definition"`
	Computed   bool           `json:"computed,omitempty"`
	ReadOnly   bool           `json:"readOnly,omitempty"`
	Masked     bool           `json:"masked,omitempty"` // on some or all records
}

// FormRights say which verbs reach any record of the form.
type FormRights struct {
	Create bool `json:"create"`
	Read   bool `json:"read"`
	Update bool `json:"update"`
	Delete bool `json:"delete"`
	Export bool `json:"export"`
}

// CatalogFor returns what the actor may see: forms that they may read or add to.
func (s *Service) CatalogFor(actor value.Actor) *CatalogView {
	v := s.visit(actor)
	out := &CatalogView{App: v.catalog.App.Key, Version: v.catalog.Version, Brand: v.catalog.App.Brand, Menu: []value.FormKey{}, Forms: []FormView{}}
	for _, form := range v.catalog.InOrder() {
		d := v.decision(form)
		if !d.May(meta.Read) && !d.MayCreate() {
			continue
		}
		out.Forms = append(out.Forms, v.formView(form, d))
	}
	for _, key := range v.menu() {
		if form, ok := v.catalog.Forms[key]; ok && v.decision(form).May(meta.Read) {
			out.Menu = append(out.Menu, form.Key)
		}
	}
	out.Home, out.Dashboards = v.dashboards()
	return out
}

// Tag names this very content, for caching: it changes with a publish and with the actor's roles.
func (c *CatalogView) Tag() (string, error) {
	body, err := json.Marshal(c)
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:12]), err
}

func (v *visit) formView(form *catalog.Form, d *access.Decision) FormView {
	out := FormView{
		Key: form.Key, Label: form.Def.Label, Title: form.Title, Sections: v.sections(form, d),
		Views: []meta.View{}, Fields: []FieldView{},
		Rights: FormRights{
			Create: d.MayCreate(), Read: d.May(meta.Read), Update: d.May(meta.Update),
			Delete: d.May(meta.Delete), Export: d.May(meta.Export),
		},
	}
	out.Tabs = tabsOf(form, out.Sections)
	sees := func(key value.FieldKey) bool { return !d.SeesNowhere(key) }
	for _, field := range form.Fields {
		if d.SeesNowhere(field.Key) {
			continue
		}
		out.Fields = append(out.Fields, FieldView{
			Key: field.Key, Definition: field.Redacted(sees), Computed: field.Computed(),
			ReadOnly: field.Computed() || field.Def.ReadOnly || !d.MayWriteSome(field.Key),
			Masked:   !d.SeesEverywhere(field.Key),
		})
	}
	for _, key := range form.Def.Required {
		if !d.SeesNowhere(key) {
			out.Required = append(out.Required, key)
		}
	}
	for _, p := range form.Pools {
		pool := PoolView{Key: p.Def.Key, Label: p.Def.Label, Place: d.MayCreate() && v.mayPlace(p)}
		if a := p.Activity; a != nil && v.decision(a.Form).MayCreate() {
			pool.Activity = &ActivityView{a.Form.Key, a.Via}
		}
		if group := p.Def.Group; group != nil && group.Stage != "" && sees(group.Stage) {
			pool.Stage = group.Stage
		}
		out.Pools = append(out.Pools, pool)
	}
	for _, rule := range form.Duplicates {
		fields := slices.DeleteFunc(rule.Typed(form), func(key value.FieldKey) bool { return !sees(key) })
		if len(fields) > 0 {
			out.Duplicates = append(out.Duplicates, DuplicateView{rule.Def.Key, rule.Def.Label, fields, rule.Blocks()})
		}
	}
	if owner := form.Def.Holders.Owner; owner != "" && !d.SeesNowhere(owner) {
		out.Owner = owner
	}
	if len(form.Activities) > 0 && !d.SeesNowhere(form.Activities[0].At.Key) {
		out.Happens = form.Activities[0].At.Key
	}
	if d.MayAct() {
		out.Actions = v.described(form)
	}
	out.Views = append(out.Views, v.views(form)...)
	return out
}

// views are those of a form that the actor is offered, by key but for the one that they see first: that of the first of
// their roles that names one which they are offered.
func (v *visit) views(form *catalog.Form) []meta.View {
	var out []meta.View
	for _, view := range form.Views {
		if v.mayUse(view) {
			out = append(out, view.Def)
		}
	}
	for _, key := range v.actor.Roles {
		role, ok := v.catalog.Roles[key]
		if !ok {
			continue
		}
		at := slices.IndexFunc(out, func(view meta.View) bool { return view.Key == role.Def.Views[form.Key] })
		if at < 0 {
			continue
		}
		first := out[at]
		return slices.Insert(slices.Delete(out, at, at+1), 0, first)
	}
	return out
}

func (v *visit) sections(form *catalog.Form, d *access.Decision) []meta.Section {
	var out []meta.Section
	for _, section := range form.Def.Sections {
		shown := meta.Section{Key: section.Key, Label: section.Label, Tab: section.Tab}
		for _, key := range section.Fields {
			if !d.SeesNowhere(key) {
				shown.Fields = append(shown.Fields, key)
			}
		}
		if len(shown.Fields) > 0 {
			out = append(out, shown)
		}
	}
	return out
}

// tabsOf returns the tabs that hold one of the sections: an empty one would be a page with nothing on it.
func tabsOf(form *catalog.Form, sections []meta.Section) []meta.Tab {
	var out []meta.Tab
	for _, tab := range form.Def.Tabs {
		holds := func(s meta.Section) bool { return s.Tab == tab.Key }
		if slices.ContainsFunc(sections, holds) {
			out = append(out, tab)
		}
	}
	return out
}

// FormOf returns a published form that the actor may read or add to; to others it does not exist: NotFound
// "form.unknown".
func (s *Service) FormOf(actor value.Actor, key value.FormKey) (*catalog.Form, error) {
	return s.visit(actor).form(key)
}
