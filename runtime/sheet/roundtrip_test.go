package sheet_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewater/engine"
	"tidewater/engine/catalog"
	"tidewater/engine/field"
	"tidewater/engine/field/region"
	"tidewater/engine/grid"
	"tidewater/engine/job"
	"tidewater/engine/message"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/value"
	"tidewater/runtime/sheet"
)

// yard is an engine over one form, drawn at random, that writes and reads real files.
type yard struct {
	*rapid.T
	*engine.Engine
	ctx   context.Context
	actor value.Actor
	form  *meta.Form
	close func()
}

// tricky are texts that spreadsheets, or we, could take for something else.
var tricky = []string{
	"=1+1", "+49 30 1", "-5", "@sum", "'quoted'", "''=x", "'=1", "=cmd|' /C calc'!A0", "007", "1.50", "12%", "2026-03-31", "31/12/2025", "TRUE", "no", "null",
	"#N/A", "123456789012345678", "a;b", "a, b；c、d", `say "so"`, "é ñ 中文", "😀", "{\"a\":1}", "[1]", "<b>&amp;</b>", "_x000D_", "ID", "#", "-", "1/2", "x\u00a0y", "½", "１２",
}

func drawTricky(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, label+"?") {
		return rapid.SampledFrom(tricky).Draw(t, label)
	}
	return "t" + rapid.StringOfN(rapid.RuneFrom([]rune("ab 01=+-@'\"“;,、/\\|中é")), 0, 12, -1).Draw(t, label)
}

// drawForm is a form with some of the kinds of fields, each with keywords of its own, and a table of some of them.
func drawForm(t *rapid.T) *meta.Form {
	form := &meta.Form{
		Type: "object", Key: "thing", Label: both("Thing: [all]/*?"), Title: "name", Required: []value.FieldKey{"name"},
		Properties: map[value.FieldKey]meta.Field{"name": {Kind: field.Text, Label: both("=Name"), Unique: rapid.Bool().Draw(t, "unique")}},
	}
	columns := map[value.FieldKey]meta.Field{}
	for _, kind := range field.Kinds() {
		name := kind.Name()
		switch name {
		case field.Mirror, field.Rollup, field.Table, field.Image, field.Signature, field.Attachment:
			continue // made below, or of files, which no cell holds
		}
		if rapid.Bool().Draw(t, string(name)) {
			def := drawDefinition(t, name)
			form.Properties[value.FieldKey(name+"F")] = def
			if name != field.Autonumber && rapid.Bool().Draw(t, string(name)+" in rows") {
				columns[value.FieldKey(name+"C")] = def
			}
		}
	}
	form.Properties["friend"] = meta.Field{Kind: field.Reference, Label: both("Friend"), Ref: "part", OnDelete: "clear"}
	form.Properties["friendName"] = meta.Field{Kind: field.Mirror, Label: both("Friend's name"), Via: "friend", Of: "name"}
	form.Properties["parts"] = meta.Field{Kind: field.Rollup, Label: both("Parts"), From: "part", Via: "thing", Op: "count", Timing: "transaction"}
	if len(columns) > 0 {
		form.Properties["rows"] = meta.Field{Kind: field.Table, Label: both("Rows: 'all'"), Properties: columns}
	}
	return form
}

func both(s string) meta.Label { return meta.Label{"en": s, "zh-CN": s + "！"} }

func drawDefinition(t *rapid.T, kind meta.FieldKind) meta.Field {
	def := meta.Field{Kind: kind, Label: both("The " + string(kind))}
	switch kind {
	case field.Number, field.Percent, field.Currency:
		def.Scale = rapid.IntRange(0, 6).Draw(t, "scale")
	case field.Rating:
		def.Points = rapid.IntRange(2, 10).Draw(t, "points")
	case field.Select, field.Multiselect, field.Stage, field.Cascade:
		def.Options = drawOptions(t, kind == field.Cascade)
	case field.Reference, field.References:
		def.Ref, def.OnDelete = "part", "clear"
	case field.AnyRef:
		def.Refs, def.OnDelete = []value.FormKey{"part", "thing"}, "clear"
	case field.Formula:
		def.Compute, def.Result = "name", field.Text
	case field.Autonumber:
		def.Number = "N-{000}"
	}
	return def
}

