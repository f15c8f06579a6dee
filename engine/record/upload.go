package record

import (
	"context"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// FileLimits bound what one tenant keeps.
type FileLimits struct {
	Files, Bytes int64
}

// filesGuard is what every transaction that adds a file guards, so that no two add the last one.
const filesGuard = "files"

// KeepFile makes a file whole whose pieces are in the store: from now on it is the actor's, until a record
// claims it. f says ID, Name, Type, Size, Width, Height and Sum. Asked again with the same Once, it answers
// the file of the first time; then, and after a fault, the pieces of f are the caller's to drop.
// Faults: those of MayKeepFiles; Invalid "file.quota", "idempotency.otherBody".
func (s *Service) KeepFile(ctx context.Context, actor value.Actor, f store.File, limits FileLimits, once *Once) (store.File, error) {
	if err := s.MayKeepFiles(actor); err != nil {
		return store.File{}, err
	}
	v := s.visit(actor)
	d, err := v.recall(ctx, once)
	if err != nil {
		return store.File{}, err
	}
	if d != nil {
		return s.File(ctx, actor, d.File)
	}
	f.By, f.Owner, f.At, f.Expires = actor.Key(), actor.Key(), v.now, v.now.Add(fileLife)
	err = s.Store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Guard(ctx, filesGuard); err != nil {
			return err
		}
		used, err := tx.FileUsage(ctx)
		if err != nil {
			return err
		}
		if err := limits.Room(used, f.Size); err != nil {
			return err
		}
		if err := tx.AddFile(ctx, f); err != nil {
			return err
		}
		return v.note(ctx, tx, once, done{File: f.ID})
	})
	return f, err
}

// MayKeepFiles refuses whoever comes with a token that only reads: Forbidden "access.scope".
func (s *Service) MayKeepFiles(actor value.Actor) error { return access.Change(actor) }

// Room refuses a file of so many bytes that would be too much: Invalid "file.quota".
func (l FileLimits) Room(used store.Usage, size int64) error {
	if used.Files+1 > l.Files || used.Bytes+size > l.Bytes {
		return fault.New(fault.Invalid, "file.quota").In("record.keepFile")
	}
	return nil
}
