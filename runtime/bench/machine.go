package bench

import (
	"context"
	"fmt"
	"time"
)

const (
	idleTime = time.Second
	// searches is how many searches press on the memory, most at once.
	searches = 400
)

// machine measures what a process takes before and around requests: the time to the first answer, memory at
// rest, and memory under searches. Each round starts both sides anew.
func (m *match) machine(ctx context.Context, t *table) error {
	if !m.wants(startKey) && !m.wants(memoryKey) {
		return nil
	}
	start, idle, peak := figures{}, figures{}, figures{}
	for range m.Rounds {
		for _, s := range m.sides() {
			if err := s.stop(); err != nil {
				return err
			}
		}
		// One at a time: at the start both would want the processor.
		for _, s := range m.sides() {
			took, err := s.start(ctx)
			if err != nil {
				return err
			}
			start[s] = append(start[s], float64(took)/float64(time.Millisecond))
			now, most, err := m.press(ctx, s)
			if err != nil {
				return err
			}
			idle[s], peak[s] = append(idle[s], now), append(peak[s], most)
			if err := s.stop(); err != nil {
				return err
			}
		}
	}
	if m.wants(startKey) {
		t.addFigures(m, limit{name: "start to the first page, ms", bound: 500}, start)
	}
	if m.wants(memoryKey) {
		t.addFigures(m, limit{name: "memory at rest after a start, MB", bound: 80}, idle)
		t.addFigures(m, limit{name: fmt.Sprintf("most memory under %d searches at once, MB", most), bound: 250}, peak)
	}
	return nil
}

// figures are those of each side, round by round.
type figures map[*side][]float64

// press tells the memory that a process holds at rest, and the most it holds under searches, in MB.
func (m *match) press(ctx context.Context, s *side) (idle, peak float64, err error) {
	select {
	case <-ctx.Done():
		return 0, 0, ctx.Err()
	case <-time.After(idleTime):
	}
	if idle, _, err = s.memory(); err != nil {
		return 0, 0, err
	}
	if err := s.forgetPeak(); err != nil {
		return 0, 0, err
	}
	calls := make([]call, searches)
	for n := range calls {
		calls[n] = s.speaks.page(rareWord)
	}
	if _, err := m.send(ctx, s, most, calls); err != nil {
		return 0, 0, err
	}
	_, peak, err = s.memory()
	return idle, peak, err
}
