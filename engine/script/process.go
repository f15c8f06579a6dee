package script

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// worker is a child process. It is used by one at a time.
type worker struct {
	cmd    *exec.Cmd
	pipe   *os.File
	in     *bufio.Reader
	tenant string          // whom it serves, for all of its life; "" while it serves nobody
	knows  map[string]bool // digests of the sources that it was sent
	busy   time.Duration   // processor time of all its runs
	clock  func() time.Time
	behind atomic.Bool // it stands behind all others
	last   *lastWords
	killed atomic.Bool
	// starved says of one that was killed that the machine had no processor for it.
	starved atomic.Bool
	waits   func(pid int) time.Duration
	end     sync.Once
}

const (
	// maxBusy is how long a worker works before another takes its place, well below its RLIMIT_CPU.
	maxBusy = workerCPU * time.Second / 3
	// startTime is how long a new process may take until it answers.
	startTime = 5 * time.Second
)

func (p *Pool) spawn() (*worker, error) {
	last := &lastWords{}
	cmd, pipe, err := start(p.config.command(), last)
	if err != nil {
		return nil, err
	}
	w := &worker{clock: p.config.Clock, waits: p.waits, cmd: cmd, last: last, pipe: pipe, in: bufio.NewReaderSize(pipe, 16<<10), knows: map[string]bool{}}
	// Its first answer says that its walls stand.
	empty := []byte{}
	got, _, err := w.converse(context.Background(), timed{limit: startTime}, request{Echo: &empty}, nil)
	if err == nil && got.Echo == nil {
		err = errWalls
		if got.Done != nil && got.Done.Failed != nil {
			err = errors.Join(errWalls, errors.New(got.Done.Failed.Text))
		}
	}
	if err != nil {
		w.kill()
		return nil, err
	}
	return w, nil
}

// lastWords keeps the beginning of what a process says before it dies, for the operator's log.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

const maxLastWords = 2 << 10

func (l *lastWords) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p[:min(len(p), maxLastWords-len(l.text))]...)
	return len(p), nil
}

func (l *lastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.ToValidUTF8(string(l.text), "?")
}

var (
	errWalls = errors.New("a worker could not put up its walls")
	errTime  = errors.New("the time is up")
	// errStarved is errTime where the worker could not use its own.
	errStarved = errors.New("the machine had no time for it")
)

// kill ends the process, however it is, and waits until it is gone.
func (w *worker) kill() {
	w.end.Do(func() {
		// It may be gone already; what matters is that it is gone afterwards.
		_ = w.cmd.Process.Kill()
		_ = w.pipe.Close()
		_ = w.cmd.Wait()
	})
}

// queued is how long the process has waited for a processor, in all of its life; zero where the system does not tell.
func (w *worker) queued() time.Duration { return w.waits(w.cmd.Process.Pid) }

// stop ends the process while it works: whoever reads from it finds out.
func (w *worker) stop() {
	w.killed.Store(true)
	_ = w.cmd.Process.Kill() // it may be gone already
}

// timed is how much processor time a conversation may take, and what to do when it is no short one.
type timed struct {
	limit     time.Duration
	overstays func()        // nil: nothing
	waits     time.Duration // more of the clock, for what it waits for elsewhere
}

// converse sends a request, answers what the worker asks meanwhile, and returns its last word and the time that
// it has used. When that is up, or ctx ends, the worker is killed, and errTime returned, or errStarved. Any other
// error too leaves a worker that must be killed.
func (w *worker) converse(
	ctx context.Context, t timed, req request, answer func(context.Context, *ask) (*reply, error),
) (got *response, used time.Duration, err error) {
	stopped := make(chan struct{})
	off := context.AfterFunc(ctx, func() { defer close(stopped); w.stop() })
	defer func() {
		if !off() {
			<-stopped // whoever looks afterwards whether it was killed must know
		}
	}()
	looking := w.begin(t)
	ctx, cancel := context.WithTimeout(ctx, looking.ceiling) // for what answers
	defer cancel()
	got, err = w.exchange(ctx, req, answer)
	used = looking.end()
	switch {
	case w.killed.Load() && w.starved.Load():
		return nil, used, errStarved
	case w.killed.Load():
		return nil, used, errTime
	}
	return got, used, err
}

func (w *worker) exchange(ctx context.Context, req request, answer func(context.Context, *ask) (*reply, error)) (*response, error) {
	for {
		err := writeFrame(w.pipe, req)
		if errors.Is(err, errFrame) && req.Reply != nil {
			err = writeFrame(w.pipe, request{Reply: &reply{Fault: "script.tooMuch"}})
		}
		if err != nil {
			return nil, err
		}
		var got response
		if err := readFrame(w.in, &got); err != nil {
			return nil, err
		}
		if w.in.Buffered() > 0 {
			return nil, errTurn // it speaks before it is spoken to
		}
		if got.Ask == nil {
			return &got, nil
		}
		if answer == nil {
			return nil, errTurn
		}
		r, err := answer(ctx, got.Ask)
		if err != nil {
			return nil, err
		}
		req = request{Reply: r}
	}
}
