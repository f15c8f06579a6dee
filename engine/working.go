package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/notify"
	"tidewater/engine/org"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// The working calendar is data of the tenant: until an administrator has written one, it is that of Config. Side
// documents: the one that counts, and each that ever did.
const (
	calendars    = "calendar"     // calendarKey → keptCalendar
	calendarKey  = "now"          //
	calendarPast = "calendarPast" // version, with zeros → keptCalendar
)

// keptCalendar is a version of the calendar as it lies in the store.
type keptCalendar struct {
	org.Almanac
	Version int64     `json:"version"`
	By      value.ID  `json:"by"`
	At      time.Time `json:"at"`
}

// working is the calendar that counts, as this process has last heard of it.
type working struct{ now atomic.Pointer[workingNow] }

type workingNow struct {
	calendar *org.Calendar
	kept     keptCalendar // Version 0: it is that of Config
}

func (e *Engine) calendar() *org.Calendar { return e.working.now.Load().calendar }

// refreshCalendar hears of what another process has written.
func (e *Engine) refreshCalendar(ctx context.Context) error {
	const op = "engine.calendar"
	item, err := e.config.Store.Load(ctx, calendars, calendarKey)
	if fault.KindOf(err) == fault.NotFound {
		if e.working.now.Load() == nil {
			e.working.now.Store(&workingNow{calendar: e.config.Calendar})
		}
		return nil
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	if now := e.working.now.Load(); now != nil && now.kept.Version == item.Revision {
		return nil
	}
	next := &workingNow{}
	if err := readItem(calendars, item, &next.kept); err != nil {
		return err
	}
	if next.calendar, err = next.kept.Calendar(); err != nil {
		return fault.New(fault.Internal, "store.corrupt").In(op).At(calendars + "/" + calendarKey).Because(err)
	}
	// Two may read at once: the older must not stay.
	for now := e.working.now.Load(); now == nil || now.kept.Version < next.kept.Version; now = e.working.now.Load() {
		if e.working.now.CompareAndSwap(now, next) {
			break
		}
	}
	return nil
}

// WorkingCalendar is the tenant's working calendar as an administrator sees it.
type WorkingCalendar struct {
	org.Almanac
	Version int64     // 0: the one that came with the engine
	By      value.ID  // who wrote this version
	At      time.Time // zero for version 0
	// Unknown are the years, of this one and the next, of which it has no special day.
	Unknown []int64
}

// WorkingCalendar returns the calendar that counts. Faults: Forbidden "access.admin".
func (e *Engine) WorkingCalendar(ctx context.Context, actor value.Actor) (*WorkingCalendar, error) {
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	if err := e.refreshCalendar(ctx); err != nil {
		return nil, err
	}
	now := e.working.now.Load()
	out := &WorkingCalendar{
		Almanac: now.calendar.Almanac(), Version: now.kept.Version, By: now.kept.By, At: now.kept.At, Unknown: []int64{},
	}
	year := e.Today() / 10000
	for _, y := range []int64{year, year + 1} {
		if !now.calendar.Knows(y) {
			out.Unknown = append(out.Unknown, y)
		}
	}
	return out, nil
}

// Today is the day of the tenant, yyyymmdd.
func (e *Engine) Today() int64 { return value.DayOf(e.config.Clock(), e.config.Zone) }

// followCalendar is how long after a change of the calendar deadlines follow it: by then every process has heard.
const followCalendar = 5 * time.Second

// PutCalendar makes an almanac the working calendar in place of that version, and leaves it to a job to make the
// deadlines anew that depend on it. Faults: Forbidden "access.admin", Conflict "calendar.stale", those of
// Almanac.Calendar.
func (e *Engine) PutCalendar(ctx context.Context, actor value.Actor, version int64, a org.Almanac) (*WorkingCalendar, error) {
	const op = "engine.putCalendar"
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	calendar, err := a.Calendar()
	if err != nil {
		return nil, err
	}
	now := e.config.Clock().UTC()
	next := keptCalendar{Almanac: calendar.Almanac(), Version: version + 1, By: actor.Key(), At: now}
	body, err := json.Marshal(next)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	follow, err := e.Jobs.Draft(job.New{
		Kind: recompute{}.Name(), Actor: value.SystemActor("calendar"), Due: now.Add(followCalendar),
		Args: recomputeArgs{Version: e.Catalog().Version, Forms: e.Catalog().OfWorkdays(), Calendar: next.Version},
	})
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	noteID := e.config.NewID()
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Save(ctx, calendars, store.Item{Key: calendarKey, Body: body}, version); err != nil {
			return err
		}
		past := store.Item{Key: fmt.Sprintf("%09d", next.Version), Body: body}
		if err := tx.Save(ctx, calendarPast, past, store.AnyRevision); err != nil {
			return err
		}
		note := audit.Entry{At: now, Actor: actor.Key(), Op: audit.CalendarChanged, Target: strconv.FormatInt(next.Version, 10)}
		if err := audit.Write(ctx, tx, noteID, note); err != nil {
			return err
		}
		return e.Jobs.Put(ctx, tx, follow)
	})
	if fault.CodeOf(err) == "store.stale" {
		return nil, fault.New(fault.Conflict, "calendar.stale").In(op).Because(err)
	}
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	e.Jobs.Wake()
	return e.WorkingCalendar(ctx, actor)
}

