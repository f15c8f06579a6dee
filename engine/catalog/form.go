package catalog

import (
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Form is one kind of record, compiled.
type Form struct {
	Key    value.FormKey
	Def    meta.Form
	Fields []*Field       // in the order people see
	Title  value.FieldKey // the field that names a record

	Computed   []*Field // with an expression, in the order in which they are computed
	References []*Field // reference and references fields, columns of tables too (see Field.Table)
	Files      []*Field // attachments and images, columns of tables too
	Numbered   []*Field // autonumbers
	Searched   []*Field // whose text search finds
	Feeds      []Feed   // rollups of other forms over this one's records
	FedBy      []Feed   // this form's own rollups
	Duplicates []*Duplicate
	Rules      []*Rule
	Pools      []*Pool     // in the order in which they take records
	Reminders  []*Reminder // of fields whose time is told when it has come
	Activities []*Activity // of other forms' pools: what this form's records are to them
	Scripts    []*Script   // in the order in which hooks run
	Views      []*View
	Layout     store.Form
	// Schema is the JSON Schema (2020-12) of a record's values in wire form.
	Schema map[string]any

	catalog   *Catalog
	file      string
	fields    map[value.FieldKey]*Field
	system    map[value.FieldKey]*Field
	steps     []step // what Compute does, in order
	defaulted []*Field
	naming    []*Field                  // whose values, or cells, are ids of something that has a title
	dated     []value.FieldKey          // datetimes whose local day is kept
	turning   []*Field                  // that the system sets when a condition comes to hold
	sorted    map[value.FieldKey]*Field // fields with a sort key
	validator *jsonschema.Schema
	conform   *conform
	filterEnv expr.Env
}

// Rule is a validation of a form.
type Rule struct {
	Def      meta.Rule
	check    *expr.Program
	file, at string // where it stands in the bundle
}

// Field returns a field by key.
func (f *Form) Field(key value.FieldKey) (*Field, bool) {
	found, ok := f.fields[key]
	return found, ok
}

// Has tells whether there is a field of that key, of the form's own or of those that every record has.
func (f *Form) Has(key value.FieldKey) bool {
	_, ok := f.any(key)
	return ok
}

// View returns a view by key.
func (f *Form) View(key string) (*View, bool) {
	at := slices.IndexFunc(f.Views, func(v *View) bool { return v.Def.Key == key })
	if at < 0 {
		return nil, false
	}
	return f.Views[at], true
}

// Lookup tells whether equality with a complete value may find a field even where it is masked.
func (f *Form) Lookup(key value.FieldKey) bool {
	found, ok := f.fields[key]
	return ok && found.Def.Lookup
}

// TitleOf returns the text that names a record with these values; "" when it has none.
func (f *Form) TitleOf(values value.Doc) string {
	title, ok := f.fields[f.Title]
	if !ok {
		return ""
	}
	return title.Text(values[string(f.Title)], "")
}

// Field is one field of a form, or one column of a table, compiled.
type Field struct {
	Key  value.FieldKey
	Def  meta.Field   // as its author wrote it
	Kind field.Valued // of its values; a formula's, mirror's or rollup's is that of what it derives
	As   *meta.Field  // the definition of its values; Def itself for most
	field.Shape
	Columns []*Field // of a table, in order
	Table   *Field   // the table of a column, else nil

	compute, byDefault, requiredIf, visibleIf, readOnlyIf *expr.Program
	choose                                                *expr.Pushed // a reference's x-filter
	turns                                                 []turn
}

// Computed tells whether the system gives the value and nobody sets it.
func (f *Field) Computed() bool { return field.IsComputed(&f.Def) || f.Def.Kind == field.Autonumber }

// Encode returns a stored value in wire form; nil for absent.
func (f *Field) Encode(v value.Value) any {
	switch {
	case v == nil:
		return nil
	case f.Rows:
		return field.EncodeRows(v, func(key value.FieldKey) (field.Valued, *meta.Field, bool) {
			column, ok := f.Column(key)
			if !ok {
				return nil, nil, false
			}
			return column.Kind, column.As, true
		})
	}
	return f.Kind.Encode(f.As, v)
}

// Text returns a value as people read it, in a locale.
func (f *Field) Text(v value.Value, locale string) string {
	if titler, ok := f.Kind.(field.Titler); ok {
		return titler.Title(f.As, v, locale)
	}
	s, _ := f.Encode(v).(string)
	return s
}

// Choice is the filter of the records that a reference field lets people choose; all where it states none,
// none where its condition fails.
func (f *Field) Choice(ctx expr.Context) query.Filter {
	if f.choose == nil {
		return query.Const(true)
	}
	filter, err := f.choose.Filter(ctx)
	if err != nil {
		return query.Const(false)
	}
	return filter
}

// Refuses says why a file of that media type and that many bytes cannot be in this field.
func (f *Field) Refuses(mediaType string, size int64) (why fault.Issue, refused bool) {
	filer, ok := f.Kind.(field.Filer)
	if !ok {
		return fault.Issue{Code: "field.file"}, true
	}
	return filer.Refuses(f.As, mediaType, size)
}

// Column returns a column of a table by key.
func (f *Field) Column(key value.FieldKey) (*Field, bool) {
	at := slices.IndexFunc(f.Columns, func(c *Field) bool { return c.Key == key })
	if at < 0 {
		return nil, false
	}
	return f.Columns[at], true
}

// Sequence names the sequence that an autonumber of a form counts with on a day.
func (f *Field) Sequence(form value.FormKey, day int64) string {
	return field.NumberSequence(form, f.Key, f.Def.Number, day)
}

// RenderNumber writes the seq-th number of an autonumber on a day.
func (f *Field) RenderNumber(seq, day int64) string {
	return field.RenderNumber(f.Def.Number, seq, day)
}
