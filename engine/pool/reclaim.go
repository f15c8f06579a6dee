package pool

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// reclaim takes a record back by rule. Only the sweep does it; it asks the rules again, so that a record whose
// owner was faster is spared.
type reclaim struct{}

// Reclaim is the name of the action that takes records back.
const Reclaim = "reclaim"

func (reclaim) Key() string { return Reclaim }

// Describe offers it to nobody.
func (reclaim) Describe(record.Reader) (record.ActionView, bool) { return record.ActionView{}, false }

func (reclaim) Offers(on record.Asked) bool {
	s, ok := stands(on)
	at := on.Record.Values.At(value.SysReclaimAt)
	return ok && on.Actor.System == Reclaimer().System && s.owner != "" && at != 0 && at <= on.Rule.Now.UnixMilli()
}

func (reclaim) Begin(ctx context.Context, on *record.Acting) error {
	s, _ := stands(on.Asked)
	v := s.Form.Verdict(s.Record, s.Rule)
	if v.At == 0 || v.At > s.Rule.Now.UnixMilli() {
		on.Renew()
		return nil
	}
	told := detail(s.pool, v, s.Record.Values.At(value.SysReclaimAt))
	if v.Held {
		told["held"] = true
	}
	if v.KeepsCollaborators() {
		told["kept"] = s.team()
	}
	on.Tell(told)
	of := catalog.Subject{ID: s.Record.ID, Version: s.Record.Version, Values: s.Record.Values, Context: s.Rule}
	if err := on.Explain(s.Form.ExplainReclaim(of, s.Record)); err != nil {
		return err
	}
	if to := v.Target(s.Record, s.Rule); to != "" && to != s.pool.Def.Key {
		if _, known := s.Form.Pool(to); known {
			if err := s.put(on, to); err != nil {
				return err
			}
		}
	}
	return s.give(ctx, on, "")
}

// detail is what the history tells of a move by rule.
func detail(p *catalog.Pool, v catalog.Verdict, deadline int64) value.Doc {
	return value.Doc{
		"pool": p.Def.Key, "version": p.Version, "rule": v.Rule, "clock": v.Clock, "limit": v.Days, "unit": v.Unit, "path": v.Path,
		"deadline": deadline, "reads": v.Reads,
	}
}

// team is how many work on the record now.
func (s standing) team() int64 {
	n, now := int64(0), s.Rule.Now.UnixMilli()
	for _, one := range s.Record.Values.Shares() {
		if one.How == value.ShareTeam && !one.Ended(now) {
			n++
		}
	}
	return n
}
