package tenant_test

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/job"
	"tidewater/runtime/tenant"
)

// shop is an app with a pool that is swept at one, and handed out each day at nine.
func shop() catalog.Bundle {
	label := `"label": {"zh-CN": "x", "en": "x"}`
	out := catalog.Bundle{}
	for path, text := range map[string]string{
		"app.json": `{"key": "shop", "version": "1.0.0", ` + label + `, "menu": ["thing"]}`,
		"forms/thing/form.json": `{"type": "object", "x-form": "thing", "x-label": {"zh-CN": "x", "en": "x"}, "x-title": "name", "x-holders": {"owner": "holder"},
			"properties": {"name": {"x-field": "text", "x-label": {"zh-CN": "x", "en": "x"}}, "holder": {"x-field": "member", "x-label": {"zh-CN": "x", "en": "x"}}}}`,
		"roles/clerk.json": `{"key": "clerk", ` + label + `, "forms": {"thing": {"read": {"scope": "all"}}}}`,
		"pools/all.json": `{"key": "all", "form": "thing", ` + label + `, "fallback": true, "rights": {"claim": ["role:clerk"]},
			"reclaim": [{"id": "idle", "clock": "assignedAt", "days": "7"}],
			"distribute": [{"id": "daily", "mode": "randomEven", "cron": "0 9 * * *", "among": ["role:clerk"]}]}`,
	} {
		out[path] = []byte(text)
	}
	return out
}

// until waits for something that comes about by itself.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !is(); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

// Of many tenants only one stays open; in those that nobody uses the sweep of the night and the draw of the morning are
// done all the same, once a day, and each is closed again.
func TestWhatIsDueIsDoneInTenantsThatNobodyUses(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	var now atomic.Int64
	set := func(day, hour, minute int) {
		now.Store(time.Date(2026, 11, day, hour, minute, 0, 0, shanghai).UnixMilli())
	}
	set(25, 12, 0) // a Wednesday
	c := config(t.TempDir())
	c.Clock, c.MaxOpen = func() time.Time { return time.UnixMilli(now.Load()) }, 1
	d := open(t, c)
	used := create(t, d, "used")
	ended := func(kind string) (n int64) {
		tally, err := d.Jobs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return tally.Ended[tenant.Ending{Kind: kind, State: job.Done}]
	}
	var asleep []string
	for _, name := range []string{"one", "two", "three"} {
		entry := create(t, d, name)
		asleep = append(asleep, entry.ID)
		with(t, d, entry.ID, func(opened *tenant.Tenant) {
			if _, err := opened.Engine.Apps.Install(t.Context(), shop()); err != nil {
				t.Fatal(err)
			}
		})
	}
	many := int64(len(asleep))
	sleep := func() {
		t.Helper()
		until(t, "all but the one that is used are closed", func() bool {
			with(t, d, used.ID, func(*tenant.Tenant) {})
			for _, id := range asleep {
				if d.IsOpen(id) {
					return false
				}
			}
			return true
		})
	}
	sleep() // on the way the sweep of today is made up for, and the first schedules are planned
	if got := ended("reclaim"); got > many {
		t.Errorf("%d sweeps of one day", got)
	}
	d.Wake(t.Context())
	sleep()
	swept, dealt := ended("reclaim"), ended("distribute")
	for day := 26; day <= 27; day++ {
		set(day, 0, 59)
		d.Wake(t.Context())
		sleep()
		if got := ended("reclaim"); got != swept {
			t.Errorf("day %d: %d sweeps before their time", day, got-swept)
		}
		set(day, 1, 0)
		d.Wake(t.Context())
		until(t, "the sweeps of the night", func() bool { return ended("reclaim") == swept+many })
		sleep()
		d.Wake(t.Context())
		sleep()
		if got := ended("distribute"); got != dealt {
			t.Errorf("day %d: %d draws before their time", day, got-dealt)
		}
		set(day, 9, 0)
		d.Wake(t.Context())
		until(t, "the draws of the morning", func() bool { return ended("distribute") == dealt+many })
		sleep()
		swept, dealt = swept+many, dealt+many
		if got := ended("reclaim"); got != swept {
			t.Errorf("day %d: %d sweeps too many", day, got-swept)
		}
	}
}
