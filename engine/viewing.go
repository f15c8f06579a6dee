package engine

import (
	"context"
	"time"

	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Viewing is that somebody sees the app as another person would.
type Viewing struct {
	By, As value.ID
	Reason string
	Until  time.Time
}

// BeginViewing keeps in the audit that somebody begins to see the app as another person would, and tells that person, in
// the transaction that lets them.
func (e *Engine) BeginViewing(ctx context.Context, tx store.Tx, v Viewing) error {
	now, id := e.config.Clock().UTC(), e.config.NewID()
	err := audit.Write(ctx, tx, id, audit.Entry{
		At: now, Actor: v.By, Op: audit.ViewingBegan, Target: string(v.As), Note: v.Reason, Changes: []audit.Change{{Part: "until", To: v.Until}},
	})
	if err != nil {
		return err
	}
	return e.inbox.Tell(ctx, tx, notify.Telling{
		To: []value.ID{v.As}, Kind: notify.Viewed, At: now, By: v.By, Once: "viewing " + string(id), Until: now.Add(day),
		Args: fault.Args{"reason": v.Reason, "until": v.Until.In(e.config.Zone).Format("2006-01-02 15:04")},
	})
}

// EndViewing keeps in the audit that somebody has ended it before its time.
func (e *Engine) EndViewing(ctx context.Context, tx store.Tx, v Viewing) error {
	return audit.Write(ctx, tx, e.config.NewID(), audit.Entry{
		At: e.config.Clock().UTC(), Actor: v.By, Op: audit.ViewingEnded, Target: string(v.As), Note: v.Reason,
	})
}
