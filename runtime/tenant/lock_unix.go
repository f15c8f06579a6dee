//go:build unix

package tenant

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lockFile takes the lock for this process alone; it ends with the process, however that ends.
func lockFile(f *os.File) (taken bool, err error) {
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
