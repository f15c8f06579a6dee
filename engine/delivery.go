package engine

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/post"
	"tidewater/engine/value"
)

// Delivery is something that has left for somebody or some host outside, or could not, as administrators see it: to whom,
// and nothing of what it said.
type Delivery struct {
	ID    string     `json:"id"`
	Lane  string     `json:"channel"`
	User  value.ID   `json:"user,omitempty"`
	State post.State `json:"state"`
	Made  time.Time  `json:"madeAt"`
	At    time.Time  `json:"at"` // of the last try
	Tries int        `json:"tries"`
	Why   *post.Why  `json:"fault,omitempty"`
}

func deliveryOf(p post.Parcel) Delivery {
	out := Delivery{ID: p.ID, Lane: p.Lane, State: p.State, Made: p.Made, At: p.At, Tries: p.Tries, Why: p.Why}
	var body notePost
	if json.Unmarshal(p.Body, &body) == nil { // of other parcels nobody is named
		out.User = body.User
	}
	return out
}

// Deliveries lists what has left by a channel, or with "" what was given up by any, the newest first, see post.Office.Log.
// They are kept for 30 days. Faults: Forbidden "access.admin", Malformed "cursor.invalid".
func (e *Engine) Deliveries(ctx context.Context, actor value.Actor, lane, after string, limit int) (found []Delivery, next string, err error) {
	if err := access.Administer(actor); err != nil {
		return nil, "", err
	}
	var parcels []post.Parcel
	if lane == "" {
		parcels, next, err = e.post.Failures(ctx, after, limit)
	} else {
		parcels, next, err = e.post.Log(ctx, lane, after, limit)
	}
	for _, p := range parcels {
		found = append(found, deliveryOf(p))
	}
	return found, next, err
}

// RetryDelivery has what was given up tried again. Faults: Forbidden "access.admin", NotFound "post.unknown".
func (e *Engine) RetryDelivery(ctx context.Context, actor value.Actor, id string) error {
	if err := access.Administer(actor); err != nil {
		return err
	}
	return e.post.Again(ctx, id)
}

// DropDelivery forgets what was given up. Faults: as RetryDelivery.
func (e *Engine) DropDelivery(ctx context.Context, actor value.Actor, id string) error {
	if err := access.Administer(actor); err != nil {
		return err
	}
	return e.post.Forget(ctx, id)
}

// NoticeChoices are what the reader has chosen to hear of, and how they can be told.
type NoticeChoices struct {
	notify.Choices
	Kinds    []notify.Kind // that they may be told of
	Channels []ChannelChoice
}

// ChannelChoice is a channel that the reader can choose.
type ChannelChoice struct {
	Channel notify.Channel
	Usual   notify.Way
	Reaches bool // it is known what they are called there
}

// Choices returns what the reader has chosen. Faults: Forbidden "access.scope".
func (e *Engine) Choices(ctx context.Context, actor value.Actor) (*NoticeChoices, error) {
	if err := mayReadOwn(actor); err != nil {
		return nil, err
	}
	chosen, err := e.inbox.Choices(ctx, actor.User)
	if err != nil {
		return nil, err
	}
	on, err := e.channelsOn(ctx)
	if err != nil {
		return nil, fault.Wrap("engine.choices", err)
	}
	out := &NoticeChoices{Choices: chosen, Kinds: notify.Kinds(access.Administer(actor) == nil), Channels: []ChannelChoice{}}
	for _, channel := range notify.Channels() {
		usual, isOn := on[channel]
		if !isOn {
			continue
		}
		to, err := e.addressOf(ctx, actor.User, channel)
		if err != nil {
			return nil, err
		}
		out.Channels = append(out.Channels, ChannelChoice{channel, usual, to != ""})
	}
	return out, nil
}

// Choose says anew what the reader wants to hear of; ways of channels that are not named stay. Faults: those of notify.Inbox.Choose, Forbidden "access.scope".
func (e *Engine) Choose(ctx context.Context, actor value.Actor, c notify.Choices) error {
	if err := mayReadOwn(actor); err != nil {
		return err
	}
	was, err := e.inbox.Choices(ctx, actor.User)
	if err != nil {
		return err
	}
	c.Off, c.Ways = slices.Clone(c.Off), maps.Clone(c.Ways)
	if c.Ways == nil {
		c.Ways = map[notify.Channel]map[notify.Kind]notify.Way{}
	}
	for channel, ways := range was.Ways {
		if _, named := c.Ways[channel]; !named {
			c.Ways[channel] = ways // of one that is off for a while
		}
	}
	return e.inbox.Choose(ctx, actor.User, c)
}
