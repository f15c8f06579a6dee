package catalog

import (
	"strconv"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
)

// checkFlows checks what flows name, and the expressions in them.
func (c *compiler) checkFlows() {
	for _, path := range sortedKeys(c.flows) {
		def := c.flows[path]
		at, _ := placeOf(path)
		c.checkFileKey(path, "/key", def.Key, at.key)
		f := flowSheet{sheet: c.sheetOf(path, "/form", def.Form), def: def}
		f.trigger()
		f.state()
		f.steps("/steps", def.Steps)
	}
}

// flowSheet is one flow being checked.
type flowSheet struct {
	sheet
	def  meta.Flow
	keys []string // of the steps so far
}

func (f *flowSheet) trigger() {
	t := f.def.Trigger
	f.fields("/trigger/fields", t.Fields)
	f.condition("/trigger/when", t.When)
	f.people("/trigger/who", t.Who)
	if len(t.Fields) > 0 && t.On != "changed" {
		f.unsuited("/trigger/fields")
	}
	if (t.On == "submitted") != (len(t.Label) > 0) {
		f.missingOrUnsuited("/trigger", "label", t.On == "submitted")
	}
	if (t.On == "date") != (t.Date != nil) {
		f.missingOrUnsuited("/trigger", "date", t.On == "date")
	}
	if t.Date != nil {
		f.field("/trigger/date/field", t.Date.Field, field.Date, field.Datetime)
		if t.Date.Before != nil && t.Date.After != nil {
			f.unsuited("/trigger/date/after")
		}
	}
}

// missingOrUnsuited says of a setting that it is needed, or else that it has no place here.
func (s sheet) missingOrUnsuited(path, key string, needed bool) {
	if needed {
		s.missing(path, key)
		return
	}
	s.unsuited(path + "/" + key)
}

func (f *flowSheet) state() {
	state := f.def.State
	if state == nil {
		return
	}
	shown := f.field("/state/field", state.Field, choices...)
	f.option("/state/pending", shown, state.Pending)
	f.option("/state/approved", shown, state.Approved)
	f.option("/state/rejected", shown, state.Rejected)
	f.option("/state/withdrawn", shown, state.Withdrawn)
}

func (f *flowSheet) steps(path string, steps []meta.FlowStep) {
	for n, step := range steps {
		at := path + "/" + strconv.Itoa(n)
		f.unique(at+"/key", step.Key, &f.keys)
		f.step(at, step)
	}
}

// step checks one step by what it does; it does exactly one thing.
func (f *flowSheet) step(at string, step meta.FlowStep) {
	things := 0
	does := func(is bool, check func()) {
		if is {
			things++
			check()
		}
	}
	does(step.Branch != nil, func() { f.branch(at+"/branch", step.Branch) })
	does(step.Set != nil, func() { f.sets(at+"/set", f.form, step.Set) })
	does(step.Create != nil, func() { f.create(at+"/create", step.Create) })
	does(step.Notify != nil, func() { f.people(at+"/notify/to", step.Notify.To) })
	does(step.Approve != nil, func() { f.approve(at+"/approve", step.Approve) })
	does(step.Script != nil, func() { f.script(at+"/script", step.Script) })
	does(step.Wait != nil, func() { f.wait(at+"/wait", step.Wait) })
	does(step.Act != nil, func() { f.args(at+"/act/args", step.Act.Args) })
	does(step.Webhook != nil, func() { f.fields(at+"/webhook/fields", step.Webhook.Fields) })
	if things != 1 {
		f.fault(at, fault.Issue{Code: "meta.step", Args: fault.Args{"count": things}})
	}
}

func (f *flowSheet) branch(at string, branch *meta.FlowBranch) {
	for n, way := range branch.Cases {
		place := at + "/cases/" + strconv.Itoa(n)
		f.condition(place+"/when", way.When)
		f.steps(place+"/steps", way.Steps)
	}
	f.steps(at+"/otherwise", branch.Otherwise)
}

func (f *flowSheet) create(at string, create *meta.FlowCreate) {
	target := f.sheetOf(f.file, at+"/form", create.Form).form
	f.sets(at+"/values", target, create.Values)
}

func (f *flowSheet) approve(at string, approval *meta.FlowApproval) {
	var keys []string
	for n, stage := range approval.Stages {
		place := at + "/stages/" + strconv.Itoa(n)
		f.unique(place+"/key", stage.Key, &keys)
		f.condition(place+"/when", stage.When)
		f.condition(place+"/askAgain", stage.AskAgain)
		f.people(place+"/who", stage.Who)
		f.people(place+"/escalateTo", stage.EscalateTo)
		f.fields(place+"/adjust", stage.Adjust)
		if (stage.OnTimeout == "escalate") != (len(stage.EscalateTo) > 0) {
			f.missingOrUnsuited(place, "escalateTo", stage.OnTimeout == "escalate")
		}
		if stage.OnTimeout != "" && stage.Within == nil {
			f.missing(place, "within")
		}
	}
	f.steps(at+"/approved", approval.Approved)
	f.steps(at+"/rejected", approval.Rejected)
}

func (f *flowSheet) script(at string, run *meta.FlowScript) {
	f.scriptOf(at+"/script", f.def.Form, run.Script, func(def meta.Script) bool { return def.Kind == meta.ScriptStep })
	f.args(at+"/args", run.Args)
}

func (f *flowSheet) wait(at string, wait *meta.FlowWait) {
	if (wait.Span != nil) == (wait.Until != "") {
		f.missingOrUnsuited(at, "until", wait.Span == nil)
	}
	until := f.gives(at+"/until", wait.Until, expr.Type{}, nil)
	if until != nil && until.Type().Kind != expr.Date && until.Type().Kind != expr.DateTime {
		f.fault(at+"/until", fault.Issue{Code: "expr.result", Args: fault.Args{"want": expr.DateTime.String(), "got": until.Type().Kind.String()}})
	}
}

// args checks what is handed on: expressions of any type.
func (s sheet) args(path string, args map[string]string) {
	for _, name := range sortedKeys(args) {
		s.gives(path+"/"+fault.Escape(name), args[name], expr.Type{}, nil)
	}
}