// drawOptions are options whose labels may be alike, and like the values of others.
func drawOptions(t *rapid.T, deep bool) (out []meta.Option) {
	for n := range rapid.IntRange(1, 4).Draw(t, "options") {
		o := meta.Option{Value: fmt.Sprintf("v%d", n), Label: both(rapid.SampledFrom([]string{"v0", "Same", "a;b", "A / B", "[x]", "=1", " v1"}).Draw(t, "label"))}
		if deep && rapid.Bool().Draw(t, "deeper") {
			o.Children = drawOptions(t, false)
		}
		out = append(out, o)
	}
	return out
}

// fixed are who and what can be referred to.
var (
	people = []value.ID{"kim", "lib"}
	units  = []value.ID{"east", "west"}
	named  = []string{"Blade", "Blade", "=Grip"}
)

func newYard(t *rapid.T, outer *testing.T, dir string) *yard {
	y := &yard{T: t, ctx: outer.Context(), form: drawForm(t)}
	s, err := sqlite.Open(y.ctx, filepath.Join(dir, "yard.db"), "yard")
	y.must(err)
	y.close = func() { y.must(s.Close()) }
	staff, err := org.NewSnapshot(1, []org.User{
		{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"keeper"}, Active: true, Locale: "en"}, {ID: "lib", Username: "lib", Name: "Kim", Active: true},
	}, []org.Unit{{ID: "east", Name: both("Sales")}, {ID: "west", Name: both("Sales")}}, []org.Zone{{ID: "z1", Key: "z1", Name: both("East")}, {ID: "z2", Key: "z2", Name: both("East")}})
	y.must(err)
	calendar, err := org.China()
	y.must(err)
	texts, err := message.Load()
	y.must(err)
	zone, err := time.LoadLocation("Asia/Shanghai") // whose clocks went back each autumn until 1991
	y.must(err)
	var ids, ticks atomic.Int64
	y.Engine, err = engine.Open(y.ctx, engine.Config{
		Store: s, Zone: zone, Calendar: calendar, Sheets: sheet.Files{}, Texts: texts, Org: func() *org.Snapshot { return staff },
		Clock: func() time.Time {
			return time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC).Add(time.Duration(ticks.Add(1)) * time.Millisecond)
		},
		NewID: func() value.ID { return value.ID(fmt.Sprintf("01%024d", ids.Add(1))) },
		Turn:  func(context.Context) (func(), error) { return func() {}, nil },
	})
	y.must(err)
	_, err = y.Apps.Install(y.ctx, y.bundle())
	y.must(err)
	y.actor, _ = staff.Actor("kim")
	return y
}

func (y *yard) bundle() catalog.Bundle {
	thing, err := json.Marshal(y.form)
	y.must(err)
	all := `{"create": true, "read": {"scope": "all"}, "update": {"scope": "all"}, "delete": {"scope": "all"}, "export": {"scope": "all"}}`
	return catalog.Bundle{
		"app.json":              []byte(`{"key": "yard", "version": "1.0.0", "label": {"en": "Yard", "zh-CN": "Yard"}, "menu": ["thing"]}`),
		"forms/thing/form.json": thing,
		"forms/part/form.json": []byte(`{"type": "object", "x-form": "part", "x-label": {"en": "Part", "zh-CN": "Part"}, "x-title": "name", "properties": {
			"name": {"x-field": "text", "x-label": {"en": "Name", "zh-CN": "Name"}},
			"thing": {"x-field": "reference", "x-label": {"en": "Thing", "zh-CN": "Thing"}, "x-ref": "thing", "x-onDelete": "clear"}}}`),
		"roles/keeper.json": []byte(`{"key": "keeper", "label": {"en": "Keeper", "zh-CN": "Keeper"}, "forms": {"thing": ` + all + `, "part": ` + all + `}}`),
	}
}

