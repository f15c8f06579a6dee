package script_test

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tidewater/engine/fault"
	"tidewater/engine/script"
)

// A hostile worker is this test binary under another name: the name says how it misbehaves once it has said
// that its walls stand.
const hostilePrefix = "hostile-"

func isHostile() (how string, ok bool) {
	return strings.CutPrefix(filepath.Base(os.Args[0]), hostilePrefix)
}

func frame(body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	return append(out, body...)
}

// misbehave answers the greeting well, and everything after it as its name says.
func misbehave(how string) {
	pipe := os.NewFile(3, "pipe")
	in := bufio.NewReader(pipe)
	for first := true; ; first = false {
		var head [4]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return
		}
		if _, err := io.CopyN(io.Discard, in, int64(binary.BigEndian.Uint32(head[:]))); err != nil {
			return
		}
		said := frame(`{"echo":""}`)
		if !first {
			said = answers()[how]
		}
		if how == "syscalls" && !first {
			said = tries()
		}
		if _, err := pipe.Write(said); err != nil {
			return
		}
		if how == "half" && !first {
			// What is left open ends with the process, and a process that looks for races takes a second to end.
			_ = pipe.Close()
			return
		}
	}
}

func answers() map[string][]byte {
	good := `{"done":{"instructions":1,"memory":1}}`
	return map[string][]byte{
		"garbage":  frame("\x00\xff not json"),
		"half":     frame(good)[:10],
		"twice":    append(frame(good), frame(good)...),
		"deep":     frame(`{"done":{"value":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `,"instructions":1,"memory":1}}`),
		"long":     binary.BigEndian.AppendUint32(nil, 1<<31),
		"empty":    binary.BigEndian.AppendUint32(nil, 0),
		"silent":   nil,
		"nothing":  frame(`{}`),
		"echo":     frame(`{"echo":""}`),
		"unknown":  frame(`{"done":{"instructions":1,"memory":1,"tenant":"other"}}`),
		"function": frame(`{"ask":{"name":"rm","args":[],"line":1}}`),
		"inside":   frame(`{"ask":{"name":"now","args":[],"line":1}}`),
		"few":      frame(`{"ask":{"name":"get","args":[],"line":1}}`),
		"decimal":  frame(`{"done":{"value":{"$d":7},"instructions":1,"memory":1}}`),
		"trailing": frame(good + good),
		"endless":  frame(`{"ask":{"name":"get","args":["thing","x"],"line":1}}`),
	}
}

// tries reports what a worker with its walls up may do of what it must not.
func tries() []byte {
	if err := script.Wall(); err != nil {
		return frame(`{"done":{"value":"no walls","instructions":1,"memory":1}}`)
	}
	got := map[string]bool{}
	_, open := unix.Open("/etc/passwd", unix.O_RDONLY, 0)
	_, made := unix.Open("/tmp/tidewater-attack", unix.O_CREAT|unix.O_WRONLY, 0o600)
	_, socket := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	_, piped := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	got["open"], got["create"], got["socket"], got["pair"] = open == nil, made == nil, socket == nil, piped == nil
	got["exec"] = unix.Exec("/bin/true", []string{"true"}, nil) == nil
	got["kill"] = unix.Kill(os.Getppid(), 0) == nil
	_, _, forked := unix.RawSyscall(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0)
	got["fork"] = forked == 0
	_, trace := unix.PtracePeekData(os.Getppid(), 0, make([]byte, 8))
	got["ptrace"] = trace == nil
	body, err := json.Marshal(got)
	if err != nil {
		return nil
	}
	return frame(`{"done":{"value":` + string(body) + `,"instructions":1,"memory":1}}`)
}

// hostilePool is a pool whose workers misbehave.
func hostilePool(t *testing.T, how string) *script.Pool {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), hostilePrefix+how)
	if err := os.Symlink(program, link); err != nil {
		t.Fatal(err)
	}
	pool := script.NewPool(script.Config{Program: link, Cores: 2, Clock: time.Now})
	pool.Waits(never)
	t.Cleanup(pool.Close)
	return pool
}

// Whatever a worker answers, the run fails clearly and the worker is thrown away.
func TestHostileWorkers(t *testing.T) {
	for how := range answers() {
		t.Run(how, func(t *testing.T) {
			pool := hostilePool(t, how)
			host := &asked{answers: map[string]any{"get": nil}}
			s := of("return 1")
			s.Limits.Time = 25 * time.Millisecond // what never answers is ended by the clock
			_, err := pool.Box(t.Name()).Run(t.Context(), script.Waiting, s, script.Call{Event: "beforeUpdate"}, host)
			want := "script.died"
			switch how {
			case "silent", "endless":
				want = "script.time"
			}
			if fault.CodeOf(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
			if len(host.calls) > 50 {
				t.Errorf("the host was asked %d times", len(host.calls))
			}
			if pool.Box(t.Name()).KillOne() {
				t.Error("the worker was kept")
			}
		})
	}
}

// What opens, starts, connects or looks at anything is refused by the system itself.
func TestWallsRefuseSystemCalls(t *testing.T) {
	got, err := run(t, hostilePool(t, "syscalls"), "return 1", script.Call{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"create":false,"exec":false,"fork":false,"kill":false,"open":false,"pair":false,"ptrace":false,"socket":false}`
	if text(t, got.Value) != want {
		t.Errorf("a worker may: %s", text(t, got.Value))
	}
}

// Frames are bounded before they are read.
func TestDepth(t *testing.T) {
	for body, want := range map[string]int{`{}`: 1, `[[{"a":"[[[\"{"}]]`: 3, `"[["`: 0, ``: 0, `]]]`: 0} {
		if got := script.Depth([]byte(body)); got != want {
			t.Errorf("%s: %d, want %d", body, got, want)
		}
	}
}
