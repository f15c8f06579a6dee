package record

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/audit"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Equality with a complete value finds a record even where the field is masked (x-lookup): somebody who
// is called by a number learns whose it is. The same way leads to guessing what the mask hides, four
// digits at a time, so each actor has so many different values to ask for, and each is kept for the admin.

// allowance is how many different values one actor may look up within a time.
type allowance struct {
	values int
	within time.Duration
}

// allowances hold together. A day's worth would take a month for the four hidden digits of one number.
func allowances() []allowance { return []allowance{{60, 10 * time.Minute}, {300, lookupsKept}} }

const (
	lookupCollection = "lookup"
	lookupsKept      = 24 * time.Hour
)

// tally is what one actor has looked up lately, oldest first. It rests in the tenant's store, so that it
// holds over restarts and for all instances together.
type tally struct {
	Asked   []asked   `json:"asked"`
	Refused time.Time `json:"refused,omitzero"` // when a refusal was kept for the admin
}

type asked struct {
	At     time.Time `json:"at"`
	Digest string    `json:"digest"`
}

// restrict is the one way from a filter to what stores are asked: within the rights of the actor, and with
// every lookup counted and kept before it is answered. Faults: those of access.Decision.Restrict, and
// Throttled "lookup.throttled" with the seconds to wait.
func (v *visit) restrict(ctx context.Context, form *catalog.Form, verb meta.Verb, filter query.Filter) (query.Filter, error) {
	question, err := v.decision(form).Restrict(verb, filter, form.Lookup)
	if err != nil {
		return nil, err
	}
	return question.Filter, v.account(ctx, form, question.Lookups)
}

// account counts the values that the actor has not looked up before, and keeps them for the admin.
func (v *visit) account(ctx context.Context, form *catalog.Form, lookups []access.Lookup) error {
	if len(lookups) == 0 {
		return nil
	}
	before, err := v.tally(ctx, v.Store)
	if err != nil {
		return err
	}
	entries, err := v.entriesFor(ctx, form, before, lookups)
	if err != nil || len(entries) == 0 {
		return err
	}
	var refused error
	err = v.Store.Tx(ctx, func(tx store.Tx) error {
		now, err := v.tally(ctx, tx)
		if err != nil {
			return err
		}
		refused = v.refusal(now, len(entries))
		return v.keep(ctx, tx, now, entries, refused != nil)
	})
	if err != nil {
		return err
	}
	return refused
}

// lookedUp is an entry for the admin with the id that it gets.
type lookedUp struct {
	id value.ID
	audit.Entry
}

// entriesFor says of each value that is not in the tally whether a record in the actor's sight has it.
func (v *visit) entriesFor(ctx context.Context, form *catalog.Form, before *tally, lookups []access.Lookup) ([]lookedUp, error) {
	var out []lookedUp
	refused := false
	for _, l := range lookups {
		digest := v.digest(form, l)
		if before.has(digest) || slices.ContainsFunc(out, func(e lookedUp) bool { return e.Digest == digest }) {
			continue
		}
		e := lookedUp{v.NewID(), audit.Entry{
			At: v.now, Actor: v.actor.Key(), Op: audit.LookupMissed, Form: form.Key, Field: l.Field, Digest: digest,
		}}
		if refused = refused || v.refusal(before, len(out)+1) != nil; !refused {
			found, err := v.Store.Count(ctx, query.Count{
				Form: form.Key, Cap: 1,
				Filter: query.And{v.decision(form).Rows(meta.Read), query.Where(l.Field, query.Eq, l.Value)},
			})
			if err != nil {
				return nil, err
			}
			if found.Value > 0 {
				e.Op = audit.LookupFound
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// digest stands for a value of a field: it tells equal from different, and nothing without the key.
func (v *visit) digest(form *catalog.Form, l access.Lookup) string {
	mac := hmac.New(sha256.New, v.Seal[:])
	// Writing to a hash never fails.
	_, _ = fmt.Fprintf(mac, "lookup\x00%s\x00%s\x00%T\x00%v", form.Key, l.Field, l.Value, l.Value)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:15])
}

// keep writes what was asked, or once in a while that it was refused.
func (v *visit) keep(ctx context.Context, tx store.Tx, t *tally, entries []lookedUp, refused bool) error {
	if refused {
		if v.now.Sub(t.Refused) < allowances()[0].within {
			return nil
		}
		t.Refused = v.now
		told := entries[0]
		told.Op, told.Digest = audit.LookupRefused, ""
		entries = []lookedUp{told}
	}
	learnt := int64(0)
	for _, e := range entries {
		if err := audit.Write(ctx, tx, e.id, e.Entry); err != nil {
			return err
		}
		if e.Op == audit.LookupFound {
			learnt++
		}
		if !refused && !t.has(e.Digest) {
			t.Asked = append(t.Asked, asked{v.now, e.Digest})
		}
	}
	if learnt > 0 && v.Taken != nil {
		if err := v.Taken(ctx, tx, v.actor, learnt); err != nil {
			return err
		}
	}
	body, err := json.Marshal(t)
	if err != nil {
		return fault.Wrap("record.lookup", err)
	}
	item := store.Item{Key: string(v.actor.Key()), Expires: v.now.Add(lookupsKept), Body: body}
	return tx.Save(ctx, lookupCollection, item, store.AnyRevision)
}

// tally reads what the actor has looked up within the longest time that counts.
func (v *visit) tally(ctx context.Context, side store.Side) (*tally, error) {
	item, err := side.Load(ctx, lookupCollection, string(v.actor.Key()))
	if fault.KindOf(err) == fault.NotFound {
		return &tally{}, nil
	}
	if err != nil {
		return nil, err
	}
	var t tally
	if err := json.Unmarshal(item.Body, &t); err != nil {
		return nil, fault.Wrap("record.lookup", err)
	}
	t.Asked = slices.DeleteFunc(t.Asked, func(a asked) bool { return v.now.Sub(a.At) >= lookupsKept })
	return &t, nil
}

func (t *tally) has(digest string) bool {
	return slices.ContainsFunc(t.Asked, func(a asked) bool { return a.Digest == digest })
}

// refusal says how long to wait before so many more values may be asked for; nil where they may now.
func (v *visit) refusal(t *tally, more int) error {
	var wait time.Duration
	for _, a := range allowances() {
		var times []time.Time
		for _, one := range t.Asked {
			if v.now.Sub(one.At) < a.within {
				times = append(times, one.At)
			}
		}
		over := len(times) + more - a.values
		switch {
		case over > len(times): // more at once than there will ever be room for
			wait = max(wait, a.within)
		case over > 0:
			wait = max(wait, times[over-1].Add(a.within).Sub(v.now))
		}
	}
	if wait == 0 {
		return nil
	}
	seconds := int64((wait + time.Second - 1) / time.Second)
	return fault.New(fault.Throttled, "lookup.throttled").In("record.lookup").With("seconds", seconds)
}
