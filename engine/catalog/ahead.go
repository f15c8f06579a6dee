package catalog

import (
	"slices"
	"time"

	"tidewater/engine/expr"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Unrouted tells whether no pool's condition takes a record of a form with pools, so that it lies in the
// fallback pool, or in none. One that somebody has put where it is has been taken.
func (f *Form) Unrouted(r *value.Record, ctx expr.Context) bool {
	if len(f.Pools) == 0 || r == nil || r.Deleted() || r.Values[string(value.SysPinned)] == true {
		return false
	}
	if p, known := f.PoolOf(r.Values); known && !p.Def.Fallback {
		return false
	}
	return !slices.ContainsFunc(f.Pools, func(p *Pool) bool { return p.takes(r, ctx) })
}

// Sudden tells whether a change has brought a record's deadline to within the days that everyone has at least,
// so that its owner has to be told at once.
func (f *Form) Sudden(before, after *value.Record, now time.Time) bool {
	p, ok := f.PoolOf(after.Values)
	was, is := before.Values.At(value.SysReclaimAt), after.Values.At(value.SysReclaimAt)
	if !ok || is == 0 || was != 0 && is >= was || after.Deleted() {
		return false
	}
	near := now.Add(time.Duration(p.graceDays+2) * 24 * time.Hour)
	return !time.UnixMilli(is).After(near)
}

// defaultRemindHour is when reminders go out where the pool says nothing.
const defaultRemindHour = 9

// RemindsOn is when the pool's reminders of a day go out.
func (p *Pool) RemindsOn(day int64, zone *time.Location) time.Time {
	return value.TimeOn(day, p.remindHour, p.remindMinute, zone)
}

// Reminds is how many days before its end the pool's earliest reminder goes out; false where it sends none.
func (p *Pool) Reminds() (days int, some bool) {
	for _, rule := range p.Rules {
		for _, r := range rule.Def.Remind {
			days, some = max(days, r.Before), true
		}
	}
	return days, some
}

// Reminder is the reminder that a record's owner should have had by a day, where there is one: of those whose
// day has come the last. The deadline that it speaks of is the record's own.
func (f *Form) Reminder(r *value.Record, day int64, zone *time.Location) (meta.PoolReminder, bool) {
	p, ok := f.PoolOf(r.Values)
	at := r.Values.At(value.SysReclaimAt)
	if !ok || at == 0 || f.OwnerOf(r.Values) == "" {
		return meta.PoolReminder{}, false
	}
	by := r.Values.Text(value.SysReclaimBy)
	n := slices.IndexFunc(p.Rules, func(rule *ReclaimRule) bool { return rule.Def.ID == by })
	if n < 0 {
		return meta.PoolReminder{}, false
	}
	left := value.DaysBetween(day, value.DayOf(time.UnixMilli(at), zone))
	var last meta.PoolReminder
	found := false
	for _, one := range p.Rules[n].Def.Remind {
		if left <= int64(one.Before) && (!found || one.Before < last.Before) {
			last, found = one, true
		}
	}
	return last, found
}
