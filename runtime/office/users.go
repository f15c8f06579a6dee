package office

import (
	"context"
	"crypto/rand"
	"maps"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/text"
	"tidewater/engine/value"
	"tidewater/runtime/once"
	"tidewater/runtime/people"
)

// User is a person as administrators see them.
type User struct {
	ID        value.ID   `json:"id"`
	Username  string     `json:"username"`
	Name      string     `json:"name"`
	Email     string     `json:"email"`
	Phone     string     `json:"phone"`
	Unit      value.ID   `json:"unit"`
	Zones     []value.ID `json:"zones"`
	Roles     []string   `json:"roles"`
	Positions []string   `json:"positions"`
	Manager   value.ID   `json:"manager"`
	Active    bool       `json:"active"`
	Admin     bool       `json:"admin"`
	Locale    string     `json:"locale"`
	// Away are stretches of days, both ends included, as "2026-03-31".
	Away       []Away `json:"away"`
	MustChange bool   `json:"mustChangePassword"`
	Tag        string `json:"tag,omitempty"`
}

// Away is a stretch of days on which somebody is absent.
type Away struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Deputy stands in for them on these days: reads and changes what is theirs, as far as the deputy's own roles do.
	Deputy value.ID `json:"deputy,omitempty"`
}

func (o *Office) view(u org.User) (User, error) {
	out := User{
		ID: u.ID, Username: u.Username, Name: u.Name, Email: u.Email, Phone: u.Phone, Unit: u.Unit, Zones: some(u.Zones),
		Roles: some(u.Roles), Positions: some(u.Positions), Manager: u.Manager, Active: u.Active, Admin: u.Admin, Locale: u.Locale,
		Away: []Away{}, MustChange: o.tenant.People.MustChange(u.ID),
	}
	for _, a := range u.Away {
		out.Away = append(out.Away, Away{value.DayText(a.From), value.DayText(a.To), a.Deputy})
	}
	tag, err := tagOf(out)
	out.Tag = tag
	return out, err
}

// Spans reads stretches of days; one that is none becomes a stretch that the organisation refuses.
func Spans(list []Away) []org.Span {
	var out []org.Span
	for _, a := range list {
		out = append(out, org.Span{From: dayOf(a.From), To: dayOf(a.To), Deputy: a.Deputy})
	}
	return out
}

func dayOf(text string) int64 {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0
	}
	return value.Day(t.Date())
}

// some is a list that is never null on the wire.
func some[T any](list []T) []T { return append([]T{}, list...) }

// UserQuery narrows a list of users; empty parts ask nothing.
type UserQuery struct {
	Q      string // part of the user name, name, mail address or phone
	Unit   value.ID
	Role   string
	Active *bool
	After  value.ID
	Limit  int
}

// Users lists people in the order in which they were made, from after one; next is "" at the end.
func (o *Office) Users(q UserQuery) (found []User, next value.ID, err error) {
	people := o.org()
	want := text.Fold(q.Q)
	all := people.Users()
	from, _ := slices.BinarySearchFunc(all, q.After, func(u org.User, id value.ID) int { return strings.Compare(string(u.ID), string(id)) })
	for _, u := range all[from:] {
		if u.ID == q.After || !q.holds(u, want, people) {
			continue
		}
		if len(found) == q.Limit {
			return found, found[len(found)-1].ID, nil
		}
		seen, err := o.view(u)
		if err != nil {
			return nil, "", err
		}
		found = append(found, seen)
	}
	return found, "", nil
}

func (q UserQuery) holds(u org.User, want string, people *org.Snapshot) bool {
	if q.Unit != "" && !people.Within(u.Unit, q.Unit) || q.Role != "" && !slices.Contains(u.Roles, q.Role) {
		return false
	}
	if q.Active != nil && *q.Active != u.Active {
		return false
	}
	return want == "" || slices.ContainsFunc([]string{u.Username, u.Name, u.Email, u.Phone}, func(s string) bool {
		return strings.Contains(text.Fold(s), want)
	})
}

// User returns one. Faults: NotFound "user.unknown".
func (o *Office) User(id value.ID) (User, error) {
	u, known := o.org().User(id)
	if !known {
		return User{}, fault.New(fault.NotFound, "user.unknown").In("office.user")
	}
	return o.view(u)
}

