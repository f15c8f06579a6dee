package record

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Held tells whether any record of any form is held by a principal, the recycle bin included: whether
// somebody or something can be taken out of the organisation. It tells no record.
func (s *Service) Held(ctx context.Context, principal string) (bool, error) {
	by := query.Where(value.SysPrincipals, query.Eq, principal)
	for _, form := range s.Catalog().InOrder() {
		for _, deleted := range []bool{false, true} {
			page, err := s.Store.List(ctx, query.List{Form: form.Key, Filter: by, Limit: 1, Deleted: deleted})
			if err != nil {
				return false, fault.Wrap("record.held", err)
			}
			if len(page.Records) > 0 || page.Incomplete {
				return true, nil
			}
		}
	}
	return false, nil
}

// heldBy are the living records of a form that somebody owns, found by the index of principals.
func heldBy(form *catalog.Form, user value.ID) query.And {
	return query.And{
		query.Cmp{Path: query.At(value.SysPrincipals), Op: query.In, Values: value.List{org.UserPrincipal(user)}},
		query.Where(form.Def.Holders.Owner, query.Eq, string(user)),
	}
}

// CountHeldBy counts the records of a form that somebody owns. It is for the engine's own parts: no rights narrow it.
// Faults: NotFound "form.unknown", those of the store.
func (s *Service) CountHeldBy(ctx context.Context, key value.FormKey, user value.ID) (int64, error) {
	form, err := s.visit(value.SystemActor("held")).form(key)
	if err != nil {
		return 0, err
	}
	counted, err := s.Store.Count(ctx, query.Count{Form: key, Filter: heldBy(form, user)})
	return counted.Value, fault.Wrap("record.countHeldBy", err)
}

// HeldBy lists the records that CountHeldBy counts, by id, after the one named ("": from the first); end tells that
// there are no more. Faults: as CountHeldBy.
func (s *Service) HeldBy(ctx context.Context, key value.FormKey, user, after value.ID, limit int) (ids []value.ID, end bool, err error) {
	form, err := s.visit(value.SystemActor("held")).form(key)
	if err != nil {
		return nil, false, err
	}
	q := query.List{Form: key, Filter: heldBy(form, user), Limit: limit}
	if after != "" {
		q.After = query.Key{string(after)}
	}
	page, err := s.Store.List(ctx, q)
	for _, r := range page.Records {
		ids = append(ids, r.ID)
	}
	return ids, page.Next == nil, fault.Wrap("record.heldBy", err)
}

// ReadsOwn tells whether somebody reads records of a form that are their own.
func (s *Service) ReadsOwn(who value.Actor, form *catalog.Form) bool {
	theirs := &value.Record{Form: form.Key, Values: value.Doc{}, Principals: []string{org.UserPrincipal(who.User)}}
	theirs.Values.Put(form.Def.Holders.Owner, string(who.User))
	return s.visit(who).decision(form).Reaches(meta.Read, theirs)
}
