// Package notify tells people what has happened to records of theirs, and what is to come: notices in an inbox
// that each reads in their own language, with what they may see of the records by then.
//
// A notice holds ids and labels, no value of a record: whoever reads it is asked for their rights again, and a
// record out of their sight shows as such. It is written in the transaction of what it tells, or made of the
// outbox with marks that keep it from being made twice. It knows no HTTP, no mail and no clock of its own.
package notify

import (
	"slices"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// Kind says what a notice is about: what people can choose to hear of.
type Kind string

const (
	Ahead       Kind = "reclaimAhead"  // a record is about to leave its owner
	Reclaimed   Kind = "reclaimed"     // a rule has taken a record back; to whoever had it
	Assigned    Kind = "assigned"      // somebody was given a record; to them
	Transferred Kind = "transferred"   // a record was given to somebody else; to whoever had it
	Returned    Kind = "returned"      // a record was put into its pool; to whoever had it
	Unrouted    Kind = "unrouted"      // no pool took a record; to administrators
	Braked      Kind = "sweepBraked"   // a sweep would have taken too much and stopped; to administrators and those who manage the pool
	Reported    Kind = "sweepReported" // a sweep that is not turned on yet has found something to take; to the same
	Said        Kind = "script"        // what a script says
	Shared      Kind = "shared"        // a record was shared with somebody; to them
	Suspended   Kind = "scriptSuspended"
	HookFailed  Kind = "scriptFailed" // a script after commits has failed for good; to administrators
	JobEnded    Kind = "jobEnded"     // to whoever asked for it
	// CalendarEnds: the working calendar knows nothing of the next year; to administrators.
	CalendarEnds Kind = "calendarEnds"
	// PoolLeft: a scheduled draw has left records that nobody may get; to those who manage the pool.
	PoolLeft Kind = "poolLeft"
	// ScheduleFailed: scheduled work was given up; to administrators.
	ScheduleFailed Kind = "scheduleFailed"
	// PostFailed: what was to go to people or hosts outside could not; to administrators.
	PostFailed Kind = "postFailed"
	// ExportedMuch: somebody has exported more records on a day than the app's alerts say; to administrators.
	ExportedMuch Kind = "exportedMuch"
	// Mentioned: somebody named somebody in a comment; to them.
	Mentioned Kind = "mentioned"
	// GroupWon: another pool's record for the same target has won; to whoever has the one that is closed by it.
	GroupWon Kind = "groupWon"
	// Commented: somebody said something about a record; to whoever has or follows it.
	Commented Kind = "commented"
	// Followed: somebody has changed a record; to those who follow it.
	Followed Kind = "followed"
	// Due: a time that a record holds has come; to whoever has the record.
	Due Kind = "due"
	// Viewed: somebody sees the app as another person would; to that person.
	Viewed Kind = "viewed"
)

var kinds = []Kind{
	Due, Ahead, Reclaimed, Assigned, Transferred, Returned, GroupWon, Shared, Mentioned, Commented, Followed, Unrouted, Braked, Reported, Said, Suspended, HookFailed, JobEnded, CalendarEnds, PoolLeft, ScheduleFailed,
	PostFailed, ExportedMuch, Viewed,
}

// forAdministrators are kinds that nobody else is told of.
var forAdministrators = []Kind{Unrouted, Suspended, HookFailed, CalendarEnds, ScheduleFailed, PostFailed, ExportedMuch}

// Kinds lists every kind that somebody may be told of, in the order in which people are shown them.
func Kinds(administers bool) []Kind {
	return slices.DeleteFunc(slices.Clone(kinds), func(k Kind) bool { return !administers && slices.Contains(forAdministrators, k) })
}

// Notice is one message in somebody's inbox.
type Notice struct {
	ID     string // where it stands in the inbox: the newest come first
	Kind   Kind
	At     time.Time
	ReadAt time.Time // zero: not read yet
	By     value.ID  // who did it: a user, or "system:<part>"; "" for nobody
	About  []About   // the first MaxAbout of Count
	Count  int       // records it is about
	Args   fault.Args
}

// About is a record that a notice tells of.
type About struct {
	Form value.FormKey `json:"form"`
	ID   value.ID      `json:"id"`
	// At is the deadline of what is to come, epoch milliseconds; 0 for none. It is shown to whoever may see the
	// record's own.
	At int64 `json:"at,omitempty"`
}

// MaxAbout bounds the records that one notice names.
const MaxAbout = 50

// Telling is something that people are to be told.
type Telling struct {
	To    []value.ID
	Kind  Kind
	At    time.Time
	By    value.ID
	About []About
	Args  fault.Args // of the text; labels, names that everybody may know, numbers
	// Once names what is told, so that it is told to each of To once for as long as Until; "" where the
	// transaction itself happens once.
	Once  string
	Until time.Time
	// Together names what becomes one notice with others of the same name, time (to the minute) and person.
	Together string
}
