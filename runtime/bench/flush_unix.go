//go:build unix

package bench

import "syscall"

// flush waits until the system has written what it was given so far: it would do so during what is measured next.
func flush() { syscall.Sync() }
