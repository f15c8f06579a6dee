package intake

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Intake makes changes of rows, for one actor and with the rights they have now.
type Intake struct {
	Plan
	records *record.Service
	actor   value.Actor
	form    *catalog.Form
	people  *org.Snapshot
	memory  *Memory
	visible map[value.FormKey]map[value.FieldKey]record.FieldView
	main    *Header
	columns []*column
	keys    []*column // those of Key, in its order
	tables  []*rowsTable
	whole   bool // a record's stored values are needed to change it
	persons map[string]value.ID
}

// rowsTable is a plan's table, compiled.
type rowsTable struct {
	Table
	path    string
	header  *Header
	field   *catalog.Field
	join    int // the place of its column
	to      int // the place of the records' column
	columns []*column
	keyed   *column // of Key; nil for none
}

// column is a column on its way into a field, compiled.
type column struct {
	Column
	path  string         // where it stands in the plan
	place int            // in the rows; -1 for a text that is the same for all
	key   string         // the field's
	part  string         // of an address
	field *catalog.Field // nil for the record's id
	read  reader
	refer *reference
	many  bool
}

// Memory is what one batch has found out that the next one need not ask again.
type Memory struct {
	references map[string]map[string]hit // by form and field, and by what cells say
}

// Open holds a plan against the columns of its tables, one header for each of Plan.Tables, and the published
// form as the actor sees it, and lists all that does not fit. Faults: NotFound "form.unknown"; Invalid
// "import.plan" whose issues have paths such as /columns/2/field.
func Open(records *record.Service, actor value.Actor, plan Plan, main *Header, tables []*Header, memory *Memory) (*Intake, error) {
	i := &Intake{
		Plan: plan, records: records, actor: actor, people: records.Org(), memory: memory, main: main,
		visible: seenBy(records, actor),
	}
	if memory.references == nil {
		memory.references = map[string]map[string]hit{}
	}
	form, known := records.Catalog().Forms[plan.Form]
	if !known || i.visible[plan.Form] == nil {
		return nil, fault.New(fault.NotFound, "form.unknown").In("intake.open").With("form", string(plan.Form))
	}
	i.form = form
	var issues fault.Issues
	i.columns = i.compile("/columns", plan.Columns, main, form.Fields, &issues)
	i.compileKey(&issues)
	for n := range plan.Tables {
		i.compileTable(n, tables[n], &issues)
	}
	i.wholeForAddresses()
	i.checkPool(&issues)
	return i, issues.Fault("intake.open", "import.plan")
}

// checkPool holds that the actor may bring records into the pool that the plan names.
func (i *Intake) checkPool(issues *fault.Issues) {
	switch {
	case i.Pool == "":
		if len(i.AlsoIn) > 0 {
			issues.Add("/pool", "field.required", "field", "pool")
		}
	case i.Mode == Update:
		issues.Add("/pool", "import.poolForNew")
	default:
		i.mayPlace("/pool", i.Pool, issues)
		for n, pool := range i.AlsoIn {
			at := "/alsoIn/" + strconv.Itoa(n)
			if pool == i.Pool || slices.Contains(i.AlsoIn[:n], pool) {
				issues.Add(at, "import.poolTwice", "pool", pool)
				continue
			}
			i.mayPlace(at, pool, issues)
		}
		if p, known := i.form.Pool(i.Pool); known && len(i.AlsoIn) > 0 && p.Def.Group == nil {
			issues.Add("/alsoIn", "group.not", "pool", p.Def.Label)
		}
	}
}

func (i *Intake) mayPlace(path, pool string, issues *fault.Issues) {
	var f *fault.Error
	if err := i.records.MayPlace(i.actor, i.Plan.Form, pool); errors.As(err, &f) {
		*issues = append(*issues, fault.Issue{Path: path, Code: f.Code, Args: f.Args})
	}
}

// seenBy are the forms and fields that exist for an actor.
func seenBy(records *record.Service, actor value.Actor) map[value.FormKey]map[value.FieldKey]record.FieldView {
	out := map[value.FormKey]map[value.FieldKey]record.FieldView{}
	for _, form := range records.CatalogFor(actor).Forms {
		out[form.Key] = map[value.FieldKey]record.FieldView{}
		for _, one := range form.Fields {
			out[form.Key][one.Key] = one
		}
	}
	return out
}

