package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

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
	columns pairs    // column=field, column=table.field for the rows file
	refs    pairs    // field=form.field: the cell names the record whose field has that value
	users   []string // fields whose cells are user names
	fixed   pairs    // field=value, the same for each record
	values  pairs    // field.from=to: what a cell says and what it means
	rounded pairs    // field=decimals: half up, for files whose numbers were once binary
	rows    rowsFile
	chunk   int
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
	return p.with(ctx, *folder, *name, func(w *world, t *tenant.Tenant) error {
		actor, err := importActor(t, *as)
		if err != nil {
			return err
		}
		file, err := os.Open(set.Arg(0))
		if err != nil {
			return fault.New(fault.NotFound, "file.notFound").At(set.Arg(0)).Because(err)
		}
		i := &importer{plan: plan, tenant: t, actor: actor, texts: w.texts, found: map[string]value.ID{}}
		done, err := i.run(ctx, file)
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
		fmt.Fprintf(p.out, "%d records of %s made, %d rows refused\n", done, plan.form, len(i.refused))
		for _, f := range i.refused {
			fmt.Fprintf(p.out, "row %d: ", f.row)
			tellFault(p.out, i.texts, f.err)
		}
		if err == nil && len(i.refused) > 0 {
			err = fault.New(fault.Invalid, "import.row").With("row", i.refused[0].row)
		}
		return err
	})
}

func planFlags(set *flag.FlagSet) *plan {
	plan := &plan{chunk: importChunk}
	set.Func("form", "the form's key", func(s string) error { plan.form = value.FormKey(s); return nil })
	set.Var(&plan.columns, "map", "column=field; column=table.field for the columns of --rows")
	set.Var(&plan.refs, "ref", "field=form.field: a cell names the record of that form whose field equals it")
	set.Func("user", "a field whose cells are user names", func(s string) error { plan.users = append(plan.users, s); return nil })
	set.Var(&plan.fixed, "set", "field=value for each record")
	set.Var(&plan.values, "value", "field.from=to: what a cell says, and what it means")
	set.Var(&plan.rounded, "round", "field=decimals: round half up, for numbers that were once binary floats")
	set.StringVar(&plan.rows.path, "rows", "", "a second CSV file whose lines are rows of --table")
	set.StringVar(&plan.rows.table, "table", "", "the table field that takes the rows")
	set.StringVar(&plan.rows.key, "key", "", "the column that both files have in common")
	return plan
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

// importChunk is how many records are written together.
const importChunk = 200

// refusal is a row that was not imported, and why.
type refusal struct {
	row int // 1 is the first row below the header
	err error
}

type importer struct {
	*plan
	tenant  *tenant.Tenant
	actor   value.Actor
	texts   *message.Catalog
	found   map[string]value.ID // by form, field and text
	refused []refusal
}

// waiting is a row on its way.
type waiting struct {
	row int
	op  record.Operation
}

// write makes records; each stands alone, so that one bad row keeps no good one away.
func (i *importer) write(ctx context.Context, rows []waiting) (int, error) {
	ops := make([]record.Operation, len(rows))
	for n, w := range rows {
		ops[n] = w.op
	}
	results, err := i.tenant.Engine.Records.Batch(ctx, i.actor, i.form, ops, false, nil)
	if err != nil {
		return 0, err
	}
	made := 0
	for n, r := range results {
		if r.Err != nil {
			i.refused = append(i.refused, refusal{rows[n].row, r.Err})
			continue
		}
		made++
	}
	return made, nil
}
