package proof

import (
	"encoding/json"
	"strconv"

	"tidewater/engine/catalog"
	"tidewater/engine/decision"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// table tests a decision table: what it gives for inputs, args by key.
type table struct {
	*decision.Table
	key       string
	upkeep    *catalog.Upkeep // nil where nobody but administrators changes it
	rows      []bool          // that some case has hit
	otherwise bool
}

func newTable(c *catalog.Catalog, key string) *table {
	t := c.Tables[key]
	upkeep, _ := c.Upkept(catalog.UpkeepTable, key)
	return &table{Table: t, key: key, upkeep: upkeep, rows: make([]bool, len(t.Def.Rows))}
}

func (t *table) try(c meta.TestCase) ([]difference, fault.Issues) {
	wrong := append(unsuited(c, "effects", "values", "fields"), everybodys(c)...)
	inputs, issues := t.Read(c.Given.Args)
	wrong = append(wrong, issues.Under("/given/args")...)
	if len(wrong) > 0 {
		return nil, wrong
	}
	answer, err := t.Decide(inputs)
	if err != nil {
		return issuesOf(c.Expect.Issues, fault.Issues{{Code: fault.CodeOf(err)}}), nil
	}
	for _, n := range answer.Rows {
		t.rows[n] = true
	}
	t.otherwise = t.otherwise || len(answer.Rows) == 0
	out := issuesOf(c.Expect.Issues, nil)
	got := t.written(answer.Values)
	if want := c.Expect.Result; want != nil && !matches(want, got) {
		out = append(out, difference{"/result", text(want), text(got)})
	}
	return out, nil
}

// written is an answer as JSON has it; exact numbers are texts with their digits.
func (t *table) written(values value.Doc) any {
	if values == nil {
		return nil
	}
	out := map[string]any{}
	for _, o := range t.Outputs {
		v := values[string(o.Key)]
		if list, all := v.(value.List); all {
			texts := make([]any, len(list))
			for n, one := range list {
				texts[n] = writtenOutput(o, one)
			}
			out[string(o.Key)] = texts
		} else if v != nil {
			out[string(o.Key)] = writtenOutput(o, v)
		}
	}
	return out
}

func writtenOutput(o decision.Output, v value.Value) any {
	n, isNumber := v.(int64)
	switch {
	case !isNumber:
		return v
	case o.Type == decision.Date:
		return value.DayText(n)
	}
	return json.Number(value.FormatExact(n, o.Scale))
}

// cover tells which rows no case has hit, and whether none went past all of them where something is said for that.
func (t *table) cover() (int, []Missed) {
	var out []Missed
	for n, hit := range t.rows {
		if !hit {
			out = append(out, Missed{File: t.file(), Path: "/rows/" + strconv.Itoa(n)})
		}
	}
	ways := len(t.rows)
	if t.Def.Otherwise != nil {
		if ways++; !t.otherwise {
			out = append(out, Missed{File: t.file(), Path: "/otherwise"})
		}
	}
	return ways, out
}

func (t *table) file() string { return "tables/" + t.key + ".json" }
