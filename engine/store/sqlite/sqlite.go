// Package sqlite is the embedded store: one file per tenant, no server, no C compiler.
//
// It implements the port of package store and nothing beyond; what a record means is not known here.
// Reading starts at layout.go (how a form rests in the file), then list.go (how a page is found) and
// writer.go (how many requests share one commit).
//
// Package mongo stands beside it in files of the same names (mongo.go beside sqlite.go). What a server does for it stands
// here in files of its own: connections are ours (pool.go, calls.go), who writes next (line.go), documents as bytes (jsonb.go), the columns that
// indexes stand over (columns.go), tables beside the records and who writes them while they are built (kept.go), indexes
// of rows and principals (members.go, order.go, place.go, narrow.go), the index of words (late.go, merging.go, scope.go),
// events that several consumers take (taken.go), adding up what no statement does (summary.go) and what a transaction adds (shares.go), the way of the log into
// the file (spill.go), and a backup that changes hands (adopt.go).
package sqlite

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Store is one tenant's file. Safe for concurrent use.
type Store struct {
	path      string
	options   options
	calls     *calls
	forms     atomic.Pointer[map[value.FormKey]*layout]
	readers   *pool
	writer    *writer
	spilling  atomic.Bool // what is in the log is being moved into the file
	spills    sync.WaitGroup
	kept      map[value.FormKey]*layout // by which forms are written while they are prepared; the writer's own
	preparing sync.Mutex
	taken     takenEvents
	late      int // how many tokens wait at least since the file was opened; the writer's own
}

var _ store.Store = (*Store)(nil)

type options struct {
	alone bool // no other process has the file
	full  bool
	twice bool
	guard func(key string)
	pages int64
	asIs  bool
}

// Option changes how a store runs.
type Option func(*options)

// Durable makes each commit wait for the disk (synchronous FULL), so that a loss of power loses nothing
// that was answered. Without it such a loss may take the last moments, never the file's soundness; the
// end of the process alone takes nothing in either case.
func Durable() Option { return func(o *options) { o.full = true } }

// Twice runs each transaction's closure twice, the first time in vain, so that tests find closures
// that have effects beside the transaction.
func Twice() Option { return func(o *options) { o.twice = true } }

// OnGuard is told each guard that a transaction takes. Here transactions are serial and guards
// need no writing; tests prove by this that they are asked for.
func OnGuard(told func(key string)) Option { return func(o *options) { o.guard = told } }

// PageLimit bounds the file to so many pages of 4 KiB, or to what it has already, if that is more. A
// write beyond it is a fault "store.full", as on a full disk; 0 sets no bound.
func PageLimit(pages int64) Option { return func(o *options) { o.pages = pages } }

// AsItIs leaves a file of an earlier format as it is, which is a fault: for whoever looks into a file that another
// process may have open.
func AsItIs() Option { return func(o *options) { o.asIs = true } }

// Alone says that no other process has the file, as whoever opens it knows by a lock: all leases in it are those of a
// process that has died, and nobody has to wait for their ends.
func Alone() Option { return func(o *options) { o.alone = true } }

