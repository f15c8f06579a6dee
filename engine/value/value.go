// Package value is the leaf that all others use: what a record is, what its values are, who acts.
//
// Values are kept in their stored form, the smallest set of Go types that both stores hold exactly:
//
//	string  text, ids, options, codes
//	int64   whole numbers; exact decimals scaled by 10^scale of their field; instants as epoch
//	        milliseconds UTC; dates as yyyymmdd; durations in their field's unit
//	bool    true, false
//	List    many values, or the rows of a table
//	Doc     a row, or the parts of an address
//
// What an int64 means is told by the field (package field), which also turns stored values into wire
// values and back. Absent is the only empty: nil, "", blank text, empty List and empty Doc are never
// stored (see Normal).
package value

import "strings"

// Value is one of string, int64, bool, List, Doc; nil means absent.
type Value = any

// List is an ordered collection of values.
type List []Value

// Doc is a set of named values.
type Doc map[string]Value

// MaxExact bounds the absolute value of an exact number in stored form (scaled): sums of a billion
// of them still fit the stores' arithmetic.
const MaxExact int64 = 1_000_000_000_000_000

// Normal returns v with every empty thing inside it made absent; false and 0 stay.
// Text of nothing but white space counts as empty; other text is left as it is.
func Normal(v Value) Value {
	switch v := v.(type) {
	case string:
		if strings.TrimSpace(v) == "" {
			return nil
		}
	case List:
		return normalList(v)
	case Doc:
		return normalDoc(v)
	}
	return v
}

func normalList(list List) Value {
	out := make(List, 0, len(list))
	for _, v := range list {
		if n := Normal(v); n != nil {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func normalDoc(doc Doc) Value {
	out := make(Doc, len(doc))
	for k, v := range doc {
		if n := Normal(v); n != nil {
			out[k] = n
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// Clone returns a deep copy: nobody who holds the copy can change the original.
func Clone(v Value) Value {
	switch v := v.(type) {
	case List:
		out := make(List, len(v))
		for i, e := range v {
			out[i] = Clone(e)
		}
		return out
	case Doc:
		return v.Clone()
	}
	return v
}

// Clone returns a deep copy of the document; nil stays nil.
func (d Doc) Clone() Doc {
	if d == nil {
		return nil
	}
	out := make(Doc, len(d))
	for k, v := range d {
		out[k] = Clone(v)
	}
	return out
}

// Equal tells whether two values are the same, deeply; absent equals absent.
func Equal(a, b Value) bool {
	switch a := a.(type) {
	case List:
		b, ok := b.(List)
		return ok && equalLists(a, b)
	case Doc:
		b, ok := b.(Doc)
		return ok && equalDocs(a, b)
	}
	switch b.(type) {
	case List, Doc:
		return false
	}
	return a == b
}

func equalLists(a, b List) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalDocs(a, b Doc) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		w, ok := b[k]
		if !ok || !Equal(v, w) {
			return false
		}
	}
	return true
}

// Compare orders two scalars of one type: -1, 0 or 1. Text compares by bytes, false before true.
// ok is false when the types differ or are not scalars; such values have no order.
func Compare(a, b Value) (order int, ok bool) {
	switch a := a.(type) {
	case string:
		if b, same := b.(string); same {
			return strings.Compare(a, b), true
		}
	case int64:
		if b, same := b.(int64); same {
			return compareInts(a, b), true
		}
	case bool:
		if b, same := b.(bool); same {
			return compareInts(bit(a), bit(b)), true
		}
	}
	return 0, false
}

func compareInts(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
