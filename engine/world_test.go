package engine_test

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/grid"
	"tidewater/engine/job"
	"tidewater/engine/message"
	"tidewater/engine/notify"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

// world is an engine over a small library, whose clock stands still unless it is told to go.
type world struct {
	testing.TB
	*engine.Engine
	store store.Store
	box   *script.Box
	zone  *time.Location // nil: Shanghai's
	ids   atomic.Int64

	abandoned atomic.Int64 // files that were begun and given up
	batches   atomic.Int64 // of jobs that have their turn

	mu     sync.Mutex
	now    time.Time
	tick   time.Duration // that pass between two looks at the clock; a millisecond at least
	people *org.Snapshot
	happen func()        // nil, or what happens between two batches
	sheets grid.Files    // nil: tables
	hosts  hosts         // who answers scripts from outside
	mail   *mailbox      // nil, or how people are told outside the app
	saving func()        // nil, or what happens once, between what is prepared and its transaction
	repeat []event.Event // what the outbox hands out once more, as it may after a kill
	twice  bool          // it does so with all that it hands out
}

// port is the store as the engine has it.
type port struct {
	store.Store
	w *world
}

func (p port) Tx(ctx context.Context, do func(tx store.Tx) error) error {
	if happen := p.w.saving; happen != nil {
		p.w.saving = nil
		happen()
	}
	return p.Store.Tx(ctx, do)
}

func (p port) Take(ctx context.Context, consumer string, limit int, lease time.Duration) ([]event.Event, error) {
	if len(p.w.repeat) > 0 {
		events := p.w.repeat
		p.w.repeat = nil
		return events, nil
	}
	events, err := p.Store.Take(ctx, consumer, limit, lease)
	if p.w.twice {
		p.w.repeat = events
	}
	return events, err
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldWith(t, nil)
}

// newWorldWith is newWorld with a place for scripts to run.
func newWorldWith(t testing.TB, box *script.Box) *world {
	t.Helper()
	s := teststore.Open(t, filepath.Join(t.TempDir(), "library.db"), "library")
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{TB: t, store: s, box: box, now: time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC)}
	w.staff(
		org.User{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"keeper"}, Active: true, Locale: "en"},
		org.User{ID: "lib", Username: "lib", Name: "Lib", Roles: []string{"librarian"}, Active: true, Locale: "en"},
	)
	w.Engine = w.open()
	_, err := w.Apps.Install(t.Context(), bundle("1.0.0"))
	must(t, err)
	return w
}

// open returns one more engine over the same store, as another process would have it.
func (w *world) open() *engine.Engine {
	w.Helper()
	return w.openOver(port{w.store, w})
}

// openOver is open over the store as some process has it.
func (w *world) openOver(over store.Store) *engine.Engine {
	w.Helper()
	e, err := w.tryOpen(over)
	must(w.TB, err)
	return e
}

func (w *world) tryOpen(over store.Store) (*engine.Engine, error) {
	calendar, err := org.China()
	must(w.TB, err)
	zone := w.zone
	if zone == nil {
		zone, err = time.LoadLocation("Asia/Shanghai")
		must(w.TB, err)
	}
	texts, err := message.Load()
	must(w.TB, err)
	sheets := w.sheets
	if sheets == nil {
		sheets = tables{&w.abandoned}
	}
	var carriers, outlets map[notify.Channel]notify.Carrier
	if w.mail != nil {
		carriers = map[notify.Channel]notify.Carrier{notify.Mail: w.mail, notify.WeCom: w.mail}
		outlets = map[notify.Channel]notify.Carrier{engine.Webhook: w.mail, notify.WeCom: w.mail}
	}
	return engine.Open(w.Context(), engine.Config{
		Carriers: carriers, Outlets: outlets, Vault: seals{}, Home: "https://app.test/",
		Store: over, Zone: zone, Calendar: calendar, Batch: w.batch(), Sheets: sheets, Texts: texts, Scripts: w.box, Outward: &w.hosts,
		Turn: func(context.Context) (func(), error) {
			if w.happen != nil {
				w.happen()
			}
			w.batches.Add(1)
			return func() { w.batches.Add(-1) }, nil
		},
		Org: func() *org.Snapshot { w.mu.Lock(); defer w.mu.Unlock(); return w.people },
		Clock: func() time.Time {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.now = w.now.Add(max(w.tick, time.Millisecond))
			return w.now
		},
		NewID: func() value.ID { return value.ID(fmt.Sprintf("01%024d", w.ids.Add(1))) },
	})
}

// batch is small in tests, so that a few records are many batches.
func (w *world) batch() int {
	if _, measures := w.TB.(*testing.B); measures {
		return 500
	}
	return 8
}

func (w *world) staff(users ...org.User) {
	w.Helper()
	people, err := org.NewSnapshot(1, users, nil, nil)
	must(w.TB, err)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.people = people
}

