package mongo

import (
	"context"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// watcher hears by a change stream of all databases of the deployment what other instances have numbered or prepared,
// and wakes those who wait for it here. It is a wake-up and no more: nothing is read from it, and whoever waits looks
// again every half second all the same (settle.go). So a stream that is lost, that this user may not open, or whose
// place the server no longer remembers, costs that half second and nothing else.
type watcher struct {
	cluster *Cluster
	stop    context.CancelFunc
	ended   chan struct{}
	hears   atomic.Bool  // a stream is open
	lost    atomic.Int64 // streams that were open and ended by themselves
}

// Wakes tells whether a change stream wakes those who wait here, and how many were lost since the first was opened, which
// is when somebody first waited.
func (c *Cluster) Wakes() (hears bool, lost int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watcher == nil {
		return false, 0
	}
	return c.watcher.hears.Load(), c.watcher.lost.Load()
}

const (
	// holdsOut is how long the server waits for something to tell before it says that there is nothing.
	holdsOut = time.Second
	// shortRest and longRest are how long a stream that was lost is left alone, twice as long each time.
	shortRest = 100 * time.Millisecond
	longRest  = 30 * time.Second
)

// watch begins to hear, once for all stores.
func (c *Cluster) watch() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watcher != nil || c.closed || c.options.bare {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	c.watcher = &watcher{cluster: c, stop: stop, ended: make(chan struct{})}
	go c.watcher.run(ctx)
}

// unwatch ends that.
func (c *Cluster) unwatch() {
	c.mu.Lock()
	w := c.watcher
	c.closed = true
	c.mu.Unlock()
	if w != nil {
		w.stop()
		<-w.ended
	}
}

func (w *watcher) run(ctx context.Context) {
	defer close(w.ended)
	for rest := shortRest; ctx.Err() == nil; rest = min(2*rest, longRest) {
		if w.hear(ctx) {
			rest = shortRest
		}
		timer := time.NewTimer(rest)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}

// hear opens a stream from now on and follows it until it is lost; heard tells whether it has told of anything.
func (w *watcher) hear(ctx context.Context) (heard bool) {
	o := options.ChangeStream().SetMaxAwaitTime(holdsOut)
	stream, err := w.cluster.client.Watch(ctx, w.cluster.changes(), o)
	if err != nil {
		return false
	}
	w.hears.Store(true)
	defer func() {
		w.hears.Store(false)
		if ctx.Err() == nil {
			w.lost.Add(1)
		}
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), givingUp)
		defer cancel()
		_ = stream.Close(last) // the server ends it by itself when this fails
	}()
	// Something may have happened before it was there.
	w.cluster.wake("", inMeta)
	for ctx.Err() == nil {
		if stream.TryNext(ctx) {
			var change struct {
				At struct {
					DB         string `bson:"db"`
					Collection string `bson:"coll"`
				} `bson:"ns"`
			}
			if err := stream.Decode(&change); err != nil {
				return heard
			}
			heard = true
			w.cluster.wake(change.At.DB, change.At.Collection)
		} else if stream.Err() != nil || stream.ID() == 0 {
			return heard
		}
	}
	return heard
}

// changes is the pipeline of what wakes somebody, without what has changed: only where.
func (c *Cluster) changes() driver.Pipeline {
	return driver.Pipeline{
		d("$match", bson.D{
			{Key: "operationType", Value: d("$in", bson.A{"insert", "update", "replace"})},
			{Key: "ns.db", Value: d("$regex", "^"+c.prefix+"_")},
			{Key: "ns.coll", Value: d("$in", bson.A{inOutbox, inMeta})},
		}),
		d("$project", d("ns", int32(1))), // and _id, which the driver goes on from
	}
}

// wake wakes who waits for what has changed in a database, "" for any.
func (c *Cluster) wake(db, collection string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for s := range c.stores {
		if db != "" && s.db.Name() != db {
			continue
		}
		if collection == inMeta {
			s.old.Store(true)
		}
		if collection == inOutbox || db == "" {
			s.late.wrote.Fire()
		}
	}
}

// opened and shut keep the list of the stores that are woken.
func (c *Cluster) opened(s *Store) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stores == nil {
		c.stores = map[*Store]bool{}
	}
	c.stores[s] = true
}

func (c *Cluster) shut(s *Store) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.stores, s)
}
