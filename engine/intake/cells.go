package intake

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/field/region"
	"tidewater/engine/grid"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/text"
)

// reader makes of one text of a cell what the API takes for the field, or an issue without a path.
type reader func(text string, mark grid.Mark) (any, *fault.Issue)

func wrong(code string, args ...any) *fault.Issue {
	var issues fault.Issues
	issues.Add("", code, args...)
	return &issues[0]
}

// isNumeric tells the kinds of exact numbers.
func isNumeric(kind meta.FieldKind) bool {
	return kind == field.Number || kind == field.Currency || kind == field.Percent
}

// readerOf chooses how a column's cells are read, once.
func (i *Intake) readerOf(c *column) reader {
	kind := c.kind()
	switch kind {
	case field.Tags, field.Multiselect, field.Members, field.OrgUnits, field.References:
		c.many = true
	}
	switch {
	case c.field == nil:
		return readText
	case isNumeric(kind):
		return func(text string, mark grid.Mark) (any, *fault.Issue) { return c.number(kind, text, mark) }
	}
	switch kind {
	case field.Date:
		return func(text string, _ grid.Mark) (any, *fault.Issue) {
			m, code := readMoment(text, c.Dates)
			if code != "" {
				return nil, wrong(code)
			}
			return m.dayText(i.records.Zone), nil
		}
	case field.Datetime:
		return func(text string, _ grid.Mark) (any, *fault.Issue) {
			m, code := readMoment(text, c.Dates)
			if code != "" {
				return nil, wrong(code)
			}
			return m.instantText(i.records.Zone), nil
		}
	case field.Boolean:
		return readBool
	case field.Select, field.Stage, field.Multiselect:
		return optionReader(c.field.As.Options)
	case field.Cascade:
		return cascadeReader(c.field.As.Options)
	case field.Member, field.Members:
		return func(text string, _ grid.Mark) (any, *fault.Issue) { return i.person(text) }
	case field.OrgUnit, field.OrgUnits:
		return func(text string, _ grid.Mark) (any, *fault.Issue) { return i.unit(text) }
	case field.Zone:
		return func(text string, _ grid.Mark) (any, *fault.Issue) { return i.zone(text) }
	case field.Reference, field.References:
		return i.referenceReader(c)
	case field.Region:
		return readRegion
	}
	return c.readOther
}

// lossy is a number as spreadsheets show one that is too long for them.
var lossy = regexp.MustCompile(`^[+-]?[0-9](\.[0-9]+)?E\+[0-9]{2}$`)

func readText(text string, _ grid.Mark) (any, *fault.Issue) {
	if lossy.MatchString(text) {
		return nil, wrong("import.digitsLost")
	}
	return text, nil
}

// readOther is for kinds that take text, and for those that take numbers or JSON as well.
func (c *column) readOther(text string, mark grid.Mark) (any, *fault.Issue) {
	if c.part == "" && c.field.Shape.Type == store.Int {
		if plain, _, ok := number(text); ok {
			text = plain
		}
		return text, nil
	}
	if c.part == "" && c.field.Shape.Type == "" && strings.ContainsAny(text[:1], "{[") {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		var v any
		if err := decoder.Decode(&v); err == nil && !decoder.More() {
			return v, nil
		}
	}
	return readText(text, mark)
}

// number reads an exact number. A percentage is 12 where it reads 12 %, for a field of percents, and 0.12 for
// any other.
func (c *column) number(kind meta.FieldKind, text string, mark grid.Mark) (any, *fault.Issue) {
	plain, percent, ok := number(text)
	if !ok {
		return nil, wrong("field.number")
	}
	switch {
	case mark == grid.Percent && kind == field.Percent:
		plain, _ = reckon(plain, "100", nil)
	case percent && kind != field.Percent:
		plain, _ = reckon(plain, "0.01", nil)
	}
	if c.Times != "" || c.Round != nil {
		if plain, ok = reckon(plain, c.Times, c.Round); !ok {
			return nil, wrong("field.number")
		}
	}
	return plain, nil
}

// bools are the words for yes and no, folded.
var bools = map[string]bool{
	"true": true, "yes": true, "y": true, "1": true, "是": true, "√": true, "✓": true, "✔": true, "对": true, "有": true, "on": true,
	"false": false, "no": false, "n": false, "0": false, "否": false, "×": false, "✗": false, "✘": false, "x": false, "错": false,
	"无": false, "不是": false, "off": false,
}

func readBool(said string, _ grid.Mark) (any, *fault.Issue) {
	b, ok := bools[text.Fold(said)]
	if !ok {
		return nil, wrong("field.boolean")
	}
	return b, nil
}

// choices are options by what they are called: their value, or else their label in any language.
func choices(options []meta.Option) map[string]meta.Option {
	out := map[string]meta.Option{}
	for _, o := range options {
		for _, label := range o.Label {
			if _, taken := out[text.Fold(label)]; !taken {
				out[text.Fold(label)] = o
			}
		}
	}
	for _, o := range options {
		out[text.Fold(o.Value)] = o
	}
	return out
}

