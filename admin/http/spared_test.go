package http_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

// What the CRM spares from its sweep, beside what is locked: customers with an open opportunity that was active within 30
// days, with a quote or an order in approval, or with an approved order, which nobody who sells can approve. Nobody follows
// any of them up; tier A has 7 days.
func TestWhatTheCRMSparesFromItsSweep(t *testing.T) {
	d := newDepartment(t)
	d.manager.post("/forms/customer/pools/customerEast/sweep", object{"do": "on"}).is(204)
	kept := d.neglects("Nothing", "Lost", "Opened", "Called", "Quoted", "Ordered", "Said", "Sold")
	sells := d.signsIn(seller("east", 0))
	product := d.consultant.makes("product", object{"name": "Press", "code": "P1", "onShelf": true, "price": "100.00"})
	lines := []object{{"product": object{"id": product}, "quantity": 1, "price": "100.00"}}
	opens := func(customer, stage string) string {
		values := object{"name": "Line", "customer": object{"id": kept[customer]}, "stage": stage}
		if stage == "lost" {
			values["lossReason"] = "price"
		}
		return sells.makes("opportunity", values)
	}
	lost, opened := opens("Lost", "lost"), opens("Opened", "contact")
	called := opens("Called", "need")
	quote := sells.makes("quote", object{"customer": object{"id": kept["Quoted"]}, "status": "submitted", "lines": lines})
	sells.makes("salesOrder", object{"customer": object{"id": kept["Ordered"]}, "status": "submitted", "lines": lines})
	sells.edits("customer", kept["Said"], object{"status": "won"}).is(422)
	d.manager.edits("customer", kept["Said"], object{"status": "won"}).is(200)
	sold := sells.makes("salesOrder", object{"customer": object{"id": kept["Sold"]}, "status": "submitted", "lines": lines})
	sells.edits("salesOrder", sold, object{"status": "approved"}).is(422)
	d.manager.edits("salesOrder", sold, object{"status": "approved"}).is(200)
	d.settles()
	d.turned(kept["Sold"], "potential", "won")
	d.says(kept["Said"], "won") // no order of it says so
	d.manager.edits("customer", kept["Sold"], object{"status": "dormant"}).is(200)
	second := d.approved(sells, kept["Sold"], lines)
	d.says(kept["Sold"], "dormant")
	d.days(5)
	sells = d.signsIn(seller("east", 0))
	sells.makes("followUp", object{"customer": object{"id": kept["Called"]}, "opportunity": object{"id": called}, "way": "phone", "content": "They compare prices"})
	d.settles()

	d.days(3) // day 8: 7 whole days have passed
	d.leaves(kept, "Nothing", "Lost", "Said")
	d.days(22) // day 30, the last of those that the opportunity gives
	d.leaves(kept)
	// Her manager sees who leaves within a week, the first first; what is spared for as long as it is as it is has no day.
	var soon []string
	for _, one := range d.manager.post("/forms/customer/query", object{"view": "teamLeaving"}).is(200).list("records") {
		values, _ := one["values"].(object)
		soon = append(soon, fmt.Sprint(values["name"]))
	}
	if !slices.Equal(soon, []string{"Opened", "Called"}) {
		t.Errorf("about to leave: %v", soon)
	}
	d.days(1)
	d.leaves(kept, "Opened")
	// An open opportunity goes with its customer, as far as it was; one that is over stays with whoever lost it.
	for id, want := range map[string]string{opened: "", lost: d.ids[seller("east", 0)]} {
		if got := d.has("opportunity", id); got != want {
			t.Errorf("an opportunity is %q's, not %q's", got, want)
		}
	}
	d.days(4) // day 35: 30 since the call
	d.leaves(kept)
	d.days(1)
	d.leaves(kept, "Called")

	// What is decided spares no more: three days' notice, and it leaves with the sweep after them.
	sells = d.signsIn(seller("east", 0))
	sells.edits("quote", quote, object{"status": "draft"}).is(200)
	void := object{"status": "void", "voidReason": "entered twice"}
	d.manager.edits("salesOrder", second, void).is(200)
	d.settles()
	d.manager.edits("customer", kept["Sold"], object{"status": "won"}).is(200)
	d.manager.edits("salesOrder", sold, void).is(200)
	d.settles()
	d.turned(kept["Sold"], "won", "negotiating")
	d.leaves(kept)
	d.days(4)
	quoted := kept["Quoted"]
	d.leaves(kept, "Quoted", "Sold")

	// Whoever made a quote goes on reading it, and whose it is, when the customer is another zone's to claim.
	d.manager.post("/forms/customer/records/"+quoted+"/actions/transfer", object{"args": object{"pool": "customerWest"}}).is(200)
	sells = d.signsIn(seller("east", 0))
	sells.get("/forms/customer/records/" + quoted).is(404)
	values, _ := sells.get("/forms/quote/records/" + quote).is(200).at("values").(object)
	if said, _ := values["customer"].(object); said["title"] != "Quoted" {
		t.Errorf("the quote is for %v", values["customer"])
	}
}

