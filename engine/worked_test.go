package engine_test

import (
	"fmt"
	"testing"
	"time"

	"tidewater/engine/value"
)

// Rows worked out by hand from pools.md, with the arithmetic. The engine and the simulator must both say the same.
//
//	calendarDay: the days after the clock's day are hers, N of them; it leaves on the first sweep of the day after.
//	workday:     the same, counting working days alone.
//	24h:         N times 24 hours after the clock, to the minute.

type worked struct {
	name, zone, unit string
	days             int
	claimed, leaves  string
	sweep            string // "": at 01:00
	utc              string // what UTC clocks show then, where the zone's show it twice
}

const (
	china   = "Asia/Shanghai"
	london  = "Europe/London"
	newYork = "America/New_York"
)

var workedRows = []worked{
	// calendarDay: date + N + 1.
	{name: "31 March + 7: 1 to 7 April are hers, it leaves on the 8th", zone: china, unit: "calendarDay", days: 7, claimed: "2026-03-31 12:00", leaves: "2026-04-08 01:00"},
	{name: "one minute before midnight it is still the 31st", zone: china, unit: "calendarDay", days: 7, claimed: "2026-03-31 23:59", leaves: "2026-04-08 01:00"},
	{name: "at midnight it is the 1st: 2 to 8 April are hers", zone: china, unit: "calendarDay", days: 7, claimed: "2026-04-01 00:00", leaves: "2026-04-09 01:00"},
	{name: "claimed half an hour before a sweep, 1 day: that day does not count, 1 April does", zone: china, unit: "calendarDay", days: 1, claimed: "2026-03-31 00:30", leaves: "2026-04-02 01:00"},
	{name: "0 days: today, and gone tomorrow", zone: china, unit: "calendarDay", days: 0, claimed: "2026-03-31 12:00", leaves: "2026-04-01 01:00"},
	{name: "1 day: the whole of tomorrow", zone: china, unit: "calendarDay", days: 1, claimed: "2026-03-31 12:00", leaves: "2026-04-02 01:00"},
	{name: "28 February 2026 + 1: 1 March is hers, for there is no 29th", zone: china, unit: "calendarDay", days: 1, claimed: "2026-02-28 12:00", leaves: "2026-03-02 01:00"},
	{name: "28 February 2024 + 1: the 29th is hers", zone: china, unit: "calendarDay", days: 1, claimed: "2024-02-28 12:00", leaves: "2024-03-01 01:00"},
	{name: "28 February 2024 + 0: it leaves on the 29th", zone: china, unit: "calendarDay", days: 0, claimed: "2024-02-28 12:00", leaves: "2024-02-29 01:00"},
	{name: "29 February 2024 + 30: up to 30 March", zone: china, unit: "calendarDay", days: 30, claimed: "2024-02-29 12:00", leaves: "2024-03-31 01:00"},
	{name: "29 February 2024 + 365: 306 days are left of 2024, so up to 28 February, the 59th of 2025", zone: china, unit: "calendarDay", days: 365, claimed: "2024-02-29 12:00", leaves: "2025-03-01 01:00"},
	{name: "over New Year: 30 December + 3 is 2 January", zone: china, unit: "calendarDay", days: 3, claimed: "2025-12-30 12:00", leaves: "2026-01-03 01:00"},
	{name: "it takes no notice of the festival: 13 February + 3", zone: china, unit: "calendarDay", days: 3, claimed: "2026-02-13 12:00", leaves: "2026-02-17 01:00"},
	{name: "23:30 in New York is 11:30 of the 1st in China, and still the 31st there", zone: newYork, unit: "calendarDay", days: 0, claimed: "2026-03-31 23:30", leaves: "2026-04-01 01:00"},
	{name: "quarter-hour zones: 23:50 in Kathmandu is still that day", zone: "Asia/Kathmandu", unit: "calendarDay", days: 1, claimed: "2026-03-31 23:50", leaves: "2026-04-02 01:00"},

	// workday, China. Spring Festival 2026: off from 15 to 23 February, 14 and 28 February are made up for.
	{name: "Friday 13 February + 3: Sat 14 (made up), 24, 25 are hers, leaves on the next workday, the 26th", zone: china, unit: "workday", days: 3, claimed: "2026-02-13 12:00", leaves: "2026-02-26 01:00"},
	{name: "Wednesday 25 February + 2: 26, 27 are hers, leaves on Saturday 28 (made up)", zone: china, unit: "workday", days: 2, claimed: "2026-02-25 12:00", leaves: "2026-02-28 01:00"},
	{name: "Wednesday 25 February + 3: 26, 27, Sat 28 are hers, leaves on Monday 2 March", zone: china, unit: "workday", days: 3, claimed: "2026-02-25 12:00", leaves: "2026-03-02 01:00"},
	{name: "claimed on the made-up Saturday 28 February + 0: the next workday is Monday 2 March", zone: china, unit: "workday", days: 0, claimed: "2026-02-28 12:00", leaves: "2026-03-02 01:00"},
	{name: "within the festival, 18 February + 1: the 24th is hers, leaves on the 25th", zone: china, unit: "workday", days: 1, claimed: "2026-02-18 12:00", leaves: "2026-02-25 01:00"},
	{name: "a plain Friday 13 March + 1: Monday 16 is hers, leaves on Tuesday 17", zone: china, unit: "workday", days: 1, claimed: "2026-03-13 12:00", leaves: "2026-03-17 01:00"},
	{name: "a plain Saturday 14 March + 0: leaves on Monday 16", zone: china, unit: "workday", days: 0, claimed: "2026-03-14 12:00", leaves: "2026-03-16 01:00"},
	// 2025: off from 28 January to 4 February, Sunday 26 January and Saturday 8 February made up for.
	{name: "Friday 24 January + 1: Sat 25 is off, Sun 26 (made up) is hers, leaves on Monday 27", zone: china, unit: "workday", days: 1, claimed: "2025-01-24 12:00", leaves: "2025-01-27 01:00"},
	{name: "Monday 27 January + 0: off to 4 February, leaves on the 5th", zone: china, unit: "workday", days: 0, claimed: "2025-01-27 12:00", leaves: "2025-02-05 01:00"},
	{name: "Friday 7 February + 1: Sat 8 (made up) is hers, Sun 9 is off, leaves on Monday 10", zone: china, unit: "workday", days: 1, claimed: "2025-02-07 12:00", leaves: "2025-02-10 01:00"},
	// 2024: off from 10 to 17 February, Sunday 18 made up for; and a leap year.
	{name: "Friday 9 February + 1: off from 10 to 17, Sun 18 (made up) is hers, leaves on Monday 19", zone: china, unit: "workday", days: 1, claimed: "2024-02-09 12:00", leaves: "2024-02-19 01:00"},
	{name: "Wednesday 28 February + 1: Thursday 29 is hers, leaves on Friday 1 March", zone: china, unit: "workday", days: 1, claimed: "2024-02-28 12:00", leaves: "2024-03-01 01:00"},
	// National Day 2025: off from 1 to 8 October, Saturday 11 made up for.
	{name: "Tuesday 30 September + 2: Thu 9, Fri 10 are hers, leaves on Saturday 11 (made up)", zone: china, unit: "workday", days: 2, claimed: "2025-09-30 12:00", leaves: "2025-10-11 01:00"},
	// New Year 2026: off from 1 to 3 January, Sunday 4 made up for.
	{name: "Wednesday 31 December + 1: Sun 4 (made up) is hers, leaves on Monday 5", zone: china, unit: "workday", days: 1, claimed: "2025-12-31 12:00", leaves: "2026-01-05 01:00"},
	// Labour Day 2026: off from 1 to 5 May, Saturday 9 made up for.
	{name: "Thursday 30 April + 3: 6, 7, 8 May are hers, leaves on Saturday 9 (made up)", zone: china, unit: "workday", days: 3, claimed: "2026-04-30 12:00", leaves: "2026-05-09 01:00"},
	{name: "Friday 18 September + 1: Sat 19 is off, Sun 20 (made up) is hers, leaves on Monday 21", zone: china, unit: "workday", days: 1, claimed: "2026-09-18 12:00", leaves: "2026-09-21 01:00"},
	{name: "nobody knows the holidays of 2027 yet: Thursday 31 December 2026 + 0 leaves on Friday 1 January", zone: china, unit: "workday", days: 0, claimed: "2026-12-31 12:00", leaves: "2027-01-01 01:00"},

	// London: on 29 March 2026 clocks jump from 01:00 to 02:00; on 25 October they show 01:00 to 01:59 twice.
	{name: "the sweep of a day that skips 01:00 is at 02:00", zone: london, unit: "calendarDay", days: 1, claimed: "2026-03-27 12:00", leaves: "2026-03-29 02:00"},
	{name: "the day after is as ever", zone: london, unit: "calendarDay", days: 2, claimed: "2026-03-27 12:00", leaves: "2026-03-30 01:00"},
	{name: "of two 01:00 it is the first, in summer time: 00:00 UTC", zone: london, unit: "calendarDay", days: 1, claimed: "2026-10-23 12:00", leaves: "2026-10-25 01:00", utc: "00:00"},
	{name: "24h over the gap: 24 hours after noon of the 28th it is 13:00", zone: london, unit: "24h", days: 1, claimed: "2026-03-28 12:00", leaves: "2026-03-29 13:00"},
	{name: "24h over the overlap: 24 hours after noon it is 11:00", zone: london, unit: "24h", days: 1, claimed: "2026-10-24 12:00", leaves: "2026-10-25 11:00"},
	// New York: on 8 March 2026 from 02:00 to 03:00; on 1 November 01:00 to 01:59 twice.
	{name: "a sweep at 02:30, which the day skips, is at 03:00", zone: newYork, unit: "calendarDay", days: 0, claimed: "2026-03-07 12:00", leaves: "2026-03-08 03:00", sweep: "02:30"},
	{name: "of two 01:30 it is the first, four hours behind UTC", zone: newYork, unit: "calendarDay", days: 0, claimed: "2026-10-31 12:00", leaves: "2026-11-01 01:30", sweep: "01:30", utc: "05:30"},
	// Lord Howe moves by half an hour: on 4 October 2026 from 02:00 to 02:30. Santiago skips midnight on 6 September.
	{name: "a sweep at 02:15, within a gap of half an hour, is at 02:30", zone: "Australia/Lord_Howe", unit: "calendarDay", days: 0, claimed: "2026-10-03 12:00", leaves: "2026-10-04 02:30", sweep: "02:15"},
	{name: "a day that begins at 01:00 has its sweep of 00:30 then", zone: "America/Santiago", unit: "calendarDay", days: 0, claimed: "2026-09-05 12:00", leaves: "2026-09-06 01:00", sweep: "00:30"},

	// 24h: to the minute.
	{name: "7 times 24 hours", zone: china, unit: "24h", days: 7, claimed: "2026-03-31 12:00", leaves: "2026-04-07 12:00"},
	{name: "30 times over 29 February 2024: 15 + 30 − 29 = 16 March", zone: china, unit: "24h", days: 30, claimed: "2024-02-15 18:45", leaves: "2024-03-16 18:45"},
}

