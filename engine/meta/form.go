package meta

import "tidewater/engine/value"

// Form is the definition of one kind of record, forms/<key>/form.json: a JSON Schema (2020-12) object
// whose properties are the fields, with x- keywords for what JSON Schema has no word for.
type Form struct {
	Schema      string                   `json:"$schema,omitempty"`
	ID          string                   `json:"$id,omitempty"`
	Type        string                   `json:"type"` // always "object"
	Key         value.FormKey            `json:"x-form"`
	Label       Label                    `json:"x-label"`
	Title       value.FieldKey           `json:"x-title"` // the field that names a record
	Properties  map[value.FieldKey]Field `json:"properties"`
	Order       []value.FieldKey         `json:"x-order,omitempty"` // the fields in the order people see; the rest follow by key
	Required    []value.FieldKey         `json:"required,omitempty"`
	Unique      [][]value.FieldKey       `json:"x-unique,omitempty"`
	Holders     Holders                  `json:"x-holders,omitempty"`
	Sharing     *Sharing                 `json:"x-sharing,omitempty"` // nil: nobody shares any
	Duplicates  []Duplicate              `json:"x-duplicates,omitempty"`
	Rules       []Rule                   `json:"x-rules,omitempty"`
	Sections    []Section                `json:"x-sections,omitempty"`
	Tabs        []Tab                    `json:"x-tabs,omitempty"`
	SortDefault string                   `json:"x-sort,omitempty"` // default "-updatedAt"
	Indexes     [][]string               `json:"x-indexes,omitempty"`
}

// Holders names the fields that decide who reaches a record by scope.
type Holders struct {
	Owner value.FieldKey `json:"owner,omitempty"` // a member field
	Unit  value.FieldKey `json:"unit,omitempty"`  // an orgunit field; default: the owner's unit
	With  value.FieldKey `json:"with,omitempty"`  // a member or members field: who reaches it as its owner does
	Zone  value.FieldKey `json:"zone,omitempty"`  // a reference or select field whose stored value is a zone's id or key
}

// Sharing says who, of those whose own roles let them change a record, may share it with others.
type Sharing struct {
	By      []Who `json:"by"`
	MaxDays int   `json:"maxDays,omitempty"` // how long at most; 0: also without an end
}

// Duplicate is a rule by which a record is taken for one that is there already: all its fields are filled
// and hold the same.
type Duplicate struct {
	Key    string           `json:"key"`
	Label  Label            `json:"label"`
	Fields []value.FieldKey `json:"fields"`
	Near   bool             `json:"near,omitempty"` // one text field: it may be one slip apart (text.Near)
	Then   string           `json:"then,omitempty"` // DuplicateWarns (default) or DuplicateBlocks
	Also   []DuplicateAlso  `json:"also,omitempty"` // where else the same value counts
}

// What a duplicate does to a save.
const (
	DuplicateWarns  = "warn"  // it is told with the answer
	DuplicateBlocks = "block" // nothing is saved
)

// DuplicateAlso names a duplicate rule of another form whose records count too, and the field by which they
// name the one that they speak of; empty where they speak of themselves.
type DuplicateAlso struct {
	Form value.FormKey  `json:"form"`
	Rule string         `json:"rule"`
	Via  value.FieldKey `json:"via,omitempty"`
}

// Section is a group of fields on the page.
type Section struct {
	Key    string           `json:"key"`
	Label  Label            `json:"label"`
	Fields []value.FieldKey `json:"fields"`
	Tab    string           `json:"tab,omitempty"` // empty: it stands above the tabs
}

// Tab is a part of the page of which one is seen at a time: the sections that name it.
type Tab struct {
	Key   string `json:"key"`
	Label Label  `json:"label"`
}

// Rule is an expr attached to a form: a validation with the fields it concerns.
type Rule struct {
	Key     string           `json:"key"`
	Check   string           `json:"check"`   // must hold; expr → bool
	Message Label            `json:"message"` // shown when it does not
	Fields  []value.FieldKey `json:"fields,omitempty"`
}

// FieldKind names one of field.Kinds.
type FieldKind string

