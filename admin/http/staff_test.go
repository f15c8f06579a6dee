package http_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"tidewater/engine/grid"
	"tidewater/runtime/sheet"
)

// table is a sheet of a workbook: its name, and rows of which the first names the columns.
type table struct {
	name string
	rows [][]string
}

// brings uploads a workbook and has its people and units made, or with dry only looked at.
func (c *caller) brings(dry bool, tables ...table) *response {
	t := c.site.t
	t.Helper()
	var made bytes.Buffer
	book, err := sheet.Files{}.Create(grid.XLSX, &made)
	must(t, err)
	for _, one := range tables {
		var columns []grid.Column
		for _, name := range one.rows[0] {
			columns = append(columns, grid.Column{Name: name})
		}
		sheet, err := book.Sheet(one.name, columns)
		must(t, err)
		for _, row := range one.rows[1:] {
			var cells []grid.Cell
			for _, said := range row {
				cells = append(cells, grid.Cell{Text: said})
			}
			must(t, sheet.Write(cells))
		}
	}
	must(t, book.Close())
	file, _ := c.with("Content-Type", grid.XLSX.MediaType()).post("/files?name=staff.xlsx", made.Bytes()).is(201).at("id").(string)
	return c.post("/admin/staff", object{"file": file, "dryRun": dry})
}

// does are the rows of an answer as "sheet row does".
func (r *response) does() string {
	r.t.Helper()
	var out []string
	for _, row := range r.list("rows") {
		out = append(out, fmt.Sprint(row["sheet"], row["row"], row["does"]))
	}
	return strings.Join(out, " ")
}

func (r *response) wrong() string {
	r.t.Helper()
	var out []string
	for _, one := range r.list("issues") {
		if one["message"] == "" || strings.Contains(fmt.Sprint(one["message"]), "…") {
			r.t.Errorf("no words: %v", one)
		}
		out = append(out, fmt.Sprint(one["sheet"], one["row"], " ", one["column"], " ", one["code"]))
	}
	return strings.Join(out, "\n")
}

// One workbook makes units and people, who sign in by their phones with passwords that they must change; brought again,
// changed, it changes them and makes nobody twice.
func TestPeopleAndUnitsFromOneWorkbook(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin").with("Accept-Language", "en")
	admin.make("/admin/zones", object{"key": "north", "name": english("North")})
	units := table{"部门", [][]string{
		{"部门", "上级部门", "负责人", "副职", "战区"},
		{"一组", "销售部", "13800000003", "", ""}, {"销售部", "总部", "13800000002", "13800000003", "North"}, {"总部", "", "keeper", "", ""}, {"一组", "市场部", "", "", ""}, {"市场部", "总部", "", "", ""},
	}}
	people := table{"People", [][]string{
		{"Phone", "Name", "Department", "Roles", "Manager", "Positions", "Zones", "E-mail"},
		{"138 0000-0003", "陈晨", "销售部/一组", "Keeper", "13800000002", "客户经理、组长", "north", "chen@example.com"},
		{"+8613800000002", "王芳", "销售部", "查看者，keeper", "admin", "", "", ""},
		{"+85291234567", "李雷", "市场部/一组", "", "13800000002", "", "", ""},
	}}
	asked := admin.brings(true, units, people).is(200)
	const made = "units2new units3new units4new units5new units6new people2new people3new people4new"
	if asked.does() != made || asked.at("done") != false || asked.wrong() != "" {
		t.Fatalf("%s\n%s", asked.does(), asked.raw)
	}
	if strings.Contains(string(asked.raw), "password") || len(admin.get("/admin/units").is(200).list("units")) != 0 {
		t.Errorf("a look has made something: %s", asked.raw)
	}
	done := admin.brings(false, units, people).is(200)
	if done.does() != made || done.at("done") != true {
		t.Fatalf("%s\n%s", done.does(), done.raw)
	}
	chen := done.list("rows")[5]
	if chen["username"] != "13800000003" || done.list("rows")[7]["username"] != "85291234567" {
		t.Errorf("%v", chen)
	}
	first := s.with("one", "13800000003", fmt.Sprint(chen["password"]))
	first.get("/catalog").problem(403, "auth.mustChange")
	me := first.get("/me").is(200)
	if me.at("mustChangePassword") != true || !strings.Contains(string(me.raw), "一组") || !strings.Contains(string(me.raw), "North") {
		t.Errorf("%s", me.raw)
	}
	found := admin.get("/admin/users?q=王芳").is(200).list("users")
	if len(found) != 1 || fmt.Sprint(found[0]["roles"]) != "[viewer keeper]" || found[0]["phone"] != "13800000002" {
		t.Errorf("%v", found)
	}
	// The units stand below each other, and are led, as the sheet says.
	var tree []string
	for _, u := range admin.get("/admin/units").is(200).list("units") {
		tree = append(tree, fmt.Sprint(u["name"].(object)["zh-CN"], u["members"], u["manager"] != ""))
	}
	if got := strings.Join(tree, " "); !strings.Contains(got, "总部0 true") || !strings.Contains(got, "销售部1 true 一组1 true") || !strings.Contains(got, "市场部0 false 一组1 false") {
		t.Errorf("%s", got)
	}

	if again := admin.brings(false, units, people).is(200); strings.Contains(again.does(), "new") || strings.Contains(again.does(), "changed") || strings.Contains(string(again.raw), "password") {
		t.Errorf("%s", again.raw)
	}
	// Columns that a workbook lacks, and cells that say nothing, stay as they are.
	moved := table{"Departments", [][]string{{"Department", "Above"}, {"市场部", "销售部"}}}
	some := table{"人员", [][]string{{"手机", "姓名", "部门"}, {"13800000003", "陈晨晨", ""}, {"13900000009", "新人", "市场部"}}}
	changed := admin.brings(false, moved, some).is(200)
	if changed.does() != "units2changed people2changed people3new" {
		t.Errorf("%s\n%s", changed.does(), changed.raw)
	}
	found = admin.get("/admin/users?q=13800000003").is(200).list("users")
	if len(found) != 1 || found[0]["name"] != "陈晨晨" || found[0]["email"] != "chen@example.com" || found[0]["unit"] == "" || fmt.Sprint(found[0]["roles"]) != "[keeper]" {
		t.Errorf("%v", found)
	}
	if kept := string(admin.get("/admin/audit?op=user.changed&limit=200").is(200).raw); strings.Count(kept, "13900000009") == 0 || strings.Contains(kept, fmt.Sprint(chen["password"])) {
		t.Errorf("%s", kept)
	}
}

