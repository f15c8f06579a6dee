package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	nethttp "net/http"
	"path/filepath"
	"sync/atomic"

	"tidewater/engine/message"
	"tidewater/engine/store"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/value"
	"tidewater/runtime/http"
	"tidewater/runtime/signin"
	"tidewater/runtime/tenant"
)

const (
	people     = 20 // each sees their own customers only, a twentieth of all
	role       = "sales"
	form       = value.FormKey("customer")
	tenantName = "bench"
	zoneName   = "Asia/Shanghai"
	// most is how many requests are under way at most.
	most = 16
)

// site is a server with its one tenant, a copy of the tenant's store that nobody else uses, and a client.
type site struct {
	Config
	tenants *tenant.Directory
	tenant  *tenant.Tenant
	release func()
	raw     store.Store
	server  *http.Server
	ended   chan error
	client  *nethttp.Client
	url     string
	token   string
	actor   value.Actor
	next    atomic.Int64
}

func open(ctx context.Context, config Config) (*site, error) {
	return openWith(ctx, config, func(ctx context.Context, s *site) error { return s.furnish(ctx) })
}

// openWith opens a folder whose tenant somebody else makes.
func openWith(ctx context.Context, config Config, furnish func(context.Context, *site) error) (s *site, err error) {
	s = &site{Config: config, ended: make(chan error, 1), release: func() {}}
	s.next.Store(int64(config.Records))
	s.client = &nethttp.Client{Transport: &nethttp.Transport{MaxIdleConnsPerHost: most, MaxConnsPerHost: most}}
	s.tenants, err = tenant.Open(tenant.Config{At: tenant.Folder(config.Folder), Clock: config.Clock, Log: config.Log, Scripts: config.Scripts})
	if err != nil {
		return nil, err
	}
	if err := furnish(ctx, s); err != nil {
		return nil, errors.Join(err, s.close(ctx))
	}
	return s, nil
}

func (s *site) furnish(ctx context.Context) error {
	entry, err := s.tenants.CreateWith(ctx, tenantName, zoneName, func(t *tenant.Tenant) error {
		if _, err := t.Engine.Apps.Install(ctx, s.App); err != nil {
			return err
		}
		return stock(ctx, t, s.Records, people)
	})
	if err != nil {
		return err
	}
	if s.tenant, s.release, err = s.tenants.Use(ctx, entry.ID); err != nil {
		return err
	}
	s.actor, _ = s.tenant.People.Org().Actor(personID(0))
	if err := s.copyStore(ctx); err != nil {
		return err
	}
	return s.serve(ctx)
}

// copyStore makes the store of the raw baseline: what the tenant has, in a file of its own.
func (s *site) copyStore(ctx context.Context) (err error) {
	const name = "raw"
	path := filepath.Join(s.Folder, name+".db")
	if err := s.tenant.Store.Backup(ctx, path); err != nil {
		return err
	}
	if err := sqlite.Adopt(ctx, path, name); err != nil {
		return err
	}
	raw, err := sqlite.Open(ctx, path, name)
	if err != nil {
		return err
	}
	s.raw = raw
	return raw.Prepare(ctx, s.tenant.Engine.Catalog().Layouts(), func(int, int) {})
}

// serve answers on a free port of the loopback address, and signs the first salesperson in.
func (s *site) serve(ctx context.Context) error {
	texts, err := message.Load()
	if err != nil {
		return err
	}
	service := signin.New(signin.Config{Tenants: s.tenants, Passwords: signin.NewPasswords(), Clock: s.Clock})
	if err := service.SetPassword(ctx, s.tenant, personID(0), password); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.url = "http://" + listener.Addr().String()
	s.server = http.New(http.Config{
		Tenants: s.tenants, SignIn: service, Texts: texts, Log: s.Log, Clock: s.Clock, Version: "bench",
	})
	go func() { s.ended <- s.server.Serve(listener) }()
	granted, err := service.SignIn(ctx, signin.Login{
		Tenant: tenantName, Username: string(personID(0)), Password: password, Addr: "127.0.0.1", Kind: signin.Token,
	})
	if err != nil {
		return fmt.Errorf("signing in: %w", err)
	}
	s.token = granted.Secret
	return nil
}

// password is of a tenant that is gone when the run is over.
const password = "a tide gauge keeper"

func (s *site) close(ctx context.Context) error {
	var errs []error
	if s.server != nil {
		s.client.CloseIdleConnections()
		errs = append(errs, s.server.Shutdown(context.WithoutCancel(ctx)), <-s.ended)
	}
	s.release()
	if s.raw != nil {
		errs = append(errs, s.raw.Close())
	}
	return errors.Join(append(errs, s.tenants.Close())...)
}
