package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
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

// dealing is the work of handing a pool's records out. The seed is drawn and kept before anything is read, then
// the draw with all its inputs, and then it is carried out batch by batch: dealt again from what is kept, it is
// the same. A period is worked once.
type dealing struct{ *Engine }

type dealingArgs struct {
	Form   value.FormKey `json:"form"`
	Pool   string        `json:"pool"`
	ID     string        `json:"id"`
	Period string        `json:"period"`
	Reason string        `json:"reason,omitempty"` // why the period is worked once more; "": it is not
	By     *DealByHand   `json:"by,omitempty"`     // in place of ID
	// Scheduled says that its time had come, so that nobody looks at what comes of it.
	Scheduled bool `json:"scheduled,omitempty"`
}

func (a dealingArgs) key() string { return string(a.Form) + "/" + a.Pool + "/" + a.ID }

type dealingCursor struct {
	Seed  string `json:"seed"` // in digits: JSON's numbers are not as long
	Drawn bool   `json:"drawn,omitempty"`
	At    int    `json:"at,omitempty"`
}

// Side documents: who works a period, the draws, and what each has got so far.
const (
	periods = "poolPeriods" // form/pool/distribution/period
	draws   = "poolDraws"   // the job's id
	ledger  = "poolLedger"  // form/pool/distribution/user
)

// drawsKept is how long a draw can be verified.
const drawsKept = 400 * 24 * time.Hour

// maxDealt bounds the candidates of one run.
const maxDealt = 10_000

func (dealing) Name() string { return "distribute" }

func (w dealing) Step(ctx context.Context, run *job.Run) error {
	var args dealingArgs
	var at dealingCursor
	if err := run.From(&args, &at); err != nil {
		return err
	}
	if run.Cursor == nil {
		return w.begin(ctx, run, args)
	}
	if !at.Drawn {
		return w.drawn(ctx, run, args, at)
	}
	return w.hand(ctx, run, args, at)
}

// begin takes the period, and keeps the seed before anything is read.
func (w dealing) begin(ctx context.Context, run *job.Run, args dealingArgs) error {
	seed, err := seedOf()
	if err != nil {
		return err
	}
	key := args.key() + "/" + args.Period
	if args.By != nil {
		key += "/" + string(run.ID) // by hand it may be done as often as somebody wants
	}
	return w.config.Store.Tx(ctx, func(tx store.Tx) error {
		_, err := tx.Load(ctx, periods, key)
		if err == nil && args.Reason == "" {
			done := fault.New(fault.Conflict, "pool.periodDone").With("period", args.Period)
			return run.Advance(ctx, tx, job.Did{Ended: true, Refused: []job.Refusal{job.RefusalOf(args.ID, done)}})
		}
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		item := store.Item{Key: key, Body: periodBody(run), Expires: run.Now.Add(drawsKept)}
		if err := tx.Save(ctx, periods, item, store.AnyRevision); err != nil {
			return err
		}
		return run.Advance(ctx, tx, job.Did{Cursor: dealingCursor{Seed: seed}})
	})
}

func seedOf() (string, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fault.Wrap("engine.seed", err)
	}
	return strconv.FormatUint(binary.LittleEndian.Uint64(b[:]), 10), nil
}

// drawn reads the candidates and the people, and keeps the draw with them.
func (w dealing) drawn(ctx context.Context, run *job.Run, args dealingArgs, at dealingCursor) error {
	d, err := w.draw(ctx, args, at.Seed, run.Now)
	if fault.KindOf(err) == fault.NotFound {
		return run.Commit(ctx, job.Did{Ended: true})
	}
	if err != nil {
		return err
	}
	body, err := json.Marshal(d)
	if err != nil {
		return fault.Wrap("engine.draw", err)
	}
	hands, left := d.Deal()
	at.Drawn = true
	return w.config.Store.Tx(ctx, func(tx store.Tx) error {
		item := store.Item{Key: string(run.ID), Body: body, Expires: run.Now.Add(drawsKept)}
		if err := tx.Save(ctx, draws, item, store.AnyRevision); err != nil {
			return err
		}
		if err := w.tellLeft(ctx, tx, run, args, len(hands), len(left)); err != nil {
			return err
		}
		return run.Advance(ctx, tx, job.Did{
			Cursor: at, Total: int64(len(hands)), Ended: len(hands) == 0, Counts: map[string]int64{"left": int64(len(left))},
		})
	})
}

// toldOfPools bounds who is told of what a pool's draw or sweep came to: each takes three documents of the thousand of a
// transaction.
const toldOfPools = 250

