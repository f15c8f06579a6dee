package script_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/script"
	"tidewater/engine/script/scripttest"
)

// TestMain lets this test binary be the worker that its own tests start.
func TestMain(m *testing.M) {
	if how, hostile := isHostile(); hostile {
		misbehave(how)
		os.Exit(0)
	}
	scripttest.Main(m)
}

// newPool returns a pool over this test binary.
func newPool(t testing.TB) *script.Pool {
	t.Helper()
	pool := scripttest.Pool(t, time.Now)
	pool.Waits(never)
	return pool
}

// never has a test end a run that a machine under load did not let work as one that took its time.
func never(int) time.Duration { return 0 }

// asked is a host that answers from a table and notes what it was asked.
type asked struct {
	answers map[string]any
	calls   []string
	ids     int
}

func (h *asked) Answer(_ context.Context, name string, args []any) (any, int, error) {
	h.calls = append(h.calls, fmt.Sprint(name, args))
	answer, ok := h.answers[name]
	if !ok {
		return nil, 0, fault.New(fault.Forbidden, "record.mayNot")
	}
	return answer, 1, nil
}

func (h *asked) NewID() string { h.ids++; return fmt.Sprintf("new%d", h.ids) }

// of makes a script of a source, with the limits of a hook.
func of(source string) script.Script {
	sum := sha256.Sum256([]byte(source))
	return script.Script{
		Name: "thing/test", Source: source, Digest: hex.EncodeToString(sum[:]), Limits: script.LimitsOf(meta.ScriptHook, nil),
	}
}

// run runs a source once in a pool of its own tenant.
func run(t *testing.T, pool *script.Pool, source string, call script.Call, host script.Host) (*script.Result, error) {
	t.Helper()
	if call.Event == "" {
		call.Event = "beforeUpdate"
	}
	if call.Actor == nil {
		call.Actor = map[string]any{"id": "kim"}
	}
	call.Now, call.Today = "2026-03-31T04:00:00Z", "2026-03-31"
	if host == nil {
		host = &asked{}
	}
	return pool.Box(t.Name()).Run(t.Context(), script.Waiting, of(source), call, host)
}
