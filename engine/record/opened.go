package record

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// A pool may say how many of its records one person opens on a day, so that nobody walks off with it page by page. A
// record counts once for a person and a day, whichever way out shows it whole. Lists, which show columns, count
// nothing, neither does what somebody owns, nor the answer to a change: that is a deed, which the history keeps, and is
// refused for no number of looks. A change that changes nothing is a look, see look.

// Side documents: how many records somebody has opened on a day, and each of them.
const (
	opened    = "poolOpened" // form/pool/day/user, and below it /record
	openedFor = 3 * 24 * time.Hour
)

type openedCount struct {
	Count int `json:"count"`
}

// open is read for a way out that shows the record whole: where it waits in a pool that limits how many of its records
// a person opens, it counts. Faults: those of read, and Throttled "pool.viewLimit" with the seconds until the next day.
func (v *visit) open(ctx context.Context, key value.FormKey, id value.ID) (*catalog.Form, *value.Record, error) {
	form, r, err := v.read(ctx, key, id)
	if err != nil {
		return nil, nil, err
	}
	return form, r, v.countOpened(ctx, form, r)
}

// look answers a change that changes nothing, which is no more than a look. Faults: those of Open.
func (v *visit) look(ctx context.Context, w *write) (*View, error) {
	if err := v.countOpened(ctx, w.form, w.old); err != nil {
		return nil, err
	}
	return v.answer(ctx, w.form, w.old)
}

// Open holds that an actor may open a record now, and counts it. Faults: as Get.
func (s *Service) Open(ctx context.Context, actor value.Actor, name Name) error {
	_, _, err := s.visit(actor).open(ctx, name.Form, name.ID)
	return err
}

// Opened is how many records of a pool somebody has opened on a day.
func Opened(ctx context.Context, from store.Side, form value.FormKey, pool string, day int64, user value.ID) (int, error) {
	_, n, err := loadOpened(ctx, from, openedKey(form, pool, day, user))
	return n, err
}

func openedKey(form value.FormKey, pool string, day int64, user value.ID) string {
	return string(form) + "/" + pool + "/" + strconv.FormatInt(day, 10) + "/" + string(user)
}

func loadOpened(ctx context.Context, from store.Side, key string) (store.Item, int, error) {
	item, err := from.Load(ctx, opened, key)
	if fault.KindOf(err) == fault.NotFound {
		return store.Item{Key: key}, 0, nil
	}
	if err != nil {
		return item, 0, err
	}
	var c openedCount
	if err := json.Unmarshal(item.Body, &c); err != nil {
		return item, 0, fault.New(fault.Internal, "store.corrupt").At(opened + "/" + key).Because(err)
	}
	return item, c.Count, nil
}

// reader is the person who sees what the visit reads: whoever sees the app as somebody else opens it themselves.
func (v *visit) reader() value.Actor {
	if v.actor.Viewer != nil {
		return *v.actor.Viewer
	}
	return v.actor
}

// counts tells whether a record waits in a pool that limits how many of its records a person opens.
func (v *visit) counts(form *catalog.Form, r *value.Record) (*catalog.Pool, bool) {
	p, pooled := form.PoolOf(r.Values)
	return p, pooled && p.Def.ViewLimitPerDay != 0 && form.OwnerOf(r.Values) == "" && !v.reader().IsSystem()
}

func (v *visit) countOpened(ctx context.Context, form *catalog.Form, r *value.Record) error {
	p, counts := v.counts(form, r)
	if !counts {
		return nil
	}
	who := v.reader()
	day := value.DayOf(v.now, v.Zone)
	key := openedKey(form.Key, p.Def.Key, day, who.User)
	one := key + "/" + string(r.ID)
	if _, err := v.Store.Load(ctx, opened, one); fault.KindOf(err) != fault.NotFound {
		return err // opened before on this day, or a fault of the store
	}
	var refused error
	err := v.Store.Tx(ctx, func(tx store.Tx) error {
		var err error
		refused, err = v.openOne(ctx, tx, p, key, one)
		return err
	})
	if fault.CodeOf(err) == "store.moving" {
		// While the store is carried elsewhere nothing can be counted. Work that only reads goes on: for whoever has
		// some left, and for nobody else, by the count as it rests.
		var count int
		if _, count, err = loadOpened(ctx, v.Store, key); err == nil && count >= p.Def.ViewLimitPerDay {
			refused = v.openedAll(p)
		}
	}
	if err != nil {
		return err
	}
	return refused
}

// openOne counts one more record, unless there is none left; two who ask at once meet at the guard.
func (v *visit) openOne(ctx context.Context, tx store.Tx, p *catalog.Pool, key, one string) (refused, err error) {
	if err := tx.Guard(ctx, opened+":"+key); err != nil {
		return nil, err
	}
	if _, err := tx.Load(ctx, opened, one); fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	item, count, err := loadOpened(ctx, tx, key)
	if err != nil {
		return nil, err
	}
	if count >= p.Def.ViewLimitPerDay {
		return v.openedAll(p), nil
	}
	if item.Body, err = json.Marshal(openedCount{count + 1}); err != nil {
		return nil, fault.Wrap("record.open", err)
	}
	item.Expires = v.now.Add(openedFor)
	if err := tx.Save(ctx, opened, item, item.Revision); err != nil {
		return nil, err
	}
	return nil, tx.Save(ctx, opened, store.Item{Key: one, Body: []byte("{}"), Expires: item.Expires}, 0)
}

// openedAll says that a pool shows no more records to somebody today, and how long today is.
func (v *visit) openedAll(p *catalog.Pool) error {
	tomorrow := value.TimeOf(value.AddDays(value.DayOf(v.now, v.Zone), 1), v.Zone)
	seconds := int64((tomorrow.Sub(v.now) + time.Second - 1) / time.Second)
	return fault.New(fault.Throttled, "pool.viewLimit").In("record.open").
		With("max", p.Def.ViewLimitPerDay).With("pool", p.Def.Label).With("seconds", seconds)
}
