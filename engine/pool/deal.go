package pool

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"

	"tidewater/engine/value"
)

// Candidate is a record that may be handed out.
type Candidate struct {
	ID      value.ID   `json:"id"`
	Stratum string     `json:"stratum,omitempty"`
	Tier    string     `json:"tier,omitempty"` // whose records some may hold fewer of; "" for none
	Not     []value.ID `json:"not,omitempty"`  // who may not have it: they had it not long ago
}

// Taker is somebody who may be handed records.
type Taker struct {
	User value.ID `json:"user"`
	Room int      `json:"room"` // how many they may get
	// Tiers are how many of a tier, where that is limited too.
	Tiers  map[string]int `json:"tiers,omitempty"`
	Before int            `json:"before,omitempty"` // what they got in earlier runs, by the ledger
	Load   int            `json:"load,omitempty"`   // what they hold now
	Weight int            `json:"weight,omitempty"`
	Zone   string         `json:"zone,omitempty"` // whose share they draw on; "" for none
}

// Draw is all that a hand-out follows from: the same draw gives the same hands, whoever deals again.
type Draw struct {
	Mode       string         `json:"mode"`
	Seed       uint64         `json:"seed"`
	Take       int            `json:"take,omitempty"`   // at most so many of the candidates; 0: all
	Listed     bool           `json:"listed,omitempty"` // those that stand first; else the seed chooses
	Candidates []Candidate    `json:"candidates"`
	Takers     []Taker        `json:"takers"`
	Zones      map[string]int `json:"zones,omitempty"` // what a zone may get together
}

// Hand is one record for one person.
type Hand struct {
	ID value.ID `json:"id"`
	To value.ID `json:"to"`
}

// Deal hands the candidates out, stratum by stratum, each shuffled by the seed. With randomEven people take turns
// in one circle that goes on from stratum to stratum, those with the fewest so far first: so among people who
// have room and may have every record, no two differ by more than one, in total and in each stratum. What nobody
// may get is left.
func (d Draw) Deal() (hands []Hand, left []value.ID) {
	t := d.table()
	for _, stratum := range d.strata() {
		for len(stratum) > 0 {
			at, card := t.next(stratum)
			if at < 0 {
				break
			}
			hands = append(hands, Hand{stratum[card].ID, t.takers[at].User})
			t.give(at, stratum[card].Tier)
			stratum = slices.Delete(stratum, card, card+1)
		}
		for _, c := range stratum {
			left = append(left, c.ID)
		}
	}
	return hands, left
}

// strata are the candidates by stratum, the strata by name, each shuffled.
func (d Draw) strata() [][]Candidate {
	shuffle := rand.New(rand.NewPCG(d.Seed, 1))
	all := d.chosen()
	slices.SortStableFunc(all, func(a, b Candidate) int { return cmp.Or(cmp.Compare(a.Stratum, b.Stratum), cmp.Compare(a.ID, b.ID)) })
	var out [][]Candidate
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(c Candidate) bool { return c.Stratum != all[0].Stratum })
		if n < 0 {
			n = len(all)
		}
		one := slices.Clone(all[:n])
		shuffle.Shuffle(len(one), func(i, j int) { one[i], one[j] = one[j], one[i] })
		out, all = append(out, one), all[n:]
	}
	return out
}

// chosen are the candidates that the deal is about.
func (d Draw) chosen() []Candidate {
	all := slices.Clone(d.Candidates)
	if d.Take <= 0 || d.Take >= len(all) {
		return all
	}
	if !d.Listed {
		slices.SortFunc(all, func(a, b Candidate) int { return cmp.Compare(a.ID, b.ID) })
		choose := rand.New(rand.NewPCG(d.Seed, 3))
		choose.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	return all[:d.Take]
}

// table is a deal under way.
type table struct {
	mode   string
	takers []Taker
	got    []int
	tiers  []map[string]int // what each may still get of a tier that is limited
	zones  map[string]int   // what each zone may still get
	turn   int
}

func (d Draw) table() *table {
	t := &table{mode: d.Mode, takers: slices.Clone(d.Takers), zones: map[string]int{}}
	for zone, n := range d.Zones {
		t.zones[zone] = n
	}
	slices.SortFunc(t.takers, func(a, b Taker) int { return cmp.Compare(a.User, b.User) })
	draw := rand.New(rand.NewPCG(d.Seed, 2))
	draw.Shuffle(len(t.takers), func(i, j int) { t.takers[i], t.takers[j] = t.takers[j], t.takers[i] })
	// The ledger decides who gets the odd ones; where it is level, the seed has.
	slices.SortStableFunc(t.takers, func(a, b Taker) int { return cmp.Compare(a.Before, b.Before) })
	t.got = make([]int, len(t.takers))
	for _, who := range t.takers {
		t.tiers = append(t.tiers, maps.Clone(who.Tiers))
	}
	return t
}

// next is who gets a record now, and which of these; -1 where nobody may have any.
func (t *table) next(of []Candidate) (at, card int) {
	best := -1
	for n := range t.takers {
		at := (t.turn + n) % len(t.takers)
		may := t.card(at, of)
		if may < 0 {
			continue
		}
		if t.inTurn() {
			return at, may
		}
		if best < 0 || t.before(at, best) {
			best, card = at, may
		}
	}
	return best, card
}

func (t *table) inTurn() bool { return t.mode != LeastLoaded && t.mode != Weighted }

// card is the first record that somebody may have, -1 for none.
func (t *table) card(at int, of []Candidate) int {
	who := t.takers[at]
	limit, zoned := t.zones[who.Zone]
	if t.got[at] >= who.Room || zoned && limit <= 0 {
		return -1
	}
	return slices.IndexFunc(of, func(c Candidate) bool {
		left, limited := t.tiers[at][c.Tier]
		return (!limited || left > 0) && !slices.Contains(c.Not, who.User)
	})
}

// before tells whether a comes before b where it is not the turn that decides.
func (t *table) before(a, b int) bool {
	x, y := t.takers[a], t.takers[b]
	if t.mode == Weighted {
		// Sainte-Laguë: the greatest weight over twice what they got, and one.
		return x.Weight*(2*t.got[b]+1) > y.Weight*(2*t.got[a]+1)
	}
	return x.Load+t.got[a] < y.Load+t.got[b]
}

func (t *table) give(at int, tier string) {
	t.got[at]++
	if _, limited := t.tiers[at][tier]; limited {
		t.tiers[at][tier]--
	}
	if _, zoned := t.zones[t.takers[at].Zone]; zoned {
		t.zones[t.takers[at].Zone]--
	}
	t.turn = (at + 1) % len(t.takers)
}

// Ways to hand out.
const (
	RandomEven  = "randomEven"
	RoundRobin  = "roundRobin"
	Weighted    = "weighted"
	LeastLoaded = "leastLoaded"
)
