package notify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Where notices rest among the side documents. Lists and counts read them in the order of their keys, so that
// nothing looks through all that somebody was ever told.
const (
	notices = "notice"       // user/newest first-digest → the notice
	unread  = "noticeUnread" // the same key → nothing, while it is not read
	once    = "noticeOnce"   // user/what → nothing: that they were told it
	choices = "noticeChoice" // user → what they do not want to hear of
)

// kept is how long a notice can be looked up.
const kept = 90 * 24 * time.Hour

// stored is the document of a notice.
type stored struct {
	Kind   Kind       `json:"kind"`
	At     time.Time  `json:"at"`
	ReadAt time.Time  `json:"readAt,omitzero"`
	By     value.ID   `json:"by,omitempty"`
	About  []About    `json:"about,omitempty"`
	Count  int        `json:"count,omitempty"`
	Args   fault.Args `json:"args,omitempty"`
}

// Inbox keeps what people are told.
type Inbox struct{ Config }

// Config is what an Inbox stands on; all of it is needed.
type Config struct {
	Store Store
	Clock func() time.Time
	// Hears tells whether somebody is there to be told: who has left is not.
	Hears func(user value.ID) bool
}

// Store is what an inbox needs of a tenant's store.
type Store interface {
	store.Side
	Tx(ctx context.Context, do func(tx store.Tx) error) error
}

// Tell writes what is told with the transaction of what happened. It may run more than once, as that may.
// Whoever does not want to hear of a kind is not told.
func (b *Inbox) Tell(ctx context.Context, tx store.Tx, all ...Telling) error {
	w := telling{inbox: b, tx: tx, chosen: map[value.ID]Choices{}, made: map[string]*stored{}}
	for _, t := range all {
		for _, user := range t.To {
			if err := w.tell(ctx, user, t); err != nil {
				return fault.Wrap("notify.tell", err)
			}
		}
	}
	return fault.Wrap("notify.tell", w.save(ctx))
}

// toldAtOnce bounds how many people one transaction of TellInParts tells: each takes three documents of the
// thousand that one may write.
const toldAtOnce = 250

// TellInParts is Tell in as many transactions as it takes, for what names itself (Once): done again after a kill,
// nobody is told twice.
func (b *Inbox) TellInParts(ctx context.Context, all ...Telling) error {
	var part []Telling
	told := 0
	flush := func() error {
		if len(part) == 0 {
			return nil
		}
		now := part
		part, told = nil, 0
		return b.Store.Tx(ctx, func(tx store.Tx) error { return b.Tell(ctx, tx, now...) })
	}
	for _, t := range all {
		for some := range slices.Chunk(t.To, toldAtOnce) {
			if told+len(some) > toldAtOnce {
				if err := flush(); err != nil {
					return err
				}
			}
			one := t
			one.To = some
			part, told = append(part, one), told+len(some)
		}
	}
	return flush()
}

// telling is what one transaction tells.
type telling struct {
	inbox  *Inbox
	tx     store.Tx
	chosen map[value.ID]Choices
	made   map[string]*stored // by key
	order  []string
}

func (w *telling) tell(ctx context.Context, user value.ID, t Telling) error {
	if !w.inbox.Hears(user) {
		return nil
	}
	choice, known := w.chosen[user]
	if !known {
		var err error
		if choice, err = loadChoices(ctx, w.tx, user); err != nil {
			return err
		}
		w.chosen[user] = choice
	}
	if slices.Contains(choice.Off, t.Kind) {
		return nil
	}
	if t.Once != "" {
		told, err := w.before(ctx, user, t)
		if told || err != nil {
			return err
		}
	}
	return w.add(ctx, noticeKey(user, t), t)
}

// before tells whether somebody was told the same before, and notes that now they are.
func (w *telling) before(ctx context.Context, user value.ID, t Telling) (bool, error) {
	key := prefixOf(user) + t.Once
	_, err := w.tx.Load(ctx, once, key)
	if fault.KindOf(err) != fault.NotFound {
		return err == nil, err
	}
	return false, w.tx.Save(ctx, once, store.Item{Key: key, Body: []byte("{}"), Expires: t.Until}, store.AnyRevision)
}

