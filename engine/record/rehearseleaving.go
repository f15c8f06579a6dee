package record

import (
	"cmp"
	"slices"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Leaving counts the records of one owner and tier that would leave by a pool's rules, were they saved now.
type Leaving struct {
	Pool string `json:"pool"`
	// Owner is "" for all records whose owner the asker may not know, Tier where they may not know it or there is none.
	Owner     value.ID `json:"owner,omitempty"`
	OwnerName string   `json:"ownerName,omitempty"`
	Tier      string   `json:"tier,omitempty"`
	// TierField is what Tier is a value of.
	TierField value.FieldKey `json:"tierField,omitempty"`
	Tonight   Versus         `json:"tonight"` // with the pool's next sweep, and those that are overdue
	Month     Versus         `json:"month"`   // within 30 days, these included
	// Samples would leave within 30 days, but not by what is published.
	Samples []Sample `json:"samples"`
}

// Versus is a number by what is published, and by what is rehearsed.
type Versus struct {
	Was  int64 `json:"was"`
	Will int64 `json:"will"`
}

const (
	leavingAhead = 30 * 24 * time.Hour
	maxLeaving   = 500 // lines of owners and tiers; what is beyond is counted with what is not told
)

// leaving counts when the record would leave by both.
func (h *rehearsing) leaving(now, next *write) {
	was, will := h.departure(h.was, now.next), h.departure(h.will, next.next)
	if !was.soon && !will.soon {
		return
	}
	if was.pool == will.pool {
		h.leavingLine(will.pool, next.next).count(was, will)
	} else {
		h.leavingLine(was.pool, now.next).count(was, departure{})
		h.leavingLine(will.pool, next.next).count(departure{}, will)
	}
	if will.soon && !was.soon {
		h.sample(h.leavingLine(will.pool, next.next))
	}
}

// departure is when a record leaves, as far as it is counted.
type departure struct {
	pool          *catalog.Pool
	tonight, soon bool
}

func (h *rehearsing) departure(form *catalog.Form, r *value.Record) departure {
	p, known := form.Pool(r.Values.Text(value.SysPool))
	at := r.Values.At(value.SysReclaimAt)
	if !known || at == 0 || form.OwnerOf(r.Values) == "" {
		return departure{}
	}
	tonight := p.Sweeps(h.now.now, h.now.Zone)
	return departure{p, at <= tonight.UnixMilli(), at <= max(tonight.UnixMilli(), h.now.now.Add(leavingAhead).UnixMilli())}
}

func (l *Leaving) count(was, will departure) {
	add := func(n *int64, holds bool) {
		if holds {
			*n++
		}
	}
	add(&l.Tonight.Was, was.tonight)
	add(&l.Tonight.Will, will.tonight)
	add(&l.Month.Was, was.soon)
	add(&l.Month.Will, will.soon)
}

// leavingLine is the line that a record is counted in, a new one where it is the first. nil as the pool has a line that
// nobody reads.
func (h *rehearsing) leavingLine(p *catalog.Pool, r *value.Record) *Leaving {
	if p == nil {
		return &Leaving{}
	}
	line := Leaving{Pool: p.Def.Key}
	if h.tellsOwner() {
		line.Owner = h.will.OwnerOf(r.Values)
		if tier, known := h.will.Field(p.Def.Tier); known && h.tells(tier) {
			line.Tier, _ = p.TierOf(r.Values)
			line.TierField = p.Def.Tier
		}
	}
	same := func(o *Leaving) bool { return o.Pool == line.Pool && o.Owner == line.Owner && o.Tier == line.Tier }
	at := slices.IndexFunc(h.found.Leaving, same)
	if at < 0 && len(h.found.Leaving) >= maxLeaving && line.Owner != "" {
		line.Owner, line.Tier, line.TierField = "", "", ""
		at = slices.IndexFunc(h.found.Leaving, same)
	}
	if at >= 0 {
		return h.found.Leaving[at]
	}
	if user, known := h.now.people.User(line.Owner); known {
		line.OwnerName = user.Name
	}
	line.Samples = []Sample{}
	h.found.Leaving = append(h.found.Leaving, &line)
	return &line
}

// tellsOwner tells whether the asker may know whose the record at hand is.
func (h *rehearsing) tellsOwner() bool {
	d := h.asker.decision(h.was)
	return d.Reaches(meta.Read, h.at) && d.Sees(h.was.Def.Holders.Owner, h.at) == access.Whole
}

// sample keeps the record at hand with a line that tells of its owner.
func (h *rehearsing) sample(l *Leaving) {
	if l.Owner != "" && len(l.Samples) < maxSamples {
		l.Samples = append(l.Samples, h.sampled())
	}
}

// sortLeaving puts those first who would lose most.
func (f *Rehearsed) sortLeaving() {
	slices.SortStableFunc(f.Leaving, func(a, b *Leaving) int {
		return cmp.Or(cmp.Compare(b.Tonight.Will, a.Tonight.Will), cmp.Compare(b.Month.Will, a.Month.Will), cmp.Compare(b.Month.Was, a.Month.Was))
	})
}
