// Package mongo is the store of production: one database per tenant on a replica set or a sharded cluster.
//
// It implements the port of package store and nothing beyond; what a record means is not known here. It stands
// beside package sqlite, in files of the same names (mongo.go beside sqlite.go). Reading starts at layout.go (how a
// form rests in its collection), then filter.go (how a question is put), list.go (how a page is found) and tx.go (what
// one transaction is). What SQLite has no need of, for one process has its file, stands in files of its own: gates.go
// (how all transactions are stopped), layouts.go (how all instances know one layout), settle.go (how what transactions
// leave behind gets its numbers), watch.go (how instances wake each other), and for tests with look-alikes bare.go and
// bare_tagged.go.
//
// MongoDB 6 or newer is asked for, and a deployment that has transactions: a server that stands alone is refused.
package mongo

import (
	"context"
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/event"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
	"golang.org/x/sync/errgroup"

	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// Cluster is a deployment of MongoDB: the connections that the stores of its tenants share. Safe for concurrent use.
type Cluster struct {
	client  *driver.Client
	options settings
	prefix  string // of the names of databases

	mu      sync.Mutex
	stores  map[*Store]bool // that are open
	watcher *watcher        // nil until somebody waits
	closed  bool
}

// Store is one tenant's database. Safe for concurrent use.
type Store struct {
	cluster *Cluster
	db      *driver.Database
	tenant  string
	options settings
	known   atomic.Pointer[known] // layouts.go
	old     atomic.Bool           // another instance may have changed them since they were looked at
	made    sync.Map              // names of the collections of forms that are there, with their indexes
	loading sync.Mutex
	alone   sync.Mutex // of closures that have no transactions, see bare.go
	late    *settler
	gates   gates
	own     bool          // the cluster is, and closed with it
	ends    chan struct{} // closed when the store is
	ending  sync.Once
}

var _ store.Store = (*Store)(nil)

type settings struct {
	twice bool
	guard func(key string)
	now   func() time.Time
	look  time.Duration                                     // see lookAgain
	hears func(context.Context, *event.CommandStartedEvent) // nil: nobody
	bare  bool                                              // without transactions: for look-alikes in tests, see bare.go
}

// Option changes how stores run.
type Option func(*settings)

// Twice runs each transaction's closure twice, the first time in vain, so that tests find closures that have
// effects beside the transaction.
func Twice() Option { return func(o *settings) { o.twice = true } }

// OnGuard is told each guard that a transaction takes.
func OnGuard(told func(key string)) Option { return func(o *settings) { o.guard = told } }

// OnCommand is told each command before it is sent, so that tests see which index a question names. What it is told
// holds until it returns.
func OnCommand(told func(context.Context, *event.CommandStartedEvent)) Option {
	return func(o *settings) { o.hears = told }
}

// Clock tells what is left until a context's deadline, so that the server gives up when its caller does
// (maxTimeMS). Without it only the caller does.
func Clock(now func() time.Time) Option { return func(o *settings) { o.now = now } }

const (
	// oldest is the wire version of MongoDB 6.0.
	oldest = 17
	// patience bounds a command whose caller sets no deadline: within it a new primary is chosen, or nobody is there.
	patience = 60 * time.Second
)

// Dial reaches a deployment; the path of the address, "tidewater" without one, begins the names of its databases. A
// user is looked for in the database "admin" only where the address says authSource=admin, or has no path: so MongoDB
// reads addresses. What the address says of concerns, preferences and retries is not heard: they are ours.
// Faults: Invalid "store.address"; Unavailable "store.standalone" for a server without transactions, "store.old" for
// one before MongoDB 6, "store.unavailable".
func Dial(ctx context.Context, address string, with ...Option) (*Cluster, error) {
	const op = "store.dial"
	c := &Cluster{prefix: "tidewater", options: settings{look: lookAgain}}
	for _, o := range with {
		o(&c.options)
	}
	config := options.Client().ApplyURI(address).SetAppName("tidewater").SetRetryWrites(true).SetRetryReads(true).
		SetWriteConcern(writeconcern.Majority()).SetReadConcern(readconcern.Majority()).SetReadPreference(readpref.Primary()).
		SetTimeout(patience)
	if c.options.hears != nil {
		config.SetMonitor(&event.CommandMonitor{Started: c.options.hears})
	}
	if c.options.bare {
		config.SetRetryWrites(false).SetRetryReads(false).SetReadConcern(readconcern.Local())
	}
	if err := config.Validate(); err != nil {
		return nil, fault.New(fault.Invalid, "store.address").In(op).Because(errors.New("the address of the database cannot be read")) // it may hold a password
	}
	if name := pathOf(address); name != "" {
		c.prefix = name
	}
	if _, err := c.named("x"); err != nil {
		return nil, during(op, err)
	}
	client, err := driver.Connect(ctx, config)
	if err != nil {
		return nil, during(op, broken(err))
	}
	c.client = client
	if err := c.check(ctx); err != nil {
		return nil, errors.Join(during(op, err), client.Disconnect(context.WithoutCancel(ctx)))
	}
	return c, nil
}

// pathOf is the path of an address.
func pathOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	_, path, _ := strings.Cut(rest, "/")
	name, _, _ := strings.Cut(path, "?")
	return name
}

