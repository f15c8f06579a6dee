package mongo

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// walked is how much is read at a time, so that no cursor is kept.
const walked = 500

// freezer is in whose name the gates are shut; its document stands beside them. Who freezes takes the next turn, and a
// gate keeps the latest that has shut it: who thaws opens none that a later one has shut meanwhile.
type freezer struct {
	By   string `bson:"by"`
	Turn int64  `bson:"turn"`
	Done bool   `bson:"done"` // all gates are shut
}

// Freeze has the name told only when all gates are shut, one after the other, each when nobody is in it, and numbers
// what has been left. Where it ends half way, some are shut, and it can be called again, or Thaw.
func (s *Store) Freeze(ctx context.Context, by string) (was string, err error) {
	err = s.read(ctx, func(c conn) error {
		all := c.collection(inGates)
		var before freezer
		next := bson.D{{Key: "$inc", Value: d("turn", int64(1))}, {Key: "$set", Value: d("by", by)}}
		o := options.FindOneAndUpdate().SetReturnDocument(options.Before).SetUpsert(true)
		err := all.FindOneAndUpdate(ctx, d(atID, theFreezer), next, o).Decode(&before)
		if err != nil && !errors.Is(err, driver.ErrNoDocuments) { // nobody was before
			return err
		}
		was = before.By
		turn := before.Turn + 1
		models := make([]driver.WriteModel, allGates)
		for n := range int32(allGates) {
			earlier := bson.D{{Key: atID, Value: n}, {Key: "shut", Value: d("$not", d("$gte", turn))}}
			models[n] = driver.NewUpdateOneModel().SetFilter(earlier).SetUpdate(d("$set", d("shut", turn)))
		}
		if _, err := all.BulkWrite(ctx, models); err != nil {
			return err
		}
		if err := s.late.catchUp(ctx); err != nil {
			return err
		}
		_, err = all.UpdateOne(ctx, bson.D{{Key: atID, Value: theFreezer}, {Key: "turn", Value: turn}, {Key: "by", Value: by}}, d("$set", d("done", true)))
		return err
	})
	return was, err
}

// Thaw takes the name away, and then opens the gates.
func (s *Store) Thaw(ctx context.Context, by string) error {
	return s.read(ctx, func(c conn) error {
		mine := bson.D{{Key: atID, Value: theFreezer}, {Key: "by", Value: strings.TrimSuffix(by, halfway)}}
		nobody := d("$set", bson.D{{Key: "by", Value: ""}, {Key: "done", Value: false}})
		if _, err := c.collection(inGates).UpdateOne(ctx, mine, nobody); err != nil {
			return err
		}
		_, err := c.reopen(ctx)
		return err
	})
}

// reopen opens all gates where nobody freezes, whoever has left them shut, and tells whether that is so.
func (c conn) reopen(ctx context.Context) (bool, error) {
	now, err := c.freezer(ctx)
	if err != nil || now.By != "" {
		return false, err
	}
	_, err = c.collection(inGates).UpdateMany(ctx, d("shut", d("$lte", now.Turn)), d("$unset", d("shut", "")))
	return err == nil, err
}

// Frozen tells of one that is not through yet, too, so that what it has shut can be thawed.
func (s *Store) Frozen(ctx context.Context) (by string, err error) {
	err = s.read(ctx, func(c conn) error {
		now, err := c.freezer(ctx)
		if by = now.By; by != "" && !now.Done {
			by += halfway
		}
		return err
	})
	return by, err
}

// freezer is the latest; nobody has a turn where none ever was.
func (c conn) freezer(ctx context.Context) (f freezer, err error) {
	raw, found, err := c.one(ctx, inGates, look{where: d(atID, theFreezer)})
	if err == nil && found {
		err = bson.Unmarshal(raw, &f)
	}
	return f, err
}

// Forms returns the layouts of all forms, also of those that another instance has prepared.
func (s *Store) Forms(ctx context.Context) (forms []store.Form, err error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	if err := s.reload(ctx); err != nil {
		return nil, err
	}
	known := s.known.Load().forms
	for _, key := range slices.Sorted(maps.Keys(known)) {
		forms = append(forms, known[key].form)
	}
	return forms, nil
}

// EachLine walks the histories along their own key, a batch at a time.
func (s *Store) EachLine(ctx context.Context, after int64, do func(event.Event) error) error {
	if err := s.late.catchUp(ctx); err != nil {
		return err
	}
	return store.InBatches(func() (batch []event.Event, err error) {
		err = s.read(ctx, func(c conn) error {
			next := look{where: d(atID, d("$gt", after)), sort: d(atID, int32(1)), limit: walked}
			return c.find(ctx, inHistory, next, func(raw bson.Raw) error {
				e, err := readEvent(raw)
				batch, after = append(batch, e), e.Seq
				return err
			})
		})
		return batch, err
	}, do)
}

