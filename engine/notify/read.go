package notify

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// maxPage bounds the notices of one page, and what one transaction marks.
const maxPage = 200

// List returns somebody's notices, the newest first, those after the last of the page before; with onlyUnread
// those that they have not read. limit is 1 to 200. Faults: Malformed "limit.page" and "cursor.invalid".
func (b *Inbox) List(ctx context.Context, user value.ID, onlyUnread bool, after string, limit int) (page []Notice, next string, err error) {
	if limit < 1 || limit > maxPage {
		return nil, "", fault.New(fault.Malformed, "limit.page").At("/limit").With("max", maxPage)
	}
	from := ""
	if after != "" {
		if !idForm.MatchString(after) {
			return nil, "", fault.New(fault.Malformed, "cursor.invalid").At("/after")
		}
		from = prefixOf(user) + after
	}
	collection := notices
	if onlyUnread {
		collection = unread
	}
	items, err := b.Store.Scan(ctx, collection, prefixOf(user), from, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(items) > limit {
		items = items[:limit]
		next = idIn(user, items[limit-1].Key)
	}
	for _, item := range items {
		n, err := b.open(ctx, item, onlyUnread)
		if fault.KindOf(err) == fault.NotFound {
			continue // cleared away meanwhile
		}
		if err != nil {
			return nil, "", err
		}
		page = append(page, noticeOf(idIn(user, item.Key), n))
	}
	return page, next, nil
}

func (b *Inbox) open(ctx context.Context, item store.Item, byMark bool) (*stored, error) {
	if byMark {
		return load(ctx, b.Store, item.Key)
	}
	return read(item)
}

// idForm is what noticeKey makes.
var idForm = regexp.MustCompile(`^[0-9]{19}-[0-9a-f]{16}$`)

func idIn(user value.ID, key string) string { return strings.TrimPrefix(key, prefixOf(user)) }

// MostCounted bounds the count of what is not read.
const MostCounted = 100

// Unread counts what somebody has not read, on its index and no further than MostCounted.
func (b *Inbox) Unread(ctx context.Context, user value.ID) (count int, exact bool, err error) {
	items, err := b.Store.Scan(ctx, unread, prefixOf(user), "", MostCounted)
	return len(items), len(items) < MostCounted, err
}

// IsUnread tells whether there is a notice that somebody has not read.
func (b *Inbox) IsUnread(ctx context.Context, user value.ID, id string) (bool, error) {
	_, err := b.Store.Load(ctx, unread, prefixOf(user)+id)
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, err
}

// Read marks some of somebody's notices as read; ids of none, or of others', are passed over. At most 200.
func (b *Inbox) Read(ctx context.Context, user value.ID, ids []string) error {
	if len(ids) > maxPage {
		return fault.New(fault.TooLarge, "limit.page").At("/ids").With("max", maxPage)
	}
	keys := make([]string, 0, len(ids))
	for _, id := range ids {
		if idForm.MatchString(id) {
			keys = append(keys, prefixOf(user)+id)
		}
	}
	slices.Sort(keys)
	return b.mark(ctx, user, slices.Compact(keys))
}

// ReadAll marks everything that somebody has not read by now.
func (b *Inbox) ReadAll(ctx context.Context, user value.ID) error {
	for after := ""; ; {
		items, err := b.Store.Scan(ctx, unread, prefixOf(user), after, maxPage)
		if err != nil || len(items) == 0 {
			return err
		}
		keys := make([]string, len(items))
		for n, item := range items {
			keys[n], after = item.Key, item.Key
		}
		if err := b.mark(ctx, user, keys); err != nil {
			return err
		}
	}
}

func (b *Inbox) mark(ctx context.Context, user value.ID, keys []string) error {
	now := b.Clock().UTC().Truncate(time.Millisecond)
	return b.Store.Tx(ctx, func(tx store.Tx) error {
		marked := false
		for _, key := range keys {
			n, err := load(ctx, tx, key)
			if fault.KindOf(err) == fault.NotFound || err == nil && !n.ReadAt.IsZero() {
				continue
			}
			if err != nil {
				return err
			}
			n.ReadAt, marked = now, true
			if err := save(ctx, tx, key, n); err != nil {
				return err
			}
			if err := tx.Drop(ctx, unread, key); err != nil {
				return err
			}
		}
		if !marked {
			return nil
		}
		return tx.Emit(ctx, event.Event{Kind: event.PersonTold, Record: user, At: now, Actor: user})
	})
}

// Notice returns one of somebody's notices. Faults: NotFound, where it was cleared away.
func (b *Inbox) Notice(ctx context.Context, user value.ID, id string) (Notice, error) {
	n, err := load(ctx, b.Store, prefixOf(user)+id)
	if err != nil {
		return Notice{}, fault.Wrap("notify.notice", err)
	}
	return noticeOf(id, n), nil
}

func noticeOf(id string, n *stored) Notice {
	return Notice{ID: id, Kind: n.Kind, At: n.At, ReadAt: n.ReadAt, By: n.By, About: n.About, Count: n.Count, Args: n.Args}
}
