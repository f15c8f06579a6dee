package tenant

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/store/mongo"
)

// cluster is a home on a deployment of MongoDB: a database for each tenant, and one for what is common, where they are
// listed. Any number of processes serve from it and visit it at the same time; one at a time copies tenants to it, by a
// lease.
type cluster struct {
	reach  *mongo.Cluster
	shared *mongo.Store
	visits bool   // it makes nothing
	holder string // "" for all but who copies to it
	token  int64
	life   time.Duration
	lost   atomic.Bool // another process has the lease, or may have it
	stop   context.CancelFunc
	idle   chan struct{} // closed when the lease is no longer renewed
}

const (
	commonBase   = "common"
	tenantLines  = "tenants" // the collection of the directory's lines, by name
	copyLease    = "copy"
	usualLease   = 20 * time.Second
	linesAtOnce  = 1000
	leaseQuarter = 4               // of the lease's life, after which it is renewed
	readyWithin  = 2 * time.Second // a primary must answer
)

// visitCluster reaches a deployment that other processes may be at work on. A visitor makes nothing.
func visitCluster(ctx context.Context, address string, clock func() time.Time) (*cluster, error) {
	h, err := reachCluster(ctx, address, clock, func(reach *mongo.Cluster) error {
		has, err := reach.Has(ctx, commonBase)
		if err == nil && !has {
			err = fault.New(fault.NotFound, "store.missing").At(Address{server: address}.String())
		}
		return err
	})
	if err == nil {
		h.visits = true
	}
	return h, err
}

// joinCluster reaches a deployment to serve from, beside whoever else does.
func joinCluster(ctx context.Context, c Config) (*cluster, error) {
	return reachCluster(ctx, c.At.server, c.Clock, func(*mongo.Cluster) error { return nil })
}

// reachCluster reaches a deployment that is found to be right.
func reachCluster(ctx context.Context, address string, clock func() time.Time, isRight func(*mongo.Cluster) error) (*cluster, error) {
	var with []mongo.Option
	if clock != nil {
		with = append(with, mongo.Clock(clock))
	}
	reach, err := mongo.Dial(ctx, address, with...)
	if err != nil {
		return nil, err
	}
	if err := isRight(reach); err != nil {
		return nil, errors.Join(err, reach.Close(context.WithoutCancel(ctx)))
	}
	shared, err := reach.Open(ctx, commonBase, commonBase)
	if err != nil {
		return nil, errors.Join(err, reach.Close(context.WithoutCancel(ctx)))
	}
	return &cluster{reach: reach, shared: shared}, nil
}

// takeCluster takes a deployment to copy tenants to, which two at once would do into the same databases. It waits for
// the lease of a process that has died; one that lives renews it in time.
func takeCluster(ctx context.Context, c Config) (*cluster, error) {
	h, err := joinCluster(ctx, c)
	if err != nil {
		return nil, err
	}
	h.life, h.holder = c.Lease, rand.Text()
	if h.life == 0 {
		h.life = usualLease
	}
	if h.token, err = h.lease(ctx); err != nil {
		if fault.CodeOf(err) == "store.leased" {
			err = fault.New(fault.Unavailable, "store.lock").At(c.At.String())
		}
		h.holder = ""
		return nil, errors.Join(err, h.close())
	}
	renewing, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.stop, h.idle = stop, make(chan struct{})
	go h.renew(renewing)
	return h, nil
}

// lease takes the lease, for which it waits as long as one may last that nobody renews.
func (h *cluster) lease(ctx context.Context) (token int64, err error) {
	wait, cancel := context.WithTimeout(ctx, h.life+h.life/leaseQuarter)
	defer cancel()
	tick := time.NewTicker(h.life / (5 * leaseQuarter))
	defer tick.Stop()
	for {
		token, err = h.shared.Acquire(ctx, copyLease, h.holder, h.life)
		if fault.CodeOf(err) != "store.leased" {
			return token, err
		}
		select {
		case <-wait.Done():
			return 0, errors.Join(err, ctx.Err())
		case <-tick.C:
		}
	}
}

