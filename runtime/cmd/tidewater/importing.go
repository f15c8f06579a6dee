package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

// importPlan is what the flags of an import say.
type importPlan struct {
	form                                           string
	mapped, refs, fixed, values, factors, rounding pairs
	users                                          []string // persons are found by what cells say of them; kept for those who say so
	rows, table, join, rowKey                      string
	mode, key, sheet, refused, pool                string
	dryRun, clear                                  bool
	origins                                        map[string]string // of the parts of the plan, by their paths
}

func (p *program) importFile(ctx context.Context, args []string) error {
	set := p.flags("import")
	place := storeFlag(set)
	name := set.String("tenant", "", "the tenant's name")
	as := set.String("as", "", "the user whose rights the import has, and who is its author; empty: the system")
	plan := planFlags(set)
	if err := parse(set, args, 1, 1); err != nil {
		return err
	}
	if err := plan.whole(); err != nil {
		return err
	}
	return p.with(ctx, *place, *name, func(w *world, t *tenant.Tenant) error {
		actor, err := actorNamed(t, *as)
		if err != nil {
			return err
		}
		j, err := p.runImport(ctx, t, actor, plan, set.Arg(0))
		if err != nil {
			return plan.pointed(err)
		}
		// Other records' figures follow now: no server may run for a while.
		if err := t.Engine.Settle(ctx); err != nil {
			return err
		}
		return p.tellImport(ctx, w, t, actor, plan, j, set.Arg(0))
	})
}

func planFlags(set *flag.FlagSet) *importPlan {
	plan := &importPlan{origins: map[string]string{}}
	set.StringVar(&plan.form, "form", "", "the form's key")
	set.Var(&plan.mapped, "map", "column=field; column=table.field for the columns of --rows; none: as the names of the columns say")
	set.Var(&plan.refs, "ref", "field=form.field: a cell names the record of that form whose field equals it")
	set.Func("user", "a field whose cells are user names", func(s string) error { plan.users = append(plan.users, s); return nil })
	set.Var(&plan.fixed, "set", "field=value for each record; table.field=value for each row")
	set.Var(&plan.values, "value", "field.from=to: what a cell says, and what it means")
	set.Var(&plan.factors, "times", "field=factor: multiply, such as 100 for shares that are to be per cent")
	set.Var(&plan.rounding, "round", "field=decimals: round half up, for numbers that were once binary floats")
	set.StringVar(&plan.rows, "rows", "", "a second file whose lines are rows of --table; empty: they stand in the file itself, one in each line")
	set.StringVar(&plan.table, "table", "", "the table field that takes the rows")
	set.StringVar(&plan.join, "key", "", "the column that both files have in common, or by which lines of one file are one record")
	set.StringVar(&plan.rowKey, "row-key", "", "the column of the table field that tells its rows apart, to change rows that are there")
	set.StringVar(&plan.mode, "mode", string(intake.Create), "create, update or upsert")
	set.StringVar(&plan.key, "by", "", "the fields, with commas, by which update and upsert find records: id, or what is unique")
	set.StringVar(&plan.sheet, "sheet", "", "the sheet of a workbook; empty: the first")
	set.StringVar(&plan.pool, "pool", "", "the pool that new records come into; empty: the one whose condition holds")
	set.StringVar(&plan.refused, "refused", "", "where to write the refused rows, with reasons: a name ending in .xlsx or .csv")
	set.BoolVar(&plan.dryRun, "dry-run", false, "say what would happen and do nothing")
	set.BoolVar(&plan.clear, "clear", false, "an empty cell empties the field of a record on hand")
	return plan
}

