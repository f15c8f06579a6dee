package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
	"tidewater/runtime/once"
	"tidewater/runtime/tenant"
)

// granted is a grant as it lies in the store, under "<user>/<hash of the secret>".
type granted struct {
	User      value.ID  `json:"user"`
	Kind      Kind      `json:"kind"`
	Stamp     int64     `json:"stamp"`
	CreatedAt time.Time `json:"createdAt"`
	Expires   time.Time `json:"expires"`
	Name      string    `json:"name,omitempty"`
	Scopes    []string  `json:"scopes,omitempty"` // nil: all that its user may do
	Addr      string    `json:"addr,omitempty"`
	Agent     string    `json:"agent,omitempty"`
	Viewing   *Viewing  `json:"viewing,omitempty"`
	Over      bool      `json:"over,omitempty"` // see aside.go
}

// Grant is a session or token as its user, and administrators, see it.
type Grant struct {
	ID        string    `json:"id"` // the hash of its secret
	User      value.ID  `json:"user"`
	Kind      Kind      `json:"kind"`
	Name      string    `json:"name,omitempty"`
	Scopes    []string  `json:"scopes,omitempty"`
	CreatedAt time.Time `json:"createdAt"`
	Expires   time.Time `json:"expiresAt"`
	Addr      string    `json:"addr,omitempty"`
	Agent     string    `json:"agent,omitempty"`
	Current   bool      `json:"current,omitempty"` // the one that asks
}

// secret is what somebody shows: "<tenant>.<user>.<256 random bits>". The names in it are no secret; they
// say where to look for its hash.
type secret struct {
	tenant string
	user   value.ID
	text   string
}

func parse(text string) (secret, bool) {
	first, last := strings.Index(text, "."), strings.LastIndex(text, ".")
	if first < 0 || first == last {
		return secret{}, false
	}
	return secret{tenant: text[:first], user: value.ID(text[first+1 : last]), text: text}, true
}

// keyOf is where the store keeps what a secret was granted for. It is random enough that its hash needs
// no salt or cost.
func keyOf(s secret) string {
	sum := sha256.Sum256([]byte(s.text))
	return grantKey(s.user, hex.EncodeToString(sum[:]))
}

func grantKey(user value.ID, id string) string { return string(user) + "/" + id }

func grantedIn(item store.Item) (g granted, err error) {
	if err := json.Unmarshal(item.Body, &g); err != nil {
		return g, fault.New(fault.Internal, "store.corrupt").In("signin.grant").Because(err)
	}
	return g, nil
}

// lives tells whether a grant still holds.
func (s *Service) lives(t *tenant.Tenant, g granted) bool {
	return s.Clock().Before(g.Expires) && g.Stamp == t.People.Stamp(g.User)
}

// grant makes a secret for what g says; its user, stamp and time are who's and now's.
func (s *Service) grant(ctx context.Context, t *tenant.Tenant, who candidate, g granted) (*Granted, error) {
	made, item, err := s.draw(t, who, g)
	if err != nil {
		return nil, err
	}
	return made, fault.Wrap("signin.grant", s.keep(ctx, t, item))
}

// draw makes a secret and what the store has to keep for it.
func (s *Service) draw(t *tenant.Tenant, who candidate, g granted) (*Granted, store.Item, error) {
	bits := make([]byte, 32)
	// crypto/rand never fails: it ends the process where the system has no randomness.
	_, _ = rand.Read(bits)
	g.User, g.Stamp, g.CreatedAt = who.user.ID, who.stamp, s.Clock().UTC()
	if g.Expires.IsZero() {
		g.Expires = g.CreatedAt.Add(g.Kind.life())
	}
	body, err := json.Marshal(g)
	if err != nil {
		return nil, store.Item{}, fault.Wrap("signin.grant", err)
	}
	made := secret{tenant: t.ID, user: g.User}
	made.text = made.tenant + "." + string(made.user) + "." + base64.RawURLEncoding.EncodeToString(bits)
	item := store.Item{Key: keyOf(made), Expires: g.Expires, Body: body}
	id := strings.TrimPrefix(item.Key, grantKey(g.User, ""))
	return &Granted{ID: id, Secret: made.text, Expires: g.Expires, User: who.user}, item, nil
}

const (
	// maxGrants bounds the tokens of one user.
	maxGrants = 50
	maxLife   = 366 * 24 * time.Hour
	maxScopes = 50
)

// NewToken asks for a token of one's own.
type NewToken struct {
	Name    string
	Scopes  []string // nil: all that one may do
	Expires time.Time
}

var scopeForm = regexp.MustCompile(`^(admin|(read|write|export)(:[a-z][A-Za-z0-9]*)?)$`)

// CreateToken grants the visitor a token whose scopes are at most those they came with. Faults: Invalid
// with all issues, TooLarge "auth.tooManyTokens", Forbidden "access.scope".
func (s *Service) CreateToken(ctx context.Context, v *Visit, n NewToken, request *record.Once) (*Granted, error) {
	asked := once.Asked{Side: v.Tenant.Store, Actor: v.Actor.Key(), Now: s.Clock(), Once: request}
	return once.Do(ctx, asked, func(keep once.Keep[*Granted]) (*Granted, error) { return s.createToken(ctx, v, n, keep) })
}

