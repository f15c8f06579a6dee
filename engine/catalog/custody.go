package catalog

import (
	"slices"
	"time"

	"tidewater/engine/expr"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Custody keeps, in place, what the form's pools know of a record: its home pool, since when its owner has it
// or nobody does, when it leaves its owner and by which rule. before is the record as it stood, nil at its
// making. It is worked out from these two and the context alone, so that it can be worked out again, inside a
// transaction too; where nothing has changed, nothing changes. Of forms without pools it knows one thing: what nobody
// owns is shared with nobody, see staying.
func (f *Form) Custody(next, before *value.Record, ctx expr.Context) {
	if next.Values == nil {
		next.Values = value.Doc{}
	}
	if f.HolderOf(next) == "" {
		next.Values.PutShares(f.staying(next, before, ctx))
	}
	if len(f.Pools) == 0 {
		return
	}
	c := custody{form: f, next: next, values: next.Values, before: value.Doc{}, ctx: ctx, made: before == nil}
	if before != nil {
		c.before = before.Values
	}
	c.hand()
	c.route()
	c.decide()
}

// custody is the work of Custody on one record.
type custody struct {
	form           *Form
	next           *value.Record
	values, before value.Doc
	ctx            expr.Context
	made           bool // the record is being made
	passed         bool // it has another owner than before
}

func (c *custody) now() int64 { return c.ctx.Now.UnixMilli() }

// hand notes who has the record, and who had it.
func (c *custody) hand() {
	owner, was := c.form.OwnerOf(c.values), c.form.OwnerOf(c.before)
	c.passed = c.made || owner != was
	if c.passed && was != "" {
		c.values.Put(value.SysFormer, string(was))
		c.values.Put(value.SysFormerAt, c.now())
	}
	if c.passed {
		c.values.Put(value.SysLocked, nil)
		c.values.Put(value.SysLockedBy, nil)
		c.letGo()
	}
	if owner == "" {
		c.values.Put(value.SysAssignedAt, nil)
		if c.passed {
			c.values.Put(value.SysPooledAt, c.now())
		} else if c.values.At(value.SysPooledAt) == 0 {
			c.values.Put(value.SysPooledAt, c.next.UpdatedAt.UnixMilli()) // from before there were pools
		}
		return
	}
	c.values.Put(value.SysPooledAt, nil)
	// Whoever owned a record before there were pools has it from now on: nobody loses one without notice.
	if c.passed || c.values.At(value.SysAssignedAt) == 0 {
		c.values.Put(value.SysAssignedAt, c.now())
		c.passed = true
	}
}

// route finds the record's home pool, where it has none or a field that routes has changed; otherwise it
// stays where it is, or where somebody has put it.
func (c *custody) route() {
	if c.values.Text(value.SysClosedBy) != "" {
		c.values.Put(value.SysPool, nil) // another of its group has won: no pool's rules are for it any more
		return
	}
	stays := !c.made && !c.moved() || c.made && c.pinned()
	if _, known := c.form.PoolOf(c.values); known && stays {
		return
	}
	c.values.Put(value.SysPinned, nil)
	for _, p := range c.form.Pools {
		if p.takes(c.next, c.ctx) {
			c.values.Put(value.SysPool, p.Def.Key)
			return
		}
	}
	c.values.Put(value.SysPool, nil)
	for _, p := range c.form.Pools {
		if p.Def.Fallback {
			c.values.Put(value.SysPool, p.Def.Key)
		}
	}
}

// pinned tells whether somebody has chosen the pool.
func (c *custody) pinned() bool { return c.values[string(value.SysPinned)] == true }

// moved tells whether a field that routes has changed.
func (c *custody) moved() bool {
	for _, p := range c.form.Pools {
		if p.when == nil {
			continue
		}
		for _, path := range p.when.Program().Reads() {
			if c.changed(path.Field) {
				return true
			}
		}
	}
	return false
}

func (p *Pool) takes(r *value.Record, ctx expr.Context) bool {
	if p.when == nil {
		return false
	}
	return holdsFor(p.when, r, ctx)
}

// holdsFor tells whether a record meets a condition; one that fails is not met.
func holdsFor(p *expr.Pushed, r *value.Record, ctx expr.Context) bool {
	filter, err := p.Filter(ctx)
	return err == nil && query.Match(filter, r)
}

// decide finds when the record leaves its owner, and by which rule: an owner's own change never moves that further away
// before their next follow-up, and none brings it nearer than notice can be given.
func (c *custody) decide() {
	was := c.values.At(value.SysReclaimAt)
	if !c.passed {
		c.holdBack()
	}
	now := c.decided()
	if !c.passed && now.At != 0 && (was == 0 || now.At < was) {
		floor := c.notice()
		if was != 0 {
			floor = min(floor, was)
		}
		now.At = max(now.At, floor)
	}
	c.values.Put(value.SysClockAt, now.Clock)
	c.values.Put(value.SysReclaimAt, now.At)
	c.values.Put(value.SysReclaimBy, now.Rule)
}

// byOwner tells whether it is the owner who changes the record.
func (c *custody) byOwner() bool {
	owner := c.form.OwnerOf(c.values)
	return owner != "" && c.ctx.Actor.User == owner && !c.ctx.Actor.IsSystem()
}

// notice is the first sweep before which everybody can have been told.
func (c *custody) notice() int64 {
	p, ok := c.form.PoolOf(c.values)
	if !ok {
		return 0
	}
	days := p.graceDays
	if days == 0 && (p.Def.Sweep == nil || p.Def.Sweep.Effective != "now") {
		days = 1
	}
	today := value.DayOf(c.ctx.Now, c.zone())
	sweep := p.SweepOn(value.AddDays(today, days), c.zone())
	if days > 0 && !p.SweepOn(today, c.zone()).After(c.ctx.Now) {
		sweep = p.SweepOn(value.AddDays(today, days+1), c.zone())
	}
	return sweep.UnixMilli()
}

func (c *custody) zone() *time.Location {
	if c.ctx.Zone == nil {
		return time.UTC
	}
	return c.ctx.Zone
}

// SweepOn is when the pool is swept on a day.
func (p *Pool) SweepOn(day int64, zone *time.Location) time.Time {
	return value.TimeOn(day, p.sweepHour, p.sweepMinute, zone)
}

// Sweeps is the first sweep of the pool after an instant.
func (p *Pool) Sweeps(after time.Time, zone *time.Location) time.Time {
	day := value.DayOf(after, zone)
	for {
		if at := p.SweepOn(day, zone); at.After(after) || at.IsZero() {
			return at
		}
		day = value.AddDays(day, 1)
	}
}

// FollowedUp is when the last of these follow-ups of a record was, as far as they count: at the time of its
// entry, and never later than it says it was. 0 where none counts.
func (a *Activity) FollowedUp(all []*value.Record, ctx expr.Context) int64 {
	last := int64(0)
	for _, r := range all {
		if r.Deleted() || !a.Counts(r, ctx) {
			continue
		}
		last = max(last, a.when(r, ctx))
	}
	return last
}

// Counts tells whether a follow-up restarts clocks. A condition that fails is not met.
func (a *Activity) Counts(r *value.Record, ctx expr.Context) bool {
	if a.counts == nil {
		return true
	}
	holds, err := a.counts.Holds(ctx, r.WithSystem())
	return err == nil && holds
}

func (a *Activity) when(r *value.Record, ctx expr.Context) int64 {
	entered := r.CreatedAt.UnixMilli()
	said, ok := r.Values[string(a.At.Key)].(int64)
	if !ok {
		return entered
	}
	if value.ValidDay(said) && a.isDay() { // any time of that day
		zone := ctx.Zone
		if zone == nil {
			zone = time.UTC
		}
		if said >= value.DayOf(r.CreatedAt, zone) {
			return entered
		}
		return value.TimeOf(said, zone).UnixMilli()
	}
	return min(entered, said)
}

// SaidAt is when a follow-up says that it was, a day as its first moment in the zone; its entry where it says nothing.
func (a *Activity) SaidAt(r *value.Record, zone *time.Location) time.Time {
	said, ok := r.Values[string(a.At.Key)].(int64)
	switch {
	case !ok:
		return r.CreatedAt
	case a.isDay():
		return value.TimeOf(said, zone)
	}
	return time.UnixMilli(said)
}

func (a *Activity) isDay() bool { return slices.Contains(dayKinds, a.At.As.Kind) }

// Ahead tells whether a follow-up says that it happened later than now, which none has.
func (a *Activity) Ahead(values value.Doc, ctx expr.Context) bool {
	said, ok := values[string(a.At.Key)].(int64)
	if !ok {
		return false
	}
	if a.isDay() {
		return said > value.DayOf(ctx.Now, ctx.Zone)
	}
	return said > ctx.Now.UnixMilli()
}

// Keeps tells whether what the pools keep of a record agrees with who owns it: somebody's record has a time of
// assignment and nobody's none, a deadline is somebody's only and never before its rules say; the pool exists.
func (f *Form) Keeps(r *value.Record, ctx expr.Context) bool {
	if len(f.Pools) == 0 || r.Deleted() {
		return true
	}
	values := r.Values
	owned := f.OwnerOf(values) != ""
	if _, known := f.PoolOf(values); !known && values.Text(value.SysPool) != "" {
		return false
	}
	if owned != (values.At(value.SysAssignedAt) != 0) || owned == (values.At(value.SysPooledAt) != 0) {
		return false
	}
	again := r.Clone()
	f.Custody(again, r, ctx)
	return value.Equal(again.Values, values)
}
