package sqlite

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"tidewater/engine/store"
)

// inLine queues transactions while the writer is held up, and returns the order in which they ran. A name that begins with "later" is of a job, with "alone" one that has a commit of its own.
func inLine(t *testing.T, names ...string) (ran []string) {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), "tenant-1")
	if err != nil {
		t.Fatal(err)
	}
	held, free := make(chan struct{}), make(chan struct{})
	gate := &work{ctx: t.Context(), alone: true, ready: make(chan struct{}), do: func(*conn) error { close(held); <-free; return nil }}
	s.writer.line.asked <- gate
	<-held
	jobs := make([]*work, len(names))
	for n, name := range names {
		ctx := t.Context()
		if name[:5] == "later" {
			ctx = store.Later(ctx)
		}
		jobs[n] = &work{ctx: ctx, alone: name[:5] == "alone", ready: make(chan struct{})}
		jobs[n].do = func(c *conn) error {
			ran = append(ran, name)
			return c.run(fmt.Sprintf("INSERT INTO sequences VALUES ('%s', 1)", name))
		}
		s.writer.line.of(jobs[n]) <- jobs[n]
	}
	close(free)
	for _, job := range jobs {
		if <-job.ready; job.err != nil {
			t.Error(job.err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return ran
}

func TestWhatSomebodyWaitsForIsWrittenBeforeWhatJobsDo(t *testing.T) {
	ran := inLine(t, "later1", "later2", "asked1", "later3", "asked2")
	if want := []string{"asked1", "asked2", "later1", "later2", "later3"}; !slices.Equal(ran, want) {
		t.Errorf("%v, want %v", ran, want)
	}
}

func TestWhatJobsDoHasItsTurnHoweverBusyPeopleAre(t *testing.T) {
	names := []string{"later1", "later2"}
	for n := range 3 * maxPassed {
		names = append(names, fmt.Sprintf("alone%02d", n))
	}
	ran := inLine(t, names...)
	if at := slices.Index(ran, "later1"); at != maxPassed {
		t.Errorf("the first had its turn after %d others: %v", at, ran)
	}
	if at := slices.Index(ran, "later2"); at < maxPassed+2 || at > 2*maxPassed+2 {
		t.Errorf("the second had its turn after %d others: %v", at, ran)
	}
}
