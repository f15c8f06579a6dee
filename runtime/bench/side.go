package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	// startTime is how long a server may take to answer, endTime how long to end.
	startTime = time.Minute
	endTime   = 30 * time.Second
	// knock is how long to wait between two tries.
	knock = time.Millisecond
)

// side is one of the two servers that are compared: a child process, and a client of it.
type side struct {
	name    string
	speaks  dialect
	cores   int
	clock   func() time.Time
	log     string // a file with what the process says
	command func(addr string) []string

	process *exec.Cmd
	said    *os.File
	url     string
	token   string
	client  *nethttp.Client
	next    int64 // the number of the last customer made
}

// start starts the process and returns how long it took until it answered with a page of records, or, where
// nobody has signed in yet, until it took connections.
func (s *side) start(ctx context.Context) (took time.Duration, err error) {
	addr, err := freeAddr(ctx)
	if err != nil {
		return 0, err
	}
	if s.said, err = os.OpenFile(filepath.Clean(s.log), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		return 0, err
	}
	args := s.command(addr)
	// The context of the run ends it too, but only after it was asked to.
	s.process = exec.Command(args[0], args[1:]...) //nolint:gosec,noctx // our own two programs; stop ends them
	s.process.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", s.cores))
	s.process.Stdout, s.process.Stderr = s.said, s.said
	s.url = "http://" + addr
	s.client = &nethttp.Client{Transport: &nethttp.Transport{
		MaxIdleConnsPerHost: most, MaxConnsPerHost: most, DisableCompression: true,
	}}
	began := s.clock()
	if err := s.process.Start(); err != nil {
		return 0, errors.Join(err, s.said.Close())
	}
	for {
		err := s.isThere(ctx, addr)
		took = s.clock().Sub(began)
		if err == nil {
			return took, nil
		}
		if took > startTime || ctx.Err() != nil {
			return took, errors.Join(fmt.Errorf("%s does not answer: %w\n%s", s.name, err, s.lastWords()), s.stop())
		}
		time.Sleep(knock)
	}
}

func (s *side) isThere(ctx context.Context, addr string) error {
	if s.token != "" {
		_, err := s.ask(ctx, s.speaks.page(""))
		return err
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	return conn.Close()
}

func freeAddr(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// lastWords are the end of what the process has said.
func (s *side) lastWords() string {
	text, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}

// stop ends the process, gently if it lets itself be. It may be called when there is none.
func (s *side) stop() error {
	if s.process == nil {
		return nil
	}
	s.client.CloseIdleConnections()
	ended := make(chan error, 1)
	go func(p *exec.Cmd) { ended <- p.Wait() }(s.process)
	err := s.process.Process.Signal(syscall.SIGTERM)
	select {
	case how := <-ended:
		err = errors.Join(err, how)
	case <-time.After(endTime):
		err = errors.Join(err, s.process.Process.Kill(), <-ended)
	}
	s.process = nil
	return errors.Join(err, s.said.Close())
}

// signIn gets a token that outlives the process.
func (s *side) signIn(ctx context.Context) error {
	answer, err := s.ask(ctx, s.speaks.signIn())
	if err != nil {
		return err
	}
	told, err := s.speaks.read(answer)
	if err == nil && told.token == "" {
		err = fmt.Errorf("%s gives no token: %s", s.name, answer)
	}
	s.token = told.token
	return err
}

// ask sends a call and returns the whole answer; any status but a good one is an error.
func (s *side) ask(ctx context.Context, c call) (answer []byte, err error) {
	request, err := nethttp.NewRequestWithContext(ctx, c.method, s.url+c.path, bytes.NewReader(c.body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	return s.answer(request)
}

func (s *side) answer(request *nethttp.Request) (answer []byte, err error) {
	request.Header.Set("Authorization", "Bearer "+s.token)
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	answer, err = io.ReadAll(response.Body)
	err = errors.Join(err, response.Body.Close())
	if err == nil && response.StatusCode >= nethttp.StatusBadRequest {
		err = fmt.Errorf("%s: %s %s answers %d: %.300s", s.name, request.Method, request.URL.RequestURI(), response.StatusCode, answer)
	}
	return answer, err
}

// learn asks and reads.
func (s *side) learn(ctx context.Context, c call) (reply, error) {
	answer, err := s.ask(ctx, c)
	if err != nil {
		return reply{}, err
	}
	return s.speaks.read(answer)
}
