package catalog_test

import (
	"strings"
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/value"
)

// tool is a form with fields made of others in every way; job has figures over tools, part mirrors of both.
const (
	toolForm = `{"type": "object", "x-form": "tool", "x-label": {"en": "Tool", "zh-CN": "工具"}, "x-title": "name", "properties": {
		"name": {"x-field": "text", "x-label": {"en": "n", "zh-CN": "n"}},
		"job": {"x-field": "reference", "x-label": {"en": "n", "zh-CN": "n"}, "x-ref": "job"},
		"cost": {"x-field": "number", "x-label": {"en": "n", "zh-CN": "n"}},
		"price": {"x-field": "number", "x-label": {"en": "n", "zh-CN": "n"}},
		"phone": {"x-field": "phone", "x-label": {"en": "n", "zh-CN": "n"}},
		"margin": {"x-field": "number", "x-label": {"en": "n", "zh-CN": "n"}, "x-compute": "(price ?? 0) - (cost ?? 0)"},
		"twice": {"x-field": "number", "x-label": {"en": "n", "zh-CN": "n"}, "x-compute": "2 * (margin ?? 0)"},
		"call": {"x-field": "text", "x-label": {"en": "n", "zh-CN": "n"}, "x-default": "phone"},
		"lines": {"x-field": "table", "x-label": {"en": "n", "zh-CN": "n"}, "properties": {
			"count": {"x-field": "number", "x-label": {"en": "n", "zh-CN": "n"}},
			"sum": {"x-field": "number", "x-label": {"en": "n", "zh-CN": "n"}, "x-compute": "(count ?? 0) * (cost ?? 0)"}}},
		"total": {"x-field": "number", "x-label": {"en": "n", "zh-CN": "n"}, "x-compute": "sum(lines, .count ?? 0)"}}}`
	jobForm = `{"type": "object", "x-form": "job", "x-label": {"en": "Job", "zh-CN": "作业"}, "x-title": "name", "properties": {
		"name": {"x-field": "text", "x-label": {"en": "n", "zh-CN": "n"}},
		"tools": {"x-field": "rollup", "x-label": {"en": "n", "zh-CN": "n"}, "x-from": "tool", "x-via": "job", "x-op": "count"},
		"dear": {"x-field": "rollup", "x-label": {"en": "n", "zh-CN": "n"}, "x-from": "tool", "x-via": "job", "x-op": "count", "x-filter": "cost > 100"},
		"worth": {"x-field": "rollup", "x-label": {"en": "n", "zh-CN": "n"}, "x-from": "tool", "x-via": "job", "x-op": "sum", "x-of": "twice"}}}`
	partForm = `{"type": "object", "x-form": "part", "x-label": {"en": "Part", "zh-CN": "零件"}, "x-title": "name", "properties": {
		"name": {"x-field": "text", "x-label": {"en": "n", "zh-CN": "n"}},
		"tool": {"x-field": "reference", "x-label": {"en": "n", "zh-CN": "n"}, "x-ref": "tool"},
		"toolPhone": {"x-field": "mirror", "x-label": {"en": "n", "zh-CN": "n"}, "x-via": "tool", "x-of": "phone"},
		"toolMargin": {"x-field": "mirror", "x-label": {"en": "n", "zh-CN": "n"}, "x-via": "tool", "x-of": "margin"}}}`
)

func TestLimitsAreInherited(t *testing.T) {
	none := `""`
	cases := []struct {
		name               string
		tool, job, part    string // what the role states
		tools, jobs, part2 string // what then holds
	}{
		{"nothing", none, none, none, `{}`, `{}`, `{}`},
		{"hidden, through formulas to figures and mirrors", `{"cost": "hidden"}`, `{}`, `{}`,
			`{"cost":"hidden","lines":"hidden","margin":"hidden","total":"hidden","twice":"hidden"}`,
			`{"dear":"hidden","worth":"hidden"}`, `{"toolMargin":"hidden"}`},
		{"masked stays masked where it is the same text", `{"phone": "masked", "price": "masked"}`, `{}`, `{}`,
			`{"call":"masked","margin":"hidden","phone":"masked","price":"masked","twice":"hidden"}`,
			`{"worth":"hidden"}`, `{"toolMargin":"hidden","toolPhone":"masked"}`},
		{"readOnly is no limit on sight", `{"cost": "readOnly"}`, `{}`, `{}`, `{"cost":"readOnly"}`, `{}`, `{}`},
		{"stated otherwise", `{"cost": "hidden", "margin": "readOnly", "lines": "shown"}`, `{"dear": "shown"}`, `{}`,
			`{"cost":"hidden","margin":"readOnly"}`, `{}`, `{}`},
		{"a hidden reference", `{"job": "hidden"}`, `{}`, `{"tool": "hidden"}`,
			`{"job":"hidden"}`, `{"dear":"hidden","tools":"hidden","worth":"hidden"}`, `{"tool":"hidden","toolMargin":"hidden","toolPhone":"hidden"}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			held := limitsOf(t, c.tool, c.job, c.part)
			for form, want := range map[value.FormKey]string{"tool": c.tools, "job": c.jobs, "part": c.part2} {
				if have := asJSON(t, held[form]); have != want && (have != "null" || want != "{}") {
					t.Errorf("%s: %s, want %s", form, have, want)
				}
			}
		})
	}
}

// limitsOf compiles the three forms with a role that states these limits, and returns what then holds.
func limitsOf(t *testing.T, tool, job, part string) map[value.FormKey]any {
	t.Helper()
	rights := func(fields string) string {
		if fields == `""` {
			fields = `{}`
		}
		return `{"read": {"scope": "all"}, "fields": ` + fields + `}`
	}
	c, issues := catalog.Compile(catalog.Bundle{
		"app.json":             []byte(`{"key": "shop", "version": "1.0.0", "label": {"en": "Shop", "zh-CN": "店"}, "menu": ["tool", "job", "part"]}`),
		"forms/tool/form.json": []byte(toolForm), "forms/job/form.json": []byte(jobForm), "forms/part/form.json": []byte(partForm),
		"roles/hand.json": []byte(`{"key": "hand", "label": {"en": "Hand", "zh-CN": "工"}, "forms": {"tool": ` + rights(tool) +
			`, "job": ` + rights(job) + `, "part": ` + rights(part) + `}}`),
	})
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	out := map[value.FormKey]any{}
	for key := range c.Forms {
		out[key] = c.RightsOf(value.Actor{Roles: []string{"hand"}}, key, expr.Context{})[0].Fields
	}
	return out
}

func TestARoleCannotLimitWhatEveryRecordShows(t *testing.T) {
	_, issues := catalog.Compile(bundle(t, map[string]string{"roles/auditor.json": `{"key": "auditor", "label": {"en": "A", "zh-CN": "审"},
		"forms": {"asset": {"read": {"scope": "all"}, "fields": {"createdAt": "hidden", "createdBy": "masked", "nope": "hidden"}}}}`}))
	for _, want := range []string{
		"roles/auditor.json#/forms/asset/fields/createdAt meta.systemField",
		"roles/auditor.json#/forms/asset/fields/createdBy meta.systemField",
		"roles/auditor.json#/forms/asset/fields/nope meta.reference",
	} {
		if !strings.Contains(said(issues), want) {
			t.Errorf("%s is not said: %s", want, said(issues))
		}
	}
}
