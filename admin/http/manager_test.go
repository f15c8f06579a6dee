package http_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

var leadSources = []string{"website", "exhibition", "referral"}

// newLeads is how many leads the file has: LEADS of the environment, or 200.
func newLeads(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv("LEADS"), "200"))
	must(t, err)
	return n
}

// TestASalesManagerRunsHerPools: from the pools of four zones with five tiers to the question why a customer moved,
// through the API alone.
func TestASalesManagerRunsHerPools(t *testing.T) {
	d := newDepartment(t)
	d.leads = newLeads(t)
	d.setsPoolsUp()
	d.importsIntoTwoPools()
	d.distributes()
	d.takesBackLeads()
	d.takesBackCustomers()
	d.work("firm") // what a job changes while one looks would differ from what one has read
	d.in("firm", func(of *tenant.Tenant) {
		found, err := of.Engine.Verify(t.Context())
		must(t, err)
		if len(found) > 0 {
			t.Errorf("not in order: %v", found)
		}
	})
}

// setsPoolsUp: the consultant publishes what the pools are, caps for each of five tiers and how leads are handed out;
// the manager then sets the numbers of all four zones herself.
func (d *department) setsPoolsUp() {
	t := d.t
	t.Helper()
	each := d.leads/sellers + 1 // what a person may get, and hold
	for _, zone := range saleZones {
		customers, leads := "/admin/drafts/pools/"+poolOf("customer", zone)+".json", "/admin/drafts/pools/"+poolOf("lead", zone)+".json"
		d.consultant.edit(customers, `"byTier": {"A": 60}`, `"byTier": {"A": 60, "B": 90, "C": 120, "D": 150, "E": 200}`)
		d.consultant.edit(leads, `"quota": {"perPerson": 20},`, fmt.Sprintf(`"quota": {"perPerson": %d}, "stratify": "source",`, each))
		d.consultant.edit(leads, `"hold": {"max": 200,`, fmt.Sprintf(`"hold": {"max": %d,`, each))
	}
	d.consultant.publish(object{})
	for _, zone := range saleZones {
		path := "/maintained/pool/" + poolOf("customer", zone)
		var values []object
		for n, tier := range saleTiers {
			values = append(values, object{"path": "/hold/byTier/" + tier, "value": 40 + 10*n})
		}
		if made := d.manager.seen(d.manager.get(path).is(200)).post(path+"/values", object{"values": values}).is(201); made.at("state") != "active" {
			t.Errorf("caps of %s: %s", zone, made.raw)
		}
	}
	d.work("firm")
	for _, form := range []string{"customer", "lead"} {
		pools := d.manager.get("/forms/" + form + "/pools").is(200).list("pools")
		if len(pools) != len(saleZones) {
			t.Errorf("pools of %s: %v", form, pools)
		}
		for _, p := range pools {
			if rights, _ := p["rights"].([]any); !slices.Contains(rights, any("manage")) || !slices.Contains(rights, any("assign")) {
				t.Errorf("%s: %v", p["key"], rights)
			}
		}
	}
	for _, zone := range saleZones {
		doc := d.consultant.document("pools/" + poolOf("customer", zone) + ".json")
		for n, tier := range saleTiers {
			if said := fmt.Sprintf(`"%s": %d`, tier, 40+10*n); !strings.Contains(doc, said) {
				t.Errorf("no %s in %s", said, doc)
			}
		}
	}
	// Whoever sells in a zone sets nothing.
	d.signsIn(seller("east", 0)).get("/maintained/pool/customerEast").problem(404, "upkeep.unknown")
}

// importsIntoTwoPools: each lead of the file is two records, in the pools of the east and of the south, which know of
// each other.
func (d *department) importsIntoTwoPools() {
	t := d.t
	t.Helper()
	var file strings.Builder
	file.WriteString("Name,Company,Phone,Source\n")
	for n := range d.leads {
		fmt.Fprintf(&file, "Person %d,Firm number %d,138%08d,%s\n", n, n, n, leadSources[n%len(leadSources)])
	}
	plan := object{"mode": "create", "pool": "leadEast", "alsoIn": []string{"leadSouth"}, "columns": []object{
		{"column": "Name", "field": "name"}, {"column": "Company", "field": "company"}, {"column": "Phone", "field": "phone"}, {"column": "Source", "field": "source"},
	}}
	if got := d.manager.brought("lead", file.String(), plan); len(got) != 1 || got["made"] != float64(2*d.leads) {
		t.Fatalf("imported: %v", got)
	}
	leads := d.manager.all("lead", "")
	if len(leads) != 2*d.leads {
		t.Fatalf("%d leads of a file of %d into two pools", len(leads), d.leads)
	}
	for _, pool := range []string{"leadEast", "leadSouth"} {
		if got := owners(leads, pool, "source"); len(got) != 1 || sum(got[""]) != d.leads {
			t.Fatalf("%s: %v", pool, got)
		}
	}
	beside := map[any]any{"leadEast": "leadSouth", "leadSouth": "leadEast"}
	for _, lead := range leads[:4] {
		id, _ := lead["id"].(string)
		got := d.manager.get("/forms/lead/records/" + id).is(200)
		others := got.list("siblings")
		if len(others) != 1 || others[0]["pool"] != beside[got.at("pool", "key")] || others[0]["stage"] != "new" {
			t.Errorf("siblings of one in %v: %v", got.at("pool", "key"), others)
		}
	}
}

