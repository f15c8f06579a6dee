package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tidewater/engine/script"
)

// asProgram makes the test's own binary be the program, so that a test can kill a real process.
const asProgram = "TIDEWATER_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" || script.IsWorker(os.Args) {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is a server in a process of its own.
type process struct {
	cmd     *exec.Cmd
	address string
	out     *output
}

func start(ctx context.Context, t *testing.T, folder string, more ...string) *process {
	t.Helper()
	p := &process{out: &output{ready: make(chan string, 1)}}
	p.cmd = exec.CommandContext(ctx, os.Args[0], append([]string{"serve", "--addr", "127.0.0.1:0", "--store", folder}, more...)...)
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // it may have ended long ago
	select {
	case p.address = <-p.out.ready:
	case <-ctx.Done():
		t.Fatalf("not ready in time: %s", p.out)
	}
	return p
}

func (p *process) end(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil && signal != syscall.SIGKILL {
		t.Fatalf("%v: %s", err, p.out)
	}
}

// stock is a product as the API shows it. A writer sets note to the same number that is in the name.
type stock struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Values  struct {
		Name string `json:"name"`
		Note string `json:"note"`
	} `json:"values"`
}

// call sends JSON; an error is what a killed server leaves of a request.
func call(ctx context.Context, method, url, token, match string, body, into any) (int, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	if match != "" {
		req.Header.Set("If-Match", match)
	}
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, json.Unmarshal(answer, into)
}

// tokenOf signs the first administrator in.
func tokenOf(ctx context.Context, t *testing.T, address, password string) string {
	t.Helper()
	var got struct {
		Token string `json:"token"`
	}
	body := map[string]string{"tenant": "acme", "username": "admin", "password": password}
	status, err := call(ctx, http.MethodPost, address+"/api/v1/auth/token", "", "", body, &got)
	if err != nil || status != http.StatusOK {
		t.Fatalf("signing in: %d %v", status, err)
	}
	return got.Token
}

func contents(name string) map[string]any {
	return map[string]any{"values": map[string]any{"name": name, "note": name, "price": "1.10"}}
}

// write creates and changes products until the server is gone, and returns what it was told is kept.
func write(ctx context.Context, t *testing.T, url, token, who string, done *atomic.Int64) []stock {
	var kept []stock
	for n := 0; ; n++ {
		var made stock
		status, err := call(ctx, http.MethodPost, url, token, "", contents(fmt.Sprintf("%s-%d", who, n)), &made)
		if err != nil {
			return kept
		}
		if status != http.StatusCreated {
			t.Errorf("creating: %d", status)
			return kept
		}
		kept = append(kept, made)
		done.Add(1)
		var changed stock
		status, err = call(ctx, http.MethodPatch, url+"/"+made.ID, token, strconv.FormatInt(made.Version, 10), contents(made.Values.Name+"-again"), &changed)
		if err != nil {
			return kept
		}
		if status != http.StatusOK {
			t.Errorf("changing: %d", status)
			return kept
		}
		kept[len(kept)-1] = changed
		done.Add(1)
	}
}

// killWhileWriting lets four writers run until so many answers have come, kills the server under them,
// and returns what was answered.
func killWhileWriting(ctx context.Context, t *testing.T, p *process, token string, round int, answers int64) []stock {
	t.Helper()
	var done atomic.Int64
	var all sync.WaitGroup
	lists := make([][]stock, 4)
	for i := range lists {
		all.Go(func() {
			lists[i] = write(ctx, t, p.address+"/api/v1/forms/product/records", token, fmt.Sprintf("r%d-w%d", round, i), &done)
		})
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for done.Load() < answers && ctx.Err() == nil {
		<-tick.C
	}
	p.end(t, syscall.SIGKILL)
	all.Wait()
	var kept []stock
	for _, list := range lists {
		kept = append(kept, list...)
	}
	if int64(len(kept)) < answers/2 {
		t.Fatalf("round %d: %d records before the kill, want %d answers: %s", round, len(kept), answers, p.out)
	}
	return kept
}

// kills says how often a server is killed, 3 times unless TIDEWATER_SOAK_KILLS says more, and draws the moments
// from a seed that it prints and that TIDEWATER_KILL_SEED repeats.
func kills(t *testing.T) (rounds int, moment *rand.Rand) {
	t.Helper()
	rounds = 3
	if more := os.Getenv("TIDEWATER_SOAK_KILLS"); more != "" {
		var err error
		if rounds, err = strconv.Atoi(more); err != nil || rounds < 1 {
			t.Fatalf("TIDEWATER_SOAK_KILLS=%q is no number of rounds", more)
		}
	}
	seed := rand.Uint64()
	if given := os.Getenv("TIDEWATER_KILL_SEED"); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("TIDEWATER_KILL_SEED=%d, %d rounds", seed, rounds)
	return rounds, rand.New(rand.NewPCG(seed, 0))
}

func TestAKilledServerKeepsWhatItAnswered(t *testing.T) {
	rounds, moment := kills(t)
	folder := filepath.Join(t.TempDir(), "data")
	shown := onceShown.FindStringSubmatch(does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme"))
	for round := range rounds {
		killOnce(t, folder, shown[1], round, 1+moment.Int64N(120))
	}
}

func killOnce(t *testing.T, folder, password string, round int, answers int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	p := start(ctx, t, folder)
	kept := killWhileWriting(ctx, t, p, tokenOf(ctx, t, p.address, password), round, answers)

	p = start(ctx, t, folder)
	token := tokenOf(ctx, t, p.address, password)
	for _, want := range kept {
		var got stock
		status, err := call(ctx, http.MethodGet, p.address+"/api/v1/forms/product/records/"+want.ID, token, "", nil, &got)
		switch {
		case err != nil || status != http.StatusOK:
			t.Errorf("round %d: %s was answered and is not there: %d %v", round, want.ID, status, err)
		case got.Version < want.Version:
			t.Errorf("round %d: %s has version %d, answered was %d", round, want.ID, got.Version, want.Version)
		case got.Values.Name != got.Values.Note:
			t.Errorf("round %d: %s is half written: %+v", round, want.ID, got.Values)
		}
	}
	p.end(t, syscall.SIGTERM)
	does(t, "verify", "--store", folder, "--tenant", "acme")
}
