package record

import (
	"tidewater/engine/event"
	"tidewater/engine/value"
)

// What a slice writes is not in the store before its end. A run that has read where a run before it writes has seen
// what is no more: which records, and which forms as a whole, is noted on both sides.

// readings are what scripts have read, those of hooks too.
type readings struct {
	forms   map[value.FormKey]bool // asked as a whole: query, aggregate
	records map[parentKey]bool
}

// noteForm notes that a script asks a form for its records; nothing where nobody takes note.
func (v *visit) noteForm(form value.FormKey) {
	if v.notes == nil {
		return
	}
	if v.notes.forms == nil {
		v.notes.forms = map[value.FormKey]bool{}
	}
	v.notes.forms[form] = true
}

// noteRecord notes that a script reads one record.
func (v *visit) noteRecord(form value.FormKey, id value.ID) {
	if v.notes == nil {
		return
	}
	if v.notes.records == nil {
		v.notes.records = map[parentKey]bool{}
	}
	v.notes.records[parentKey{form, id}] = true
}

// writings are where a slice writes.
type writings struct {
	forms   map[value.FormKey]bool // some of its records
	rollups map[value.FormKey]bool // some of its records, nobody has noted which
	all     bool                   // a deletion, of whatever refers to what it takes away
}

// add notes a write and those that it has set off.
func (o *writings) add(w *write) {
	if o.forms == nil {
		o.forms, o.rollups = map[value.FormKey]bool{}, map[value.FormKey]bool{}
	}
	if !w.done {
		o.forms[w.form.Key] = true
		o.all = o.all || w.kind == event.RecordDeleted || w.kind == event.RecordPurged
		for _, feed := range w.form.Feeds {
			if feed.InTransaction {
				o.rollups[feed.Parent.Key] = true
			}
		}
	}
	for _, one := range w.setOff {
		o.add(one)
	}
}

// meets tells whether something was read that is written.
func (o *writings) meets(read readings, isWritten func(value.FormKey, value.ID) bool) bool {
	if o.all {
		return len(read.forms)+len(read.records) > 0
	}
	for form := range read.forms {
		if o.forms[form] || o.rollups[form] {
			return true
		}
	}
	for one := range read.records {
		if o.rollups[one.form] || isWritten(one.form, one.id) {
			return true
		}
	}
	return false
}
