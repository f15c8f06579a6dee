package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/notify"
	"tidewater/engine/script"
	"tidewater/runtime/chat"
	"tidewater/runtime/mail"
	"tidewater/runtime/signin"
	"tidewater/runtime/tenant"
	"tidewater/runtime/webhook"
)

// world is an open place of tenants with all that works on it.
type world struct {
	tenants *tenant.Directory
	signin  *signin.Service
	texts   *message.Catalog
	scripts *script.Pool
}

// open opens the place that --store names. Close its tenants when done.
func (p *program) open(at string) (*world, error) {
	address, err := storeAt(at)
	if err != nil {
		return nil, err
	}
	texts, err := message.Load()
	if err != nil {
		return nil, err
	}
	scripts, err := p.scripts()
	if err != nil {
		return nil, err
	}
	config := tenant.Config{At: address, Clock: p.clock, Log: p.log, Scripts: scripts, Carriers: p.carriers(), Outlets: p.outlets(), Home: p.home}
	config.KeyFile, config.Key = p.operatorKey()
	if p.scriptsAsk {
		config.Outward = p.outward
	}
	tenants, err := tenant.Open(config)
	if err != nil {
		return nil, err
	}
	service := signin.New(signin.Config{Tenants: tenants, Passwords: signin.NewPasswords(), Clock: p.clock})
	return &world{tenants: tenants, signin: service, texts: texts, scripts: scripts}, nil
}

// The environment's words on the operator's key, for what says nothing of it: its file, or it itself in base64.
const (
	keyFileVariable = "TIDEWATER_KEY_FILE"
	keyVariable     = "TIDEWATER_KEY"
)

// operatorKey is where the operator's key is, or what it is.
func (p *program) operatorKey() (file, key string) {
	if file = cmp.Or(p.keyFile, os.Getenv(keyFileVariable)); file != "" {
		return file, ""
	}
	return "", os.Getenv(keyVariable)
}

// carriers are the channels by which people are told outside the app.
func (p *program) carriers() map[notify.Channel]notify.Carrier {
	if p.outward == nil {
		return nil
	}
	out := chat.Carriers(chat.Config{Client: p.outward, Clock: p.clock})
	out[notify.Mail] = &mail.Carrier{Dialer: p.outward}
	return out
}

// outlets are groups' robots and other systems.
func (p *program) outlets() map[notify.Channel]notify.Carrier {
	if p.outward == nil {
		return nil
	}
	out := chat.Robots(chat.Config{Client: p.outward, Clock: p.clock})
	out[engine.Webhook] = &webhook.Carrier{Client: p.outward, Clock: p.clock}
	return out
}

// scripts are the workers that scripts run in: none is begun before one is needed.
func (p *program) scripts() (*script.Pool, error) {
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return script.NewPool(script.Config{Program: own, Cores: runtime.GOMAXPROCS(0), Clock: p.clock, Insecure: p.insecure}), nil
}

// close gives the place free; err is what happened before.
func (w *world) close(err error) error {
	err = errors.Join(err, w.tenants.Close())
	w.scripts.Close()
	return err
}

// with opens a place and one of its tenants for the time of do.
func (p *program) with(ctx context.Context, at, name string, do func(*world, *tenant.Tenant) error) error {
	w, err := p.open(at)
	if err != nil {
		return err
	}
	return w.close(w.use(ctx, name, func(t *tenant.Tenant) error { return do(w, t) }))
}

func (w *world) use(ctx context.Context, name string, do func(*tenant.Tenant) error) error {
	entry, known := w.tenants.ByName(name)
	if !known {
		return fault.New(fault.NotFound, "tenant.unknown").With("tenant", name)
	}
	t, release, err := w.tenants.Use(ctx, entry.ID)
	if err != nil {
		return err
	}
	defer release()
	return do(t)
}

// tellFault prints a fault and all its issues.
func tellFault(out io.Writer, texts *message.Catalog, err error) {
	locale := texts.Match(os.Getenv("LANG"))
	var f *fault.Error
	lines := err.Error() + "\n"
	if errors.As(err, &f) {
		lines = strings.TrimSpace(texts.Fault(locale, f)+" "+f.Path) + "\n"
		for _, i := range f.Issues {
			lines += "  " + place(i) + ": " + texts.Text(locale, i.Code, i.Args) + "\n"
		}
	}
	// Whether anybody reads it changes nothing of what was done.
	_, _ = io.WriteString(out, lines)
}

func place(i fault.Issue) string {
	at := i.Path
	if i.File != "" {
		at = i.File + "#" + i.Path
	}
	if i.Line > 0 {
		at += fmt.Sprintf(":%d:%d", i.Line, i.Col)
	}
	return at
}
