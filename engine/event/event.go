// Package event says what happened to records, with what they were before and are after. Events are
// written in the transaction that made them true and delivered at least once; see store.Outbox.
package event

import (
	"time"

	"tidewater/engine/value"
)

// Kind says what happened.
type Kind string

const (
	RecordCreated  Kind = "recordCreated"
	RecordChanged  Kind = "recordChanged"
	RecordDeleted  Kind = "recordDeleted"  // moved to the recycle bin
	RecordRestored Kind = "recordRestored" // taken back from it
	RecordPurged   Kind = "recordPurged"   // gone for good
	// PersonTold is of no form: Record is a person in whose inbox something has changed.
	PersonTold Kind = "personTold"
	// RecordTalked is of no form: Record is a record of which somebody has said something, or no longer does; Detail says
	// its form, and which comment is new, "" for none.
	RecordTalked Kind = "recordTalked"
	// JobMoved is of no form: Record is a job that was queued, came on or ended, Actor is who asked for it.
	JobMoved Kind = "jobMoved"
)

// Change is one field's change; From or To is nil for absent.
type Change struct {
	Field value.FieldKey
	From  value.Value
	To    value.Value
}

// Event is one thing that happened to one record; it is also that record's line of history. One of no form
// happened to no record, and has no images.
type Event struct {
	Seq     int64 // given by the store, growing in the order of commits
	Kind    Kind
	Form    value.FormKey
	Record  value.ID
	Version int64 // the record's version after it
	At      time.Time
	Actor   value.ID // a user id or "system:<part>"
	Reason  string   // why, where someone said so
	Action  string   // by which action, where it was no edit
	// Scopes are those of the token that the actor came with; nil: not narrowed.
	Scopes []string
	// Depth counts the scripts after commits that have led to it; 0 is what people did.
	Depth int
	// Import is the import that it is of, "" for none: whom it gives records is told of all of them together.
	Import value.ID
	// Detail is what decided where the engine moved the record by a rule, in the words of that part of it.
	// "reads" lists the fields that it tells of.
	Detail  value.Doc
	Changes []Change // sorted by field
	// Before and After are the whole images; Before is nil for created, After for purged.
	Before, After *value.Record
}