// chosen is the option that a text means: by value, else by label in any language.
func chosen(options []meta.Option, called map[string]meta.Option, said string) (meta.Option, bool) {
	if o, ok := field.OptionOf(options, said); ok {
		return o, true
	}
	o, ok := called[text.Fold(said)]
	return o, ok
}

// OptionName is what an option is called in a language, if that means it; else it is its value.
func OptionName(options []meta.Option, value, locale string) string {
	o, known := field.OptionOf(options, value)
	if !known {
		return value
	}
	label := o.Label.In(locale)
	if meant, ok := chosen(options, choices(options), label); !ok || meant.Value != value {
		return value
	}
	return label
}

func optionReader(options []meta.Option) reader {
	called := choices(options)
	return func(said string, _ grid.Mark) (any, *fault.Issue) {
		o, ok := chosen(options, called, said)
		if !ok {
			return nil, wrong("field.option", "value", said)
		}
		return o.Value, nil
	}
}

// between are what parts the levels of a path.
const between = "/>＞／→\n"

// cascadeReader reads a path such as "East / Shanghai", or a JSON list of the values.
func cascadeReader(options []meta.Option) reader {
	return func(said string, _ grid.Mark) (any, *fault.Issue) {
		var path []any
		if json.Unmarshal([]byte(said), &path) == nil && len(path) > 0 {
			return path, nil
		}
		path = []any{}
		level := options
		for _, part := range strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune(between, r) }) {
			o, ok := chosen(level, choices(level), strings.TrimSpace(part))
			if !ok {
				return nil, wrong("field.option", "value", strings.TrimSpace(part))
			}
			path = append(path, o.Value)
			level = o.Children
		}
		return path, nil
	}
}

// PathName writes a path through options as cascades are read.
func PathName(options []meta.Option, path []string, locale string) string {
	names := make([]string, len(path))
	for n, value := range path {
		names[n] = OptionName(options, value, locale)
		if strings.ContainsAny(names[n], between) || strings.TrimSpace(names[n]) != names[n] || strings.HasPrefix(names[n], "[") {
			text, err := json.Marshal(path)
			if err != nil {
				return "" // a list of texts is always JSON
			}
			return string(text)
		}
		o, _ := field.OptionOf(options, value)
		options = o.Children
	}
	return strings.Join(names, " / ")
}

func readRegion(said string, _ grid.Mark) (any, *fault.Issue) {
	if region.Valid(said) {
		return said, nil
	}
	code, ok := region.Find(said)
	if !ok {
		return nil, wrong("field.region")
	}
	return code, nil
}

// separators part many values in one cell. Where there is a line end, only line ends do: that is how values
// with separators in them are written.
const separators = ";；、,，"

// several splits a cell of many values.
func several(cell string) []string {
	by := separators
	if strings.Contains(cell, "\n") {
		by = "\n"
	}
	var out []string
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(by, r) }) {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, part) {
			out = append(out, part)
		}
	}
	return out
}

// Together writes many values into one cell, so that several reads them as they are.
func Together(texts []string) string {
	for _, text := range texts {
		if strings.ContainsAny(text, separators) {
			return strings.Join(texts, "\n") + "\n"
		}
	}
	return strings.Join(texts, "; ")
}

// parts are the texts of a cell, each of which its reader reads. A cell that as a whole is a choice, or is
// translated, is one.
func (c *column) parts(cell string) []string {
	if _, meant := c.Values[strings.TrimSpace(cell)]; !c.many || meant {
		return []string{strings.TrimSpace(cell)}
	}
	if c.kind() == field.Multiselect && !strings.Contains(cell, "\n") {
		if _, whole := choices(c.field.As.Options)[text.Fold(cell)]; whole {
			return []string{strings.TrimSpace(cell)}
		}
	}
	return several(cell)
}

// value reads a cell; nil for an empty one.
func (c *column) value(cell string, mark grid.Mark) (any, *fault.Issue) {
	switch mark {
	case grid.Lost:
		return nil, wrong("import.digitsLost")
	case grid.Broken:
		return nil, wrong("import.errorCell", "text", cell)
	case grid.Uncomputed:
		return nil, wrong("import.formula")
	}
	if isBlank(cell) {
		return nil, nil
	}
	many := []any{}
	for _, part := range c.parts(cell) {
		if meant, ok := c.Values[part]; ok {
			part = meant
		}
		if part == "" {
			continue
		}
		v, issue := c.read(part, mark)
		if issue != nil {
			return nil, issue
		}
		if !c.many {
			return v, nil
		}
		many = append(many, v)
	}
	if len(many) == 0 {
		return nil, nil
	}
	return many, nil
}

func isBlank(cell string) bool { return strings.TrimSpace(cell) == "" }
