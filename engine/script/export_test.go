package script

import (
	"context"
	"time"
)

// Waits has the pool believe that a process has waited so long for a processor.
func (p *Pool) Waits(told func(pid int) time.Duration) { p.waits = told }

// Clocked gives the pool another clock, before its first run.
func (p *Pool) Clocked(clock func() time.Time) { p.config.Clock = clock }

// WaitedTime is waitedTime.
func WaitedTime(pid int) time.Duration { return waitedTime(pid) }

// Wall is wall, for workers that tests write themselves.
func Wall() error { return wall(false) }

// Echo sends bytes to a worker of the box and back, for measuring against.
func (b *Box) Echo(ctx context.Context, body []byte) error {
	at, err := b.enter(ctx, Waiting)
	if err != nil {
		return err
	}
	defer at.leave()
	w, err := b.pool.take(b.tenant)
	if err != nil {
		return err
	}
	_, _, err = w.converse(ctx, timed{limit: time.Second}, request{Echo: &body}, nil)
	b.pool.give(w, err == nil)
	return err
}

// KillOne kills a worker of the tenant at rest, as the system might.
func (b *Box) KillOne() bool {
	b.pool.mu.Lock()
	defer b.pool.mu.Unlock()
	for _, w := range b.pool.bound {
		if w.tenant == b.tenant {
			return w.cmd.Process.Kill() == nil
		}
	}
	return false
}

// Process is the process of the tenant's worker at rest, 0 where it has none.
func (b *Box) Process() int {
	b.pool.mu.Lock()
	defer b.pool.mu.Unlock()
	for _, w := range b.pool.bound {
		if w.tenant == b.tenant {
			return w.cmd.Process.Pid
		}
	}
	return 0
}

// CeilingOf is ceilingOf.
func CeilingOf(limit time.Duration) time.Duration { return ceilingOf(limit) }

// Depth is depthOf.
func Depth(body []byte) int { return depthOf(body) }

const (
	Spare    = spare
	MaxFrame = maxFrame
	MaxAside = maxAside
)

// Aside counts the runs that go on behind all others.
func (p *Pool) Aside() int {
	free := 0
	for p.aside.TryAcquire(1) {
		free++
	}
	p.aside.Release(int64(free))
	return maxAside - free
}