// distributes hands the leads of the east out: told before, done once, kept in the ledger, and dealt again for whoever
// asks.
func (d *department) distributes() {
	t := d.t
	t.Helper()
	const path = "/forms/lead/pools/leadEast"
	told := d.manager.post(path+"/distribute", object{"distribution": "weekly", "preview": true}).is(200)
	if told.at("candidates") != float64(d.leads) || told.at("dealt") != float64(d.leads) || told.at("left") != float64(0) || len(told.list("people")) != sellers {
		t.Fatalf("told before: %s", told.raw)
	}
	if got := owners(d.manager.all("lead", ""), "leadEast", "source"); sum(got[""]) != d.leads {
		t.Fatalf("a preview has handed out: %v", got)
	}
	done := d.manager.ended(d.manager.post(path+"/distribute", object{"distribution": "weekly"}))
	if done.counts()["dealt"] != float64(d.leads) {
		t.Fatalf("handed out: %s", done.raw)
	}
	leads := d.manager.all("lead", "")
	got := owners(leads, "leadEast", "source")
	even(t, got, sellers, leadSources...)
	if south := owners(leads, "leadSouth", "source"); sum(south[""]) != d.leads {
		t.Errorf("the south, which nobody handed out: %v", south)
	}
	ledger := d.manager.get(path + "/ledger?distribution=weekly").is(200).list("people")
	if len(ledger) != sellers {
		t.Errorf("ledger: %v", ledger)
	}
	for _, line := range ledger {
		who, _ := line["user"].(object)
		id, _ := who["id"].(string)
		if line["got"] != float64(sum(got[id])) {
			t.Errorf("the ledger says %v, they have %v", line, got[id])
		}
	}
	draw := d.manager.get(path + "/draws/" + done.text("id")).is(200)
	if draw.at("dealt") != float64(d.leads) || draw.text("seed") == "" {
		t.Errorf("dealt again: %s", draw.raw)
	}
	for _, hand := range draw.list("hands") {
		if hand["told"] != true {
			t.Errorf("no history tells of %v", hand)
		}
	}
	again := d.manager.ended(d.manager.post(path+"/distribute", object{"distribution": "weekly"}))
	if !strings.Contains(string(again.raw), "pool.periodDone") {
		t.Errorf("twice in a week: %s", again.raw)
	}
}

// swept lets a pool's sweep run now.
func (d *department) swept(form, pool, do string) map[string]any {
	d.t.Helper()
	return d.manager.ended(d.manager.post("/forms/"+form+"/pools/"+pool+"/sweep", object{"do": do})).counts()
}

// followed waits until follow-ups of these records have begun their clocks anew; the server's own worker may hold some.
func (d *department) followed(form value.FormKey, records []object) {
	d.t.Helper()
	d.in("firm", func(of *tenant.Tenant) {
		for _, one := range records {
			id, _ := one["id"].(string)
			for done := false; !done; {
				must(d.t, of.Engine.Settle(d.t.Context()))
				r, err := of.Store.Get(d.t.Context(), form, value.ID(id))
				must(d.t, err)
				done = r.Values.At(value.SysActivityAt) != 0
			}
		}
	})
}

