package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

// filled returns n bytes that differ from piece to piece.
func filled(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(i / 7)
	}
	return out
}

func putPieces(t *testing.T, s store.Store, id value.ID, data []byte) {
	t.Helper()
	for n := 0; n == 0 || n*store.PieceSize < len(data); n++ {
		end := min(len(data), (n+1)*store.PieceSize)
		must(t, s.PutPiece(t.Context(), id, n, data[n*store.PieceSize:end], epoch.Add(time.Hour)))
	}
}

func file(id string, size int) store.File {
	return store.File{
		ID: value.ID(id), Name: "潮 " + id + ".png", Type: "image/png", Size: int64(size), Width: 3, Height: 4, Sum: []byte{1, 2},
		By: "u1", Owner: "u1", At: epoch, Expires: epoch.Add(time.Hour), Passing: size%2 == 1,
	}
}

func addFile(t *testing.T, s store.Store, f store.File) error {
	t.Helper()
	return s.Tx(t.Context(), func(tx store.Tx) error { return tx.AddFile(t.Context(), f) })
}

// keepFile keeps a whole file.
func keepFile(t *testing.T, s store.Store, id string, data []byte) {
	t.Helper()
	putPieces(t, s, value.ID(id), data)
	f := file(id, len(data))
	must(t, addFile(t, s, f))
}

func bytesOf(t *testing.T, s store.Store, f store.File) []byte {
	t.Helper()
	var out []byte
	for n := 0; int64(len(out)) < f.Size; n++ {
		piece, err := s.Piece(t.Context(), f.ID, n)
		must(t, err)
		out = append(out, piece...)
	}
	return out
}

func wantUsage(t *testing.T, s store.Store, files, size int64) {
	t.Helper()
	got, err := s.FileUsage(t.Context())
	must(t, err)
	if got != (store.Usage{Files: files, Bytes: size}) {
		t.Errorf("usage %+v, want %d files of %d bytes", got, files, size)
	}
}

// files holds that a file is seen whole or not at all, and goes when its time is over.
func files(t *testing.T, open Open) {
	s := open(t)
	data := filled(2*store.PieceSize + 100)
	putPieces(t, s, "a", data)
	wantUnseen(t, s, "a")
	wantCode(t, s.PutPiece(t.Context(), "a", 1, []byte("x"), epoch), "store.stale")
	wantCode(t, s.PutPiece(t.Context(), "big", 0, make([]byte, store.PieceSize+1), epoch), "store.tooLarge")
	wantCode(t, addFile(t, s, file("a", len(data)-1)), "store.stale")
	wantCode(t, addFile(t, s, file("none", 0)), "store.stale")
	given := errors.New("given up")
	err := s.Tx(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.AddFile(t.Context(), file("a", len(data))), given)
	})
	if !errors.Is(err, given) {
		t.Errorf("given up comes back as %v", err)
	}
	wantUnseen(t, s, "a")
	wantUsage(t, s, 0, 0)

	want := file("a", len(data))
	must(t, addFile(t, s, want))
	wantCode(t, addFile(t, s, want), "store.stale")
	wantCode(t, s.PutPiece(t.Context(), "a", 3, []byte("x"), epoch), "store.stale")
	got, err := s.FilesOf(t.Context(), []value.ID{"a", "nobody"})
	must(t, err)
	if len(got) != 1 || fmt.Sprint(got[0]) != fmt.Sprint(want) {
		t.Fatalf("read %+v, wrote %+v", got, want)
	}
	if !bytes.Equal(bytesOf(t, s, want), data) {
		t.Error("its bytes are others")
	}
	_, err = s.Piece(t.Context(), "a", 3)
	wantCode(t, err, "store.notFound")
	_, err = s.FilesOf(t.Context(), make([]value.ID, 1001))
	wantCode(t, err, "store.tooLarge")
	wantUsage(t, s, 1, int64(len(data)))
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("found wrong: %q, %v", wrong, err)
	}
	fileSweep(t, s, data)
}

