package job_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

func TestAJobIsWorkedOffInBatchesAndReported(t *testing.T) {
	w := newWorld(t, 95, 3)
	w.kind.tell = func(did *job.Did) {
		did.Refused = []job.Refusal{{At: "1", Code: "field.number", Args: fault.Args{"max": 3}}}
		did.Result = "file"
	}
	j := w.add(ann)
	if active, err := w.queue.Active(t.Context()); err != nil || active[job.Queued] != 1 {
		t.Errorf("active: %v %v", active, err)
	}
	w.turns()
	got := w.get(ann, j.ID)
	if got.State != job.Done || got.Done != 95 || got.Total != 95 || got.Counts["written"] != 95 || got.Result != "file" ||
		got.StartedAt.IsZero() || got.EndedAt.IsZero() || got.Refusals["field.number"] != 32 || len(got.Refused) != 32 {
		t.Errorf("ended as %+v", got)
	}
	if w.lines(j.ID) != 95 {
		t.Errorf("%d lines", w.lines(j.ID))
	}
	if active, err := w.queue.Active(t.Context()); err != nil || len(active) != 0 {
		t.Errorf("active: %v %v", active, err)
	}
	if len(w.ended) != 1 || w.ended[0] != job.Done {
		t.Errorf("heard of %v", w.ended)
	}
	seen := w.get(admin, j.ID)
	if seen.State != job.Done || len(seen.Refused) != 0 || seen.Result != "" || seen.Refusals["field.number"] != 32 {
		t.Errorf("an admin sees %+v", seen)
	}
	if _, err := w.queue.Get(t.Context(), bob, j.ID); fault.CodeOf(err) != "job.notFound" {
		t.Errorf("another: %v", err)
	}
}

func TestRefusalsAreCountedExactlyAndToldUpToALimit(t *testing.T) {
	w := newWorld(t, 40, 4)
	w.kind.tell = func(did *job.Did) {
		for range 30 {
			did.Refused = append(did.Refused, job.Refusal{At: "x", Code: "field.number"})
		}
	}
	j := w.add(ann)
	w.turns()
	if got := w.get(ann, j.ID); got.Refusals["field.number"] != 300 || len(got.Refused) != job.MaxRefused {
		t.Errorf("%v, %d told", got.Refusals, len(got.Refused))
	}
}

func TestWhatMayPassIsTriedAgainLaterAndGivenUpInTheEnd(t *testing.T) {
	w := newWorld(t, 4, 2)
	broken := true
	w.kind.before = func(context.Context, *job.Run) error {
		if broken {
			return fault.New(fault.Unavailable, "store.busy")
		}
		return nil
	}
	j := w.add(ann)
	try := func() {
		t.Helper()
		if worked, err := w.queue.RunOnce(t.Context()); !worked || err == nil {
			t.Fatalf("worked %v, %v", worked, err)
		}
	}
	try()
	if worked, err := w.queue.RunOnce(t.Context()); worked || err != nil {
		t.Fatalf("tried again at once: %v", err)
	}
	if got := w.get(ann, j.ID); got.State != job.Queued || got.Tries != 1 || got.Reason.Code != "store.busy" {
		t.Errorf("after the first try: %+v", got)
	}
	w.pass(2 * time.Second)
	broken = false
	w.turns()
	if got := w.get(ann, j.ID); got.State != job.Done || got.Tries != 0 || got.Reason != nil || w.lines(j.ID) != 4 {
		t.Errorf("ended as %+v", got)
	}

	broken = true
	j = w.add(ann)
	for range 10 {
		w.pass(time.Hour)
		try()
	}
	w.pass(time.Hour)
	w.turns()
	if got := w.get(ann, j.ID); got.State != job.Failed || got.Reason.Code != "store.busy" {
		t.Errorf("given up as %+v", got)
	}
}

func TestWhatCannotPassEndsTheJob(t *testing.T) {
	for name, one := range map[string]struct {
		before func(context.Context, *job.Run) error
		code   string
	}{
		"a fault": {func(context.Context, *job.Run) error { return fault.New(fault.NotFound, "form.unknown") }, "form.unknown"},
	} {
		w := newWorld(t, 4, 2)
		w.kind.before = one.before
		j := w.add(ann)
		w.turns()
		if got := w.get(ann, j.ID); got.State != job.Failed || got.Reason == nil || got.Reason.Code != one.code {
			t.Errorf("%s: %+v", name, got)
		}
	}
	w := newWorld(t, 4, 2)
	w.kind.before = func(context.Context, *job.Run) error { panic("oh") }
	j := w.add(ann)
	if _, err := w.queue.RunOnce(t.Context()); fault.CodeOf(err) != "internal" {
		t.Errorf("a panic: %v", err)
	}
	if got := w.get(ann, j.ID); got.Reason == nil || got.Reason.Code != "internal" || got.State != job.Queued {
		t.Errorf("a panic: %+v", got)
	}
}

