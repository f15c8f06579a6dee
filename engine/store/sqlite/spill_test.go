package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidewater/engine/store"
)

// TestTheLogIsMovedIntoTheFileBesideTheWriter holds that no commit has to, long before the log is as long as it may get.
func TestTheLogIsMovedIntoTheFileBesideTheWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s, err := Open(t.Context(), path, "t")
	if err != nil {
		t.Fatal(err)
	}
	const together = 900
	body := []byte(`"` + strings.Repeat("x", 300) + `"`)
	fill := func(from, count int) {
		t.Helper()
		for ; count > 0; from, count = from+together, count-together {
			err := s.Tx(t.Context(), func(tx store.Tx) error {
				for n := range min(together, count) {
					if err := tx.Save(t.Context(), "c", store.Item{Key: fmt.Sprintf("%06d", from+n), Body: body}, 0); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	size := func() int64 {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	fill(0, 2*spillEvery)
	fill(2*spillEvery, 1) // when it returns, what comes after the commits before has begun
	s.spills.Wait()
	if got := size(); got < spillEvery*int64(len(body)) {
		t.Errorf("the file has %d bytes", got)
	}
	fill(3*spillEvery, 2*spillEvery)
	if err := s.Close(); err != nil { // also in the middle of it
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), path, "t"); err != nil {
		t.Fatal(err)
	}
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("found wrong: %q, %v", wrong, err)
	}
	for _, n := range []int{0, 2 * spillEvery, 5*spillEvery - 1} {
		if _, err := s.Load(t.Context(), "c", fmt.Sprintf("%06d", n)); err != nil {
			t.Errorf("document %d: %v", n, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
