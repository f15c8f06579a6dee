// Package proof runs the tests that stand beside forms, rules, scripts and decision tables: cases as data, each with
// what it is given and what must come of it. It tells which ways of the tested expressions and which rows of
// tables no case has gone, and which changed constant or comparison no case notices. It writes nothing and
// reads no store: a case brings all it needs.
package proof

import (
	"context"
	"strings"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Failure is a case that came out otherwise than its author expects.
type Failure struct {
	File   string `json:"file"`
	Path   string `json:"path"` // JSON Pointer to what was expected, /cases/0/expect/values/total
	Name   string `json:"name"`
	Expect string `json:"expect"` // as JSON; empty: nothing
	Got    string `json:"got"`    // as JSON; empty: nothing
}

// issue is the failure as publishing tells it.
func (f Failure) issue() fault.Issue {
	return fault.Issue{File: f.File, Path: f.Path, Code: "test.failed", Args: fault.Args{"name": f.Name, "expect": f.Expect, "got": f.Got}}
}

// Hold runs every test of a catalog but those of scripts, and returns what fails as faults of the metadata.
func Hold(c *catalog.Catalog) fault.Issues {
	var out fault.Issues
	for _, suite := range suitesOf(context.Background(), nil, c) {
		out = append(out, suite.hold()...)
	}
	return out
}

// hold runs the cases and returns what fails as faults of the metadata.
func (s *suite) hold() fault.Issues {
	var out fault.Issues
	for _, f := range s.run() {
		out = append(out, f.issue())
	}
	return append(out, s.wrong...)
}

// suite is the cases of one file and what they test.
type suite struct {
	file    string
	test    meta.Test
	subject subject
	wrong   fault.Issues // cases that cannot be run
}

// subject is what is tested.
type subject interface {
	// try runs one case and returns every part that came out otherwise, or what is wrong with the case.
	try(c meta.TestCase) ([]difference, fault.Issues)
	// cover tells what no case has gone so far.
	cover() (ways int, missed []Missed)
	// mutants are the bundles that differ in one constant or comparison of the subject.
	mutants(bundle catalog.Bundle) []mutant
}

// difference is a part of what is expected that came out otherwise; the path is below /expect.
type difference struct{ path, expect, got string }

// suitesOf are the test files of a catalog, in the order of their names; without a runner, not those of scripts.
func suitesOf(ctx context.Context, runner Runner, c *catalog.Catalog) []*suite {
	var out []*suite
	for _, file := range sorted(c.Tests) {
		if s := subjectOf(ctx, runner, c, file); s != nil {
			out = append(out, &suite{file: file, test: c.Tests[file], subject: s})
		}
	}
	return out
}

// subjectOf is what a file tests; nil for a script without a runner. The catalog holds that it is there.
func subjectOf(ctx context.Context, runner Runner, c *catalog.Catalog, file string) subject {
	parts := strings.Split(strings.TrimSuffix(file, ".test.json"), "/")
	switch {
	case parts[0] == "tables":
		return newTable(c, parts[1])
	case len(parts) == 3 && parts[2] == "form":
		return newForm(c, c.Forms[value.FormKey(parts[1])])
	case len(parts) == 4 && parts[2] == "rules":
		form := c.Forms[value.FormKey(parts[1])]
		rule, _ := form.Rule(parts[3])
		return newRule(form, rule)
	case len(parts) == 4 && parts[2] == "scripts" && runner != nil:
		form := c.Forms[value.FormKey(parts[1])]
		one, _ := form.Script(parts[3])
		return newScripted(ctx, runner, c, form, one)
	}
	return nil
}

func (s *suite) run() []Failure {
	var out []Failure
	s.wrong = nil
	for n, c := range s.test.Cases {
		at := casePath(n)
		differences, wrong := s.subject.try(c)
		s.wrong = append(s.wrong, wrong.Under(at).InFile(s.file)...)
		for _, d := range differences {
			out = append(out, Failure{File: s.file, Path: at + "/expect" + d.path, Name: c.Name, Expect: d.expect, Got: d.got})
		}
	}
	return out
}
