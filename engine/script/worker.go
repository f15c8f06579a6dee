package script

import (
	"errors"
	"io"
	"runtime"
	"runtime/debug"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// workerWord is what a process is started with to be a worker. It is in no list of commands.
const workerWord = "lua-worker"

// IsWorker tells whether a process was started to be a worker; it must then do nothing but Work.
func IsWorker(args []string) bool { return len(args) > 1 && args[1] == workerWord }

// The walls that a worker puts around itself before it reads anything. The parent's are in pool.go.
const (
	workerMemory = 160 << 20 // bytes at which the collector works harder
	workerStack  = 32 << 20  // bytes of one goroutine's stack: more ends the process
	workerCPU    = 120       // seconds of RLIMIT_CPU, for all of its life
	workerFiles  = 4         // descriptors
	workerNice   = 5
	lastNice     = 10      // of one whose run is no short one; further back it would get no time at all beside others
	maxArray     = 1 << 17 // the greatest index that lies in a table's array
)

// Work is the life of a worker: walls, then one answer for each request on descriptor 3, until the parent
// goes away. It returns the exit code.
func Work(args []string) int {
	debug.SetMemoryLimit(workerMemory)
	debug.SetMaxStack(workerStack)
	lua.MaxArrayIndex = maxArray
	runtime.GOMAXPROCS(1) // also while it collects: a run has one processor
	pipe := pipeOf(pipeFD)
	// The runtime opens what its timers wait with at the first of them, which must be before nothing can be opened.
	first := make(chan struct{})
	time.AfterFunc(time.Microsecond, func() { close(first) })
	<-first
	if err := wall(len(args) > 2 && args[2] == openWord); err != nil {
		_ = writeFrame(pipe, response{Done: &done{Failed: &lineFault{Code: "script.noWalls", Text: err.Error()}}})
		return 1
	}
	err := serve(pipe, newInterpreter(pipe))
	if errors.Is(err, io.EOF) {
		return 0
	}
	return 1
}

// openWord lets a worker run without the walls that this system cannot give.
const openWord = "insecure"

// pipeFD is the only descriptor that a worker gets beside the three of every process, which lead nowhere.
const pipeFD = 3

// serve answers requests until the pipe ends, or something happened after which this process is not to be
// trusted any more.
func serve(pipe io.ReadWriter, in *interpreter) error {
	for {
		var req request
		if err := readFrame(pipe, &req); err != nil {
			return err
		}
		var answer response
		switch {
		case req.Check != nil:
			answer.Checked = in.check(*req.Check)
		case req.Run != nil:
			answer.Done = in.run(*req.Run)
		case req.Echo != nil:
			answer.Echo = req.Echo
		default:
			return errTurn
		}
		err := writeFrame(pipe, answer)
		if errors.Is(err, errFrame) {
			err = writeFrame(pipe, response{Done: &done{Failed: &lineFault{Code: "script.tooMuch"}}})
		}
		if err != nil {
			return err
		}
		if in.spoilt {
			return errSpoilt
		}
	}
}

var errSpoilt = errors.New("something happened after which this process is not to be trusted")
