package pool

import (
	"context"
	"errors"
	"slices"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// claim takes a record that nobody owns. Of many who claim one at once, one gets it: the others' transactions
// find another version, and spend nothing.
type claim struct{}

func (claim) Key() string { return "claim" }

// Describe offers it to whoever may claim in some pool.
func (claim) Describe(to record.Reader) (record.ActionView, bool) {
	could := could(to, func(p *catalog.Pool) []meta.Who { return p.Def.Rights.Claim })
	out := record.ActionView{Label: to.Label("action.claim.label"), Kind: record.ActionPrimary, Many: true, Ask: record.Asking{Reason: record.NoReason}}
	out.ByPool = byPool(to.Form, func(p *catalog.Pool) record.Asking {
		if p.Def.Claim == nil {
			return record.Asking{Reason: record.NoReason}
		}
		return record.Asking{Reason: asked(p.Def.Claim.Reason)}
	})
	return out, could
}

func (claim) Offers(on record.Asked) bool {
	s, ok := stands(on)
	return ok && s.owner == "" && s.among(s.pool.Def.Rights.Claim)
}

// Refuse says that somebody has the record already, to those who saw it in the pool before.
func (claim) Refuse(on record.Asked, _ bool) error {
	s, ok := stands(on)
	if !ok || s.owner == "" || !access.Among(s.pool.Def.Rights.Claim, on.Actor, on.People, "") {
		return nil
	}
	return fault.New(fault.Conflict, "pool.claimed")
}

func (claim) Begin(ctx context.Context, on *record.Acting) error {
	s, _ := stands(on.Asked)
	in := on.Read()
	if err := in.End(); err != nil {
		return err
	}
	def := s.pool.Def.Claim
	if def != nil && def.Reason == "required" && on.Reason == "" {
		return required("reason")
	}
	if def != nil && def.FreezeNew != nil {
		until, err := s.after(s.Record.Values.At(value.SysPooledAt), *def.FreezeNew)
		if err != nil {
			return err
		}
		if s.Rule.Now.Before(until) {
			return fault.New(fault.Conflict, "pool.frozen").With("until", until.In(s.zone()).Format(time.DateTime))
		}
	}
	on.Within(func(ctx context.Context, tx store.Tx) error {
		if err := s.cooled(ctx, tx, s.Actor.User); err != nil {
			return err
		}
		if err := s.room(ctx, tx, s.Actor.User); err != nil {
			return err
		}
		return s.spend(ctx, tx)
	})
	return s.give(ctx, on, s.Actor.User)
}

// giveBack puts a record back into a pool.
type giveBack struct{}

func (giveBack) Key() string { return "return" }

// Describe offers it to whoever may return records of some pool; where a pool does not say, owners may.
func (giveBack) Describe(to record.Reader) (record.ActionView, bool) {
	could := could(to, func(p *catalog.Pool) []meta.Who {
		if len(p.Def.Rights.Return) == 0 {
			return ownersAlone
		}
		return p.Def.Rights.Return
	})
	out := record.ActionView{Label: to.Label("action.return.label"), Kind: record.ActionDanger, Many: true, Ask: record.Asking{Reason: record.RequiredReason}}
	out.ByPool = byPool(to.Form, func(p *catalog.Pool) record.Asking {
		def := returning(p)
		ask := record.Asking{Reason: record.OptionalReason, Reasons: def.Reasons}
		if def.Required == nil || *def.Required {
			ask.Reason = record.RequiredReason
		}
		if def.ChoosePool {
			ask.Args = []meta.ActionArg{{Key: "pool", Label: to.Label("action.return.pool"), Help: to.Label("action.return.poolHelp"), Kind: meta.ArgPool}}
		}
		return ask
	})
	return out, could
}

func (giveBack) Offers(on record.Asked) bool {
	s, ok := stands(on)
	if !ok || s.owner == "" {
		return false
	}
	if len(s.pool.Def.Rights.Return) == 0 {
		return s.mine()
	}
	return s.among(s.pool.Def.Rights.Return)
}

func (giveBack) Begin(ctx context.Context, on *record.Acting) error {
	s, _ := stands(on.Asked)
	in := on.Read()
	def := returning(s.pool)
	to := ""
	if def.ChoosePool {
		to = in.Text("pool")
	}
	if err := in.End(); err != nil {
		return err
	}
	if on.Reason == "" && (def.Required == nil || *def.Required) {
		return required("reason")
	}
	known := func(c meta.Choice) bool { return c.Value == on.Reason }
	if on.Reason != "" && len(def.Reasons) > 0 && !slices.ContainsFunc(def.Reasons, known) {
		return fault.New(fault.Invalid, "pool.reason").At("/args/reason").With("reason", on.Reason)
	}
	if to != "" {
		if err := s.put(on, to); err != nil {
			return err
		}
	}
	return s.give(ctx, on, "")
}

// put makes a pool the record's home because somebody chose it: until a field that routes changes.
func (s standing) put(on *record.Acting, key string) error {
	p, err := chosen(s.Form, key)
	if err != nil {
		return err
	}
	on.Next().Values.Put(value.SysPool, p.Def.Key)
	on.Next().Values.Put(value.SysPinned, true)
	return nil
}

// assign gives a record to somebody, whether anybody has it or not. It obeys the limits of what they may hold,
// which whoever manages the pool may exceed with a reason, and neither spends their claims nor waits for them to
// cool down.
type assign struct{}

func (assign) Key() string { return "assign" }

// Describe offers it to whoever may assign in some pool.
func (assign) Describe(to record.Reader) (record.ActionView, bool) {
	could := could(to, func(p *catalog.Pool) []meta.Who { return p.Def.Rights.Assign })
	person := meta.ActionArg{Key: "to", Label: to.Label("action.assign.to"), Kind: meta.ArgPerson, Required: true}
	exceed := meta.ActionArg{
		Key: "exceed", Label: to.Label("action.assign.exceed"), Help: to.Label("action.assign.exceedHelp"), Kind: meta.ArgFlag,
	}
	out := record.ActionView{Label: to.Label("action.assign.label"), Kind: record.ActionPlain, Many: true, Undo: "assign"}
	out.Ask = record.Asking{Reason: record.OptionalReason, Args: []meta.ActionArg{person}}
	out.ByPool = byPool(to.Form, func(p *catalog.Pool) record.Asking {
		ask := out.Ask
		if p.Def.Hold != nil && access.Among(p.Def.Rights.Manage, to.Actor, to.People, to.Actor.User) {
			ask.Args = []meta.ActionArg{person, exceed}
		}
		return ask
	})
	return out, could
}

func (assign) Offers(on record.Asked) bool {
	s, ok := stands(on)
	return ok && s.among(s.pool.Def.Rights.Assign)
}

func (assign) Begin(ctx context.Context, on *record.Acting) error {
	s, _ := stands(on.Asked)
	in := on.Read()
	to, exceed := in.Text("to"), in.Flag("exceed")
	if err := in.End(); err != nil {
		return err
	}
	if to == "" {
		return required("to")
	}
	who, err := person(s.People, to)
	if err != nil {
		return err
	}
	if who.User == s.owner {
		on.Leave()
		return nil
	}
	if exceed && (!s.among(s.pool.Def.Rights.Manage) || on.Reason == "") {
		return fault.New(fault.Forbidden, "pool.mayNotExceed")
	}
	if !exceed {
		on.Within(func(ctx context.Context, tx store.Tx) error { return s.room(ctx, tx, who.User) })
	}
	on.Within(func(ctx context.Context, tx store.Tx) error { return s.warnOfCooldown(ctx, tx, on, who) })
	return s.give(ctx, on, who.User)
}

// warnOfCooldown lets whoever assigns by hand know that the person could not have claimed the record yet.
func (s standing) warnOfCooldown(ctx context.Context, tx store.Tx, on *record.Acting, who value.Actor) error {
	err := s.cooled(ctx, tx, who.User)
	var cooling *fault.Error
	if !errors.As(err, &cooling) || cooling.Code != coolingDown {
		return err
	}
	on.Warn(fault.Issue{Code: "pool.assignedCooling", Args: fault.Args{"person": who.Name, "until": cooling.Args["until"]}})
	return nil
}

// transfer makes another pool the record's home; whoever owns it keeps it.
type transfer struct{}

func (transfer) Key() string { return "transfer" }

// Describe offers it to whoever may transfer from some pool, where there is another.
func (transfer) Describe(to record.Reader) (record.ActionView, bool) {
	could := could(to, func(p *catalog.Pool) []meta.Who { return p.Def.Rights.Transfer })
	out := record.ActionView{Label: to.Label("action.transfer.label"), Kind: record.ActionPlain, Many: true, Undo: "transfer"}
	out.Ask = record.Asking{Reason: record.OptionalReason, Args: []meta.ActionArg{
		{Key: "pool", Label: to.Label("action.transfer.pool"), Kind: meta.ArgPool, Required: true},
	}}
	return out, could && len(to.Form.Pools) > 1
}

func (transfer) Offers(on record.Asked) bool {
	s, ok := stands(on)
	return ok && s.among(s.pool.Def.Rights.Transfer)
}

func (transfer) Begin(_ context.Context, on *record.Acting) error {
	s, _ := stands(on.Asked)
	in := on.Read()
	to := in.Text("pool")
	if err := in.End(); err != nil {
		return err
	}
	if to == "" {
		return required("pool")
	}
	if to == s.pool.Def.Key {
		on.Leave()
		return nil
	}
	return s.put(on, to)
}
