package record

import (
	"context"
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/event"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Name names a record.
type Name struct {
	Form value.FormKey
	ID   value.ID
}

// Glimpse is what somebody sees of a record that they are told of.
type Glimpse struct {
	Seen   bool   // they may read it; false too where it is gone
	Title  string // "" where they do not see it whole
	Leaves bool   // they may see when it leaves its owner
	Counts bool   // to open it counts, see Open: what it holds is shown only to whoever does
}

// Glimpses tells what an actor sees of records now, in their order: at most 1,000.
func (s *Service) Glimpses(ctx context.Context, actor value.Actor, names []Name) ([]Glimpse, error) {
	v := s.visit(actor)
	wanted := map[value.FormKey][]value.ID{}
	for _, name := range names {
		wanted[name.Form] = append(wanted[name.Form], name.ID)
	}
	found := map[Name]Glimpse{}
	for key, ids := range wanted {
		form, err := v.form(key)
		if err != nil {
			continue // taken away, or never theirs: not seen
		}
		records, err := v.Store.GetMany(ctx, key, ids)
		if err != nil {
			return nil, err
		}
		d := v.decision(form)
		for _, r := range records {
			if r.Deleted() || !d.Reaches(meta.Read, r) {
				continue
			}
			title, _ := v.title(form, r)
			_, counts := v.counts(form, r)
			found[Name{key, r.ID}] = Glimpse{Seen: true, Title: title, Leaves: d.Sees(value.SysReclaimAt, r) == access.Whole, Counts: counts}
		}
	}
	out := make([]Glimpse, len(names))
	for n, name := range names {
		out[n] = found[name]
	}
	return out, nil
}

// SeesChange tells whether an actor could read a record before an event and can after it, and sees one of the fields
// that it has changed, with the rights that they have now.
func (s *Service) SeesChange(actor value.Actor, e event.Event) bool {
	if s.Hears(actor, e) != HeardChanged {
		return false
	}
	v := s.visit(actor)
	form, err := v.form(e.Form)
	if err != nil {
		return false
	}
	d := v.decision(form)
	return slices.ContainsFunc(e.Changes, func(c event.Change) bool {
		_, told := form.Told(c.Field)
		return told && d.Sees(c.Field, e.After) == access.Whole && d.Sees(c.Field, e.Before) == access.Whole
	})
}

// Heard is what somebody may hear of an event.
type Heard string

const (
	HeardNothing Heard = ""
	HeardCreated Heard = "created" // the record has come into their sight
	HeardChanged Heard = "changed"
	HeardGone    Heard = "gone"   // it was in their sight and is no longer
	HeardTalk    Heard = "talked" // people have said something about it, or taken it back
)

// Hears tells what an actor may hear of an event: of a record that they could read before it or can after it,
// with the rights that they have now.
func (s *Service) Hears(actor value.Actor, e event.Event) Heard {
	v := s.visit(actor)
	form, err := v.form(e.Form)
	if err != nil {
		return HeardNothing
	}
	d := v.decision(form)
	sees := func(r *value.Record) bool {
		return r != nil && d.Reaches(meta.Read, r) && (!r.Deleted() || d.Reaches(meta.Delete, r))
	}
	living := func(r *value.Record) bool { return sees(r) && !r.Deleted() }
	switch {
	case living(e.After) && living(e.Before):
		return HeardChanged
	case living(e.After):
		return HeardCreated
	case sees(e.Before):
		return HeardGone
	}
	return HeardNothing
}
