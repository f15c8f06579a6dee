package expr

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// While an expression runs, a value is nil (absent) or one of string, bool, number, day, instant,
// value.List of these, value.Doc (a row or object, its parts still in stored form).
type (
	day     int64 // yyyymmdd
	instant int64 // epoch milliseconds
)

// run is the state of one evaluation.
type run struct {
	ctx    Context
	vars   value.Doc
	items  [maxNested]any // what the predicates are looking at, outermost first
	lets   []any
	steps  int
	memory int
	trace  *trace // of an explaining run, else nil
}

// evalFunc computes a node's value. Faults leave as they are.
type evalFunc func(r *run) (any, error)

// Run evaluates the expression over a record's values in stored form, and returns the result in stored
// form, nil for absent. The faults are what a rule can do wrong while it runs (Invalid, codes "expr.…");
// vars that do not fit the Env are "expr.stored".
func (p *Program) Run(ctx Context, vars value.Doc) (value.Value, error) {
	v, err := p.root.eval(p.run(ctx, vars))
	if err != nil {
		return nil, err
	}
	return toStored(v, p.want)
}

// Holds runs a condition: whether its result is true. Absent does not hold.
func (p *Program) Holds(ctx Context, vars value.Doc) (bool, error) {
	return truth(p.root, p.run(ctx, vars))
}

func (p *Program) run(ctx Context, vars value.Doc) *run {
	r := &run{ctx: ctx, vars: vars}
	if p.slots > 0 {
		r.lets = make([]any, p.slots)
	}
	return r
}

func (r *run) zone() *time.Location {
	if r.ctx.Zone == nil {
		return time.UTC
	}
	return r.ctx.Zone
}

func (r *run) today() day { return day(value.DayOf(r.ctx.Now, r.zone())) }

// work counts steps against the budget.
func (r *run) work(steps int) error {
	if r.steps += steps; r.steps > maxSteps {
		return fault.New(fault.Invalid, "expr.steps")
	}
	return nil
}

// take counts elements of lists that the run makes.
func (r *run) take(elements int) error {
	if r.memory += elements; r.memory > maxMemory {
		return fault.New(fault.Invalid, "expr.memory")
	}
	return nil
}

// made counts a text that the run is about to make.
func (r *run) made(bytes int) error {
	if bytes > maxText {
		return fault.New(fault.Invalid, "expr.textTooLong").With("max", maxText)
	}
	if err := r.work(bytes / textUnit); err != nil {
		return err
	}
	return r.take(1 + bytes/textUnit)
}

// truth evaluates a condition; absent is false.
func truth(n *node, r *run) (bool, error) {
	v, err := n.eval(r)
	if err != nil {
		return false, err
	}
	b, _ := v.(bool)
	return b, nil
}

// look counts the texts that a comparison reads.
func (r *run) look(a, b any) error {
	x, _ := a.(string)
	y, _ := b.(string)
	return r.work((len(x) + len(y)) / (4 * textUnit))
}

// load reads a stored value of the record, or of a part of it.
func (r *run) load(v value.Value, t *Type) (any, error) {
	if list, ok := v.(value.List); ok && t.Kind == List {
		if err := r.work(len(list)); err != nil {
			return nil, err
		}
	}
	return fromStored(v, t)
}

// isAbsent tells nil and what is normalised to it.
func isAbsent(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return isBlank(v)
	case value.List:
		return len(v) == 0
	case value.Doc:
		return len(v) == 0
	}
	return false
}

func isBlank(s string) bool {
	if s != "" && ' ' < s[0] && s[0] < utf8.RuneSelf {
		return false // nearly all text
	}
	return strings.TrimSpace(s) == ""
}

// fromStored turns a stored value into a running one.
func fromStored(v value.Value, t *Type) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch stored := v.(type) {
	case string:
		if t.Kind == Text {
			return stored, nil
		}
	case bool:
		if t.Kind == Bool {
			return stored, nil
		}
	case int64:
		return fromInt(stored, t)
	case value.List:
		return fromList(stored, t)
	case value.Doc:
		if t.Kind == Object {
			return stored, nil
		}
	}
	return nil, misfit(t)
}

func fromInt(n int64, t *Type) (any, error) {
	switch t.Kind {
	case Int:
		return whole(n), nil
	case Decimal:
		return scaled(n, t.Scale)
	case Date:
		if !value.ValidDay(n) {
			return nil, misfit(t)
		}
		return day(n), nil
	case DateTime:
		return instant(n), nil
	}
	return nil, misfit(t)
}

func fromList(list value.List, t *Type) (any, error) {
	if t.Kind == Rows {
		return list, nil
	}
	if t.Kind != List {
		return nil, misfit(t)
	}
	out := make(value.List, 0, len(list))
	for _, v := range list {
		e, err := fromStored(v, t.Of)
		if err != nil {
			return nil, err
		}
		if e != nil {
			out = append(out, e)
		}
	}
	return out, nil
}

func misfit(t *Type) error {
	return fault.New(fault.Invalid, "expr.stored").With("name", t.Path.String()).With("want", t.Kind.String())
}

// toStored turns a result into stored form of a type.
func toStored(v any, t Type) (value.Value, error) {
	if isAbsent(v) {
		return nil, nil
	}
	switch v := v.(type) {
	case string, bool:
		return v, nil
	case value.Doc:
		return v.Clone(), nil // the record's own values stay its own
	case number:
		if t.Kind == Int {
			return stored(v, 0)
		}
		return stored(v, t.Scale)
	case day:
		return int64(v), nil
	case instant:
		return int64(v), nil
	case value.List:
		return listToStored(v, t)
	}
	return nil, fault.Wrap("expr.run", errors.New("a value of no known type left an expression"))
}

func listToStored(list value.List, t Type) (value.Value, error) {
	if t.Kind == Rows {
		return value.Clone(list), nil
	}
	out := make(value.List, 0, len(list))
	for _, v := range list {
		s, err := toStored(v, *t.Of)
		if err != nil {
			return nil, err
		}
		if s != nil {
			out = append(out, s)
		}
	}
	return value.Normal(out), nil
}
