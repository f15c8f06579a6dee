package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// column is a column on its way into a field, or with no name a text that is the same for all.
type column struct {
	name string
	flag string // the field as the flags call it: "price", "lines.price"
	text string // of one without a name
	key  string // within the record, or the row
	kind meta.FieldKind
}

// gather finds the rows that belong to each key.
func (i *Intake) gather() error {
	if err := errors.Join(i.sheet.Has(i.Key), i.details.Has(i.Key)); err != nil {
		return err
	}
	i.spread = map[string][]int{}
	for place := range i.details.Rows {
		key := i.details.Cell(place, i.Key)
		i.spread[key] = append(i.spread[key], place)
	}
	return nil
}

// check holds the plan against the files and the form, and lists all that does not fit.
func (i *Intake) check() error {
	seen := i.visible
	form, known := i.records.Catalog().Forms[i.Form]
	if !known || seen[i.Form] == nil {
		return fault.New(fault.NotFound, "form.unknown").At(i.At("form", string(i.Form), "")).With("form", string(i.Form))
	}
	var issues fault.Issues
	for _, m := range i.Mapped {
		i.place(form, i.At("map", m.Left, m.Right), column{name: m.Left, flag: m.Right}, &issues)
	}
	for _, m := range i.Fixed {
		i.place(form, i.At("set", m.Left, m.Right), column{flag: m.Left, text: m.Right}, &issues)
	}
	for _, m := range i.Refs {
		target, by, _ := strings.Cut(m.Right, ".")
		if there, ok := seen[value.FormKey(target)]; !ok {
			issues.Add(i.At("ref", m.Left, m.Right), "form.unknown", "form", target)
		} else if !there[value.FieldKey(by)] {
			issues.Add(i.At("ref", m.Left, m.Right), "field.unknown", "field", by)
		}
	}
	for _, m := range i.Rounded {
		if places, err := strconv.Atoi(m.Right); err != nil || places < 0 || places > field.MaxScale {
			issues.Add(i.At("round", m.Left, m.Right), "field.range", "min", 0, "max", field.MaxScale)
		}
	}
	for _, m := range i.Factors {
		if _, ok := exact(m.Right); !ok {
			issues.Add(i.At("times", m.Left, m.Right), "field.number")
		}
	}
	i.checkNames(form, &issues)
	return issues.Fault("import", "import.flags")
}

// checkNames holds that flags which say how to read a field name one that is mapped, for a slip of the
// pen would let dirty values through.
func (i *Intake) checkNames(form *catalog.Form, issues *fault.Issues) {
	mapped := map[string]bool{}
	for _, m := range i.Mapped {
		mapped[m.Right] = true
	}
	for _, m := range i.Fixed {
		mapped[m.Left] = true
	}
	for _, flag := range []struct {
		name  string
		pairs Pairs
	}{{"ref", i.Refs}, {"times", i.Factors}, {"round", i.Rounded}} {
		for _, m := range flag.pairs {
			if !mapped[m.Left] {
				issues.Add(i.At(flag.name, m.Left, m.Right), "field.unknown", "field", m.Left)
			}
		}
	}
	for _, user := range i.Users {
		if !mapped[user] {
			issues.Add(i.At("user", user, ""), "field.unknown", "field", user)
		}
	}
	if i.Table == "" {
		return
	}
	if one, ok := form.Field(value.FieldKey(i.Table)); !ok || one.Def.Kind != field.Table {
		issues.Add(i.At("table", i.Table, ""), "field.unknown", "field", i.Table)
	}
}

// place finds the field of a column and the file that has it.
func (i *Intake) place(form *catalog.Form, at string, c column, issues *fault.Issues) {
	from, columns, fields := i.sheet, &i.columns, form.Fields
	c.key = c.flag
	if key, inTable := strings.CutPrefix(c.flag, i.Table+"."); inTable && i.details != nil {
		from, columns, c.key, fields = i.details, &i.inRows, key, nil
		if table, ok := form.Field(value.FieldKey(i.Table)); ok {
			fields = table.Columns
		}
	}
	if top, _, _ := strings.Cut(c.flag, "."); !i.visible[form.Key][value.FieldKey(top)] {
		fields = nil
	}
	n := slices.IndexFunc(fields, func(f *catalog.Field) bool { return string(f.Key) == c.key })
	if n < 0 {
		issues.Add(at, "field.unknown", "field", c.flag)
		return
	}
	if fields[n].Computed() {
		issues.Add(at, "field.computed")
	}
	if c.name != "" && from.Has(c.name) != nil {
		issues.Add(at, "import.columnMissing", "column", c.name)
	}
	c.kind = fields[n].Def.Kind
	*columns = append(*columns, c)
}

// Record makes the values of the record at a place, with its rows. The error is not the row's fault.
func (i *Intake) Record(ctx context.Context, place int) (map[string]any, fault.Issues, error) {
	values, issues, err := i.valuesOf(ctx, i.sheet, place, i.columns)
	if err != nil || i.details == nil {
		return values, issues, err
	}
	rows := []any{}
	for _, at := range i.spread[i.sheet.Cell(place, i.Key)] {
		row, more, err := i.valuesOf(ctx, i.details, at, i.inRows)
		if err != nil {
			return nil, nil, err
		}
		issues = append(issues, more.InFile(fmt.Sprintf("%s row %d", i.details.Name, i.details.Number(at)))...)
		rows = append(rows, row)
	}
	values[i.Table] = rows
	return values, issues, nil
}

