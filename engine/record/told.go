package record

import (
	"slices"
	"strings"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// What is wrong with a record is told to somebody who may not see all of it. A save has to hold every rule,
// but says of an unseen field only that something is wrong; an evaluation, which costs nothing and can be
// asked for again and again with other values, asks no question that an unseen value decides.

// knows tells whether the actor knows a field's value in this draft: they see it whole, or sent it.
func (w *write) knows(_ *catalog.Form, key value.FieldKey) bool {
	if w.hidden(key) {
		return false
	}
	return w.sent[key] || w.old == nil || w.decision.Sees(key, w.old) == access.Whole
}

// told are the issues as the actor may hear them.
func (w *write) told() fault.Issues {
	out := make(fault.Issues, 0, len(w.issues))
	for i, issue := range w.issues {
		key, inField := fieldIn(issue.Path)
		switch {
		case !inField || i < w.answers || w.knows(w.form, key):
			out = append(out, issue)
		case w.draft:
		case strings.HasPrefix(issue.Code, "rule."):
			issue.Path = "/values"
			out = append(out, issue)
		case !slices.ContainsFunc(out, func(i fault.Issue) bool { return i.Code == codeUnseen }):
			out = append(out, fault.Issue{Path: "/values", Code: codeUnseen})
		}
	}
	return out
}

const codeUnseen = "record.unseenInvalid"

// fieldIn is the field that an issue's path leads into.
func fieldIn(path string) (value.FieldKey, bool) {
	rest, ok := strings.CutPrefix(path, "/values/")
	name, _, _ := strings.Cut(rest, "/")
	return value.FieldKey(fault.Unescape(name)), ok
}
