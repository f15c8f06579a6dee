package catalog

import (
	"time"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Verdict is when a record leaves its owner, and what decided. The zero value: no rule takes it.
type Verdict struct {
	Rule  string
	At    int64 // the deadline, epoch milliseconds
	Clock int64 // when the time began, as At
	Days  int64 // the limit
	Unit  string
	Path  string     // where the limit comes from: "days", or "days/A" of a table
	Reads value.List // the fields that this tells of
	Held  bool       // it goes by what its owner has changed since, see SysHeld
	rule  *ReclaimRule
}

// Units of limits.
const (
	calendarDay = "calendarDay"
	workday     = "workday"
	hours24     = "24h"
)

var dayKinds = []meta.FieldKind{field.Date}

// Verdict works out anew what the rules of its home pool say of a record, whatever deadline is kept beside it; where its
// owner has changed what decides, of what it was before as well.
func (f *Form) Verdict(r *value.Record, ctx expr.Context) Verdict {
	c := custody{form: f, next: r, values: r.Values, before: r.Values, ctx: ctx}
	return c.decided()
}

// verdict is that of the rule whose deadline comes first.
func (c *custody) verdict() Verdict {
	p, ok := c.form.PoolOf(c.values)
	if !ok || c.form.OwnerOf(c.values) == "" {
		return Verdict{}
	}
	var first Verdict
	for _, rule := range p.Rules {
		v, applies := c.ruled(p, rule)
		if applies && (first.At == 0 || v.At < first.At) {
			first = v
		}
	}
	return first
}

// ruled is what one rule says; false where it is not for the record, spares it, or cannot be decided: what
// fails never takes a record from anybody.
func (c *custody) ruled(p *Pool, rule *ReclaimRule) (Verdict, bool) {
	if rule.when != nil && !holdsFor(rule.when, c.next, c.ctx) {
		return Verdict{}, false
	}
	vars := c.seenBy(p)
	spared, forever := c.spared(rule, vars)
	if forever {
		return Verdict{}, false
	}
	v := Verdict{Rule: rule.Def.ID, Unit: rule.Def.Unit, Path: "days", rule: rule}
	if v.Unit == "" {
		v.Unit = calendarDay
	}
	var err error
	if v.Days, v.Path, err = rule.limit(c.ctx, p, vars); err != nil || v.Days < 0 {
		return Verdict{}, false
	}
	v.Reads = rule.reads(p)
	v.Clock = c.started(rule, vars)
	locked := c.values.At(value.SysLocked)
	if rule.locked && locked > v.Clock && p.restarts() {
		v.Clock = locked
	}
	at := c.due(p, v)
	if rule.locked && locked != 0 {
		at = later(at, p.Sweeps(time.UnixMilli(locked).Add(-time.Millisecond), c.zone()))
	}
	if spared != 0 {
		at = later(at, p.SweepOn(value.AddDays(spared, 1), c.zone()))
	}
	if days := int64(p.Def.ProtectDaysAfter); days > 0 {
		since := value.DayOf(time.UnixMilli(c.values.At(value.SysAssignedAt)), c.zone())
		at = later(at, p.SweepOn(value.AddDays(since, days+1), c.zone()))
	}
	v.At = at.UnixMilli()
	return v, !at.IsZero()
}

// spared is the last day up to which a rule's exemptions spare the record, 0 for none; forever where one holds for as
// long as the record is as it is, or cannot be decided.
func (c *custody) spared(rule *ReclaimRule, vars value.Doc) (day int64, forever bool) {
	for _, exempt := range rule.exempt {
		v, err := exempt.Run(c.ctx, vars)
		if err != nil || v == true {
			return 0, true
		}
		if until, ok := v.(int64); ok {
			day = max(day, until)
		}
	}
	return day, false
}

func later(a, b time.Time) time.Time {
	if a.IsZero() || b.After(a) {
		return b
	}
	return a
}

func (p *Pool) restarts() bool { return p.Def.Lock != nil && p.Def.Lock.OnExpire == "restart" }

// seenBy are the values that a pool's expressions see: a record without a tier counts as the last.
func (c *custody) seenBy(p *Pool) value.Doc {
	vars := c.next.WithSystem()
	if key := string(p.Def.Tier); key != "" && vars[key] == nil && len(p.tiers) > 0 {
		vars[key] = p.tiers[len(p.tiers)-1]
	}
	return vars
}

// started is when the rule's time began; one that gives nothing, or fails, counts from the assignment.
func (c *custody) started(rule *ReclaimRule, vars value.Doc) int64 {
	assigned := c.values.At(value.SysAssignedAt)
	v, err := rule.clock.Run(c.ctx, vars)
	ms, ok := v.(int64)
	if err != nil || !ok {
		return assigned
	}
	return ms
}

// limit is how many days a record has, and by which part of the rule.
func (r *ReclaimRule) limit(ctx expr.Context, p *Pool, vars value.Doc) (days int64, path string, err error) {
	if r.days == nil {
		tier := vars.Text(p.Def.Tier)
		n, ok := r.Def.Days.Table[tier]
		if !ok {
			return 0, "", fault.New(fault.Invalid, "expr.absent")
		}
		return int64(n), "days/" + tier, nil
	}
	v, err := r.days.Run(ctx, vars)
	n, ok := v.(int64)
	if err == nil && !ok {
		err = fault.New(fault.Invalid, "expr.absent")
	}
	return n, "days", err
}

// reads are the form's own fields that a verdict tells of.
func (r *ReclaimRule) reads(p *Pool) value.List {
	var out value.List
	if r.days == nil {
		out = append(out, string(p.Def.Tier))
	}
	programs := []*expr.Program{r.clock, r.days}
	for _, exempt := range r.exempt {
		if exempt.Type().Kind == expr.Date {
			programs = append(programs, exempt)
		}
	}
	for _, program := range programs {
		if program == nil {
			continue
		}
		for _, path := range program.Reads() {
			out = append(out, string(path.Field))
		}
	}
	return out
}

// due is the deadline that follows from a clock and a limit. Days are days of clocks on the wall: the first
// sweep of the first day that is more than so many days after the clock's, so that everyone has whole days.
func (c *custody) due(p *Pool, v Verdict) time.Time {
	clock := time.UnixMilli(v.Clock).UTC()
	day := value.DayOf(clock, c.zone())
	switch v.Unit {
	case hours24:
		return clock.Add(time.Duration(v.Days) * 24 * time.Hour)
	case workday:
		if c.ctx.Calendar == nil {
			return time.Time{}
		}
		return p.SweepOn(c.ctx.Calendar.AddWorkdays(day, v.Days+1), c.zone())
	}
	return p.SweepOn(value.AddDays(day, v.Days+1), c.zone())
}

// Target is the pool that the rule sends a record to; "" for its own.
func (v Verdict) Target(r *value.Record, ctx expr.Context) string {
	if v.rule == nil || v.rule.targetBy == nil {
		if v.rule == nil {
			return ""
		}
		return v.rule.Def.Target
	}
	to, err := v.rule.targetBy.Run(ctx, r.WithSystem())
	key, _ := to.(string)
	if err != nil {
		return ""
	}
	return key
}
