package sqlite_test

import (
	"path/filepath"
	"testing"

	"tidewater/engine/store"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, filepath.Join(t.TempDir(), "t.db")) })
}

// TestContractWithEachTransactionTwice finds what depends on a closure running once.
func TestContractWithEachTransactionTwice(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		return open(t, filepath.Join(t.TempDir(), "t.db"), sqlite.Twice())
	})
}
