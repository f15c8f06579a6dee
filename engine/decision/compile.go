package decision

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/govalues/decimal"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Options returns the options of a field that an input names as form.field; false for one that has none.
type Options func(of string) ([]string, bool)

// Compile makes a table of its definition, which its schema holds already. The table is nil when there is
// any issue; there are then all of them, what the rows leave out and cover twice only once all can be read.
func Compile(def meta.Table, options Options) (*Table, fault.Issues) {
	c := &compiling{table: &Table{Def: def}, options: options}
	c.inputs()
	c.outputs()
	if len(c.issues) == 0 {
		c.rows()
		c.otherwise()
		c.amount()
	}
	if len(c.issues) == 0 {
		c.cover()
	}
	if len(c.issues) > 0 {
		return nil, c.issues
	}
	return c.table, nil
}

type compiling struct {
	table   *Table
	options Options
	issues  fault.Issues
}

func (c *compiling) inputs() {
	seen := map[value.FieldKey]bool{}
	for n, def := range c.table.Def.Inputs {
		at := "/inputs/" + strconv.Itoa(n)
		in := Input{Def: def, Type: Type(def.Type)}
		if seen[def.Key] {
			c.issues.Add(at+"/key", "meta.duplicate", "key", string(def.Key))
		}
		seen[def.Key] = true
		switch {
		case in.Type != Option && (def.Of != "" || def.Options != nil):
			c.issues.Add(at+"/type", "table.optionsOfNone")
		case in.Type != Option:
		case (def.Of != "") == (def.Options != nil):
			c.issues.Add(at, "table.optionsOnce")
		case def.Of != "":
			var known bool
			if in.Options, known = c.options(def.Of); !known {
				c.issues.Add(at+"/of", "table.of", "of", def.Of)
			}
		default:
			in.Options = def.Options
		}
		in.column = &column{kind: in.Type, options: in.Options, optional: def.Optional}
		c.domain(at, &in)
		c.table.Inputs = append(c.table.Inputs, in)
	}
}

// domain reads from where to where an input comes at all.
func (c *compiling) domain(at string, in *Input) {
	for name, raw := range map[string]json.RawMessage{"from": in.Def.From, "to": in.Def.To} {
		if raw == nil {
			continue
		}
		if !in.Type.hasOrder() {
			c.issues.Add(at+"/"+name, "table.noRange", "type", string(in.Type))
			continue
		}
		v, issue := scalar(raw, in.Type, nil)
		if issue != nil {
			issue.Path = at + "/" + name
			c.issues = append(c.issues, *issue)
			continue
		}
		d, _ := number(v)
		if name == "from" {
			in.column.domain.low = &bound{d, true}
		} else {
			in.column.domain.high = &bound{d, true}
		}
	}
}

func (c *compiling) outputs() {
	seen := map[value.FieldKey]bool{}
	for n, def := range c.table.Def.Outputs {
		at := "/outputs/" + strconv.Itoa(n)
		if seen[def.Key] {
			c.issues.Add(at+"/key", "meta.duplicate", "key", string(def.Key))
		}
		seen[def.Key] = true
		if def.Scale != 0 && Type(def.Type) != Decimal {
			c.issues.Add(at+"/scale", "table.scaleOfNone")
		}
		c.table.Outputs = append(c.table.Outputs, Output{Key: def.Key, Label: def.Label, Type: Type(def.Type), Scale: def.Scale})
	}
}

func (c *compiling) rows() {
	for n, def := range c.table.Def.Rows {
		at := "/rows/" + strconv.Itoa(n)
		var made row
		known := 0
		for i := range c.table.Inputs {
			in := &c.table.Inputs[i]
			raw, asked := def.When[in.Def.Key]
			if !asked {
				continue
			}
			known++
			one, issues := cellOf(raw, i, in)
			c.issues = append(c.issues, issues.Under(at+"/when/"+string(in.Def.Key))...)
			made.cells = append(made.cells, one)
		}
		if known < len(def.When) {
			for _, key := range slices.Sorted(maps.Keys(def.When)) {
				if c.input(key) < 0 {
					c.issues.Add(at+"/when/"+fault.Escape(string(key)), "meta.unknownKey", "key", string(key))
				}
			}
		}
		made.then = c.values(at+"/then", def.Then)
		c.table.rows = append(c.table.rows, made)
	}
}

