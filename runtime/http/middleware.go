package http

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// Keys of what a request carries along.
const (
	traceLocal  = "trace"
	localeLocal = "locale"
	failLocal   = "fail"
	bodyLocal   = "body" // of an upload
)

// observe gives each request its trace id, and writes a line and figures about it when it is answered.
func (s *Server) observe(c *fiber.Ctx) error {
	start := s.Clock()
	trace := strings.ToLower(rand.Text())
	c.Locals(traceLocal, trace)
	c.Locals(localeLocal, s.Texts.Match(c.Get(fiber.HeaderAcceptLanguage)))
	c.Set("X-Request-Id", trace)
	if err := c.Next(); err != nil {
		if err := s.refuse(c, err); err != nil {
			return err
		}
	}
	took := s.Clock().Sub(start)
	route, status := c.Route().Path, c.Response().StatusCode()
	s.figures.request(c.Method(), route, status, took)
	attrs := []slog.Attr{
		slog.String("trace", trace), slog.String("method", c.Method()), slog.String("route", route),
		slog.Int("status", status), slog.Duration("took", took), slog.String("addr", s.addr(c)),
	}
	level := slog.LevelDebug
	if err, failed := c.Locals(failLocal).(error); failed {
		attrs = append(attrs, slog.String("error", err.Error()))
		level = slog.LevelInfo
		if status >= fiber.StatusInternalServerError {
			level = slog.LevelError
		}
	}
	s.Log.LogAttrs(s.base, level, "request", attrs...)
	return nil
}

// headers are on every answer, whatever it is.
func (s *Server) headers(c *fiber.Ctx) error {
	s.setHeaders(c)
	return c.Next()
}

func (s *Server) setHeaders(c *fiber.Ctx) {
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	if s.Secure {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}

// recovered turns a panic into a fault inside: one request fails, the process lives.
func (s *Server) recovered(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			cause := fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			err = fault.New(fault.Internal, "internal").In("http.handler").Because(cause)
		}
	}()
	return c.Next()
}

// drained bounds what is read of a body that is too large anyway, so that its sender hears why.
const drained = 32 << 20

// bounded refuses bodies above the limit before a handler sees them.
func (s *Server) bounded(c *fiber.Ctx) error {
	stream := c.Context().RequestBodyStream()
	if stream == nil {
		return c.Next()
	}
	if isUpload(c) {
		upload := &onceEnded{from: stream}
		c.Locals(bodyLocal, upload)
		err := c.Next()
		drain(c, upload)
		return err
	}
	body, err := io.ReadAll(io.LimitReader(stream, maxBody+1))
	if err != nil {
		return fault.New(fault.Malformed, "json.malformed").In("http.body").Because(err)
	}
	if len(body) > maxBody {
		drain(c, stream)
		return fault.New(fault.TooLarge, "limit.body").In("http.body").With("max", "1 MB")
	}
	c.Request().SetBodyRaw(body)
	return c.Next()
}

// onceEnded is a body that stays at its end: the framework would wait there for the next one.
type onceEnded struct {
	from io.Reader
	err  error
}

func (b *onceEnded) Read(p []byte) (n int, err error) {
	if b.err != nil {
		return 0, b.err
	}
	n, b.err = b.from.Read(p)
	return n, b.err
}

// drain reads what a handler has left of a body: its sender listens only when they have said all. Where
// that is too much or takes too long the connection ends with the answer, so that nothing of the rest is
// taken for a request.
func drain(c *fiber.Ctx, stream io.Reader) {
	deadline := c.Context().Conn().SetReadDeadline(time.Now().Add(stallTime))
	rest, err := io.Copy(io.Discard, io.LimitReader(stream, drained))
	if deadline != nil || err != nil || rest == drained {
		c.Response().Header.SetConnectionClose()
	}
}

// signedHandler answers a request of somebody who is signed in.
type signedHandler func(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error

// signed lets only those through who are signed in, by cookie or by bearer token, and gives the request
// its time.
func (s *Server) signed(handle signedHandler) fiber.Handler { return s.asking(inPerson(handle)) }

// asking is signed for what changes nothing whatever its method is.
func (s *Server) asking(handle signedHandler) fiber.Handler { return s.signedFor(answerTime, handle) }

// inPerson refuses what changes something to whoever sees the app as somebody else. What they would change is refused
// further down, too: here they hear why.
func inPerson(handle signedHandler) signedHandler {
	return func(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
		if isChange(c.Method()) {
			if err := access.Passive(v.Actor); err != nil {
				return err
			}
		}
		return handle(c, ctx, v)
	}
}

func (s *Server) signedFor(life time.Duration, handle signedHandler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(s.base, life)
		defer cancel()
		secret, kind, err := s.secretOf(c)
		if err != nil {
			return err
		}
		visit, err := s.SignIn.Authenticate(ctx, secret, kind)
		if err != nil {
			return err
		}
		defer visit.Release()
		if visit.MustChange && !slices.Contains([]string{"/api/v1/me", "/api/v1/me/password", "/api/v1/auth/password", "/api/v1/auth/logout"}, c.Path()) {
			return fault.New(fault.Forbidden, "auth.mustChange").In("http.signed")
		}
		if c.Get(fiber.HeaderAcceptLanguage) == "" && visit.Actor.Locale != "" {
			c.Locals(localeLocal, s.Texts.Match(visit.Actor.Locale))
		}
		visit.Actor.Locale = locale(c)
		return handle(c, ctx, visit)
	}
}

func locale(c *fiber.Ctx) string {
	l, _ := c.Locals(localeLocal).(string)
	return l
}

// refuse writes an error as a problem document.
func (s *Server) refuse(c *fiber.Ctx, err error) error {
	notAllowed := errors.Is(err, fiber.ErrMethodNotAllowed)
	err = s.asFault(c, err)
	c.Locals(failLocal, err)
	if len(c.Response().Header.Peek(fiber.HeaderXContentTypeOptions)) == 0 { // what cannot be read as a request comes here at once
		s.setHeaders(c)
	}
	trace, _ := c.Locals(traceLocal).(string)
	problem := wire.ProblemOf(s.Texts, locale(c), err, trace)
	if notAllowed { // there is no kind for it below HTTP: the framework has listed the methods in Allow
		problem.Status = fiber.StatusMethodNotAllowed
	}
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Throttled {
		c.Set(fiber.HeaderRetryAfter, fmt.Sprint(f.Args["seconds"]))
	}
	if problem.Status == fiber.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	return c.Status(problem.Status).JSON(problem, wire.ProblemType)
}

// asFault says in our words what the framework and the context say in theirs.
func (s *Server) asFault(c *fiber.Ctx, err error) error {
	if errors.Is(err, context.DeadlineExceeded) && fault.KindOf(err) != fault.Unavailable { // that says itself who did not answer
		return fault.New(fault.Unavailable, "limit.time").In("http").Because(err)
	}
	status, ok := fiberFault(err)
	switch {
	case !ok:
		return err
	case status == fiber.StatusNotFound:
		return fault.New(fault.NotFound, "http.notFound").In("http")
	case status == fiber.StatusMethodNotAllowed:
		return fault.New(fault.NotFound, "http.method").In("http").With("method", c.Method())
	case status == fiber.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "limit.body").In("http").With("max", "1 MB")
	case status == fiber.StatusRequestHeaderFieldsTooLarge:
		return fault.New(fault.TooLarge, "limit.body").In("http").With("max", "16 KB").Because(err)
	case status < fiber.StatusInternalServerError:
		return fault.New(fault.Malformed, "http.request").In("http").Because(err)
	}
	return fault.Wrap("http", err)
}