func (w *world) actor(id value.ID) value.Actor {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	actor, active := w.people.Actor(id)
	if !active {
		w.Fatalf("nobody is called %s", id)
	}
	return actor
}

func (w *world) make(actor value.ID, form value.FormKey, values map[string]any) *record.View {
	w.Helper()
	view, err := w.Records.Create(w.Context(), w.actor(actor), form, record.Input{Values: values})
	must(w.TB, err)
	return view
}

func (w *world) get(form value.FormKey, id value.ID) *record.View {
	w.Helper()
	view, err := w.Records.Get(w.Context(), value.SystemActor("test"), form, id)
	must(w.TB, err)
	return view
}

// turns works off what is due.
func (w *world) turns() {
	w.Helper()
	for {
		worked, err := w.Jobs.RunOnce(w.Context())
		must(w.TB, err)
		if !worked {
			return
		}
	}
}

// last is the newest job of all, with its report.
func (w *world) last() *job.Job {
	w.Helper()
	page, _, err := w.Jobs.List(w.Context(), value.SystemActor("test"), true, "", 1)
	must(w.TB, err)
	if len(page) != 1 {
		w.Fatal("there is no job")
	}
	j, err := w.Jobs.Get(w.Context(), value.SystemActor("test"), page[0].ID)
	must(w.TB, err)
	return j
}

// clean verifies the whole, after everything that follows has followed.
func (w *world) clean() {
	w.Helper()
	must(w.TB, w.Settle(w.Context()))
	found, err := w.Verify(w.Context())
	if err != nil || len(found) > 0 {
		w.Errorf("verify: %v %s", err, strings.Join(found, "\n"))
	}
}

const book = `{"type": "object", "x-form": "book", "x-label": {"en": "Book"}, "x-title": "title", "x-holders": {"owner": "keeper"},
	"required": ["title"], "properties": {
	"title": {"x-field": "text", "x-label": {"en": "Title"}, "x-search": true, "x-index": true, "maxLength": 60},
	"code": {"x-field": "text", "x-label": {"en": "Code"}, "x-unique": true},
	"keeper": {"x-field": "member", "x-label": {"en": "Keeper"}, "x-default": "actor.id"},
	"shelf": {"x-field": "reference", "x-label": {"en": "Shelf"}, "x-ref": "shelf", "x-onDelete": "clear"},
	"sequelTo": {"x-field": "reference", "x-label": {"en": "Sequel to"}, "x-ref": "book", "x-onDelete": "clear"},
	"loans": {"x-field": "table", "x-label": {"en": "Loans"}, "properties": {
		"reader": {"x-field": "text", "x-label": {"en": "Reader"}}, "day": {"x-field": "date", "x-label": {"en": "Day"}}}},
	"note": {"x-field": "text", "x-label": {"en": "Note"}},
	"price": {"x-field": "currency", "x-label": {"en": "Price"}, "x-scale": 2},
	"count": {"x-field": "number", "x-label": {"en": "Count"}},
	"worth": {"x-field": "currency", "x-label": {"en": "Worth"}, "x-scale": 2, "x-compute": "(price ?? 0) * (count ?? 1)"}}}`

const shelf = `{"type": "object", "x-form": "shelf", "x-label": {"en": "Shelf"}, "x-title": "name", "properties": {
	"name": {"x-field": "text", "x-label": {"en": "Name"}}, "floor": {"x-field": "text", "x-label": {"en": "Floor"}}}}`

// inEnglish finds labels, which must be there in each language.
var inEnglish = regexp.MustCompile(`\{"en": "([^"]*)"\}`)

// bundle is a version of the app; each change is an old text and a new one, anywhere in its files.
func bundle(version string, changes ...string) catalog.Bundle {
	files := catalog.Bundle{}
	replace := strings.NewReplacer(changes...)
	for path, text := range map[string]string{
		"app.json":              `{"key": "library", "version": "` + version + `", "label": {"en": "Library"}, "menu": ["shelf", "book"]}`,
		"forms/book/form.json":  book,
		"forms/shelf/form.json": shelf,
		"roles/keeper.json": `{"key": "keeper", "label": {"en": "Keeper"}, "forms": {
			"book": {"create": true, "read": {"scope": "own"}, "update": {"scope": "own"}, "delete": {"scope": "own"}},
			"shelf": {"read": {"scope": "all"}}}}`,
		"roles/librarian.json": `{"key": "librarian", "label": {"en": "Librarian"}, "forms": {
			"book": {"create": true, "read": {"scope": "all"}, "update": {"scope": "all"}, "delete": {"scope": "all"}},
			"shelf": {"create": true, "read": {"scope": "all"}, "update": {"scope": "all"}, "delete": {"scope": "all"}}}}`,
	} {
		files[path] = []byte(inEnglish.ReplaceAllString(replace.Replace(text), `{"en": "$1", "zh-CN": "$1"}`))
	}
	return files
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
