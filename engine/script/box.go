package script

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"tidewater/engine/fault"
)

// Box is one tenant's way to run scripts: its share of the workers, what it has used, and which of its
// scripts are suspended. It is safe for concurrent use.
type Box struct {
	pool   *Pool
	tenant string
	places map[Class]*semaphore.Weighted

	mu        sync.Mutex
	budgets   map[Class]*allowance
	figures   map[string]*Figures   // by name and digest
	shared    map[string]Suspension // that count in every process, by name
	suspended func(Suspension)      // nil: nobody hears of it
}

// Box returns the box of a tenant.
func (p *Pool) Box(tenant string) *Box {
	p.mu.Lock()
	defer p.mu.Unlock()
	b, ok := p.boxes[tenant]
	if !ok {
		b = &Box{pool: p, tenant: tenant, figures: map[string]*Figures{}, places: map[Class]*semaphore.Weighted{}, budgets: map[Class]*allowance{}}
		for class, share := range p.share {
			b.places[class] = semaphore.NewWeighted(share)
			b.budgets[class] = &allowance{most: budgets[class]}
		}
		p.boxes[tenant] = b
	}
	return b
}

// Walled tells whether workers are shut in by the system.
func (b *Box) Walled() bool { return b.pool.Walled() }

// Runs tells whether scripts run here at all.
func (b *Box) Runs() bool { return b.pool.Runs() }

// Run runs a script. The result has a Report also where the run failed. Faults: Invalid "script.…" for what
// the script itself did, Unavailable "script.busy", "script.starved", "script.suspended", "script.noWorker", Throttled
// "script.budget".
func (b *Box) Run(ctx context.Context, class Class, s Script, call Call, host Host) (*Result, error) {
	const op = "script.run"
	out := &Result{Effects: []Effect{}, Refused: []Refusal{}, Report: Report{Log: []LogLine{}, Limit: s.Limits.used()}}
	if err := b.mayRun(class, s); err != nil {
		return out, fault.Wrap(op, err)
	}
	at, err := b.enter(ctx, class)
	if err != nil {
		return out, fault.Wrap(op, err)
	}
	defer at.leave()
	w, err := b.pool.take(b.tenant)
	if err != nil {
		return out, fault.Wrap(op, err)
	}
	// Whoever works for long, or asks another host, leaves the place to others meanwhile.
	d := &dialogue{host: host, limits: s.Limits, http: s.HTTP, leaves: func() { at.overstay(w) }}
	got, took, err := w.run(ctx, s, call, d)
	w.busy += took
	b.pool.give(w, err == nil && !w.killed.Load() && !spoils(got))
	out.Used = d.used
	out.Used.Milliseconds = took.Milliseconds()
	if words := w.last.String(); err != nil && words != "" {
		err = fmt.Errorf("%w; %s", err, words)
	}
	if ctx.Err() != nil && err != nil {
		return out, ctx.Err()
	}
	verdict := out.take(s, got, d, err)
	b.note(class, s, took, verdict)
	return out, fault.Wrap(op, verdict)
}

// run has a worker run a script, and returns the processor time that this took.
func (w *worker) run(ctx context.Context, s Script, call Call, d *dialogue) (*done, time.Duration, error) {
	req := running{Source: source{Digest: s.Digest}, Call: call, Budget: budget{Instructions: s.Limits.Instructions, Memory: s.Limits.Memory}}
	if !w.knows[s.Digest] {
		req.Source.Text = s.Source
	}
	waits := time.Duration(0)
	if s.HTTP {
		waits = maxOutside
	}
	got, took, err := w.converse(ctx, timed{s.Limits.Time, d.leaves, waits}, request{Run: &req}, d.answer)
	if err != nil {
		return nil, took, err
	}
	if got.Done == nil {
		return nil, took, errTurn
	}
	if got.Done.Changed, err = exactMap(got.Done.Changed); err == nil {
		got.Done.Value, err = exact(got.Done.Value)
	}
	if err != nil {
		return nil, took, err
	}
	// The worker keeps every source that it could read, up to the same number.
	if failed := got.Done.Failed; len(w.knows) < maxProtos && (failed == nil || failed.Code != "script.syntax") {
		w.knows[s.Digest] = true
	}
	return got.Done, took, nil
}

