package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// ranked is a list in the order of how well its search does.
type ranked struct {
	*finder
	search query.Search
	rank   int64 // of the place where the page begins
	below  int64 // and the record number below which it goes on in that rank
}

// ranking makes a ranked list of the finder's, if its filter has a search.
func (f *finder) ranking(ctx context.Context) (r ranked, err error) {
	s, ok := query.Ranking(f.list.Filter)
	if !ok || len(f.list.Sorts) > 0 {
		return r, fault.New(fault.Invalid, "filter.malformed")
	}
	r = ranked{finder: f, search: s, rank: query.RankExact, below: -1}
	if f.list.After == nil {
		return r, nil
	}
	rank, isRank := f.list.After[0].(int64)
	id, isID := f.list.After[1].(string)
	if !isRank || !isID {
		return r, badPlace()
	}
	// The record may be gone; then the one before it in the order of ids is where to go on.
	sql := `SELECT t."$rid" + (t.id <> ?) FROM ` + f.layout.table + " t WHERE t.id <= ? ORDER BY t.id DESC LIMIT 1"
	r.rank = rank
	r.below, err = f.conn.number(ctx, sql, id, id)
	return r, err
}

// fewFound candidates are read and sorted at once; of more, the ranks are read one after the other.
const fewFound = 500

// run finds the page. Few candidates are read and sorted; of many, the ranks are read one after the
// other, the newest first, until the page is full.
func (r ranked) run(ctx context.Context) (query.Page, error) {
	if tokenQuery(r.search) == "" || r.layout.tokens == "" {
		from := r.newest()
		from.sql += " LIMIT " + strconv.Itoa(searchCandidates)
		page, err := r.sorted(ctx, from)
		page.Incomplete = page.Next == nil && r.asked.seen >= searchCandidates
		return page, err
	}
	r.foundMost = fewFound
	best, complete, err := r.narrowest(ctx, fewFound, false)
	if err != nil {
		return query.Page{}, err
	}
	if complete {
		return r.sorted(ctx, best)
	}
	var page query.Page
	for rank := r.rank; rank <= query.RankWithin && !page.Incomplete && len(page.Records) <= r.list.Limit; rank++ {
		if err := r.read(ctx, rank, &page); err != nil {
			return page, err
		}
	}
	return r.cut(page), nil
}

// sorted reads all candidates of a source and returns the first.
func (r ranked) sorted(ctx context.Context, from source) (page query.Page, err error) {
	parts := slices.Clone(r.parts)
	if from.part >= 0 {
		parts = slices.Delete(parts, from.part, from.part+1)
	}
	rest := all(parts)
	rank, after := r.rankSQL(), always(true)
	if r.below >= 0 {
		after = clause{"(rank > ? OR rank = ? AND rid < ?)", []driver.Value{r.rank, r.rank, r.below}}
	}
	sql := "SELECT " + recordColumns + ` FROM (SELECT t."$rid" AS rid, ` + rank.sql + " AS rank FROM (SELECT rid, tw_seen(?) AS seen FROM (" + from.sql +
		")) s CROSS JOIN " + r.layout.table + ` t ON t."$rid" = s.rid WHERE s.seen AND ` + living(r.list.Deleted) + " AND " + from.also.sql +
		" AND " + rest.sql + ") x CROSS JOIN " + r.layout.table + ` t ON t."$rid" = x.rid WHERE ` + after.sql + " ORDER BY x.rank, x.rid DESC LIMIT ?"
	args := slices.Concat(rank.args, []driver.Value{r.asked.number}, from.args, from.also.args, rest.args, after.args, []driver.Value{int64(r.list.Limit + 1)})
	err = r.collect(ctx, sql, args, &page)
	return r.cut(page), err
}

// read reads the records of one rank, newest first, as far as the page and the bound on candidates go.
func (r ranked) read(ctx context.Context, rank int64, page *query.Page) error {
	match, below := r.match(rank), clause{}
	if rank == r.rank && r.below >= 0 {
		below = clause{" AND rowid < ?", []driver.Value{r.below}}
	}
	left := max(int64(searchCandidates)-r.asked.seen, 1)
	candidates := clause{
		sql:  "SELECT rowid AS rid FROM " + r.layout.tokens + " WHERE " + r.layout.tokens + " MATCH ?" + below.sql + " ORDER BY rowid DESC",
		args: append([]driver.Value{match}, below.args...),
	}
	ranks, rest := r.rankSQL(), all(r.beside())
	sql := "SELECT " + recordColumns + " FROM (SELECT rid, tw_seen(?) AS seen FROM (" + candidates.sql + " LIMIT ?)) s CROSS JOIN " + r.layout.table +
		` t ON t."$rid" = s.rid WHERE s.seen AND ` + living(r.list.Deleted) + " AND " + ranks.sql + " = ? AND " + rest.sql + " LIMIT ?"
	args := slices.Concat([]driver.Value{r.asked.number}, candidates.args, []driver.Value{left}, ranks.args, []driver.Value{rank}, rest.args,
		[]driver.Value{int64(r.list.Limit + 1 - len(page.Records))})
	if err := r.collect(ctx, sql, args, page); err != nil {
		return err
	}
	page.Incomplete = len(page.Records) <= r.list.Limit && r.asked.seen >= searchCandidates
	return nil
}

// beside are the conditions without the tokens of the search, which the index has answered.
func (r ranked) beside() []part {
	parts := slices.Clone(r.parts)
	for n, p := range parts {
		if s, ok := p.filter.(query.Search); ok && tokenQuery(s) == tokenQuery(r.search) {
			held := r.layout.holds(s)
			parts[n].clause = clause{"(1" + held.sql + ")", held.args}
		}
	}
	return parts
}

// match asks the index for all tokens and for what records of the rank have beside.
func (r ranked) match(rank int64) string {
	var edges []string
	for _, term := range r.search.Terms {
		switch rank {
		case query.RankExact:
			edges = append(edges, `"`+wholeEdge(term.Folded)+`"`)
		case query.RankPrefix:
			_, second := beginnings(term.Folded)
			edges = append(edges, `"`+beginEdge(second)+`"`)
		}
	}
	var asked []string
	if tokens := tokenQuery(r.search); tokens != "" {
		asked = append(asked, tokens)
	}
	if len(edges) > 0 {
		asked = append(asked, "("+strings.Join(edges, " OR ")+")")
	}
	return strings.Join(asked, " AND ")
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
