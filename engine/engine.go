// Package engine is the whole engine of one tenant behind a few doors: built from a store, the people, a
// clock. It knows no network and no files but the store's.
package engine

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"sync/atomic"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/handover"
	"tidewater/engine/job"
	"tidewater/engine/live"
	"tidewater/engine/message"
	"tidewater/engine/meta"
	"tidewater/engine/notify"
	"tidewater/engine/org"
	"tidewater/engine/pool"
	"tidewater/engine/post"
	"tidewater/engine/publish"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/share"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Config says what an Engine stands on; all but Turn, Ended, Scripts, Outward, Carriers, Outlets, Vault, Home, Batch, and without imports and exports Sheets and Texts, are
// needed.
type Config struct {
	Store store.Store
	Org   func() *org.Snapshot // the people, now
	// Settled is told, in the transaction that ends the work of Moved, up to which revision of the people all
	// records have followed their moves; nil: nobody is told.
	Settled  func(ctx context.Context, tx store.Tx, revision int64) error
	Clock    func() time.Time
	NewID    func() value.ID
	Zone     *time.Location
	Calendar *org.Calendar // the working calendar until an administrator writes another
	// Turn keeps the jobs of many engines in one process fair to each other, see job.Config.
	Turn func(ctx context.Context) (end func(), err error)
	// Ended hears of each job that has ended here, for the operator's figures.
	Ended func(kind string, state job.State)
	// Scripts is where the tenant's scripts run; nil: an app with scripts cannot be published, and no save
	// passes that needs one.
	Scripts *script.Box
	// Outward asks other hosts for scripts; nil: none reaches any.
	Outward record.Outward
	// Carriers tell people outside the app, with Vault, which keeps the tenant's secrets; nil: nobody is told there.
	Carriers map[notify.Channel]notify.Carrier
	Vault    Vault
	// Outlets carry to groups' robots and other systems; nil: to none.
	Outlets map[Service]notify.Carrier
	// Home is the address of the web app, which messages lead to, such as "https://app.example.com"; "": they lead nowhere.
	Home string
	// Batch is how many records a job takes at once, 1 to 500 (0: 500).
	Batch int
	// Sheets reads and writes the files of imports and exports; Texts are what these say to people.
	Sheets grid.Files
	Texts  *message.Catalog
}

// batch is how many records a job takes at once.
func (c Config) batch() int {
	if c.Batch < 1 || c.Batch > maxBatch {
		return maxBatch
	}
	return c.Batch
}

// maxBatch leaves room for what else a transaction writes, which has a limit of 1,000 documents.
const maxBatch = 500

// Engine is one tenant's engine. It is safe for concurrent use.
type Engine struct {
	Records *record.Service
	Apps    *publish.Service
	Jobs    *job.Queue
	config  Config
	sources *bench[*source]
	sheaves *bench[*sheaf]
	inbox   *notify.Inbox
	post    *post.Office
	feed    *live.Feed
	pauses  pauses
	ran     ranLately
	working working
	hearing hearing
	hooks   hookStart
	planned atomic.Pointer[string] // see planMark
	// informing is how many events are told of at once.
	informing store.Pace
	// lots is how many records a sweep or a hand-out writes at once.
	lots lotPace
}

