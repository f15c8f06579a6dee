package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

// importChunk is how many records are written together.
const importChunk = 200

// pairs is a flag that may be given many times, each time as left=right.
type pairs []pair

type pair struct{ left, right string }

func (p *pairs) String() string { return fmt.Sprint(*p) }

// Set takes one left=right.
func (p *pairs) Set(text string) error {
	left, right, ok := strings.Cut(text, "=")
	if !ok || left == "" || right == "" {
		return fmt.Errorf("%q is not of the form left=right", text)
	}
	*p = append(*p, pair{left, right})
	return nil
}

func (p pairs) get(left string) (string, bool) {
	for _, one := range p {
		if one.left == left {
			return one.right, true
		}
	}
	return "", false
}

// plan says how the columns of CSV files become records.
type plan struct {
	form    value.FormKey
	mapped  pairs    // column=field, column=table.field for the rows file
	refs    pairs    // field=form.field: the cell names the record whose field has that value
	users   []string // fields whose cells are user names
	fixed   pairs    // field=value, the same for each record or row
	values  pairs    // field.from=to: what a cell says and what it means
	factors pairs    // field=factor: the number in the cell times this
	rounded pairs    // field=decimals: half away from zero, for files whose numbers were once binary
	rows    rowsFile
}

// rowsFile is a second file whose lines are rows of a table field.
type rowsFile struct {
	table, path string
	key         string // the column that both files have in common
}

func (p *program) importCSV(ctx context.Context, args []string) error {
	set := p.flags("import")
	folder := set.String("store", "data", "the data folder")
	name := set.String("tenant", "", "the tenant's name")
	as := set.String("as", "", "the user whose rights the import has, and who is its author; empty: the system")
	plan := planFlags(set)
	if err := parse(set, args, 1, 1); err != nil {
		return err
	}
	if err := plan.whole(); err != nil {
		return err
	}
	return p.with(ctx, *folder, *name, func(w *world, t *tenant.Tenant) error {
		actor, err := importActor(t, *as)
		if err != nil {
			return err
		}
		i := &importer{plan: plan, tenant: t, actor: actor, found: map[string]value.ID{}}
		made, err := i.run(ctx, set.Arg(0))
		if err == nil {
			// Other records' figures follow now: no server may run for a while.
			err = t.Engine.Settle(ctx)
		}
		p.say("%d records of %s made, %d refused\n", made, plan.form, len(i.refused))
		for _, r := range i.refused {
			p.say("%s row %d: ", r.file, r.row)
			tellFault(p.out, w.texts, r.err)
		}
		if err == nil && len(i.refused) > 0 {
			err = fault.New(fault.Invalid, "import.row").At(i.refused[0].file).With("row", i.refused[0].row)
		}
		return err
	})
}

func planFlags(set *flag.FlagSet) *plan {
	plan := &plan{}
	set.Func("form", "the form's key", func(s string) error { plan.form = value.FormKey(s); return nil })
	set.Var(&plan.mapped, "map", "column=field; column=table.field for the columns of --rows")
	set.Var(&plan.refs, "ref", "field=form.field: a cell names the record of that form whose field equals it")
	set.Func("user", "a field whose cells are user names", func(s string) error { plan.users = append(plan.users, s); return nil })
	set.Var(&plan.fixed, "set", "field=value for each record; table.field=value for each row")
	set.Var(&plan.values, "value", "field.from=to: what a cell says, and what it means")
	set.Var(&plan.factors, "times", "field=factor: multiply, such as 100 for shares that are to be per cent")
	set.Var(&plan.rounded, "round", "field=decimals: round half up, for numbers that were once binary floats")
	set.StringVar(&plan.rows.path, "rows", "", "a second CSV file whose lines are rows of --table")
	set.StringVar(&plan.rows.table, "table", "", "the table field that takes the rows")
	set.StringVar(&plan.rows.key, "key", "", "the column that both files have in common")
	return plan
}

// whole tells whether the flags belong together.
func (p *plan) whole() error {
	if p.form == "" || len(p.mapped) == 0 {
		return fmt.Errorf("%w: --form and --map are needed", errUsage)
	}
	some := p.rows.path != "" || p.rows.table != "" || p.rows.key != ""
	if some && (p.rows.path == "" || p.rows.table == "" || p.rows.key == "") {
		return fmt.Errorf("%w: --rows, --table and --key go together", errUsage)
	}
	return nil
}

