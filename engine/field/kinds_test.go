package field

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

var (
	label   = meta.Label{"zh-CN": "名", "en": "Name"}
	options = []meta.Option{
		{Value: "a", Label: label, Children: nil},
		{Value: "b", Label: label},
		{Value: "c", Label: label, Off: true},
	}
	tree = []meta.Option{
		{Value: "tools", Label: label, Children: []meta.Option{{Value: "saws", Label: label}, {Value: "drills", Label: label}}},
		{Value: "parts", Label: label},
	}
	refs   = []value.FormKey{"book", "shelf"}
	rowsOf = meta.Field{Kind: Table, Label: label, Properties: map[value.FieldKey]meta.Field{
		"count":  {Kind: Number, Label: label},
		"price":  {Kind: Currency, Label: label},
		"asset":  {Kind: Reference, Ref: "asset", Label: label},
		"amount": {Kind: Formula, Compute: "count * price", Label: label, Scale: 2},
	}}
)

// sent decodes JSON as requests are.
func sent(t *testing.T, text string) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var raw any
	if err := decoder.Decode(&raw); err != nil {
		t.Fatal(err)
	}
	return raw
}

func valuedOf(t testing.TB, def *meta.Field) (Valued, *meta.Field) {
	t.Helper()
	kind, as, issues := Resolve(def, nothingToLookUp)
	if len(issues) > 0 {
		t.Fatalf("%s: %v", def.Kind, issues)
	}
	return kind, as
}

type decodeCase struct {
	def    meta.Field
	sent   string
	stored value.Value
	wire   string // "" when the same as sent
}

