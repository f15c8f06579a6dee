// Package script is Lua in a box: it checks scripts, runs them and returns what they want, with what they
// used and a trace. A script runs in a child process of its own tenant that can open nothing; see worker.go
// for what stands around it there, and dialogue.go for how little of what it says is believed here.
//
// A script changes nothing by itself. What it reads it asks of a Host, which answers with the caller's
// rights; what it wants written comes back as Effects, for the caller to carry out together or not at all.
// The package knows no records, no forms and no store.
package script

import (
	"context"
	"time"

	"tidewater/engine/meta"
)

// Script is what can be run: a source with a name to tell it by.
type Script struct {
	Name   string // "form/key", in faults and figures
	Source string // at most MaxSource bytes
	Digest string // tells this source from every other
	Limits Limits
	HTTP   bool // it may reach other hosts
}

// MaxSource bounds a script's source, in bytes.
const MaxSource = 64 << 10

// Limits is what one run may use.
type Limits struct {
	Instructions int64
	Time         time.Duration
	Memory       int // megabytes
	Reads        int // questions to the host
	Rows         int // records that all answers together may hold
	Writes       int // effects
	Depth        int // how far hooks may set off hooks
}

// LimitsOf are the limits of a kind of script, less what its author has asked for.
func LimitsOf(kind meta.ScriptKind, asked *meta.ScriptLimits) Limits {
	l := Limits{Instructions: 20_000_000, Time: 2 * time.Second, Memory: 32, Reads: 500, Rows: 20_000, Writes: 200, Depth: 4}
	switch kind {
	case meta.ScriptHook:
		l.Instructions, l.Time = 5_000_000, 250*time.Millisecond
		l.Reads, l.Rows, l.Writes = 50, 2_000, 20
	case meta.ScriptSchedule, meta.ScriptBatch:
		l.Instructions, l.Time = 500_000_000, time.Minute
	case meta.ScriptAction, meta.ScriptStep:
	}
	if asked == nil {
		return l
	}
	least(&l.Instructions, int64(asked.Instructions))
	least(&l.Time, time.Duration(asked.Milliseconds)*time.Millisecond)
	least(&l.Memory, asked.Memory)
	least(&l.Reads, asked.Reads)
	least(&l.Rows, asked.Rows)
	least(&l.Writes, asked.Writes)
	least(&l.Depth, asked.Depth)
	return l
}

// least lowers a limit to what was asked for; 0 asks for nothing.
func least[N int | int64 | time.Duration](limit *N, asked N) {
	if asked > 0 && asked < *limit {
		*limit = asked
	}
}

// Call is one run's input: all that a script sees but the answers of its host. Values are text, bool, int64,
// Decimal, lists ([]any) and maps by name; see Value.
type Call struct {
	Event  string         `json:"event"`            // beforeCreate … afterDelete, action, schedule, batch
	Record map[string]any `json:"record,omitempty"` // nil where it runs on none
	Old    map[string]any `json:"old,omitempty"`    // the record before the change
	Actor  map[string]any `json:"actor"`            // id, unit, roles, zones
	Args   map[string]any `json:"args"`
	Now    string         `json:"now"`   // the instant, as fields of that kind have it
	Today  string         `json:"today"` // the day in the tenant's zone
	Seed   int64          `json:"seed"`  // of math.random
	Trace  bool           `json:"trace,omitempty"`
	Cover  bool           `json:"cover,omitempty"` // tell which lines were run
}

// Host answers what a script asks for while it runs.
type Host interface {
	// Answer answers one call of a function of API whose Place is Asked, with the caller's rights. rows is how
	// many records the answer holds. A fault is raised in the script at the line that asked.
	Answer(ctx context.Context, name string, args []any) (answer any, rows int, err error)
	// NewID draws the id of a record that a script makes.
	NewID() string
}

// Result is what came of a run that returned well.
type Result struct {
	Changed map[string]any `json:"changed,omitempty"` // fields of the record that the script has set; nil clears
	Effects []Effect       `json:"effects"`           // in the order in which they were asked for
	Refused []Refusal      `json:"refused"`           // what the script has refused with fail: then nothing is to be written
	Value   any            `json:"value,omitempty"`   // what it returned
	Report
}

// Report is what is known of every run, one that failed too.
type Report struct {
	Log   []LogLine `json:"log"`
	Trace []Step    `json:"trace,omitempty"`
	// LinesRun are those that were, LinesWithCode those that can be; both only where Call.Cover asked.
	LinesRun      []int `json:"-"`
	LinesWithCode []int `json:"-"`
	Used          Used  `json:"used"`
	Limit         Used  `json:"limit"`
}

// Effect is one thing that a script wants done to another record, somebody told, or something sent.
type Effect struct {
	Op     string         `json:"op"` // create, update, delete, act, notify or send
	Form   string         `json:"form"`
	ID     string         `json:"id,omitempty"`
	Action string         `json:"action,omitempty"` // of act
	Values map[string]any `json:"values,omitempty"` // of act: its arguments, reason among them
	// To and Message are of notify: users' ids, and text, or texts by locale.
	To      []string `json:"to,omitempty"`
	Message any      `json:"message,omitempty"`
	// Send is of send.
	Send *Outgoing `json:"send,omitempty"`
	Line int       `json:"line,omitempty"`
}

// Refusal is a fail of the script.
type Refusal struct {
	Code    string `json:"code"`
	Message any    `json:"message"` // text, or texts by locale
	Field   string `json:"field,omitempty"`
	Line    int    `json:"line,omitempty"`
}

// LogLine is one log of the script.
type LogLine struct {
	Text string `json:"text"`
	Line int    `json:"line,omitempty"`
}

// Step is one read or write that a traced run did.
type Step struct {
	Did  string `json:"did"` // read or write of a field of the record, or a function of API
	What string `json:"what"`
	Line int    `json:"line"`
}

// Used counts what a run has used, or may use.
type Used struct {
	Instructions int64 `json:"instructions"`
	Milliseconds int64 `json:"milliseconds"`
	Memory       int   `json:"memory"` // megabytes, the most that was seen
	Reads        int   `json:"reads"`
	Rows         int   `json:"rows"`
	Writes       int   `json:"writes"`
}

// Add adds what another run has used; of memory, the most of both.
func (u *Used) Add(other Used) {
	u.Instructions += other.Instructions
	u.Milliseconds += other.Milliseconds
	u.Memory = max(u.Memory, other.Memory)
	u.Reads += other.Reads
	u.Rows += other.Rows
	u.Writes += other.Writes
}

func (l Limits) used() Used {
	return Used{
		Instructions: l.Instructions, Milliseconds: l.Time.Milliseconds(), Memory: l.Memory,
		Reads: l.Reads, Rows: l.Rows, Writes: l.Writes,
	}
}