// Open builds the engine over a store and loads what is published in it. Faults: those of the store, and
// Internal "store.corrupt" when what is published cannot be read any more.
func Open(ctx context.Context, config Config) (*Engine, error) {
	const op = "engine.open"
	begun := config.Clock()
	e := &Engine{config: config, sources: &bench[*source]{}, sheaves: &bench[*sheaf]{}, feed: live.New(config.Store), informing: store.Pace{Most: informBatch, Lease: informLease}}
	e.inbox = &notify.Inbox{Config: notify.Config{Store: config.Store, Clock: config.Clock, Hears: func(user value.ID) bool {
		_, active := config.Org().Actor(user)
		return active
	}}}
	e.post = post.Open(post.Config{
		Store: config.Store, Clock: config.Clock, Holder: func() string { return string(config.NewID()) }, Send: e.sendParcel, GivenUp: e.postGivenUp,
	})
	publishing := publish.Config{Store: config.Store, Clock: config.Clock, Entails: e.entails, Prove: e.prove, Warn: e.blindClaims}
	if config.Scripts != nil {
		publishing.Runner = config.Scripts
	}
	apps, err := publish.Open(ctx, publishing)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if err := e.refreshCalendar(ctx); err != nil {
		return nil, err
	}
	seal, err := sealOf(ctx, config.Store)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	settings := record.Config{
		Store: config.Store, Catalog: apps.Catalog, Org: config.Org, Clock: config.Clock, NewID: config.NewID,
		Zone: config.Zone, Calendar: e.calendar, Seal: seal,
		Publications: apps, Actions: e.actions, Room: pool.Room, Notify: e.say, Send: e.keepSending, Ran: e.keepRan, Taken: e.tallyTaken, Followed: e.followedIDs,
		Leave: e.leaveMirrors,
	}
	if config.Outward != nil {
		settings.Outward = outward{config.Outward}
	}
	if config.Texts != nil {
		settings.Say = config.Texts.Text
	}
	if config.Scripts != nil {
		settings.Scripts = config.Scripts
		config.Scripts.OnSuspend(e.pauses.add)
	}
	if config.Texts != nil {
		settings.Label = func(code string) meta.Label { return meta.Label(config.Texts.Label(code)) }
	}
	e.Records, e.Apps = record.New(settings), apps
	e.hearing.at.Store(&begun)
	if err := e.refreshPauses(ctx); err != nil {
		return nil, fault.Wrap(op, err)
	}
	e.Jobs = job.Open(job.Config{
		Store: config.Store, Kinds: e.kinds(), Clock: config.Clock, NewID: config.NewID, Turn: config.Turn, Ended: config.Ended,
		Ending: e.jobEnding,
		Person: func(id value.ID) (value.Actor, bool) { return config.Org().Actor(id) },
	})
	return e, fault.Wrap(op, e.Jobs.Look(ctx))
}

// kinds lists the kinds of work that are done in the background.
func (e *Engine) kinds() []job.Kind {
	return []job.Kind{
		recompute{e}, publishing{e}, bulk{e}, importing{e}, merging{e}, undoing{e}, exporting{e},
		rehearsing{e, metadataRehearsal}, rehearsing{e, valuesRehearsal},
		reclaiming{e}, reminding{e}, dealing{e}, upkeeping{e}, scripting{e}, handing{e}, mirroring{e},
	}
}

// actions lists what can be done to a form's records beyond editing them.
func (e *Engine) actions(form *catalog.Form) []record.Action {
	return slices.Concat(pool.Actions(form), share.Actions(form), handover.Actions(form))
}

// Catalog returns what is published now.
func (e *Engine) Catalog() *catalog.Catalog { return e.Apps.Catalog() }

// The tenant's key for cursors is made once and kept with its data.
const (
	secrets = "secret"
	sealKey = "cursor"
)

type sealDoc struct {
	Key []byte `json:"key"`
}

func sealOf(ctx context.Context, s store.Store) (seal [32]byte, err error) {
	item, err := s.Load(ctx, secrets, sealKey)
	if fault.KindOf(err) == fault.NotFound {
		if seal, err = makeSeal(ctx, s); fault.CodeOf(err) != "store.stale" {
			return seal, err
		}
		item, err = s.Load(ctx, secrets, sealKey) // another process has made it meanwhile
	}
	if err != nil {
		return seal, err
	}
	var doc sealDoc
	if err := json.Unmarshal(item.Body, &doc); err != nil || len(doc.Key) != len(seal) {
		return seal, fault.New(fault.Internal, "store.corrupt").At(secrets + "/" + sealKey)
	}
	return [32]byte(doc.Key), nil
}

func makeSeal(ctx context.Context, s store.Store) (seal [32]byte, err error) {
	if _, err := rand.Read(seal[:]); err != nil {
		return seal, err
	}
	body, err := json.Marshal(sealDoc{Key: seal[:]})
	if err != nil {
		return seal, err
	}
	return seal, s.Save(ctx, secrets, store.Item{Key: sealKey, Body: body}, 0)
}
