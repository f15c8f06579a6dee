package sqlite

import (
	"context"
	"errors"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// broken turns an error of the driver into a fault; faults and ends of contexts pass.
func broken(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	code, ok := resultCode(err)
	if !ok {
		return fault.New(fault.Internal, "internal").In("store").Because(err)
	}
	switch code & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return fault.New(fault.Unavailable, "store.busy").In("store").Because(err)
	case lib.SQLITE_FULL:
		return fault.New(fault.Unavailable, "store.full").In("store").Because(err)
	case lib.SQLITE_READONLY, lib.SQLITE_PERM, lib.SQLITE_AUTH:
		return fault.New(fault.Unavailable, "store.readOnly").In("store").Because(err)
	case lib.SQLITE_IOERR, lib.SQLITE_CANTOPEN:
		return fault.New(fault.Unavailable, "store.unavailable").In("store").Because(err)
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return fault.New(fault.Internal, "store.corrupt").In("store").Because(err)
	}
	return fault.New(fault.Internal, "internal").In("store").Because(err)
}

func resultCode(err error) (int, bool) {
	var e *driver.Error
	if errors.As(err, &e) {
		return e.Code(), true
	}
	return 0, false
}

func isConstraint(err error) bool {
	code, ok := resultCode(err)
	return ok && code&0xff == lib.SQLITE_CONSTRAINT
}

func notFound() *fault.Error { return fault.New(fault.NotFound, "store.notFound") }

func stale() *fault.Error { return fault.New(fault.Conflict, "store.stale") }

func unknownForm(form value.FormKey) error {
	return fault.New(fault.Internal, "store.form").With("form", string(form))
}
