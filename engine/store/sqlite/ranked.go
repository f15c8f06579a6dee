package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// ranked is a list in the order of how well its search does.
type ranked struct {
	*finder
	search query.Search
	within int    // the place of the scope among the parts, -1 for none
	asks   string // and what the index of tokens is asked for it
	rank   int64  // of the place where the page begins
	below  int64  // and the record number below which it goes on in that rank
}

// ranking makes a ranked list of the finder's, if its filter has a search.
func (f *finder) ranking(ctx context.Context) (r ranked, err error) {
	s, ok := query.Ranking(f.list.Filter)
	if !ok || len(f.list.Sorts) > 0 {
		return r, fault.New(fault.Invalid, "filter.malformed")
	}
	r = ranked{finder: f, search: s, rank: query.RankExact, below: -1}
	r.within, r.asks = f.scope()
	if f.list.After == nil {
		return r, nil
	}
	rank, isRank := f.list.After[0].(int64)
	id, isID := f.list.After[1].(string)
	if !isRank || !isID {
		return r, store.BadPlace()
	}
	// The record may be gone; then the one before it in the order of ids is where to go on.
	sql := `SELECT t."$rid" + (t.id <> ?) FROM ` + f.layout.table + " t WHERE t.id <= ? ORDER BY t.id DESC LIMIT 1"
	r.rank = rank
	r.below, err = f.conn.number(ctx, sql, id, id)
	return r, err
}

// run finds the page: what has a text that begins with a term, then all else, each the newest first.
func (r ranked) run(ctx context.Context) (page query.Page, err error) {
	if tokenQuery(r.search) == "" || r.layout.tokens == "" {
		return r.untold(ctx)
	}
	if r.rank < query.RankWithin {
		if page.Records, err = r.begin(ctx); err != nil {
			return page, err
		}
	}
	if len(page.Records) <= r.list.Limit && !r.isEnough() {
		err = r.read(ctx, query.RankWithin, func(one hit) bool {
			if one.rank == query.RankWithin {
				page.Records = append(page.Records, one.record)
			}
			return len(page.Records) <= r.list.Limit
		})
	}
	page.Incomplete = len(page.Records) <= r.list.Limit && r.isEnough()
	return r.cut(page), err
}

// begin reads what has a text that is a term or begins with one. Where that is more than a page, those that are
// just a term are read by their own tokens, and of the others there are enough.
func (r ranked) begin(ctx context.Context) ([]*value.Record, error) {
	var exact, prefix []*value.Record
	more := false
	err := r.read(ctx, query.RankPrefix, func(one hit) bool {
		switch {
		case one.rank == query.RankPrefix:
			prefix = append(prefix, one.record)
		case one.rank == query.RankExact && r.rank == query.RankExact && (r.below < 0 || one.rid < r.below):
			exact = append(exact, one.record)
		}
		more = len(exact)+len(prefix) > r.list.Limit
		return !more
	})
	if err == nil && more && r.rank == query.RankExact {
		exact, err = r.exact(ctx)
	}
	return append(exact, prefix...), err
}

// exact reads what has a text that is a term. Most words are the whole of no text at all, which costs less to find
// out than whether one is within the scope.
func (r ranked) exact(ctx context.Context) (out []*value.Record, err error) {
	sql := "SELECT 1 FROM " + r.layout.tokens + " WHERE " + r.layout.tokens + " MATCH ? LIMIT 1"
	some, err := r.conn.number(ctx, sql, strings.Join(r.edges(query.RankExact), " OR "))
	if err != nil || some == 0 {
		return nil, err
	}
	err = r.read(ctx, query.RankExact, func(one hit) bool {
		if one.rank == query.RankExact {
			out = append(out, one.record)
		}
		return len(out) <= r.list.Limit
	})
	return out, err
}

// isEnough tells whether a search may examine no more.
func (r ranked) isEnough() bool { return r.asked.over || r.asked.seen >= searchCandidates }

// untold reads the newest records, as many as a search examines, where no token tells which have the terms,
// and sorts what it finds.
func (r ranked) untold(ctx context.Context) (page query.Page, err error) {
	from, rest := r.newest(), all(r.parts)
	rank, after := r.rankSQL(), always(true)
	if r.below >= 0 {
		after = clause{"(rank > ? OR rank = ? AND rid < ?)", []driver.Value{r.rank, r.rank, r.below}}
	}
	sql := "SELECT " + recordColumns + ` FROM (SELECT t."$rid" AS rid, ` + rank.sql + " AS rank FROM (SELECT rid, tw_seen(?) AS seen FROM (" + from.sql +
		" LIMIT ?)) s CROSS JOIN " + r.layout.table + ` t ON t."$rid" = s.rid WHERE s.seen AND ` + living(r.list.Deleted) +
		" AND " + rest.sql + ") x CROSS JOIN " + r.layout.table + ` t ON t."$rid" = x.rid WHERE ` + after.sql + " ORDER BY x.rank, x.rid DESC LIMIT ?"
	args := slices.Concat(rank.args, []driver.Value{r.asked.number}, from.args, []driver.Value{int64(searchCandidates)}, rest.args, after.args,
		[]driver.Value{int64(r.list.Limit + 1)})
	err = r.collect(ctx, sql, args, &page)
	page = r.cut(page)
	page.Incomplete = page.Next == nil && (r.asked.seen >= searchCandidates || r.asked.over)
	return page, err
}

