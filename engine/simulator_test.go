package engine_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
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
	id          value.ID
	pool, owner string
	tier        string
	sealed      bool
	assigned    time.Time
	follow      []time.Time // those that count
	locked      time.Time   // the last day on which it is, as noon in UTC; zero: it is not
	changed     *change     // since it is its owner's; nil: nothing
}

// change is another tier or another home of a record: what was before, and who made it so.
type change struct {
	pool, tier string
	at         time.Time
	byOwner    bool
	clock      time.Time // as it was then
	followed   time.Time // the last follow-up by then
}

// rule is one of a pool's.
type rule struct {
	unit     string
	days     map[string]int
	unsealed bool // it is for what is not sealed
	spares   int  // days after the assignment's on which it takes nothing, whatever the limit; -1: there are none
}

// law is what the pools of a world say.
type law struct {
	rules  map[string][]rule // by pool
	follow bool              // follow-ups restart the clocks
	hour   int
	zone   *time.Location
	works  func(time.Time) bool
}

// graceDays are those within which no change brings a deadline.
const graceDays = 3

// over tells whether, at a sweep, a record's time with its owner is over. What somebody has changed counts with notice; what
// its owner has, as far as it shortens, and for the rest once they have followed up.
func (l law) over(r *life, sweep time.Time) bool {
	now, c := l.due(r, r.pool, r.tier, l.clock(r), sweep), r.changed
	if c == nil {
		return now
	}
	was := l.due(r, c.pool, c.tier, c.clock, sweep)
	noticed := sweep.After(c.at.In(l.zone).AddDate(0, 0, graceDays))
	switch {
	case c.byOwner && !r.followed().After(c.followed):
		return was || now && noticed
	case noticed:
		return now
	}
	return was && now
}

// followed is the last follow-up; the zero time where there is none.
func (r *life) followed() (last time.Time) {
	for _, f := range r.follow {
		if f.After(last) {
			last = f
		}
	}
	return last
}

// due asks every rule of a pool, of a tier and a clock.
func (l law) due(r *life, pool, tier string, clock, sweep time.Time) bool {
	if !r.locked.IsZero() && !l.day(sweep).After(r.locked) {
		return false
	}
	for _, one := range l.rules[pool] {
		if !(one.unsealed && r.sealed) && l.passed(one, r, tier, clock, sweep) {
			return true
		}
	}
	return false
}

// day is the date of an instant, as noon in UTC.
func (l law) day(at time.Time) time.Time {
	shown := at.In(l.zone)
	return time.Date(shown.Year(), shown.Month(), shown.Day(), 12, 0, 0, 0, time.UTC)
}

func (l law) clock(r *life) time.Time {
	if last := r.followed(); l.follow && last.After(r.assigned) {
		return last
	}
	return r.assigned
}

