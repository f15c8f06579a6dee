package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

// EachTokens reads the index of tokens once from end to end, in its own order, and adds up by record what
// it finds: one reading of everything takes as long as a few hundred searches.
func (s *Store) EachTokens(ctx context.Context, form value.FormKey, do func(id value.ID, sum store.TokenSum) error) error {
	l, err := s.layout(form)
	if err != nil || l.tokens == "" {
		return err
	}
	sums, names := map[int64]store.TokenSum{}, map[int64]value.ID{}
	err = s.alone(ctx, func(c *conn) error {
		// The reading of the index is a table, too, though a passing one: a connection that may only ask
		// could not name it.
		if err := c.runAll([]string{"PRAGMA query_only = OFF", "BEGIN"}); err != nil {
			return err
		}
		err := l.eachTerm(ctx, c, "", func(rid int64, term string) error {
			if isOurs(term) {
				return nil
			}
			token, err := unspell(term)
			sums[rid] = sums[rid].With(token)
			return err
		})
		if err == nil {
			err = c.rows(ctx, `SELECT "$rid", id FROM `+l.table+` WHERE "$mark" <> 0`, nil, func(row []driver.Value) error {
				rid, _ := row[0].(int64)
				names[rid] = value.ID(textOf(row[1]))
				return nil
			})
		}
		return errors.Join(err, c.run("COMMIT"))
	})
	if err != nil {
		return err
	}
	for rid, id := range names {
		if err := do(id, sums[rid]); err != nil {
			return err
		}
	}
	return nil
}

// isOurs tells the tokens of our own, edges and principals, from those that records came with: what spell
// writes is an even number of hexadecimal digits.
func isOurs(term string) bool {
	coded, isOdd := strings.CutPrefix(term, odd)
	return isOdd && (len(coded)%2 == 1 || strings.HasPrefix(coded, "w") || strings.HasPrefix(coded, "p"))
}

// unspell reads a token as spell has written it.
func unspell(term string) (string, error) {
	coded, isOdd := strings.CutPrefix(term, odd)
	if !isOdd {
		return term, nil
	}
	token, err := hex.DecodeString(coded)
	if err != nil {
		return "", fmt.Errorf("token %q: %w", term, err)
	}
	return string(token), nil
}
