package pool

import (
	"context"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// spread lets another pool work on the same target too, by a record of its own there.
type spread struct{}

func (spread) Key() string { return "spread" }

// Describe offers it to whoever may transfer from some pool.
func (spread) Describe(to record.Reader) (record.ActionView, bool) {
	out := record.ActionView{Label: to.Label("action.spread.label"), Kind: record.ActionPlain, Many: true}
	out.Ask = record.Asking{Reason: record.OptionalReason, Args: []meta.ActionArg{
		{Key: "pool", Label: to.Label("action.spread.pool"), Help: to.Label("action.spread.poolHelp"), Kind: meta.ArgPool, Required: true},
	}}
	return out, could(to, func(p *catalog.Pool) []meta.Who { return p.Def.Rights.Transfer }) && len(to.Form.Pools) > 1
}

func (spread) Offers(on record.Asked) bool {
	s, ok := stands(on)
	return ok && s.pool.Def.Group != nil && s.Record.Values.At(value.SysGroupWonAt) == 0 && s.among(s.pool.Def.Rights.Transfer)
}

func (spread) Begin(ctx context.Context, on *record.Acting) error {
	s, _ := stands(on.Asked)
	in := on.Read()
	to := in.Text("pool")
	if err := in.End(); err != nil {
		return err
	}
	if to == "" {
		return required("pool")
	}
	p, err := chosen(s.Form, to)
	if err != nil {
		return err
	}
	if p == s.pool {
		return fault.New(fault.Conflict, "group.inPool").With("pool", p.Def.Label)
	}
	return on.Spread(ctx, p)
}

// reverse lets a group go on whose target one of its records has won, for some days and with a reason.
type reverse struct{}

func (reverse) Key() string { return "reverse" }

// Describe offers it to whoever manages some pool.
func (reverse) Describe(to record.Reader) (record.ActionView, bool) {
	out := record.ActionView{Label: to.Label("action.reverse.label"), Kind: record.ActionDanger, Ask: record.Asking{Reason: record.RequiredReason}}
	return out, could(to, func(p *catalog.Pool) []meta.Who { return p.Def.Rights.Manage })
}

func (reverse) Offers(on record.Asked) bool {
	p, known := on.Form.Pool(on.Record.Values.Text(value.SysClosedIn))
	return known && !on.Actor.IsSystem() && access.Among(p.Def.Rights.Manage, on.Actor, on.People, "")
}

func (reverse) Begin(ctx context.Context, on *record.Acting) error {
	if err := on.Read().End(); err != nil {
		return err
	}
	if on.Reason == "" {
		return required("reason")
	}
	winner, err := on.Winner(ctx)
	if err != nil {
		return err
	}
	p, known := on.Form.PoolOf(winner.Values)
	if !known || !access.Among(p.Def.Rights.Manage, on.Actor, on.People, "") {
		return fault.New(fault.Forbidden, "group.mayNotReverse")
	}
	s := standing{Asked: on.Asked, pool: p}
	until, err := s.after(winner.Values.At(value.SysGroupWonAt), meta.Span{Value: p.ReverseDays(), Unit: "day"})
	if err != nil {
		return err
	}
	if !s.Rule.Now.Before(until) {
		return fault.New(fault.Conflict, "group.reverseLate").With("until", until.In(s.zone()).Format(time.DateOnly))
	}
	on.Reopen()
	return nil
}
