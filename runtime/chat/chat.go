// Package chat carries messages to people of the chat services WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书), in the
// name of an app that a tenant has there. Requests are made by egress, within its walls.
//
// Messages are taken at least once: where a process dies between a service's taking one and the note of that, it is
// sent again under the same key. What the services make of that: Feishu drops a repeat of the key within an hour;
// WeCom a repeat of the words within the ten minutes asked for here; DingTalk a repeat of the words to the same person
// on the same day. What is sent says when it happened, so that two messages of the same words differ.
package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/script"
)

// Client asks other hosts, see egress.Client.
type Client interface {
	Converse(ctx context.Context, out script.Outgoing) (*script.Incoming, error)
}

// Config is what the carriers stand on; all of it is needed.
type Config struct {
	Client Client
	Clock  func() time.Time
}

// Carriers returns the carrier of each service.
func Carriers(config Config) map[notify.Channel]notify.Carrier {
	line := line{Config: config, tokens: newTokens(config.Clock)}
	return map[notify.Channel]notify.Carrier{
		notify.WeCom: &weCom{line}, notify.DingTalk: &dingTalk{line}, notify.Feishu: &feishu{line},
	}
}

// line is what the carriers have in common.
type line struct {
	Config
	tokens *tokens
}

// answer is a service's answer to a request.
type answer struct {
	status int
	rest   string // Retry-After, or what the service has in its place
	body   []byte
}

// ask sends a request with JSON, or none with nil, and reads the answer into what is expected. Faults: those of egress;
// Throttled "channel.limited", Unavailable "channel.busy" by the status; Unavailable "channel.answer" for what is no answer.
func (l line) ask(ctx context.Context, method, address, bearer string, say, into any) error {
	const op = "chat.ask"
	out := script.Outgoing{Method: method, URL: address, Headers: map[string]string{}}
	if say != nil {
		body, err := json.Marshal(say)
		if err != nil {
			return fault.Wrap(op, err)
		}
		out.Body = string(body)
		out.Headers["Content-Type"] = "application/json; charset=utf-8"
	}
	if bearer != "" {
		out.Headers["Authorization"] = "Bearer " + bearer
	}
	in, err := l.Client.Converse(ctx, out)
	if err != nil {
		return fault.Wrap(op, err)
	}
	got := answer{in.Status, in.Headers["retry-after"], in.Body}
	if got.rest == "" {
		got.rest = in.Headers["x-ogw-ratelimit-reset"]
	}
	if err := got.refused(op); err != nil {
		return err
	}
	if err := json.Unmarshal(got.body, into); err != nil {
		return fault.New(fault.Unavailable, "channel.answer").In(op).With("code", got.status)
	}
	return nil
}

// refused is what the status of an answer alone says.
func (a answer) refused(op string) error {
	const tooMany, badServer = 429, 500
	switch {
	case a.status == tooMany:
		return limited(op, a.status, a.rest)
	case a.status >= badServer:
		return fault.New(fault.Unavailable, "channel.busy").In(op).With("code", a.status)
	}
	return nil
}

func limited(op string, code any, rest string) error {
	f := fault.New(fault.Throttled, "channel.limited").In(op).With("code", code)
	if seconds, err := strconv.Atoi(rest); err == nil {
		f = f.With("seconds", seconds)
	}
	return f
}

// meaning is what a service's code says of a message.
type meaning int

const (
	refused   meaning = iota // this message is never taken
	taken                    //
	renew                    // the token is over
	badSecret                // the app is not known by what the tenant has given, or may not do this; that can be mended
	stranger                 // there is nobody of this id, or none that the app reaches
	wait                     // the service is busy
	slower                   // the app asks too often
)

// fault is the fault of a code; nil for taken.
func (m meaning) fault(op string, code any) error {
	switch m {
	case taken:
		return nil
	case renew, badSecret:
		return fault.New(fault.Unavailable, "channel.credentials").In(op).With("code", code)
	case stranger:
		return fault.New(fault.Invalid, "channel.recipient").In(op).With("code", code)
	case wait:
		return fault.New(fault.Unavailable, "channel.busy").In(op).With("code", code)
	case slower:
		return limited(op, code, "")
	case refused:
	}
	return fault.New(fault.Invalid, "channel.refused").In(op).With("code", code)
}

// send sends with a token, and once more with a new one where the service says that it is over.
func (l line) send(ctx context.Context, key tokenKey, fetch fetch, once func(token string) (meaning, any, error)) error {
	for again := false; ; again = true {
		token, err := l.tokens.get(ctx, key, fetch)
		if err != nil {
			return err
		}
		m, code, err := once(token)
		if err != nil {
			return err
		}
		if m != renew || again {
			return m.fault("chat.send", code)
		}
		l.tokens.forget(key, token)
	}
}

// place is where a service is reached; "": where all reach it. Companies have their own WeCom and DingTalk, and Feishu is
// Lark elsewhere (https://open.larksuite.com).
type place struct {
	Host string `json:"host,omitempty"` // "https://wecom.example.com"
}

func (p place) or(usual string) string {
	if p.Host == "" {
		return usual
	}
	return strings.TrimSuffix(p.Host, "/")
}

// fits tells whether it is an address without anything after the host; which may be reached is for egress to say.
func (p place) fits() bool {
	at, err := url.Parse(p.or("https://usual"))
	return err == nil && (at.Scheme == "https" || at.Scheme == "http") && at.Host != "" && at.Path == "" && at.User == nil && at.RawQuery == "" && at.Fragment == ""
}

// strictly decodes settings; need are those that must be there, by name.
func strictly(account notify.Account, into any, need func() map[string]bool) error {
	const op = "chat.settings"
	decoder := json.NewDecoder(bytes.NewReader(account.Settings))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fault.Issues{{Path: "/settings", Code: "channel.settings"}}.Fault(op, "record.invalid")
	}
	var issues fault.Issues
	needed := need()
	for _, name := range slices.Sorted(maps.Keys(needed)) {
		if !needed[name] {
			issues.Add("/settings/"+name, "channel.needed")
		}
	}
	if account.Secret == "" {
		issues.Add("/secret", "channel.needed")
	}
	return issues.Fault(op, "record.invalid")
}

// unmarked is text without what WeCom takes for a link (<a …>) and Feishu for a call to somebody (<at …>): titles of records
// are written by strangers, too.
var unmarked = strings.NewReplacer("<", "＜", ">", "＞")

func plainly(m notify.Message) notify.Message {
	m.Text = unmarked.Replace(m.Text)
	return m
}

// textOf is a message as one text of at most so many bytes.
func textOf(m notify.Message, most int) string {
	text := m.Text
	if m.Link != "" {
		most -= len(m.Link) + 1
	}
	if len(text) > most {
		text = text[:most-len("…")]
		for !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
		text += "…"
	}
	return strings.TrimSuffix(text+"\n"+m.Link, "\n")
}
