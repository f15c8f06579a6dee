package script

import (
	"context"
	"errors"
	"runtime"
	"runtime/metrics"
)

// meter counts a run's instructions: the interpreter asks for Done before each. Every so many, and after much
// was made at once, it looks at the memory. It is only for good messages: what it does not see, the walls of
// the process and the parent's clock do.
type meter struct {
	context.Context
	limit  int64
	left   int64
	look   int64 // the count at which memory is looked at next
	made   int   // bytes made since memory was last looked at, as far as they were told
	memory uint64
	base   uint64 // bytes there were before the run
	most   uint64
	spent  string // the code of what was used up; "" while there is some of all
	over   chan struct{}
	sample []metrics.Sample
	step   func() // called before each instruction; nil for nothing
}

const (
	lookEvery = 2048
	lookMade  = 4 << 20
	heapBytes = "/memory/classes/heap/objects:bytes"
)

var errSpent = errors.New("a limit is used up")

func newMeter(b budget) *meter {
	m := &meter{
		Context: context.Background(), limit: b.Instructions, left: b.Instructions, look: b.Instructions - lookEvery,
		memory: uint64(max(b.Memory, 1)) << 20, over: make(chan struct{}),
		sample: []metrics.Sample{{Name: heapBytes}},
	}
	close(m.over)
	m.base = m.heap()
	return m
}

func (m *meter) heap() uint64 {
	metrics.Read(m.sample)
	return m.sample[0].Value.Uint64()
}

// Done is asked before each instruction. Nil, which never is ready, lets it pass.
func (m *meter) Done() <-chan struct{} {
	m.left--
	if m.step != nil {
		m.step()
	}
	if m.left > m.look && m.spent == "" {
		return nil
	}
	return m.check()
}

func (m *meter) check() <-chan struct{} {
	if m.left < 0 && m.spent == "" {
		m.spent = "script.instructions"
	}
	if m.spent == "" {
		m.look = max(m.left-lookEvery, -1)
		m.weigh()
	}
	if m.spent != "" {
		return m.over
	}
	return nil
}

// Err is what the interpreter raises when Done is ready.
func (m *meter) Err() error { return errSpent }

// weigh holds the memory against its limit; what may be garbage is collected before it counts.
func (m *meter) weigh() {
	m.made = 0
	if now := m.grown(); now <= m.memory {
		m.most = max(m.most, now)
		return
	}
	runtime.GC()
	now := m.grown()
	m.most = max(m.most, now)
	if now > m.memory {
		m.spent = "script.memory"
	}
}

func (m *meter) grown() uint64 {
	if now := m.heap(); now > m.base {
		return now - m.base
	}
	return 0
}

// make notes bytes that a single instruction is about to make.
func (m *meter) make(bytes int) {
	if m.made += bytes; m.made > lookMade {
		m.weigh()
	}
}

// work notes steps that a single instruction does, as if each were one.
func (m *meter) work(steps int) bool {
	m.left -= int64(steps)
	return m.check() == nil
}

// used is how many instructions the run has taken.
func (m *meter) used() int64 { return min(m.limit-m.left, m.limit) }
