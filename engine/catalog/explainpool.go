package catalog

import (
	"strconv"
	"time"

	"tidewater/engine/explain"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// ExplainReclaim tells when a record leaves its owner and by which rule of its home pool: the deadline, below
// it the rules, each with what decides that it is for the record, what spares the record, its limit and when
// its time began. The earliest counts. It works everything out anew; a deadline that is kept back says so.
func (f *Form) ExplainReclaim(of Subject, r *value.Record) *explain.Node {
	n := &explain.Node{
		Kind: explain.Field, Say: "explain.systemField", Args: fault.Args{"name": string(value.SysReclaimAt)},
		Ref: &explain.Ref{Form: f.Key, ID: of.ID, Version: of.Version, Field: value.SysReclaimAt}, Is: moment,
		Value: tellMoment(r.Values.At(value.SysReclaimAt)),
	}
	p, ok := f.PoolOf(r.Values)
	if !ok || f.OwnerOf(r.Values) == "" {
		return n
	}
	t := &deadlines{telling: f.telling(of), pool: p, custody: custody{form: f, next: r, values: r.Values, before: r.Values, ctx: of.Context}}
	t.vars = t.seenBy(p)
	t.source = &explain.Source{Form: f.Key, Key: p.Def.Key, Part: "reclaim", Version: p.Version}
	decision := &explain.Node{Kind: explain.Decision, Op: "earliest", Label: p.Def.Label, Rule: t.source, Is: moment}
	for _, rule := range p.Rules {
		decision.Kids = append(decision.Kids, t.rule(rule, len(decision.Kids)+1))
	}
	decision.Value = tellMoment(t.verdict().At)
	if decision.Value != n.Value {
		n.Note = "explain.heldBack"
	}
	n.Kids = []*explain.Node{decision}
	return n
}

var moment = explain.Type{Kind: expr.DateTime.String()}

func tellMoment(ms int64) any {
	if ms == 0 {
		return nil
	}
	return time.UnixMilli(ms).UTC().Format(time.RFC3339Nano)
}

// deadlines is the explanation of a pool's rules over one record.
type deadlines struct {
	*telling
	custody
	pool   *Pool
	vars   value.Doc
	source *explain.Source // of all the rules together, with all that any of them may read
}

// rule is what one rule says: its deadline, none where it is not for the record or spares it.
func (t *deadlines) rule(rule *ReclaimRule, nth int) *explain.Node {
	n := &explain.Node{Kind: explain.Case, Nth: nth, Label: rule.Def.Label, Is: moment}
	if rule.when != nil {
		n.Kids = append(n.Kids, t.part(partWhen, rule.when.Program(), condition, t.next.WithSystem()))
	}
	for _, exempt := range rule.exempt {
		part := "exempt"
		if exempt.Type().Kind == expr.Date {
			part = "exemptUntil"
		}
		n.Kids = append(n.Kids, t.part(part, exempt, exempt.Type(), t.vars))
	}
	v, applies := t.ruled(t.pool, rule)
	if rule.days != nil {
		n.Kids = append(n.Kids, t.part("days", rule.days, expr.Type{Kind: expr.Int}, t.vars))
	} else {
		t.reads(query.At(t.pool.Def.Tier), t.vars)
	}
	n.Kids = append(n.Kids, t.part("clock", rule.clock, expr.Type{Kind: expr.DateTime}, t.vars))
	if !applies {
		n.Note = "explain.notForIt"
		return n
	}
	n.Kids = append(n.Kids, &explain.Node{
		Kind: explain.Fact, Say: "explain.limit", Args: fault.Args{"unit": unitWord(v.Unit)},
		Is: explain.Type{Kind: expr.Int.String()}, Value: strconv.FormatInt(v.Days, 10),
	})
	n.Value = tellMoment(v.At)
	return n
}

// unitWord names a unit as package message does.
func unitWord(unit string) string {
	if unit == hours24 {
		return "hours24"
	}
	return unit
}

// part is one expression of a rule.
func (t *deadlines) part(part string, program *expr.Program, want expr.Type, vars value.Doc) *explain.Node {
	n := t.telling.rule(t.telling.source(part, program), program, want, vars)
	for _, path := range program.Reads() {
		t.reads(path, vars)
	}
	return n
}

// reads notes that the rules may read a field: who does not see it sees nothing of what they say.
func (t *deadlines) reads(path query.Path, vars value.Doc) {
	for _, known := range t.source.Inputs {
		if known.Ref.Field == path.Field && known.Ref.Column == path.Sub {
			return
		}
	}
	if n := t.input(path, vars, false); n != nil {
		t.source.Inputs = append(t.source.Inputs, n)
	}
}
