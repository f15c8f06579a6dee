package expr

import (
	"math/bits"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Kind is what a value is to rules. Many field kinds are one Kind: options, ids and phones are Text.
type Kind uint8

const (
	None     Kind = iota // nothing: the literal nil; as the wanted type: whatever comes
	Text                 // string
	Int                  // whole number; int64 in stored form
	Decimal              // exact number; int64 scaled by 10^Scale in stored form
	Bool                 // bool
	Date                 // a day; int64 yyyymmdd in stored form
	DateTime             // an instant; int64 epoch milliseconds in stored form
	List                 // many values of one scalar type Of; value.List
	Rows                 // the rows of a table with columns Fields; value.List of value.Doc
	Object               // a value with parts Fields, such as an address; value.Doc
)

// names are how kinds are called in issues: texts "type.<name>" of package message.
var names = [...]string{
	None: "null", Text: "text", Int: "integer", Decimal: "decimal", Bool: "boolean", Date: "date",
	DateTime: "datetime", List: "list", Rows: "table", Object: "object",
}

func (k Kind) String() string { return names[k] }

// Type is the type of a field, a part of one, or a result.
type Type struct {
	Kind   Kind
	Scale  int             // of Decimal: digits after the point in stored form, 0 to 9
	Of     *Type           // of List: the type of its values
	Fields map[string]Type // of Rows and Object
	// Path is where the value rests. Empty: the field of that name, or for a part of Rows or Object the
	// path below that field. It is what Reads tells and what a pushed filter compares.
	Path query.Path
	// Pushable says that stores can compare the value, so that a pushed expression may name it.
	Pushable bool
	// Options are all that a Text can be, where they are known; for finding conditions that decide nothing.
	Options []string

	origin origin
	// lacking marks what an actor may lack: absent, it equals nothing, so that a scope such as
	// unit == actor.unit never matches records without a unit for people without one.
	lacking bool
}

// origin tells which document a value came from.
type origin uint8

const (
	computed origin = iota
	fromRecord
	fromOld
)

// Env is what an expression may see. Two names are taken before Fields where they are switched on:
// "actor" (with id, unit, roles, zones) and "old" (the same fields before the change).
type Env struct {
	Fields map[string]Type
	Actor  bool
	Old    bool
	// Functions are called by name beside those that every expression may call, whose names they must not have.
	Functions map[string]*Function
}

// kinds is a set of kinds.
type kinds uint16

func of(list ...Kind) kinds {
	var set kinds
	for _, k := range list {
		set |= 1 << k
	}
	return set
}

func (s kinds) has(k Kind) bool { return s&(1<<k) != 0 }

// only is the one kind of a set of one.
func (s kinds) only() Kind { return Kind(bits.TrailingZeros16(uint16(s))) }

const (
	numbers kinds = 1<<Int | 1<<Decimal
	days    kinds = 1<<Date | 1<<DateTime
	scalars       = numbers | days | 1<<Text | 1<<Bool
	ordered       = numbers | days | 1<<Text
	lists   kinds = 1<<List | 1<<Rows
)

// maxScale bounds the scale of a Decimal.
const maxScale = 9

// field returns the type of a field of an environment, complete with path and origin.
func field(t Type, name string, from origin) Type {
	if t.Path == (query.Path{}) {
		t.Path = query.At(value.FieldKey(name))
	}
	t.origin = from
	return t
}

// part returns the type of a part of an object or row.
func (t Type) part(name string) (Type, bool) {
	p, ok := t.Fields[name]
	if !ok {
		return Type{}, false
	}
	if p.Path == (query.Path{}) {
		p.Path = query.Path{Field: t.Path.Field, Sub: value.FieldKey(name)}
	}
	p.origin = t.origin
	return p, true
}

// element returns the type of what a list or table holds.
func (t Type) element() Type {
	if t.Kind == List {
		e := *t.Of
		e.lacking = t.lacking
		return e
	}
	return Type{Kind: Object, Fields: t.Fields, Path: t.Path, origin: t.origin}
}

// unify returns the type that holds values of both.
func unify(a, b Type) (Type, bool) {
	lacking := a.lacking || b.lacking
	switch {
	case a.Kind == None:
		a = b
	case b.Kind == None:
	case numbers.has(a.Kind) && numbers.has(b.Kind):
		a = numberType(a.Kind == Int && b.Kind == Int, max(a.Scale, b.Scale))
	case a.Kind != b.Kind:
		return Type{}, false
	case a.Kind == List:
		of, ok := unify(*a.Of, *b.Of)
		if !ok {
			return Type{}, false
		}
		a = Type{Kind: List, Of: &of}
	case a.Kind == Rows || a.Kind == Object:
		if a.Path != b.Path {
			return Type{}, false
		}
		if a.origin != b.origin {
			a.origin = computed // of either: reads are then those of both wholes
		}
	default:
		a = Type{Kind: a.Kind}
	}
	a.lacking = lacking
	return a, true
}

func numberType(whole bool, scale int) Type {
	if whole {
		return Type{Kind: Int}
	}
	return Type{Kind: Decimal, Scale: min(scale, maxScale)}
}
