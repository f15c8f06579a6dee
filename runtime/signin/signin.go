// Package signin tells who somebody is: it checks passwords, grants sessions to browsers and tokens to
// programs, and turns either into an actor at each request.
//
// What is granted is 256 random bits that the store knows only by their hash. It ends with its time, when
// it is given back, and when its user's password, roles or activity change. What an actor may do is no
// business of this package.
package signin

import (
	"context"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/org"
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
	seen     *seen
}

// New returns a ready Service.
func New(config Config) *Service {
	return &Service{Config: config, throttle: NewThrottle(config.Clock, config.Tenants.Common()), seen: newSeen(config.Clock)}
}

// Login is what somebody says of themselves.
type Login struct {
	Tenant, Username, Password string
	Addr                       string // where it comes from
	Agent                      string // what program it comes by, as that calls itself
	Kind                       Kind
}

// Granted is what somebody has got.
type Granted struct {
	ID      string // its hash
	Secret  string // shown once; the store keeps its hash
	Expires time.Time
	User    org.User
}

// SignIn checks a login and grants what it asks for. Faults: Unknown "auth.failed", the same whether
// tenant, name or password is wrong; Throttled "auth.throttled".
func (s *Service) SignIn(ctx context.Context, login Login) (*Granted, error) {
	const op = "signin.signIn"
	try, err := s.throttle.Try(ctx, login.Tenant, text.Fold(login.Username), login.Addr)
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
	if err := try.Succeeded(ctx); err != nil {
		return nil, err
	}
	return s.grant(ctx, t, who, granted{Kind: login.Kind, Addr: network(login.Addr), Agent: short(login.Agent)})
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

// Visit is a request's standing: who acts in which tenant. Release it when the request is answered.
type Visit struct {
	Tenant *tenant.Tenant
	Actor  value.Actor
	User   org.User
	// MustChange says that the password was made by somebody else: nothing but changing it is open to them.
	MustChange bool
	// Viewing says that Actor and User are those as whom the visitor sees the app; nil where they are the visitor.
	Viewing *Viewing
	// Grant names the session or token that the request came with.
	Grant   string
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
	named, ok := parse(secret)
	if !ok {
		return nil, refused
	}
	t, release, err := s.Tenants.Use(ctx, named.tenant)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return nil, refused
	case err != nil:
		return nil, err
	}
	key := keyOf(named)
	actor, viewing, err := s.actor(ctx, t, key, kind)
	if err != nil {
		release()
		if fault.KindOf(err) == fault.NotFound {
			return nil, refused
		}
		return nil, err
	}
	mustChange := t.People.MustChange(actor.User)
	actor, viewing = s.viewed(t, actor, viewing)
	user, _ := t.People.Org().User(actor.User)
	return &Visit{
		Tenant: t, Actor: actor, User: user, MustChange: mustChange, Viewing: viewing, Grant: key, release: release,
	}, nil
}

// actor returns who holds the secret whose hash is in key, and whom they see the app as if they still may; or NotFound.
func (s *Service) actor(ctx context.Context, t *tenant.Tenant, key string, kind Kind) (value.Actor, *Viewing, error) {
	none := fault.New(fault.NotFound, "auth.expired").In("signin.actor")
	g, err := s.seen.find(t.ID, key, func() (granted, error) {
		return s.kept(ctx, t, key)
	})
	if err != nil {
		return value.Actor{}, nil, err
	}
	if g.Kind != kind || !s.lives(t, g) {
		return value.Actor{}, nil, none
	}
	actor, active := t.People.Org().Actor(g.User)
	if !active {
		return value.Actor{}, nil, none
	}
	actor.Scopes = g.Scopes
	return actor, g.Viewing, nil
}

// SignOut ends the session or token that the visitor came with.
func (s *Service) SignOut(ctx context.Context, v *Visit) error {
	return fault.Wrap("signin.signOut", s.end(ctx, v.Tenant, v.Grant))
}

// end takes a grant away; from then on nobody comes by it here.
func (s *Service) end(ctx context.Context, t *tenant.Tenant, key string) error {
	defer s.seen.forget(t.ID, key)
	return s.drop(ctx, t, key)
}
