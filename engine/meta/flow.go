package meta

import "tidewater/engine/value"

// Flow is a trigger and steps, flows/<key>.json; with an approval step it is an approval.
type Flow struct {
	Key         string        `json:"key"`
	Form        value.FormKey `json:"form"`
	Label       Label         `json:"label"`
	Description Label         `json:"description,omitempty"`
	Trigger     FlowTrigger   `json:"trigger"`
	As          string        `json:"as,omitempty"`      // initiator or system
	Overlap     string        `json:"overlap,omitempty"` // skip, parallel or restart
	State       *FlowState    `json:"state,omitempty"`
	Steps       []FlowStep    `json:"steps"`
}

// FlowTrigger is what begins a flow.
type FlowTrigger struct {
	On     string           `json:"on"`
	Fields []value.FieldKey `json:"fields,omitempty"`
	When   string           `json:"when,omitempty"`
	Date   *FlowDate        `json:"date,omitempty"`
	Label  Label            `json:"label,omitempty"`
	Who    []Who            `json:"who,omitempty"`
}

// FlowDate is a date that a flow waits for.
type FlowDate struct {
	Field  value.FieldKey `json:"field"`
	Before *Span          `json:"before,omitempty"`
	After  *Span          `json:"after,omitempty"`
	At     string         `json:"at,omitempty"` // "09:00"
}

// FlowState is the field that shows where an approval stands.
type FlowState struct {
	Field     value.FieldKey `json:"field"`
	Pending   string         `json:"pending"`
	Approved  string         `json:"approved"`
	Rejected  string         `json:"rejected"`
	Withdrawn string         `json:"withdrawn,omitempty"`
}

// FlowStep is one step: exactly one of its settings says what is done.
type FlowStep struct {
	Key     string                    `json:"key"`
	Label   Label                     `json:"label,omitempty"`
	Branch  *FlowBranch               `json:"branch,omitempty"`
	Set     map[value.FieldKey]string `json:"set,omitempty"` // exprs
	Create  *FlowCreate               `json:"create,omitempty"`
	Notify  *FlowNotice               `json:"notify,omitempty"`
	Approve *FlowApproval             `json:"approve,omitempty"`
	Script  *FlowScript               `json:"script,omitempty"`
	Wait    *FlowWait                 `json:"wait,omitempty"`
	Act     *FlowAct                  `json:"act,omitempty"`
	Webhook *FlowWebhook              `json:"webhook,omitempty"`
}

// FlowBranch is ways to go, tried in order.
type FlowBranch struct {
	Cases     []FlowCase `json:"cases"`
	Otherwise []FlowStep `json:"otherwise,omitempty"`
}

// FlowCase is one way out of a branch.
type FlowCase struct {
	Label Label      `json:"label,omitempty"`
	When  string     `json:"when"`
	Steps []FlowStep `json:"steps"`
}

// FlowCreate is a record to make.
type FlowCreate struct {
	Form   value.FormKey             `json:"form"`
	Values map[value.FieldKey]string `json:"values"` // exprs
}

// FlowNotice is a message.
type FlowNotice struct {
	To    []Who    `json:"to"`
	By    []string `json:"by,omitempty"` // inbox, mail, webhook
	Title Label    `json:"title"`
	Text  Label    `json:"text,omitempty"`
}

// FlowApproval has people decide.
type FlowApproval struct {
	Stages   []FlowApprover `json:"stages"`
	Confirm  *bool          `json:"confirm,omitempty"`
	Withdraw *bool          `json:"withdraw,omitempty"`
	Reason   string         `json:"reason,omitempty"`
	Approved []FlowStep     `json:"approved,omitempty"`
	Rejected []FlowStep     `json:"rejected,omitempty"`
}

// FlowApprover is one stage of an approval.
type FlowApprover struct {
	Key        string           `json:"key"`
	Label      Label            `json:"label"`
	When       string           `json:"when,omitempty"`
	Who        []Who            `json:"who"`
	Mode       string           `json:"mode,omitempty"` // any, all or inOrder
	Adjust     []value.FieldKey `json:"adjust,omitempty"`
	AskAgain   string           `json:"askAgain,omitempty"`
	Within     *Span            `json:"within,omitempty"`
	OnTimeout  string           `json:"onTimeout,omitempty"`
	EscalateTo []Who            `json:"escalateTo,omitempty"`
	IfNobody   string           `json:"ifNobody,omitempty"`
}

// FlowScript is a script to run.
type FlowScript struct {
	Script string            `json:"script"`
	Args   map[string]string `json:"args,omitempty"` // exprs
}

// FlowWait is a wait, for a time or until one.
type FlowWait struct {
	Span  *Span  `json:"span,omitempty"`
	Until string `json:"until,omitempty"`
}

// FlowAct is an action to carry out.
type FlowAct struct {
	Action string            `json:"action"`
	Args   map[string]string `json:"args,omitempty"` // exprs
}

// FlowWebhook is a message to another system.
type FlowWebhook struct {
	To     string           `json:"to"`
	Fields []value.FieldKey `json:"fields,omitempty"`
}
