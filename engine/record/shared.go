package record

import (
	"context"
	"slices"
	"strings"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Shared is with whom a record is shared, and how it came to its reader where that is no scope of theirs.
type Shared struct {
	// Mine is how it is shared with the reader: read, write or team; "" where it is not.
	Mine value.Sharing `json:"mine,omitempty"`
	// For is whom its reader stands in for, where the record is theirs.
	For  *Ref    `json:"for,omitempty"`
	With []Guest `json:"with"`
}

// Guest is one with whom a record is shared.
type Guest struct {
	Kind  string        `json:"kind"` // person or unit
	ID    value.ID      `json:"id"`
	Title string        `json:"title"`
	How   value.Sharing `json:"how"`
	Until *time.Time    `json:"until,omitempty"` // from then on it is not
	By    Ref           `json:"by"`
	At    time.Time     `json:"at"`
}

// shared is with whom a record is shared now; nil where it is not, and its reader stands in for nobody.
func (p *page) shared(r *value.Record) *Shared {
	if p.form.Def.Sharing == nil && len(p.absent) == 0 {
		return nil
	}
	out := &Shared{With: []Guest{}}
	now := p.now.UnixMilli()
	owner := p.form.HolderOf(r)
	if slices.Contains(p.absent, owner) {
		ref := p.person(owner)
		out.For = &ref
	}
	if p.form.Def.Sharing != nil {
		for _, share := range r.Values.Shares() {
			if share.Ended(now) {
				continue
			}
			out.With = append(out.With, p.guest(share))
			if owner != p.actor.User && p.decision.SharedBy(share) && stronger(share.How, out.Mine) {
				out.Mine = share.How
			}
		}
	}
	if len(out.With) == 0 && out.For == nil {
		return nil
	}
	return out
}

// stronger tells whether one way of sharing lets do more than another.
func stronger(a, b value.Sharing) bool {
	order := []value.Sharing{"", value.ShareRead, value.ShareWrite, value.ShareTeam}
	return slices.Index(order, a) > slices.Index(order, b)
}

func (v *visit) guest(share value.Share) Guest {
	out := Guest{How: share.How, By: v.person(share.By), At: time.UnixMilli(share.At).UTC(), Until: instantOf(share.Until)}
	out.Kind, out.ID, out.Title = v.guestNamed(share.With)
	return out
}

// guestNamed reads with whom something is shared.
func (v *visit) guestNamed(with string) (kind string, id value.ID, title string) {
	kind, text, _ := strings.Cut(with, ":")
	id = value.ID(text)
	if kind == "unit" {
		return kind, id, v.orgTitles(catalog.Units, []value.ID{id})[id]
	}
	return "person", id, v.orgTitles(catalog.People, []value.ID{id})[id]
}

// Reads tells whether somebody reads any record of the form, and Changes whether they change any: whether sharing one
// with them lets them do so.
func (a *Acting) Reads(user value.Actor) (reads, changes bool) {
	d := a.w.decisionOf(user, a.Form)
	return d.May(meta.Read), d.May(meta.Update)
}

// EndShares takes away what a record was shared for and is no longer. That is no change of it: its version stays, and
// nobody's edit becomes stale. Nothing happens where there is no such record, or nothing to take away.
func (s *Service) EndShares(ctx context.Context, key value.FormKey, id value.ID) error {
	return again(func() error {
		v := s.visit(value.SystemActor("shares"))
		form, known := v.catalog.Forms[key]
		if !known {
			return nil
		}
		err := v.tx(ctx, nil, func(tx store.Tx) error {
			r, err := tx.Get(ctx, key, id)
			if err != nil {
				return err
			}
			all := r.Values.Shares()
			left := slices.DeleteFunc(slices.Clone(all), func(s value.Share) bool { return s.Ended(v.now.UnixMilli()) })
			if len(left) == len(all) {
				return nil
			}
			next := value.Doc{}
			next.PutShares(left)
			_, err = v.putFigures(ctx, tx, form, r, value.Doc{string(value.SysShares): next[string(value.SysShares)]})
			return err
		})
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		return err
	})
}

// only narrows a question to what is shared with the actor, or to what they follow.
func (v *visit) only(ctx context.Context, form *catalog.Form, asked query.Filter, with string) (query.Filter, error) {
	switch with {
	case "":
		return asked, nil
	case "followed":
		followed, err := v.followed(ctx, form)
		return query.And{followed, asked}, err
	case "me":
		// What is shared stands first: it is less than what scopes reach, and stores look there first. One's own is
		// shared with oneself where a unit is let in.
		mine := query.Where(value.SysCreatedBy, query.Eq, string(v.actor.User))
		if owner := form.Def.Holders.Owner; owner != "" {
			mine = query.Where(owner, query.Eq, string(v.actor.User))
		}
		return query.And{v.decision(form).Guest(), asked, query.Not{Of: mine}}, nil
	}
	return nil, fault.New(fault.Malformed, "list.with").At("/with")
}

// maxFollowed is how many records of a form somebody may follow so that lists are narrowed to them: as many as stores
// look up one by one.
const maxFollowed = 1000

// followed is the filter of what the actor follows of a form: its records by their ids, which stores find first.
func (v *visit) followed(ctx context.Context, form *catalog.Form) (query.Filter, error) {
	if err := access.InPerson(v.actor); err != nil {
		return nil, err
	}
	if v.Followed == nil || v.actor.IsSystem() {
		return query.Const(false), nil
	}
	ids, err := v.Followed(ctx, form.Key, v.actor.User, maxFollowed+1)
	switch {
	case err != nil:
		return nil, err
	case len(ids) == 0:
		return query.Const(false), nil
	case len(ids) > maxFollowed:
		return nil, fault.New(fault.Invalid, "list.followsMany").In("record.list").At("/with").With("max", maxFollowed)
	}
	list := make(value.List, len(ids))
	for n, id := range ids {
		list[n] = string(id)
	}
	return query.OneOf(value.SysID, list...), nil
}