// firstPassword is what an administrator is told once: whose initial password is which.
type firstPassword struct {
	User     value.ID `json:"user"`
	Password string   `json:"password"`
}

// CreateUser adds a person with a random password, which is returned this once: they must change it when
// they first sign in. Faults: Invalid with all issues.
func (o *Office) CreateUser(ctx context.Context, u org.User, request *record.Once) (User, string, error) {
	first, err := made(ctx, o, request, func(keep once.Keep[firstPassword]) (firstPassword, error) {
		return o.createUser(ctx, u, keep)
	})
	if err != nil {
		return User{}, "", err
	}
	seen, err := o.User(first.User)
	return seen, first.Password, err
}

func (o *Office) createUser(ctx context.Context, u org.User, keep once.Keep[firstPassword]) (firstPassword, error) {
	const op = "office.createUser"
	u.ID = o.NewID()
	if err := o.check(u, org.User{}).Fault(op, "record.invalid"); err != nil {
		return firstPassword{}, err
	}
	password, hash, err := o.password(ctx)
	if err != nil {
		return firstPassword{}, fault.Wrap(op, err)
	}
	seen, err := o.view(u)
	if err != nil {
		return firstPassword{}, err
	}
	entry, err := o.note(audit.UserChanged, u.ID, nil, seen)
	if err != nil {
		return firstPassword{}, err
	}
	made := firstPassword{User: u.ID, Password: password}
	answer, err := keep(made)
	if err != nil {
		return firstPassword{}, err
	}
	err = o.change(ctx, placeOf(u.ID), func(d *people.Draft) error {
		d.PutUser(u)
		d.SetFirstHash(u.ID, hash)
		d.Note(entry)
		d.Beside(once.Collection, answer)
		return nil
	})
	return made, fault.Wrap(op, err)
}

// password makes a random one.
func (o *Office) password(ctx context.Context) (password, hash string, err error) {
	password = strings.ToLower(rand.Text())[:20]
	hash, err = o.SignIn.Passwords.Hash(ctx, password)
	return password, hash, err
}

// UpdateUser changes a person from the state that tag names. Where roles, activity or the administrator's
// mark change, their sessions and tokens end at once. Faults: NotFound "user.unknown", Conflict
// "office.stale" and "user.lastAdmin", Invalid with all issues.
func (o *Office) UpdateUser(ctx context.Context, id value.ID, tag string, edit func(*org.User) error) (User, error) {
	const op = "office.updateUser"
	err := o.change(ctx, placeOf(id), func(d *people.Draft) error {
		was, known := o.org().User(id)
		if !known {
			return fault.New(fault.NotFound, "user.unknown").In(op)
		}
		before, err := o.view(was)
		if err != nil {
			return err
		}
		if before.Tag != tag {
			return stale("updateUser", id)
		}
		next := was
		if err := edit(&next); err != nil {
			return err
		}
		if err := o.check(next, was).Fault(op, "record.invalid"); err != nil {
			return err
		}
		d.PutUser(next)
		if was.Active && was.Admin && !hasAdmin(d.Users()) {
			return fault.New(fault.Conflict, "user.lastAdmin").In(op)
		}
		after, err := o.view(next)
		if err != nil {
			return err
		}
		before.Tag, after.Tag = "", ""
		entry, err := o.note(audit.UserChanged, id, before, after)
		d.Note(entry)
		return err
	})
	if err != nil {
		return User{}, fault.Wrap(op, err)
	}
	return o.User(id)
}

func hasAdmin(all []org.User) bool {
	return slices.ContainsFunc(all, func(u org.User) bool { return u.Active && u.Admin })
}

// ResetPassword gives a person another random password, returned this once, which they must change. Their
// sessions and tokens end. Faults: NotFound "user.unknown".
func (o *Office) ResetPassword(ctx context.Context, id value.ID, request *record.Once) (string, error) {
	made, err := once.Do(ctx, o.asked(request), func(keep once.Keep[firstPassword]) (firstPassword, error) {
		return o.resetPassword(ctx, id, keep)
	})
	return made.Password, err
}

