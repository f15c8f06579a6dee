// Package office is what administrators do with a tenant's people: users, org units, zones, passwords,
// and others' tokens; and what people say of themselves, see Own. Each change is checked against the rest of the organisation, against the published
// roles, and kept in the audit. It signs nobody in and designs no metadata.
package office

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/once"
	"tidewater/runtime/people"
	"tidewater/runtime/signin"
	"tidewater/runtime/tenant"
)

// Config says what an Office stands on.
type Config struct {
	SignIn *signin.Service
	Texts  *message.Catalog
	Clock  func() time.Time
	NewID  func() value.ID
}

// Office is one administrator's, of one tenant. Who has one may use all of it.
type Office struct {
	Config
	tenant *tenant.Tenant
	actor  value.Actor
}

// Open returns an administrator's office. Faults: Forbidden "access.admin".
func Open(config Config, t *tenant.Tenant, actor value.Actor) (*Office, error) {
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	return &Office{Config: config, tenant: t, actor: actor}, nil
}

// asked says of a request, nil when it stands for itself, whose answer may rest here.
func (o *Office) asked(request *record.Once) once.Asked {
	return once.Asked{Side: o.tenant.Store, Actor: o.actor.Key(), Now: o.Clock(), Once: request}
}

// made carries out, once per request, what adds to the organisation. A request sent twice at once may find
// the answer of the first in the store before memory holds what it tells of, so it waits for that.
func made[T any](ctx context.Context, o *Office, request *record.Once, do func(once.Keep[T]) (T, error)) (T, error) {
	answer, err := once.Do(ctx, o.asked(request), do)
	if err != nil || request == nil {
		return answer, err
	}
	return answer, o.tenant.People.Refresh(ctx)
}

// org is the organisation now.
func (o *Office) org() *org.Snapshot { return o.tenant.People.Org() }

// tagOf names a state of something in the few characters of an entity tag.
func tagOf(doc any) (string, error) {
	body, err := json.Marshal(doc)
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8]), fault.Wrap("office.tag", err)
}

// stale says that somebody else was faster.
func stale(what string, id value.ID) error {
	return fault.New(fault.Conflict, "office.stale").In("office." + what).At(string(id))
}

// note is a line of the audit in the actor's name, with every part that differs from one state to the
// other. Either may be nil. Neither may hold a secret.
func (o *Office) note(op audit.Op, target value.ID, from, to any) (audit.Entry, error) {
	e := audit.Entry{At: o.Clock().UTC(), Actor: o.actor.Key(), Op: op, Target: string(target)}
	a, err := partsOf(from)
	if err != nil {
		return e, err
	}
	b, err := partsOf(to)
	if err != nil {
		return e, err
	}
	for _, part := range slices.Concat(keys(a), keys(b)) {
		x, y := a[part], b[part]
		if string(x) == string(y) || slices.ContainsFunc(e.Changes, func(c audit.Change) bool { return c.Part == part }) {
			continue
		}
		e.Changes = append(e.Changes, audit.Change{Part: part, From: orNil(x), To: orNil(y)})
	}
	slices.SortFunc(e.Changes, func(x, y audit.Change) int { return strings.Compare(x.Part, y.Part) })
	return e, nil
}

func orNil(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return raw
}

func keys(parts map[string]json.RawMessage) []string {
	out := make([]string, 0, len(parts))
	for key := range parts {
		out = append(out, key)
	}
	return out
}

func partsOf(doc any) (map[string]json.RawMessage, error) {
	if doc == nil {
		return nil, nil
	}
	body, err := json.Marshal(doc)
	if err != nil {
		return nil, fault.Wrap("office.note", err)
	}
	out := map[string]json.RawMessage{}
	return out, fault.Wrap("office.note", json.Unmarshal(body, &out))
}

// change writes a draft, and says the faults of the organisation that comes of it at the places of what was
// sent: place tells where the organisation has that.
func (o *Office) change(ctx context.Context, place func(*people.Draft) string, do func(*people.Draft) error) error {
	prefix := ""
	err := o.tenant.People.Change(ctx, func(d *people.Draft) error {
		if err := do(d); err != nil {
			return err
		}
		prefix = place(d)
		return nil
	})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "org.invalid" || prefix == "" {
		return err
	}
	out := *f
	out.Code, out.Issues = "record.invalid", slices.Clone(f.Issues)
	for i := range out.Issues {
		issue := &out.Issues[i]
		switch {
		case strings.HasPrefix(issue.Path, prefix+"/"):
			issue.Path = strings.TrimPrefix(issue.Path, prefix)
		// A circle is told at one of its members, and it was closed by what was sent.
		case issue.Code == "org.unitCycle", issue.Code == "org.unitTooDeep":
			issue.Path = "/parent"
		case issue.Code == "org.managerCycle":
			issue.Path = "/manager"
		}
	}
	return &out
}

// placeOf is where a fault of the organisation places the user with an id.
func placeOf(id value.ID) func(*people.Draft) string {
	return func(d *people.Draft) string {
		at := slices.IndexFunc(d.Users(), func(u org.User) bool { return u.ID == id })
		return "/users/" + strconv.Itoa(at)
	}
}

// Role is a role of the published app.
type Role struct {
	Key     string            `json:"key"`
	Label   map[string]string `json:"label"`
	Members int               `json:"members"` // active people who have it
}

// Roles lists the roles that people can have, by key.
func (o *Office) Roles() []Role {
	published := o.tenant.Engine.Catalog().Roles
	out := make([]Role, 0, len(published))
	for key, role := range published {
		out = append(out, Role{Key: key, Label: role.Def.Label, Members: len(o.org().RoleMembers(key))})
	}
	slices.SortFunc(out, func(a, b Role) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// AuditEntry is a line of the audit with the name of who did it.
type AuditEntry struct {
	Key       string `json:"key"`
	ActorName string `json:"actorName,omitempty"`
	// TargetName is that of the person whom it is about, where it is about one.
	TargetName string `json:"targetName,omitempty"`
	audit.Entry
}

// AuditPage is a page of the audit, see audit.Found.
type AuditPage struct {
	Entries    []AuditEntry
	Next       string
	Incomplete bool
}

// Audit returns what happened, newest first, as far as it is asked for. Faults: those of audit.Search.
func (o *Office) Audit(ctx context.Context, q audit.Query) (AuditPage, error) {
	found, err := audit.Search(ctx, o.tenant.Store, q)
	if err != nil {
		return AuditPage{}, err
	}
	out := AuditPage{Entries: make([]AuditEntry, len(found.Entries)), Next: found.Next, Incomplete: found.Incomplete}
	for i, e := range found.Entries {
		user, _ := o.org().User(e.Actor)
		if value.IsSystem(e.Actor) {
			user.Name = o.Texts.Text(o.actor.Locale, "notice.system", nil)
		}
		about, _ := o.org().User(value.ID(e.Target))
		out.Entries[i] = AuditEntry{Key: e.Key, ActorName: user.Name, TargetName: about.Name, Entry: e}
	}
	return out, nil
}
