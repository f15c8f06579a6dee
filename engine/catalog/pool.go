package catalog

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/expr"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Pool is a pool, compiled, with every default of its form filled in.
type Pool struct {
	Def meta.Pool
	// Version tells this state of its rules from any other.
	Version string
	// Masked says of fields how long only some of their characters show.
	Masked map[value.FieldKey]string
	Rules  []*ReclaimRule
	// Activity are the follow-ups that restart clocks; nil: there are none.
	Activity *Activity
	// Excludes are owned records that do not count as held; nil: none.
	Excludes *expr.Pushed

	when                   *expr.Pushed
	wins                   *expr.Program // which of a group has won it; nil: none ever does
	tiers                  []string      // the values of the field that tells tiers, in order
	sweepHour, sweepMinute int
	// remindHour and remindMinute are when reminders go out.
	remindHour, remindMinute int
	graceDays                int64
}

// ReclaimRule is a rule by which records come back, compiled.
type ReclaimRule struct {
	Def      meta.PoolReclaim
	Along    []Along
	when     *expr.Pushed
	clock    *expr.Program
	days     *expr.Program // nil: the table says
	targetBy *expr.Program
	exempt   []*expr.Program
	locked   bool // spares what is locked
}

// Along are records of another form, referring to a pool's, that go where it goes.
type Along struct {
	Form value.FormKey
	when *expr.Pushed // nil: all
}

// Filter is which of the form's records go along, nil for all. Faults: those of the parts of its condition that do not
// read the record; whoever moves a record then moves nothing, for what belongs to it would be left behind unseen.
func (a Along) Filter(ctx expr.Context) (query.Filter, error) {
	if a.when == nil {
		return nil, nil
	}
	return a.when.Filter(ctx)
}

// Activity is a form whose records are follow-ups of a pool's records.
type Activity struct {
	Pool   *Pool
	Of     *Form // the form that has the pool
	Form   *Form // of the follow-ups
	Via    value.FieldKey
	At     *Field
	counts *expr.Program
}

// What the masks of pools say.
const (
	UntilClaimed = "untilClaimed"
	Always       = "always"
)

// Pool returns a pool of the form by key.
func (f *Form) Pool(key string) (*Pool, bool) {
	at := slices.IndexFunc(f.Pools, func(p *Pool) bool { return p.Def.Key == key })
	if at < 0 {
		return nil, false
	}
	return f.Pools[at], true
}

// PoolOf returns the home pool of a record; false for one that has none.
func (f *Form) PoolOf(values value.Doc) (*Pool, bool) { return f.Pool(values.Text(value.SysPool)) }

// OwnerOf returns who owns a record; "" for nobody.
func (f *Form) OwnerOf(values value.Doc) value.ID { return idAt(values, f.Def.Holders.Owner) }

// HolderOf is whose a record is: its owner, or whoever made it where no field of the form says who owns it.
func (f *Form) HolderOf(r *value.Record) value.ID {
	if f.Def.Holders.Owner == "" {
		return r.CreatedBy
	}
	return f.OwnerOf(r.Values)
}

// pooled tells whether any pool is of a form.
func (c *compiler) pooled(form value.FormKey) bool {
	for _, def := range c.pools {
		if def.Form == form {
			return true
		}
	}
	return false
}

// custodyFields are the system fields that the records of forms with pools have too.
func custodyFields() map[value.FieldKey]meta.FieldKind {
	return map[value.FieldKey]meta.FieldKind{
		value.SysPool: field.Text, value.SysPinned: field.Boolean, value.SysPooledAt: field.Datetime, value.SysAssignedAt: field.Datetime,
		value.SysActivityAt: field.Datetime, value.SysClockAt: field.Datetime, value.SysReclaimAt: field.Datetime, value.SysReclaimBy: field.Text,
		value.SysFormer: field.Member, value.SysFormerAt: field.Datetime, value.SysLocked: field.Datetime, value.SysLockedBy: field.Member,
	}
}

