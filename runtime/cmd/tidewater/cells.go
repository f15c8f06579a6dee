package main

import (
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

// openSheets reads the file and, if there is one, that of the rows.
func (i *importer) openSheets(path string) (err error) {
	if i.sheet, err = openSheet(path); err != nil || i.rows.path == "" {
		return err
	}
	if i.details, err = openSheet(i.rows.path); err != nil {
		return err
	}
	if err := errors.Join(i.sheet.has(i.rows.key), i.details.has(i.rows.key)); err != nil {
		return err
	}
	i.spread = map[string][]int{}
	for place := range i.details.rows {
		key := i.details.cell(place, i.rows.key)
		i.spread[key] = append(i.spread[key], place)
	}
	return nil
}

// check holds the flags against the files and the form, and lists all that does not fit.
func (i *importer) check() error {
	all := i.tenant.Engine.Catalog()
	form, known := all.Forms[i.form]
	if !known {
		return fault.New(fault.NotFound, "form.unknown").At("--form").With("form", string(i.form))
	}
	var issues fault.Issues
	for _, m := range i.mapped {
		i.place(form, "--map "+m.left+"="+m.right, column{name: m.left, flag: m.right}, &issues)
	}
	for _, m := range i.fixed {
		i.place(form, "--set "+m.left+"="+m.right, column{flag: m.left, text: m.right}, &issues)
	}
	for _, m := range i.refs {
		target, by, _ := strings.Cut(m.right, ".")
		if there, ok := all.Forms[value.FormKey(target)]; !ok {
			issues.Add("--ref "+m.left+"="+m.right, "form.unknown", "form", target)
		} else if _, ok := there.Field(value.FieldKey(by)); !ok {
			issues.Add("--ref "+m.left+"="+m.right, "field.unknown", "field", by)
		}
	}
	for _, m := range i.rounded {
		if places, err := strconv.Atoi(m.right); err != nil || places < 0 || places > field.MaxScale {
			issues.Add("--round "+m.left+"="+m.right, "field.range", "min", 0, "max", field.MaxScale)
		}
	}
	for _, m := range i.factors {
		if _, ok := exact(m.right); !ok {
			issues.Add("--times "+m.left+"="+m.right, "field.number")
		}
	}
	i.checkNames(form, &issues)
	return issues.Fault("import", "import.flags")
}

// checkNames holds that flags which say how to read a field name one that is mapped, for a slip of the
// pen would let dirty values through.
func (i *importer) checkNames(form *catalog.Form, issues *fault.Issues) {
	mapped := map[string]bool{}
	for _, m := range i.mapped {
		mapped[m.right] = true
	}
	for _, m := range i.fixed {
		mapped[m.left] = true
	}
	for _, flag := range []struct {
		name  string
		pairs pairs
	}{{"--ref", i.refs}, {"--times", i.factors}, {"--round", i.rounded}} {
		for _, m := range flag.pairs {
			if !mapped[m.left] {
				issues.Add(flag.name+" "+m.left+"="+m.right, "field.unknown", "field", m.left)
			}
		}
	}
	for _, user := range i.users {
		if !mapped[user] {
			issues.Add("--user "+user, "field.unknown", "field", user)
		}
	}
	if i.rows.table == "" {
		return
	}
	if one, ok := form.Field(value.FieldKey(i.rows.table)); !ok || one.Def.Kind != field.Table {
		issues.Add("--table "+i.rows.table, "field.unknown", "field", i.rows.table)
	}
}

// place finds the field of a column and the file that has it.
func (i *importer) place(form *catalog.Form, at string, c column, issues *fault.Issues) {
	from, columns, fields := i.sheet, &i.columns, form.Fields
	c.key = c.flag
	if key, inTable := strings.CutPrefix(c.flag, i.rows.table+"."); inTable && i.details != nil {
		from, columns, c.key, fields = i.details, &i.inRows, key, nil
		if table, ok := form.Field(value.FieldKey(i.rows.table)); ok {
			fields = table.Columns
		}
	}
	n := slices.IndexFunc(fields, func(f *catalog.Field) bool { return string(f.Key) == c.key })
	if n < 0 {
		issues.Add(at, "field.unknown", "field", c.flag)
		return
	}
	if fields[n].Computed() {
		issues.Add(at, "field.computed")
	}
	if c.name != "" && from.has(c.name) != nil {
		issues.Add(at, "import.columnMissing", "column", c.name)
	}
	c.kind = fields[n].Def.Kind
	*columns = append(*columns, c)
}

// recordOf makes the values of the record at a place, with its rows. The error is not the row's fault.
func (i *importer) recordOf(ctx context.Context, place int) (map[string]any, fault.Issues, error) {
	values, issues, err := i.valuesOf(ctx, i.sheet, place, i.columns)
	if err != nil || i.details == nil {
		return values, issues, err
	}
	rows := []any{}
	for _, at := range i.spread[i.sheet.cell(place, i.rows.key)] {
		row, more, err := i.valuesOf(ctx, i.details, at, i.inRows)
		if err != nil {
			return nil, nil, err
		}
		issues = append(issues, more.InFile(fmt.Sprintf("%s row %d", i.details.name, numberOf(at)))...)
		rows = append(rows, row)
	}
	values[i.rows.table] = rows
	return values, issues, nil
}

func (i *importer) valuesOf(ctx context.Context, s *sheet, place int, columns []column) (map[string]any, fault.Issues, error) {
	out := make(map[string]any, len(columns))
	var issues fault.Issues
	for _, c := range columns {
		text := c.text
		if c.name != "" {
			text = s.cell(place, c.name)
		}
		v, wrong, err := i.cell(ctx, c, strings.TrimSpace(text))
		if err != nil {
			return nil, nil, err
		}
		if wrong != "" {
			issues.Add(pointer(c, text), wrong)
		} else if v != nil {
			out[c.key] = v
		}
	}
	return out, issues, nil
}

// pointer names a cell for people.
func pointer(c column, text string) string {
	const most = 60
	if cut := []rune(text); len(cut) > most {
		text = string(cut[:most]) + "…"
	}
	return fmt.Sprintf("%s %q", orElse(c.name, "--set "+c.flag), text)
}

// cell turns a cell into a value for its field, or says with a code what is wrong; nil for an empty cell.
func (i *importer) cell(ctx context.Context, c column, text string) (v any, wrong string, err error) {
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

func (i *importer) single(ctx context.Context, c column, text string) (v any, wrong string, err error) {
	if meant, ok := i.values.get(c.flag + "." + text); ok {
		text = meant
	}
	factor, times := i.factors.get(c.flag)
	decimals, round := i.rounded.get(c.flag)
	if times || round {
		text, ok := reckon(text, factor, decimals)
		if !ok {
			return nil, "field.number", nil
		}
		return text, "", nil
	}
	if target, ok := i.refs.get(c.flag); ok {
		return i.reference(ctx, target, text)
	}
	if slices.Contains(i.users, c.flag) {
		user, known := i.tenant.People.Org().UserByName(text)
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
func (i *importer) reference(ctx context.Context, target, text string) (v any, wrong string, err error) {
	form, by, _ := strings.Cut(target, ".")
	key := target + "\x00" + text
	if id, known := i.found[key]; known {
		return string(id), "", nil
	}
	page, err := i.tenant.Engine.Records.List(ctx, i.actor, record.ListRequest{
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

// pointed puts cells in place of the paths by which the engine says what is wrong: people look into their
// files.
func (i *importer) pointed(place int, err error) error {
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

func (i *importer) pointedIssue(place int, issue fault.Issue) fault.Issue {
	s, columns := i.sheet, i.columns
	key, rest, _ := strings.Cut(strings.TrimPrefix(issue.Path, "/values/"), "/")
	if i.details != nil && key == i.rows.table && rest != "" {
		number, inRow, _ := strings.Cut(rest, "/")
		n, err := strconv.Atoi(number)
		rows := i.spread[i.sheet.cell(place, i.rows.key)]
		if err != nil || n < 0 || n >= len(rows) {
			return issue
		}
		s, columns, place, key = i.details, i.inRows, rows[n], inRow
		issue.File = fmt.Sprintf("%s row %d", s.name, numberOf(place))
	}
	for _, c := range columns {
		if c.key == key {
			text := c.text
			if c.name != "" {
				text = s.cell(place, c.name)
			}
			issue.Path = pointer(c, text)
		}
	}
	return issue
}
