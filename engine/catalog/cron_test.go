package catalog_test

import (
	"slices"
	"testing"

	"tidewater/engine/catalog"
)

const (
	craneForm = `{"type": "object", "x-form": "crane", "x-label": {"en": "Crane", "zh-CN": "吊车"}, "x-title": "name", "x-holders": {"owner": "holder"}, "properties": {
		"name": {"x-field": "text", "x-label": {"en": "n", "zh-CN": "n"}}, "holder": {"x-field": "member", "x-label": {"en": "n", "zh-CN": "n"}}}}`
	cranePool = `{"key": "yard", "form": "crane", "label": {"en": "Yard", "zh-CN": "堆场"}, "priority": 1, "rights": {},
		"distribute": [{"id": "some", "mode": "randomEven", "among": ["role:keeper"]`
)

func TestSchedulesOfDistributions(t *testing.T) {
	for more, want := range map[string][]string{
		``:                         nil,
		`, "cron": "0 9 * * 1"`:    nil,
		`, "cron": "0 9 30 2 *"`:   {"meta.cronNever"},
		`, "cron": "0 9,18 * * *"`: {"pool.cronOften"},
		`, "cron": "61 9 * * *"`:   {"meta.cron"},
		`, "onHoliday": "skip"`:    {"meta.unsuited"},
	} {
		made, issues := catalog.Compile(catalog.Bundle{
			"app.json":              []byte(`{"key": "port", "version": "1.0.0", "label": {"en": "Port", "zh-CN": "港"}, "menu": ["crane"]}`),
			"forms/crane/form.json": []byte(craneForm),
			"roles/keeper.json":     []byte(`{"key": "keeper", "label": {"en": "k", "zh-CN": "k"}, "forms": {}}`),
			"pools/yard.json":       []byte(cranePool + more + `}]}`),
		})
		var got []string
		for _, i := range issues {
			got = append(got, i.Code)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", more, issues, want)
		}
		if made == nil || more == "" {
			continue
		}
		s, known := made.Schedule("pool/crane/yard/some")
		if !known || s.OnHoliday != "nextWorkday" || s.Daily || s.Pool.Def.Key != "yard" {
			t.Errorf("%s: %+v", more, s)
		}
	}
}