var decodeCases = []decodeCase{
	{meta.Field{Kind: Text}, `"  Café\tau lait "`, "Café au lait", `"Café au lait"`},
	{meta.Field{Kind: Text}, `"\ufeff中文\u200b"`, "中文", `"中文"`},
	{meta.Field{Kind: Text}, `"  "`, nil, `null`},
	{meta.Field{Kind: Multiline}, `"a\r\nb"`, "a\nb", `"a\nb"`},
	{meta.Field{Kind: Number}, `12`, int64(12), ``},
	{meta.Field{Kind: Number}, `"１２"`, int64(12), `12`},
	{meta.Field{Kind: Number}, `1.5e3`, int64(1500), `1500`},
	{meta.Field{Kind: Number}, `-0`, int64(0), `0`},
	{meta.Field{Kind: Number, Scale: 3}, `1.25e-1`, int64(125), `"0.125"`},
	{meta.Field{Kind: Number, Scale: 2}, `-1234.5`, int64(-123450), `"-1234.50"`},
	{meta.Field{Kind: Currency}, `"0.10"`, int64(10), ``},
	{meta.Field{Kind: Currency, Currency: "JPY"}, `500`, int64(500), ``},
	{meta.Field{Kind: Currency, Currency: "KWD"}, `1`, int64(1000), `"1.000"`},
	{meta.Field{Kind: Percent, Scale: 1}, `12.5`, int64(125), `"12.5"`},
	{meta.Field{Kind: Rating}, `4`, int64(4), ``},
	{meta.Field{Kind: Rating, Points: 10}, `"１０"`, int64(10), `10`},
	{meta.Field{Kind: Rating}, `4.0`, int64(4), `4`},
	{meta.Field{Kind: Boolean}, `false`, false, ``},
	{meta.Field{Kind: Select, Options: options}, `"c"`, "c", ``},
	{meta.Field{Kind: Stage, Options: options}, `"a"`, "a", ``},
	{meta.Field{Kind: Multiselect, Options: options}, `["b","a","b"]`, value.List{"a", "b"}, `["a","b"]`},
	{meta.Field{Kind: Multiselect, Options: options}, `[]`, nil, `null`},
	{meta.Field{Kind: Cascade, Options: tree}, `["tools","saws"]`, value.List{"tools", "saws"}, ``},
	{meta.Field{Kind: Tags}, `["new"," new ","",null]`, value.List{"new"}, `["new"]`},
	{meta.Field{Kind: Date}, `"2024-02-29"`, int64(20240229), ``},
	{meta.Field{Kind: Datetime}, `"2026-03-31T09:00:00+08:00"`, int64(1774918800000), `"2026-03-31T01:00:00.000Z"`},
	{meta.Field{Kind: Markdown}, `"# 一\r\n<b>two</b>"`, "# 一\n<b>two</b>", `"# 一\n<b>two</b>"`},
	{meta.Field{Kind: RichText}, `"<p>一 <strong>two</strong></p>"`, "<p>一 <strong>two</strong></p>", ``},
	{meta.Field{Kind: RichText}, `"<p> </p><p><br></p>"`, nil, `null`},
	{meta.Field{Kind: RichText}, `"<div onclick=\"x()\">a<script>alert(1)</script></div>"`, "a", `"a"`},
	{meta.Field{Kind: RichText}, `"<p>pasted\u200b</p>"`, "<p>pasted</p>", `"<p>pasted</p>"`},
	{meta.Field{Kind: DateRange}, `{"start":"2026-03-01","end":"2026-03-31"}`, value.Doc{"start": int64(20260301), "end": int64(20260331)}, ``},
	{meta.Field{Kind: DateRange}, `{"start":"2024-02-29","end":"2024-02-29"}`, value.Doc{"start": int64(20240229), "end": int64(20240229)}, ``},
	{meta.Field{Kind: DateRange}, `"2026-03-01 至 2026-03-31"`, value.Doc{"start": int64(20260301), "end": int64(20260331)}, `{"start":"2026-03-01","end":"2026-03-31"}`},
	{meta.Field{Kind: DateRange}, `"2026-03-01/2026-03-31"`, value.Doc{"start": int64(20260301), "end": int64(20260331)}, `{"start":"2026-03-01","end":"2026-03-31"}`},
	{meta.Field{Kind: DateRange}, `"2026-03-01"`, value.Doc{"start": int64(20260301), "end": int64(20260301)}, `{"start":"2026-03-01","end":"2026-03-01"}`},
	{meta.Field{Kind: DateRange}, `{"start":null,"end":""}`, nil, `null`},
	{meta.Field{Kind: JSON}, `"{ \"b\": 12345678901234567890.10, \"a\": [null] }"`, `{"b":12345678901234567890.10,"a":[null]}`, `"{\"b\":12345678901234567890.10,\"a\":[null]}"`},
	{meta.Field{Kind: JSON}, `{"b":1.50,"a":"<x>"}`, `{"a":"<x>","b":1.50}`, `"{\"a\":\"<x>\",\"b\":1.50}"`},
	{meta.Field{Kind: JSON}, `" {} "`, nil, `null`},
	{meta.Field{Kind: JSON}, `[]`, nil, `null`},
	{meta.Field{Kind: Time}, `"09:30"`, int64(570), ``},
	{meta.Field{Kind: Time}, `"９：０５"`, int64(545), `"09:05"`},
	{meta.Field{Kind: Time}, `"23:59:00"`, int64(1439), `"23:59"`},
	{meta.Field{Kind: Time}, `"00:00"`, int64(0), ``},
	{meta.Field{Kind: Duration}, `5400`, int64(5400), ``},
	{meta.Field{Kind: Duration}, `0`, int64(0), ``},
	{meta.Field{Kind: Duration}, `"90"`, int64(90), `90`},
	{meta.Field{Kind: Duration}, `"1:30"`, int64(5400), `5400`},
	{meta.Field{Kind: Duration}, `"0:00:05"`, int64(5), `5`},
	{meta.Field{Kind: Duration}, `"1h 30m"`, int64(5400), `5400`},
	{meta.Field{Kind: Duration}, `"PT1H30M"`, int64(5400), `5400`},
	{meta.Field{Kind: Duration}, `"1.5 小时"`, int64(5400), `5400`},
	{meta.Field{Kind: Duration}, `"１小时３０分钟"`, int64(5400), `5400`},
	{meta.Field{Kind: Duration}, `"90 min"`, int64(5400), `5400`},
	{meta.Field{Kind: IDCard}, `" 11010519491231002x "`, "11010519491231002X", `"11010519491231002X"`},
	{meta.Field{Kind: IDCard}, `"４４０３０１ 19900101 0012"`, "440301199001010012", `"440301199001010012"`},
	{meta.Field{Kind: OrgUnits}, `["u1",{"id":"u2"},"u1"]`, value.List{"u1", "u2"}, `[{"id":"u1"},{"id":"u2"}]`},
	{meta.Field{Kind: Signature}, `["f1"]`, value.List{"f1"}, `[{"id":"f1"}]`},
	{meta.Field{Kind: Phone}, `"+86 138-1234-5678"`, "13812345678", `"13812345678"`},
	{meta.Field{Kind: Phone}, `"（010）6234 5678 转 12"`, "01062345678x12", `"01062345678x12"`},
	{meta.Field{Kind: Email}, `"Li@Example.COM"`, "li@example.com", `"li@example.com"`},
	{meta.Field{Kind: URL}, `"https://example.com/a?b=1"`, "https://example.com/a?b=1", ``},
	{meta.Field{Kind: Member}, `"01HX"`, "01HX", `{"id":"01HX"}`},
	{meta.Field{Kind: Reference, Ref: "asset"}, `{"id":"01HX","title":"Saw"}`, "01HX", `{"id":"01HX"}`},
	{meta.Field{Kind: Reference, Ref: "asset"}, `{"id":null}`, nil, `null`},
	{meta.Field{Kind: References, Ref: "asset"}, `["b",{"id":"a"},"b"]`, value.List{"b", "a"}, `[{"id":"b"},{"id":"a"}]`},
	{meta.Field{Kind: AnyRef, Refs: refs}, `{"form":"book","id":"01HX","title":"Saw"}`, "book:01HX", `{"form":"book","id":"01HX"}`},
	{meta.Field{Kind: AnyRef, Refs: refs}, `"shelf:01HX"`, "shelf:01HX", `{"form":"shelf","id":"01HX"}`},
	{meta.Field{Kind: AnyRef, Refs: refs}, `{"form":"book","id":null}`, nil, `null`},
	{meta.Field{Kind: Members}, `["a"]`, value.List{"a"}, `[{"id":"a"}]`},
	{meta.Field{Kind: OrgUnit}, `"u1"`, "u1", `{"id":"u1"}`},
	{meta.Field{Kind: Zone}, `"z1"`, "z1", `{"id":"z1"}`},
	{meta.Field{Kind: Attachment}, `[{"id":"f1"}]`, value.List{"f1"}, ``},
	{meta.Field{Kind: Attachment}, `["f2", {"id":"f1","name":"a.pdf","size":3,"type":"application/pdf"}, "f1"]`, value.List{"f2", "f1"}, `[{"id":"f2"},{"id":"f1"}]`},
	{meta.Field{Kind: Image}, `["f1"]`, value.List{"f1"}, `[{"id":"f1"}]`},
	{meta.Field{Kind: Region}, `"310115"`, "310115", ``},
	{meta.Field{Kind: Address}, `{"region":"310115","detail":" 世纪大道 1 号","postcode":""}`,
		value.Doc{"region": "310115", "detail": "世纪大道 1 号"}, `{"region":"310115","detail":"世纪大道 1 号"}`},
	{meta.Field{Kind: Formula, Compute: "1", Currency: "CNY"}, `"3.50"`, int64(350), ``},
	{meta.Field{Kind: Formula, Compute: "x", Type: "string"}, `"x"`, "x", ``},
	{meta.Field{Kind: Formula, Compute: "x", Result: Date}, `"2026-01-01"`, int64(20260101), ``},
	{meta.Field{Kind: Autonumber, Number: "A-{000}"}, `"A-001"`, "A-001", ``},
	{rowsOf, `[{"id":"r1","count":2,"price":"1.5","asset":"a1","amount":"99.00"},{}]`,
		value.List{value.Doc{"id": "r1", "count": int64(2), "price": int64(150), "asset": "a1", "amount": nil}},
		`[{"id":"r1","count":2,"price":"1.50","asset":{"id":"a1"}}]`},
}