func importActor(t *tenant.Tenant, username string) (value.Actor, error) {
	if username == "" {
		return value.SystemActor("import"), nil
	}
	user, known := t.People.Org().UserByName(username)
	actor, active := t.People.Org().Actor(user.ID)
	if !known || !active {
		return value.Actor{}, fault.New(fault.NotFound, "user.unknown").At("--as")
	}
	return actor, nil
}

// refusal is a row that was not imported, and why.
type refusal struct {
	file string
	row  int // as spreadsheets count, the header being 1
	err  error
}

// importer brings one file, with the rows that belong to its records, into one form.
type importer struct {
	*plan
	tenant  *tenant.Tenant
	actor   value.Actor
	sheet   *sheet
	details *sheet              // of the rows file, if there is one
	spread  map[string][]int    // places in details by key
	columns []column            // of records
	inRows  []column            // of rows of the table
	found   map[string]value.ID // by form, field and text
	refused []refusal
}

// waiting is a row on its way.
type waiting struct {
	place  int
	values map[string]any
}

// run imports a file and returns how many records it made. What is wrong with the files or the flags as a
// whole is found before anything is written; what is wrong with a row, or with a row that belongs to it,
// refuses that one record as a whole.
func (i *importer) run(ctx context.Context, path string) (int, error) {
	if err := i.openSheets(path); err != nil {
		return 0, err
	}
	if err := i.check(); err != nil {
		return 0, err
	}
	made := 0
	var chunk []waiting
	for place := range i.sheet.rows {
		values, issues, err := i.recordOf(ctx, place)
		if err != nil {
			return made, err
		}
		if err := issues.Fault("import", "record.invalid"); err != nil {
			i.refuse(i.sheet, place, err)
			continue
		}
		chunk = append(chunk, waiting{place, values})
		if len(chunk) == importChunk {
			n, err := i.write(ctx, chunk)
			made += n
			if err != nil {
				return made, err
			}
			chunk = chunk[:0]
		}
	}
	n, err := i.write(ctx, chunk)
	i.refuseOrphans()
	return made + n, err
}

func (i *importer) refuse(s *sheet, place int, err error) {
	i.refused = append(i.refused, refusal{s.name, numberOf(place), err})
}

// refuseOrphans reports the rows that belong to no record of the file.
func (i *importer) refuseOrphans() {
	if i.details == nil {
		return
	}
	keys := make(map[string]bool, len(i.sheet.rows))
	for place := range i.sheet.rows {
		keys[i.sheet.cell(place, i.rows.key)] = true
	}
	for place := range i.details.rows {
		if key := i.details.cell(place, i.rows.key); !keys[key] {
			i.refuse(i.details, place, fault.New(fault.NotFound, "import.orphan").With("column", i.rows.key).With("key", key))
		}
	}
}

// write makes records: all of a chunk in one transaction, which is fast, or where that fails one by one, so
// that a bad row keeps no good one away.
func (i *importer) write(ctx context.Context, rows []waiting) (int, error) {
	ops := make([]record.Operation, len(rows))
	for n, w := range rows {
		ops[n] = record.Operation{Op: "create", Values: w.values}
	}
	if len(ops) == 0 {
		return 0, nil
	}
	if _, err := i.tenant.Engine.Records.Batch(ctx, i.actor, i.form, ops, true, nil); err == nil {
		return len(ops), nil
	}
	made := 0
	for n, op := range ops {
		if err := ctx.Err(); err != nil {
			return made, err
		}
		results, err := i.tenant.Engine.Records.Batch(ctx, i.actor, i.form, []record.Operation{op}, false, nil)
		if err == nil {
			err = results[0].Err
		}
		if err == nil {
			made++
			continue
		}
		if kind := fault.KindOf(err); kind == fault.Internal || kind == fault.Unavailable {
			return made, err
		}
		i.refuse(i.sheet, rows[n].place, i.pointed(rows[n].place, err))
	}
	return made, nil
}
