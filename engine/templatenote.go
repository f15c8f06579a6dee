package engine

import (
	"slices"
	"strings"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/meta"
	"tidewater/engine/text"
)

// note tells what a column takes: what its field is for, how it is written, and its limits, a line each.
func (t *templating) note(f *catalog.Field, c fillIn, must bool) string {
	var lines []string
	add := func(code string, args fault.Args) { lines = append(lines, t.text(code, args)) }
	if help := labelOf(f.Def.Help, t.locale); help != "" {
		lines = append(lines, help)
	}
	add("templateKind."+string(f.As.Kind), fault.Args{"points": field.PointsOf(f.As), "example": `{"a": 1}`})
	if c.to.By != "" {
		lines = append(lines, t.named(f, c.to.By))
	}
	if len(c.Among) > 0 {
		add("template.choose", nil)
	}
	switch {
	case must:
		add("template.required", nil)
	case f.Def.RequiredIf != "":
		add("template.requiredIf", nil)
	case f.Def.Default != "":
		add("template.default", nil)
	}
	if f.Def.Unique {
		add("template.unique", nil)
	}
	return strings.Join(append(lines, t.limits(f.As)...), "\n")
}

// named says by what a reference names its record.
func (t *templating) named(f *catalog.Field, by string) string {
	form, err := t.Records.FormOf(t.actor, f.As.Ref)
	if err != nil {
		return t.text("template.byID", nil)
	}
	for _, one := range form.Fields {
		if string(one.Key) == by {
			return t.text("template.by", fault.Args{"form": form.Def.Label, "field": one.Def.Label})
		}
	}
	return t.text("template.byID", nil)
}

// limits are a field's bounds, a line each.
func (t *templating) limits(def *meta.Field) (lines []string) {
	add := func(code, name string, v any) { lines = append(lines, t.text(code, fault.Args{name: v})) }
	if def.MinLength != nil {
		add("template.minLength", "min", *def.MinLength)
	}
	if def.MaxLength != nil {
		add("template.maxLength", "max", *def.MaxLength)
	}
	if def.Pattern != "" {
		add("template.pattern", "pattern", def.Pattern)
	}
	if def.Minimum != "" {
		add("template.min", "min", def.Minimum)
	}
	if def.Maximum != "" {
		add("template.max", "max", def.Maximum)
	}
	if def.MinItems != nil {
		add("template.minItems", "min", *def.MinItems)
	}
	if def.MaxItems != nil {
		add("template.maxItems", "max", *def.MaxItems)
	}
	if kind, scale, _ := kindOfCells(def); kind == grid.Exact && scale > 0 {
		add("template.scale", "scale", scale)
	}
	return lines
}

// kindOfCells is how the cells of a field are typed: its numbers and days as such, everything else as text.
func kindOfCells(def *meta.Field) (kind grid.Kind, scale, width int) {
	switch def.Kind {
	case field.Number, field.Currency, field.Percent:
		return grid.Exact, field.ScaleOf(def), 0
	case field.Rating:
		return grid.Exact, 0, 0
	case field.Date:
		return grid.Day, 0, 12
	case field.Datetime:
		return grid.Instant, 0, 20
	}
	return grid.Text, 0, 0
}

// optionNames are what the options that are offered are called.
func optionNames(options []meta.Option, locale string) (out []string) {
	for _, o := range options {
		if !o.Off {
			out = append(out, intake.OptionName(options, o.Value, locale))
		}
	}
	return out
}

// pathNames are the paths through options of several levels, from the top.
func pathNames(options []meta.Option, locale string) (out []string) {
	var walk func(level []meta.Option, above []string)
	walk = func(level []meta.Option, above []string) {
		for _, o := range level {
			if path := append(slices.Clone(above), o.Value); !o.Off {
				out = append(out, intake.PathName(options, path, locale))
				walk(o.Children, path)
			}
		}
	}
	walk(options, nil)
	return out
}

// people are who is active, by name where only one is called so.
func (t *templating) people() (out []string) {
	users := t.Records.Org().Users()
	times := map[string]int{}
	for _, u := range users {
		times[text.Fold(u.Name)]++
	}
	for _, u := range users {
		name := u.Name
		if name == "" || times[text.Fold(name)] > 1 {
			name = u.Username
		}
		if u.Active {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// units are the org units, each behind those above it where another is called so too.
func (t *templating) units() (out []string) {
	people := t.Records.Org()
	times := map[string]int{}
	for _, u := range people.Units() {
		times[text.Fold(labelOf(u.Name, t.locale))]++
	}
	for _, u := range people.Units() {
		name := labelOf(u.Name, t.locale)
		if times[text.Fold(name)] > 1 {
			path := people.Path(u.ID) // from the unit upwards
			names := make([]string, len(path))
			for n, id := range path {
				above, _ := people.Unit(id)
				names[len(path)-1-n] = labelOf(above.Name, t.locale)
			}
			name = strings.Join(names, " / ")
		}
		out = append(out, name)
	}
	return out
}

// zones are the zones, by key where two are called alike.
func (t *templating) zones() (out []string) {
	zones := t.Records.Org().Zones()
	times := map[string]int{}
	for _, z := range zones {
		times[text.Fold(labelOf(z.Name, t.locale))]++
	}
	for _, z := range zones {
		name := labelOf(z.Name, t.locale)
		if name == "" || times[text.Fold(name)] > 1 {
			name = z.Key
		}
		out = append(out, name)
	}
	return out
}
