package record_test

import (
	"fmt"
	"sync"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Books are put on a shelf while people rename it: neither the count nor a name may get lost.
func TestFiguresSurviveEditsAtTheSameTime(t *testing.T) {
	w := newWorld(t)
	shelf := w.create(w.lib, "shelf", `{"name": "s"}`)
	var group sync.WaitGroup
	for n := range 20 {
		group.Go(func() {
			_, err := w.Create(t.Context(), w.lib, "book", record.Input{Values: map[string]any{"title": fmt.Sprint("t", n), "shelf": string(shelf.ID)}})
			if err != nil {
				t.Error(err)
			}
		})
		group.Go(func() { rename(w, shelf.ID, fmt.Sprint("s", n)) })
	}
	group.Wait()
	w.follow()
	got, err := w.Get(t.Context(), w.lib, "shelf", shelf.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.same("books", got.Values["books"], `20`)
	w.same("version", got.Version, `21`)
}

// rename tries until nobody was faster.
func rename(w *world, id value.ID, name string) {
	for {
		now, err := w.Get(w.Context(), w.lib, "shelf", id)
		if err != nil {
			w.Error(err)
			return
		}
		_, err = w.Update(w.Context(), w.lib, "shelf", id, now.Version, record.Input{Values: map[string]any{"name": name}})
		if err == nil {
			return
		}
		if kind := fault.KindOf(err); kind != fault.Conflict && kind != fault.Unavailable {
			w.Error(err)
			return
		}
	}
}
