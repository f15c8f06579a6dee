package sample_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"tidewater/runtime/sample"
)

// small is a plan of a library, with a place for one more value of a loan.
const small = `{
  "clock": "+08:00", "locale": "en", "mail": "example.com",
  "zones": [{"key": "north", "name": {"en": "North"}, "record": "region:north"}],
  "units": [{"key": "house", "name": {"en": "House"}, "manager": "ann", "zone": "north"}],
  "people": [
    {"username": "ann", "name": "Ann", "unit": "house", "roles": ["clerk"], "admin": true},
    {"username": "bob", "name": "Bob", "unit": "house", "roles": ["guest"]}
  ],
  "lists": {"word": ["{kind} word"], "kind": "kinds.txt", "endless": ["{endless}"]},
  "records": [
    {"form": "region", "each": "regions.csv", "id": "{key}",
     "at": {"date": {"from": "today-9", "to": "today-9", "time": ["08:00", "08:00"]}}, "values": {"name": {"copy": "name"}}},
    {"form": "book", "count": 20, "let": {"zoneKey": "north"},
     "at": {"date": {"from": "today-8", "to": "today-4", "workday": true, "time": ["09:00", "10:00"]}},
     "values": {"title": "{word} {seq:3}", "region": {"record": {"form": "region", "id": "{zoneKey}"}},
       "state": {"weights": {"lent": 50, "": 50}}, "price": {"number": {"from": "1", "to": "9.5", "step": "0.5"}}}},
    {"form": "loan", "per": "book", "where": {"parent.state": ["lent"]}, "count": 1, "by": "clerk",
     "at": {"date": {"from": "parent.at+1", "to": "today-1", "time": ["09:00", "10:00"]}},
     "values": {"book": {"copy": "parent"}, "clerk": {"person": {"role": "clerk", "zone": "north"}}, "unit": {"unit": "clerk"},
       "lines": {"rows": {"count": 2, "values": {"price": {"copy": "parent.price"}, "days": "3", "less": "12.5"}}},
       "fee": {"total": {"rows": "lines", "times": ["price", "days"], "less": "less"}},
       "extra": EXTRA}, "acts": [{"action": "lend", "percent": 60, "by": "clerk", "args": {"how": {"weights": {"long": 1}},
       "to": {"person": {"role": "guest"}}, "until": {"case": {"on": "how", "of": {"long": {"date": {"from": "today+3", "to": "today+3"}}}}}}},
       {"action": "keep", "percent": 100, "by": "clerk", "args": {"by": {"copy": "clerk"}}}]}
  ]
}`

func smallPlan(extra string) fstest.MapFS {
	return fstest.MapFS{
		"plan.json":   {Data: []byte(strings.Replace(small, "EXTRA", extra, 1))},
		"kinds.txt":   {Data: []byte("# kinds of words\nkind\n\n rude \n")},
		"regions.csv": {Data: []byte("key,name\nnorth,The North\n")},
	}
}

func TestSmallPlan(t *testing.T) {
	s, err := sample.Generate(smallPlan(`{"case": {"on": "book.state", "of": {"lent": {"date": {"from": "at", "to": "at"}}}}}`), 5, 2026_03_13)
	if err != nil {
		t.Fatal(err)
	}
	if s.Zones[0].ID != "region:north" || s.Units[0].Zone != "region:north" || s.People[0].Email != "ann@example.com" {
		t.Errorf("%+v %+v %+v", s.Zones, s.Units, s.People)
	}
	forms := byForm(s)
	if got := forms["region"]; len(got) != 1 || got[0].Ref != "region:north" || got[0].Values["name"] != "The North" ||
		got[0].At.String() != "2026-03-04 00:00:00 +0000 UTC" {
		t.Errorf("%+v", got)
	}
	books, loans := forms["book"], forms["loan"]
	if len(books) != 20 || !slices.IsSortedFunc(books, func(a, b sample.Record) int { return a.At.Compare(b.At) }) {
		t.Errorf("%d books, or not in order of time", len(books))
	}
	lent := count(books, with("state", "lent"))
	if lent == 0 || lent == len(books) || len(loans) != lent {
		t.Errorf("%d of %d books lent, %d loans", lent, len(books), len(loans))
	}
	for _, book := range books {
		if title := book.Values["title"].(string); title != "kind word "+title[len(title)-3:] && title != "rude word "+title[len(title)-3:] {
			t.Errorf("title %q", title)
		}
	}
	for _, loan := range loans {
		if clerk := loan.Values["clerk"].(map[string]any); clerk["$user"] != "ann" || loan.By != "ann" {
			t.Errorf("%+v", loan)
		}
		if unit := loan.Values["unit"].(map[string]any); unit["$unit"] != "house" {
			t.Errorf("%+v", loan)
		}
		if loan.Values["extra"] != loan.At.Format("2006-01-02") {
			t.Errorf("%+v", loan)
		}
	}
}

// TestShares holds that who has a greater share is drawn so much more often, and that nobody else is by it.
func TestShares(t *testing.T) {
	plan := smallPlan("null")
	text := string(plan["plan.json"].Data)
	text = strings.Replace(text, `"count": 20`, `"count": 2000`, 1)
	text = strings.Replace(text, `{"username": "bob", "name": "Bob", "unit": "house", "roles": ["guest"]}`,
		`{"username": "bob", "name": "Bob", "unit": "house", "roles": ["guest"], "share": 3},
		{"username": "cid", "name": "Cid", "unit": "house", "roles": ["guest"]}`, 1)
	plan["plan.json"].Data = []byte(text)
	s, err := sample.Generate(plan, 5, 2026_03_13)
	if err != nil {
		t.Fatal(err)
	}
	often := map[any]int{}
	for _, one := range s.Acts {
		to, _ := one.Args["to"].(map[string]any)
		often[to["$user"]]++
	}
	share(t, "bob", often["bob"], often["bob"]+often["cid"], 75, 6)
}

