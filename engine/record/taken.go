package record

import (
	"context"
	"slices"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// checkTaken refuses those of the changes whose unique values are another record's, or those of a change before
// them. The store would refuse them too, and with them all that is written in one transaction: asked for
// together and ahead, they keep nobody else back. What the store then finds all the same was faster.
func (m *many) checkTaken(ctx context.Context) error {
	for n, i := 0, firstOf(m.writes); i >= 0 && n < len(m.writes[i].form.Layout.Unique); n++ {
		if err := m.checkGroup(ctx, n, m.writes[i].form.Layout.Unique[n]); err != nil {
			return err
		}
		if i = firstOf(m.writes); i < 0 {
			break
		}
	}
	return nil
}

func firstOf(writes []*write) int {
	return slices.IndexFunc(writes, func(w *write) bool { return w != nil })
}

// checkGroup looks at one unique group of the form.
func (m *many) checkGroup(ctx context.Context, number int, group []value.FieldKey) error {
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
	for page := range slices.Chunk(keys, findPage) {
		found, err := m.holders(ctx, group, page)
		if err != nil {
			return err
		}
		for name, holder := range found {
			// One that is changed with these, or would have been before, may have let go of it.
			if i, ok := wanted[name]; ok && !changing[holder] && !m.trial.has(holder) {
				m.refuse(i, taken(group))
			}
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

// holders are the records that hold values of a group now, by these, whoever may see them.
func (m *many) holders(ctx context.Context, group []value.FieldKey, keys []value.List) (map[string]value.ID, error) {
	var filter query.Filter
	if len(group) == 1 {
		values := make(value.List, len(keys))
		for n, key := range keys {
			values[n] = key[0]
		}
		filter = query.Cmp{Path: query.At(group[0]), Op: query.In, Values: values}
	} else {
		some := make(query.Or, len(keys))
		for n, key := range keys {
			var all query.And
			for at, v := range key {
				all = append(all, query.Where(group[at], query.Eq, v))
			}
			some[n] = all
		}
		filter = some
	}
	page, err := m.Store.List(ctx, query.List{Form: m.writes[firstOf(m.writes)].form.Key, Filter: filter, Limit: maxLimit})
	if err != nil {
		return nil, err
	}
	out := map[string]value.ID{}
	for _, r := range page.Records {
		key := make(value.List, len(group))
		for n, field := range group {
			key[n] = r.Values[string(field)]
		}
		out[nameOf(key)] = r.ID
	}
	return out, nil
}

// taken says, as the store does, which fields another record has the values of.
func taken(group []value.FieldKey) error {
	var issues fault.Issues
	for _, name := range group {
		issues.Add("/values/"+fault.Escape(string(name)), "unique.taken", "field", name)
	}
	return &fault.Error{Kind: fault.Conflict, Code: "record.taken", Op: "record.save", Issues: issues}
}
