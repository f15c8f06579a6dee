package record

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Verify recomputes what can be computed anew of every record (formulas, mirrors, rollups, derived texts,
// tokens, principals), looks up every reference and file, holds the last line of history against the document, and asks
// the store to check itself. It returns each difference in words; none means that all is well.
// Records that change meanwhile may show as differences: where others are at work, verify it by VerifyBeside.
func (s *Service) Verify(ctx context.Context) ([]string, error) {
	differences, err := s.Store.Check(ctx)
	if err != nil {
		return nil, err
	}
	v := s.visit(value.SystemActor("verify"))
	for _, form := range v.catalog.InOrder() {
		found, err := v.verifyForm(ctx, form)
		if err != nil {
			return nil, err
		}
		differences = append(differences, found...)
	}
	wrong, err := v.verifyAllFiles(ctx)
	return append(differences, wrong...), err
}

// looks is how often VerifyBeside looks before it tells of a difference.
const looks = 3

// VerifyBeside verifies where others are at work. What differs because somebody is just writing it, or because what
// follows from a save has not followed yet, differs no more a while later; what is wrong stays so. So a difference is told
// that is found by each of three looks; between two of them rest waits for longer than what follows may take.
func VerifyBeside(ctx context.Context, verify func(context.Context) ([]string, error), rest func(context.Context) error) ([]string, error) {
	found, err := verify(ctx)
	for look := 1; err == nil && len(found) > 0 && look < looks; look++ {
		if err = rest(ctx); err != nil {
			break
		}
		var again []string
		again, err = verify(ctx)
		found = slices.DeleteFunc(found, func(one string) bool { return !slices.Contains(again, one) })
	}
	return found, err
}

func (v *visit) verifyForm(ctx context.Context, form *catalog.Form) (differences []string, err error) {
	tokens := map[value.ID]store.TokenSum{}
	err = v.Store.EachTokens(ctx, form.Key, func(id value.ID, sum store.TokenSum) error {
		tokens[id] = sum
		return nil
	})
	if err != nil {
		return nil, err
	}
	tell := func(id value.ID, difference string) {
		differences = append(differences, fmt.Sprintf("%s %s: %s", form.Key, id, difference))
	}
	err = v.Store.Each(ctx, form.Key, "", func(r *value.Record) error {
		found, err := v.verify(ctx, form, r, tokens[r.ID])
		delete(tokens, r.ID)
		for _, difference := range found {
			tell(r.ID, difference)
		}
		return err
	})
	for _, id := range slices.Sorted(maps.Keys(tokens)) {
		tell(id, "search finds it, and it is not there")
	}
	return differences, err
}

func (v *visit) verify(ctx context.Context, form *catalog.Form, r *value.Record, tokens store.TokenSum) ([]string, error) {
	found := v.verifyDerived(form, r, tokens)
	for _, check := range []func(context.Context, *catalog.Form, *value.Record) ([]string, error){
		v.verifyComputed, v.verifyReferences, v.verifyRollups, v.verifyFiles, v.verifyHistory, v.verifyGroup,
	} {
		more, err := check(ctx, form, r)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

func (v *visit) verifyDerived(form *catalog.Form, r *value.Record, tokens store.TokenSum) []string {
	again := r.Clone()
	form.Derive(again, v.Zone, v.people)
	var found []string
	if !value.Equal(again.Shadow, r.Shadow) {
		found = append(found, "shadow fields differ from the values")
	}
	if !slices.Equal(again.Principals, r.Principals) {
		found = append(found, "principals differ from who holds the record")
	}
	if !form.Keeps(r, v.rule(r.Values)) {
		found = append(found, "what its pool keeps of it differs from its owner and the pool's rules")
	}
	if store.SumTokens(again.Tokens) != tokens {
		found = append(found, "search finds it by other words than its own")
	}
	return found
}

// verifyComputed holds formulas and mirrors against what they are made of. A formula over the time, over who
// saves or over how the record was is what it was at the last save. What lies in the recycle bin shows what it showed when it
// went there, for no index finds it by what it refers to: its mirrors follow when it comes back.
func (v *visit) verifyComputed(ctx context.Context, form *catalog.Form, r *value.Record) ([]string, error) {
	again, known := r.Clone(), targets{}
	for _, f := range form.Fields {
		if f.Def.Kind != field.Mirror || r.Deleted() {
			continue
		}
		shown, err := v.shownBy(ctx, known, form, f, r)
		if err != nil {
			return nil, err
		}
		delete(again.Values, string(f.Key))
		if shown != nil {
			again.Values[string(f.Key)] = shown
		}
	}
	var found []string
	for _, issue := range form.Recompute(again.Values, v.rule(r.Values), false) {
		found = append(found, fmt.Sprintf("%s cannot be computed: %s", issue.Path, issue.Code))
	}
	if len(found) > 0 {
		return found, nil
	}
	for _, f := range form.Fields {
		name := string(f.Key)
		if !value.Equal(again.Values[name], r.Values[name]) {
			found = append(found, fmt.Sprintf("%s is %v, what it is made of says %v", name, r.Values[name], again.Values[name]))
		}
	}
	return found, nil
}

func (v *visit) verifyReferences(ctx context.Context, form *catalog.Form, r *value.Record) ([]string, error) {
	if r.Deleted() {
		return nil, nil
	}
	var found []string
	for _, field := range form.References {
		for _, stored := range idsIn(field, r.Values) {
			form, id := field.Named(stored)
			target, err := v.Store.Get(ctx, form, id)
			if err != nil && fault.KindOf(err) != fault.NotFound {
				return nil, err
			}
			if err != nil || target.Deleted() {
				found = append(found, fmt.Sprintf("%s refers to %s %s, which is gone", field.Key, form, id))
			}
		}
	}
	return found, nil
}

func (v *visit) verifyRollups(ctx context.Context, form *catalog.Form, r *value.Record) ([]string, error) {
	figures, err := v.figuresOf(ctx, form, r.ID, func(catalog.Feed) bool { return true })
	if err != nil {
		return nil, err
	}
	var found []string
	for name, figure := range figures {
		if !value.Equal(figure, r.Values[name]) {
			found = append(found, fmt.Sprintf("rollup %s is %v, its records say %v", name, r.Values[name], figure))
		}
	}
	slices.Sort(found)
	return found, nil
}

// verifyHistory holds the newest change of each field against the document. What the engine writes
// without a new version (rollups, mirrors and what is computed from them) is not in the history.
func (v *visit) verifyHistory(ctx context.Context, form *catalog.Form, r *value.Record) ([]string, error) {
	told, before := map[value.FieldKey]bool{}, int64(0)
	var found []string
	for {
		events, err := v.Store.History(ctx, r.Form, r.ID, before, maxLimit)
		if err != nil {
			return nil, err
		}
		if before == 0 && (len(events) == 0 || events[0].Version != r.Version) {
			last := int64(0)
			if len(events) > 0 {
				last = events[0].Version
			}
			return []string{fmt.Sprintf("its history ends with version %d and not with its own, %d", last, r.Version)}, nil
		}
		for _, e := range events {
			found = append(found, differing(form, r, e.Changes, told)...)
			before = e.Seq
		}
		if len(events) < maxLimit {
			return found, nil
		}
	}
}

// differing names the fields whose newest change, not told of before, is not what the record holds.
func differing(form *catalog.Form, r *value.Record, changes []event.Change, told map[value.FieldKey]bool) []string {
	var found []string
	for _, c := range changes {
		f, known := form.Field(c.Field)
		if told[c.Field] || !known || (f.Computed() && f.Def.Kind != field.Autonumber) {
			continue
		}
		told[c.Field] = true
		if !value.Equal(c.To, r.Values[string(c.Field)]) {
			found = append(found, fmt.Sprintf("%s differs from the history", c.Field))
		}
	}
	return found
}
