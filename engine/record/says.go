package record

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// say puts the record's values into the messages of rules that show some, in each language and as the actor
// sees these values: of one that they do not see, a message tells as much as an explanation does.
func (w *write) say(ctx context.Context) error {
	for n, issue := range w.issues {
		key, _ := issue.Args["rule"].(string)
		rule, known := w.form.Rule(key)
		if !known || issue.Args["message"] == nil || !rule.ShowsValues() {
			continue
		}
		texts := map[string]string{}
		for locale := range rule.Def.Message {
			e := w.explaining(ctx, w.language(locale))
			texts[locale] = rule.Says(locale, func(key value.FieldKey) string {
				return explain.Draw(w.form.ExplainValue(e.subject, key), e).Text
			})
			if e.err != nil {
				return e.err
			}
		}
		w.issues[n].Args = fault.Args{"rule": key, "message": texts}
	}
	return nil
}

// language is how a locale reads by itself.
func (s *Service) language(locale string) Language {
	return Language{Locale: locale, Say: func(code string, args fault.Args) string {
		if s.Say == nil {
			return code
		}
		return s.Say(locale, code, args)
	}}
}

// explaining is what tells of the draft as it stands.
func (w *write) explaining(ctx context.Context, in Language) *explaining {
	e := &explaining{reading: w.reading(ctx, in), form: w.form, record: w.next}
	e.draft = w.sight
	e.subject = catalog.Subject{Values: w.next.Values, Context: w.rule(w.oldValues()), Derived: e.derived}
	if w.old != nil {
		e.subject.ID, e.subject.Version = w.old.ID, w.old.Version
	}
	return e
}
