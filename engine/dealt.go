package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/pool"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// DealRequest asks for a pool's records to be handed out: by one of its distributions, or by hand.
type DealRequest struct {
	Form   value.FormKey
	Pool   string
	ID     string      // of the distribution
	By     *DealByHand // in place of it
	Reason string      // why a week is worked once more
}

// DealByHand says among whom records are handed out, and how, where somebody decides it on the spot.
type DealByHand struct {
	Mode   string   `json:"mode"` // randomEven, weighted or leastLoaded
	People []DealTo `json:"people"`
	Take   int      `json:"take,omitempty"` // at most so many records; 0: all that people have room for
}

// DealTo is one of those people.
type DealTo struct {
	User   value.ID `json:"user"`
	Weight int      `json:"weight,omitempty"` // where the mode is weighted
	Most   int      `json:"most,omitempty"`   // records that they get at most; 0: as many as they may hold
}

const (
	maxWeight  = 1_000
	maxPeople  = 500
	maxPerDeal = 10_000
)

var modesByHand = []string{pool.RandomEven, pool.Weighted, pool.LeastLoaded}

// distribution is what somebody asks for by hand, in the words of metadata.
func (b *DealByHand) distribution(people *org.Snapshot) (meta.PoolDistribution, error) {
	var issues fault.Issues
	out := meta.PoolDistribution{Mode: b.Mode, Order: "random", Weights: map[string]int{}}
	quota := &meta.PoolQuota{Overrides: map[string]int{}}
	if !slices.Contains(modesByHand, b.Mode) {
		issues.Add("/mode", "field.option", "value", b.Mode)
	}
	if len(b.People) == 0 || len(b.People) > maxPeople {
		issues.Add("/people", "pool.people", "max", maxPeople)
	}
	if b.Take < 0 || b.Take > maxPerDeal {
		issues.Add("/take", "pool.count", "max", maxPerDeal)
	}
	for n, to := range b.People {
		at := "/people/" + strconv.Itoa(n)
		user, known := people.User(to.User)
		who := meta.Who{One: "user:" + user.Username}
		if !known || !user.Active || slices.ContainsFunc(out.Among, func(w meta.Who) bool { return w.One == who.One }) {
			issues.Add(at+"/user", "field.reference", "field", "user")
			continue
		}
		if to.Weight < 0 || to.Weight > maxWeight || b.Mode == pool.Weighted && to.Weight == 0 {
			issues.Add(at+"/weight", "pool.count", "max", maxWeight)
		}
		if to.Most < 0 || to.Most > maxPerDeal {
			issues.Add(at+"/most", "pool.count", "max", maxPerDeal)
		}
		out.Among, out.Weights[user.Username] = append(out.Among, who), to.Weight
		if to.Most > 0 {
			quota.Overrides[user.Username] = to.Most
		}
	}
	if len(quota.Overrides) > 0 {
		out.Quota = quota
	}
	return out, issues.Fault("engine.deal", "pool.deal")
}

func (r DealRequest) args() dealingArgs {
	return dealingArgs{Form: r.Form, Pool: r.Pool, ID: r.ID, By: r.By, Reason: r.Reason}
}

// Distribute hands a pool's records out, as a job: as one of its distributions says once a week, and once more where
// a reason is given; by hand as often as it is asked for. Faults: NotFound "form.unknown", "pool.unknown" and
// "pool.distribution", Forbidden "pool.mayNotManage", Invalid "pool.deal".
func (e *Engine) Distribute(ctx context.Context, actor value.Actor, req DealRequest, once *job.Once) (*job.Job, error) {
	args := req.args()
	if err := e.mayDistribute(actor, args); err != nil {
		return nil, err
	}
	args.Period = e.periodOf(args, e.config.Clock())
	j, err := e.Jobs.Add(ctx, job.New{Kind: dealing{}.Name(), Actor: actor, Once: once, Args: args})
	return &j, fault.Wrap("engine.distribute", err)
}

// periodOf names the time that a distribution works once: the week, or the day where it is scheduled for more days than
// one of a week.
func (e *Engine) periodOf(args dealingArgs, at time.Time) string {
	today := value.DayOf(at, e.config.Zone)
	if s, known := e.Catalog().Schedule(catalog.DistributionKey(args.Form, args.Pool, args.ID)); known && s.Daily {
		return value.DayText(today)
	}
	year, week := value.ISOWeek(today)
	return fmt.Sprintf("%d-W%02d", year, week)
}

