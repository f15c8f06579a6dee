package http_test

import (
	"bufio"
	"context"
	"fmt"
	nethttp "net/http"
	"strings"
	"testing"
	"time"

	"tidewater/engine/org"
)

// heard is one server-sent event.
type heard struct{ id, name, data string }

// listener is somebody's stream of events.
type listener struct {
	t      *testing.T
	events chan heard // closed when the stream ends
	stop   context.CancelFunc
	last   string // the id of the last event
}

// listens opens a stream, from a place ("": now), and waits until it says that it is there.
func (c *caller) listens(after string) *listener {
	t := c.site.t
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	req, err := nethttp.NewRequestWithContext(ctx, "GET", c.site.url+"/api/v1/events", nil)
	must(t, err)
	req.Header = c.header.Clone()
	if after != "" {
		req.Header.Set("Last-Event-ID", after)
	}
	res, err := c.site.client.Do(req) //nolint:bodyclose // by the goroutine that reads it
	must(t, err)
	if res.StatusCode != nethttp.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	l := &listener{t: t, events: make(chan heard, 100), stop: stop}
	go func() {
		defer close(l.events)
		defer func() {
			if err := res.Body.Close(); err != nil {
				t.Log(err)
			}
		}()
		lines, one := bufio.NewScanner(res.Body), heard{}
		for lines.Scan() {
			name, text, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				one.id = text
			case "event":
				one.name = text
			case "data":
				one.data = text
			case "":
				if one.name != "" {
					l.events <- one
				}
				one = heard{}
			}
		}
	}()
	t.Cleanup(stop)
	return l
}

// hears waits for the next event, a second at most.
func (l *listener) hears(name, data string) {
	l.t.Helper()
	select {
	case one, open := <-l.events:
		if !open {
			l.t.Fatalf("the stream ended; want %s %s", name, data)
		}
		if one.name != name || data != "" && one.data != data {
			l.t.Fatalf("heard %+v, want %s %s", one, name, data)
		}
		l.last = one.id
	case <-time.After(time.Second):
		l.t.Fatalf("heard nothing within a second; want %s %s", name, data)
	}
}

// until waits for one event, however busy the machine is, and returns those before it.
func (l *listener) until(name, data string) (before []heard) {
	l.t.Helper()
	limit := time.After(time.Minute)
	for {
		select {
		case one, open := <-l.events:
			if !open {
				l.t.Fatalf("the stream ended; want %s %s", name, data)
			}
			if one.name == name && (data == "" || one.data == data) {
				return before
			}
			before = append(before, one)
		case <-limit:
			l.t.Fatalf("heard %+v; want %s %s", before, name, data)
		}
	}
}

// ends waits for the end of the stream, a second at most beyond what asking takes.
func (l *listener) ends() {
	l.t.Helper()
	limit := time.After(2 * time.Second)
	for {
		select {
		case one, open := <-l.events:
			if !open {
				return
			}
			l.t.Logf("before its end it said %+v", one)
		case <-limit:
			l.t.Fatal("the stream goes on")
		}
	}
}

func of(form, id string, version int, kind string) string {
	return fmt.Sprintf(`{"form":"%s","id":"%s","version":%d,"kind":"%s"}`, form, id, version, kind)
}

func TestAChangeIsHeardByOthersWhoSeeTheRecord(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	l, foreign := viewer.listens(""), s.as("two", "viewer").listens("")
	l.hears("ready", "{}")
	foreign.hears("ready", "{}")
	made := keeper.create(map[string]any{"name": "Saw", "price": "99.50"}).is(nethttp.StatusCreated).id()
	l.hears("record", of("asset", made, 1, "created")) // and no word of what it costs
	keeper.with("If-Match", `"1"`).patch("/forms/asset/records/"+made, map[string]any{"values": map[string]any{"name": "Saws"}}).is(nethttp.StatusOK)
	l.hears("record", of("asset", made, 2, "changed"))
	keeper.with("If-Match", `"2"`).remove("/forms/asset/records/" + made).is(nethttp.StatusNoContent)
	l.hears("record", of("asset", made, 3, "gone"))

	// Of boats the viewer sees their own.
	boat := func(skipper string) map[string]any {
		return map[string]any{"values": map[string]any{"name": "Gull", "skipper": skipper}}
	}
	me, other := s.userID("one", "viewer"), s.userID("one", "keeper")
	keeper.post("/forms/boat/records", boat(other)).is(nethttp.StatusCreated)
	mine := keeper.post("/forms/boat/records", boat(me)).is(nethttp.StatusCreated).id()
	l.hears("record", of("boat", mine, 1, "created")) // not the other one, before it
	l.hears("inbox", "{}")
	foreign.stop()
	for one := range foreign.events {
		t.Errorf("another tenant heard %+v", one)
	}
}

