package catalog_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/catalog"
)

// faultCases break one or more files of the sample app. What compiling says of each is the file
// testdata/faults/<name>.txt, an issue a line; UPDATE_GOLDEN=1 writes them anew.
var faultCases = []struct {
	name     string
	replaced map[string]string
}{
	{"malformed", map[string]string{
		"app.json": `{"key": "assets", "version": `, "roles/keeper.json": `{"key": "keeper", "key": "x"}`, "forms/asset/views/all.json": "\xff",
	}},
	{"names", map[string]string{
		"app.json": `{"key": "Assets!", "version": "1", "label": {"en": "x"}, "menu": ["asset", "nothing"]}`, "notes.txt": "x",
		"forms/asset/views/mine.json": `{"key": "other", "form": "place", "label": {"zh-CN": "x", "en": "x"}, "kind": "table"}`,
	}},
	{"noApp", map[string]string{"app.json": ""}},
	{"unknownKeys", map[string]string{"forms/place/form.json": place(`"name": {"x-field": "text", "x-label": {"zh-CN": "x", "en": "x"}, "maxLenght": 3, "x-scale": "2"}`)}},
	{"fields", map[string]string{"forms/place/form.json": place(
		text("name", `"x-field": "text", "x-options": []`) + text("id", `"x-field": "text"`) + text("a", `"x-field": "magic"`) +
			text("b", `"x-field": "select"`) + last("c", `"x-field": "table", "properties": {"x": {"x-field": "rollup", "x-label": {"zh-CN": "x", "en": "x"}}}`))}},
	{"references", map[string]string{"forms/place/form.json": place(
		text("name", `"x-field": "text"`) + text("a", `"x-field": "reference", "x-ref": "nothing"`) +
			text("b", `"x-field": "mirror", "x-via": "name", "x-of": "x"`) + text("c", `"x-field": "rollup", "x-from": "asset", "x-via": "place", "x-of": "name", "x-op": "sum"`) +
			last("d", `"x-field": "rollup", "x-from": "check", "x-via": "asset", "x-op": "count", "x-timing": "transaction"`))}},
	{"rollups", map[string]string{"forms/place/form.json": place(
		text("name", `"x-field": "text"`) + text("a", `"x-field": "rollup", "x-from": "check", "x-via": "asset", "x-op": "count"`) +
			text("b", `"x-field": "rollup", "x-from": "asset", "x-via": "place", "x-op": "max", "x-of": "total", "x-timing": "transaction"`) +
			last("c", `"x-field": "rollup", "x-from": "asset", "x-via": "place", "x-op": "count", "x-filter": "boughtOn > today()"`))}},
	{"mirrorsInACircle", map[string]string{"forms/place/form.json": place(
		text("name", `"x-field": "text"`) + text("up", `"x-field": "reference", "x-ref": "place"`) +
			text("a", `"x-field": "mirror", "x-via": "up", "x-of": "b"`) + last("b", `"x-field": "mirror", "x-via": "up", "x-of": "a"`))}},
	{"expressions", map[string]string{"forms/place/form.json": place(
		text("name", `"x-field": "text", "x-default": "1 +"`) + text("a", `"x-field": "number", "x-default": "name"`) +
			text("b", `"x-field": "formula", "x-compute": "actor.id", "x-result": "text"`) + last("c", `"x-field": "text", "x-visibleIf": "nothing == 1"`))}},
	{"circle", map[string]string{"forms/place/form.json": place(
		text("name", `"x-field": "text"`) + text("a", `"x-field": "formula", "x-compute": "b + 1"`) +
			text("b", `"x-field": "formula", "x-compute": "sum(rows, .c)"`) +
			last("rows", `"x-field": "table", "properties": {"c": {"x-field": "formula", "x-compute": "a", "x-label": {"zh-CN": "x", "en": "x"}}}`))}},
	{"reminders", map[string]string{"forms/place/form.json": place(
		text("name", `"x-field": "text"`) + text("a", `"x-field": "datetime", "x-remind": {"at": "08:00"}`) +
			text("b", `"x-field": "date", "x-remind": {"when": "actor.id == name"}`) + text("c", `"x-field": "date", "x-remind": {"at": "08:00", "when": "b"}`) +
			text("d", `"x-field": "rollup", "x-from": "asset", "x-via": "place", "x-op": "count", "x-remind": {}`) +
			last("rows", `"x-field": "table", "properties": {"c": {"x-field": "date", "x-remind": {}, "x-label": {"zh-CN": "x", "en": "x"}}}`))}},
	{"turns", map[string]string{"forms/place/form.json": place(
		text("name", `"x-field": "text"`) +
			text("a", `"x-field": "select", `+ofXYZ(`"x-turns": [{"when": "name == nil", "to": "v"}, {"when": "actor.id == name", "to": "x", "back": "w"}, {"when": "", "to": "x"}]`)) +
			text("b", `"x-field": "stage", `+ofXYZ(`"x-turns": [{"when": "old.name == name", "to": "x"}, {"when": "name", "to": "x"}]`)) +
			text("c", `"x-field": "select", "x-compute": "name", `+ofXYZ(`"x-turns": [{"when": "name == nil", "to": "x"}]`)) +
			last("rows", `"x-field": "table", "properties": {"d": {"x-field": "select", "x-label": {"zh-CN": "x", "en": "x"}, `+
				ofXYZ(`"x-turns": [{"when": "name == nil", "to": "x"}]`)+`}}`))}},
	{"turnsOfOtherKinds", map[string]string{"forms/place/form.json": place(
		text("name", `"x-field": "text", "x-turns": [{"when": "name == nil", "to": "x"}]`) +
			last("a", `"x-field": "multiselect", `+ofXYZ(`"x-turns": [{"when": "name == nil", "to": "x"}]`)))}},
	{"turnsInACircle", map[string]string{"forms/place/form.json": place(
		text("name", `"x-field": "text"`) + text("up", `"x-field": "reference", "x-ref": "place"`) +
			text("a", `"x-field": "select", `+ofXYZ(`"x-turns": [{"when": "b == 1", "to": "x"}]`)) +
			text("b", `"x-field": "formula", "x-compute": "above == \"x\" ? 1 : 0"`) + text("above", `"x-field": "mirror", "x-via": "up", "x-of": "a"`) +
			text("c", `"x-field": "select", `+ofXYZ(`"x-turns": [{"when": "below > 0", "to": "x"}]`)) +
			last("below", `"x-field": "rollup", "x-from": "place", "x-via": "up", "x-op": "count", "x-filter": "c == \"y\""`))}},
	{"turnsTaken", map[string]string{"forms/place/form.json": strings.Replace(place(
		text("name", `"x-field": "text"`)+text("up", `"x-field": "reference", "x-ref": "place"`)+text("n", `"x-field": "number"`)+
			text("below", `"x-field": "rollup", "x-from": "place", "x-via": "up", "x-op": "count"`)+
			text("alone", `"x-field": "select", "x-unique": true, `+ofXYZ(`"x-turns": [{"when": "below > 0", "to": "x"}]`))+
			text("state", `"x-field": "select", `+ofXYZ(`"x-turns": [{"when": "alone == \"x\"", "to": "y"}]`))+
			text("says", `"x-field": "formula", "x-result": "text", "x-compute": "state"`)+
			last("own", `"x-field": "select", "x-unique": true, `+ofXYZ(`"x-turns": [{"when": "n > 0", "to": "x"}]`))),
		`"x-title"`, `"x-unique": [["name", "says"], ["name", "n"]], "x-title"`, 1)}},
	{"viewsAndRoles", map[string]string{
		"forms/asset/views/all.json": `{"key": "all", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, "kind": "pie", "columns": ["nothing"],
			"group": "nothing", "sort": "tags", "filter": "name == tier", "roles": ["nobody"]}`,
		"roles/keeper.json": `{"key": "keeper", "label": {"zh-CN": "x", "en": "x"}, "forms": {"nothing": {}, "asset": {"read": {"scope": "mine"},
			"update": {"scope": "expr"}, "delete": {"scope": "expr", "when": "total > rate"}, "fields": {"nothing": "hidden", "phone": "secret"}}}}`,
	}},
	{"agendas", map[string]string{
		"forms/asset/views/all.json":  `{"key": "all", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, "kind": "agenda", "group": "tier", "done": "name"}`,
		"forms/asset/views/mine.json": `{"key": "mine", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, "kind": "agenda"}`,
		"forms/check/views/all.json":  `{"key": "all", "form": "check", "label": {"zh-CN": "x", "en": "x"}, "kind": "table", "done": "content"}`,
		"forms/place/form.json":       strings.Replace(place(last("name", `"x-field": "text"`)), `"x-title"`, `"x-holders": {"with": "name"}, "x-title"`, 1),
	}},
	{"limits", map[string]string{
		"forms/asset/views/all.json":  `{"key": "all", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, "kind": "table", "group": "tier", "limits": {"A": 3}}`,
		"forms/asset/views/mine.json": `{"key": "mine", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, "kind": "kanban", "group": "tier", "limits": {"A": 3, "Z": 3}}`,
	}},
	{"dashboards", map[string]string{
		"dashboards/start.json": `{"key": "begin", "label": {"zh-CN": "x", "en": "x"}, "roles": ["nobody"], "widgets": [` +
			widget("a", "figure", `"group": [{"field": "tier"}], "columns": ["name"], "view": "nothing", "date": "name"`) + "," +
			widget("a", "line", `"group": [{"field": "tier"}], "share": "name == tier", "metrics": [{"op": "sum", "field": "name"}]`) + "," +
			widget("c", "list", `"filter": "sealed", "sort": "0", "columns": ["nothing"]`) + "," +
			widget("d", "funnel", `"group": [{"field": "boughtOn", "bucket": "month"}], "metrics": [{"op": "count"}, {"op": "max", "field": "total"}], "sort": "5"`) + "," +
			widget("e", "pivot", `"table": "tags", "group": [{"field": "nothing"}, {"field": "boughtOn"}], "filter": "name == tier"`) + "," +
			strings.ReplaceAll(widget("f", "figure", `"filter": "x"`), "asset", "nothing") + "," +
			widget("g", "ranking", `"metrics": [{"op": "count"}, {"op": "max", "field": "total"}], "target": {"form": "asset"}, "trend": "up"`) + "," +
			widget("h", "progress", `"group": [{"field": "tier"}]`) + "," + widget("i", "figure", `"trend": "down"`) + "," +
			widget("j", "progress", `"target": {"form": "asset", "filter": "name == tier", "metrics": [{"op": "sum", "field": "name"}], "date": "name"}`) + "," +
			widget("k", "progress", `"target": {"form": "nothing"}`) + "," +
			widget("l", "table", `"group": [{"field": "tier"}, {"field": "nothing"}], "metrics": [{"op": "count"}, {"op": "max", "field": "total"}]`) + `]}`,
		"roles/keeper.json": `{"key": "keeper", "label": {"zh-CN": "x", "en": "x"}, "forms": {"asset": {}}, "home": "begin", "menu": ["asset", "place"]}`,
	}},
	{"filters", map[string]string{
		"dashboards/start.json": `{"key": "start", "label": {"zh-CN": "x", "en": "x"}, "filters": [` +
			choice("a", `"asset": "nothing", "nothing": "x", "check": "tier"`) + "," + choice("a", `"asset": "name"`) + "," +
			choice("b", `"asset": "tier", "place": "createdBy"`) + `], "widgets": [` +
			widget("a", "figure", `"limit": 5`) + "," + strings.ReplaceAll(widget("b", "figure", `"limit": 5`), "asset", "place") + `]}`,
	}},
	{"brand", map[string]string{
		"app.json": `{"key": "assets", "version": "1.0.0", "label": {"zh-CN": "x", "en": "x"}, "brand": {` +
			`"name": {"zh-CN": "x"}, "logo": "data:image/svg+xml;base64,PHA+", "accent": "#3399ff"}}`,
	}},
	{"brandless", map[string]string{
		"app.json": `{"key": "assets", "version": "1.0.0", "label": {"zh-CN": "x", "en": "x"}, "brand": {` +
			`"name": {"zh-CN": "x", "en": "x"}, "logo": "https://elsewhere.example/logo.png", "accent": "red"}}`,
	}},
	{"homes", map[string]string{
		"dashboards/start.json": `{"key": "start", "label": {"zh-CN": "x", "en": "x"}, "roles": ["guest"], "widgets": [` + widget("a", "figure", `"limit": 5`) + `]}`,
		"roles/keeper.json":     `{"key": "keeper", "label": {"zh-CN": "x", "en": "x"}, "forms": {}, "home": "start"}`,
		"roles/guest.json":      `{"key": "guest", "label": {"zh-CN": "x", "en": "x"}, "forms": {}, "home": "nothing"}`,
	}},
	{"firstViews", map[string]string{
		"forms/asset/views/mine.json": `{"key": "mine", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, "kind": "table", "roles": ["guest"]}`,
		"roles/guest.json":            `{"key": "guest", "label": {"zh-CN": "x", "en": "x"}, "forms": {"asset": {}}, "views": {"asset": "nothing", "place": "all"}}`,
		"roles/keeper.json":           `{"key": "keeper", "label": {"zh-CN": "x", "en": "x"}, "forms": {"asset": {}}, "views": {"asset": "mine"}}`,
	}},
	{"shapes", map[string]string{
		"dashboards/start.json": `{"key": "start", "label": {"zh-CN": "x"}, "period": {"default": "ever"}, "widgets": [` +
			widget("a", "gauge", `"limit": 0, "size": {"width": 13}, "sort": "up", "group": [{"field": ""}, {"bucket": "hour", "field": "x"}, {"field": "x"}]`) + `]}`,
	}},
	{"tables", map[string]string{
		"tables/today.json": table("today", `"hit": "first", "rows": [{"then": {}}]`),
		"tables/named.json": table("other", `"hit": "first", "rows": [{"then": {}}]`),
		"tables/days.json":  table("days", `"hit": "unique", "rows": [{"when": {"tier": ["A", "Z"]}, "then": {"days": "x"}}]`),
		"tables/gap.json":   table("gap", `"hit": "first", "rows": [{"when": {"tier": "A"}, "then": {"days": 7}}]`),
		"tables/shape.json": table("shape", `"hit": "some", "rows": []`),
		"forms/place/form.json": place(text("name", `"x-field": "text"`) + text("a", `"x-field": "formula", "x-compute": "gap(name).days"`) +
			text("b", `"x-field": "formula", "x-compute": "gap(name, 1).days"`) + text("c", `"x-field": "formula", "x-compute": "gap(1).days"`) +
			text("d", `"x-field": "formula", "x-compute": "gap(name).hours"`) + last("e", `"x-field": "formula", "x-compute": "gap(name)"`)),
		"forms/asset/views/all.json": `{"key": "all", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, "kind": "table", "columns": ["name"], "filter": "gap(tier).days > 3"}`,
	}},
	{"notAvailable", automations(nil)},
	{"automations", automations(map[string]string{
		"role:keeper": "role:nobody", `"approval": "lend"`: `"approval": "nothing"`, `"stratify": "tier"`: `"stratify": "name"`,
		"max(assignedAt, checkedAt)": "assigned", `"targetBy"`: `"target": "nothing", "targetBy"`, `{"A": 7, "C": 30}`: `{"A": 7, "Z": 30}`,
		`"forms": ["check"]`: `"forms": ["nothing"]`, "0 9 * * 1\"": "0 25 * * 1\"", `"id": "old"`: `"id": "unchecked"`,
		"sealed != true": "sealed == name", `"hidden": ["rate"]`: `"hidden": ["nothing"], "countsAs": "true"`,
		`"fields": ["rate"]`: `"fields": ["nothing"]`, `"pending": "A"`: `"pending": "waiting"`, `"key": "seal"`: `"key": "dear"`,
		`"sealed": "true"`: `"sealed": "name", "total": "1"`, `"asset": "record"`: `"nothing": "record"`, `"onTimeout": "escalate",`: "",
		`"script": "discount", "args"`: `"script": "guard", "args"`, `"until": "boughtOn"`: `"until": "name"`,
		`"act": {"action": "assign", "args": {"to": "actor.id"}}`: `"set": {}, "wait": {}`, `"on": "job"`: `"on": "submitted"`,
		`"filter": "boughtOn <=`: `"filter": "nothing <=`, `"script": "count"`: `"script": "nothing"`, `"kind": "batch"`: `"kind": "action"`,
		`"kind": "hook"`: `"kind": "hook", "http": true`, `"seal.png"`: `"other.png"`, `"roles": ["keeper"]`: `"roles": ["nobody"], "keep": "name"`,
	})},
	{"companions", map[string]string{
		"forms/asset/scripts/a.lua": "x", "forms/asset/scripts/b.test.json": `{"cases": []}`, "forms/asset/prints/c.html": "x",
		"forms/asset/rules/sealed.test.json": `{"cases": [{"name": "x", "given": {}, "expect": {"result": true}}]}`,
		"forms/asset/scripts/d.json":         `{"key": "d", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, "kind": "hook"}`,
		"pools/e.json": `{"key": "e", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, "rights": {"claim": [{"some": ["owner"]}, 5]},
			"sweep": {"brake": {"share": "0.1"}}}`,
		"pools/g.json": `{"key": "g", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, "rights": {"claim": ["somebody", {"all": ["owner"]}]},
			"reclaim": [{"id": "x", "clock": "createdAt", "days": {"A": -1}}], "sweep": {"brake": {"share": 1.5}, "at": "25:00"}}`,
		"pools/notes.txt": "x", "flows/f.json": `{"key": "f"}`,
	}},
	{"duplicates", map[string]string{"forms/place/form.json": strings.Replace(place(manyFields()), `"type": "object"`,
		`"type": "object", "x-duplicates": [
			{"key": "a", "label": {"zh-CN": "x"}, "fields": ["nothing", "tags"]},
			{"key": "a", "label": {"zh-CN": "x", "en": "x"}, "fields": ["name", "b"], "near": true},
			{"key": "b", "label": {"zh-CN": "x", "en": "x"}, "fields": ["name"], "then": "refuse", "also": [
				{"form": "nowhere", "rule": "b"}, {"form": "place", "rule": "b"}, {"form": "asset", "rule": "b"}]}]`, 1)}},
	{"pages", map[string]string{"forms/place/form.json": strings.Replace(place(last("name", `"x-field": "text"`)), `"x-title"`,
		`"x-tabs": [{"key": "a", "label": {"zh-CN": "x", "en": "x"}}, {"key": "a", "label": {"zh-CN": "x"}},
			{"key": "c", "label": {"zh-CN": "x", "en": "x"}}], "x-sections": [
			{"key": "one", "label": {"zh-CN": "x", "en": "x"}, "fields": ["name"], "tab": "a"},
			{"key": "two", "label": {"zh-CN": "x", "en": "x"}, "fields": ["nothing"], "tab": "b"}], "x-title"`, 1)}},
	{"groups", map[string]string{
		"forms/place/form.json": strings.Replace(place(text("name", `"x-field": "text", "x-group": "shared", "x-unique": true`)+
			text("both", `"x-field": "text", "x-group": "shared"`)+text("other", `"x-field": "text", "x-group": "shared"`)+
			text("made", `"x-field": "formula", "x-compute": "name", "x-result": "text"`)+
			text("of", `"x-field": "reference", "x-ref": "place", "x-group": "shared"`)+text("who", `"x-field": "member", "x-group": "shared"`)+
			last("fine", `"x-field": "text", "x-group": "shared"`)), `"type": "object"`,
			`"type": "object", "x-holders": {"owner": "who"}, "x-unique": [["both", "other"], ["fine", "made"]]`, 1),
		"pools/a.json": `{"key": "a", "form": "place", "label": {"zh-CN": "x", "en": "x"}, "rights": {},
			"group": {"wins": "name == 1", "stage": "fine", "content": true}}`,
		"forms/third/form.json": `{"type": "object", "x-form": "third", "x-label": {"zh-CN": "x", "en": "x"}, "x-title": "name", "properties": {
			"name": {"x-field": "text", "x-label": {"zh-CN": "x", "en": "x"}, "x-group": "shared"}}}`,
	}},
	{"uniqueAndIndexes", map[string]string{"forms/place/form.json": strings.Replace(place(manyFields()), `"type": "object"`,
		`"type": "object", "x-unique": [["tags"], [], ["name"]], "x-indexes": [["nothing"]]`, 1)}},
}

