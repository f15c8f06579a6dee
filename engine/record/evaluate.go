package record

import (
	"context"

	"tidewater/engine/access"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// Evaluation is what a save of a draft would say.
type Evaluation struct {
	Fields map[string]FieldState `json:"fields"`
	Values map[string]any        `json:"values"` // defaults and computed values included
	Issues fault.Issues          `json:"issues"`
}

// FieldState is how a field behaves for the draft as it stands.
type FieldState struct {
	Visible  bool `json:"visible"`
	Required bool `json:"required"`
	ReadOnly bool `json:"readOnly"`
}

// Evaluate runs a draft through every step of a save short of the store: nothing is written. With an
// id, values are changes to that record.
func (s *Service) Evaluate(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, values map[string]any) (*Evaluation, error) {
	v := s.visit(actor)
	w, err := v.draft(ctx, form, id)
	if err != nil {
		return nil, err
	}
	w.draft = true
	if err := w.draw(ctx, values); err != nil {
		return nil, err
	}
	out := &Evaluation{Fields: map[string]FieldState{}, Issues: w.told()}
	known := func(doc value.Doc) value.Doc { return w.form.Known(doc, w.knows) }
	states := w.form.State(known(w.next.Values), w.rule(known(w.oldValues())))
	for _, field := range w.form.Fields {
		if w.hidden(field.Key) {
			continue
		}
		state := states[field.Key]
		out.Fields[string(field.Key)] = FieldState{
			Visible: state.Visible, Required: state.Required, ReadOnly: state.ReadOnly || w.locked(field),
		}
	}
	out.Values, err = v.draftValues(ctx, w, values)
	return out, err
}

// draft begins a change or a new record for looking only: without the right to read there is nothing
// to look at, without the right to write the answer shows everything as read-only.
func (v *visit) draft(ctx context.Context, key value.FormKey, id value.ID) (*write, error) {
	if id != "" {
		form, old, err := v.open(ctx, key, id)
		if err != nil {
			return nil, err
		}
		return &write{visit: v, form: form, decision: v.decision(form), old: old, next: old.Clone(), kind: event.RecordChanged}, nil
	}
	return v.newRecord(key)
}

// draftValues shows the draft: of a record, what the actor sees of it as it stands, for a draft may
// pretend to be what it is not; of a new one, what they sent and what they will see.
func (v *visit) draftValues(ctx context.Context, w *write, sent map[string]any) (map[string]any, error) {
	titles, err := v.titles(ctx, w.form, []*value.Record{w.next})
	if err != nil {
		return nil, err
	}
	files, err := v.shownFiles(ctx, w.form, []*value.Record{w.next})
	if err != nil {
		return nil, err
	}
	stands := w.old
	if stands == nil {
		w.form.Derive(w.next, w.Zone, w.people)
		stands = w.next
	}
	shown := value.Doc{}
	for _, field := range w.form.Fields {
		name := string(field.Key)
		val, ok := w.next.Values[name]
		_, theirs := sent[name]
		switch sight := w.decision.Sees(field.Key, stands); {
		case !ok, w.hidden(field.Key):
		case sight == access.Whole, theirs && !w.locked(field):
			shown[name] = val
		case sight == access.Masked:
			if masked := mask(field, val); masked != nil {
				shown[name] = masked
			}
		}
	}
	out := w.form.EncodeValues(shown)
	titles.into(w.form, out)
	v.showFiles(files, w.form, w.next.ID, out)
	return out, nil
}
