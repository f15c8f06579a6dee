// Package egress is the only way out of this process to hosts that others name: scripts and what they send, mail,
// messages and webhooks. It asks by https, of addresses of the public internet only, which it has resolved and looked at before it dials
// them; follows few redirects, each looked at like the first address; and bounds time and size. The operator may
// name hosts inside that may be reached all the same. It knows nothing of tenants and rights.
package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/script"
)

const (
	// Patience is how long one request may take, redirects and the whole answer included.
	Patience = 10 * time.Second
	// MaxBody bounds an answer's body, in bytes, unpacked.
	MaxBody = 1 << 20
	// MaxRedirects bounds the redirects that are followed.
	MaxRedirects = 3

	maxHeaderBytes = 64 << 10
	maxHeaders     = 50
)

// Config says what a Client may reach, and stands on.
type Config struct {
	// Internal are hosts, as "host" or "host:port", that may be reached wherever they are, and by http too.
	Internal []string
	// Resolve finds a host's addresses; nil: the system's resolver.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// Dial opens a connection to an address that was looked at; nil: the system's dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Roots are the authorities that are trusted; nil: the system's.
	Roots *x509.CertPool
}

// Client asks other hosts. It is safe for concurrent use.
type Client struct {
	config Config
	client *http.Client
}

// New returns a client.
func New(config Config) *Client {
	if config.Resolve == nil {
		config.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	if config.Dial == nil {
		config.Dial = (&net.Dialer{Timeout: Patience}).DialContext
	}
	c := &Client{config: config}
	c.client = &http.Client{
		CheckRedirect: c.redirect,
		Transport: &http.Transport{
			Proxy: nil, // a proxy would be asked instead of the address that was looked at
			// An idle connection would be used again without its address being looked at.
			DisableKeepAlives: true, DialContext: c.dial, TLSClientConfig: &tls.Config{RootCAs: config.Roots, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: Patience, ResponseHeaderTimeout: Patience, MaxResponseHeaderBytes: maxHeaderBytes,
		},
	}
	return c
}

// Do asks once; of what is no question the answer is its status alone: it is taken or not, whatever is said of it.
// Faults: Invalid "egress.url", "egress.header", "egress.forbidden", "egress.redirects" and "egress.tooLarge";
// Unavailable "egress.unreachable" where the host does not answer in time or as it should.
func (c *Client) Do(ctx context.Context, out script.Outgoing) (*script.Incoming, error) {
	return c.ask(ctx, out, out.Method == http.MethodGet)
}

// Converse asks once, and hears the answer whatever the method is. Faults: as Do.
func (c *Client) Converse(ctx context.Context, out script.Outgoing) (*script.Incoming, error) {
	return c.ask(ctx, out, true)
}

func (c *Client) ask(ctx context.Context, out script.Outgoing, hear bool) (*script.Incoming, error) {
	const op = "egress.do"
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	request, err := c.request(ctx, out)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	answer, err := c.client.Do(request)
	if err != nil {
		return nil, fault.Wrap(op, unreachable(err))
	}
	if !hear {
		return &script.Incoming{Status: answer.StatusCode, Headers: map[string]string{}}, fault.Wrap(op, answer.Body.Close())
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, MaxBody+1))
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return nil, fault.Wrap(op, unreachable(err))
	}
	if len(body) > MaxBody {
		return nil, fault.New(fault.Invalid, "egress.tooLarge").In(op).With("max", MaxBody)
	}
	in := &script.Incoming{Status: answer.StatusCode, Headers: map[string]string{}, Body: body}
	for name := range answer.Header {
		in.Headers[strings.ToLower(name)] = answer.Header.Get(name)
	}
	return in, nil
}

