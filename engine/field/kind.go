// Package field is the kinds of fields: for each, which keywords its definition knows, how input
// becomes a stored value and a stored value the wire's, what the store keeps, what people read.
//
// One file per kind, and kinds.go lists them. A kind knows one field's definition and one value; it
// knows no record, no rights and no other form (a mirror is told its target's definition). Bounds such
// as maxLength and x-min are not checked by Decode but by the JSON Schema that a kind draws, because
// computed values must keep them too; see package catalog.
package field

import (
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Kind is what a field can be.
type Kind interface {
	Name() meta.FieldKind
	// Check returns what is wrong with a definition, with paths such as /x-scale. A keyword that the
	// kind does not know is a fault.
	Check(def *meta.Field) fault.Issues
}

// Valued is a kind that holds values. All methods trust that Check found the definition good.
type Valued interface {
	Kind
	// Decode turns what was sent, JSON decoded with json.Number, into the stored value, normalised; nil
	// (absent) for null, "", [] and {}. Issues have paths relative to the value, "" for itself.
	Decode(def *meta.Field, raw any) (value.Value, fault.Issues)
	// Encode is the inverse: what the wire shows for a stored value. nil for what is not of this kind.
	Encode(def *meta.Field, v value.Value) any
	// JSONSchema draws the wire form, bounds included.
	JSONSchema(def *meta.Field) map[string]any
	// Shape tells what the store keeps and how it may be asked for.
	Shape(def *meta.Field) Shape
}

// Deriver is a kind whose values are those of another kind.
type Deriver interface {
	Kind
	// As returns the definition that the field's values have, or what keeps it from having one.
	As(def *meta.Field, lookup Lookup) (*meta.Field, fault.Issues)
}

// Lookup finds the definition of the values of a field: of another form, or of this one for an empty
// form key. ok is false when there is none.
type Lookup func(form value.FormKey, key value.FieldKey) (def *meta.Field, ok bool)

// Texter is a kind whose values people can search for.
type Texter interface {
	// Texts returns every text under which a value is found.
	Texts(def *meta.Field, v value.Value) []string
}

// Titler is a kind whose values read differently from their wire form.
type Titler interface {
	// Title is the value as people read it, in a locale.
	Title(def *meta.Field, v value.Value, locale string) string
}

// Grouped is a kind whose values are a Doc of named parts, each with a kind of its own.
type Grouped interface {
	Valued
	// Part returns the kind and definition that a part's values have; nil for what is no part.
	Part(key value.FieldKey) (Valued, *meta.Field)
}

// Sorter is a kind whose order is not that of its stored values: the store keeps a key beside.
type Sorter interface {
	SortKey(def *meta.Field, v value.Value) string
}

// Shape is what the store keeps of a field.
type Shape struct {
	Type  store.Type // of each scalar; empty for a table and a Grouped kind
	Multi bool       // a List of scalars
	Rows  bool       // a List of Docs
	Ops   []query.Op // comparisons that make sense
	Parts []Part     // of a Grouped kind; a table's columns are fields of their own
	// Refs says that the values are ids of records of def.Ref.
	Refs bool
}

// Part is a named scalar inside the Doc of a Grouped kind.
type Part struct {
	Key   value.FieldKey
	Shape Shape
}

// Allows tells whether the comparison makes sense.
func (s Shape) Allows(op query.Op) bool {
	for _, o := range s.Ops {
		if o == op {
			return true
		}
	}
	return false
}

var (
	presence = []query.Op{query.Empty, query.NotEmpty}
	choice   = []query.Op{query.Eq, query.Ne, query.In, query.Nin, query.Empty, query.NotEmpty}
	ordered  = append([]query.Op{query.Lt, query.Lte, query.Gt, query.Gte}, choice...)
	textual  = append([]query.Op{query.Prefix, query.Contains}, ordered...)
	regional = append([]query.Op{query.Prefix}, choice...)
	set      = append([]query.Op{query.HasAll}, choice...)
)

// Resolve returns the kind and definition that a field's values have: its own, or for a mirror,
// formula or rollup those it derives.
func Resolve(def *meta.Field, lookup Lookup) (Valued, *meta.Field, fault.Issues) {
	kind, ok := Of(def.Kind)
	if !ok {
		return nil, nil, unknownKind(def.Kind)
	}
	if deriver, ok := kind.(Deriver); ok {
		as, issues := deriver.As(def, lookup)
		if len(issues) > 0 {
			return nil, nil, issues
		}
		def = as
		if kind, ok = Of(as.Kind); !ok {
			return nil, nil, unknownKind(as.Kind)
		}
	}
	return kind.(Valued), def, nil
}

func unknownKind(kind meta.FieldKind) fault.Issues {
	var issues fault.Issues
	issues.Add("/x-field", "meta.fieldKind", "kind", kind)
	return issues
}
