package sqlite

import (
	"encoding/binary"
	"hash/fnv"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// A place is where a record stands in an order: the values of the sorts and the id, written so that
// comparing bytes compares places as query.CompareKeys does. One blob for any number of sorts keeps a
// range of an order a range of one index column, with absent values and either direction.
//
// A value is a byte for its type in the order of types (absent, false, true, number, text), then a
// number as eight bytes, its sign turned, and a text with each 0 doubled to 0 255 and 0 1 at its end.
// All bytes of a descending value are turned around.
const (
	placeAbsent byte = 1
	placeBool   byte = 2 // and 3
	placeInt    byte = 4
	placeText   byte = 5
)

// placeOf writes a key of an order.
func placeOf(sorts []query.Sort, key query.Key) []byte {
	b := make([]byte, 0, 48)
	desc := false
	for i, s := range sorts {
		desc = s.Desc
		b = appendPlace(b, key[i], desc)
	}
	return appendPlace(b, key[len(sorts)], desc)
}

func appendPlace(b []byte, v value.Value, desc bool) []byte {
	start := len(b)
	switch v := v.(type) {
	case bool:
		b = append(b, placeBool+byte(bit(v)))
	case int64:
		b = binary.BigEndian.AppendUint64(append(b, placeInt), uint64(v)^1<<63)
	case string:
		b = append(b, placeText)
		for i := range len(v) {
			if b = append(b, v[i]); v[i] == 0 {
				b = append(b, 0xff)
			}
		}
		b = append(b, 0, 1)
	default:
		b = append(b, placeAbsent)
	}
	if desc {
		for i := start; i < len(b); i++ {
			b[i] = ^b[i]
		}
	}
	return b
}

// numberOf is what a principal is called in the tables of orders: a hash, for it takes a fifth of the
// room. Should two ever be called the same, a condition on the record's own principals tells them apart.
func numberOf(principal string) int64 {
	h := fnv.New64a()
	h.Write([]byte(principal))
	return int64(h.Sum64())
}
