// Package tenant is the directory of tenants: who there is, where their data rests (home.go), and which of their
// stores are open here.
//
// A tenant's id is random and its data is named after it; its name is only for people. It knows neither sessions
// nor HTTP.
package tenant

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/notify"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/store"
)

// Entry is a tenant as the directory lists it.
type Entry struct {
	ID        string    `json:"id"` // random, lower-case letters and digits
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"createdAt"`
	Zone      string    `json:"zone"`                // its time zone, an IANA name
	Suspended bool      `json:"suspended,omitempty"` // nobody can sign in
}

// Config says what a Directory is built from.
type Config struct {
	At    Address
	Clock func() time.Time
	Log   *slog.Logger
	// MaxOpen bounds the tenants that stay open without being used (0: 64); those in use always stay.
	MaxOpen int
	// MaxPages bounds each tenant's file to so many pages of 4 KiB (0: no bound); a write beyond it is a fault
	// "store.full", as on a full disk.
	MaxPages int64
	// Lease is how long other copies to this place wait for this one after it has died (0: 20 s); for places that have no
	// lock which ends with a process.
	Lease time.Duration
	// Scripts are the workers of all tenants' scripts; nil: none runs.
	Scripts *script.Pool
	// Outward asks other hosts for scripts; nil: none reaches any.
	Outward record.Outward
	// Carriers tell people outside the app, who are led to Home, the address of the web app; nil: nobody is told there.
	Carriers map[notify.Channel]notify.Carrier
	Home     string
	// Outlets carry to groups' robots and other systems; nil: to none.
	Outlets map[notify.Channel]notify.Carrier
	// KeyFile holds the operator's key, which seals what tenants keep secret; "": one in the data
	// folder, made where it is missing.
	KeyFile string
	// Key is that key itself, in base64, where there is no file; "": see KeyFile.
	Key string
}

// Directory is the list of tenants of one place. It is safe for concurrent use, and where the place is a MongoDB any
// number of processes have one (attend.go).
type Directory struct {
	config Config
	home   home
	key    []byte              // the operator's; nil: nothing is kept secret here
	texts  *message.Catalog    // what jobs say in files
	turns  *semaphore.Weighted // tenants' jobs take turns, a batch each, in the order in which they ask

	ended   endings
	mu      sync.Mutex
	entries []Entry
	open    map[string]*slot // by id
	uses    int64            // counts up, so that the least recently used slot is known
	heard   time.Time        // up to when the list is known, where Attend looks after it
	closed  bool
	wakes   map[string]time.Time     // when those that are closed have to be opened again, by id
	closing map[string]chan struct{} // those that are just being closed, by id; closed when that is done
	shut    sync.WaitGroup           // of closing
}

const (
	maxName   = 40
	usualOpen = 64
	// jobsAtOnce is how many tenants' jobs are at work at the same time: what people wait for goes first.
	jobsAtOnce = 2
)

var nameForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// Open opens the place to serve from, making it where it is missing. Faults: Unavailable "store.lock" when
// another process has the folder, "store.readOnly", "store.full"; Internal "store.corrupt".
func Open(config Config) (*Directory, error) {
	if config.MaxOpen == 0 {
		config.MaxOpen = usualOpen
	}
	d := &Directory{config: config, open: map[string]*slot{}, wakes: map[string]time.Time{}, closing: map[string]chan struct{}{}, turns: semaphore.NewWeighted(jobsAtOnce)}
	var err error
	if d.texts, err = message.Load(); err != nil {
		return nil, fault.Wrap("tenant.open", err)
	}
	ctx := context.Background()
	if d.home, err = config.enter(ctx); err == nil {
		err = d.refresh(ctx)
	}
	if err == nil {
		d.key, err = config.operatorKey()
	}
	if err == nil {
		var same bool
		if same, err = d.sameKey(ctx); err == nil && !same {
			config.Log.Error("operator's key", "error", "it is not the one that was used here last: every process needs the same")
		}
	}
	if err != nil {
		return nil, fault.Wrap("tenant.open", err)
	}
	return d, nil
}

// refresh hears of tenants that others have made, suspended or taken away, and closes those here.
func (d *Directory) refresh(ctx context.Context) error {
	entries, err := d.home.list(ctx)
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.entries = entries
	var ending []<-chan struct{}
	for _, t := range d.unlisted() {
		ending = append(ending, d.shutDown(t, never))
	}
	d.mu.Unlock()
	for _, done := range ending {
		<-done
	}
	return nil
}

// Common keeps what belongs to no tenant, such as who has guessed at passwords. No tenant's data is in it.
func (d *Directory) Common() store.Store { return d.home.common() }

// Ready tells why nothing can be served from this place now; nil where it can. Faults: Unavailable "http.behind" where
// this process has not heard within two seconds of what others have changed.
func (d *Directory) Ready(ctx context.Context) error {
	err := d.home.ready(ctx)
	if err == nil && d.config.At.isShared() {
		err = d.upToDate()
	}
	return fault.Wrap("tenant.ready", err)
}

// Wakes tells whether those who wait in this process are woken by what any process writes, instead of looking twice a second,
// and how often that was lost and begun anew. It begins when somebody waits, as each open tenant does.
func (d *Directory) Wakes() (hears bool, lost int64) { return d.home.wakes() }

// Kind is what keeps the tenants: "sqlite" or "mongodb".
func (d *Directory) Kind() string { return d.config.At.Kind() }

// Closed tells whether nothing can be written in a tenant, because a copy of it has been made or is under way, see Copy
// and Reopen.
func (d *Directory) Closed(ctx context.Context, entry Entry) (closed bool, err error) {
	err = within(ctx, d.home, entry, func(s store.Store) error {
		by, err := s.Frozen(ctx)
		closed = by != ""
		return err
	})
	return closed, fault.Wrap("tenant.closed", err)
}

// List returns all tenants by name.
func (d *Directory) List() []Entry {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := slices.Clone(d.entries)
	slices.SortFunc(out, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// ByName returns the tenant with a name.
func (d *Directory) ByName(name string) (Entry, bool) {
	return d.find(func(e Entry) bool { return e.Name == name })
}

func (d *Directory) byID(id string) (Entry, bool) {
	return d.find(func(e Entry) bool { return e.ID == id })
}

func (d *Directory) find(is func(Entry) bool) (Entry, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := slices.IndexFunc(d.entries, is); i >= 0 {
		return d.entries[i], true
	}
	return Entry{}, false
}

// Create adds a tenant and makes its file. Faults: Invalid "tenant.name", Conflict "tenant.taken", Unavailable
// "tenant.budget" where its files go beyond what the place may take, and those of its store; then there is no such tenant.
func (d *Directory) Create(ctx context.Context, name, zone string) (Entry, error) {
	return d.CreateWith(ctx, name, zone, func(*Tenant) error { return nil })
}

// CreateWith is Create with something to do before anybody sees the tenant; where that fails, there is no
// such tenant.
func (d *Directory) CreateWith(ctx context.Context, name, zone string, first func(*Tenant) error) (Entry, error) {
	const op = "tenant.create"
	entry, err := d.newEntry(ctx, name, zone)
	if err != nil {
		return Entry{}, fault.Wrap(op, err)
	}
	// The store comes first: one that no entry names harms nobody, an entry without a store does.
	t, err := d.start(ctx, entry)
	if err != nil {
		return Entry{}, fault.Wrap(op, errors.Join(err, d.home.remove(ctx, entry.ID)))
	}
	if err := errors.Join(first(t), t.Close()); err != nil {
		return Entry{}, fault.Wrap(op, errors.Join(err, d.home.remove(ctx, entry.ID)))
	}
	return entry, fault.Wrap(op, d.arrive(ctx, entry))
}

// arrive lists a tenant whose store is there. Where that is beyond the budget, or another process was faster with the
// name, the store goes again.
func (d *Directory) arrive(ctx context.Context, entry Entry) error {
	if err := hasRoom(ctx, d.home, 0); err != nil {
		return errors.Join(err, d.home.remove(ctx, entry.ID))
	}
	err := d.add(ctx, entry)
	if fault.CodeOf(err) == "tenant.taken" {
		err = errors.Join(err, d.home.remove(ctx, entry.ID), d.refresh(ctx))
	}
	return err
}

// newEntry is a tenant to be, if its name can be had and there is room for any.
func (d *Directory) newEntry(ctx context.Context, name, zone string) (Entry, error) {
	if len(name) > maxName || !nameForm.MatchString(name) {
		return Entry{}, fault.New(fault.Invalid, "tenant.name").With("max", maxName)
	}
	if _, taken := d.ByName(name); taken {
		return Entry{}, fault.New(fault.Conflict, "tenant.taken").With("tenant", name)
	}
	if err := hasRoom(ctx, d.home, 1); err != nil {
		return Entry{}, err
	}
	return Entry{ID: strings.ToLower(rand.Text()), Name: name, Zone: zone, CreatedAt: d.config.Clock().UTC()}, nil
}

func (d *Directory) add(ctx context.Context, entry Entry) error {
	if err := d.home.add(ctx, entry); err != nil {
		return err
	}
	d.wakeAt(entry.ID, d.config.Clock())
	return d.refresh(ctx)
}
