package mongo_test

import (
	"context"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/store/mongo"
)

// two are two instances over one database, each with connections of its own.
func two(t *testing.T) (a, b *mongo.Store) {
	t.Helper()
	c := cluster(t)
	base := database(t, c)
	a = instance(t, c, base)
	must(t, a.Prepare(t.Context(), []store.Form{layout()}, nil))
	return a, instance(t, cluster(t), base)
}

// writesLate begins to write the record "late" and stands still, once, until goOn is closed; done says what has come of it.
func writesLate(t *testing.T, s *mongo.Store) (goOn chan<- struct{}, done <-chan error) {
	t.Helper()
	within, wait, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		first := true
		ended <- s.Tx(t.Context(), func(tx store.Tx) error {
			err := tx.Put(t.Context(), asset("late", 1), 0)
			if first {
				first = false
				close(within)
				<-wait
			}
			return err
		})
	}()
	<-within
	return wait, ended
}

func TestWhatOneInstanceLeavesTheOtherFinds(t *testing.T) {
	a, b := two(t)
	if _, err := saves(t, a, "a"); err != nil {
		t.Fatal(err)
	}
	wantOnce(t, b, "a")
	taken, err := b.Take(t.Context(), "reader", 10, time.Minute)
	if err != nil || len(taken) != 1 || taken[0].Record != "a" {
		t.Errorf("taken %v, %v", taken, err)
	}
	if again, err := a.Take(t.Context(), "reader", 10, time.Minute); err != nil || len(again) > 0 {
		t.Errorf("taken twice: %v, %v", again, err)
	}
	waits, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	heard := make(chan error, 1)
	go func() { heard <- b.Wait(waits, taken[0].Seq) }()
	if _, err := saves(t, a, "b"); err != nil {
		t.Fatal(err)
	}
	if err := <-heard; err != nil {
		t.Errorf("waiting for what the other does: %v", err)
	}
}

func TestAnInstanceLearnsOfFormsThatTheOtherHasPrepared(t *testing.T) {
	a, b := two(t)
	more := store.Form{Key: "other", Fields: layout().Fields}
	must(t, a.Prepare(t.Context(), []store.Form{more}, nil))
	if page, err := b.List(t.Context(), query.List{Form: "other", Limit: 1}); err != nil || len(page.Records) > 0 {
		t.Errorf("%v, %v", page, err)
	}
	forms, err := b.Forms(t.Context())
	if err != nil || len(forms) != 2 {
		t.Errorf("forms %v, %v", forms, err)
	}
}

// TestWhoFreezesWaitsForTheTransactionsOfTheOther holds that nothing is written once a store is told to be frozen.
func TestWhoFreezesWaitsForTheTransactionsOfTheOther(t *testing.T) {
	a, b := two(t)
	if _, err := saves(t, a, "first"); err != nil {
		t.Fatal(err)
	}
	goOn, done := writesLate(t, b)
	frozen := make(chan error, 1)
	go func() {
		_, err := a.Freeze(t.Context(), "one")
		frozen <- err
	}()
	for { // until it is on its way
		by, err := b.Frozen(t.Context())
		must(t, err)
		if by == "one" {
			t.Fatal("it is told to be frozen while somebody writes")
		}
		if by != "" {
			break
		}
	}
	select {
	case err := <-frozen:
		t.Errorf("it did not wait: %v", err)
	default:
	}
	close(goOn)
	written := <-done
	must(t, <-frozen)
	_, err := a.Get(t.Context(), form, "late")
	if there := err == nil; there != (written == nil) {
		t.Errorf("written: %v, there: %v", written, err)
	}
	_, err = saves(t, b, "later")
	wantCode(t, err, "store.moving")
	must(t, a.Thaw(t.Context(), "one"))
	if _, err := saves(t, b, "later"); err != nil {
		t.Errorf("thawed: %v", err)
	}
}

// TestAFreezeThatEndsHalfWayCanBeEnded holds that the gates are open again that one has shut who has died, also those
// that the server shuts for it afterwards.
func TestAFreezeThatEndsHalfWayCanBeEnded(t *testing.T) {
	a, b := two(t)
	within, goOn, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- b.Tx(t.Context(), func(tx store.Tx) error {
			err := tx.Put(t.Context(), asset("slow", 1), 0)
			select {
			case <-within:
			default:
				close(within)
			}
			<-goOn
			return err
		})
	}()
	<-within
	ctx, die := context.WithCancel(t.Context())
	frozen := make(chan error, 1)
	go func() {
		_, err := a.Freeze(ctx, "one")
		frozen <- err
	}()
	told := ""
	for told == "" {
		var err error
		told, err = b.Frozen(t.Context())
		must(t, err)
	}
	if told == "one" {
		t.Error("it is told to be frozen while somebody writes")
	}
	die()
	if err := <-frozen; err == nil {
		t.Error("it has come to its end")
	}
	must(t, b.Thaw(t.Context(), told))
	if told, err := b.Frozen(t.Context()); err != nil || told != "" {
		t.Errorf("thawed, it is frozen by %q, %v", told, err)
	}
	close(goOn)
	must(t, <-done)
	if _, err := saves(t, a, "later"); err != nil {
		t.Errorf("thawed: %v", err)
	}
}

// TestALeaseOutlivesNobodyForLong holds that the lease of an instance that was killed is had by the next after its
// time, by the server's clock and whatever those of the instances say, and that the dead one's work fails then.
func TestALeaseOutlivesNobodyForLong(t *testing.T) {
	c := cluster(t)
	base := database(t, c)
	a := instance(t, c, base)
	fast := instance(t, cluster(t, mongo.Clock(func() time.Time { return time.Now().Add(time.Hour) })), base)
	dead, err := a.Acquire(t.Context(), "sweep", "a", time.Second)
	must(t, err)
	_, err = fast.Acquire(t.Context(), "sweep", "b", time.Minute)
	wantCode(t, err, "store.leased")
	var token int64
	for patience, cancel := context.WithTimeout(t.Context(), time.Minute); ; {
		token, err = fast.Acquire(patience, "sweep", "b", time.Minute)
		if fault.CodeOf(err) != "store.leased" {
			cancel()
			break
		}
	}
	must(t, err)
	if token <= dead {
		t.Errorf("the token %d after %d", token, dead)
	}
	work := func(token int64) error {
		return a.Tx(t.Context(), func(tx store.Tx) error { return tx.Hold(t.Context(), "sweep", token) })
	}
	wantCode(t, work(dead), "store.leased")
	must(t, work(token))
}
