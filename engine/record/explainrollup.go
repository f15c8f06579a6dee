package record

import (
	"tidewater/engine/catalog"
	"tidewater/engine/explain"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// toldRecords is how many records of a rollup are told one by one.
const toldRecords = 10

// rolledUp is the figure over the records that refer to this one: those of them that the actor may read, the
// first one by one. What a filter reads that they do not see leaves all of it out.
func (e *explaining) rolledUp(one *catalog.Field) *explain.Node {
	for n := range e.form.FedBy {
		if feed := &e.form.FedBy[n]; feed.Field == one {
			return e.rollup(feed)
		}
	}
	return nil
}

func (e *explaining) rollup(feed *catalog.Feed) *explain.Node {
	child := feed.Child
	n := &explain.Node{Kind: explain.Rule, Label: child.Def.Label, Rule: &explain.Source{
		Form: e.form.Key, Part: "rollup", Version: e.catalog.Version, Text: feed.Field.Def.Filter,
	}}
	for _, key := range feed.Reads() {
		n.Rule.Inputs = append(n.Rule.Inputs, &explain.Node{Kind: explain.Field, Ref: &explain.Ref{Form: child.Key, Field: key}})
	}
	of := &explain.Node{Kind: explain.Rollup, Op: feed.Field.Def.Op, Label: child.Def.Label}
	n.Kids = []*explain.Node{of}
	if e.subject.ID == "" || !e.decision(child).May(meta.Read) {
		return n
	}
	all := query.And{query.Where(feed.Via, query.Eq, string(e.subject.ID)), feed.Filter}
	seen := append(query.And{e.decision(child).Rows(meta.Read)}, all...)
	page, err := e.Store.List(e.ctx, query.List{Form: child.Key, Filter: seen, Limit: toldRecords})
	if err != nil {
		e.err = err
		return n
	}
	for _, r := range page.Records {
		e.fetched[parentKey{child.Key, r.ID}] = r
		of.Kids = append(of.Kids, e.counted(feed, r.ID))
	}
	e.beyond(of, child, seen, all)
	stands := e.form.Explain(catalog.Subject{ID: e.subject.ID, Version: e.subject.Version, Values: e.subject.Values}, feed.Field)
	of.Is, of.Value, n.Is, n.Value = stands.Is, stands.Value, stands.Is, stands.Value
	return n
}

// counted is one record that a rollup counts.
func (e *explaining) counted(feed *catalog.Feed, id value.ID) *explain.Node {
	r := e.fetched[parentKey{feed.Child.Key, id}]
	n := &explain.Node{Kind: explain.Record, Ref: &explain.Ref{Form: feed.Child.Key, ID: id, Version: r.Version}}
	if title, ok := e.title(feed.Child, r); ok {
		n.Label = meta.Label{e.in.Locale: title}
	}
	of, ok := feed.Child.Field(feed.Of)
	if !ok {
		return n
	}
	share := feed.Child.Explain(catalog.Subject{ID: r.ID, Version: r.Version, Values: r.Values}, of)
	share.Kids = nil // how it came to be there is told there
	n.Is, n.Value, n.Kids = share.Is, share.Value, []*explain.Node{share}
	return n
}

// beyond says how many more there are: of those that the actor may read their number, of others only that.
func (e *explaining) beyond(of *explain.Node, child *catalog.Form, seen, all query.Filter) {
	var counts [2]query.Counted
	for n, filter := range []query.Filter{seen, all} {
		counted, err := e.Store.Count(e.ctx, query.Count{Form: child.Key, Filter: filter, Cap: maxCounted})
		if err != nil {
			e.err = err
			return
		}
		counts[n] = counted
	}
	if more := int(counts[0].Value) - len(of.Kids); more > 0 {
		of.Kids = append(of.Kids, &explain.Node{Kind: explain.Rest, More: more})
		of.Cut = true
	}
	if counts[1].Value > counts[0].Value {
		of.Note, of.Cut = "explain.someUnseen", true
	}
}

// maxCounted bounds what counting the rest of a rollup costs.
const maxCounted = 1000
