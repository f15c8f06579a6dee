package notify

import (
	"context"
	"encoding/json"
	"slices"
)

// Channel is a way by which people are told outside the app.
type Channel string

const (
	Mail     Channel = "mail"
	WeCom    Channel = "wecom"
	DingTalk Channel = "dingtalk"
	Feishu   Channel = "feishu"
)

var channels = []Channel{Mail, WeCom, DingTalk, Feishu}

// Channels lists every channel, in the order in which people are shown them.
func Channels() []Channel { return slices.Clone(channels) }

// Message is what goes to one person by one channel, in their language.
type Message struct {
	// Key names the message for good: a carrier whose service can tell a repeat by a key gives it this one.
	Key     string
	To      string // the person's id in the channel, for mail an address
	Subject string // one line
	Text    string // lines of plain text
	Link    string // the address that shows more in the app; "" where there is none
}

// Account is what a tenant has with the service of a channel.
type Account struct {
	Settings json.RawMessage // as the carrier knows them
	Secret   string          // never to be told in a fault, a log or an answer
}

// Carrier carries messages by one channel. It is safe for concurrent use.
type Carrier interface {
	// Check holds an account without asking anybody. Faults: Invalid, with issues whose paths are below the settings.
	Check(account Account) error
	// Carry carries one message. Faults: Throttled where the service wants to be left alone (Args: "seconds", an int,
	// where it says for how long), Unavailable where it may take the message later, Invalid where it never will. Their
	// Args hold the service's codes and none of its words.
	Carry(ctx context.Context, account Account, m Message) error
}
