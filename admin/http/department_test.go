package http_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// zones that the CRM has pools for.
var saleZones = []string{"east", "south", "north", "west"}

// saleTiers are the tiers of customers, each with how many of it one may hold.
var saleTiers = []string{"A", "B", "C", "D", "E"}

// department is a sales department made through the API: a manager who leads it and works in every zone, and in
// each of two zones three who sell.
type department struct {
	*site
	consultant, manager *caller
	ids, first          map[string]string // of people and their first passwords, by username
	leads               int               // rows of the file that is imported
}

const sellers = 3 // in each zone

func newDepartment(t *testing.T) *department {
	t.Helper()
	s := newSite(t)
	consultant, _ := firm(t, s)
	d := &department{site: s, consultant: consultant, ids: map[string]string{}, first: map[string]string{}}
	orgZones := map[string]string{}
	for _, key := range saleZones {
		orgZones[key] = consultant.make("/admin/zones", object{"name": english(key), "key": key, "values": object{"key": key}})
	}
	unit := consultant.make("/admin/units", object{"name": english("Sales")})
	hire := func(name, role string, zones ...string) {
		var in []string
		for _, key := range zones {
			in = append(in, orgZones[key])
		}
		id, first := consultant.makeUser(object{"username": name, "name": name, "roles": []string{role}, "unit": unit, "zones": in, "locale": "en"})
		d.ids[name], d.first[name] = id, first
	}
	hire("mei", "salesManager", saleZones...)
	for _, key := range saleZones[:2] {
		for n := range sellers {
			hire(seller(key, n), "sales", key)
		}
	}
	consultant.change("/admin/units/"+unit, object{"manager": d.ids["mei"]}).is(200)
	d.manager = d.signsIn("mei")
	return d
}

// signsIn is somebody who signs in, and chooses a password when they do for the first time.
func (d *department) signsIn(name string) *caller {
	d.t.Helper()
	if first := d.first[name]; first != "" {
		d.with("firm", name, first).post("/me/password", object{"current": first, "new": password}).is(204)
		delete(d.first, name)
	}
	return d.as("firm", name).with("Accept-Language", "en")
}

func seller(zone string, n int) string { return fmt.Sprintf("%s%d", zone, n) }

// poolOf is the key of a zone's pool: poolOf("lead", "east") is leadEast.
func poolOf(form, zone string) string { return form + strings.ToUpper(zone[:1]) + zone[1:] }

// brought imports a csv and returns the report's counts.
func (c *caller) brought(form, content string, plan object) map[string]any {
	c.site.t.Helper()
	file := c.with("Content-Type", "text/csv").post("/files?name=new.csv&for=import", []byte(content)).is(201).text("id")
	done := c.ended(c.post("/forms/"+form+"/import", object{"file": file, "plan": plan}))
	if done.at("state") != "done" {
		c.site.t.Fatalf("imported: %s", done.raw)
	}
	if refused := done.counts()["refused"]; refused != nil {
		c.site.t.Fatalf("refused: %.600s", c.get("/jobs/"+done.text("id")+"/rows").raw)
	}
	return done.counts()
}

// counts are what a job's report counts.
func (r *response) counts() map[string]any {
	r.t.Helper()
	counts, _ := r.at("report", "counts").(object)
	return counts
}

// all are the records of a form that a caller sees, page after page.
func (c *caller) all(form, filter string) (out []object) {
	c.site.t.Helper()
	body := object{"limit": 100}
	if filter != "" {
		body["filter"] = filter
	}
	for {
		page := c.post("/forms/"+form+"/query", body).is(200)
		out = append(out, page.list("records")...)
		if page.at("next") == nil {
			return out
		}
		body["after"] = page.text("next")
	}
}

// owners counts records of a pool by whose they are and what stands in a field; "" is nobody's.
func owners(all []object, pool, field string) map[string]map[string]int {
	out := map[string]map[string]int{}
	for _, r := range all {
		home, _ := r["pool"].(object)
		if home["key"] != pool {
			continue
		}
		values, _ := r["values"].(object)
		owner := ""
		if held, ok := values["owner"].(object); ok {
			owner, _ = held["id"].(string)
		}
		if out[owner] == nil {
			out[owner] = map[string]int{}
		}
		kind, _ := values[field].(string)
		out[owner][kind]++
	}
	return out
}

func sum(counts map[string]int) (all int) {
	for _, n := range counts {
		all += n
	}
	return all
}

// even holds that no two of so many people differ by more than one, in total and in each stratum.
func even(t *testing.T, got map[string]map[string]int, people int, strata ...string) {
	t.Helper()
	if len(got) != people {
		t.Fatalf("%d people have records, want %d: %v", len(got), people, got)
	}
	apart := func(what string, of func(map[string]int) int) {
		var counts []int
		for _, one := range got {
			counts = append(counts, of(one))
		}
		if slices.Max(counts)-slices.Min(counts) > 1 {
			t.Errorf("%s: %v", what, counts)
		}
	}
	apart("in all", sum)
	for _, one := range strata {
		apart(one, func(of map[string]int) int { return of[one] })
	}
}
