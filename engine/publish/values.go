package publish

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/audit"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/org"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// ValuesState is how far a change of values is.
type ValuesState string

// The states. All but the first are for good.
const (
	ValuesWaiting   ValuesState = "waiting"
	ValuesActive    ValuesState = "active" // it became the publication Number
	ValuesRefused   ValuesState = "refused"
	ValuesCancelled ValuesState = "cancelled"
)

// Values is a change of values of a document: to come, or what became of it.
type Values struct {
	ID     value.ID     `json:"id"`
	File   string       `json:"file"`
	Kind   string       `json:"kind"`
	Key    string       `json:"key"`
	Values []CellChange `json:"values"`
	Day    int64        `json:"day,omitempty"` // from which they count, yyyymmdd; 0: at once
	At     time.Time    `json:"at"`            // when they were ordered
	Due    time.Time    `json:"due"`
	By     value.ID     `json:"by"`
	ByName string       `json:"byName"`
	Note   string       `json:"note,omitempty"`
	State  ValuesState  `json:"state"`
	Number int64        `json:"number,omitempty"`
	Reason *job.Refusal `json:"reason,omitempty"` // of a refused one
	Ended  time.Time    `json:"ended,omitzero"`
	EndBy  value.ID     `json:"endBy,omitempty"` // of a cancelled one
	// Logic is Upkeep.Logic of the document that they were ordered for.
	Logic    string `json:"logic"`
	revision int64
	once     *onceOf // the request at hand that makes or ends it; nil: none that may come again
}

const (
	values = "values" // changes of values: "wait/<file>/<id>", then "past/<file>/<falling time><id>"
	// maxWaiting bounds the changes of one document that wait, shownPast those that its history shows.
	maxWaiting = 50
	shownPast  = 50
	// maxAhead is how far in the future values may begin to count.
	maxAhead = 2 * 366 * 24 * time.Hour
	maxSaid  = 2000 // bytes of a note
)

func waitKey(file string, id value.ID) string { return "wait/" + file + "/" + string(id) }

func pastKey(file string, id value.ID, at time.Time) string {
	return fmt.Sprintf("past/%s/%016x%s", file, uint64(math.MaxInt64-at.UnixMilli()), id)
}

func valuesOf(item store.Item) (v Values, err error) {
	if err := json.Unmarshal(item.Body, &v); err != nil {
		return v, fault.New(fault.Internal, "store.corrupt").At(values + "/" + item.Key).Because(err)
	}
	if v.revision = item.Revision; v.Reason != nil {
		v.Reason.Restore()
	}
	return v, nil
}

// waiting lists the changes of a document that are to come, those that count first first.
func (s *Service) waiting(ctx context.Context, file string) ([]Values, error) {
	out, err := s.listed(ctx, "wait/"+file+"/", maxWaiting)
	slices.SortStableFunc(out, func(a, b Values) int { return a.Due.Compare(b.Due) })
	return out, err
}

// past lists what became of changes of a document, newest first.
func (s *Service) past(ctx context.Context, file string) ([]Values, error) {
	return s.listed(ctx, "past/"+file+"/", shownPast)
}

func (s *Service) listed(ctx context.Context, prefix string, limit int) ([]Values, error) {
	items, err := s.Store.Scan(ctx, values, prefix, "", limit)
	out := make([]Values, len(items))
	for n := 0; n < len(items) && err == nil; n++ {
		out[n], err = valuesOf(items[n])
	}
	return out, err
}

