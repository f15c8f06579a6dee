package record

import (
	"tidewater/engine/catalog"
	"tidewater/engine/field"
	"tidewater/engine/value"
)

// merged is what a field holds after the input: the input itself, or for a table the rows that it had in was, with what
// was sent about them; rows that were not sent stay.
func (w *write) merged(f *catalog.Field, sent value.Value, was value.Doc) value.Value {
	rows, ok := sent.(value.List)
	if !f.Rows || !ok {
		return sent
	}
	before, _ := was[string(f.Key)].(value.List)
	merged, issues := field.MergeRows(before, rows, func() string { return string(w.NewID()) })
	w.issues = append(w.issues, issues.Under(place(f))...)
	return merged
}
