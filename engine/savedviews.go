package engine

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// SavedView is a way to look at a form's records that somebody has kept: for themselves, or for those of some roles
// and org units. It widens no right: whoever looks by it sees what they may see.
type SavedView struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	View   string `json:"view,omitempty"`   // the published view that it starts from
	Filter string `json:"filter,omitempty"` // JSON, in the words of whoever drew it
	Q      string `json:"q,omitempty"`
	Sort   string `json:"sort,omitempty"`
	// Columns are those that are shown, in their order; none: those of the published view.
	Columns []ViewColumn `json:"columns,omitempty"`
	// Unpinned says that no column stays while the others are scrolled: else the first does where none is said to.
	Unpinned bool `json:"unpinned,omitempty"`
	// Group is the field by whose values the records stand together; "" for none.
	Group   value.FieldKey `json:"group,omitempty"`
	Shared  *Sharing       `json:"shared,omitempty"` // nil: it is its maker's alone
	By      *record.Ref    `json:"by,omitempty"`     // its maker
	Mine    bool           `json:"mine"`             // the reader may change it
	Version int64          `json:"version"`          // 0 for a new one
	At      time.Time      `json:"at"`
}

// ViewColumn is a column of a saved view.
type ViewColumn struct {
	Field  value.FieldKey `json:"field"`
	Width  int64          `json:"width,omitempty"`  // in CSS pixels; 0: as wide as its kind is at first
	Pinned bool           `json:"pinned,omitempty"` // it stays where it is while the others are scrolled
}

// Sharing says for whom a view is beside its maker: the union.
type Sharing struct {
	Roles []string   `json:"roles,omitempty"`
	Units []value.ID `json:"units,omitempty"` // with all below
}

// Side documents: views of one's own, and those for others.
const (
	ownViews    = "ownViews"    // form/user/id
	sharedViews = "sharedViews" // form/id
)

const (
	maxViews      = 100 // of one person and form; as many are shared of a form
	maxViewName   = 60
	maxViewFilter = 16 << 10
	maxColumns    = 200
	minWidth      = 40 // of a column
	maxWidth      = 1200
)

// Views are the saved views of a form that somebody may use, by name. Faults: NotFound "form.unknown".
func (e *Engine) Views(ctx context.Context, actor value.Actor, form value.FormKey) ([]SavedView, error) {
	const op = "engine.views"
	if _, err := e.Records.FormOf(actor, form); err != nil {
		return nil, fault.Wrap(op, err)
	}
	own, err := e.scan(ctx, ownViews, ownViewKey(form, actor.Key(), ""))
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	shared, err := e.scan(ctx, sharedViews, sharedViewKey(form, ""))
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	out := make([]SavedView, 0, len(own)+len(shared))
	for _, item := range slices.Concat(own, shared) {
		v, err := viewIn(item)
		if err != nil {
			return nil, err
		}
		if v.reaches(e, actor) {
			out = append(out, e.shownView(actor, v))
		}
	}
	slices.SortFunc(out, func(a, b SavedView) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID)) })
	return out, nil
}

// SaveView keeps a view, a new one or one of the actor's own in place of what it was. Faults: NotFound "form.unknown"
// and "view.unknown", Conflict "view.stale" and "view.tooMany", Invalid "view.invalid", Forbidden "view.mayNotShare"
// with a role or unit that is not the actor's.
func (e *Engine) SaveView(ctx context.Context, actor value.Actor, form value.FormKey, v SavedView) (*SavedView, error) {
	const op = "engine.saveView"
	f, err := e.Records.FormOf(actor, form)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	var issues fault.Issues
	v.Name = strings.TrimSpace(v.Name)
	if n := utf8.RuneCountInString(v.Name); n == 0 || n > maxViewName {
		issues.Add("/name", "view.name", "max", maxViewName)
	}
	if len(v.Filter) > maxViewFilter || v.Filter != "" && !json.Valid([]byte(v.Filter)) {
		issues.Add("/filter", "view.filter", "max", maxViewFilter)
	}
	if _, bad := f.BindSort(v.Sort, nil); len(bad) > 0 {
		issues.Add("/sort", "view.sort")
	}
	v.checkColumns(f, &issues)
	if err := issues.Fault(op, "view.invalid"); err != nil {
		return nil, err
	}
	if v.Shared != nil && !v.Shared.isOf(e, actor) {
		return nil, fault.New(fault.Forbidden, "view.mayNotShare").In(op)
	}
	v.By, v.At, v.Mine = &record.Ref{ID: actor.User}, e.config.Clock().UTC(), false
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error { return e.putView(ctx, tx, actor, form, &v) })
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	shown := e.shownView(actor, v)
	return &shown, nil
}

// checkColumns holds columns and grouping against the form.
func (v SavedView) checkColumns(f *catalog.Form, issues *fault.Issues) {
	if v.Group != "" && !f.Has(v.Group) {
		issues.Add("/group", "view.field", "field", v.Group)
	}
	if len(v.Columns) > maxColumns {
		issues.Add("/columns", "view.columns", "max", maxColumns)
		return
	}
	seen := map[value.FieldKey]bool{}
	for n, one := range v.Columns {
		at := "/columns/" + strconv.Itoa(n)
		if !f.Has(one.Field) || seen[one.Field] {
			issues.Add(at+"/field", "view.field", "field", one.Field)
		}
		seen[one.Field] = true
		if one.Width != 0 && (one.Width < minWidth || one.Width > maxWidth) {
			issues.Add(at+"/width", "view.width", "min", minWidth, "max", maxWidth)
		}
	}
}

