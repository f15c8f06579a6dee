// Package mutate bends the checks of a package one at a time, to see that its tests notice each. It is for tests:
// a package lists its mutants, holds with every run that they are of what is there, and tries them where it is
// asked for. A mutant is laid over the source by the go command, so that nothing of the tree is touched.
package mutate

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Mutant is one check taken away or bent: a text that a file of the package has once, and what stands there
// instead.
type Mutant struct{ File, Was, Now string }

func (m Mutant) String() string {
	return m.File + ": " + strings.ReplaceAll(m.Was, "\n", " ") + "  ->  " + strings.ReplaceAll(m.Now, "\n", " ")
}

// AreThere holds that each mutant is of a check that is there, once: a list that has fallen behind the code
// proves nothing. The files are those of the folder that the test runs in.
func AreThere(t *testing.T, mutants []Mutant) {
	t.Helper()
	sources := map[string]string{}
	for _, m := range mutants {
		if sources[m.File] == "" {
			text, err := os.ReadFile(m.File)
			if err != nil {
				t.Fatal(err)
			}
			sources[m.File] = string(text)
		}
		if n := strings.Count(sources[m.File], m.Was); n != 1 || m.Was == m.Now {
			t.Errorf("%s: it is there %d times; mend the list of mutants", m, n)
		}
	}
}

// AreCaught runs the package's tests of these names on each mutant and holds that some test fails; of a mutant
// that does not compile it says so. It takes seconds a mutant.
func AreCaught(t *testing.T, mutants []Mutant, tests string) {
	t.Helper()
	if out, err := run(t.Context(), tests); err != nil {
		t.Fatalf("the tests fail without any mutant:\n%s", out)
	}
	caught := 0
	for _, m := range mutants {
		out, err := run(t.Context(), tests, "-overlay", m.overlay(t))
		switch {
		case err == nil:
			t.Errorf("LIVES   %s", m)
		case !strings.Contains(out, "--- FAIL") && !strings.Contains(out, "panic:"):
			t.Errorf("BROKEN  %s\n%s", m, out)
		default:
			caught++
			t.Logf("caught  %s", m)
		}
	}
	t.Logf("%d of %d mutants caught", caught, len(mutants))
}

// overlay writes the mutant, and what tells the go command of it.
func (m Mutant) overlay(t *testing.T) string {
	path, err := filepath.Abs(m.File)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	bent, plan := filepath.Join(folder, "bent.go"), filepath.Join(folder, "overlay.json")
	said, err := json.Marshal(map[string]map[string]string{"Replace": {path: bent}})
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string][]byte{bent: []byte(strings.Replace(string(source), m.Was, m.Now, 1)), plan: said} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return plan
}

func run(ctx context.Context, tests string, flags ...string) (string, error) {
	args := append([]string{"test", "-vet=off", "-count=1", "-failfast", "-run", tests}, flags...)
	out, err := exec.CommandContext(ctx, "go", append(args, ".")...).CombinedOutput() // #nosec G204 -- a test's own list
	return string(out), err
}
