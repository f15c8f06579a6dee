package record

import "tidewater/engine/value"

// Likes are what tells a record of an import from its others, by the key of the duplicate rule: two that have the
// same number under one key are alike by it. Rules that look at what the importer may not know are not in it, nor
// is what is only near.
type Likes map[string]uint64

// likes are those of a row of an import; nil for what is none.
func (w *write) likes() Likes {
	if w.imports == "" || w.actor.IsSystem() {
		return nil
	}
	var out Likes
	for _, rule := range w.duplicateRules() {
		if !w.knowsAll(rule) {
			continue
		}
		if out == nil {
			out = Likes{}
		}
		out[rule.Def.Key] = claimOf(0, rule.Value(w.next.Values)).hash
	}
	return out
}

// fails is what becomes of a write that something stands in the way of; w is nil where it has not begun.
func (w *write) fails(id value.ID, err error) Outcome {
	out := Outcome{ID: id, Err: err}
	if w != nil {
		out.Alike, out.Likes = w.alike, w.likes()
	}
	return out
}
