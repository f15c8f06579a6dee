package store

import "sync"

// Signal wakes all who wait for the next time that something happens. The zero value is ready.
type Signal struct {
	mu   sync.Mutex
	next chan struct{} // nil while nobody waits
}

// Wait gives what is closed the next time.
func (s *Signal) Wait() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = make(chan struct{})
	}
	return s.next
}

// Fire wakes all who wait.
func (s *Signal) Fire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != nil {
		close(s.next)
		s.next = nil
	}
}
