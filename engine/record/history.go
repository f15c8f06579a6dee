package record

import (
	"context"
	"slices"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// HistoryPage is a part of a record's history, newest first.
type HistoryPage struct {
	Entries []HistoryEntry `json:"entries"`
	Next    string         `json:"next,omitempty"`
}

// HistoryEntry is one thing that happened to a record, as the actor sees it.
type HistoryEntry struct {
	At      time.Time      `json:"at"`
	Actor   Ref            `json:"actor"`
	Op      string         `json:"op"` // an event kind
	Changes []FieldChange  `json:"changes"`
	Reason  string         `json:"reason,omitempty"`
	Action  string         `json:"action,omitempty"` // by which, where it was no edit
	Detail  map[string]any `json:"detail,omitempty"` // what decided, where a rule of the engine did
	// Explained says that how it came about is kept: see Service.ExplainMove.
	Explained bool  `json:"explained,omitempty"`
	Version   int64 `json:"version"`
}

// FieldChange is one field's change in wire form; nil for absent.
type FieldChange struct {
	Field string `json:"field"`
	From  any    `json:"from"`
	To    any    `json:"to"`
}

// History tells what happened to a record that the actor may read. A field that they do not see whole
// on the record as it is now is left out of the changes.
func (s *Service) History(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, after string, limit int) (*HistoryPage, error) {
	v := s.visit(actor)
	f, r, err := v.open(ctx, form, id)
	if err != nil {
		return nil, err
	}
	question := []any{"history", form, id}
	key, err := v.openCursor(question, after)
	if err != nil {
		return nil, err
	}
	before := int64(0)
	if len(key) == 1 {
		before, _ = key[0].(int64)
	}
	if limit <= 0 || limit > maxLimit {
		limit = defaultLimit
	}
	events, err := s.Store.History(ctx, form, id, before, limit+1)
	if err != nil {
		return nil, err
	}
	page := &HistoryPage{Entries: []HistoryEntry{}}
	for i, e := range events {
		if i == limit {
			if page.Next, err = v.sealCursor(question, query.Key{events[i-1].Seq}); err != nil {
				return nil, err
			}
			break
		}
		page.Entries = append(page.Entries, v.entry(f, r, e))
	}
	return page, v.entitle(ctx, f, page.Entries, events)
}

// entitle puts titles, and names of files, beside the ids that the entries show, those of a page together.
func (v *visit) entitle(ctx context.Context, form *catalog.Form, entries []HistoryEntry, events []event.Event) error {
	var records []*value.Record
	for i, entry := range entries {
		for _, c := range events[i].Changes {
			if !slices.ContainsFunc(entry.Changes, func(shown FieldChange) bool { return shown.Field == string(c.Field) }) {
				continue
			}
			records = append(records,
				&value.Record{Form: form.Key, Values: value.Doc{string(c.Field): c.From}},
				&value.Record{Form: form.Key, Values: value.Doc{string(c.Field): c.To}})
		}
	}
	found, err := v.titles(ctx, form, records)
	if err != nil {
		return err
	}
	files, err := v.shownFiles(ctx, form, records)
	if err != nil {
		return err
	}
	for i, entry := range entries {
		for _, c := range entry.Changes {
			for _, shown := range []map[string]any{{c.Field: c.From}, {c.Field: c.To}} {
				found.into(form, shown)
				v.showFiles(files, form, events[i].Record, shown)
			}
		}
	}
	return nil
}

func (v *visit) entry(form *catalog.Form, now *value.Record, e event.Event) HistoryEntry {
	out := HistoryEntry{
		At: e.At, Actor: v.person(e.Actor), Op: string(e.Kind), Reason: e.Reason, Action: e.Action, Version: e.Version,
		Changes: []FieldChange{},
	}
	d := v.decision(form)
	out.Detail = detailOf(e.Detail, func(key value.FieldKey) bool { return d.Sees(key, now) == access.Whole })
	out.Explained = out.Detail != nil && e.Detail[keptExplanation] != nil
	if with, is := out.Detail[string(value.ShareWith)].(string); is && e.Action != "" {
		_, _, out.Detail["title"] = v.guestNamed(with)
	}
	for _, c := range e.Changes {
		field, known := form.Told(c.Field)
		if !known || d.Sees(c.Field, now) != access.Whole {
			continue
		}
		out.Changes = append(out.Changes, FieldChange{
			Field: string(c.Field), From: field.Encode(c.From), To: field.Encode(c.To),
		})
	}
	return out
}

// detailOf is what decided, nil to whoever does not see every field that it tells of.
func detailOf(detail value.Doc, sees func(value.FieldKey) bool) map[string]any {
	reads, _ := detail["reads"].(value.List)
	for _, name := range reads {
		if key, ok := name.(string); !ok || !sees(value.FieldKey(key)) {
			return nil
		}
	}
	var out map[string]any
	for name, v := range detail {
		if name == "reads" || name == keptExplanation || name == keptMetadata || name == givenByScripts {
			continue
		}
		if out == nil {
			out = make(map[string]any, len(detail))
		}
		out[name] = v
	}
	return out
}
