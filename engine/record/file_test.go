package record_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

var roomy = record.FileLimits{Files: 100, Bytes: 1 << 20}

// upload keeps a file of these bytes for an actor and returns its id.
func (w *world) upload(actor value.Actor, mediaType, data string) value.ID {
	w.Helper()
	id := w.NewID()
	if err := w.Store.PutPiece(w.Context(), id, 0, []byte(data), w.now.Add(time.Hour)); err != nil {
		w.Fatal(err)
	}
	sum := sha256.Sum256([]byte(data))
	f := store.File{ID: id, Name: "潮.bin", Type: mediaType, Size: int64(len(data)), Sum: sum[:]}
	if _, err := w.KeepFile(w.Context(), actor, f, roomy, nil); err != nil {
		w.Fatal(err)
	}
	return id
}

// reads holds who may read a file and who may not.
func (w *world) reads(id value.ID, may map[string]bool) {
	w.Helper()
	actors := map[string]value.Actor{"kim": w.kim, "vic": w.vic, "lib": w.lib, "pat": w.pat, "guy": w.guy}
	for name, actor := range actors {
		_, err := w.File(w.Context(), actor, id)
		switch {
		case err == nil != may[name]:
			w.Errorf("%s reads %s: %v, want %v", name, id, err, may[name])
		case err != nil && fault.CodeOf(err) != "file.notFound":
			w.Errorf("%s gets %v", name, err)
		}
	}
}

// issues holds that an error is all these issues: "path code".
func (w *world) issues(err error, want ...string) {
	w.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		w.Errorf("got %v, want the issues %v", err, want)
		return
	}
	var got []string
	for _, i := range f.Issues {
		got = append(got, i.Path+" "+i.Code)
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		w.Errorf("issues %v, want %v", got, want)
	}
}

func (w *world) save(actor value.Actor, of *record.View, text string) (*record.View, error) {
	w.Helper()
	return w.Update(w.Context(), actor, "book", of.ID, of.Version, record.Input{Values: w.values(text)})
}

