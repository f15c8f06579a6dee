// Package share shares single records with people and units, to read them or to change them too, and takes that back.
// Each is an action of package record, which does it by the same recipe as every change; what a share lets do is
// decided in package access.
//
// It knows no HTTP and no clock. An end by the day is the end of the tenant's day.
package share

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// The names of the actions.
const (
	Share   = "share"
	Unshare = "unshare"
)

// Ends is the collection of side documents that say when some record stops being shared with somebody. Their keys,
// see EndOf, stand in the order of time: whoever sweeps reads what is due and no more.
const Ends = "shareEnds"

// maxShares bounds with how many one record is shared.
const maxShares = 50

// Actions are those of the records of a form that can be shared.
func Actions(form *catalog.Form) []record.Action {
	if form.Def.Sharing == nil {
		return nil
	}
	return []record.Action{share{}, unshare{}}
}

// passesOn tells whether the actor may say with whom the record is shared.
func passesOn(on record.Asked) bool {
	owner := on.Form.HolderOf(on.Record)
	return on.Share && owner != "" && access.Among(on.Form.Def.Sharing.By, on.Actor, on.People, owner)
}

// takesBack tells whether the actor may say with whom the record is shared no longer.
func takesBack(on record.Asked) bool {
	return on.Own && access.Among(on.Form.Def.Sharing.By, on.Actor, on.People, on.Form.HolderOf(on.Record))
}

// share lets somebody in.
type share struct{}

func (share) Key() string { return Share }

// Describe offers it to everybody: who may share depends on whose the record is.
func (share) Describe(to record.Reader) (record.ActionView, bool) {
	how := meta.ActionArg{Key: "how", Label: to.Label("action.share.how"), Kind: meta.ArgOption, Required: true}
	for _, one := range []value.Sharing{value.ShareRead, value.ShareWrite, value.ShareTeam} {
		how.Options = append(how.Options, meta.Choice{Value: string(one), Label: to.Label("action.share." + string(one))})
	}
	return record.ActionView{
		Label: to.Label("action.share.label"), Kind: record.ActionPlain, Many: true,
		Ask: record.Asking{Reason: record.OptionalReason, Args: []meta.ActionArg{
			{Key: "person", Label: to.Label("action.share.person"), Kind: meta.ArgPerson},
			{Key: "unit", Label: to.Label("action.share.unit"), Help: to.Label("action.share.unitHelp"), Kind: meta.ArgUnit},
			how,
			{Key: "until", Label: to.Label("action.share.until"), Help: to.Label("action.share.untilHelp"), Kind: meta.ArgDate},
		}},
	}, true
}

func (share) Offers(on record.Asked) bool { return passesOn(on) }

func (share) Begin(_ context.Context, on *record.Acting) error {
	in := on.Read()
	person, unit, how, until := in.Text("person"), in.Text("unit"), value.Sharing(in.Text("how")), in.Text("until")
	if err := in.End(); err != nil {
		return err
	}
	with, err := guest(on, person, unit, how)
	if err != nil {
		return err
	}
	end, err := endOf(on.Asked, until, how)
	if err != nil {
		return err
	}
	now := on.Rule.Now.UnixMilli()
	one := value.Share{With: with, How: how, Until: end, By: on.Actor.Key(), At: now}
	rest := slices.DeleteFunc(on.Record.Values.Shares(), func(s value.Share) bool { return s.Ended(now) })
	at := slices.IndexFunc(rest, func(s value.Share) bool { return s.With == with })
	switch {
	case at >= 0 && rest[at].How == how && rest[at].Until == end:
		on.Leave()
		return nil
	case at >= 0:
		rest[at] = one
	case len(rest) >= maxShares:
		return fault.New(fault.Conflict, "share.tooMany").With("max", maxShares)
	default:
		rest = append(rest, one)
	}
	on.Next().Values.PutShares(rest)
	detail := value.Doc{string(value.ShareWith): with, string(value.ShareHow): string(how)}
	if end != 0 {
		detail[string(value.ShareUntil)] = time.UnixMilli(end).UTC().Format(time.RFC3339)
		key := keyOf(end, on.Form.Key, on.Record.ID)
		on.Within(func(ctx context.Context, tx store.Tx) error {
			return tx.Save(ctx, Ends, store.Item{Key: key, Body: json.RawMessage(`{}`)}, store.AnyRevision)
		})
	}
	on.Tell(detail)
	return nil
}

