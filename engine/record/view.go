package record

import (
	"context"
	"strings"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// View is a record as one actor sees it, in wire form: hidden fields are absent, masked ones masked,
// references carry titles.
type View struct {
	ID        value.ID       `json:"id"`
	Form      value.FormKey  `json:"form"`
	Version   int64          `json:"version"`
	Values    map[string]any `json:"values"`
	Masked    []string       `json:"masked,omitempty"` // the fields whose values are masked
	CreatedAt time.Time      `json:"createdAt"`
	CreatedBy Ref            `json:"createdBy"`
	UpdatedAt time.Time      `json:"updatedAt"`
	UpdatedBy Ref            `json:"updatedBy"`
	DeletedAt *time.Time     `json:"deletedAt,omitempty"`
	Rights    Rights         `json:"rights"`
}

// Ref is a person, unit or record by id, with the title to show.
type Ref struct {
	ID    value.ID `json:"id"`
	Title string   `json:"title"`
}

// Rights say what this actor may do with this record.
type Rights struct {
	Update  bool     `json:"update"`
	Delete  bool     `json:"delete"`
	Actions []string `json:"actions"`
}

// answer makes the view of one record.
func (v *visit) answer(ctx context.Context, form *catalog.Form, r *value.Record) (*View, error) {
	views, err := v.answers(ctx, form, []*value.Record{r}, nil)
	if err != nil {
		return nil, err
	}
	return views[0], nil
}

// answers makes the views of a page, with the titles of all references and the names of all files fetched together. only names
// the fields wanted; empty means all.
func (v *visit) answers(ctx context.Context, form *catalog.Form, records []*value.Record, only map[string]bool) ([]*View, error) {
	titles, err := v.titles(ctx, form, records)
	if err != nil {
		return nil, err
	}
	files, err := v.shownFiles(ctx, form, records)
	if err != nil {
		return nil, err
	}
	views := make([]*View, len(records))
	for i, r := range records {
		views[i] = v.view(form, r, titles, only)
		v.showFiles(files, form, r.ID, views[i].Values)
	}
	return views, nil
}

func (v *visit) view(form *catalog.Form, r *value.Record, titles titles, only map[string]bool) *View {
	d := v.decision(form)
	out := &View{
		ID: r.ID, Form: r.Form, Version: r.Version,
		CreatedAt: r.CreatedAt, CreatedBy: v.person(r.CreatedBy),
		UpdatedAt: r.UpdatedAt, UpdatedBy: v.person(r.UpdatedBy),
		Rights: Rights{
			Update: !r.Deleted() && d.Reaches(meta.Update, r), Delete: d.Reaches(meta.Delete, r), Actions: []string{},
		},
	}
	if r.Deleted() {
		at := r.DeletedAt
		out.DeletedAt = &at
	}
	seen, masked := v.seen(form, d, r, only)
	out.Values, out.Masked = form.EncodeValues(seen), masked
	titles.into(form, out.Values)
	return out
}

// seen copies the values that the actor sees, masking where they see only some characters.
func (v *visit) seen(form *catalog.Form, d *access.Decision, r *value.Record, only map[string]bool) (value.Doc, []string) {
	out := make(value.Doc, len(r.Values))
	var masked []string
	for _, field := range form.Fields {
		name := string(field.Key)
		val, ok := r.Values[name]
		if !ok || (len(only) > 0 && !only[name]) {
			continue
		}
		switch d.Sees(field.Key, r) {
		case access.Whole:
			out[name] = val
		case access.Masked:
			if hidden := mask(field.Def, val); hidden != nil {
				out[name] = hidden
				masked = append(masked, name)
			}
		}
	}
	return out, masked
}

// mask hides most of a text; what is no text has no characters to show and stays away.
func mask(def meta.Field, v value.Value) value.Value {
	s, ok := v.(string)
	if !ok {
		return nil
	}
	head, tail, cut := strings.Cut(def.Mask, ",")
	if def.Mask == "phone" || (def.Mask == "" && def.Kind == field.Phone) {
		return text.PhoneMask(s)
	}
	if !cut {
		return text.Mask(s, 0, 0)
	}
	return text.Mask(s, digits(head), digits(tail))
}

func digits(s string) int {
	n := 0
	for _, c := range strings.TrimSpace(s) {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func (v *visit) person(id value.ID) Ref {
	if user, ok := v.people.User(id); ok {
		return Ref{ID: id, Title: user.Name}
	}
	return Ref{ID: id, Title: string(id)}
}