// passed tells whether a rule's days have.
func (l law) passed(one rule, r *life, tier string, clock, sweep time.Time) bool {
	if one.spares >= 0 && !l.day(sweep).After(l.day(r.assigned).AddDate(0, 0, one.spares)) {
		return false
	}
	if tier == "" {
		tier = "C"
	}
	limit := one.days[tier]
	if one.unit == "24h" {
		return !sweep.Before(clock.Add(time.Duration(limit) * 24 * time.Hour))
	}
	// Count the days after the clock's day, one at a time, up to and with the sweep's day.
	passed, end := 0, l.day(sweep)
	for d := l.day(clock).AddDate(0, 0, 1); !d.After(end); d = d.AddDate(0, 0, 1) {
		if one.unit != "workday" || l.works(d) {
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
		follow: draw.IntN(4) > 0, hour: draw.IntN(5), zone: zone, works: worksInChina(t),
		rules: map[string][]rule{"east": drawRules(draw), "west": drawRules(draw)},
	}
	start := time.Date(2024+draw.IntN(2), time.Month(1+draw.IntN(12)), 1+draw.IntN(28), 0, 0, 0, 0, time.UTC)
	w := newDepotIn(t, zone, start, poolFiles(l.written("east"), l.written("west")))
	s := &simulated{world: w, draw: draw, law: l}
	for pool := range l.rules {
		_, err := w.Sweep(t.Context(), w.actor("boss"), "asset", pool, engine.SweepRequest{Do: "on"}, nil)
		must(t, err)
	}
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

// drawRules are one to three rules of a pool.
func drawRules(draw *rand.Rand) []rule {
	rules := make([]rule, 1+draw.IntN(3))
	for n := range rules {
		rules[n] = rule{
			unit: []string{"calendarDay", "24h", "workday"}[draw.IntN(3)], unsealed: draw.IntN(3) == 0, spares: max(-1, draw.IntN(20)-8),
			days: map[string]int{"A": draw.IntN(6), "B": draw.IntN(12), "C": 3 + draw.IntN(25)},
		}
	}
	return rules
}

// written is what a pool says, as its metadata has it.
func (l law) written(pool string) string {
	var rules []string
	for n, one := range l.rules[pool] {
		more := ""
		if one.spares >= 0 {
			more = fmt.Sprintf(`, "exempt": ["locked", "addDays(date(assignedAt), %d)"]`, one.spares)
		}
		if one.unsealed {
			more += `, "when": "sealed != true"`
		}
		clock := "assignedAt"
		if l.follow {
			clock = "max(assignedAt, activityAt ?? assignedAt)"
		}
		rules = append(rules, fmt.Sprintf(`{"id": "r%d", "clock": "%s", "unit": "%s", "days": {"A": %d, "B": %d, "C": %d}%s}`,
			n, clock, one.unit, one.days["A"], one.days["B"], one.days["C"], more))
	}
	return fmt.Sprintf(`, "activity": {"form": "check", "via": "asset", "at": "at"}, "claim": {"cooldown": {"value": 0}}, "lock": {"max": 50},
		"sweep": {"at": "%02d:30", "brake": {"share": 1}}, "reclaim": [%s]`, l.hour, strings.Join(rules, ", "))
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
	switch k := s.draw.IntN(12); {
	case k < 4 || len(s.lives) < 5:
		s.begins()
	case k < 6:
		s.claims(s.some(false))
	case k < 8:
		s.follows(s.some(true))
	case k == 8:
		s.returns(s.some(true))
	case k == 9:
		s.locks(s.some(true))
	case k == 10:
		s.rates(s.some(true))
	default:
		s.transfers(s.some(true))
	}
}

// some is one of the records that somebody owns, or of those that nobody does; nil where there is none.
func (s *simulated) some(owned bool) *life {
	var all []*life
	for _, r := range s.lives {
		if (r.owner != "") == owned {
			all = append(all, r)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[s.draw.IntN(len(all))]
}

var tiersOfWorlds = []string{"A", "B", "C", ""}

func (s *simulated) begins() {
	r := &life{pool: "east", tier: tiersOfWorlds[s.draw.IntN(4)], sealed: s.draw.IntN(3) == 0}
	values := map[string]any{"name": "x", "zone": "east"}
	if r.tier != "" {
		values["tier"] = r.tier
	}
	if r.sealed {
		values["sealed"] = true
	}
	r.id = s.make("boss", "asset", values).ID
	s.lives = append(s.lives, r)
	s.claims(r)
}

func (s *simulated) claims(r *life) {
	if r == nil {
		return
	}
	who := []string{"ann", "abe", "k001", "k002"}[s.draw.IntN(4)]
	if r.pool == "west" {
		who = "wes"
	}
	s.did(value.ID(who), r.id, "claim", nil, "")
	r.owner, r.assigned = who, time.UnixMilli(s.raw(r.id).Values.At(value.SysAssignedAt)).UTC()
}

// freed is a record that has lost its owner, and with them what was theirs alone.
func (r *life) freed() { r.owner, r.locked, r.changed = "", time.Time{}, nil }

func (s *simulated) follows(r *life) {
	if r == nil {
		return
	}
	said := s.instant().Add(-time.Duration(s.draw.IntN(5*24)) * time.Hour)
	s.make(value.ID(r.owner), "check", map[string]any{"asset": string(r.id), "at": said.Format(time.RFC3339), "content": "called"})
	must(s, s.Settle(s.Context()))
	r.follow = append(r.follow, said.Truncate(time.Second))
}

func (s *simulated) returns(r *life) {
	if r == nil {
		return
	}
	s.did(value.ID(r.owner), r.id, "return", nil, "enough")
	r.freed()
}

// locks protects a record that is not locked, by its owner or by whoever manages its pool, up to some day.
func (s *simulated) locks(r *life) {
	today := s.law.day(s.instant())
	if r == nil || !r.locked.Before(today) {
		return
	}
	r.locked = today.AddDate(0, 0, s.draw.IntN(20))
	who, why := value.ID(r.owner), ""
	if s.draw.IntN(2) == 0 {
		who, why = "boss", "they are on their way"
	}
	s.did(who, r.id, "lock", map[string]any{"until": r.locked.Format(time.DateOnly)}, why)
}

// rates gives a record another tier, by its owner or by somebody above them.
func (s *simulated) rates(r *life) {
	if r == nil || r.changed != nil {
		return
	}
	tier := tiersOfWorlds[s.draw.IntN(3)]
	who := value.ID(r.owner)
	if s.draw.IntN(2) == 0 {
		who = "boss"
	}
	r.changed = &change{pool: r.pool, tier: r.tier, at: s.instant(), byOwner: who != "boss", clock: s.law.clock(r), followed: r.followed()}
	r.tier = tier
	must(s, s.try(who, r.id, map[string]any{"tier": tier}))
}

// transfers makes the other pool a record's home; its owner keeps it.
func (s *simulated) transfers(r *life) {
	if r == nil || r.changed != nil {
		return
	}
	r.changed = &change{pool: r.pool, tier: r.tier, at: s.instant(), clock: s.law.clock(r), followed: r.followed()}
	r.pool = map[string]string{"east": "west", "west": "east"}[r.pool]
	s.did("boss", r.id, "transfer", map[string]any{"pool": r.pool}, "")
}

func (s *simulated) instant() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// swept runs a day's sweep in both worlds, and holds them together record by record.
func (s *simulated) swept(at time.Time) (moved int) {
	s.mu.Lock()
	s.now = at.UTC()
	s.mu.Unlock()
	for pool := range s.law.rules {
		_, err := s.Sweep(s.Context(), s.actor("boss"), "asset", pool, engine.SweepRequest{Do: "run"}, nil)
		must(s, err)
		s.turns()
	}
	for _, r := range s.lives {
		if r.owner == "" {
			continue
		}
		over := s.law.over(r, at)
		if has := s.owner(r.id); over != (has == "") {
			s.Fatalf("%+v: %+v, changed %+v, at %s: the simulator says over=%v, the engine's owner is %q, deadline %s",
				s.law.rules[r.pool], *r, r.changed, at.In(s.zone), over, has, s.leaves(r.id))
		}
		if over {
			moved++
			r.freed()
		}
	}
	return moved
}
