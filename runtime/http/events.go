package http

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/live"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

const (
	// streamLife bounds one stream: its client comes again and goes on where it was.
	streamLife = 10 * time.Minute
	heartbeat  = 15 * time.Second
	// stillSigned is how often a stream asks whether its session still holds.
	stillSigned = 700 * time.Millisecond
	// maxStreams bounds the streams of one session; one more ends the oldest.
	maxStreams = 3
)

// streams are the event streams under way, by session. It is safe for concurrent use.
type streams struct {
	mu sync.Mutex
	of map[string][]*stream
}

var errReplaced = errors.New("a newer stream of the same session has taken its place")

func (s *streams) add(session string, one *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := append(s.of[session], one)
	for len(all) > maxStreams {
		all[0].end(errReplaced)
		all = all[1:]
	}
	s.of[session] = all
}

func (s *streams) remove(session string, one *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var left []*stream
	for _, other := range s.of[session] {
		if other != one {
			left = append(left, other)
		}
	}
	if len(left) == 0 {
		delete(s.of, session)
		return
	}
	s.of[session] = left
}

// stream is one answer to GET /events: what its session hears, until it ends.
type stream struct {
	server *Server
	secret string
	kind   signin.Kind
	conn   net.Conn
	ctx    context.Context //nolint:containedctx // the answer flows on when its handler has returned
	end    context.CancelCauseFunc
	after  int64
	out    *bufio.Writer
	spoken time.Time
}

// events answers with server-sent events (WHATWG HTML, 9.2): "record" for what has become of one, "inbox" where
// the person's notifications have changed, "job" where work that they asked for has moved, "reset" where some were
// missed, "replaced" where newer streams of the session have taken this one's place.
func (s *Server) events(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "after"); err != nil {
		return err
	}
	after, err := placeIn(c)
	if err != nil {
		return err
	}
	from, lost, err := v.Tenant.Engine.Here(ctx, after)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set("X-Accel-Buffering", "no") // proxies pass on each event at once
	if c.Method() == fiber.MethodHead {
		return nil
	}
	secret, kind, err := s.secretOf(c)
	if err != nil {
		return err
	}
	within, end := context.WithCancelCause(s.base)
	one := &stream{server: s, secret: secret, kind: kind, conn: c.Context().Conn(), ctx: within, end: end, after: from}
	session := v.Grant
	s.streams.add(session, one)
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer s.streams.remove(session, one)
		one.out = w
		if err := one.run(lost); err != nil {
			s.Log.Debug("events", "ended", err.Error())
		}
	})
	return nil
}

// placeIn is up to where a client has heard, which its browser says when it comes again.
func placeIn(c *fiber.Ctx) (int64, error) {
	text := c.Get("Last-Event-ID")
	if text == "" {
		text = c.Query("after")
	}
	if text == "" {
		return 0, nil
	}
	after, err := strconv.ParseInt(text, 10, 64)
	if err != nil || after < 0 {
		return 0, badParameter("after")
	}
	return after, nil
}

func (o *stream) run(lost bool) (err error) {
	defer o.end(nil)
	defer func() { // no handler stands around it any more
		if r := recover(); r != nil {
			err = fault.New(fault.Internal, "internal").In("http.events").Because(fmt.Errorf("panic: %v\n%s", r, debug.Stack()))
			o.server.Log.Error("events", "error", err.Error())
		}
	}()
	ctx, cancel := context.WithTimeout(o.ctx, streamLife)
	defer cancel()
	go func() {
		select {
		case <-o.server.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	first := "ready"
	if lost {
		first = "reset"
	}
	if err := o.say(first, struct{}{}); err != nil {
		return err
	}
	for {
		err := o.listen(ctx)
		if errors.Is(context.Cause(o.ctx), errReplaced) {
			return errors.Join(errReplaced, o.say("replaced", struct{}{}))
		}
		if err != nil || ctx.Err() != nil {
			return err
		}
	}
}

// listen waits a moment for what happens, asks who listens and what they may hear by now, and says it.
func (o *stream) listen(ctx context.Context) error {
	visit, err := o.server.SignIn.Authenticate(ctx, o.secret, o.kind)
	if err != nil {
		return err
	}
	defer visit.Release()
	of := visit.Tenant.Engine
	moment, cancel := context.WithTimeout(ctx, stillSigned)
	happened, err := of.Next(moment, o.after)
	cancel()
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return o.beat()
	}
	if err != nil || len(happened) == 0 {
		return err
	}
	// Rights, and the session itself, may have ended while this waited.
	again, err := o.server.SignIn.Authenticate(ctx, o.secret, o.kind)
	if err != nil {
		return err
	}
	defer again.Release()
	o.after = happened[len(happened)-1].Seq
	if len(happened) == live.AtOnce { // there is more: perhaps too much
		if _, lost, err := of.Here(ctx, o.after); err != nil || lost {
			return errors.Join(err, o.anew(ctx, of))
		}
	}
	heard, err := of.Hears(ctx, again.Actor, happened)
	if err != nil {
		return err
	}
	return o.tell(heard)
}

// anew begins where everything is now: the client has to look at all of it.
func (o *stream) anew(ctx context.Context, of *engine.Engine) (err error) {
	if o.after, _, err = of.Here(ctx, 0); err != nil {
		return err
	}
	return o.say("reset", struct{}{})
}

// heardView is what has become of a record, on the wire.
type heardView struct {
	Form    value.FormKey `json:"form"`
	ID      value.ID      `json:"id"`
	Version int64         `json:"version"`
	Kind    record.Heard  `json:"kind"`
}

// jobMoved names work that has come on, on the wire.
type jobMoved struct {
	ID value.ID `json:"id"`
}

func (o *stream) tell(all []engine.Heard) error {
	inbox, moved := false, []value.ID{}
	for _, one := range all {
		var err error
		switch {
		case one.Inbox:
			inbox = true
		case !one.Job:
			err = o.write("record", heardView{one.Form, one.ID, one.Version, one.Kind})
		case !slices.Contains(moved, one.ID): // one word for all its batches
			moved = append(moved, one.ID)
			err = o.write("job", jobMoved{one.ID})
		}
		if err != nil {
			return err
		}
	}
	if inbox {
		if err := o.write("inbox", struct{}{}); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return o.beat()
	}
	return o.flush()
}

func (o *stream) say(name string, data any) error {
	if err := o.write(name, data); err != nil {
		return err
	}
	return o.flush()
}

func (o *stream) write(name string, data any) error {
	body, err := json.Marshal(data)
	if err != nil {
		return fault.Wrap("http.events", err)
	}
	_, err = fmt.Fprintf(o.out, "event: %s\nid: %d\ndata: %s\n\n", name, o.after, body)
	return err
}

// beat says that the stream lives, where nothing was said for a while.
func (o *stream) beat() error {
	if o.server.Clock().Sub(o.spoken) < heartbeat {
		return nil
	}
	if _, err := fmt.Fprintf(o.out, "id: %d\n: \n\n", o.after); err != nil {
		return err
	}
	return o.flush()
}

// flush gives the other end time to take what is said; one that takes nothing loses its stream.
func (o *stream) flush() error {
	o.spoken = o.server.Clock()
	if err := o.conn.SetWriteDeadline(time.Now().Add(stallTime)); err != nil {
		return err
	}
	return o.out.Flush()
}
