package engine_test

import (
	"slices"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/handover"
	"tidewater/engine/job"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// admin is the boss, who administers from now on.
func (w *world) admin() value.Actor {
	w.Helper()
	users := w.people.Users()
	at := slices.IndexFunc(users, func(u org.User) bool { return u.ID == "boss" })
	if !users[at].Admin {
		users[at].Admin = true
		w.reorganise(users, w.people.Units())
	}
	return w.actor("boss")
}

func (w *world) handOver(from, to value.ID, forms ...value.FormKey) *job.Job {
	w.Helper()
	j, err := w.HandOver(w.Context(), w.admin(), engine.HandOverRequest{From: from, To: to, Reason: "ann leaves", Forms: forms}, 0, nil)
	must(w, err)
	w.turns()
	ended, err := w.Jobs.Get(w.Context(), w.admin(), j.ID)
	must(w, err)
	return ended
}

// What somebody owns goes to somebody else: of each form, owned under whatever limits, and nobody else's.
func TestWhatSomebodyOwnsIsHandedOver(t *testing.T) {
	files := sharingFiles("")
	files["pools/east.json"] = poolFiles(`, "hold": {"max": 2}`+idle(""), "")["pools/east.json"]
	w := office(t, files)
	var ids []value.ID
	for range 2 {
		ids = append(ids, w.held("ann", "A"), w.held("abe", "B"))
	}
	w.did("ann", ids[0], "share", to("abe", "team"), "")
	w.did("ann", ids[0], "share", to("wes", "read"), "")
	part := w.make("ann", "part", map[string]any{"name": "Hook"})
	abe := w.actor("abe")
	found, err := w.Holdings(t.Context(), w.admin(), "ann", abe)
	must(t, err)
	if len(found) != 2 || found[0].Form != "asset" || found[0].Records != 2 || !found[0].Reads || found[1].Form != "part" || found[1].Records != 1 || !found[1].Reads {
		t.Errorf("%+v", found)
	}
	if reads, err := w.Holdings(t.Context(), w.admin(), "ann", w.actor("rea")); err != nil || !reads[0].Reads || reads[1].Reads {
		t.Errorf("a reader of assets reads %+v; %v", reads, err)
	}

	j := w.handOver("ann", "abe", "asset", "part")
	if j.State != job.Done || j.Done != 3 || j.Counts["handedOver"] != 3 || len(j.Refused) != 0 {
		t.Errorf("%+v", j)
	}
	for _, id := range ids {
		if got := w.raw(id).Values.Text("holder"); got != "abe" {
			t.Errorf("%s is %s's", id, got)
		}
	}
	if shares := w.raw(ids[0]).Values.Shares(); len(shares) != 1 || shares[0].With != "user:wes" {
		t.Errorf("shared with %+v", shares)
	}
	history, err := w.Records.History(t.Context(), abe, "asset", ids[0], "", 10)
	must(t, err)
	if e := history.Entries[0]; e.Reason != "ann leaves" || e.Actor.ID != "system:handover" || len(e.Changes) != 1 || e.Changes[0].Field != "holder" {
		t.Errorf("%+v", e)
	}
	if got, err := w.Records.Get(t.Context(), abe, "part", part.ID); err != nil || got.Version != 2 {
		t.Errorf("%+v %v", got, err)
	}
	w.hears("abe", "The system gave you 2 records: Asset.", "ann shared Crane (Asset) with you.")
	if left, err := w.Holdings(t.Context(), w.admin(), "ann", abe); err != nil || len(left) != 0 {
		t.Errorf("left are %+v; %v", left, err)
	}
	if again := w.handOver("ann", "abe", "asset", "part", "nothing"); again.State != job.Done || again.Done != 0 {
		t.Errorf("again: %+v", again)
	}
	w.clean()
}

// Only administrators hand over, to somebody else who is there, and nobody does so by the action itself.
func TestWhoHandsOver(t *testing.T) {
	w := sharing(t, "")
	id := w.held("ann", "A")
	ask := func(actor value.Actor, to value.ID, reason string) string {
		_, err := w.HandOver(t.Context(), actor, engine.HandOverRequest{From: "ann", To: to, Reason: reason, Forms: []value.FormKey{"asset"}}, 0, nil)
		return fault.CodeOf(err)
	}
	admin := w.admin()
	for _, c := range []struct {
		actor  value.Actor
		to     value.ID
		reason string
		code   string
	}{
		{w.actor("ann"), "abe", "x", "access.admin"}, {admin, "ann", "x", "handover.to"},
		{admin, "gone", "x", "handover.to"}, {admin, "nobody", "x", "handover.to"}, {admin, "abe", "", "handover.reason"},
	} {
		if got := ask(c.actor, c.to, c.reason); got != c.code {
			t.Errorf("%s to %s: %q, want %s", c.actor.Key(), c.to, got, c.code)
		}
	}
	if _, err := w.Holdings(t.Context(), w.actor("ann"), "ann", admin); fault.CodeOf(err) != "access.admin" {
		t.Errorf("holdings: %v", err)
	}
	args := map[string]any{"from": "ann", "to": "abe"}
	for _, who := range []value.ID{"ann", "boss"} {
		w.refused("action.mayNot", who, id, "handOver", args, "")
	}
	for _, action := range w.Records.CatalogFor(w.actor("boss")).Forms[0].Actions {
		if action.Key == "handOver" {
			t.Error("it is offered")
		}
	}
}

// A job that was to give records to somebody who has left meanwhile, or by somebody who administers no more, ends; a
// record that has found another owner is left alone.
func TestAHandOverThatIsOvertaken(t *testing.T) {
	w := sharing(t, "")
	mine, moved := w.held("ann", "A"), w.held("ann", "B")
	_, err := w.HandOver(t.Context(), w.admin(), engine.HandOverRequest{From: "ann", To: "abe", Reason: "x", Forms: []value.FormKey{"asset"}}, 0, nil)
	must(t, err)
	users := w.people.Users()
	at := slices.IndexFunc(users, func(u org.User) bool { return u.ID == "abe" })
	users[at].Active = false
	w.reorganise(users, w.people.Units())
	w.turns()
	if got := w.raw(mine).Values.Text("holder"); got != "ann" {
		t.Errorf("it is %s's", got)
	}
	var did []record.Outcome
	changes := []record.Change{{Op: record.OpAct, Action: handover.Give, ID: moved, Values: handover.Args("wes", "boss"), Reason: "x"}}
	must(t, w.Records.Many(t.Context(), handover.Actor(), "asset", changes, func(_ store.Tx, _ int, of []record.Outcome) error { did = of; return nil }))
	if len(did) != 1 || did[0].Err != nil || did[0].Changed || w.raw(moved).Values.Text("holder") != "ann" {
		t.Errorf("%+v", did)
	}
	w.clean()
}
