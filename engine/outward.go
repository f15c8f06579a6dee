package engine

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/post"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// outPost is the body of a parcel for an outlet: what a script says to a group, or what became of a record.
type outPost struct {
	Outlet string     `json:"outlet"`
	Text   string     `json:"text,omitempty"`
	Link   string     `json:"link,omitempty"`
	Event  *hookEvent `json:"event,omitempty"`
}

// hookEvent is what other systems hear: which record, and nothing of what is in it. Whoever wants to know asks for it with
// a token, and sees what that may see.
type hookEvent struct {
	ID      string        `json:"id"` // also in the header Idempotency-Key
	Kind    event.Kind    `json:"event"`
	Form    value.FormKey `json:"form,omitempty"`
	Record  value.ID      `json:"record,omitempty"`
	Version int64         `json:"version,omitempty"` // of two that are heard out of order the greater one is the later
	At      time.Time     `json:"at"`
}

func hookMessage(key string, e hookEvent) (notify.Message, error) {
	e.ID = key
	body, err := json.Marshal(e)
	return notify.Message{Key: key, Text: string(body)}, fault.Wrap("engine.hookMessage", err)
}

// planHooks has other systems hear of events. Done again it plans nothing twice.
func (e *Engine) planHooks(ctx context.Context, events []event.Event) error {
	if len(e.config.Outlets) == 0 {
		return nil
	}
	items, err := e.config.Store.Scan(ctx, outlets, "", "", maxOutlets)
	if err != nil {
		return err
	}
	var parcels []plannedPost
	now := e.config.Clock().UTC()
	for _, item := range items {
		o, err := readOutlet(item)
		if err != nil {
			return err
		}
		for _, one := range events {
			if !o.On || !slices.Contains(o.Events, one.Kind) || len(o.Forms) > 0 && !slices.Contains(o.Forms, one.Form) {
				continue
			}
			body := outPost{Outlet: item.Key, Event: &hookEvent{Kind: one.Kind, Form: one.Form, Record: one.Record, Version: one.Version, At: one.At.UTC()}}
			p, err := outParcel("w-"+shortHash(item.Key+" "+strconv.FormatInt(one.Seq, 10)), body, now)
			if err != nil {
				return err
			}
			parcels = append(parcels, plannedPost{parcel: p})
		}
	}
	return e.putAll(ctx, parcels)
}

func outParcel(id string, body outPost, now time.Time) (post.Parcel, error) {
	packed, err := json.Marshal(body)
	return post.Parcel{ID: id, Lane: outletLane(body.Outlet), Body: packed, Made: now, Due: now}, fault.Wrap("engine.outParcel", err)
}

// toGroup is how a script names a group that it speaks to.
const toGroup = "group:"

// sayInGroups has what a script says leave for the groups among those that it names, and returns the people. A group that
// is not there, or is off, hears nothing.
func (e *Engine) sayInGroups(ctx context.Context, tx store.Tx, s record.Saying) (people []value.ID, err error) {
	for _, to := range s.To {
		key, isGroup := strings.CutPrefix(to, toGroup)
		if !isGroup {
			people = append(people, value.ID(to))
			continue
		}
		o, err := e.outlet(ctx, tx, key)
		if fault.CodeOf(err) == "outlet.unknown" || err == nil && (!o.On || o.Service == Webhook) {
			continue
		}
		if err != nil {
			return nil, err
		}
		// Nobody asks who is in a group: it hears the script's own words, and opens the record by its own rights.
		body := outPost{Outlet: key, Text: saidTo(o.Locale, s.Message, e.config.Texts.Text(o.Locale, "notice.unseen", nil)), Link: e.recordLink(s.About)}
		p, err := outParcel("g-"+shortHash(key+" "+s.Once), body, s.At)
		if err != nil {
			return nil, err
		}
		if err := post.Put(ctx, tx, p); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// recordLink is the address of a record in the app, or of the app.
func (e *Engine) recordLink(at record.Name) string {
	if e.config.Home == "" || at.ID == "" {
		return e.config.Home
	}
	return strings.TrimSuffix(e.config.Home, "/") + "/f/" + string(at.Form) + "/" + string(at.ID)
}
