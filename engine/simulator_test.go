package engine_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
	_ "time/tzdata"

	"tidewater/engine"
	"tidewater/engine/value"
)

// The simulator is a second reading of pools.md, by brute force: it goes through the days one by one, asks of
// each record on each day whether its time is over, and knows neither deadlines nor indexes. It shares no code
// with the engine but the holidays, which are data.

// life is a record as the simulator has it.
type life struct {
	id       value.ID
	owner    string
	tier     string
	assigned time.Time
	follow   []time.Time // those that count
}

// law is one pool's rule.
type law struct {
	unit   string
	days   map[string]int
	follow bool // follow-ups restart the clock
	spares int  // days after the assignment's on which nothing takes it, whatever the limit; -1: there are none
	hour   int
}

// over tells whether, at a sweep, a record's time with its owner is over.
func (l law) over(r *life, sweep time.Time, zone *time.Location, works func(time.Time) bool) bool {
	clock := r.assigned
	if l.follow {
		for _, f := range r.follow {
			if f.After(clock) {
				clock = f
			}
		}
	}
	if l.spares >= 0 {
		last := r.assigned.In(zone)
		last = time.Date(last.Year(), last.Month(), last.Day()+l.spares, 12, 0, 0, 0, time.UTC)
		if at := sweep.In(zone); !time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, time.UTC).After(last) {
			return false
		}
	}
	tier := r.tier
	if tier == "" {
		tier = "C"
	}
	limit := l.days[tier]
	if l.unit == "24h" {
		return !sweep.Before(clock.Add(time.Duration(limit) * 24 * time.Hour))
	}
	// Count the days after the clock's day, one at a time, up to and with the sweep's day.
	from, passed := clock.In(zone), 0
	last := sweep.In(zone)
	noon := time.Date(from.Year(), from.Month(), from.Day(), 12, 0, 0, 0, time.UTC)
	end := time.Date(last.Year(), last.Month(), last.Day(), 12, 0, 0, 0, time.UTC)
	for d := noon.AddDate(0, 0, 1); !d.After(end); d = d.AddDate(0, 0, 1) {
		if l.unit != "workday" || works(d) {
			passed++
		}
	}
	return passed > limit
}

// simulated is one world of the simulator beside one of the engine.
type simulated struct {
	*world
	draw  *rand.Rand
	law   law
	lives []*life
	works func(time.Time) bool
}

func worksInChina(t *testing.T) func(time.Time) bool {
	t.Helper()
	data, err := os.ReadFile("org/data/cn-holidays.json")
	must(t, err)
	var special map[string]struct{ Off bool }
	must(t, json.Unmarshal(data, &special))
	return func(d time.Time) bool {
		if s, ok := special[d.Format(time.DateOnly)]; ok {
			return !s.Off
		}
		return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
	}
}

var zonesOfWorlds = []string{"Asia/Shanghai", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago"}

// simulatedDays are two years of each world.
const simulatedDays = 730

func TestReclaimingAgreesWithASimulatorDayByDay(t *testing.T) {
	worlds := 10
	if n, err := strconv.Atoi(os.Getenv("RECLAIM_WORLDS")); err == nil {
		worlds = n
	}
	seed := uint64(20260331)
	if n, err := strconv.ParseUint(os.Getenv("RECLAIM_SEED"), 10, 64); err == nil {
		seed = n
	}
	moved := 0
	for n := range worlds {
		t.Run(fmt.Sprintf("seed %d", seed+uint64(n)), func(t *testing.T) { moved += simulate(t, seed+uint64(n)) })
	}
	t.Logf("seeds %d to %d: %d records were taken back, each on the simulator's day", seed, seed+uint64(worlds)-1, moved)
	if moved < 20*worlds {
		t.Errorf("only %d records moved: the worlds are too quiet to prove anything", moved)
	}
}

func simulate(t *testing.T, seed uint64) (moved int) {
	draw := rand.New(rand.NewPCG(seed, 1))
	zone, err := time.LoadLocation(zonesOfWorlds[draw.IntN(len(zonesOfWorlds))])
	must(t, err)
	l := law{
		unit: []string{"calendarDay", "24h", "workday"}[draw.IntN(3)], follow: draw.IntN(4) > 0, hour: draw.IntN(5),
		days: map[string]int{"A": draw.IntN(6), "B": draw.IntN(12), "C": 3 + draw.IntN(25)}, spares: draw.IntN(20) - 8,
	}
	spares := ""
	if l.spares >= 0 {
		spares = fmt.Sprintf(`, "exempt": ["locked", "addDays(date(assignedAt), %d)"]`, l.spares)
	}
	clock := "assignedAt"
	if l.follow {
		clock = "max(assignedAt, activityAt ?? assignedAt)"
	}
	rule := fmt.Sprintf(`, "activity": {"form": "check", "via": "asset", "at": "at"}, "claim": {"cooldown": {"value": 0}}, "sweep": {"at": "%02d:30", "brake": {"share": 1}},
		"reclaim": [{"id": "r", "clock": "%s", "unit": "%s", "days": {"A": %d, "B": %d, "C": %d}%s}]`,
		l.hour, clock, l.unit, l.days["A"], l.days["B"], l.days["C"], spares)
	start := time.Date(2024+draw.IntN(2), time.Month(1+draw.IntN(12)), 1+draw.IntN(28), 0, 0, 0, 0, time.UTC)
	w := newDepotIn(t, zone, start, poolFiles(rule, ""))
	s := &simulated{world: w, draw: draw, law: l, works: worksInChina(t)}
	w.turnOn()
	day := start.In(zone)
	for range simulatedDays {
		for range draw.IntN(4) {
			s.happens(day)
		}
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, zone)
		sweep := s.sweepOf(day)
		moved += s.swept(sweep)
	}
	w.clean()
	return moved
}

