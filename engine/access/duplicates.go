package access

import (
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Telling is how much somebody is told of a record that holds what they have just given for another.
type Telling int

const (
	TellsNothing Telling = iota // not even that it is there
	TellsHolder                 // whose it is, and nothing that it holds: it is not theirs to read
	TellsRecord                 // the record, as they read it
)

// Tells decides it for the fields that the two hold alike. One that is masked or hidden from the actor there
// counts as absent, as in a filter; but for a complete value (not near) of a field marked for lookups.
func (d *Decision) Tells(r *value.Record, fields []value.FieldKey, near bool, lookup func(value.FieldKey) bool) Telling {
	reads := d.Reaches(meta.Read, r)
	for _, key := range fields {
		asks := !near && lookup(key)
		switch {
		case d.SeesNowhere(key):
			return TellsNothing
		case asks, reads && d.Sees(key, r) == Whole, !reads && d.SeesEverywhere(key):
		default:
			return TellsNothing
		}
	}
	if reads {
		return TellsRecord
	}
	return TellsHolder
}
