package mongo

import (
	"context"
	"encoding/json"
	"errors"
	"maps"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Each instance keeps the layouts of all forms in memory, and any of them may change one (Prepare). So layouts have a
// generation, a number that grows with every change of one that was there. Who prepares a form writes the new layout
// with the next generation, and then shows it at every gate (gates.go): that waits for the transactions under way, and
// who comes later with an older one reads the layouts anew before it writes. From then on nothing is written by the old
// layout anywhere, so that what is to follow from all records, as sums do, can be made complete. Who only reads looks
// for a new generation now and then, and before it says that there is no such field; what it is told of the old sums
// meanwhile it holds against the generation afterwards.

// known are the layouts in use.
type known struct {
	generation int64
	forms      map[value.FormKey]*layout
}

// theLayouts is the document of meta that has the generation.
const theLayouts = "layouts"

// generation reads the present one; 0 while no layout has ever changed.
func (c conn) generation(ctx context.Context) (int64, error) {
	raw, _, err := c.one(ctx, inMeta, look{where: d(atID, theLayouts)})
	return intOf(raw.Lookup("n")), err
}

// reload reads the layouts that are in force, whoever has changed them. What changes meanwhile has the next generation.
func (s *Store) reload(ctx context.Context) error {
	s.loading.Lock()
	defer s.loading.Unlock()
	generation, err := s.conn().generation(ctx)
	if err != nil {
		return broken(err)
	}
	forms, err := s.conn().layouts(ctx)
	if err != nil {
		return broken(err)
	}
	s.known.Store(&known{generation, forms})
	return nil
}

// layouts reads how each form rests.
func (c conn) layouts(ctx context.Context) (map[value.FormKey]*layout, error) {
	forms := map[value.FormKey]*layout{}
	err := c.find(ctx, inMeta, look{where: d("form", d("$exists", true))}, func(raw bson.Raw) error {
		l, err := readLayout(raw)
		if err == nil {
			forms[l.form.Key] = l
		}
		return err
	})
	return forms, err
}

// renew reads the layouts anew where there is another generation of them, and tells whether there was.
func (s *Store) renew(ctx context.Context) (newer bool, err error) {
	s.old.Store(false)
	generation, err := s.conn().generation(ctx)
	if err != nil || generation == s.known.Load().generation {
		return false, broken(err)
	}
	return true, s.reload(ctx)
}

// layout returns how a form rests here. One that is unknown may have been published by another instance meanwhile.
func (s *Store) layout(ctx context.Context, form value.FormKey) (*layout, error) {
	if s.old.Load() {
		if _, err := s.renew(ctx); err != nil {
			return nil, err
		}
	}
	if l, ok := s.known.Load().forms[form]; ok {
		return l, nil
	}
	if err := s.reload(ctx); err != nil {
		return nil, err
	}
	if l, ok := s.known.Load().forms[form]; ok {
		return l, nil
	}
	return nil, unknownForm(form)
}

// asked runs a question to a form. Where that knows no such field, it is run once more if another instance has changed
// the layout meanwhile.
func (s *Store) asked(ctx context.Context, form value.FormKey, question func(*layout) error) error {
	l, err := s.layout(ctx, form)
	if err != nil {
		return err
	}
	if err = question(l); fault.CodeOf(err) != "filter.field" {
		return err
	}
	if newer, failed := s.renew(ctx); !newer || failed != nil {
		return errors.Join(err, failed)
	}
	if l, err = s.layout(ctx, form); err != nil {
		return err
	}
	return question(l)
}

// know takes layouts into use that were saved in a generation.
func (s *Store) know(generation int64, layouts ...*layout) {
	s.loading.Lock()
	defer s.loading.Unlock()
	was := s.known.Load()
	next := &known{max(generation, was.generation), maps.Clone(was.forms)}
	for _, l := range layouts {
		next.forms[l.form.Key] = l
	}
	s.known.Store(next)
}

func readLayout(raw bson.Raw) (*layout, error) {
	var r rested
	var f store.Form
	if err := bson.Unmarshal(raw, &r); err != nil {
		return nil, fault.New(fault.Internal, "store.corrupt").In("store.open").Because(err)
	}
	if err := json.Unmarshal([]byte(r.Layout), &f); err != nil {
		return nil, fault.New(fault.Internal, "store.corrupt").In("store.open").Because(err)
	}
	l, err := newLayout(f)
	if err == nil {
		l.ready = r.Summed == l.summed
	}
	return l, err
}

// saveLayouts writes how forms rest, and returns the generation in which they do so.
func (s *Store) saveLayouts(ctx context.Context, layouts []*layout) (generation int64, err error) {
	for _, l := range layouts {
		if generation, err = s.saveLayout(ctx, l); err != nil {
			return 0, err
		}
	}
	return generation, nil
}

func (s *Store) saveLayout(ctx context.Context, l *layout) (generation int64, err error) {
	text, err := json.Marshal(l.form)
	if err != nil {
		return 0, fault.Wrap("store.prepare", err)
	}
	which := d(atID, "form."+string(l.form.Key))
	r := bson.D{{Key: "form", Value: string(l.form.Key)}, {Key: "layout", Value: string(text)}}
	err = s.transact(ctx, func(t *tx) error {
		raw, there, err := t.one(ctx, inMeta, look{where: which})
		if err == nil {
			generation, err = t.generation(ctx)
		}
		if err != nil || there && textOf(raw.Lookup("layout")) == string(text) {
			return t.told(err)
		}
		if _, err = t.collection(inMeta).UpdateOne(t.in(ctx), which, d("$set", r), options.Update().SetUpsert(true)); err != nil || !there {
			return t.told(raced(err)) // of one that is new nobody knows an older layout
		}
		generation, err = t.grow(ctx)
		return t.told(raced(err))
	})
	return generation, err
}

// grow makes the next generation.
func (c conn) grow(ctx context.Context) (int64, error) {
	o := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)
	raw, err := c.collection(inMeta).FindOneAndUpdate(c.in(ctx), d(atID, theLayouts), d("$inc", d("n", int64(1))), o).Raw()
	if err != nil {
		return 0, err
	}
	return intOf(raw.Lookup("n")), nil
}

// show has every gate let through nobody whose layouts are older; it waits for those who are within one.
func (s *Store) show(ctx context.Context, generation int64) error {
	if generation == 0 {
		return nil
	}
	models := make([]driver.WriteModel, allGates)
	for n := range int32(allGates) {
		earlier := bson.D{{Key: atID, Value: n}, {Key: "layouts", Value: d("$not", d("$gte", generation))}}
		models[n] = driver.NewUpdateOneModel().SetFilter(earlier).SetUpdate(d("$set", d("layouts", generation)))
	}
	_, err := s.db.Collection(inGates).BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	return broken(err)
}
