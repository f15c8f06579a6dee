package mongo

import (
	"context"
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

// EachTokens reads the tokens of each record that has any, a batch at a time, so that no cursor is kept.
func (s *Store) EachTokens(ctx context.Context, form value.FormKey, do func(id value.ID, sum store.TokenSum) error) error {
	l, err := s.layout(ctx, form)
	if err != nil || !l.form.Search {
		return err
	}
	type summed struct {
		id  value.ID
		sum store.TokenSum
	}
	after := ""
	for {
		var batch []summed
		read := 0
		err := s.read(ctx, func(c conn) error {
			where := look{where: d(atID, d("$gt", after)), sort: d(atID, int32(1)), fields: d(atTokens, int32(1)), limit: 1000}
			return c.find(ctx, l.collection, where, func(raw bson.Raw) error {
				after, read = textOf(raw.Lookup(atID)), read+1
				v := raw.Lookup(atTokens)
				if v.IsZero() {
					return nil
				}
				own, err := ownTokens(v)
				batch = append(batch, summed{value.ID(after), store.SumTokens(own)})
				return err
			})
		})
		if err != nil || read == 0 {
			return err
		}
		for _, one := range batch {
			if err := do(one.id, one.sum); err != nil {
				return err
			}
		}
	}
}

// unspell reads a token as it came; ok is false for those of our own.
func unspell(token string) (_ string, ok bool) {
	rest, begins := strings.CutPrefix(token, odd)
	return rest, !begins || strings.HasPrefix(rest, odd)
}
