package expr

import (
	"tidewater/engine/explain"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Function is one that an environment gives, such as a decision table. It must always give the same for the
// same arguments.
type Function struct {
	Label  meta.Label
	Params []Type // of scalars
	Result Type   // an Object whose Fields have no paths
	Steps  int    // what one call costs at most, of the budget of a run
	// Call gets what is absent as nil, else by type a string, a bool, a decimal.Decimal, or an int64: a day as
	// yyyymmdd, an instant in epoch milliseconds. It returns the Result in stored form.
	Call func(args []any) (value.Doc, error)
	// Explain tells how a call with these arguments came to its result; nil for nothing to tell.
	Explain func(args []any) *explain.Node
}

// given checks a call of a function of the environment.
func (c *compiler) given(at int, name string, f *Function, kids []*node, complete bool) *node {
	if len(kids) != len(f.Params) {
		c.issues.Add(at, "expr.arguments", "name", name)
		return nil
	}
	if !complete {
		return nil
	}
	typ := f.Result
	for _, k := range kids {
		typ.lacking = typ.lacking || k.typ.lacking
	}
	n := &node{op: opCall, at: at, text: name, typ: typ, uses: inherit(kids), kids: kids, given: f}
	n.eval = func(r *run) (any, error) {
		args, err := given(r, kids)
		if err != nil {
			return nil, err
		}
		if r.trace != nil {
			r.trace.passed(args)
		}
		if err := r.work(f.Steps); err != nil {
			return nil, err
		}
		doc, err := f.Call(args)
		if err != nil || len(doc) == 0 {
			return nil, err
		}
		return doc, r.take(len(doc))
	}
	return n
}

// takes are the kinds that may stand at a place: a number where one is wanted; all where too many come.
func (f *Function) takes(i int) kinds {
	if i >= len(f.Params) {
		return scalars | lists | 1<<Object
	}
	if kind := f.Params[i].Kind; !numbers.has(kind) {
		return of(kind)
	}
	return numbers
}

// given evaluates arguments for a function of the environment.
func given(r *run, kids []*node) ([]any, error) {
	args := make([]any, len(kids))
	for i, k := range kids {
		v, err := k.eval(r)
		if err != nil {
			return nil, err
		}
		args[i] = outside(v)
	}
	return args, nil
}

// outside is a running value as functions of the environment get it.
func outside(v any) any {
	switch v := v.(type) {
	case day:
		return int64(v)
	case instant:
		return int64(v)
	}
	if isAbsent(v) {
		return nil
	}
	return v
}

// IsFunction tells whether every expression may call a function of this name, so that no environment can give
// another.
func IsFunction(name string) bool {
	_, known := functions[name]
	return known
}
