package mongo_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tidewater/engine/script/scripttest"
	"tidewater/engine/store"
	"tidewater/engine/store/mongo"
	"tidewater/engine/store/storetest"
	"tidewater/engine/store/teststore"
)

// These tests ask the replica set that MONGODB_URI names (make test-mongo), or else what stands in for one: see
// peer/README.md, which also says what is left unheld then.

// tooMuch are the parts of the contract that take minutes where every question reads all there is.
var tooMuch = []string{"Budget", "Ranked", "Growth", "Scopes"} //nolint:gochecknoglobals // of a test

func TestMain(m *testing.M) {
	scripttest.Work() // where this binary is begun as a worker of scripts
	flag.Parse()
	if os.Getenv("MONGODB_URI") == "" {
		if err := flag.Set("rapid.checks", "10"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// databases numbers the databases of one run.
var databases atomic.Int64 //nolint:gochecknoglobals // of a test

// cluster reaches the server.
func cluster(t *testing.T, with ...mongo.Option) *mongo.Cluster {
	t.Helper()
	address, _ := teststore.Server(t)
	with = append(append([]mongo.Option{mongo.Clock(time.Now)}, with...), without()...)
	c, err := mongo.Dial(t.Context(), address, with...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return c
}

// database names an empty database, dropped when the test ends.
func database(t *testing.T, c *mongo.Cluster) string {
	t.Helper()
	name := strings.ToLower(fmt.Sprintf("test_%d_%d", os.Getpid(), databases.Add(1)))
	t.Cleanup(func() {
		if err := c.Drop(context.WithoutCancel(t.Context()), name); err != nil {
			t.Error(err)
		}
	})
	return name
}

// instance opens a database as one process of several does.
func instance(t *testing.T, c *mongo.Cluster, name string) *mongo.Store {
	t.Helper()
	s, err := c.Open(t.Context(), name, "tenant-1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// open opens an empty store on the server.
func open(t *testing.T, with ...mongo.Option) *mongo.Store {
	t.Helper()
	c := cluster(t, with...)
	return instance(t, c, database(t, c))
}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t) }, beyond(t)...)
}

// TestContractWithEachTransactionTwice finds what depends on a closure running once.
func TestContractWithEachTransactionTwice(t *testing.T) {
	left := beyond(t)
	if len(left) > 0 {
		left = append(left, "Documents", "Filters", "Pages", "Search", "Aggregation", "Layout", "Figures", "Maintenance") // which the other run holds
	}
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, mongo.Twice()) }, left...)
}

func beyond(t *testing.T) []string {
	t.Helper()
	if _, isReal := teststore.Server(t); isReal {
		return nil
	}
	return append([]string(nil), tooMuch...)
}
