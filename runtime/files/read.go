package files

import (
	"context"
	"io"

	"tidewater/engine/store"
)

// Reader reads a part of a whole file, piece by piece. A file that is cleared meanwhile ends with a fault.
type Reader struct {
	ctx   context.Context
	from  store.Files
	file  store.File
	at    int64 // next byte
	end   int64
	piece []byte // what is left of the piece in hand
}

// NewReader returns a reader of length bytes of a file from an offset; both must lie within it. ctx holds
// for all reading.
func NewReader(ctx context.Context, from store.Files, f store.File, offset, length int64) *Reader {
	return &Reader{ctx: ctx, from: from, file: f, at: offset, end: offset + length}
}

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if r.at >= r.end {
		return 0, io.EOF
	}
	if len(r.piece) == 0 {
		data, err := r.from.Piece(r.ctx, r.file.ID, int(r.at/store.PieceSize))
		if err != nil {
			return 0, err
		}
		skip := r.at % store.PieceSize
		if skip >= int64(len(data)) {
			return 0, io.ErrUnexpectedEOF
		}
		r.piece = data[skip:]
	}
	n := copy(p, r.piece[:min(int64(len(r.piece)), r.end-r.at)])
	r.piece = r.piece[n:]
	r.at += int64(n)
	return n, nil
}