func TestDecodeAndEncode(t *testing.T) {
	for _, c := range decodeCases {
		kind, as := valuedOf(t, &c.def)
		stored, issues := kind.Decode(as, sent(t, c.sent))
		if len(issues) > 0 || !value.Equal(stored, c.stored) {
			t.Errorf("%s %s: stored %#v, want %#v; %v", c.def.Kind, c.sent, stored, c.stored, issues)
			continue
		}
		wire := c.wire
		if wire == "" {
			wire = c.sent
		}
		have, err := json.Marshal(kind.Encode(as, stored))
		want, wantErr := json.Marshal(sent(t, wire))
		if err != nil || wantErr != nil || !bytes.Equal(have, want) {
			t.Errorf("%s %s: wire %s, want %s; %v", c.def.Kind, c.sent, have, want, err)
		}
	}
}

func TestEveryKindIsTried(t *testing.T) {
	for _, k := range Kinds() {
		if _, valued := k.(Valued); !valued {
			continue
		}
		if !slices.ContainsFunc(decodeCases, func(c decodeCase) bool { return c.def.Kind == k.Name() }) {
			t.Errorf("%s has no case", k.Name())
		}
	}
}

func TestNullIsAbsent(t *testing.T) {
	for _, c := range decodeCases {
		kind, as := valuedOf(t, &c.def)
		if v, issues := kind.Decode(as, nil); v != nil || len(issues) > 0 {
			t.Errorf("%s: null gives %v, %v", c.def.Kind, v, issues)
		}
		if wire := kind.Encode(as, nil); wire != nil {
			t.Errorf("%s: absent encodes as %v", c.def.Kind, wire)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	cases := []struct {
		def  meta.Field
		sent string
		want string // path and code
	}{
		{meta.Field{Kind: Text}, `3`, " field.type"},
		{meta.Field{Kind: Text}, `"a\u0000b"`, " field.characters"},
		{meta.Field{Kind: Text}, `"a\u200bb"`, " field.characters"},
		{meta.Field{Kind: Text}, `"a\u202eb"`, " field.characters"},
		{meta.Field{Kind: Number}, `1e10000000`, " field.number"},
		{meta.Field{Kind: Number}, `"1,5"`, " field.number"},
		{meta.Field{Kind: Number}, `"12abc"`, " field.number"},
		{meta.Field{Kind: Number}, `true`, " field.type"},
		{meta.Field{Kind: Number}, `1.5`, " field.integer"},
		{meta.Field{Kind: Number, Scale: 2}, `0.30000000000000004`, " field.scale"},
		{meta.Field{Kind: Number, Scale: 2}, `99999999999999.99`, " field.overflow"},
		{meta.Field{Kind: Rating}, `0`, " field.range"},
		{meta.Field{Kind: Rating}, `6`, " field.range"},
		{meta.Field{Kind: Rating}, `-1`, " field.range"},
		{meta.Field{Kind: Rating}, `3.5`, " field.integer"},
		{meta.Field{Kind: Rating}, `"five"`, " field.number"},
		{meta.Field{Kind: Rating, Points: 3}, `4`, " field.range"},
		{meta.Field{Kind: Boolean}, `"true"`, " field.boolean"},
		{meta.Field{Kind: Select, Options: options}, `"z"`, " field.option"},
		{meta.Field{Kind: Multiselect, Options: options}, `["a","z"]`, "/1 field.option"},
		{meta.Field{Kind: Multiselect, Options: options}, `"a"`, " field.type"},
		{meta.Field{Kind: Cascade, Options: tree}, `["saws"]`, " field.path"},
		{meta.Field{Kind: Date}, `"2026-02-31"`, " field.date"},
		{meta.Field{Kind: Date}, `"2026-2-3"`, " field.date"},
		{meta.Field{Kind: Datetime}, `"2026-03-31 09:00"`, " field.datetime"},
		{meta.Field{Kind: Markdown}, `"a\u0000b"`, " field.characters"},
		{meta.Field{Kind: RichText}, `3`, " field.type"},
		{meta.Field{Kind: DateRange}, `{"start":"2026-02-31","end":"2026-13-01"}`, "/start field.date"},
		{meta.Field{Kind: DateRange}, `{"start":"2026-02-31","end":"2026-13-01"}`, "/end field.date"},
		{meta.Field{Kind: DateRange}, `{"start":"2026-03-02","end":"2026-03-01"}`, "/end field.rangeOrder"},
		{meta.Field{Kind: DateRange}, `{"start":"2026-03-02"}`, "/end field.required"},
		{meta.Field{Kind: DateRange}, `{"end":"2026-03-02"}`, "/start field.required"},
		{meta.Field{Kind: DateRange}, `{"start":"2026-03-02","end":"2026-03-03","till":1}`, "/till json.unknownKey"},
		{meta.Field{Kind: DateRange}, `"2026-02-30"`, " field.daterange"},
		{meta.Field{Kind: DateRange}, `["2026-03-02"]`, " field.type"},
		{meta.Field{Kind: JSON}, `"{\"a\":1,\"a\":2}"`, " field.jsonDuplicate"},
		{meta.Field{Kind: JSON}, `"{\"a\":{\"b\":1},\"c\":[{\"d\":1,\"d\":2}]}"`, " field.jsonDuplicate"},
		{meta.Field{Kind: JSON}, `"[1e999999999]"`, " field.jsonNumber"},
		{meta.Field{Kind: JSON}, `{"a":1e999999999}`, " field.jsonNumber"},
		{meta.Field{Kind: JSON}, `"{\"a\":1} 2"`, " field.json"},
		{meta.Field{Kind: JSON}, `"{\"a\":1"`, " field.json"},
		{meta.Field{Kind: JSON}, `"{'a':1}"`, " field.json"},
		{meta.Field{Kind: JSON}, `7`, " field.type"},
		{meta.Field{Kind: Time}, `"24:00"`, " field.time"},
		{meta.Field{Kind: Time}, `"25:61"`, " field.time"},
		{meta.Field{Kind: Time}, `"09:30:15"`, " field.time"},
		{meta.Field{Kind: Time}, `"930"`, " field.time"},
		{meta.Field{Kind: Time}, `"-1:30"`, " field.time"},
		{meta.Field{Kind: Time}, `570`, " field.type"},
		{meta.Field{Kind: Duration}, `-1`, " field.duration"},
		{meta.Field{Kind: Duration}, `"-1:30"`, " field.duration"},
		{meta.Field{Kind: Duration}, `"1:75"`, " field.duration"},
		{meta.Field{Kind: Duration}, `1.5`, " field.duration"},
		{meta.Field{Kind: Duration}, `"2 days"`, " field.duration"},
		{meta.Field{Kind: Duration}, `"PT"`, " field.duration"},
		{meta.Field{Kind: Duration}, `"0.0001 h"`, " field.duration"},
		{meta.Field{Kind: Duration}, `1e30`, " field.durationLong"},
		{meta.Field{Kind: Duration}, `"999999999h"`, " field.durationLong"},
		{meta.Field{Kind: Duration}, `360000001`, " field.durationLong"},
		{meta.Field{Kind: IDCard}, `"110105194912310021"`, " field.idcardCheck"},
		{meta.Field{Kind: IDCard}, `"110105194902300023"`, " field.idcardBirthday"},
		{meta.Field{Kind: IDCard}, `"110105000101010010"`, " field.idcardBirthday"},
		{meta.Field{Kind: IDCard}, `"990105194912310029"`, " field.idcardRegion"},
		{meta.Field{Kind: IDCard}, `"110105491231002"`, " field.idcardOld"},
		{meta.Field{Kind: IDCard}, `"11010519491231002Y"`, " field.idcard"},
		{meta.Field{Kind: IDCard}, `"1101051949123100"`, " field.idcard"},
		{meta.Field{Kind: IDCard}, `110105194912310021`, " field.type"},
		{meta.Field{Kind: OrgUnits}, `"u1"`, " field.type"},
		{meta.Field{Kind: Phone}, `"hello"`, " field.phone"},
		{meta.Field{Kind: Phone}, `"12"`, " field.phone"},
		{meta.Field{Kind: Email}, `"a@b"`, " field.email"},
		{meta.Field{Kind: Email}, `"Li <a@b.cn>"`, " field.email"},
		{meta.Field{Kind: URL}, `"javascript:alert(1)"`, " field.url"},
		{meta.Field{Kind: URL}, `"https://user:pw@example.com"`, " field.url"},
		{meta.Field{Kind: Member}, `["a"]`, " field.type"},
		{meta.Field{Kind: Reference, Ref: "asset"}, `{"title":"Saw"}`, " field.type"},
		{meta.Field{Kind: Reference, Ref: "asset"}, `"../x"`, " field.reference"},
		{meta.Field{Kind: AnyRef, Refs: refs}, `{"form":"loan","id":"01HX"}`, " field.referenceForm"},
		{meta.Field{Kind: AnyRef, Refs: refs}, `{"form":"book","id":"../x"}`, " field.reference"},
		{meta.Field{Kind: AnyRef, Refs: refs}, `{"id":"01HX"}`, " field.type"},
		{meta.Field{Kind: AnyRef, Refs: refs}, `{"form":"book"}`, " field.type"},
		{meta.Field{Kind: AnyRef, Refs: refs}, `"01HX"`, " field.reference"},
		{meta.Field{Kind: AnyRef, Refs: refs}, `["book:01HX"]`, " field.type"},
		{meta.Field{Kind: Region}, `"999999"`, " field.region"},
		{meta.Field{Kind: Address}, `{"region":"1","city":"x"}`, "/city json.unknownKey"},
		{rowsOf, `[{"count":1},{"count":"x","cost":1}]`, "/1/cost field.unknown"},
		{rowsOf, `{"count":1}`, " field.type"},
	}
	for _, c := range cases {
		kind, as := valuedOf(t, &c.def)
		v, issues := kind.Decode(as, sent(t, c.sent))
		if v != nil || !slices.ContainsFunc(issues, func(i fault.Issue) bool { return i.Path+" "+i.Code == c.want }) {
			t.Errorf("%s %s: want %q, have %v and %#v", c.def.Kind, c.sent, c.want, issues, v)
		}
	}
}

func TestCheckRefusesForeignKeywords(t *testing.T) {
	three := 3
	cases := []struct {
		def  meta.Field
		want []string
	}{
		{meta.Field{Kind: Text, Label: label, MaxLength: &three, Search: true, Unique: true}, nil},
		{meta.Field{Kind: Text, Label: label, Scale: 2, Options: options}, []string{"/x-options meta.fieldOption", "/x-scale meta.fieldOption"}},
		{meta.Field{Kind: Text, Pattern: "("}, []string{"/pattern meta.pattern"}},
		{meta.Field{Kind: Number, Scale: 7}, []string{"/x-scale field.range"}},
		{meta.Field{Kind: Number, Minimum: "0.5"}, []string{"/x-min field.number"}},
		{meta.Field{Kind: Rating, Points: 11}, []string{"/x-points field.range"}},
		{meta.Field{Kind: Rating, Minimum: "2", Scale: 1}, []string{"/x-min meta.fieldOption", "/x-scale meta.fieldOption"}},
		{meta.Field{Kind: Currency, Currency: "XYZZY"}, []string{"/x-currency field.currency"}},
		{meta.Field{Kind: Number, Type: "boolean"}, []string{"/type meta.fieldOption"}},
		{meta.Field{Kind: Date, Minimum: "2026-02-31"}, []string{"/x-min field.date"}},
		{meta.Field{Kind: Time, Minimum: "9:00", Maximum: "24:00"}, []string{"/x-max field.time", "/x-min field.time"}},
		{meta.Field{Kind: Duration, Minimum: "-1", Maximum: "1h"}, []string{"/x-max field.duration", "/x-min field.duration"}},
		{meta.Field{Kind: IDCard, Pattern: "x"}, []string{"/pattern meta.fieldOption"}},
		{meta.Field{Kind: Signature, Accept: []string{"image/png"}}, []string{"/x-accept meta.fieldOption"}},
		{meta.Field{Kind: Select}, []string{"/x-options meta.missing"}},
		{meta.Field{Kind: Select, Options: append(slices.Clone(options), options[0])}, []string{"/x-options/3/value meta.duplicate"}},
		{meta.Field{Kind: Select, Options: tree}, []string{"/x-options/0/children meta.unknownKey"}},
		{meta.Field{Kind: Reference, OnDelete: "explode"}, []string{"/x-ref meta.missing", "/x-onDelete field.option"}},
		{meta.Field{Kind: AnyRef, OnDelete: "explode", Ref: "a"}, []string{"/x-onDelete field.option", "/x-ref meta.fieldOption", "/x-refs meta.missing"}},
		{meta.Field{Kind: Autonumber, Number: "A-{yyyy}"}, []string{"/x-number meta.pattern"}},
		{meta.Field{Kind: Autonumber, Number: "A-{hour}{000}"}, []string{"/x-number meta.pattern"}},
		{meta.Field{Kind: Formula}, []string{"/x-compute meta.missing"}},
		{meta.Field{Kind: Formula, Compute: "1", Result: Table}, []string{"/x-result meta.fieldKind"}},
		{meta.Field{Kind: Rollup, From: "line", Via: "asset", Op: "median"}, []string{"/x-of meta.missing", "/x-op field.option"}},
		{meta.Field{Kind: Table}, []string{"/properties meta.missing"}},
		{meta.Field{Kind: Table, Properties: map[value.FieldKey]meta.Field{"a": {Kind: Rollup}, "b": {Kind: Text, Unique: true}}},
			[]string{"/properties/a/x-field meta.fieldKind", "/properties/b/x-unique meta.fieldOption"}},
		{meta.Field{Kind: Mirror, Via: "asset"}, []string{"/x-of meta.missing"}},
	}
	for _, c := range cases {
		kind, _ := Of(c.def.Kind)
		var have []string
		for _, i := range kind.Check(&c.def) {
			have = append(have, i.Path+" "+i.Code)
		}
		slices.Sort(have)
		slices.Sort(c.want)
		if !slices.Equal(have, c.want) {
			t.Errorf("%s: have %q, want %q", c.def.Kind, have, c.want)
		}
	}
}

func TestAutonumber(t *testing.T) {
	const pattern = "SO-{yyyy}{MM}-{0000}"
	if have := RenderNumber(pattern, 7, 20260305); have != "SO-202603-0007" {
		t.Error(have)
	}
	if have := RenderNumber(pattern, 123456, 20260305); have != "SO-202603-123456" {
		t.Error(have)
	}
	march, again, april := NumberSequence("asset", "no", pattern, 20260305), NumberSequence("asset", "no", pattern, 20260331), NumberSequence("asset", "no", pattern, 20260401)
	if march != again || march == april {
		t.Errorf("%q %q %q", march, again, april)
	}
}

func TestTextsAndTitles(t *testing.T) {
	named := []meta.Option{{Value: "a", Label: meta.Label{"zh-CN": "甲", "en": "First"}}}
	def := meta.Field{Kind: Select, Options: named}
	kind, as := valuedOf(t, &def)
	if have := kind.(Texter).Texts(as, "a"); !slices.Equal(have, []string{"First", "甲"}) {
		t.Error(have)
	}
	if have := kind.(Titler).Title(as, "a", "en"); have != "First" {
		t.Error(have)
	}
	address, as := valuedOf(t, &meta.Field{Kind: Address})
	if have := address.(Texter).Texts(as, value.Doc{"region": "310115", "detail": "1 号"}); !slices.Equal(have, []string{"上海市 浦东新区 1 号"}) {
		t.Error(have)
	}
}
