package main

import (
	"strings"
	"testing"
)

// The CRM's pools change, and what measures them with them: all its parts do what they say, however long it takes.
func TestTheBenchmarkOfPoolsRunsThrough(t *testing.T) {
	out := does(t, "bench", "--pools", "20000")
	for _, part := range []string{"hand-out", "sweep", "raw store", "idle sweep", "saves"} {
		if !strings.Contains(out, "\n"+part+" ") {
			t.Errorf("there is no word of %q in:\n%s", part, out)
		}
	}
}
