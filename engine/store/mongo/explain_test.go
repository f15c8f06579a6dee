package mongo_test

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	builtinapps "tidewater/builtin-apps"
	"tidewater/engine"
	"tidewater/engine/catalog"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/script/scripttest"
	"tidewater/engine/store"
	"tidewater/engine/store/mongo"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

// commands are those that were sent meanwhile, as far as they read records.
type commands struct {
	mu  sync.Mutex
	all []bson.Raw
}

func (c *commands) heard(_ context.Context, e *event.CommandStartedEvent) {
	of, is := e.Command.Lookup(e.CommandName).StringValueOK()
	if !is || e.CommandName != "find" && e.CommandName != "aggregate" || !strings.HasPrefix(of, "f.") {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, slices.Clone(e.Command))
}

func (c *commands) take() []bson.Raw {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.all
	c.all = nil
	return all
}

// crm is an engine with the apps that come along over a store, in whose forms each is a record.
func crm(t *testing.T, s store.Store) (*engine.Engine, []value.Actor, []record.ListRequest) {
	t.Helper()
	people, err := org.NewSnapshot(1, []org.User{
		{ID: "boss", Username: "boss", Name: "Boss", Roles: []string{"admin"}, Active: true, Admin: true},
		{ID: "rep", Username: "rep", Name: "Rep", Roles: []string{"sales"}, Unit: "east", Active: true},
		{ID: "lead", Username: "lead", Name: "Lead", Roles: []string{"salesManager"}, Unit: "east", Active: true},
	}, []org.Unit{{ID: "east", Name: map[string]string{"en": "East"}}}, nil)
	must(t, err)
	calendar, err := org.China()
	must(t, err)
	var ids atomic.Int64
	e, err := engine.Open(t.Context(), engine.Config{
		Store: s, Org: func() *org.Snapshot { return people }, Clock: time.Now, Zone: time.UTC, Calendar: calendar,
		NewID: func() value.ID { return value.ID(fmt.Sprintf("01%024d", ids.Add(1))) }, Scripts: scripttest.Pool(t, time.Now).Box("crm"),
	})
	must(t, err)
	app, err := fs.Sub(builtinapps.FS, "crm")
	must(t, err)
	files, err := catalog.LoadFS(app)
	must(t, err)
	_, err = e.Apps.Install(t.Context(), files)
	must(t, err)
	var lists []record.ListRequest
	for file := range files {
		parts := strings.Split(file, "/")
		if len(parts) == 4 && parts[2] == "views" {
			lists = append(lists, record.ListRequest{Form: value.FormKey(parts[1]), View: strings.TrimSuffix(path.Base(file), ".json"), Count: "capped"})
		}
	}
	for _, form := range e.Catalog().Layouts() {
		one := &value.Record{ID: "01ONE", Form: form.Key, Version: 1, CreatedAt: epoch, UpdatedAt: epoch, Values: value.Doc{}, Principals: []string{"owner:rep"}}
		must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), one, 0) }))
	}
	var actors []value.Actor
	for _, id := range []value.ID{"boss", "rep", "lead"} {
		actor, _ := people.Actor(id)
		actors = append(actors, actor)
	}
	return e, actors, lists
}

// isServed tells whether a question names an index, other than that of ids, which would read all there is; or ids; or, to
// count up to a bound, that the records are living, with which every index of lists begins.
func isServed(command bson.Raw) bool {
	if hint, named := command.Lookup("hint").StringValueOK(); named {
		return hint != "_id_"
	}
	if _, err := command.LookupErr("find"); err == nil {
		_, err := command.LookupErr("filter", "_id", "$in")
		return err == nil
	}
	living, _ := command.Lookup("pipeline", "0", "$match", "living").BooleanOK()
	_, bounded := command.Lookup("pipeline", "1", "$limit").AsInt64OK()
	return living && bounded
}

// TestEveryPublishedViewNamesAnIndex opens each view of the CRM as those of different scopes do, and holds that every
// question that comes of it is served by an index. A real server says by explain that it is.
func TestEveryPublishedViewNamesAnIndex(t *testing.T) {
	if len(without()) > 0 {
		t.Skip("NOT HELD HERE: look-alikes without transactions know no indexes")
	}
	if _, err := fs.Stat(builtinapps.FS, "crm/app.json"); err != nil {
		t.Skip("NOT HELD HERE: the CRM has not come along")
	}
	var sent commands
	c := cluster(t, mongo.Hears(&event.CommandMonitor{Started: sent.heard}))
	e, actors, lists := crm(t, instance(t, c, database(t, c)))
	if len(lists) < 20 {
		t.Fatalf("there are %d views", len(lists))
	}
	explains := explainer(t)
	for _, list := range lists {
		for _, actor := range actors {
			sent.take()
			if _, err := e.Records.List(t.Context(), actor, list); err != nil {
				continue // not for them
			}
			all := sent.take()
			if len(all) == 0 {
				t.Errorf("%s/%s for %s asks nothing", list.Form, list.View, actor.User)
			}
			for _, command := range all {
				if !isServed(command) {
					t.Errorf("%s/%s for %s asks %s", list.Form, list.View, actor.User, command)
				}
				explains(command)
			}
		}
	}
}

// explainer holds of a command, where a real server is asked, that it reads no collection through.
func explainer(t *testing.T) func(bson.Raw) {
	t.Helper()
	address, isReal := teststore.Server(t)
	if !isReal {
		return func(bson.Raw) {}
	}
	client, err := driver.Connect(t.Context(), options.Client().ApplyURI(address))
	must(t, err)
	t.Cleanup(func() {
		if err := client.Disconnect(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return func(command bson.Raw) {
		var asked bson.D
		must(t, bson.Unmarshal(command, &asked))
		asked = slices.DeleteFunc(asked, func(e bson.E) bool {
			return strings.HasPrefix(e.Key, "$") || slices.Contains([]string{"lsid", "txnNumber", "readConcern", "maxTimeMS"}, e.Key)
		})
		plan, err := client.Database(command.Lookup("$db").StringValue()).RunCommand(t.Context(), bson.D{
			{Key: "explain", Value: asked}, {Key: "verbosity", Value: "queryPlanner"},
		}).Raw()
		switch {
		case isUnknown(err): // what stands in for one
		case err != nil:
			t.Errorf("explaining %s: %v", command, err)
		case strings.Contains(plan.String(), "COLLSCAN"):
			t.Errorf("%s reads all there is: %s", command, plan)
		}
	}
}

func isUnknown(err error) bool {
	refused, is := err.(driver.CommandError) //nolint:errorlint // the driver returns it bare
	return is && refused.Code == 59
}
