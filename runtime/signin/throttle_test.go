package signin_test

import (
	"fmt"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/runtime/signin"
)

func TestOneNetworkIsOneGuesser(t *testing.T) {
	now := time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC)
	throttle := signin.NewThrottle(func() time.Time { return now })
	for n := range 5 {
		if _, err := throttle.Try("t", "anna", fmt.Sprintf("2001:db8::%x", n+1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := throttle.Try("t", "anna", "2001:db8::99"); fault.CodeOf(err) != "auth.throttled" {
		t.Errorf("another address of the same network: %v", err)
	}
	if _, err := throttle.Try("t", "anna", "2001:db8:0:1::1"); err != nil {
		t.Errorf("another network: %v", err)
	}
}
