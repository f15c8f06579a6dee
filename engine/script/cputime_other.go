//go:build !linux

package script

import "time"

// cpuTime is not told on this system.
func cpuTime(int) (used time.Duration, told bool) { return 0, false }

// waitedTime is not told on this system.
func waitedTime(int) time.Duration { return 0 }

// yields cannot put a process behind others on this system.
func yields(int, bool) bool { return false }
