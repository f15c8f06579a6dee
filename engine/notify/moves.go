package notify

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/expr"
	"tidewater/engine/value"
)

// Moves makes of an event what people are to be told of a record that has come, gone or found no pool. ctx says
// the zone and the calendar; reclaim is the name of the action that takes records back by rule.
//
// Nobody is told what they did themselves, nor what follows from an action on another record, nor what a part
// of the system writes that is no action, such as an operator's import.
func Moves(e event.Event, form *catalog.Form, people *People, ctx expr.Context, reclaim string) []Telling {
	if form == nil || e.Kind != event.RecordCreated && e.Kind != event.RecordChanged || e.Action == "" && value.IsSystem(e.Actor) {
		return nil
	}
	m := move{event: e, form: form, was: ownerIn(form, e.Before), is: ownerIn(form, e.After), reclaim: reclaim}
	var out []Telling
	if e.Import == "" { // else the import has told it with what it wrote, see Brought
		out = append(m.owners(), m.guests()...)
	}
	if before, after := poolIn(e.Before), poolIn(e.After); e.Before == nil || before != after {
		ctx.Now = e.At
		if form.Unrouted(e.After, ctx) {
			out = append(out, m.telling(Unrouted, people.Admins()...))
		}
	}
	return append(out, m.nearer()...)
}

type move struct {
	event   event.Event
	form    *catalog.Form
	was, is value.ID
	reclaim string
}

func ownerIn(form *catalog.Form, r *value.Record) value.ID {
	if r == nil || form.Def.Holders.Owner == "" {
		return ""
	}
	return form.OwnerOf(r.Values)
}

func poolIn(r *value.Record) string {
	if r == nil {
		return ""
	}
	return r.Values.Text(value.SysPool)
}

func (m move) owners() []Telling {
	if m.won() {
		return []Telling{m.telling(GroupWon, m.is)}
	}
	if m.was == m.is || m.event.Action != "" && len(m.form.Pools) == 0 {
		return nil
	}
	var out []Telling
	if m.is != "" && m.is != m.event.Actor {
		out = append(out, m.telling(Assigned, m.is))
	}
	if m.was == "" || m.was == m.event.Actor {
		return out
	}
	if m.event.Action == m.reclaim {
		return append(out, m.telling(Reclaimed, m.was))
	}
	return append(out, m.telling(gone(m.is), m.was))
}

// won tells whether the record was closed because another of its group has won, and somebody else than its owner did so.
func (m move) won() bool {
	if m.event.Before == nil || m.is == "" || m.was != m.is || m.is == m.event.Actor {
		return false
	}
	return m.event.Before.Values.Text(value.SysClosedBy) == "" && m.event.After.Values.Text(value.SysClosedBy) != ""
}

// guests tells people with whom the record is newly shared, or in another way than before.
func (m move) guests() []Telling {
	var out []Telling
	before := sharesIn(m.event.Before)
	for _, s := range sharesIn(m.event.After) {
		user, isPerson := strings.CutPrefix(s.With, "user:")
		same := func(was value.Share) bool { return was.With == s.With && was.How == s.How }
		if isPerson && value.ID(user) != m.event.Actor && !slices.ContainsFunc(before, same) {
			out = append(out, m.telling(Shared, value.ID(user)))
		}
	}
	return out
}

func sharesIn(r *value.Record) []value.Share {
	if r == nil {
		return nil
	}
	return r.Values.Shares()
}

// gone is what whoever had a record hears of it, by who has it now.
func gone(is value.ID) Kind {
	if is != "" {
		return Transferred
	}
	return Returned
}

// Handed is a record that has come from one owner to another; "" is none.
type Handed struct {
	Record  value.ID
	Was, Is value.ID
}