// compile makes the pool that a document describes; its faults are told by the sheet.
func (s sheet) compile(def meta.Pool) *Pool {
	p := &Pool{Def: def, Version: versionOf(def), Masked: def.Masked}
	p.when = s.filter("/when", def.When)
	if def.Hold != nil {
		p.Excludes = s.filter("/hold/excludes", def.Hold.Excludes)
	}
	p.sweepHour, p.sweepMinute, p.graceDays = 1, 0, 3
	p.remindHour, p.remindMinute = timeOfDay(def.RemindAt, defaultRemindHour)
	if def.Sweep != nil {
		p.sweepHour, p.sweepMinute = timeOfDay(def.Sweep.At, p.sweepHour)
		if def.Sweep.GraceDays != nil {
			p.graceDays = int64(*def.Sweep.GraceDays)
		}
	}
	return p
}

// fitted fills in what follows from the form.
func (p *Pool) fitted(form *Form) {
	if p.Masked == nil {
		p.Masked = map[value.FieldKey]string{}
		for _, one := range form.Fields {
			if one.As.Kind == field.Phone {
				p.Masked[one.Key] = UntilClaimed
			}
		}
	}
	if tier, ok := form.fields[p.Def.Tier]; ok {
		p.tiers = options(tier)
	}
}

// versionOf is a digest of what a pool says.
func versionOf(def meta.Pool) string {
	text, err := json.Marshal(def)
	if err != nil {
		return "" // structs of texts and numbers always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:4])
}

// timeOfDay reads "09:30", of which the schema has seen the shape; otherwise so many hours.
func timeOfDay(text string, otherwise int) (hour, minute int) {
	h, m, ok := strings.Cut(text, ":")
	hour, err := strconv.Atoi(h)
	if !ok || err != nil {
		return otherwise, 0
	}
	if minute, err = strconv.Atoi(m); err != nil {
		return otherwise, 0
	}
	return hour, minute
}

// byPriority orders pools as routing asks them.
func byPriority(a, b *Pool) int {
	return cmp.Or(cmp.Compare(a.priority(), b.priority()), cmp.Compare(a.Def.Key, b.Def.Key))
}

const defaultPriority = 100

func (p *Pool) priority() int {
	if p.Def.Priority == nil {
		return defaultPriority
	}
	return *p.Def.Priority
}

// TierOf is the tier of a record, the last one where it has none, and the filter of the records of that tier.
func (p *Pool) TierOf(values value.Doc) (string, query.Filter) {
	if p.Def.Tier == "" || len(p.tiers) == 0 {
		return "", query.Const(false)
	}
	last := p.tiers[len(p.tiers)-1]
	tier := values.Text(p.Def.Tier)
	if tier == "" {
		tier = last
	}
	of := query.Filter(query.Where(p.Def.Tier, query.Eq, tier))
	if tier == last {
		of = query.Or{of, query.Where(p.Def.Tier, query.Empty, nil)}
	}
	return tier, of
}

// Reads lists the fields that deadlines tell of.
func (p *Pool) Reads() []value.FieldKey {
	var out []value.FieldKey
	for _, rule := range p.Rules {
		for _, v := range rule.reads(p) {
			if name, ok := v.(string); ok && !slices.Contains(out, value.FieldKey(name)) {
				out = append(out, value.FieldKey(name))
			}
		}
	}
	return out
}

// Told returns a field whose changes the history tells: the form's own, and of what the pools keep the pool, the
// lock and who had the record.
func (f *Form) Told(key value.FieldKey) (*Field, bool) {
	if key == value.SysPool || key == value.SysLocked {
		one, ok := f.system[key]
		return one, ok
	}
	return f.Field(key)
}

// Braked tells whether a sweep that would take so many of the records that somebody owns has to stop and ask:
// where it is more than both marks.
func (p *Pool) Braked(due, owned int64) bool {
	share, least := "0.1", int64(100)
	if p.Def.Sweep != nil && p.Def.Sweep.Brake != nil {
		brake := p.Def.Sweep.Brake
		if brake.Share != "" {
			share = brake.Share.String()
		}
		least = int64(brake.Min)
	}
	part, ok := new(big.Rat).SetString(share)
	if !ok {
		return due > least
	}
	return due > least && new(big.Rat).SetInt64(due).Cmp(part.Mul(part, new(big.Rat).SetInt64(owned))) > 0
}