func (y *yard) must(err error) {
	y.Helper()
	if err != nil {
		y.Fatal(err)
	}
}

func (y *yard) make(form value.FormKey, values map[string]any) *record.View {
	y.Helper()
	view, err := y.Records.Create(y.ctx, y.actor, form, record.Input{Values: values})
	y.must(err)
	return view
}

// ended works a job off.
func (y *yard) ended(j *job.Job, err error) *job.Job {
	y.Helper()
	for y.must(err); ; {
		worked, err := y.Jobs.RunOnce(y.ctx)
		if y.must(err); !worked {
			break
		}
	}
	done, err := y.Jobs.Get(y.ctx, y.actor, j.ID)
	y.must(err)
	if done.State != job.Done {
		y.Fatalf("ended as %s: %+v", done.State, done.Reason)
	}
	return done
}

// values draws a record: of each field that people fill, a value or none.
func (y *yard) values(n int, refs []string) map[string]any {
	out := map[string]any{"name": fmt.Sprint(drawTricky(y.T, "name"), n)}
	draw := func(fields map[value.FieldKey]meta.Field, into map[string]any) {
		for _, key := range slices.Sorted(maps.Keys(fields)) {
			def := fields[key]
			if v := drawValue(y.T, &def, refs); v != nil && rapid.IntRange(0, 4).Draw(y.T, "filled") > 0 {
				into[string(key)] = v
			}
		}
	}
	fields := maps.Clone(y.form.Properties)
	rows := fields["rows"].Properties
	delete(fields, "name")
	delete(fields, "rows")
	draw(fields, out)
	var lines []any
	for range rapid.IntRange(0, 3).Draw(y.T, "rows") {
		row := map[string]any{}
		if draw(rows, row); len(row) > 0 {
			lines = append(lines, row)
		}
	}
	if len(lines) > 0 {
		out["rows"] = lines
	}
	return out
}

func exact(t *rapid.T, scale int) string {
	n := rapid.Int64Range(-value.MaxExact, value.MaxExact).Draw(t, "exact")
	if rapid.Bool().Draw(t, "small") {
		n %= 1_000_000
	}
	return value.FormatExact(n, scale)
}

