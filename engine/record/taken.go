package record

import (
	"context"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// checkTaken refuses those of the changes whose unique values are those of a change before them and, where the
// store has refused the lot (ask), another record's: found out together, they keep nobody else back. What the
// store then finds all the same was faster.
func (m *many) checkTaken(ctx context.Context, ask bool) error {
	m.checkBlocked()
	for n, i := 0, firstOf(m.writes); i >= 0 && n < len(m.writes[i].form.Layout.Unique); n++ {
		if err := m.checkGroup(ctx, n, m.writes[i].form.Layout.Unique[n], ask); err != nil {
			return err
		}
		if i = firstOf(m.writes); i < 0 {
			break
		}
	}
	return nil
}

// checkBlocked refuses those of the changes that a duplicate rule blocks because of a change before them. The
// transaction would find out too, but then hold all the others back; and a trial, whose changes are not there, would not.
func (m *many) checkBlocked() {
	claimed := map[claim]bool{}
	for i, w := range m.writes {
		if w == nil {
			continue
		}
		for c, rule := range w.claimsAlone() {
			if claimed[c] || m.trial.claimed(c) {
				m.refuse(i, recordTaken(w.atFields(rule, "duplicate.taken", fault.Args{"rule": rule.Def.Label})))
				break
			}
			claimed[c] = true
		}
	}
}

// claimsAlone are the claims of a write that its duplicate rules let nobody else have.
func (w *write) claimsAlone() map[claim]*catalog.Duplicate {
	if len(w.form.Duplicates) == 0 || w.actor.IsSystem() {
		return nil
	}
	out := map[claim]*catalog.Duplicate{}
	for _, rule := range blocking(w.duplicateRules()) {
		// Unique groups have the numbers from 0 on.
		out[claimOf(-1-slices.Index(w.form.Duplicates, rule), rule.Value(w.next.Values))] = rule
	}
	return out
}

func firstOf(writes []*write) int {
	return slices.IndexFunc(writes, func(w *write) bool { return w != nil })
}

// checkGroup looks at one unique group of the form.
func (m *many) checkGroup(ctx context.Context, number int, group []value.FieldKey, ask bool) error {
	wanted := map[string]int{} // by what the group holds: the change that has it
	var keys []value.List
	changing := map[value.ID]bool{}
	for i, w := range m.writes {
		if w == nil {
			continue
		}
		changing[w.next.ID] = true
		key, claims := w.claims(group)
		if !claims {
			continue
		}
		name := nameOf(key)
		if _, twice := wanted[name]; twice || m.trial.holds(number, name) {
			m.refuse(i, taken(group))
			continue
		}
		wanted[name] = i
		keys = append(keys, key)
	}
	if !ask {
		return nil
	}
	for _, key := range keys {
		holder, err := m.holder(ctx, group, key)
		if err != nil {
			return err
		}
		// One that is changed with these, or would have been before, may have let go of it.
		if holder != "" && !changing[holder] && !m.trial.has(holder) {
			m.refuse(wanted[nameOf(key)], taken(group))
		}
	}
	return nil
}

// claims is what a write newly holds of a unique group; not if a part of it is absent or nothing of it changes.
func (w *write) claims(group []value.FieldKey) (key value.List, claims bool) {
	if w.next.Deleted() {
		return nil, false
	}
	key = make(value.List, len(group))
	same := w.old != nil && w.kind != event.RecordRestored
	for n, field := range group {
		if key[n] = w.next.Values[string(field)]; key[n] == nil {
			return nil, false
		}
		same = same && value.Equal(w.old.Values[string(field)], key[n])
	}
	return key, !same
}

// holder is the record that holds values of a group now, whoever may see it. Each is asked for by itself, as the
// unique index answers it.
func (m *many) holder(ctx context.Context, group []value.FieldKey, key value.List) (value.ID, error) {
	all := make(query.And, len(group))
	for n, v := range key {
		all[n] = query.Where(group[n], query.Eq, v)
	}
	page, err := m.Store.List(ctx, query.List{Form: m.writes[firstOf(m.writes)].form.Key, Filter: all, Limit: 1})
	if err != nil || len(page.Records) == 0 {
		return "", err
	}
	return page.Records[0].ID, nil
}

// taken says, as the store does, which fields another record has the values of.
func taken(group []value.FieldKey) error {
	var issues fault.Issues
	for _, name := range group {
		issues.Add("/values/"+fault.Escape(string(name)), "unique.taken", "field", name)
	}
	return recordTaken(issues)
}