func (e *Engine) putView(ctx context.Context, tx store.Tx, actor value.Actor, form value.FormKey, v *SavedView) error {
	was, collection, err := findView(ctx, tx, actor, form, v.ID)
	switch {
	case err != nil:
		return err
	case was == nil && v.Version != 0, was != nil && was.Revision != v.Version:
		return fault.New(fault.Conflict, "view.stale")
	}
	to, key := ownViews, ownViewKey(form, actor.User, v.ID)
	if v.Shared != nil {
		to, key = sharedViews, sharedViewKey(form, v.ID)
	}
	if was == nil || collection != to {
		prefix := strings.TrimSuffix(key, v.ID)
		have, err := tx.Scan(ctx, to, prefix, "", maxViews)
		if err != nil {
			return err
		}
		if len(have) >= maxViews {
			return fault.New(fault.Conflict, "view.tooMany").With("max", maxViews)
		}
	}
	body, err := json.Marshal(v)
	if err != nil {
		return fault.Wrap("engine.saveView", err)
	}
	revision := int64(0)
	if was != nil && collection == to {
		revision = was.Revision
	} else if was != nil {
		if err := tx.Drop(ctx, collection, was.Key); err != nil {
			return err
		}
	}
	if err := tx.Save(ctx, to, store.Item{Key: key, Body: body}, revision); err != nil {
		return err
	}
	saved, err := tx.Load(ctx, to, key)
	v.Version = saved.Revision
	return err
}

// DropView takes a view of the actor's own away. Faults: NotFound "form.unknown" and "view.unknown".
func (e *Engine) DropView(ctx context.Context, actor value.Actor, form value.FormKey, id string) error {
	const op = "engine.dropView"
	if _, err := e.Records.FormOf(actor, form); err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, e.config.Store.Tx(ctx, func(tx store.Tx) error {
		was, collection, err := findView(ctx, tx, actor, form, id)
		if err != nil {
			return err
		}
		if was == nil {
			return fault.New(fault.NotFound, "view.unknown")
		}
		return tx.Drop(ctx, collection, was.Key)
	}))
}

// findView is a view that the actor may change, nil where there is none of that id; NotFound "view.unknown" where it is
// somebody else's.
func findView(ctx context.Context, tx store.Tx, actor value.Actor, form value.FormKey, id string) (*store.Item, string, error) {
	item, err := tx.Load(ctx, ownViews, ownViewKey(form, actor.User, id))
	if err == nil {
		return &item, ownViews, nil
	}
	if fault.KindOf(err) != fault.NotFound {
		return nil, "", err
	}
	item, err = tx.Load(ctx, sharedViews, sharedViewKey(form, id))
	if fault.KindOf(err) == fault.NotFound {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	v, err := viewIn(item)
	if err == nil && !v.isOf(actor) {
		err = fault.New(fault.NotFound, "view.unknown")
	}
	return &item, sharedViews, err
}

func ownViewKey(form value.FormKey, user value.ID, id string) string {
	return string(form) + "/" + string(user) + "/" + id
}

func sharedViewKey(form value.FormKey, id string) string { return string(form) + "/" + id }

func viewIn(item store.Item) (v SavedView, err error) {
	decoder := json.NewDecoder(bytes.NewReader(item.Body))
	if err := decoder.Decode(&v); err != nil {
		return v, fault.New(fault.Internal, "store.corrupt").At(sharedViews + "/" + item.Key).Because(err)
	}
	v.Version = item.Revision
	return v, nil
}

// isOf tells whether the actor may change a view.
func (v SavedView) isOf(actor value.Actor) bool {
	return v.By != nil && v.By.ID == actor.User && access.Passive(actor) == nil
}

// reaches tells whether a view is for the actor.
func (v SavedView) reaches(e *Engine, actor value.Actor) bool {
	if v.By != nil && v.By.ID == actor.Key() {
		return true
	}
	return v.Shared != nil && v.Shared.reaches(e, actor) && (actor.Viewer == nil || v.reaches(e, *actor.Viewer))
}

func (s Sharing) reaches(e *Engine, actor value.Actor) bool {
	people := e.config.Org()
	return slices.ContainsFunc(s.Roles, func(role string) bool { return slices.Contains(actor.Roles, role) }) ||
		slices.ContainsFunc(s.Units, func(unit value.ID) bool { return people.Within(actor.Unit, unit) })
}

// isOf tells whether somebody may share with all of these: their own roles, and the units that they are in.
func (s Sharing) isOf(e *Engine, actor value.Actor) bool {
	people := e.config.Org()
	for _, role := range s.Roles {
		if !slices.Contains(actor.Roles, role) {
			return false
		}
	}
	for _, unit := range s.Units {
		if !people.Within(actor.Unit, unit) {
			return false
		}
	}
	return len(s.Roles)+len(s.Units) > 0
}

// shownView is a view as somebody sees it.
func (e *Engine) shownView(actor value.Actor, v SavedView) SavedView {
	v.Mine = v.isOf(actor)
	if v.By != nil {
		by := e.nameOf(v.By.ID)
		v.By = &by
	}
	return v
}
