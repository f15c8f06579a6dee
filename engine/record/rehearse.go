package record

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// A rehearsal goes through the records as they are and asks of each what a save of it would make by other
// metadata, beside what it would make by those that are published: by the same steps as a save, short of the
// transaction. Nothing is written, no number is drawn, nobody hears of it.

// EffectKind says what would be otherwise.
type EffectKind string

const (
	EffectValue    EffectKind = "value"  // a field would get another value; Name is the field
	EffectStale    EffectKind = "stale"  // it would get another at its next save as it is, without the change
	EffectIssue    EffectKind = "issue"  // something would be wrong with a record that is right now; Name is the rule, or field and code
	EffectMended   EffectKind = "mended" // something would not be wrong any more
	EffectShown    EffectKind = "shown"  // a field would be shown that is not now
	EffectUnshown  EffectKind = "unshown"
	EffectRequired EffectKind = "required" // a field would be required that is not now
	EffectOptional EffectKind = "optional"
	EffectLocked   EffectKind = "locked" // a field would be read-only that is not now
	EffectUnlocked EffectKind = "unlocked"
	EffectGained   EffectKind = "gained" // somebody could do to a record what they cannot now; Name is the verb, Who they are, empty for all of them together
	EffectLost     EffectKind = "lost"
	EffectRevealed EffectKind = "revealed" // somebody would see more of a field; Name is the field, Who they are
	EffectVeiled   EffectKind = "veiled"
	EffectEnters   EffectKind = "enters" // a record would be in a view or widget that it is not in now; Name says which
	EffectLeaves   EffectKind = "leaves"
	EffectPool     EffectKind = "pool"     // a record would have another home pool; Name is that pool
	EffectDeadline EffectKind = "deadline" // its owner would have it for another time; Name is the pool
)

// Effect is one thing that would be otherwise for a number of records.
type Effect struct {
	Kind    EffectKind `json:"kind"`
	Name    string     `json:"name"`
	Who     value.ID   `json:"who,omitempty"`
	WhoName string     `json:"whoName,omitempty"`
	Count   int64      `json:"count"`
	Samples []Sample   `json:"samples"`
}

// Sample is a record for which an effect is, as far as the asker may see it: From and To are told only
// where they see the field, and all that the new value is made of, by what is published.
type Sample struct {
	ID    value.ID `json:"id"`
	Title string   `json:"title,omitempty"`
	From  any      `json:"from,omitempty"`
	To    any      `json:"to,omitempty"`
}

// What a rehearsal tells at most.
const (
	maxSamples  = 5   // of each effect
	maxEffects  = 300 // more are counted under none of their own
	maxHolders  = 20  // people of each role that changes
	rehearseOne = 500 // records of a page
)

// Rehearsed is what a rehearsal has found so far.
type Rehearsed struct {
	Examined int64     `json:"examined"`
	Affected int64     `json:"affected"` // records with an effect that the change is the cause of
	Effects  []*Effect `json:"effects"`
	Omitted  int64     `json:"omitted,omitempty"` // effects beyond those that are told
	People   int       `json:"people"`            // whose sight was compared
	Others   int       `json:"others,omitempty"`  // who hold a changed role too, and were left out
	// Leaving is what would leave its owners soon, by pool, owner and tier: who would lose most first.
	Leaving []*Leaving `json:"leaving"`
}

// NewRehearsed has found nothing so far.
func NewRehearsed() Rehearsed { return Rehearsed{Effects: []*Effect{}, Leaving: []*Leaving{}} }

