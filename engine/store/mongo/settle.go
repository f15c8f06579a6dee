package mongo

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/event"
	"tidewater/engine/store"
)

// Events have numbers that grow in the order in which they can be read, so that who reads along misses none. A
// counter within each transaction would give them, and let any two transactions of a tenant fail each other. So a
// transaction leaves its events without a number in the collection "late", and once it is committed somebody settles
// them: numbers them, and moves them to the history and to the outbox, a batch per transaction. Two who settle at once
// are in each other's way, and one begins anew and finds nothing left. Of one record, events are numbered by version.
//
// The process that left them settles them at once; who reads the outbox, a history or sums has it done first, so
// that what another left behind waits for nobody.

const (
	lateEvent = "event"
	lateSums  = "sums"
)

// settling bounds what one transaction settles, and heaviest its bytes: images are as large as records are.
const (
	settling = 500
	heaviest = 8 << 20
)

// settler settles in the background what this process has left.
type settler struct {
	store *Store
	kick  chan struct{}
	ended chan struct{}
	turn  sync.Mutex   // one at a time of a process: others would only be in its way
	wrote store.Signal // after events have got their numbers, and when there will be no more
}

func newSettler(s *Store) *settler {
	l := &settler{store: s, kick: make(chan struct{}, 1), ended: make(chan struct{})}
	go l.run()
	return l
}

// wake has what was left settled soon.
func (l *settler) wake() {
	select {
	case l.kick <- struct{}{}:
	default: // somebody is on the way already
	}
}

func (l *settler) stop() {
	<-l.ended
	l.wrote.Fire()
}

func (l *settler) run() {
	defer close(l.ended)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { <-l.store.ends; cancel() }()
	looks := time.NewTicker(l.store.options.look)
	defer looks.Stop()
	for {
		select {
		case <-l.store.ends:
			return
		case <-looks.C:
			l.store.old.Store(true)
		case <-l.kick:
			// What fails now is done by the next that asks.
			_ = l.catchUp(ctx)
		}
	}
}

// catchUp settles all that is committed by now.
func (l *settler) catchUp(ctx context.Context) error {
	for {
		if more, err := l.some(ctx); err != nil || !more {
			return broken(err)
		}
	}
}

// some settles a batch and says whether there may be more.
func (l *settler) some(ctx context.Context) (more bool, err error) {
	_, waits, err := l.store.conn().one(ctx, inLate, look{fields: d(atID, int32(1))})
	if err != nil || !waits {
		return false, err
	}
	l.turn.Lock()
	defer l.turn.Unlock()
	done := 0
	err = l.store.carryOut(ctx, func(t *tx) (err error) {
		done, more, err = t.settle(ctx)
		return t.told(err)
	})
	if err == nil && done > 0 {
		l.wrote.Fire()
	}
	return more, err
}

// left is a document of "late".
type left struct {
	id      any
	kind    string
	form    string
	record  string
	version int64
	gone    bool // its record is, and its history with it
	doc     bson.Raw
}

func readLeft(raw bson.Raw) left {
	raw = slices.Clone(raw)
	out := left{
		id: raw.Lookup(atID), kind: textOf(raw.Lookup("kind")), form: textOf(raw.Lookup("form")), record: textOf(raw.Lookup("record")),
		version: intOf(raw.Lookup("version")), doc: raw,
	}
	out.gone, _ = raw.Lookup("gone").BooleanOK()
	return out
}

// settle numbers and moves a batch within this transaction.
func (t *tx) settle(ctx context.Context) (done int, more bool, err error) {
	batch, more, err := t.batch(ctx)
	if err != nil || len(batch) == 0 {
		return 0, false, err
	}
	var events []left
	adding := shares{}
	ids := make(bson.A, len(batch))
	for i, one := range batch {
		ids[i] = one.id
		if one.kind == lateEvent {
			events = append(events, one)
			continue
		}
		if err := adding.read(one.doc); err != nil {
			return 0, false, err
		}
	}
	byVersion(events)
	if err := t.publish(ctx, events); err != nil {
		return 0, false, err
	}
	if err := adding.write(ctx, t); err != nil {
		return 0, false, err
	}
	_, err = t.collection(inLate).DeleteMany(t.in(ctx), d(atID, d("$in", ids)))
	return len(batch), more, err
}

