package meta

import (
	"encoding/json"

	"tidewater/engine/value"
)

// Pool is records of a form that have no owner, and how they come and go, pools/<key>.json.
type Pool struct {
	Key              string                    `json:"key"`
	Form             value.FormKey             `json:"form"`
	Label            Label                     `json:"label"`
	Description      Label                     `json:"description,omitempty"`
	Priority         *int                      `json:"priority,omitempty"`
	When             string                    `json:"when,omitempty"` // a pushable expr
	Fallback         bool                      `json:"fallback,omitempty"`
	Tier             value.FieldKey            `json:"tier,omitempty"`
	Rights           PoolRights                `json:"rights"`
	ViewLimitPerDay  int                       `json:"viewLimitPerDay,omitempty"`
	Hidden           []value.FieldKey          `json:"hidden,omitempty"`
	Masked           map[value.FieldKey]string `json:"masked,omitempty"` // untilClaimed or always
	Claim            *PoolClaim                `json:"claim,omitempty"`
	Hold             *PoolHold                 `json:"hold,omitempty"`
	Lock             *PoolLock                 `json:"lock,omitempty"`
	ProtectDaysAfter int                       `json:"protectDaysAfterClaim,omitempty"`
	Reclaim          []PoolReclaim             `json:"reclaim,omitempty"`
	Activity         *PoolActivity             `json:"activity,omitempty"`
	CountsAs         string                    `json:"countsAs,omitempty"` // an expr over the activity's form
	Sweep            *PoolSweep                `json:"sweep,omitempty"`
	RemindAt         string                    `json:"remindAt,omitempty"` // "09:00"
	Distribute       []PoolDistribution        `json:"distribute,omitempty"`
	Return           *PoolReturn               `json:"return,omitempty"`
	Group            *PoolGroup                `json:"group,omitempty"`
	Maintained       *PoolUpkeep               `json:"maintained,omitempty"`
}

// PoolUpkeep says who, beside the administrators, changes some of a pool's numbers without a publication of theirs.
type PoolUpkeep struct {
	Who     []Who    `json:"who"`
	Numbers []string `json:"numbers"` // JSON Pointers to numbers of the pool, or to objects of numbers
}

// PoolRights says who may do what with a pool's records.
type PoolRights struct {
	View     []Who `json:"view,omitempty"`
	Claim    []Who `json:"claim,omitempty"`
	Assign   []Who `json:"assign,omitempty"`
	Return   []Who `json:"return,omitempty"`
	Transfer []Who `json:"transfer,omitempty"`
	Manage   []Who `json:"manage,omitempty"`
}

// Span is a length of time.
type Span struct {
	Value int    `json:"value"`
	Unit  string `json:"unit"` // hour, day or workday
}

// PoolClaim says how people take records.
type PoolClaim struct {
	PerDay    int           `json:"perDay,omitempty"`
	Scope     string        `json:"scope,omitempty"` // form or pool
	Cooldown  *PoolCooldown `json:"cooldown,omitempty"`
	FreezeNew *Span         `json:"freezeNew,omitempty"`
	Reason    string        `json:"reason,omitempty"`
	Approval  string        `json:"approval,omitempty"` // a flow
}

// PoolCooldown is the wait before somebody claims the same record again.
type PoolCooldown struct {
	Who   string `json:"who,omitempty"`
	Value int    `json:"value"`
	Unit  string `json:"unit,omitempty"`
}

// PoolHold says how many records a person may own.
type PoolHold struct {
	Max      int            `json:"max,omitempty"`
	Scope    string         `json:"scope,omitempty"`
	ByTier   map[string]int `json:"byTier,omitempty"`
	Excludes string         `json:"excludes,omitempty"` // a pushable expr
}

// PoolLock is owners' own protection of records.
type PoolLock struct {
	Max      *int   `json:"max,omitempty"`
	MaxDays  int    `json:"maxDays,omitempty"`
	OnExpire string `json:"onExpire,omitempty"`
}

// PoolReclaim is a rule by which records come back.
type PoolReclaim struct {
	ID       string         `json:"id"`
	Label    Label          `json:"label,omitempty"`
	When     string         `json:"when,omitempty"` // a pushable expr
	Clock    string         `json:"clock"`          // an expr that gives an instant
	Days     Days           `json:"days"`
	Unit     string         `json:"unit,omitempty"`
	Exempt   []string       `json:"exempt,omitempty"` // "locked", or exprs
	Remind   []PoolReminder `json:"remind,omitempty"`
	Target   string         `json:"target,omitempty"` // a pool
	TargetBy string         `json:"targetBy,omitempty"`
	Cascade  *PoolCascade   `json:"cascade,omitempty"`
}

// PoolReminder is a message before a deadline.
type PoolReminder struct {
	Before int   `json:"before"` // days
	To     []Who `json:"to"`
}

// PoolCascade is what goes along when a record is reclaimed.
type PoolCascade struct {
	Forms         []PoolAlong `json:"forms,omitempty"`
	Collaborators string      `json:"collaborators,omitempty"`
}

// PoolActivity is the form whose records count as follow-ups.
type PoolActivity struct {
	Form value.FormKey  `json:"form"`
	Via  value.FieldKey `json:"via"`
	At   value.FieldKey `json:"at"`
}

// PoolSweep is the daily look for what is due.
type PoolSweep struct {
	At        string     `json:"at,omitempty"` // "01:00"
	Effective string     `json:"effective,omitempty"`
	GraceDays *int       `json:"graceDays,omitempty"`
	Brake     *PoolBrake `json:"brake,omitempty"`
}

// PoolBrake is when a sweep stops and asks: beyond both.
type PoolBrake struct {
	Share json.Number `json:"share,omitempty"`
	Min   int         `json:"min,omitempty"`
}

// PoolDistribution is handing records out.
type PoolDistribution struct {
	ID        string         `json:"id"`
	Mode      string         `json:"mode"`
	Cron      string         `json:"cron,omitempty"`
	Among     []Who          `json:"among"`
	Weights   map[string]int `json:"weights,omitempty"` // by user name
	Stratify  value.FieldKey `json:"stratify,omitempty"`
	Quota     *PoolQuota     `json:"quota,omitempty"`
	Order     string         `json:"order,omitempty"`
	OnHoliday string         `json:"onHoliday,omitempty"`
}

// PoolQuota is what one run hands out at most.
type PoolQuota struct {
	PerPerson int            `json:"perPerson,omitempty"`
	PerZone   map[string]int `json:"perZone,omitempty"`
	Overrides map[string]int `json:"overrides,omitempty"` // by user name
}

// PoolReturn is how records are put back.
type PoolReturn struct {
	Reasons    []Choice `json:"reasons,omitempty"`
	Required   *bool    `json:"required,omitempty"`
	ChoosePool bool     `json:"choosePool,omitempty"`
}

// Choice is one of some, with what people read.
type Choice struct {
	Value string `json:"value"`
	Label Label  `json:"label"`
}

// PoolGroup is one target in several pools.
type PoolGroup struct {
	Wins        string         `json:"wins,omitempty"`    // an expr: a record that comes to meet it takes the group
	Stage       value.FieldKey `json:"stage,omitempty"`   // what the others see of how far it is
	Content     bool           `json:"content,omitempty"` // they see what its last follow-ups say, too
	ReverseDays *int           `json:"reverseDays,omitempty"`
}
