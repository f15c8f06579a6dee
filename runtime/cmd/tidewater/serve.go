package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	adminhttp "tidewater/admin/http"
	"tidewater/engine/fault"
	"tidewater/runtime/egress"
	"tidewater/runtime/files"
	"tidewater/runtime/http"
	"tidewater/runtime/web"
)

// finish is how long requests under way may take after the program is told to end.
const finish = 20 * time.Second

// settings are what a server is told by its flags.
type settings struct {
	addr, operator string
	secure         bool
	proxies        []netip.Prefix
	files          files.Limits
}

func (p *program) serve(ctx context.Context, args []string) error {
	set := p.flags("serve")
	config := set.String("config", "", "a JSON file with the same names as the flags; flags win")
	addr := set.String("addr", "127.0.0.1:8080", "where to listen")
	place := storeFlag(set)
	operator := set.String("operator", "", "where to serve /metrics and /debug/pprof/, for the operator only; empty: nowhere")
	secure := set.Bool("https", false, "browsers reach this server by https, through a proxy; assumed unless listening on loopback")
	proxies := set.String("proxies", "", "networks of proxies whose X-Forwarded-For is believed, with commas")
	var limits files.Limits
	set.Int64Var(&limits.File, "file-bytes", files.Defaults().File, "how large one file may be")
	set.Int64Var(&limits.Import, "import-bytes", files.Defaults().Import, "how large one file may be that is brought for an import")
	set.Int64Var(&limits.Tenant.Bytes, "files-bytes", files.Defaults().Tenant.Bytes, "how large all files of a tenant may be together")
	set.Int64Var(&limits.Tenant.Files, "files-count", files.Defaults().Tenant.Files, "how many files a tenant may keep")
	set.Int64Var(&limits.Pixels, "picture-pixels", files.Defaults().Pixels, "how many pixels a picture may have of which a thumbnail is made")
	set.BoolVar(&p.insecure, "insecure-scripts", false, "run scripts although this system cannot shut them in; for trusted authors only")
	closed := set.Bool("no-script-http", false, "let no script reach other hosts")
	inside := set.String("script-hosts", "", "hosts inside, as host or host:port with commas, that scripts, mail and webhooks may reach; they reach those of the public internet anyway")
	set.StringVar(&p.home, "home", "", "the address of the web app, such as https://crm.example.com, which messages to people lead to; empty: they lead nowhere")
	set.StringVar(&p.keyFile, "key-file", "", "the file of the operator's key, which seals what tenants keep secret; empty: $TIDEWATER_KEY_FILE, else the key itself in base64 in $TIDEWATER_KEY, else operator.key in the data folder, made where it is missing")
	if err := parse(set, args, 0, 0); err != nil {
		return err
	}
	if err := readConfig(set, *config); err != nil {
		return err
	}
	p.outward, p.scriptsAsk = egress.New(egress.Config{Internal: listed(*inside)}), !*closed
	if err := checkHome(p.home); err != nil {
		return err
	}
	trusted, err := networks(*proxies)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	w, err := p.open(*place)
	if err != nil {
		return err
	}
	if len(w.tenants.List()) == 0 {
		err = p.createTenant(ctx, w, newTenant{name: "main", zone: defaultZone})
		if fault.CodeOf(err) == "tenant.taken" {
			err = nil // another process began at the same time, and was first
		}
	}
	if err == nil {
		err = p.listen(ctx, w, settings{*addr, *operator, *secure || !onLoopback(*addr), trusted, limits})
	}
	return w.close(err)
}

// checkHome holds that the address of the web app is one.
func checkHome(home string) error {
	at, err := url.Parse(home)
	if home != "" && (err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" || at.RawQuery != "" || at.Fragment != "") {
		return fmt.Errorf("%w: -home is no address", errUsage)
	}
	return nil
}

// listed takes a list with commas apart.
func listed(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func networks(list string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range listed(list) {
		n, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// onLoopback tells whether an address is reached from this machine only.
func onLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// garbage is how far the heap may grow, in percent of what lives, before it is cleared: what lives is some ten
// megabytes, so that memory is cheaper here than clearing twice as often.
const garbage = 300

// growAsServed lets the heap of this process grow as that of a server, unless its environment says otherwise.
func growAsServed() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
}

// listen serves until ctx ends or the program is told to, then finishes what it has begun.
func (p *program) listen(ctx context.Context, w *world, s settings) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	growAsServed()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.addr)
	if err != nil {
		return fault.New(fault.Unavailable, "config.invalid").With("name", "addr").Because(err)
	}
	pages, err := web.New()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := http.New(http.Config{
		Tenants: w.tenants, SignIn: w.signin, Texts: w.texts, Log: p.log, Clock: p.clock,
		Version: version, Scripts: w.scripts.State(), Secure: s.secure, Proxies: s.proxies, Files: s.files, Pages: pages,
		Routes:   adminhttp.Routes(adminhttp.Config{SignIn: w.signin, Texts: w.texts, Clock: p.clock, NewID: w.tenants.NewID}),
		Describe: adminhttp.Describe,
	})
	if s.operator != "" {
		if err := p.operate(ctx, server, s.operator); err != nil {
			return errors.Join(err, listener.Close())
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	p.say("Tidewater is ready on http://%s\n", listener.Addr())
	var attending sync.WaitGroup
	attending.Go(func() { w.tenants.Attend(ctx) })
	defer func() { stop(); attending.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	p.log.Info("stopping")
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), finish)
	defer cancel()
	err = server.Shutdown(last)
	// A server that was told to end before it had begun knows nothing of its listener.
	if closed := listener.Close(); closed != nil && !errors.Is(closed, net.ErrClosed) {
		err = errors.Join(err, closed)
	}
	if served := <-ended; served != nil && !errors.Is(served, net.ErrClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// operate opens the operator's port.
func (p *program) operate(ctx context.Context, server *http.Server, addr string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fault.New(fault.Unavailable, "config.invalid").With("name", "operator").Because(err)
	}
	go func() {
		if err := server.ServeOperator(listener); err != nil && !errors.Is(err, net.ErrClosed) {
			p.log.Error("operator", "error", err.Error())
		}
	}()
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	return nil
}
