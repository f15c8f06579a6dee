package catalog

import (
	"tidewater/engine/cron"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// checkJobs checks what jobs name, and notes when they are due.
func (c *compiler) checkJobs() {
	for _, path := range sortedKeys(c.jobs) {
		c.checkJob(path, c.jobs[path])
	}
}

func (c *compiler) checkJob(path string, def meta.Job) {
	at, _ := placeOf(path)
	c.checkFileKey(path, "/key", def.Key, at.key)
	s := sheet{compiler: c, file: path}
	schedule := s.cron("/cron", def.Cron)
	if def.Cron == "" && def.OnHoliday != "" {
		s.unsuited("/onHoliday")
	}
	if def.Cron == "" && def.Missed != "" {
		s.unsuited("/missed")
	}
	s.people("/startable", def.Startable)
	s.people("/report", def.Report)
	s.document("/flow", "flows", def.Flow)
	if (def.Script != nil) == (def.Flow != "") {
		s.missingOrUnsuited("", "flow", def.Flow == "")
	}
	if flow, ok := c.flows["flows/"+def.Flow+".json"]; ok {
		about := c.sheetOf(path, "/flow", flow.Form)
		about.filter("/filter", def.Filter)
		if flow.Trigger.On != "job" {
			s.unsuited("/flow")
		}
	}
	if def.Script == nil {
		return
	}
	s.scriptOf("/script/script", def.Script.Form, def.Script.Script, runsByJob)
	if def.Filter != "" {
		s.unsuited("/filter")
	}
	s.dueByJob(def, schedule)
}

// runsByJob tells whether jobs run a script: one of their own, or a hook that goes over records as well.
func runsByJob(def meta.Script) bool {
	return def.Kind == meta.ScriptSchedule || def.Kind == meta.ScriptBatch || def.Batch != nil
}

// dueByJob notes when a job's script is due.
func (s sheet) dueByJob(def meta.Job, schedule *cron.Schedule) {
	form := s.forms[def.Script.Form]
	if form == nil {
		return // told where it is named
	}
	one, ok := form.Script(def.Script.Script)
	if !ok {
		return
	}
	onHoliday := def.OnHoliday
	if onHoliday == "" {
		onHoliday = cron.Run
	}
	s.catalog.Schedules = append(s.catalog.Schedules, &Schedule{
		Key: JobKey(def.Key), Label: def.Label, Cron: schedule, Text: def.Cron, OnHoliday: onHoliday, Forgets: def.Missed == "skip",
		Form: form.Key, Script: one,
	})
}

// JobKey is the key of the schedule of a job.
func JobKey(job string) string { return "job/" + job }

// scriptOf holds that a script exists and may be run so.
func (s sheet) scriptOf(path string, form value.FormKey, key string, may func(meta.Script) bool) {
	file := "forms/" + string(form) + "/scripts/" + key + ".json"
	if _, ok := s.bundle[file]; !ok {
		s.fault(path, reference(file))
		return
	}
	if def, readable := s.scripts[file]; readable && !may(def) {
		s.unsuited(path)
	}
}

// unavailableOfJob lists what a job asks for that nothing does yet.
func unavailableOfJob(def meta.Job) []string {
	var out []string
	if def.Flow != "" {
		out = append(out, "/flow")
	}
	if len(def.Startable) > 0 {
		out = append(out, "/startable")
	}
	if len(def.Report) > 0 {
		out = append(out, "/report")
	}
	return out
}
