package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/meta"
	"tidewater/engine/notify"
	"tidewater/engine/pool"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// reclaiming is the work of a sweep: what is due in one pool goes back, batch by batch. It only reports until
// somebody who manages the pool has turned it on, and stops and asks where it would take too much.
type reclaiming struct{ *Engine }

type reclaimingArgs struct {
	Form  value.FormKey `json:"form"`
	Pool  string        `json:"pool"`
	Force bool          `json:"force,omitempty"` // somebody has seen that it is much
}

type reclaimingCursor struct {
	Until int64  `json:"until"`        // what is due by then
	At    int64  `json:"at,omitempty"` // the place after which to go on
	After string `json:"after,omitempty"`
}

func (c reclaimingCursor) place() query.Key {
	if c.After == "" {
		return nil
	}
	return query.Key{c.At, c.After}
}

// behind is the place after a record.
func (c reclaimingCursor) behind(due record.Due) reclaimingCursor {
	c.At, _ = due.Place[0].(int64)
	c.After, _ = due.Place[1].(string)
	return c
}

func (reclaiming) Name() string { return "reclaim" }

// Step takes back the next records. Whoever was faster than the sweep keeps theirs: each record is asked for
// again in the transaction that takes it.
func (w reclaiming) Step(ctx context.Context, run *job.Run) error {
	var args reclaimingArgs
	at := reclaimingCursor{Until: run.Now.UnixMilli()}
	if err := run.From(&args, &at); err != nil {
		return err
	}
	form, p, err := w.pool(args.Form, args.Pool)
	if fault.KindOf(err) == fault.NotFound { // taken away since: there is nothing to sweep
		return run.Commit(ctx, job.Did{Ended: true})
	}
	if err != nil {
		return err
	}
	total := run.Total
	if run.Cursor == nil {
		ended, due, err := w.begin(ctx, run, form, p, args, at)
		if ended || err != nil {
			return err
		}
		total = due
	}
	next := func(ctx context.Context, most int) (lot, error) {
		page, err := w.Records.Due(ctx, form.Key, args.Pool, at.Until, at.place(), most)
		if err != nil || len(page.Records) == 0 {
			return lot{}, err
		}
		one := w.takenBack(run, page, at, total)
		at = at.behind(page.Records[len(page.Records)-1])
		return one, nil
	}
	return w.inLots(ctx, pool.Reclaimer(), form.Key, next, func() error {
		return run.Commit(ctx, job.Did{Cursor: at, Total: total, Ended: true})
	})
}

// takenBack are records of a page of what is due on their way back, and what the job keeps of that.
func (reclaiming) takenBack(run *job.Run, page record.DuePage, at reclaimingCursor, total int64) lot {
	one := lot{changes: make([]record.Change, len(page.Records)), last: page.End}
	for n, due := range page.Records {
		one.changes[n] = record.Change{Op: record.OpAct, Action: pool.Reclaim, ID: due.ID}
	}
	one.also = func(ctx context.Context, tx store.Tx, dealt int, did []record.Outcome) error {
		here := job.Did{
			Cursor: at.behind(page.Records[dealt-1]), Done: int64(len(did)), Total: total, Ended: page.End && dealt == len(one.changes), Counts: map[string]int64{},
		}
		for _, one := range did {
			switch {
			case fault.CodeOf(one.Err) == "action.mayNot" || one.Renewed:
				here.Counts["spared"]++
			case one.Err != nil:
				here.Counts["refused"]++
				here.Refused = append(here.Refused, job.RefusalOf(string(one.ID), one.Err))
			default:
				here.Counts["reclaimed"]++
			}
		}
		return run.Advance(ctx, tx, here)
	}
	return one
}