// drawValue is a value in wire form; nil for kinds that nobody fills.
func drawValue(t *rapid.T, def *meta.Field, refs []string) any {
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(t, string(def.Kind)) }
	option := func() meta.Option { return rapid.SampledFrom(def.Options).Draw(t, "option") }
	switch def.Kind {
	case field.Number, field.Currency, field.Percent:
		return exact(t, field.ScaleOf(def))
	case field.Rating:
		return json.Number(fmt.Sprint(rapid.IntRange(1, def.Points).Draw(t, "points")))
	case field.Boolean:
		return rapid.Bool().Draw(t, "bool")
	case field.Select, field.Stage:
		return option().Value
	case field.Multiselect:
		return []any{option().Value}
	case field.Cascade:
		path := []any{option().Value}
		if o, _ := field.OptionOf(def.Options, path[0].(string)); len(o.Children) > 0 {
			path = append(path, rapid.SampledFrom(o.Children).Draw(t, "child").Value)
		}
		return path
	case field.Tags:
		return []any{pick("new", "a b", "=x", "中文", "x/y", "007"), "last"}
	case field.Date:
		return day(t).Format(time.DateOnly)
	case field.Datetime:
		at := day(t).Add(time.Duration(rapid.Int64Range(0, 86_400_000).Draw(t, "instant")) * time.Millisecond)
		return rapid.SampledFrom([]time.Time{at, at.Truncate(time.Second), time.Date(1991, 9, 14, 15, 30, 0, 0, time.UTC), time.Date(1991, 9, 14, 16, 30, 0, 0, time.UTC)}).Draw(t, "at").UTC().Format(time.RFC3339Nano)
	case field.DateRange:
		start := day(t)
		return map[string]any{"start": start.Format(time.DateOnly), "end": start.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "days")).Format(time.DateOnly)}
	case field.Time:
		return fmt.Sprintf("%02d:%02d", rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"))
	case field.Duration:
		return json.Number(fmt.Sprint(rapid.IntRange(0, 360_000_000).Draw(t, "seconds")))
	case field.Phone:
		return pick("13800138000", "+49 30 123456", "010-62345678", "010-62345678转12", "(5) 555-4729")
	case field.Email:
		return pick("a@example.com", "b.c+d@example.org")
	case field.URL:
		return pick("https://example.com/a?b=c&d=e", "http://例子.example/路", "https://example.com/x,y;z")
	case field.IDCard:
		return pick("11010519491231002X", "110105194912310038")
	case field.Region:
		return rapid.SampledFrom(region.Children("")).Draw(t, "region")
	case field.Address:
		return map[string]any{"region": "310101", "detail": drawTricky(t, "detail"), "postcode": pick("200001", "00042")}
	case field.JSON:
		return pick(`{"a":[1.50,null,"=x"]}`, `[1,2]`, `"text"`, `12.0`, `true`, `{"b":{"c":"d"}}`, `"=1"`, `"007"`)
	case field.RichText:
		return pick("<p>a &amp; b</p>", "<ul><li>x</li><li>=y</li></ul>", "<p>-1</p><p>two</p>")
	case field.Markdown, field.Multiline:
		return pick("# one\n\n* two\n* =three", "line\nline", "-1\n+2") + drawTricky(t, "line")
	}
	return drawReferring(t, def, refs)
}

// day is one of the years that spreadsheets know, or of those before.
func day(t *rapid.T) time.Time {
	from := rapid.SampledFrom([]int{1, 1000, 1890, 1899, 1900, 1904, 2026, 9990}).Draw(t, "year")
	return time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "day"))
}

func drawReferring(t *rapid.T, def *meta.Field, refs []string) any {
	id := func(from []value.ID) string { return string(rapid.SampledFrom(from).Draw(t, string(def.Kind))) }
	switch def.Kind {
	case field.Member:
		return id(people)
	case field.Members:
		return []any{id(people)}
	case field.OrgUnit:
		return id(units)
	case field.OrgUnits:
		return []any{id(units)}
	case field.Zone:
		return id([]value.ID{"z1", "z2"})
	case field.Reference:
		return rapid.SampledFrom(refs).Draw(t, "part")
	case field.References:
		return []any{rapid.SampledFrom(refs).Draw(t, "part")}
	case field.AnyRef:
		return map[string]any{"form": "part", "id": rapid.SampledFrom(refs).Draw(t, "part")}
	case field.Text:
		return drawTricky(t, "text")
	}
	return nil
}

// TestEveryExportComesBackAsItWas draws forms of all kinds of fields and records of them, exports them whole, and
// imports the files as a look at them suggests. Nothing changes: no version, no line of history. Then everything is
// emptied, and the same files bring it all back.
func TestEveryExportComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		y := newYard(r, t, t.TempDir())
		defer y.close()
		var refs []string
		for _, name := range named {
			refs = append(refs, string(y.make("part", map[string]any{"name": name}).ID))
		}
		var made []*record.View
		for n := range rapid.IntRange(1, 4).Draw(r, "records") {
			made = append(made, y.make("thing", y.values(n, refs)))
		}
		files := map[grid.Format]value.ID{}
		for _, format := range []grid.Format{grid.CSV, grid.XLSX} {
			done := y.ended(y.Export(y.ctx, y.actor, engine.ExportRequest{Form: "thing", Whole: true, Format: format}, nil))
			files[format] = value.ID(done.Result)
			if got := y.brought(files[format]); got["unchanged"] != int64(len(made)) || len(got) != 1 {
				r.Fatalf("%s of %d records comes back as %v: %v", format, len(made), got, y.changes(made))
			}
		}
		for _, before := range made {
			y.same(before, 1)
		}
		for _, format := range []grid.Format{grid.CSV, grid.XLSX} {
			for _, before := range made {
				y.empty(before, format == grid.XLSX) // a file of text has no rows of tables
			}
			y.brought(files[format])
			for _, before := range made {
				y.same(before, 0)
			}
		}
	})
}

