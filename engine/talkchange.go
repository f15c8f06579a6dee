package engine

import (
	"context"
	"strings"

	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Whoever has said something can change it and take it back. Others can take it away who may delete the record: that is
// told in the audit.

// EditComment says anew what the actor has said; its files stay as they are. Whom it newly mentions is told. Faults: as
// Comment, NotFound "comment.unknown".
func (e *Engine) EditComment(ctx context.Context, actor value.Actor, at record.Name, id string, in Remark) (Comment, error) {
	const op = "engine.editComment"
	if err := e.mayTalk(ctx, actor, at, id); err != nil {
		return Comment{}, err
	}
	was, err := loadComment(ctx, e.config.Store, at, id)
	if err != nil {
		return Comment{}, fault.Wrap(op, err)
	}
	in.Files = nil
	next, err := e.remark(ctx, actor, in, len(was.Files) > 0)
	if err != nil {
		return Comment{}, err
	}
	now := next.At
	next.EditedAt = &now
	tell, err := e.mentioning(ctx, at, next)
	if err != nil {
		return Comment{}, err
	}
	tell.Once = "comment " + id
	var edited keptComment
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		kept, err := loadComment(ctx, tx, at, id)
		if err == nil && kept.By != actor.User {
			err = fault.New(fault.NotFound, "comment.unknown")
		}
		if err != nil {
			return err
		}
		before := kept.Mentions
		kept.Text, kept.Mentions, kept.EditedAt = next.Text, next.Mentions, &now
		if err := noteMentions(ctx, tx, at, id, before, kept, tell); err != nil {
			return err
		}
		edited = kept
		if err := saveItem(ctx, tx, comments, commentPrefix(at)+id, kept); err != nil {
			return err
		}
		if err := tx.Emit(ctx, talked(at, actor.User, now, "")); err != nil {
			return err
		}
		return e.inbox.Tell(ctx, tx, tell)
	})
	if err != nil {
		return Comment{}, fault.Wrap(op, err)
	}
	return e.shownComment(actor, id, edited, true), nil
}

// mayTalk holds that a comment may be asked for.
func (e *Engine) mayTalk(ctx context.Context, actor value.Actor, at record.Name, id string) error {
	if err := e.reads(ctx, actor, at, value.WriteScope); err != nil {
		return err
	}
	if id == "" || strings.ContainsAny(id, "/\x00") {
		return fault.New(fault.NotFound, "comment.unknown").In("engine.talk")
	}
	return nil
}

// DropComment takes back what the actor has said themselves, or takes away what somebody else has where the actor may
// delete the record. Faults: as Comments, NotFound "comment.unknown".
func (e *Engine) DropComment(ctx context.Context, actor value.Actor, at record.Name, id string) error {
	const op = "engine.dropComment"
	if err := e.mayTalk(ctx, actor, at, id); err != nil {
		return err
	}
	removes, err := e.Records.Moderates(ctx, actor, at)
	if err != nil {
		return err
	}
	now, noteID := e.config.Clock().UTC(), e.config.NewID()
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		kept, err := loadComment(ctx, tx, at, id)
		if err == nil && kept.By != actor.User && !removes {
			err = fault.New(fault.NotFound, "comment.unknown")
		}
		if err != nil {
			return err
		}
		if kept.By != actor.User {
			err := audit.Write(ctx, tx, noteID, audit.Entry{
				At: now, Actor: actor.Key(), Op: audit.CommentRemoved, Form: at.Form, Target: string(at.ID),
				Changes: []audit.Change{{Part: "by", From: string(kept.By)}},
			})
			if err != nil {
				return err
			}
		}
		for _, f := range kept.Files {
			if err := tx.Release(ctx, f.ID, record.TalkHolder(at, id), "", now.Add(day)); err != nil {
				return err
			}
		}
		if err := dropMentions(ctx, tx, id, kept.Mentions); err != nil {
			return err
		}
		if err := tx.Drop(ctx, comments, commentPrefix(at)+id); err != nil {
			return err
		}
		return tx.Emit(ctx, talked(at, actor.User, now, ""))
	})
	return fault.Wrap(op, err)
}

// claimTalk gives a comment the files that go with it. Who claimed one meanwhile was faster.
func claimTalk(ctx context.Context, tx store.Tx, at record.Name, id string, kept keptComment) error {
	for _, f := range kept.Files {
		err := tx.Claim(ctx, f.ID, kept.By, record.TalkHolder(at, id))
		if fault.CodeOf(err) == "store.stale" {
			var issues fault.Issues
			issues.Add("/files", "comment.files", "max", maxTalkFiles)
			return issues.Fault("engine.comment", "record.invalid")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