func TestAJobGoesNoFurtherThanItsAskersToken(t *testing.T) {
	w := newWorld(t, 4, 2)
	var scopes [][]string
	w.kind.before = func(_ context.Context, run *job.Run) error {
		scopes = append(scopes, run.Actor.Scopes)
		return nil
	}
	narrow := ann
	narrow.Scopes = []string{"read:asset"}
	w.add(narrow)
	w.turns()
	w.add(ann)
	w.turns()
	if len(scopes) != 4 || len(scopes[0]) != 1 || len(scopes[1]) != 1 || scopes[2] != nil || scopes[3] != nil {
		t.Errorf("scopes of the batches: %q", scopes)
	}
}

func TestAnAskerWhoHasLeftEndsTheJob(t *testing.T) {
	w := newWorld(t, 6, 2)
	w.kind.before = func(_ context.Context, run *job.Run) error {
		if run.Done == 2 {
			w.leave() // this batch has begun before
		}
		return nil
	}
	j := w.add(ann)
	w.turns()
	if got := w.get(ann, j.ID); got.State != job.Failed || got.Reason.Code != "job.askerGone" || w.lines(j.ID) != 4 {
		t.Errorf("%+v, %d lines", got, w.lines(j.ID))
	}
}

// TestCancelEndsABatchThatTakesLong holds that nobody waits for the end of a batch that has none.
func TestCancelEndsABatchThatTakesLong(t *testing.T) {
	w := newWorld(t, 4, 2)
	begun := make(chan value.ID, 1)
	w.kind.before = func(ctx context.Context, run *job.Run) error {
		begun <- run.ID
		<-ctx.Done()
		return errors.Join(errors.New("reading"), ctx.Err())
	}
	j := w.add(ann)
	ended := make(chan error, 1)
	go func() {
		_, err := w.queue.RunOnce(context.WithoutCancel(t.Context()))
		ended <- err
	}()
	if id := <-begun; id != j.ID {
		t.Fatalf("%s is at work", id)
	}
	_, err := w.queue.Cancel(t.Context(), ann, j.ID)
	must(t, err)
	must(t, <-ended)
	if got := w.get(ann, j.ID); got.State != job.Cancelled || got.Reason != nil || w.lines(j.ID) != 0 {
		t.Errorf("%+v, %d lines", got, w.lines(j.ID))
	}
}

func TestCancelEndsAWaitingJobAtOnceAndOneAtWorkAtItsNextBatch(t *testing.T) {
	w := newWorld(t, 6, 2)
	j := w.add(ann)
	if _, err := w.queue.Cancel(t.Context(), bob, j.ID); fault.CodeOf(err) != "job.notFound" {
		t.Errorf("another: %v", err)
	}
	got, err := w.queue.Cancel(t.Context(), ann, j.ID)
	if err != nil || got.State != job.Cancelled {
		t.Fatalf("%+v %v", got, err)
	}
	w.turns()
	if w.lines(j.ID) != 0 {
		t.Error("a cancelled job was worked on")
	}

	w.kind.before = func(ctx context.Context, run *job.Run) error {
		if run.Done == 2 {
			got, err := w.queue.Cancel(ctx, admin, run.ID)
			if err != nil || got.State != job.Running {
				t.Errorf("%+v %v", got, err)
			}
		}
		return nil
	}
	j = w.add(ann)
	w.turns()
	if got := w.get(ann, j.ID); got.State != job.Cancelled || w.lines(j.ID) != 4 || got.Done != 4 {
		t.Errorf("%+v, %d lines", got, w.lines(j.ID))
	}
	if got, err := w.queue.Cancel(t.Context(), ann, j.ID); err != nil || got.State != job.Cancelled {
		t.Errorf("again: %+v %v", got, err)
	}
}

func TestAWorkerThatLostItsLeaseWritesNothing(t *testing.T) {
	w := newWorld(t, 6, 2)
	first := true
	w.kind.before = func(ctx context.Context, run *job.Run) error {
		if !first {
			return nil
		}
		first = false
		// Its lease is given up under it, as when its time is over, and another takes the job.
		other := w.open(w.kind)
		must(t, w.store.Release(ctx, "job:"+string(run.ID), w.holder(), 1))
		worked, err := other.RunOnce(ctx)
		if !worked || err != nil {
			t.Errorf("the other: %v %v", worked, err)
		}
		return nil
	}
	j := w.add(ann)
	w.turns()
	if got := w.get(ann, j.ID); got.State != job.Done || got.Done != 6 || w.lines(j.ID) != 6 {
		t.Errorf("%+v, %d lines", got, w.lines(j.ID))
	}
}

