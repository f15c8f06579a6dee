// Package pool is how records come and go between people and the pools of their form: claim, return, assign,
// transfer, lock, and reclaim by rule. Each is an action of package record, which does it by the same recipe as
// every change; what a pool keeps beside a record is worked out by package catalog at each save.
//
// It knows no schedules and no HTTP. What must hold over many records (a day's quota, a limit of
// what one may hold) is a guarded document or a guarded count in the transaction of the action.
package pool

import (
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Actions are those of the records of a form with pools.
func Actions(form *catalog.Form) []record.Action {
	if len(form.Pools) == 0 {
		return nil
	}
	actions := []record.Action{claim{}, giveBack{}, assign{}, transfer{}, lock{}, unlock{}, reclaim{}, dealt{}}
	if form.Grouped() {
		actions = append(actions, spread{}, reverse{})
	}
	return actions
}

// Reclaimer is who takes records back by rule.
func Reclaimer() value.Actor { return catalog.Reclaimer() }

// standing is a record in its pool, as an action finds it.
type standing struct {
	record.Asked
	pool  *catalog.Pool
	owner value.ID
}

// stands finds a record's pool; false for one that has none.
func stands(on record.Asked) (standing, bool) {
	p, ok := on.Form.PoolOf(on.Record.Values)
	return standing{Asked: on, pool: p, owner: on.Form.OwnerOf(on.Record.Values)}, ok
}

// among tells whether a right of the pool is the actor's.
func (s standing) among(list []meta.Who) bool {
	return !s.Actor.IsSystem() && access.Among(list, s.Actor, s.People, s.owner)
}

// mine tells whether the actor owns the record.
func (s standing) mine() bool { return s.owner != "" && s.owner == s.Actor.User }

func (s standing) zone() *time.Location {
	if s.Rule.Zone == nil {
		return time.UTC
	}
	return s.Rule.Zone
}

func (s standing) today() int64 { return value.DayOf(s.Rule.Now, s.zone()) }

// after is when a length of time is over: whole days end with the last of them.
func (s standing) after(from int64, span meta.Span) (time.Time, error) {
	since := time.UnixMilli(from)
	day := value.DayOf(since, s.zone())
	switch span.Unit {
	case "hour":
		return since.Add(time.Duration(span.Value) * time.Hour), nil
	case "workday":
		if s.Rule.Calendar == nil {
			return time.Time{}, fault.New(fault.Internal, "internal").In("pool.after")
		}
		return value.TimeOf(s.Rule.Calendar.AddWorkdays(day, int64(span.Value)+1), s.zone()), nil
	}
	return value.TimeOf(value.AddDays(day, int64(span.Value)+1), s.zone()), nil
}

// required says that something is missing.
func required(key string) error {
	var issues fault.Issues
	issues.Add("/args/"+key, "field.required")
	return issues.Fault("pool.args", "action.args")
}

// chosen is a pool of the form that somebody names.
func chosen(form *catalog.Form, key string) (*catalog.Pool, error) {
	p, ok := form.Pool(key)
	if !ok {
		return nil, fault.New(fault.Invalid, "pool.unknown").At("/args/pool").With("pool", key)
	}
	return p, nil
}

// person is somebody who may be given records.
func person(people *org.Snapshot, id string) (value.Actor, error) {
	actor, ok := people.Actor(value.ID(id))
	if !ok {
		return actor, fault.New(fault.Invalid, "field.reference").At("/args/to").With("field", "to")
	}
	return actor, nil
}
