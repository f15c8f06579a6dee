package sqlite

import "context"

// What commits write goes into a log first and from there into the file. SQLite lets the commit that finds the log
// long do the latter, some megabytes with a wait for the disk: everybody who saves waits behind it. So it is done
// beside the writer, which writes on meanwhile, and by a commit only where that does not keep up.

const (
	// spillEvery is how many changed rows, of all tables, make it worth it: some six megabytes.
	spillEvery = 6_000
	// spillPages is how long the log may get, in pages, before a commit does it: 64 MB.
	spillPages = "16384"
)

// spill moves what is in the log into the file, unless that is being done. Only the writer calls it.
func (s *Store) spill() {
	if !s.spilling.CompareAndSwap(false, true) {
		return
	}
	s.spills.Go(func() {
		defer s.spilling.Store(false)
		c, err := s.readers.open() // beside the readers, of whom none waits for it
		if err != nil {
			return // it is left to a commit, which tells of what is wrong
		}
		_, _ = c.number(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)") // as above
		_ = c.close()
	})
}

// count asks for a spill once enough is written.
func (w *writer) count() {
	now, err := w.conn.number(context.Background(), "SELECT total_changes()")
	if err == nil && now-w.spilt >= spillEvery {
		w.spilt = now
		w.spill()
	}
}
