package engine

import (
	"context"
	"encoding/json"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// exportTally is the collection of how many records somebody has taken on a day: yyyymmdd/user.
const exportTally = "exportTally"

type exported struct {
	Records int64 `json:"records"`
}

// tallyKept is how long a day's tally stays: until the day is over everywhere.
const tallyKept = 48 * time.Hour

// tallyTaken counts what somebody has taken on a day of the tenant's, over all forms: exported, printed, or learnt past a
// mask. It tells the administrators the first time that it is more than the app's alerts say.
func (e *Engine) tallyTaken(ctx context.Context, tx store.Tx, actor value.Actor, rows int64) error {
	today, now := value.DayText(e.Today()), e.config.Clock().UTC()
	key := today + "/" + string(actor.Key())
	if err := tx.Guard(ctx, exportTally+":"+key); err != nil {
		return err
	}
	var before exported
	item, err := tx.Load(ctx, exportTally, key)
	if err == nil {
		err = readItem(exportTally, item, &before)
	}
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	after := before.Records + rows
	body, err := json.Marshal(exported{after})
	if err != nil {
		return fault.Wrap("engine.tallyTaken", err)
	}
	item = store.Item{Key: key, Body: body, Expires: now.Add(tallyKept)}
	if err := tx.Save(ctx, exportTally, item, store.AnyRevision); err != nil {
		return err
	}
	most := int64(e.Catalog().App.Alerts.ExportedPerDay)
	if most == 0 || before.Records > most || after <= most {
		return nil
	}
	return e.inbox.Tell(ctx, tx, notify.Telling{
		To: notify.PeopleIn(e.config.Org()).Admins(), Kind: notify.ExportedMuch, At: now, By: actor.Key(),
		Args: fault.Args{"count": after, "max": most}, Once: "exported " + key, Until: now.Add(tallyKept),
	})
}
