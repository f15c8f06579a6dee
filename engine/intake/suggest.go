package intake

import (
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/field"
	"tidewater/engine/grid"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// Suggest makes a plan of guesses: of what is unique and guessed, the first is the key of an upsert.
func Suggest(form *catalog.Form, seen []Seen) Plan {
	plan := Plan{Form: form.Key, Mode: Create, Columns: Guesses(seen)}
	has := func(name string) bool {
		return slices.ContainsFunc(plan.Columns, func(c Column) bool { return c.Field == name })
	}
	if has(idField) {
		plan.Mode, plan.Key = Update, []value.FieldKey{value.SysID}
		return plan
	}
	for _, group := range form.Layout.Unique {
		if !slices.ContainsFunc(group, func(key value.FieldKey) bool { return !has(string(key)) }) {
			plan.Mode, plan.Key = Upsert, group
			return plan
		}
	}
	return plan
}

// ForNew makes new records of all rows, where the plan does not go by ids.
func (p *Plan) ForNew() {
	if p.Mode == Upsert {
		p.Mode, p.Key = Create, nil
	}
}

// Settle makes a plan that can be carried out: rows of tables that nothing tells apart are those of new records.
func (p *Plan) Settle() {
	for _, t := range p.Tables {
		if t.Key == "" {
			p.ForNew()
		}
	}
}

// Guesses are the columns for which there is one.
func Guesses(seen []Seen) []Column {
	out := []Column{}
	for _, s := range seen {
		if s.Guess != nil {
			out = append(out, *s.Guess)
		}
	}
	return out
}

// TableNamed finds the table field that a sheet is called like; nil for none.
func TableNamed(form *catalog.Form, sheet string) *catalog.Field {
	for _, f := range form.Fields {
		if f.As.Kind == field.Table && slices.Contains(names(f.Key, f.Def.Label), text.Fold(sheet)) {
			return f
		}
	}
	return nil
}

// SuggestTable makes a plan of a sheet of rows: it is joined by its id column to the records' one, or by the
// first column that both have; rows are told apart by their own ids, if there are any.
func SuggestTable(f *catalog.Field, sheet string, main, rows *Header, seen []Seen) (Table, bool) {
	t := Table{Field: f.Key, Choice: grid.Choice{Sheet: sheet}}
	for _, name := range rows.Names {
		if _, both := main.Place(name); both && t.Join == "" {
			t.Join = name
		}
	}
	for _, c := range Guesses(seen) {
		if c.Column == t.Join {
			continue
		}
		if c.Field == idField {
			t.Key = idField
		}
		t.Columns = append(t.Columns, c)
	}
	return t, t.Join != "" && len(t.Columns) > 0
}
