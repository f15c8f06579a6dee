package proof

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

// Report is what the tests of a catalog come to.
type Report struct {
	Suites []Suite `json:"suites"` // by file
	// Untested are the rules, scripts and tables that have no tests, by file.
	Untested []string `json:"untested"`
}

// Suite is one file of cases.
type Suite struct {
	File   string    `json:"file"`
	Cases  int       `json:"cases"`
	Failed []Failure `json:"failed"`
	// Ways are those that the tested expressions and rows can go; Missed those that no case has gone.
	Ways   int      `json:"ways"`
	Missed []Missed `json:"missed"`
	// Mutants are changed constants and comparisons; Survived those that no case noticed. Both are absent where
	// nobody asked.
	Mutants  int        `json:"mutants,omitempty"`
	Survived []Survivor `json:"survived,omitempty"`
}

// Missed is a way that no case has gone: an outcome of a condition, or a row of a table.
type Missed struct {
	File    string `json:"file"`
	Path    string `json:"path"`
	Line    int    `json:"line,omitempty"` // in the expression, from 1
	Col     int    `json:"col,omitempty"`
	Text    string `json:"text,omitempty"`    // the condition
	Outcome string `json:"outcome,omitempty"` // true, false, present or absent
}

// Survivor is a change that no case noticed.
type Survivor struct {
	File string `json:"file"`
	Path string `json:"path"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
	Was  string `json:"was"`
	Now  string `json:"now"`
}

// mutant is one change, and the bundle or, where the catalog stays as it is, the subject with it.
type mutant struct {
	Survivor
	bundle  catalog.Bundle
	subject subject
}

// made returns what the cases are tried on; nil for a mutant that does not compile.
func (m mutant) made(ctx context.Context, runner Runner, file string) subject {
	if m.subject != nil {
		return m.subject
	}
	mutated, issues := catalog.Compile(m.bundle)
	if len(issues) > 0 {
		return nil
	}
	return subjectOf(ctx, runner, mutated, file)
}

// maxMutants bounds how many bundles are compiled for one file of tests.
const maxMutants = 300

// Run runs every test of a compiled bundle and reports. With bite it also changes one constant or comparison
// after another and looks whether a case fails: a compilation for each. stop ends that early with what there is. Faults: what keeps scripts
// from running at all, such as Unavailable "script.busy".
func Run(ctx context.Context, runner Runner, bundle catalog.Bundle, c *catalog.Catalog, bite bool, stop func() bool) (Report, error) {
	out := Report{Suites: []Suite{}, Untested: untested(bundle, c)}
	for _, s := range suitesOf(ctx, runner, c) {
		one := Suite{File: s.file, Cases: len(s.test.Cases), Failed: append([]Failure{}, s.run()...)}
		for _, wrong := range s.wrong {
			one.Failed = append(one.Failed, Failure{File: s.file, Path: wrong.Path, Got: wrong.Code})
		}
		if err := s.broken(); err != nil {
			return out, err
		}
		one.Ways, one.Missed = s.subject.cover()
		one.Missed = append([]Missed{}, one.Missed...)
		if bite && len(one.Failed) == 0 {
			if err := s.bite(ctx, runner, bundle, &one, stop); err != nil {
				return out, err
			}
		}
		out.Suites = append(out.Suites, one)
	}
	return out, nil
}

// bite tells which mutants no case notices. One that does not compile says nothing.
func (s *suite) bite(ctx context.Context, runner Runner, bundle catalog.Bundle, into *Suite, stop func() bool) error {
	all := s.subject.mutants(bundle)
	for _, m := range all[:min(len(all), maxMutants)] {
		if stop() {
			return nil
		}
		changed := m.made(ctx, runner, s.file)
		if changed == nil {
			continue
		}
		twin := &suite{file: s.file, test: s.test, subject: changed}
		failed := twin.run()
		if err := twin.broken(); err != nil {
			return err
		}
		into.Mutants++
		if len(failed) == 0 && len(twin.wrong) == 0 {
			into.Survived = append(into.Survived, m.Survivor)
		}
	}
	return nil
}

// covered tells which ways of expressions no case has gone.
func covered(all []watched) (ways int, missed []Missed) {
	for _, one := range all {
		for _, b := range one.ways.Branches() {
			ways++
			if !b.Seen {
				missed = append(missed, Missed{File: one.File, Path: one.Path, Line: b.At.Line, Col: b.At.Col, Text: b.At.Text, Outcome: b.Outcome})
			}
		}
	}
	return ways, missed
}

func (f *form) mutants(bundle catalog.Bundle) []mutant { return mutantsOf(bundle, f.watched) }
func (r *rule) mutants(bundle catalog.Bundle) []mutant { return mutantsOf(bundle, r.form.watched) }

func mutantsOf(bundle catalog.Bundle, all []watched) []mutant {
	var out []mutant
	for _, one := range all {
		for _, m := range expr.Mutants(one.Program.Source()) {
			changed, ok := with(bundle, one.File, one.Path, m.Source)
			if ok {
				out = append(out, mutant{Survivor: Survivor{one.File, one.Path, m.At.Line, m.At.Col, m.At.Text, m.Now}, bundle: changed})
			}
		}
	}
	return out
}

// mutants of a table change one number, text or flag of a condition or an output.
func (t *table) mutants(bundle catalog.Bundle) []mutant {
	var doc any
	if err := decode(bundle[t.file()], &doc); err != nil {
		return nil
	}
	var out []mutant
	eachConstant(doc, "", func(path string, was, now any) {
		if !t.decides(path) || t.isKeptUp(path) {
			return
		}
		if changed, ok := with(bundle, t.file(), path, now); ok {
			out = append(out, mutant{Survivor: Survivor{File: t.file(), Path: path, Was: shownAs(was), Now: shownAs(now)}, bundle: changed})
		}
	})
	return out
}

// decides tells whether a constant of a table is one of a condition or an output. Which option a condition names is
// none: the rows of the others, and the search for gaps, hold it to its place.
func (t *table) decides(path string) bool {
	parts := strings.Split(path, "/")[1:]
	switch {
	case len(parts) > 2 && parts[0] == "otherwise":
		return parts[1] == "then"
	case len(parts) < 4 || parts[0] != "rows" || parts[2] != "when":
		return len(parts) > 3 && parts[0] == "rows" && parts[2] == "then"
	}
	return !slices.ContainsFunc(t.Def.Inputs, func(in meta.TableInput) bool {
		return in.Type == "option" && string(in.Key) == fault.Unescape(parts[3])
	})
}

// shownAs is a constant as a report has it.
func shownAs(v any) string { return strings.Trim(text(v), `"`) }

// isKeptUp tells whether a number is one that people change as they see fit: no case is to hold it to one value.
func (t *table) isKeptUp(path string) bool {
	return t.upkeep != nil && slices.ContainsFunc(t.upkeep.Cells, func(c catalog.UpkeepCell) bool {
		return path == c.Path || strings.HasPrefix(path, c.Path+"/")
	})
}

// bumped is another number: the last digit is one more.
func bumped(was string) string {
	last := len(was) - 1
	if was[last] == '9' {
		return was[:last] + "8"
	}
	return was[:last] + string(was[last]+1)
}

// eachConstant visits the numbers, texts and flags of a document, each with another of its kind.
func eachConstant(v any, path string, visit func(path string, was, now any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range sorted(v) {
			eachConstant(v[key], path+"/"+fault.Escape(key), visit)
		}
	case []any:
		for n, one := range v {
			eachConstant(one, path+"/"+strconv.Itoa(n), visit)
		}
	default:
		if now := another(v); now != nil {
			visit(path, v, now)
		}
	}
}

// another is a constant that differs from one, and is of its kind: a text that is a number or a day remains one.
func another(v any) any {
	if _, isNumber := exact(v); isNumber {
		return bumped(shownAs(v))
	}
	switch v := v.(type) {
	case bool:
		return !v
	case string:
		if _, err := time.Parse(time.DateOnly, v); err == nil {
			return bumped(v)
		}
		return v + "x"
	}
	return nil
}

// with is a bundle in which a document has another value at a place.
func with(bundle catalog.Bundle, file, path string, now any) (catalog.Bundle, bool) {
	var doc any
	if err := decode(bundle[file], &doc); err != nil {
		return nil, false
	}
	parts := strings.Split(path, "/")[1:]
	if !put(doc, parts, now) {
		return nil, false
	}
	written, err := json.Marshal(doc)
	if err != nil {
		return nil, false
	}
	out := make(catalog.Bundle, len(bundle))
	for name, content := range bundle {
		out[name] = content
	}
	out[file] = written
	return out, true
}

// put writes a value at a place that has one.
func put(doc any, parts []string, now any) bool {
	last := len(parts) == 1
	switch doc := doc.(type) {
	case map[string]any:
		key := fault.Unescape(parts[0])
		if !last {
			return put(doc[key], parts[1:], now)
		}
		doc[key] = now
	case []any:
		n, err := strconv.Atoi(parts[0])
		if err != nil || n >= len(doc) {
			return false
		}
		if !last {
			return put(doc[n], parts[1:], now)
		}
		doc[n] = now
	default:
		return false
	}
	return true
}

func decode(data []byte, into any) error {
	in := json.NewDecoder(bytes.NewReader(data))
	in.UseNumber()
	return in.Decode(into)
}

// untested lists the rules, scripts and tables without tests.
func untested(bundle catalog.Bundle, c *catalog.Catalog) []string {
	out := []string{}
	for _, file := range sorted(bundle) {
		parts := strings.Split(file, "/")
		table := len(parts) == 2 && parts[0] == "tables"
		beside := len(parts) == 4 && (parts[2] == "rules" || parts[2] == "scripts")
		if !table && !beside || !strings.HasSuffix(file, ".json") || strings.HasSuffix(file, ".test.json") {
			continue
		}
		if _, tested := c.Tests[strings.TrimSuffix(file, ".json")+".test.json"]; !tested {
			out = append(out, file)
		}
	}
	return out
}
