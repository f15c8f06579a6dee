package record

import (
	"context"
	"iter"
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Duplicate is a record that may stand for the same as one that somebody makes or changes, as far as they may
// know of it: whose it is, and only where they may read it which it is.
type Duplicate struct {
	Rule   string           `json:"rule"`
	Fields []value.FieldKey `json:"fields"` // of the form asked about, that the two hold alike
	Near   bool             `json:"near,omitempty"`
	Blocks bool             `json:"blocks,omitempty"`
	Form   value.FormKey    `json:"form"`
	ID     value.ID         `json:"id,omitempty"` // absent where the actor may not read the record
	Title  string           `json:"title,omitempty"`
	Owner  *Ref             `json:"owner,omitempty"` // who holds it; absent where nobody does
	Pool   string           `json:"pool,omitempty"`  // its home pool, of a form with pools
}

const (
	// maxCandidates bounds the records looked at in one form for all rules together; what shares a number with
	// more is told of the first of them.
	maxCandidates = 50
	maxDuplicates = 10 // told at once
)

// Duplicates tells what a record with these values may be a duplicate of. With an id, values are changes to
// that record. What the values lack and what cannot be read asks nothing. Nothing is written but the tally of
// lookups: a complete value of a field that is masked may be asked for so many times. Faults: NotFound,
// Forbidden, Throttled "lookup.throttled".
func (s *Service) Duplicates(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, values map[string]any) ([]Duplicate, error) {
	v := s.visit(actor)
	w, err := v.draft(ctx, form, id)
	if err != nil {
		return nil, err
	}
	w.draft = true
	w.setInput(values)
	if err := w.mirror(ctx); err != nil {
		return nil, err
	}
	w.compute()
	if err := v.account(ctx, w.form, w.duplicateLookups()); err != nil {
		return nil, err
	}
	w.asks = true
	found, err := w.duplicates(ctx, v.Store, w.duplicateRules())
	return w.tellDuplicates(found), err
}

// duplicateLookups are the complete values that the rules would find records by where these are masked.
func (w *write) duplicateLookups() []access.Lookup {
	var out []access.Lookup
	for _, d := range w.duplicateRules() {
		for _, f := range d.Fields {
			v := w.next.Values[string(f.Key)]
			if f.Def.Lookup && v != nil && w.guesses(d, f) && !slices.ContainsFunc(out, func(l access.Lookup) bool { return l.Field == f.Key }) {
				out = append(out, access.Lookup{Field: f.Key, Value: v})
			}
		}
	}
	return out
}

// guesses tells whether a value of the field teaches the actor something, here or in the forms that count too.
func (w *write) guesses(d *catalog.Duplicate, f *catalog.Field) bool {
	if w.decision.Guesses(f.Key) {
		return true
	}
	at := slices.Index(d.Fields, f)
	return slices.ContainsFunc(d.Also, func(a catalog.DuplicateAlso) bool {
		return w.visit.decision(a.Form).Guesses(a.Rule.Fields[at].Key)
	})
}

// duplicateRules are the rules that have something new to say: those whose values the write changes.
func (w *write) duplicateRules() []*catalog.Duplicate {
	if w.next.Deleted() {
		return nil
	}
	standing := w.old != nil && !w.old.Deleted()
	var out []*catalog.Duplicate
	for _, d := range w.form.Duplicates {
		if d.Keys(w.next.Values, d) == nil {
			continue
		}
		if standing {
			if same, near := d.Same(w.next.Values, d, w.old.Values); same && !near {
				continue
			}
		}
		out = append(out, d)
	}
	return out
}

// duplicate is a record that a rule takes for the one written: seen holds the same, and speaks of is.
type duplicate struct {
	rule       *catalog.Duplicate
	near       bool
	seen       *value.Record
	seenIn     *catalog.Form
	seenFields []*catalog.Field
	via        value.FieldKey // names is, where that is another
	is         *value.Record
	form       *catalog.Form
}

// lister is a store or a transaction of it.
type lister interface {
	List(ctx context.Context, q query.List) (query.Page, error)
	Get(ctx context.Context, form value.FormKey, id value.ID) (*value.Record, error)
}

// duplicates finds the living records that the rules take for the one written, with each rule that does.
func (w *write) duplicates(ctx context.Context, in lister, rules []*catalog.Duplicate) ([]duplicate, error) {
	var out []duplicate
	for form, keys := range w.duplicateKeys(rules) {
		page, err := in.List(ctx, query.List{Form: form.Key, Filter: query.OneOf(catalog.DuplicatesPath, keys...), Limit: maxCandidates})
		if err != nil {
			return nil, err
		}
		for _, r := range page.Records {
			for _, match := range w.matches(rules, form, r) {
				d, err := w.speaksOf(ctx, in, match)
				if err != nil {
					return nil, err
				}
				if d != nil {
					out = append(out, *d)
				}
			}
		}
	}
	return out, nil
}

// duplicateKeys are the numbers to look for, by form: the form's own first, and what is the same before what is
// near, so that many neighbours do not crowd it out.
func (w *write) duplicateKeys(rules []*catalog.Duplicate) iter.Seq2[*catalog.Form, value.List] {
	return func(yield func(*catalog.Form, value.List) bool) {
		for _, near := range []bool{false, true} {
			asked := map[*catalog.Form]value.List{}
			forms := []*catalog.Form{w.form}
			for _, d := range rules {
				if d.Def.Near != near {
					continue
				}
				asked[w.form] = append(asked[w.form], d.Keys(w.next.Values, d)...)
				for _, a := range d.Also {
					if !slices.Contains(forms, a.Form) {
						forms = append(forms, a.Form)
					}
					asked[a.Form] = append(asked[a.Form], d.Keys(w.next.Values, a.Rule)...)
				}
			}
			for _, form := range forms {
				if len(asked[form]) > 0 && !yield(form, asked[form]) {
					return
				}
			}
		}
	}
}

// matches are the rules that take a candidate of a form for the one written, each with it.
func (w *write) matches(rules []*catalog.Duplicate, form *catalog.Form, r *value.Record) []duplicate {
	var out []duplicate
	for _, d := range rules {
		if form == w.form && r.ID != w.next.ID && r.ID != w.instead && !sameGroup(w.next, r) {
			if same, near := d.Same(w.next.Values, d, r.Values); same {
				out = append(out, duplicate{rule: d, near: near, seen: r, seenIn: form, seenFields: d.Fields, is: r, form: form})
			}
		}
		for _, a := range d.Also {
			if a.Form != form {
				continue
			}
			if same, near := d.Same(w.next.Values, a.Rule, r.Values); same {
				out = append(out, duplicate{rule: d, near: near, seen: r, seenIn: form, seenFields: a.Rule.Fields, via: a.Via, is: r, form: form})
			}
		}
	}
	return out
}

// speaksOf follows a match of another form to the record that it names. What names the one written, or is
// named by it, is no duplicate: that the two hold alike is no wonder.
func (w *write) speaksOf(ctx context.Context, in lister, d duplicate) (*duplicate, error) {
	if d.form == w.form {
		return &d, nil
	}
	for _, f := range w.form.References {
		if f.Table == nil && !f.Multi && w.next.Values.Text(f.Key) == string(d.is.ID) {
			return nil, nil
		}
	}
	if d.via == "" {
		return &d, nil
	}
	id := value.ID(d.seen.Values.Text(d.via))
	if id == "" || id == w.next.ID || id == w.instead {
		return nil, nil
	}
	named, err := in.Get(ctx, w.form.Key, id)
	if fault.KindOf(err) == fault.NotFound || err == nil && named.Deleted() {
		return nil, nil
	}
	d.is, d.form = named, w.form
	return &d, err
}
