package http_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	nethttp "net/http"
	"os"
	"strings"
	"testing"

	"tidewater/engine/grid"
	"tidewater/engine/meta"
	"tidewater/engine/text"
	"tidewater/runtime/sheet"
)

// moved is one file of Northwind on its way into a form: its columns, and the fields that they fill.
type moved struct {
	file, form string
	key        []string
	columns    []way
	lines      []way // of a second file, joined by the first column of the first
}

// way is a column, the field it fills, and how what is in it is meant.
type way struct {
	column, field string
	by            string // of a reference: the field of the other form
	to            string // and that form
	kind          string // "" is text; money, percent, bool, phone
}

func same(names ...string) (out []way) {
	for _, name := range names {
		column, field, _ := strings.Cut(name, "=")
		out = append(out, way{column: column, field: field})
	}
	return out
}

var places = []string{"address=street", "city=city", "region=state", "postal_code=postcode", "country=country"}

// northwind are the files in the order in which they refer to each other.
func northwind() []moved {
	phones := []way{{column: "phone", field: "phone", kind: "phone"}, {column: "fax", field: "fax", kind: "phone"}}
	firm := append(same(append(places, "company_name=company", "contact_name=contact", "contact_title=position")...), phones...)
	return []moved{
		{file: "categories", form: "category", columns: same("category_id=code", "category_name=name", "description=description")},
		{file: "region", form: "region", columns: same("region_id=code", "region_description=name")},
		{file: "territories", form: "territory", columns: append(
			same("territory_id=code", "territory_description=name"), way{column: "region_id", field: "region", by: "code", to: "region"})},
		{file: "suppliers", form: "supplier", columns: append(same("supplier_id=code", "homepage=homepage"), firm...)},
		{file: "customers", form: "customer", columns: append(same("customer_id=code"), firm...)},
		{file: "products", form: "product", columns: append(
			same("product_id=code", "product_name=name", "quantity_per_unit=packing", "units_in_stock=stock", "units_on_order=ordered", "reorder_level=reorder"),
			way{column: "unit_price", field: "price", kind: "money"}, way{column: "discontinued", field: "discontinued", kind: "bool"},
			way{column: "supplier_id", field: "supplier", by: "code", to: "supplier"}, way{column: "category_id", field: "category", by: "code", to: "category"})},
		{file: "employees", form: "employee", columns: append(
			same(append(places, "employee_id=code", "last_name=last", "first_name=first", "title=position", "title_of_courtesy=courtesy",
				"birth_date=born", "hire_date=hired", "extension=extension", "notes=notes")...),
			way{column: "home_phone", field: "phone", kind: "phone"}, way{column: "reports_to", field: "manager", by: "code", to: "employee"})},
		{file: "employee_territories", form: "assignment", key: []string{"employee", "territory"}, columns: []way{
			{column: "employee_id", field: "employee", by: "code", to: "employee"}, {column: "territory_id", field: "territory", by: "code", to: "territory"}}},
		{file: "orders", form: "order", key: []string{"number"}, columns: append(
			same("order_id=number", "order_date=day", "required_date=due", "shipped_date=shipped", "ship_via=shipper", "ship_name=name", "ship_address=street",
				"ship_city=city", "ship_region=state", "ship_postal_code=postcode", "ship_country=country"),
			way{column: "freight", field: "freight", kind: "money"}, way{column: "customer_id", field: "customer", by: "code", to: "customer"},
			way{column: "employee_id", field: "employee", by: "code", to: "employee"}),
			lines: []way{
				{column: "product_id", field: "product", by: "code", to: "product"}, {column: "unit_price", field: "price", kind: "money"},
				{column: "quantity", field: "quantity"}, {column: "discount", field: "discount", kind: "percent"}}},
	}
}

