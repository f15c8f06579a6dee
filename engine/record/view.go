package record

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
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
	Pool      *Custody       `json:"pool,omitempty"` // of a form with pools
	Shared    *Shared        `json:"shared,omitempty"`
	// Siblings stand for the same target in other pools; told of single records only.
	Siblings []Sibling `json:"siblings,omitempty"`
	Won      bool      `json:"won,omitempty"`    // it has won the target of its group
	Closed   bool      `json:"closed,omitempty"` // another of its group has
	Rights   Rights    `json:"rights"`
	// Duplicates are told by the answer to a save only.
	Duplicates []Duplicate `json:"duplicates,omitempty"`
	// Warning is what the answer to an action says beside that it is done; nil for nothing.
	Warning *fault.Issue `json:"-"`
}

// Custody is where a record is at home, and for how long whoever owns it has it.
type Custody struct {
	Key         string     `json:"key"`   // of its home pool
	Since       time.Time  `json:"since"` // its owner has it; or nobody does
	ReclaimAt   *time.Time `json:"reclaimAt,omitempty"`
	LockedUntil *time.Time `json:"lockedUntil,omitempty"`
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

// answer makes the view of what was saved, with what it may be a duplicate of.
func (w *write) answer(ctx context.Context) (*View, error) {
	view, err := w.visit.answer(ctx, w.form, w.saved)
	if err == nil {
		view.Duplicates, view.Warning = w.alike, w.warning
	}
	return view, err
}

// answers makes the views of a page, with the titles of all references and the names of all files fetched together. only names
// the fields wanted; empty means all.
func (v *visit) answers(ctx context.Context, form *catalog.Form, records []*value.Record, only map[string]bool) ([]*View, error) {
	titles, err := v.titlesKept(ctx, form, records)
	if err != nil {
		return nil, err
	}
	files, err := v.shownFiles(ctx, form, records)
	if err != nil {
		return nil, err
	}
	p := v.pageOf(form, titles, only)
	views := make([]*View, len(records))
	for i, r := range records {
		views[i] = p.view(r)
		v.showFiles(files, form, r.ID, views[i].Values)
	}
	return views, nil
}

// page is what the views of one answer have in common: it is found out once, and not for each record.
type page struct {
	*visit
	form     *catalog.Form
	decision *access.Decision
	titles   namings
	shown    []shownField // the fields that are wanted and that the actor sees on some record
	acts     []Action     // that the form has
	absent   []value.ID   // whom the actor stands in for today
}

type shownField struct {
	*catalog.Field
	name  string
	whole bool // on every record
}

func (v *visit) pageOf(form *catalog.Form, titles namings, only map[string]bool) *page {
	p := &page{visit: v, form: form, decision: v.decision(form), titles: titles, acts: v.actions(form)}
	if !v.actor.IsSystem() {
		p.absent = v.people.StandsInFor(v.actor.User, value.DayOf(v.now, v.Zone))
	}
	for _, field := range form.Fields {
		name := string(field.Key)
		if (len(only) == 0 || only[name]) && !p.decision.SeesNowhere(field.Key) {
			p.shown = append(p.shown, shownField{field, name, p.decision.SeesEverywhere(field.Key)})
		}
	}
	return p
}

func (p *page) view(r *value.Record) *View {
	out := &View{
		ID: r.ID, Form: r.Form, Version: r.Version,
		CreatedAt: r.CreatedAt, CreatedBy: p.person(r.CreatedBy),
		UpdatedAt: r.UpdatedAt, UpdatedBy: p.person(r.UpdatedBy),
		Rights: Rights{
			Update: !r.Deleted() && p.decision.Reaches(meta.Update, r), Delete: p.decision.Reaches(meta.Delete, r), Actions: p.offered(r),
		},
	}
	if r.Deleted() {
		at := r.DeletedAt
		out.DeletedAt = &at
	}
	out.Values, out.Masked = p.values(r)
	out.Pool = p.custody(r)
	out.Won, out.Closed = r.Values.At(value.SysGroupWonAt) != 0, closed(r)
	out.Shared = p.shared(r)
	p.titles.into(p.form, out.Values)
	return out
}

// custody is what the pools know of a record; nil where it is in none.
func (p *page) custody(r *value.Record) *Custody {
	key := r.Values.Text(value.SysPool)
	if len(p.form.Pools) == 0 || key == "" {
		return nil
	}
	out := &Custody{Key: key, Since: time.UnixMilli(max(r.Values.At(value.SysAssignedAt), r.Values.At(value.SysPooledAt))).UTC()}
	if p.decision.Sees(value.SysReclaimAt, r) == access.Whole {
		out.ReclaimAt = instantOf(r.Values.At(value.SysReclaimAt))
	}
	out.LockedUntil = instantOf(r.Values.At(value.SysLocked))
	return out
}

func instantOf(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	t := time.UnixMilli(ms).UTC()
	return &t
}

// values are those that the actor sees, in wire form, masked where they see only some characters.
func (p *page) values(r *value.Record) (values map[string]any, masked []string) {
	values = make(map[string]any, len(r.Values))
	for _, field := range p.shown {
		val, ok := r.Values[field.name]
		if !ok {
			continue
		}
		if !field.whole {
			switch p.decision.Sees(field.Key, r) {
			case access.Hidden:
				continue
			case access.Masked:
				if val = mask(field.Field, val); val == nil {
					continue
				}
				masked = append(masked, field.name)
			}
		}
		if encoded := field.Encode(val); encoded != nil {
			values[field.name] = encoded
		}
	}
	return values, masked
}

// mask hides most of a text. What is made of no characters of its author's, such as a number, a day or
// somebody's id, has none to show and stays away: a part of it would be taken for another.
func mask(f *catalog.Field, v value.Value) value.Value {
	s, ok := v.(string)
	if !ok || !slices.Contains(written, f.As.Kind) {
		return nil
	}
	how := cmp.Or(f.Def.Mask, f.As.Mask)
	if how == "" && f.As.Kind == field.IDCard {
		how = "3,4" // the birthday in the middle is not told
	}
	head, tail, cut := strings.Cut(how, ",")
	if how == "phone" || (how == "" && f.As.Kind == field.Phone) {
		return text.PhoneMask(s)
	}
	if !cut {
		return text.Mask(s, 0, 0)
	}
	return text.Mask(s, digits(head), digits(tail))
}

// written are the kinds whose values are texts that somebody wrote, character by character.
var written = []meta.FieldKind{
	field.Text, field.Multiline, field.Markdown, field.Phone, field.Email, field.URL, field.IDCard, field.Autonumber, field.Formula,
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
	if value.IsSystem(id) && v.Label != nil {
		return Ref{ID: id, Title: v.Label("notice.system").In(v.actor.Locale)}
	}
	return Ref{ID: id, Title: string(id)}
}
