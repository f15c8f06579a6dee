package mongo

import (
	"context"
	"errors"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

func (t *tx) Put(ctx context.Context, r *value.Record, was int64) error {
	l, err := t.opened(ctx, r.Form)
	if err != nil {
		return err
	}
	w, err := write(r, true)
	if err != nil {
		return fault.New(fault.Internal, "internal").In("store.put").Because(err)
	}
	if was == 0 {
		err = t.insert(ctx, l, r, w)
	} else {
		err = t.update(ctx, l, r, w, was)
	}
	if err == nil {
		t.put[held{r.Form, r.ID}] = r.Clone()
	}
	return err
}

// opened is the layout of a form that is about to be written, whose collection is there.
func (t *tx) opened(ctx context.Context, form value.FormKey) (*layout, error) {
	if err := t.write(ctx); err != nil {
		return nil, err
	}
	l, err := t.store.layout(ctx, form)
	if err != nil {
		return nil, err
	}
	if _, made := t.store.made.Load(l.collection); !made {
		t.missing = l // a transaction makes no collection: it begins anew when it is made
		return nil, errMissing
	}
	return l, nil
}

func folded(r *value.Record) string {
	s, _ := r.Shadow[value.ShadowText].(string)
	return s
}

// inserted is the document of a new record.
func (l *layout) inserted(r *value.Record, w written) bson.D {
	doc := append(d(atID, string(r.ID)), w.has...)
	if tokens := tokensOf(r.Tokens, folded(r)); len(tokens) > 0 {
		doc = append(doc, bson.E{Key: atTokens, Value: tokens})
	}
	if l.summed != "" {
		doc = append(doc, bson.E{Key: atSummed, Value: l.summed})
	}
	return doc
}

// insert writes a new record. That its id is free the index of ids knows: nobody asks before.
func (t *tx) insert(ctx context.Context, l *layout, r *value.Record, w written) error {
	_, err := t.collection(l.collection).InsertOne(t.in(ctx), l.inserted(r, w))
	switch {
	case isDuplicate(err):
		return t.refused(ctx, l, r, err)
	case err != nil:
		return t.told(err)
	}
	t.sums.move(l, before{}, r)
	return nil
}

// changed is what makes a record's document that of another version.
func (l *layout) changed(r *value.Record, w written) bson.D {
	set, unset := w.has, w.absent
	switch tokens := tokensOf(r.Tokens, folded(r)); {
	case r.Tokens == nil: // those it has stay
	case len(tokens) == 0:
		unset = append(unset, bson.E{Key: atTokens, Value: ""})
	default:
		set = append(set, bson.E{Key: atTokens, Value: tokens})
	}
	if l.summed == "" {
		unset = append(unset, bson.E{Key: atSummed, Value: ""})
	} else {
		set = append(set, bson.E{Key: atSummed, Value: l.summed})
	}
	change := d("$set", set)
	if len(unset) > 0 {
		change = append(change, bson.E{Key: "$unset", Value: unset})
	}
	return change
}

// update replaces a record in the version that is meant.
func (t *tx) update(ctx context.Context, l *layout, r *value.Record, w written, was int64) error {
	o := options.FindOneAndUpdate().SetProjection(l.beforeMembers()).SetReturnDocument(options.Before)
	raw, err := t.collection(l.collection).FindOneAndUpdate(t.in(ctx), version(r.ID, was), l.changed(r, w), o).Raw()
	switch {
	case errors.Is(err, driver.ErrNoDocuments):
		return stale()
	case isDuplicate(err):
		return t.refused(ctx, l, r, err)
	case err != nil:
		return t.told(err)
	}
	return t.moved(ctx, l, raw, r)
}

// version is the condition on a record in a version.
func version(id value.ID, was int64) bson.D {
	return bson.D{{Key: atID, Value: string(id)}, {Key: atVersion, Value: d("$eq", was)}}
}

// moved brings the sums from what a record was to what it is. A record that was added to other sums than are known
// here was written by an instance that knows a later layout, mostly: then the transaction begins anew with that.
func (t *tx) moved(ctx context.Context, l *layout, raw bson.Raw, now *value.Record) error {
	old, err := l.readBefore(raw)
	if err != nil {
		return err
	}
	if old.summed != "" && old.summed != l.summed {
		if err := t.store.reload(ctx); err != nil {
			return err
		}
		if newer, err := t.store.layout(ctx, l.form.Key); err != nil || newer.summed != l.summed {
			return errors.Join(err, t.told(errRace))
		}
	}
	t.sums.move(l, old, now)
	return nil
}

func (t *tx) Remove(ctx context.Context, form value.FormKey, id value.ID, was int64) error {
	l, err := t.opened(ctx, form)
	if err != nil {
		return err
	}
	o := options.FindOneAndDelete().SetProjection(l.beforeMembers())
	raw, err := t.collection(l.collection).FindOneAndDelete(t.in(ctx), version(id, was), o).Raw()
	if errors.Is(err, driver.ErrNoDocuments) {
		_, there, err := t.one(ctx, l.collection, look{where: d(atID, string(id)), fields: d(atID, int32(1))})
		switch {
		case err != nil:
			return t.told(err)
		case there:
			return stale()
		}
		return notFound()
	}
	if err != nil {
		return t.told(err)
	}
	if err := t.moved(ctx, l, raw, nil); err != nil {
		return err
	}
	delete(t.put, held{form, id})
	return t.forget(ctx, form, id)
}

// forget takes away the history of a record. What is still on its way keeps what it says of the record.
func (t *tx) forget(ctx context.Context, form value.FormKey, id value.ID) error {
	of := bson.D{{Key: "form", Value: string(form)}, {Key: "record", Value: string(id)}}
	if _, err := t.collection(inHistory).DeleteMany(t.in(ctx), of); err != nil {
		return t.told(err)
	}
	if _, err := t.collection(inLate).UpdateMany(t.in(ctx), of, d("$set", d("gone", true))); err != nil {
		return t.told(err)
	}
	for i, one := range t.late {
		if slices.Contains(one, bson.E{Key: "form", Value: string(form)}) && slices.Contains(one, bson.E{Key: "record", Value: string(id)}) {
			t.late[i] = append(one, bson.E{Key: "gone", Value: true})
		}
	}
	return nil
}

// refused says why an index did not take a record: its id is there, or another holds what it must have alone.
func (t *tx) refused(ctx context.Context, l *layout, r *value.Record, cause error) error {
	name := duplicated(cause)
	if name == idIndex {
		t.failed = stale()
		return t.failed
	}
	g, isGroup := l.group(name)
	if !isGroup {
		return t.told(cause)
	}
	holder, err := t.holder(ctx, l, g, r)
	if err != nil {
		return t.told(err)
	}
	if holder == "" {
		return t.told(raced(cause)) // who held it has let go meanwhile
	}
	t.failed = fault.New(fault.Conflict, "store.taken").With("form", string(r.Form)).With("fields", g.fields).With("holder", holder)
	return t.failed
}

// group is the unique group of an index. One that is unknown is on its way to be published: its name says its fields.
func (l *layout) group(name string) (g group, isGroup bool) {
	if at := slices.IndexFunc(l.unique, func(g group) bool { return g.name == name }); at >= 0 {
		return l.unique[at], true
	}
	list, isGroup := strings.CutPrefix(name, uniqueIndex)
	g.name = name
	for key := range strings.SplitSeq(list, ",") {
		g.fields = append(g.fields, value.FieldKey(key))
	}
	return g, isGroup
}

// holder is who has the values of a unique group: a record of this transaction, whose end has come with the refusal,
// or one that is there for all to see.
func (t *tx) holder(ctx context.Context, l *layout, g group, r *value.Record) (value.ID, error) {
	for _, own := range t.put {
		if own.Form == r.Form && own.ID != r.ID && !own.Deleted() && sameIn(g, own, r) {
			return own.ID, nil
		}
	}
	where := bson.D{{Key: atLiving, Value: true}, {Key: atID, Value: d("$ne", string(r.ID))}}
	for _, key := range g.fields {
		where = append(where, bson.E{Key: memberOf(query.At(key)), Value: d("$eq", r.Get(key))})
	}
	raw, _, err := t.store.conn().one(ctx, l.collection, look{where: where, fields: d(atID, int32(1)), hint: g.name})
	return value.ID(textOf(raw.Lookup(atID))), err
}

func sameIn(g group, a, b *value.Record) bool {
	for _, key := range g.fields {
		if !value.Equal(a.Get(key), b.Get(key)) {
			return false
		}
	}
	return true
}

// duplicated names the index that refused a write, as the server's message does:
// "E11000 duplicate key error collection: … index: u/serial dup key: …".
func duplicated(err error) string {
	_, rest, _ := strings.Cut(err.Error(), " index: ")
	name, _, _ := strings.Cut(rest, " dup key")
	return name
}
