package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/runtime/egress"
)

const secret = "0123456789abcdef"

func account(at string) notify.Account {
	return notify.Account{Settings: json.RawMessage(fmt.Sprintf(`{"url": %q}`, at)), Secret: secret}
}

var changed = notify.Message{Key: "w-1", Text: `{"kind":"recordChanged","form":"book","record":"b1","version":7}`}

// heard is what a system has heard, and what it answers.
type heard struct {
	header http.Header
	body   string
	status int
}

func listen(t *testing.T) (*heard, *Carrier, string) {
	t.Helper()
	h := &heard{status: http.StatusNoContent}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		h.header, h.body = r.Header, string(body)
		w.Header().Set("Retry-After", "17")
		w.WriteHeader(h.status)
	}))
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Unix(1_774_929_600, 0) }
	return h, &Carrier{Client: egress.New(egress.Config{Internal: []string{at.Host}}), Clock: now}, server.URL
}

// A receiver that has the secret can tell what is from here, by the body as it came and the time of sending.
func TestARequestIsSigned(t *testing.T) {
	h, c, at := listen(t)
	if err := c.Carry(t.Context(), account(at+"/hook?x=1"), changed); err != nil {
		t.Fatal(err)
	}
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte("1774929600." + changed.Text))
	want := "t=1774929600,v1=" + hex.EncodeToString(sum.Sum(nil))
	if h.header.Get("Tidewater-Signature") != want || h.header.Get("Idempotency-Key") != "w-1" || h.header.Get("Content-Type") != "application/json" || h.body != changed.Text {
		t.Errorf("%v %s, want %s", h.header, h.body, want)
	}
}

func TestWhatASystemAnswers(t *testing.T) {
	h, c, at := listen(t)
	for status, want := range map[int]string{
		200: "taken", 301: "invalid channel.refused", 404: "invalid channel.refused", 408: "unavailable channel.busy", 410: "invalid channel.refused",
		429: "throttled channel.limited", 500: "unavailable channel.busy", 503: "unavailable channel.busy",
	} {
		h.status = status
		got := "taken"
		if err := c.Carry(t.Context(), account(at), changed); err != nil {
			got = fmt.Sprint(fault.KindOf(err), " ", fault.CodeOf(err))
			if f, _ := err.(*fault.Error); status == 429 && f.Args["seconds"] != 17 { //nolint:errorlint // it is the outermost
				t.Errorf("%v", f)
			}
		}
		if got != want {
			t.Errorf("%d: %s, want %s", status, got, want)
		}
	}
}

func TestAccountsThatAreRefused(t *testing.T) {
	c := &Carrier{Client: egress.New(egress.Config{}), Clock: time.Now}
	for _, bad := range []string{"", "example.com", "ftp://a.b", "https://u:p@a.b", "https://a.b/#x", "https://", "https://a.b/" + strings.Repeat("x", maxURL)} {
		if err := c.Check(account(bad)); fault.CodeOf(err) != "record.invalid" {
			t.Errorf("%s: %v", bad, err)
		}
	}
	short := account("https://a.b/")
	short.Secret = secret[1:]
	for _, bad := range []notify.Account{short, {Settings: json.RawMessage(`{"url": "https://a.b/", "more": 1}`), Secret: secret}, {Secret: secret}} {
		if err := c.Check(bad); fault.CodeOf(err) != "record.invalid" {
			t.Errorf("%s: %v", bad.Settings, err)
		}
	}
	// It stays within the walls.
	for _, inside := range []string{"https://127.0.0.1/", "https://169.254.169.254/", "http://8.8.8.8/"} {
		if err := c.Carry(t.Context(), account(inside), changed); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", inside, err)
		}
	}
}
