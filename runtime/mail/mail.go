// Package mail carries messages as e-mail over SMTP, through a tenant's own mail server. Connections are made by
// egress, within its walls. It knows no tenants and keeps nothing.
//
// Mail is taken at least once: a process that dies between the server's taking a message and the note of that sends it
// again, with the same Message-ID, by which many mail programs, and some servers, show it once.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	netmail "net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
)

// patience is how long one message may take.
const patience = 20 * time.Second

// Dialer opens connections to mail servers, see egress.Client.
type Dialer interface {
	DialMail(ctx context.Context, network, address string) (net.Conn, error)
	// Inside tells whether a host is one of the operator's own.
	Inside(host, port string) bool
}

// Carrier carries mail.
type Carrier struct {
	Dialer Dialer
	Roots  *x509.CertPool // the authorities that are trusted; nil: the system's
}

// settings are what a tenant says of its mail server.
type settings struct {
	Host     string   `json:"host"`
	Port     int      `json:"port"`
	Security security `json:"security"`
	Username string   `json:"username,omitempty"` // "": the server asks for none
	From     string   `json:"from"`               // the sender's address
	FromName string   `json:"fromName,omitempty"`
}

// security is how a connection is kept secret.
type security string

const (
	fromStart security = "tls"      // TLS from the first byte (RFC 8314)
	startTLS  security = "starttls" // STARTTLS (RFC 3207), and nothing is said without it
	open      security = "none"     // for a server inside that takes mail without a password
)

const maxPort = 65535

// read reads an account's settings.
func (c *Carrier) read(account notify.Account) (s settings, err error) {
	const op = "mail.settings"
	decoder := json.NewDecoder(bytes.NewReader(account.Settings))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return s, fault.Issues{{Path: "/settings", Code: "channel.settings"}}.Fault(op, "record.invalid")
	}
	var issues fault.Issues
	if s.Host == "" || strings.ContainsAny(s.Host, " /:@\r\n") {
		issues.Add("/settings/host", "channel.host")
	}
	if s.Port < 1 || s.Port > maxPort {
		issues.Add("/settings/port", "channel.port")
	}
	if s.Security != fromStart && s.Security != startTLS && s.Security != open {
		issues.Add("/settings/security", "channel.security")
	}
	if s.Security == open && s.Username != "" {
		issues.Add("/settings/security", "channel.plainPassword")
	}
	if s.Security == open && len(issues) == 0 && !c.Dialer.Inside(s.Host, strconv.Itoa(s.Port)) {
		issues.Add("/settings/security", "channel.openOutside")
	}
	if address, err := netmail.ParseAddress(s.From); err != nil || address.Address != s.From {
		issues.Add("/settings/from", "channel.from")
	}
	if strings.ContainsAny(s.FromName+s.Username, "\r\n") {
		issues.Add("/settings/fromName", "channel.settings")
	}
	if s.Username != "" && account.Secret == "" {
		issues.Add("/secret", "channel.needed")
	}
	return s, issues.Fault(op, "record.invalid")
}

// Check implements notify.Carrier.
func (c *Carrier) Check(account notify.Account) error {
	_, err := c.read(account)
	return err
}

// Carry implements notify.Carrier: one message on one connection.
func (c *Carrier) Carry(ctx context.Context, account notify.Account, m notify.Message) error {
	const op = "mail.carry"
	s, err := c.read(account)
	if err != nil {
		return err
	}
	message, err := compose(s, m)
	if err != nil {
		return fault.New(fault.Invalid, "channel.recipient").In(op).With("code", "address").Because(err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client, err := c.client(ctx, s, account.Secret)
	if err != nil {
		return fault.Wrap(op, err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return refusal(op, err, true)
	}
	err = client.Send(message)
	// What was taken is taken, however the server says goodbye.
	closed := client.Close()
	if err != nil {
		return refusal(op, errors.Join(err, closed), false)
	}
	return nil
}

func compose(s settings, m notify.Message) (*gomail.Msg, error) {
	const maxSubject = 120
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(message.FromFormat(s.FromName, s.From), message.To(m.To)); err != nil {
		return nil, err
	}
	subject := []rune(strings.Join(strings.Fields(m.Subject), " "))
	message.Subject(string(subject[:min(len(subject), maxSubject)]))
	_, domain, _ := strings.Cut(s.From, "@")
	message.SetMessageIDWithValue(m.Key + "@" + domain)
	message.SetDate()
	// Programs that answer for people who are away do not answer this (RFC 3834).
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	text := m.Text
	if m.Link != "" {
		text += "\n\n" + m.Link
	}
	message.SetBodyString(gomail.TypeTextPlain, text)
	return message, nil
}

// client speaks to a server on a connection that ends with the context: the library leaves it open where it cannot go
// on with a server.
func (c *Carrier) client(ctx context.Context, s settings, secret string) (*gomail.Client, error) {
	trust := &tls.Config{ServerName: s.Host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(patience), gomail.WithTLSConfig(trust), gomail.WithTLSPolicy(policyOf(s.Security)),
		gomail.WithDialContextFunc(func(dialing context.Context, network, address string) (net.Conn, error) {
			conn, err := c.Dialer.DialMail(dialing, network, address)
			if err != nil {
				return nil, err
			}
			context.AfterFunc(ctx, func() { _ = conn.Close() })
			if s.Security != fromStart {
				return conn, nil
			}
			return tls.Client(conn, trust), nil
		}),
	}
	if s.Username != "" {
		options = append(options, gomail.WithUsername(s.Username), gomail.WithPassword(secret),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return gomail.NewClient(s.Host, options...)
}

func policyOf(s security) gomail.TLSPolicy {
	if s == startTLS {
		return gomail.TLSMandatory
	}
	return gomail.NoTLS
}

// refusal is the fault of a message that was not taken, by the server's reply code (RFC 5321, section 4.2).
func refusal(op string, err error, dialing bool) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	code := replyOf(err)
	const (
		permanent       = 500
		authRefused     = 535 // and those around it, RFC 4954
		authNeeded      = 530
		mechanismTooOld = 534
		authLast        = 538
	)
	switch {
	case code >= authNeeded && code <= authLast && (dialing || code == authNeeded || code == mechanismTooOld || code == authRefused):
		return fault.New(fault.Unavailable, "channel.credentials").In(op).With("code", code).Because(err)
	case code >= permanent && dialing:
		return fault.New(fault.Unavailable, "channel.refused").In(op).With("code", code).Because(err)
	case code >= permanent:
		return fault.New(fault.Invalid, "channel.refused").In(op).With("code", code).Because(err)
	case code > 0:
		return fault.New(fault.Unavailable, "channel.busy").In(op).With("code", code).Because(err)
	}
	return fault.New(fault.Unavailable, "egress.unreachable").In(op).Because(err)
}

// replyOf is the reply code in an error; 0 where the server has not said one.
func replyOf(err error) int {
	var sending *gomail.SendError
	if errors.As(err, &sending) && sending.ErrorCode() > 0 {
		return sending.ErrorCode()
	}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code
	}
	return 0
}
