//go:build !mongo_without_transactions

package mongo_test

import "tidewater/engine/store/mongo"

// without is what a look-alike is asked without: nothing.
func without() []mongo.Option { return nil }
