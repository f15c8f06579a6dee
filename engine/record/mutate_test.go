//go:build mutate

package record_test

import (
	"testing"

	"tidewater/engine/mutate"
)

// TestEveryMutantOfSightIsCaught tries the mutants; make mutate-access runs it.
func TestEveryMutantOfSightIsCaught(t *testing.T) {
	mutate.AreCaught(t, sightMutants, "^TestEveryWayOutAgreesWithTheOracle$")
}
