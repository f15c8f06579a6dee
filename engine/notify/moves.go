package notify

import (
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
	if form == nil || e.Kind != event.RecordCreated && e.Kind != event.RecordChanged || e.Action == "" && strings.HasPrefix(string(e.Actor), "system:") {
		return nil
	}
	m := move{event: e, form: form, was: ownerIn(form, e.Before), is: ownerIn(form, e.After), reclaim: reclaim}
	out := m.owners()
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
	switch {
	case m.event.Action == m.reclaim:
		out = append(out, m.telling(Reclaimed, m.was))
	case m.is != "":
		out = append(out, m.telling(Transferred, m.was))
	default:
		out = append(out, m.telling(Returned, m.was))
	}
	return out
}

func (m move) telling(kind Kind, to ...value.ID) Telling {
	e := m.event
	return Telling{
		To: to, Kind: kind, At: e.At, By: e.Actor, About: []About{{Form: m.form.Key, ID: e.Record}},
		Args: labelled(m.form), Once: "event " + strconv.FormatInt(e.Seq, 10), Until: e.At.Add(onceKept),
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

func labelled(form *catalog.Form) map[string]any {
	return map[string]any{"form": map[string]string(form.Def.Label)}
}
