package pool_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/pool"
	"tidewater/engine/value"
)

func draw(t *rapid.T, room func(n int) int) pool.Draw {
	d := pool.Draw{Mode: pool.RandomEven, Seed: rapid.Uint64().Draw(t, "seed")}
	for n := range rapid.IntRange(0, 60).Draw(t, "candidates") {
		d.Candidates = append(d.Candidates, pool.Candidate{ID: value.ID(fmt.Sprintf("r%02d", n)), Stratum: rapid.SampledFrom([]string{"", "A", "B", "C"}).Draw(t, "stratum")})
	}
	for n := range rapid.IntRange(1, 9).Draw(t, "takers") {
		d.Takers = append(d.Takers, pool.Taker{User: value.ID(fmt.Sprintf("u%d", n)), Room: room(n), Before: rapid.IntRange(0, 3).Draw(t, "before")})
	}
	return d
}

func spread(counts map[value.ID]int, who []value.ID) int {
	low, high := 1<<30, 0
	for _, u := range who {
		low, high = min(low, counts[u]), max(high, counts[u])
	}
	return high - low
}

// Among people below their caps, counts differ by at most one in total and in each stratum; nobody gets more than
// they have room for, nothing goes twice, and what is left found nobody.
func TestEvenInTotalAndInEachStratum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, func(int) int { return rapid.SampledFrom([]int{0, 2, 5, 1000}).Draw(t, "room") })
		hands, left := d.Deal()
		if len(hands)+len(left) != len(d.Candidates) {
			t.Fatalf("%d dealt, %d left, of %d", len(hands), len(left), len(d.Candidates))
		}
		stratum, total, each := map[value.ID]string{}, map[value.ID]int{}, map[string]map[value.ID]int{}
		for _, c := range d.Candidates {
			stratum[c.ID] = c.Stratum
			each[c.Stratum] = map[value.ID]int{}
		}
		seen := map[value.ID]bool{}
		for _, h := range hands {
			if seen[h.ID] {
				t.Fatalf("%s twice", h.ID)
			}
			seen[h.ID] = true
			total[h.To]++
			each[stratum[h.ID]][h.To]++
		}
		var open []value.ID
		for _, who := range d.Takers {
			if total[who.User] > who.Room {
				t.Fatalf("%s got %d of %d", who.User, total[who.User], who.Room)
			}
			if total[who.User] < who.Room {
				open = append(open, who.User)
			}
		}
		if len(open) > 0 && len(left) > 0 {
			t.Fatalf("%v had room, and %v are left", open, left)
		}
		if len(open) == 0 {
			return
		}
		if spread(total, open) > 1 {
			t.Fatalf("in total: %v of %v", total, open)
		}
		for name, counts := range each {
			if spread(counts, open) > 1 {
				t.Fatalf("in stratum %q: %v of %v", name, counts, open)
			}
		}
	})
}

// The draw can be verified: dealt again from seed and inputs, in whatever order these come, it is the same.
func TestADrawIsDealtAgainTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, func(int) int { return 1000 })
		hands, _ := d.Deal()
		d.Candidates, d.Takers = slices.Clone(d.Candidates), slices.Clone(d.Takers)
		slices.Reverse(d.Candidates)
		slices.Reverse(d.Takers)
		again, _ := d.Deal()
		if !slices.Equal(hands, again) {
			t.Fatalf("%v\n%v", hands, again)
		}
	})
}

// A tie-break that is always the same starves whoever it does not favour: here each of three gets the odd one
// as often as the others.
func TestTheLedgerDecidesWhoGetsTheOddOnes(t *testing.T) {
	got := map[value.ID]int{}
	for run := range 30 {
		d := pool.Draw{Mode: pool.RandomEven, Seed: uint64(run)}
		for n := range 4 {
			d.Candidates = append(d.Candidates, pool.Candidate{ID: value.ID(fmt.Sprint(run, n))})
		}
		for _, u := range []value.ID{"a", "b", "c"} {
			d.Takers = append(d.Takers, pool.Taker{User: u, Room: 1000, Before: got[u]})
		}
		hands, _ := d.Deal()
		for _, h := range hands {
			got[h.To]++
		}
		if spread(got, []value.ID{"a", "b", "c"}) > 1 {
			t.Fatalf("after run %d: %v", run, got)
		}
	}
}

