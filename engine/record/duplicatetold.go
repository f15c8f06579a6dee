package record

import (
	"context"
	"slices"
	"strconv"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// tellDuplicates says of what was found what the actor may know.
func (w *write) tellDuplicates(found []duplicate) []Duplicate {
	out := []Duplicate{}
	for _, d := range found {
		if told, ok := w.tellDuplicate(d); ok && len(out) < maxDuplicates {
			out = append(out, told)
		}
	}
	return out
}

func (w *write) tellDuplicate(d duplicate) (told Duplicate, ok bool) {
	compared := make([]value.FieldKey, len(d.seenFields))
	for n, f := range d.seenFields {
		compared[n] = f.Key
	}
	telling := w.visit.decision(d.seenIn).Tells(d.seen, compared, d.near, d.seenIn.Lookup)
	if telling == access.TellsNothing {
		return Duplicate{}, false
	}
	if d.is != d.seen { // nothing was compared of the record that it speaks of
		telling = w.visit.decision(d.form).Tells(d.is, nil, d.near, d.form.Lookup)
	}
	told = Duplicate{
		Rule: d.rule.Def.Key, Fields: d.rule.Typed(w.form), Near: d.near, Blocks: d.rule.Blocks(), Form: d.form.Key,
	}
	if owner := d.form.OwnerOf(d.is.Values); owner != "" {
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

// checkDuplicates refuses what a rule blocks, and keeps the rest to be told with the answer.
func (w *write) checkDuplicates(ctx context.Context) error {
	if w.draft || w.quiet || w.actor.IsSystem() {
		return nil
	}
	found, err := w.duplicates(ctx, w.Store, w.duplicateRules())
	if err != nil {
		return err
	}
	w.alike = w.tellDuplicates(found)
	w.issues = append(w.issues, w.blocked(found)...)
	return nil
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
		for _, key := range d.rule.Typed(w.form) {
			path := "/values/" + fault.Escape(string(key))
			if !slices.ContainsFunc(out, func(i fault.Issue) bool { return i.Path == path }) {
				out = append(out, fault.Issue{Path: path, Code: code, Args: args})
			}
		}
	}
	return out
}

// holdDuplicates lets no two transactions save what a rule blocks at the same time: what others have saved since
// it was looked for is found here. What the engine itself works out anew stays as it is.
func (w *write) holdDuplicates(ctx context.Context, tx store.Tx) error {
	if w.actor.IsSystem() {
		return nil
	}
	rules := slices.DeleteFunc(w.duplicateRules(), func(d *catalog.Duplicate) bool { return !d.Blocks() })
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
		return &fault.Error{Kind: fault.Conflict, Code: "record.taken", Op: "record.save", Issues: issues}
	}
	return nil
}
