package record

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// Sought asks for records by what some of their fields hold, many at once.
type Sought struct {
	Form value.FormKey
	By   []value.FieldKey // together they are the key; "id" alone is one too
	Keys [][]any          // in wire form, in the order of By
	Want []value.FieldKey // whose values are to be told of what is found
}

// Found is the record of one key: none has no ID, several are Many.
type Found struct {
	ID     value.ID
	Many   bool
	Values value.Doc // of the fields wanted, as far as the actor sees them whole
}

// findPage is how many keys are looked for together.
const findPage = 200

// Find returns for each key the living record that has it and that the actor may read. Where they do not see
// the fields of the key whole, it is as if the record were not there. Faults: NotFound "form.unknown";
// Invalid "filter.unknownField"; Invalid "filter.tooWide" where no index finds them in time.
func (s *Service) Find(ctx context.Context, actor value.Actor, of Sought) ([]Found, error) {
	const op = "record.find"
	v := s.visit(actor)
	form, err := v.form(of.Form)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	f := finding{visit: v, form: form, of: of, found: make([]Found, len(of.Keys)), places: map[string][]int{}}
	if err := f.decode(); err != nil {
		return nil, fault.Wrap(op, err)
	}
	for keys := range slices.Chunk(f.keys, findPage) {
		if err := f.page(ctx, keys); err != nil {
			return nil, fault.Wrap(op, err)
		}
	}
	return f.found, nil
}

// MaxWalked bounds the records of a form that are walked through for a value that neither an index nor search finds.
const MaxWalked = 5_000

// Findable tells whether Find finds records of a form by a field at once, or by walking through few enough of them.
// Faults: NotFound "form.unknown".
func (s *Service) Findable(ctx context.Context, actor value.Actor, key value.FormKey, by value.FieldKey) (bool, error) {
	v := s.visit(actor)
	form, err := v.form(key)
	if err != nil {
		return false, err
	}
	f := finding{visit: v, form: form, of: Sought{By: []value.FieldKey{by}}}
	if by == value.SysID || f.indexed() || f.searches() {
		return true, nil
	}
	all, err := s.Store.Count(ctx, query.Count{Form: key, Filter: query.Const(true), Cap: MaxWalked + 1})
	return all.Value <= MaxWalked, err
}

// finding is a Sought on its way.
type finding struct {
	*visit
	form   *catalog.Form
	of     Sought
	keys   []value.List     // stored form, each once
	places map[string][]int // of the keys, by what they hold
	found  []Found
}

// decode reads the keys; what cannot be a value of its field finds nothing.
func (f *finding) decode() error {
	fields := make([]*catalog.Field, len(f.of.By))
	for n, key := range f.of.By {
		one, ok := f.form.Field(key)
		if key != value.SysID && (!ok || f.decision(f.form).SeesNowhere(key)) {
			return fault.New(fault.Invalid, "filter.unknownField").With("field", string(key))
		}
		fields[n] = one
	}
	for at, raw := range f.of.Keys {
		key := make(value.List, len(raw))
		whole := len(raw) == len(fields)
		for n := range raw {
			if whole {
				key[n] = decodeKey(fields[n], raw[n])
				whole = key[n] != nil
			}
		}
		if !whole {
			continue
		}
		name := nameOf(key)
		if f.places[name] == nil {
			f.keys = append(f.keys, key)
		}
		f.places[name] = append(f.places[name], at)
	}
	return nil
}

// decodeKey is a value in stored form; nil for what is none. field is nil for the record's id.
func decodeKey(field *catalog.Field, raw any) value.Value {
	if field == nil {
		if id, ok := raw.(string); ok && id != "" {
			return id
		}
		return nil
	}
	v, issues := field.Kind.Decode(field.As, raw)
	if len(issues) > 0 {
		return nil
	}
	return v
}

// nameOf tells keys apart.
func nameOf(key value.List) string {
	var b strings.Builder
	for _, v := range key {
		fmt.Fprintf(&b, "%T%v\x00", v, v)
	}
	return b.String()
}

