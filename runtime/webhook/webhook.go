// Package webhook carries what becomes of records to other systems, which hear of it by a signed request. Requests are
// made by egress, within its walls.
//
// A message is JSON, and signed so that whoever has the secret can tell that it is from here and not old: the header
// Tidewater-Signature is "t=<seconds>,v1=<hex>", with the HMAC-SHA256 by the secret of the seconds, a point and the body.
// Messages are taken at least once, under the same Idempotency-Key; they may come out of order.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/script"
)

// Client asks other hosts, see egress.Client.
type Client interface {
	Converse(ctx context.Context, out script.Outgoing) (*script.Incoming, error)
}

// Carrier carries messages whose text is the body. It is safe for concurrent use.
type Carrier struct {
	Client Client
	Clock  func() time.Time
}

type settings struct {
	URL string `json:"url"`
}

const (
	maxURL    = 1000
	minSecret = 16
)

func read(account notify.Account) (s settings, err error) {
	const op = "webhook.settings"
	decoder := json.NewDecoder(bytes.NewReader(account.Settings))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return s, fault.Issues{{Path: "/settings", Code: "channel.settings"}}.Fault(op, "record.invalid")
	}
	var issues fault.Issues
	at, err := url.Parse(s.URL)
	if err != nil || len(s.URL) > maxURL || at.Scheme != "https" && at.Scheme != "http" || at.Host == "" || at.User != nil || at.Fragment != "" {
		issues.Add("/settings/url", "channel.url")
	}
	if len(account.Secret) < minSecret {
		issues.Add("/secret", "channel.shortSecret", "min", minSecret)
	}
	return s, issues.Fault(op, "record.invalid")
}

// Check implements notify.Carrier.
func (c *Carrier) Check(account notify.Account) error {
	_, err := read(account)
	return err
}

// Carry implements notify.Carrier.
func (c *Carrier) Carry(ctx context.Context, account notify.Account, m notify.Message) error {
	const op = "webhook.carry"
	s, err := read(account)
	if err != nil {
		return err
	}
	in, err := c.Client.Converse(ctx, script.Outgoing{
		Method: "POST", URL: s.URL, Body: m.Text,
		Headers: map[string]string{
			"Content-Type": "application/json", "Idempotency-Key": m.Key, "Tidewater-Signature": sign(account.Secret, m.Text, c.Clock()),
		},
	})
	if err != nil {
		return fault.Wrap(op, err)
	}
	return refusal(op, in)
}

func sign(secret, body string, now time.Time) string {
	stamp := strconv.FormatInt(now.Unix(), 10)
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte(stamp + "." + body)) // never fails, see hash.Hash
	return fmt.Sprintf("t=%s,v1=%s", stamp, hex.EncodeToString(sum.Sum(nil)))
}

// refusal is what an answer's status says; nil: it is taken.
func refusal(op string, in *script.Incoming) error {
	const (
		timedOut  = 408
		tooEarly  = 425
		tooMany   = 429
		badServer = 500
	)
	switch status := in.Status; {
	case status >= 200 && status < 300:
		return nil
	case status == tooMany:
		f := fault.New(fault.Throttled, "channel.limited").In(op).With("code", status)
		if seconds, err := strconv.Atoi(in.Headers["retry-after"]); err == nil {
			f = f.With("seconds", seconds)
		}
		return f
	case status == timedOut, status == tooEarly, status >= badServer:
		return fault.New(fault.Unavailable, "channel.busy").In(op).With("code", status)
	default:
		return fault.New(fault.Invalid, "channel.refused").In(op).With("code", status)
	}
}
