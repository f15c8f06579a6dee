package meta

import (
	"encoding/json"

	"tidewater/engine/value"
)

// Hit says what becomes of several rows whose conditions hold.
type Hit string

const (
	HitFirst   Hit = "first"   // the first of them counts
	HitUnique  Hit = "unique"  // there is never more than one
	HitCollect Hit = "collect" // all count, in order
)

// Table is a decision table, tables/<key>.json: rows of conditions and what follows from them. Rules call
// it by its key with its inputs in order.
type Table struct {
	Key         string          `json:"key"`
	Label       Label           `json:"label"`
	Description Label           `json:"description,omitempty"`
	Hit         Hit             `json:"hit"`
	Inputs      []TableInput    `json:"inputs"`
	Outputs     []TableOutput   `json:"outputs"`
	Rows        []TableRow      `json:"rows"`
	Otherwise   *TableOtherwise `json:"otherwise,omitempty"`
	Amount      *TableAmount    `json:"amount,omitempty"`
	Maintained  *TableUpkeep    `json:"maintained,omitempty"`
}

// TableUpkeep says who, beside the administrators, changes a table's values, not its logic, without a
// publication of theirs.
type TableUpkeep struct {
	Who     []Who            `json:"who"`
	Columns []value.FieldKey `json:"columns"` // outputs whose values, and inputs whose conditions, they change
	Scope   *TableScope      `json:"scope,omitempty"`
}

// TableScope narrows somebody to the rows whose condition on an input names nothing but their own.
type TableScope struct {
	Input value.FieldKey `json:"input"`
	Of    string         `json:"of"` // zone, by its key, or unit, by its code: those led, and below
}

// TableInput is a value that a table decides by.
type TableInput struct {
	Key      value.FieldKey  `json:"key"`
	Label    Label           `json:"label"`
	Type     string          `json:"type"`              // text, option, integer, decimal, boolean or date
	Of       string          `json:"of,omitempty"`      // option: "form.field", whose options they are
	Options  []string        `json:"options,omitempty"` // option: without Of
	Optional bool            `json:"optional,omitempty"`
	From     json.RawMessage `json:"from,omitempty"` // nothing below it comes
	To       json.RawMessage `json:"to,omitempty"`   // nothing above it comes
}

// TableOutput is a value that a table gives.
type TableOutput struct {
	Key   value.FieldKey `json:"key"`
	Label Label          `json:"label"`
	Type  string         `json:"type"`            // as of inputs, but option
	Scale int            `json:"scale,omitempty"` // decimal: digits after the point
}

// TableRow is one row: what follows when every condition holds. A cell is a value, a list of values, or an
// object with from, above, below, to or empty; an input without a cell is not asked.
type TableRow struct {
	Note Label                              `json:"note,omitempty"`
	When map[value.FieldKey]json.RawMessage `json:"when,omitempty"`
	Then map[value.FieldKey]json.RawMessage `json:"then"`
}

// TableOtherwise is what follows when no row's conditions hold: one of the three.
type TableOtherwise struct {
	Then    map[value.FieldKey]json.RawMessage `json:"then,omitempty"`
	Absent  bool                               `json:"absent,omitempty"`
	Message Label                              `json:"message,omitempty"`
}

// TableAmount is an output that is reckoned from an input by the rate that the rows give.
type TableAmount struct {
	Key   value.FieldKey `json:"key"`
	Label Label          `json:"label"`
	Of    value.FieldKey `json:"of"`            // the input that the rate is of
	By    value.FieldKey `json:"by,omitempty"`  // the input whose ranges are the brackets; default: Of
	Per   value.FieldKey `json:"per,omitempty"` // the input that one of By stands for
	Rate  value.FieldKey `json:"rate"`          // an output
	Mode  string         `json:"mode"`          // whole or progressive
	Scale int            `json:"scale"`
}
