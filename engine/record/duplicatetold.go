package record

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// tellDuplicates says of what was found what the actor may know: each record once, by the rule that says most.
func (w *write) tellDuplicates(found []duplicate) []Duplicate {
	out, already := []Duplicate{}, map[Name]bool{}
	for _, d := range slices.SortedStableFunc(slices.Values(found), mostTelling) {
		name := Name{d.form.Key, d.is.ID}
		if told, ok := w.tellDuplicate(d); ok && !already[name] && len(out) < maxDuplicates {
			out, already[name] = append(out, told), true
		}
	}
	return out
}

// mostTelling puts what blocks first, then what is the same before what is near.
func mostTelling(a, b duplicate) int {
	rank := func(d duplicate) (n int) {
		if !d.rule.Blocks() {
			n += 2
		}
		if d.near {
			n++
		}
		return n
	}
	return cmp.Compare(rank(a), rank(b))
}

func (w *write) tellDuplicate(d duplicate) (told Duplicate, ok bool) {
	telling := w.telling(d)
	if telling == access.TellsNothing {
		return Duplicate{}, false
	}
	told = Duplicate{
		Rule: d.rule.Def.Key, Fields: w.typed(d.rule), Near: d.near, Blocks: d.rule.Blocks(), Form: d.form.Key,
	}
	decision := w.visit.decision(d.form)
	if owner := d.form.OwnerOf(d.is.Values); owner != "" && decision.TellsOwner(d.is, d.form.Def.Holders.Owner, telling) {
		ref := w.person(owner)
		told.Owner = &ref
	}
	if len(d.form.Pools) > 0 {
		told.Pool = d.is.Values.Text(value.SysPool)
	}
	if telling == access.TellsRecord {
		told.ID = d.is.ID
		told.Title, _ = w.title(d.form, d.is)
	}
	return told, true
}

// telling is how much the actor is told of it: as little as of either record, and nothing where what they hold
// alike is of a record that the actor does not see whole themselves.
func (w *write) telling(d duplicate) access.Telling {
	if !w.knowsAll(d.rule) {
		return access.TellsNothing
	}
	lookup := d.seenIn.Lookup
	if d.near || !w.asks {
		lookup = func(value.FieldKey) bool { return false }
	}
	var compared []value.FieldKey
	for _, f := range d.seenFields {
		compared = append(compared, f.Key)
	}
	telling := w.visit.decision(d.seenIn).Tells(d.seen, compared, lookup)
	if telling == access.TellsHolder && !w.asks && slices.ContainsFunc(compared, d.seenIn.Lookup) {
		return access.TellsNothing // a number more to ask for, of a record out of sight
	}
	if d.is == d.seen {
		return telling
	}
	if w.visit.decision(d.seenIn).SeesNowhere(d.via) {
		return access.TellsNothing
	}
	return min(telling, w.visit.decision(d.form).Tells(d.is, nil, lookup))
}

// knowsAll tells whether the actor sees whole what a rule compares of the record that they write.
func (w *write) knowsAll(rule *catalog.Duplicate) bool {
	return !slices.ContainsFunc(append(rule.Typed(w.form), rule.Def.Fields...), func(key value.FieldKey) bool {
		return !w.knows(w.form, key)
	})
}

// checkDuplicates refuses what a rule blocks, and keeps the rest to be told with the answer, where there is one.
// What a lookup would find is counted as such; once there were too many, a save says nothing of it any more. An
// import, which has thousands of values to ask for, looks nothing up: its rows are told of what the asker sees.
func (w *write) checkDuplicates(ctx context.Context) error {
	if w.draft || w.quiet || w.actor.IsSystem() {
		return nil
	}
	rules, told := w.duplicateRules(), w.answered || w.imports != ""
	if !told {
		rules = blocking(rules)
	}
	if len(rules) == 0 {
		return nil
	}
	if w.answered {
		err := w.account(ctx, w.form, w.duplicateLookups())
		if err != nil && fault.CodeOf(err) != "lookup.throttled" {
			return err
		}
		w.asks = err == nil
	}
	found, err := w.duplicates(ctx, w.Store, rules)
	if err != nil {
		return err
	}
	if told {
		w.alike = w.tellDuplicates(found)
	}
	w.issues = append(w.issues, w.blocked(found)...)
	return nil
}

// blocking are those of the rules that let nothing be saved.
func blocking(rules []*catalog.Duplicate) []*catalog.Duplicate {
	return slices.DeleteFunc(rules, func(d *catalog.Duplicate) bool { return !d.Blocks() })
}

// blocked are the issues of what may not be there twice.
func (w *write) blocked(found []duplicate) fault.Issues {
	var out fault.Issues
	for _, d := range found {
		if !d.rule.Blocks() {
			continue
		}
		told, ok := w.tellDuplicate(d)
		code, args := "duplicate.taken", fault.Args{"rule": d.rule.Def.Label}
		switch {
		case ok && told.Owner != nil:
			code, args["holder"] = "duplicate.held", told.Owner.Title
		case ok:
			code = "duplicate.unheld"
		}
		for _, issue := range w.atFields(d.rule, code, args) {
			if !slices.ContainsFunc(out, func(i fault.Issue) bool { return i.Path == issue.Path }) {
				out = append(out, issue)
			}
		}
	}
	return out
}

// atFields says something at each field that decides a rule, as far as these exist for the actor; else of the whole.
func (w *write) atFields(rule *catalog.Duplicate, code string, args fault.Args) fault.Issues {
	var out fault.Issues
	for _, key := range w.typed(rule) {
		out = append(out, fault.Issue{Path: "/values/" + fault.Escape(string(key)), Code: code, Args: args})
	}
	if out == nil {
		out = fault.Issues{{Path: "/values", Code: code, Args: args}}
	}
	return out
}

// typed are the fields that decide a rule and exist for the actor.
func (w *write) typed(rule *catalog.Duplicate) []value.FieldKey {
	return slices.DeleteFunc(rule.Typed(w.form), w.hidden)
}

// recordTaken is the fault of a save that may not be beside what is there.
func recordTaken(issues fault.Issues) error {
	return &fault.Error{Kind: fault.Conflict, Code: "record.taken", Op: "record.save", Issues: issues}
}

// holdDuplicates lets no two transactions save what a rule blocks at the same time: what others have saved since
// it was looked for is found here. What the engine itself works out anew stays as it is.
func (w *write) holdDuplicates(ctx context.Context, tx store.Tx) error {
	if w.actor.IsSystem() {
		return nil
	}
	rules := blocking(w.duplicateRules())
	if len(rules) == 0 {
		return nil
	}
	for form, keys := range w.duplicateKeys(rules) {
		for _, key := range keys {
			if err := tx.Guard(ctx, "duplicate:"+string(form.Key)+":"+strconv.FormatInt(key.(int64), 10)); err != nil {
				return err
			}
		}
	}
	found, err := w.duplicates(ctx, tx, rules)
	if err != nil {
		return err
	}
	if issues := w.blocked(found); len(issues) > 0 {
		return recordTaken(issues)
	}
	return nil
}
