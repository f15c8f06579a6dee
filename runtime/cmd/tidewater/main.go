// Command tidewater is all of Tidewater in one binary: the server, and what an operator does from a shell.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // time zones come along, so that a machine without them reckons the same days

	"tidewater/engine/message"
	"tidewater/engine/script"
	"tidewater/runtime/egress"
)

// version is set when the binary is built.
var version = "dev"

func main() {
	if script.IsWorker(os.Args) {
		os.Exit(script.Work(os.Args))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := newProgram(os.Stdout, os.Stderr).run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// program is one run of the binary; tests make their own.
type program struct {
	out, err io.Writer
	log      *slog.Logger
	clock    func() time.Time
	insecure bool // scripts run also where the system cannot shut them in
	// outward reaches other hosts, for messages and, with scriptsAsk, for scripts; nil: none is reached.
	outward    *egress.Client
	scriptsAsk bool
	home       string // the address of the web app, for messages
	keyFile    string // of the operator's key
}

func newProgram(out, err io.Writer) *program {
	return &program{out: out, err: err, log: slog.New(slog.NewJSONHandler(err, nil)), clock: time.Now}
}

// command is a word after the program's name.
type command struct {
	name, usage string
	run         func(p *program, ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"serve", "serve --addr 127.0.0.1:8080 --store data: serve the tenants of a store", (*program).serve},
		{"demo", "demo --addr 127.0.0.1:8080 --data data: serve a demo company, on loopback only", (*program).demo},
		{"tenant", "tenant create|list --store data [name] | tenant budget --store data [files]: the tenants of a store, and how many files they may take", (*program).tenant},
		{"app", "app check [--tenant <name>] <folder|builtin key> | app install --tenant <name> <folder|builtin key> | app rollback --tenant <name> [--to <number>]: apps", (*program).app},
		{"user", "user add|passwd --tenant <name> --username <name> | user import --tenant <name> --map column=field … <file.csv>: people", (*program).user},
		{"unit", "unit add --tenant <name> --key <id> --name <text>: org units and zones", (*program).unit},
		{"calendar", "calendar show|import --tenant <name> [<file.csv|file.json>]: working days, holidays and make-up days", (*program).calendar},
		{"import", "import --tenant <name> --form <form> [--map column=field …] [--mode update --by field] [--dry-run] <file>: records from CSV or XLSX", (*program).importFile},
		{"template", "template --tenant <name> --form <form> [--as <user>] [--locale en] <file.xlsx>: a workbook to be filled with new records", (*program).template},
		{"copy", "copy --from <store> --to <store> [--tenant <name>,…] | copy --reopen --from <store>: tenants to another place, verified", (*program).copyTenants},
		{"backup", "backup --tenant <name> <file>: a consistent copy of a tenant", (*program).backup},
		{"restore", "restore --tenant <new name> <file>: a backup as a new tenant", (*program).restore},
		{"verify", "verify --tenant <name>: check a tenant's data, exit 1 if something differs", (*program).verify},
		{"bench", "bench --records 20000 --rounds 5 [--peer <program>]: measure this machine, in a temporary folder", (*program).bench},
		{"version", "version: print the version", (*program).version},
	}
}

// errUsage says that the program was called in a way it does not know.
var errUsage = errors.New("usage")

// run carries out one command and returns the exit code: 0 done, 1 failed, 2 called wrongly.
func (p *program) run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		p.help()
		return 2
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		err := c.run(p, ctx, args[1:])
		switch {
		case err == nil:
			return 0
		case errors.Is(err, flag.ErrHelp):
			return 0
		case errors.Is(err, errUsage):
			p.complain("%v\ntidewater %s\n", err, c.usage)
			return 2
		case ctx.Err() != nil && errors.Is(err, context.Canceled):
			p.complain("stopped before it was done\n")
			return 1
		}
		p.tell(err)
		return 1
	}
	p.help()
	return 2
}

func (p *program) help() {
	p.complain("Tidewater %s\n", version)
	for _, c := range commands() {
		p.complain("  tidewater %s\n", c.usage)
	}
}

func (p *program) version(context.Context, []string) error {
	_, err := fmt.Fprintln(p.out, "tidewater", version)
	return err
}

// say prints to stdout. Whether anybody reads it changes nothing of what was done.
func (p *program) say(format string, args ...any) { _, _ = fmt.Fprintf(p.out, format, args...) }

// complain prints to stderr.
func (p *program) complain(format string, args ...any) { _, _ = fmt.Fprintf(p.err, format, args...) }

// flags returns a flag set that answers with errUsage instead of leaving.
func (p *program) flags(name string) *flag.FlagSet {
	set := flag.NewFlagSet("tidewater "+name, flag.ContinueOnError)
	set.SetOutput(p.err)
	return set
}

// parse reads flags, and the words that follow them: at least least, at most most.
func parse(set *flag.FlagSet, args []string, least, most int) error {
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if set.NArg() < least || set.NArg() > most {
		return fmt.Errorf("%w: %d words after the flags", errUsage, set.NArg())
	}
	return nil
}

// tell prints an error with everything it knows: whoever has the shell may see inside.
func (p *program) tell(err error) {
	texts, loadErr := message.Load()
	if loadErr == nil {
		tellFault(p.err, texts, err)
	}
	p.log.Error("failed", "error", err.Error())
}
