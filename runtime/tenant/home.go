package tenant

import (
	"context"

	"tidewater/engine/store"
)

// home is where the data of tenants rests, and the list of them.
type home interface {
	// common is the store of what belongs to no tenant.
	common() store.Store
	// list returns who there is now, whoever has made them.
	list(ctx context.Context) ([]Entry, error)
	// add adds a tenant whose store is there. Faults: Conflict "tenant.taken".
	add(ctx context.Context, entry Entry) error
	// open opens a tenant's store, making it where there is none.
	open(ctx context.Context, id string) (store.Store, error)
	// remove takes away what is there of a tenant that is not in the list.
	remove(ctx context.Context, id string) error
	backups
	health
	close() error
}

// health is what an operator asks of a home.
type health interface {
	// ready tells why nothing can be served from here now; nil where it can.
	ready(ctx context.Context) error
	// wakes tells whether those who wait are woken by what is written, and how often that was lost.
	wakes() (hears bool, lost int64)
	// countFiles tells how many files of a file system the tenants of these ids take, or where none is said everything here.
	countFiles(ctx context.Context, ids ...string) (int64, error)
}

// backups are tenants' stores as files.
type backups interface {
	// backup writes a consistent, checked copy of a tenant's store to a new file.
	backup(ctx context.Context, id, path string) error
	// restore makes the store of a tenant to be out of a backup.
	restore(ctx context.Context, id, path string) error
}

// enter opens a home to serve from.
func (c Config) enter(ctx context.Context) (home, error) {
	if c.At.server != "" {
		return joinCluster(ctx, c)
	}
	return takeFolder(c.At.folder, c.MaxPages)
}

// take opens a home to copy tenants to, which one process at a time does.
func (c Config) take(ctx context.Context) (home, error) {
	if c.At.server != "" {
		return takeCluster(ctx, c)
	}
	return takeFolder(c.At.folder, c.MaxPages)
}

// visit opens a home in which others may be at work, to read from.
func (c Config) visit(ctx context.Context) (home, error) {
	if c.At.server != "" {
		return visitCluster(ctx, c.At.server, c.Clock)
	}
	return visitFolder(c.At.folder)
}