// TestTotals holds the rounding: half up, a row at a time.
// Acts are done to a share of the records, by whom the plan says; nobody does one that names themselves.
func TestActs(t *testing.T) {
	s, err := sample.Generate(smallPlan("null"), 5, 2026_03_13)
	if err != nil {
		t.Fatal(err)
	}
	loans := byForm(s)["loan"]
	if len(s.Acts) == 0 || len(s.Acts) >= len(loans) {
		t.Errorf("%d acts to %d loans", len(s.Acts), len(loans))
	}
	want := map[string]any{"how": "long", "to": map[string]any{"$user": "bob"}, "until": "2026-03-16"}
	for _, one := range s.Acts {
		named := slices.ContainsFunc(loans, func(r sample.Record) bool { return r.Ref == one.Ref })
		if !named || one.Action != "lend" || one.By != "ann" || !reflect.DeepEqual(one.Args, want) {
			t.Errorf("%+v", one)
		}
	}
}

func TestTotals(t *testing.T) {
	plan := smallPlan(`{"total": {"rows": "lines", "times": ["price", "days"], "less": "less"}}`)
	s, err := sample.Generate(plan, 5, 2026_03_13)
	if err != nil {
		t.Fatal(err)
	}
	// Worked out by hand: 2 rows of price × 3 less an eighth, each rounded to cents.
	want := map[any]string{"1.00": "5.26", "1.50": "7.88", "2.00": "10.50", "2.50": "13.12", "3.00": "15.76", "3.50": "18.38",
		"4.00": "21.00", "4.50": "23.62", "5.00": "26.26", "5.50": "28.88", "6.00": "31.50", "6.50": "34.12", "7.00": "36.76",
		"7.50": "39.38", "8.00": "42.00", "8.50": "44.62", "9.00": "47.26", "9.50": "49.88"}
	for _, loan := range byForm(s)["loan"] {
		price := loan.Values["lines"].([]any)[0].(map[string]any)["price"]
		if loan.Values["extra"] != want[price] || loan.Values["fee"] != want[price] {
			t.Errorf("price %v: %v, want %s", price, loan.Values["extra"], want[price])
		}
	}
}

func TestPlansThatDoNotHoldTogether(t *testing.T) {
	cases := map[string]struct{ extra, says string }{
		"unknown path":    {`{"copy": "parent.colour"}`, "colour"},
		"unknown verb":    {`{"dice": 6}`, "dice"},
		"two verbs":       {`{"copy": "at", "lines": "word"}`, "one member"},
		"member twice":    {`{"weights": {"a": 1, "a": 2}}`, "twice"},
		"weight of zero":  {`{"weights": {"a": 0}}`, "positive"},
		"unknown list":    {`{"lines": "words"}`, "words"},
		"unknown slot":    {`"{colour}"`, "colour"},
		"open slot":       {`"{word"`, "{word"},
		"endless list":    {`"{endless}"`, "on and on"},
		"nobody":          {`{"person": {"role": "pilot"}}`, "pilot"},
		"unknown zone":    {`{"person": {"role": "clerk", "zone": "south"}}`, "south"},
		"unknown record":  {`{"record": {"form": "region", "id": "south"}}`, "region:south"},
		"record too soon": {`{"record": {"form": "loan"}}`, "loan"},
		"no day":          {`{"date": {"from": "book", "to": "today"}}`, "book"},
		"crooked time":    {`{"date": {"from": "today", "to": "today", "time": ["9", "10:00"]}}`, "9"},
		"numbers crossed": {`{"number": {"from": "3", "to": "2", "step": "1"}}`, "number"},
		"too few values":  {`{"unique": {"lines": "word"}}`, "few"},
		"rows of text":    {`{"total": {"rows": "lines", "times": ["price", "colour"]}}`, "colour"},
		"wide digits":     {`"{digits:99}"`, "digits:99"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := sample.Generate(smallPlan(c.extra), 5, 2026_03_13)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want it to name %s", err, c.says)
			}
		})
	}
}

// TestPlanFiles holds what is said of files that are missing or not well formed.
func TestPlanFiles(t *testing.T) {
	change := func(file, data string) fstest.MapFS {
		plan := smallPlan("null")
		plan[file] = &fstest.MapFile{Data: []byte(data)}
		if data == "" {
			delete(plan, file)
		}
		return plan
	}
	cases := map[string]fstest.MapFS{
		"plan.json":   change("plan.json", ""),
		"kinds.txt":   change("kinds.txt", ""),
		"kind":        change("kinds.txt", "# nothing but a remark\n"),
		"regions.csv": change("regions.csv", "key,name\nnorth\n"),
		"colour":      change("plan.json", `{"colour": "red"}`),
		"clock":       change("plan.json", `{"clock": "late"}`),
		"follows":     change("plan.json", strings.Replace(small, "EXTRA", "null", 1)+"{}"),
		"no zone":     change("plan.json", strings.Replace(strings.Replace(small, "EXTRA", "null", 1), `"zone": "north"}],`, `"zone": "south"}],`, 1)),
	}
	for says, plan := range cases {
		if _, err := sample.Generate(plan, 5, 2026_03_13); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want it to name %s", err, says)
		}
	}
}
