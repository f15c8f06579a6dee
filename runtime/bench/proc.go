package bench

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is what /proc counts processor time in: the kernel shows a hundredth of a second on every machine.
const tick = 10 * time.Millisecond

// cpu returns the processor time that the process has used so far, of its user and of the kernel.
func (s *side) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	// The second field is the program's name in brackets, which may hold anything; fields count from there.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	const user, kernel = 11, 12
	if len(fields) <= kernel {
		return 0, fmt.Errorf("/proc stat: %q", text)
	}
	var ticks int64
	for _, n := range []int{user, kernel} {
		one, err := strconv.ParseInt(fields[n], 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += one
	}
	return time.Duration(ticks) * tick, nil
}

// rest waits until the process has nothing to do, so that what a request leaves for later counts as its.
func (s *side) rest(ctx context.Context) error {
	const pause, longest = 100 * time.Millisecond, 20 * time.Second
	before, err := s.cpu()
	for waited := time.Duration(0); err == nil && waited < longest; waited += pause {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		now, failed := s.cpu()
		if failed == nil && now-before <= tick {
			return nil
		}
		before, err = now, failed
	}
	return err
}

// memory returns what the process holds of the machine's memory, now and at most so far, in MB.
func (s *side) memory() (now, peak float64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(text)) {
		name, rest, _ := strings.Cut(line, ":")
		fields := strings.Fields(rest)
		if len(fields) == 0 || name != "VmRSS" && name != "VmHWM" {
			continue
		}
		kilobytes, err := strconv.ParseFloat(fields[0], 64)
		if err != nil {
			return 0, 0, err
		}
		if name == "VmRSS" {
			now = kilobytes / 1024
		} else {
			peak = kilobytes / 1024
		}
	}
	return now, peak, nil
}

// forgetPeak has the kernel count the peak of the process's memory anew (proc(5), clear_refs).
func (s *side) forgetPeak() error {
	const resetPeak = "5"
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.process.Process.Pid), []byte(resetPeak), 0)
}
