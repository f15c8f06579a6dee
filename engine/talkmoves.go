package engine

import (
	"context"
	"slices"
	"strings"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// What was said of a record, with its files, and those who follow it, go with it: to the record that it is merged into,
// back when it comes out of the bin again, and away when it is gone for good.

// mergedInto says of a record in the bin which one it has become part of.
const mergedInto = "mergedInto" // form/record → keptMerge

type keptMerge struct {
	Into value.ID `json:"into"`
}

// talker keeps the files of comments between two records, within one transaction.
const talker value.ID = "system:talk"

// movedAtOnce bounds what one transaction moves: a comment with its files and those it mentions takes some forty documents.
const movedAtOnce = 20

// moveTalk lets what goes with records follow what has become of them. Done again after a kill it finds nothing more to do.
func (e *Engine) moveTalk(ctx context.Context, events []event.Event) error {
	const op = "engine.moveTalk"
	for _, one := range events {
		at := record.Name{Form: one.Form, ID: one.Record}
		var err error
		switch one.Kind {
		case event.RecordDeleted:
			if into := one.Detail.Text("into"); one.Action == record.MergedBy && into != "" {
				err = e.talkMerged(ctx, at, value.ID(into))
			}
		case event.RecordRestored:
			err = e.talkParted(ctx, at)
		case event.RecordPurged:
			err = e.dropTalk(ctx, at)
		}
		if err != nil {
			return fault.Wrap(op, err)
		}
	}
	return nil
}

// talkMerged moves everything to the record that another has become part of.
func (e *Engine) talkMerged(ctx context.Context, from record.Name, into value.ID) error {
	r, err := e.config.Store.Get(ctx, from.Form, from.ID)
	if fault.KindOf(err) == fault.NotFound || err == nil && !r.Deleted() {
		return nil // it has come back meanwhile, or is gone
	}
	if err != nil {
		return err
	}
	to := record.Name{Form: from.Form, ID: into}
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		return saveItem(ctx, tx, mergedInto, string(from.Form)+"/"+string(from.ID), keptMerge{Into: into})
	})
	if err != nil {
		return err
	}
	came := func(c *keptComment) bool { c.Came = append(c.Came, from.ID); return true }
	if err := e.moveComments(ctx, from, to, came); err != nil {
		return err
	}
	who, err := e.followersOf(ctx, from)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(who, scannedAtOnce) {
		if err := e.moveFollowers(ctx, from, to, some); err != nil {
			return err
		}
	}
	return nil
}

// talkParted moves back what has come from a record that was merged and is back again.
func (e *Engine) talkParted(ctx context.Context, to record.Name) error {
	key := string(to.Form) + "/" + string(to.ID)
	item, err := e.config.Store.Load(ctx, mergedInto, key)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	var kept keptMerge
	if err := readItem(mergedInto, item, &kept); err != nil {
		return err
	}
	from := record.Name{Form: to.Form, ID: kept.Into}
	comes := func(c *keptComment) bool {
		last := len(c.Came) - 1
		if last < 0 || c.Came[last] != to.ID {
			return false
		}
		c.Came = c.Came[:last]
		return true
	}
	if err := e.moveComments(ctx, from, to, comes); err != nil {
		return err
	}
	for after := ""; ; {
		items, err := e.config.Store.Scan(ctx, followers, commentPrefix(from), after, scannedAtOnce)
		if err != nil {
			return err
		}
		var back []value.ID
		for _, item := range items {
			after = item.Key
			var follow keptFollow
			if err := readItem(followers, item, &follow); err != nil {
				return err
			}
			if follow.Came == to.ID {
				back = append(back, value.ID(strings.TrimPrefix(item.Key, commentPrefix(from))))
			}
		}
		if err := e.moveFollowers(ctx, from, to, back); err != nil {
			return err
		}
		if len(items) < scannedAtOnce {
			break
		}
	}
	return e.config.Store.Tx(ctx, func(tx store.Tx) error { return tx.Drop(ctx, mergedInto, key) })
}

// moveComments moves those comments that goes says, which it may change, with their files.
func (e *Engine) moveComments(ctx context.Context, from, to record.Name, goes func(*keptComment) bool) error {
	prefix := commentPrefix(from)
	for after := ""; ; {
		items, err := e.config.Store.Scan(ctx, comments, prefix, after, movedAtOnce)
		if err != nil || len(items) == 0 {
			return err
		}
		now := e.config.Clock().UTC()
		err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
			moved := false
			for _, item := range items {
				id := strings.TrimPrefix(item.Key, prefix)
				kept, err := loadComment(ctx, tx, from, id)
				if fault.KindOf(err) == fault.NotFound {
					continue // taken back, or moved already
				}
				if err != nil {
					return err
				}
				if !goes(&kept) {
					continue
				}
				moved = true
				if err := moveComment(ctx, tx, from, to, id, kept); err != nil {
					return err
				}
				for _, f := range kept.Files {
					if err := tx.Release(ctx, f.ID, record.TalkHolder(from, id), talker, now.Add(day)); err != nil {
						return err
					}
					if err := tx.Claim(ctx, f.ID, talker, record.TalkHolder(to, id)); err != nil {
						return err
					}
				}
			}
			if !moved {
				return nil
			}
			return tx.Emit(ctx, talked(to, talker, now, ""))
		})
		if err != nil {
			return err
		}
		after = items[len(items)-1].Key
	}
}

func moveComment(ctx context.Context, tx store.Tx, from, to record.Name, id string, kept keptComment) error {
	if err := saveItem(ctx, tx, comments, commentPrefix(to)+id, kept); err != nil {
		return err
	}
	if err := moveMentions(ctx, tx, to, id, kept.Mentions); err != nil {
		return err
	}
	return tx.Drop(ctx, comments, commentPrefix(from)+id)
}

// moveFollowers makes people follow one record and no longer the other. Who follows both already goes on to.
func (e *Engine) moveFollowers(ctx context.Context, from, to record.Name, who []value.ID) error {
	if len(who) == 0 {
		return nil
	}
	return e.config.Store.Tx(ctx, func(tx store.Tx) error {
		for _, user := range who {
			item, err := tx.Load(ctx, followers, followerKey(from, user))
			if fault.KindOf(err) == fault.NotFound {
				continue
			}
			var kept keptFollow
			if err == nil {
				err = readItem(followers, item, &kept)
			}
			if err != nil {
				return err
			}
			if kept.Came == to.ID {
				kept.Came = ""
			} else {
				kept.Came = from.ID
			}
			_, err = tx.Load(ctx, followers, followerKey(to, user))
			if err == nil {
				continue
			}
			if fault.KindOf(err) == fault.NotFound {
				err = follow(ctx, tx, to, user, kept)
			}
			if err == nil {
				err = unfollow(ctx, tx, from, user)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// dropTalk forgets what goes with a record that is gone for good. Its files were let go with it.
func (e *Engine) dropTalk(ctx context.Context, at record.Name) error {
	if err := e.dropComments(ctx, at); err != nil {
		return err
	}
	if err := e.forgetFollowers(ctx, at); err != nil {
		return err
	}
	return e.config.Store.Tx(ctx, func(tx store.Tx) error {
		return tx.Drop(ctx, mergedInto, string(at.Form)+"/"+string(at.ID))
	})
}