func TestManyWorkersDoEachBatchOnce(t *testing.T) {
	const each = 4
	w := newWorld(t, 300, each)
	var jobs []job.Job
	for range 5 {
		jobs = append(jobs, w.add(ann))
	}
	var all sync.WaitGroup
	for range 4 {
		other := w.open(w.kind)
		all.Go(func() {
			for {
				active, err := other.Active(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				if len(active) == 0 {
					return
				}
				if _, err := other.RunOnce(t.Context()); err != nil {
					t.Error(err)
					return
				}
				w.pass(time.Millisecond)
			}
		})
	}
	all.Wait()
	for _, j := range jobs {
		if got := w.get(ann, j.ID); got.State != job.Done || got.Done != 300 || w.lines(j.ID) != 300 {
			t.Errorf("%+v, %d lines", got, w.lines(j.ID))
		}
	}
}

func TestJobsTakeTurns(t *testing.T) {
	w := newWorld(t, 1000, 1)
	w.add(ann)
	if _, err := w.queue.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Second)
	w.kind.parts = 5
	short := w.add(bob)
	w.pass(time.Second)
	for range 3 {
		if _, err := w.queue.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Second)
	}
	if got := w.get(bob, short.ID); got.State != job.Done {
		t.Errorf("the short one waits behind the long one: %+v", got)
	}
}

func TestWorkStopsWithoutLosingABatch(t *testing.T) {
	w := newWorld(t, 100, 1)
	ctx, stop := context.WithCancel(t.Context())
	reached := make(chan struct{})
	w.kind.before = func(_ context.Context, run *job.Run) error {
		if run.Done == 7 {
			stop()
			close(reached)
		}
		return nil
	}
	j := w.add(ann)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.queue.Work(ctx, func(err error) { t.Error(err) })
	}()
	<-reached
	<-ended
	got := w.get(ann, j.ID)
	if got.State != job.Running || got.Done < 7 || got.Done > 8 || int(got.Done) != w.lines(j.ID) || got.Tries != 0 {
		t.Errorf("%+v, %d lines", got, w.lines(j.ID))
	}
	w.kind.before = nil
	w.turns()
	if got := w.get(ann, j.ID); got.State != job.Done || w.lines(j.ID) != 100 {
		t.Errorf("%+v, %d lines", got, w.lines(j.ID))
	}
}

func TestTheSameRequestMakesOneJob(t *testing.T) {
	w := newWorld(t, 4, 2)
	ask := func(actor value.Actor, hash string) (job.Job, error) {
		return w.queue.Add(t.Context(), job.New{
			Kind: "counting", Actor: actor, Args: struct{}{}, Once: &job.Once{Key: "POST /x k", Hash: []byte(hash)},
		})
	}
	first, err := ask(ann, "a")
	must(t, err)
	again, err := ask(ann, "a")
	if err != nil || again.ID != first.ID {
		t.Errorf("again: %v %v", again.ID, err)
	}
	if _, err := ask(ann, "b"); fault.CodeOf(err) != "idempotency.otherBody" {
		t.Errorf("another request: %v", err)
	}
	other, err := ask(bob, "a")
	if err != nil || other.ID == first.ID {
		t.Errorf("another asker: %v %v", other.ID, err)
	}
	w.pass(25 * time.Hour)
	if later, err := ask(ann, "b"); err != nil || later.ID == first.ID {
		t.Errorf("a day later: %v %v", later.ID, err)
	}
}

func TestAJobIsQueuedWithTheTransactionThatNeedsIt(t *testing.T) {
	w := newWorld(t, 4, 2)
	j, err := w.queue.Draft(job.New{Kind: "counting", Actor: value.SystemActor("publish")})
	must(t, err)
	oh := errors.New("oh")
	err = w.store.Tx(t.Context(), func(tx store.Tx) error {
		if err := w.queue.Put(t.Context(), tx, j); err != nil {
			return err
		}
		return oh
	})
	if !errors.Is(err, oh) {
		t.Fatal(err)
	}
	w.turns()
	if _, err := w.queue.Get(t.Context(), admin, j.ID); fault.CodeOf(err) != "job.notFound" {
		t.Fatalf("a job of a transaction that failed: %v", err)
	}
	must(t, w.store.Tx(t.Context(), func(tx store.Tx) error { return w.queue.Put(t.Context(), tx, j) }))
	w.turns()
	if got := w.get(admin, j.ID); got.State != job.Done {
		t.Errorf("%+v", got)
	}
	if _, err := w.queue.Draft(job.New{Kind: "unheard of"}); err == nil {
		t.Error("a kind that nobody does was taken")
	}
}

