package catalog

import (
	"slices"
	"strconv"
	"time"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// analyseTiers tells of tiers whose records no rule of a pool ever takes back, though its rules take others: nobody who
// writes rules tier by tier means to leave one out.
func (c *compiler) analyseTiers(form *Form, p *Pool, path string) {
	tier, known := form.Field(p.Def.Tier)
	if !known || len(p.Rules) == 0 || len(c.issues) > 0 {
		return // days are tried out, and may go by a table that is broken
	}
	for _, option := range tier.As.Options {
		of, _ := expr.PushDown(string(tier.Key)+" == "+strconv.Quote(option.Value), form.filterEnv)
		if of == nil || p.when != nil && disjoint(p.when, of) {
			continue // no record of that tier comes to be in it
		}
		if !slices.ContainsFunc(p.Rules, func(r *ReclaimRule) bool { return r.covers(tier.Key, option, of) }) {
			c.warn(path, "/reclaim", fault.Issue{Code: "pool.tierNoRule", Args: fault.Args{"tier": option.Label}})
		}
	}
}

// covers tells whether a rule may take a record of a tier back: it is for some, and may give them days.
func (r *ReclaimRule) covers(tier value.FieldKey, option meta.Option, of *expr.Pushed) bool {
	if r.when != nil && disjoint(r.when, of) {
		return false
	}
	if r.days == nil {
		_, given := r.Def.Days.Table[option.Value]
		return given
	}
	if slices.ContainsFunc(fieldsRead(r.days), func(key value.FieldKey) bool { return key != tier }) {
		return true // by what else it reads it may
	}
	days, err := r.days.Run(expr.Context{Zone: time.UTC}, value.Doc{string(tier): option.Value})
	return days != nil || err != nil && fault.CodeOf(err) != codeAbsent
}
