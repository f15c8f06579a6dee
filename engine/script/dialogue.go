package script

import (
	"context"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"tidewater/engine/fault"
)

// dialogue is one run as the parent sees it. The worker is not believed: whose run it is, what it may ask and
// how much is held here, and what it says is checked before it is used.
type dialogue struct {
	host    Host
	limits  Limits
	http    bool   // it may reach other hosts
	asked   int    // how often it has
	leaves  func() // lets others have its place
	effects []Effect
	used    Used
	over    string // the limit that was passed: such a run has failed, whatever the script made of it
	refused error  // the host's last fault
}

const (
	// maxAsked bounds the questions of one run to other hosts.
	maxAsked = 10
	// maxOutside is how much longer a run that may ask other hosts may take by the clock.
	maxOutside = time.Minute
)

// answer carries out what a script asks for. An error is a fault of the protocol.
func (d *dialogue) answer(ctx context.Context, a *ask) (*reply, error) {
	f, known := functionOf(a.Name)
	if !known || f.Place != Asked && f.Place != Buffered || len(a.Args) < f.least || len(a.Args) > f.most {
		return nil, errTurn
	}
	args := make([]any, len(a.Args))
	for n, raw := range a.Args {
		var err error
		if args[n], err = exact(raw); err != nil {
			return nil, err
		}
	}
	if slices.Contains(outward(), f.Name) && !d.http {
		return &reply{Fault: "script.http"}, nil
	}
	if f.Place == Buffered {
		return d.buffer(f.Name, args, a.Line), nil
	}
	return d.ask(ctx, f.Name, args), nil
}

func (d *dialogue) ask(ctx context.Context, name string, args []any) *reply {
	if d.used.Reads++; d.used.Reads > d.limits.Reads {
		return d.spend("script.reads")
	}
	if name == "http" {
		if d.asked++; d.asked > maxAsked {
			return d.spend("script.httpOften")
		}
		d.leaves()
	}
	value, rows, err := d.host.Answer(ctx, name, args)
	if err != nil {
		d.refused = err
		if code := fault.CodeOf(err); code != "" {
			return &reply{Fault: code}
		}
		return &reply{Fault: "internal"}
	}
	if d.used.Rows += rows; d.used.Rows > d.limits.Rows {
		return d.spend("script.rows")
	}
	return &reply{Value: value}
}

func (d *dialogue) spend(code string) *reply {
	if d.over == "" {
		d.over = code
	}
	return &reply{Fault: code}
}

// buffer notes what is to be written once the script has returned well.
func (d *dialogue) buffer(name string, args []any, line int) *reply {
	if d.used.Writes++; d.used.Writes > d.limits.Writes {
		return d.spend("script.writes")
	}
	e := Effect{Op: name, Line: line}
	switch name {
	case "notify":
		return d.bufferMessage(e, args)
	case "send":
		out, ok := readSending(args)
		if !ok {
			return &reply{Fault: "script.argument"}
		}
		e.Send = &out
		d.effects = append(d.effects, e)
		return &reply{}
	}
	var ok bool
	if e.Form, ok = args[0].(string); !ok {
		return &reply{Fault: "script.argument"}
	}
	if name == "create" {
		if e.Values, ok = named(args[1]); !ok {
			return &reply{Fault: "script.argument"}
		}
		e.ID = d.host.NewID()
		d.effects = append(d.effects, e)
		return &reply{Value: e.ID}
	}
	if e.ID, ok = args[1].(string); !ok {
		return &reply{Fault: "script.argument"}
	}
	switch name {
	case "update":
		e.Values, ok = named(args[2])
	case "act":
		if e.Action, ok = args[2].(string); ok && len(args) > 3 {
			e.Values, ok = named(args[3])
		}
	}
	if !ok {
		return &reply{Fault: "script.argument"}
	}
	return d.merge(e)
}

const (
	// maxTold and maxMessage bound one message: its readers, and the characters of each of its texts.
	maxTold    = 50
	maxMessage = 500
)

// bufferMessage notes what people are to be told. Each message is one of its own.
func (d *dialogue) bufferMessage(e Effect, args []any) *reply {
	wrong := &reply{Fault: "script.argument"}
	who, isList := args[0].([]any)
	if !isList {
		who = []any{args[0]}
	}
	for _, one := range who {
		id, ok := one.(string)
		if !ok {
			return wrong
		}
		e.To = append(e.To, id)
	}
	if len(e.To) == 0 || len(e.To) > maxTold || len(args) == 3 {
		return wrong
	}
	switch message := args[1].(type) {
	case string:
		e.Message = message
		if message == "" || utf8.RuneCountInString(message) > maxMessage {
			return wrong
		}
	case map[string]any:
		e.Message = message
		for _, one := range message {
			text, ok := one.(string)
			if !ok || text == "" || utf8.RuneCountInString(text) > maxMessage {
				return wrong
			}
		}
	default:
		return wrong
	}
	if len(args) == 4 {
		var isForm, isID bool
		e.Form, isForm = args[2].(string)
		e.ID, isID = args[3].(string)
		if !isForm || !isID {
			return wrong
		}
	}
	d.effects = append(d.effects, e)
	return &reply{}
}

// merge adds an effect to those before: a record is written once, whatever is asked for it.
func (d *dialogue) merge(e Effect) *reply {
	at := slices.IndexFunc(d.effects, func(o Effect) bool { return o.Form != "" && o.Op != "notify" && o.Form == e.Form && o.ID == e.ID })
	switch {
	case at < 0:
		d.effects = append(d.effects, e)
	case e.Op == "act" || d.effects[at].Op == "act": // it would not see what was done before it
		return &reply{Fault: "script.actOnce"}
	case d.effects[at].Op == "delete":
		return &reply{Fault: "script.deleted"}
	case e.Op == "update":
		maps.Copy(d.effects[at].Values, e.Values)
	case d.effects[at].Op == "create": // made and thrown away
		d.effects = slices.Delete(d.effects, at, at+1)
	default:
		d.effects[at] = e
	}
	return &reply{}
}

// named is a table of names; an empty one comes as a list.
func named(v any) (map[string]any, bool) {
	if list, ok := v.([]any); ok && len(list) == 0 {
		return map[string]any{}, true
	}
	m, ok := v.(map[string]any)
	return m, ok
}
