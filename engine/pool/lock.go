package pool

import (
	"context"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// What an owner may lock where the pool does not say.
const (
	defaultLocks    = 5
	defaultLockDays = 90
)

// lock protects a record from being taken back, until the end of a day. An owner has so many; that of whoever
// manages the pool asks for a reason and is not counted.
type lock struct{}

func (lock) Key() string { return "lock" }

// Describe offers it to everybody who may own records or manage a pool.
func (lock) Describe(to record.Reader) (record.ActionView, bool) {
	until := meta.ActionArg{Key: "until", Label: to.Label("action.lock.until"), Help: to.Label("action.lock.untilHelp"), Kind: meta.ArgDate}
	out := record.ActionView{Label: to.Label("action.lock.label"), Kind: record.ActionPlain, Many: true, Undo: "unlock"}
	out.Ask = record.Asking{Reason: record.OptionalReason, Args: []meta.ActionArg{until}}
	return out, true
}

func (lock) Offers(on record.Asked) bool {
	s, ok := stands(on)
	return ok && s.owner != "" && (s.mine() || s.among(s.pool.Def.Rights.Manage))
}

func (lock) Begin(_ context.Context, on *record.Acting) error {
	s, _ := stands(on.Asked)
	in := on.Read()
	until := in.Text("until")
	if err := in.End(); err != nil {
		return err
	}
	manages := s.among(s.pool.Def.Rights.Manage)
	if manages && on.Reason == "" && !s.mine() {
		return required("reason")
	}
	most, days := s.locks()
	end, err := s.end(until, days, manages)
	if err != nil {
		return err
	}
	values := on.Next().Values
	values.Put(value.SysLocked, end.UnixMilli())
	values.Put(value.SysLockedBy, string(s.Actor.User))
	if s.mine() && (!manages || on.Reason == "") {
		on.Within(func(ctx context.Context, tx store.Tx) error { return s.lockable(ctx, tx, most) })
	}
	return nil
}

func (s standing) locks() (most, days int) {
	most, days = defaultLocks, defaultLockDays
	if def := s.pool.Def.Lock; def != nil {
		if def.Max != nil {
			most = *def.Max
		}
		if def.MaxDays > 0 {
			days = def.MaxDays
		}
	}
	return most, days
}

// end is the first instant after the day that somebody names; an owner who names none gets all the days there are.
func (s standing) end(until string, days int, manages bool) (time.Time, error) {
	last := value.AddDays(s.today(), int64(days))
	if until == "" {
		if manages && !s.mine() {
			return time.Time{}, required("until")
		}
		return value.TimeOf(value.AddDays(last, 1), s.zone()), nil
	}
	t, err := time.Parse(time.DateOnly, until)
	if err != nil {
		return time.Time{}, fault.New(fault.Invalid, "field.date").At("/args/until").Because(err)
	}
	day := value.DayOf(t, time.UTC)
	if day < s.today() || !manages && day > last {
		return time.Time{}, fault.New(fault.Invalid, "pool.lockEnd").At("/args/until").With("days", days)
	}
	return value.TimeOf(value.AddDays(day, 1), s.zone()), nil
}

// lockable holds that the owner has a lock left.
func (s standing) lockable(ctx context.Context, tx store.Tx, most int) error {
	if err := tx.Guard(ctx, "poolLock:"+string(s.Form.Key)+":"+string(s.owner)); err != nil {
		return err
	}
	locked := query.And{
		query.Where(s.Form.Def.Holders.Owner, query.Eq, string(s.owner)), query.Where(value.SysLockedBy, query.Eq, string(s.owner)),
		query.Where(value.SysLocked, query.Gt, s.Rule.Now.UnixMilli()), query.Where(value.SysID, query.Ne, string(s.Record.ID)),
	}
	left, err := leftOf(ctx, tx, s.Form.Key, limit{max: most, where: locked})
	if err == nil && left <= 0 {
		return fault.New(fault.Conflict, "pool.locksUsed").With("max", most)
	}
	return err
}

// unlock ends a lock: one's own, or any by whoever manages the pool.
type unlock struct{}

func (unlock) Key() string { return "unlock" }

// Describe offers it to whoever may lock.
func (unlock) Describe(to record.Reader) (record.ActionView, bool) {
	return record.ActionView{
		Label: to.Label("action.unlock.label"), Kind: record.ActionPlain, Many: true, Ask: record.Asking{Reason: record.OptionalReason},
	}, true
}

func (unlock) Offers(on record.Asked) bool {
	s, ok := stands(on)
	if !ok || s.Record.Values.At(value.SysLocked) == 0 {
		return false
	}
	by := value.ID(s.Record.Values.Text(value.SysLockedBy))
	return s.mine() && by == s.owner || s.among(s.pool.Def.Rights.Manage)
}

func (unlock) Begin(_ context.Context, on *record.Acting) error {
	in := on.Read()
	if err := in.End(); err != nil {
		return err
	}
	on.Next().Values.Put(value.SysLocked, nil)
	on.Next().Values.Put(value.SysLockedBy, nil)
	return nil
}
