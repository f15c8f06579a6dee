// Package teststore opens the store that the engine's tests run on: a file of SQLite, or, where MONGODB_URI names a
// replica set (make test-mongo), a database of MongoDB. The tests are the same. No binary has it.
package teststore

import (
	"context"
	"os"
	"testing"

	"tidewater/engine/store"
	"tidewater/engine/store/mongo"
	"tidewater/engine/store/sqlite"
)

// Open opens the store at a path, which is made where there is none. Whoever opens it closes it; one of MongoDB is
// dropped when the test ends.
func Open(t testing.TB, path, tenant string) store.Store {
	t.Helper()
	return open(t, path, tenant, nil, nil)
}

// OpenTwice is Open of a store that runs each transaction's closure twice, the first time in vain.
func OpenTwice(t testing.TB, path, tenant string) store.Store {
	t.Helper()
	return open(t, path, tenant, []sqlite.Option{sqlite.Twice()}, []mongo.Option{mongo.Twice()})
}

func open(t testing.TB, path, tenant string, lite []sqlite.Option, large []mongo.Option) store.Store {
	t.Helper()
	address := os.Getenv("MONGODB_URI")
	if address == "" {
		s, err := sqlite.Open(t.Context(), path, tenant, lite...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	c, err := mongo.Dial(t.Context(), address, large...)
	if err != nil {
		t.Fatal(err)
	}
	name := named(path)
	s, err := c.Open(t.Context(), name, tenant)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if err := c.Drop(ctx, name); err != nil {
			t.Error(err)
		}
		if err := c.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}
