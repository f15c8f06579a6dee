package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

const samples = "testdata/import"

func sampleFile(name string) string { return filepath.Join(samples, name) }

// importing returns a data folder with a tenant, and what makes an import's arguments.
func importing(t *testing.T) (folder string, args func(form string, more ...string) []string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "data")
	does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme")
	return folder, func(form string, more ...string) []string {
		return append([]string{"import", "--store", folder, "--tenant", "acme", "--form", form}, more...)
	}
}

func salesFlags() []string {
	return []string{
		"--map", "id=externalNumber", "--map", "client=customer", "--ref", "customer=customer.code",
		"--map", "seller=owner", "--user", "owner", "--map", "day=orderDate",
		"--rows", sampleFile("lines.csv"), "--table", "lines", "--key", "id",
		"--map", "item=lines.product", "--ref", "lines.product=product.code", "--map", "quantity=lines.quantity",
		"--map", "price=lines.price", "--round", "lines.price=2",
		"--map", "discount=lines.discount", "--times", "lines.discount=100", "--round", "lines.discount=2",
		sampleFile("sales.csv"),
	}
}

func goodsFlags(file string) []string {
	return []string{
		"--map", "id=code", "--map", "name=name", "--map", "price=price", "--round", "price=2",
		"--map", "gone=onShelf", "--value", "onShelf.0=true", "--value", "onShelf.1=false", sampleFile(file),
	}
}

