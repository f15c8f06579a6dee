package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	nethttp "net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"tidewater/runtime/signin"
	"tidewater/runtime/tenant"
)

// ImportConfig says what to import; all of it but Profiles is needed.
type ImportConfig struct {
	Folder   string // an empty folder; what is written there stays
	Self     string // the program that this is
	Rows     int    // of each file
	Rounds   int    // files, each followed by the same documents straight into a store; 0: only one beside people who save
	Cores    int    // GOMAXPROCS of the server
	Profiles string // a folder for a profile of the processor's time and one of the memory; empty: none
	Clock    func() time.Time
	Log      *slog.Logger
	Out      io.Writer
}

// The marks of the design: rows a second of processor time, memory above idle, and what users wait meanwhile.
const (
	importAim, importFloor = 10_000, 4_000
	importMemory           = 200 // MB
	importSaves            = 250 // ms, of 99 in 100 saves
	// savers are the people who save while a file comes in, each once in savePause.
	savers    = 4
	savePause = 50 * time.Millisecond
	// warmRows are imported before anything is measured.
	warmRows = 2_000
	// fileRoom is how many bytes a row may take in a file.
	fileRoom = 1_000
	// importProfile is how long the profile of an import is taken, in seconds.
	importProfile = 15
	jobLook       = 50 * time.Millisecond
	// savedFrom is the number of the first customer that people save meanwhile, behind those of all files.
	savedFrom = 50_000_000
)

// importing is a server that takes files in, and a store that takes the same documents.
type importing struct {
	ImportConfig
	server   *side
	operator string
	raw      *rawIntake
	self     *side // this process, which the raw store runs in
	next     int64
	idle     float64 // MB, after the start and before anybody has signed in
}

// Import lets a server of its own import files of a form of twenty fields with a unique telephone number, search
// and history, and prints rows per second of processor time beside those of the raw store that writes the same
// documents, the memory that it takes, and what people wait who save at the same time.
func Import(ctx context.Context, config ImportConfig) (err error) {
	i := &importing{ImportConfig: config, self: &side{}}
	if i.self.process, err = thisProcess(); err != nil {
		return err
	}
	if i.operator, err = freeAddr(ctx); err != nil {
		return err
	}
	i.server = &side{
		name: "Tidewater", speaks: tidewaterAPI{}, cores: config.Cores, clock: config.Clock, log: filepath.Join(config.Folder, "server.log"),
		command: func(addr string) []string {
			return []string{
				config.Self, "serve", "--store", filepath.Join(config.Folder, "data"), "--addr", addr, "--operator", i.operator,
				"--import-bytes", fmt.Sprint(max(300<<20, int64(config.Rows)*fileRoom)),
			}
		},
	}
	if err := i.furnish(ctx); err != nil {
		return err
	}
	if i.raw, err = openRawIntake(ctx, filepath.Join(config.Folder, "raw.db"), config.Clock); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.raw.store.Close(), i.server.stop()) }()
	if _, err := i.server.start(ctx); err != nil {
		return err
	}
	if err := i.restIdle(ctx); err != nil {
		return err
	}
	if err := i.server.signIn(ctx); err != nil {
		return err
	}
	return i.measure(ctx)
}

func thisProcess() (*exec.Cmd, error) {
	p, err := os.FindProcess(os.Getpid())
	return &exec.Cmd{Process: p}, err
}

// furnish makes the tenant and its people, while no server runs.
func (i *importing) furnish(ctx context.Context) (err error) {
	app, err := intakeApp()
	if err != nil {
		return err
	}
	tenants, err := tenant.Open(tenant.Config{At: tenant.Folder(filepath.Join(i.Folder, "data")), Clock: i.Clock, Log: i.Log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tenants.Close()) }()
	door := signin.New(signin.Config{Tenants: tenants, Passwords: signin.NewPasswords(), Clock: i.Clock})
	_, err = tenants.CreateWith(ctx, tenantName, zoneName, func(t *tenant.Tenant) error {
		if _, err := t.Engine.Apps.Install(ctx, app); err != nil {
			return err
		}
		if err := hire(ctx, t, people); err != nil {
			return err
		}
		return door.SetPassword(ctx, t, personID(0), password)
	})
	return err
}

// intakeLap is one file, or as many documents straight into the store.
type intakeLap struct {
	rows      int
	cpu, took time.Duration
}

func (l intakeLap) perProcessor() float64 { return float64(l.rows) / l.cpu.Seconds() }
func (l intakeLap) perSecond() float64    { return float64(l.rows) / l.took.Seconds() }