// TestNorthwindComesInGoesOutAndComesBack imports the ten files of Northwind, whose order lines become rows of their
// orders, exports all that came of it, imports that once more, which changes nothing, and holds every cell of the
// exported files against the files of Northwind.
func TestNorthwindComesInGoesOutAndComesBack(t *testing.T) {
	s := newSite(t)
	s.furnishWith("northwind", "testdata/northwind/app")
	keeper := s.as("northwind", "keeper").with("Accept-Language", "en")
	made := map[string]int{}
	for _, m := range northwind() {
		rows := table(t, m.file)
		made[m.form] = len(rows)
		done := keeper.ended(keeper.post("/forms/"+m.form+"/import", m.request(keeper)).is(nethttp.StatusAccepted).header.Get("Location"))
		counts, _ := done.at("report", "counts").(map[string]any)
		if done.at("state") != "done" || counts["made"] != float64(len(rows)) || len(counts) != 1 {
			t.Fatalf("%s: %.2000s", m.file, done.raw)
		}
	}
	if made["customer"] != 91 || made["order"] != 830 || made["product"] != 77 || made["assignment"] != 49 {
		t.Errorf("the files have %v rows", made)
	}
	asked := map[string]any{"metrics": []any{map[string]any{"op": "sum", "field": "total"}}}
	if total := keeper.post("/forms/order/aggregate", asked).is(nethttp.StatusOK); !strings.Contains(total.raw, `"1265793.29"`) {
		t.Errorf("the orders come to %s", total.raw)
	}
	codes := map[string]map[string]string{} // by form and id
	for _, m := range northwind() {
		book := keeper.taken(m.form, map[string]any{"whole": true, "format": "xlsx"})
		flat := keeper.taken(m.form, map[string]any{"whole": true, "format": "csv"})
		for format, file := range map[string]string{"xlsx": book, "csv": flat} {
			_, done := keeper.imported(m.form, file)
			counts, _ := done.at("report", "counts").(map[string]any)
			if counts["unchanged"] != float64(made[m.form]) || len(counts) != 1 {
				t.Errorf("%s comes back as %s and %.600s", m.form, format, done.raw)
			}
		}
		main := read(t, keeper, book, grid.Choice{})
		codes[m.form] = map[string]string{}
		for _, row := range main {
			codes[m.form][row["ID"]] = row["Number"] + row["Code"]
		}
		m.compare(t, keeper, book, main, codes)
		m.lines = nil // text has one table
		m.compare(t, keeper, flat, read(t, keeper, flat, grid.Choice{}), codes)
	}
	// Nothing that was imported again has touched a record.
	for form := range made {
		page := keeper.get("/forms/" + form + "/records?sort=-updatedAt&limit=500").is(nethttp.StatusOK)
		records, _ := page.at("records").([]any)
		for _, one := range records {
			if record, _ := one.(map[string]any); record["version"] != 1.0 {
				t.Errorf("%s: %v", form, record)
			}
		}
		if len(records) != min(made[form], 500) {
			t.Errorf("%s: %d of %d records", form, len(records), made[form])
		}
	}
}

// table reads a file of Northwind, each row by the names of its columns.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile("testdata/northwind/data/" + name + ".csv")
	must(t, err)
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	must(t, err)
	var out []map[string]string
	for _, row := range rows[1:] {
		one := map[string]string{}
		for n, cell := range row {
			one[rows[0][n]] = strings.TrimSpace(cell)
		}
		out = append(out, one)
	}
	return out
}

func (m moved) request(c *caller) map[string]any {
	bring := func(name string) string {
		data, err := os.ReadFile("testdata/northwind/data/" + name + ".csv")
		must(c.site.t, err)
		return c.put(name+".csv", "text/csv", data).is(nethttp.StatusCreated).id()
	}
	key := m.key
	if key == nil {
		key = []string{"code"}
	}
	plan := map[string]any{"mode": "upsert", "key": key, "columns": columns(m.columns)}
	if m.lines != nil {
		plan["tables"] = []any{map[string]any{
			"field": "lines", "file": bring("order_details"), "join": m.columns[0].column, "key": "product", "columns": columns(m.lines),
		}}
	}
	return map[string]any{"file": bring(m.file), "plan": plan}
}

func columns(ways []way) (out []map[string]any) {
	for _, w := range ways {
		c := map[string]any{"column": w.column, "field": w.field}
		switch {
		case w.by != "":
			c["by"] = w.by
		case w.kind == "money":
			c["round"] = 2
		case w.kind == "percent":
			c["times"], c["round"] = "100", 0
		}
		out = append(out, c)
	}
	return out
}

// read is a table of a file of the caller's, each row by the names of its columns.
func read(t *testing.T, c *caller, file string, choice grid.Choice) (out []map[string]string) {
	t.Helper()
	data := c.get("/files/" + file).is(nethttp.StatusOK).raw
	reader, _, err := sheet.Files{}.Open(t.Context(), grid.File{Size: int64(len(data)), At: strings.NewReader(data)}, choice)
	must(t, err)
	var names []string
	for {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			must(t, reader.Close())
			return out
		}
		must(t, err)
		if names == nil {
			names = row.Cells
			continue
		}
		one := map[string]string{}
		for n, name := range names {
			one[name] = row.Cell(n)
		}
		out = append(out, one)
	}
}

