package record

import (
	"context"

	"tidewater/engine/fault"
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