func place(fields string) string {
	return `{"type": "object", "x-form": "place", "x-label": {"zh-CN": "x", "en": "x"}, "x-title": "name", "properties": {` + fields + `}}`
}

func table(key, more string) string {
	return `{"key": "` + key + `", "label": {"zh-CN": "x", "en": "x"}, "inputs": [{"key": "tier", "label": {"zh-CN": "x", "en": "x"}, "type": "option", "of": "asset.tier"}],
		"outputs": [{"key": "days", "label": {"zh-CN": "x", "en": "x"}, "type": "integer"}], ` + more + `}`
}

// automations are files of everything that cannot be run yet, with some words replaced.
func automations(replaced map[string]string) map[string]string {
	files := map[string]string{}
	loaded, err := catalog.LoadFS(os.DirFS("testdata/automations"))
	if err != nil {
		panic(err)
	}
	for path, data := range loaded {
		text := string(data)
		for _, from := range slices.Sorted(maps.Keys(replaced)) {
			text = strings.ReplaceAll(text, from, replaced[from])
		}
		files[path] = text
	}
	return files
}

func choice(key, fields string) string {
	return `{"key": "` + key + `", "label": {"zh-CN": "x", "en": "x"}, "fields": {` + fields + `}}`
}

func widget(key, kind, more string) string {
	return `{"key": "` + key + `", "label": {"zh-CN": "x", "en": "x"}, "kind": "` + kind + `", "form": "asset", ` + more + `}`
}

