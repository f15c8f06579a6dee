package main

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine/store/teststore"
)

// wire is a way to a server that can be cut and mended.
type wire struct {
	to       string
	listener net.Listener

	mu    sync.Mutex
	isCut bool
	ends  map[net.Conn]bool
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{to: to, listener: listener, ends: map[net.Conn]bool{}}
	var carrying sync.WaitGroup
	carrying.Go(func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			carrying.Go(func() { w.carry(t, here) })
		}
	})
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
		w.cut(true)
		carrying.Wait()
	})
	return w
}

// carry brings what one side says to the other until one has nothing more to say.
func (w *wire) carry(t *testing.T, here net.Conn) {
	there, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", w.to)
	if err != nil || !w.holds(here, there) {
		_ = here.Close()
		if there != nil {
			_ = there.Close()
		}
		return
	}
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{here, there}, {there, here}} {
		both.Go(func() {
			_, _ = io.Copy(way[0], way[1])
			_ = errors.Join(way[0].Close(), way[1].Close()) // whoever was first
		})
	}
	both.Wait()
}

func (w *wire) holds(ends ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range ends {
		w.ends[one] = true
	}
	return !w.isCut
}

func (w *wire) cut(isCut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.isCut = isCut; !isCut {
		return
	}
	for one := range w.ends {
		_ = one.Close()
		delete(w.ends, one)
	}
}

// TestOnMongoDBThatIsAwayNobodyIsServed holds that a server says who does not answer, and serves again by itself.
func TestOnMongoDBThatIsAwayNobodyIsServed(t *testing.T) {
	address, _ := teststore.Place(t)
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(at.Host, ",") || at.Scheme != "mongodb" {
		t.Skip("NOT HELD HERE: of several servers nobody knows which is asked first")
	}
	t.Cleanup(func() { dropTenants(t, address) })
	way := newWire(t, at.Host)
	straight := *at
	straight.Host = way.listener.Addr().String()
	asked := straight.Query()
	asked.Del("replicaSet")
	asked.Set("directConnection", "true")
	straight.RawQuery = asked.Encode()

	server, _, _ := serve(t, "serve", "--addr", "127.0.0.1:0", "--store", straight.String())
	becomes := func(status int, says string) {
		t.Helper()
		look := time.NewTicker(50 * time.Millisecond)
		defer look.Stop()
		patience := time.NewTimer(time.Minute)
		defer patience.Stop()
		for {
			got, body := get(t, server+"/readyz")
			if got == status && strings.Contains(body, says) {
				return
			}
			if got != http.StatusOK && got != http.StatusServiceUnavailable {
				t.Fatalf("readyz: %d %s", got, body)
			}
			select {
			case <-look.C:
			case <-patience.C:
				t.Fatalf("readyz stays %d %s, want %d %s", got, body, status, says)
			}
		}
	}
	becomes(http.StatusOK, `"store":"mongodb"`)
	way.cut(true)
	becomes(http.StatusServiceUnavailable, "store.unavailable")
	for range 2 { // also when it has been away for a while
		if status, body := get(t, server+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "store.unavailable") {
			t.Errorf("readyz: %d %s", status, body)
		}
	}
	if status, body := get(t, server+"/healthz"); status != http.StatusOK {
		t.Errorf("healthz: %d %s", status, body)
	}
	way.cut(false)
	becomes(http.StatusOK, `"store":"mongodb"`)
}