func (c *compiling) input(key value.FieldKey) int {
	return slices.IndexFunc(c.table.Inputs, func(in Input) bool { return in.Def.Key == key })
}

func (c *compiling) output(key value.FieldKey) int {
	return slices.IndexFunc(c.table.Outputs, func(out Output) bool { return out.Key == key })
}

// values reads outputs into stored form.
func (c *compiling) values(at string, written map[value.FieldKey]json.RawMessage) value.Doc {
	out := value.Doc{}
	for _, key := range slices.Sorted(maps.Keys(written)) {
		place := at + "/" + fault.Escape(string(key))
		n := c.output(key)
		if n < 0 {
			c.issues.Add(place, "meta.unknownKey", "key", string(key))
			continue
		}
		of := c.table.Outputs[n]
		v, issue := scalar(written[key], of.Type, nil)
		if issue == nil {
			v, issue = stored(v, of.Scale)
		}
		if issue != nil {
			issue.Path = place
			c.issues = append(c.issues, *issue)
			continue
		}
		out[string(key)] = v
	}
	return out
}

// stored is a value in stored form; a number must not have more digits than its output keeps.
func stored(v any, scale int) (value.Value, *fault.Issue) {
	d, isNumber := v.(decimal.Decimal)
	if !isNumber {
		return v, nil
	}
	d = d.Trim(0)
	scaled, beyond := scaledTo(d, scale)
	if beyond || d.Scale() > scale {
		return nil, &fault.Issue{Code: "table.digits", Args: fault.Args{"scale": scale}}
	}
	return scaled, nil
}

func (c *compiling) otherwise() {
	said := c.table.Def.Otherwise
	if said != nil && said.Then != nil {
		c.table.otherwise = c.values("/otherwise/then", said.Then)
	}
}

// amount checks what is reckoned, which comes last of the outputs.
func (c *compiling) amount() {
	def := c.table.Def.Amount
	if def == nil {
		return
	}
	numeric := func(place string, n int, t func(int) Type) {
		if n < 0 || !t(n).isNumber() {
			c.issues.Add("/amount/"+place, "table.amountOf")
		}
	}
	inputType := func(n int) Type { return c.table.Inputs[n].Type }
	a := &amount{def: *def, of: c.input(def.Of), by: c.input(def.Of), per: -1, rate: c.output(def.Rate)}
	numeric("of", a.of, inputType)
	numeric("rate", a.rate, func(n int) Type { return c.table.Outputs[n].Type })
	if def.By != "" {
		a.by = c.input(def.By)
		numeric("by", a.by, inputType)
	}
	if def.Per != "" {
		a.per = c.input(def.Per)
		numeric("per", a.per, inputType)
	}
	if c.output(def.Key) >= 0 {
		c.issues.Add("/amount/key", "meta.duplicate", "key", string(def.Key))
	}
	if c.table.Def.Hit == meta.HitCollect {
		c.issues.Add("/amount", "table.amountOfMany")
	}
	if def.Mode == progressive {
		if c.table.Def.Hit != meta.HitUnique {
			c.issues.Add("/amount/mode", "table.progressiveUnique")
		}
		if def.By != "" && def.By != def.Of && def.Per == "" {
			c.issues.Add("/amount/by", "table.byWithoutPer")
		}
	} else if def.By != "" || def.Per != "" {
		c.issues.Add("/amount/mode", "table.byOfWhole")
	}
	c.table.amount = a
	c.table.Outputs = append(c.table.Outputs, Output{Key: def.Key, Label: def.Label, Type: Decimal, Scale: def.Scale})
}
