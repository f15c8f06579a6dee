package tenant

import (
	"context"
	"encoding/json"

	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// A server opens every file of its data, and has only so many: a MongoDB one for each collection and each index of each
// tenant, a folder one for each tenant. So a place has a budget of files, kept where the tenants are listed, the same for
// every process, and no tenant comes that would go beyond it. Those that are there grow on, for their forms bring
// collections with their first records: the budget is for placing tenants, with room to spare, and stops nobody's work.

// usualBudget is the budget of a place of which nobody has said another.
const usualBudget = 50_000

const (
	settingLines = "settings" // the collection of what is said of the place as a whole
	budgetLine   = "files"
)

// Budget is how many files a place takes, and how many it may.
type Budget struct {
	Used, Most int64
}

// budgetOf counts the files of a place.
func budgetOf(ctx context.Context, at home) (b Budget, err error) {
	b.Most = usualBudget
	said, err := at.common().Load(ctx, settingLines, budgetLine)
	switch {
	case err == nil:
		err = json.Unmarshal(said.Body, &b.Most)
		if err != nil {
			err = fault.New(fault.Internal, "store.corrupt").At(budgetLine).Because(err)
		}
	case fault.KindOf(err) == fault.NotFound:
		err = nil
	}
	if err == nil {
		b.Used, err = at.countFiles(ctx)
	}
	return b, err
}

// fits tells whether so many more files fit in. Faults: Unavailable "tenant.budget".
func (b Budget) fits(more int64) error {
	if b.Used+more <= b.Most {
		return nil
	}
	return fault.New(fault.Unavailable, "tenant.budget").With("used", b.Used).With("most", b.Most)
}

// hasRoom holds that a place takes no more than it may when so many files have come.
func hasRoom(ctx context.Context, at home, more int64) error {
	b, err := budgetOf(ctx, at)
	if err != nil {
		return err
	}
	return b.fits(more)
}

// Budget tells how many files the place takes of how many. On a MongoDB each of its databases is asked.
func (d *Directory) Budget(ctx context.Context) (Budget, error) {
	b, err := budgetOf(ctx, d.home)
	return b, fault.Wrap("tenant.budget", err)
}

// SetBudget says how many files the place may take, for every process that makes tenants there. Faults: Invalid
// "config.invalid" for none at all.
func (d *Directory) SetBudget(ctx context.Context, most int64) error {
	const op = "tenant.setBudget"
	if most < 1 {
		return fault.New(fault.Invalid, "config.invalid").In(op).With("name", "budget")
	}
	body, err := json.Marshal(most)
	if err != nil {
		return fault.Wrap(op, err)
	}
	err = d.home.common().Save(ctx, settingLines, store.Item{Key: budgetLine, Body: body}, store.AnyRevision)
	return fault.Wrap(op, err)
}
