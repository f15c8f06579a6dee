package mongo

import (
	"context"
	"errors"
	"fmt"
	"testing"

	driver "go.mongodb.org/mongo-driver/mongo"
	wire "go.mongodb.org/mongo-driver/x/mongo/driver"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"tidewater/engine/fault"
)

// said is an error as a server says it.
func said(code int32, labels ...string) error {
	return driver.CommandError{Code: code, Labels: labels, Message: "as the server says it"}
}

func TestErrorsOfTheServerBecomeFaults(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		code string // of the fault; "" passes
		kind fault.Kind
	}{
		{"a fault", fault.New(fault.Conflict, "store.stale"), "store.stale", fault.Conflict},
		{"the caller has gone", fmt.Errorf("x: %w", context.Canceled), "", ""},
		{"the caller's deadline", fmt.Errorf("x: %w", context.DeadlineExceeded), "", ""},
		{"the server's deadline", said(50), "", ""},
		{"no time for one round", fmt.Errorf("x: %w", wire.ErrDeadlineWouldBeExceeded), "", ""},
		{"nobody was found", topology.ServerSelectionError{Wrapped: context.DeadlineExceeded}, "store.unavailable", fault.Unavailable},
		{"every connection is taken", topology.WaitQueueTimeoutError{Wrapped: context.DeadlineExceeded}, "store.unavailable", fault.Unavailable},
		{"a network that broke", said(0, "NetworkError"), "store.unavailable", fault.Unavailable},
		{"a primary that stepped down", said(189), "store.unavailable", fault.Unavailable},
		{"a cursor that was killed", said(43), "store.unavailable", fault.Unavailable},
		{"others in the way", said(112), "store.busy", fault.Unavailable},
		{"a transaction that was ended", said(251, labelTransient), "store.busy", fault.Unavailable},
		{"a full disk", said(14031), "store.full", fault.Unavailable},
		{"a user without rights", said(13), "store.refused", fault.Unavailable},
		{"a wrong password", said(18), "store.refused", fault.Unavailable},
		{"not heard of by most", driver.WriteException{WriteConcernError: &driver.WriteConcernError{Code: 64}}, "store.unsure", fault.Unavailable},
		{"a document beyond 16 MB", said(10334), "store.oversized", fault.TooLarge},
		{"one that an insert would make so", driver.WriteException{WriteErrors: []driver.WriteError{{Code: 17280}}}, "store.oversized", fault.TooLarge},
		{"one that the driver does not send", fmt.Errorf("x: %w", wire.ErrDocumentTooLarge), "store.oversized", fault.TooLarge},
		{"a sort that takes too much memory", said(292), "store.tooLarge", fault.TooLarge},
		{"a client that is closed", driver.ErrClientDisconnected, "store.closed", fault.Unavailable},
		{"anything else", said(9), "internal", fault.Internal},
	} {
		got := broken(c.err)
		switch {
		case c.code == "" && !errors.Is(got, context.Canceled) && !errors.Is(got, context.DeadlineExceeded):
			t.Errorf("%s: %v is no end of a context", c.name, got)
		case c.code != "" && (fault.CodeOf(got) != c.code || fault.KindOf(got) != c.kind):
			t.Errorf("%s: %v, want %s of the kind %s", c.name, got, c.code, c.kind)
		}
	}
}

func TestServersThatCannotKeepThePromises(t *testing.T) {
	for code, g := range map[string]greeting{
		"store.standalone": {Wire: 25}, "store.old": {Set: "rs0", Wire: 13}, "": {Set: "rs0", Wire: 17},
	} {
		if got := fault.CodeOf(g.refused()); got != code {
			t.Errorf("%+v: %q, want %q", g, got, code)
		}
	}
	if err := (greeting{Message: "isdbgrid", Wire: 21}).refused(); err != nil {
		t.Errorf("the door of a sharded cluster: %v", err)
	}
}

func TestWhatMayBeRunAgain(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		before bool // its commit was asked for
		after  bool
	}{
		{"others in the way", said(112), true, true},
		{"the server says so", said(251, labelTransient), true, true},
		{"another was first", raced(said(11000)), true, true},
		{"an index that has gone", driver.CommandError{Code: 2, Message: "hint provided does not correspond to an existing index"}, true, true},
		{"a network that broke", said(0, "NetworkError"), true, false},
		{"a cursor that was killed", said(43), true, false},
		{"a duplicate", said(11000), false, false},
		{"a fault of the closure's", fault.New(fault.Conflict, "store.stale"), false, false},
		{"nothing", nil, false, false},
	} {
		for asked, want := range map[bool]bool{false: c.before, true: c.after} {
			one := &tx{conn: conn{session: noSession{}}, asked: asked, failed: c.err}
			if one.again() != want {
				t.Errorf("%s, its commit asked for %v: run again %v", c.name, asked, !want)
			}
		}
	}
}

// noSession is one of which nothing is asked.
type noSession struct{ driver.Session }

// answers gives one error after another to who commits.
type answers struct {
	errs  []error
	asked int
}

func (a *answers) CommitTransaction(context.Context) error {
	err := a.errs[min(a.asked, len(a.errs)-1)]
	a.asked++
	return err
}

func TestACommitIsAskedForUntilItsEndIsKnown(t *testing.T) {
	unknown := said(91, labelUnknown)
	for _, c := range []struct {
		name  string
		errs  []error
		asked int
		code  string
	}{
		{"done", []error{nil}, 1, ""},
		{"done at the third", []error{unknown, wire.ErrDeadlineWouldBeExceeded, nil}, 3, ""},
		{"it never was", []error{unknown, said(251, labelTransient)}, 2, "store.busy"},
		{"refused", []error{said(263)}, 1, "internal"},
		{"too few members", []error{said(100), nil}, 2, ""},
	} {
		session := &answers{errs: c.errs}
		err := broken(commit(t.Context(), session))
		if (err == nil) != (c.code == "") || err != nil && fault.CodeOf(err) != c.code || session.asked != c.asked {
			t.Errorf("%s: %v after %d times, want %q after %d", c.name, err, session.asked, c.code, c.asked)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := commit(ended, &answers{errs: []error{unknown}}); fault.CodeOf(err) != "store.unsure" {
		t.Errorf("a commit of which nobody waits for the end: %v", err)
	}
}