func (s *Service) createToken(ctx context.Context, v *Visit, n NewToken, keep once.Keep[*Granted]) (*Granted, error) {
	const op = "signin.createToken"
	if err := access.Passive(v.Actor); err != nil {
		return nil, err
	}
	if err := s.checkToken(v.Actor, n).Fault(op, "record.invalid"); err != nil {
		return nil, err
	}
	if v.Actor.Scopes != nil && n.Scopes == nil {
		return nil, access.Unscoped(v.Actor)
	}
	had, err := s.Grants(ctx, v.Tenant, v.User.ID, Token)
	if err != nil {
		return nil, err
	}
	if len(had) >= maxGrants {
		return nil, fault.New(fault.TooLarge, "auth.tooManyTokens").In(op).With("max", maxGrants)
	}
	who := candidate{user: v.User, stamp: v.Tenant.People.Stamp(v.User.ID)}
	made, item, err := s.draw(v.Tenant, who, granted{Kind: Token, Name: n.Name, Scopes: n.Scopes, Expires: n.Expires})
	if err != nil {
		return nil, err
	}
	answer, err := keep(made)
	if err != nil {
		return nil, err
	}
	return made, fault.Wrap(op, v.Tenant.Store.Tx(ctx, func(tx store.Tx) error {
		if answer != nil {
			if err := tx.Save(ctx, once.Collection, *answer, 0); err != nil {
				return err
			}
		}
		return tx.Save(ctx, sessions, item, 0)
	}))
}

func (s *Service) checkToken(actor value.Actor, n NewToken) fault.Issues {
	var issues fault.Issues
	if strings.TrimSpace(n.Name) == "" {
		issues.Add("/name", "field.required")
	}
	if over := utf8.RuneCountInString(n.Name) - 80; over > 0 {
		issues.Add("/name", "field.tooLong", "max", 80, "over", over)
	}
	now := s.Clock()
	if !n.Expires.IsZero() && (!n.Expires.After(now) || n.Expires.After(now.Add(maxLife))) {
		issues.Add("/expiresAt", "auth.expiry", "days", int(maxLife/(24*time.Hour)))
	}
	if len(n.Scopes) > maxScopes || n.Scopes != nil && len(n.Scopes) == 0 {
		issues.Add("/scopes", "auth.scopes", "max", maxScopes)
	}
	for i, scope := range n.Scopes {
		verb, form, _ := strings.Cut(scope, ":")
		switch {
		case !scopeForm.MatchString(scope):
			issues.Add("/scopes/"+strconv.Itoa(i), "auth.scopeUnknown", "scope", scope)
		case !actor.Grants(verb, value.FormKey(form)), scope == value.AdminScope && !actor.Admin:
			issues.Add("/scopes/"+strconv.Itoa(i), "auth.scopeTooWide", "scope", scope)
		}
	}
	return issues
}

// Grants lists what a user was granted and still holds, of one kind or, with "", of both.
func (s *Service) Grants(ctx context.Context, t *tenant.Tenant, user value.ID, kind Kind) ([]Grant, error) {
	found, _, err := s.scan(ctx, t, grantKey(user, ""), "", maxScan, kind)
	return found, err
}

// AllTokens lists the tokens of a tenant by their users, from after one; next is "" at the end.
func (s *Service) AllTokens(ctx context.Context, t *tenant.Tenant, after string, limit int) (found []Grant, next string, err error) {
	return s.scan(ctx, t, "", after, limit, Token)
}

// maxScan is how many grants one look into the store takes.
const maxScan = 500

func (s *Service) scan(ctx context.Context, t *tenant.Tenant, prefix, after string, limit int, kind Kind) ([]Grant, string, error) {
	out := []Grant{}
	for {
		items, err := t.Store.Scan(ctx, sessions, prefix, after, maxScan)
		if err != nil {
			return nil, "", fault.Wrap("signin.grants", err)
		}
		for _, item := range items {
			after = item.Key
			g, err := grantedIn(item)
			if err != nil {
				return nil, "", err
			}
			if kind != "" && g.Kind != kind || !s.lives(t, g) {
				continue
			}
			out = append(out, Grant{
				ID: strings.TrimPrefix(item.Key, grantKey(g.User, "")), User: g.User, Kind: g.Kind, Name: g.Name, Scopes: slices.Clone(g.Scopes),
				CreatedAt: g.CreatedAt, Expires: g.Expires, Addr: g.Addr, Agent: g.Agent,
			})
			if len(out) == limit {
				return out, after, nil
			}
		}
		if len(items) < maxScan {
			return out, "", nil
		}
	}
}

// EndGrant ends one of a user's sessions or tokens. Faults: NotFound "auth.grantUnknown".
func (s *Service) EndGrant(ctx context.Context, t *tenant.Tenant, user value.ID, id string) error {
	const op = "signin.endGrant"
	_, err := t.Store.Load(ctx, sessions, grantKey(user, id))
	if fault.KindOf(err) == fault.NotFound {
		return fault.New(fault.NotFound, "auth.grantUnknown").In(op)
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, s.end(ctx, t, grantKey(user, id)))
}

// short bounds what a program says of itself.
func short(agent string) string {
	const most = 200
	agent = strings.ToValidUTF8(agent, "")
	for len(agent) > most {
		_, size := utf8.DecodeLastRuneInString(agent)
		agent = agent[:len(agent)-size]
	}
	return agent
}