// whole tells whether the flags belong together.
func (p *importPlan) whole() error {
	if p.form == "" {
		return fmt.Errorf("%w: --form is needed", errUsage)
	}
	some := p.rows != "" || p.table != "" || p.join != ""
	if some && (p.table == "" || p.join == "") {
		return fmt.Errorf("%w: --table and --key go together, and --rows needs them", errUsage)
	}
	mapped := map[string]bool{}
	for _, m := range append(p.mapped, p.fixed...) {
		mapped[m.right], mapped[m.left] = true, true
	}
	// A slip of the pen would let dirty values through.
	var issues fault.Issues
	for option, list := range map[string]pairs{"ref": p.refs, "times": p.factors, "round": p.rounding} {
		for _, one := range list {
			if !mapped[one.left] {
				issues.Add("--"+option+" "+one.left+"="+one.right, "field.unknown", "field", one.left)
			}
		}
	}
	for _, user := range p.users {
		if !mapped[user] {
			issues.Add("--user "+user, "field.unknown", "field", user)
		}
	}
	return issues.Fault("import", "import.flags")
}

// actorNamed is a user with the rights they have, or without a name the system.
func actorNamed(t *tenant.Tenant, username string) (value.Actor, error) {
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

// runImport asks for the import and waits until its job has ended.
func (p *program) runImport(ctx context.Context, t *tenant.Tenant, actor value.Actor, plan *importPlan, path string) (*job.Job, error) {
	req, err := plan.request(ctx, t, actor, path)
	if err != nil {
		return nil, err
	}
	j, err := t.Engine.Import(ctx, actor, req, nil)
	if err != nil {
		return nil, err
	}
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !j.State.Ended() {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-look.C: // the tenant's own worker does it
		}
		if j, err = t.Engine.Jobs.Get(ctx, actor, j.ID); err != nil {
			return nil, err
		}
	}
	if j.State == job.Done {
		return j, nil
	}
	why := fault.New(fault.Invalid, "internal")
	if j.Reason != nil {
		why = &fault.Error{Kind: fault.Invalid, Code: j.Reason.Code, Args: j.Reason.Args, Issues: j.Reason.Issues}
	}
	return nil, why.At(filepath.Base(path))
}

// request makes of the flags what the API takes.
func (p *importPlan) request(ctx context.Context, t *tenant.Tenant, actor value.Actor, path string) (engine.ImportRequest, error) {
	req := engine.ImportRequest{Choice: grid.Choice{Sheet: p.sheet}, DryRun: p.dryRun}
	if strings.EqualFold(filepath.Ext(p.refused), ".csv") {
		req.Report = grid.CSV
	}
	file, err := brought(ctx, t, actor, path)
	if err != nil {
		return req, err
	}
	req.File = file
	plan := &req.Plan
	plan.Form, plan.Mode, plan.Clear, plan.Pool = value.FormKey(p.form), intake.Mode(p.mode), p.clear, p.pool
	for _, key := range words(p.key) {
		plan.Key = append(plan.Key, value.FieldKey(key))
	}
	if len(p.mapped) == 0 {
		seen, err := t.Engine.Look(ctx, actor, plan.Form, file, req.Choice)
		if err != nil {
			return req, err
		}
		plan.Columns, plan.Tables = intake.Guesses(seen.Columns), seen.Request.Plan.Tables
	}
	inTable := p.table + "."
	var rows []intake.Column
	for _, m := range p.mapped {
		c := p.column(m.right)
		c.Column = m.left
		if field, ok := strings.CutPrefix(m.right, inTable); ok && p.table != "" {
			c.Field = field
			p.origins["/tables/0/columns/"+strconv.Itoa(len(rows))] = "--map " + m.left + "=" + m.right
			rows = append(rows, c)
			continue
		}
		p.origins["/columns/"+strconv.Itoa(len(plan.Columns))] = "--map " + m.left + "=" + m.right
		plan.Columns = append(plan.Columns, c)
	}
	for _, m := range p.fixed {
		c := p.column(m.left)
		c.Text = m.right
		if field, ok := strings.CutPrefix(m.left, inTable); ok && p.table != "" {
			c.Field = field
			rows = append(rows, c)
			continue
		}
		p.origins["/columns/"+strconv.Itoa(len(plan.Columns))] = "--set " + m.left + "=" + m.right
		plan.Columns = append(plan.Columns, c)
	}
	if p.table == "" {
		return req, nil
	}
	second := file
	if p.rows != "" {
		second, err = brought(ctx, t, actor, p.rows)
	}
	plan.Tables = append(plan.Tables, intake.Table{
		Field: value.FieldKey(p.table), File: second, Choice: p.rowsChoice(), Join: p.join, Key: p.rowKey, Columns: rows,
	})
	return req, err
}

