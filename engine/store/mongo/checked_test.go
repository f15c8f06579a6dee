package mongo_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/store/mongo"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

// finds is what a command looks for in a collection; "" for other commands.
func finds(e *event.CommandStartedEvent) string {
	if e.CommandName != "find" {
		return ""
	}
	return e.Command.Lookup("find").StringValue()
}

// moments are what is done once each, when one who checks is about to read a collection as of a moment.
type moments struct {
	mu sync.Mutex
	do map[string]func()
}

func (m *moments) hear(_ context.Context, e *event.CommandStartedEvent) {
	if concern, ok := e.Command.Lookup("readConcern", "level").StringValueOK(); !ok || concern != "snapshot" {
		return
	}
	m.mu.Lock()
	do := m.do[finds(e)]
	delete(m.do, finds(e))
	m.mu.Unlock()
	if do != nil {
		do()
	}
}

// TestWhoChecksSeesOneMoment has records written just before a check begins to read, so that their figures are not added up
// yet, and others between its reading of records and of figures: nothing is told, for nothing is wrong.
func TestWhoChecksSeesOneMoment(t *testing.T) {
	if len(without()) > 0 {
		t.Skip("NOT HELD HERE: a server without transactions keeps no moment")
	}
	between := &moments{}
	c := cluster(t, mongo.OnCommand(between.hear))
	base := database(t, c)
	checks := instance(t, c, base)
	must(t, checks.Prepare(t.Context(), []store.Form{summed(query.At("cost"))}, nil))

	goOn := make(chan struct{})
	settle := sync.OnceFunc(func() { close(goOn) })
	writer := instance(t, cluster(t, mongo.OnCommand(func(_ context.Context, e *event.CommandStartedEvent) {
		if finds(e) == "late" {
			<-goOn // what it leaves nobody settles before
		}
	})), base)
	t.Cleanup(settle)
	add := func(id value.ID, day int64) {
		r := asset(id, 1)
		r.Values["cost"], r.Values["day"] = int64(7), day
		must(t, writer.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, 0) }))
	}
	const day = 20261127
	add("first", day)
	between.do = map[string]func(){
		"meta": func() { add("left", day); add("leftAlone", day+1) },
		"sums": func() {
			settle()
			add("meanwhile", day)
			if n := counted(t, writer); n != 4 {
				t.Errorf("there are %d", n)
			}
		},
	}
	if found, err := checks.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("beside one who writes it finds %v, %v", found, err)
	}
	if len(between.do) > 0 {
		t.Errorf("not everything was read as of a moment: left is %v", between.do)
	}
	if found, err := checks.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("afterwards it finds %v, %v", found, err)
	}

	changes := func(which, change bson.D) {
		t.Helper()
		address, _ := teststore.Server(t)
		client, err := driver.Connect(t.Context(), options.Client().ApplyURI(address))
		must(t, err)
		_, err = client.Database(nameAt(t, address, base)).Collection("sums").UpdateOne(t.Context(), which, change)
		must(t, errors.Join(err, client.Disconnect(t.Context())))
	}
	wantOne := func(what string) {
		t.Helper()
		found, err := checks.Check(t.Context())
		if err != nil || len(found) != 1 || !strings.Contains(found[0], what) {
			t.Errorf("it finds %v, %v; want that %s", found, err, what)
		}
	}
	everybody := bson.D{{Key: "principal", Value: ""}, {Key: "key", Value: int64(day)}}
	changes(everybody, bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: int64(1)}}}})
	wantOne("differ from the records")
	changes(everybody, bson.D{{Key: "$set", Value: bson.D{{Key: "principal", Value: "user:nobody"}, {Key: "n", Value: int64(0)}}}})
	wantOne("no sums of")
}

// TestAMomentThatIsPastIsDoneWithout holds that a check which takes longer than the server keeps a moment is made all the same.
func TestAMomentThatIsPastIsDoneWithout(t *testing.T) {
	for _, code := range []int32{239, 246} {
		s := ready(t)
		_, err := saves(t, s, "a")
		must(t, err)
		if found, err := s.Check(t.Context()); err != nil || len(found) > 0 { // all is settled
			t.Fatalf("it finds %v, %v", found, err)
		}
		strikes(t, 1, with(over("aggregate"), "errorCode", code)) // the gates are counted so
		if found, err := s.Check(t.Context()); err != nil || len(found) > 0 {
			t.Errorf("%d: it finds %v, %v", code, found, err)
		}
	}
}
