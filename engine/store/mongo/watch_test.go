package mongo_test

import (
	"context"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/store"
	"tidewater/engine/store/mongo"
	"tidewater/engine/value"
)

// seldom is beyond any test: who looks so seldom hears by a change stream, or not at all.
const seldom = time.Hour

// listening is an instance that somebody waits at, and another that writes; each looks by itself every so often.
func listening(t *testing.T, every time.Duration) (writer, waiter *mongo.Store, hearing *mongo.Cluster) {
	t.Helper()
	c := cluster(t)
	base := database(t, c)
	writer = instance(t, c, base)
	must(t, writer.Prepare(t.Context(), []store.Form{layout()}, nil))
	hearing = cluster(t, mongo.LookEvery(every))
	return writer, instance(t, hearing, base), hearing
}

// wakes holds that who waits hears of each of so many events.
func wakes(t *testing.T, writer, waiter *mongo.Store, names ...string) {
	t.Helper()
	patience, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, name := range names {
		_, newest, err := waiter.Span(t.Context())
		must(t, err)
		heard := make(chan error, 1)
		go func() { heard <- waiter.Wait(patience, newest) }()
		if _, err := saves(t, writer, value.ID(name)); err != nil {
			t.Fatal(err)
		}
		if err := <-heard; err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAChangeStreamWakesWhoWaitsAtAnotherInstance holds that nobody needs to look for it.
func TestAChangeStreamWakesWhoWaitsAtAnotherInstance(t *testing.T) {
	writer, waiter, hearing := listening(t, seldom)
	if hears, lost := hearing.Wakes(); hears || lost > 0 {
		t.Errorf("before anybody waits: %v, %d lost", hears, lost)
	}
	wakes(t, writer, waiter, "a", "b", "c", "d", "e")
	if hears, lost := hearing.Wakes(); !hears || lost > 0 {
		t.Errorf("it says %v, %d lost", hears, lost)
	}
}

// TestALostChangeStreamBeginsAnew holds that a stream goes on that the server has cut off, that is told of an error, or
// whose place the server no longer knows, and that what happened in between is not missed.
func TestALostChangeStreamBeginsAnew(t *testing.T) {
	for name, weather := range map[string]bson.D{
		"cut off":    append(over("getMore"), bson.E{Key: "closeConnection", Value: true}),
		"place lost": append(over("getMore"), bson.E{Key: "errorCode", Value: 286}),
		"killed":     append(over("getMore"), bson.E{Key: "errorCode", Value: 43}),
		"no stream":  append(over("aggregate"), bson.E{Key: "errorCode", Value: 40573}), // not a replica set
	} {
		t.Run(name, func(t *testing.T) {
			writer, waiter, hearing := listening(t, seldom)
			if name != "no stream" {
				wakes(t, writer, waiter, "before")
			}
			strikes(t, 3, weather)
			wakes(t, writer, waiter, "a", "b", "c")
			if lost := hearsAgain(t, hearing); name == "no stream" && lost > 0 || name == "place lost" && lost == 0 {
				t.Errorf("it says that %d were lost", lost)
			}
		})
	}
}

// hearsAgain waits until a stream is open, and tells how many were lost by then.
func hearsAgain(t *testing.T, c *mongo.Cluster) int64 {
	t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	patience := time.After(time.Minute)
	for {
		if hears, lost := c.Wakes(); hears {
			return lost
		}
		select {
		case <-look.C:
		case <-patience:
			t.Fatal("no stream is opened again")
		}
	}
}

// TestWithoutAChangeStreamWhoWaitsLooks holds that a user who may open none hears all the same.
func TestWithoutAChangeStreamWhoWaitsLooks(t *testing.T) {
	writer, waiter, hearing := listening(t, 20*time.Millisecond)
	strikes(t, 1<<30, append(over("aggregate", "getMore"), bson.E{Key: "errorCode", Value: 13}))
	wakes(t, writer, waiter, "a", "b", "c")
	if hears, lost := hearing.Wakes(); hears || lost > 0 {
		t.Errorf("it says %v, %d lost", hears, lost)
	}
}