// rowsChoice is how the file of the rows is read: as that of the records where it is the same.
func (p *importPlan) rowsChoice() grid.Choice {
	if p.rows == "" {
		return grid.Choice{Sheet: p.sheet}
	}
	return grid.Choice{}
}

// column is what the flags say of how the cells of a field are read.
func (p *importPlan) column(field string) intake.Column {
	c := intake.Column{Field: field}
	if target, ok := p.refs.get(field); ok {
		_, c.By, _ = strings.Cut(target, ".")
	}
	c.Times, _ = p.factors.get(field)
	if text, ok := p.rounding.get(field); ok {
		places, err := strconv.Atoi(text)
		if err != nil {
			places = -1 // which the engine refuses with the bounds there are
		}
		c.Round = &places
	}
	for _, m := range p.values {
		if from, ok := strings.CutPrefix(m.left, field+"."); ok {
			if c.Values == nil {
				c.Values = map[string]string{}
			}
			c.Values[from] = m.right
		}
	}
	return c
}

// brought puts a file from outside into the tenant's store, where imports read it.
func brought(ctx context.Context, t *tenant.Tenant, actor value.Actor, path string) (_ value.ID, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fault.New(fault.NotFound, "file.notFound").At(path).Because(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return t.Engine.Keep(ctx, actor, filepath.Base(path), file)
}

// pointed says of what is wrong with a plan which flags said so.
func (p *importPlan) pointed(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "import.plan" {
		return err
	}
	out := *f
	out.Issues = nil
	for _, issue := range f.Issues {
		for path, origin := range p.origins {
			if strings.HasPrefix(issue.Path, path+"/") {
				issue.Path = origin
			}
		}
		out.Issues = append(out.Issues, issue)
	}
	return &out
}

// tellImport prints what became of the rows, and writes those that were refused where that was wanted.
func (p *program) tellImport(
	ctx context.Context, w *world, t *tenant.Tenant, actor value.Actor, plan *importPlan, j *job.Job, path string,
) error {
	counts := j.Counts
	if plan.dryRun {
		p.say("Nothing was done; this is what would be:\n")
	}
	p.say("%d records of %s made, %d refused", counts["made"], plan.form, counts["refused"])
	if plan.mode != string(intake.Create) {
		p.say(", %d changed, %d unchanged", counts["changed"], counts["unchanged"])
	}
	p.say("\n")
	name := filepath.Base(path)
	var first error
	for _, one := range j.Refused {
		f := &fault.Error{Kind: fault.Invalid, Code: one.Code, Issues: one.Issues, Args: one.Args}
		at := name
		for n, issue := range f.Issues {
			if strings.HasPrefix(issue.File, " row ") {
				f.Issues[n].File = filepath.Base(cmp.Or(plan.rows, path)) + issue.File
			}
			if one.At == "0" {
				at, one.At = filepath.Base(plan.rows), issue.File[strings.LastIndexByte(issue.File, ' ')+1:]
				f.Issues[n].File = ""
			}
		}
		p.say("%s row %s: ", at, one.At)
		tellFault(p.out, w.texts, f)
		if first == nil {
			first = fault.New(fault.Invalid, "import.row").At(at).With("row", one.At)
		}
	}
	if told := int64(len(j.Refused)); told < counts["refused"] {
		p.say("… and %d more\n", counts["refused"]-told)
	}
	if plan.refused != "" && j.Result != "" {
		if err := fetched(ctx, t, actor, value.ID(j.Result), plan.refused); err != nil {
			return err
		}
	}
	return first
}

// fetched writes a file of the tenant's store outside.
func fetched(ctx context.Context, t *tenant.Tenant, actor value.Actor, id value.ID, path string) error {
	_, from, err := t.Engine.FileReader(ctx, actor, id)
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	return errors.Join(err, file.Close())
}