// ImportDays is PutCalendar with days in place of all special days of the years that they speak of. Faults: those of
// PutCalendar; issues have the places of the days as they were given.
func (e *Engine) ImportDays(ctx context.Context, actor value.Actor, version int64, days []org.Day) (*WorkingCalendar, error) {
	was, err := e.WorkingCalendar(ctx, actor)
	if err != nil {
		return nil, err
	}
	if _, err := (org.Almanac{Days: days}).Calendar(); err != nil {
		return nil, err
	}
	return e.PutCalendar(ctx, actor, version, was.With(days))
}

// CalendarVersion is a calendar that counts or did.
type CalendarVersion struct {
	Version int64     `json:"version"`
	By      value.ID  `json:"by"`
	At      time.Time `json:"at"`
	Days    int       `json:"days"`
}

// CalendarVersions lists the last versions that administrators have written, the newest first. Faults: Forbidden
// "access.admin".
func (e *Engine) CalendarVersions(ctx context.Context, actor value.Actor) ([]CalendarVersion, error) {
	const lastVersions = 50
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	newest := e.working.now.Load().kept.Version
	after := fmt.Sprintf("%09d", max(newest-lastVersions, 0))
	items, err := e.config.Store.Scan(ctx, calendarPast, "", after, lastVersions)
	if err != nil {
		return nil, fault.Wrap("engine.calendarVersions", err)
	}
	out := make([]CalendarVersion, len(items))
	for n, item := range items {
		var kept keptCalendar
		if err := readItem(calendarPast, item, &kept); err != nil {
			return nil, err
		}
		out[len(items)-1-n] = CalendarVersion{kept.Version, kept.By, kept.At, len(kept.Days)}
	}
	return out, nil
}

// CalendarOf returns a version that an administrator has written. Faults: Forbidden "access.admin", NotFound
// "calendar.version".
func (e *Engine) CalendarOf(ctx context.Context, actor value.Actor, version int64) (*WorkingCalendar, error) {
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	item, err := e.config.Store.Load(ctx, calendarPast, fmt.Sprintf("%09d", version))
	if fault.KindOf(err) == fault.NotFound {
		return nil, fault.New(fault.NotFound, "calendar.version").With("version", version)
	}
	var kept keptCalendar
	if err == nil {
		err = readItem(calendarPast, item, &kept)
	}
	return &WorkingCalendar{Almanac: kept.Almanac, Version: kept.Version, By: kept.By, At: kept.At, Unknown: []int64{}},
		fault.Wrap("engine.calendarOf", err)
}

// warnFrom is the first day of the year, as month and day, on which the next year's holidays should be known:
// China's are announced in November.
const warnFrom = 1115

// WarnOfCalendar tells the administrators, once for each year, that the calendar knows nothing of the next one,
// where something depends on it.
func (e *Engine) WarnOfCalendar(ctx context.Context) error {
	today := e.Today()
	next := today/10000 + 1
	if today%10000 < warnFrom || e.calendar().Knows(next) || len(e.Catalog().OfWorkdays()) == 0 {
		return nil
	}
	now := e.config.Clock()
	return e.inbox.TellInParts(ctx, notify.Telling{
		To: notify.PeopleIn(e.config.Org()).Admins(), Kind: notify.CalendarEnds, At: now, By: value.SystemActor("calendar").Key(),
		Args: fault.Args{"year": strconv.FormatInt(next, 10)}, Once: "calendar " + strconv.FormatInt(next, 10),
		Until: now.Add(drawsKept),
	})
}
