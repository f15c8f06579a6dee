package mongo

import (
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// Without transactions, for look-alikes in tests only: nothing in this package sets settings.bare, and the one file
// that can is built under a tag that no binary of ours is built with (bare_tagged.go).

// beginBare lets a closure's writes happen as they come, one closure at a time. What it wrote before a fault stays.
func (s *Store) beginBare() (end func(commits bool) error) {
	s.alone.Lock()
	return func(bool) error {
		s.alone.Unlock()
		return nil
	}
}

// bareIndexes are indexes without the conditions that look-alikes do not know: unique ones bind the recycle bin too,
// and those of several members nobody.
func bareIndexes(models []mongo.IndexModel) []mongo.IndexModel {
	out := make([]mongo.IndexModel, len(models))
	for i, m := range models {
		o := options.Index().SetName(*m.Options.Name)
		keys, _ := m.Keys.(bson.D)
		if m.Options.Unique != nil && *m.Options.Unique && (len(keys) == 1 || m.Options.PartialFilterExpression == nil) {
			o.SetUnique(true).SetSparse(true)
		}
		out[i] = mongo.IndexModel{Keys: m.Keys, Options: o}
	}
	return out
}