// takesBackLeads: one salesperson follows all of theirs up, two do nothing for a week. The sweep only reports until it
// is turned on, asks where it would take too much, and then takes what was neglected and nothing else.
func (d *department) takesBackLeads() {
	t := d.t
	t.Helper()
	diligent := seller("east", 0)
	works := d.signsIn(diligent)
	theirs := works.all("lead", `owner == actor.id`)
	for _, lead := range theirs {
		works.post("/forms/followUp/records", object{"values": object{"lead": object{"id": lead["id"]}, "way": "phone", "content": "Called, they want a sample"}}).is(201)
	}
	d.followed("lead", theirs)
	before := owners(d.manager.all("lead", ""), "leadEast", "source")
	kept := sum(before[d.ids[diligent]])
	neglected := float64(d.leads - kept)
	d.clock.add(5 * 24 * time.Hour)
	d.manager = d.signsIn("mei")
	if got := d.swept("lead", "leadEast", "run"); got["reported"] != neglected || len(got) != 1 {
		t.Fatalf("before it is turned on: %v, %v are neglected", got, neglected)
	}
	turn := object{"do": "on"}
	d.manager.post("/forms/lead/pools/leadEast/sweep", turn).problem(409, "pool.sweepUnseen")
	turn["seen"] = neglected
	d.manager.post("/forms/lead/pools/leadEast/sweep", turn).is(204)
	if got := d.swept("lead", "leadEast", "run"); got["braked"] != neglected || len(got) != 1 {
		t.Fatalf("more than it may take unasked: %v", got)
	}
	if got := d.swept("lead", "leadEast", "force"); got["reclaimed"] != neglected || len(got) != 1 {
		t.Fatalf("taken back: %v, %v are neglected", got, neglected)
	}
	after := owners(d.manager.all("lead", ""), "leadEast", "source")
	if sum(after[""]) != int(neglected) || !maps.Equal(after[d.ids[diligent]], before[d.ids[diligent]]) || len(after) != 2 {
		t.Errorf("after the sweep: %v", after)
	}
	if got := d.swept("lead", "leadEast", "run"); len(got) != 0 {
		t.Errorf("a second sweep has done %v", got)
	}
}

// takesBackCustomers: the manager imports customers of five tiers with an owner; three weeks on, those whose tier gives
// them less have left, and each says why.
func (d *department) takesBackCustomers() {
	t := d.t
	t.Helper()
	const each = 4
	who := seller("east", 1)
	var file strings.Builder
	file.WriteString("Name,Phone,Type,Tier,Owner,Zone\n")
	for n := range each * len(saleTiers) {
		fmt.Fprintf(&file, "House %d,139%08d,prospect,%s,%s,east\n", n, n, saleTiers[n%len(saleTiers)], who)
	}
	plan := object{"mode": "create", "columns": []object{
		{"column": "Name", "field": "name"}, {"column": "Phone", "field": "phone"}, {"column": "Type", "field": "type"}, {"column": "Tier", "field": "tier"},
		{"column": "Owner", "field": "owner"}, {"column": "Zone", "field": "zone", "by": "key"},
	}}
	if got := d.manager.brought("customer", file.String(), plan); got["made"] != float64(each*len(saleTiers)) || len(got) != 1 {
		t.Fatalf("imported: %v", got)
	}
	d.manager.post("/forms/customer/pools/customerEast/sweep", object{"do": "on"}).is(204)
	d.clock.add(20 * 24 * time.Hour) // A has 7 days, B 15, C 30
	d.manager = d.signsIn("mei")
	if got := d.swept("customer", "customerEast", "run"); got["reclaimed"] != float64(2*each) || len(got) != 1 {
		t.Fatalf("taken back: %v", got)
	}
	customers := d.manager.all("customer", "")
	got := owners(customers, "customerEast", "tier")
	if !maps.Equal(got[""], map[string]int{"A": each, "B": each}) || !maps.Equal(got[d.ids[who]], map[string]int{"C": each, "D": each, "E": each}) {
		t.Fatalf("after the sweep: %v", got)
	}
	limits := map[any]float64{"A": 7, "B": 15}
	for _, c := range customers {
		values, _ := c["values"].(object)
		limit, left := limits[values["tier"]]
		if !left {
			continue
		}
		id, _ := c["id"].(string)
		path := "/forms/customer/records/" + id
		line := d.manager.get(path + "/history").is(200).list("entries")[0]
		detail, _ := line["detail"].(object)
		if line["action"] != "reclaim" || detail["rule"] != "noFollowUp" || detail["limit"] != limit || detail["pool"] != "customerEast" ||
			detail["clock"] == nil || detail["version"] == "" || line["explained"] != true {
			t.Fatalf("its history: %v", line)
		}
		why := d.manager.get(fmt.Sprintf("%s/explain?version=%v", path, line["version"])).is(200)
		if move, _ := why.at("move").(object); move == nil || !strings.Contains(string(why.raw), fmt.Sprintf(`"value":"%v"`, limit)) {
			t.Fatalf("why it moved: %s", why.raw)
		}
	}
}
