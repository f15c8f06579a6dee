package engine

import (
	"errors"
	"slices"
	"sync"

	"tidewater/engine/value"
)

// bench holds what jobs have in hand between their batches; what is not asked for gives way. Whoever works on a job takes
// what is in hand of it and puts it back: where two do, because one has lost its lease without knowing yet, the other begins
// anew beside it.
type bench[T interface{ close() error }] struct {
	mu   sync.Mutex
	held []held[T] // the one put back last at the end
}

type held[T any] struct {
	id  value.ID
	one T
}

// maxHeld bounds how much is in hand at once: more jobs than that take turns at the cost of reading again.
const maxHeld = 4

// take gives out what is in hand of a job; there may be nothing.
func (b *bench[T]) take(id value.ID) (one T, there bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := slices.IndexFunc(b.held, func(h held[T]) bool { return h.id == id })
	if at < 0 {
		return one, false
	}
	one = b.held[at].one
	b.held = slices.Delete(b.held, at, at+1)
	return one, true
}

// put puts it back; of a job of which another was put back meanwhile, that gives way.
func (b *bench[T]) put(id value.ID, one T) error {
	failed := b.drop(id)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held = append(b.held, held[T]{id, one})
	if len(b.held) <= maxHeld {
		return failed
	}
	oldest := b.held[0].one
	b.held = slices.Delete(b.held, 0, 1)
	return errors.Join(failed, oldest.close())
}

// drop closes what is in hand of a job.
func (b *bench[T]) drop(id value.ID) error {
	one, there := b.take(id)
	if !there {
		return nil
	}
	return one.close()
}
