package catalog

import (
	"regexp"

	"tidewater/engine/explain"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// A rule's message may show values of the record: {field} stands for one as the reader reads it.

var named = regexp.MustCompile(`\{([a-z][A-Za-z0-9]*)\}`)

// checkMessage holds that what a message names are fields of the form.
func (c *compiler) checkMessage(form *Form, rule *Rule) {
	c.checkLabel(rule.file, rule.at+"/message", rule.Def.Message)
	for _, locale := range sortedKeys(rule.Def.Message) {
		for _, found := range named.FindAllStringSubmatch(rule.Def.Message[locale], -1) {
			if _, known := form.fields[value.FieldKey(found[1])]; !known {
				c.say(rule.file, rule.at+"/message/"+fault.Escape(locale), reference(found[1]))
			}
		}
	}
}

// ShowsValues tells whether the rule's message shows values of the record.
func (r *Rule) ShowsValues() bool {
	for _, text := range r.Def.Message {
		if named.MatchString(text) {
			return true
		}
	}
	return false
}

// Says is the rule's message in a locale, each value in it as show tells it.
func (r *Rule) Says(locale string, show func(key value.FieldKey) string) string {
	return named.ReplaceAllStringFunc(r.Def.Message[locale], func(place string) string {
		return show(value.FieldKey(place[1 : len(place)-1]))
	})
}

// title is the rule's message of no record in particular: fields by their names.
func (r *Rule) title(form *Form) meta.Label {
	out := meta.Label{}
	for locale := range r.Def.Message {
		out[locale] = r.Says(locale, func(key value.FieldKey) string {
			one, known := form.fields[key]
			if !known {
				return ""
			}
			return one.Def.Label[locale]
		})
	}
	return out
}

// ExplainValue tells a field's value and what it is called, and nothing of what it came from; nil for a field that
// the form has not.
func (f *Form) ExplainValue(of Subject, key value.FieldKey) *explain.Node {
	one, known := f.fields[key]
	if !known {
		return nil
	}
	n := &explain.Node{Kind: explain.Field, Ref: &explain.Ref{Form: f.Key, ID: of.ID, Version: of.Version, Field: key}}
	n.Value, n.Is, n.Count = expr.Tell(of.Values[string(key)], typeOf(one))
	name(n, one)
	return n
}
