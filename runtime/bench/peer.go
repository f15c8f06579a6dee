package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"tidewater/engine/catalog"
	"tidewater/runtime/signin"
	"tidewater/runtime/tenant"
)

// PeerConfig says how to compare; all of it is needed.
type PeerConfig struct {
	Folder  string         // an empty folder; what is written there stays
	Keep    string         // a folder to keep the records in for the next run; empty: they are made anew
	App     catalog.Bundle // PeerApp, or another with its form, fields and role
	Self    string         // the program that this is
	Peer    string         // the program of runtime/bench/peer
	Records int            // customers before anything is measured
	Own     int            // how many of them are the asking person's
	Rounds  int
	Cores   int      // GOMAXPROCS of either server
	Only    []string // keys of what to measure; empty: all
	// Profiles is a folder for a profile of Tidewater's processor time under each operation; empty: none.
	Profiles string
	Clock    func() time.Time
	Log      *slog.Logger
	Out      io.Writer
}

const (
	startKey  = "start"
	memoryKey = "memory"
)

// PeerKeys are the names that Only takes.
func PeerKeys() []string {
	keys := []string{}
	for _, o := range operations() {
		keys = append(keys, o.key)
	}
	return append(keys, startKey, memoryKey)
}

func (c PeerConfig) wants(key string) bool { return len(c.Only) == 0 || slices.Contains(c.Only, key) }

// AgainstPeer gives Tidewater and PocketBase the same records, lets them do the same in turns, and prints how
// they compare. Errors are those of the first request that failed, or of answers that differ.
func AgainstPeer(ctx context.Context, config PeerConfig) (err error) {
	m := &match{PeerConfig: config, people: max(1, config.Records/config.Own), known: map[*side]string{}}
	m.ours = m.side("Tidewater", tidewaterAPI{}, func(addr string) []string {
		return []string{config.Self, "serve", "--store", filepath.Join(config.Folder, "Tidewater"), "--addr", addr, "--operator", m.operator}
	})
	if config.Profiles != "" {
		if m.operator, err = freeAddr(ctx); err != nil {
			return err
		}
	}
	m.theirs = m.side("PocketBase", pocketBaseAPI{}, func(addr string) []string {
		return []string{config.Peer, "serve", "--dir", filepath.Join(config.Folder, "PocketBase"), "--http", addr}
	})
	m.terms()
	if err := m.furnish(ctx); err != nil {
		return err
	}
	defer func() {
		for _, s := range m.sides() {
			err = errors.Join(err, s.stop())
		}
	}()
	for _, s := range m.sides() {
		if _, err := s.start(ctx); err != nil {
			return err
		}
		if err := s.signIn(ctx); err != nil {
			return err
		}
	}
	if err := m.agree(ctx); err != nil {
		return err
	}
	var table table
	for _, o := range operations() {
		if !m.wants(o.key) {
			continue
		}
		l, err := m.play(ctx, o)
		if err != nil {
			return fmt.Errorf("%s: %w", o.key, err)
		}
		table.add(m.Out, o, l)
		if err := m.profile(ctx, o); err != nil {
			return fmt.Errorf("%s, profile: %w", o.key, err)
		}
	}
	if err := m.machine(ctx, &table); err != nil {
		return err
	}
	table.print(m.Out)
	return nil
}

func (m *match) side(name string, speaks dialect, command func(addr string) []string) *side {
	return &side{
		name: name, speaks: speaks, cores: m.Cores, clock: m.Clock, command: command,
		log: filepath.Join(m.Folder, name+".log"), next: int64(m.Records),
	}
}

// furnish gives both sides their records: from what an earlier run kept, if that is of as many.
func (m *match) furnish(ctx context.Context) error {
	for _, s := range m.sides() {
		fill := m.makeOurs
		if s == m.theirs {
			fill = m.makeTheirs
		}
		folder := filepath.Join(m.Folder, s.name)
		if m.Keep == "" {
			if err := fill(ctx, folder); err != nil {
				return err
			}
			continue
		}
		kept := filepath.Join(m.Keep, fmt.Sprintf("%s-%d-%d", s.name, m.Records, m.people))
		if _, err := os.Stat(kept); errors.Is(err, fs.ErrNotExist) {
			// Under another name until it is whole.
			part := kept + ".part"
			if err := errors.Join(os.RemoveAll(part), fill(ctx, part), os.Rename(part, kept)); err != nil {
				return err
			}
		}
		if err := os.CopyFS(folder, os.DirFS(kept)); err != nil {
			return err
		}
	}
	return nil
}

func (m *match) makeOurs(ctx context.Context, folder string) (err error) {
	began := m.Clock()
	tenants, err := tenant.Open(tenant.Config{At: tenant.Folder(folder), Clock: m.Clock, Log: m.Log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tenants.Close()) }()
	people := signin.New(signin.Config{Tenants: tenants, Passwords: signin.NewPasswords(), Clock: m.Clock})
	_, err = tenants.CreateWith(ctx, tenantName, zoneName, func(t *tenant.Tenant) error {
		if _, err := t.Engine.Apps.Install(ctx, m.App); err != nil {
			return err
		}
		if err := stock(ctx, t, m.Records, m.people); err != nil {
			return err
		}
		// What the server does every ten minutes, for it is asked for minutes only.
		if _, err := t.Store.Sweep(ctx, m.Clock()); err != nil {
			return err
		}
		return people.SetPassword(ctx, t, personID(0), password)
	})
	m.tellMade(m.ours, began)
	return err
}

// makeTheirs sends the records through a pipe, a line each.
func (m *match) makeTheirs(ctx context.Context, folder string) error {
	began := m.Clock()
	//nolint:gosec // the program that the caller named
	maker := exec.CommandContext(ctx, m.Peer, "make", "--dir", folder, "--people", fmt.Sprint(m.people), "--password", password)
	maker.Stdout, maker.Stderr = os.Stderr, os.Stderr
	in, err := maker.StdinPipe()
	if err != nil {
		return err
	}
	if err := maker.Start(); err != nil {
		return err
	}
	encoder := json.NewEncoder(in)
	for n := range m.Records {
		if err = encoder.Encode(owned(int64(n), m.people, personID(n%m.people))); err != nil {
			break
		}
	}
	err = errors.Join(err, in.Close(), maker.Wait())
	m.tellMade(m.theirs, began)
	return err
}

func (m *match) tellMade(s *side, began time.Time) {
	took := m.Clock().Sub(began)
	fmt.Fprintf(m.Out, "%s: %d customers made without HTTP in %.1f s\n", s.name, m.Records, took.Seconds())
}
