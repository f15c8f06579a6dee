package engine

import (
	"context"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/publish"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// upkeeping is the work of making values count whose day has come.
type upkeeping struct{ *Engine }

type upkeepingArgs struct {
	File string `json:"file"`
}

func (upkeeping) Name() string { return "values" }

// Step makes one change count. Begun again after a kill, it finds nothing that waits.
func (w upkeeping) Step(ctx context.Context, run *job.Run) error {
	var args upkeepingArgs
	if err := run.From(&args, &struct{}{}); err != nil {
		return err
	}
	v, err := w.Apps.Activate(ctx, args.File, run.ID, w.config.Org())
	if err != nil {
		return err
	}
	did := job.Did{Ended: true}
	if v != nil && v.Reason != nil {
		did.Done, did.Total, did.Refused = 1, 1, []job.Refusal{*v.Reason}
	}
	return run.Commit(ctx, did)
}

// Upkept lists the documents of which somebody may change values.
func (e *Engine) Upkept(actor value.Actor) *publish.Keeper {
	return e.Apps.Keeper(actor, e.config.Org())
}

// ValuesChecked is what other values would come to.
type ValuesChecked struct {
	*publish.Tried
	Impact []ValuesImpact // by form; nil where something forbids the values
}

// ValuesImpact is what other values would make of a form's records: found at once, or by a job that finds it.
type ValuesImpact struct {
	Form  value.FormKey
	Found *RehearsalResult
	Job   *job.Job
}

// CheckValues tells what other values would come to: what forbids them, and what would become of the records.
// Nothing is kept but a line of the audit, for counts tell of records that the asker does not see. With once, the
// records are left to jobs, however few they are. Faults: those of publish.Keeper.Try.
func (e *Engine) CheckValues(ctx context.Context, actor value.Actor, order publish.ValuesOrder, once *job.Once) (*ValuesChecked, error) {
	const op = "engine.checkValues"
	if err := e.Apps.Refresh(ctx); err != nil {
		return nil, fault.Wrap(op, err)
	}
	tried, err := e.Upkept(actor).Try(ctx, order)
	if err != nil {
		return nil, err
	}
	out := &ValuesChecked{Tried: tried}
	if len(tried.Issues) > 0 {
		return out, nil
	}
	if err := e.Apps.Asked(ctx, actor, tried.Compiled.Version); err != nil {
		return nil, fault.Wrap(op, err)
	}
	out.Impact = []ValuesImpact{}
	for _, form := range tried.Compiled.Depending(tried.Upkeep) {
		one, err := e.valuesImpact(ctx, actor, order, tried, form, once)
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		out.Impact = append(out.Impact, one)
	}
	return out, nil
}

func (e *Engine) valuesImpact(
	ctx context.Context, actor value.Actor, order publish.ValuesOrder, tried *publish.Tried, form value.FormKey, once *job.Once,
) (ValuesImpact, error) {
	out := ValuesImpact{Form: form}
	r := &publish.Rehearsal{Published: e.Catalog().Version, Version: tried.Compiled.Version, Next: tried.Compiled}
	found := &RehearsalResult{Form: form, Published: r.Published, Version: r.Version, Rehearsed: record.NewRehearsed()}
	var err error
	if found.Total, err = e.recordsOf(ctx, form); err != nil {
		return out, err
	}
	if found.Total > int64(rehearseAtOnce*e.config.batch()) || once != nil {
		if once != nil {
			once = &job.Once{Key: once.Key + " " + string(form), Hash: once.Hash}
		}
		args := rehearsalArgs{RehearsalRequest: RehearsalRequest{Form: form}, Values: &order, Published: r.Published, Version: r.Version}
		j, err := e.Jobs.Add(ctx, job.New{Kind: valuesRehearsal, Actor: actor, Args: args, Total: found.Total, Once: once})
		out.Job = &j
		return out, err
	}
	out.Found = found
	return out, e.rehearseRest(ctx, actor, r, found, "")
}

// rehearseRest examines all records after one.
func (e *Engine) rehearseRest(ctx context.Context, actor value.Actor, r *publish.Rehearsal, found *RehearsalResult, last value.ID) error {
	begun := e.config.Clock()
	for !found.Ended {
		var err error
		if last, found.Ended, err = e.Records.Rehearse(ctx, actor, found.Form, r.Next, last, e.config.batch(), &found.Rehearsed); err != nil {
			return err
		}
	}
	found.Millis += e.config.Clock().Sub(begun).Milliseconds()
	return nil
}

// KeepValues changes values of a document, at once or from the beginning of a day in the tenant's zone. An order that
// was carried out before with the same Once is answered as it was then. Faults: those of publish.Keeper.Recall and
// Draft and, at once, Make.
func (e *Engine) KeepValues(ctx context.Context, actor value.Actor, order publish.ValuesOrder) (*publish.Values, error) {
	return e.valuesOnce(ctx, actor, order.Once, func() (*publish.Values, error) { return e.keepValues(ctx, actor, order) })
}

// valuesOnce carries out a request once. Where the same one was faster by a moment, this one has its answer.
func (e *Engine) valuesOnce(
	ctx context.Context, actor value.Actor, once *job.Once, do func() (*publish.Values, error),
) (*publish.Values, error) {
	done, err := e.Upkept(actor).Recall(ctx, once)
	if done != nil || err != nil {
		return done, err
	}
	made, failed := inTurn(ctx, do)
	if failed == nil || once == nil {
		return made, failed
	}
	done, err = e.Upkept(actor).Recall(ctx, once)
	if done != nil || err != nil {
		return done, err
	}
	return nil, failed
}

const (
	// turnPatience is how long an order waits for another publication to end.
	turnPatience = 5 * time.Second
	// turnEvery is how often it looks.
	turnEvery = 50 * time.Millisecond
)

// inTurn does something that publishes as soon as nobody else does, in this process or another.
func inTurn(ctx context.Context, do func() (*publish.Values, error)) (made *publish.Values, err error) {
	patience, cancel := context.WithTimeout(ctx, turnPatience)
	defer cancel()
	look := time.NewTicker(turnEvery)
	defer look.Stop()
	for {
		if made, err = do(); fault.CodeOf(err) != "publish.running" {
			return made, err
		}
		select {
		case <-look.C:
		case <-patience.Done():
			return nil, err
		}
	}
}

func (e *Engine) keepValues(ctx context.Context, actor value.Actor, order publish.ValuesOrder) (*publish.Values, error) {
	const op = "engine.keepValues"
	if err := e.Apps.Refresh(ctx); err != nil {
		return nil, fault.Wrap(op, err)
	}
	due := time.Time{}
	if order.From != 0 {
		due = value.TimeOn(order.From, 0, 0, e.config.Zone)
	}
	keeper := e.Upkept(actor)
	v, err := keeper.Draft(ctx, order, e.config.NewID(), due)
	if err != nil {
		return nil, err
	}
	if order.From == 0 {
		return v, keeper.Make(ctx, v)
	}
	j, err := e.Jobs.Draft(job.New{
		Kind: upkeeping{}.Name(), Actor: value.SystemActor("values"), Due: due, Total: 1, Args: upkeepingArgs{File: v.File},
	})
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	v.ID = j.ID
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := keeper.Put(ctx, tx, v); err != nil {
			return err
		}
		return e.Jobs.Put(ctx, tx, j)
	})
	return v, fault.Wrap(op, err)
}

// CancelValues takes back values whose day has not come, once as KeepValues. Faults: NotFound "upkeep.noChange".
func (e *Engine) CancelValues(
	ctx context.Context, actor value.Actor, kind, key string, id value.ID, once *job.Once,
) (*publish.Values, error) {
	return e.valuesOnce(ctx, actor, once, func() (*publish.Values, error) { return e.cancelValues(ctx, actor, kind, key, id, once) })
}

func (e *Engine) cancelValues(
	ctx context.Context, actor value.Actor, kind, key string, id value.ID, once *job.Once,
) (*publish.Values, error) {
	v, err := e.Upkept(actor).Cancel(ctx, kind, key, id, once)
	if err != nil {
		return nil, err
	}
	// The job would find nothing to do on its day; until then it would only stand among the others.
	_, err = e.Jobs.Cancel(ctx, value.SystemActor("values"), id)
	return v, fault.Wrap("engine.cancelValues", err)
}