// Work is heard of by the one who asked for it, to its end: not by a colleague who sees the same records, and nowhere
// else.
func TestOnlyWhoAskedForWorkHearsOfIt(t *testing.T) {
	s := newSite(t)
	keeper, elsewhere := s.as("one", "keeper"), s.as("two", "keeper")
	asked, colleague, foreign := keeper.listens(""), s.as("one", "viewer").listens(""), elsewhere.listens("")
	for _, l := range []*listener{asked, colleague, foreign} {
		l.until("ready", "")
	}
	began := keeper.post("/forms/asset/export", map[string]any{"format": "csv"}).is(nethttp.StatusAccepted)
	told := fmt.Sprintf(`{"id":"%s"}`, began.id())
	for state := any("queued"); state != "done"; {
		asked.until("job", told)
		state = keeper.get("/jobs/" + began.id()).is(nethttp.StatusOK).at("state")
	}
	// What was said of the work was said before these.
	mark := keeper.create(map[string]any{"name": "Mark"}).is(nethttp.StatusCreated).id()
	for _, one := range colleague.until("record", of("asset", mark, 1, "created")) {
		t.Errorf("a colleague heard %+v", one)
	}
	mark = elsewhere.create(map[string]any{"name": "Mark"}).is(nethttp.StatusCreated).id()
	for _, one := range foreign.until("record", of("asset", mark, 1, "created")) {
		t.Errorf("another tenant heard %+v", one)
	}
}

func TestAStreamGoesOnWhereItEndedWithoutLoss(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	l := viewer.listens("")
	l.hears("ready", "")
	first := keeper.create(map[string]any{"name": "0"}).is(nethttp.StatusCreated).id()
	l.hears("record", of("asset", first, 1, "created"))
	l.stop()
	l.ends()
	var missed []string
	for n := range 25 {
		missed = append(missed, keeper.create(map[string]any{"name": fmt.Sprint(n)}).is(nethttp.StatusCreated).id())
	}
	again := viewer.listens(l.last)
	again.hears("ready", "")
	for _, id := range missed {
		again.hears("record", of("asset", id, 1, "created"))
	}
	now := keeper.create(map[string]any{"name": "now"}).is(nethttp.StatusCreated).id()
	again.hears("record", of("asset", now, 1, "created"))
	// A place that the outbox does not know: everything has to be looked at anew.
	viewer.listens("99999999").hears("reset", "{}")
	viewer.get("/events?after=x").problem(nethttp.StatusBadRequest, "query.parameter", "?after query.parameter")
	s.anyone().get("/events").problem(nethttp.StatusUnauthorized, "auth.required")
}

// What happens between the first question of a page and its stream is heard by it as well.
func TestAStreamBeginsWhereItsReaderBeganToAsk(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	early := keeper.create(map[string]any{"name": "early"}).is(nethttp.StatusCreated).id()
	place, _ := viewer.get("/me").is(nethttp.StatusOK).at("place").(string)
	between := keeper.create(map[string]any{"name": "between"}).is(nethttp.StatusCreated).id()
	for _, one := range viewer.listens(place).until("record", of("asset", between, 1, "created")) {
		if one.name != "ready" {
			t.Errorf("heard %+v, from before (%s)", one, early)
		}
	}
}

func TestAStreamEndsWithItsSession(t *testing.T) {
	s := newSite(t)
	viewer := s.as("one", "viewer")
	l := viewer.listens("")
	l.hears("ready", "")
	viewer.post("/auth/logout", nil).is(nethttp.StatusNoContent)
	l.ends()

	again := s.as("one", "viewer").listens("")
	again.hears("ready", "")
	s.change("viewer", func(u *org.User) { u.Active = false })
	again.ends()
}

// Rights are asked at each event: what a role loses is heard no more, in the same stream.
func TestAStreamObeysTheRightsOfNow(t *testing.T) {
	s := newSite(t)
	keeper, l := s.as("one", "keeper"), s.as("one", "viewer").listens("")
	l.hears("ready", "")
	id := keeper.create(map[string]any{"name": "Saw"}).is(nethttp.StatusCreated).id()
	l.hears("record", of("asset", id, 1, "created"))
	s.change("viewer", func(u *org.User) { u.Roles = nil })
	keeper.create(map[string]any{"name": "Drill"}).is(nethttp.StatusCreated)
	for { // a change of roles ends the session too: until then nothing is heard
		one, open := <-l.events
		if !open {
			return
		}
		t.Errorf("heard %+v", one)
	}
}

func TestOfFourStreamsOfASessionTheOldestEnds(t *testing.T) {
	s := newSite(t)
	viewer := s.as("one", "viewer")
	var all []*listener
	for range 4 {
		l := viewer.listens("")
		l.hears("ready", "")
		all = append(all, l)
	}
	all[0].hears("replaced", "{}")
	all[0].ends()
	id := s.as("one", "keeper").create(map[string]any{"name": "Saw"}).is(nethttp.StatusCreated).id()
	for _, l := range all[1:] {
		l.hears("record", of("asset", id, 1, "created"))
	}
}
