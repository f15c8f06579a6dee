package main

import (
	"context"
	"flag"
	"fmt"

	"tidewater/engine/fault"
	"tidewater/engine/intake"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
	"tidewater/runtime/sheet"
	"tidewater/runtime/tenant"
)

// importChunk is how many records are written together.
const importChunk = 200

// importPlan is a plan with the second file of its rows.
type importPlan struct {
	intake.Plan
	rows string
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
		i := &importer{importPlan: plan, records: t.Engine.Records, actor: actor}
		made, err := i.run(ctx, set.Arg(0))
		if err == nil {
			// Other records' figures follow now: no server may run for a while.
			err = t.Engine.Settle(ctx)
		}
		p.say("%d records of %s made, %d refused\n", made, plan.Form, len(i.refused))
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

func planFlags(set *flag.FlagSet) *importPlan {
	plan := &importPlan{}
	set.Func("form", "the form's key", func(s string) error { plan.Form = value.FormKey(s); return nil })
	set.Var(&plan.Mapped, "map", "column=field; column=table.field for the columns of --rows")
	set.Var(&plan.Refs, "ref", "field=form.field: a cell names the record of that form whose field equals it")
	set.Func("user", "a field whose cells are user names", func(s string) error { plan.Users = append(plan.Users, s); return nil })
	set.Var(&plan.Fixed, "set", "field=value for each record; table.field=value for each row")
	set.Var(&plan.Values, "value", "field.from=to: what a cell says, and what it means")
	set.Var(&plan.Factors, "times", "field=factor: multiply, such as 100 for shares that are to be per cent")
	set.Var(&plan.Rounded, "round", "field=decimals: round half up, for numbers that were once binary floats")
	set.StringVar(&plan.rows, "rows", "", "a second CSV file whose lines are rows of --table")
	set.StringVar(&plan.Table, "table", "", "the table field that takes the rows")
	set.StringVar(&plan.Key, "key", "", "the column that both files have in common")
	return plan
}

// whole tells whether the flags belong together.
func (p *importPlan) whole() error {
	if p.Form == "" || len(p.Mapped) == 0 {
		return fmt.Errorf("%w: --form and --map are needed", errUsage)
	}
	some := p.rows != "" || p.Table != "" || p.Key != ""
	if some && (p.rows == "" || p.Table == "" || p.Key == "") {
		return fmt.Errorf("%w: --rows, --table and --key go together", errUsage)
	}
	return nil
}

// inFlags says for people where a part of a plan stands in the flags.
func inFlags(option, left, right string) string {
	if right == "" {
		return "--" + option + " " + left
	}
	return "--" + option + " " + left + "=" + right
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
	*importPlan
	records *record.Service
	actor   value.Actor
	sheet   *intake.Sheet
	details *intake.Sheet // of the rows file, or nil
	cells   *intake.Intake
	refused []refusal
}

// run imports a file and returns how many records it made. What is wrong with the files or the flags as a
// whole is found before anything is written; what is wrong with a row, or with a row that belongs to it,
// refuses that one record as a whole.
func (i *importer) run(ctx context.Context, path string) (made int, err error) {
	if i.sheet, err = sheet.Open(path); err == nil && i.rows != "" {
		i.details, err = sheet.Open(i.rows)
	}
	if err == nil {
		i.cells, err = intake.Open(i.records, i.actor, i.Plan, inFlags, i.sheet, i.details)
	}
	if err != nil {
		return 0, err
	}
	var places []int
	var changes []record.Change
	write := func() error {
		n, err := i.write(ctx, places, changes)
		made, places, changes = made+n, places[:0], changes[:0]
		return err
	}
	for place := range i.sheet.Rows {
		values, issues, err := i.cells.Record(ctx, place)
		if err != nil {
			return made, err
		}
		if err := issues.Fault("import", "record.invalid"); err != nil {
			i.refuse(i.sheet, place, err)
			continue
		}
		places, changes = append(places, place), append(changes, record.Change{Op: record.OpCreate, Values: values})
		if len(changes) == importChunk {
			if err := write(); err != nil {
				return made, err
			}
		}
	}
	err = write()
	i.refuseOrphans()
	return made, err
}

// write makes the records of some places, and returns how many it made: what keeps one away keeps no other
// one away.
func (i *importer) write(ctx context.Context, places []int, changes []record.Change) (made int, err error) {
	outcomes := make([]record.Outcome, len(changes))
	dealtWith := 0
	err = i.records.Many(ctx, i.actor, i.Form, changes, func(_ store.Tx, dealt int, did []record.Outcome) error {
		copy(outcomes[dealt-len(did):dealt], did)
		dealtWith = dealt
		return nil
	})
	for n, one := range outcomes[:dealtWith] {
		if one.Err != nil {
			i.refuse(i.sheet, places[n], i.cells.Pointed(places[n], one.Err))
		} else {
			made++
		}
	}
	return made, err
}

func (i *importer) refuse(s *intake.Sheet, place int, err error) {
	i.refused = append(i.refused, refusal{s.Name, s.Number(place), err})
}

// refuseOrphans reports the rows that belong to no record of the file.
func (i *importer) refuseOrphans() {
	if i.details == nil {
		return
	}
	keys := make(map[string]bool, len(i.sheet.Rows))
	for place := range i.sheet.Rows {
		keys[i.sheet.Cell(place, i.Key)] = true
	}
	for place := range i.details.Rows {
		if key := i.details.Cell(place, i.Key); !keys[key] {
			i.refuse(i.details, place, fault.New(fault.NotFound, "import.orphan").With("column", i.Key).With("key", key))
		}
	}
}