// begin decides, before anything is taken, whether the sweep may take it. ended tells that it may not, or that
// nothing is due.
func (w reclaiming) begin(
	ctx context.Context, run *job.Run, form *catalog.Form, p *catalog.Pool, args reclaimingArgs, at reclaimingCursor,
) (ended bool, due int64, err error) {
	page, err := w.Records.Due(ctx, form.Key, args.Pool, at.Until, nil, 1)
	if err != nil {
		return false, 0, err
	}
	if len(page.Records) == 0 {
		return true, 0, run.Commit(ctx, job.Did{Cursor: at, Ended: true})
	}
	due, owned, err := w.Records.CountDue(ctx, form.Key, args.Pool, at.Until)
	if err != nil {
		return false, 0, err
	}
	sweep, err := w.sweepOf(ctx, w.config.Store, form.Key, args.Pool)
	if err != nil {
		return false, 0, err
	}
	var name, why string
	switch {
	case !sweep.On && !args.Force:
		name, why = "reported", "pool.reportOnly"
	case p.Braked(due, owned) && !args.Force:
		name, why = "braked", "pool.braked"
	default:
		return false, due, nil
	}
	told := fault.New(fault.Conflict, why).With("due", due).With("owned", owned).With("pool", p.Def.Label)
	did := job.Did{
		Cursor: at, Done: due, Total: due, Ended: true, Counts: map[string]int64{name: due}, Refused: []job.Refusal{job.RefusalOf(args.Pool, told)},
	}
	tell := notify.Telling{To: w.decideOf(p), Kind: notify.Braked, At: run.Now, By: run.Actor.Key(), Args: told.Args, Once: "job " + string(run.ID), Until: run.Now.Add(day)}
	if name == "reported" {
		year, week := run.Now.In(w.config.Zone).ISOWeek() // once a week is enough of what goes on as it was
		tell.Kind, tell.Once, tell.Until = notify.Reported, fmt.Sprintf("report %s %d-%d", sweepKey(form.Key, args.Pool), year, week), run.Now.Add(8*day)
	}
	return true, due, w.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := run.Advance(ctx, tx, did); err != nil {
			return err
		}
		return w.inbox.Tell(ctx, tx, tell)
	})
}

// decideOf are the people who can answer where a sweep asks: administrators, and those who manage the pool.
func (e *Engine) decideOf(p *catalog.Pool) []value.ID {
	people := notify.PeopleIn(e.config.Org())
	all := slices.Compact(slices.Sorted(slices.Values(append(people.Admins(), people.Of(p.Def.Rights.Manage, "")...))))
	return all[:min(len(all), toldOfPools)]
}

const day = 24 * time.Hour

// pool returns a pool of a form. Faults: NotFound "pool.unknown".
func (e *Engine) pool(form value.FormKey, key string) (*catalog.Form, *catalog.Pool, error) {
	if f, ok := e.Catalog().Forms[form]; ok {
		if p, ok := f.Pool(key); ok {
			return f, p, nil
		}
	}
	return nil, nil, fault.New(fault.NotFound, "pool.unknown").With("pool", key)
}

// sweeps keeps for each pool whether its sweep takes or only reports.
const sweeps = "poolSweeps"

// Sweep is what somebody who manages a pool has decided of its sweep.
type Sweep struct {
	On bool      `json:"on"`
	By value.ID  `json:"by,omitempty"`
	At time.Time `json:"at,omitzero"`
}

func sweepKey(form value.FormKey, key string) string { return string(form) + "/" + key }

func (e *Engine) sweepOf(ctx context.Context, from store.Side, form value.FormKey, key string) (Sweep, error) {
	item, err := from.Load(ctx, sweeps, sweepKey(form, key))
	if fault.KindOf(err) == fault.NotFound {
		return Sweep{}, nil
	}
	var s Sweep
	if err == nil {
		err = json.Unmarshal(item.Body, &s)
	}
	return s, fault.Wrap("engine.sweep", err)
}

// SweepRequest is what somebody who manages a pool asks of its sweep.
type SweepRequest struct {
	Do string // "on", "off", "run", or "force": run, whatever it takes
	// Seen is how many records the asker has seen that it would take now: none is turned on unread.
	Seen int64
}

// Sweep turns a pool's sweep on or off, or lets it run now, as a job: for those who manage the pool, and administrators, who
// are asked as well where it stops. Faults: NotFound "form.unknown" and "pool.unknown", Forbidden "pool.mayNotManage",
// Malformed "pool.sweep", Conflict "pool.sweepUnseen" where one that is off would take more than was seen.
func (e *Engine) Sweep(ctx context.Context, actor value.Actor, form value.FormKey, key string, req SweepRequest, once *job.Once) (*job.Job, error) {
	const op = "engine.sweep"
	if _, err := e.Records.HasAction(actor, form, pool.Reclaim); err != nil {
		return nil, err
	}
	_, p, err := e.pool(form, key)
	if err != nil {
		return nil, err
	}
	if !actor.IsSystem() && (!e.decides(actor, p) || !actor.Grants(value.WriteScope, form)) {
		return nil, fault.New(fault.Forbidden, "pool.mayNotManage").In(op).With("pool", p.Def.Label)
	}
	switch req.Do {
	case "on", "off":
		if err := e.sweepSeen(ctx, form, p, req); err != nil {
			return nil, err
		}
		body, err := json.Marshal(Sweep{On: req.Do == "on", By: actor.Key(), At: e.config.Clock().UTC()})
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		return nil, e.config.Store.Save(ctx, sweeps, store.Item{Key: sweepKey(form, key), Body: body}, store.AnyRevision)
	case "run", "force":
		j, err := e.Jobs.Add(ctx, job.New{
			Kind: reclaiming{}.Name(), Actor: actor, Args: reclaimingArgs{Form: form, Pool: key, Force: req.Do == "force"}, Once: once,
		})
		return &j, fault.Wrap(op, err)
	}
	return nil, fault.New(fault.Malformed, "pool.sweep").In(op).At("/do")
}