func TestDeadlinesWorkedByHand(t *testing.T) {
	if all := len(workedRows) + len(workedTiers); all < 40 {
		t.Errorf("only %d rows", all)
	}
	works := worksInChina(t)
	for _, c := range workedRows {
		t.Run(c.name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			must(t, err)
			if c.sweep == "" {
				c.sweep = "01:00"
			}
			written := fmt.Sprintf(`, "sweep": {"at": "%s"}, "reclaim": [{"id": "r", "clock": "assignedAt", "unit": "%s", "days": "%d"}]`, c.sweep, c.unit, c.days)
			w := newDepotIn(t, zone, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), poolFiles(written, ""))
			w.clock(c.claimed)
			id := w.held("ann", "A")
			if got := w.leaves(id); got != c.leaves {
				t.Errorf("the engine says %s, by hand it is %s", got, c.leaves)
			}
			at := time.UnixMilli(w.raw(id).Values.At(value.SysReclaimAt))
			if shown := at.UTC().Format("15:04"); c.utc != "" && shown != c.utc {
				t.Errorf("of the two it is the one at %s UTC", shown)
			}
			l := lawOf(rule{unit: c.unit, spares: -1, days: map[string]int{"A": c.days}}, zone, works)
			r := &life{pool: "east", tier: "A", assigned: time.UnixMilli(w.raw(id).Values.At(value.SysAssignedAt))}
			if got := l.first(r, c.sweep); got.Format("2006-01-02 15:04") != c.leaves || c.utc != "" && got.UTC().Format("15:04") != c.utc {
				t.Errorf("the simulator says %s, by hand it is %s", got, c.leaves)
			}
		})
	}
}