func TestAFileFollowsTheFieldThatHoldsIt(t *testing.T) {
	w := newWorld(t)
	scan, cover := w.upload(w.kim, "application/pdf", "%PDF"), w.upload(w.kim, "image/png", "png")
	w.reads(scan, map[string]bool{"kim": true})
	book := w.create(w.kim, "book", fmt.Sprintf(`{"title": "a", "scans": [%q], "cover": [{"id": %q, "name": "other"}]}`, scan, cover))
	w.same("a held file", book.Values["scans"], fmt.Sprintf(`[{"id":%q,"name":"潮.bin","size":4,"type":"application/pdf"}]`, scan))
	w.reads(scan, map[string]bool{"kim": true, "lib": true, "guy": true})  // hidden from vic, out of pat's scope
	w.reads(cover, map[string]bool{"kim": true, "lib": true, "guy": true}) // masked for vic
	w.follow()

	// kim hands the book on: what they brought is no longer theirs to read.
	book, err := w.save(w.lib, book, `{"keeper": "lib"}`)
	if err != nil {
		t.Fatal(err)
	}
	w.reads(scan, map[string]bool{"lib": true, "guy": true})

	// lib takes it out, and may put it back as long as nobody cleared it away.
	if book, err = w.save(w.lib, book, `{"scans": null}`); err != nil {
		t.Fatal(err)
	}
	w.reads(scan, map[string]bool{"lib": true})
	if book, err = w.save(w.lib, book, fmt.Sprintf(`{"scans": [{"id": %q}]}`, scan)); err != nil {
		t.Fatal(err)
	}
	w.follow()
	told, err := w.History(w.Context(), w.lib, "book", book.ID, "", 1)
	if err != nil || len(told.Entries[0].Changes) != 1 {
		t.Fatal(told, err)
	}
	w.same("the history's file", told.Entries[0].Changes[0].To, fmt.Sprintf(`[{"id":%q,"name":"潮.bin","size":4,"type":"application/pdf"}]`, scan))

	if err := w.Delete(w.Context(), w.lib, "book", book.ID, book.Version, ""); err != nil {
		t.Fatal(err)
	}
	w.reads(scan, map[string]bool{"lib": true}) // in the bin: those who may delete
	if _, err := w.Store.Sweep(w.Context(), w.now.Add(1000*time.Hour)); err != nil {
		t.Fatal(err)
	}
	w.reads(scan, map[string]bool{"lib": true})
	if err := w.Purge(w.Context(), w.lib, "book", book.ID, nil); err != nil {
		t.Fatal(err)
	}
	w.reads(scan, nil)
	if _, err := w.Store.Sweep(w.Context(), w.now.Add(25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if used, err := w.Store.FileUsage(w.Context()); err != nil || used.Files != 0 {
		t.Errorf("left are %+v, %v", used, err)
	}
	w.follow()
}

func TestWhatAFieldDoesNotTakeIsAnIssueAtItsPlace(t *testing.T) {
	w := newWorld(t)
	pdf, exe := w.upload(w.lib, "application/pdf", "x"), w.upload(w.lib, "application/x-msdownload", "MZ")
	big, svg := w.upload(w.lib, "application/pdf", strings.Repeat("x", 1025)), w.upload(w.lib, "image/svg+xml", "<svg>")
	other := w.upload(w.kim, "application/pdf", "y")
	try := func(text string) error {
		_, err := w.Create(w.Context(), w.lib, "book", record.Input{Values: w.values(text)})
		return err
	}
	w.issues(try(fmt.Sprintf(`{"title": "a", "scans": [%q, %q]}`, exe, big)), "/values/scans/0 field.fileType", "/values/scans/1 field.fileSize")
	w.issues(try(fmt.Sprintf(`{"title": "a", "scans": [%q], "cover": [%q]}`, other, svg)), "/values/scans/0 field.file", "/values/cover/0 field.fileType")
	w.issues(try(`{"title": "a", "scans": ["nothing"]}`), "/values/scans/0 field.file")
	w.issues(try(fmt.Sprintf(`{"title": "a", "scans": [%q, %q, %q]}`, pdf, other, svg)), "/values/scans field.tooMany", "/values/scans/1 field.file")
	png := w.upload(w.lib, "image/png", "p")
	w.issues(try(fmt.Sprintf(`{"title": "a", "scans": [%q], "cover": [%q]}`, png, png)), "/values/cover/0 field.file")
	w.issues(try(fmt.Sprintf(`{"title": "a", "copies": [{"count": 1}, {"count": 1, "photo": [%q]}]}`, pdf)), "/values/copies/1/photo/0 field.fileType")

	first := w.create(w.lib, "book", fmt.Sprintf(`{"title": "a", "scans": [%q]}`, png))
	w.issues(try(fmt.Sprintf(`{"title": "b", "scans": [%q]}`, png)), "/values/scans/0 field.file")
	_, err := w.save(w.lib, first, fmt.Sprintf(`{"cover": [%q]}`, png))
	w.issues(err, "/values/cover/0 field.file")
	_, err = w.Batch(w.Context(), w.lib, "book", []record.Operation{
		{Op: "create", Values: w.values(fmt.Sprintf(`{"title": "c", "scans": [%q]}`, pdf))},
		{Op: "create", Values: w.values(fmt.Sprintf(`{"title": "d", "scans": [%q]}`, pdf))},
	}, true, nil)
	w.issues(err, "/operations/1/values/scans/0 field.file")
	w.reads(pdf, map[string]bool{"lib": true})
	w.follow()
}

func TestAFileInARowGoesWithItsRow(t *testing.T) {
	w := newWorld(t)
	photo := w.upload(w.lib, "image/jpeg", "jpg")
	draft, err := w.Evaluate(w.Context(), w.lib, "book", "", w.values(fmt.Sprintf(`{"title": "a", "cover": [%q]}`, photo)))
	if err != nil || len(draft.Issues) > 0 {
		t.Fatal(draft, err)
	}
	w.same("a draft's file", draft.Values["cover"], fmt.Sprintf(`[{"id":%q,"name":"潮.bin","size":3,"type":"image/jpeg"}]`, photo))
	book := w.create(w.lib, "book", fmt.Sprintf(`{"title": "a", "copies": [{"count": 1, "photo": [%q]}, {"count": 2}]}`, photo))
	rows, _ := book.Values["copies"].([]any)
	row, _ := rows[0].(map[string]any)
	w.same("a row's file", row["photo"], fmt.Sprintf(`[{"id":%q,"name":"潮.bin","size":3,"type":"image/jpeg"}]`, photo))
	w.reads(photo, map[string]bool{"lib": true, "vic": true}) // guy does not see the table
	w.follow()
	if _, err := w.save(w.lib, book, fmt.Sprintf(`{"copies": [{"id": %q, "_delete": true}]}`, row["id"])); err != nil {
		t.Fatal(err)
	}
	w.reads(photo, map[string]bool{"lib": true})
	w.follow()
}

func TestRacingClaimsGiveAFileOnce(t *testing.T) {
	w := newWorld(t)
	pdf := w.upload(w.lib, "application/pdf", "x")
	clock := w.now
	door := record.New(w.Config)
	door.Clock = func() time.Time { return clock }
	const racers = 6
	errs := make([]error, racers)
	var group sync.WaitGroup
	for i := range racers {
		group.Go(func() {
			in := record.Input{Values: map[string]any{"title": fmt.Sprint(i), "scans": []any{string(pdf)}}}
			_, errs[i] = door.Create(t.Context(), w.lib, "book", in)
		})
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		w.issues(err, "/values/scans/0 field.file")
	}
	if won != 1 {
		t.Errorf("%d records hold one file", won)
	}
	w.follow()
}

func TestRoomAndRepetition(t *testing.T) {
	w := newWorld(t)
	keep := func(data string, limits record.FileLimits, once *record.Once) (value.ID, error) {
		id := w.NewID()
		if err := w.Store.PutPiece(t.Context(), id, 0, []byte(data), w.now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		f, err := w.KeepFile(t.Context(), w.kim, store.File{ID: id, Name: "n", Type: "text/plain", Size: int64(len(data))}, limits, once)
		return f.ID, err
	}
	code := func(err error, want string) {
		t.Helper()
		if fault.CodeOf(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	once := &record.Once{Key: "k", Route: "r", Hash: []byte{1}}
	first, err := keep("12345", record.FileLimits{Files: 2, Bytes: 8}, once)
	code(err, "")
	_, err = keep("1234", record.FileLimits{Files: 2, Bytes: 8}, nil)
	code(err, "file.quota")
	_, err = keep("1", record.FileLimits{Files: 1, Bytes: 100}, nil)
	code(err, "file.quota")
	again, err := keep("12345", record.FileLimits{}, once)
	code(err, "")
	if again != first {
		t.Errorf("the same request made %s and %s", first, again)
	}
	_, err = keep("12345", roomy, &record.Once{Key: "k", Route: "r", Hash: []byte{2}})
	code(err, "idempotency.otherBody")
	if used, err := w.Store.FileUsage(t.Context()); err != nil || used != (store.Usage{Files: 1, Bytes: 5}) {
		t.Errorf("kept %+v, %v", used, err)
	}
}

func TestVerifyFindsFilesThatDiffer(t *testing.T) {
	w := newWorld(t)
	pdf, free := w.upload(w.lib, "application/pdf", "x"), w.upload(w.lib, "application/pdf", "y")
	book := w.create(w.lib, "book", fmt.Sprintf(`{"title": "a", "scans": [%q]}`, pdf))
	holder := store.Holder{Form: "book", Record: book.ID}
	holder.Field.Field = "scans"
	err := w.Store.Tx(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.Release(t.Context(), pdf, holder, "", w.now), tx.Claim(t.Context(), free, "lib", holder))
	})
	if err != nil {
		t.Fatal(err)
	}
	found, err := w.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"names file " + string(pdf) + ", which it does not hold", "file " + string(free) + " is held by book", "does not name it"} {
		if !strings.Contains(strings.Join(found, "\n"), want) {
			t.Errorf("no word of %q in %q", want, found)
		}
	}
}