// check refuses what cannot keep the promises of the port.
func (c *Cluster) check(ctx context.Context) error {
	h, err := c.hello(ctx)
	if err != nil || c.options.bare {
		return err
	}
	return h.refused()
}

// greeting is what a server says of itself.
type greeting struct {
	Set     string    `bson:"setName"`
	Message string    `bson:"msg"` // "isdbgrid": the door of a sharded cluster
	Wire    int32     `bson:"maxWireVersion"`
	Time    time.Time `bson:"localTime"`
}

// refused says why this is no server for us.
func (g greeting) refused() error {
	switch {
	case g.Set == "" && g.Message != "isdbgrid":
		return fault.New(fault.Unavailable, "store.standalone")
	case g.Wire < oldest:
		return fault.New(fault.Unavailable, "store.old")
	}
	return nil
}

func (c *Cluster) hello(ctx context.Context) (h greeting, err error) {
	command := "hello"
	if c.options.bare {
		command = "isMaster" // what it was called before
	}
	err = c.client.Database("admin").RunCommand(ctx, d(command, int32(1))).Decode(&h)
	return h, broken(err)
}

// Ping tells whether the deployment has a primary that answers.
func (c *Cluster) Ping(ctx context.Context) error {
	return broken(c.client.Ping(ctx, readpref.Primary()))
}

// Close gives the connections up; the stores are closed before.
func (c *Cluster) Close(ctx context.Context) error {
	c.unwatch()
	return broken(c.client.Disconnect(ctx))
}

// Has tells whether a tenant's database is there.
func (c *Cluster) Has(ctx context.Context, name string) (bool, error) {
	db, err := c.database(name)
	if err != nil {
		return false, during("store.has", err)
	}
	names, err := db.ListCollectionNames(ctx, d("name", inMeta))
	return len(names) > 0, during("store.has", broken(err))
}

// filesAtOnce bounds the databases that are asked for their files at the same time.
const filesAtOnce = 8

// CountFiles tells how many files of the servers' file systems the databases of these names take, or all of this
// cluster's where none is named: MongoDB has one for each collection and one for each index. One that is not there takes
// none.
func (c *Cluster) CountFiles(ctx context.Context, names ...string) (int64, error) {
	const op = "store.countFiles"
	databases, err := c.databases(ctx, names)
	if err != nil {
		return 0, during(op, err)
	}
	var all atomic.Int64
	asking, within := errgroup.WithContext(ctx)
	asking.SetLimit(filesAtOnce)
	for _, name := range databases {
		asking.Go(func() error {
			var has struct {
				Collections int64 `bson:"collections"`
				Indexes     int64 `bson:"indexes"`
			}
			err := c.client.Database(name).RunCommand(within, d("dbStats", int32(1))).Decode(&has)
			all.Add(has.Collections + has.Indexes)
			return broken(err)
		})
	}
	err = asking.Wait()
	return all.Load(), during(op, err)
}

