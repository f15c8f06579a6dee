// Package signin tells who somebody is: it checks passwords, grants sessions to browsers and tokens to
// programs, and turns either into an actor at each request.
//
// What is granted is 256 random bits that the store knows only by their hash. It ends with its time, when
// it is given back, and when its user's password, roles or activity change. What an actor may do is no
// business of this package.
package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/store"
	"tidewater/engine/text"
	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

// sessions is the side collection of what is granted, by the hash of the secret.
const sessions = "session"

// Kind says for whom something is granted.
type Kind string

const (
	Session Kind = "session" // a browser, by cookie
	Token   Kind = "token"   // a program, by bearer token
)

// life is how long a grant lasts.
func (k Kind) life() time.Duration {
	if k == Token {
		return 30 * 24 * time.Hour
	}
	return 7 * 24 * time.Hour
}

// Config says what a Service is built from.
type Config struct {
	Tenants   *tenant.Directory
	Passwords *Passwords
	Clock     func() time.Time
}

// Service is the door. It is safe for concurrent use.
type Service struct {
	Config
	throttle *Throttle
}

// New returns a ready Service.
func New(config Config) *Service {
	return &Service{Config: config, throttle: NewThrottle(config.Clock)}
}

// Login is what somebody says of themselves.
type Login struct {
	Tenant, Username, Password string
	Addr                       string // where it comes from
	Kind                       Kind
}

// Granted is what somebody has got.
type Granted struct {
	Secret  string // shown once; the store keeps its hash
	Expires time.Time
	User    org.User
}

// granted is a grant as it lies in the store.
type granted struct {
	User      value.ID  `json:"user"`
	Kind      Kind      `json:"kind"`
	Stamp     int64     `json:"stamp"`
	CreatedAt time.Time `json:"createdAt"`
	Expires   time.Time `json:"expires"`
}

// SignIn checks a login and grants what it asks for. Faults: Unknown "auth.failed", the same whether
// tenant, name or password is wrong; Throttled "auth.throttled".
func (s *Service) SignIn(ctx context.Context, login Login) (*Granted, error) {
	const op = "signin.signIn"
	try, err := s.throttle.Try(login.Tenant, text.Fold(login.Username), login.Addr)
	if err != nil {
		return nil, err
	}
	entry, _ := s.Tenants.ByName(login.Tenant)
	t, release, err := s.Tenants.Use(ctx, entry.ID)
	if err != nil && fault.KindOf(err) != fault.NotFound && fault.KindOf(err) != fault.Forbidden {
		return nil, fault.Wrap(op, err)
	}
	if err == nil {
		defer release()
	}
	who, err := known(ctx, t, login.Username)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	right, err := s.Passwords.Check(ctx, who.hash, login.Password)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if !right {
		return nil, fault.New(fault.Unknown, "auth.failed").In(op)
	}
	try.Succeeded()
	return s.grant(ctx, t, who, login.Kind)
}

// candidate is who somebody says they are: the zero candidate for nobody we know.
type candidate struct {
	user  org.User
	stamp int64  // as it stood before the hash was read: a password changed since ends what is granted
	hash  string // of their password
}

// known returns an active user as a candidate.
func known(ctx context.Context, t *tenant.Tenant, username string) (candidate, error) {
	if t == nil {
		return candidate{}, nil
	}
	user, ok := t.People.Org().UserByName(username)
	if !ok || !user.Active {
		return candidate{}, nil
	}
	who := candidate{user: user, stamp: t.People.Stamp(user.ID)}
	hash, err := t.People.Hash(ctx, user.ID)
	if fault.KindOf(err) == fault.NotFound {
		return candidate{}, nil
	}
	who.hash = hash
	return who, err
}

func (s *Service) grant(ctx context.Context, t *tenant.Tenant, who candidate, kind Kind) (*Granted, error) {
	const op = "signin.grant"
	bits := make([]byte, 32)
	// crypto/rand never fails: it ends the process where the system has no randomness.
	_, _ = rand.Read(bits)
	now := s.Clock().UTC()
	g := granted{User: who.user.ID, Kind: kind, Stamp: who.stamp, CreatedAt: now, Expires: now.Add(kind.life())}
	body, err := json.Marshal(g)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	secret := t.ID + "." + base64.RawURLEncoding.EncodeToString(bits)
	item := store.Item{Key: keyOf(secret), Expires: g.Expires, Body: body}
	if err := t.Store.Save(ctx, sessions, item, 0); err != nil {
		return nil, fault.Wrap(op, err)
	}
	return &Granted{Secret: secret, Expires: g.Expires, User: who.user}, nil
}

// Visit is a request's standing: who acts in which tenant. Release it when the request is answered.
type Visit struct {
	Tenant  *tenant.Tenant
	Actor   value.Actor
	User    org.User
	release func()
}

// Release lets the tenant go.
func (v *Visit) Release() { v.release() }

// Authenticate turns a secret into who acts. Faults: Unknown "auth.expired" for a session that is over or
// never was, "auth.tokenInvalid" for a token.
func (s *Service) Authenticate(ctx context.Context, secret string, kind Kind) (*Visit, error) {
	refused := fault.New(fault.Unknown, "auth.expired").In("signin.authenticate")
	if kind == Token {
		refused = fault.New(fault.Unknown, "auth.tokenInvalid").In("signin.authenticate")
	}
	id, _, ok := strings.Cut(secret, ".")
	if !ok {
		return nil, refused
	}
	t, release, err := s.Tenants.Use(ctx, id)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return nil, refused
	case err != nil:
		return nil, err
	}
	actor, err := s.actor(ctx, t, secret, kind)
	if err != nil {
		release()
		if fault.KindOf(err) == fault.NotFound {
			return nil, refused
		}
		return nil, err
	}
	user, _ := t.People.Org().User(actor.User)
	return &Visit{Tenant: t, Actor: actor, User: user, release: release}, nil
}

// actor returns who holds a secret, or NotFound.
func (s *Service) actor(ctx context.Context, t *tenant.Tenant, secret string, kind Kind) (value.Actor, error) {
	none := fault.New(fault.NotFound, "auth.expired").In("signin.actor")
	item, err := t.Store.Load(ctx, sessions, keyOf(secret))
	if err != nil {
		return value.Actor{}, err
	}
	var g granted
	if err := json.Unmarshal(item.Body, &g); err != nil {
		return value.Actor{}, fault.New(fault.Internal, "store.corrupt").In("signin.actor").Because(err)
	}
	if g.Kind != kind || !s.Clock().Before(g.Expires) || g.Stamp != t.People.Stamp(g.User) {
		return value.Actor{}, none
	}
	actor, active := t.People.Org().Actor(g.User)
	if !active {
		return value.Actor{}, none
	}
	return actor, nil
}

// SignOut ends what a secret was granted for.
func (s *Service) SignOut(ctx context.Context, v *Visit, secret string) error {
	return fault.Wrap("signin.signOut", v.Tenant.Store.Drop(ctx, sessions, keyOf(secret)))
}

// keyOf is what the store knows of a secret. It is random enough that no salt or cost is needed.
func keyOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
