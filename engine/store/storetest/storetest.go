// Package storetest is the contract of every store: what package store promises, as tests that each
// implementation passes unchanged.
//
// It knows no implementation. What a store must answer is worked out here once more, by package query
// in memory or by plain loops, and compared.
package storetest

import (
	"testing"

	"tidewater/engine/store"
)

// Open returns an empty store, closed when the test ends.
type Open func(t *testing.T) store.Store

// Run holds a store against the contract.
func Run(t *testing.T, open Open) {
	parts := []struct {
		name string
		run  func(*testing.T, Open)
	}{
		{"Documents", documents},
		{"Versions", versions},
		{"Unique", unique},
		{"Filters", filters},
		{"Pages", pages},
		{"Budget", budget},
		{"Search", search},
		{"Ranked", rankedLists},
		{"Tokens", tokens},
		{"Layout", layouts},
		{"Transactions", transactions},
		{"Concurrency", concurrency},
		{"Aggregation", aggregation},
		{"History", history},
		{"Outbox", outbox},
		{"Images", images},
		{"Log", readAlong},
		{"Side", side},
		{"Files", files},
		{"Claims", claims},
		{"Leases", leases},
		{"Limits", limits},
		{"Maintenance", maintenance},
		{"Moving", moving},
		{"Freezing", freezing},
		{"Figures", figures},
		{"Growth", growth},
		{"Scopes", scopes},
	}
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) { p.run(t, open) })
	}
}
