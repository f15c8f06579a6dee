package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// maxTogether bounds the transactions that share one commit, so that the first does not wait long.
const maxTogether = 256

// writer is the one connection that writes. Transactions stand in a line; those that wait when one commit ends
// share the next, and each is answered after the commit. That is where write throughput comes from.
type writer struct {
	conn  *conn
	line  *line
	ended chan struct{}
	mu    sync.RWMutex // held reading while something is put into the line
	done  bool
	wrote store.Signal // after each commit, and when there will be no more
	spill func()       // moves what is in the log into the file, beside the writer
	spilt int64        // how many rows had been changed when it was last asked to
}

// work is one transaction.
type work struct {
	ctx   context.Context
	do    func(c *conn) error
	alone bool   // with a commit of its own
	bare  bool   // also while the store is frozen; only alone
	then  func() // only alone: after the commit, before anything else is written; nil: nothing
	err   error
	ready chan struct{}
}

func newWriter(c *conn, spill func()) *writer {
	w := &writer{conn: c, line: newLine(), ended: make(chan struct{}), spill: spill}
	go w.run()
	return w
}

// submit queues work and waits for its end. A context that ends before the work begins withdraws it;
// once begun it is carried through.
func (w *writer) submit(ctx context.Context, do func(c *conn) error) error {
	return w.await(&work{ctx: ctx, do: do})
}

func (w *writer) await(job *work) error {
	ctx := job.ctx
	job.ready = make(chan struct{})
	w.mu.RLock()
	if w.done {
		w.mu.RUnlock()
		return closed()
	}
	select {
	case w.line.of(job) <- job:
	case <-ctx.Done():
		w.mu.RUnlock()
		return ctx.Err()
	}
	w.mu.RUnlock()
	<-job.ready
	return job.err
}

func (w *writer) close() error {
	w.mu.Lock()
	if w.done {
		w.mu.Unlock()
		return nil
	}
	w.done = true
	w.line.close()
	w.mu.Unlock()
	<-w.ended
	w.wrote.Fire()
	return w.conn.close()
}

func (w *writer) run() {
	defer close(w.ended)
	var held *work // taken from the line, but not for this commit
	for {
		first := held
		held = nil
		if first == nil {
			if first = w.line.first(); first == nil {
				return
			}
		}
		if first.alone {
			first.err = w.single(first)
			close(first.ready)
			continue
		}
		held = w.commit(first)
	}
}

// single runs work that wants a commit of its own. Whether the file is frozen is asked within the transaction: then
// nobody freezes it between that and the commit.
func (w *writer) single(job *work) error {
	if err := job.ctx.Err(); err != nil {
		return err
	}
	err := w.conn.run("BEGIN IMMEDIATE")
	if err == nil {
		err = w.refused(job)
	}
	if err == nil {
		err = job.attempt(w.conn)
	}
	if err == nil {
		err = w.conn.run("COMMIT")
	}
	if err != nil {
		_ = w.conn.run("ROLLBACK") // where there is nothing to roll back, this says so
		return err
	}
	if job.then != nil {
		job.then()
	}
	w.wrote.Fire()
	w.count()
	return nil
}

// commit runs first and what else waits in one transaction of the database, and answers them all. It
// hopes that none fails, for savepoints cost a copy of every page they touch; where one does, all begin
// again, each in a savepoint.
func (w *writer) commit(first *work) (held *work) {
	// Whoever queued the first made this goroutine the next to run, ahead of others that are about to
	// queue theirs: on one core each would have a commit of its own. Let them come first.
	runtime.Gosched()
	batch, held := w.more([]*work{first})
	err := w.conn.run("BEGIN IMMEDIATE")
	if err == nil {
		err = w.refused(first)
	}
	for i := 0; err == nil && i < len(batch); i++ {
		if err = batch[i].hope(w.conn); err == nil && held == nil && i == len(batch)-1 && len(batch) < maxTogether {
			batch, held = w.more(batch)
		}
	}
	if errors.Is(err, errFailed) {
		err = w.again(batch)
	}
	if err == nil {
		err = w.conn.run("COMMIT")
	}
	if err != nil {
		// Already rolled back by SQLite for some faults; then this says so, and that is all right.
		_ = w.conn.run("ROLLBACK")
	}
	for _, job := range batch {
		if err != nil && job.err == nil {
			job.err = err
		}
		close(job.ready)
	}
	if err == nil {
		w.wrote.Fire()
		w.count()
	}
	return held
}

// errFailed says that one of several transactions failed, and took the others with it.
var errFailed = errors.New("a transaction of several failed")

// hope runs one transaction of several without a way back of its own.
func (job *work) hope(c *conn) error {
	if job.err = job.ctx.Err(); job.err != nil {
		return nil //nolint:nilerr // the job's own end, told to whoever waits for it; the others go on
	}
	if job.err = job.attempt(c); job.err != nil {
		return errFailed
	}
	return nil
}

// again runs the batch anew, each transaction in a savepoint: the fault of one is its own. A batch of
// one is over.
func (w *writer) again(batch []*work) error {
	if len(batch) == 1 {
		return batch[0].err
	}
	// SQLite has rolled back already for some faults, a full disk say.
	_ = w.conn.run("ROLLBACK")
	if err := w.conn.run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, job := range batch {
		if err := w.savepoint(job); err != nil {
			return err
		}
	}
	return nil
}

// more takes what waits by now, of what nobody waits for one: who comes meanwhile is not to wait for a second.
func (w *writer) more(batch []*work) (_ []*work, held *work) {
	for len(batch) < maxTogether {
		job := w.line.join(batch)
		if job == nil {
			break
		}
		if job.alone {
			return batch, job
		}
		if batch = append(batch, job); store.IsLater(job.ctx) {
			break
		}
	}
	return batch, nil
}

// savepoint runs one transaction of several. Its own fault is its own; what it returns has ended the
// transaction of all.
func (w *writer) savepoint(job *work) error {
	if job.err = job.ctx.Err(); job.err != nil {
		return nil //nolint:nilerr // the job's own end, told to whoever waits for it; the others go on
	}
	if err := w.conn.run("SAVEPOINT one"); err != nil {
		return err
	}
	if job.err = job.attempt(w.conn); job.err != nil {
		if err := w.conn.run("ROLLBACK TO one"); err != nil {
			return job.err // a full disk, say: SQLite has rolled back everything
		}
	}
	return w.conn.run("RELEASE one")
}

// attempt runs the closure and makes a fault of a panic, so that it ends one request and not the process.
func (job *work) attempt(c *conn) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "internal").In("store.tx").Because(fmt.Errorf("panic: %v", p))
		}
	}()
	return job.do(c)
}

func (c *conn) run(sql string) error {
	_, _, err := c.exec(sql)
	return err
}
