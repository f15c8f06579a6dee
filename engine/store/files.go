package store

import (
	"context"
	"time"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// PieceSize is how many bytes each piece of a file has, but for the last.
const PieceSize = 256 << 10

// Files keeps the bytes of files beside the records, so that whatever isolates, copies and restores these
// does so with those. A file arrives in pieces, each written by itself, so that a large or slow one holds
// nobody up; nobody sees it until Claims.AddFile says that it is whole. A file that no record holds
// expires, finished or not, and Maintenance.Sweep clears it.
type Files interface {
	// PutPiece keeps piece n, counted from 0, of a file that is on its way; expires is when it is cleared
	// if it never gets whole. Conflict "store.stale" when that piece is there or the file is whole.
	PutPiece(ctx context.Context, id value.ID, n int, data []byte, expires time.Time) error
	// Piece returns piece n of a whole file, or NotFound.
	Piece(ctx context.Context, id value.ID, n int) ([]byte, error)
	// FilesOf returns those of the ids that are whole files, in no set order; at most 1,000 ids.
	FilesOf(ctx context.Context, ids []value.ID) ([]File, error)
	// EachFile walks all whole files in id order; for verify.
	EachFile(ctx context.Context, after value.ID, do func(File) error) error
	// FileUsage tells how much the whole files are, without counting them.
	FileUsage(ctx context.Context) (Usage, error)
	// DropFile takes a file that no record holds away, whole or not; else nothing happens.
	DropFile(ctx context.Context, id value.ID) error
}

// Claims ties files to the fields that hold them, in the transaction that writes the record.
type Claims interface {
	// AddFile makes a file whole, held by nobody: its pieces are all there and nobody changes them any
	// more. Conflict "store.stale" when they do not add up to its size, or it is whole already.
	AddFile(ctx context.Context, f File) error
	// FileUsage is that of Files, with what this transaction has added. It conflicts with every other
	// transaction that adds.
	FileUsage(ctx context.Context) (Usage, error)
	// HeldBy returns the files that a record holds, in id order.
	HeldBy(ctx context.Context, form value.FormKey, record value.ID) ([]File, error)
	// Claim gives a file that nobody holds and that is owner's to a field; it no longer expires.
	// Conflict "store.stale" when it is not there, held already or another's.
	Claim(ctx context.Context, id, owner value.ID, holder Holder) error
	// Release takes a file from its holder; from now on it is owner's ("": nobody's) and expires.
	// Conflict "store.stale" when holder does not hold it.
	Release(ctx context.Context, id value.ID, holder Holder, owner value.ID, expires time.Time) error
}

// File is what there is to know of a whole file beside its bytes.
type File struct {
	ID   value.ID
	Name string
	Type string // media type, as its bytes tell
	Size int64  // bytes
	// Width and Height are those of a picture, in pixels; 0 for what is none.
	Width, Height int
	Sum           []byte // SHA-256 of the bytes
	// Passing says that the file is read once, by an import say, and never held by a record: it may be larger.
	Passing bool
	By      value.ID
	At      time.Time

	Holder  Holder    // zero when no record holds it
	Owner   value.ID  // whose it is while no record holds it; "" is nobody
	Expires time.Time // when it is cleared unless a record holds it by then; zero while one does
}

// Holder is the field of a record that a file belongs to; a table's column for files in its rows.
type Holder struct {
	Form   value.FormKey
	Record value.ID
	Field  query.Path
}

// Usage is how many whole files there are, and their bytes.
type Usage struct {
	Files, Bytes int64
}