func (e *Engine) mayDistribute(actor value.Actor, args dealingArgs) error {
	if _, err := e.Records.HasAction(actor, args.Form, pool.Dealt); err != nil {
		return err
	}
	_, p, _, err := e.distribution(args)
	if p == nil {
		return err
	}
	r, people := p.Def.Rights, e.config.Org()
	if !access.Among(slices.Concat(r.Assign, r.Manage), actor, people, "") || !actor.Grants(value.WriteScope, args.Form) {
		return fault.New(fault.Forbidden, "pool.mayNotManage").With("pool", p.Def.Label)
	}
	return err
}

// Preview is what Distribute could hand out now, by some seed; nothing is written. Faults: as Distribute.
func (e *Engine) Preview(ctx context.Context, actor value.Actor, req DealRequest) (pool.Draw, error) {
	if err := e.mayDistribute(actor, req.args()); err != nil {
		return pool.Draw{}, err
	}
	seed, err := seedOf()
	if err != nil {
		return pool.Draw{}, err
	}
	return e.draw(ctx, req.args(), seed, e.config.Clock())
}

// period is who has worked a period, and when.
type period struct {
	Job value.ID  `json:"job"`
	At  time.Time `json:"at"`
	By  string    `json:"by,omitempty"` // who asked
}

func periodBody(run *job.Run) []byte {
	body, err := json.Marshal(period{run.ID, run.Now, string(run.Actor.User)})
	if err != nil {
		return []byte("{}") // of texts and a time it always marshals
	}
	return body
}

// DrawLine names a draw of a pool.
type DrawLine struct {
	Job          value.ID    `json:"job"`
	Distribution string      `json:"distribution,omitempty"` // "" where it was by hand
	Period       string      `json:"period"`
	At           *time.Time  `json:"at,omitempty"`
	By           *record.Ref `json:"by,omitempty"`
}

const (
	scanAtOnce = 500
	lastDraws  = 50
)

// scan reads all documents whose keys begin with prefix.
func (e *Engine) scan(ctx context.Context, collection, prefix string) (out []store.Item, err error) {
	after := ""
	for {
		items, err := e.config.Store.Scan(ctx, collection, prefix, after, scanAtOnce)
		if out = append(out, items...); err != nil || len(items) < scanAtOnce {
			return out, err
		}
		after = items[len(items)-1].Key
	}
}

// Draws are a pool's last draws, the newest first. Faults: those of fair.
func (e *Engine) Draws(ctx context.Context, actor value.Actor, form value.FormKey, key string) ([]DrawLine, error) {
	if err := e.fair(actor, form, key); err != nil {
		return nil, err
	}
	prefix := string(form) + "/" + key + "/"
	items, err := e.scan(ctx, periods, prefix)
	if err != nil {
		return nil, fault.Wrap("engine.draws", err)
	}
	out := make([]DrawLine, 0, len(items))
	for _, item := range items {
		var p period
		if err := readItem(periods, item, &p); err != nil {
			return nil, err
		}
		parts := strings.Split(strings.TrimPrefix(item.Key, prefix), "/")
		line := DrawLine{Job: p.Job, Distribution: parts[0], Period: parts[min(1, len(parts)-1)]}
		if !p.At.IsZero() {
			line.At = &p.At
		}
		if p.By != "" {
			who := e.nameOf(value.ID(p.By))
			line.By = &who
		}
		out = append(out, line)
	}
	// Ids grow with time.
	slices.SortFunc(out, func(a, b DrawLine) int { return cmp.Compare(b.Job, a.Job) })
	return out[:min(len(out), lastDraws)], nil
}

// fair tells whether somebody may see how a pool's records were handed out: whoever might get, give or manage some.
// Faults: NotFound "form.unknown" and "pool.unknown", the second also to others.
func (e *Engine) fair(actor value.Actor, form value.FormKey, key string) error {
	if _, err := e.Records.HasAction(actor, form, pool.Dealt); err != nil {
		return err
	}
	_, p, err := e.pool(form, key)
	if err != nil {
		return err
	}
	r := p.Def.Rights
	if !access.Among(slices.Concat(r.Claim, r.Assign, r.Manage), actor, e.config.Org(), "") {
		return fault.New(fault.NotFound, "pool.unknown").In("engine.draws").With("pool", key)
	}
	return nil
}

func (e *Engine) nameOf(id value.ID) record.Ref {
	if user, ok := e.config.Org().User(id); ok {
		return record.Ref{ID: id, Title: user.Name}
	}
	return record.Ref{ID: id, Title: string(id)}
}

