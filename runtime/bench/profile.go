package bench

import (
	"context"
	"errors"
	"fmt"
	nethttp "net/http"
	"os"
	"path/filepath"
)

// profileTime is how long a profile of an operation is taken, in seconds.
const profileTime = 5

// profile repeats an operation of ours while its server profiles itself, and leaves the profile for
// `go tool pprof` in the folder asked for.
func (m *match) profile(ctx context.Context, o operation) error {
	if m.Profiles == "" {
		return nil
	}
	if err := os.MkdirAll(m.Profiles, 0o750); err != nil {
		return err
	}
	operator := *m.ours
	operator.url = "http://" + m.operator
	operator.client = &nethttp.Client{}
	type outcome struct {
		profile []byte
		err     error
	}
	done := make(chan outcome, 1)
	go func() {
		text, err := operator.ask(ctx, get(fmt.Sprintf("/debug/pprof/profile?seconds=%d", profileTime), nil))
		done <- outcome{text, err}
	}()
	for {
		select {
		case got := <-done:
			if got.err != nil {
				return got.err
			}
			return os.WriteFile(filepath.Join(m.Profiles, o.key+".prof"), got.profile, 0o600)
		default:
		}
		if _, err := m.lap(ctx, o, m.ours); err != nil {
			return errors.Join(err, (<-done).err)
		}
	}
}