// figures runs an aggregation as the system.
func figures(t *testing.T, folder string, req record.AggregateRequest) []record.AggregateRow {
	t.Helper()
	var rows []record.AggregateRow
	out := &output{ready: make(chan string, 1)}
	p := newProgram(out, out)
	err := p.with(t.Context(), folder, "acme", func(_ *world, at *tenant.Tenant) (err error) {
		rows, err = at.Engine.Records.Aggregate(t.Context(), value.SystemActor("test"), req)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestImportBringsPeopleRecordsAndRowsWithExactAmounts(t *testing.T) {
	folder, args := importing(t)
	does(t, "user", "import", "--store", folder, "--tenant", "acme", "--map", "number=username",
		"--map", "first=name", "--map", "last=name", "--map", "boss=manager", "--roles", "sales", sampleFile("staff.csv"))
	does(t, args("customer", "--map", "id=code", "--map", "company=name", "--map", "country=country",
		"--map", "phone=phone", "--set", "type=endCustomer", sampleFile("clients.csv"))...)
	does(t, args("product", goodsFlags("goods.csv")...)...)

	code, out := run(t, args("salesOrder", salesFlags()...)...)
	if code != 1 || !strings.Contains(out, "2 records of salesOrder made, 4 refused") {
		t.Fatalf("exit code %d: %s", code, out)
	}
	for _, said := range []string{
		"sales.csv row 4: ", `client "NOBODY"`, // refers to nobody
		"sales.csv row 5: ", `lines.csv row 7#price "cheap"`, // one bad row refuses the record
		"sales.csv row 6: ", `day "1996-02-31"`, // found by the form
		"lines.csv row 9: ", `"999"`, // belongs nowhere
	} {
		if !strings.Contains(out, said) {
			t.Errorf("the report does not say %s: %s", said, out)
		}
	}

	// 12 × 14.00 + 10 × 9.80 × 85 % = 251.30; 3 × 9.80 × 95 % = 27.93.
	sums := figures(t, folder, record.AggregateRequest{
		Form: "salesOrder", Group: []record.GroupBy{{Field: "owner"}}, Metrics: []record.MetricBy{{Op: "sum", Field: "amount"}},
	})
	byOwner := map[any]any{}
	for _, row := range sums {
		owner, _ := row.Keys[0].(map[string]any)
		byOwner[owner["title"]] = row.Metrics[0]
	}
	if len(byOwner) != 2 || byOwner["Ana Ruíz"] != "251.30" || byOwner["Olaf Ström"] != "27.93" {
		t.Errorf("sales by owner: %v", byOwner)
	}
	shelf := figures(t, folder, record.AggregateRequest{
		Form: "product", Group: []record.GroupBy{{Field: "onShelf"}}, Metrics: []record.MetricBy{{Op: "sum", Field: "price"}},
	})
	if len(shelf) != 2 {
		t.Errorf("prices by shelf: %v", shelf)
	}

	if out := does(t, "verify", "--store", folder, "--tenant", "acme"); !strings.Contains(out, "no differences") {
		t.Errorf("verify: %s", out)
	}

	// Whoever runs it again is told that all is there, and nothing comes twice.
	code, out = run(t, args("product", goodsFlags("goods.csv")...)...)
	if code != 1 || !strings.Contains(out, "0 records of product made, 2 refused") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestImportKnowsManagersOfItsFile(t *testing.T) {
	folder, _ := importing(t)
	does(t, "user", "import", "--store", folder, "--tenant", "acme", "--map", "number=username",
		"--map", "boss=manager", "--no-password", sampleFile("staff.csv"))
	out := &output{ready: make(chan string, 1)}
	err := newProgram(out, out).with(t.Context(), folder, "acme", func(_ *world, at *tenant.Tenant) error {
		boss, _ := at.People.Org().UserByName("9")
		one, known := at.People.Org().UserByName("7")
		if !known || boss.ID == "" || one.Manager != boss.ID || boss.Manager != "" {
			t.Errorf("7 reports to %q, 9 is %q and reports to %q", one.Manager, boss.ID, boss.Manager)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	again := []string{"user", "import", "--store", folder, "--tenant", "acme", "--map", "number=username", sampleFile("staff.csv")}
	fails(t, 1, "staff.csv row 2", again...)
}

func TestImportOfPeopleKnowsRolesAndHasPasswordsChanged(t *testing.T) {
	folder, _ := importing(t)
	file := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(file, []byte("phone,name,role\n13800000001,Ann,sales\n13800000002,Bob,\"sales,saels\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in := []string{"user", "import", "--store", folder, "--tenant", "acme", "--map", "phone=username", "--map", "phone=phone", "--map", "name=name"}
	fails(t, 1, `people.csv row 3, roles`, append(in, "--map", "role=roles", file)...)
	fails(t, 1, "user.role", append(in, "--roles", "nothing", file)...)
	does(t, append(in, "--roles", "sales", file)...) // all or none: the refused made nobody
	out := &output{ready: make(chan string, 1)}
	err := newProgram(out, out).with(t.Context(), folder, "acme", func(_ *world, at *tenant.Tenant) error {
		ann, known := at.People.Org().UserByName("13800000001")
		if !known || ann.Phone != "13800000001" || !at.People.MustChange(ann.ID) {
			t.Errorf("%+v, must change: %v", ann, at.People.MustChange(ann.ID))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestImportRefusesFilesAndFlagsAsAWholeBeforeItWrites(t *testing.T) {
	folder, args := importing(t)
	fails(t, 1, "import.quote", args("product", goodsFlags("broken.csv")...)...)
	fails(t, 1, `"prise"`, args("product", "--map", "id=code", "--map", "prise=price", sampleFile("goods.csv"))...)
	fails(t, 1, "--map price=prize", args("product", "--map", "price=prize", sampleFile("goods.csv"))...)
	fails(t, 1, "--round prize=2", args("product", append([]string{"--round", "prize=2"}, goodsFlags("goods.csv")...)...)...)
	fails(t, 1, "file.notFound", args("product", goodsFlags("nothing.csv")...)...)
	fails(t, 2, "--table and --key go together", args("product", append([]string{"--table", "lines"}, goodsFlags("goods.csv")...)...)...)
	rows := figures(t, folder, record.AggregateRequest{Form: "product", Metrics: []record.MetricBy{{Op: "count"}}})
	if len(rows) > 0 && rows[0].Metrics[0] != int64(0) {
		t.Errorf("products: %v", rows)
	}
}

func TestImportBringsRecordsIntoAPool(t *testing.T) {
	folder, args := importing(t)
	leads := filepath.Join(t.TempDir(), "leads.csv")
	if err := os.WriteFile(leads, []byte("who\nAnn\nBob\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, 1, "pool.unknown", args("customer", "--pool", "nowhere", "--map", "who=name", leads)...)
	does(t, args("customer", "--pool", "customerWest", "--map", "who=name", leads)...)
	err := newProgram(&output{}, &output{}).with(t.Context(), folder, "acme", func(_ *world, at *tenant.Tenant) error {
		page, err := at.Engine.Records.List(t.Context(), value.SystemActor("test"), record.ListRequest{Form: "customer"})
		for _, one := range page.Records {
			if one.Pool == nil || one.Pool.Key != "customerWest" {
				t.Errorf("%s is in %+v", one.ID, one.Pool)
			}
		}
		if len(page.Records) != 2 {
			t.Errorf("%d customers", len(page.Records))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestImportTakesRowsFromTheRecordsOwnFile brings orders whose lines say the order once more, twice over: the second
// time nothing changes, and no line comes again.
func TestImportTakesRowsFromTheRecordsOwnFile(t *testing.T) {
	folder, args := importing(t)
	does(t, args("product", goodsFlags("goods.csv")...)...)
	does(t, args("customer", "--map", "id=code", "--map", "company=name", sampleFile("clients.csv"))...)
	flat := filepath.Join(t.TempDir(), "flat.csv")
	content := "offer,client,good,number,cost\nO-1,RUIZ,1,2,9.50\nO-1,RUIZ,2,1,3.00\nO-2,STROM,1,5,9.00\n"
	if err := os.WriteFile(flat, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := []string{
		"--mode", "upsert", "--by", "externalNumber", "--map", "offer=externalNumber", "--set", "orderDate=2026-03-31",
		"--map", "client=customer", "--ref", "customer=customer.code",
		"--table", "lines", "--key", "offer", "--row-key", "product", "--map", "good=lines.product", "--ref", "lines.product=product.code",
		"--map", "number=lines.quantity", "--map", "cost=lines.price", flat,
	}
	for n, want := range []string{"2 records of salesOrder made, 0 refused, 0 changed", "0 records of salesOrder made, 0 refused, 0 changed, 2 unchanged"} {
		if out := does(t, args("salesOrder", flags...)...); !strings.Contains(out, want) {
			t.Errorf("time %d: %s", n+1, out)
		}
	}
	rows := figures(t, folder, record.AggregateRequest{Form: "salesOrder", Metrics: []record.MetricBy{{Op: "count"}, {Op: "sum", Field: "lines[].quantity"}}})
	if len(rows) != 1 || rows[0].Metrics[0] != int64(2) || fmt.Sprint(rows[0].Metrics[1]) != "8.00" {
		t.Errorf("%+v", rows)
	}
}