// page looks for some of the keys: together where an index finds them, else one by one by their words, which
// search finds.
func (f *finding) page(ctx context.Context, keys []value.List) error {
	switch {
	case f.of.By[0] == value.SysID:
		return f.byID(ctx, keys)
	case len(f.of.By) == 1 && f.searches():
		for _, key := range keys {
			if err := f.list(ctx, query.And{searchFor(key[0]), query.Where(f.of.By[0], query.Eq, key[0])}); err != nil {
				return err
			}
		}
		return nil
	case len(f.of.By) == 1 && !f.indexed():
		values := make(value.List, len(keys))
		for n, key := range keys {
			values[n] = key[0]
		}
		return f.list(ctx, query.Cmp{Path: query.At(f.of.By[0]), Op: query.In, Values: values})
	}
	// Equality is what indexes answer at once; many values together would be walked through.
	for _, key := range keys {
		var all query.And
		for at, v := range key {
			all = append(all, query.Where(f.of.By[at], query.Eq, v))
		}
		if err := f.list(ctx, all); err != nil {
			return err
		}
	}
	return nil
}

// searches tells whether no index has the field, and search has.
func (f *finding) searches() bool {
	by := f.of.By[0]
	return !f.indexed() && slices.ContainsFunc(f.form.Searched, func(one *catalog.Field) bool { return one.Key == by })
}

// indexed tells whether an index begins with the first field of the key.
func (f *finding) indexed() bool {
	by := f.of.By[0]
	for _, index := range f.form.Layout.Indexes {
		if len(index.Columns) > 0 && index.Columns[0].Path == query.At(by) {
			return true
		}
	}
	for _, group := range f.form.Layout.Unique {
		if group[0] == by {
			return true
		}
	}
	return false
}

// searchFor asks for the words of a text.
func searchFor(v value.Value) query.Filter {
	s, _ := v.(string)
	search := query.Search{}
	for _, term := range text.Terms(s) {
		search.Terms = append(search.Terms, query.Term{Folded: term, Tokens: text.QueryTokens(term)})
	}
	if len(search.Terms) == 0 {
		return query.Const(true)
	}
	return search
}

func (f *finding) list(ctx context.Context, filter query.Filter) error {
	// No look-up past a mask: what is looked for by the thousand would tell all that a mask hides.
	question, err := f.decision(f.form).Restrict(meta.Read, filter, func(value.FieldKey) bool { return false })
	if err != nil {
		return err
	}
	q := query.List{Form: f.form.Key, Filter: question.Filter, Limit: maxLimit, Spent: f.spent(listTime)}
	for {
		page, err := f.Store.List(ctx, q)
		if err != nil {
			return err
		}
		if page.Incomplete {
			return fault.New(fault.Invalid, "filter.tooWide").With("form", f.form.Def.Label)
		}
		for _, r := range page.Records {
			f.take(r)
		}
		if page.Next == nil {
			return nil
		}
		q.After = page.Next
	}
}

func (f *finding) byID(ctx context.Context, keys []value.List) error {
	ids := make([]value.ID, len(keys))
	for n, key := range keys {
		id, _ := key[0].(string)
		ids[n] = value.ID(id)
	}
	records, err := f.Store.GetMany(ctx, f.form.Key, ids)
	if err != nil {
		return err
	}
	for _, r := range records {
		if !r.Deleted() && f.decision(f.form).Reaches(meta.Read, r) {
			f.take(r)
		}
	}
	return nil
}

// take notes a record that was found.
func (f *finding) take(r *value.Record) {
	key := make(value.List, len(f.of.By))
	for n, by := range f.of.By {
		key[n] = r.Get(by)
	}
	for _, at := range f.places[nameOf(key)] {
		if f.found[at].ID != "" {
			f.found[at] = Found{Many: true}
		}
		if f.found[at].Many {
			continue
		}
		f.found[at] = Found{ID: r.ID, Values: value.Doc{}}
		for _, want := range f.of.Want {
			if v := r.Values[string(want)]; v != nil && f.decision(f.form).Sees(want, r) == access.Whole {
				f.found[at].Values[string(want)] = value.Clone(v)
			}
		}
	}
}