func (i *importing) measure(ctx context.Context) error {
	fmt.Fprintf(i.Out, `import of csv over HTTP: files of %d rows of %d fields, one unique, %d searched, with history and events; GOMAXPROCS %d
%d rounds in turns with the raw store that writes the same documents, %d in a transaction, after %d rows of warm-up;
the median [least – most]; processor time from /proc/<pid>/stat, with what follows from an import

`, i.Rows, len(intakeFields()), len(i.raw.form.Searched), i.Cores, i.Rounds, rawBatch, warmRows)
	if _, err := i.file(ctx, warmRows); err != nil {
		return err
	}
	var ours, raw []intakeLap
	for round := range i.Rounds {
		laps := []func() error{
			func() error { l, err := i.file(ctx, i.Rows); ours = append(ours, l); return err },
			func() error { l, err := i.straight(ctx, i.Rows); raw = append(raw, l); return err },
		}
		if round%2 == 1 {
			slices.Reverse(laps)
		}
		if err := errors.Join(laps[0](), laps[1]()); err != nil {
			return err
		}
	}
	if i.Rounds > 0 {
		i.print(ours, raw)
	}
	if err := i.beside(ctx); err != nil {
		return err
	}
	_, peak, err := i.server.memory()
	if err != nil {
		return err
	}
	fmt.Fprintf(i.Out, "memory      %.0f MB idle after the start, %.0f MB at most: %.0f MB above idle (mark %d: %s)\n",
		i.idle, peak, peak-i.idle, importMemory, met(peak-i.idle <= importMemory))
	return i.profile(ctx)
}

// restIdle notes what the server takes at rest, and has its peak of memory counted anew.
func (i *importing) restIdle(ctx context.Context) (err error) {
	if err := i.server.rest(ctx); err != nil {
		return err
	}
	if i.idle, _, err = i.server.memory(); err != nil {
		return err
	}
	return i.server.forgetPeak()
}

func met(yes bool) string {
	if yes {
		return "met"
	}
	return "NOT MET"
}

func (i *importing) print(ours, raw []intakeLap) {
	row := func(name string, all []intakeLap) {
		cpu := spreadBy(len(all), func(n int) float64 { return all[n].perProcessor() })
		clock := spreadBy(len(all), func(n int) float64 { return all[n].perSecond() })
		fmt.Fprintf(i.Out, "%-11s %8.0f rows per processor second [%.0f – %.0f], %8.0f rows/s by the clock [%.0f – %.0f]\n",
			name, cpu.middle, cpu.least, cpu.most, clock.middle, clock.least, clock.most)
	}
	row("import", ours)
	row("raw store", raw)
	r := spreadBy(len(ours), func(n int) float64 { return raw[n].perProcessor() / ours[n].perProcessor() })
	rate := spreadBy(len(ours), func(n int) float64 { return ours[n].perProcessor() }).middle
	verdict := "NOT MET"
	switch {
	case rate >= importAim:
		verdict = "aim met"
	case rate >= importFloor:
		verdict = "floor met"
	}
	fmt.Fprintf(i.Out, "            an import costs %.2f× [%.2f – %.2f] of the raw store (aim %d rows, floor %d: %s)\n",
		r.middle, r.least, r.most, importAim, importFloor, verdict)
}

// beside imports a file while people save, and tells what they wait.
func (i *importing) beside(ctx context.Context) error {
	var (
		wait sync.WaitGroup
		mu   sync.Mutex
		took []time.Duration
		errs []error
		next int64 = savedFrom
	)
	saving, stop := context.WithCancel(ctx)
	defer stop()
	save := func() error {
		mu.Lock()
		next++
		n := next
		mu.Unlock()
		began := i.Clock()
		_, err := i.server.ask(ctx, i.server.speaks.create(intakeRow(n)))
		mu.Lock()
		defer mu.Unlock()
		took = append(took, i.Clock().Sub(began))
		return err
	}
	lap, err := i.fileBeside(ctx, i.Rows, func() {
		for range savers {
			wait.Go(func() {
				tick := time.NewTicker(savePause)
				defer tick.Stop()
				for {
					select {
					case <-saving.Done():
						return
					case <-tick.C:
					}
					if err := save(); err != nil {
						mu.Lock()
						errs = append(errs, err)
						mu.Unlock()
						return
					}
				}
			})
		}
	}, func() { stop(); wait.Wait() })
	if err := errors.Join(append(errs, err)...); err != nil {
		return err
	}
	if len(took) == 0 {
		return errors.New("nobody saved anything during an import: too few rows")
	}
	ms := within(took)
	fmt.Fprintf(i.Out, "saves       %d by %d people during an import of %.0f rows/s: half within %.0f ms, 99 in 100 within %.0f ms (mark %d: %s), all within %.0f ms\n",
		len(took), savers, lap.perSecond(), ms(0.5), ms(0.99), importSaves, met(ms(0.99) <= importSaves), ms(1))
	return nil
}

// file imports one file and nothing else.
func (i *importing) file(ctx context.Context, rows int) (intakeLap, error) {
	return i.fileBeside(ctx, rows, func() {}, func() {})
}