// Rehearse examines the next records of a form, by id after the one named, at most 500, and adds what it finds
// to found. Samples are as the actor sees them. end tells that there are no more. Faults: NotFound
// "form.unknown" where one of the catalogs lacks the form.
func (s *Service) Rehearse(
	ctx context.Context, actor value.Actor, form value.FormKey, next *catalog.Catalog, after value.ID, limit int, found *Rehearsed,
) (last value.ID, end bool, err error) {
	h := &rehearsing{asker: s.visit(actor), now: s.visit(value.SystemActor("rehearsal")), found: found}
	h.next = s.visit(value.SystemActor("rehearsal"))
	h.next.catalog, h.next.now, h.next.people = next, h.now.now, h.now.people
	h.asker.catalog = h.now.catalog
	if h.was, err = h.now.form(form); err != nil {
		return "", false, err
	}
	if h.will, err = h.next.form(form); err != nil {
		return "", false, err
	}
	h.compare()
	limit = min(limit, rehearseOne)
	records, err := h.now.page(ctx, form, after, limit)
	if err != nil {
		return "", false, err
	}
	last = after
	for _, r := range records {
		if err := ctx.Err(); err != nil {
			return "", false, err
		}
		last = r.ID
		if err := h.record(ctx, r); err != nil {
			return "", false, err
		}
	}
	found.sortLeaving()
	return last, len(records) < limit, nil
}

// rehearsing is one page of a rehearsal.
type rehearsing struct {
	asker, now, next *visit
	was, will        *catalog.Form
	found            *Rehearsed
	holders          []holder
	filters          []filterPair
	at               *value.Record // the record at hand
	touched          bool
}

// holder is somebody whose rights change.
type holder struct {
	user      org.User
	was, will *access.Decision
	fields    []value.FieldKey // that either narrows
}

// filterPair is a view's or widget's condition before and after.
type filterPair struct {
	name      string
	was, will catalog.Condition
}

// compare finds out, once a page, who and what is to be compared.
func (h *rehearsing) compare() {
	before := h.now.catalog.ConditionsOf(h.was.Key)
	for name, will := range h.next.catalog.ConditionsOf(h.will.Key) {
		was, there := before[name]
		if there && was.Source != will.Source {
			h.filters = append(h.filters, filterPair{name, was, will})
		}
	}
	slices.SortFunc(h.filters, func(a, b filterPair) int { return strings.Compare(a.name, b.name) })
	h.found.Others = 0
	seen := map[value.ID]bool{}
	for _, key := range h.changedRoles() {
		h.take(h.now.people.RoleMembers(key), seen)
	}
	h.found.People = len(h.holders)
}

// take adds people whose rights change, so many of a role.
func (h *rehearsing) take(members []value.ID, seen map[value.ID]bool) {
	taken := 0
	for _, id := range members {
		actor, active := h.now.people.Actor(id)
		user, ok := h.now.people.User(id)
		if seen[id] || !ok || !active {
			continue
		}
		if taken++; taken > maxHolders {
			h.found.Others++
			continue
		}
		seen[id] = true
		h.holders = append(h.holders, h.holding(user, actor))
	}
}