// A workbook with anything wrong changes nothing, and each cell that is wrong is told in the reader's words.
func TestAWorkbookWithFaultsChangesNothing(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin").with("Accept-Language", "en")
	head, tops := []string{"手机", "姓名", "部门", "角色", "上级", "战区", "邮箱"}, []string{"部门", "上级部门", "负责人", "战区"}
	for name, c := range map[string]struct {
		tables []table
		want   string
	}{
		"nothing":         {[]table{{"Sheet1", [][]string{{"a"}, {"b"}}}}, "<nil> <nil> <nil> staff.nothing"},
		"no phone":        {[]table{{"人员", [][]string{{"姓名"}, {"王芳"}}}}, "people1 Phone staff.columnMissing"},
		"an empty phone":  {[]table{{"人员", [][]string{head, {"", "王芳"}}}}, "people2 Phone field.required"},
		"no phone at all": {[]table{{"人员", [][]string{head, {"call me", "王芳"}}}}, "people2 Phone staff.phone"},
		"twice":           {[]table{{"人员", [][]string{head, {"13800000001", "王芳"}, {"+86 138-0000-0001", "李雷"}}}}, "people3 Phone staff.twice"},
		"no name":         {[]table{{"人员", [][]string{head, {"13800000001", ""}}}}, "people2 Name field.required"},
		"unknown": {
			[]table{{"人员", [][]string{head, {"13800000001", "王芳", "无", "boss", "nobody", "moon", "mail"}}}},
			"people2 Department staff.unitUnknown\npeople2 Manager staff.personUnknown\npeople2 Roles user.role\npeople2 Zones staff.zoneUnknown\npeople2 E-mail field.email",
		},
		"unknown of a unit": {
			[]table{{"部门", [][]string{tops, {"A", "无", "nobody", "moon"}}}},
			"units2 Above staff.unitUnknown\nunits2 Manager staff.personUnknown\nunits2 Zone staff.zoneUnknown",
		},
		"a unit twice":        {[]table{{"部门", [][]string{tops, {"A"}, {"A"}}}}, "units3 Department staff.twice"},
		"a unit of no name":   {[]table{{"部门", [][]string{tops, {"", "A"}}}}, "units2 Department field.required"},
		"several of one name": {[]table{{"部门", [][]string{tops, {"A"}, {"B"}, {"C", "A"}, {"C", "B"}, {"D", "C"}}}}, "units6 Above staff.unitSeveral"},
		"a circle of units":   {[]table{{"部门", [][]string{tops, {"A", "B"}, {"B", "A"}}}}, "units2 Above org.unitCycle"},
		"a circle of people": {
			[]table{{"人员", [][]string{head, {"13800000001", "王芳", "", "", "13800000002"}, {"13800000002", "李雷", "", "", "13800000001"}}}},
			"people2 Manager org.managerCycle",
		},
	} {
		for _, dry := range []bool{true, false} {
			got := admin.brings(dry, c.tables...).is(200)
			if got.wrong() != c.want || got.at("done") != false {
				t.Errorf("%s: %s\nwant %s", name, got.wrong(), c.want)
			}
		}
	}
	if users, units := admin.get("/admin/users").is(200).list("users"), admin.get("/admin/units").is(200).list("units"); len(users) != 3 || len(units) != 0 {
		t.Errorf("%d users and %d units", len(users), len(units))
	}
	told := s.as("one", "admin").with("Accept-Language", "zh-CN").brings(true, table{"人员", [][]string{head, {"13800000001", "王芳", "无"}}}).list("issues")
	if len(told) != 1 || told[0]["column"] != "部门" || told[0]["message"] != "没有部门“无”。" || told[0]["text"] != "无" {
		t.Errorf("%v", told)
	}
	s.as("one", "keeper").post("/admin/staff", object{"file": "x"}).problem(403, "access.admin")
	admin.post("/admin/staff", object{"file": "none"}).problem(404, "file.notFound")
}

// The workbook to be filled is one that can be read, in each language.
func TestTheWorkbookToBeFilled(t *testing.T) {
	s := newSite(t)
	for _, locale := range []string{"zh-CN", "en"} {
		admin := s.as("one", "admin").with("Accept-Language", locale)
		got := admin.get("/admin/staff/template").is(200)
		file, _ := admin.with("Content-Type", grid.XLSX.MediaType()).post("/files?name=staff.xlsx", got.raw).is(201).at("id").(string)
		if read := admin.post("/admin/staff", object{"file": file, "dryRun": true}).is(200); read.wrong() != "<nil> <nil> <nil> staff.nothing" {
			t.Errorf("%s: %s", locale, read.wrong())
		}
	}
	s.as("one", "keeper").get("/admin/staff/template").problem(403, "access.admin")
}
