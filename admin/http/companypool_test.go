package http_test

import (
	"testing"

	"tidewater/runtime/tenant"
)

// A customer that is of no zone is the company's: its owner keeps it no longer unfollowed than any other, and nobody
// claims it, before its director says whose it is to be.
func TestACustomerOfNoZoneIsOfTheCompanysPool(t *testing.T) {
	d := newDepartment(t)
	_, first := d.consultant.makeUser(object{"username": "dan", "name": "dan", "roles": []string{"salesDirector"}, "locale": "en"})
	d.first["dan"] = first
	director := d.signsIn("dan")
	sells := d.signsIn(seller("east", 0))
	made := sells.post("/forms/customer/records", object{"values": object{"name": "Somewhere", "type": "prospect", "tier": "A", "phone": "13987654321"}}).is(201)
	if made.at("pool", "key") != "customerCompany" || made.at("pool", "reclaimAt") == nil {
		t.Fatalf("it is in %s", made.raw)
	}
	lead := sells.post("/forms/lead/records", object{"values": object{"name": "Ann", "phone": "13812345678", "source": "website"}}).is(201)
	if lead.at("pool", "key") != "leadCompany" {
		t.Errorf("a lead is in %s", lead.raw)
	}
	for told := false; !told; { // the server's own worker may be at it
		d.in("firm", func(of *tenant.Tenant) { must(t, of.Engine.Inform(t.Context())) })
		list := d.consultant.get("/notifications").is(200).list("notifications")
		told = len(list) > 0 && list[0]["kind"] == "unrouted"
	}
	director.post("/forms/customer/pools/customerCompany/sweep", object{"do": "on"}).is(204)
	d.days(8)
	director = d.signsIn("dan")
	swept := director.ended(director.post("/forms/customer/pools/customerCompany/sweep", object{"do": "run"})).counts()
	if swept["reclaimed"] != 1.0 {
		t.Errorf("a week later the sweep takes %v", swept)
	}
	act := "/forms/customer/records/" + made.text("id") + "/actions/"
	d.signsIn(seller("east", 1)).post(act+"claim", object{}).problem(404, "record.notFound")
	director.post(act+"transfer", object{"args": object{"pool": "customerEast"}}).is(200)
	d.signsIn(seller("east", 1)).post(act+"claim", object{}).is(200)
}
