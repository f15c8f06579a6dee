package notify

import (
	"testing"
	"time"

	"tidewater/engine/fault"
)

func zoneOf(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestQuietHoursEnd(t *testing.T) {
	for _, c := range []struct{ zone, from, to, at, want string }{
		{"Asia/Shanghai", "22:00", "07:30", "2026-03-31T21:59:59+08:00", "2026-03-31T21:59:59+08:00"},
		{"Asia/Shanghai", "22:00", "07:30", "2026-03-31T22:00:00+08:00", "2026-04-01T07:30:00+08:00"},
		{"Asia/Shanghai", "22:00", "07:30", "2026-04-01T07:29:59+08:00", "2026-04-01T07:30:00+08:00"},
		{"Asia/Shanghai", "22:00", "07:30", "2026-04-01T07:30:00+08:00", "2026-04-01T07:30:00+08:00"},
		{"Asia/Shanghai", "12:00", "13:30", "2026-03-31T12:30:00+08:00", "2026-03-31T13:30:00+08:00"},
		{"Asia/Shanghai", "12:00", "13:30", "2026-03-31T23:30:00+08:00", "2026-03-31T23:30:00+08:00"},
		// Clocks go from 02:00 to 03:00: the night is an hour shorter, and 02:30 is not shown.
		{"Europe/Berlin", "22:00", "07:30", "2026-03-28T22:00:00+01:00", "2026-03-29T07:30:00+02:00"},
		{"Europe/Berlin", "22:00", "02:30", "2026-03-29T01:50:00+01:00", "2026-03-29T03:00:00+02:00"},
		// Clocks go from 03:00 back to 02:00: whoever asks in the second 02:10 waits for the second 02:30, not for a day.
		{"Europe/Berlin", "22:00", "02:30", "2026-10-25T02:10:00+01:00", "2026-10-25T02:30:00+01:00"},
	} {
		zone := zoneOf(t, c.zone)
		chosen := Choices{Quiet: &Quiet{c.from, c.to}}
		at, want := instant(t, c.at), instant(t, c.want)
		// Asked again and again, as whoever holds a message does.
		got := chosen.LoudAt(at, zone)
		for n := 0; n < 3 && !chosen.LoudAt(got, zone).Equal(got); n++ {
			got = chosen.LoudAt(got, zone)
		}
		if !got.Equal(want) {
			t.Errorf("%s to %s at %s: %s, want %s", c.from, c.to, c.at, got.In(zone), c.want)
		}
	}
	if at := instant(t, "2026-03-31T23:00:00Z"); !(Choices{}).LoudAt(at, time.UTC).Equal(at) {
		t.Error("quiet without quiet hours")
	}
}

func TestDigestsAreSentOnceADay(t *testing.T) {
	for _, c := range []struct{ zone, clock, at, want string }{
		{"Asia/Shanghai", "", "2026-03-31T08:29:59+08:00", "2026-03-31T08:30:00+08:00"},
		{"Asia/Shanghai", "", "2026-03-31T08:30:00+08:00", "2026-04-01T08:30:00+08:00"},
		{"Asia/Shanghai", "18:05", "2026-12-31T19:00:00+08:00", "2027-01-01T18:05:00+08:00"},
		{"Asia/Shanghai", "00:00", "2026-02-28T12:00:00+08:00", "2026-03-01T00:00:00+08:00"},
		{"Europe/Berlin", "08:30", "2026-03-28T09:00:00+01:00", "2026-03-29T08:30:00+02:00"},
	} {
		got := Choices{DigestAt: c.clock}.DigestAfter(instant(t, c.at), zoneOf(t, c.zone))
		if !got.Equal(instant(t, c.want)) {
			t.Errorf("%q after %s: %s, want %s", c.clock, c.at, got, c.want)
		}
	}
}

func TestTheWayOfAKind(t *testing.T) {
	c := Choices{Off: []Kind{Braked}, Ways: map[Channel]map[Kind]Way{Mail: {Said: Never, Assigned: Digest, Braked: Now}}}
	for _, one := range []struct {
		kind    Kind
		channel Channel
		want    Way
	}{{Said, Mail, Never}, {Assigned, Mail, Digest}, {Ahead, Mail, Now}, {Said, WeCom, Now}, {Braked, Mail, Never}, {Braked, WeCom, Never}} {
		if got := c.Way(one.kind, one.channel, Now); got != one.want {
			t.Errorf("%s by %s: %s, want %s", one.kind, one.channel, got, one.want)
		}
	}
}

func TestChoicesThatAreRefused(t *testing.T) {
	for path, c := range map[string]Choices{
		"/off":                  {Off: []Kind{"nonsense"}},
		"/channels/pigeon":      {Ways: map[Channel]map[Kind]Way{"pigeon": {}}},
		"/channels/mail":        {Ways: map[Channel]map[Kind]Way{Mail: {"nonsense": Now}}},
		"/channels/mail/script": {Ways: map[Channel]map[Kind]Way{Mail: {Said: "soon"}}},
		"/digestAt":             {DigestAt: "8:30"},
		"/quiet/from":           {Quiet: &Quiet{"24:00", "07:00"}},
		"/quiet/to":             {Quiet: &Quiet{"22:00", "07:60"}},
		"/quiet":                {Quiet: &Quiet{"22:00", "22:00"}},
	} {
		if issues := c.check(); len(issues) != 1 || issues[0].Path != path {
			t.Errorf("%+v: %v, want one at %s", c, issues, path)
		}
	}
	for _, clock := range []string{"", "08.30", "+8:30", "-1:30", "08:3", "08:030", "ab:cd", "08:-1"} {
		if _, ok := minuteOf(clock); ok {
			t.Errorf("%q is taken for a time", clock)
		}
	}
	good := Choices{Off: []Kind{Said, Ahead, Said}, DigestAt: "23:59", Quiet: &Quiet{"22:00", "07:30"}}
	if err := good.check().Fault("test", "x"); fault.CodeOf(err) != "" || len(good.Off) != 2 {
		t.Errorf("%v, off %v", err, good.Off)
	}
}
