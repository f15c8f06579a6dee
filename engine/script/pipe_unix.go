//go:build unix

package script

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// rawPipe is a worker's end: it blocks in the call, which costs less than waiting in the runtime, and needs
// no descriptor more.
type rawPipe int

func (p rawPipe) Read(into []byte) (int, error) {
	for {
		n, err := unix.Read(int(p), into)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

func (p rawPipe) Write(from []byte) (int, error) {
	done := 0
	for done < len(from) {
		n, err := unix.Write(int(p), from[done:])
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return done, err
		}
		done += n
	}
	return done, nil
}

type pipe struct {
	io.Reader
	io.Writer
}

func pipeOf(fd int) io.ReadWriter {
	raw := rawPipe(fd)
	return pipe{bufio.NewReaderSize(raw, 16<<10), raw}
}

// start begins a process with one end of a pipe, and returns the other. The process sees no environment, and
// nothing of this one's files; what it says on its way out goes to last.
func start(command []string, last io.Writer) (*exec.Cmd, *os.File, error) {
	// No other child may begin between making the pipe and closing it to children.
	syscall.ForkLock.RLock()
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(ends[0])
		unix.CloseOnExec(ends[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, err
	}
	theirs := os.NewFile(uintptr(ends[1]), "script")
	if err := unix.SetNonblock(ends[0], true); err != nil {
		return nil, nil, errors.Join(err, unix.Close(ends[0]), theirs.Close())
	}
	ours := os.NewFile(uintptr(ends[0]), "script")
	cmd := exec.CommandContext(context.Background(), command[0], command[1:]...)
	// A group of its own, for priorities are set by group: by process, they are those of one thread.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Env = []string{}
	cmd.Dir = "/"
	cmd.Stderr = last
	cmd.ExtraFiles = []*os.File{theirs}
	if err := errors.Join(cmd.Start(), theirs.Close()); err != nil {
		return nil, nil, errors.Join(err, ours.Close())
	}
	return cmd, ours, nil
}
