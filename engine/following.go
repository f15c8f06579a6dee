package engine

import (
	"context"
	"slices"
	"strings"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Whoever may read a record may follow it: they are told what others change of it and say about it, as far as they may
// read it by then.

const (
	followers = "follower" // form/record/user → keptFollow
	followed  = "followed" // user/form/record → keptFollow
	// followersCounted is how far followers are counted.
	followersCounted = 100
	maxFollowed      = 100 // of a page
)

type keptFollow struct {
	At time.Time `json:"at"`
	// Came is the record that they followed before it was merged into this one; "" where they follow this one themselves.
	Came value.ID `json:"came,omitempty"`
}

// Following is how an actor stands to a record.
type Following struct {
	Following bool `json:"following"`
	Followers int  `json:"followers"`
	Exact     bool `json:"exact"` // there are no more than Followers
}

// FollowedRecord is one that somebody follows and may read.
type FollowedRecord struct {
	Form  value.FormKey `json:"form"`
	ID    value.ID      `json:"id"`
	Title string        `json:"title"` // "" where they do not see it whole
	At    time.Time     `json:"at"`    // since when
}

func followerKey(at record.Name, user value.ID) string { return commentPrefix(at) + string(user) }

func followedKey(user value.ID, at record.Name) string {
	return string(user) + "/" + string(at.Form) + "/" + string(at.ID)
}

// Following tells whether an actor follows a record, and how many do. Faults: NotFound "record.notFound", Forbidden
// "access.scope".
func (e *Engine) Following(ctx context.Context, actor value.Actor, at record.Name) (Following, error) {
	if err := e.reads(ctx, actor, at, value.ReadScope); err != nil {
		return Following{}, err
	}
	return e.standing(ctx, actor, at)
}

func (e *Engine) standing(ctx context.Context, actor value.Actor, at record.Name) (Following, error) {
	const op = "engine.following"
	items, err := e.config.Store.Scan(ctx, followers, commentPrefix(at), "", followersCounted+1)
	if err != nil {
		return Following{}, fault.Wrap(op, err)
	}
	out := Following{Followers: min(len(items), followersCounted), Exact: len(items) <= followersCounted}
	_, err = e.config.Store.Load(ctx, followers, followerKey(at, actor.User))
	if out.Following = err == nil; fault.KindOf(err) == fault.NotFound {
		err = nil
	}
	return out, fault.Wrap(op, err)
}

// Follow makes an actor follow a record, or no longer; done twice it is as done once. Faults: as Following.
func (e *Engine) Follow(ctx context.Context, actor value.Actor, at record.Name, follows bool) (Following, error) {
	const op = "engine.follow"
	if actor.IsSystem() {
		return Following{}, fault.New(fault.Forbidden, "access.scope").In(op)
	}
	if err := e.reads(ctx, actor, at, value.WriteScope); err != nil {
		return Following{}, err
	}
	since := e.config.Clock().UTC()
	err := e.config.Store.Tx(ctx, func(tx store.Tx) error {
		if !follows {
			return unfollow(ctx, tx, at, actor.User)
		}
		_, err := tx.Load(ctx, followers, followerKey(at, actor.User))
		if fault.KindOf(err) != fault.NotFound {
			return err
		}
		return follow(ctx, tx, at, actor.User, keptFollow{At: since})
	})
	if err != nil {
		return Following{}, fault.Wrap(op, err)
	}
	return e.standing(ctx, actor, at)
}

func follow(ctx context.Context, tx store.Tx, at record.Name, user value.ID, kept keptFollow) error {
	if err := saveItem(ctx, tx, followers, followerKey(at, user), kept); err != nil {
		return err
	}
	return saveItem(ctx, tx, followed, followedKey(user, at), kept)
}

func unfollow(ctx context.Context, tx store.Tx, at record.Name, user value.ID) error {
	if err := tx.Drop(ctx, followers, followerKey(at, user)); err != nil {
		return err
	}
	return tx.Drop(ctx, followed, followedKey(user, at))
}

// Followed lists the records that an actor follows and may read, those of one form or of all where it is "", by form and
// id, from after the place that the page before has named; next is "" at the end. A page may have fewer records than
// there are to come. Faults: Forbidden "access.scope", Malformed "cursor.invalid", NotFound "form.unknown".
func (e *Engine) Followed(ctx context.Context, actor value.Actor, of value.FormKey, after string, limit int) (page []FollowedRecord, next string, err error) {
	const op = "engine.followed"
	if err := mayReadOwn(actor); err != nil {
		return nil, "", err
	}
	if strings.Contains(after, "\x00") {
		return nil, "", fault.New(fault.Malformed, "cursor.invalid").In(op).At("/after")
	}
	prefix := string(actor.User) + "/"
	if after != "" {
		after = prefix + after
	}
	within := prefix
	if of != "" {
		if _, known := e.Catalog().Forms[of]; !known {
			return nil, "", fault.New(fault.NotFound, "form.unknown").In(op).With("form", string(of))
		}
		within += string(of) + "/"
	}
	limit = min(limit, maxFollowed)
	items, err := e.config.Store.Scan(ctx, followed, within, after, limit+1)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	if len(items) > limit {
		items = items[:limit]
		next = strings.TrimPrefix(items[limit-1].Key, prefix)
	}
	page = []FollowedRecord{}
	var names []record.Name
	for _, item := range items {
		form, id, _ := strings.Cut(strings.TrimPrefix(item.Key, prefix), "/")
		var kept keptFollow
		if err := readItem(followed, item, &kept); err != nil {
			return nil, "", err
		}
		page = append(page, FollowedRecord{Form: value.FormKey(form), ID: value.ID(id), At: kept.At})
		names = append(names, record.Name{Form: value.FormKey(form), ID: value.ID(id)})
	}
	seen, err := e.Records.Glimpses(ctx, actor, names)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	shown := page[:0]
	for n, one := range page {
		if one.Title = seen[n].Title; seen[n].Seen {
			shown = append(shown, one)
		}
	}
	return shown, next, nil
}

// followedIDs are records of a form that somebody follows, at most so many, whether they may read them or not.
func (e *Engine) followedIDs(ctx context.Context, form value.FormKey, user value.ID, most int) ([]value.ID, error) {
	prefix := string(user) + "/" + string(form) + "/"
	var out []value.ID
	for after := ""; ; {
		items, err := e.config.Store.Scan(ctx, followed, prefix, after, min(scannedAtOnce, most-len(out)))
		if err != nil {
			return nil, fault.Wrap("engine.followed", err)
		}
		for _, item := range items {
			out, after = append(out, value.ID(strings.TrimPrefix(item.Key, prefix))), item.Key
		}
		if len(items) < scannedAtOnce || len(out) == most {
			return out, nil
		}
	}
}

// followersOf are the people who follow a record.
func (e *Engine) followersOf(ctx context.Context, at record.Name) ([]value.ID, error) {
	var out []value.ID
	prefix := commentPrefix(at)
	for after := ""; ; {
		items, err := e.config.Store.Scan(ctx, followers, prefix, after, scannedAtOnce)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			out, after = append(out, value.ID(strings.TrimPrefix(item.Key, prefix))), item.Key
		}
		if len(items) < scannedAtOnce {
			return out, nil
		}
	}
}