// Open opens the tenant's file, making it if there is none. Faults: Internal "store.foreign" (another
// tenant's file), "store.corrupt", "store.newer"; Unavailable "store.older" (see AsItIs), "store.readOnly",
// "store.full", "store.unavailable".
func Open(ctx context.Context, path, tenant string, with ...Option) (*Store, error) {
	s := &Store{path: path, calls: newCalls()}
	for _, o := range with {
		o(&s.options)
	}
	connect, err := s.connector()
	if err != nil {
		return nil, err
	}
	main, err := connect(false)
	if err != nil {
		return nil, err
	}
	forms, err := found(ctx, main, tenant, s.options.asIs)
	if err != nil {
		return nil, errors.Join(err, main.close())
	}
	s.forms.Store(&forms)
	s.readers = newPool(func() (*conn, error) { return connect(true) })
	s.writer = newWriter(main, s.spill)
	if err := s.modernize(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.options.alone {
		if err := s.bare(ctx, endLeases); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// modernize builds what the forms of a file of an earlier format lack, also of a frozen one: of what is carried
// nothing changes. The format is stamped last, so that an end in the middle is made good at the next start.
func (s *Store) modernize(ctx context.Context) error {
	var version int64
	err := s.read(ctx, func(c *conn) (err error) {
		version, err = c.number(ctx, "PRAGMA user_version")
		return err
	})
	if err != nil || version == format {
		return err
	}
	if version < formsFormat {
		if err := s.renew(ctx, version < tokensFormat); err != nil {
			return err
		}
	}
	return s.bare(ctx, func(c *conn) error { return c.run(stamp(format)) })
}

// renew brings what forms have to what they should, tokens too where it says so.
func (s *Store) renew(ctx context.Context, tokens bool) error {
	var forms []store.Form
	for _, l := range *s.forms.Load() {
		forms = append(forms, l.form)
	}
	if err := s.prepare(ctx, forms, true, nil); err != nil || !tokens {
		return err
	}
	if err := s.bare(ctx, s.indexLate); err != nil {
		return err
	}
	for _, l := range *s.forms.Load() {
		if err := s.bare(ctx, func(c *conn) error { return l.retoken(ctx, c) }); err != nil {
			return err
		}
	}
	return nil
}

// bare writes also while the file is frozen.
func (s *Store) bare(ctx context.Context, do func(*conn) error) error {
	return s.writer.await(&work{ctx: ctx, do: do, alone: true, bare: true})
}

// connector returns what opens connections to the file.
func (s *Store) connector() (func(readOnly bool) (*conn, error), error) {
	absolute, err := filepath.Abs(s.path)
	if err != nil {
		return nil, fault.Wrap("store.open", err)
	}
	if info, err := os.Stat(absolute); err == nil && info.IsDir() {
		return nil, fault.New(fault.Unavailable, "store.unavailable").In("store.open").At(absolute)
	}
	name := (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}).String()
	driver, err := s.calls.driver()
	if err != nil {
		return nil, fault.Wrap("store.open", err)
	}
	return func(readOnly bool) (*conn, error) {
		raw, err := driver.Open(name)
		if err != nil {
			return nil, broken(err)
		}
		c := newConn(raw)
		for _, pragma := range s.pragmas(readOnly) {
			if _, _, err := c.exec("PRAGMA " + pragma); err != nil {
				return nil, errors.Join(err, c.close())
			}
		}
		return c, nil
	}, nil
}

func (s *Store) pragmas(readOnly bool) []string {
	list := []string{"busy_timeout = 10000", "trusted_schema = ON"}
	if readOnly {
		return append(list, "cache_size = -4000", "query_only = ON")
	}
	list = append(list, "journal_mode = WAL", "cache_size = -8000", "journal_size_limit = 67108864", "wal_autocheckpoint = "+spillPages, "foreign_keys = OFF")
	if s.options.pages > 0 {
		list = append(list, "max_page_count = "+strconv.FormatInt(s.options.pages, 10))
	}
	if s.options.full {
		return append(list, "synchronous = FULL")
	}
	return append(list, "synchronous = NORMAL")
}

// Close waits for the transactions under way, refuses new ones and gives the file free.
func (s *Store) Close() error {
	err := errors.Join(s.readers.close(), s.writer.close())
	s.spills.Wait()
	return err
}

// layout returns how a form rests here.
func (s *Store) layout(form value.FormKey) (*layout, error) {
	if l, ok := (*s.forms.Load())[form]; ok {
		return l, nil
	}
	return nil, unknownForm(form)
}

// written returns how a form is written here: on the writer's goroutine only.
func (s *Store) written(form value.FormKey) (*layout, error) {
	if l, ok := s.kept[form]; ok {
		return l, nil
	}
	return s.layout(form)
}

// read lends a reading connection.
func (s *Store) read(ctx context.Context, do func(*conn) error) error {
	c, err := s.readers.take(ctx)
	if err != nil {
		return err
	}
	defer s.readers.give(c)
	return do(c)
}

// alone lends a reading connection that nobody has used before and nobody will after.
func (s *Store) alone(ctx context.Context, do func(*conn) error) error {
	return s.read(ctx, func(*conn) error { // its place among the readers, so that a closed store opens nothing
		c, err := s.readers.open()
		if err != nil {
			return err
		}
		return errors.Join(do(c), c.close())
	})
}