// fileSweep goes on from a store with the whole file "a" of data.
func fileSweep(t *testing.T, s store.Store, data []byte) {
	t.Helper()
	putPieces(t, s, "begun", data)
	for id := range 3 {
		keepFile(t, s, fmt.Sprint("b", id), []byte("x"))
	}
	var walked []value.ID
	must(t, s.EachFile(t.Context(), "a", func(f store.File) error { walked = append(walked, f.ID); return nil }))
	if fmt.Sprint(walked) != "[b0 b1 b2]" {
		t.Errorf("walked %v", walked)
	}
	must(t, s.DropFile(t.Context(), "b0"))
	must(t, s.DropFile(t.Context(), "b0"))
	wantUnseen(t, s, "b0")
	wantUsage(t, s, 3, int64(len(data))+2)
	must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Claim(t.Context(), "b1", "u1", holder("r")) }))
	if n, err := s.Sweep(t.Context(), epoch.Add(time.Hour-1)); err != nil || n != 0 {
		t.Errorf("swept %d too early, %v", n, err)
	}
	if n, err := s.Sweep(t.Context(), epoch.Add(time.Hour)); err != nil || n != 3 {
		t.Errorf("swept %d, %v, want a, b2 and the one that never got whole", n, err)
	}
	must(t, s.DropFile(t.Context(), "b1"))
	wantUsage(t, s, 1, 1)
	wantUnseen(t, s, "a")
	must(t, s.PutPiece(t.Context(), "begun", 0, []byte("anew"), epoch))
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("found wrong: %q, %v", wrong, err)
	}
}

func wantUnseen(t *testing.T, s store.Store, id value.ID) {
	t.Helper()
	found, err := s.FilesOf(t.Context(), []value.ID{id})
	must(t, err)
	_, missing := s.Piece(t.Context(), id, 0)
	wantCode(t, missing, "store.notFound")
	if len(found) > 0 {
		t.Errorf("%s is seen: %+v", id, found)
	}
}

func holder(record value.ID) store.Holder {
	return store.Holder{Form: form, Record: record, Field: part("lines", "scan")}
}

// claims holds that a file has one holder at a time, in the transaction that says so.
func claims(t *testing.T, open Open) {
	s := open(t)
	keepFile(t, s, "a", []byte("x"))
	keepFile(t, s, "b", []byte("y"))
	claim := func(id, owner, record value.ID) error {
		return s.Tx(t.Context(), func(tx store.Tx) error { return tx.Claim(t.Context(), id, owner, holder(record)) })
	}
	release := func(id, record, owner value.ID) error {
		return s.Tx(t.Context(), func(tx store.Tx) error {
			return tx.Release(t.Context(), id, holder(record), owner, epoch.Add(time.Minute))
		})
	}
	wantCode(t, claim("a", "u2", "r1"), "store.stale")
	wantCode(t, claim("nobody", "u1", "r1"), "store.stale")
	must(t, claim("a", "u1", "r1"))
	wantCode(t, claim("a", "u1", "r2"), "store.stale")
	wantCode(t, release("a", "r2", "u1"), "store.stale")
	got, err := s.FilesOf(t.Context(), []value.ID{"a"})
	must(t, err)
	if f := got[0]; f.Holder != holder("r1") || !f.Expires.IsZero() || f.Owner != "" || f.By != "u1" {
		t.Errorf("held: %+v", f)
	}
	must(t, s.Tx(t.Context(), func(tx store.Tx) error {
		if err := tx.Claim(t.Context(), "b", "u1", holder("r1")); err != nil {
			return err
		}
		held, err := tx.HeldBy(t.Context(), form, "r1")
		if len(held) != 2 || held[0].ID != "a" || held[1].ID != "b" {
			t.Errorf("r1 holds %+v", held)
		}
		return err
	}))
	must(t, release("a", "r1", "u9"))
	got, err = s.FilesOf(t.Context(), []value.ID{"a"})
	must(t, err)
	if f := got[0]; f.Holder != (store.Holder{}) || !f.Expires.Equal(epoch.Add(time.Minute)) || f.Owner != "u9" {
		t.Errorf("released: %+v", f)
	}
	must(t, release("b", "r1", ""))
	wantCode(t, claim("b", "", "r1"), "store.stale") // nobody's is not to be had by being nobody
	raceForFile(t, s)
}

// raceForFile lets many records claim the file "a", which is u9's.
func raceForFile(t *testing.T, s store.Store) {
	t.Helper()
	const racers = 8
	errs := make([]error, racers)
	var group sync.WaitGroup
	for i := range racers {
		group.Go(func() {
			ctx := context.WithoutCancel(t.Context())
			errs[i] = s.Tx(ctx, func(tx store.Tx) error { return tx.Claim(ctx, "a", "u9", holder(value.ID(fmt.Sprint("racer", i)))) })
		})
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		wantCode(t, err, "store.stale")
	}
	if won != 1 {
		t.Errorf("%d records hold one file", won)
	}
	must(t, s.Tx(t.Context(), func(tx store.Tx) error {
		held, err := tx.HeldBy(t.Context(), form, "nobody")
		usage, missed := tx.FileUsage(t.Context())
		if len(held) != 0 || usage != (store.Usage{Files: 2, Bytes: 2}) {
			t.Errorf("nobody holds %v, usage %+v", held, usage)
		}
		return errors.Join(err, missed)
	}))
}