// sweepOf is the instant of a day's sweep.
func (s *simulated) sweepOf(day time.Time) time.Time { return firstShown(day, s.zone, s.law.hour, 30) }

// firstShown is the first instant of a day at which clocks show a time or, where they skip it, the first after. It
// looks minute by minute.
func firstShown(day time.Time, zone *time.Location, hour, minute int) time.Time {
	at := time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, zone).Add(-14 * time.Hour)
	for {
		shown := at.In(zone)
		if shown.Day() == day.Day() && shown.Hour()*60+shown.Minute() >= hour*60+minute {
			return at
		}
		at = at.Add(time.Minute)
	}
}

// happens lets something happen to some record in the course of a day.
func (s *simulated) happens(day time.Time) {
	at := time.Date(day.Year(), day.Month(), day.Day(), 9+s.draw.IntN(9), s.draw.IntN(60), 0, 0, s.zone).UTC()
	s.mu.Lock()
	if at.After(s.now) {
		s.now = at
	}
	now := s.now.Add(time.Second).Truncate(time.Millisecond)
	s.now = now
	s.mu.Unlock()
	free := func(owned bool) *life {
		var some []*life
		for _, r := range s.lives {
			if (r.owner != "") == owned {
				some = append(some, r)
			}
		}
		if len(some) == 0 {
			return nil
		}
		return some[s.draw.IntN(len(some))]
	}
	who := []string{"ann", "abe", "k001", "k002"}[s.draw.IntN(4)]
	switch k := s.draw.IntN(10); {
	case k < 4 || len(s.lives) < 5:
		tier := []string{"A", "B", "C", ""}[s.draw.IntN(4)]
		values := map[string]any{"name": "x", "zone": "east"}
		if tier != "" {
			values["tier"] = tier
		}
		made := s.make("boss", "asset", values)
		r := &life{id: made.ID, tier: tier}
		s.lives = append(s.lives, r)
		s.claims(r, who)
	case k < 6:
		if r := free(false); r != nil {
			s.claims(r, who)
		}
	case k < 9:
		if r := free(true); r != nil {
			said := s.instant().Add(-time.Duration(s.draw.IntN(5*24)) * time.Hour)
			s.make(value.ID(r.owner), "check", map[string]any{"asset": string(r.id), "at": said.Format(time.RFC3339), "content": "called"})
			must(s, s.Settle(s.Context()))
			r.follow = append(r.follow, said.Truncate(time.Second))
		}
	default:
		if r := free(true); r != nil {
			s.did(value.ID(r.owner), r.id, "return", nil, "enough")
			r.owner = ""
		}
	}
}

func (s *simulated) instant() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *simulated) claims(r *life, who string) {
	s.did(value.ID(who), r.id, "claim", nil, "")
	r.owner, r.assigned = who, time.UnixMilli(s.raw(r.id).Values.At(value.SysAssignedAt)).UTC()
}

// swept runs a day's sweep in both worlds, and holds them together record by record.
func (s *simulated) swept(at time.Time) (moved int) {
	s.mu.Lock()
	s.now = at.UTC()
	s.mu.Unlock()
	_, err := s.Sweep(s.Context(), s.actor("boss"), "asset", "east", engine.SweepRequest{Do: "run"}, nil)
	must(s, err)
	s.turns()
	for _, r := range s.lives {
		if r.owner == "" {
			continue
		}
		over := s.law.over(r, at, s.zone, s.works)
		if has := s.owner(r.id); over != (has == "") {
			s.Fatalf("%v: %+v at %s: the simulator says over=%v, the engine's owner is %q, deadline %s",
				s.law, *r, at.In(s.zone), over, has, s.leaves(r.id))
		}
		if over {
			moved++
			r.owner = ""
		}
	}
	return moved
}
