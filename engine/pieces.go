package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"math"
	"slices"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// pieces reads a whole file of the store at any place. It keeps the pieces read last, for archives are read here
// and there. It is not safe for concurrent use.
type pieces struct {
	ctx  context.Context
	from store.Files
	file store.File
	kept []piece // the one read last first
}

type piece struct {
	number int
	data   []byte
}

// keptPieces is how many pieces are kept at hand: the end of an archive, and the parts that are read in turn.
const keptPieces = 6

// gridFile is a file of the store as readers of tables take it.
func (e *Engine) gridFile(ctx context.Context, f store.File) grid.File {
	return grid.File{Name: f.Name, Size: f.Size, At: &pieces{ctx: ctx, from: e.config.Store, file: f}}
}

// ReadAt implements io.ReaderAt.
func (p *pieces) ReadAt(into []byte, off int64) (n int, err error) {
	for n < len(into) {
		if off >= p.file.Size {
			return n, io.EOF
		}
		data, err := p.piece(int(off / store.PieceSize))
		if err != nil {
			return n, err
		}
		within := off % store.PieceSize
		if within >= int64(len(data)) {
			return n, io.ErrUnexpectedEOF
		}
		copied := copy(into[n:], data[within:])
		n, off = n+copied, off+int64(copied)
	}
	return n, nil
}

func (p *pieces) piece(number int) ([]byte, error) {
	at := slices.IndexFunc(p.kept, func(one piece) bool { return one.number == number })
	if at < 0 {
		data, err := p.from.Piece(p.ctx, p.file.ID, number)
		if err != nil {
			return nil, err
		}
		p.kept = append([]piece{{number, data}}, p.kept[:min(len(p.kept), keptPieces-1)]...)
		return data, nil
	}
	if at > 0 {
		one := p.kept[at]
		p.kept = append([]piece{one}, slices.Delete(p.kept, at, at+1)...)
	}
	return p.kept[0].data, nil
}

// unfinished is how long the pieces of a file are kept that never gets whole.
const unfinished = 24 * time.Hour

// maker writes a file into the store piece by piece; keep makes it somebody's.
type maker struct {
	ctx    context.Context
	engine *Engine
	file   store.File
	sum    hash.Hash
	buffer []byte
	n      int
}

func (e *Engine) maker(ctx context.Context, name, mediaType string) *maker {
	return &maker{
		ctx: ctx, engine: e, sum: sha256.New(), buffer: make([]byte, 0, store.PieceSize),
		file: store.File{ID: e.config.NewID(), Name: name, Type: mediaType},
	}
}

// Write implements io.Writer.
func (m *maker) Write(data []byte) (int, error) {
	for rest := data; len(rest) > 0; {
		n := min(len(rest), cap(m.buffer)-len(m.buffer))
		m.buffer = append(m.buffer, rest[:n]...)
		if rest = rest[n:]; len(m.buffer) == cap(m.buffer) {
			if err := m.flush(); err != nil {
				return 0, err
			}
		}
	}
	return len(data), nil
}

func (m *maker) flush() error {
	if len(m.buffer) == 0 {
		return nil
	}
	m.sum.Write(m.buffer)
	m.file.Size += int64(len(m.buffer))
	err := m.engine.config.Store.PutPiece(m.ctx, m.file.ID, m.n, m.buffer, m.engine.config.Clock().Add(unfinished))
	m.n++
	m.buffer = m.buffer[:0]
	return err
}

// keep makes the file whole and the actor's; nobody else may fetch it.
func (m *maker) keep(actor value.Actor) (store.File, error) {
	if err := m.flush(); err != nil {
		return store.File{}, err
	}
	m.file.Sum = m.sum.Sum(nil)
	// What somebody has asked for and waited for is not refused at the end: it makes room by itself in a day.
	whole := record.FileLimits{Files: math.MaxInt64, Bytes: math.MaxInt64}
	return m.engine.Records.KeepFile(m.ctx, actor, m.file, whole, nil)
}

// drop takes away what was written.
func (m *maker) drop() error {
	return m.engine.config.Store.DropFile(context.WithoutCancel(m.ctx), m.file.ID)
}

// Keep makes a file of what from gives, for whoever is no browser: the actor's until a record claims it or a day
// has passed. Faults: those of record.KeepFile, Malformed "file.cut".
func (e *Engine) Keep(ctx context.Context, actor value.Actor, name string, from io.Reader) (value.ID, error) {
	m := e.maker(ctx, name, "application/octet-stream")
	if _, err := io.Copy(m, from); err != nil {
		return "", errors.Join(fault.New(fault.Malformed, "file.cut").In("engine.keep").Because(err), m.drop())
	}
	f, err := m.keep(actor)
	return f.ID, fault.Wrap("engine.keep", err)
}

// FileReader reads a whole file that the actor may read.
func (e *Engine) FileReader(ctx context.Context, actor value.Actor, id value.ID) (store.File, io.Reader, error) {
	f, err := e.Records.File(ctx, actor, id)
	if err != nil {
		return f, nil, err
	}
	return f, io.NewSectionReader(&pieces{ctx: ctx, from: e.config.Store, file: f}, 0, f.Size), nil
}
