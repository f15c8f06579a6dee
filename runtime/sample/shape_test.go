package sample_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	builtinapps "tidewater/builtin-apps"
	"tidewater/engine/org"
	"tidewater/engine/value"
	"tidewater/runtime/sample"
)

// today is the day the tests stand on.
const today int64 = 2026_06_15

var shanghai = time.FixedZone("", 8*60*60)

// generate makes the sample of the CRM's plan.
func generate(seed uint64, today int64) (*sample.Sample, error) {
	plan, err := fs.Sub(builtinapps.FS, "crm/demo")
	if err != nil {
		return nil, err
	}
	return sample.Generate(plan, seed, today)
}

// usual is the sample that most tests look at; none changes it.
var usual = sync.OnceValues(func() (*sample.Sample, error) { return generate(1, today) })

func demo(t *testing.T) *sample.Sample {
	t.Helper()
	s, err := usual()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func byForm(s *sample.Sample) map[value.FormKey][]sample.Record {
	forms := map[value.FormKey][]sample.Record{}
	for r := range s.Records() {
		forms[r.Form] = append(forms[r.Form], r)
	}
	return forms
}

// share holds that a part of a whole is about so many percent.
func share(t *testing.T, what string, part, whole int, percent, tolerance float64) {
	t.Helper()
	if got := 100 * float64(part) / float64(whole); math.Abs(got-percent) > tolerance {
		t.Errorf("%s: %.1f %%, want %.0f ± %.0f", what, got, percent, tolerance)
	}
}

func count(records []sample.Record, holds func(sample.Record) bool) int {
	n := 0
	for _, r := range records {
		if holds(r) {
			n++
		}
	}
	return n
}

func with(field string, want any) func(sample.Record) bool {
	return func(r sample.Record) bool { return r.Values[field] == want }
}

// TestShapeOfTheDemo holds what the demo promises, for several seeds and days.
func TestShapeOfTheDemo(t *testing.T) {
	for n, on := range []int64{today, 2026_01_01, 2026_11_23} {
		t.Run(fmt.Sprint(on), func(t *testing.T) {
			s, err := generate(uint64(n), on)
			if err != nil {
				t.Fatal(err)
			}
			forms := byForm(s)
			customers := forms["customer"]
			if len(customers) != 3000 {
				t.Fatalf("%d customers", len(customers))
			}
			for tier, percent := range map[string]float64{"A": 5, "B": 15, "C": 25, "D": 30, "E": 25} {
				share(t, "tier "+tier, count(customers, with("tier", tier)), len(customers), percent, 2.5)
			}
			share(t, "ownerless", count(customers, with("owner", nil)), len(customers), 20, 2.5)

			deals := forms["opportunity"]
			lost := count(deals, with("stage", "lost"))
			share(t, "lost deals", lost, len(deals), 25, 8)
			share(t, "won deals", count(deals, with("stage", "won")), len(deals), 35, 8)
			reasons := map[any]bool{}
			for _, r := range deals {
				if (r.Values["lossReason"] != nil) != (r.Values["stage"] == "lost") {
					t.Errorf("%s: stage %v, reason %v", r.Ref, r.Values["stage"], r.Values["lossReason"])
				}
				reasons[r.Values["lossReason"]] = true
			}
			if len(reasons) < 6 {
				t.Errorf("reasons of loss: %v", reasons)
			}
			for form, least := range map[value.FormKey]int{"zone": 4, "product": 30, "contact": 2500, "lead": 1000,
				"followUp": 5000, "opportunity": 500, "quote": 300, "salesOrder": 300} {
				if got := len(forms[form]); got < least {
					t.Errorf("%s: %d records, want %d at least", form, got, least)
				}
			}
		})
	}
}

// TestAYearOfOrders holds that every month before today has orders.
func TestAYearOfOrders(t *testing.T) {
	months := map[string]int{}
	for _, r := range byForm(demo(t))["salesOrder"] {
		months[r.Values["orderDate"].(string)[:7]]++
	}
	for n := range int64(10) { // the first weeks of a year of history have customers, but no deals closed yet
		day := value.AddMonths(today, -n)
		if month := fmt.Sprintf("%04d-%02d", day/10000, day/100%100); months[month] < 5 {
			t.Errorf("%s: %d orders", month, months[month])
		}
	}
}

func TestFollowUpsStandOnWorkingDays(t *testing.T) {
	calendar, err := org.China()
	if err != nil {
		t.Fatal(err)
	}
	now := value.TimeOf(today, shanghai)
	for _, r := range byForm(demo(t))["followUp"] {
		at, err := time.Parse(time.RFC3339, r.Values["at"].(string))
		if err != nil {
			t.Fatal(err)
		}
		if day := value.DayOf(at, shanghai); !calendar.IsWorkday(day) {
			t.Errorf("%s at %d, a day off", r.Ref, day)
		}
		if hour := at.In(shanghai).Hour(); hour < 8 || hour > 18 || !at.Before(now) {
			t.Errorf("%s at %v", r.Ref, at)
		}
		if !at.Equal(r.At) {
			t.Errorf("%s at %v, made at %v", r.Ref, at, r.At)
		}
	}
}

// TestTemplatesVary counts the templates of the plan, and how varied the texts come out.
func TestTemplatesVary(t *testing.T) {
	templates := map[string]bool{}
	files, err := fs.Glob(builtinapps.FS, "crm/demo/followUps/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(builtinapps.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			templates[strings.TrimSpace(line)] = true
		}
	}
	if len(templates) < 200 {
		t.Errorf("%d templates", len(templates))
	}
	texts := map[any]bool{}
	followUps := byForm(demo(t))["followUp"]
	for _, r := range followUps {
		text := r.Values["content"].(string)
		if strings.ContainsAny(text, "{}") {
			t.Errorf("%s: %s", r.Ref, text)
		}
		texts[text] = true
	}
	share(t, "different texts", len(texts), len(followUps), 95, 5)
}

