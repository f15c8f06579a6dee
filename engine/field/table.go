package field

import (
	"maps"
	"slices"
	"strconv"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Keys of a row beside its columns.
const (
	RowID     = "id"
	RowDelete = "_delete" // sent to take a row away; never stored
)

// maxRows bounds tables whose definition does not.
const maxRows = 500

// tableKind holds rows, each a Doc with an id and the table's columns as fields.
func tableKind() Kind {
	return tableField{spec{Table, []string{"array"}, words(counts, []string{"properties", "required", "x-order", "readOnly", "x-readOnlyIf"})}}
}

type tableField struct{ spec }

// columns are the kinds that a column may be: no tables in tables, nothing that other records keep.
var notColumns = []meta.FieldKind{Table, Mirror, Rollup, Autonumber}

func (k tableField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	if len(def.Properties) == 0 {
		issues.Add("/properties", "meta.missing", "key", "properties")
	}
	for _, key := range slices.Sorted(maps.Keys(def.Properties)) {
		column := def.Properties[key]
		at := "/properties/" + fault.Escape(string(key))
		kind, ok := Of(column.Kind)
		if !ok || slices.Contains(notColumns, column.Kind) {
			issues.Add(at+"/x-field", "meta.fieldKind", "kind", column.Kind)
			continue
		}
		if column.Unique {
			issues.Add(at+"/x-unique", "meta.fieldOption", "key", "x-unique", "kind", column.Kind)
		}
		issues = append(issues, kind.Check(&column).Under(at)...)
	}
	return issues
}

// Column returns the kind and definition of a column's values.
func Column(def *meta.Field, key value.FieldKey) (Valued, *meta.Field, bool) {
	column, ok := def.Properties[key]
	if !ok {
		return nil, nil, false
	}
	kind, as, issues := Resolve(&column, nothingToLookUp)
	return kind, as, len(issues) == 0
}

func nothingToLookUp(value.FormKey, value.FieldKey) (*meta.Field, bool) { return nil, false }

// Decode reads rows as they were sent: an id only where one was, nil for a column that is to be cleared,
// RowDelete where the row is to go. MergeRows makes the stored rows of them.
func (k tableField) Decode(def *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	sent, ok := raw.([]any)
	if !ok {
		return nil, wrongType("list")
	}
	limit := maxRows
	if def.MaxItems != nil {
		limit = *def.MaxItems
	}
	if len(sent) > limit {
		return nil, refused("field.rowLimit", "max", limit)
	}
	var issues fault.Issues
	rows := make(value.List, 0, len(sent))
	for n, entry := range sent {
		row, faults := k.row(def, entry)
		issues = append(issues, faults.Under("/"+strconv.Itoa(n))...)
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 || len(issues) > 0 {
		return nil, issues
	}
	return rows, nil
}

func (k tableField) row(def *meta.Field, raw any) (value.Doc, fault.Issues) {
	sent, ok := raw.(map[string]any)
	if !ok {
		return nil, wrongType("object")
	}
	var issues fault.Issues
	row := value.Doc{}
	for _, key := range slices.Sorted(maps.Keys(sent)) {
		v, faults := k.cell(def, key, sent[key])
		issues = append(issues, faults.Under("/"+fault.Escape(key))...)
		if len(faults) == 0 {
			row[key] = v
		}
	}
	return row, issues
}

func (k tableField) cell(def *meta.Field, key string, raw any) (value.Value, fault.Issues) {
	switch key {
	case RowID:
		return decodeID(raw)
	case RowDelete:
		return booleanField{}.Decode(nil, raw)
	}
	kind, as, ok := Column(def, value.FieldKey(key))
	if !ok {
		return nil, refused("field.unknown", "field", key)
	}
	if column := def.Properties[value.FieldKey(key)]; IsComputed(&column) {
		return nil, nil // computed anew whatever was sent: people send back what they read
	}
	return kind.Decode(as, raw)
}

// IsComputed tells whether people cannot set a field because the system works it out.
func IsComputed(def *meta.Field) bool {
	switch def.Kind {
	case Formula, Mirror, Rollup:
		return true
	}
	return def.Compute != ""
}

func (k tableField) Encode(def *meta.Field, v value.Value) any {
	return EncodeRows(v, func(key value.FieldKey) (Valued, *meta.Field, bool) { return Column(def, key) })
}

// EncodeRows writes rows for the wire, with a way to find columns that may be faster than Column. What is
// no column is left out: the form had it once.
func EncodeRows(v value.Value, column func(value.FieldKey) (Valued, *meta.Field, bool)) any {
	list, ok := v.(value.List)
	if !ok {
		return nil
	}
	rows := make([]any, 0, len(list))
	for _, entry := range list {
		row, ok := entry.(value.Doc)
		if !ok {
			continue
		}
		out := make(map[string]any, len(row))
		for key, cell := range row {
			if key == RowID {
				out[key] = cell
			} else if kind, as, ok := column(value.FieldKey(key)); ok && cell != nil {
				out[key] = kind.Encode(as, cell)
			}
		}
		rows = append(rows, out)
	}
	return rows
}

func (k tableField) JSONSchema(def *meta.Field) map[string]any {
	properties := map[string]any{RowID: map[string]any{"type": "string"}}
	for key := range def.Properties {
		if kind, as, ok := Column(def, key); ok {
			properties[string(key)] = kind.JSONSchema(as)
		}
	}
	row := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if len(def.Required) > 0 {
		required := make([]any, len(def.Required))
		for n, key := range def.Required {
			required[n] = string(key)
		}
		row["required"] = required
	}
	schema := manySchema(def, row)
	if def.MaxItems == nil {
		schema["maxItems"] = maxRows
	}
	return schema
}

func (k tableField) Shape(*meta.Field) Shape { return Shape{Rows: true, Ops: presence} }

// MergeRows applies rows as Decode read them to those stored. A row sent with an id changes the keys it
// has; one without becomes a new row with an id from newID, unless it is empty; rows not sent stay. Where every stored row
// was sent, the order is that of what was sent, else new rows follow after the old ones. Issues have
// paths such as /2/id.
func MergeRows(stored, sent value.List, newID func() string) (value.List, fault.Issues) {
	var issues fault.Issues
	byID := make(map[string]value.Doc, len(stored))
	for _, entry := range stored {
		row := entry.(value.Doc)
		byID[row[RowID].(string)] = row
	}
	changed := make(map[string]value.Doc, len(sent))
	var order []string
	for n, entry := range sent {
		row := entry.(value.Doc)
		id, known := row[RowID].(string)
		switch {
		case !known:
			id = newID()
		case changed[id] != nil:
			issues.Add("/"+strconv.Itoa(n)+"/id", "field.rowDuplicate", "row", id)
			continue
		case byID[id] == nil:
			issues.Add("/"+strconv.Itoa(n)+"/id", "field.rowUnknown", "row", id)
			continue
		}
		changed[id] = mergeRow(byID[id], row, id)
		order = append(order, id)
	}
	if len(issues) > 0 {
		return nil, issues
	}
	return arrange(stored, byID, changed, order), nil
}

func mergeRow(stored, sent value.Doc, id string) value.Doc {
	row := value.Doc{}
	maps.Copy(row, stored)
	maps.Copy(row, sent)
	row[RowID] = id
	for key, cell := range row {
		if cell == nil {
			delete(row, key)
		}
	}
	return row
}

func arrange(stored value.List, byID, changed map[string]value.Doc, order []string) value.List {
	whole := true
	for id := range byID {
		whole = whole && changed[id] != nil
	}
	if !whole {
		var ids []string
		for _, entry := range stored {
			ids = append(ids, entry.(value.Doc)[RowID].(string))
		}
		fresh := slices.DeleteFunc(slices.Clone(order), func(id string) bool { return byID[id] != nil })
		order = append(ids, fresh...)
	}
	rows := make(value.List, 0, len(order))
	for _, id := range order {
		row := byID[id]
		if now := changed[id]; now != nil {
			gone := now[RowDelete] == true || row == nil && len(now) == 1
			delete(now, RowDelete)
			row = now
			if gone {
				continue
			}
		}
		rows = append(rows, row)
	}
	return rows
}