func text(key, more string) string { return last(key, more) + "," }

func last(key, more string) string {
	return `"` + key + `": {"x-label": {"zh-CN": "x", "en": "x"}, ` + more + `}`
}

func manyFields() string {
	fields := text("name", `"x-field": "text"`)
	for _, c := range "bcdefghijklmn" {
		fields += text(string(c), `"x-field": "text", "x-index": true`)
	}
	return fields + last("tags", `"x-field": "tags"`)
}

func TestFaultsOfMetadata(t *testing.T) {
	for _, c := range faultCases {
		t.Run(c.name, func(t *testing.T) {
			compiled, issues := catalog.Compile(bundle(t, c.replaced))
			if compiled != nil || len(issues) == 0 {
				t.Fatal("it compiles")
			}
			golden := filepath.Join("testdata", "faults", c.name+".txt")
			have := said(issues) + "\n"
			if os.Getenv("UPDATE_GOLDEN") == "1" {
				if err := os.WriteFile(golden, []byte(have), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if have != string(want) {
				t.Errorf("have\n%s\nwant\n%s", have, want)
			}
		})
	}
}

// TestNoBytesBreakCompiling turns bytes of the sample app at random: whatever comes, compiling answers.
func TestNoBytesBreakCompiling(t *testing.T) {
	whole := bundle(t, nil)
	rapid.Check(t, func(r *rapid.T) {
		path := rapid.SampledFrom([]string{"forms/asset/form.json", "forms/place/form.json", "roles/keeper.json", "app.json"}).Draw(r, "file")
		data := []byte(string(whole[path]))
		from := rapid.IntRange(0, len(data)-1).Draw(r, "from")
		to := min(len(data), from+rapid.IntRange(0, 40).Draw(r, "length"))
		broken := append(append(append([]byte{}, data[:from]...), rapid.SampledFrom([]string{"", "{}", "\"", "null", "9e9", "[", "name"}).Draw(r, "instead")...), data[to:]...)
		changed := catalog.Bundle{}
		for p, text := range whole {
			changed[p] = text
		}
		changed[path] = broken
		if compiled, issues := catalog.Compile(changed); (compiled == nil) != (len(issues) > 0) {
			r.Fatalf("neither a catalog nor issues: %v", issues)
		}
	})
}

func TestVersionsTellContentsApart(t *testing.T) {
	one, _ := catalog.Compile(bundle(t, nil))
	same, _ := catalog.Compile(bundle(t, nil))
	other, issues := catalog.Compile(bundle(t, map[string]string{"labels/x.json": "{}"}))
	if len(issues) > 0 || one.Version != same.Version || one.Version == other.Version || !strings.HasPrefix(one.Version, "1.2.0+") {
		t.Errorf("%s %s %v", one.Version, same.Version, issues)
	}
}

func TestLayout(t *testing.T) {
	layout := asset(t).Layout
	var paths, indexes []string
	for _, f := range layout.Fields {
		name := f.Path.String() + " " + string(f.Type)
		if f.Multi {
			name += " multi"
		}
		paths = append(paths, name)
	}
	for _, i := range layout.Indexes {
		indexes = append(indexes, i.Name)
	}
	for _, want := range []string{"name text", "~sort:name text", "~day:checkedAt int", "~day:createdAt int", "lines ", "lines.count int multi", "address.region text", "tags text multi", "total int"} {
		if !contains(strings.Join(paths, "\n"), want) {
			t.Errorf("%q is not in %q", want, paths)
		}
	}
	if have := strings.Join(indexes, " "); have != "keeper phone place lines.part ~sort:name -checkedAt,~sort:name" {
		t.Errorf("indexes %s", have)
	}
	if asJSON(t, layout.Unique) != `[["name","place"]]` || !layout.Search {
		t.Errorf("unique %v", layout.Unique)
	}
}
