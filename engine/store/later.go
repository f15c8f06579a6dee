package store

import "context"

type laterKey struct{}

// Later marks what nobody waits for, such as the work of jobs: where writes have to queue, those of a context that is so
// marked let others go before, for a while.
func Later(ctx context.Context) context.Context { return context.WithValue(ctx, laterKey{}, true) }

// IsLater tells whether a context is marked by Later.
func IsLater(ctx context.Context) bool {
	later, _ := ctx.Value(laterKey{}).(bool)
	return later
}
