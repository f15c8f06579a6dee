package record

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// write is one record on its way into the store.
type write struct {
	*visit
	form     *catalog.Form
	decision *access.Decision
	old      *value.Record // nil at creation
	next     *value.Record
	kind     event.Kind
	reason   string
	issues   fault.Issues
	saved    *value.Record // what the last run of the transaction wrote
	// frozen is how the fields behave for the record as it stood: what is read-only then cannot be
	// freed by the same change that sets it.
	frozen map[value.FieldKey]catalog.FieldState
	sent   map[value.FieldKey]bool // what the actor set
	// answers is how many of the issues, the first ones, speak of what was sent and of nothing else.
	answers int
	derived bool // next has what follows from its values; worked out before the transaction, where no one waits
	draft   bool // for looking only: nothing will be written
	// setOff are the writes that the hooks of this one want, carried out in its transaction; by is the write
	// whose hooks want this one.
	setOff   []*write
	alike    []Duplicate  // what it may be a duplicate of, told with the answer or the outcome
	warning  *fault.Issue // what whoever acts had better know; nil for nothing
	answered bool         // somebody is told what it may be a duplicate of
	asks     bool         // what lookups find may be told: they were counted
	sends    []Sending    // what they send to other hosts
	says     []Saying     // what the hooks of this one say to people
	quiet    bool         // for looking at many: no hook runs
	by       *write
	done     bool      // next is written already: this carries what a script after it wants
	acting   *Acting   // what this is for, nil for an edit
	action   string    // its name, also where something follows from it
	detail   value.Doc // what decided
	// instead is the record that this one is to stand for too: no duplicate of it any more. "" for none.
	instead value.ID
	// authors are the scripts that have given fields what they hold.
	authors map[value.FieldKey]*catalog.Script
	// imports is the import that it is of, "" for none.
	imports value.ID
	// siblings are those of setOff that are made with it for other pools. follows: it follows from a save of another
	// of its group. reopens: its group goes on as if nobody had won it.
	siblings         []*write
	follows, reopens bool
}

// setInput takes the caller's values over; what may not be set is an issue.
func (w *write) setInput(values map[string]any) {
	if w.old != nil {
		w.frozen = w.form.State(w.old.Values, w.rule(w.old.Values))
	}
	w.sent = make(map[value.FieldKey]bool, len(values))
	decoded, issues := w.form.DecodeValues(values)
	for name := range values {
		key := value.FieldKey(name)
		field, known := w.form.Field(key)
		switch {
		case !known || w.hidden(key):
			path := "/values/" + fault.Escape(name)
			issues = slices.DeleteFunc(issues, func(i fault.Issue) bool { return i.Path == path || strings.HasPrefix(i.Path, path+"/") })
			issues.Add(path, "field.unknown", "field", name)
			continue
		case w.locked(field):
			if !value.Equal(decoded[name], w.shown(field)) {
				issues.Add("/values/"+fault.Escape(name), "field.readOnly", "field", field.Def.Label)
			}
			continue
		}
		w.sent[key] = true
		w.checkOptions(field, decoded[name])
		w.set(name, w.merged(field, decoded[name], w.oldValues()))
	}
	w.issues = append(w.issues, issues...)
	w.answers = len(w.issues)
}

func (w *write) set(name string, v value.Value) {
	if v == nil {
		delete(w.next.Values, name)
		return
	}
	w.next.Values[name] = v
}

func (w *write) before(name string) value.Value {
	if w.old == nil {
		return nil
	}
	return w.old.Values[name]
}

// shown is what the actor sees of a field before the change. Held against the whole value, a masked
// one could be guessed: right and wrong would answer differently.
func (w *write) shown(field *catalog.Field) value.Value {
	before := w.before(string(field.Key))
	if w.old != nil && w.decision.Sees(field.Key, w.old) == access.Masked {
		return mask(field, before)
	}
	return before
}

// hidden tells whether the field does not exist for this actor.
func (w *write) hidden(key value.FieldKey) bool {
	if w.old == nil {
		return w.decision.SeesNowhere(key)
	}
	return w.decision.Sees(key, w.old) == access.Hidden
}

// locked tells whether the field's value is not the actor's to set. The engine's own parts may set
// what people may only read, but never what is computed.
func (w *write) locked(field *catalog.Field) bool {
	if field.Computed() {
		return true
	}
	if w.actor.IsSystem() {
		return w.by != nil && w.moves(field) // a script of a job is no part of the engine, though it runs as one
	}
	if w.old != nil && !w.decision.Reaches(meta.Update, w.old) {
		return true
	}
	if w.moves(field) || w.takes(field) {
		return true
	}
	return field.Def.ReadOnly || w.frozen[field.Key].ReadOnly || !w.decision.MayWrite(field.Key, w.old)
}

// moves tells whether setting a field moves the record between people, which is the pools' business.
func (w *write) moves(field *catalog.Field) bool {
	return w.old != nil && len(w.form.Pools) > 0 && field.Key == w.form.Def.Holders.Owner
}

// takes tells whether somebody who was let in, or stands in, would say by a field whose the record is: that is not
// theirs to say, by whatever way.
func (w *write) takes(field *catalog.Field) bool {
	held := w.form.Def.Holders
	return w.old != nil && slices.Contains([]value.FieldKey{held.Owner, held.With, held.Unit, held.Zone}, field.Key) && w.decision.Helps(w.old)
}

func (w *write) setDefaults() {
	issues := w.form.Defaults(w.next.Values, w.rule(w.oldValues()))
	w.issues = append(w.issues, issues...)
}

// compute gives what is computed its values, and sets what the system sets.
func (w *write) compute() {
	w.issues = append(w.issues, w.form.Settle(w.next.Values, w.rule(w.oldValues()))...)
}