// fileBeside imports one file. begin starts what happens beside the import, and end ends it.
func (i *importing) fileBeside(ctx context.Context, rows int, begin, end func()) (lap intakeLap, err error) {
	id, err := i.upload(ctx, rows)
	if err != nil {
		return lap, err
	}
	if err := i.server.rest(ctx); err != nil {
		return lap, err
	}
	before, err := i.server.cpu()
	if err != nil {
		return lap, err
	}
	began := i.Clock()
	job, err := i.ask(ctx, id)
	if err != nil {
		return lap, err
	}
	begin()
	err = i.ended(ctx, job, rows)
	lap.took = i.Clock().Sub(began)
	end()
	if err != nil {
		return lap, err
	}
	if err := i.server.rest(ctx); err != nil {
		return lap, err
	}
	after, err := i.server.cpu()
	lap.rows, lap.cpu = rows, after-before
	return lap, err
}

// upload sends a file with the next rows.
func (i *importing) upload(ctx context.Context, rows int) (id string, err error) {
	from, to := io.Pipe()
	first := i.next
	i.next += int64(rows)
	go func() { to.CloseWithError(writeIntake(to, first, int64(rows))) }()
	request, err := nethttp.NewRequestWithContext(ctx, nethttp.MethodPost, i.server.url+"/api/v1/files?name=customers.csv&for=import", from)
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "text/csv")
	answer, err := i.server.answer(request)
	if err != nil {
		return "", err
	}
	var made struct{ ID string }
	return made.ID, errors.Join(json.Unmarshal(answer, &made), from.Close())
}

// ask asks for the import of an uploaded file, each column into the field of its name.
func (i *importing) ask(ctx context.Context, file string) (job string, err error) {
	var columns []map[string]string
	for _, field := range intakeFields() {
		columns = append(columns, map[string]string{"column": field, "field": field})
	}
	answer, err := i.server.ask(ctx, post(tidewaterAPI{}.at("import"), map[string]any{
		"file": file, "plan": map[string]any{"mode": "create", "columns": columns},
	}))
	if err != nil {
		return "", err
	}
	var made struct{ ID string }
	err = json.Unmarshal(answer, &made)
	return made.ID, err
}

// ended waits for an import, and holds that it made a record of each row.
func (i *importing) ended(ctx context.Context, job string, rows int) error {
	look := time.NewTicker(jobLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
		answer, err := i.server.ask(ctx, get("/api/v1/jobs/"+job, nil))
		if err != nil {
			return err
		}
		var told struct {
			State  string
			Report struct{ Counts map[string]int }
		}
		if err := json.Unmarshal(answer, &told); err != nil {
			return err
		}
		switch {
		case told.State == "queued" || told.State == "running":
		case told.State == "done" && told.Report.Counts["made"] == rows:
			return nil
		default:
			return fmt.Errorf("the import is %.2000s", answer)
		}
	}
}

// straight writes as many documents into the raw store.
func (i *importing) straight(ctx context.Context, rows int) (lap intakeLap, err error) {
	batches, err := i.raw.draw(i.next, rows)
	if err != nil {
		return lap, err
	}
	i.next += int64(rows)
	before, err := i.self.cpu()
	if err != nil {
		return lap, err
	}
	began := i.Clock()
	for _, batch := range batches {
		if err := i.raw.write(ctx, batch); err != nil {
			return lap, err
		}
	}
	lap.took = i.Clock().Sub(began)
	after, err := i.self.cpu()
	lap.rows, lap.cpu = rows, after-before
	return lap, err
}

// profile leaves profiles of one more import in the folder asked for.
func (i *importing) profile(ctx context.Context) error {
	if i.Profiles == "" {
		return nil
	}
	if err := os.MkdirAll(i.Profiles, 0o750); err != nil {
		return err
	}
	keep := func(name, path string) error {
		operator := *i.server
		operator.url, operator.client = "http://"+i.operator, &nethttp.Client{}
		text, err := operator.ask(ctx, get(path, nil))
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(i.Profiles, name+".prof"), text, 0o600)
	}
	ended := make(chan error, 1)
	_, err := i.fileBeside(ctx, i.Rows, func() {
		go func() { ended <- keep("import", fmt.Sprintf("/debug/pprof/profile?seconds=%d", importProfile)) }()
	}, func() {})
	return errors.Join(err, <-ended, keep("import-memory", "/debug/pprof/allocs"))
}

// within tells within how many milliseconds a share of what was timed was done; it sorts it.
func within(took []time.Duration) func(share float64) float64 {
	slices.Sort(took)
	return func(share float64) float64 {
		return float64(took[min(len(took)-1, int(share*float64(len(took))))]) / float64(time.Millisecond)
	}
}
