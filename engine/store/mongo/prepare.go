package mongo

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
)

// Prepare brings the collections to the forms. Readers and writers go on meanwhile. A form without records has no
// collection yet: it comes with the first. Run again after a fault, it goes on where it stopped: an index is there
// whole or not at all, and which records have been added to sums these say themselves.
func (s *Store) Prepare(ctx context.Context, forms []store.Form, progress func(done, total int)) error {
	if err := s.ajar(ctx); err != nil {
		return err
	}
	var layouts []*layout
	var steps []step
	for _, form := range forms {
		l, err := newLayout(form)
		if err != nil {
			return err
		}
		mine, err := s.steps(ctx, l)
		if err != nil {
			return err
		}
		layouts, steps = append(layouts, l), append(steps, mine...)
	}
	done := 0
	work := func(last bool) error {
		for _, one := range steps {
			if one.last != last {
				continue
			}
			if err := one.do(ctx); err != nil {
				return err
			}
			if done++; progress != nil {
				progress(done, len(steps))
			}
		}
		return nil
	}
	if err := work(false); err != nil {
		return err
	}
	generation, err := s.saveLayouts(ctx, layouts)
	if err != nil {
		return err
	}
	s.know(generation, layouts...)
	// Also where nothing has changed by now: one who was killed may have come no further.
	if err := s.show(ctx, generation); err != nil {
		return err
	}
	return work(true)
}

// step is one change of a form's collection; the last ones come when the layout is in force.
type step struct {
	last bool
	do   func(context.Context) error
}

// steps lists what is missing for a form, and what it no longer needs.
func (s *Store) steps(ctx context.Context, l *layout) ([]step, error) {
	if made, err := s.isMade(ctx, l); !made || err != nil {
		l.ready = true
		return nil, err
	}
	has, err := s.indexes(ctx, l.collection)
	if err != nil {
		return nil, err
	}
	var steps []step
	wanted := l.models()
	var listed []driver.IndexModel
	for _, model := range wanted {
		if slices.Contains(has, *model.Options.Name) {
			listed = append(listed, model)
			continue
		}
		steps = append(steps, step{do: func(ctx context.Context) error { return s.buildIndex(ctx, l, model) }})
	}
	// Listed is also one that is still being built, by another instance or since a primary stepped down: asking for
	// it waits for its end, and asking for one that is there does nothing.
	if err := s.makeCollection(ctx, l.collection, listed); err != nil {
		return nil, err
	}
	for _, name := range has {
		if name != idIndex && !slices.ContainsFunc(wanted, func(m driver.IndexModel) bool { return *m.Options.Name == name }) {
			steps = append(steps, step{last: true, do: func(ctx context.Context) error {
				_, err := s.db.Collection(l.collection).Indexes().DropOne(ctx, name)
				return broken(err)
			}})
		}
	}
	if old, known := s.known.Load().forms[l.form.Key]; l.summed != "" {
		if l.ready = known && old.ready && old.summed == l.summed; !l.ready {
			outdated := bson.A{}
			if known && old.summed != l.summed {
				for _, one := range old.sums {
					outdated = append(outdated, one.name)
				}
			}
			steps = append(steps, step{last: true, do: func(ctx context.Context) error { return s.fillSums(ctx, l, outdated) }})
		}
	}
	return steps, nil
}

// isMade asks whether a form's collection is there: another instance may have made it.
func (s *Store) isMade(ctx context.Context, l *layout) (bool, error) {
	if _, made := s.made.Load(l.collection); made {
		return true, nil
	}
	names, err := s.db.ListCollectionNames(ctx, d("name", l.collection))
	if err != nil || len(names) == 0 {
		return false, broken(err)
	}
	return true, nil
}

func (s *Store) indexes(ctx context.Context, collection string) (names []string, err error) {
	found, err := s.db.Collection(collection).Indexes().ListSpecifications(ctx)
	for _, one := range found {
		names = append(names, one.Name)
	}
	return names, broken(err)
}

// makeForm makes a form's collection with all its indexes: empty, that takes a moment.
func (s *Store) makeForm(ctx context.Context, l *layout) error {
	if err := s.makeCollection(ctx, l.collection, l.models()); err != nil {
		return err
	}
	if l.summed == "" {
		return nil
	}
	return s.markReady(ctx, l)
}

// buildIndex makes an index, however long it takes; records that break a unique one are a fault that names its fields.
func (s *Store) buildIndex(ctx context.Context, l *layout, model driver.IndexModel) error {
	if s.options.bare {
		model = bareIndexes([]driver.IndexModel{model})[0]
	}
	ctx, cancel := atLength(ctx)
	defer cancel()
	_, err := s.db.Collection(l.collection).Indexes().CreateOne(ctx, model, s.quorum())
	for _, g := range l.unique {
		if g.name == *model.Options.Name && isDuplicate(err) {
			return fault.New(fault.Conflict, "store.taken").With("form", string(l.form.Key)).With("fields", g.fields).Because(err)
		}
	}
	return broken(err)
}

