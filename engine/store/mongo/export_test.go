package mongo

import (
	"time"

	"tidewater/engine/query"
	"tidewater/engine/store"
)

// AssetForm is the form whose questions are written down in testdata.
func AssetForm() store.Form { return assetForm() }

// FiltersAsked are the filters that are, by name.
func FiltersAsked() map[string]query.Filter {
	out := map[string]query.Filter{}
	for _, c := range filtersAsked() {
		out[c.name] = c.of
	}
	return out
}

// LookEvery has who waits look by themselves as seldom as that.
func LookEvery(look time.Duration) Option { return func(o *settings) { o.look = look } }
