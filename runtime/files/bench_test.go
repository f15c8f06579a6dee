package files_test

import (
	"bytes"
	"context"
	"sync"
	"testing"

	"tidewater/engine/store"
	"tidewater/runtime/files"
)

// BenchmarkSave is a small write alone, and beside four people who send 20 MB each over and over: a write waits
// for a piece at most, never for a file.
func BenchmarkSave(b *testing.B) {
	for name, uploads := range map[string]int{"alone": 0, "beside4Uploads": 4} {
		b.Run(name, func(b *testing.B) {
			door, s := newDoor(b), files.New(files.Limits{})
			ctx, end := context.WithCancel(b.Context())
			data := make([]byte, 20<<20)
			var group sync.WaitGroup
			for range uploads {
				group.Go(func() {
					for ctx.Err() == nil {
						f, err := s.Take(ctx, door, anna, files.Upload{Name: "f", Body: bytes.NewReader(data)})
						if err == nil {
							err = door.Store.DropFile(ctx, f.ID)
						}
						if err != nil && ctx.Err() == nil {
							b.Error(err)
							return
						}
					}
				})
			}
			for b.Loop() {
				must(b, door.Store.Save(ctx, "c", store.Item{Key: "k", Body: []byte("{}")}, store.AnyRevision))
			}
			end()
			group.Wait()
		})
	}
}

// BenchmarkTake is one file of 20 MB on its way in, from memory.
func BenchmarkTake(b *testing.B) {
	door, s := newDoor(b), files.New(files.Limits{})
	data := make([]byte, 20<<20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		f, err := s.Take(b.Context(), door, anna, files.Upload{Name: "f", Body: bytes.NewReader(data)})
		must(b, err)
		must(b, door.Store.DropFile(b.Context(), f.ID))
	}
}