// renew keeps the lease. Where it could not for so long that another process may have it, this one opens nothing more,
// until it has it again.
func (h *cluster) renew(ctx context.Context) {
	defer close(h.idle)
	tick := time.NewTicker(h.life / leaseQuarter)
	defer tick.Stop()
	missed := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		within, cancel := context.WithTimeout(ctx, h.life/leaseQuarter)
		token, err := h.shared.Acquire(within, copyLease, h.holder, h.life)
		cancel()
		if err == nil {
			h.token, missed = token, 0
			h.lost.Store(false)
			continue
		}
		if missed++; missed >= leaseQuarter-1 || fault.CodeOf(err) == "store.leased" {
			h.lost.Store(true)
		}
	}
}

func (h *cluster) ready(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := h.reach.Ping(within); err != nil {
		return fault.New(fault.Unavailable, "store.unavailable").Because(err)
	}
	return nil
}

func (h *cluster) wakes() (hears bool, lost int64) { return h.reach.Wakes() }

func (h *cluster) countFiles(ctx context.Context, ids ...string) (int64, error) {
	return h.reach.CountFiles(ctx, ids...)
}

func (h *cluster) common() store.Store { return h.shared }

func (h *cluster) list(ctx context.Context) (entries []Entry, err error) {
	for after := ""; ; {
		lines, err := h.shared.Scan(ctx, tenantLines, "", after, linesAtOnce)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			var entry Entry
			if err := json.Unmarshal(line.Body, &entry); err != nil {
				return nil, fault.New(fault.Internal, "store.corrupt").At(line.Key).Because(err)
			}
			entries, after = append(entries, entry), line.Key
		}
		if len(lines) < linesAtOnce {
			return entries, nil
		}
	}
}

func (h *cluster) add(ctx context.Context, entry Entry) error {
	line, err := json.Marshal(entry)
	if err != nil {
		return err
	}
	err = h.shared.Save(ctx, tenantLines, store.Item{Key: entry.Name, Body: line}, 0)
	if fault.CodeOf(err) == "store.stale" {
		return fault.New(fault.Conflict, "tenant.taken").With("tenant", entry.Name)
	}
	return err
}

func (h *cluster) open(ctx context.Context, id string) (store.Store, error) {
	if h.lost.Load() {
		return nil, fault.New(fault.Unavailable, "store.lock")
	}
	if h.visits {
		has, err := h.reach.Has(ctx, id)
		if err == nil && !has {
			err = fault.New(fault.NotFound, "store.missing").At(id)
		}
		if err != nil {
			return nil, err
		}
	}
	return h.reach.Open(ctx, id, id)
}

func (h *cluster) remove(ctx context.Context, id string) error { return h.reach.Drop(ctx, id) }

func (h *cluster) backup(ctx context.Context, id, path string) error {
	s, err := h.open(ctx, id)
	if err != nil {
		return err
	}
	return errors.Join(s.Backup(ctx, path), s.Close())
}

func (h *cluster) restore(ctx context.Context, id, path string) error {
	if err := h.reach.Restore(ctx, path, id, id); err != nil {
		return err
	}
	s, err := h.reach.Open(ctx, id, id)
	if err != nil {
		return err
	}
	found, err := s.Check(ctx)
	if err == nil && len(found) > 0 {
		err = fault.New(fault.Internal, "backup.corrupt").Because(errors.New(found[0]))
	}
	return errors.Join(err, s.Close())
}

func (h *cluster) close() error {
	ctx := context.Background()
	var errs []error
	if h.holder != "" {
		h.stop()
		<-h.idle
		errs = append(errs, h.shared.Release(ctx, copyLease, h.holder, h.token))
	}
	return errors.Join(append(errs, h.shared.Close(), h.reach.Close(ctx))...)
}