// databases are the whole names of these, or of all that are there.
func (c *Cluster) databases(ctx context.Context, names []string) (full []string, err error) {
	if len(names) == 0 {
		mine := d("name", d("$regex", "^"+regexp.QuoteMeta(c.prefix+"_")))
		full, err = c.client.ListDatabaseNames(ctx, mine)
		return full, broken(err)
	}
	for _, name := range names {
		one, err := c.named(name)
		if err != nil {
			return nil, err
		}
		full = append(full, one)
	}
	return full, nil
}

// Drop takes a database away, whoever's it is.
func (c *Cluster) Drop(ctx context.Context, name string) error {
	db, err := c.database(name)
	if err != nil {
		return during("store.drop", err)
	}
	return during("store.drop", broken(db.Drop(ctx)))
}

// Open opens one tenant's database by itself, as sqlite.Open does a file: Dial and Cluster.Open in one, and their
// faults. Who has several tenants dials once.
func Open(ctx context.Context, address, tenant string, with ...Option) (*Store, error) {
	c, err := Dial(ctx, address, with...)
	if err != nil {
		return nil, err
	}
	s, err := c.Open(ctx, tenant, tenant)
	if err != nil {
		return nil, errors.Join(err, c.Close(context.WithoutCancel(ctx)))
	}
	s.own = true
	return s, nil
}

// Open opens the tenant's database, making it if there is none; name is what stands behind the cluster's prefix in
// the database's name. Faults: Invalid "store.address" for what cannot be part of a name; Internal "store.foreign"
// (another tenant's), "store.newer"; those of any question.
func (c *Cluster) Open(ctx context.Context, name, tenant string) (*Store, error) {
	const op = "store.open"
	db, err := c.database(name)
	if err != nil {
		return nil, during(op, err)
	}
	s := &Store{cluster: c, db: db, tenant: tenant, options: c.options, gates: newGates(), ends: make(chan struct{})}
	if err := s.found(ctx); err != nil {
		return nil, during(op, err)
	}
	s.late = newSettler(s)
	c.opened(s)
	return s, nil
}

// plainName is what the names of databases are made of: lower case, for MongoDB takes no two that differ in nothing
// but that.
var plainName = regexp.MustCompile(`^[a-z0-9_-]+$`)

var errNoName = errors.New("no name of a database: lower-case letters, digits, _ and -, 63 in all")

// maxName is how long the name of a database may be, in bytes.
const maxName = 63

func (c *Cluster) database(name string) (*driver.Database, error) {
	full, err := c.named(name)
	if err != nil {
		return nil, err
	}
	return c.client.Database(full), nil
}

// named is the whole name of a database.
func (c *Cluster) named(name string) (string, error) {
	full := c.prefix + "_" + name
	if len(full) > maxName || !plainName.MatchString(full) {
		return "", fault.New(fault.Invalid, "store.address").Because(errNoName) // it may hold a password, too
	}
	return full, nil
}

// Close refuses what comes and waits for the numbering under way; the connections stay with the cluster.
func (s *Store) Close() (err error) {
	s.ending.Do(func() {
		close(s.ends)
		s.cluster.shut(s)
		s.late.stop()
		if s.own {
			err = s.cluster.Close(context.Background())
		}
	})
	return err
}

// open tells whether the store may be asked.
func (s *Store) open(ctx context.Context) error {
	select {
	case <-s.ends:
		return closed()
	default:
		return ctx.Err()
	}
}

// pause waits before something is tried again, longer each time and never as long as others who wait.
func pause(ctx context.Context, attempt int) error {
	most := min(time.Duration(1)<<min(attempt, 7)*4*time.Millisecond, 500*time.Millisecond)
	timer := time.NewTimer(most/2 + rand.N(most/2+1)) //nolint:gosec // it keeps apart, it hides nothing
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
