package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"

	"tidewater/engine"
	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/expr"
	"tidewater/engine/job"
	"tidewater/engine/pool"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// PoolsConfig says what to measure of pools; all of it but Profiles is needed.
type PoolsConfig struct {
	Folder   string         // an empty folder; what is written there stays
	App      catalog.Bundle // must have the forms, pools and roles of the CRM
	Records  int            // customers
	Scripts  *script.Pool   // the workers of the app's scripts
	Profiles string         // a folder for a profile of the processor's time of each part; empty: none
	Clock    func() time.Time
	Log      *slog.Logger
	Out      io.Writer
}

// The marks of the design.
const (
	idleEntries                = 10 // that a sweep with nothing due examines
	sweepAim, sweepFloor       = 5_000, 3_000
	sweepSaves                 = 250 // ms, of 99 in 100 saves beside a sweep
	savesPerSecond             = 20
	dealTime                   = 5 * time.Second
	listTimes            int64 = 3 // what a page examines, by what it returns
	poolJobLook                = 10 * time.Millisecond
	rawSwept                   = 100 // records of a transaction of the raw store, as of a sweep
)

// pools is a site with pools full of customers.
type pools struct {
	*site
	PoolsConfig
	lots  lots
	zones map[string]value.ID // the records of the zones, by key
	self  *side               // this process
}

// Pools fills the pools of a tenant straight into its store, and prints what sweeps and a hand-out take, a sweep beside
// the raw store that writes the same documents, and what lists within a salesperson's scope examine.
func Pools(ctx context.Context, config PoolsConfig) (err error) {
	p := &pools{PoolsConfig: config, lots: lotsOf(config.Records), self: &side{}}
	if p.self.process, err = thisProcess(); err != nil {
		return err
	}
	began := config.Clock()
	p.site, err = openWith(ctx, Config{
		Folder: config.Folder, App: config.App, Records: config.Records, Scripts: config.Scripts, Clock: config.Clock, Log: config.Log, Out: config.Out,
	}, p.furnish)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close(ctx)) }()
	took := config.Clock().Sub(began)
	fmt.Fprintf(config.Out, "%d customers put straight into the store in %.0f s (%.0f/s), %d CPUs\n",
		config.Records, took.Seconds(), float64(config.Records)/took.Seconds(), runtime.GOMAXPROCS(0))
	for _, part := range []struct {
		name string
		do   func(context.Context) error
	}{{"lists", p.lists}, {"deal", p.deal}, {"sweep", p.alone}, {"idle", p.idle}, {"beside", p.beside}} {
		flush()
		if err := p.profiled(part.name, func() error { return part.do(ctx) }); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// profiled does something, and leaves its profile where one is asked for.
func (p *pools) profiled(name string, do func() error) (err error) {
	if p.Profiles == "" {
		return do()
	}
	if err := os.MkdirAll(p.Profiles, 0o750); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(p.Profiles, name+".prof")) //nolint:gosec // the operator's own folder
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return do()
}

// ended waits for a job, and tells how long that took since it was asked for.
func (p *pools) ended(ctx context.Context, ask func() (*job.Job, error)) (*job.Job, time.Duration, error) {
	began := p.site.Clock()
	asked, err := ask()
	if err != nil {
		return nil, 0, err
	}
	look := time.NewTicker(poolJobLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		case <-look.C:
		}
		j, err := p.tenant.Engine.Jobs.Get(ctx, p.boss(), asked.ID)
		if err != nil {
			return nil, 0, err
		}
		switch j.State {
		case job.Queued, job.Running:
		case job.Done:
			return j, p.site.Clock().Sub(began), nil
		default:
			return nil, 0, fmt.Errorf("the job is %+v", j)
		}
	}
}

// spent does something and tells what it took by the clock and of the processor.
func (p *pools) spent(do func() error) (took, cpu time.Duration, err error) {
	before, err := p.self.cpu()
	if err != nil {
		return 0, 0, err
	}
	began := p.site.Clock()
	err = do()
	took = p.site.Clock().Sub(began)
	after, wrong := p.self.cpu()
	return took, after - before, errors.Join(err, wrong)
}

// swept lets the sweep of a pool take all that is due, and holds that it took it.
func (p *pools) swept(ctx context.Context, key string, due int) (time.Duration, error) {
	j, took, err := p.ended(ctx, func() (*job.Job, error) {
		return p.tenant.Engine.Sweep(ctx, p.boss(), form, key, engine.SweepRequest{Do: "force"}, nil)
	})
	if err == nil && j.Counts["reclaimed"] != int64(due) {
		err = fmt.Errorf("of %d that are due the sweep has done %v, and refused %v", due, j.Counts, j.Refusals)
	}
	return took, err
}

