package record

import (
	"context"
	"slices"
	"strings"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// Viewers are the people who see a record, or one field of it: those found among a stretch of all people, in the order
// of their ids.
type Viewers struct {
	Viewers []Viewer `json:"viewers"`
	Next    value.ID `json:"next,omitempty"` // after whom to ask on; absent at the end
}

// Viewer is somebody who sees it.
type Viewer struct {
	Person Ref `json:"person"`
	// Masked says that they see some characters of the field.
	Masked bool          `json:"masked,omitempty"`
	Update bool          `json:"update"` // they may change it, too
	Why    *explain.View `json:"why"`    // what lets them see it
}

const (
	// MaxViewers is how many people one answer names at most.
	MaxViewers = 100
	// viewersLooked is for how many people one answer is worked out at most.
	viewersLooked = 1_000
)

// ViewersOf tells who sees a record of which the actor sees the field ("" asks about the record), and why: the active
// people from after one on. It is for who may share the record by roles of their own, and for administrators who may
// read it. Faults: NotFound as Explain, Forbidden "explain.viewers".
func (s *Service) ViewersOf(
	ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, key value.FieldKey, after value.ID, limit int, in Language,
) (*Viewers, error) {
	v := s.visit(actor)
	f, r, err := v.open(ctx, form, id)
	if err != nil {
		return nil, err
	}
	d := v.decision(f)
	if _, ok := f.Field(key); key != "" && (!ok || d.Sees(key, r) != access.Whole) {
		return nil, unknownField(key)
	}
	if !d.MayShare(r) && access.Administer(actor) != nil {
		return nil, fault.New(fault.Forbidden, "explain.viewers").In("record.viewersOf")
	}
	e := &explaining{reading: v.reading(ctx, in), form: f, record: r}
	e.draft = func(key value.FieldKey) access.Sight { return d.Sees(key, r) }
	all := v.people.Users()
	from, found := slices.BinarySearchFunc(all, after, func(u org.User, id value.ID) int { return strings.Compare(string(u.ID), string(id)) })
	if found {
		from++
	}
	out := &Viewers{Viewers: []Viewer{}}
	for n, user := range all[from:] {
		if n == viewersLooked || len(out.Viewers) == min(max(limit, 1), MaxViewers) {
			out.Next = all[from+n-1].ID
			break
		}
		if who, active := v.people.Actor(user.ID); active {
			e.viewer(out, who, key)
		}
	}
	return out, e.err
}

// viewer adds somebody to those who see the record at hand, where they do.
func (e *explaining) viewer(out *Viewers, who value.Actor, key value.FieldKey) {
	d := e.decisionOf(who, e.form)
	if !d.Reaches(meta.Read, e.record) || key != "" && d.Sees(key, e.record) == access.Hidden {
		return
	}
	rule := e.rule(nil)
	rule.Actor = who
	why := access.Explain(access.Asked{
		Actor: who, People: e.people, Catalog: e.catalog, Form: e.form, Record: e.record, Field: key, Verb: meta.Read,
		Subject: catalog.Subject{ID: e.record.ID, Version: e.record.Version, Values: e.record.WithSystem(), Context: rule},
	}, d)
	writes := key == "" || d.MayWrite(key, e.record)
	out.Viewers = append(out.Viewers, Viewer{
		Person: e.person(who.User), Masked: key != "" && d.Sees(key, e.record) == access.Masked,
		Update: writes && d.Reaches(meta.Update, e.record) && !e.record.Deleted(), Why: explain.Draw(why, e),
	})
}
