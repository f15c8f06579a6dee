package engine

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Comments that were said before mentions were noted are gone over once, some in a transaction, by whichever process
// comes to it.

const mentionsFilled = "mentionsFilled" // the one key fillKey → keptFilling

const fillKey = "comments"

// keptFilling says how far it has come: After is the key of the last comment that was looked at.
type keptFilling struct {
	After string `json:"after,omitempty"`
	Done  bool   `json:"done,omitempty"`
}

// FillMentions notes whom comments mention that were said before mentions were noted. It goes on where it was stopped,
// and once done reads one document. Any number of processes may do so at once.
func (e *Engine) FillMentions(ctx context.Context) error {
	for {
		done, err := e.fillSome(ctx)
		if fault.KindOf(err) == fault.Conflict && ctx.Err() == nil {
			continue // another process has done these, or somebody is just changing one
		}
		if err != nil || done {
			return fault.Wrap("engine.fillMentions", err)
		}
	}
}

func (e *Engine) fillSome(ctx context.Context) (done bool, err error) {
	kept, revision, err := e.filling(ctx)
	if err != nil || kept.Done {
		return kept.Done, err
	}
	items, err := e.config.Store.Scan(ctx, comments, "", kept.After, movedAtOnce)
	if err != nil {
		return false, err
	}
	if kept.Done = len(items) < movedAtOnce; len(items) > 0 {
		kept.After = items[len(items)-1].Key
	}
	return kept.Done, e.config.Store.Tx(ctx, func(tx store.Tx) error {
		for _, item := range items {
			if err := e.fillFrom(ctx, tx, item); err != nil {
				return err
			}
		}
		body, err := json.Marshal(kept)
		if err != nil {
			return err
		}
		return tx.Save(ctx, mentionsFilled, store.Item{Key: fillKey, Body: body}, revision)
	})
}

// filling is how far it has come, and the revision of the document that says so, 0 for none.
func (e *Engine) filling(ctx context.Context) (kept keptFilling, revision int64, err error) {
	item, err := e.config.Store.Load(ctx, mentionsFilled, fillKey)
	if fault.KindOf(err) == fault.NotFound {
		return kept, 0, nil
	}
	if err == nil {
		err = readItem(mentionsFilled, item, &kept)
	}
	return kept, item.Revision, err
}

// fillFrom notes whom one comment mentions and who is not noted yet. The comment is written as it is, so that nobody
// changes it or takes it back at the same time.
func (e *Engine) fillFrom(ctx context.Context, tx store.Tx, item store.Item) error {
	at, id, kept, err := readComment(item)
	if err != nil {
		return err
	}
	filled := false
	for _, user := range kept.mentioned() {
		_, err := tx.Load(ctx, mentioned, mentionKey(user, id))
		if fault.KindOf(err) != fault.NotFound {
			if err != nil {
				return err
			}
			continue
		}
		notice, err := e.noticeOf(ctx, user, id, kept)
		if err != nil {
			return err
		}
		if err := saveItem(ctx, tx, mentioned, mentionKey(user, id), keptMention{at.Form, at.ID, notice}); err != nil {
			return err
		}
		filled = true
	}
	if !filled {
		return nil
	}
	return tx.Save(ctx, comments, store.Item{Key: item.Key, Body: item.Body, Expires: item.Expires}, item.Revision)
}

// noticeOf is the notice by which somebody was told of a comment: when it was said, or when it was said anew.
func (e *Engine) noticeOf(ctx context.Context, user value.ID, id string, kept keptComment) (string, error) {
	said := notify.Telling{Kind: notify.Mentioned, At: kept.At, Once: "comment " + id}
	if kept.EditedAt == nil {
		return notify.IDOf(said), nil
	}
	anew := said
	anew.At = *kept.EditedAt
	unread, err := e.inbox.IsUnread(ctx, user, notify.IDOf(anew))
	if unread {
		return notify.IDOf(anew), err
	}
	return notify.IDOf(said), err
}

// mentioned are those who find a comment among their mentions: whoever it mentions but its writer.
func (c keptComment) mentioned() []value.ID {
	return slices.DeleteFunc(slices.Clone(c.Mentions), func(user value.ID) bool { return user == c.By })
}

// readComment reads a comment as it is kept, with where it stands.
func readComment(item store.Item) (at record.Name, id string, kept keptComment, err error) {
	form, rest, _ := strings.Cut(item.Key, "/")
	of, id, _ := strings.Cut(rest, "/")
	err = readItem(comments, item, &kept)
	return record.Name{Form: value.FormKey(form), ID: value.ID(of)}, id, kept, err
}
