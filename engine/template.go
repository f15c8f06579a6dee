package engine

import (
	"context"
	"io"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Template writes a workbook to be filled with new records of a form: a column for each field that the actor may
// set and that a cell can hold, and a sheet for the rows of each table field. It says in notes what each column takes,
// offers what is chosen from, and tells an import by itself which column is which field, in whatever language it was
// made. It returns the file's name. Faults: NotFound "form.unknown", Forbidden "record.mayNotCreate".
func (e *Engine) Template(ctx context.Context, actor value.Actor, key value.FormKey, locale string, to io.Writer) (string, error) {
	const op = "engine.template"
	fields, err := e.Records.Fillable(actor, key)
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	form, err := e.Records.FormOf(actor, key)
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	t := templating{Engine: e, ctx: ctx, actor: actor, locale: locale, form: form, lists: map[value.FormKey]offered{}}
	book, err := e.config.Sheets.Create(grid.XLSX, to)
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	if err := t.write(book, fields); err != nil {
		book.Abandon()
		return "", fault.Wrap(op, err)
	}
	if err := book.Close(); err != nil {
		return "", fault.Wrap(op, err)
	}
	return labelOf(form.Def.Label, locale) + "-" + t.text("template.name", nil) + "." + string(grid.XLSX), nil
}

// templating is a template in the making.
type templating struct {
	*Engine
	ctx    context.Context
	actor  value.Actor
	locale string
	form   *catalog.Form
	lists  map[value.FormKey]offered // of the forms that are referred to
}

// fillIn is a column to be filled, and which field it fills.
type fillIn struct {
	grid.Column
	to intake.Column
}

func (t *templating) text(code string, args fault.Args) string {
	return t.config.Texts.Text(t.locale, code, args)
}

func (t *templating) write(book grid.Book, fields []*catalog.Field) error {
	columns, err := t.columns(fields, t.form.Def.Required)
	if err != nil {
		return err
	}
	var tables []*catalog.Field
	for _, f := range fields {
		if f.As.Kind == field.Table {
			tables = append(tables, f)
		}
	}
	joined := -1
	if len(tables) > 0 {
		if joined = t.joins(columns); joined < 0 {
			columns, joined = append([]fillIn{t.number()}, columns...), 0
		}
	}
	told, err := t.sheet(book, labelOf(t.form.Def.Label, t.locale), "", columns)
	if err != nil {
		return err
	}
	for _, table := range tables {
		first := columns[joined]
		first.Note, first.to = t.text("template.join", nil), intake.Column{Column: first.Name}
		rows, err := t.columns(table.Columns, table.Def.Required)
		if err != nil {
			return err
		}
		rows = append([]fillIn{first}, rows...)
		named(rows)
		more, err := t.sheet(book, labelOf(table.Def.Label, t.locale), table.Key, rows)
		if err != nil {
			return err
		}
		told = append(told, more...)
	}
	return book.Aside(intake.ToldSheet, told)
}

// sheet begins one sheet, and returns what is told of it.
func (t *templating) sheet(book grid.Book, name string, table value.FieldKey, columns []fillIn) ([][]string, error) {
	shown, told := make([]grid.Column, len(columns)), make([]intake.Column, len(columns))
	for n, c := range columns {
		shown[n], told[n] = c.Column, c.to
		told[n].Column = c.Name
	}
	sheet, err := book.Sheet(name, shown)
	if err != nil {
		return nil, err
	}
	return intake.ToldTable{Table: table}.Rows(t.form.Key, sheet.Name(), told), nil
}

// joins is the column that tells each record from the others, so that rows may name it; -1 for none.
func (t *templating) joins(columns []fillIn) int {
	return slices.IndexFunc(columns, func(c fillIn) bool {
		f, ok := t.form.Field(value.FieldKey(c.to.Field))
		return ok && f.Def.Unique && c.Kind == grid.Text && slices.Contains(t.form.Def.Required, f.Key)
	})
}

// number is a column of no field, by which rows name their record.
func (t *templating) number() fillIn {
	return fillIn{Column: grid.Column{Name: t.text("template.number", nil), Note: t.text("template.numberNote", nil)}}
}

// named gives each column a name of its own.
func named(columns []fillIn) {
	taken := map[string]bool{}
	for n := range columns {
		if taken[columns[n].Name] {
			columns[n].Name += " (" + columns[n].to.Field + ")"
		}
		taken[columns[n].Name] = true
	}
}

// columns are those of the fields that a cell can hold.
func (t *templating) columns(fields []*catalog.Field, required []value.FieldKey) ([]fillIn, error) {
	var out []fillIn
	for _, f := range fields {
		switch f.As.Kind {
		case field.Attachment, field.Image, field.Signature, field.Table:
			continue
		}
		if f.Computed() || f.Def.ReadOnly {
			continue
		}
		must := slices.Contains(required, f.Key)
		if f.As.Kind == field.Address {
			out = append(out, t.address(f, must)...)
			continue
		}
		c, err := t.column(f)
		if err != nil {
			return nil, err
		}
		c.Name, c.Note = marked(labelOf(f.Def.Label, t.locale), must), t.note(f, c, must)
		out = append(out, c)
	}
	named(out)
	return out, nil
}

// marked marks a column that must be filled, in the way that an import's guesses look through.
func marked(name string, must bool) string {
	if must {
		return name + " *"
	}
	return name
}

// address is a column for each part of an address.
func (t *templating) address(f *catalog.Field, must bool) []fillIn {
	out := make([]fillIn, 0, 3)
	for _, part := range []value.FieldKey{field.AddressRegion, field.AddressDetail, field.AddressPostcode} {
		name := labelOf(f.Def.Label, t.locale) + " · " + t.text("addressPart."+string(part), nil)
		c := fillIn{to: intake.Column{Field: string(f.Key) + "." + string(part)}}
		c.Name, c.Note = marked(name, must && part == field.AddressRegion), t.text("templateKind."+string(part), nil)
		out = append(out, c)
	}
	return out
}

// column says how a field's cells are typed and what they are chosen from.
func (t *templating) column(f *catalog.Field) (c fillIn, err error) {
	c.to.Field = string(f.Key)
	c.Kind, c.Scale, c.Width = kindOfCells(f.As)
	switch f.As.Kind {
	case field.Boolean:
		c.Among = []string{t.text("explain.yes", nil), t.text("explain.no", nil)}
	case field.Select, field.Stage, field.Multiselect:
		c.Among = optionNames(f.As.Options, t.locale)
		c.Open = f.As.Kind == field.Multiselect
	case field.Cascade:
		c.Among = pathNames(f.As.Options, t.locale)
	case field.Member, field.Members:
		c.Among, c.Open = t.people(), f.As.Kind == field.Members
	case field.OrgUnit, field.OrgUnits:
		c.Among, c.Open = t.units(), f.As.Kind == field.OrgUnits
	case field.Zone:
		c.Among = t.zones()
	case field.Reference, field.References:
		list, err := t.list(f)
		if err != nil {
			return c, err
		}
		c.to.By, c.Among, c.Open = list.by, list.names, f.As.Kind == field.References
	}
	if len(c.Among) > maxOffered {
		c.Among = nil
	}
	return c, nil
}

// maxOffered bounds what is chosen from: nobody scrolls further.
const maxOffered = 500

// offered is how records of a form are named, and which there are, where they are few.
type offered struct {
	by    string
	names []string
}

// list offers the records that a reference may name. A field that offers only some of them offers none here: which
// depends on the rest of the record.
func (t *templating) list(f *catalog.Field) (offered, error) {
	target := f.As.Ref
	if known, ok := t.lists[target]; ok && f.As.Filter == "" {
		return known, nil
	}
	form, err := t.Records.FormOf(t.actor, target)
	if fault.KindOf(err) == fault.NotFound {
		return offered{by: string(value.SysID)}, nil
	}
	if err != nil {
		return offered{}, err
	}
	whole := t.whole(target)
	out := offered{}
	if out.by, err = t.nameOf(form, whole); err != nil {
		return out, err
	}
	if f.As.Filter == "" && slices.Contains(whole, form.Title) {
		if out, err = t.titles(form, out); err != nil {
			return out, err
		}
		t.lists[target] = out
	}
	return out, nil
}

// whole are the fields of a form that the actor sees everywhere as they are; none of one that they may not read.
func (t *templating) whole(key value.FormKey) (out []value.FieldKey) {
	for _, form := range t.Records.CatalogFor(t.actor).Forms {
		if form.Key != key || !form.Rights.Read {
			continue
		}
		for _, f := range form.Fields {
			if !f.Masked {
				out = append(out, f.Key)
			}
		}
	}
	return out
}

// nameOf is the field by which a record is best named: its title if that is unique, else what is, else its title if
// one can be found by it among however many there are, else its id.
func (t *templating) nameOf(form *catalog.Form, whole []value.FieldKey) (string, error) {
	var unique []value.FieldKey
	for _, group := range form.Layout.Unique {
		if len(group) == 1 && slices.Contains(whole, group[0]) {
			unique = append(unique, group[0])
		}
	}
	switch {
	case slices.Contains(unique, form.Title):
		return string(form.Title), nil
	case len(unique) > 0:
		return string(unique[0]), nil
	case !slices.Contains(whole, form.Title):
		return string(value.SysID), nil
	}
	found, err := t.Records.Findable(t.ctx, t.actor, form.Key, form.Title)
	if err != nil || !found {
		return string(value.SysID), err
	}
	return string(form.Title), nil
}

// titles offers the titles of a form's records, if they are few and each has one of its own.
func (t *templating) titles(form *catalog.Form, otherwise offered) (offered, error) {
	page, err := t.Records.List(t.ctx, t.actor, record.ListRequest{Form: form.Key, Limit: maxOffered, Fields: []string{string(form.Title)}})
	if err != nil {
		return otherwise, err
	}
	if page.Next != "" || page.Incomplete {
		return otherwise, nil
	}
	var names []string
	for _, r := range page.Records {
		title, _ := r.Values[string(form.Title)].(string)
		if title == "" || slices.Contains(names, title) {
			return otherwise, nil
		}
		names = append(names, title)
	}
	slices.Sort(names)
	return offered{by: string(form.Title), names: names}, nil
}
