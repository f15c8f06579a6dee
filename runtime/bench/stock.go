package bench

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
	tenantpeople "tidewater/runtime/people"
	"tidewater/runtime/tenant"
)

// stock gives a tenant its salespeople and its customers, and waits until all that follows is done.
func stock(ctx context.Context, t *tenant.Tenant, records, people int) error {
	if err := hire(ctx, t, people); err != nil {
		return err
	}
	if err := fill(ctx, t, records, people); err != nil {
		return err
	}
	return t.Engine.Settle(ctx)
}

// personID is of fifteen letters and digits, which is what PocketBase takes for an id.
func personID(n int) value.ID { return value.ID(fmt.Sprintf("person%09d", n)) }

func hire(ctx context.Context, t *tenant.Tenant, people int) error {
	return t.People.Change(ctx, func(d *tenantpeople.Draft) error {
		for _, one := range salespeople(people) {
			d.PutUser(one)
		}
		return nil
	})
}

func salespeople(count int) []org.User {
	out := make([]org.User, count)
	for n := range out {
		id := personID(n)
		out[n] = org.User{ID: id, Username: string(id), Name: string(id), Roles: []string{role}, Active: true}
	}
	return out
}

// fill makes the customers through the engine's own door, each by the salesperson who will own it.
func fill(ctx context.Context, t *tenant.Tenant, records, people int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(most)
	for n := range records {
		group.Go(func() error {
			owner := personID(n % people)
			actor, _ := t.People.Org().Actor(owner)
			_, err := t.Engine.Records.Create(ctx, actor, form, record.Input{Values: owned(int64(n), people, owner)})
			return err
		})
	}
	return group.Wait()
}