// Field is one property of a form or one column of a table. Keywords that a kind does not know are a
// publish fault of that kind.
type Field struct {
	Type  any       `json:"type,omitempty"` // JSON Schema's type, if the author states it; the kind implies it
	Kind  FieldKind `json:"x-field"`
	Label Label     `json:"x-label"`
	Help  Label     `json:"x-help,omitempty"`

	MinLength *int   `json:"minLength,omitempty"`
	MaxLength *int   `json:"maxLength,omitempty"`
	Pattern   string `json:"pattern,omitempty"`
	Minimum   string `json:"x-min,omitempty"` // decimal text, exact
	Maximum   string `json:"x-max,omitempty"`
	MinItems  *int   `json:"minItems,omitempty"`
	MaxItems  *int   `json:"maxItems,omitempty"`

	Scale    int      `json:"x-scale,omitempty"`    // decimals, 0 to 6
	Currency string   `json:"x-currency,omitempty"` // ISO 4217; empty: the tenant's
	Points   int      `json:"x-points,omitempty"`   // rating: how many there are, 2 to 10; 0 is 5
	Options  []Option `json:"x-options,omitempty"`  // select, multiselect, stage, cascade

	MaxSize int      `json:"x-maxSize,omitempty"` // attachment, image: bytes of one file at most
	Accept  []string `json:"x-accept,omitempty"`  // attachment, image: media types such as "application/pdf", "image/*"

	Ref      value.FormKey   `json:"x-ref,omitempty"`      // reference(s): the form referred to
	Refs     []value.FormKey `json:"x-refs,omitempty"`     // anyref: the forms, one of which is referred to
	OnDelete string          `json:"x-onDelete,omitempty"` // restrict (default), clear, cascade
	Named    bool            `json:"x-named,omitempty"`    // reference: who reads this record reads the title of the other
	Via      value.FieldKey  `json:"x-via,omitempty"`      // mirror: the reference; rollup: the child's reference to us
	Of       value.FieldKey  `json:"x-of,omitempty"`       // mirror: the field mirrored; rollup: the child's field
	From     value.FormKey   `json:"x-from,omitempty"`     // rollup: the child form
	Op       string          `json:"x-op,omitempty"`       // rollup: count sum min max avg
	Timing   string          `json:"x-timing,omitempty"`   // rollup: transaction or soon
	Filter   string          `json:"x-filter,omitempty"`   // rollup, reference: pushable expr

	Number  string `json:"x-number,omitempty"` // autonumber pattern: "SO-{yyyy}{MM}-{0000}"
	Gapless bool   `json:"x-gapless,omitempty"`

	Properties map[value.FieldKey]Field `json:"properties,omitempty"` // table: the columns
	Order      []value.FieldKey         `json:"x-order,omitempty"`
	Required   []value.FieldKey         `json:"required,omitempty"`

	Compute    string    `json:"x-compute,omitempty"` // formula, or any computed field
	Result     FieldKind `json:"x-result,omitempty"`  // formula: the kind of its values
	Default    string    `json:"x-default,omitempty"` // expr
	RequiredIf string    `json:"x-requiredIf,omitempty"`
	VisibleIf  string    `json:"x-visibleIf,omitempty"`
	ReadOnlyIf string    `json:"x-readOnlyIf,omitempty"`
	ReadOnly   bool      `json:"readOnly,omitempty"`
	Unique     bool      `json:"x-unique,omitempty"`
	Search     bool      `json:"x-search,omitempty"`
	Index      bool      `json:"x-index,omitempty"`
	Mask       string    `json:"x-mask,omitempty"`   // phone, or "head,tail" characters left visible
	Lookup     bool      `json:"x-lookup,omitempty"` // equality with a complete value may find it even where masked
	Group      string    `json:"x-group,omitempty"`  // shared: the same on all records of a group, see PoolGroup
	Remind     *Remind   `json:"x-remind,omitempty"` // date, datetime, rollup of one: whoever has the record is told when it has come
	Turns      []Turn    `json:"x-turns,omitempty"`  // select, stage: when the system sets it
}

// Turn is when the system sets a field of options: at the moment in which a condition comes to hold, and at that in
// which it no longer does. In between people may choose another option, and it stays.
type Turn struct {
	When string `json:"when"`           // an expr over the record, without actor and old
	To   string `json:"to"`             // the option that is set when it has come to hold
	Back string `json:"back,omitempty"` // the option that is set when it no longer holds and the field still says To; "": none
}

// Remind is how the time that a field holds is told to whoever has the record.
type Remind struct {
	When string `json:"when,omitempty"` // an expr that must hold by then; "" always does
	At   string `json:"at,omitempty"`   // date: the time of the day, "09:00"
}

// Option is one choice; children make a cascade, Probability and Closed make a stage.
type Option struct {
	Value       string   `json:"value"`
	Label       Label    `json:"label"`
	Color       string   `json:"color,omitempty"`
	Children    []Option `json:"children,omitempty"`
	Probability *int     `json:"probability,omitempty"` // percent
	Closed      string   `json:"closed,omitempty"`      // won or lost
	Off         bool     `json:"off,omitempty"`         // kept for old records, not offered
}