// tellLeft tells those who manage the pool, where it names nobody the administrators, that a draw which nobody has
// begun has left records over.
func (w dealing) tellLeft(ctx context.Context, tx store.Tx, run *job.Run, args dealingArgs, dealt, left int) error {
	if !args.Scheduled || left == 0 {
		return nil
	}
	_, p, err := w.pool(args.Form, args.Pool)
	if err != nil {
		return err
	}
	people := notify.PeopleIn(w.config.Org())
	to := people.Of(p.Def.Rights.Manage, "")
	if len(to) == 0 {
		to = people.Admins()
	}
	return w.inbox.Tell(ctx, tx, notify.Telling{
		To: to[:min(len(to), toldOfPools)], Kind: notify.PoolLeft, At: run.Now, By: pool.Dealer().Key(), Once: "draw " + string(run.ID),
		Until: run.Now.Add(day), Args: fault.Args{"pool": p.Def.Label, "dealt": int64(dealt), "left": int64(left), "job": string(run.ID)},
	})
}

// readsForm tells whether somebody reads records of a form at all, by a catalog that may not be published yet.
func (e *Engine) readsForm(c *catalog.Catalog, actor value.Actor, form value.FormKey, now time.Time) bool {
	rule := expr.Context{Now: now, Zone: e.config.Zone, Calendar: e.calendar(), Actor: actor}
	return access.Decide(access.Case{
		Actor: actor, People: e.config.Org(), Now: now, Zone: e.config.Zone, Roles: c.RightsOf(actor, form, rule),
	}).May(meta.Read)
}

// draw is what a distribution would hand out now, with a seed.
func (e *Engine) draw(ctx context.Context, args dealingArgs, seed string, now time.Time) (pool.Draw, error) {
	key, poolKey := args.Form, args.Pool
	form, p, def, err := e.distribution(args)
	if err != nil {
		return pool.Draw{}, err
	}
	number, err := strconv.ParseUint(seed, 10, 64)
	if err != nil {
		return pool.Draw{}, fault.Wrap("engine.draw", err)
	}
	people := e.config.Org()
	rule := expr.Context{Now: now, Zone: e.config.Zone, Calendar: e.calendar(), Actor: pool.Dealer()}
	asked := func(r *value.Record) record.Asked {
		return record.Asked{Actor: pool.Dealer(), Form: form, Record: r, People: people, Rule: rule}
	}
	readers := func(actor value.Actor) bool { return e.readsForm(e.Catalog(), actor, key, now) }
	sample := &value.Record{Form: key, Values: value.Doc{string(value.SysPool): poolKey}}
	d := pool.Draw{Mode: def.Mode, Seed: number, Listed: def.Order == "oldest" || def.Order == "newest"}
	if d.Takers, err = pool.Takers(ctx, e.config.Store, asked(sample), def, readers); err != nil {
		return d, err
	}
	for n := range d.Takers {
		if d.Takers[n].Before, err = e.dealtTo(ctx, e.config.Store, args, d.Takers[n].User); err != nil {
			return d, err
		}
		d.Take = min(d.Take+d.Takers[n].Room, maxDealt)
	}
	if def.Quota != nil {
		d.Zones = def.Quota.PerZone
	}
	if args.By != nil && args.By.Take > 0 {
		d.Take = min(d.Take, args.By.Take)
	}
	records, err := e.waiting(ctx, key, poolKey, def.Order == "newest")
	for _, r := range records {
		if err != nil {
			break
		}
		c := pool.Candidate{ID: r.ID, Stratum: stratumOf(p, def, r)}
		if p.Def.Hold != nil && len(p.Def.Hold.ByTier) > 0 {
			c.Tier, _ = p.TierOf(r.Values)
		}
		c.Not, err = pool.Cooling(ctx, e.config.Store, asked(r), d.Takers)
		d.Candidates = append(d.Candidates, c)
	}
	return d, err
}

// stratumOf is the stratum of a record: the value of the field that the distribution names, else its tier.
func stratumOf(p *catalog.Pool, def meta.PoolDistribution, r *value.Record) string {
	if def.Stratify == "" {
		tier, _ := p.TierOf(r.Values)
		return tier
	}
	return r.Values.Text(def.Stratify)
}

// waiting are the records of a pool that nobody owns, at most about maxDealt of them, those that have waited
// longest first, or last. They are read in an order that an index serves.
func (e *Engine) waiting(ctx context.Context, form value.FormKey, key string, newest bool) (records []*value.Record, err error) {
	q := query.List{
		Form: form, Filter: query.Where(value.SysPrincipals, query.Eq, catalog.PoolPrincipal(key)), Limit: maxBatch,
		Sorts: []query.Sort{{Path: query.At(value.SysUpdatedAt), Desc: true}}, Budget: maxDealt,
	}
	for {
		found, err := e.config.Store.List(ctx, q)
		if err != nil {
			return nil, err
		}
		records = append(records, found.Records...)
		if found.Next == nil || len(records) >= maxDealt {
			break
		}
		q.After = found.Next
	}
	slices.SortStableFunc(records, func(a, b *value.Record) int {
		order := cmp.Compare(a.Values.At(value.SysPooledAt), b.Values.At(value.SysPooledAt))
		if newest {
			return -order
		}
		return order
	})
	return records, nil
}

