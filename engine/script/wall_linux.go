package script

import (
	"os"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"
)

// walled tells whether this system can shut a worker in.
func walled() bool { return seccomp.Supported() }

// calls are the system calls that a worker may make: those of Go's memory, threads and clocks, and reading
// and writing what is open already. Nothing opens, connects, starts or looks at anything.
var calls = []string{
	"read", "write", "close",
	"mmap", "munmap", "madvise", "mprotect", "mincore", "brk",
	"futex", "sched_yield", "sched_getaffinity", "nanosleep", "clock_gettime", "clock_nanosleep", "gettid", "getpid",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
	"epoll_ctl", "epoll_wait", "epoll_pwait", // on what the runtime's own timers wait with
	"set_robust_list", "rseq", "getrandom", "exit", "exit_group",
}

// wall shuts this process in, for good. insecure lets it be without what the system cannot do.
func wall(insecure bool) error {
	for resource, most := range map[int]uint64{
		unix.RLIMIT_DATA: workerData, unix.RLIMIT_CPU: workerCPU, unix.RLIMIT_NOFILE: workerFiles, unix.RLIMIT_CORE: 0,
		unix.RLIMIT_FSIZE: 0,
	} {
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	if err := unix.Setpriority(unix.PRIO_PGRP, 0, workerNice); err != nil {
		return err
	}
	err := seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: policy()})
	if err != nil && insecure {
		return nil
	}
	return err
}

// errnoBits are where an action that refuses keeps the number of the refusal.
const errnoBits = 0xffff

func policy() seccomp.Policy {
	own := uint64(os.Getpid())
	return seccomp.Policy{
		DefaultAction: seccomp.ActionErrno,
		Syscalls: []seccomp.SyscallGroup{{
			// The C library, where there is one, takes this for not being there, and clone instead.
			Action: seccomp.ActionErrno&^errnoBits | seccomp.Action(unix.ENOSYS),
			Names:  []string{"clone3"},
		}, {
			Action: seccomp.ActionAllow,
			Names:  calls,
			// Threads of this process, and signals to them, and no more.
			NamesWithCondtions: []seccomp.NameWithConditions{
				{Name: "clone", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.BitsSet, Value: unix.CLONE_THREAD | unix.CLONE_VM}}},
				{Name: "tgkill", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.Equal, Value: own}}},
			},
		}},
	}
}
