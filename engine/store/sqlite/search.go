package sqlite

import (
	"database/sql/driver"
	"encoding/hex"
	"hash/fnv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// searchCandidates bounds the records a search examines: those with all the tokens, newest first.
const searchCandidates = 5000

// tokenizer takes tokens apart at blanks and nowhere else; they are made by package text, not here.
const tokenizer = `ascii tokenchars '!"#$%&()*+,-./:;<=>?@[\]^_{|}~'`

// createTokens makes the index of tokens: no text, no positions, and deletes that cost one mark.
func createTokens(table string) string {
	return "CREATE VIRTUAL TABLE IF NOT EXISTS " + table + " USING fts5(t, content='', contentless_delete=1, detail=none, tokenize=" +
		`"` + strings.ReplaceAll(tokenizer, `"`, `""`) + `")`
}

// odd begins tokens that are spelled otherwise than they are; it is private to nobody's text.
const odd = "\ue000"

// spell writes a token so that the tokenizer keeps it whole and as it is.
func spell(token string) string {
	if strings.HasPrefix(token, odd) {
		return odd + hex.EncodeToString([]byte(token))
	}
	for i := range len(token) {
		if c := token[i]; c <= ' ' || c == '\'' || c == '`' || c == 0x7f || (c >= 'A' && c <= 'Z') {
			return odd + hex.EncodeToString([]byte(token))
		}
	}
	return token
}

// tokenText is what is put into the index for a record.
func tokenText(tokens []string) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(spell(t))
	}
	return b.String()
}

// tokensMark is a short hash of a record's tokens, kept with it, so that an update that leaves the text
// alone leaves the index alone. 0 means none.
func tokensMark(text string) int64 {
	if text == "" {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(text))
	return int64(h.Sum64()&0x7fff_ffff_ffff_ffff) | 1
}

// search is the condition that every term is in the record's text.
func (l *layout) search(s query.Search) (clause, error) {
	if len(s.Terms) == 0 {
		return always(true), nil
	}
	out := clause{sql: "(1"}
	if match := tokenQuery(s); match != "" {
		if l.tokens == "" {
			return clause{}, fault.New(fault.Invalid, "filter.field").With("field", "~"+value.ShadowText)
		}
		out.sql += ` AND t."$rid" IN (SELECT rowid FROM ` + l.tokens + " WHERE " + l.tokens + " MATCH ?)"
		out.args = append(out.args, match)
	}
	held := l.holds(s)
	out.sql += held.sql + ")"
	out.args = append(out.args, held.args...)
	return out, nil
}

// holds asks for each term in the folded text.
func (l *layout) holds(s query.Search) clause {
	var out clause
	at := l.expr(query.At("~" + value.ShadowText))
	for _, term := range s.Terms {
		out.sql += " AND instr(" + at + ", ?) > 0"
		out.args = append(out.args, driver.Value(term.Folded))
	}
	return out
}

// tokenQuery asks the index for all tokens of all terms; empty when there are none.
func tokenQuery(s query.Search) string {
	var parts []string
	for _, term := range s.Terms {
		for _, token := range term.Tokens {
			parts = append(parts, `"`+strings.ReplaceAll(spell(token), `"`, `""`)+`"`)
		}
	}
	return strings.Join(parts, " AND ")
}
