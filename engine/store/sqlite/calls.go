package sqlite

import (
	"database/sql/driver"
	"strings"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"

	"tidewater/engine/query"
	"tidewater/engine/text"
)

// calls are the functions of ours that statements call back, and the questions they are about. A
// statement names its question by number, so that its text stays the same from one to the next.
type calls struct {
	last atomic.Int64
	open sync.Map // number → *question
}

// question is one running list or count.
type question struct {
	number int64
	seen   int64          // records examined; a statement runs on one goroutine
	read   int64          // index entries examined beside those of the records
	spent  func() bool    // the list's, if it has one
	over   bool           // spent said so: nothing more is examined
	leaves []query.Filter // conditions that only Meets can decide, by their place
}

func newCalls() *calls { return &calls{} }

// ask opens a question; the caller ends it with answered.
func (c *calls) ask() *question {
	q := &question{number: c.last.Add(1)}
	c.open.Store(q.number, q)
	return q
}

func (c *calls) answered(q *question) { c.open.Delete(q.number) }

func (c *calls) question(number driver.Value) *question {
	n, _ := number.(int64)
	if q, ok := c.open.Load(n); ok {
		return q.(*question)
	}
	return nil
}

// driver returns a driver of this store's own that knows
//
//	tw_seen(question)                     counts a record as examined; 1, or 0 when it is enough
//	tw_entry(question)                    counts an index entry as examined; 1
//	tw_meets(question, leaf, doc, shadow) decides a condition on rows or lists
//	tw_holds(question, leaf, principals)  decides a condition on principals
//	tw_contains(text, folded)             the filter op "contains"
func (c *calls) driver() (*sqlite.Driver, error) {
	d := &sqlite.Driver{}
	functions := []struct {
		name string
		impl sqlite.FunctionImpl
	}{
		{"tw_seen", sqlite.FunctionImpl{NArgs: 1, Scalar: c.sawOne}},
		{"tw_entry", sqlite.FunctionImpl{NArgs: 1, Scalar: c.readOne}},
		{"tw_meets", sqlite.FunctionImpl{NArgs: 4, Scalar: c.meets, VolatileArgs: true}},
		{"tw_holds", sqlite.FunctionImpl{NArgs: 3, Scalar: c.holds}},
		{"tw_contains", sqlite.FunctionImpl{NArgs: 2, Deterministic: true, Scalar: containsText}},
	}
	for _, f := range functions {
		if err := d.RegisterFunction(f.name, &f.impl); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (c *calls) sawOne(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	q := c.question(args[0])
	if q == nil {
		return int64(1), nil
	}
	return bit(q.saw()), nil
}

// saw counts a record as examined, unless it is enough.
func (q *question) saw() bool {
	if q.over {
		return false
	}
	q.seen++
	q.over = q.spent != nil && q.seen%askSpent == 0 && q.spent()
	return true
}

// askSpent is how many records are examined between two questions whether it is enough.
const askSpent = 256

func (c *calls) readOne(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	if q := c.question(args[0]); q != nil {
		q.read++
	}
	return int64(1), nil
}

func (c *calls) meets(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	q := c.question(args[0])
	leaf, _ := args[1].(int64)
	if q == nil || leaf < 0 || int(leaf) >= len(q.leaves) {
		return int64(0), nil
	}
	doc, _ := args[2].([]byte)
	shadow, _ := args[3].([]byte)
	b := &before{doc: doc, shadow: shadow}
	met := query.Meets(q.leaves[leaf], b)
	return bit(met), b.err
}

func (c *calls) holds(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	q := c.question(args[0])
	leaf, _ := args[1].(int64)
	if q == nil || leaf < 0 || int(leaf) >= len(q.leaves) {
		return int64(0), nil
	}
	return bit(query.Meets(q.leaves[leaf], &before{principals: splitPrincipals(textOf(args[2]))})), nil
}

func containsText(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	s, ok := args[0].(string)
	folded, _ := args[1].(string)
	return bit(ok && strings.Contains(text.Fold(s), folded)), nil
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