// checkRules asks the JSON Schema and the rules, all of them at once.
func (w *write) checkRules(ctx context.Context) error {
	told := map[string]bool{}
	for _, issue := range w.issues {
		told[issue.Path] = true
	}
	var knows catalog.Knows
	if w.draft {
		knows = w.knows
	}
	for _, issue := range w.form.Validate(w.next.Values, knows, w.rule(w.oldValues())) {
		if !told[issue.Path] { // what could not be read is absent here, and would be told again as missing
			w.issues = append(w.issues, issue)
		}
	}
	return w.say(ctx)
}

func (w *write) oldValues() value.Doc {
	if w.old == nil {
		return nil
	}
	return w.old.Values
}

// mayKeep refuses a save that would put the record where the actor may not have it: nobody makes, or
// hands away, what they could then not read. What moves records between people has rights of its own.
func (w *write) mayKeep() error {
	w.deriveAhead()
	if !w.decision.Reaches(meta.Read, w.next) {
		return fault.New(fault.Forbidden, "record.mayNotOwn").With("form", w.form.Def.Label)
	}
	return nil
}

// derive works out what follows from a record's values: where it is at home and when it leaves its owner,
// and what the stores keep beside.
func (w *write) derive(next *value.Record) {
	ctx := w.rule(w.oldValues())
	if w.old != nil && w.decision.Helps(w.old) {
		ctx.Actor.User = w.form.HolderOf(w.old) // who helps with a record moves its deadline no further than its owner
	}
	w.form.Custody(next, w.old, ctx)
	w.form.Derive(next, w.Zone, w.people)
}

// deriveAhead derives before the transaction, where no one waits.
func (w *write) deriveAhead() {
	w.derive(w.next)
	w.derived = true
}

// commit writes the record, its event and whatever must be true at the same time. before is the
// record as it stood.
func (w *write) commit(ctx context.Context, tx store.Tx, next, before *value.Record) error {
	if w.kind == event.RecordRestored {
		if err := w.mirrorAnew(ctx, tx, next); err != nil {
			return err
		}
	}
	if !w.derived {
		w.derive(next)
	}
	if err := w.holdReferences(ctx, tx, next); err != nil {
		return err
	}
	if err := w.holdFiles(ctx, tx, next); err != nil {
		return err
	}
	if err := w.holdDuplicates(ctx, tx); err != nil {
		return err
	}
	if before != nil {
		if err := w.holdFigures(ctx, tx, before); err != nil {
			return err
		}
	}
	return w.put(ctx, tx, next, before)
}

// put writes what commit has made sure of.
func (w *write) put(ctx context.Context, tx store.Tx, next, before *value.Record) error {
	was := int64(0)
	if before != nil {
		was = before.Version
	}
	group, err := w.holdGroup(ctx, tx, next, before)
	if err != nil {
		return err
	}
	if err := tx.Put(ctx, next, was); err != nil {
		return err
	}
	if err := w.feed(ctx, tx, next, before); err != nil {
		return err
	}
	w.saved = next
	if err := tx.Emit(ctx, w.event(next, before)); err != nil {
		return err
	}
	if err := w.tellGroup(ctx, tx, next, group); err != nil {
		return err
	}
	return w.applySetOff(ctx, tx)
}

func (w *write) event(next, before *value.Record) event.Event {
	changed := changes(before, next)
	return event.Event{
		Kind: w.kind, Form: next.Form, Record: next.ID, Version: next.Version,
		At: w.now, Actor: w.actor.Key(), Reason: w.reason, Action: w.action, Detail: w.detailOf(changed), Depth: w.depth(), Scopes: w.actor.Scopes, Import: w.imports,
		Changes: changed, Before: before, After: next,
	}
}

// What an event keeps in its detail of the scripts that gave fields their values: by field, "form/script version", the
// version being that of the metadata.
const givenByScripts = "scripts"

// detailOf is what decided, with the scripts that gave changed fields their values.
func (w *write) detailOf(changed []event.Change) value.Doc {
	given := value.Doc{}
	for _, c := range changed {
		if s := w.authors[c.Field]; s != nil && c.To != nil {
			given[string(c.Field)] = s.Run.Name + " " + w.catalog.Version
		}
	}
	if len(given) == 0 {
		return w.detail
	}
	out := value.Doc{}
	maps.Copy(out, w.detail)
	out[givenByScripts] = given
	return out
}

// givenBy notes that a script has set fields.
func (w *write) givenBy(s *catalog.Script, values map[string]any) {
	if w.authors == nil {
		w.authors = make(map[value.FieldKey]*catalog.Script, len(values))
	}
	for name := range values {
		w.authors[value.FieldKey(name)] = s
	}
}

// changes lists what differs between two images, by field; nil stands for no record.
func changes(before, after *value.Record) []event.Change {
	from, to := valuesOf(before), valuesOf(after)
	out := make([]event.Change, 0, len(to))
	for name, v := range to {
		if !value.Equal(from[name], v) {
			out = append(out, event.Change{Field: value.FieldKey(name), From: from[name], To: v})
		}
	}
	for name, v := range from {
		if _, kept := to[name]; !kept {
			out = append(out, event.Change{Field: value.FieldKey(name), From: v})
		}
	}
	slices.SortFunc(out, func(a, b event.Change) int { return strings.Compare(string(a.Field), string(b.Field)) })
	return out
}

func valuesOf(r *value.Record) value.Doc {
	if r == nil {
		return nil
	}
	return r.Values
}

// explain turns the store's faults into the record's: which field is taken, who was faster.
func (w *write) explain(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "store.taken" {
		return err
	}
	fields, _ := f.Args["fields"].([]value.FieldKey)
	return taken(fields)
}
