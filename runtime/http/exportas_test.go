package http_test

import (
	"bytes"
	nethttp "net/http"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tidewater/engine/grid"
	"tidewater/engine/org"
	"tidewater/runtime/people"
	"tidewater/runtime/tenant"
)

// hire adds a person with a role.
func (s *site) hire(tenantName, role string) *caller {
	s.t.Helper()
	s.in(tenantName, func(t *tenant.Tenant) {
		hash, err := s.signin.Passwords.Hash(s.t.Context(), password)
		must(s.t, err)
		must(s.t, t.People.Change(s.t.Context(), func(d *people.Draft) error {
			u := org.User{ID: s.tenants.NewID(), Username: role, Name: role, Roles: []string{role}, Active: true}
			d.PutUser(u)
			d.SetHash(u.ID, hash)
			return nil
		}))
	})
	return s.as(tenantName, role).with("Accept-Language", "en")
}

// taken is the file of an export, once its job has ended.
func (c *caller) taken(form string, ask map[string]any) (file string) {
	c.site.t.Helper()
	done := c.ended(c.post("/forms/"+form+"/export", ask).is(nethttp.StatusAccepted).header.Get("Location"))
	if file, _ = done.at("result").(string); done.at("state") != "done" || file == "" {
		c.site.t.Fatal(done.raw)
	}
	return file
}

// TestAnExportShowsWhatItsAskerSeesOnScreen holds each cell of the files against the list: what is hidden has no
// column, what is masked is masked, and no filter finds by it.
func TestAnExportShowsWhatItsAskerSeesOnScreen(t *testing.T) {
	s := newSite(t)
	s.furnishWith("kinds", "testdata/kinds")
	keeper := s.as("kinds", "keeper")
	keeper.post("/forms/thing/records", map[string]any{"values": everything(s, keeper)}).is(nethttp.StatusCreated)
	helper := s.hire("kinds", "helper")
	onScreen := helper.get("/forms/thing/records?q=&sort=name").is(nethttp.StatusOK)
	if !strings.Contains(onScreen.raw, "138****0001") {
		t.Fatalf("nothing is masked on screen: %s", onScreen.raw)
	}
	for _, ask := range []map[string]any{{"format": "csv"}, {"format": "xlsx"}, {"format": "csv", "whole": true}, {"format": "xlsx", "whole": true}} {
		rows := read(t, helper, helper.taken("thing", ask), grid.Choice{})
		all := ""
		for _, row := range rows {
			for name, cell := range row {
				all += name + "\x00" + cell + "\x00"
			}
		}
		if len(rows) != 2 || strings.Contains(all, "13800000001") || strings.Contains(all, "Story") || strings.Contains(all, "one\ntwo") {
			t.Errorf("%v: a helper takes %q", ask, all)
		}
		if !strings.Contains(all, "Phone\x00138****0001\x00") || !strings.Contains(all, "\x00saw@example.com\x00") {
			t.Errorf("%v: a helper does not get what they see: %q", ask, all)
		}
	}
	helper.post("/forms/thing/export", map[string]any{"columns": []string{"story"}}).
		problem(nethttp.StatusUnprocessableEntity, "record.invalid", "/columns/0 field.unknown")
	byPhone := map[string]any{"filter": map[string]any{"field": "phone", "op": "prefix", "value": "138"}}
	byPhone["format"] = "csv"
	if rows := read(t, helper, helper.taken("thing", byPhone), grid.Choice{}); len(rows) != 0 {
		t.Errorf("a filter finds by what is masked: %v", rows)
	}
}

