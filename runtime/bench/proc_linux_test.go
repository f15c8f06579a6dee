package bench

import (
	"os"
	"os/exec"
	"testing"
)

// TestProcTellsOfThisProcess reads the figures of the test's own process.
func TestProcTellsOfThisProcess(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	s := &side{process: &exec.Cmd{Process: self}}
	before, err := s.cpu()
	if err != nil {
		t.Fatal(err)
	}
	// Asking is work enough for a tick to pass in the end.
	now := before
	for now == before {
		if now, err = s.cpu(); err != nil {
			t.Fatal(err)
		}
	}
	if now < before {
		t.Errorf("processor time went from %s back to %s", before, now)
	}
	rss, peak, err := s.memory()
	if err != nil || rss <= 0 || peak < rss {
		t.Errorf("memory %v, at most %v, %v", rss, peak, err)
	}
}
