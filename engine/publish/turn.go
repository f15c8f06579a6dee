package publish

import (
	"context"
	"crypto/rand"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
)

const (
	// publisher is the lease of whoever prepares the store for what is to be published, or clears up behind it: two at
	// it would drop each other's indexes.
	publisher = "publish"
	// turnLife is how long the turn stays with a process that has gone silent, by the store's own time.
	turnLife = 5 * time.Second
	// renewEvery keeps the turn of a publication that takes long.
	renewEvery = 1500 * time.Millisecond
	// letGo is how long giving the turn back may take after everything else was told to stop.
	letGo = 5 * time.Second
)

// turn is the one turn to publish, of all processes over the store.
type turn struct {
	service *Service
	holder  string
	token   int64
	stop    context.CancelFunc
	ended   chan struct{}
}

// turn takes it, and hears what others have published before: what is prepared for less would drop their indexes.
// Faults: Conflict "publish.running".
func (s *Service) turn(ctx context.Context) (*turn, error) {
	running := fault.New(fault.Conflict, "publish.running").In("publish")
	if !s.publishing.TryLock() {
		return nil, running
	}
	t := &turn{service: s, holder: rand.Text(), ended: make(chan struct{})}
	token, err := s.Store.Acquire(ctx, publisher, t.holder, turnLife)
	if err != nil {
		s.publishing.Unlock()
		if fault.CodeOf(err) == "store.leased" {
			return nil, running
		}
		return nil, err
	}
	t.token = token
	keeping, stop := context.WithCancel(context.WithoutCancel(ctx))
	t.stop = stop
	go t.keep(keeping)
	if err := s.Refresh(ctx); err != nil {
		t.done()
		return nil, err
	}
	return t, nil
}

// keep renews the turn. One that is lost all the same is noticed by hold, before anything is published.
func (t *turn) keep(ctx context.Context) {
	defer close(t.ended)
	renew := time.NewTicker(renewEvery)
	defer renew.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-renew.C:
			_, _ = t.service.Store.Acquire(ctx, publisher, t.holder, turnLife)
		}
	}
}

// hold makes a transaction depend on the turn.
func (t *turn) hold(ctx context.Context, tx store.Tx) error { return tx.Hold(ctx, publisher, t.token) }

// holds tells whether the turn is still this one's.
func (t *turn) holds(ctx context.Context) bool {
	return t.service.Store.Tx(ctx, func(tx store.Tx) error { return t.hold(ctx, tx) }) == nil
}

// done gives the turn back. Where that fails it ends by itself.
func (t *turn) done() {
	defer t.service.publishing.Unlock()
	t.stop()
	<-t.ended
	ctx, cancel := context.WithTimeout(context.Background(), letGo)
	defer cancel()
	_ = t.service.Store.Release(ctx, publisher, t.holder, t.token)
}