// decides tells whether somebody is asked about a pool's sweep.
func (e *Engine) decides(actor value.Actor, p *catalog.Pool) bool {
	return access.Among(p.Def.Rights.Manage, actor, e.config.Org(), "") || access.Administer(actor) == nil
}

// sweepSeen refuses to turn on what would take more than its asker has looked at.
func (e *Engine) sweepSeen(ctx context.Context, form value.FormKey, p *catalog.Pool, req SweepRequest) error {
	const op = "engine.sweep"
	if req.Do != "on" {
		return nil
	}
	if now, err := e.sweepOf(ctx, e.config.Store, form, p.Def.Key); err != nil || now.On {
		return err
	}
	due, _, err := e.Records.CountDue(ctx, form, p.Def.Key, e.config.Clock().UnixMilli())
	if err == nil && due > req.Seen {
		return fault.New(fault.Conflict, "pool.sweepUnseen").In(op).With("due", due).With("pool", p.Def.Label)
	}
	return fault.Wrap(op, err)
}

// Sweeps queues the sweeps whose time of the day has come, each once a day however many instances ask.
func (e *Engine) Sweeps(ctx context.Context) error {
	now := e.config.Clock()
	day := value.DayOf(now, e.config.Zone)
	for _, form := range e.Catalog().InOrder() {
		for _, p := range form.Pools {
			if len(p.Rules) == 0 || now.Before(p.SweepOn(day, e.config.Zone)) {
				continue
			}
			_, err := e.Jobs.Add(ctx, job.New{
				Kind: reclaiming{}.Name(), Actor: pool.Reclaimer(), Args: reclaimingArgs{Form: form.Key, Pool: p.Def.Key},
				Once: &job.Once{Key: "sweep " + sweepKey(form.Key, p.Def.Key) + " " + strconv.FormatInt(day, 10)},
			})
			if err != nil {
				return fault.Wrap("engine.sweeps", err)
			}
		}
	}
	return nil
}

// PoolState is a pool as it is for somebody today.
type PoolState struct {
	pool.Left
	Sweep *SweepState // for those who manage it and administrators, where it has rules
	// Distributions are those that the asker may let run.
	Distributions []meta.PoolDistribution
}

// SweepState is how a pool's sweep stands.
type SweepState struct {
	Sweep
	Next time.Time
	Due  int64 // records that the sweep of now would take
}

// Pools tells what somebody may do with the pools of a form today; administrators are told of all of them. Faults:
// NotFound "form.unknown".
func (e *Engine) Pools(ctx context.Context, actor value.Actor, key value.FormKey) ([]PoolState, error) {
	const op = "engine.pools"
	if _, err := e.Records.HasAction(actor, key, pool.Reclaim); err != nil {
		return nil, err
	}
	form, people, now := e.Catalog().Forms[key], e.config.Org(), e.config.Clock()
	rule := expr.Context{Now: now, Zone: e.config.Zone, Calendar: e.calendar(), Actor: actor}
	lefts, err := pool.Lefts(ctx, e.config.Store, form, actor, people, rule)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	out := make([]PoolState, len(lefts))
	for n, left := range lefts {
		out[n].Left = left
		if slices.Contains(left.Rights, "assign") || slices.Contains(left.Rights, "manage") {
			out[n].Distributions = left.Pool.Def.Distribute
		}
		if !e.decides(actor, left.Pool) || len(left.Pool.Rules) == 0 {
			continue
		}
		s, err := e.sweepOf(ctx, e.config.Store, key, left.Pool.Def.Key)
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		due, _, err := e.Records.CountDue(ctx, key, left.Pool.Def.Key, now.UnixMilli())
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		out[n].Sweep = &SweepState{Sweep: s, Next: left.Pool.Sweeps(now, e.config.Zone).UTC(), Due: due}
	}
	return out, nil
}