// Draft makes the change that an order asks for, which nothing forbids. due is when the day of the order begins.
// Faults: those of Try, Invalid "meta.invalid" with all that forbids it, Invalid "upkeep.day", TooLarge
// "upkeep.note" and "upkeep.tooMany".
func (k *Keeper) Draft(ctx context.Context, order ValuesOrder, id value.ID, due time.Time) (*Values, error) {
	const op = "publish.draftValues"
	now := k.service.Clock().UTC()
	switch {
	case len(order.Note) > maxSaid:
		return nil, fault.New(fault.TooLarge, "upkeep.note").In(op).With("max", maxSaid)
	case order.From == 0:
		due = now
	case !due.After(now) || due.After(now.Add(maxAhead)):
		return nil, fault.Issues{{Path: "/effectiveFrom", Code: "upkeep.day"}}.Fault(op, "upkeep.invalid")
	}
	tried, err := k.Try(ctx, order)
	if err != nil {
		return nil, err
	}
	if len(tried.Issues) > 0 {
		return nil, tried.Issues.Fault(op, "meta.invalid")
	}
	waiting, err := k.service.waiting(ctx, tried.Upkeep.File)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if order.From != 0 && len(waiting) >= maxWaiting {
		return nil, fault.New(fault.TooLarge, "upkeep.tooMany").In(op).With("max", maxWaiting)
	}
	return &Values{
		ID: id, File: tried.Upkeep.File, Kind: order.Kind, Key: order.Key, Values: tried.Changes, Day: order.From, At: now, Due: due.UTC(),
		By: k.actor.Key(), ByName: k.actor.Name, Note: order.Note, State: ValuesWaiting, Logic: tried.Upkeep.Logic,
		once: k.onceOf(order.Once),
	}, nil
}

// Put keeps a drafted change that is to come.
func (k *Keeper) Put(ctx context.Context, tx store.Tx, v *Values) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fault.Wrap("publish.putValues", err)
	}
	if err := tx.Save(ctx, values, store.Item{Key: waitKey(v.File, v.ID), Body: body}, 0); err != nil {
		return err
	}
	if err := v.remember(ctx, tx, v.At); err != nil {
		return err
	}
	return v.noted(ctx, tx, audit.ValuesOrdered, v.By, v.At)
}

// noted writes a line of the audit of the change, one for each op.
func (v *Values) noted(ctx context.Context, tx store.Tx, op audit.Op, by value.ID, at time.Time) error {
	e := audit.Entry{At: at, Actor: by, Op: op, Target: v.File, Note: v.Note}
	for _, c := range v.Values {
		e.Changes = append(e.Changes, audit.Change{Part: c.Path, From: c.From, To: c.To})
	}
	return audit.Write(ctx, tx, v.ID+"-"+value.ID(op), e)
}

// Cancel takes a change back that is to come: its author may, and whoever may change all of its values. Faults:
// NotFound "upkeep.noChange".
func (k *Keeper) Cancel(ctx context.Context, kind, key string, id value.ID, once *job.Once) (*Values, error) {
	const op = "publish.cancelValues"
	unknown := fault.New(fault.NotFound, "upkeep.noChange").In(op)
	u, known := k.service.Catalog().Upkept(kind, key)
	if !known {
		return nil, unknown
	}
	v, err := k.service.waits(ctx, u.File, id)
	if err != nil {
		return nil, err
	}
	if v == nil || v.By != k.actor.Key() && !k.mayAll(v) || access.Unscoped(k.actor) != nil {
		return nil, unknown
	}
	v.State, v.EndBy, v.once = ValuesCancelled, k.actor.Key(), k.onceOf(once)
	err = k.service.Store.Tx(ctx, func(tx store.Tx) error { return v.end(ctx, tx, k.service.Clock().UTC(), audit.ValuesCancelled) })
	if fault.CodeOf(err) == "store.stale" {
		return nil, unknown
	}
	return v, fault.Wrap(op, err)
}

// mayAll tells whether somebody may change every value of a change.
func (k *Keeper) mayAll(v *Values) bool {
	u, known := k.service.Catalog().Upkept(v.Kind, v.Key)
	return known && !slices.ContainsFunc(v.Values, func(c CellChange) bool {
		cell, there := u.Cell(c.Path)
		return !there || !access.Keeps(k.actor, k.people, u, cell)
	})
}

// waits loads a change that is to come; nil where it is not, or not any more.
func (s *Service) waits(ctx context.Context, file string, id value.ID) (*Values, error) {
	if strings.ContainsRune(string(id), '/') {
		return nil, nil
	}
	item, err := s.Store.Load(ctx, values, waitKey(file, id))
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v, err := valuesOf(item)
	return &v, err
}

