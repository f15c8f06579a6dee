package mail

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/runtime/egress"
)

// post is a mail server on loopback that stands for example.com. It says what it is told to, else takes everything.
type post struct {
	*testing.T
	listener net.Listener
	trust    *tls.Config
	carrier  *Carrier
	early    bool // TLS from the first byte

	mu      sync.Mutex
	replies map[string]string // by command, in the place of the usual ones
	heard   []string          // commands; of a password it is what was decoded
	mail    []string          // what came as DATA
}

func newPost(t *testing.T, early bool) *post {
	t.Helper()
	// It is only there for its certificate, which is for example.com.
	site := httptest.NewTLSServer(nil)
	t.Cleanup(site.Close)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &post{T: t, listener: listener, early: early, replies: map[string]string{}, trust: &tls.Config{Certificates: site.TLS.Certificates, MinVersion: tls.VersionTLS12}}
	roots := x509.NewCertPool()
	roots.AddCert(site.Certificate())
	p.carrier = &Carrier{Roots: roots, Dialer: egress.New(egress.Config{
		Internal: []string{"example.com"},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, listener.Addr().String())
		},
	})}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { p.serve(conn) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); all.Wait() })
	return p
}

// serve speaks SMTP (RFC 5321) as far as a client needs it that sends one message.
func (p *post) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	if p.early {
		conn = tls.Server(conn, p.trust)
	}
	in := bufio.NewReader(conn)
	say := func(text string) { _, _ = fmt.Fprint(conn, text+"\r\n") }
	say("220 example.com ready")
	secret := p.early
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		command := strings.ToUpper(strings.Fields(line + " ?")[0])
		p.mu.Lock()
		reply, told := p.replies[command]
		p.heard = append(p.heard, decoded(line))
		p.mu.Unlock()
		switch {
		case told:
			say(reply)
		case command == "EHLO":
			say("250-example.com")
			if !secret {
				say("250-STARTTLS")
			}
			say("250-AUTH PLAIN LOGIN\r\n250 8BITMIME")
		case command == "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, p.trust)
			in, secret = bufio.NewReader(conn), true
		case command == "AUTH":
			say("235 welcome")
		case command == "DATA":
			say("354 go on")
			p.take(in)
			say("250 taken")
		case command == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (p *post) take(in *bufio.Reader) {
	var text strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		text.WriteString(line)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mail = append(p.mail, text.String())
}

// decoded shows what AUTH PLAIN says.
func decoded(line string) string {
	words := strings.Fields(line)
	if len(words) == 3 && words[0] == "AUTH" {
		if text, err := base64.StdEncoding.DecodeString(words[2]); err == nil {
			return "AUTH " + strings.ReplaceAll(string(text), "\x00", "|")
		}
	}
	return line
}

// said is whether the server has heard something.
func (p *post) said(text string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Contains(strings.Join(p.heard, "\n"), text)
}

func account(security, username string) notify.Account {
	settings := fmt.Sprintf(`{"host": "example.com", "port": 587, "security": %q, "username": %q, "from": "crm@example.com", "fromName": "潮水"}`, security, username)
	return notify.Account{Settings: json.RawMessage(settings), Secret: "s3cret"}
}

var hello = notify.Message{Key: "n-1", To: "zhang@example.org", Subject: "李把「海」\r\n交给了您", Text: "李把「海」交给了您。\n.\n· 海", Link: "https://app.test/f/book/1"}

func TestMailIsSent(t *testing.T) {
	for _, security := range []string{"starttls", "tls"} {
		t.Run(security, func(t *testing.T) {
			p := newPost(t, security == "tls")
			if err := p.carrier.Carry(t.Context(), account(security, "crm"), hello); err != nil {
				t.Fatalf("%v, heard\n%s", err, strings.Join(p.heard, "\n"))
			}
			if !p.said("AUTH |crm|s3cret") || !p.said("MAIL FROM:<crm@example.com>") || !p.said("RCPT TO:<zhang@example.org>") || p.said("STARTTLS") == (security == "tls") {
				t.Errorf("heard\n%s", strings.Join(p.heard, "\n"))
			}
			if len(p.mail) != 1 {
				t.Fatalf("%d mails", len(p.mail))
			}
			head, body, _ := strings.Cut(p.mail[0], "\r\n\r\n")
			got, err := new(mime.WordDecoder).DecodeHeader(strings.ReplaceAll(head, "\r\n ", " "))
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range []string{"Message-ID: <n-1@example.com>", "Subject: 李把「海」 交给了您", "From: 潮水 <crm@example.com>", "To: <zhang@example.org>", "Auto-Submitted: auto-generated"} {
				if !strings.Contains("\r\n"+got+"\r\n", "\r\n"+line+"\r\n") {
					t.Errorf("%q is not in\n%s", line, got)
				}
			}
			if !strings.Contains(body, "https://app.test/f/book/1") {
				t.Errorf("body %s", body)
			}
		})
	}
}

// A password is said to nobody before the connection is secret, and to no server that only says that it is example.com.
func TestAPasswordIsSaidInSecretOnly(t *testing.T) {
	p := newPost(t, false)
	p.replies["STARTTLS"] = "502 what"
	if err := p.carrier.Carry(t.Context(), account("starttls", "crm"), hello); err == nil || p.said("AUTH") {
		t.Errorf("without TLS: %v, heard\n%s", err, strings.Join(p.heard, "\n"))
	}
	p = newPost(t, true)
	p.carrier.Roots = x509.NewCertPool()
	if err := p.carrier.Carry(t.Context(), account("tls", "crm"), hello); fault.KindOf(err) != fault.Unavailable || p.said("AUTH") {
		t.Errorf("a server that is somebody else: %v, heard\n%s", err, strings.Join(p.heard, "\n"))
	}
}

func TestWhatAServerSaysOfAMail(t *testing.T) {
	for reply, want := range map[[2]string]string{
		{"AUTH", "535 5.7.8 wrong"}:           "unavailable channel.credentials",
		{"AUTH", "454 4.7.0 later"}:           "unavailable channel.busy",
		{"MAIL", "421 4.3.2 going down"}:      "unavailable channel.busy",
		{"RCPT", "450 4.2.1 full for now"}:    "unavailable channel.busy",
		{"RCPT", "550 5.1.1 nobody"}:          "invalid channel.refused",
		{"DATA", "554 5.7.1 looks like spam"}: "invalid channel.refused",
	} {
		p := newPost(t, true)
		p.replies[reply[0]] = reply[1]
		err := p.carrier.Carry(t.Context(), account("tls", "crm"), hello)
		if got := fmt.Sprint(fault.KindOf(err), " ", fault.CodeOf(err)); got != want || len(p.mail) > 0 || strings.Contains(fmt.Sprint(err), "s3cret") {
			t.Errorf("%s: %v, want %s", reply[1], err, want)
		}
	}
	p := newPost(t, true)
	p.replies["QUIT"] = "500 what"
	if err := p.carrier.Carry(t.Context(), account("tls", "crm"), hello); err != nil || len(p.mail) != 1 {
		t.Errorf("taken is taken: %v", err)
	}
	bad := hello
	for _, to := range []string{"nobody", "a@b.c\r\nBcc: x@y.z", ""} {
		bad.To = to
		if err := p.carrier.Carry(t.Context(), account("tls", "crm"), bad); fault.CodeOf(err) != "channel.recipient" {
			t.Errorf("%q: %v", to, err)
		}
	}
}

func TestAccountsThatAreRefused(t *testing.T) {
	for settings, path := range map[string]string{
		`{"host": "", "port": 587, "security": "tls", "from": "a@b.c"}`:                               "/settings/host",
		`{"host": "a b", "port": 587, "security": "tls", "from": "a@b.c"}`:                            "/settings/host",
		`{"host": "a.b:25", "port": 587, "security": "tls", "from": "a@b.c"}`:                         "/settings/host",
		`{"host": "a.b", "port": 0, "security": "tls", "from": "a@b.c"}`:                              "/settings/port",
		`{"host": "a.b", "port": 587, "security": "ssl", "from": "a@b.c"}`:                            "/settings/security",
		`{"host": "a.b", "port": 587, "security": "none", "username": "x", "from": "a@b.c"}`:          "/settings/security",
		`{"host": "a.b", "port": 587, "security": "tls", "from": "A <a@b.c>"}`:                        "/settings/from",
		`{"host": "a.b", "port": 587, "security": "tls", "from": "a@b.c", "fromName": "x\r\nBcc: y"}`: "/settings/fromName",
		`{"host": "a.b", "port": 587, "security": "tls", "from": "a@b.c", "other": 1}`:                "/settings",
		`[]`: "/settings",
	} {
		err := (&Carrier{}).Check(notify.Account{Settings: json.RawMessage(settings), Secret: "x"})
		f, _ := err.(*fault.Error) //nolint:errorlint // it is the outermost
		if f == nil || len(f.Issues) != 1 || f.Issues[0].Path != path {
			t.Errorf("%s: %v", settings, err)
		}
	}
	if err := (&Carrier{}).Check(notify.Account{Settings: account("tls", "crm").Settings}); err == nil {
		t.Error("a user name without a password")
	}
	if err := (&Carrier{}).Check(account("starttls", "")); err != nil {
		t.Error(err)
	}
}

// Titles of records go in clear to hosts inside alone.
func TestMailInClearIsForHostsInside(t *testing.T) {
	c := &Carrier{Dialer: egress.New(egress.Config{Internal: []string{"mail.inside:25"}})}
	for at, ok := range map[string]bool{"mail.inside": true, "example.com": false} {
		settings := fmt.Sprintf(`{"host": %q, "port": 25, "security": "none", "from": "a@b.c"}`, at)
		if err := c.Check(notify.Account{Settings: json.RawMessage(settings)}); (err == nil) != ok {
			t.Errorf("%s: %v", at, err)
		}
	}
}

// Mail goes through the walls of egress: to no host inside, and outside to the ports of mail alone.
func TestMailStaysWithinTheWalls(t *testing.T) {
	walls := &Carrier{Dialer: egress.New(egress.Config{})}
	for _, at := range [][2]any{{"127.0.0.1", 587}, {"169.254.169.254", 25}, {"8.8.8.8", 53}, {"8.8.8.8", 443}} {
		settings := fmt.Sprintf(`{"host": %q, "port": %d, "security": "tls", "from": "a@b.c"}`, at[0], at[1])
		if err := walls.Carry(t.Context(), notify.Account{Settings: json.RawMessage(settings)}, hello); fault.CodeOf(err) != "egress.forbidden" {
			t.Errorf("%v: %v", at, err)
		}
	}
}
