//go:build mutate

package access_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryMutantIsCaught runs the tests of the package on each mutant of it; make mutate-access runs this. A
// mutant is laid over the source by the go command, so that nothing of the tree is touched.
func TestEveryMutantIsCaught(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := tests(t); err != nil {
		t.Fatalf("the tests fail without any mutant:\n%s", out)
	}
	caught := 0
	for _, m := range mutants {
		path := filepath.Join(here, m.file)
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bent := filepath.Join(t.TempDir(), m.file)
		overlay := filepath.Join(t.TempDir(), "overlay.json")
		plan, err := json.Marshal(map[string]map[string]string{"Replace": {path: bent}})
		if err != nil {
			t.Fatal(err)
		}
		for file, text := range map[string][]byte{bent: []byte(strings.Replace(string(source), m.was, m.now, 1)), overlay: plan} {
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		out, err := tests(t, "-overlay", overlay)
		name := m.file + ": " + strings.ReplaceAll(m.was, "\n", " ") + "  ->  " + strings.ReplaceAll(m.now, "\n", " ")
		switch {
		case err == nil:
			t.Errorf("LIVES   %s", name)
		case !strings.Contains(out, "--- FAIL") && !strings.Contains(out, "panic:"):
			t.Errorf("BROKEN  %s\n%s", name, out)
		default:
			caught++
			t.Logf("caught  %s", name)
		}
	}
	t.Logf("%d of %d mutants caught", caught, len(mutants))
}

func tests(t *testing.T, flags ...string) (string, error) {
	args := append([]string{"test", "-vet=off", "-count=1", "-skip", "Mutant"}, flags...)
	out, err := exec.CommandContext(t.Context(), "go", append(args, ".")...).CombinedOutput()
	return string(out), err
}