// Brought makes of some rows of an import what people are to be told with the transaction that writes them: each
// hears of all that the import gives them, or takes from them, in one notice that grows. by is who imports, at when
// the import was asked for. Nobody is told what they do themselves, nor what a part of the system brings.
func Brought(form *catalog.Form, by, imported value.ID, at time.Time, rows []Handed) []Telling {
	if value.IsSystem(by) {
		return nil
	}
	var out []Telling
	place := map[toldOf]int{}
	tell := func(to value.ID, kind Kind, record value.ID) {
		if to == "" || to == by {
			return
		}
		n, known := place[toldOf{to, kind}]
		if !known {
			n, place[toldOf{to, kind}] = len(out), len(out)
			out = append(out, Telling{
				To: []value.ID{to}, Kind: kind, At: at, By: by, Args: labelled(form), Together: "import " + string(imported),
			})
			out[n].Args["import"] = string(imported)
		}
		out[n].About = append(out[n].About, About{Form: form.Key, ID: record})
	}
	for _, row := range rows {
		if row.Was != row.Is {
			tell(row.Is, Assigned, row.Record)
			tell(row.Was, gone(row.Is), row.Record)
		}
	}
	return out
}

// toldOf is what becomes one notice of an import.
type toldOf struct {
	to   value.ID
	kind Kind
}

func (m move) telling(kind Kind, to ...value.ID) Telling {
	e := m.event
	return Telling{
		To: to, Kind: kind, At: e.At, By: e.Actor, About: []About{{Form: m.form.Key, ID: e.Record}},
		Args: labelled(m.form), Once: OnceOf(e), Until: e.At.Add(onceKept),
		Together: string(m.form.Key) + " " + string(e.Actor),
	}
}

// onceKept is longer than any event waits in the outbox to be handed out once more.
const onceKept = 7 * 24 * time.Hour

// nearer tells an owner at once whose record somebody else's change brings so near to leaving that the usual
// reminders would come late.
func (m move) nearer() []Telling {
	e := m.event
	if e.Before == nil || m.was != m.is || m.is == "" || m.is == e.Actor {
		return nil
	}
	if !m.form.Sudden(e.Before, e.After, e.At) {
		return nil
	}
	return []Telling{AheadOf(m.form, e.After, []value.ID{m.is}, e.At, "event "+strconv.FormatInt(e.Seq, 10))}
}

// AheadOf is the reminder that a record is about to leave its owner; which tells it from others of the same
// deadline. All that somebody is reminded of on a day together is one notice.
func AheadOf(form *catalog.Form, r *value.Record, to []value.ID, at time.Time, which string) Telling {
	deadline := r.Values.At(value.SysReclaimAt)
	rule := r.Values.Text(value.SysReclaimBy)
	return Telling{
		To: to, Kind: Ahead, At: at, About: []About{{Form: form.Key, ID: r.ID, At: deadline}}, Args: labelled(form),
		Once:  strings.Join([]string{"ahead", string(form.Key), string(r.ID), rule, strconv.FormatInt(deadline, 10), which}, " "),
		Until: time.UnixMilli(deadline).Add(onceKept), Together: "ahead",
	}
}

// DueOf tells whoever has a record that the time which one of its fields holds has come. All of a minute is one notice.
func DueOf(form *catalog.Form, of *catalog.Field, r *value.Record, to value.ID, at time.Time) Telling {
	args := labelled(form)
	args["field"] = map[string]string(of.Def.Label)
	due := strconv.FormatInt(r.Values.At(of.Key), 10)
	return Telling{
		To: []value.ID{to}, Kind: Due, At: at, About: []About{{Form: form.Key, ID: r.ID}}, Args: args,
		Once:  strings.Join([]string{"due", string(form.Key), string(r.ID), string(of.Key), due}, " "),
		Until: at.Add(onceKept), Together: "due " + string(form.Key) + " " + string(of.Key),
	}
}

// OnceOf names what an event tells somebody.
func OnceOf(e event.Event) string { return "event " + strconv.FormatInt(e.Seq, 10) }

// FollowedOf tells people that somebody has changed a record that they follow. All that one person changes of a form's
// records in a minute is one notice.
func FollowedOf(form *catalog.Form, e event.Event, to []value.ID) Telling {
	return Telling{
		To: to, Kind: Followed, At: e.At, By: e.Actor, About: []About{{Form: form.Key, ID: e.Record}}, Args: labelled(form),
		Once: "followed " + strconv.FormatInt(e.Seq, 10), Until: e.At.Add(onceKept), Together: string(form.Key) + " " + string(e.Actor),
	}
}

func labelled(form *catalog.Form) map[string]any {
	return map[string]any{"form": map[string]string(form.Def.Label)}
}
