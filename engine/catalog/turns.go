package catalog

import (
	"slices"
	"strconv"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/value"
)

// The system sets a field of options at the moment in which a condition comes to hold, and may set another at that in
// which it no longer does. That is asked of what changes, not of how things are: a condition that held before sets
// nothing, so that in between people choose as they please.

// turn is one such condition, compiled.
type turn struct {
	when     *expr.Program
	to, back string // options; back is "" for none
}

// turns compiles when the system sets a field.
func (c *compiler) turns(form *Form, f *Field, env expr.Env, at string) {
	for _, column := range f.Columns {
		if len(column.Def.Turns) > 0 {
			c.say(form.file, at+"/properties/"+fault.Escape(string(column.Key))+"/x-turns", fault.Issue{Code: "meta.unsuited"})
		}
	}
	if len(f.Def.Turns) == 0 {
		return
	}
	if f.Def.Compute != "" {
		c.say(form.file, at+"/x-turns", fault.Issue{Code: "meta.unsuited"})
	}
	env.Actor, env.Old = false, false // it is asked of the record before as well, which nobody saves
	for n, def := range f.Def.Turns {
		place := at + "/x-turns/" + strconv.Itoa(n)
		if def.When == "" {
			c.say(form.file, place+"/when", fault.Issue{Code: "meta.missing", Args: fault.Args{"key": "when"}})
		}
		c.option(form, f, place+"/to", def.To)
		if def.Back != "" {
			c.option(form, f, place+"/back", def.Back)
		}
		if when := c.program(form.file, place+"/when", def.When, env, condition); when != nil {
			f.turns = append(f.turns, turn{when, def.To, def.Back})
		}
	}
	form.turning = append(form.turning, f)
}

// option refuses what is none of a field's options.
func (c *compiler) option(form *Form, f *Field, at, name string) {
	if _, known := field.OptionOf(f.Def.Options, name); !known {
		c.say(form.file, at, fault.Issue{Code: "field.option", Args: fault.Args{"value": name}})
	}
}

// Settle computes what is computed and turns what turns, in place, until neither brings anything new: a formula may
// read what turns, and what turns another field. ctx.Old is the record as it stood, nil for a new one.
func (f *Form) Settle(values value.Doc, ctx expr.Context) fault.Issues {
	return f.settle(values, ctx, f.Compute)
}

// Resettle is Settle for a record that nobody is saving, see Recompute: what has come to hold by what was published
// turns as well.
func (f *Form) Resettle(values value.Doc, ctx expr.Context) fault.Issues {
	return f.settle(values, ctx, f.RecomputeNow)
}

func (f *Form) settle(values value.Doc, ctx expr.Context, compute func(value.Doc, expr.Context) fault.Issues) fault.Issues {
	for n := 0; ; n++ {
		issues := compute(values, ctx)
		if len(issues) > 0 || n > len(f.turning) || !f.Turn(values, ctx.Old, ctx) {
			return issues
		}
	}
}

// Turn sets the fields whose conditions have come to hold, or no longer hold, since the record was as before (nil: it
// was not), in place, and tells whether any has another value now. What is computed must be so, and is to be computed
// again after that.
func (f *Form) Turn(next, before value.Doc, ctx expr.Context) (turned bool) {
	for _, one := range f.turning {
		if to := one.turnsTo(next, before, ctx); to != "" && next[string(one.Key)] != to {
			next[string(one.Key)], turned = to, true
		}
	}
	return turned
}

// Turned tells whether a field that the system sets says something else than before.
func (f *Form) Turned(next, before value.Doc) bool {
	return slices.ContainsFunc(f.turning, func(one *Field) bool { return !value.Equal(next[string(one.Key)], before[string(one.Key)]) })
}

// turnsTo is the option that the field is set to: that of the first condition which has come to hold, else that which
// one leaves behind; "" where it stays as it is.
func (f *Field) turnsTo(next, before value.Doc, ctx expr.Context) string {
	back, held := "", map[string]bool{}
	for _, t := range f.turns {
		was, is := before != nil && holds(t.when, ctx, before), holds(t.when, ctx, next)
		switch {
		case is && !was:
			return t.to
		case is:
			held[t.to] = true
		case was && back == "" && next[string(f.Key)] == t.to:
			back = t.back
		}
	}
	if said, _ := next[string(f.Key)].(string); held[said] {
		return "" // another condition still says so
	}
	return back
}