func (e *Engine) distribution(args dealingArgs) (*catalog.Form, *catalog.Pool, meta.PoolDistribution, error) {
	form, p, err := e.pool(args.Form, args.Pool)
	if err != nil {
		return nil, nil, meta.PoolDistribution{}, err
	}
	if args.By != nil {
		def, err := args.By.distribution(e.config.Org())
		return form, p, def, err
	}
	at := slices.IndexFunc(p.Def.Distribute, func(d meta.PoolDistribution) bool { return d.ID == args.ID })
	if at < 0 {
		return nil, nil, meta.PoolDistribution{}, fault.New(fault.NotFound, "pool.distribution").With("distribution", args.ID)
	}
	return form, p, p.Def.Distribute[at], nil
}

type ledgerLine struct {
	Got int `json:"got"`
}

func (e *Engine) dealtTo(ctx context.Context, from store.Side, args dealingArgs, user value.ID) (int, error) {
	item, err := from.Load(ctx, ledger, args.key()+"/"+string(user))
	if fault.KindOf(err) == fault.NotFound {
		return 0, nil
	}
	var line ledgerLine
	if err == nil {
		err = json.Unmarshal(item.Body, &line)
	}
	return line.Got, fault.Wrap("engine.ledger", err)
}

// handsTogether is how many hands of a draw are carried out person by person: so each transaction is about few people,
// and what these hold is counted once for all that they get in it. One that is stopped in the middle has given nobody
// more than their share of so many before the others.
const handsTogether = 1_000

// inTurns are the hands of a draw in the order in which they are carried out.
func inTurns(d pool.Draw) []pool.Hand {
	hands, _ := d.Deal()
	for some := range slices.Chunk(hands, handsTogether) {
		slices.SortStableFunc(some, func(a, b pool.Hand) int { return cmp.Compare(a.To, b.To) })
	}
	return hands
}

// hand carries the next part of the draw out, and keeps in the same transaction who got how many.
func (w dealing) hand(ctx context.Context, run *job.Run, args dealingArgs, at dealingCursor) error {
	item, err := w.config.Store.Load(ctx, draws, string(run.ID))
	if err != nil {
		return err
	}
	var d pool.Draw
	if err := json.Unmarshal(item.Body, &d); err != nil {
		return fault.New(fault.Internal, "store.corrupt").At(draws + "/" + item.Key).Because(err)
	}
	hands := inTurns(d)
	next := func(_ context.Context, most int) (lot, error) {
		part := hands[at.At:min(at.At+most, len(hands))]
		one := w.handed(run, args, at, part, len(hands))
		at.At += len(part)
		return one, nil
	}
	return w.inLots(ctx, pool.Dealer(), args.Form, next, func() error { return run.Commit(ctx, job.Did{Cursor: at, Ended: true}) })
}

// handed are hands of a draw of so many, and what the job and the ledger keep of them.
func (w dealing) handed(run *job.Run, args dealingArgs, at dealingCursor, part []pool.Hand, all int) lot {
	one := lot{changes: make([]record.Change, len(part)), last: at.At+len(part) == all}
	to := map[value.ID]value.ID{}
	for n, h := range part {
		to[h.ID] = h.To
		one.changes[n] = record.Change{Op: record.OpAct, Action: pool.Dealt, ID: h.ID, Values: map[string]any{
			"to": string(h.To), "distribution": args.ID, "seed": at.Seed}, Reason: args.Reason}
	}
	one.also = func(ctx context.Context, tx store.Tx, dealt int, did []record.Outcome) error {
		next := at
		next.At += dealt
		here := job.Did{Cursor: next, Done: int64(len(did)), Ended: next.At == all, Counts: map[string]int64{}}
		got := map[value.ID]int{}
		for _, one := range did {
			if one.Err != nil {
				here.Counts["skipped"]++
				here.Refused = append(here.Refused, job.RefusalOf(string(one.ID), one.Err))
				continue
			}
			here.Counts["dealt"]++
			got[to[one.ID]]++
		}
		if err := w.credit(ctx, tx, args, got); err != nil {
			return err
		}
		return run.Advance(ctx, tx, here)
	}
	return one
}

// credit adds to the ledger what people got.
func (w dealing) credit(ctx context.Context, tx store.Tx, args dealingArgs, got map[value.ID]int) error {
	for user, n := range got {
		before, err := w.dealtTo(ctx, tx, args, user)
		if err != nil {
			return err
		}
		body, err := json.Marshal(ledgerLine{Got: before + n})
		if err != nil {
			return fault.Wrap("engine.ledger", err)
		}
		if err := tx.Save(ctx, ledger, store.Item{Key: args.key() + "/" + string(user), Body: body}, store.AnyRevision); err != nil {
			return err
		}
	}
	return nil
}