// batch reads what is settled next, in the order in which it was left as far as clocks tell; more says that there may
// be others. Of the records in a batch that is full all of it is read, so that none is told of out of order.
func (t *tx) batch(ctx context.Context) (batch []left, more bool, err error) {
	bytes := 0
	inOrder := bson.D{{Key: atID, Value: int32(1)}}
	err = t.find(ctx, inLate, look{sort: inOrder, limit: settling}, func(raw bson.Raw) error {
		if bytes += len(raw); bytes > heaviest && len(batch) > 0 {
			more = true
			return errStop
		}
		batch = append(batch, readLeft(raw))
		return nil
	})
	if more = more || len(batch) == settling; err != nil || !more {
		return batch, false, err
	}
	var records bson.A
	for _, one := range batch {
		if one.kind == lateEvent && !slices.Contains(records, any(one.record)) {
			records = append(records, one.record)
		}
	}
	if len(records) == 0 {
		return batch, true, nil
	}
	behind := bson.D{{Key: "record", Value: d("$in", records)}, {Key: atID, Value: d("$gt", batch[len(batch)-1].id)}}
	err = t.find(ctx, inLate, look{where: behind, sort: inOrder}, func(raw bson.Raw) error {
		batch = append(batch, readLeft(raw))
		return nil
	})
	return batch, true, err
}

// byVersion puts the events of each record in the order of its versions; each record keeps its places.
func byVersion(events []left) {
	places := map[[2]string][]int{}
	for i, e := range events {
		if e.form != "" {
			of := [2]string{e.form, e.record}
			places[of] = append(places[of], i)
		}
	}
	for _, at := range places {
		own := make([]left, len(at))
		for i, place := range at {
			own[i] = events[place]
		}
		slices.SortStableFunc(own, func(a, b left) int { return cmp.Compare(a.version, b.version) })
		for i, place := range at {
			events[place] = own[i]
		}
	}
}

// publish gives events their numbers.
func (t *tx) publish(ctx context.Context, events []left) error {
	if len(events) == 0 {
		return nil
	}
	last, err := t.count(ctx, eventCounter, int64(len(events)))
	if err != nil {
		return raced(err)
	}
	var outbox, history []any
	for i, e := range events {
		seq := last - int64(len(events)) + int64(i) + 1
		line, images, err := parted(seq, e.doc)
		if err != nil {
			return err
		}
		outbox = append(outbox, append(line, images...))
		if !e.gone && e.form != "" && textOf(e.doc.Lookup("what")) != string(event.RecordPurged) {
			history = append(history, line)
		}
	}
	if _, err := t.collection(inOutbox).InsertMany(t.in(ctx), outbox); err != nil {
		return raced(err)
	}
	if len(history) == 0 {
		return nil
	}
	_, err = t.collection(inHistory).InsertMany(t.in(ctx), history)
	return raced(err)
}

// parted is what was left of an event as a line under its number: what happened, and the images.
func parted(seq int64, doc bson.Raw) (line, images bson.D, err error) {
	elements, err := doc.Elements()
	if err != nil {
		return nil, nil, err
	}
	line = d(atID, seq)
	for _, e := range elements {
		switch e.Key() {
		case atID, "order", "kind", "gone":
		case "before", "after":
			images = append(images, bson.E{Key: e.Key(), Value: e.Value()})
		default:
			line = append(line, bson.E{Key: e.Key(), Value: e.Value()})
		}
	}
	return slices.Clip(line), images, nil
}

// read adds the shares of a document.
func (a shares) read(doc bson.Raw) error {
	var left struct {
		Lines []struct {
			Sums      string  `bson:"sums"`
			Principal string  `bson:"principal"`
			Key       int64   `bson:"key"`
			Add       []int64 `bson:"add"`
		} `bson:"lines"`
	}
	if err := bson.Unmarshal(doc, &left); err != nil {
		return err
	}
	for _, line := range left.Lines {
		at := lineOf{line.Sums, line.Principal, line.Key}
		if a[at] == nil {
			a[at] = make([]int64, len(line.Add))
		}
		for i, v := range line.Add {
			a[at][i] += v
		}
	}
	return nil
}

// write adds shares to the lines of sums.
func (a shares) write(ctx context.Context, t *tx) error {
	if len(a) == 0 {
		return nil
	}
	models := make([]driver.WriteModel, 0, len(a))
	for at, line := range a {
		adding := bson.D{}
		for i, v := range line {
			adding = append(adding, bson.E{Key: sumMember(i), Value: v})
		}
		which := bson.D{{Key: "sums", Value: at.sums}, {Key: "principal", Value: at.principal}, {Key: "key", Value: at.key}}
		models = append(models, driver.NewUpdateOneModel().SetFilter(which).SetUpdate(d("$inc", adding)).SetUpsert(true))
	}
	_, err := t.collection(inSums).BulkWrite(t.in(ctx), models, options.BulkWrite().SetOrdered(true))
	return raced(err)
}

// lookAgain is how long who waits for an event may miss what another instance has settled, and who reads a layout that
// it has changed, where no change stream tells them (watch.go).
const lookAgain = 500 * time.Millisecond

// wait returns once there may be something new.
func (l *settler) wait(ctx context.Context, wrote <-chan struct{}) error {
	timer := time.NewTimer(l.store.options.look)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-l.store.ends:
		return errors.Join(closed())
	case <-wrote:
	case <-timer.C:
	}
	return nil
}
