package audit

import (
	"context"
	"slices"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// byPart is the collection of entries by their parts: "record/<form>/<id>/", "actor/<id>/", "form/<key>/" or "op/<op>/"
// stands before the key.
const byPart = "auditBy"

func actorPrefix(id value.ID) string       { return "actor/" + string(id) + "/" }
func opPrefix(op Op) string                { return "op/" + string(op) + "/" }
func formPrefix(form value.FormKey) string { return "form/" + string(form) + "/" }
func recordPrefix(form value.FormKey, id value.ID) string {
	return "record/" + string(form) + "/" + string(id) + "/"
}

func (e Entry) prefixes() []string {
	out := []string{actorPrefix(e.Actor), opPrefix(e.Op)}
	if e.Form != "" {
		out = append(out, formPrefix(e.Form))
	}
	if e.Form != "" && e.Record != "" {
		out = append(out, recordPrefix(e.Form, e.Record))
	}
	return out
}

// Query narrows what Search finds; empty parts ask nothing.
type Query struct {
	Actor  value.ID
	Ops    []Op
	Form   value.FormKey
	Record value.ID // of Form
	// From and To bound when it happened, the first included, the second not.
	From, To time.Time
	After    string // the Key of the last entry of the page before
	Limit    int    // 1 to MaxPage
}

// Found is a page of entries, the newest first.
type Found struct {
	Entries []Entry
	// Next is where the next page begins, "" at the end. Where Incomplete, it is less than a full page because many
	// entries had to be looked at.
	Next       string
	Incomplete bool
}

// searched bounds the entries that one page looks at.
const searched = 2_000

// streams are the prefixes whose entries together hold all that a query asks for: of its narrowest part.
func (q Query) streams() []string {
	switch {
	case q.Form != "" && q.Record != "":
		return []string{recordPrefix(q.Form, q.Record)}
	case q.Actor != "":
		return []string{actorPrefix(q.Actor)}
	case q.Form != "":
		return []string{formPrefix(q.Form)}
	}
	var out []string
	for _, op := range q.Ops {
		out = append(out, opPrefix(op))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (q Query) holds(e Entry) bool {
	return (q.Actor == "" || e.Actor == q.Actor) && (len(q.Ops) == 0 || slices.Contains(q.Ops, e.Op)) && (q.Form == "" || e.Form == q.Form) &&
		(q.Record == "" || e.Record == q.Record)
}

// Search returns entries, the newest first, from an index of the narrowest part that is asked for: entries of before
// there was one are found by Read alone. Faults: Malformed "limit.page".
func Search(ctx context.Context, side store.Side, q Query) (Found, error) {
	const op = "audit.search"
	if q.Limit < 1 || q.Limit > MaxPage {
		return Found{}, fault.New(fault.Malformed, "limit.page").In(op).With("max", MaxPage)
	}
	if !q.To.IsZero() { // what stands before every key of the last instant that counts
		q.After = max(q.After, keyAt(q.To.Add(-time.Millisecond)))
	}
	last := ""
	if !q.From.IsZero() {
		last = keyAt(q.From) + "\U0010ffff"
	}
	merged := merge{side: side, query: q}
	if err := merged.open(ctx); err != nil {
		return Found{}, fault.Wrap(op, err)
	}
	var out Found
	for looked := 0; ; looked++ {
		e, ok, err := merged.next(ctx)
		if err != nil || !ok || last != "" && e.Key > last {
			out.Next = ""
			return out, fault.Wrap(op, err)
		}
		if looked == searched || len(out.Entries) == q.Limit {
			out.Incomplete = len(out.Entries) < q.Limit
			return out, nil
		}
		out.Next = e.Key
		if q.holds(e) {
			out.Entries = append(out.Entries, e)
		}
	}
}

// merge gives the entries of several streams in one order.
type merge struct {
	side    store.Side
	query   Query
	streams []*stream
}

type stream struct {
	collection, prefix, after string
	ahead                     []Entry
	ended                     bool
}

// aheadOf is how many entries of a stream are read at once.
const aheadOf = 200

func (m *merge) open(ctx context.Context) error {
	prefixes := m.query.streams()
	if len(prefixes) == 0 {
		m.streams = []*stream{{collection: collection, after: m.query.After}}
	}
	for _, prefix := range prefixes {
		m.streams = append(m.streams, &stream{collection: byPart, prefix: prefix, after: m.query.After})
	}
	for _, s := range m.streams {
		if err := s.fill(ctx, m.side, min(aheadOf, m.query.Limit+1)); err != nil {
			return err
		}
	}
	return nil
}

func (s *stream) fill(ctx context.Context, side store.Side, limit int) error {
	if s.ended || len(s.ahead) > 0 {
		return nil
	}
	after := ""
	if s.after != "" {
		after = s.prefix + s.after
	}
	items, err := side.Scan(ctx, s.collection, s.prefix, after, limit)
	if err != nil {
		return err
	}
	s.ended = len(items) < limit
	for _, item := range items {
		e, err := entryIn(item, s.prefix)
		if err != nil {
			return err
		}
		s.ahead, s.after = append(s.ahead, e), e.Key
	}
	return nil
}

func (m *merge) next(ctx context.Context) (Entry, bool, error) {
	var first *stream
	for _, s := range m.streams {
		if err := s.fill(ctx, m.side, aheadOf); err != nil {
			return Entry{}, false, err
		}
		if len(s.ahead) > 0 && (first == nil || s.ahead[0].Key < first.ahead[0].Key) {
			first = s
		}
	}
	if first == nil {
		return Entry{}, false, nil
	}
	e := first.ahead[0]
	first.ahead = first.ahead[1:]
	return e, true, nil
}
