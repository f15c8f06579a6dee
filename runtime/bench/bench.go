// Package bench puts whole-system loads on a temporary tenant, over HTTP on loopback, and prints what they
// take beside two baselines of the same run: the same operation straight at the store, and GET /healthz,
// which is what a request costs that does nothing. AgainstPeer lets the server itself do the same as PocketBase,
// on equal terms. Both say how things relate on this machine, now; they hold nothing, and are no tests.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/script"
)

// Config says what to measure; all of it is needed.
type Config struct {
	Folder  string         // an empty folder; what is written there stays
	App     catalog.Bundle // must have the forms and roles of the CRM
	Records int            // customers before anything is measured
	Rounds  int            // how often each load and its baselines take their turns
	Slice   time.Duration  // how long one turn is
	Scripts *script.Pool   // the workers of the app's scripts
	Clock   func() time.Time
	Log     *slog.Logger
	Out     io.Writer
}

// Run makes the tenant, measures every load and prints a table. Times are of requests as their sender sees
// them, sender and server sharing the machine. Errors are those of the first request that failed.
func Run(ctx context.Context, config Config) (err error) {
	began := config.Clock()
	s, err := open(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	took := config.Clock().Sub(began)
	fmt.Fprintf(config.Out, "%d customers of %d salespeople made in %.1f s, history and events included (%.0f/s)\n",
		config.Records, people, took.Seconds(), float64(config.Records)/took.Seconds())
	fmt.Fprintf(config.Out, "%d rounds of %s a turn, %d CPUs; the median of the rounds' medians, the least and the most of them in brackets\n\n",
		config.Rounds, config.Slice, runtime.GOMAXPROCS(0))
	all, err := s.loads(ctx)
	if err != nil {
		return err
	}
	for _, l := range all {
		r, err := s.measure(ctx, l)
		if err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		r.print(config.Out, l)
	}
	fmt.Fprintf(config.Out, "all of it took %.0f s\n", config.Clock().Sub(began).Seconds())
	return nil
}