func (o *Office) resetPassword(ctx context.Context, id value.ID, keep once.Keep[firstPassword]) (firstPassword, error) {
	const op = "office.resetPassword"
	if _, err := o.User(id); err != nil {
		return firstPassword{}, err
	}
	password, hash, err := o.password(ctx)
	if err != nil {
		return firstPassword{}, fault.Wrap(op, err)
	}
	entry, err := o.note(audit.PasswordReset, id, nil, nil)
	if err != nil {
		return firstPassword{}, err
	}
	made := firstPassword{User: id, Password: password}
	answer, err := keep(made)
	if err != nil {
		return firstPassword{}, err
	}
	err = o.tenant.People.Change(ctx, func(d *people.Draft) error {
		d.SetFirstHash(id, hash)
		d.Note(entry)
		d.Beside(once.Collection, answer)
		return nil
	})
	return made, fault.Wrap(op, err)
}

const (
	maxUsername = 60
	maxName     = 80
	maxContact  = 120
	maxLists    = 50
)

var usernameForm = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]*$`)

// check holds what a person is to be against the rules that the organisation as a whole does not know.
func (o *Office) check(u, was org.User) fault.Issues {
	var issues fault.Issues
	if !usernameForm.MatchString(u.Username) || utf8.RuneCountInString(u.Username) > maxUsername {
		issues.Add("/username", "user.username", "max", maxUsername)
	}
	if other, taken := o.org().UserByName(u.Username); taken && other.ID != u.ID {
		issues.Add("/username", "user.usernameTaken", "username", u.Username)
	}
	if strings.TrimSpace(u.Name) == "" {
		issues.Add("/name", "field.required")
	}
	for place, s := range map[string]string{"/name": u.Name, "/email": u.Email, "/phone": u.Phone} {
		most := maxContact
		if place == "/name" {
			most = maxName
		}
		if over := utf8.RuneCountInString(s) - most; over > 0 {
			issues.Add(place, "field.tooLong", "max", most, "over", over)
		}
		if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) {
			issues.Add(place, "field.characters")
		}
	}
	if _, err := mail.ParseAddress(u.Email); u.Email != "" && err != nil {
		issues.Add("/email", "field.email")
	}
	roles := o.tenant.Engine.Catalog().Roles
	for i, role := range u.Roles {
		// A role that a publication took away may stay where it was; it grants nothing.
		if _, known := roles[role]; !known && !slices.Contains(was.Roles, role) {
			issues.Add("/roles/"+strconv.Itoa(i), "user.role", "role", role)
		}
	}
	for place, n := range map[string]int{"/roles": len(u.Roles), "/zones": len(u.Zones), "/positions": len(u.Positions), "/away": len(u.Away)} {
		if n > maxLists {
			issues.Add(place, "field.tooMany", "max", maxLists)
		}
	}
	issues = append(issues, o.checkDeputies(u, was)...)
	if locales := []string{"", "zh-CN", "en"}; !slices.Contains(locales, u.Locale) {
		issues.Add("/locale", "field.option", "value", u.Locale)
	}
	slices.SortFunc(issues, func(a, b fault.Issue) int { return strings.Compare(a.Path, b.Path) })
	return issues
}

// checkDeputies holds that whoever is named anew as somebody's deputy is there on those days. Who was named before may
// have left since, or be absent: then nobody stands in.
func (o *Office) checkDeputies(u, was org.User) fault.Issues {
	var issues fault.Issues
	for i, away := range u.Away {
		deputy, known := o.org().User(away.Deputy)
		if !known || away.Deputy == u.ID || slices.Contains(was.Away, away) {
			continue // the organisation refuses the first two
		}
		overlaps := func(other org.Span) bool { return other.From <= away.To && away.From <= other.To }
		place, args := "/away/"+strconv.Itoa(i)+"/deputy", []any{"name", deputy.Name}
		switch {
		case !deputy.Active:
			issues.Add(place, "user.deputyGone", args...)
		case slices.ContainsFunc(deputy.Away, overlaps):
			issues.Add(place, "user.deputyAway", args...)
		}
	}
	return issues
}

// labels is a name in each language, without empty ones.
func labels(name map[string]string) map[string]string {
	out := maps.Clone(name)
	maps.DeleteFunc(out, func(_, s string) bool { return strings.TrimSpace(s) == "" })
	return out
}
