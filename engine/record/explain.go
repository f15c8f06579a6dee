package record

import (
	"context"
	"slices"
	"strings"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Language is how whoever asks reads: explanations are sentences.
type Language struct {
	Locale string
	Say    func(code string, args fault.Args) string // the text of a code of package message
}

// Explanation tells how a field of a record came to be as it is, as one actor may see it.
type Explanation struct {
	Form     value.FormKey  `json:"form"`
	ID       value.ID       `json:"id,omitempty"`
	Version  int64          `json:"version,omitempty"`
	Metadata string         `json:"metadata"` // the version of the metadata by which it is explained
	Field    value.FieldKey `json:"field,omitempty"`
	// Value is the field with all that its value came from.
	Value *explain.View `json:"value,omitempty"`
	// Rules decide whether the field is shown, required and read-only, and check it.
	Rules []*explain.View `json:"rules,omitempty"`
	// Right is whether the actor may do something, and why.
	Right *explain.View `json:"right,omitempty"`
	// Move is how it came about that a rule moved the record, as that was kept when it did.
	Move *explain.View `json:"move,omitempty"`
}

// What is kept of a move in the detail of its event: the explanation, and the version of the metadata.
const (
	keptExplanation = "explanation"
	keptMetadata    = "metadata"
)

// ExplainMove tells how the change to a version came about, where a rule made it and that is kept: as it was
// then, in the reader's language, and as much of it as they may see by now. Faults: NotFound "explain.notKept",
// also for who does not see all that decided.
func (s *Service) ExplainMove(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, version int64, in Language) (*Explanation, error) {
	v := s.visit(actor)
	f, r, err := v.open(ctx, form, id)
	if err != nil {
		return nil, err
	}
	events, err := s.Store.History(ctx, form, id, 0, explainedEvents)
	if err != nil {
		return nil, err
	}
	d := v.decision(f)
	for _, e := range events {
		body, kept := e.Detail[keptExplanation].(string)
		if e.Version != version || !kept || detailOf(e.Detail, func(key value.FieldKey) bool { return d.Sees(key, r) == access.Whole }) == nil {
			continue
		}
		root, err := explain.Load([]byte(body))
		if err != nil {
			return nil, err
		}
		out := &Explanation{Form: form, ID: id, Version: version, Metadata: e.Detail.Text(keptMetadata)}
		out.Move, err = s.ReadExplanation(ctx, actor, root, in)
		return out, err
	}
	return nil, fault.New(fault.NotFound, "explain.notKept").In("record.explainMove").With("version", version)
}

// Explain tells how a field of a record that the actor may read came to its value, and what rules say of it.
// Faults: NotFound also for a field that there is not, or not for this actor on this record.
func (s *Service) Explain(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, key value.FieldKey, in Language) (*Explanation, error) {
	v := s.visit(actor)
	f, r, err := v.open(ctx, form, id)
	if err != nil {
		return nil, err
	}
	one, ok := f.Field(key)
	reclaim := key == value.SysReclaimAt && len(f.Pools) > 0
	if !ok && !reclaim || v.decision(f).Sees(key, r) != access.Whole && (reclaim || v.decision(f).Sees(key, r) == access.Hidden) {
		return nil, unknownField(key)
	}
	e := &explaining{reading: v.reading(ctx, in), form: f, record: r}
	e.reading.draft = func(key value.FieldKey) access.Sight { return v.decision(f).Sees(key, r) }
	if e.events, err = s.Store.History(ctx, form, id, 0, explainedEvents); err != nil {
		return nil, err
	}
	e.subject = catalog.Subject{ID: id, Version: r.Version, Values: r.Values, Context: v.rule(e.before()), Derived: e.derived}
	if reclaim {
		return e.reclaimed(r)
	}
	// A rule that asks the clock asked it when the record was saved.
	e.subject.Context.Now = r.UpdatedAt
	root := f.Explain(e.subject, one)
	if len(root.Kids) == 0 && root.Value != nil {
		root.Kids = e.origin(one)
	}
	return e.told(one, root)
}

// reclaimed tells when the record leaves its owner, and why.
func (e *explaining) reclaimed(r *value.Record) (*Explanation, error) {
	out := &Explanation{
		Form: e.form.Key, ID: r.ID, Version: r.Version, Metadata: e.catalog.Version, Field: value.SysReclaimAt,
		Value: explain.Draw(e.form.ExplainReclaim(e.subject, r), e),
	}
	return out, e.err
}

func unknownField(key value.FieldKey) error {
	return fault.New(fault.NotFound, "field.unknown").In("record.explain").With("field", string(key))
}

// explainedEvents is how far back an explanation looks for who gave a value.
const explainedEvents = 200

// explaining is one explanation in the making.
type explaining struct {
	*reading
	form    *catalog.Form
	record  *value.Record
	subject catalog.Subject
	events  []event.Event // of the record, newest first
}

// told draws what there is to tell about a field.
func (e *explaining) told(one *catalog.Field, root *explain.Node) (*Explanation, error) {
	out := &Explanation{
		Form: e.form.Key, ID: e.subject.ID, Version: e.subject.Version, Metadata: e.catalog.Version, Field: one.Key,
		Value: explain.Draw(root, e),
	}
	for _, n := range e.form.ExplainState(e.subject, one) {
		out.Rules = append(out.Rules, explain.Draw(n, e))
	}
	for _, rule := range e.form.Rules {
		if !rule.Concerns(one.Key) {
			continue
		}
		// A check that reads what the actor does not see is told when it refuses a save, and not before.
		if seen := explain.Draw(e.form.ExplainRule(e.subject, rule), e); seen.Sight == explain.Whole {
			out.Rules = append(out.Rules, seen)
		}
	}
	return out, e.err
}

// before is the record as it was before its last save; nil where that made it, or is not known any more.
func (e *explaining) before() value.Doc {
	for _, one := range e.events {
		if one.Version != e.record.Version {
			continue
		}
		if one.Kind == event.RecordCreated {
			return nil
		}
		doc := e.record.Values.Clone()
		for _, c := range one.Changes {
			if delete(doc, string(c.Field)); c.From != nil {
				doc[string(c.Field)] = c.From
			}
		}
		return doc
	}
	return nil
}

// origin tells of a value that nothing computes who gave it, or that it is the default of a new record.
func (e *explaining) origin(one *catalog.Field) []*explain.Node {
	for _, at := range e.events {
		if !slices.ContainsFunc(at.Changes, func(c event.Change) bool { return c.Field == one.Key }) {
			continue
		}
		if at.Kind == event.RecordCreated {
			if n := e.byDefault(one, at); n != nil {
				return []*explain.Node{n}
			}
		}
		if n := e.byScript(one, at); n != nil {
			return []*explain.Node{n}
		}
		return []*explain.Node{{
			Kind: explain.Fact, Say: "explain.given", Args: fault.Args{"name": e.person(at.Actor).Title},
			Is: explain.Type{Kind: "datetime"}, Value: at.At.UTC().Format(instant),
		}}
	}
	return nil
}

// byScript tells of a value that a script gave; nil where none did. What the script is called now is what it is called.
func (e *explaining) byScript(one *catalog.Field, at event.Event) *explain.Node {
	given, _ := at.Detail[givenByScripts].(value.Doc)
	name, version, ok := strings.Cut(given.Text(one.Key), " ")
	if !ok {
		return nil
	}
	args := fault.Args{"script": name, "version": version, "name": e.person(at.Actor).Title}
	form, key, _ := strings.Cut(name, "/")
	if f, known := e.catalog.Forms[value.FormKey(form)]; known {
		if s, known := f.Script(key); known {
			args["script"] = s.Def.Label
		}
	}
	return &explain.Node{
		Kind: explain.Fact, Say: "explain.script", Args: args, Is: explain.Type{Kind: "datetime"}, Value: at.At.UTC().Format(instant),
	}
}

const instant = "2006-01-02T15:04:05.000Z"

// byDefault is the rule that gave a new record its value; nil where the value is another than it gives.
func (e *explaining) byDefault(one *catalog.Field, made event.Event) *explain.Node {
	who, ok := e.people.Actor(made.Actor)
	if !ok {
		return nil
	}
	as := e.subject
	as.Values = value.Doc{}
	for _, c := range made.Changes {
		if c.Field != one.Key && c.To != nil {
			as.Values[string(c.Field)] = c.To
		}
	}
	as.Context.Actor, as.Context.Now, as.Context.Old = who, made.At, nil
	n := e.form.ExplainDefault(as, one)
	if n == nil || n.Fault != "" || n.Value == nil || n.Value != e.form.Explain(e.subject, one).Value {
		return nil
	}
	return n
}

// ExplainDraft is Explain for a draft, as Evaluate takes it: what the field would be, and what keeps it from
// being saved.
func (s *Service) ExplainDraft(
	ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, values map[string]any, key value.FieldKey, in Language,
) (*Explanation, error) {
	v := s.visit(actor)
	w, err := v.draft(ctx, form, id)
	if err != nil {
		return nil, err
	}
	w.draft = true
	if err := w.draw(ctx, values); err != nil {
		return nil, err
	}
	return w.explained(ctx, key, in)
}

func (w *write) explained(ctx context.Context, key value.FieldKey, in Language) (*Explanation, error) {
	one, ok := w.form.Field(key)
	if !ok || w.hidden(key) {
		return nil, unknownField(key)
	}
	e := w.explaining(ctx, in)
	root := w.form.Explain(e.subject, one)
	if n := w.byDefault(e, one); n != nil && len(root.Kids) == 0 {
		root.Kids = []*explain.Node{n}
	}
	return e.told(one, root)
}

// byDefault is the rule that gives a draft of a new record a value that nobody sent.
func (w *write) byDefault(e *explaining, one *catalog.Field) *explain.Node {
	if w.old != nil || w.sent[one.Key] {
		return nil
	}
	return w.form.ExplainDefault(e.subject, one)
}

// sight is how much of a field the actor sees in this draft.
func (w *write) sight(key value.FieldKey) access.Sight {
	switch {
	case w.hidden(key):
		return access.Hidden
	case w.knows(w.form, key):
		return access.Whole
	}
	return w.decision.Sees(key, w.old)
}

// derived tells what a mirror, a rollup or an autonumber came from.
func (e *explaining) derived(one *catalog.Field) *explain.Node {
	switch one.Def.Kind {
	case field.Mirror:
		return e.mirrored(one)
	case field.Rollup:
		return e.rolledUp(one)
	case field.Autonumber:
		return &explain.Node{Kind: explain.Fact, Say: "explain.numbered", Args: fault.Args{"pattern": one.Def.Number}}
	}
	return nil
}

// mirrored is a field of the record that a reference names.
func (e *explaining) mirrored(one *catalog.Field) *explain.Node {
	via, ok := e.form.Field(one.Def.Via)
	if !ok {
		return nil
	}
	named := e.form.Explain(catalog.Subject{ID: e.subject.ID, Version: e.subject.Version, Values: e.subject.Values}, via)
	n := &explain.Node{Kind: explain.Rule, Rule: &explain.Source{
		Form: e.form.Key, Part: "mirror", Version: e.catalog.Version, Inputs: []*explain.Node{named},
	}}
	id, _ := e.subject.Values[string(via.Key)].(string)
	target, found := e.catalog.Forms[via.Def.Ref], e.fetch(via.Def.Ref, value.ID(id))
	if target == nil || found == nil {
		return n
	}
	shown, ok := target.Field(one.Def.Of)
	if !ok {
		return n
	}
	subject := catalog.Subject{ID: found.ID, Version: found.Version, Values: found.Values}
	from := target.Explain(subject, shown)
	from.Kids = nil // how it came to be there is told there
	n.Rule.Inputs = append(n.Rule.Inputs, from)
	n.Is, n.Value, n.Count = from.Is, from.Value, from.Count
	n.Kids = []*explain.Node{{
		Kind: explain.Record, Label: target.Def.Label, Ref: &explain.Ref{Form: target.Key, ID: found.ID, Version: found.Version},
		Is: from.Is, Value: from.Value, Count: from.Count, Kids: []*explain.Node{from},
	}}
	return n
}

// rights are the verbs that can be asked about.
var rights = []meta.Verb{meta.Read, meta.Update, meta.Delete, meta.Export}

// ExplainRight tells why the actor may, or may not, do something to a record that they may read: what each of
// their roles grants over it. With a field, what each lets them see and change of that. Faults: NotFound as
// Explain, Invalid "explain.right".
func (s *Service) ExplainRight(
	ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, key value.FieldKey, verb meta.Verb, in Language,
) (*Explanation, error) {
	if !slices.Contains(rights, verb) {
		return nil, fault.New(fault.Invalid, "explain.right").In("record.explainRight").At("right").With("right", string(verb))
	}
	v := s.visit(actor)
	f, r, err := v.open(ctx, form, id)
	if err != nil {
		return nil, err
	}
	d := v.decision(f)
	if _, ok := f.Field(key); key != "" && (!ok || d.Sees(key, r) == access.Hidden) {
		return nil, unknownField(key)
	}
	e := &explaining{reading: v.reading(ctx, in), form: f, record: r}
	e.draft = func(key value.FieldKey) access.Sight { return d.Sees(key, r) }
	e.subject = catalog.Subject{ID: id, Version: r.Version, Values: r.WithSystem(), Context: v.rule(nil)}
	n := access.Explain(access.Asked{
		Actor: actor, People: v.people, Catalog: v.catalog, Form: f, Record: r, Field: key, Verb: verb, Subject: e.subject,
	}, d)
	out := &Explanation{
		Form: form, ID: id, Version: r.Version, Metadata: v.catalog.Version, Field: key, Right: explain.Draw(n, e),
	}
	return out, e.err
}

// ReadExplanation draws an explanation that was kept (see explain.Load) for somebody who reads it now: in their
// language, and of each record as much as they may see of it as it stands. The values are those of then.
func (s *Service) ReadExplanation(ctx context.Context, actor value.Actor, root *explain.Node, in Language) (*explain.View, error) {
	e := &explaining{reading: s.visit(actor).reading(ctx, in), form: &catalog.Form{}} // there is no record at hand
	seen := explain.Draw(root, e)
	return seen, e.err
}
