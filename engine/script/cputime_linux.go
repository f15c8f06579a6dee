package script

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is the processor time that a process has used in all of its threads, user and system together. The
// number of a process's clock is made as clock_getcpuclockid(3) makes it.
func cpuTime(pid int) (used time.Duration, told bool) {
	const schedules = 2 // of CPUCLOCK_PROF, CPUCLOCK_VIRT and CPUCLOCK_SCHED
	var at unix.Timespec
	if err := unix.ClockGettime(int32(^pid)<<3|schedules, &at); err != nil {
		return 0, false
	}
	return time.Duration(at.Nano()), true
}

// waitedTime is how long the threads of a process have stood ready without a processor, by the second number of
// /proc/<pid>/task/<tid>/schedstat, in nanoseconds; zero where the system does not tell.
func waitedTime(pid int) time.Duration {
	threads, err := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/schedstat")
	if err != nil {
		return 0
	}
	var waited time.Duration
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		parts := strings.Fields(string(text))
		if err != nil || len(parts) < 2 {
			continue // it is gone
		}
		if n, err := strconv.ParseInt(parts[1], 10, 64); err == nil {
			waited += time.Duration(n)
		}
	}
	return waited
}

// yields lets all threads of a process, which is a group of its own, stand behind all others, or, where that may be, brings it back among the workers.
func yields(pid int, behind bool) bool {
	nice := workerNice
	if behind {
		nice = lastNice
	}
	return unix.Setpriority(unix.PRIO_PGRP, pid, nice) == nil
}
