package record

import (
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/field"
	"tidewater/engine/value"
)

// checkOptions makes an issue of each newly chosen option that is no longer offered; a record that has
// one keeps it.
func (w *write) checkOptions(f *catalog.Field, chosen value.Value) {
	had := options(w.before(string(f.Key)))
	for _, v := range options(chosen) {
		option, known := field.OptionOf(f.As.Options, v)
		if known && option.Off && !slices.Contains(had, v) {
			w.issues.Add(place(f), "field.optionRetired", "value", v)
		}
	}
}

// options are the choices in a value, one or many.
func options(v value.Value) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case value.List:
		var out []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}