// changedRoles are the roles whose rights over the form differ, sorted: all of them where pools, or who holds
// a record, do.
func (h *rehearsing) changedRoles() []string {
	var out []string
	all := h.was.Def.Holders != h.will.Def.Holders || !slices.EqualFunc(h.was.Pools, h.will.Pools, func(a, b *catalog.Pool) bool {
		return a.Def.Key == b.Def.Key && a.Version == b.Version
	})
	for key, will := range h.next.catalog.Roles {
		was, there := h.now.catalog.Roles[key]
		if !there || all || !reflect.DeepEqual(was.Def.Forms[h.was.Key], will.Def.Forms[h.was.Key]) {
			out = append(out, key)
		}
	}
	for key := range h.now.catalog.Roles {
		if _, stays := h.next.catalog.Roles[key]; !stays {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

func (h *rehearsing) holding(user org.User, actor value.Actor) holder {
	out := holder{user: user}
	decide := func(v *visit, form *catalog.Form) *access.Decision {
		roles := v.catalog.RightsOf(actor, h.was.Key, v.rule(nil))
		for _, rights := range roles {
			for key := range rights.Fields {
				if !slices.Contains(out.fields, key) {
					out.fields = append(out.fields, key)
				}
			}
		}
		for _, p := range form.Pools {
			for _, key := range slices.Concat(p.Def.Hidden, slices.Collect(maps.Keys(p.Masked))) {
				if !slices.Contains(out.fields, key) {
					out.fields = append(out.fields, key)
				}
			}
		}
		return access.Decide(access.Case{
			Actor: actor, People: v.people, Now: v.now, Zone: v.Zone, Roles: roles, Pools: form.Pools, Shared: form.Def.Sharing != nil,
		})
	}
	out.was, out.will = decide(h.now, h.was), decide(h.next, h.will)
	slices.Sort(out.fields)
	return out
}

// record compares what a save would make of one record by both.
func (h *rehearsing) record(ctx context.Context, r *value.Record) error {
	h.found.Examined++
	h.at, h.touched = r, false
	now, err := drawn(ctx, h.now, h.was, r)
	if err != nil {
		return err
	}
	next, err := drawn(ctx, h.next, h.will, r)
	if err != nil {
		return err
	}
	if !r.Deleted() { // what lies in the recycle bin is saved by nobody, but who reaches it may change
		h.values(now, next)
		h.issues(now.issues, next.issues)
		h.states(now, next)
		h.conditions(next)
		h.custody(now, next)
		h.leaving(now, next)
	}
	h.sights(next)
	if h.touched {
		h.found.Affected++
	}
	return nil
}

// drawn takes a record through the steps of a save that changes nothing by itself.
func drawn(ctx context.Context, v *visit, form *catalog.Form, r *value.Record) (*write, error) {
	w := v.systemWrite(form, r)
	w.quiet = true
	if err := w.draw(ctx, nil); err != nil {
		return nil, err
	}
	w.derive(w.next)
	return w, nil
}

func (h *rehearsing) values(now, next *write) {
	for _, one := range h.will.Fields {
		name := string(one.Key)
		stands, as, becomes := h.at.Values[name], now.next.Values[name], next.next.Values[name]
		switch {
		case value.Equal(stands, becomes):
		case value.Equal(as, becomes):
			h.note(Effect{Kind: EffectStale, Name: name}, one, stands, becomes)
		default:
			h.note(Effect{Kind: EffectValue, Name: name}, one, as, becomes)
		}
	}
}

func (h *rehearsing) issues(now, next fault.Issues) {
	was, will := named(now), named(next)
	for _, name := range will {
		if !slices.Contains(was, name) {
			h.note(Effect{Kind: EffectIssue, Name: name}, nil, nil, nil)
		}
	}
	for _, name := range was {
		if !slices.Contains(will, name) {
			h.note(Effect{Kind: EffectMended, Name: name}, nil, nil, nil)
		}
	}
}

// named calls issues by the rule that makes them, else by field and code; each once.
func named(issues fault.Issues) []string {
	var out []string
	for _, issue := range issues {
		name, _ := issue.Args["rule"].(string)
		if !strings.HasPrefix(issue.Code, "rule.") || name == "" || strings.HasPrefix(name, "/") {
			key, _ := fieldIn(issue.Path)
			name = string(key) + " " + issue.Code
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func (h *rehearsing) states(now, next *write) {
	was := h.was.State(now.next.Values, now.rule(now.oldValues()))
	will := h.will.State(next.next.Values, next.rule(next.oldValues()))
	for _, one := range h.will.Fields {
		before, there := was[one.Key]
		after := will[one.Key]
		if !there {
			continue
		}
		for _, c := range []struct {
			was, will bool
			on, off   EffectKind
		}{
			{before.Visible, after.Visible, EffectShown, EffectUnshown},
			{before.Required, after.Required, EffectRequired, EffectOptional},
			{before.ReadOnly, after.ReadOnly, EffectLocked, EffectUnlocked},
		} {
			h.turns(Effect{Name: string(one.Key)}, c.was, c.will, c.on, c.off)
		}
	}
}

// turns notes that something becomes so, or ceases to be.
func (h *rehearsing) turns(e Effect, was, will bool, on, off EffectKind) {
	if was == will {
		return
	}
	if e.Kind = off; will {
		e.Kind = on
	}
	h.note(e, nil, nil, nil)
}

// conditions compares which views and widgets the record is in.
func (h *rehearsing) conditions(next *write) {
	for _, f := range h.filters {
		ctx := h.asker.rule(nil)
		h.turns(Effect{Name: f.name}, f.was.Holds(h.at, ctx), f.will.Holds(next.next, ctx), EffectEnters, EffectLeaves)
	}
}

// custody compares the home pool and the deadline that a save would leave.
func (h *rehearsing) custody(now, next *write) {
	home := next.next.Values.Text(value.SysPool)
	if now.next.Values.Text(value.SysPool) != home {
		h.note(Effect{Kind: EffectPool, Name: home}, nil, nil, nil)
	}
	if now.next.Values.At(value.SysReclaimAt) != next.next.Values.At(value.SysReclaimAt) {
		h.note(Effect{Kind: EffectDeadline, Name: home}, nil, nil, nil)
	}
}

// sights compares what the people whose rights change may do to the record, and what they see of it.
func (h *rehearsing) sights(next *write) {
	h.together(next)
	for _, who := range h.holders {
		e := Effect{Who: who.user.ID, WhoName: who.user.Name}
		for _, verb := range []meta.Verb{meta.Read, meta.Update, meta.Delete, meta.Export} {
			e.Name = string(verb)
			h.turns(e, who.was.Reaches(verb, h.at), who.will.Reaches(verb, next.next), EffectGained, EffectLost)
		}
		if !who.was.Reaches(meta.Read, h.at) || !who.will.Reaches(meta.Read, next.next) {
			continue
		}
		for _, key := range who.fields {
			before, after := who.was.Sees(key, h.at), who.will.Sees(key, next.next)
			if e.Name = string(key); before != after {
				h.turns(e, before > after, after > before, EffectVeiled, EffectRevealed)
			}
		}
	}
}

// together notes, of nobody in particular, that some of these people gain or lose the record.
func (h *rehearsing) together(next *write) {
	for _, verb := range []meta.Verb{meta.Read, meta.Update, meta.Delete, meta.Export} {
		var gained, lost bool
		for _, who := range h.holders {
			was, will := who.was.Reaches(verb, h.at), who.will.Reaches(verb, next.next)
			gained, lost = gained || will && !was, lost || was && !will
		}
		if gained {
			h.note(Effect{Kind: EffectGained, Name: string(verb)}, nil, nil, nil)
		}
		if lost {
			h.note(Effect{Kind: EffectLost, Name: string(verb)}, nil, nil, nil)
		}
	}
}

// note counts an effect for the record at hand, and keeps the record as a sample where the asker may see it.
func (h *rehearsing) note(e Effect, one *catalog.Field, from, to value.Value) {
	h.touched = h.touched || e.Kind != EffectStale
	at := slices.IndexFunc(h.found.Effects, func(o *Effect) bool { return o.Kind == e.Kind && o.Name == e.Name && o.Who == e.Who })
	if at < 0 {
		if len(h.found.Effects) >= maxEffects {
			h.found.Omitted++
			return
		}
		e.Samples = []Sample{}
		at, h.found.Effects = len(h.found.Effects), append(h.found.Effects, &e)
	}
	known := h.found.Effects[at]
	known.Count++
	d := h.asker.decision(h.was)
	if len(known.Samples) >= maxSamples || !d.Reaches(meta.Read, h.at) {
		return
	}
	s := h.sampled()
	if one != nil && h.tells(one) {
		s.From, s.To = one.Encode(from), one.Encode(to)
	}
	known.Samples = append(known.Samples, s)
}

// sampled names the record at hand, as the asker sees it.
func (h *rehearsing) sampled() Sample {
	title, _ := h.asker.title(h.was, h.at)
	return Sample{ID: h.at.ID, Title: title}
}

// tells whether the asker may know a field's values, the old and the new one: they see by what is published
// the field, and all that the new one is made of. By a draft of their own they would see what they like.
func (h *rehearsing) tells(one *catalog.Field) bool {
	d := h.asker.decision(h.was)
	for _, key := range append(h.will.MadeOf(one.Key), one.Key) {
		there, known := h.was.Field(key)
		if key == one.Key && !known {
			continue // a new field
		}
		if !known || d.Sees(key, h.at) != access.Whole {
			return false
		}
		if will, stays := h.will.Field(key); !stays || will.Derives() && !reflect.DeepEqual(there.Def, will.Def) {
			return false // by a draft it could show something of another record
		}
	}
	if will, _ := h.will.Field(one.Key); will != nil && will.Derives() {
		return false
	}
	return true
}