// compile finds the field of each column. fields are those of the record, or the columns of a table field.
func (i *Intake) compile(at string, columns []Column, header *Header, fields []*catalog.Field, issues *fault.Issues) []*column {
	var out []*column
	taken := map[string]bool{}
	for n, said := range columns {
		c := &column{Column: said, path: at + "/" + strconv.Itoa(n), place: -1}
		if said.Column != "" {
			place, ok := header.Place(said.Column)
			if !ok {
				issues.Add(c.path+"/column", "import.columnMissing", "column", said.Column)
			}
			c.place = place
		} else if said.Text == "" {
			issues.Add(c.path+"/column", "field.required")
		}
		if taken[said.Field] {
			issues.Add(c.path+"/field", "import.fieldTwice", "field", said.Field)
		}
		taken[said.Field] = true
		if i.target(c, fields, issues) {
			i.checkWays(c, issues)
			c.read = i.readerOf(c)
			out = append(out, c)
		}
	}
	return out
}

// target finds a column's field, or says why it has none.
func (i *Intake) target(c *column, fields []*catalog.Field, issues *fault.Issues) bool {
	c.key, c.part, _ = strings.Cut(c.Field, ".")
	if c.Field == idField {
		return true
	}
	at := slices.IndexFunc(fields, func(f *catalog.Field) bool { return string(f.Key) == c.key })
	if at < 0 || !i.sees(fields[at]) {
		issues.Add(c.path+"/field", "field.unknown", "field", c.Field)
		return false
	}
	c.field = fields[at]
	kind := c.field.As.Kind
	switch {
	case c.field.Computed():
		issues.Add(c.path+"/field", "field.computed")
	case c.field.Table == nil && i.visible[i.form.Key][c.field.Key].ReadOnly && !i.actor.IsSystem():
		issues.Add(c.path+"/field", "field.readOnly", "field", c.field.Def.Label)
	case kind == field.Attachment || kind == field.Image || kind == field.Signature:
		issues.Add(c.path+"/field", "import.noFiles")
	case kind == field.Table:
		issues.Add(c.path+"/field", "import.tableField")
	case (kind == field.Address) != (c.part != ""):
		issues.Add(c.path+"/field", "field.unknown", "field", c.Field)
	case c.part != "" && partOf(c.part) == nil:
		issues.Add(c.path+"/field", "field.unknown", "field", c.Field)
	default:
		return true
	}
	return false
}

func partOf(part string) *meta.Field {
	address, _ := field.Of(field.Address)
	group, ok := address.(field.Grouped)
	if !ok {
		return nil
	}
	_, def := group.Part(value.FieldKey(part))
	return def
}

// sees tells whether a field, or the table of a column, exists for the actor.
func (i *Intake) sees(f *catalog.Field) bool {
	if f.Table != nil {
		f = f.Table
	}
	_, ok := i.visible[i.form.Key][f.Key]
	return ok
}

// checkWays holds what is said of how cells are read against the field's kind.
func (i *Intake) checkWays(c *column, issues *fault.Issues) {
	kind := c.kind()
	if c.By != "" {
		i.checkBy(c, issues)
	}
	if c.Round != nil && (*c.Round < 0 || *c.Round > field.MaxScale) {
		issues.Add(c.path+"/round", "field.range", "min", 0, "max", field.MaxScale)
	}
	if (c.Round != nil || c.Times != "") && !isNumeric(kind) {
		issues.Add(c.path+"/round", "import.notNumber")
	}
	if c.Times != "" && !isDecimal(c.Times) {
		issues.Add(c.path+"/times", "field.number")
	}
	if c.Dates != "" && c.Dates != DayFirst && c.Dates != MonthFirst {
		issues.Add(c.path+"/dates", "field.option", "value", string(c.Dates))
	}
}

// checkBy holds that a reference is found by a field of the other form that the actor sees.
func (i *Intake) checkBy(c *column, issues *fault.Issues) {
	kind := c.kind()
	if kind != field.Reference && kind != field.References {
		issues.Add(c.path+"/by", "import.notReference")
		return
	}
	target := c.field.As.Ref
	there := i.visible[target]
	if there == nil {
		issues.Add(c.path+"/field", "form.unknown", "form", string(target))
		return
	}
	_, ok := there[value.FieldKey(c.By)]
	if !ok && c.By != idField {
		issues.Add(c.path+"/by", "field.unknown", "field", c.By)
	}
}