// compare holds what was exported of a form against the file that it came from, cell by cell.
func (m moved) compare(t *testing.T, c *caller, file string, out []map[string]string, codes map[string]map[string]string) {
	t.Helper()
	labels := labelsOf(t, m.form)
	key := func(row map[string]string, ways []way, first ...string) string {
		for _, w := range ways {
			if w.by != "" || w.field == "code" || w.field == "number" {
				first = append(first, w.meant(row[w.column]))
			}
		}
		return strings.Join(first, " ")
	}
	back := func(row map[string]string, ways []way, labels map[string]string) map[string]string {
		one := map[string]string{}
		for _, w := range ways {
			if one[w.column] = row[labels[w.field]]; w.by != "" {
				one[w.column] = codes[w.to][row[labels[w.field]+" ID"]]
			}
		}
		return one
	}
	want, got := map[string]map[string]string{}, map[string]map[string]string{}
	for _, row := range table(t, m.file) {
		want[key(row, m.columns)] = row
	}
	for _, row := range out {
		one := back(row, m.columns, labels)
		got[key(one, m.columns)] = one
	}
	same := m.hold(t, m.columns, got, want)
	if m.lines == nil {
		return
	}
	if same != len(out) {
		return
	}
	want, got = map[string]map[string]string{}, map[string]map[string]string{}
	for _, row := range table(t, "order_details") {
		want[key(row, m.lines, row["order_id"])] = row
	}
	for _, row := range read(t, c, file, grid.Choice{Sheet: "Lines"}) {
		one := back(row, m.lines, labels)
		got[key(one, m.lines, codes["order"][row["ID"]])] = one
	}
	if m.hold(t, m.lines, got, want) != 2155 {
		t.Error("not all lines of orders came back")
	}
}

// hold compares rows by their keys, and returns how many are the same.
func (m moved) hold(t *testing.T, ways []way, got, want map[string]map[string]string) (same int) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d rows came back of %d", m.form, len(got), len(want))
	}
	for key, row := range want {
		one := got[key]
		wrong := false
		for _, w := range ways {
			if meant := w.meant(row[w.column]); w.plain(one[w.column]) != meant {
				t.Errorf("%s %s: %s is %q, want %q of %q", m.form, key, w.column, one[w.column], meant, row[w.column])
				wrong = true
			}
		}
		if !wrong {
			same++
		}
	}
	return same
}

// meant is what a cell of Northwind says: exact decimals in place of what was left of binary ones.
func (w way) meant(cell string) string {
	switch {
	case cell == "":
		return ""
	case w.kind == "money":
		return rounded(cell, "1")
	case w.kind == "percent":
		return rounded(rounded(cell, "1"), "100")
	case w.kind == "bool":
		return map[string]string{"0": "no", "1": "yes"}[cell]
	case w.kind == "phone":
		return text.PhoneKey(cell)
	case w.field == "shipper":
		return map[string]string{"1": "Speedy Express", "2": "United Package", "3": "Federal Shipping"}[cell]
	}
	return cell
}

// plain is a cell that was exported, with its numbers written in one way.
func (w way) plain(cell string) string {
	if cell != "" && (w.kind == "money" || w.kind == "percent") {
		return rounded(cell, "1")
	}
	return cell
}

// rounded is a decimal times another, to two places, halves away from zero.
func rounded(number, times string) string {
	n, ok := new(big.Rat).SetString(number)
	factor, known := new(big.Rat).SetString(times)
	if !ok || !known {
		return "no number: " + number
	}
	return n.Mul(n, factor).FloatString(2)
}

// labelsOf are the English names of a form's fields, and of the columns of its table.
func labelsOf(t *testing.T, form string) map[string]string {
	t.Helper()
	data, err := os.ReadFile("testdata/northwind/app/forms/" + form + "/form.json")
	must(t, err)
	var said struct {
		Properties map[string]meta.Field `json:"properties"`
	}
	must(t, json.Unmarshal(data, &said))
	out := map[string]string{}
	for key, f := range said.Properties {
		out[key] = f.Label["en"]
		for column, f := range f.Properties {
			out[string(column)] = f.Label["en"]
		}
	}
	return out
}
