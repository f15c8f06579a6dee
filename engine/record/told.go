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
	return heard(w.issues, w.draft, func(n int, key value.FieldKey) bool { return n < w.answers || w.knows(w.form, key) })
}

// HeardBy are what is wrong with a record as somebody hears it who does not know every field.
func HeardBy(issues fault.Issues, knows func(value.FieldKey) bool) fault.Issues {
	return heard(issues, false, func(_ int, key value.FieldKey) bool { return knows(key) })
}

// heard asks for each issue, by its place, whether the field that it leads into is known.
func heard(issues fault.Issues, draft bool, knows func(n int, key value.FieldKey) bool) fault.Issues {
	out := make(fault.Issues, 0, len(issues))
	for i, issue := range issues {
		key, inField := fieldIn(issue.Path)
		switch {
		case !inField || knows(i, key):
			out = append(out, issue)
		case draft:
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