// deal hands out what waits in a pool, at random and evenly.
func (p *pools) deal(ctx context.Context) error {
	by := &engine.DealByHand{Mode: pool.RandomEven}
	for n := range poolTakers {
		by.People = append(by.People, engine.DealTo{User: personID(n)})
	}
	j, took, err := p.ended(ctx, func() (*job.Job, error) {
		return p.tenant.Engine.Distribute(ctx, p.boss(), engine.DealRequest{Form: form, Pool: waitingPool, By: by}, nil)
	})
	if err == nil && j.Counts["dealt"] != int64(p.lots.waiting) {
		err = fmt.Errorf("of %d that wait the hand-out has done %v, and refused %v", p.lots.waiting, j.Counts, j.Refusals)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.PoolsConfig.Out, "hand-out    %d at random and evenly over %d people, by tier: %.2f s (%.0f/s; mark %.0f s for 10000: %s)\n",
		p.lots.waiting, poolTakers, took.Seconds(), float64(p.lots.waiting)/took.Seconds(), dealTime.Seconds(),
		met(took.Seconds()/float64(p.lots.waiting) <= dealTime.Seconds()/10_000))
	return p.tenant.Engine.Settle(ctx)
}

// alone sweeps what is due in one pool beside nobody, and writes as many documents straight into the same store.
func (p *pools) alone(ctx context.Context) error {
	raw, err := p.rawSweep(ctx)
	if err != nil {
		return err
	}
	var ours intakeLap
	all, cpu, err := p.spent(func() (err error) {
		if ours.took, err = p.swept(ctx, duePool, p.lots.due); err != nil {
			return err
		}
		return p.tenant.Engine.Settle(ctx)
	})
	if err != nil {
		return err
	}
	ours.rows, ours.cpu = p.lots.due, cpu
	rate := ours.perSecond()
	verdict := "NOT MET"
	switch {
	case rate >= sweepAim:
		verdict = "aim met"
	case rate >= sweepFloor:
		verdict = "floor met"
	}
	fmt.Fprintf(p.PoolsConfig.Out, "sweep       %d due taken back with history and events in %.2f s: %.0f/s (aim %d, floor %d: %s); %.2f s and %.0f per processor second with all that follows\n",
		ours.rows, ours.took.Seconds(), rate, sweepAim, sweepFloor, verdict, all.Seconds(), ours.perProcessor())
	fmt.Fprintf(p.PoolsConfig.Out, "raw store   the same documents, history and events at %.0f/s, %.0f per processor second: a sweep costs %.2f× of it, %.2f× of the processor\n",
		raw.perSecond(), raw.perProcessor(), raw.perSecond()/rate, raw.perProcessor()/ours.perProcessor())
	return nil
}

