package meta

import "tidewater/engine/value"

// ScriptKind says what runs a script.
type ScriptKind string

const (
	ScriptHook     ScriptKind = "hook"
	ScriptAction   ScriptKind = "action"
	ScriptSchedule ScriptKind = "schedule"
	ScriptBatch    ScriptKind = "batch"
	ScriptStep     ScriptKind = "step"
)

// Script says when the Lua beside it is run, forms/<form>/scripts/<key>.json.
type Script struct {
	Key         string        `json:"key"`
	Form        value.FormKey `json:"form"`
	Label       Label         `json:"label"`
	Description Label         `json:"description,omitempty"`
	Kind        ScriptKind    `json:"kind"`
	Hook        *HookScript   `json:"hook,omitempty"`
	Action      *ActionScript `json:"action,omitempty"`
	Batch       *BatchScript  `json:"batch,omitempty"`
	HTTP        bool          `json:"http,omitempty"` // may ask other hosts
	Limits      *ScriptLimits `json:"limits,omitempty"`
}

// HookScript says which saves run a script.
type HookScript struct {
	On     []string         `json:"on"` // beforeCreate … afterDelete
	Fields []value.FieldKey `json:"fields,omitempty"`
	When   string           `json:"when,omitempty"`
	Order  *int             `json:"order,omitempty"`
}

// What an action is on.
const (
	OnRecord  = "record"
	OnRecords = "records" // each by itself
	OnForm    = "form"    // no record
)

// ActionScript is a button that runs a script.
type ActionScript struct {
	On      string      `json:"on"` // OnRecord, OnRecords or OnForm
	Roles   []string    `json:"roles,omitempty"`
	When    string      `json:"when,omitempty"`
	Confirm Label       `json:"confirm,omitempty"`
	Reason  bool        `json:"reason,omitempty"`
	Args    []ActionArg `json:"args,omitempty"`
	Danger  bool        `json:"danger,omitempty"`
}

// ArgKind says what an argument of an action is.
type ArgKind string

const (
	ArgText   ArgKind = "text"
	ArgNumber ArgKind = "number" // whole, or with a fraction as a text
	ArgFlag   ArgKind = "flag"
	ArgDate   ArgKind = "date"   // "2026-03-31"
	ArgPerson ArgKind = "person" // an id
	ArgUnit   ArgKind = "unit"   // an org unit's id
	ArgPool   ArgKind = "pool"   // the key of one of the form's
	ArgOption ArgKind = "option" // one of Options
)

// ActionArg is something that an action asks for.
type ActionArg struct {
	Key      string   `json:"key"`
	Label    Label    `json:"label"`
	Help     Label    `json:"help,omitempty"`
	Kind     ArgKind  `json:"kind"`
	Required bool     `json:"required,omitempty"`
	Options  []Choice `json:"options,omitempty"` // of ArgOption
}

// BatchScript is the records that a script goes over.
type BatchScript struct {
	Filter string `json:"filter,omitempty"` // a pushable expr
	Size   int    `json:"size,omitempty"`
}

// ScriptLimits is what one run may use; zero: what its kind has by default.
type ScriptLimits struct {
	Instructions int `json:"instructions,omitempty"`
	Milliseconds int `json:"milliseconds,omitempty"`
	Memory       int `json:"memory,omitempty"` // megabytes
	Reads        int `json:"reads,omitempty"`
	Rows         int `json:"rows,omitempty"`
	Writes       int `json:"writes,omitempty"`
	Depth        int `json:"depth,omitempty"`
}

// Test is what a rule or script must do, <key>.test.json beside it.
type Test struct {
	Cases []TestCase `json:"cases"`
}

// TestCase is one example.
type TestCase struct {
	Name   string     `json:"name"`
	Given  TestGiven  `json:"given"`
	Expect TestExpect `json:"expect"`
}

// TestGiven is what a case begins with; values are in wire form.
type TestGiven struct {
	Record  map[string]any              `json:"record,omitempty"`
	Old     map[string]any              `json:"old,omitempty"`
	Actor   map[string]any              `json:"actor,omitempty"`
	Now     string                      `json:"now,omitempty"` // RFC 3339
	Records map[string][]map[string]any `json:"records,omitempty"`
	Args    map[string]any              `json:"args,omitempty"`
	HTTP    []TestAnswer                `json:"http,omitempty"`
	People  []TestPerson                `json:"people,omitempty"`
	Seed    *int                        `json:"seed,omitempty"`   // of what a script draws
	Access  bool                        `json:"access,omitempty"` // the actor sees and sets what their roles let them
}

// TestPerson is somebody in the organisation of a case.
type TestPerson struct {
	ID      value.ID   `json:"id"`
	Name    string     `json:"name,omitempty"`
	Unit    value.ID   `json:"unit,omitempty"`
	Zones   []value.ID `json:"zones,omitempty"`
	Manager value.ID   `json:"manager,omitempty"`
}

// TestAnswer is what another host answers in a case.
type TestAnswer struct {
	URL    string `json:"url"`
	Status int    `json:"status,omitempty"` // default: 200
	Body   string `json:"body,omitempty"`
}

// TestExpect is what must come of it.
type TestExpect struct {
	Values  map[string]any       `json:"values,omitempty"`
	Effects []map[string]any     `json:"effects,omitempty"`
	Issues  []map[string]any     `json:"issues,omitempty"`
	Result  any                  `json:"result,omitempty"`
	Log     []string             `json:"log,omitempty"`    // lines of a script
	Fields  map[string]TestField `json:"fields,omitempty"` // how fields behave
}

// TestField is how a field must behave; what is nil may be either.
type TestField struct {
	Visible  *bool `json:"visible,omitempty"`
	Required *bool `json:"required,omitempty"`
	ReadOnly *bool `json:"readOnly,omitempty"`
}

// Print is a document that records are printed as, forms/<form>/prints/<key>.json with <key>.html.
type Print struct {
	Key         string            `json:"key"`
	Form        value.FormKey     `json:"form"`
	Label       Label             `json:"label"`
	Roles       []string          `json:"roles,omitempty"`
	When        string            `json:"when,omitempty"`
	Page        *PrintPage        `json:"page,omitempty"`
	FileName    string            `json:"fileName,omitempty"`
	PageNumbers *bool             `json:"pageNumbers,omitempty"`
	Watermark   Label             `json:"watermark,omitempty"`
	Images      map[string]string `json:"images,omitempty"` // name → file beside it
	Keep        value.FieldKey    `json:"keep,omitempty"`   // an attachment field
}

// PrintPage is the paper of a print.
type PrintPage struct {
	Size      string `json:"size,omitempty"` // A4, A5 or letter
	Landscape bool   `json:"landscape,omitempty"`
	Margins   []int  `json:"margins,omitempty"` // millimetres: top, right, bottom, left
}

// Job is work at set times, jobs/<key>.json.
type Job struct {
	Key         string     `json:"key"`
	Label       Label      `json:"label"`
	Description Label      `json:"description,omitempty"`
	Cron        string     `json:"cron,omitempty"`
	OnHoliday   string     `json:"onHoliday,omitempty"`
	Missed      string     `json:"missed,omitempty"`
	Script      *ScriptRef `json:"script,omitempty"`
	Flow        string     `json:"flow,omitempty"`
	Filter      string     `json:"filter,omitempty"` // a pushable expr
	Startable   []Who      `json:"startable,omitempty"`
	Report      []Who      `json:"report,omitempty"`
}

// ScriptRef names a script.
type ScriptRef struct {
	Form   value.FormKey `json:"form"`
	Script string        `json:"script"`
}