// hit is a record that meets the search, and how well.
type hit struct {
	record    *value.Record
	rid, rank int64
}

// read hands out, newest first, what may have a rank, until take has enough. The index finds those that have the
// tokens and are within the scope; what it cannot tell is looked at here, where a record that was read costs
// nothing more, as a function that SQLite calls back would.
func (r ranked) read(ctx context.Context, rank int64, take func(hit) bool) error {
	rest, args, below := r.rest(), []driver.Value{r.match(rank)}, ""
	if rank == r.rank && r.below >= 0 {
		below, args = " AND rowid < ?", append(args, r.below)
	}
	// A bound as a parameter would make SQLite compile the statement anew each time.
	sql := "SELECT " + recordColumns + `, t."$rid", ` + rest.sql + " FROM (SELECT rowid AS rid FROM " + r.layout.tokens + " WHERE " + r.layout.tokens + " MATCH ?" +
		below + " ORDER BY rowid DESC LIMIT " + strconv.Itoa(searchCandidates) + ") s CROSS JOIN " + r.layout.table + ` t ON t."$rid" = s.rid`
	return r.conn.rows(ctx, sql, slices.Concat(rest.args, args), func(row []driver.Value) error {
		if r.isEnough() || !r.asked.saw() {
			return errStop
		}
		if met, _ := row[len(row)-1].(int64); met == 0 {
			return nil
		}
		record, err := readRecord(r.list.Form, row)
		if err != nil || !r.search.Holds(record) {
			return err
		}
		if err := r.mustBeWithin(record); err != nil {
			return err
		}
		rid, _ := row[len(row)-2].(int64)
		if !take(hit{record, rid, r.search.Rank(record)}) {
			return errStop
		}
		return nil
	})
}

// rest are the conditions that the index leaves open.
func (r ranked) rest() clause {
	parts := slices.Clone(r.parts)
	for n, p := range parts {
		if s, ok := p.filter.(query.Search); ok && tokenQuery(s) == tokenQuery(r.search) {
			held := r.layout.holds(s)
			parts[n].clause = clause{"(1" + held.sql + ")", held.args}
			if same(s, r.search) {
				parts[n].clause = always(true)
			}
		}
	}
	if r.within >= 0 {
		parts[r.within].clause = always(true)
	}
	rest := all(parts)
	rest.sql = "(" + living(r.list.Deleted) + " AND " + rest.sql + ")"
	return rest
}

// same tells whether two searches ask for the same terms.
func same(a, b query.Search) bool {
	return slices.EqualFunc(a.Terms, b.Terms, func(a, b query.Term) bool { return a.Folded == b.Folded && slices.Equal(a.Tokens, b.Tokens) })
}

// mustBeWithin holds each record that is shown against the scope itself, though the index has answered it: whose
// record it is must not hang on one line of an index. A record beyond is damage, which verify tells of.
func (r ranked) mustBeWithin(record *value.Record) error {
	if r.within < 0 || query.Match(r.parts[r.within].filter, record) {
		return nil
	}
	return damagedRecord(record, errors.New("search finds it within principals that it does not have"))
}

// match asks the index for all tokens and for what records of the rank have beside.
func (r ranked) match(rank int64) string {
	asked := tokenQuery(r.search)
	if r.asks != "" {
		asked += " AND " + r.asks
	}
	if rank < query.RankWithin {
		return asked + " AND (" + strings.Join(r.edges(rank), " OR ") + ")"
	}
	if begun := r.begun(); len(begun) > 0 {
		return "(" + asked + ") NOT (" + strings.Join(begun, " OR ") + ")"
	}
	return asked
}

// edges are what records of a rank have for one of the terms.
func (r ranked) edges(rank int64) []string {
	var out []string
	for _, term := range r.search.Terms {
		edge := wholeEdge(term.Folded)
		if rank == query.RankPrefix {
			_, second := beginnings(term.Folded)
			edge = beginEdge(second)
		}
		out = append(out, inQuotes(edge))
	}
	return out
}

// begun are the edges that say of a record that it has another rank: how texts begin tells all of a term of one
// character or two.
func (r ranked) begun() []string {
	var out []string
	for _, term := range r.search.Terms {
		if _, second := beginnings(term.Folded); second == term.Folded {
			out = append(out, inQuotes(beginEdge(second)))
		}
	}
	return out
}

// rankSQL is query.Search.Rank over the text of the record.
func (r ranked) rankSQL() clause {
	at := "(char(10) || (" + r.layout.expr(query.At("~"+value.ShadowText)) + ")"
	var exact, begins []string
	var whole, first []driver.Value
	for _, term := range r.search.Terms {
		exact, whole = append(exact, "instr("+at+" || char(10)), ?)"), append(whole, "\n"+term.Folded+"\n")
		begins, first = append(begins, "instr("+at+"), ?)"), append(first, "\n"+term.Folded)
	}
	return clause{"(CASE WHEN " + strings.Join(exact, " OR ") + " THEN 0 WHEN " + strings.Join(begins, " OR ") + " THEN 1 ELSE 2 END)", append(whole, first...)}
}

// cut ends the page; what it holds is in order.
func (r ranked) cut(page query.Page) query.Page {
	if len(page.Records) > r.list.Limit {
		page.Records = page.Records[:r.list.Limit]
		last := page.Records[r.list.Limit-1]
		page.Next = query.Key{r.search.Rank(last), string(last.ID)}
	}
	return page
}
