package catalog

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// analysePools looks for pools that could take the same records where neither comes first, and for days that nobody
// could mean.
func (c *compiler) analysePools(form *Form) {
	for n, p := range form.Pools {
		path := "pools/" + p.Def.Key + ".json"
		for i, rule := range p.Rules {
			c.analyseReclaim(form, path, "/reclaim/"+strconv.Itoa(i), rule)
		}
		c.analyseTiers(form, p, path)
		for _, other := range form.Pools[:n] {
			if other.priority() == p.priority() && p.when != nil && other.when != nil && !disjoint(p.when, other.when) {
				c.say(path, "/priority", fault.Issue{Code: "pool.rivals", Args: fault.Args{"pool": other.Def.Label}})
			}
		}
	}
}

// disjoint tells whether it is proven that no record meets both conditions.
func disjoint(a, b *expr.Pushed) bool {
	return expr.Impossible(expr.Claim{Condition: a.Program(), Holds: true}, expr.Claim{Condition: b.Program(), Holds: true})
}

func (c *compiler) analyseReclaim(form *Form, path, at string, rule *ReclaimRule) {
	// That there is no such pool at all is told already.
	if _, known := form.Pool(rule.Def.Target); !known && c.bundle["pools/"+rule.Def.Target+".json"] != nil {
		c.say(path, at+"/target", reference(rule.Def.Target))
	}
	if rule.days == nil {
		return // a table of the pool itself, whose numbers its schema holds
	}
	days := c.daysOf(rule.days)
	if days.lacking {
		c.warn(path, at+"/days", fault.Issue{Code: "pool.tierUncovered"})
	}
	if !days.known {
		return
	}
	if days.least < 0 {
		c.say(path, at+"/days", fault.Issue{Code: "field.min", Args: fault.Args{"min": 0}})
	}
	for n, remind := range rule.Def.Remind {
		if remind.Before > days.least {
			c.say(path, at+"/remind/"+strconv.Itoa(n)+"/before", fault.Issue{Code: "field.max", Args: fault.Args{"max": max(days.least, 0)}})
		}
	}
}

// daysFound is what is known of the days that an expression can give.
type daysFound struct {
	known   bool
	least   int
	lacking bool // for some records it gives none
}

// daysOf looks through an expression that ends in numbers as they are written, or is one column of a decision table; of
// any other nothing is known.
func (c *compiler) daysOf(program *expr.Program) daysFound {
	if all, known := program.Outcomes(); known && len(all) > 0 {
		return daysFound{known: true, least: slices.Min(all)}
	}
	source := strings.TrimSpace(program.Source())
	calls := program.Calls()
	column, ok := columnOf(source)
	if !ok || len(calls) != 1 {
		return daysFound{}
	}
	table, ok := c.catalog.Tables[calls[0]]
	if !ok || table.Collects() || !slices.ContainsFunc(table.Def.Outputs, func(o meta.TableOutput) bool { return o.Key == column }) {
		return daysFound{}
	}
	given := make([]map[value.FieldKey]json.RawMessage, 0, len(table.Def.Rows)+1)
	for _, row := range table.Def.Rows {
		given = append(given, row.Then)
	}
	out := daysFound{}
	if said := table.Def.Otherwise; said != nil {
		given = append(given, said.Then)
	}
	for _, then := range given {
		n, err := strconv.Atoi(strings.Trim(string(then[column]), `"`))
		if err != nil {
			out.lacking = true
			continue
		}
		if !out.known || n < out.least {
			out.known, out.least = true, n
		}
	}
	return out
}

// columnOf is the column that a source like "table(a, b).column" takes of its one call.
func columnOf(source string) (value.FieldKey, bool) {
	open := strings.IndexByte(source, '(')
	end := strings.LastIndexByte(source, ')')
	if open < 1 || end < open || !strings.HasPrefix(source[end+1:], ".") {
		return "", false
	}
	depth := 0
	for n, char := range source[open : end+1] {
		switch char {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 && open+n != end {
				return "", false // the call ends before: something is done with what it gives
			}
		}
	}
	column := source[end+2:]
	return value.FieldKey(column), goodKey.MatchString(column)
}