// brought imports a file as a look at it suggests, and returns what became of its rows.
func (y *yard) brought(file value.ID) map[string]int64 {
	y.Helper()
	look, err := y.Look(y.ctx, y.actor, "thing", file, grid.Choice{})
	y.must(err)
	mapped := map[string]bool{}
	for _, c := range look.Request.Plan.Columns {
		key, _, _ := strings.Cut(c.Field, ".")
		mapped[key] = true
	}
	for key, def := range y.form.Properties {
		computed := field.IsComputed(&def) || def.Kind == field.Autonumber || def.Kind == field.Table
		if mapped[string(key)] == computed {
			y.Fatalf("%s: %s goes into no column of %+v", look.Format, key, look.Request.Plan.Columns)
		}
	}
	done := y.ended(y.Import(y.ctx, y.actor, look.Request, nil))
	if len(done.Refused) > 0 {
		y.Fatalf("%s: refused: %+v of %+v", look.Format, done.Refused, look.Columns)
	}
	for _, c := range look.Columns {
		if len(c.Unknown) > 0 {
			y.Fatalf("%s: not understood: %+v", look.Format, c)
		}
	}
	return done.Counts
}

// changes are what was last done to records.
func (y *yard) changes(made []*record.View) (out []string) {
	y.Helper()
	for _, r := range made {
		history, err := y.Records.History(y.ctx, y.actor, "thing", r.ID, "", 1)
		y.must(err)
		for _, c := range history.Entries[0].Changes {
			if history.Entries[0].Version > r.Version {
				out = append(out, fmt.Sprintf("%s: %#v → %#v", c.Field, c.From, c.To))
			}
		}
	}
	return out
}

// same holds that a record is as it was, and where a version is named, that nobody has written it.
func (y *yard) same(before *record.View, version int64) {
	y.Helper()
	now, err := y.Records.Get(y.ctx, y.actor, "thing", before.ID)
	y.must(err)
	for _, key := range slices.Sorted(maps.Keys(before.Values)) {
		was, is := before.Values[key], now.Values[key]
		if !reflect.DeepEqual(was, is) {
			y.Fatalf("%s was %#v and is %#v", key, was, is)
		}
	}
	history, err := y.Records.History(y.ctx, y.actor, "thing", before.ID, "", 10)
	y.must(err)
	if version > 0 && (now.Version != version || len(history.Entries) != 1) {
		y.Fatalf("version %d with %d lines of history", now.Version, len(history.Entries))
	}
}

// empty takes all values that people may set out of a record, and out of its rows.
func (y *yard) empty(r *record.View, rowsToo bool) {
	y.Helper()
	empty := func(fields map[value.FieldKey]meta.Field, values map[string]any) map[string]any {
		for key, def := range fields {
			if key != "name" && key != "rows" && !field.IsComputed(&def) && def.Kind != field.Autonumber {
				values[string(key)] = nil
			}
		}
		return values
	}
	values := empty(y.form.Properties, map[string]any{})
	if rows, _ := r.Values["rows"].([]any); rowsToo && len(rows) > 0 {
		var lines []any
		for _, one := range rows {
			row, _ := one.(map[string]any)
			lines = append(lines, empty(y.form.Properties["rows"].Properties, map[string]any{"id": row["id"]}))
		}
		values["rows"] = lines
	}
	now, err := y.Records.Get(y.ctx, y.actor, "thing", r.ID)
	y.must(err)
	_, err = y.Records.Update(y.ctx, y.actor, "thing", r.ID, now.Version, record.Input{Values: values})
	y.must(err)
}
