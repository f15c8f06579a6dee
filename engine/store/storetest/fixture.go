package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// form is what the tests keep: a field of each type, with and without an index, single and multiple,
// in rows and in a group. Two keys differ in nothing but case.
const form value.FormKey = "assetKind"

func part(field, sub value.FieldKey) query.Path { return query.Path{Field: field, Sub: sub} }

func layout() store.Form {
	by := func(sorts ...query.Sort) store.Index { return store.Index{Columns: sorts} }
	up := func(field value.FieldKey) query.Sort { return query.Sort{Path: query.At(field)} }
	down := func(field value.FieldKey) query.Sort { return query.Sort{Path: query.At(field), Desc: true} }
	return store.Form{
		Key: form, Search: true,
		Fields: []store.Field{
			{Path: query.At("name"), Type: store.Text},
			{Path: query.At("tier"), Type: store.Text},
			{Path: query.At("Tier"), Type: store.Text},
			{Path: query.At("cost"), Type: store.Int},
			{Path: query.At("size"), Type: store.Int},
			{Path: query.At("live"), Type: store.Bool},
			{Path: query.At("serial"), Type: store.Text},
			{Path: query.At("series"), Type: store.Text},
			{Path: query.At("tags"), Type: store.Text, Multi: true},
			{Path: query.At("marks"), Type: store.Int, Multi: true},
			{Path: query.At("lines"), Table: true},
			{Path: part("lines", "piece"), Type: store.Text, Multi: true},
			{Path: part("lines", "count"), Type: store.Int, Multi: true},
			{Path: part("lines", "kinds"), Type: store.Text, Multi: true},
			{Path: part("place", "region"), Type: store.Text},
			{Path: part("place", "floor"), Type: store.Int},
			{Path: query.At("~sort:name"), Type: store.Text},
			{Path: query.At("~day:made"), Type: store.Int},
			{Path: query.At("~text"), Type: store.Text},
			{Path: query.At("~duplicates"), Type: store.Int, Multi: true},
		},
		Indexes: []store.Index{
			by(up("tier"), down("cost")),
			by(up("~sort:name")),
			by(down("cost")),
			by(down("cost"), up("name")),
			by(up("tags")),
			by(up("~duplicates")),
			by(query.Sort{Path: part("lines", "piece")}),
			by(query.Sort{Path: part("place", "region")}),
			by(down("updatedAt")),
			by(up("live"), up("size")),
			by(up("Tier")),
		},
		Orders: [][]query.Sort{
			{down("cost")}, {up("~sort:name")}, {down("updatedAt")}, {up("tier"), down("cost")}, {up("live"), up("name"), down("Tier")},
			{down("cost")}, {up("cost")}, {query.Sort{Path: part("place", "region")}},
		},
		Within: []string{"user", "unit", "under"},
		Sums:   []store.Sums{{By: query.At("~day:made"), Of: []query.Path{query.At("size"), query.At("cost")}}},
		Unique: [][]value.FieldKey{{"serial"}, {"series", "size"}},
	}
}

// ready returns a store that knows the form.
func ready(t *testing.T, open Open) store.Store {
	t.Helper()
	s := open(t)
	must(t, s.Prepare(t.Context(), []store.Form{layout()}, nil))
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("got %v, want the fault %s", err, code)
	}
}

// put writes records, each in its first version, together.
func put(t *testing.T, s store.Store, records ...*value.Record) {
	t.Helper()
	for len(records) > 0 {
		n := min(len(records), 500)
		must(t, s.Tx(t.Context(), func(tx store.Tx) error {
			for _, r := range records[:n] {
				if err := tx.Put(t.Context(), r, 0); err != nil {
					return err
				}
			}
			return nil
		}))
		records = records[n:]
	}
}

var epoch = time.UnixMilli(1_700_000_000_000).UTC()

// plain is a record of little.
func plain(id string, values value.Doc) *value.Record {
	return &value.Record{ID: value.ID(id), Form: form, Version: 1, Values: values, CreatedAt: epoch, UpdatedAt: epoch, CreatedBy: "u1", UpdatedBy: "u1"}
}