// end keeps what became of a change. Faults: Conflict "store.stale" where somebody else was faster.
func (v *Values) end(ctx context.Context, tx store.Tx, at time.Time, op audit.Op) error {
	done := *v
	done.Ended = at
	body, err := json.Marshal(done)
	if err != nil {
		return fault.Wrap("publish.endValues", err)
	}
	if v.revision > 0 {
		// Whoever takes it away first has it.
		if item, err := tx.Load(ctx, values, waitKey(v.File, v.ID)); err != nil || item.Revision != v.revision {
			return fault.New(fault.Conflict, "store.stale").Because(err)
		}
		if err := tx.Drop(ctx, values, waitKey(v.File, v.ID)); err != nil {
			return err
		}
	}
	if err := tx.Save(ctx, values, store.Item{Key: pastKey(v.File, v.ID, at), Body: body}, 0); err != nil {
		return err
	}
	if err := v.remember(ctx, tx, at); err != nil {
		return err
	}
	by := v.EndBy
	if by == "" {
		by = v.By
	}
	return done.noted(ctx, tx, op, by, at)
}

// Activate makes a change the active metadata, if it waits still, in the name of who ordered it; person finds
// them as they are now. Where they may not any more, the document's logic has changed since, or its tests fail
// by now, the change is refused for good, and says why. Faults: Conflict "publish.running".
func (s *Service) Activate(ctx context.Context, file string, id value.ID, people *org.Snapshot) (*Values, error) {
	v, err := s.waits(ctx, file, id)
	if v == nil || err != nil {
		return nil, err
	}
	actor, active := people.Actor(v.By)
	if !active && !value.IsSystem(v.By) {
		return v, s.refuse(ctx, v, fault.New(fault.Forbidden, "upkeep.mayNotNow"))
	}
	if !active {
		actor = value.Actor{System: string(v.By), Name: v.ByName}
	}
	return v, s.Keeper(actor, people).Make(ctx, v)
}

// Make makes a drafted or waiting change the active metadata. Faults: Conflict "publish.running".
func (k *Keeper) Make(ctx context.Context, v *Values) error {
	const op = "publish.makeValues"
	s := k.service
	turn, err := s.turn(ctx)
	if err != nil {
		return err
	}
	defer turn.done()
	u, known := s.Catalog().Upkept(v.Kind, v.Key)
	switch {
	case !known || u.Logic != v.Logic:
		return s.refuse(ctx, v, fault.New(fault.Conflict, "upkeep.logicChanged"))
	case !k.mayAll(v):
		return s.refuse(ctx, v, fault.New(fault.Forbidden, "upkeep.mayNotNow"))
	}
	tried, err := s.tried(ctx, u, nil, func([]byte) ([]CellChange, error) { return v.Values, nil })
	if err != nil {
		return fault.Wrap(op, err)
	}
	if err := unmoved(u, tried); err != nil {
		return s.refuse(ctx, v, err)
	}
	was := s.live.Load().publication
	next := was
	next.How, next.Of, next.Before, next.Note, next.Job = "values", 0, was.Number, v.Note, v.ID
	next.By, next.ByName = v.By, v.ByName
	next.Documents = manifestOf(tried.files)
	v.State, v.Number = ValuesActive, was.Number+1
	at := s.Clock().UTC()
	err = s.activate(ctx, step{
		turn: turn, publication: next, files: tried.files, compiled: tried.Compiled,
		with: func(ctx context.Context, tx store.Tx) error { return v.end(ctx, tx, at, audit.ValuesCounted) },
	})
	return fault.Wrap(op, err)
}

// unmoved holds that nothing forbids the values, and that they have changed nothing but values.
func unmoved(u *catalog.Upkeep, tried *Tried) error {
	if err := tried.Issues.Fault("publish.makeValues", "meta.invalid"); err != nil {
		return err
	}
	if next, known := tried.Compiled.Upkept(u.Kind, u.Key); !known || next.Logic != u.Logic {
		return fault.New(fault.Conflict, "upkeep.logicChanged")
	}
	return nil
}

// refuse ends a change that cannot be made any more. One that was never kept is its caller's fault to tell.
func (s *Service) refuse(ctx context.Context, v *Values, why error) error {
	if v.revision == 0 {
		return why
	}
	reason := job.RefusalOf(v.Key, why)
	v.State, v.Reason = ValuesRefused, &reason
	at := s.Clock().UTC()
	err := s.Store.Tx(ctx, func(tx store.Tx) error { return v.end(ctx, tx, at, audit.ValuesRefused) })
	return fault.Wrap("publish.refuseValues", err)
}