func TestListsAreOnesOwnNewestFirst(t *testing.T) {
	w := newWorld(t, 1, 1)
	var want []value.ID
	for range 5 {
		w.pass(time.Second)
		want = append([]value.ID{w.add(ann).ID}, want...)
		w.add(bob)
	}
	var got []value.ID
	after := ""
	for {
		page, next, err := w.queue.List(t.Context(), ann, false, after, 2)
		must(t, err)
		for _, j := range page {
			got = append(got, j.ID)
		}
		if next == "" {
			break
		}
		after = next
	}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	if _, _, err := w.queue.List(t.Context(), ann, true, "", 50); fault.CodeOf(err) != "job.mayNotSeeAll" {
		t.Errorf("everybody's: %v", err)
	}
	narrowed := admin
	narrowed.Scopes = []string{"write"} // of the token that they came with
	if _, _, err := w.queue.List(t.Context(), narrowed, true, "", 50); fault.CodeOf(err) != "job.mayNotSeeAll" {
		t.Errorf("everybody's, by a token that is not for it: %v", err)
	}
	if _, err := w.queue.Get(t.Context(), narrowed, want[0]); fault.CodeOf(err) != "job.notFound" {
		t.Errorf("another's, by a token that is not for it: %v", err)
	}
	if page, _, err := w.queue.List(t.Context(), admin, true, "", 50); err != nil || len(page) != 10 {
		t.Errorf("an admin sees %d, %v", len(page), err)
	}
	if _, _, err := w.queue.List(t.Context(), ann, false, "../of/bob/x", 50); fault.CodeOf(err) != "cursor.invalid" {
		t.Errorf("a forged cursor: %v", err)
	}
}

func TestEndedJobsAreClearedAwayAfterAMonth(t *testing.T) {
	w := newWorld(t, 2, 1)
	j := w.add(ann)
	w.turns()
	w.pass(29 * 24 * time.Hour)
	waits := w.add(bob)
	if _, err := w.store.Sweep(t.Context(), w.clock()); err != nil {
		t.Fatal(err)
	}
	w.get(ann, j.ID)
	w.pass(365 * 24 * time.Hour)
	if _, err := w.store.Sweep(t.Context(), w.clock()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.queue.Get(t.Context(), ann, j.ID); fault.CodeOf(err) != "job.notFound" {
		t.Errorf("after a year: %v", err)
	}
	if page, _, err := w.queue.List(t.Context(), admin, true, "", 50); err != nil || len(page) != 1 || page[0].ID != waits.ID {
		t.Errorf("left are %v, %v", page, err)
	}
	w.turns()
	if got := w.get(bob, waits.ID); got.State != job.Done {
		t.Errorf("what waited was lost: %+v", got)
	}
}

// Of what nobody has asked for, administrators read which parts were refused and by what, nothing of what these hold.
func TestAdministratorsReadWhyWorkOfTheSystemRefused(t *testing.T) {
	w := newWorld(t, 4, 4)
	w.kind.tell = func(did *job.Did) {
		did.Refused = append(did.Refused,
			job.Refusal{At: "r1", Code: "record.invalid", Args: fault.Args{"value": "secret", "text": "secret"}, Issues: fault.Issues{{Path: "/values/phone"}}},
			job.Refusal{At: "r2", Code: "script.failed", Args: fault.Args{"script": "book/night", "line": 3, "text": "secret", "message": "secret"}})
	}
	j := w.add(value.SystemActor("schedule"))
	w.turns()
	got := w.get(admin, j.ID)
	if len(got.Refused) != 2 || got.Refused[0].Code != "record.invalid" || len(got.Refused[0].Args)+len(got.Refused[0].Issues) != 0 || got.Refused[0].At != "r1" {
		t.Fatalf("%+v", got.Refused)
	}
	if args := got.Refused[1].Args; len(args) != 2 || args["script"] != "book/night" || args["line"] == nil {
		t.Errorf("%+v", args)
	}
	if whole := w.get(value.SystemActor("test"), j.ID); len(whole.Refused[0].Issues) != 1 {
		t.Errorf("%+v", whole.Refused)
	}
	if _, err := w.queue.Get(t.Context(), bob, j.ID); fault.CodeOf(err) != "job.notFound" {
		t.Errorf("somebody: %v", err)
	}
	for id, want := range map[value.ID]bool{j.ID: false, w.add(ann).ID: true, "none": false} {
		if going, err := w.queue.Going(t.Context(), w.store, id); err != nil || going != want {
			t.Errorf("%s: going %v %v", id, going, err)
		}
	}
}
