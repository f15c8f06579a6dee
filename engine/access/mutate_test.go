//go:build mutate

package access_test

import (
	"testing"

	"tidewater/engine/mutate"
)

// TestEveryMutantIsCaught tries the mutants; make mutate-access runs it.
func TestEveryMutantIsCaught(t *testing.T) { mutate.AreCaught(t, mutants, "^Test[^M]") }
