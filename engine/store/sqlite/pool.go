package sqlite

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"tidewater/engine/fault"
)

// pool lends reading connections, opened when first needed. More of them than cores would only take
// memory: a query never waits for anything but the processor and the disk.
type pool struct {
	open  func() (*conn, error)
	slots chan struct{} // one per connection lent
	mu    sync.Mutex
	idle  []*conn
	done  bool
}

func newPool(open func() (*conn, error)) *pool {
	return &pool{open: open, slots: make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}
}

func closed() error { return fault.New(fault.Unavailable, "store.closed") }

func (p *pool) take(ctx context.Context) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	done := p.done
	var c *conn
	if n := len(p.idle); n > 0 && !done {
		c, p.idle = p.idle[n-1], p.idle[:n-1]
	}
	p.mu.Unlock()
	if c != nil {
		return c, nil
	}
	if done {
		<-p.slots
		return nil, closed()
	}
	c, err := p.open()
	if err != nil {
		<-p.slots
	}
	return c, err
}

func (p *pool) give(c *conn) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	<-p.slots
}

// close waits for what is lent and closes all.
func (p *pool) close() error {
	p.mu.Lock()
	already := p.done
	p.done = true
	p.mu.Unlock()
	if already {
		return nil
	}
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, c := range p.idle {
		errs = append(errs, c.close())
	}
	p.idle = nil
	for range cap(p.slots) {
		<-p.slots
	}
	return errors.Join(errs...)
}