// spoils tells whether a worker has said that it ends.
func spoils(d *done) bool {
	return d != nil && d.Failed != nil && (d.Failed.Code == "script.died" || d.Failed.Code == "script.memory")
}

// take makes the result of what a worker said, and returns why the run failed.
func (r *Result) take(s Script, got *done, d *dialogue, err error) error {
	switch {
	case errors.Is(err, errStarved):
		return fault.New(fault.Unavailable, "script.starved").With("script", s.Name)
	case errors.Is(err, errTime):
		return s.fault("script.time", lineFault{}, nil)
	case err != nil:
		return s.fault("script.died", lineFault{}, err)
	}
	r.Log, r.Trace = append(r.Log, clip(got.Log, maxLog)...), clip(got.Trace, maxTrace)
	r.LinesRun, r.LinesWithCode = clip(got.LinesRun, maxCovered), clip(got.LinesWithCode, maxCovered)
	r.Used.Instructions, r.Used.Memory = got.Instructions, got.Memory
	switch {
	case d.over != "":
		at := lineFault{}
		if got.Failed != nil {
			at.Line = got.Failed.Line
		}
		return s.fault(d.over, at, nil)
	case got.Failed != nil:
		return s.fault(known(got.Failed.Code), *got.Failed, d.refused)
	}
	r.Changed, r.Value, r.Effects = got.Changed, got.Value, append(r.Effects, d.effects...)
	r.Refused = append(r.Refused, clip(got.Refused, maxRefused)...)
	return nil
}

func clip[T any](list []T, most int) []T {
	if len(list) > most {
		return list[:most]
	}
	return list
}

// known is a code that a worker may use; for any other, that it has died.
func known(code string) string {
	if slices.Contains([]string{"script.failed", "script.syntax", "script.instructions", "script.memory", "script.tooMuch"}, code) {
		return code
	}
	return "script.died"
}

// fault says what went wrong, where, with three lines of the source around it.
func (s Script) fault(code string, at lineFault, cause error) *fault.Error {
	f := fault.New(fault.Invalid, code).With("script", s.Name).With("line", at.Line).With("text", clipped(at.Text)).Because(cause)
	return f.With("source", Excerpt(s.Source, at.Line))
}

// Excerpt is a line of a source with the one before and the one after it, each with its number; "" where
// there is no such line.
func Excerpt(source string, line int) string {
	lines := strings.Split(source, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	var b strings.Builder
	for n := max(line-1, 1); n <= min(line+1, len(lines)); n++ {
		mark := "  "
		if n == line {
			mark = "> "
		}
		b.WriteString(mark + strconv.Itoa(n) + " " + clipped(strings.TrimRight(lines[n-1], "\r")) + "\n")
	}
	return b.String()
}

// Check reads a script and tells what is wrong with it; nothing of it runs. Each issue has the line.
func (b *Box) Check(ctx context.Context, s Script) (fault.Issues, error) {
	const op = "script.check"
	if len(s.Source) > MaxSource {
		return fault.Issues{{Code: "script.tooLong", Args: fault.Args{"max": MaxSource}}}, nil
	}
	if !b.pool.Runs() {
		return nil, fault.New(fault.Unavailable, "script.noWalls").In(op)
	}
	at, err := b.enter(ctx, Waiting)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	defer at.leave()
	w, err := b.pool.take(b.tenant)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	got, took, err := w.converse(ctx, timed{limit: checkTime, overstays: func() { at.overstay(w) }}, request{Check: &source{Digest: s.Digest, Text: s.Source, HTTP: s.HTTP}}, nil)
	if err == nil && got.Checked == nil {
		err = errTurn
	}
	w.busy += took
	b.pool.give(w, err == nil && !w.killed.Load())
	if err != nil {
		return fault.Issues{{Code: "script.died", Args: fault.Args{"script": s.Name, "line": 0, "text": ""}}}, nil
	}
	var issues fault.Issues
	for _, f := range clip(got.Checked.Faults, maxRefused) {
		code := f.Code
		if code != "script.http" {
			code = "script.syntax"
		}
		issues = append(issues, fault.Issue{Code: code, Line: f.Line, Col: 1, Args: fault.Args{
			"script": s.Name, "line": f.Line, "text": clipped(f.Text), "source": Excerpt(s.Source, f.Line),
		}})
	}
	return issues, nil
}

// checkTime is how long reading a source may take.
const checkTime = 5 * time.Second
