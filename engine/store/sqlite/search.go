package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/text"
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

// tokenText is what is put into the index for a record, its folded text and its principals.
func tokenText(tokens []string, folded string, principals []string) string {
	if len(tokens) == 0 {
		return ""
	}
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(spell(t))
		b.WriteByte(' ')
	}
	for _, t := range edges(folded) {
		b.WriteString(t)
		b.WriteByte(' ')
	}
	for _, t := range scopeTokens(principals) {
		b.WriteString(t)
		b.WriteByte(' ')
	}
	return b.String()
}

// edges are tokens of our own for the texts of a record: each text as a whole, and how it begins. They
// find what a ranked list shows first without reading all that holds a common word. They begin with
// odd, so that no word is one.
func edges(folded string) []string {
	var out []string
	for line := range strings.SplitSeq(folded, "\n") {
		if line == "" {
			continue
		}
		out = append(out, wholeEdge(line))
		first, second := beginnings(line)
		out = append(out, beginEdge(first))
		if second != first {
			out = append(out, beginEdge(second))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// beginnings are the first character and the first two; both the same for a text of one.
func beginnings(line string) (first, second string) {
	_, one := utf8.DecodeRuneInString(line)
	_, two := utf8.DecodeRuneInString(line[one:])
	return line[:one], line[:one+two]
}

func wholeEdge(line string) string {
	h := fnv.New64a()
	h.Write([]byte(line))
	return odd + "w" + strconv.FormatUint(h.Sum64(), 36)
}

func beginEdge(start string) string { return odd + "b" + hex.EncodeToString([]byte(start)) }

// tokensMark is a short hash of a record's tokens, kept with it, so that an update that leaves the text
// and the principals alone leaves the index alone. 0 means none.
func tokensMark(tokens string) int64 {
	if tokens == "" {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(tokens))
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
			parts = append(parts, inQuotes(spell(token)))
		}
	}
	return strings.Join(parts, " AND ")
}

func inQuotes(token string) string { return `"` + strings.ReplaceAll(token, `"`, `""`) + `"` }

// retoken makes the tokens of all records anew from their folded text.
func (l *layout) retoken(ctx context.Context, c *conn) error {
	if l.tokens == "" {
		return nil
	}
	return l.eachBefore(ctx, c, func(b before) error {
		folded := textOf(b.Get("~" + value.ShadowText))
		if b.err != nil {
			return damagedRecord(&value.Record{Form: l.form.Key, ID: value.ID(b.id)}, b.err)
		}
		if b.mark == 0 {
			return nil
		}
		w := write{conn: c, layout: l, tokens: tokenText(text.Tokens(folded), folded, b.principals)}
		if w.mark = tokensMark(w.tokens); w.mark == b.mark {
			return nil
		}
		if err := w.retoken(b); err != nil {
			return err
		}
		_, _, err := c.exec("UPDATE "+l.table+` SET "$mark" = ? WHERE "$rid" = ?`, w.mark, b.rid)
		return err
	})
}
