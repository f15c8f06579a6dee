package proof

import (
	"cmp"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// form tests a form as a whole: what a save makes of a record, and what it refuses.
type form struct {
	*catalog.Form
	c       *catalog.Catalog
	watched []watched
}

// watched is an expression with the ways that cases have gone.
type watched struct {
	catalog.Written
	ways *expr.Cover
}

func watch(all []catalog.Written) []watched {
	out := make([]watched, 0, len(all))
	for _, one := range all {
		out = append(out, watched{one, one.Program.Cover()})
	}
	return out
}

func newForm(c *catalog.Catalog, f *catalog.Form) *form {
	own := f.Written()
	for _, rule := range f.Rules {
		if rule.File() != f.File() { // it has tests of its own
			own = slices.DeleteFunc(own, func(w catalog.Written) bool { return w.File == rule.File() })
		}
	}
	return &form{f, c, watch(own)}
}

// saved is what the steps of a save make of a case: the record, and what is wrong with it.
func (f *form) saved(given meta.TestGiven) (doc value.Doc, ctx expr.Context, refused, wrong fault.Issues) {
	ctx, wrong = contextOf(given)
	doc, issues := recordOf(f.Form, given.Record, "/given/record")
	wrong = append(wrong, issues...)
	if given.Old != nil {
		ctx.Old, issues = recordOf(f.Form, given.Old, "/given/old")
		wrong = append(wrong, issues...)
	}
	if len(wrong) > 0 {
		return nil, ctx, nil, wrong
	}
	refused = append(f.Defaults(doc, ctx), f.Settle(doc, ctx)...)
	return doc, ctx, append(refused, f.Validate(doc, nil, ctx)...), nil
}

func (f *form) try(c meta.TestCase) ([]difference, fault.Issues) {
	doc, ctx, refused, wrong := f.saved(c.Given)
	wrong = append(wrong, unsuited(c, "effects", "result")...)
	if len(wrong) > 0 {
		return nil, wrong
	}
	people, wrong := peopleOf(c.Given, ctx.Actor)
	as, issues := sightOf(f.c, c.Given, ctx, people)
	wrong = append(wrong, issues...)
	if len(wrong) > 0 {
		return nil, wrong
	}
	note(f.watched, doc, ctx)
	by := f.savedBy(as, doc, ctx)
	out := append(valuesOf(f.Form, c.Expect.Values, by.known(doc)), issuesOf(c.Expect.Issues, as.heard(refused, by))...)
	states, unknown := f.fields(c.Expect.Fields, doc, ctx)
	for _, key := range sorted(c.Expect.Fields) {
		if by.hides(value.FieldKey(key)) {
			unknown.Add("/expect/fields/"+fault.Escape(key), "field.unknown", "field", key)
		}
	}
	return append(out, states...), unknown
}

// savedBy is the save as the actor of a case knows it.
func (f *form) savedBy(as *sight, doc value.Doc, ctx expr.Context) saving {
	next := &value.Record{Form: f.Key, Version: 1, Values: doc}
	var old *value.Record
	if ctx.Old != nil {
		old = &value.Record{Form: f.Key, Version: 1, Values: ctx.Old}
	}
	return as.saving(f.Form, next, old)
}

// fields compares how fields behave for the record; one that the form has not is the case's mistake.
func (f *form) fields(want map[string]meta.TestField, doc value.Doc, ctx expr.Context) ([]difference, fault.Issues) {
	var out []difference
	var unknown fault.Issues
	states := f.State(doc, ctx)
	for _, key := range sorted(want) {
		at := "/fields/" + fault.Escape(key)
		is, known := states[value.FieldKey(key)]
		if !known {
			unknown.Add("/expect"+at, "field.unknown", "field", key)
			continue
		}
		for _, one := range []struct {
			name string
			want *bool
			is   bool
		}{{"visible", want[key].Visible, is.Visible}, {"required", want[key].Required, is.Required}, {"readOnly", want[key].ReadOnly, is.ReadOnly}} {
			if one.want != nil && *one.want != one.is {
				out = append(out, difference{at + "/" + one.name, text(*one.want), text(one.is)})
			}
		}
	}
	return out, unknown
}

// note lets the watched expressions run over a record once more.
func note(all []watched, doc value.Doc, ctx expr.Context) {
	for _, one := range all {
		one.Over(doc, func(vars value.Doc) {
			// What goes wrong was told by the save itself.
			_, _ = one.ways.Run(ctx, vars)
		})
	}
}

func (f *form) cover() (int, []Missed) { return covered(f.watched) }

// valuesOf compares the values that are named.
func valuesOf(f *catalog.Form, want map[string]any, doc value.Doc) []difference {
	var out []difference
	got, _ := plain(f.EncodeValues(doc)).(map[string]any)
	for _, key := range sorted(want) {
		if !matches(want[key], got[key]) {
			out = append(out, difference{"/values/" + fault.Escape(key), text(want[key]), text(got[key])})
		}
	}
	return out
}

// issuesOf compares refusals by path and code; what is not named must not happen.
func issuesOf(want []map[string]any, got fault.Issues) []difference {
	var expected, said []string
	for _, one := range want {
		path, _ := one["path"].(string)
		code, _ := one["code"].(string)
		expected = append(expected, path+" "+code)
	}
	for _, one := range got {
		said = append(said, one.Path+" "+one.Code)
	}
	slices.SortFunc(expected, cmp.Compare)
	slices.SortFunc(said, cmp.Compare)
	said = slices.Compact(said)
	if slices.Equal(expected, said) {
		return nil
	}
	return []difference{{"/issues", text(append([]string{}, expected...)), text(append([]string{}, said...))}}
}

// unsuited refuses parts of a case that its subject knows nothing of: they would prove nothing.
func unsuited(c meta.TestCase, parts ...string) fault.Issues {
	var out fault.Issues
	has := map[string]bool{
		"effects": c.Expect.Effects != nil, "result": c.Expect.Result != nil, "values": c.Expect.Values != nil,
		"fields": c.Expect.Fields != nil, "log": c.Expect.Log != nil,
	}
	for _, part := range append(parts, "log") { // only scripts write one
		if has[part] {
			out.Add("/expect/"+part, "test.unsuited", "part", part)
		}
	}
	if c.Given.Records != nil {
		out.Add("/given/records", "test.unsuited", "part", "records")
	}
	if c.Given.HTTP != nil {
		out.Add("/given/http", "test.unsuited", "part", "http")
	}
	if c.Given.People != nil && !c.Given.Access {
		out.Add("/given/people", "test.unsuited", "part", "people")
	}
	if c.Given.Seed != nil {
		out.Add("/given/seed", "test.unsuited", "part", "seed")
	}
	return out
}

// everybodys refuses to ask who sees what where nothing depends on it.
func everybodys(c meta.TestCase) (out fault.Issues) {
	if c.Given.Access {
		out.Add("/given/access", "test.unsuited", "part", "access")
	}
	return out
}

// rule tests one rule: whether it holds, for the record as a save makes it.
type rule struct {
	form *form
	*catalog.Rule
}

func newRule(f *catalog.Form, r *catalog.Rule) *rule {
	own := slices.DeleteFunc(f.Written(), func(w catalog.Written) bool { return w.File != r.File() })
	return &rule{&form{f, nil, watch(own)}, r}
}

func (r *rule) try(c meta.TestCase) ([]difference, fault.Issues) {
	doc, ctx, _, wrong := r.form.saved(c.Given)
	wrong = append(append(wrong, unsuited(c, "effects", "fields")...), everybodys(c)...)
	if len(wrong) > 0 {
		return nil, wrong
	}
	note(r.form.watched, doc, ctx)
	holds, said := r.Holds(doc, ctx)
	out := valuesOf(r.form.Form, c.Expect.Values, doc)
	if c.Expect.Result == nil {
		return append(out, issuesOf(c.Expect.Issues, said)...), nil
	}
	if c.Expect.Result != holds {
		out = append(out, difference{"/result", text(c.Expect.Result), text(holds)})
	}
	return out, nil
}

func (r *rule) cover() (int, []Missed) { return covered(r.form.watched) }