// guest is with whom the record is to be shared: one person who has some use of it, or one unit.
func guest(on *record.Acting, person, unit string, how value.Sharing) (string, error) {
	switch {
	case !slices.Contains([]value.Sharing{value.ShareRead, value.ShareWrite, value.ShareTeam}, how):
		return "", wrong("how", "field.option", "value", string(how))
	case (person == "") == (unit == ""):
		return "", wrong("person", "share.oneGuest")
	case unit != "":
		if _, known := on.People.Unit(value.ID(unit)); !known {
			return "", wrong("unit", "field.reference", "field", "unit")
		}
		if how == value.ShareTeam {
			return "", wrong("how", "share.teamOfPeople")
		}
		return "unit:" + unit, nil
	}
	who, known := on.People.Actor(value.ID(person))
	if !known {
		return "", wrong("person", "field.reference", "field", "person")
	}
	if who.User == on.Form.HolderOf(on.Record) {
		return "", wrong("person", "share.owner")
	}
	reads, changes := on.Reads(who)
	if !reads || how != value.ShareRead && !changes {
		return "", wrong("person", "share.ofNoUse", "name", who.Name, "form", map[string]string(on.Form.Def.Label))
	}
	return "user:" + person, nil
}

// endOf is the first instant at which a record is shared no longer; 0 for none. A day is shared to its end.
func endOf(on record.Asked, until string, how value.Sharing) (int64, error) {
	zone := on.Rule.Zone
	if zone == nil {
		zone = time.UTC
	}
	most := on.Form.Def.Sharing.MaxDays
	today := value.DayOf(on.Rule.Now, zone)
	last := value.TimeOf(value.AddDays(today, int64(most)+1), zone)
	if until == "" {
		if most == 0 || how == value.ShareTeam {
			return 0, nil
		}
		return last.UnixMilli(), nil
	}
	end, err := time.Parse(time.RFC3339, until)
	if day, failed := time.Parse(time.DateOnly, until); failed == nil {
		end, err = value.TimeOf(value.AddDays(value.DayOf(day, time.UTC), 1), zone), nil
	}
	end = end.UTC().Truncate(time.Millisecond)
	switch {
	case err != nil:
		return 0, wrong("until", "field.date")
	case !end.After(on.Rule.Now):
		return 0, wrong("until", "share.past")
	case most > 0 && end.After(last):
		return 0, wrong("until", "share.tooLong", "days", most)
	}
	return end.UnixMilli(), nil
}

// unshare takes a share back: any by whoever may share, also where they may not change the record any more, one's own by
// anybody.
type unshare struct{}

func (unshare) Key() string { return Unshare }

// Describe offers it to everybody with whom something may be shared.
func (unshare) Describe(to record.Reader) (record.ActionView, bool) {
	return record.ActionView{
		Label: to.Label("action.unshare.label"), Kind: record.ActionPlain, Many: true,
		Ask: record.Asking{Reason: record.OptionalReason, Args: []meta.ActionArg{
			{Key: "person", Label: to.Label("action.share.person"), Kind: meta.ArgPerson},
			{Key: "unit", Label: to.Label("action.share.unit"), Kind: meta.ArgUnit},
		}},
	}, true
}

func (unshare) Offers(on record.Asked) bool {
	all := on.Record.Values.Shares()
	return len(all) > 0 && (takesBack(on) || slices.ContainsFunc(all, func(s value.Share) bool { return s.With == self(on) }))
}

func self(on record.Asked) string { return "user:" + string(on.Actor.User) }

func (unshare) Begin(_ context.Context, on *record.Acting) error {
	in := on.Read()
	person, unit := in.Text("person"), in.Text("unit")
	if err := in.End(); err != nil {
		return err
	}
	with := "user:" + person
	switch {
	case person != "" && unit != "", person == "" && unit == "" && takesBack(on.Asked):
		return wrong("person", "share.oneGuest")
	case unit != "":
		with = "unit:" + unit
	case person == "":
		with = self(on.Asked)
	}
	if with != self(on.Asked) && !takesBack(on.Asked) {
		return fault.New(fault.Forbidden, "action.mayNot").With("action", Unshare)
	}
	all := on.Record.Values.Shares()
	left := slices.DeleteFunc(slices.Clone(all), func(s value.Share) bool { return s.With == with })
	if len(left) == len(all) {
		on.Leave()
		return nil
	}
	on.Next().Values.PutShares(left)
	on.Tell(value.Doc{string(value.ShareWith): with})
	return nil
}

func wrong(key, code string, args ...any) error {
	var issues fault.Issues
	issues.Add("/args/"+key, code, args...)
	return issues.Fault("share.args", "action.args")
}

// keyOf is the key of an end among Ends.
func keyOf(end int64, form value.FormKey, id value.ID) string {
	return fmt.Sprintf("%015d/%s/%s", end, form, id)
}

// EndOf reads the key of an end: when it is, and of which record. ok is false for what is none.
func EndOf(key string) (at int64, form value.FormKey, id value.ID, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 3 {
		return 0, "", "", false
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	return at, value.FormKey(parts[1]), value.ID(parts[2]), err == nil
}
