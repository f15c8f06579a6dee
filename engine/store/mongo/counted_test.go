package mongo_test

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/store"
	"tidewater/engine/store/mongo"
	"tidewater/engine/store/teststore"
)

// filesOf adds up what MongoDB keeps in files of their own: the collections of a database, and the indexes of each.
func filesOf(t *testing.T, database string) (n int64) {
	t.Helper()
	address, _ := teststore.Server(t)
	client, err := driver.Connect(t.Context(), options.Client().ApplyURI(address))
	must(t, err)
	defer func() {
		if err := client.Disconnect(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}()
	db := client.Database(nameAt(t, address, database))
	names, err := db.ListCollectionNames(t.Context(), bson.D{})
	must(t, err)
	for _, name := range names {
		indexes, err := db.Collection(name).Indexes().ListSpecifications(t.Context())
		must(t, err)
		n += 1 + int64(len(indexes))
	}
	return n
}

// nameAt is the whole name of a database at an address.
func nameAt(t *testing.T, address, database string) string {
	t.Helper()
	at, err := url.Parse(address)
	must(t, err)
	return cmp.Or(strings.Trim(at.Path, "/"), "tidewater") + "_" + database
}

// TestFilesOfDatabasesAreCounted holds how many files databases are said to take against their collections and indexes, one
// by one, as a form comes to have a record.
func TestFilesOfDatabasesAreCounted(t *testing.T) {
	c := cluster(t)
	name, other := database(t, c), database(t, c)
	wantFiles(t, c, 0, name)
	s := instance(t, c, name)
	instance(t, c, other)
	empty := filesOf(t, name)
	wantFiles(t, c, empty, name)
	wantFiles(t, c, 2*empty, name, other)
	must(t, s.Prepare(t.Context(), []store.Form{layout()}, nil))
	wantFiles(t, c, empty, name) // a form has none before its first record
	_, err := saves(t, s, "first")
	must(t, err)
	now := filesOf(t, name)
	wantFiles(t, c, now, name)
	all, err := c.CountFiles(t.Context())
	if err != nil || all < now+empty || empty < 20 || now <= empty { // others may be at work on the server
		t.Errorf("all take %d, one with a record %d, an empty one %d; %v", all, now, empty, err)
	}
	_, err = c.CountFiles(t.Context(), "No Name")
	wantCode(t, err, "store.address")
	gone, end := context.WithCancel(t.Context())
	end()
	if _, err := c.CountFiles(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits: %v", err)
	}
}

func wantFiles(t *testing.T, c *mongo.Cluster, want int64, names ...string) {
	t.Helper()
	if n, err := c.CountFiles(t.Context(), names...); err != nil || n != want {
		t.Errorf("%v take %d files, %v; want %d", names, n, err, want)
	}
}
