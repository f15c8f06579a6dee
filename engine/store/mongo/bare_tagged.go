//go:build mongo_without_transactions

package mongo

// WithoutTransactions runs closures without any, and takes servers that have none: what is written before a fault
// stays. It lets a look-alike of MongoDB be asked what else the store asks. It is never in a binary of ours.
func WithoutTransactions() Option { return func(o *settings) { o.bare = true } }
