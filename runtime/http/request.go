package http

import (
	"crypto/sha256"
	"mime"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

const (
	secureCookie = "__Host-tw"
	plainCookie  = "tw" // on loopback, where there is no https
	// pageHeader must be on every request that changes something and comes with a cookie: no other site
	// can make a browser send it.
	pageHeader = "X-Tidewater"
)

func (s *Server) cookieName() string {
	if s.Secure {
		return secureCookie
	}
	return plainCookie
}

// secretOf returns what a request proves its sender with.
func (s *Server) secretOf(c *fiber.Ctx) (string, signin.Kind, error) {
	if header := c.Get(fiber.HeaderAuthorization); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return "", "", fault.New(fault.Unknown, "auth.tokenInvalid").In("http.auth")
		}
		return strings.TrimSpace(token), signin.Token, nil
	}
	secret := c.Cookies(s.cookieName())
	if secret == "" {
		return "", "", fault.New(fault.Unknown, "auth.required").In("http.auth")
	}
	if isChange(c.Method()) {
		if c.Get(pageHeader) == "" {
			return "", "", fault.New(fault.Forbidden, "auth.csrf").In("http.auth")
		}
		if err := sameSite(c); err != nil {
			return "", "", err
		}
	}
	return secret, signin.Session, nil
}

func isChange(method string) bool {
	return !slices.Contains([]string{fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions}, method)
}

// sameSite refuses what a page of another site has sent.
func sameSite(c *fiber.Ctx) error {
	site := c.Get("Sec-Fetch-Site")
	crossed := site != "" && site != "same-origin" && site != "none"
	if origin := c.Get(fiber.HeaderOrigin); origin != "" {
		u, err := url.Parse(origin)
		crossed = crossed || err != nil || u.Host != string(c.Request().Host())
	}
	if crossed {
		return fault.New(fault.Forbidden, "auth.csrf").In("http.auth")
	}
	return nil
}

// addr is where a request comes from: the peer, or what the trusted proxies between say of it.
func (s *Server) addr(c *fiber.Ctx) string {
	peer := c.Context().RemoteIP().String()
	// A proxy may add a line of its own below one that the client has made up: all of them count.
	var hops []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		hops = append(hops, strings.Split(string(line), ",")...)
	}
	for i := len(hops) - 1; i >= 0 && s.trusts(peer); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return peer
		}
		peer = hop.Unmap().String()
	}
	return peer
}

func (s *Server) trusts(peer string) bool {
	addr, err := netip.ParseAddr(peer)
	return err == nil && slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(addr.Unmap()) })
}

// body reads the JSON object that a request carries.
func body(c *fiber.Ctx) (*wire.Body, error) {
	const want = "application/json"
	kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || kind != want {
		return nil, fault.New(fault.Unsupported, "http.mediaType").In("http.body").With("want", want)
	}
	return wire.Read(c.Body())
}

// parameters holds that a request's query has no other names than these, and none twice.
func parameters(c *fiber.Ctx, known ...string) error {
	var issues fault.Issues
	seen := map[string]bool{}
	c.Request().URI().QueryArgs().VisitAll(func(k, v []byte) {
		switch name := string(k); {
		case !slices.Contains(known, name):
			issues.Add("?"+name, "query.unknownParameter", "name", name)
		case seen[name], strings.ContainsRune(string(v), 0), strings.ToValidUTF8(string(v), "") != string(v):
			issues.Add("?"+name, "query.parameter", "name", name)
		default:
			seen[name] = true
		}
	})
	if len(issues) == 0 {
		return nil
	}
	first := issues[0]
	return &fault.Error{Kind: fault.Malformed, Code: first.Code, Op: "http.query", Args: first.Args, Issues: issues}
}

func badParameter(name string) error {
	var issues fault.Issues
	issues.Add("?"+name, "query.parameter", "name", name)
	return &fault.Error{Kind: fault.Malformed, Code: "query.parameter", Op: "http.query", Args: issues[0].Args, Issues: issues}
}

// number reads a whole number from the query, 0 where there is none.
func number(c *fiber.Ctx, name string) (int, error) {
	text := c.Query(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return 0, badParameter(name)
	}
	return int(n), nil
}

func formOf(c *fiber.Ctx) value.FormKey { return value.FormKey(c.Params("form")) }
func idOf(c *fiber.Ctx) value.ID        { return value.ID(c.Params("id")) }

// version reads which version a change means: If-Match: 3, or "3" as an entity tag.
func version(c *fiber.Ctx) (int64, error) {
	text := strings.Trim(c.Get(fiber.HeaderIfMatch), `"`)
	if text == "" {
		return 0, fault.New(fault.Precondition, "record.versionRequired").In("http.ifMatch")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.Malformed, "record.versionMalformed").In("http.ifMatch")
	}
	return n, nil
}

const maxOnceKey = 200

// Once reads the Idempotency-Key of a request, nil where there is none.
func Once(c *fiber.Ctx) (*record.Once, error) {
	key, err := onceKey(c)
	if key == nil || err != nil {
		return nil, err
	}
	sum := sha256.Sum256(c.Body())
	key.Hash = sum[:]
	return key, nil
}

// onceKey is Once without the body, which may still be on its way.
func onceKey(c *fiber.Ctx) (*record.Once, error) {
	key := c.Get("Idempotency-Key")
	if key == "" {
		return nil, nil
	}
	visible := func(r rune) bool { return r > ' ' && r < 0x7f }
	if len(key) > maxOnceKey || strings.ContainsFunc(key, func(r rune) bool { return !visible(r) }) {
		return nil, fault.New(fault.Malformed, "idempotency.malformed").In("http.once")
	}
	return &record.Once{Key: key, Route: c.Method() + " " + c.Path()}, nil
}
