package engine

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// People are told of what a long sweep does while what follows from it goes on, not when that has ended; and nothing is
// held up by another's fault.
func TestWhatCatchesUpTakesTurns(t *testing.T) {
	var order []string
	step := func(name string, rounds int, fails error) func(context.Context) (int, error) {
		return func(context.Context) (int, error) {
			order = append(order, name)
			if rounds--; rounds < 0 {
				return 0, fails
			}
			return 1, nil
		}
	}
	broken := errors.New("broken")
	err := byTurns(t.Context(), step("follow", 3, nil), step("inform", 1, nil), step("broken", 0, broken))
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	want := []string{"follow", "inform", "broken", "follow", "inform", "follow", "inform", "follow", "inform"}
	if !slices.Equal(order, want) {
		t.Errorf("%v, want %v", order, want)
	}
}