// lawOf is a law of one rule.
func lawOf(one rule, zone *time.Location, works func(time.Time) bool) law {
	return law{rules: map[string][]rule{"east": {one}}, zone: zone, works: works}
}

// first is when the simulator takes a record that nothing happens to: at the first sweep that finds its time over, or
// where hours count at the first minute.
func (l law) first(r *life, sweep string) time.Time {
	var hour, minute int
	if _, err := fmt.Sscanf(sweep, "%d:%d", &hour, &minute); err != nil {
		return time.Time{}
	}
	if l.rules[r.pool][0].unit == "24h" {
		at := r.assigned.In(l.zone)
		for !l.over(r, at) {
			at = at.Add(time.Minute)
		}
		return at
	}
	day := r.assigned.In(l.zone)
	for {
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, l.zone)
		if at := firstShown(day, l.zone, hour, minute); l.over(r, at) {
			return at.In(l.zone)
		}
	}
}

// A tier that changes while the time runs: A has 7 days, B 15, C and none 30.
type workedTier struct {
	name, tier, claimed string
	then                []tierStep
	leaves              string
}

type tierStep struct {
	at, by, tier string // tier "": a follow-up that counts
}

var workedTiers = []workedTier{
	{name: "no tier is the last one, 30 days: 1 to 30 April are hers", claimed: "2026-03-31 12:00", leaves: "2026-05-01 01:00"},
	{
		name: "on the day that it is due the boss makes it a C: 31 March + 30, it stays to 30 April", tier: "A", claimed: "2026-03-31 12:00",
		then: []tierStep{{"2026-04-08 00:30", "boss", "C"}}, leaves: "2026-05-01 01:00",
	},
	{
		name: "on that day she makes it a C herself: that counts from her next follow-up, and there is none", tier: "A", claimed: "2026-03-31 12:00",
		then: []tierStep{{"2026-04-08 00:30", "ann", "C"}}, leaves: "2026-04-08 01:00",
	},
	{
		name: "she does so and follows up before the sweep: 8 April + 30, 9 April to 8 May are hers", tier: "A", claimed: "2026-03-31 12:00",
		then: []tierStep{{"2026-04-08 00:30", "ann", "C"}, {"2026-04-08 00:40", "ann", ""}}, leaves: "2026-05-09 01:00",
	},
	{
		name: "on the day that a B is due the boss makes it an A: it was due already, and leaves that day", tier: "B", claimed: "2026-03-31 12:00",
		then: []tierStep{{"2026-04-16 00:30", "boss", "A"}}, leaves: "2026-04-16 01:00",
	},
	{
		name: "in time the boss makes a C a B: 31 March + 15, 1 to 15 April are hers, five days of notice are left", tier: "C", claimed: "2026-03-31 12:00",
		then: []tierStep{{"2026-04-10 12:00", "boss", "B"}}, leaves: "2026-04-16 01:00",
	},
	{
		name: "a follow-up on the due day before the sweep: 8 April + 7, up to the 15th", tier: "A", claimed: "2026-03-31 12:00",
		then: []tierStep{{"2026-04-08 00:59", "ann", ""}}, leaves: "2026-04-16 01:00",
	},
}

