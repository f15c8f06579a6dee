package http_test

import (
	"testing"
)

func TestAnAdministratorKeepsTheWorkingCalendar(t *testing.T) {
	s := newSite(t)
	s.as("one", "keeper").get("/admin/calendar").problem(403, "access.admin")
	admin := s.as("one", "admin")
	was := admin.get("/admin/calendar").is(200)
	if was.at("version") != 0.0 || len(was.list("days")) < 200 {
		t.Errorf("%s", was.raw)
	}
	admin.post("/admin/calendar/days", "date,kind,name\n").problem(428, "record.versionRequired")
	csv := admin.seen(was).with("Content-Type", "text/csv")
	csv.post("/admin/calendar/days", "date,kind\n").problem(400, "calendar.csv")
	csv.post("/admin/calendar/days", "date,kind,name\n2027-02-29,off,x\n2027-01-01,free,x\n").
		problem(422, "calendar.malformed", "/days/0/date calendar.date", "/days/1/kind calendar.kind")
	next := csv.post("/admin/calendar/days", "date,kind,name\n2027-01-01,off,元旦\n2027-01-09,work,元旦\n").is(200)
	if next.at("version") != 1.0 || len(next.list("days")) != len(was.list("days"))+2 || next.text("by") == "" {
		t.Errorf("%s", next.raw)
	}
	csv.post("/admin/calendar/days", "date,kind,name\n2027-01-01,off,x\n").problem(409, "calendar.stale")
	json := admin.seen(next)
	json.post("/admin/calendar/days", object{"weekend": []int{7}, "days": []object{}}).problem(400, "calendar.malformed")
	json.put("/admin/calendar", object{"days": []object{}}).problem(400, "calendar.malformed")
	json.put("/admin/calendar", object{"weekend": []int{1, 2, 3, 4, 5, 6, 7}, "days": []object{}}).
		problem(422, "calendar.malformed", "/weekend calendar.noWorkday")
	json.put("/admin/calendar", object{"weekend": []int{7}, "days": []object{}, "more": 1}).problem(400, "calendar.malformed")
	admin.seen(next).with("Content-Type", "text/plain").put("/admin/calendar", "x").problem(415, "http.mediaType")
	json.put("/admin/calendar", object{"weekend": []int{7}, "days": []object{}}).is(200)
	if got := admin.get("/admin/calendar").is(200); len(got.list("days")) != 0 || len(got.at("unknownYears").([]any)) != 2 {
		t.Errorf("%s", got.raw)
	}
	if got := admin.get("/admin/calendar/versions").is(200).list("versions"); len(got) != 2 || got[0]["version"] != 2.0 {
		t.Errorf("%v", got)
	}
	if got := admin.get("/admin/calendar?version=1").is(200); len(got.list("days")) < 200 {
		t.Errorf("%s", got.raw)
	}
	admin.get("/admin/calendar?version=9").problem(404, "calendar.version")
	admin.get("/admin/calendar?version=x").problem(404, "calendar.version")
	// The neighbours have theirs.
	if got := s.as("two", "admin").get("/admin/calendar").is(200); got.at("version") != 0.0 {
		t.Errorf("%s", got.raw)
	}
}