// rawSweep writes what a sweep writes of each record, document, history and event, straight into the store, with what
// follows from it there.
func (p *pools) rawSweep(ctx context.Context) (lap intakeLap, err error) {
	for lap.rows < p.lots.raw {
		events, err := p.drawn(ctx)
		if err != nil {
			return lap, err
		}
		took, cpu, err := p.spent(func() error {
			return p.tenant.Store.Tx(ctx, func(tx store.Tx) error {
				for _, e := range events {
					if err := tx.Put(ctx, e.After, e.Before.Version); err != nil {
						return err
					}
					if err := tx.Emit(ctx, e); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if err != nil || len(events) == 0 {
			return lap, errors.Join(err, fmt.Errorf("%d of %d written", lap.rows, p.lots.raw))
		}
		lap.rows, lap.took, lap.cpu = lap.rows+len(events), lap.took+took, lap.cpu+cpu
	}
	_, cpu, err := p.spent(func() error { return p.tenant.Engine.Settle(ctx) })
	lap.cpu += cpu
	return lap, err
}

// drawn are the next records that are due beside those of the sweeps, each with what a sweep makes of it.
func (p *pools) drawn(ctx context.Context) ([]event.Event, error) {
	f, now := p.tenant.Engine.Catalog().Forms[form], p.site.Clock().UTC().Truncate(time.Millisecond)
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return nil, err
	}
	page, err := p.tenant.Engine.Records.Due(ctx, form, restPool, now.UnixMilli(), nil, rawSwept)
	if err != nil {
		return nil, err
	}
	ids := make([]value.ID, len(page.Records))
	for n, due := range page.Records {
		ids[n] = due.ID
	}
	found, err := p.tenant.Store.GetMany(ctx, form, ids)
	if err != nil {
		return nil, err
	}
	events := make([]event.Event, len(found))
	for n, r := range found {
		next := r.Clone()
		next.Version, next.UpdatedAt, next.UpdatedBy = r.Version+1, now, pool.Reclaimer().Key()
		owner := next.Values[string(f.Def.Holders.Owner)]
		delete(next.Values, string(f.Def.Holders.Owner))
		f.Custody(next, r, expr.Context{Now: now, Zone: zone, Actor: pool.Reclaimer(), Old: r.Values})
		f.Derive(next, zone, p.tenant.People.Org())
		events[n] = event.Event{
			Kind: event.RecordChanged, Form: form, Record: r.ID, Version: next.Version, At: now, Actor: pool.Reclaimer().Key(), Action: pool.Reclaim,
			Changes: []event.Change{{Field: f.Def.Holders.Owner, From: owner}}, Before: r, After: next,
		}
	}
	return events, nil
}

// idle asks what a sweep asks where nothing is due.
func (p *pools) idle(ctx context.Context) error {
	page, err := p.tenant.Engine.Records.Due(ctx, form, restPool, p.site.Clock().UnixMilli(), nil, 1)
	if err == nil && len(page.Records) > 0 {
		err = errors.New("something is due")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.PoolsConfig.Out, "idle sweep  examines %d records, %d entries where %d are owned and nothing is due (mark %d: %s)\n",
		page.Work.Records, page.Work.Entries, p.lots.rest, idleEntries, met(page.Work.Records+page.Work.Entries <= idleEntries))
	return nil
}

// beside sweeps another pool while people save, so many a second whether or not those before are done.
func (p *pools) beside(ctx context.Context) error {
	var (
		saves sync.WaitGroup
		mu    sync.Mutex
		took  []time.Duration
		errs  []error
	)
	save := func(n int64) {
		began := p.site.Clock()
		err := p.send(ctx, "POST", p.records(), map[string]any{"values": p.saved(n)})
		mu.Lock()
		defer mu.Unlock()
		took, errs = append(took, p.site.Clock().Sub(began)), append(errs, err)
	}
	over := make(chan struct{})
	var ticking sync.WaitGroup
	ticking.Go(func() {
		tick := time.NewTicker(time.Second / savesPerSecond)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
				n := p.next.Add(1)
				saves.Go(func() { save(n) })
			}
		}
	})
	swept, err := p.swept(ctx, besidePool, p.lots.due)
	close(over)
	ticking.Wait()
	saves.Wait()
	if err := errors.Join(append(errs, err)...); err != nil {
		return err
	}
	if len(took) == 0 {
		return errors.New("nobody saved anything during a sweep: too few records")
	}
	ms := within(took)
	fmt.Fprintf(p.PoolsConfig.Out, "saves       %d at %d a second during a sweep of %.0f/s: half within %.0f ms, 99 in 100 within %.0f ms (mark %d: %s), all within %.0f ms\n",
		len(took), savesPerSecond, float64(p.lots.due)/swept.Seconds(), ms(0.5), ms(0.99), sweepSaves, met(ms(0.99) <= sweepSaves), ms(1))
	return nil
}

// lists asks for pages of what somebody owns, shares and works on, who has few of the customers, some, or half.
func (p *pools) lists(ctx context.Context) error {
	for _, who := range []struct {
		name string
		n    int
	}{{"sparse", sparseSeller}, {"medium", mediumSeller}, {"dense", denseSeller}} {
		actor, _ := p.tenant.People.Org().Actor(personID(who.n))
		for _, sort := range []string{"-updatedAt", "tier", "lastFollowUpAt"} {
			var records, entries, rows int64
			req := record.ListRequest{Form: form, Sort: sort, Limit: pageSize}
			for range 2 {
				page, err := p.tenant.Engine.Records.List(ctx, actor, req)
				if err != nil {
					return err
				}
				rows += int64(len(page.Records))
				records, entries, req.After = records+page.Work.Records, entries+page.Work.Entries, page.Next
			}
			if rows < 2*pageSize {
				return fmt.Errorf("%s: %d rows only", who.name, rows)
			}
			fmt.Fprintf(p.PoolsConfig.Out, "list        %-6s by %-14s two pages, %d rows: examines %d records, %d entries (mark %d× each: %s)\n",
				who.name, sort, rows, records, entries, listTimes, met(records <= listTimes*rows && entries <= listTimes*rows))
		}
	}
	return nil
}
