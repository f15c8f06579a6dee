package storetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// moving holds that all that a store holds can be read, and laid down in another under its own numbers.
func moving(t *testing.T, open Open) {
	s, other := ready(t, open), ready(t, open)
	ctx := t.Context()
	forms, err := s.Forms(ctx)
	must(t, err)
	if len(forms) != 1 || !reflect.DeepEqual(forms[0], layout()) {
		t.Errorf("prepared for %+v", forms)
	}
	emit(t, s, changed("a", 1), changed("b", 1))
	told := event.Event{Kind: event.PersonTold, Record: "ann", At: epoch, Actor: "u1"}
	emit(t, s, changed("a", 2), told)
	must(t, s.Save(ctx, "b", store.Item{Key: "k", Body: []byte(`{"n":1}`)}, 0))
	must(t, s.Save(ctx, "b", store.Item{Key: "k", Body: []byte(`{"n":2}`), Expires: epoch}, 1))
	must(t, s.Save(ctx, "a", store.Item{Key: "z"}, 0))
	must(t, s.Save(ctx, "b", store.Item{Key: "j"}, 0))
	for range 3 {
		must(t, s.Tx(ctx, func(tx store.Tx) error { _, err := tx.Next(ctx, "serial"); return err }))
	}
	must(t, s.Settle(ctx, "first", seqs(take(t, s, "first", 1, time.Hour))))
	taken := take(t, s, "second", 4, 0)
	must(t, s.Settle(ctx, "second", seqs(taken[1:2])))

	laid := readAll(t, s)
	if got := fmt.Sprint(laid.Counters); got != fmt.Sprint(&store.Counters{
		Newest: taken[3].Seq, Sequences: map[string]int64{"serial": 3},
		Consumers: []store.Consumer{{Name: "first", Floor: taken[0].Seq}, {Name: "second", Floor: taken[0].Seq - 1, Settled: []int64{taken[1].Seq}}},
	}) {
		t.Errorf("counters %s", got)
	}
	if len(laid.Lines) != 3 || len(laid.Items) != 3 || laid.Items[0].Collection != "a" || laid.Items[1].Key != "j" || laid.Items[2].Revision != 2 {
		t.Errorf("read %+v", laid)
	}
	must(t, other.Lay(ctx, store.Laid{Lines: laid.Lines}))
	must(t, other.Lay(ctx, store.Laid{Events: laid.Events, Items: laid.Items}))
	must(t, other.Lay(ctx, store.Laid{Counters: laid.Counters}))
	if again := readAll(t, other); !reflect.DeepEqual(again, laid) {
		t.Errorf("laid down\n%+v\nit is\n%+v", laid, again)
	}
	wantCode(t, other.Lay(ctx, store.Laid{Lines: laid.Lines[:1]}), "store.stale")
	wantCode(t, other.Lay(ctx, store.Laid{Events: laid.Events[:1]}), "store.stale")
	wantCode(t, other.Lay(ctx, store.Laid{Items: []store.SideItem{{Collection: "new", Item: store.Item{Key: "n", Revision: 1}}, laid.Items[0]}}), "store.stale")
	wantCode(t, other.Lay(ctx, store.Laid{Events: make([]event.Event, 1001)}), "store.tooLarge")
	if _, err := other.Load(ctx, "new", "n"); err == nil {
		t.Error("a half of what could not be laid down is there")
	}
	goesOn(t, other, taken)
}

// readAll reads what Lay lays down.
func readAll(t *testing.T, s store.Store) (out store.Laid) {
	t.Helper()
	must(t, s.EachLine(t.Context(), 0, func(e event.Event) error { out.Lines = append(out.Lines, e); return nil }))
	must(t, s.EachItem(t.Context(), func(one store.SideItem) error {
		one.Body = append([]byte(nil), one.Body...)
		out.Items = append(out.Items, one)
		return nil
	}))
	var err error
	out.Events, err = s.Since(t.Context(), 0, 1000)
	must(t, err)
	counters, err := s.Counters(t.Context())
	must(t, err)
	out.Counters = &counters
	return out
}