// nobodys are numbers that reach nobody: mobile numbers of segments that the numbering plan gives to no
// carrier, tax numbers of a region that does not exist, account numbers of no bank.
var nobodys = map[string]*regexp.Regexp{
	"phone":       regexp.MustCompile(`^16[034]\d{8}$`),
	"taxNo":       regexp.MustCompile(`^91000000MA\d{8}$`),
	"bankAccount": regexp.MustCompile(`^0000\d{12}$`),
	"email":       regexp.MustCompile(`@example\.com$`),
	"website":     regexp.MustCompile(`^https://www\.example\.com/`),
}

// TestNothingIsMadeInTheFuture holds that all of it was made before the day of the demo begins.
func TestNothingIsMadeInTheFuture(t *testing.T) {
	begins := value.TimeOf(today, shanghai)
	for r := range demo(t).Records() {
		if !r.At.Before(begins) {
			t.Errorf("%s made at %v", r.Ref, r.At)
		}
	}
}

func TestNumbersReachNobody(t *testing.T) {
	digits := regexp.MustCompile(`\d{7,}([^.\d]|$)`) // amounts aside
	s := demo(t)
	phones := map[any]bool{}
	for r := range s.Records() {
		for field, v := range r.Values {
			text, ok := v.(string)
			if !ok {
				continue
			}
			if pattern := nobodys[field]; pattern != nil && !pattern.MatchString(text) {
				t.Errorf("%s: %s is %s", r.Ref, field, text)
			} else if pattern == nil && digits.MatchString(text) && field != "wechat" {
				t.Errorf("%s: %s has a number: %s", r.Ref, field, text)
			}
		}
		if phone := r.Values["phone"]; r.Form == "customer" && phone != nil {
			if phones[phone] {
				t.Errorf("%s: a second %v", r.Ref, phone)
			}
			phones[phone] = true
		}
	}
}

// TestPeople holds the people that the demo's visitors sign in as.
func TestPeople(t *testing.T) {
	s := demo(t)
	if len(s.People) < 38 || len(s.People) > 42 || len(s.Zones) != 4 {
		t.Errorf("%d people, %d zones", len(s.People), len(s.Zones))
	}
	snapshot, err := org.NewSnapshot(1, s.People, s.Units, s.Zones)
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string]string{"admin": "admin", "director": "salesDirector", "manager": "salesManager", "sales": "sales",
		"marketing": "marketing", "finance": "finance", "product": "productManager"}
	for name, role := range roles {
		user, ok := snapshot.UserByName(name)
		if !ok || !slices.Contains(user.Roles, role) || user.Admin != (name == "admin") {
			t.Errorf("%s: %+v", name, user)
		}
	}
	if got := snapshot.ManagerOf("sales"); got != "linhaoran" {
		t.Errorf("sales reports to %s", got)
	}
	if !slices.Contains(snapshot.MembersBelow("east"), "sales") || !slices.Contains(snapshot.Led("manager"), "east") {
		t.Error("the manager does not lead the salesperson's unit")
	}
	owned := count(byForm(s)["customer"], func(r sample.Record) bool {
		owner, _ := r.Values["owner"].(map[string]any)
		return owner["$user"] == "sales"
	})
	if owned < 30 {
		t.Errorf("sales owns %d customers", owned)
	}
}

// TestVisitorsFindFullLists holds that the lists in which visitors try the pages are as long as those that people
// work with, on whatever day they come.
func TestVisitorsFindFullLists(t *testing.T) {
	const full = 50
	own := func(r sample.Record) bool {
		owner, _ := r.Values["owner"].(map[string]any)
		return owner["$user"] == "sales"
	}
	for n, on := range []int64{today, 2026_01_01, 2026_11_23, 2027_02_28} {
		for _, seed := range []uint64{20, uint64(n)} { // 20 is that of the demo
			s, err := generate(seed, on)
			if err != nil {
				t.Fatal(err)
			}
			forms := byForm(s)
			for what, got := range map[string]int{
				"products on shelf": count(forms["product"], with("onShelf", true)),
				"tasks to do":       count(forms["task"], func(r sample.Record) bool { return own(r) && r.Values["done"] == false }),
				"quotes":            count(forms["quote"], own),
				"orders":            count(forms["salesOrder"], own),
			} {
				if got < full {
					t.Errorf("seed %d, on %d: %d %s", seed, on, got, what)
				}
			}
		}
	}
}

// TestSameSeedSameSample holds that nothing but plan, seed and day decides, and that both of these do.
func TestSameSeedSameSample(t *testing.T) {
	printed := func(seed uint64, today int64) string {
		s, err := generate(seed, today)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(slices.Collect(s.Records()))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	first := printed(1, today)
	if first != printed(1, today) {
		t.Error("the same seed and day gave another sample")
	}
	if first == printed(2, today) {
		t.Error("another seed gave the same sample")
	}
	if first == printed(1, value.AddDays(today, 1)) {
		t.Error("another day gave the same sample")
	}
}
