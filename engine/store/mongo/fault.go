package mongo

import (
	"context"
	"errors"
	"fmt"

	driver "go.mongodb.org/mongo-driver/mongo"
	wire "go.mongodb.org/mongo-driver/x/mongo/driver"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Codes of the server, from its src/mongo/base/error_codes.yml.
const (
	codeBadValue        = 2
	codeUnauthorized    = 13
	codeUnknownUser     = 18  // AuthenticationFailed
	codeExists          = 48  // NamespaceExists
	codeMaxTime         = 50  // MaxTimeMSExpired
	codeUnsure          = 64  // WriteConcernFailed: written, but not heard of by most
	codeWriteConflict   = 112 //
	codeSnapshotTooOld  = 239
	codeSnapshotGone    = 246 // SnapshotUnavailable
	codeMemory          = 292 // QueryExceededMemoryLimitNoDiskUseAllowed
	codeTooLarge        = 10334
	codeTooLargeInserts = 17280 // a key or document beyond what fits
	codeTooLargeUpdates = 17419 // the resulting document
	codeTooLargeUpserts = 17420
	codeDiskFull        = 14031
)

// The labels by which a server says what to do about a failed transaction.
const (
	labelTransient = "TransientTransactionError"
	labelUnknown   = "UnknownTransactionCommitResult"
)

// broken turns an error of the driver into a fault; faults and ends of contexts pass.
func broken(err error) error {
	var known *fault.Error
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, context.Canceled):
		return err
	case isUnheard(err):
		return fault.New(fault.Unavailable, "store.unavailable").In("store").Because(err)
	case errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, wire.ErrDeadlineWouldBeExceeded), hasCode(err, codeMaxTime):
		return fmt.Errorf("the database gave up at the deadline (%w): %w", context.DeadlineExceeded, err)
	case errors.Is(err, driver.ErrClientDisconnected):
		return closed()
	case isOversized(err):
		return fault.New(fault.TooLarge, "store.oversized").In("store").Because(err)
	case hasCode(err, codeMemory):
		return store.TooLarge().In("store").Because(err)
	case hasCode(err, codeDiskFull):
		return fault.New(fault.Unavailable, "store.full").In("store").Because(err)
	case hasCode(err, codeUnauthorized), hasCode(err, codeUnknownUser):
		return fault.New(fault.Unavailable, "store.refused").In("store").Because(err)
	case hasCode(err, codeUnsure), hasCode(err, 79), hasCode(err, 100):
		return fault.New(fault.Unavailable, "store.unsure").In("store").Because(err)
	case isTransient(err) && !isAway(err):
		return fault.New(fault.Unavailable, "store.busy").In("store").Because(err)
	case isAway(err):
		return fault.New(fault.Unavailable, "store.unavailable").In("store").Because(err)
	}
	return fault.New(fault.Internal, "internal").In("store").Because(err)
}

// during names the operation that met a fault; ends of contexts pass.
func during(op string, err error) error {
	var known *fault.Error
	if !errors.As(err, &known) && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return err
	}
	return fault.Wrap(op, err)
}

// isOversized tells whether a document is beyond what the server keeps or answers as one, 16 MB.
func isOversized(err error) bool {
	if errors.Is(err, wire.ErrDocumentTooLarge) {
		return true
	}
	for _, code := range []int{codeTooLarge, codeTooLargeInserts, codeTooLargeUpdates, codeTooLargeUpserts} {
		if hasCode(err, code) {
			return true
		}
	}
	return false
}

// hasCode tells whether a server gave an error of this code, in whatever way the driver carries it.
func hasCode(err error, code int) bool {
	var e driver.ServerError
	return errors.As(err, &e) && e.HasErrorCode(code)
}

// isTransient tells whether the transaction may succeed when it is run again from its beginning: the server says so,
// another was first to make what both would, or an index has gone that was named (it is not named again).
func isTransient(err error) bool {
	if err == nil {
		return false
	}
	return hasLabel(err, labelTransient) || hasCode(err, codeWriteConflict) || errors.Is(err, errRace) || isHint(err)
}

// isAnswer tells whether a server has answered, and not the way to it failed. One that could not ask as many members
// as are wanted (UnknownReplWriteConcern, UnsatisfiableWriteConcern) has done what it was asked for, perhaps.
func isAnswer(err error) bool {
	var e driver.ServerError
	return errors.As(err, &e) && !driver.IsNetworkError(err) && !driver.IsTimeout(err) && !e.HasErrorCode(79) && !e.HasErrorCode(100)
}

func hasLabel(err error, label string) bool {
	var e interface{ HasErrorLabel(string) bool }
	return errors.As(err, &e) && e.HasErrorLabel(label)
}

// isAway tells whether nobody was there to answer: no primary, no network, a server on its way down.
func isAway(err error) bool {
	if driver.IsNetworkError(err) || driver.IsTimeout(err) {
		return true
	}
	for _, code := range []int{
		6, 7, 89, 9001, // HostUnreachable, HostNotFound, NetworkTimeout, SocketException
		91, 189, 11600, 11602, 10107, 13435, 13436, // shutting down, stepped down, interrupted, not the primary
		43, 237, 133, 134, 262, // cursors that are gone, no read preference met, ExceededTimeLimit
	} {
		if hasCode(err, code) {
			return true
		}
	}
	return isUnheard(err)
}

// isUnheard tells that a command never reached a server: none was to be had, or no connection to it.
func isUnheard(err error) bool {
	var selection topology.ServerSelectionError
	var queue topology.WaitQueueTimeoutError
	return errors.As(err, &selection) || errors.As(err, &queue)
}

// isDuplicate tells whether a unique index refused a write.
func isDuplicate(err error) bool { return driver.IsDuplicateKeyError(err) }

func notFound() *fault.Error { return fault.New(fault.NotFound, "store.notFound") }

func stale() *fault.Error { return fault.New(fault.Conflict, "store.stale") }

func closed() error { return fault.New(fault.Unavailable, "store.closed") }

func unknownForm(form value.FormKey) error {
	return fault.New(fault.Internal, "store.form").With("form", string(form))
}

func malformed() error { return fault.New(fault.Invalid, "filter.malformed") }

func damaged(form value.FormKey, id string, err error) error {
	return fault.New(fault.Internal, "store.corrupt").In("store.read").At(string(form) + "/" + id).Because(err)
}