// approved makes an order of a customer that is approved, and settles.
func (d *department) approved(sells *caller, customer string, lines []object) string {
	d.t.Helper()
	id := sells.makes("salesOrder", object{"customer": object{"id": customer}, "status": "submitted", "lines": lines})
	d.manager.edits("salesOrder", id, object{"status": "approved"}).is(200)
	d.settles()
	return id
}

// says holds what a customer's status is.
func (d *department) says(customer, status string) {
	d.t.Helper()
	values, _ := d.manager.get("/forms/customer/records/" + customer).is(200).at("values").(object)
	if values["status"] != status {
		d.t.Errorf("the customer is %v, not %s", values["status"], status)
	}
}

// turned holds that the system, and nobody else, has just changed a customer's status.
func (d *department) turned(customer, from, to string) {
	d.t.Helper()
	d.says(customer, to)
	last := d.manager.get("/forms/customer/records/" + customer + "/history").is(200).list("entries")[0]
	changes, _ := last["changes"].([]any)
	who, _ := last["actor"].(object)
	if said := fmt.Sprint(changes); who["id"] != "system:follow" || !strings.Contains(said, fmt.Sprintf("map[field:status from:%s to:%s]", from, to)) {
		d.t.Errorf("the history ends with %v: %s", who, said)
	}
}

// neglects makes customers of tier A that the first seller of the east owns, and returns their ids by name.
func (d *department) neglects(names ...string) map[string]string {
	d.t.Helper()
	var file strings.Builder
	file.WriteString("Name,Phone,Type,Tier,Owner,Zone\n")
	for n, name := range names {
		fmt.Fprintf(&file, "%s,139%08d,prospect,A,%s,east\n", name, n, seller("east", 0))
	}
	d.manager.brought("customer", file.String(), object{"mode": "create", "columns": []object{
		{"column": "Name", "field": "name"}, {"column": "Phone", "field": "phone"}, {"column": "Type", "field": "type"}, {"column": "Tier", "field": "tier"},
		{"column": "Owner", "field": "owner"}, {"column": "Zone", "field": "zone", "by": "key"},
	}})
	out := map[string]string{}
	for _, one := range d.manager.all("customer", "") {
		values, _ := one["values"].(object)
		name, _ := values["name"].(string)
		out[name], _ = one["id"].(string)
	}
	return out
}

// makes saves a new record and returns its id.
func (c *caller) makes(form string, values object) string {
	c.site.t.Helper()
	return c.post("/forms/"+form+"/records", object{"values": values}).is(201).text("id")
}

// edits saves values of a record as it is by now.
func (c *caller) edits(form, id string, values object) *response {
	c.site.t.Helper()
	path := "/forms/" + form + "/records/" + id
	version := c.get(path).is(200).at("version")
	return c.with("If-Match", fmt.Sprintf(`"%v"`, version)).patch(path, object{"values": values})
}

// settles waits until everything that follows from what was saved has followed.
func (d *department) settles() {
	d.t.Helper()
	d.in("firm", func(of *tenant.Tenant) { must(d.t, of.Engine.Settle(d.t.Context())) })
}

func (d *department) days(n int) {
	d.t.Helper()
	d.clock.add(time.Duration(n) * 24 * time.Hour)
	d.manager = d.signsIn("mei")
}

// leaves holds that today's sweep takes these of the customers and leaves the others with their owner.
func (d *department) leaves(kept map[string]string, names ...string) {
	d.t.Helper()
	d.swept("customer", "customerEast", "force")
	var gone []string
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		if d.has("customer", kept[name]) == "" {
			gone = append(gone, name)
		}
	}
	slices.Sort(names)
	if !slices.Equal(gone, names) {
		d.t.Fatalf("taken are %v, not %v", gone, names)
	}
	for _, name := range names {
		delete(kept, name)
	}
}

// has tells whose a record is, "" for nobody's.
func (d *department) has(form value.FormKey, id string) (owner string) {
	d.t.Helper()
	d.in("firm", func(of *tenant.Tenant) {
		r, err := of.Store.Get(d.t.Context(), form, value.ID(id))
		must(d.t, err)
		owner = r.Values.Text("owner")
	})
	return owner
}
