package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// The principals of a record stand among its tokens, so that the index of tokens itself finds what has the
// words and is within a scope: no record of others is a candidate of a search.

// scoped begins the tokens of principals; what spell writes has no p behind odd.
const scoped = odd + "p"

// scopeToken is a principal as a token: as it is, but for the case, which the tokenizer would drop. Principals
// of other characters than keys and ids have are spelled in numbers.
func scopeToken(principal string) string {
	b := append(make([]byte, 0, len(scoped)+len(principal)+4), scoped...)
	upper := false
	for i := range len(principal) {
		c := principal[i]
		switch {
		case c >= 'A' && c <= 'Z':
			if !upper {
				b, upper = append(b, '^'), true
			}
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z':
			if upper {
				b, upper = append(b, '^'), false
			}
		case (c < '0' || c > '9') && c != ':' && c != '_' && c != '-':
			return scoped + "%" + hex.EncodeToString([]byte(principal))
		}
		b = append(b, c)
	}
	return string(b)
}

// scopeTokens are those of a record.
func scopeTokens(principals []string) []string {
	out := make([]string, len(principals))
	for i, p := range principals {
		out[i] = scopeToken(p)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// scope finds the condition that a record is of one of these principals, and asks the index of tokens for it;
// the place is -1 where there is none, or one of too many principals.
func (f *finder) scope() (place int, match string) {
	for n, p := range f.parts {
		c, ok := p.filter.(query.Cmp)
		if !ok || c.Path != query.At(value.SysPrincipals) || c.Op != query.Eq && c.Op != query.In {
			continue
		}
		wanted := c.Values
		if c.Op == query.Eq {
			wanted = value.List{c.Value}
		}
		if len(wanted) == 0 || len(wanted) > maxArms {
			continue
		}
		asked := make([]string, 0, len(wanted))
		for _, v := range wanted {
			if s, ok := v.(string); ok {
				asked = append(asked, inQuotes(scopeToken(s)))
			}
		}
		if len(asked) > 0 {
			return n, "(" + strings.Join(asked, " OR ") + ")"
		}
	}
	return -1, ""
}

// checkScopes compares the principals by which search finds each record with those it has.
func (l *layout) checkScopes(ctx context.Context, c *conn, found *[]string) error {
	sums := map[int64]store.TokenSum{}
	err := l.eachTerm(ctx, c, scoped, func(rid int64, term string) error {
		sums[rid] = sums[rid].With(term)
		return nil
	})
	if err != nil {
		return err
	}
	sql := `SELECT "$rid", id, "$principals" FROM ` + l.table + ` WHERE "$mark" <> 0`
	return c.rows(ctx, sql, nil, func(row []driver.Value) error {
		rid, _ := row[0].(int64)
		if store.SumTokens(scopeTokens(splitPrincipals(textOf(row[2])))) != sums[rid] {
			*found = append(*found, fmt.Sprintf("%s/%v: search finds it within other principals than its own", l.form.Key, row[1]))
		}
		return nil
	})
}

// eachTerm reads the index of tokens once from end to end, in its own order, or what begins so, and
// then what waits to be there. It needs a connection of its own, where it leaves a passing table.
func (l *layout) eachTerm(ctx context.Context, c *conn, start string, do func(rid int64, term string) error) error {
	name := strings.Trim(l.tokens, `"`)
	passing := quote("terms:" + name)
	if err := c.run("CREATE VIRTUAL TABLE IF NOT EXISTS temp." + passing + " USING fts5vocab('main', '" + strings.ReplaceAll(name, "'", "''") + "', 'instance')"); err != nil {
		return err
	}
	sql := "SELECT doc, term FROM temp." + passing + " WHERE doc NOT IN (SELECT rid FROM late WHERE form = ?)"
	args := []driver.Value{string(l.form.Key)}
	if start != "" {
		sql, args = sql+" AND term >= ? AND term < ?", append(args, start, start+"\xff")
	}
	err := c.rows(ctx, sql, args, func(row []driver.Value) error {
		rid, _ := row[0].(int64)
		return do(rid, textOf(row[1]))
	})
	if err != nil {
		return err
	}
	return l.eachLate(ctx, c, start, do)
}
