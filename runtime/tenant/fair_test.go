package tenant_test

import (
	"sync/atomic"
	"testing"
	"time"

	"tidewater/engine/job"
	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

// One tenant's thousand jobs, all due at once, do not keep another's from being done.
func TestATenantsThousandJobsDoNotKeepAnothersWaiting(t *testing.T) {
	const many, few = 1_000, 5
	var now atomic.Int64
	now.Store(time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC).UnixMilli())
	c := config(t.TempDir())
	c.Clock = func() time.Time { return time.UnixMilli(now.Load()) }
	d := open(t, c)
	crowd, lone := create(t, d, "crowd"), create(t, d, "lone")
	// A sweep of a pool that is not there ends at its first batch.
	add := func(of *tenant.Tenant, due time.Time) value.ID {
		j, err := of.Engine.Jobs.Add(t.Context(), job.New{
			Kind: "reclaim", Actor: value.SystemActor("test"), Args: map[string]string{"form": "none", "pool": "none"}, Due: due,
		})
		if err != nil {
			t.Fatal(err)
		}
		return j.ID
	}
	waiting := func(of *tenant.Tenant) (n int) {
		active, err := of.Engine.Jobs.Active(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, some := range active {
			n += some
		}
		return n
	}
	with(t, d, crowd.ID, func(busy *tenant.Tenant) {
		with(t, d, lone.ID, func(other *tenant.Tenant) {
			for range many {
				add(busy, c.Clock().Add(time.Hour))
			}
			now.Add(2 * time.Hour.Milliseconds())
			begun, done := false, false
			for !begun {
				begun = waiting(busy) < many
			}
			for range few {
				add(other, time.Time{})
			}
			for !done {
				done = waiting(other) == 0
			}
			if left := waiting(busy); left < many/2 {
				t.Errorf("the other tenant's %d jobs were done when only %d of %d were left", few, left, many)
			}
		})
	})
}