// quorum lets an index be built while a member is away; without it all that vote are waited for.
func (s *Store) quorum() *options.CreateIndexesOptions {
	if s.options.bare {
		return options.CreateIndexes()
	}
	return options.CreateIndexes().SetCommitQuorumMajority()
}

// atLength is for what takes as long as a form is large: where the caller sets no deadline, a day, and not the
// patience that commands have else.
func atLength(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, 24*time.Hour)
}

// models are the indexes that a form has beside that of ids.
func (l *layout) models() []driver.IndexModel {
	up := int32(1)
	plain := func(name string, keys bson.D) driver.IndexModel {
		return driver.IndexModel{Keys: keys, Options: options.Index().SetName(name)}
	}
	var out []driver.IndexModel
	add := func(m driver.IndexModel) {
		if !slices.ContainsFunc(out, func(o driver.IndexModel) bool { return *o.Options.Name == *m.Options.Name }) {
			out = append(out, m)
		}
	}
	add(driver.IndexModel{
		Keys:    bson.D{{Key: atDeletedAt, Value: int32(-1)}, {Key: atID, Value: int32(-1)}},
		Options: options.Index().SetName(deletedIndex).SetPartialFilterExpression(living(true)),
	})
	for _, i := range l.indexes {
		add(plain(i.name, i.keys))
	}
	if len(l.orders) > 0 {
		add(plain(scopeIndex, bson.D{{Key: atLiving, Value: up}, {Key: atPrincipals, Value: up}, {Key: atID, Value: up}}))
	}
	for _, o := range l.orders {
		add(plain(o.name, o.keys))
	}
	if l.form.Search {
		add(plain(tokenIndex, bson.D{{Key: atTokens, Value: up}, {Key: atID, Value: int32(-1)}}))
	}
	if l.summed != "" {
		add(plain(summedIndex, bson.D{{Key: atLiving, Value: up}, {Key: atSummed, Value: up}}))
	}
	for _, g := range l.unique {
		keys, present := bson.D{}, living(false)
		for _, key := range g.fields {
			name := memberOf(query.At(key))
			keys, present = append(keys, bson.E{Key: name, Value: up}), append(present, bson.E{Key: name, Value: d("$exists", true)})
		}
		add(driver.IndexModel{Keys: keys, Options: options.Index().SetName(g.name).SetUnique(true).SetPartialFilterExpression(present)})
	}
	return out
}

// filling bounds the records that one transaction adds to sums.
const filling = 200

// fillSums adds the living records that are not in the sums yet. Who writes one meanwhile adds it, and is found to
// have; of two who do the same, one begins anew.
func (s *Store) fillSums(ctx context.Context, l *layout, outdated bson.A) error {
	others := bson.A{d(atSummed, d("$lt", l.summed)), d(atSummed, d("$gt", l.summed)), d(atSummed, d("$exists", false))}
	for _, other := range others {
		for more := true; more; {
			err := s.transact(ctx, func(t *tx) (err error) {
				more, err = t.addSome(ctx, l, append(living(false), other.(bson.D)...))
				return err
			})
			if err != nil {
				return err
			}
			if err := s.late.catchUp(ctx); err != nil {
				return err
			}
		}
	}
	if err := s.markReady(ctx, l); err != nil {
		return err
	}
	_, err := s.db.Collection(inSums).DeleteMany(ctx, d("sums", d("$in", outdated)))
	return broken(err)
}

// addSome adds records to the sums and marks them so.
func (t *tx) addSome(ctx context.Context, l *layout, which bson.D) (more bool, err error) {
	ids := bson.A{}
	err = t.find(ctx, l.collection, look{where: which, limit: filling, hint: summedIndex}, func(raw bson.Raw) error {
		r, err := readRecord(l.form.Key, raw)
		if err == nil {
			ids = append(ids, string(r.ID))
			t.sums.move(l, before{}, r)
		}
		return err
	})
	if err != nil || len(ids) == 0 {
		return false, t.told(err)
	}
	_, err = t.collection(l.collection).UpdateMany(t.in(ctx), d(atID, d("$in", ids)), d("$set", d(atSummed, l.summed)))
	return len(ids) == filling, t.told(err)
}

// markReady says that the form's sums are complete.
func (s *Store) markReady(ctx context.Context, l *layout) error {
	_, err := s.db.Collection(inMeta).UpdateOne(ctx, d(atID, "form."+string(l.form.Key)), d("$set", d("summed", l.summed)))
	if err != nil {
		return broken(err)
	}
	generation, err := s.conn().grow(ctx) // for those who read
	if err != nil {
		return broken(err)
	}
	ready := *l
	ready.ready = true
	if now := s.known.Load(); now.forms[l.form.Key] != nil && now.forms[l.form.Key].summed == l.summed {
		if now.generation != generation-1 {
			generation = 0 // others have changed something, too
		}
		s.know(generation, &ready)
	}
	return nil
}

// sumMember names the members of a line of sums: how many records, and for each number how many have it, their
// millions and the rest.
func sumMember(i int) string {
	if i == 0 {
		return "n"
	}
	return strings.Split("c h l", " ")[(i-1)%3] + string(rune('a'+(i-1)/3))
}