// kind is that of the values that a column's cells become.
func (c *column) kind() meta.FieldKind {
	switch {
	case c.field == nil:
		return field.Text
	case c.part != "":
		return partOf(c.part).Kind
	}
	return c.field.As.Kind
}

// compileKey finds the columns of the key.
func (i *Intake) compileKey(issues *fault.Issues) {
	switch i.Mode {
	case Create:
		if len(i.Key) > 0 {
			issues.Add("/key", "import.keyUnused")
		}
	case Update, Upsert:
		if len(i.Key) == 0 {
			issues.Add("/key", "field.required")
		} else if !i.isUnique(i.Key) {
			issues.Add("/key", "import.keyNotUnique")
		}
	default:
		issues.Add("/mode", "field.option", "value", string(i.Mode))
	}
	for n, key := range i.Key {
		at := slices.IndexFunc(i.columns, func(c *column) bool { return c.Field == string(key) && !c.many })
		if at < 0 {
			issues.Add("/key/"+strconv.Itoa(n), "import.keyUnmapped", "field", string(key))
			continue
		}
		i.keys = append(i.keys, i.columns[at])
	}
	for _, c := range i.columns {
		if c.field == nil && !slices.Contains(i.Key, value.SysID) {
			issues.Add(c.path+"/field", "import.idNoKey")
		}
	}
}

// isUnique tells whether at most one record has such a key.
func (i *Intake) isUnique(key []value.FieldKey) bool {
	if len(key) == 1 && key[0] == value.SysID {
		return true
	}
	return slices.ContainsFunc(i.form.Layout.Unique, func(group []value.FieldKey) bool {
		return len(group) == len(key) && !slices.ContainsFunc(group, func(k value.FieldKey) bool { return !slices.Contains(key, k) })
	})
}

func (i *Intake) compileTable(n int, header *Header, issues *fault.Issues) {
	at := "/tables/" + strconv.Itoa(n)
	t := &rowsTable{Table: i.Plan.Tables[n], path: at, header: header}
	one, ok := i.form.Field(t.Field)
	if !ok || one.As.Kind != field.Table || !i.sees(one) {
		issues.Add(at+"/field", "field.unknown", "field", string(t.Field))
		return
	}
	for _, other := range i.tables {
		if other.Field == t.Field {
			issues.Add(at+"/field", "import.fieldTwice", "field", string(t.Field))
		}
	}
	t.field = one
	if t.join, ok = header.Place(t.Join); !ok {
		issues.Add(at+"/join", "import.columnMissing", "column", t.Join)
	}
	to := t.To
	if to == "" {
		to = t.Join
	}
	if t.to, ok = i.main.Place(to); !ok {
		issues.Add(at+"/to", "import.columnMissing", "column", to)
	}
	if t.Flat {
		i.checkFlat(t, to, issues)
	}
	t.columns = i.compile(at+"/columns", t.Table.Columns, header, one.Columns, issues)
	if t.Key != "" {
		found := slices.IndexFunc(t.columns, func(c *column) bool { return c.Field == t.Key && !c.many })
		if found < 0 {
			issues.Add(at+"/key", "import.keyUnmapped", "field", t.Key)
		} else {
			t.keyed = t.columns[found]
		}
	} else if i.Mode != Create {
		// Without it a second import of the same file would add all rows once more.
		issues.Add(at+"/key", "field.required")
	}
	for _, c := range t.columns {
		if c.field == nil && t.Key != idField {
			issues.Add(c.path+"/field", "import.idNoKey")
		}
	}
	i.whole = i.whole || i.Mode != Create
	i.tables = append(i.tables, t)
}

// checkFlat holds that all that stands in the records' own table says in one column which rows are one record.
func (i *Intake) checkFlat(t *rowsTable, to string, issues *fault.Issues) {
	if to != t.Join {
		issues.Add(t.path+"/to", "import.oneJoin")
	}
	for _, other := range i.tables {
		if other.Flat && other.Join != t.Join {
			issues.Add(t.path+"/join", "import.oneJoin")
		}
	}
}

// wholeForAddresses notes that a part of an address can only be changed with the others at hand.
func (i *Intake) wholeForAddresses() {
	for _, c := range i.columns {
		i.whole = i.whole || c.part != "" && i.Mode != Create
	}
}
