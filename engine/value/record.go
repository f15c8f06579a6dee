package value

import (
	"slices"
	"time"
)

// ID names a record: 26 characters, sortable by time of making, random in the rest (ULID).
type ID string

// FormKey names a form within a tenant's catalog, camelCase.
type FormKey string

// FieldKey names a field within its form, camelCase; immutable once published.
type FieldKey string

// Record is one document that conforms to a form, in stored form.
type Record struct {
	ID      ID
	Form    FormKey
	Version int64 // 1 at creation; grows by one with each change that a user's edit must not overwrite

	Values Doc // by field key; absent fields have no entry

	// Shadow holds what the engine derives from Values for the stores' sake and nobody reads:
	// collation keys, local days, folded search text. See ShadowKey*.
	Shadow Doc
	// Tokens are the search tokens of the record's text.
	Tokens []string
	// Principals say who may reach the record by scope: "user:<id>", "unit:<id>" (its own unit),
	// "under:<id>" (its unit and each unit above it), "zone:<id>". Sorted, without doubles.
	Principals []string

	CreatedAt time.Time // UTC, whole milliseconds, as all times here
	CreatedBy ID
	UpdatedAt time.Time
	UpdatedBy ID
	DeletedAt time.Time // zero unless in the recycle bin
	DeletedBy ID
}

// Deleted tells whether the record lies in the recycle bin.
func (r *Record) Deleted() bool { return !r.DeletedAt.IsZero() }

// Clone returns a deep copy; nil stays nil.
func (r *Record) Clone() *Record {
	if r == nil {
		return nil
	}
	out := *r
	out.Values = r.Values.Clone()
	out.Shadow = r.Shadow.Clone()
	out.Tokens = slices.Clone(r.Tokens) // none at all stays different from unknown
	out.Principals = append([]string(nil), r.Principals...)
	return &out
}

// System fields: names that every form has beside its own fields, usable in filters and sorts.
// No form may define a field with such a key.
const (
	SysID        FieldKey = "id"
	SysVersion   FieldKey = "version"
	SysCreatedAt FieldKey = "createdAt" // epoch milliseconds
	SysCreatedBy FieldKey = "createdBy"
	SysUpdatedAt FieldKey = "updatedAt" // epoch milliseconds
	SysUpdatedBy FieldKey = "updatedBy"
	SysDeletedAt FieldKey = "deletedAt" // epoch milliseconds; absent unless in the recycle bin
	// SysPrincipals is the multi-valued field behind row scopes; filters made by access use it.
	SysPrincipals FieldKey = "principals"
)

// SystemFields lists them in a fixed order.
func SystemFields() []FieldKey {
	return []FieldKey{SysID, SysVersion, SysCreatedAt, SysCreatedBy, SysUpdatedAt, SysUpdatedBy, SysDeletedAt, SysPrincipals}
}

// Get returns the value of a field, a system field, or a shadow field (key starting with "~"), in stored form.
func (r *Record) Get(key FieldKey) Value {
	if len(key) > 0 && key[0] == '~' {
		return r.Shadow[string(key[1:])]
	}
	if v, ok := r.Values[string(key)]; ok {
		return v
	}
	return r.system(key)
}

func (r *Record) system(key FieldKey) Value {
	switch key {
	case SysID:
		return text(string(r.ID))
	case SysVersion:
		return r.Version
	case SysCreatedAt:
		return millis(r.CreatedAt)
	case SysCreatedBy:
		return text(string(r.CreatedBy))
	case SysUpdatedAt:
		return millis(r.UpdatedAt)
	case SysUpdatedBy:
		return text(string(r.UpdatedBy))
	case SysDeletedAt:
		return millis(r.DeletedAt)
	case SysPrincipals:
		return texts(r.Principals)
	}
	return nil
}

// WithSystem returns the values with those that every record has, as filters see them.
func (r *Record) WithSystem() Doc {
	out := make(Doc, len(r.Values)+7)
	for key, v := range r.Values {
		out[key] = v
	}
	for _, key := range SystemFields() {
		if v := r.system(key); v != nil && key != SysPrincipals {
			out[string(key)] = v
		}
	}
	return out
}

// Shadow keys: what stands before the field key in Record.Shadow, and after "~" in paths.
const (
	ShadowSort = "sort:" // collation key, hexadecimal text: "~sort:name"
	ShadowDay  = "day:"  // local day of an instant, yyyymmdd: "~day:signedAt"
	// ShadowDuplicates are numbers that a record shares with those it may be a duplicate of: "~duplicates"
	ShadowDuplicates = "duplicates"
	ShadowText       = "text" // the folded search text of the whole record: "~text"
)

func millis(t time.Time) Value {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func text(s string) Value {
	if s == "" {
		return nil
	}
	return s
}

func texts(list []string) Value {
	if len(list) == 0 {
		return nil
	}
	out := make(List, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
