package catalog

import (
	"slices"

	"tidewater/engine/cron"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Schedule is work that is due at set times.
type Schedule struct {
	// Key tells it from every other of the tenant, for as long as its document has that place.
	Key       string
	Label     meta.Label
	Cron      *cron.Schedule // nil: it is due only when somebody says so
	Text      string         // of Cron
	OnHoliday string
	// Forgets says that times which passed while nothing ran are not made up for.
	Forgets bool
	// Of a distribution, where it is; of a job, its script's form.
	Form         value.FormKey
	Pool         *Pool
	Distribution string
	// Daily says that a distribution works each day once; else it is each week.
	Daily bool
	// Script is what a job runs; nil for a distribution.
	Script *Script
}

// cron reads a schedule, see $defs/cron of the schemas; nil where there is none, or none that is ever due.
func (s sheet) cron(path, text string) *cron.Schedule {
	if text == "" {
		return nil
	}
	schedule, err := cron.Parse(text)
	switch {
	case err != nil:
		s.fault(path, fault.Issue{Code: "meta.cron"})
		return nil
	case schedule.Never():
		s.fault(path, fault.Issue{Code: "meta.cronNever"})
		return nil
	}
	return schedule
}

// DistributionKey is the key of the schedule of a distribution.
func DistributionKey(form value.FormKey, pool, id string) string {
	return "pool/" + string(form) + "/" + pool + "/" + id
}

// distributes notes when a distribution of a pool is due.
func (s sheet) distributes(path string, p *Pool, d meta.PoolDistribution) {
	schedule := s.cron(path, d.Cron)
	if schedule == nil {
		return
	}
	perDay, daily := schedule.Often()
	if perDay {
		s.fault(path, fault.Issue{Code: "pool.cronOften"})
	}
	onHoliday := d.OnHoliday
	if onHoliday == "" {
		onHoliday = cron.NextWorkday
	}
	s.catalog.Schedules = append(s.catalog.Schedules, &Schedule{
		Key: DistributionKey(p.Def.Form, p.Def.Key, d.ID), Label: p.Def.Label, Cron: schedule, Text: d.Cron, OnHoliday: onHoliday,
		Form: p.Def.Form, Pool: p, Distribution: d.ID, Daily: daily,
	})
}

// Schedule returns a schedule by key.
func (c *Catalog) Schedule(key string) (*Schedule, bool) {
	at := slices.IndexFunc(c.Schedules, func(s *Schedule) bool { return s.Key == key })
	if at < 0 {
		return nil, false
	}
	return c.Schedules[at], true
}
