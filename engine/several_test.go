package engine_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/live"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

// Several engines over one store are several processes of one deployment: what one has changed, all know.

// soon waits until something is so.
func soon(t testing.TB, what string, is func() bool) {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	limit := time.After(60 * time.Second)
	for !is() {
		select {
		case <-look.C:
		case <-limit:
			t.Fatalf("it never came to this: %s", what)
		}
	}
}

func titled(title string) record.Input { return record.Input{Values: map[string]any{"title": title}} }

// working lets an engine do what it does in the background, until the test ends.
func (w *world) working(e *engine.Engine) {
	w.Helper()
	ended := make(chan struct{})
	go func() { defer close(ended); e.Work(w.Context(), func(err error) { w.Log(err) }) }()
	w.Cleanup(func() { <-ended })
}

func TestEveryEngineHearsWhatOneHasChanged(t *testing.T) {
	w := newWorld(t)
	w.staff(org.User{ID: "boss", Username: "boss", Name: "Boss", Active: true, Admin: true})
	others := []*engine.Engine{w.open(), w.open()}
	for _, e := range others {
		w.working(e)
	}
	_, err := w.Apps.Install(t.Context(), bundle("1.1.0"))
	must(t, err)
	_, err = w.ImportDays(t.Context(), w.actor("boss"), 0, []org.Day{{Date: "2026-12-31", Kind: org.DayOff, Name: "休"}})
	must(t, err)
	for _, e := range others {
		was := e.Heard()
		soon(t, "the other engine has the new version and the new calendar, and says when it heard", func() bool {
			now, err := e.CalendarVersions(t.Context(), w.actor("boss"))
			return err == nil && e.Catalog().App.Version == "1.1.0" && len(now) == 1 && e.Heard().After(was)
		})
	}
}

// What is published meanwhile binds also those who have not heard: nothing is saved by rules that no longer count.
func TestWhoHasNotHeardSavesNothingByOldRules(t *testing.T) {
	w := newWorld(t)
	late := w.open()
	_, err := w.Apps.Install(t.Context(), bundle("1.1.0", `"maxLength": 60`, `"maxLength": 5`))
	must(t, err)
	_, err = late.Records.Create(t.Context(), w.actor("lib"), "book", titled("longer than five"))
	if err == nil {
		t.Error("it was saved")
	}
	w.clean()
}

func TestASuspendedScriptIsSuspendedEverywhere(t *testing.T) {
	w := newWorldWith(t, newBox(t))
	w.staff(org.User{ID: "boss", Username: "boss", Name: "Boss", Roles: []string{"librarian"}, Active: true, Admin: true})
	_, err := w.Apps.Install(t.Context(), withScripts("2.0.0", map[string][2]string{"book/spin": {always + `, "limits": {"milliseconds": 10}`, "while true do end"}}))
	must(t, err)
	here := w.Engine
	w.box = newBox(t)
	there := w.open()
	boss := w.actor("boss")
	saves := func(e *engine.Engine) string {
		_, err := e.Records.Create(t.Context(), boss, "book", titled("x"))
		return fmt.Sprint(err)
	}
	for n := 0; !strings.Contains(saves(here), "script.suspended"); n++ {
		if n == 4 {
			t.Fatalf("it is not suspended: %s", saves(here))
		}
	}
	must(t, here.Inform(t.Context()))
	must(t, there.Hear(t.Context()))
	if got := saves(there); !strings.Contains(got, "script.suspended") {
		t.Errorf("the other engine: %s", got)
	}
	state, err := there.ScriptState(boss)
	must(t, err)
	if len(state.Scripts) != 1 || state.Scripts[0].Suspended.IsZero() {
		t.Errorf("the other engine shows %+v", state.Scripts)
	}
	must(t, here.Hear(t.Context()))
	must(t, there.ResumeScript(t.Context(), boss, "book/spin"))
	if fault.CodeOf(there.ResumeScript(t.Context(), boss, "book/spin")) != "script.unknown" {
		t.Error("it is resumed twice")
	}
	must(t, here.Hear(t.Context()))
	for name, e := range map[string]*engine.Engine{"here": here, "there": there} {
		if got := saves(e); strings.Contains(got, "script.suspended") {
			t.Errorf("resumed, %s: %s", name, got)
		}
	}
}

// Many begin at once over a store in which nothing is yet: none fails, and they make one key for cursors.
func TestManyBeginAtOnce(t *testing.T) {
	w := newWorld(t)
	for round := range 5 {
		s := teststore.Open(t, filepath.Join(t.TempDir(), strconv.Itoa(round)), "library")
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := w.tryOpen(s); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		must(t, s.Close())
	}
}

// Each hears every event once and in order, whoever has caused it.
func TestListenersOfEachEngineHearOfAll(t *testing.T) {
	w := newWorld(t)
	w.staff(org.User{ID: "lib", Username: "lib", Name: "Lib", Roles: []string{"librarian"}, Active: true})
	engines := []*engine.Engine{w.Engine, w.open(), w.open()}
	const each = 20
	var all sync.WaitGroup
	heard := make([][]value.ID, len(engines))
	from, _, err := w.Here(t.Context(), 0)
	must(t, err)
	for n, e := range engines {
		all.Go(func() {
			after := from
			for len(heard[n]) < each*len(engines) {
				events, err := e.Next(t.Context(), after)
				if err != nil || len(events) > live.AtOnce {
					t.Error(len(events), err)
					return
				}
				for _, one := range events {
					after = one.Seq
					heard[n] = append(heard[n], one.Record)
				}
			}
		})
		all.Go(func() {
			for k := range each {
				if _, err := e.Records.Create(t.Context(), w.actor("lib"), "book", titled(fmt.Sprint(n, k))); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	for n := range heard {
		if fmt.Sprint(heard[n]) != fmt.Sprint(heard[0]) {
			t.Errorf("engine %d heard\n%v\nand the first\n%v", n, heard[n], heard[0])
		}
	}
}
