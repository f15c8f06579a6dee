package signin_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewater/engine/fault"
	"tidewater/runtime/signin"
)

func TestPasswords(t *testing.T) {
	p := signin.NewPasswords()
	hash, err := p.Hash(t.Context(), "caf\u00e9 au lait")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q", hash)
	}
	if other, err := p.Hash(t.Context(), "caf\u00e9 au lait"); err != nil || other == hash {
		t.Errorf("two hashes of one password are the same: %v", err)
	}
	for password, want := range map[string]bool{
		"caf\u00e9 au lait": true, "cafe\u0301 au lait": true, // the same characters, typed differently
		"cafe au lait": false, "": false,
	} {
		if right, err := p.Check(t.Context(), hash, password); err != nil || right != want {
			t.Errorf("%q: %v, %v", password, right, err)
		}
	}
	if right, err := p.Check(t.Context(), "", "anything"); err != nil || right {
		t.Errorf("nobody's password: %v, %v", right, err)
	}
	for _, broken := range []string{"x", "$argon2id$v=19$m=1,t=0,p=0$$", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA"} {
		if _, err := p.Check(t.Context(), broken, "x"); fault.CodeOf(err) != "store.corrupt" {
			t.Errorf("%q: %v", broken, err)
		}
	}
}

func TestNewPasswords(t *testing.T) {
	for password, code := range map[string]string{
		"short": "auth.passwordShort", strings.Repeat("x", 129): "auth.passwordLong", "Password123": "auth.passwordCommon",
		"annaanna12": "auth.passwordCommon", "潮水来了又走了潮水来": "", "correct horse": "",
	} {
		err := signin.CheckNew("/new", "anna", password)
		if code == "" {
			if err != nil {
				t.Errorf("%q: %v", password, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("%q: %v, want %s", password, err, code)
		}
	}
}

// TestThrottleLetsOnlySoManyGuessesThrough guesses whenever it may, from one address: however the time is
// spent, the guesses in a day stay few.
func TestThrottleLetsOnlySoManyGuessesThrough(t *testing.T) {
	kept, run := counts(t), 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		name := strconv.Itoa(run)
		now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
		end := now.Add(24 * time.Hour)
		throttle := signin.NewThrottle(func() time.Time { return now }, kept)
		guesses := 0
		for now.Before(end) {
			_, err := throttle.Try(context.Background(), "t", name, name)
			if err == nil {
				guesses++
			} else if fault.CodeOf(err) != "auth.throttled" {
				t.Fatal(err)
			}
			now = now.Add(time.Duration(rapid.IntRange(1, 20).Draw(t, "minutes")) * time.Minute)
		}
		// After half an hour of quiet one may begin anew, so a patient guesser has a few per half hour.
		if guesses > 24*6*2 {
			t.Fatalf("%d guesses in a day", guesses)
		}
	})
}

func TestOneAddressGuessingAtManyNamesIsStopped(t *testing.T) {
	now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	throttle := signin.NewThrottle(func() time.Time { return now }, counts(t))
	through := 0
	for n := range 1000 {
		if _, err := throttle.Try(t.Context(), "t", strings.Repeat("x", n), "192.0.2.1"); err == nil {
			through++
		}
	}
	if through > 200 {
		t.Errorf("%d names tried from one address", through)
	}
	if _, err := throttle.Try(t.Context(), "t", "anna", "192.0.2.2"); err != nil {
		t.Errorf("another address: %v", err)
	}
}
