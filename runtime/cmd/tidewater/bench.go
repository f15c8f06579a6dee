package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"tidewater/runtime/bench"
)

const (
	benchRecords = 20_000
	benchRounds  = 5
	benchSlice   = 300 * time.Millisecond
	// benchTime is when a run gives up, whatever it was asked for.
	benchTime = 20 * time.Minute
)

// bench measures in a temporary folder, which is removed whatever happens.
func (p *program) bench(ctx context.Context, args []string) (err error) {
	set := p.flags("bench")
	records := set.Int("records", benchRecords, "customers before anything is measured")
	rounds := set.Int("rounds", benchRounds, "how often each load and its baselines take turns")
	slice := set.Duration("slice", benchSlice, "how long a turn is")
	if err := parse(set, args, 0, 0); err != nil {
		return err
	}
	if *records < 1 || *rounds < 1 || *slice <= 0 {
		return fmt.Errorf("%w: records, rounds and slice are above 0", errUsage)
	}
	app, err := appFiles(demoApp)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "tidewater-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	ctx, cancel := context.WithTimeout(ctx, benchTime)
	defer cancel()
	// A line of log per request would be measured too, and read by nobody.
	quiet := slog.New(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError}))
	return bench.Run(ctx, bench.Config{
		Folder: folder, App: app, Records: *records, Rounds: *rounds, Slice: *slice,
		Clock: p.clock, Log: quiet, Out: p.out,
	})
}
