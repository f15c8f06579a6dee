package proof

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// Runner runs scripts; script.Box does.
type Runner interface {
	Run(ctx context.Context, class script.Class, s script.Script, call script.Call, host script.Host) (*script.Result, error)
}

// HoldScripts runs the tests of a catalog's scripts and returns what fails as faults of the metadata. Faults: what
// keeps scripts from running at all, such as Unavailable "script.busy".
func HoldScripts(ctx context.Context, runner Runner, c *catalog.Catalog) (fault.Issues, error) {
	var out fault.Issues
	for _, suite := range suitesOf(ctx, runner, c) {
		if _, isScript := suite.subject.(*scripted); !isScript {
			continue
		}
		out = append(out, suite.hold()...)
		if err := suite.broken(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// broken is what kept the cases from running at all: they have proven nothing then, whatever they seem to say.
func (s *suite) broken() error {
	if tested, isScript := s.subject.(*scripted); isScript {
		return tested.broken
	}
	return nil
}

// scripted tests a script: a hook within the save of a record, an action or a job's run on one, or either on none. What it reads is what the
// case gives, what it wants of other records is compared and goes nowhere.
type scripted struct {
	ctx    context.Context
	runner Runner
	form   *catalog.Form
	c      *catalog.Catalog
	*catalog.Script
	ran, all map[int]bool // lines with code
	broken   error        // what kept it from running at all
}

func newScripted(ctx context.Context, runner Runner, c *catalog.Catalog, f *catalog.Form, s *catalog.Script) *scripted {
	return &scripted{ctx: ctx, runner: runner, form: f, c: c, Script: s, ran: map[int]bool{}, all: map[int]bool{}}
}

func (s *scripted) try(c meta.TestCase) ([]difference, fault.Issues) {
	var wrong fault.Issues
	wrong = append(wrong, s.unsuited(c)...)
	ctx, issues := contextOf(c.Given)
	wrong = append(wrong, issues...)
	r, issues := s.recordOf(c.Given.Record, "/given/record")
	wrong = append(wrong, issues...)
	var old *value.Record
	if c.Given.Old != nil {
		old, issues = s.recordOf(c.Given.Old, "/given/old")
		wrong = append(wrong, issues...)
		ctx.Old = old.Values
	}
	host, issues := newMadeUp(s.c, ctx, c.Given)
	wrong = append(wrong, issues...)
	moment := s.moment(old != nil)
	if moment == "" {
		wrong.Add("/given/old", "test.moment", "on", strings.Join(s.Def.Hook.On, ", "))
	}
	if len(wrong) > 0 || s.broken != nil {
		return nil, wrong
	}
	var refused fault.Issues
	if moment == "beforeCreate" {
		refused = s.form.Defaults(r.Values, ctx)
	}
	if !s.onNone() {
		refused = append(refused, s.form.Settle(r.Values, ctx)...)
	}
	if len(refused) > 0 {
		return issuesOf(c.Expect.Issues, refused), nil // a save comes to no script then
	}
	by := host.sight.saving(s.form, r, old)
	return s.compare(c, ctx, by, host, s.call(moment, c.Given, ctx, by)), nil
}

// onNone is of scripts that run about no record: a button on the form, or a job's run.
func (s *scripted) onNone() bool { return s.OnForm() || s.Def.Kind == meta.ScriptSchedule }

// unsuited refuses parts of a case that a script knows nothing of.
func (s *scripted) unsuited(c meta.TestCase) fault.Issues {
	var out fault.Issues
	if c.Expect.Fields != nil {
		out.Add("/expect/fields", "test.unsuited", "part", "fields")
	}
	if !s.onNone() {
		return out
	}
	for _, one := range []struct {
		at, part string
		given    bool
	}{{"/given/record", "record", c.Given.Record != nil}, {"/given/old", "old", c.Given.Old != nil}, {"/expect/values", "values", c.Expect.Values != nil}} {
		if one.given {
			out.Add(one.at, "test.unsuited", "part", one.part)
		}
	}
	return out
}

// recordOf is a record of the script's form as a case gives it; an id may stand among its values.
func (s *scripted) recordOf(given map[string]any, at string) (*value.Record, fault.Issues) {
	given = maps.Clone(given)
	id, _ := given["id"].(string)
	delete(given, "id")
	doc, issues := recordOf(s.form, given, at)
	return &value.Record{ID: value.ID(id), Version: 1, Values: doc}, issues
}

// moment is when the script runs in a case: an update where there is a record before, else a creation, or the
// deletion that it is for. "" is none that suits.
func (s *scripted) moment(isUpdate bool) string {
	switch {
	case s.Def.Kind == meta.ScriptSchedule:
		return "schedule"
	case s.Def.Kind == meta.ScriptBatch:
		return "batch"
	case s.Def.Hook == nil:
		return "action"
	}
	for _, one := range []string{"beforeUpdate", "afterUpdate", "beforeCreate", "afterCreate", "beforeDelete", "afterDelete"} {
		if slices.Contains(s.Def.Hook.On, one) && strings.HasSuffix(one, "Update") == isUpdate {
			return one
		}
	}
	return ""
}

func (s *scripted) call(moment string, given meta.TestGiven, ctx expr.Context, by saving) script.Call {
	call := record.ScriptCall(moment, ctx.Actor, ctx.Now, ctx.Zone)
	call.Record, call.Seed, call.Cover = s.seen(by, by.next), 1, true
	if given.Seed != nil {
		call.Seed = int64(*given.Seed)
	}
	if s.Def.Hook == nil {
		if call.Args = given.Args; call.Args == nil {
			call.Args = map[string]any{}
		}
	}
	if s.onNone() {
		call.Record = nil
	}
	if by.old != nil {
		call.Old = s.seen(by, by.old)
	}
	return call
}

// seen is a record of the save as the actor knows it.
func (s *scripted) seen(by saving, r *value.Record) map[string]any {
	out := *r
	out.Values = by.known(r.Values)
	return record.ScriptValues(s.form, &out)
}

// compare runs the script and holds what came of it against what the case expects.
func (s *scripted) compare(c meta.TestCase, ctx expr.Context, by saving, host *madeUp, call script.Call) []difference {
	run := s.Run
	run.Name += " (test)" // its kills and counts are not those of the script at work
	run.Limits.Time = testTime
	got, err := s.runner.Run(s.ctx, script.Background, run, call, host)
	s.note(got)
	var said fault.Issues
	var why *fault.Error
	switch {
	case errors.As(err, &why) && why.Kind == fault.Invalid:
		said.Add("", why.Code)
	case err != nil:
		s.broken = err
		return nil
	}
	if strings.HasPrefix(call.Event, "after") && len(got.Changed)+len(got.Refused) > 0 {
		said.Add("", afterwards(got))
		got.Changed, got.Refused = nil, nil
	}
	said = append(said, s.refusals(got.Refused)...)
	if !s.onNone() {
		said = append(said, s.take(by, got.Changed)...)
		said = append(said, s.form.Settle(by.next.Values, ctx)...)
	}
	said = host.sight.heard(said, by)
	out := append(valuesOf(s.form, c.Expect.Values, by.next.Values), issuesOf(c.Expect.Issues, said)...)
	out = append(out, s.wordsOf(c.Expect.Issues, got.Refused)...)
	out = append(out, effectsOf(c.Expect.Effects, got.Effects)...)
	if result := plain(script.Wire(got.Value)); c.Expect.Result != nil && !matches(c.Expect.Result, result) {
		out = append(out, difference{"/result", text(c.Expect.Result), text(result)})
	}
	out = append(out, logOf(c.Expect.Log, got.Log)...)
	if len(out) > 0 && why != nil {
		out[0].got += " " + text(why.Args["line"]) + " " + text(why.Args["text"])
	}
	return out
}

// refusals are what the script has refused, as a save tells it.
func (s *scripted) refusals(all []script.Refusal) fault.Issues {
	var out fault.Issues
	for _, one := range all {
		path := ""
		if one.Field != "" {
			path = s.At(s.form, one.Field)
		}
		out.Add(path, one.Code)
	}
	return out
}

// wordsOf compares what people are told with refusals, where a case names it; refusals that did not come are
// told by issuesOf.
func (s *scripted) wordsOf(want []map[string]any, refused []script.Refusal) []difference {
	for _, one := range want {
		if one["message"] == nil {
			continue
		}
		path, _ := one["path"].(string)
		var said []map[string]any
		found := false
		for n, issue := range s.refusals(refused) {
			if issue.Path != path || issue.Code != one["code"] {
				continue
			}
			said = append(said, map[string]any{"path": issue.Path, "code": issue.Code, "message": refused[n].Message})
			found = found || matches(one["message"], plain(refused[n].Message))
		}
		if !found && len(said) > 0 {
			return []difference{{"/issues", text([]any{one}), text(said)}}
		}
	}
	return nil
}

// logOf compares what a script has logged; a case that expects no log leaves it open.
func logOf(want []string, got []script.LogLine) []difference {
	lines := make([]string, len(got))
	for n, one := range got {
		lines[n] = one.Text
	}
	if want == nil || slices.Equal(want, lines) {
		return nil
	}
	return []difference{{"/log", text(want), text(lines)}}
}

// afterwards is the fault of a script that would change or refuse what is saved already.
func afterwards(got *script.Result) string {
	if len(got.Refused) > 0 {
		return "script.refusedAfter"
	}
	return "script.changedAfter"
}

// testTime bounds a case by the clock. Instructions bound it to the same everywhere: a busy machine must not fail a test.
const testTime = 20 * time.Second

// take sets what the script has set, and tells what a save would refuse of it.
func (s *scripted) take(by saving, changed map[string]any) fault.Issues {
	doc := by.next.Values
	var out fault.Issues
	for _, name := range sorted(changed) {
		f, known := s.form.Field(value.FieldKey(name))
		switch {
		case !known:
			out.Add("/values/"+fault.Escape(name), "field.unknown", "field", name)
			continue
		case f.Computed():
			out.Add("/values/"+fault.Escape(name), "field.computed", "field", f.Def.Label)
			continue
		}
		if code := by.mayWrite(f); code != "" {
			out.Add("/values/"+fault.Escape(name), code, "field", f.Def.Label)
			continue
		}
		decoded, issues := s.form.DecodeValues(map[string]any{name: script.Wire(changed[name])})
		out = append(out, issues...)
		if v := decoded[name]; v != nil {
			doc[name] = v
		} else {
			delete(doc, name)
		}
	}
	return out
}

// effectsOf compares what is wanted of other records, in order: all of them, each in the parts that are named.
func effectsOf(want []map[string]any, got []script.Effect) []difference {
	all := make([]any, len(got))
	for n, e := range got {
		one := map[string]any{"op": e.Op, "form": e.Form, "id": e.ID}
		if e.Action != "" {
			one["action"] = e.Action
		}
		if e.Op == "notify" {
			one["to"], one["message"] = e.To, e.Message
		}
		if e.Send != nil {
			one["url"], one["method"], one["headers"], one["body"] = e.Send.URL, e.Send.Method, e.Send.Headers, e.Send.Body
		}
		if e.Values != nil {
			one["values"] = script.WireMap(e.Values)
		}
		all[n] = plain(one)
	}
	same := len(want) == len(all)
	for n := 0; n < len(want) && same; n++ {
		same = matches(want[n], all[n])
	}
	if same {
		return nil
	}
	return []difference{{"/effects", text(want), text(all)}}
}

func (s *scripted) note(got *script.Result) {
	for _, line := range got.LinesRun {
		s.ran[line] = true
	}
	for _, line := range got.LinesWithCode {
		s.all[line] = true
	}
}

// cover tells which lines no case has run.
func (s *scripted) cover() (ways int, missed []Missed) {
	lines := strings.Split(s.Run.Source, "\n")
	for _, line := range slices.Sorted(maps.Keys(s.all)) {
		ways++
		if line > len(lines) {
			continue
		}
		written := strings.TrimSpace(lines[line-1])
		// The end of a function that has returned before has code too, but nothing happens there.
		if !s.ran[line] && !strings.HasPrefix(written, "end") {
			missed = append(missed, Missed{File: s.File, Line: line, Text: written})
		}
	}
	return ways, missed
}

func (s *scripted) mutants(catalog.Bundle) []mutant {
	var out []mutant
	for _, m := range script.Mutants(s.Run.Source) {
		twin := newScripted(s.ctx, s.runner, s.c, s.form, s.Saying(m.Source))
		out = append(out, mutant{Survivor: Survivor{File: s.File, Line: m.Line, Col: m.Col, Was: m.Was, Now: m.Now}, subject: twin})
	}
	return out
}
