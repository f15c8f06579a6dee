package carry_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/carry"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/store/mongo"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/store/teststore"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

const asset value.FormKey = "asset"

var epoch = time.UnixMilli(1_700_000_000_000).UTC()

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) *fault.Error {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	return f
}

func empty(t *testing.T, with ...sqlite.Option) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), "t", with...)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// filled is a store with a little of everything that a store holds.
func filled(t *testing.T) *sqlite.Store {
	t.Helper()
	s, ctx := empty(t), t.Context()
	must(t, s.Prepare(ctx, []store.Form{
		{
			Key: asset, Search: true, Fields: []store.Field{{Path: query.At("name"), Type: store.Text}, {Path: query.At("serial"), Type: store.Text}, {Path: query.At("~text"), Type: store.Text}},
			Indexes: []store.Index{{Columns: []query.Sort{{Path: query.At("name")}}}}, Unique: [][]value.FieldKey{{"serial"}},
			Orders: [][]query.Sort{{{Path: query.At("name")}}}, Within: []string{"user"},
		},
		{Key: "idle"},
	}, nil))
	for first := 0; first < 500; first += 100 {
		must(t, s.Tx(ctx, func(tx store.Tx) error {
			for n := first; n < first+100; n++ {
				if err := put(ctx, tx, n); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	for id, size := range map[value.ID]int{"held": store.PieceSize + 1, "loose": 3, "none": 0} {
		must(t, keep(ctx, s, id, size))
	}
	must(t, s.Tx(ctx, func(tx store.Tx) error {
		return tx.Claim(ctx, "held", "u1", store.Holder{Form: asset, Record: "r0001", Field: query.At("scan")})
	}))
	must(t, s.PutPiece(ctx, "halfway", 0, []byte("x"), epoch.Add(time.Hour)))
	must(t, s.Tx(ctx, func(tx store.Tx) error {
		for n := range 500 {
			if err := tx.Save(ctx, "user", store.Item{Key: fmt.Sprint(n), Body: []byte(`{"<name>":"安"}`), Expires: epoch}, 0); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, s.Save(ctx, "user", store.Item{Key: "7"}, store.AnyRevision))
	taken, err := s.Take(ctx, "follow", 5, time.Hour)
	must(t, err)
	must(t, s.Settle(ctx, "follow", []int64{taken[0].Seq, taken[2].Seq}))
	return s
}

func put(ctx context.Context, tx store.Tx, n int) error {
	name := fmt.Sprint("泵 <pump> ", n)
	r := &value.Record{
		ID: value.ID(fmt.Sprintf("r%04d", n)), Form: asset, Version: int64(n%3 + 1), CreatedAt: epoch, CreatedBy: "u1", UpdatedAt: epoch.Add(time.Second), UpdatedBy: "u2",
		Values: value.Doc{"name": name, "cost": value.MaxExact - int64(n), "live": n%2 == 0, "lines": value.List{value.Doc{"n": int64(n)}}},
		Shadow: value.Doc{"text": text.Fold(name)}, Principals: []string{"user:u1"}, Tokens: text.Tokens(name),
	}
	if n%10 == 0 {
		r.DeletedAt, r.DeletedBy = epoch, "u2"
	}
	if n%7 == 0 {
		delete(r.Shadow, "text")
		r.Tokens = []string{}
	}
	if err := tx.Put(ctx, r, 0); err != nil {
		return err
	}
	if _, err := tx.Next(ctx, "serial"); err != nil {
		return err
	}
	return tx.Emit(ctx, event.Event{
		Kind: event.RecordCreated, Form: asset, Record: r.ID, Version: r.Version, At: epoch, Actor: "u1", Reason: "因为", Detail: value.Doc{"reads": value.List{"name"}},
		Changes: []event.Change{{Field: "name", To: name}}, After: r,
	})
}

func keep(ctx context.Context, s store.Store, id value.ID, size int) error {
	data := make([]byte, size)
	for n := 0; n == 0 || n*store.PieceSize < size; n++ {
		if err := s.PutPiece(ctx, id, n, data[n*store.PieceSize:min(size, (n+1)*store.PieceSize)], epoch.Add(time.Hour)); err != nil {
			return err
		}
	}
	return s.Tx(ctx, func(tx store.Tx) error {
		return tx.AddFile(ctx, store.File{ID: id, Name: "图.png", Type: "image/png", Size: int64(size), Sum: []byte{1}, By: "u1", Owner: "u1", At: epoch, Expires: epoch.Add(time.Hour)})
	})
}

// onMongoDB is an empty store of the other kind.
func onMongoDB(t *testing.T) store.Store {
	t.Helper()
	address, _ := teststore.Place(t)
	c, err := mongo.Dial(t.Context(), address)
	must(t, err)
	s, err := c.Open(t.Context(), "t", "t")
	must(t, err)
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		must(t, errors.Join(s.Close(), c.Drop(ctx, "t"), c.Close(ctx)))
	})
	return s
}

// TestACopyOfACopyIsTheSame takes a little of everything to a file or to a MongoDB, and from there into a file again.
func TestACopyOfACopyIsTheSame(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { isTheSame(t, empty(t)) })
	t.Run("mongodb", func(t *testing.T) { isTheSame(t, onMongoDB(t)) })
}

func isTheSame(t *testing.T, there store.Store) {
	t.Helper()
	from, ctx := filled(t), t.Context()
	back := empty(t, sqlite.Twice())
	parts := map[string]bool{}
	first, err := carry.Copy(ctx, from, there, func(part string, done int64) { parts[part] = done > 0 })
	must(t, err)
	second, err := carry.Copy(ctx, there, back, nil)
	must(t, err)
	if first.Total() != second.Total() || !slices.Equal(first, second) {
		t.Errorf("%v\nand copied on\n%v", first, second)
	}
	if len(parts) != 5 {
		t.Errorf("told of %v", parts)
	}
	want := map[string]carry.Sum{
		"form asset": {Records: 500, Lines: 500, Files: 1}, "documents user": {Things: 500}, "files": {Things: 2},
		"layout": {Things: 2}, "outbox": {Things: 502}, "sequences": {Things: 1},
	}
	for _, one := range first {
		had := want[one.Part]
		if one.Records != had.Records || one.Lines != had.Lines || one.Files != had.Files || one.Things != had.Things {
			t.Errorf("%+v, want %+v", one, had)
		}
		delete(want, one.Part)
	}
	if len(want) > 0 {
		t.Errorf("no sums of %v", want)
	}
	for _, s := range []store.Store{there, back} {
		if found, err := s.Check(ctx); err != nil || len(found) > 0 {
			t.Errorf("found wrong: %q, %v", found, err)
		}
		page, err := s.List(ctx, query.List{Form: asset, Filter: query.Search{Terms: []query.Term{{Folded: "泵", Tokens: text.QueryTokens("泵")}}}, Limit: 500})
		must(t, err)
		if len(page.Records) != 386 { // neither those in the bin nor those without words
			t.Errorf("search finds %d", len(page.Records))
		}
	}
	_, err = carry.Copy(ctx, from, there, nil)
	_ = wantCode(t, err, "carry.notEmpty")
}

// bent is a store that takes something else than it is given.
type bent struct {
	store.Store
	put   func(*value.Record)
	lay   func(*store.Laid)
	piece func([]byte) []byte
	held  bool // claims nothing
}

type bentTx struct {
	store.Tx
	of bent
}

func (b bent) Tx(ctx context.Context, do func(store.Tx) error) error {
	return b.Store.Tx(ctx, func(tx store.Tx) error { return do(bentTx{tx, b}) })
}

func (b bent) Lay(ctx context.Context, l store.Laid) error {
	if b.lay != nil {
		b.lay(&l)
	}
	return b.Store.Lay(ctx, l)
}

func (b bent) PutPiece(ctx context.Context, id value.ID, n int, data []byte, expires time.Time) error {
	if b.piece != nil {
		data = b.piece(slices.Clone(data))
	}
	return b.Store.PutPiece(ctx, id, n, data, expires)
}

func (b bentTx) Put(ctx context.Context, r *value.Record, was int64) error {
	if b.of.put != nil {
		b.of.put(r)
	}
	return b.Tx.Put(ctx, r, was)
}

func (b bentTx) Claim(ctx context.Context, id, owner value.ID, holder store.Holder) error {
	if b.of.held {
		holder.Record = "r0002"
	}
	return b.Tx.Claim(ctx, id, owner, holder)
}

// Whatever does not arrive as it was is found out, and named.
func TestWhatDoesNotArriveIsNamed(t *testing.T) {
	from := filled(t)
	for name, one := range map[string]struct {
		bent  bent
		parts string
	}{
		"a value":     {bent{put: func(r *value.Record) { change(r, func() { r.Values["cost"] = int64(1) }) }}, "form asset"},
		"a shadow":    {bent{put: func(r *value.Record) { change(r, func() { delete(r.Shadow, "text") }) }}, "form asset"},
		"a version":   {bent{put: func(r *value.Record) { change(r, func() { r.Version++ }) }}, "form asset"},
		"who":         {bent{put: func(r *value.Record) { change(r, func() { r.Principals = nil }) }}, "form asset"},
		"the bin":     {bent{put: func(r *value.Record) { change(r, func() { r.DeletedAt = epoch }) }}, "form asset"},
		"tokens":      {bent{put: func(r *value.Record) { change(r, func() { r.Tokens = []string{} }) }}, "search in form asset"},
		"a line":      {bent{lay: func(l *store.Laid) { l.Lines = shorter(l.Lines) }}, "form asset"},
		"an event":    {bent{lay: func(l *store.Laid) { l.Events = shorter(l.Events) }}, "outbox"},
		"an item":     {bent{lay: func(l *store.Laid) { l.Items = shorter(l.Items) }}, "documents user"},
		"a revision":  {bent{lay: func(l *store.Laid) { l.Items = slices.Clone(l.Items); again(l.Items) }}, "documents user"},
		"a sequence":  {bent{lay: func(l *store.Laid) { counters(l, func(c *store.Counters) { c.Sequences["serial"]-- }) }}, "sequences"},
		"a consumer":  {bent{lay: func(l *store.Laid) { counters(l, func(c *store.Counters) { c.Consumers = nil }) }}, "outbox"},
		"the newest":  {bent{lay: func(l *store.Laid) { counters(l, func(c *store.Counters) { c.Newest++ }) }}, "outbox"},
		"a byte":      {bent{piece: func(data []byte) []byte { flip(data); return data }}, "files, form asset"},
		"whose files": {bent{held: true}, "form asset"},
	} {
		t.Run(name, func(t *testing.T) {
			one.bent.Store = empty(t)
			_, err := carry.Copy(t.Context(), from, one.bent, nil)
			if f := wantCode(t, err, "carry.differs"); f.Args["parts"] != one.parts {
				t.Errorf("named %v, want %s", f.Args["parts"], one.parts)
			}
		})
	}
}

func change(r *value.Record, do func()) {
	if r.ID == "r0003" {
		do()
	}
}

func shorter[T any](list []T) []T { return list[:max(len(list)-1, 0)] }

func again(items []store.SideItem) {
	for n := range items {
		items[n].Revision = 1
	}
}

func counters(l *store.Laid, do func(*store.Counters)) {
	if l.Counters != nil {
		do(l.Counters)
	}
}

func flip(data []byte) {
	if len(data) > 0 {
		data[0] ^= 1
	}
}

// A source that is written while it is read is found out like a copy that went wrong.
func TestASourceThatChangesIsFoundOut(t *testing.T) {
	from := filled(t)
	to := bent{Store: empty(t), lay: func(l *store.Laid) {
		if l.Counters != nil {
			must(t, from.Save(t.Context(), "user", store.Item{Key: "late"}, 0))
		}
	}}
	_, err := carry.Copy(t.Context(), from, to, nil)
	if f := wantCode(t, err, "carry.differs"); !strings.Contains(fmt.Sprint(f.Args["parts"]), "documents user") {
		t.Errorf("named %v", f.Args["parts"])
	}
}

func TestAFullDiskIsTold(t *testing.T) {
	_, err := carry.Copy(t.Context(), filled(t), empty(t, sqlite.PageLimit(60)), nil)
	_ = wantCode(t, err, "store.full")
}