// DrawView is a draw dealt again from what was kept of it.
type DrawView struct {
	Mode       string   `json:"mode"`
	Seed       string   `json:"seed"`
	Candidates int      `json:"candidates"`
	Dealt      int      `json:"dealt"`
	Left       int      `json:"left"` // those that nobody could get
	People     []Share  `json:"people"`
	Hands      []HandOf `json:"hands"` // a part of them
	Next       int      `json:"next,omitempty"`
}

// Share is what somebody got of a draw, and what it followed from.
type Share struct {
	User   record.Ref `json:"user"`
	Got    int        `json:"got"`
	Before int        `json:"before"` // in draws before
	Load   int        `json:"load"`   // what they held then
	Weight int        `json:"weight,omitempty"`
}

// HandOf is one record of a draw. Told says whether its history tells that it was handed to them by this draw: it
// does not where the record had changed hands before, which the report of the draw says.
type HandOf struct {
	ID   value.ID   `json:"id"`
	To   record.Ref `json:"to"`
	Told bool       `json:"told"`
}

const handsAtOnce = 50

// Draw deals a draw again from its seed and what it was given, and holds part of it, from at on, against the histories
// of the records. Faults: those of Draws; NotFound "pool.draw".
func (e *Engine) Draw(ctx context.Context, actor value.Actor, form value.FormKey, key string, id value.ID, at int) (*DrawView, error) {
	const op = "engine.draw"
	lines, err := e.Draws(ctx, actor, form, key)
	if err != nil {
		return nil, err
	}
	item, err := e.config.Store.Load(ctx, draws, string(id))
	isOurs := slices.ContainsFunc(lines, func(l DrawLine) bool { return l.Job == id })
	if fault.KindOf(err) == fault.NotFound || err == nil && !isOurs {
		return nil, fault.New(fault.NotFound, "pool.draw").In(op)
	}
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	var d pool.Draw
	if err := readItem(draws, item, &d); err != nil {
		return nil, err
	}
	hands, left := d.Deal()
	out := &DrawView{
		Mode: d.Mode, Seed: strconv.FormatUint(d.Seed, 10), Candidates: len(d.Candidates), Dealt: len(hands), Left: len(left),
		People: e.shares(d, hands), Hands: []HandOf{},
	}
	end := min(max(at, 0)+handsAtOnce, len(hands))
	for _, h := range hands[min(max(at, 0), end):end] {
		told, err := e.toldOf(ctx, form, h, out.Seed)
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		out.Hands = append(out.Hands, HandOf{ID: h.ID, To: e.nameOf(h.To), Told: told})
	}
	if end < len(hands) {
		out.Next = end
	}
	return out, nil
}

func (e *Engine) shares(d pool.Draw, hands []pool.Hand) []Share {
	got := map[value.ID]int{}
	for _, h := range hands {
		got[h.To]++
	}
	out := make([]Share, len(d.Takers))
	for n, t := range d.Takers {
		out[n] = Share{User: e.nameOf(t.User), Got: got[t.User], Before: t.Before, Load: t.Load, Weight: t.Weight}
	}
	return out
}

// toldOf looks for a hand among the last lines of its record's history.
func (e *Engine) toldOf(ctx context.Context, form value.FormKey, h pool.Hand, seed string) (bool, error) {
	const lines, newest = 100, 0
	events, err := e.config.Store.History(ctx, form, h.ID, newest, lines)
	for _, one := range events {
		if one.Action == pool.Dealt && one.Detail.Text("seed") == seed {
			return true, err
		}
	}
	return false, err
}

// Ledger tells what each has got so far by a distribution; "" for those by hand. Faults: those of Draws.
func (e *Engine) Ledger(ctx context.Context, actor value.Actor, form value.FormKey, key, id string) ([]Share, error) {
	if err := e.fair(actor, form, key); err != nil {
		return nil, err
	}
	prefix := dealingArgs{Form: form, Pool: key, ID: id}.key() + "/"
	items, err := e.scan(ctx, ledger, prefix)
	if err != nil {
		return nil, fault.Wrap("engine.ledger", err)
	}
	out := make([]Share, len(items))
	for n, item := range items {
		var line ledgerLine
		if err := readItem(ledger, item, &line); err != nil {
			return nil, err
		}
		out[n] = Share{User: e.nameOf(value.ID(strings.TrimPrefix(item.Key, prefix))), Got: line.Got}
	}
	slices.SortStableFunc(out, func(a, b Share) int { return cmp.Compare(b.Got, a.Got) })
	return out, nil
}
