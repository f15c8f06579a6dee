package signin

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"tidewater/engine"
	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

const (
	// maxMinutes is how long somebody sees the app as another person at most, in one go.
	maxMinutes = 60
	maxReason  = 300
)

// Viewing says that whoever holds a grant sees the app as somebody else, until it is over.
type Viewing struct {
	User   value.ID  `json:"user"`
	Reason string    `json:"reason"`
	Until  time.Time `json:"until"`
}

// View lets the visitor see the app as another person would, from their next request on: with this very session or
// token, and no other of theirs. Faults: those of access.MayView, Invalid with all issues.
func (s *Service) View(ctx context.Context, v *Visit, whom value.ID, reason string, minutes int64) (*Viewing, error) {
	const op = "signin.view"
	if err := access.MayView(v.Actor, v.Tenant.People.Org(), whom); err != nil {
		return nil, err
	}
	var issues fault.Issues
	reason = strings.TrimSpace(reason)
	if reason == "" {
		issues.Add("/reason", "field.required")
	}
	if over := utf8.RuneCountInString(reason) - maxReason; over > 0 {
		issues.Add("/reason", "field.tooLong", "max", maxReason, "over", over)
	}
	if minutes < 1 || minutes > maxMinutes {
		issues.Add("/minutes", "viewing.minutes", "max", maxMinutes)
	}
	if err := issues.Fault(op, "record.invalid"); err != nil {
		return nil, err
	}
	viewing := &Viewing{User: whom, Reason: reason, Until: s.Clock().UTC().Add(time.Duration(minutes) * time.Minute).Truncate(time.Millisecond)}
	err := s.regrant(ctx, v, func(tx store.Tx, g *granted) error {
		g.Viewing = viewing
		return v.Tenant.Engine.BeginViewing(ctx, tx, engine.Viewing{By: v.User.ID, As: whom, Reason: reason, Until: viewing.Until})
	})
	return viewing, fault.Wrap(op, err)
}

// EndView lets the visitor be themselves again. Faults: Conflict "viewing.none".
func (s *Service) EndView(ctx context.Context, v *Visit) error {
	const op = "signin.endView"
	if v.Viewing == nil {
		return fault.New(fault.Conflict, "viewing.none").In(op)
	}
	return fault.Wrap(op, s.regrant(ctx, v, func(tx store.Tx, g *granted) error {
		g.Viewing = nil
		return v.Tenant.Engine.EndViewing(ctx, tx, engine.Viewing{By: v.Actor.Key(), As: v.User.ID, Reason: v.Viewing.Reason})
	}))
}

// regrant changes what the visitor came with.
func (s *Service) regrant(ctx context.Context, v *Visit, change func(tx store.Tx, g *granted) error) error {
	defer s.seen.forget(v.Tenant.ID, v.Grant)
	return v.Tenant.Store.Tx(ctx, func(tx store.Tx) error {
		item, err := tx.Load(ctx, sessions, v.Grant)
		if err != nil {
			return err
		}
		g, err := grantedIn(item)
		if err != nil {
			return err
		}
		if err := change(tx, &g); err != nil {
			return err
		}
		if item.Body, err = json.Marshal(g); err != nil {
			return err
		}
		return tx.Save(ctx, sessions, item, item.Revision)
	})
}

// viewed turns somebody into the one as whom they see the app, where they do, still may, and both are there.
func (s *Service) viewed(t *tenant.Tenant, actor value.Actor, viewing *Viewing) (value.Actor, *Viewing) {
	people := t.People.Org()
	if viewing == nil || !s.Clock().Before(viewing.Until) || !access.StillViews(actor, people, viewing.User) {
		return actor, nil
	}
	other, _ := people.Actor(viewing.User)
	return access.As(actor, other), viewing
}