// request makes the request, if it may be made.
func (c *Client) request(ctx context.Context, out script.Outgoing) (*http.Request, error) {
	at, err := url.Parse(out.URL)
	if err != nil {
		return nil, fault.New(fault.Invalid, "egress.url").Because(err)
	}
	if err := c.check(at); err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, out.Method, at.String(), strings.NewReader(out.Body))
	if err != nil {
		return nil, fault.New(fault.Invalid, "egress.url").Because(err)
	}
	request.Header.Set("User-Agent", "Tidewater")
	if len(out.Headers) > maxHeaders {
		return nil, fault.New(fault.Invalid, "egress.header").With("header", "")
	}
	for name, text := range out.Headers {
		if key := textproto.CanonicalMIMEHeaderKey(name); ours(key) || !isToken(name) || strings.ContainsFunc(text, isControl) {
			return nil, fault.New(fault.Invalid, "egress.header").With("header", name)
		}
		request.Header.Set(name, text)
	}
	return request, nil
}

// isToken tells whether a text can name a header (RFC 9110, section 5.6.2).
func isToken(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// ours are headers that say how a request travels.
func ours(name string) bool {
	return strings.HasPrefix(name, "Proxy-") || slices.Contains([]string{
		"Host", "Connection", "Content-Length", "Transfer-Encoding", "Te", "Trailer", "Upgrade", "Keep-Alive", "Accept-Encoding",
	}, name)
}

// check holds that an address is one that may be asked for, as far as it tells by itself.
func (c *Client) check(at *url.URL) error {
	inside := c.inside(at.Hostname(), portOf(at))
	switch {
	case at.Hostname() == "" || at.User != nil || at.Opaque != "":
		return fault.New(fault.Invalid, "egress.url")
	case at.Scheme != "https" && (at.Scheme != "http" || !inside):
		return fault.New(fault.Invalid, "egress.url")
	}
	return nil
}

func portOf(at *url.URL) string {
	if port := at.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443"}[at.Scheme]
}

// inside tells whether the operator lets a host be reached wherever it is.
func (c *Client) inside(host, port string) bool {
	return slices.ContainsFunc(c.config.Internal, func(name string) bool {
		return strings.EqualFold(name, host) || strings.EqualFold(name, net.JoinHostPort(host, port))
	})
}

// redirect looks at where an answer leads. What is no question is not asked elsewhere; and what is sent along is
// for the host that it was meant for.
func (c *Client) redirect(next *http.Request, before []*http.Request) error {
	first := before[0]
	if first.Method != http.MethodGet {
		return http.ErrUseLastResponse
	}
	if len(before) > MaxRedirects {
		return fault.New(fault.Invalid, "egress.redirects").With("max", MaxRedirects)
	}
	if elsewhere := next.URL.Host != first.URL.Host; elsewhere || next.URL.Scheme != first.URL.Scheme {
		next.Header = http.Header{"User-Agent": {"Tidewater"}}
		// Who may be reached inside is for those who name it, not for hosts outside that lead there.
		if elsewhere && c.inside(next.URL.Hostname(), portOf(next.URL)) {
			return fault.New(fault.Invalid, "egress.forbidden").With("host", next.URL.Hostname())
		}
	}
	return c.check(next.URL)
}

// dial resolves a host, looks at all of its addresses, and dials one of those.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if c.inside(host, port) {
		return c.config.Dial(ctx, network, address)
	}
	var found []netip.Addr
	if literal, err := netip.ParseAddr(host); err == nil {
		found = []netip.Addr{literal}
	} else if found, err = c.config.Resolve(ctx, host); err != nil {
		return nil, err
	}
	// One address inside among others is enough to be refused: which of them is dialled is no matter then.
	for _, addr := range found {
		if !public(addr) {
			return nil, fault.New(fault.Invalid, "egress.forbidden").With("host", host)
		}
	}
	err = errors.New("no address")
	for _, addr := range found {
		var conn net.Conn
		if conn, err = c.config.Dial(ctx, network, net.JoinHostPort(addr.Unmap().String(), port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// unreachable is the fault of a request that failed: its own, where it was refused here.
func unreachable(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	// The address may hold a key, which is not for the log.
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	return fault.New(fault.Unavailable, "egress.unreachable").Because(err)
}