func (i *Intake) valuesOf(ctx context.Context, s *Sheet, place int, columns []column) (map[string]any, fault.Issues, error) {
	out := make(map[string]any, len(columns))
	var issues fault.Issues
	for _, c := range columns {
		text := c.text
		if c.name != "" {
			text = s.Cell(place, c.name)
		}
		v, wrong, err := i.cell(ctx, c, strings.TrimSpace(text))
		if err != nil {
			return nil, nil, err
		}
		if wrong != "" {
			issues.Add(i.pointer(c, text), wrong)
		} else if v != nil {
			out[c.key] = v
		}
	}
	return out, issues, nil
}

// pointer names a cell for people.
func (i *Intake) pointer(c column, text string) string {
	const most = 60
	if cut := []rune(text); len(cut) > most {
		text = string(cut[:most]) + "…"
	}
	return fmt.Sprintf("%s %q", cmp.Or(c.name, i.At("set", c.flag, "")), text)
}

// cell turns a cell into a value for its field, or says with a code what is wrong; nil for an empty cell.
func (i *Intake) cell(ctx context.Context, c column, text string) (v any, wrong string, err error) {
	if text == "" {
		return nil, "", nil
	}
	switch c.kind {
	case field.Tags, field.Multiselect, field.Members, field.References:
		many := []any{}
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' }) {
			one, wrong, err := i.single(ctx, c, strings.TrimSpace(part))
			if wrong != "" || err != nil {
				return nil, wrong, err
			}
			many = append(many, one)
		}
		return many, "", nil
	}
	return i.single(ctx, c, text)
}

func (i *Intake) single(ctx context.Context, c column, text string) (v any, wrong string, err error) {
	if meant, ok := i.Values.Get(c.flag + "." + text); ok {
		text = meant
	}
	factor, times := i.Factors.Get(c.flag)
	decimals, round := i.Rounded.Get(c.flag)
	if times || round {
		text, ok := reckon(text, factor, decimals)
		if !ok {
			return nil, "field.number", nil
		}
		return text, "", nil
	}
	if target, ok := i.Refs.Get(c.flag); ok {
		return i.reference(ctx, target, text)
	}
	if slices.Contains(i.Users, c.flag) {
		user, known := i.records.Org().UserByName(text)
		if !known {
			return nil, "field.member", nil
		}
		return string(user.ID), "", nil
	}
	if c.kind == field.Boolean {
		if b, err := strconv.ParseBool(strings.ToLower(text)); err == nil && len(text) > 1 {
			return b, "", nil
		}
		return nil, "field.boolean", nil
	}
	return text, "", nil
}

// exact reads plain decimal text such as -12.50, and nothing that is only nearly a number.
func exact(text string) (*big.Rat, bool) {
	const most = 40
	if len(text) > most || strings.Trim(text, "+-.0123456789") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// reckon multiplies and rounds decimal text exactly; halves go away from zero. Without decimals it keeps
// all there are.
func reckon(text, factor, decimals string) (string, bool) {
	number, ok := exact(text)
	if !ok {
		return "", false
	}
	if by, ok := exact(factor); ok {
		number.Mul(number, by)
	}
	places, err := strconv.Atoi(decimals)
	if err != nil {
		places, _ = number.FloatPrec()
	}
	return number.FloatString(places), true
}

// reference finds the one record that a cell names.
func (i *Intake) reference(ctx context.Context, target, text string) (v any, wrong string, err error) {
	form, by, _ := strings.Cut(target, ".")
	key := target + "\x00" + text
	if id, known := i.found[key]; known {
		return string(id), "", nil
	}
	page, err := i.records.List(ctx, i.actor, record.ListRequest{
		Form: value.FormKey(form), Limit: 2, Filter: map[string]any{"field": by, "op": "eq", "value": text},
	})
	if err != nil {
		return nil, "", err
	}
	switch len(page.Records) {
	case 0:
		return nil, "field.reference", nil
	case 1:
		i.found[key] = page.Records[0].ID
		return string(page.Records[0].ID), "", nil
	}
	return nil, "import.ambiguous", nil
}

// Pointed puts cells in place of the paths by which the engine says what is wrong: people look into their
// files.
func (i *Intake) Pointed(place int, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	out := *f
	out.Issues = slices.Clone(f.Issues)
	for n, issue := range out.Issues {
		out.Issues[n] = i.pointedIssue(place, issue)
	}
	return &out
}

func (i *Intake) pointedIssue(place int, issue fault.Issue) fault.Issue {
	s, columns := i.sheet, i.columns
	key, rest, _ := strings.Cut(strings.TrimPrefix(issue.Path, "/values/"), "/")
	if i.details != nil && key == i.Table && rest != "" {
		number, inRow, _ := strings.Cut(rest, "/")
		n, err := strconv.Atoi(number)
		rows := i.spread[i.sheet.Cell(place, i.Key)]
		if err != nil || n < 0 || n >= len(rows) {
			return issue
		}
		s, columns, place, key = i.details, i.inRows, rows[n], inRow
		issue.File = fmt.Sprintf("%s row %d", s.Name, s.Number(place))
	}
	for _, c := range columns {
		if c.key == key {
			text := c.text
			if c.name != "" {
				text = s.Cell(place, c.name)
			}
			issue.Path = i.pointer(c, text)
		}
	}
	return issue
}
