package catalog_test

import (
	"slices"
	"testing"

	"tidewater/engine/catalog"
)

// A job is refused where it would never run, or asks for what it does not know.
func TestJobs(t *testing.T) {
	const (
		batch = `"kind": "batch", "batch": {"filter": "name != nil", "size": 7}`
		turns = `"kind": "schedule"`
		ref   = `"script": {"form": "crane", "script": "night"}`
	)
	for _, c := range []struct {
		kind, job string
		want      []string
	}{
		{batch, ref + `, "cron": "0 2 * * *"`, nil},
		{batch, ref + `, "cron": "0 2 * * *", "onHoliday": "skip", "missed": "skip"`, nil},
		{turns, ref, nil},
		{`"kind": "hook", "hook": {"on": ["beforeUpdate"]}, "batch": {}`, ref, nil},
		{`"kind": "hook", "hook": {"on": ["beforeUpdate"]}`, ref, []string{"/script/script meta.unsuited"}},
		{`"kind": "hook", "hook": {"on": ["afterUpdate", "beforeDelete"]}, "batch": {}`, ref, []string{"/batch meta.unsuited"}},
		{`"kind": "action", "action": {"on": "record"}, "batch": {}`, ref, []string{"/batch meta.unsuited"}},
		{`"kind": "batch", "batch": {"filter": "nothing == 1"}`, ref, []string{"/batch/filter expr.unknownName"}},
		{`"kind": "batch", "batch": {"filter": "trim(name) == \"x\""}`, ref, []string{"/batch/filter expr.notPushable"}},
		{`"kind": "batch", "batch": {"size": 101}`, ref, []string{"/batch/size field.max"}},
		{turns, `"script": {"form": "crane", "script": "day"}`, []string{"/script/script meta.reference"}},
		{turns, `"script": {"form": "barge", "script": "night"}`, []string{"/script/script meta.reference"}},
		{turns, ref + `, "cron": "0 2 30 2 *"`, []string{"/cron meta.cronNever"}},
		{turns, ref + `, "cron": "0 25 * * *"`, []string{"/cron meta.cron"}},
		{turns, ref + `, "onHoliday": "skip", "missed": "once"`, []string{"/onHoliday meta.unsuited", "/missed meta.unsuited"}},
		{turns, ref + `, "filter": "name != nil"`, []string{"/filter meta.unsuited"}},
		{turns, ref + `, "flow": "f"`, []string{"/flow meta.reference", "/flow meta.unsuited", "/flow meta.notAvailable"}},
		{turns, `"cron": "0 2 * * *"`, []string{" meta.missing"}},
		{turns, ref + `, "startable": ["role:keeper"], "report": ["role:keeper"]`, []string{"/startable meta.notAvailable", "/report meta.notAvailable"}},
	} {
		made, issues := catalog.Compile(catalog.Bundle{
			"app.json":                       []byte(`{"key": "port", "version": "1.0.0", "label": {"en": "Port", "zh-CN": "港"}, "menu": ["crane"]}`),
			"forms/crane/form.json":          []byte(craneForm),
			"roles/keeper.json":              []byte(`{"key": "keeper", "label": {"en": "k", "zh-CN": "k"}, "forms": {}}`),
			"forms/crane/scripts/night.json": []byte(`{"key": "night", "form": "crane", "label": {"en": "n", "zh-CN": "n"}, ` + c.kind + `}`),
			"forms/crane/scripts/night.lua":  []byte(``),
			"jobs/night.json":                []byte(`{"key": "night", "label": {"en": "Night", "zh-CN": "夜间"}, ` + c.job + `}`),
		})
		var got []string
		for _, i := range issues {
			got = append(got, i.Path+" "+i.Code)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s %s: %v, want %v", c.kind, c.job, got, c.want)
		}
		if made == nil {
			continue
		}
		s, known := made.Schedule("job/night")
		if !known || s.Script == nil || s.Script.Def.Key != "night" || s.Form != "crane" || s.Label["en"] != "Night" || (s.Cron == nil) != (s.Text == "") {
			t.Errorf("%s: %+v", c.job, s)
		}
	}
}