// Nobody gets more of a tier than they may hold of it; whoever is at that cap gets of the others, and what is left of a
// tier is what nobody may hold any more of.
func TestNobodyGetsMoreOfATierThanTheyMayHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, func(int) int { return rapid.SampledFrom([]int{0, 2, 5, 1000}).Draw(t, "room") })
		for n := range d.Takers {
			d.Takers[n].Tiers = map[string]int{"A": rapid.IntRange(0, 3).Draw(t, "A"), "B": rapid.IntRange(0, 3).Draw(t, "B")}
		}
		tier := map[value.ID]string{}
		for n, c := range d.Candidates {
			d.Candidates[n].Tier, tier[c.ID] = c.Stratum, c.Stratum
		}
		hands, left := d.Deal()
		got, of := map[value.ID]int{}, map[value.ID]map[string]int{}
		for _, h := range hands {
			if of[h.To] == nil {
				of[h.To] = map[string]int{}
			}
			got[h.To]++
			of[h.To][tier[h.ID]]++
		}
		for _, who := range d.Takers {
			for name, most := range who.Tiers {
				if of[who.User][name] > most {
					t.Fatalf("%s got %d of %s, of %d", who.User, of[who.User][name], name, most)
				}
			}
			for _, id := range left {
				most, limited := who.Tiers[tier[id]]
				if got[who.User] < who.Room && (!limited || of[who.User][tier[id]] < most) {
					t.Fatalf("%s of %q is left, and %s had room", id, tier[id], who.User)
				}
			}
		}
	})
}

func TestOtherWaysToDeal(t *testing.T) {
	cards := func(n int) (out []pool.Candidate) {
		for i := range n {
			out = append(out, pool.Candidate{ID: value.ID(fmt.Sprintf("r%02d", i))})
		}
		return out
	}
	count := func(d pool.Draw) map[value.ID]int {
		out := map[value.ID]int{}
		hands, _ := d.Deal()
		for _, h := range hands {
			out[h.To]++
		}
		return out
	}
	got := count(pool.Draw{Mode: pool.Weighted, Candidates: cards(12), Takers: []pool.Taker{{User: "a", Room: 99, Weight: 3}, {User: "b", Room: 99, Weight: 1}}})
	if got["a"] != 9 || got["b"] != 3 {
		t.Errorf("3 to 1: %v", got)
	}
	got = count(pool.Draw{Mode: pool.LeastLoaded, Candidates: cards(6), Takers: []pool.Taker{{User: "a", Room: 99, Load: 5}, {User: "b", Room: 99, Load: 1}}})
	if got["a"] != 1 || got["b"] != 5 {
		t.Errorf("least loaded: %v", got)
	}
	got = count(pool.Draw{Mode: pool.RoundRobin, Candidates: cards(5), Takers: []pool.Taker{{User: "a", Room: 99}, {User: "b", Room: 99}}})
	if got["a"]+got["b"] != 5 || got["a"]-got["b"] > 1 || got["b"]-got["a"] > 1 {
		t.Errorf("in turns: %v", got)
	}
	got = count(pool.Draw{Mode: pool.RandomEven, Candidates: cards(9), Zones: map[string]int{"east": 2}, Takers: []pool.Taker{
		{User: "a", Room: 99, Zone: "east"}, {User: "b", Room: 99, Zone: "east"}, {User: "c", Room: 3}}})
	if got["a"] != 1 || got["b"] != 1 || got["c"] != 3 {
		t.Errorf("a zone's share: %v", got)
	}
	hands, left := pool.Draw{Mode: pool.RandomEven, Candidates: []pool.Candidate{{ID: "r", Not: []value.ID{"a"}}, {ID: "s", Not: []value.ID{"a", "b"}}},
		Takers: []pool.Taker{{User: "a", Room: 9}, {User: "b", Room: 9}}}.Deal()
	if len(hands) != 1 || hands[0] != (pool.Hand{ID: "r", To: "b"}) || !slices.Equal(left, []value.ID{"s"}) {
		t.Errorf("in cool-down: %v, left %v", hands, left)
	}
}
