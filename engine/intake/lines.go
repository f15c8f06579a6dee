package intake

import (
	"encoding/json"
	"fmt"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Heads is the place of the column by which rows of a flat table are one record; false where each row is one.
func (i *Intake) Heads() (place int, flat bool) {
	for _, t := range i.tables {
		if t.Flat {
			return t.to, true
		}
	}
	return 0, false
}

// agree refuses a record of a flat table whose rows say different things of it: one of them would be lost.
func (i *Intake) agree(d *Draft, table int) {
	if !i.tables[table].Flat || table > 0 && i.tables[table-1].Flat {
		return
	}
	for _, row := range d.lines[table] {
		for _, c := range i.columns {
			cell := strings.TrimSpace(row.Cell(c.place))
			if cell != "" && cell != strings.TrimSpace(d.Row.Cell(c.place)) {
				issue := fault.Issue{Code: "import.headDiffers", Args: fault.Args{"row": d.Row.Number}}
				d.Flaws = append(d.Flaws, Flaw{Table: table + 1, Row: row.Number, Column: c.place, Text: quoted(cell), Issue: issue})
			}
		}
	}
}

// rows are the rows of a draft's table as the API takes them, each that is known with its id.
func (t *rowsTable) rows(d *Draft, number int, found record.Found) []any {
	var out []any
	free := rowsByKey(t, found)
	for _, row := range d.lines[number] {
		flaw := func(column int, issue fault.Issue) {
			d.Flaws = append(d.Flaws, Flaw{Table: number + 1, Row: row.Number, Column: column, Text: quoted(row.Cell(column)), Issue: issue})
		}
		if row.Wrong != nil {
			flaw(-1, fault.Issue{Code: row.Wrong.Code, Args: row.Wrong.Args})
			continue
		}
		if issue := t.header.fits(row); issue != nil && row.Number != d.Row.Number {
			flaw(-1, *issue)
		}
		sent := map[string]any{}
		wrong := len(d.Flaws)
		for _, c := range t.columns {
			cell, mark := c.cell(row)
			v, issue := c.value(cell, mark)
			if issue != nil {
				flaw(c.place, *issue)
				continue
			}
			c.put(sent, v, record.Found{})
		}
		if t.Flat && len(sent) == 0 && len(d.Flaws) == wrong {
			continue // a record without rows has a row of its own all the same
		}
		if t.keyed != nil && t.keyed.field != nil {
			if name := t.nameOf(sent[t.Key]); name != "" && len(free[name]) > 0 {
				sent[field.RowID], free[name] = free[name][0], free[name][1:]
			}
		}
		t.complete(sent, found)
		out = append(out, sent)
	}
	return out
}

// complete puts the parts of addresses that a row has beside those that are sent for it.
func (t *rowsTable) complete(sent map[string]any, found record.Found) {
	for _, c := range t.columns {
		parts, ok := sent[c.key].(map[string]any)
		if c.part == "" || !ok {
			continue
		}
		before, _ := rowOf(found.Values[string(t.Field)], sent[field.RowID])[c.key].(value.Doc)
		for part, text := range before {
			if _, said := parts[part]; !said {
				parts[part] = text
			}
		}
	}
}

// rowOf is the row with an id; nil for none.
func rowOf(rows, id value.Value) value.Doc {
	list, _ := rows.(value.List)
	for _, one := range list {
		if row, _ := one.(value.Doc); id != nil && row[field.RowID] == id {
			return row
		}
	}
	return nil
}

// rowsByKey are the ids of the rows that the record has, by what they hold in the key's column.
func rowsByKey(t *rowsTable, found record.Found) map[string][]string {
	out := map[string][]string{}
	if t.keyed == nil || t.keyed.field == nil {
		return out
	}
	rows, _ := found.Values[string(t.Field)].(value.List)
	for _, one := range rows {
		row, _ := one.(value.Doc)
		id, _ := row[field.RowID].(string)
		if v := row[t.Key]; v != nil {
			name := fmt.Sprint(v)
			out[name] = append(out[name], id)
		}
	}
	return out
}

// nameOf is what a row as sent will hold in the key's column; "" for nothing.
func (t *rowsTable) nameOf(sent any) string {
	if number, ok := sent.(json.Number); ok {
		sent = number.String()
	}
	v, issues := t.keyed.field.Kind.Decode(t.keyed.field.As, sent)
	if len(issues) > 0 || v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
