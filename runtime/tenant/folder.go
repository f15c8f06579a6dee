package tenant

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/store/sqlite"
)

// folder is a home on this machine: a file for each tenant, one that lists them, one for what is common. One process
// has it at a time, by a lock; others may visit it.
type folder struct {
	path  string
	pages int64
	lock  *os.File      // nil for a visitor
	files *sqlite.Store // what is common; nil for a visitor

	mu      sync.Mutex
	entries []Entry
}

const (
	listFile      = "directory.json"
	lockName      = "lock"
	commonFile    = "common.db"
	tenantsFolder = "tenants"
)

// takeFolder takes a data folder, making it where it is missing.
func takeFolder(path string, pages int64) (*folder, error) {
	f := &folder{path: path, pages: pages}
	if err := os.MkdirAll(filepath.Join(path, tenantsFolder), 0o700); err != nil {
		return nil, fileFault(err)
	}
	lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fileFault(err)
	}
	taken, err := lockFile(lock)
	if err == nil && !taken {
		err = fault.New(fault.Unavailable, "store.lock").At(path)
	}
	if err == nil {
		f.entries, err = readDirectory(filepath.Join(path, listFile))
	}
	if err == nil {
		f.files, err = sqlite.Open(context.Background(), filepath.Join(path, commonFile), commonFile)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	f.lock = lock
	return f, nil
}

// visitFolder looks into a data folder that another process may have.
func visitFolder(path string) (*folder, error) {
	if _, err := os.Stat(filepath.Join(path, listFile)); err != nil {
		return nil, fault.New(fault.NotFound, "store.missing").At(path).Because(err)
	}
	return &folder{path: path}, nil
}

func (f *folder) common() store.Store { return f.files }

// list knows of all where the folder is taken, for then nobody else adds to it.
func (f *folder) list(context.Context) ([]Entry, error) {
	if f.lock == nil {
		return readDirectory(filepath.Join(f.path, listFile))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.entries), nil
}

func (f *folder) add(_ context.Context, entry Entry) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.ContainsFunc(f.entries, func(e Entry) bool { return e.Name == entry.Name }) {
		return fault.New(fault.Conflict, "tenant.taken").With("tenant", entry.Name)
	}
	entries := append(slices.Clone(f.entries), entry)
	if err := writeDirectory(filepath.Join(f.path, listFile), entries); err != nil {
		return err
	}
	f.entries = entries
	return nil
}

// file is where a tenant's data lies.
func (f *folder) file(id string) string { return filepath.Join(f.path, tenantsFolder, id+".db") }

func (f *folder) open(ctx context.Context, id string) (store.Store, error) {
	if f.lock != nil {
		return sqlite.Open(ctx, f.file(id), id, sqlite.PageLimit(f.pages), sqlite.Alone())
	}
	// A visitor makes nothing, and leaves the format to whoever serves.
	if _, err := os.Stat(f.file(id)); err != nil {
		return nil, fault.New(fault.NotFound, "store.missing").At(f.file(id)).Because(err)
	}
	return sqlite.Open(ctx, f.file(id), id, sqlite.AsItIs())
}

func (f *folder) remove(_ context.Context, id string) error {
	var errs []error
	for _, more := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(f.file(id) + more); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fileFault(err))
		}
	}
	return errors.Join(errs...)
}

func (f *folder) backup(ctx context.Context, id, path string) error {
	if err := sqlite.Copy(ctx, f.file(id), path); err != nil {
		return err
	}
	if err := checkFile(ctx, path, id); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func (f *folder) restore(ctx context.Context, id, path string) error {
	if err := copyFile(f.file(id), path); err != nil {
		return err
	}
	if err := sqlite.Adopt(ctx, f.file(id), id); err != nil {
		return err
	}
	return checkFile(ctx, f.file(id), id)
}

// checkFile reads a copy through as a store would.
func checkFile(ctx context.Context, file, tenant string) error {
	s, err := sqlite.Open(ctx, file, tenant)
	if err != nil {
		return err
	}
	found, err := s.Check(ctx)
	if err == nil && len(found) > 0 {
		err = fault.New(fault.Internal, "backup.corrupt").Because(errors.New(found[0]))
	}
	return errors.Join(err, s.Close())
}

// ready is always so: what a full or broken disk says, it says to who writes.
func (f *folder) ready(context.Context) error { return nil }

// Whoever writes to a folder is this process, which wakes those who wait itself.
func (f *folder) wakes() (hears bool, lost int64) { return true, 0 }

// countFiles counts one for each tenant: what SQLite keeps beside it comes and goes.
func (f *folder) countFiles(_ context.Context, ids ...string) (int64, error) {
	if len(ids) == 0 {
		entries, err := os.ReadDir(filepath.Join(f.path, tenantsFolder))
		if err != nil {
			return 0, fileFault(err)
		}
		all := int64(1) // what is common
		for _, entry := range entries {
			if filepath.Ext(entry.Name()) == filepath.Ext(commonFile) {
				all++
			}
		}
		return all, nil
	}
	var all int64
	for _, id := range ids {
		switch _, err := os.Stat(f.file(id)); {
		case err == nil:
			all++
		case !errors.Is(err, fs.ErrNotExist):
			return 0, fileFault(err)
		}
	}
	return all, nil
}

func (f *folder) close() error {
	if f.lock == nil {
		return nil
	}
	return errors.Join(f.files.Close(), f.lock.Close())
}