var (
	names  = []string{"潮汐", "潮", "北京潮汐科技", "Pump 12", "pump", "ＰＵＭＰ", "a\"b\\c", "é", "'; drop", "13812345678", "%", "_"}
	tiers  = []string{"a", "b", "c", "潮"}
	pieces = []string{"p1", "p2", "p3", "潮p"}
	people = []string{"user:u1", "user:u2", "unit:x", "under:x", "zone:z"}
)

// record draws a record with anything absent, of so few values that filters meet some and miss some.
func record(t *rapid.T) *value.Record {
	doc, shadow := value.Doc{}, value.Doc{}
	maybe := func(to value.Doc, key string, v value.Value) {
		if rapid.IntRange(0, 3).Draw(t, "has "+key) > 0 {
			to[key] = v
		}
	}
	name := rapid.SampledFrom(names).Draw(t, "name")
	maybe(doc, "name", name)
	maybe(doc, "tier", rapid.SampledFrom(tiers).Draw(t, "tier"))
	maybe(doc, "Tier", rapid.SampledFrom(tiers).Draw(t, "Tier"))
	maybe(doc, "cost", number(t))
	maybe(doc, "size", number(t))
	maybe(doc, "live", rapid.Bool().Draw(t, "live"))
	maybe(doc, "tags", list(t, tiers))
	maybe(doc, "marks", value.List{number(t), number(t)})
	place := value.Doc{"region": rapid.SampledFrom(tiers).Draw(t, "region")}
	maybe(place, "floor", number(t))
	maybe(doc, "place", place)
	maybe(doc, "lines", lines(t))
	maybe(shadow, "sort:name", text.SortKey(name))
	maybe(shadow, "day:made", int64(20230100+rapid.IntRange(1, 28).Draw(t, "day")+100*rapid.IntRange(0, 14).Draw(t, "month")))
	maybe(shadow, "duplicates", value.List{number(t), number(t)})
	r := &value.Record{Form: form, Version: 1, Values: doc, Shadow: shadow}
	if has, ok := doc["name"].(string); ok {
		shadow["text"] = text.Fold(has)
		r.Tokens = text.Tokens(has)
	}
	for _, p := range people {
		if rapid.Bool().Draw(t, p) {
			r.Principals = append(r.Principals, p)
		}
	}
	r.CreatedAt, r.CreatedBy = epoch, "u1"
	r.UpdatedAt = epoch.Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "updated")) * time.Second)
	r.UpdatedBy = value.ID(rapid.SampledFrom([]string{"u1", "u2"}).Draw(t, "by"))
	if rapid.IntRange(0, 9).Draw(t, "deleted") == 0 {
		r.DeletedAt, r.DeletedBy = epoch, "u2"
	}
	return r
}

func number(t *rapid.T) int64 {
	return rapid.SampledFrom([]int64{-3, 0, 1, 2, 1 << 53, 1<<53 + 1, value.MaxExact, -value.MaxExact}).Draw(t, "number")
}

func list(t *rapid.T, of []string) value.List {
	var out value.List
	for _, s := range rapid.SliceOfN(rapid.SampledFrom(of), 1, 3).Draw(t, "list") {
		out = append(out, s)
	}
	return out
}

func lines(t *rapid.T) value.List {
	var out value.List
	for range rapid.IntRange(1, 3).Draw(t, "rows") {
		row := value.Doc{"count": number(t)}
		if rapid.Bool().Draw(t, "has piece") {
			row["piece"] = rapid.SampledFrom(pieces).Draw(t, "piece")
		}
		if rapid.Bool().Draw(t, "has kinds") {
			row["kinds"] = list(t, tiers)
		}
		out = append(out, row)
	}
	return out
}

// crowd returns the same n random records each time, ids in no order of anything.
func crowd(n int) []*value.Record {
	one := rapid.Custom(record)
	out := make([]*value.Record, n)
	for i := range out {
		out[i] = one.Example(i)
		out[i].ID = value.ID(fmt.Sprintf("%04X%s", (i*7919)%65536, strings.Repeat("0", 22)))
	}
	return out
}
