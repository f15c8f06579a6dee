package teststore

import (
	"bufio"
	"context"
	"errors"
	"hash/fnv"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tidewater/engine/store/mongo"
)

// Server is the address of the replica set that tests ask: the one that MONGODB_URI names, or else what stands in for
// one, which isReal tells. Where that is not installed the test is skipped, or fails under make test.
func Server(t testing.TB) (address string, isReal bool) {
	t.Helper()
	if at := os.Getenv("MONGODB_URI"); at != "" {
		return at, true
	}
	stands, err := peer()
	if errors.Is(err, errNoPeer) && os.Getenv("TIDEWATER_PEER") == "" { // make test sets it
		t.Skip("NOT HELD HERE: " + err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	return stands.address, false
}

// Place is Server for databases whose names begin as no other test's do; prefix is how. A test has one.
func Place(t testing.TB) (address, prefix string) {
	t.Helper()
	return place(t, t.Name())
}

func place(t testing.TB, what string) (address, prefix string) {
	t.Helper()
	at, _ := Server(t)
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	prefix = named(what)
	u.Path = "/" + prefix
	return u.String(), prefix
}

// Home is the address of a place of tenants for tests that are the same on either kind of store: the folder, or, where
// MONGODB_URI names a replica set, databases there. drop takes those of the names away, when nobody has them any more.
func Home(t testing.TB, folder string) (address string, drop func(names ...string)) {
	t.Helper()
	if os.Getenv("MONGODB_URI") == "" {
		return folder, func(...string) {}
	}
	address, _ = place(t, folder)
	return address, func(names ...string) {
		ctx := context.WithoutCancel(t.Context())
		c, err := mongo.Dial(ctx, address)
		if err != nil {
			t.Error(err)
			return
		}
		for _, name := range names {
			err = errors.Join(err, c.Drop(ctx, name))
		}
		if err = errors.Join(err, c.Close(ctx)); err != nil {
			t.Error(err)
		}
	}
}

// named is the name of what is a test's own, in this process.
func named(what string) string {
	h := fnv.New64a()
	h.Write([]byte(what))
	return "test_" + strconv.Itoa(os.Getpid()) + "_" + strconv.FormatUint(h.Sum64(), 36)
}

// errNoPeer says that what stands in for a replica set is not installed.
var errNoPeer = errors.New("no MONGODB_URI names a replica set, and what stands in for one is not installed: npm ci --prefix engine/store/mongo/peer")

// standIn is a server that ends with its input, which is held for as long as this process lives.
type standIn struct {
	address string
	input   io.Closer
}

// peer starts what stands in for a replica set (engine/store/mongo/peer).
var peer = sync.OnceValues(func() (s standIn, err error) { //nolint:gochecknoglobals // of tests
	folder, err := peerFolder()
	if err != nil {
		return s, err
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "mingo")); err != nil {
		return s, errNoPeer
	}
	c := exec.Command("node", "serve.mjs")
	c.Dir, c.Stderr = folder, os.Stderr
	if s.input, err = c.StdinPipe(); err != nil {
		return s, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return s, err
	}
	if err := c.Start(); err != nil {
		return s, err
	}
	s.address, err = bufio.NewReader(out).ReadString('\n')
	s.address = strings.TrimSpace(s.address)
	return s, err
})

// peerFolder finds it from the folder of the package that is tested, which tests run in.
func peerFolder() (string, error) {
	at, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(at, "go.mod")); missing == nil {
			return filepath.Join(at, "engine", "store", "mongo", "peer"), nil
		}
		if filepath.Dir(at) == at {
			return "", errors.New("no go.mod above " + at)
		}
		at = filepath.Dir(at)
	}
	return "", err
}
