// Package audit keeps what an admin may ask about later: who did or asked something that the records'
// own history does not tell, in the tenant's store, for a year. It is written in the transaction of what
// it tells of, or just before the answer goes out. It decides nothing. Of records it holds no
// value in clear; of what administrators change it says from what to what, secrets excepted.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Op says what happened; a stable word for programs.
type Op string

const (
	// LookupFound and LookupMissed tell of a complete value that somebody asked for in a field which they
	// do not see whole: whether a record in their sight has it.
	LookupFound  Op = "lookup.found"
	LookupMissed Op = "lookup.missed"
	// LookupRefused tells that somebody reached the limit of such questions; once until they may ask again.
	LookupRefused Op = "lookup.refused"

	// RecordsExported tells that somebody took a file of records: the form, how many and in what format.
	RecordsExported Op = "records.exported"
	// RecordsPrinted tells that somebody had records printed: the form, the record where it is one, how many.
	RecordsPrinted Op = "records.printed"

	// ViewingBegan and ViewingEnded tell that somebody saw the app as another person would: Target is that person, Note
	// the reason. One that is not ended ends by itself, see Changes.
	ViewingBegan Op = "viewing.began"
	ViewingEnded Op = "viewing.ended"

	// What administrators do. Target says to what.
	AppInstalled   Op = "app.installed"
	AppUpgraded    Op = "app.upgraded"
	AppPublished   Op = "app.published"
	AppRolledBack  Op = "app.rolledBack"
	DraftWritten   Op = "draft.written"
	DraftDiscarded Op = "draft.discarded"
	Rehearsed      Op = "rules.rehearsed"
	// What those do who keep values up: Changes are the values.
	ValuesOrdered   Op = "values.ordered"
	ValuesCancelled Op = "values.cancelled"
	ValuesCounted   Op = "values.counted" // became the active ones
	ValuesRefused   Op = "values.refused"
	UserChanged     Op = "user.changed"
	UnitChanged     Op = "unit.changed"
	ZoneChanged     Op = "zone.changed"
	CalendarChanged Op = "calendar.changed"
	ScheduleTold    Op = "schedule.told" // to pause, to resume, to run
	HandedOver      Op = "user.handedOver"
	CommentRemoved  Op = "comment.removed" // somebody else's; Target is the record
	PasswordReset   Op = "password.reset"
	TokenRevoked    Op = "token.revoked"
	// Of ChannelChanged and AddressesChanged Target is the channel or the person.
	ChannelChanged   Op = "channel.changed"
	AddressesChanged Op = "addresses.changed"
	OutletChanged    Op = "outlet.changed" // made, changed or ended
)

// Entry is one thing that happened.
type Entry struct {
	Key   string        `json:"-"` // given by Write; newer entries have smaller ones
	At    time.Time     `json:"at"`
	Actor value.ID      `json:"actor"`
	Op    Op            `json:"op"`
	Form  value.FormKey `json:"form,omitempty"`
	// Record is the one that it is about, where it is one; Count is how many left the system, where some did.
	Record value.ID       `json:"record,omitempty"`
	Count  int64          `json:"count,omitempty"`
	Field  value.FieldKey `json:"field,omitempty"`
	// Digest stands for the value in question: equal for equal ones within a field, and of no use without
	// the tenant's key.
	Digest string `json:"digest,omitempty"`
	// Target is what an administrator changed: an id, a path, a version.
	Target  string   `json:"target,omitempty"`
	Changes []Change `json:"changes,omitempty"`
	Note    string   `json:"note,omitempty"`
}

// Change is one part of a target before and after; nil where there was or is none. Secrets never stand here.
type Change struct {
	Part string `json:"part"`
	From any    `json:"from"`
	To   any    `json:"to"`
}

const (
	collection = "audit"
	// kept is how long an entry is there to be read.
	kept = 365 * 24 * time.Hour
	// MaxPage is how many entries Read gives at most.
	MaxPage = 500
)

// Write keeps an entry, and where whoever asks by one of its parts finds it; id makes its key one of its own among
// those of the same instant.
func Write(ctx context.Context, side store.Side, id value.ID, e Entry) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fault.Wrap("audit.write", err)
	}
	item := store.Item{Key: keyAt(e.At) + string(id), Expires: e.At.Add(kept), Body: body}
	if err := side.Save(ctx, collection, item, 0); err != nil {
		return fault.Wrap("audit.write", err)
	}
	for _, prefix := range e.prefixes() {
		found := store.Item{Key: prefix + item.Key, Expires: item.Expires, Body: body}
		if err := side.Save(ctx, byPart, found, 0); err != nil {
			return fault.Wrap("audit.write", err)
		}
	}
	return nil
}

// keyAt lets keys fall as time goes on: stores give items by rising key, and people ask for the newest.
func keyAt(at time.Time) string {
	return fmt.Sprintf("%016x-", uint64(math.MaxInt64-at.UnixMilli()))
}

// Read returns up to limit entries, newest first, from after the entry with that Key ("": from the newest).
func Read(ctx context.Context, side store.Side, after string, limit int) ([]Entry, error) {
	items, err := side.Scan(ctx, collection, "", after, min(limit, MaxPage))
	if err != nil {
		return nil, fault.Wrap("audit.read", err)
	}
	out := make([]Entry, len(items))
	for i, item := range items {
		if out[i], err = entryIn(item, ""); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// entryIn reads an entry that is kept below a prefix.
func entryIn(item store.Item, prefix string) (e Entry, err error) {
	if err := json.Unmarshal(item.Body, &e); err != nil {
		return e, fault.New(fault.Internal, "store.corrupt").In("audit.read").At(collection + "/" + item.Key).Because(err)
	}
	e.Key = strings.TrimPrefix(item.Key, prefix)
	return e, nil
}
