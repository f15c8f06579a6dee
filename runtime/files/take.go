package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Upload is a file as somebody sends it.
type Upload struct {
	Name string       // as its sender says
	Said string       // the media type that its sender says, "" for none
	Size int64        // bytes, exactly, as announced; below 1 when it was not
	Body io.Reader    // read once, in pieces
	Once *record.Once // nil unless sent again must not mean kept again; its Hash is set here
	// Passing keeps it for an import to read, which no record can hold, within Limits.Import.
	Passing bool
}

// unfinished is how long the pieces of a file are kept that never gets whole; a process that ends in the
// middle leaves them.
const unfinished = 24 * time.Hour

// Take keeps a file piece by piece as it arrives; nobody sees it before it is whole. Faults: TooLarge
// "file.tooLarge"; Invalid "file.empty", "file.quota"; Unsupported "file.notAsSaid"; Throttled "file.busy";
// Malformed "file.cut" when the body ends too early; and those of record.KeepFile.
func (s *Service) Take(ctx context.Context, door *record.Service, actor value.Actor, u Upload) (store.File, error) {
	if err := door.MayKeepFiles(actor); err != nil {
		return store.File{}, err
	}
	leave, err := s.enter(person{door, actor.Key()})
	if err != nil {
		return store.File{}, err
	}
	defer leave()
	limit := s.limits.File
	if u.Passing {
		limit = s.limits.Import
	}
	if err := s.room(ctx, door, u.Size, limit); err != nil {
		return store.File{}, err
	}
	t := &taking{
		door: door, limit: limit, sum: sha256.New(),
		file: store.File{ID: door.NewID(), Name: CleanName(u.Name), Passing: u.Passing},
	}
	kept, err := s.take(ctx, t, actor, u)
	if err != nil || kept.ID != t.file.ID {
		// Also when the sender has gone: what is there of it is of no use to anybody.
		err = errors.Join(err, door.Store.DropFile(context.WithoutCancel(ctx), t.file.ID))
	}
	return kept, err
}

// room refuses at once what would be refused when it is whole.
func (s *Service) room(ctx context.Context, door *record.Service, size, limit int64) error {
	if size > limit {
		return tooLarge(limit)
	}
	used, err := door.Store.FileUsage(ctx)
	if err != nil {
		return err
	}
	return s.limits.Tenant.Room(used, max(size, 1))
}

func tooLarge(limit int64) error {
	return fault.New(fault.TooLarge, "file.tooLarge").In("files.take").With("max", field.Bytes(limit))
}

// taking is one file on its way in.
type taking struct {
	door  *record.Service
	limit int64
	file  store.File
	sum   hash.Hash
	n     int // pieces so far
}

func (s *Service) take(ctx context.Context, t *taking, actor value.Actor, u Upload) (store.File, error) {
	buffer := make([]byte, store.PieceSize)
	for {
		n, err := fill(u.Body, buffer)
		if n > 0 {
			if err := t.piece(ctx, buffer[:n], u.Said); err != nil {
				return store.File{}, err
			}
		}
		switch {
		case errors.Is(err, io.EOF) && (u.Size < 1 || u.Size == t.file.Size):
			return s.finish(ctx, t, actor, u.Once)
		case err != nil:
			return store.File{}, fault.New(fault.Malformed, "file.cut").In("files.take").Because(err)
		}
	}
}

// fill reads until the buffer is full or the reader ends. io.ReadFull would make an end and a cut look alike.
func fill(from io.Reader, buffer []byte) (n int, err error) {
	for n < len(buffer) && err == nil {
		var more int
		more, err = from.Read(buffer[n:])
		n += more
	}
	return n, err
}

func (t *taking) piece(ctx context.Context, data []byte, said string) error {
	if t.n == 0 {
		if err := t.sniff(data, said); err != nil {
			return err
		}
	}
	t.file.Size += int64(len(data))
	if t.file.Size > t.limit {
		return tooLarge(t.limit)
	}
	t.sum.Write(data)
	err := t.door.Store.PutPiece(ctx, t.file.ID, t.n, data, t.door.Clock().Add(unfinished))
	t.n++
	return err
}

// sniff tells the type of a file by its first bytes. What is said to be a picture and is none is refused:
// whoever sends that means no good, or will wonder later why it does not show.
func (t *taking) sniff(head []byte, said string) error {
	t.file.Type, _, _ = strings.Cut(mimetype.Detect(head).String(), ";")
	if strings.HasPrefix(said, "image/") && !strings.HasPrefix(t.file.Type, "image/") {
		return fault.New(fault.Unsupported, "file.notAsSaid").In("files.take").With("said", said).With("type", t.file.Type)
	}
	if picture, ok := pictures[t.file.Type]; ok {
		if config, err := picture.config(bytes.NewReader(head)); err == nil {
			t.file.Width, t.file.Height = config.Width, config.Height
		}
	}
	return nil
}

func (s *Service) finish(ctx context.Context, t *taking, actor value.Actor, once *record.Once) (store.File, error) {
	if t.file.Size == 0 {
		return store.File{}, fault.New(fault.Invalid, "file.empty").In("files.take")
	}
	t.file.Sum = t.sum.Sum(nil)
	if once != nil {
		asked := *once
		asked.Hash = t.sum.Sum([]byte(t.file.Name))
		once = &asked
	}
	return t.door.KeepFile(ctx, actor, t.file, s.limits.Tenant, once)
}
