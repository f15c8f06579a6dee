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
// counts as absent, as in a filter; but for a complete value of a field that lookup says may be asked for where it
// is masked, never where it is hidden.
func (d *Decision) Tells(r *value.Record, fields []value.FieldKey, lookup func(value.FieldKey) bool) Telling {
	if !d.May(meta.Read) && !d.MayCreate() {
		return TellsNothing // the form itself does not exist for them
	}
	reads := d.Reaches(meta.Read, r)
	for _, key := range fields {
		switch {
		case d.SeesNowhere(key):
			return TellsNothing
		case reads && d.Sees(key, r) == Whole, !reads && d.SeesEverywhere(key):
		case lookup(key) && (!reads || d.Sees(key, r) == Masked):
		default:
			return TellsNothing
		}
	}
	if reads {
		return TellsRecord
	}
	return TellsHolder
}

// TellsOwner tells whether the actor may hear who holds such a record: owner is the field that says so.
func (d *Decision) TellsOwner(r *value.Record, owner value.FieldKey, telling Telling) bool {
	if owner == "" || telling == TellsRecord {
		return owner == "" || d.Sees(owner, r) == Whole
	}
	return d.SeesEverywhere(owner)
}

// Guesses tells whether asking for a complete value of the field teaches the actor something that a list would
// not: it is masked somewhere, or some records are out of their sight.
func (d *Decision) Guesses(field value.FieldKey) bool {
	return !d.SeesEverywhere(field) || !isConst(d.Rows(meta.Read), true)
}