// goesOn holds that a store into which all of another was laid goes on as that would have.
func goesOn(t *testing.T, s store.Store, was []event.Event) {
	t.Helper()
	wantEvents(t, take(t, s, "first", 9, time.Hour), "b1", "a2", "ann0")
	wantEvents(t, take(t, s, "second", 9, time.Hour), "a1", "a2", "ann0")
	emit(t, s, changed("c", 1))
	_, newest, err := s.Span(t.Context())
	must(t, err)
	if newest != was[3].Seq+1 {
		t.Errorf("the next event is %d after %d", newest, was[3].Seq)
	}
	must(t, s.Tx(t.Context(), func(tx store.Tx) error {
		if n, err := tx.Next(t.Context(), "serial"); err != nil || n != 4 {
			t.Errorf("the next number is %d, %v", n, err)
		}
		return nil
	}))
	lines, err := s.History(t.Context(), form, "a", 0, 10)
	must(t, err)
	if len(lines) != 2 || lines[0].Version != 2 || lines[1].Seq != was[0].Seq {
		t.Errorf("the history of a: %+v", lines)
	}
}

// freezing holds that a frozen store is read as always, and written by nobody until it is thawed.
func freezing(t *testing.T, open Open) {
	s := ready(t, open)
	ctx := t.Context()
	r := crowd(1)[0]
	r.Values["name"], r.Shadow["text"], r.Tokens = "pump", "pump", text.Tokens("pump")
	r.DeletedAt = time.Time{}
	put(t, s, r)
	keepFile(t, s, "a", []byte("x"))
	must(t, s.Save(ctx, "c", store.Item{Key: "k"}, 0))
	wantFrozen(t, s, "")
	must(t, s.Thaw(ctx, "one"))
	freezes(t, s, "one", "")
	freezes(t, s, "one", "one")
	freezes(t, s, "two", "one")
	must(t, s.Thaw(ctx, "one"))
	wantFrozen(t, s, "two")
	_, leased := s.Acquire(ctx, "l", "me", time.Minute)
	_, swept := s.Sweep(ctx, epoch.Add(time.Hour))
	for what, err := range map[string]error{
		"a transaction": s.Tx(ctx, func(tx store.Tx) error { return tx.Save(ctx, "c", store.Item{Key: "k2"}, 0) }),
		"saving":        s.Save(ctx, "c", store.Item{Key: "k"}, store.AnyRevision),
		"dropping":      s.Drop(ctx, "c", "k"),
		"a piece":       s.PutPiece(ctx, "b", 0, []byte("x"), epoch),
		"laying down":   s.Lay(ctx, store.Laid{Items: []store.SideItem{{Collection: "c", Item: store.Item{Key: "x", Revision: 1}}}}),
		"settling":      s.Settle(ctx, "x", []int64{1}),
		"sweeping":      swept,
		"a lease":       leased,
		"preparing":     s.Prepare(ctx, []store.Form{layout()}, nil),
	} {
		if err == nil {
			t.Errorf("%s is not refused", what)
			continue
		}
		wantCode(t, err, "store.moving")
	}
	if got, err := s.Get(ctx, form, r.ID); err != nil || got.ID != r.ID {
		t.Errorf("reading: %v, %v", got, err)
	}
	page, err := s.List(ctx, query.List{Form: form, Filter: query.Search{Terms: []query.Term{{Folded: "pump", Tokens: text.QueryTokens("pump")}}}, Limit: 5, Budget: 100})
	must(t, err)
	if len(page.Records) != 1 {
		t.Errorf("search finds %d records", len(page.Records))
	}
	must(t, s.EachTokens(ctx, form, func(value.ID, store.TokenSum) error { return nil }))
	must(t, s.Thaw(ctx, "two"))
	wantFrozen(t, s, "")
	must(t, s.Save(ctx, "c", store.Item{Key: "k"}, store.AnyRevision))
	must(t, s.DropFile(ctx, "a"))
}

func freezes(t *testing.T, s store.Store, by, want string) {
	t.Helper()
	if was, err := s.Freeze(t.Context(), by); err != nil || was != want {
		t.Errorf("before it was frozen by %q, %v, want %q", was, err, want)
	}
	wantFrozen(t, s, by)
}

func wantFrozen(t *testing.T, s store.Store, want string) {
	t.Helper()
	if by, err := s.Frozen(t.Context()); err != nil || by != want {
		t.Errorf("frozen by %q, %v, want %q", by, err, want)
	}
}
