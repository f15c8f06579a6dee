// Package scripttest lets the tests of a package run scripts: their binary is the program that the workers are, as
// a server's is in earnest.
package scripttest

import (
	"os"
	"testing"
	"time"

	"tidewater/engine/script"
)

// Main is the TestMain of a package whose tests run scripts.
func Main(m *testing.M) {
	Work()
	os.Exit(m.Run())
}

// Work does not return where this process was started as a worker. A TestMain asks it before anything else.
func Work() {
	if script.IsWorker(os.Args) {
		os.Exit(script.Work(os.Args))
	}
}

// Cores is how many a pool of tests is told that there are: one worker may be busy at once.
const Cores = 2

// Pool is a pool of workers that is closed with the test. Where the system cannot shut a worker in, the test fails:
// nothing that needs one could be tested.
func Pool(t testing.TB, clock func() time.Time) *script.Pool {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pool := script.NewPool(script.Config{Program: program, Cores: Cores, Clock: clock})
	t.Cleanup(pool.Close)
	if !pool.Runs() {
		t.Fatal("this system cannot shut a worker in: nothing that runs scripts can be tested on it")
	}
	return pool
}
