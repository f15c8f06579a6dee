package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"tidewater/engine/catalog"
	"tidewater/runtime/bench"
)

const (
	benchRecords = 20_000
	benchRounds  = 5
	benchSlice   = 300 * time.Millisecond
	peerOwn      = 2_000
	// benchTime is when a run gives up, whatever it was asked for.
	benchTime = 60 * time.Minute
)

// benchFlags say what to measure.
type benchFlags struct {
	records, rounds int
	slice           time.Duration
	peer            string
	own, cores      int
	app, only       string
	profiles, keep  string
	rows, pools     int
}

// bench measures in a temporary folder, which is removed whatever happens.
func (p *program) bench(ctx context.Context, args []string) (err error) {
	var f benchFlags
	set := p.flags("bench")
	set.IntVar(&f.records, "records", benchRecords, "customers before anything is measured")
	set.IntVar(&f.rounds, "rounds", benchRounds, "how often each load and its baselines take turns")
	set.DurationVar(&f.slice, "slice", benchSlice, "how long a turn is; without --peer")
	set.StringVar(&f.peer, "peer", "", "the program of runtime/bench/peer, to compare with PocketBase instead (see make bench-peer)")
	set.IntVar(&f.own, "own", peerOwn, "with --peer: how many customers are the asking person's")
	set.IntVar(&f.cores, "cores", 1, "with --peer or --import: GOMAXPROCS of the servers")
	set.StringVar(&f.app, "app", "", "with --peer: another app with the form customer and the role sales, as crm; empty: one with just the fields that both have")
	set.StringVar(&f.only, "only", "", "with --peer: what to measure, with commas, of "+strings.Join(bench.PeerKeys(), ", "))
	set.StringVar(&f.profiles, "profiles", "", "with --peer, --import or --pools: a folder for profiles of Tidewater's processor time, one for each operation")
	set.IntVar(&f.rows, "import", 0, "import files of so many rows instead, beside the raw store and beside people who save; with --rounds 0 only the latter")
	set.IntVar(&f.pools, "pools", 0, "measure sweeps, a hand-out and scoped lists among so many customers instead")
	set.StringVar(&f.keep, "keep", "", "with --peer: a folder that keeps the records for the next run with as many; remove it when what is stored changes")
	if err := parse(set, args, 0, 0); err != nil {
		return err
	}
	if f.records < 1 || f.rounds < 0 || f.rounds == 0 && f.rows == 0 || f.slice <= 0 || f.own < 1 || f.cores < 1 || f.rows < 0 || f.pools < 0 {
		return fmt.Errorf("%w: records, rounds, slice, own, cores, rows and pools are above 0", errUsage)
	}
	for _, key := range words(f.only) {
		if !slices.Contains(bench.PeerKeys(), key) {
			return fmt.Errorf("%w: --only %s", errUsage, key)
		}
	}
	if f.keep != "" && f.app != "" {
		return fmt.Errorf("%w: what is kept is of the app that comes without --app", errUsage)
	}
	folder, err := os.MkdirTemp("", "tidewater-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	ctx, cancel := context.WithTimeout(ctx, benchTime)
	defer cancel()
	growAsServed() // what is measured in this process is what the server does
	// A line of log per request would be measured too, and read by nobody.
	quiet := slog.New(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError}))
	if f.peer != "" {
		return p.benchPeer(ctx, f, folder, quiet)
	}
	if f.rows > 0 {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		return bench.Import(ctx, bench.ImportConfig{
			Folder: folder, Self: self, Rows: f.rows, Rounds: f.rounds, Cores: f.cores, Profiles: f.profiles,
			Clock: p.clock, Log: quiet, Out: p.out,
		})
	}
	app, err := appFiles(demoApp)
	if err != nil {
		return err
	}
	scripts, err := p.scripts()
	if err != nil {
		return err
	}
	defer scripts.Close()
	if f.pools > 0 {
		return bench.Pools(ctx, bench.PoolsConfig{
			Folder: folder, App: app, Records: f.pools, Scripts: scripts, Profiles: f.profiles, Clock: p.clock, Log: quiet, Out: p.out,
		})
	}
	return bench.Run(ctx, bench.Config{
		Folder: folder, App: app, Records: f.records, Rounds: f.rounds, Slice: f.slice,
		Scripts: scripts, Clock: p.clock, Log: quiet, Out: p.out,
	})
}

func (p *program) benchPeer(ctx context.Context, f benchFlags, folder string, log *slog.Logger) (err error) {
	var app catalog.Bundle
	if f.app == "" {
		app, err = bench.PeerApp()
	} else {
		app, err = appFiles(f.app)
	}
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return bench.AgainstPeer(ctx, bench.PeerConfig{
		Folder: folder, Keep: f.keep, App: app, Self: self, Peer: f.peer, Records: f.records, Own: f.own, Rounds: f.rounds,
		Cores: f.cores, Only: words(f.only), Profiles: f.profiles, Clock: p.clock, Log: log, Out: p.out,
	})
}