// TestAnExportIsAsTheListIs takes a view, words, conditions, an order and some columns, and all of it.
func TestAnExportIsAsTheListIs(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper").with("Accept-Language", "en")
	for n, name := range []string{"Saw", "Drill", "Saw blade", "Tales"} {
		keeper.create(map[string]any{"name": name, "kind": []string{"tool", "tool", "tool", "book"}[n], "price": n}).is(nethttp.StatusCreated)
	}
	for _, c := range []struct {
		ask  map[string]any
		want string
	}{
		{map[string]any{"view": "tools", "columns": []string{"price", "name"}, "sort": "-price"}, "Price,Name|2.00,Saw blade|1.00,Drill|0.00,Saw"},
		{map[string]any{"q": "saw", "columns": []string{"name"}, "sort": "name"}, "Name|Saw|Saw blade"},
		{map[string]any{"filter": `price > 0 and kind == "tool"`, "columns": []string{"name"}, "sort": "name"}, "Name|Drill|Saw blade"},
		{map[string]any{"filter": `price > 100`, "columns": []string{"name"}}, "Name"},
	} {
		c.ask["format"] = "csv"
		got := strings.TrimPrefix(keeper.get("/files/"+keeper.taken("asset", c.ask)).is(nethttp.StatusOK).raw, "\ufeff")
		if lines := strings.Join(strings.Split(strings.TrimSpace(got), "\r\n"), "|"); lines != c.want {
			t.Errorf("%v: %q, want %q", c.ask, lines, c.want)
		}
	}
	whole := read(t, keeper, keeper.taken("asset", map[string]any{"format": "csv", "whole": true}), grid.Choice{})
	if len(whole) != 4 || whole[0]["ID"] == "" || whole[0]["Serial number"] != "" {
		t.Errorf("complete, it is %v", whole)
	}
	keeper.post("/forms/asset/export", map[string]any{"filter": "price >"}).is(nethttp.StatusUnprocessableEntity)
	keeper.post("/forms/asset/export", map[string]any{"view": "nothing"}).problem(nethttp.StatusNotFound, "view.notFound")
	keeper.post("/forms/asset/export", map[string]any{"format": "pdf"}).problem(nethttp.StatusUnprocessableEntity, "import.format")
	keeper.post("/forms/nothing/export", map[string]any{}).problem(nethttp.StatusNotFound, "form.unknown")
}

// TestAWorkbookHasTypedCellsAHeaderInSightAndASheetForLines looks at an export as spreadsheets do.
func TestAWorkbookHasTypedCellsAHeaderInSightAndASheetForLines(t *testing.T) {
	s := newSite(t)
	s.furnishWith("kinds", "testdata/kinds")
	keeper := s.as("kinds", "keeper").with("Accept-Language", "en")
	values := everything(s, keeper)
	values["story"] = "=1+1"
	keeper.post("/forms/thing/records", map[string]any{"values": values}).is(nethttp.StatusCreated)
	ask := map[string]any{"filter": `name == "Saw"`, "columns": []string{"name", "price", "exact", "day", "moment", "phone", "card", "story", "stars", "spell", "lines"}}
	raw := keeper.get("/files/" + keeper.taken("thing", ask)).is(nethttp.StatusOK).raw
	f, err := excelize.OpenReader(bytes.NewReader([]byte(raw)))
	must(t, err)
	t.Cleanup(func() { must(t, f.Close()) })
	if names := f.GetSheetList(); !slices.Equal(names, []string{"Thing", "Lines"}) {
		t.Errorf("the sheets are %q", names)
	}
	for n, want := range []struct {
		value, shown string
		kind         excelize.CellType
	}{
		{"Saw", "Saw", excelize.CellTypeInlineString}, {"1234.5", "1,234.50", excelize.CellTypeUnset}, {"1.25", "1.250", excelize.CellTypeUnset},
		{"46082", "2026-03-01", excelize.CellTypeUnset}, {"46082.6666666667", "2026-03-01 16:00:00", excelize.CellTypeUnset},
		{"13800000001", "13800000001", excelize.CellTypeInlineString}, {"11010519491231002X", "11010519491231002X", excelize.CellTypeInlineString},
		{"=1+1", "=1+1", excelize.CellTypeInlineString}, {"7", "7", excelize.CellTypeUnset},
	} {
		at, err := excelize.CoordinatesToCellName(n+1, 2)
		must(t, err)
		kind, err := f.GetCellType("Thing", at)
		must(t, err)
		shown, err := f.GetCellValue("Thing", at)
		must(t, err)
		value, err := f.GetCellValue("Thing", at, excelize.Options{RawCellValue: true})
		must(t, err)
		if kind != want.kind || shown != want.shown || !strings.HasPrefix(value, want.value) {
			t.Errorf("%s is %q, shown as %q, of type %v; want %+v", at, value, shown, kind, want)
		}
	}
	for _, name := range f.GetSheetList() {
		panes, err := f.GetPanes(name)
		if must(t, err); !panes.Freeze || panes.YSplit != 1 || panes.TopLeftCell != "A2" {
			t.Errorf("the header of %s does not stay: %+v", name, panes)
		}
	}
	lines, err := f.GetRows("Lines")
	must(t, err)
	if len(lines) != 2 || lines[1][0] != "Saw" || !slices.Contains(lines[1], "Blade") || !slices.Contains(lines[1], "7.00") {
		t.Errorf("the lines are %q", lines)
	}
}
