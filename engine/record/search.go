package record

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"tidewater/engine/catalog"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// search turns the words of a search box into a filter, nil for no words. A form with a searched
// field that the actor does not see on every row is searched by the fields that they do see there:
// the text kept for search holds all of them, and would tell.
func (v *visit) search(ctx context.Context, form *catalog.Form, words string) (query.Filter, error) {
	terms := text.Terms(words)
	if len(terms) == 0 {
		return nil, nil
	}
	search := query.Search{}
	for _, term := range terms {
		folded := text.Fold(term)
		search.Terms = append(search.Terms, query.Term{Folded: folded, Tokens: text.QueryTokens(term)})
	}
	if v.findsOnlySeen(form, terms) {
		return search, nil
	}
	return v.searchSeen(ctx, form, search)
}

// findsOnlySeen tells whether nothing that the actor does not see can be what these terms find: no searched
// field is unseen anywhere, or only telephone numbers are, in which no term of other characters is found.
func (v *visit) findsOnlySeen(form *catalog.Form, terms []string) bool {
	for _, one := range form.Searched {
		if v.decision(form).SeesEverywhere(one.Key) {
			continue
		}
		if one.As.Kind != field.Phone || slices.ContainsFunc(terms, isOfPhones) {
			return false
		}
	}
	return true
}

// isOfPhones tells whether a telephone number, as it is kept, may hold the term: its digits, + and x before an
// extension.
func isOfPhones(term string) bool { return strings.Trim(term, "+x0123456789") == "" }

// searchSeen asks, beside the tokens, that each term is found in a field that the actor sees; a
// complete value of a lookup field finds its record even where it is masked.
func (v *visit) searchSeen(ctx context.Context, form *catalog.Form, search query.Search) (query.Filter, error) {
	out := query.And{search}
	for _, term := range search.Terms {
		var anywhere query.Or
		for _, field := range form.Searched {
			anywhere = append(anywhere, query.Where(field.Key, query.Contains, term.Folded))
			if whole := completeValue(form, field, term.Folded); whole != nil {
				anywhere = append(anywhere, query.Where(field.Key, query.Eq, whole))
			}
		}
		seen, err := v.restrict(ctx, form, meta.Read, anywhere)
		if err != nil {
			return nil, err
		}
		out = append(out, seen)
	}
	return out, nil
}

const minComplete = 6 // characters

// completeValue is what a term of a search box stands for where it may be all of a field's value, else nil.
// Names and pieces of numbers are not: whoever searches for them looks nobody up.
func completeValue(form *catalog.Form, field *catalog.Field, term string) value.Value {
	if !form.Lookup(field.Key) || utf8.RuneCountInString(term) < minComplete || !strings.ContainsAny(term, "0123456789@") {
		return nil
	}
	whole, issues := field.Kind.Decode(field.As, term)
	if len(issues) > 0 {
		return nil
	}
	return whole
}

// Search finds records over all searchable forms that the actor may read, form by form in the
// catalog's order, at most limit of each.
func (s *Service) Search(ctx context.Context, actor value.Actor, words string, limit int) ([]*View, error) {
	v := s.visit(actor)
	found := []*View{}
	if len(text.Terms(words)) == 0 {
		return found, nil
	}
	for _, form := range v.catalog.InOrder() {
		if len(form.Searched) == 0 || !v.decision(form).May(meta.Read) {
			continue
		}
		page, err := s.List(ctx, actor, ListRequest{Form: form.Key, Q: words, Limit: limit})
		if err != nil {
			return nil, err
		}
		found = append(found, page.Records...)
	}
	return found, nil
}