// EachItem walks the side documents along their own key, a batch at a time: what is left of a collection, then the
// next one.
func (s *Store) EachItem(ctx context.Context, do func(store.SideItem) error) error {
	collection, key := "", ""
	return store.InBatches(func() (batch []store.SideItem, err error) {
		err = s.read(ctx, func(c conn) error {
			for _, where := range []bson.D{
				{{Key: "collection", Value: collection}, {Key: "key", Value: d("$gt", key)}},
				d("collection", d("$gt", collection)),
			} {
				missing := int64(walked - len(batch))
				if missing == 0 {
					return nil
				}
				next := look{where: where, sort: bson.D{{Key: "collection", Value: int32(1)}, {Key: "key", Value: int32(1)}}, limit: missing, hint: "key"}
				err := c.find(ctx, inSide, next, func(raw bson.Raw) error {
					batch = append(batch, store.SideItem{Collection: textOf(raw.Lookup("collection")), Item: readItem(raw)})
					return nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if len(batch) > 0 {
			collection, key = batch[len(batch)-1].Collection, batch[len(batch)-1].Key
		}
		return batch, err
	}, do)
}

// Counters reads the sequences and how far the outbox is settled.
func (s *Store) Counters(ctx context.Context) (out store.Counters, err error) {
	if _, out.Newest, err = s.Span(ctx); err != nil {
		return out, err
	}
	out.Sequences = map[string]int64{}
	err = s.read(ctx, func(c conn) error {
		err := c.find(ctx, inCounters, look{}, func(raw bson.Raw) error {
			if name, is := strings.CutPrefix(textOf(raw.Lookup(atID)), sequenceCounter); is {
				out.Sequences[name] = intOf(raw.Lookup("n"))
			}
			return nil
		})
		if err != nil {
			return err
		}
		err = c.find(ctx, inConsumers, look{sort: d(atID, int32(1))}, func(raw bson.Raw) error {
			out.Consumers = append(out.Consumers, store.Consumer{Name: textOf(raw.Lookup(atID)), Floor: intOf(raw.Lookup("floor"))})
			return nil
		})
		for n := range out.Consumers {
			if err == nil {
				err = c.settledBy(ctx, &out.Consumers[n])
			}
		}
		return err
	})
	return out, err
}

func (c conn) settledBy(ctx context.Context, one *store.Consumer) error {
	above := bson.D{{Key: "consumer", Value: one.Name}, {Key: "seq", Value: d("$gt", one.Floor)}, {Key: "until", Value: int64(settled)}}
	return c.find(ctx, inDeliveries, look{where: above, sort: d("seq", int32(1))}, func(raw bson.Raw) error {
		one.Settled = append(one.Settled, intOf(raw.Lookup("seq")))
		return nil
	})
}

// Lay writes documents as they are written here, but with their numbers given.
func (s *Store) Lay(ctx context.Context, l store.Laid) error {
	if max(len(l.Lines), len(l.Events), len(l.Items)) > maxTouched {
		return store.TooLarge()
	}
	lines, err := laidEvents(l.Lines, false)
	if err != nil {
		return err
	}
	events, err := laidEvents(l.Events, true)
	if err != nil {
		return err
	}
	items := make([]any, len(l.Items))
	for i, one := range l.Items {
		items[i] = laidItem(one)
	}
	return s.transact(ctx, func(t *tx) error {
		for _, part := range []struct {
			in   string
			docs []any
		}{{inHistory, lines}, {inOutbox, events}, {inSide, items}} {
			if err := t.lay(ctx, part.in, part.docs); err != nil {
				return err
			}
		}
		if l.Counters == nil {
			return nil
		}
		return t.layCounters(ctx, *l.Counters)
	})
}

// lay adds documents where there are none of their keys.
func (t *tx) lay(ctx context.Context, in string, docs []any) error {
	if len(docs) == 0 {
		return nil
	}
	_, err := t.collection(in).InsertMany(t.in(ctx), docs)
	if isDuplicate(err) {
		t.failed = stale()
		return t.failed
	}
	return t.told(err)
}

func laidEvents(events []event.Event, images bool) ([]any, error) {
	docs := make([]any, len(events))
	for i, e := range events {
		if !images {
			e.Before, e.After = nil, nil
		}
		doc, err := told(e)
		if err != nil {
			return nil, fault.New(fault.Internal, "internal").In("store.lay").Because(err)
		}
		docs[i] = append(d(atID, e.Seq), doc...)
	}
	return docs, nil
}

func laidItem(one store.SideItem) bson.D {
	doc := append(bson.D{{Key: "collection", Value: one.Collection}, {Key: "key", Value: one.Key}, {Key: "revision", Value: one.Revision}},
		bson.E{Key: "body", Value: primitive.Binary{Data: append([]byte{}, one.Body...)}})
	if !one.Expires.IsZero() {
		doc = append(doc, bson.E{Key: "expires", Value: one.Expires.UnixMilli()})
	}
	return doc
}

func (t *tx) layCounters(ctx context.Context, n store.Counters) error {
	newest := d("$set", d("n", n.Newest))
	if _, err := t.collection(inCounters).UpdateOne(t.in(ctx), d(atID, eventCounter), newest, options.Update().SetUpsert(true)); err != nil {
		return t.told(raced(err))
	}
	var sequences, consumers []any
	for _, name := range slices.Sorted(maps.Keys(n.Sequences)) {
		sequences = append(sequences, bson.D{{Key: atID, Value: sequenceCounter + name}, {Key: "n", Value: n.Sequences[name]}})
	}
	for _, one := range n.Consumers {
		consumers = append(consumers, bson.D{{Key: atID, Value: one.Name}, {Key: "floor", Value: one.Floor}, {Key: "turns", Value: int64(0)}})
	}
	if err := t.lay(ctx, inCounters, sequences); err != nil {
		return err
	}
	if err := t.lay(ctx, inConsumers, consumers); err != nil {
		return err
	}
	for _, one := range n.Consumers {
		for part := range slices.Chunk(one.Settled, maxTouched) {
			if err := t.deliver(ctx, one.Name, part, settled); err != nil {
				return t.told(err)
			}
		}
	}
	return nil
}