func TestTiersThatChangeWorkedByHand(t *testing.T) {
	zone, err := time.LoadLocation(china)
	must(t, err)
	works := worksInChina(t)
	for _, c := range workedTiers {
		t.Run(c.name, func(t *testing.T) {
			w := newDepotIn(t, zone, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), poolFiles(idle(""), ""))
			w.clock(c.claimed)
			values := map[string]any{"name": "Crane", "zone": "east", "holder": "ann"}
			if c.tier != "" {
				values["tier"] = c.tier
			}
			id := w.make("boss", "asset", values).ID
			for _, step := range c.then {
				w.clock(step.at)
				if step.tier != "" {
					must(t, w.try(value.ID(step.by), id, map[string]any{"tier": step.tier}))
					continue
				}
				w.make(value.ID(step.by), "check", map[string]any{"asset": string(id), "at": w.now.Format(time.RFC3339), "content": "called them"})
				must(t, w.Settle(t.Context()))
			}
			if got := w.leaves(id); got != c.leaves {
				t.Errorf("the engine says %s, by hand it is %s", got, c.leaves)
			}
			if got := c.simulated(t, zone, works); got != c.leaves {
				t.Errorf("the simulator says %s, by hand it is %s", got, c.leaves)
			}
		})
	}
}

// simulated goes through the days: what lengthens an owner's time by her own hand waits for her next follow-up.
func (c workedTier) simulated(t *testing.T, zone *time.Location, works func(time.Time) bool) string {
	t.Helper()
	when := func(text string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		must(t, err)
		return at
	}
	days := map[string]int{"A": 7, "B": 15, "C": 30}
	l := lawOf(rule{unit: "calendarDay", spares: -1, days: days}, zone, works)
	l.follow = true
	r, waits, then := &life{pool: "east", tier: c.tier, assigned: when(c.claimed)}, "", c.then
	day := r.assigned
	for {
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, zone)
		at := firstShown(day, zone, 1, 0)
		for len(then) > 0 && when(then[0].at).Before(at) {
			switch step := then[0]; {
			case step.tier == "":
				r.follow = append(r.follow, when(step.at))
				if waits != "" {
					r.tier, waits = waits, ""
				}
			case step.by == "ann" && days[step.tier] > days[r.tier]:
				waits = step.tier
			default:
				r.tier = step.tier
			}
			then = then[1:]
		}
		if l.over(r, at) {
			return at.In(zone).Format("2006-01-02 15:04")
		}
	}
}