// add puts a telling into its notice, new or of this minute.
func (w *telling) add(ctx context.Context, key string, t Telling) error {
	n, open := w.made[key]
	if !open {
		n = &stored{Kind: t.Kind, At: t.At.UTC(), By: t.By, Args: t.Args}
		if t.Together != "" {
			was, err := load(ctx, w.tx, key)
			if err != nil && fault.KindOf(err) != fault.NotFound {
				return err
			}
			if err == nil {
				was.ReadAt = time.Time{} // there is more of it now
				n = was
			}
		}
		w.made[key], w.order = n, append(w.order, key)
	}
	for _, one := range t.About {
		n.Count++
		if len(n.About) < MaxAbout {
			n.About = append(n.About, one)
		}
	}
	return nil
}

func (w *telling) save(ctx context.Context) error {
	told := map[value.ID]*event.Event{}
	var people []value.ID
	for _, key := range w.order {
		n := w.made[key]
		expires := n.At.Add(kept)
		if err := save(ctx, w.tx, key, n); err != nil {
			return err
		}
		if err := w.tx.Save(ctx, unread, store.Item{Key: key, Body: []byte("{}"), Expires: expires}, store.AnyRevision); err != nil {
			return err
		}
		user := userOf(key)
		e, known := told[user]
		if !known {
			e = &event.Event{Kind: event.PersonTold, Record: user, At: n.At, Actor: n.By, Detail: value.Doc{detailNotices: value.List{}}}
			told[user], people = e, append(people, user)
		}
		ids, _ := e.Detail[detailNotices].(value.List)
		e.Detail[detailNotices] = append(ids, idIn(user, key))
	}
	for _, user := range people {
		if err := w.tx.Emit(ctx, *told[user]); err != nil {
			return err
		}
	}
	return nil
}

// detailNotices lists in an event the notices that somebody was told.
const detailNotices = "notices"

// NoticesIn are the ids of the notices that an event of PersonTold tells of: none where somebody has read theirs.
func NoticesIn(e event.Event) []string {
	list, _ := e.Detail[detailNotices].(value.List)
	var ids []string
	for _, one := range list {
		if id, ok := one.(string); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func prefixOf(user value.ID) string { return string(user) + "/" }

func userOf(key string) value.ID { return value.ID(key[:strings.IndexByte(key, '/')]) }

// noticeKey puts the newest first, and what belongs together into one place.
func noticeKey(user value.ID, t Telling) string { return prefixOf(user) + IDOf(t) }

// IDOf is the id of the notice by which people are told something, the same for each of them.
func IDOf(t Telling) string {
	at, name := t.At, t.Once
	if t.Together != "" {
		at, name = t.At.Truncate(time.Minute), t.Together
	}
	sum := sha256.Sum256([]byte(string(t.Kind) + "\x00" + name))
	return fmt.Sprintf("%019d-%s", math.MaxInt64-at.UnixMilli(), hex.EncodeToString(sum[:8]))
}

func load(ctx context.Context, from store.Side, key string) (*stored, error) {
	item, err := from.Load(ctx, notices, key)
	if err != nil {
		return nil, err
	}
	return read(item)
}

func read(item store.Item) (*stored, error) {
	n := &stored{}
	decoder := json.NewDecoder(bytes.NewReader(item.Body))
	decoder.UseNumber()
	if err := decoder.Decode(n); err != nil {
		return nil, fault.New(fault.Internal, "store.corrupt").At(notices + "/" + item.Key).Because(err)
	}
	n.Args.Restore()
	return n, nil
}

func save(ctx context.Context, tx store.Tx, key string, n *stored) error {
	body, err := json.Marshal(n)
	if err != nil {
		return fault.Wrap("notify.save", err)
	}
	return tx.Save(ctx, notices, store.Item{Key: key, Body: body, Expires: n.At.Add(kept)}, store.AnyRevision)
}