const scannedAtOnce = 200

// tellFollowers tells those who follow records what others have changed of them, if they could read the record before
// and can after, and see one of the fields that have changed; and nobody to whom the same event says more.
func (e *Engine) tellFollowers(ctx context.Context, events []event.Event, told []notify.Telling) error {
	watched := map[value.FormKey]bool{} // forms of which somebody follows a record
	var tell []notify.Telling
	for _, one := range events {
		form, known := e.Catalog().Forms[one.Form]
		if !known || one.Kind != event.RecordChanged || one.Action == "" && value.IsSystem(one.Actor) {
			continue
		}
		some, looked := watched[one.Form]
		if !looked {
			items, err := e.config.Store.Scan(ctx, followers, string(one.Form)+"/", "", 1)
			if err != nil {
				return fault.Wrap("engine.tellFollowers", err)
			}
			some = len(items) > 0
			watched[one.Form] = some
		}
		if !some {
			continue
		}
		who, err := e.followersOf(ctx, record.Name{Form: one.Form, ID: one.Record})
		if err != nil {
			return fault.Wrap("engine.tellFollowers", err)
		}
		who = slices.DeleteFunc(who, func(user value.ID) bool { return !e.followsChange(user, one) || isTold(told, one, user) })
		if len(who) > 0 {
			tell = append(tell, notify.FollowedOf(form, one, who))
		}
	}
	return e.inbox.TellInParts(ctx, tell...)
}

func (e *Engine) followsChange(user value.ID, one event.Event) bool {
	reader, active := e.config.Org().Actor(user)
	return active && user != one.Actor && e.Records.SeesChange(reader, one)
}

// isTold tells whether an event tells somebody by itself what becomes of the record.
func isTold(told []notify.Telling, one event.Event, user value.ID) bool {
	name := notify.OnceOf(one)
	return slices.ContainsFunc(told, func(t notify.Telling) bool { return t.Once == name && slices.Contains(t.To, user) })
}

// forgetFollowers makes nobody follow a record any more.
func (e *Engine) forgetFollowers(ctx context.Context, at record.Name) error {
	who, err := e.followersOf(ctx, at)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(who, scannedAtOnce) {
		err := e.config.Store.Tx(ctx, func(tx store.Tx) error {
			for _, user := range some {
				if err := unfollow(ctx, tx, at, user); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
