package mongo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatNoPeerCouldCheckIsListed holds that a run without a real server ends with a list of what it has not held, and
// that each part of the contract which is left out then is in it.
func TestWhatNoPeerCouldCheckIsListed(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("peer", "README.md"))
	must(t, err)
	_, list, found := strings.Cut(string(readme), "\n## What no peer can hold\n")
	if !found || strings.Contains(list, "\n## ") {
		t.Fatal("the list is not what the manual of the peer ends with")
	}
	for _, part := range tooMuch {
		if !strings.Contains(list, "`"+part+"`") {
			t.Errorf("%s is left out, and not in the list", part)
		}
	}
	makefile, err := os.ReadFile(filepath.Join("..", "..", "..", "Makefile"))
	must(t, err)
	_, rule, _ := strings.Cut(string(makefile), "\ntest-go: $(PEER_READY)\n")
	rule, _, _ = strings.Cut(rule, "\n\n")
	if !strings.HasSuffix(rule, `sed -n '/^## What no peer/,$$p' $(PEER)/README.md`) {
		t.Error("make test does not end with the list")
	}
}
