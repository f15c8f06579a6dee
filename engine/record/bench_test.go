package record_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
	"golang.org/x/sys/unix"

	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/value"
)

// ruled is a form of 40 fields with five rows of a table and, if wanted, 20 rules of every sort.
func ruled(b *testing.B, rules bool) *catalog.Catalog {
	b.Helper()
	var fields []string
	rule := func(text string) string {
		if rules {
			return text
		}
		return ""
	}
	add := func(key, text string) {
		fields = append(fields, fmt.Sprintf(`%q: {"x-label": {"en": %q, "zh-CN": %q}, %s}`, key, key, key, text))
	}
	for n := range 12 {
		text := `"x-field": "text", "maxLength": 100`
		if n < 4 {
			text += rule(fmt.Sprintf(`, "x-requiredIf": "tier == \"A\" and amount%d > 1000"`, n))
		}
		add(fmt.Sprint("text", n), text)
	}
	for n := range 10 {
		text := `"x-field": "currency", "x-scale": 2`
		if n >= 6 {
			text += rule(fmt.Sprintf(`, "x-compute": "round((amount%d ?? 0) * 1.13, 2)"`, n-6))
		}
		add(fmt.Sprint("amount", n), text)
	}
	for n := range 10 {
		text := `"x-field": "date"`
		if n < 3 {
			text += rule(fmt.Sprintf(`, "x-readOnlyIf": "amount%d != nil and amount%d < 0", "x-visibleIf": "tier in [\"A\", \"B\"]"`, n, n))
		}
		add(fmt.Sprint("date", n), text)
	}
	add("tier", `"x-field": "select", "x-options": [{"value": "A", "label": {"en": "A", "zh-CN": "A"}}, {"value": "B", "label": {"en": "B", "zh-CN": "B"}}]`+rule(`, "x-default": "\"A\""`))
	for n := range 5 {
		add(fmt.Sprint("number", n), `"x-field": "number"`)
	}
	add("lines", `"x-field": "table", "properties": {
		"qty": {"x-field": "number", "x-label": {"en": "Qty", "zh-CN": "Qty"}}, "price": {"x-field": "currency", "x-scale": 2, "x-label": {"en": "Price", "zh-CN": "Price"}},
		"sum": {"x-field": "currency", "x-scale": 2, "x-label": {"en": "Sum", "zh-CN": "Sum"}`+rule(`, "x-compute": "(qty ?? 0) * (price ?? 0)"`)+`}}`)
	add("total", `"x-field": "currency", "x-scale": 2`+rule(`, "x-compute": "sum(lines, .sum ?? 0)"`))
	var checks []string
	for n := range 3 {
		checks = append(checks, fmt.Sprintf(`{"key": "check%d", "check": "amount%d == nil or amount%d <= 1000000 and (date%d == nil or date%d >= \"2020-01-01\")", "message": {"en": "x", "zh-CN": "x"}}`, n, n, n, n, n))
	}
	form := `{"type": "object", "x-form": "deal", "x-label": {"en": "Deal", "zh-CN": "Deal"}, "x-title": "text0", "properties": {` + strings.Join(fields, ",\n") + `}` +
		rule(`, "x-rules": [`+strings.Join(checks, ", ")+`]`) + `}`
	compiled, issues := catalog.Compile(catalog.Bundle{
		"app.json":             []byte(`{"key": "deals", "version": "1.0.0", "label": {"en": "Deals", "zh-CN": "Deals"}, "menu": ["deal"]}`),
		"forms/deal/form.json": []byte(form),
		"roles/all.json":       []byte(`{"key": "all", "label": {"en": "All", "zh-CN": "All"}, "forms": {"deal": {"create": true, "read": {"scope": "all"}, "update": {"scope": "all"}}}}`),
	})
	if len(issues) > 0 {
		b.Fatal(issues)
	}
	return compiled
}

// deal is what somebody sends of such a form.
func deal() map[string]any {
	out := map[string]any{"tier": "A"}
	for n := range 12 {
		out[fmt.Sprint("text", n)] = "上海某某科技有限公司"
	}
	for n := range 6 {
		out[fmt.Sprint("amount", n)] = "12345.60"
	}
	for n := range 10 {
		out[fmt.Sprint("date", n)] = "2026-03-31"
	}
	var rows []any
	for range 5 {
		rows = append(rows, map[string]any{"qty": "3", "price": "19.90"})
	}
	out["lines"] = rows
	return out
}

// spent is the processor time that this process has used so far, its collector's too: a machine that has else to
// do stretches the time on the clock, not this.
func spent() time.Duration {
	var used unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkRules is the time of 20 rules in a save: all steps that ask any, with the rules, without, and the
// difference.
func BenchmarkRules(b *testing.B) {
	took := map[bool]time.Duration{}
	for _, with := range []bool{false, true} {
		form := ruled(b, with).Forms["deal"]
		b.Run(map[bool]string{false: "without", true: "with20"}[with], func(b *testing.B) {
			sent, issues := form.DecodeValues(deal())
			if len(issues) > 0 {
				b.Fatal(issues)
			}
			rules := expr.Context{Now: time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC), Actor: value.Actor{User: "kim", Roles: []string{"all"}}}
			b.ReportAllocs()
			begun := spent()
			for b.Loop() {
				values := sent.Clone()
				form.State(values, rules)
				issues := form.Defaults(values, rules)
				issues = append(issues, form.Compute(values, rules)...)
				if issues = append(issues, form.Validate(values, nil, rules)...); len(issues) > 0 {
					b.Fatal(issues)
				}
			}
			took[with] = (spent() - begun) / time.Duration(b.N)
			if with {
				b.ReportMetric(float64((took[true]-took[false]).Nanoseconds())/1000, "µs-CPU-of-rules")
				b.ReportMetric(100, "µs-CPU-asked")
				b.ReportMetric(float64(took[true])/float64(took[false]), "x-without")
			}
		})
	}
}

// BenchmarkEvaluate is a draft of a 40-field form through every step of a save short of the store, as a page
// asks for it while somebody types.
func BenchmarkEvaluate(b *testing.B) {
	for _, with := range []bool{false, true} {
		compiled := ruled(b, with)
		people, err := org.NewSnapshot(1, []org.User{{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"all"}, Active: true}}, nil, nil)
		if err != nil {
			b.Fatal(err)
		}
		kim, _ := people.Actor("kim")
		calendar, err := org.China()
		if err != nil {
			b.Fatal(err)
		}
		st, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "deals.db"), "deals")
		if err != nil {
			b.Fatal(err)
		}
		service := record.New(record.Config{
			Store: st, Catalog: func() *catalog.Catalog { return compiled }, Org: func() *org.Snapshot { return people },
			Clock: func() time.Time { return time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC) },
			NewID: func() value.ID { return value.ID(ulid.Make().String()) }, Zone: time.UTC, Calendar: func() *org.Calendar { return calendar },
		})
		b.Run(map[bool]string{false: "without", true: "with20"}[with], func(b *testing.B) {
			b.ReportAllocs()
			begun := spent()
			for b.Loop() {
				said, err := service.Evaluate(b.Context(), kim, "deal", "", deal())
				if err != nil || len(said.Issues) > 0 {
					b.Fatal(err, said)
				}
			}
			b.ReportMetric((spent()-begun).Seconds()*1000/float64(b.N), "ms-CPU")
			b.ReportMetric(3, "ms-CPU-asked")
		})
		if err := st.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
