package record

import (
	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// ActionView describes an action to somebody, so that programs can offer it and ask for what it needs. Whether it
// may be done to a record as it stands, that record's rights tell.
type ActionView struct {
	Key     string     `json:"key"`
	Label   meta.Label `json:"label"`
	Kind    ActionKind `json:"kind"`
	Many    bool       `json:"many"`             // it is offered for several records at once, each by itself
	OnForm  bool       `json:"onForm,omitempty"` // it is about no record: see Service.ActOnForm
	Confirm meta.Label `json:"confirm,omitempty"`
	// Undo is the action that takes it back; where that asks for a person or a pool, it is the one that the record
	// had before.
	Undo string `json:"undo,omitempty"`
	Ask  Asking `json:"ask"`
	// ByPool is what it asks for instead where the record's home pool decides, by the pool's key.
	ByPool map[string]Asking `json:"byPool,omitempty"`
}

// ActionKind says how much an action stands out.
type ActionKind string

const (
	ActionPrimary ActionKind = "primary" // what most people come for
	ActionPlain   ActionKind = "plain"
	ActionDanger  ActionKind = "danger" // what somebody may lose by
)

// Asking is what an action asks for.
type Asking struct {
	Reason  ReasonAsked      `json:"reason"`
	Reasons []meta.Choice    `json:"reasons,omitempty"` // to choose from; none: it is written
	Args    []meta.ActionArg `json:"args,omitempty"`
}

// ReasonAsked says whether an action asks why.
type ReasonAsked string

const (
	NoReason       ReasonAsked = "no"
	OptionalReason ReasonAsked = "optional"
	RequiredReason ReasonAsked = "required"
)

// Reader is whom actions are described to.
type Reader struct {
	Actor  value.Actor
	Form   *catalog.Form
	People *org.Snapshot
	Label  func(code string) meta.Label // of the engine's own texts
}

// described are the actions of a form that the actor could do to some record, and those that they may do to none.
func (v *visit) described(form *catalog.Form) []ActionView {
	to := Reader{Actor: v.actor, Form: form, People: v.people, Label: v.Label}
	if to.Label == nil {
		to.Label = func(code string) meta.Label { return meta.Label{"en": code, "zh-CN": code} }
	}
	var out []ActionView
	for _, action := range v.actions(form) {
		if view, could := action.Describe(to); could {
			view.Key = action.Key()
			out = append(out, view)
		}
	}
	for _, action := range v.formActions(form) {
		if view, could := action.Describe(to); could && v.offersOnForm(form, action) {
			view.Key = action.Key()
			out = append(out, view)
		}
	}
	return out
}
