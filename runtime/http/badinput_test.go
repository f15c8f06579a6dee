package http_test

import (
	"net/url"
	"strings"
	"testing"

	"tidewater/runtime/http/wire"
)

// TestBadInput sends what nobody should: each gets a problem document that says where, and writes nothing.
func TestBadInput(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	other := s.as("two", "keeper").create(map[string]any{"name": "of another tenant"}).is(201)
	deep := `{"values": {"name": ` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}}`
	cases := []struct {
		name, body string
		status     int
		code       string
		issues     []string
	}{
		{"unknown field", `{"values": {"name": "x", "colour": "red"}}`, 422, "record.invalid", []string{"/values/colour field.unknown"}},
		{"wrong type", `{"values": {"name": 5}}`, 422, "record.invalid", nil},
		{"missing required", `{"values": {"price": "1"}}`, 422, "record.invalid", []string{"/values/name field.required"}},
		{"missing required in a line", `{"values": {"name": "x", "lines": [{"quantity": 1}]}}`, 422, "record.invalid", []string{"/values/lines/0/title field.required"}},
		{"all at once", `{"values": {"price": "x", "lines": [{"quantity": 1}]}}`, 422, "record.invalid", []string{
			"/values/name field.required", "/values/price field.number", "/values/lines/0/title field.required",
		}},
		{"10,000 deep", deep, 400, "json.depth", nil},
		{"vast number", `{"values": {"name": "x", "price": 1e10000000}}`, 422, "record.invalid", nil},
		{"long number", `{"values": {"name": "x", "price": ` + strings.Repeat("9", 31) + `}}`, 400, "json.number", []string{"/values/price json.number"}},
		{"duplicate key", `{"values": {"name": "x", "name": "y"}}`, 400, "json.duplicateKey", []string{"/values/name json.duplicateKey"}},
		{"invalid UTF-8", "{\"values\": {\"name\": \"\xff\"}}", 400, "json.utf8", nil},
		{"lone surrogate", `{"values": {"name": "\ud800"}}`, 400, "json.utf8", nil},
		{"NUL", `{"values": {"name": "a\u0000b"}}`, 400, "json.nul", []string{"/values/name json.nul"}},
		{"zero width only", `{"values": {"name": "\u200b\u200b"}}`, 422, "record.invalid", nil},
		{"31 February", `{"values": {"name": "x", "bought": "2026-02-31"}}`, 422, "record.invalid", []string{"/values/bought field.date"}},
		{"another tenant's record", `{"values": {"name": "x", "part": "` + other.id() + `"}}`, 422, "record.invalid", []string{"/values/part field.reference"}},
		{"no JSON", `name=x`, 400, "json.malformed", nil},
		{"something after", `{"values": {}} {}`, 400, "json.trailing", nil},
		{"no object", `[]`, 400, "json.type", nil},
		{"unknown part", `{"values": {"name": "x"}, "force": true}`, 400, "json.unknownKey", []string{"/force json.unknownKey"}},
		{"empty", ``, 400, "json.malformed", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			keeper.post("/forms/asset/records", c.body).problem(c.status, c.code, c.issues...)
		})
	}
	s.t = t
	if list, _ := keeper.get("/forms/asset/records").is(200).at("records").([]any); len(list) != 0 {
		t.Errorf("%d records were written", len(list))
	}
}

func TestBodyOf10MBIsRefused(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	body := `{"values": {"name": "` + strings.Repeat("x", 10<<20) + `"}}`
	keeper.post("/forms/asset/records", body).problem(413, "limit.body")
	keeper.post("/forms/asset/query", `{"q": "`+strings.Repeat("x", 70<<10)+`"}`).problem(413, "limit.body")
	keeper.get("/me").is(200)
}

func TestBadQuestions(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	for n := range 3 {
		keeper.create(map[string]any{"name": strings.Repeat("x", n+1)}).is(201)
	}
	records := "/forms/asset/records"
	keeper.get(records+"?colour=red").problem(400, "query.unknownParameter")
	keeper.get(records+"?limit=x").problem(400, "query.parameter")
	keeper.get(records+"?limit=5&limit=6").problem(400, "query.parameter")
	keeper.get(records + "?limit=501").is(400)
	keeper.get("/forms/nothing/records").is(404)
	if allow := keeper.remove(records).problem(405, "http.method").header.Get("Allow"); !strings.Contains(allow, "GET") || !strings.Contains(allow, "POST") {
		t.Errorf("allowed: %q", allow)
	}
	keeper.get(records+"/nothing").problem(404, "record.notFound")
	keeper.get(records + "?filter=" + url.QueryEscape(`{"field": "colour", "op": "eq", "value": 1}`)).is(422)
	keeper.get(records + "?filter=" + url.QueryEscape(`{"field": "name"`)).is(400)
	keeper.get(records + "?sort=colour").is(422)
	keeper.with("Content-Type", "text/plain").create(map[string]any{"name": "x"}).problem(415, "http.mediaType")

	next, _ := keeper.get(records + "?limit=1&sort=name").is(200).at("next").(string)
	keeper.get(records+"?limit=1&sort=-name&after="+next).problem(400, "cursor.invalid")
	keeper.get(records+"?limit=1&sort=name&after="+next[:len(next)-2]+"AA").problem(400, "cursor.invalid")
	s.as("one", "viewer").get(records+"?limit=1&sort=name&after="+next).problem(400, "cursor.invalid")
	s.as("two", "keeper").get(records+"?limit=1&sort=name&after="+next).problem(400, "cursor.invalid")
}

func TestProblemsSpeakTheReadersLanguage(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	say := func(language string) (detail, issue string) {
		got := keeper.with("Accept-Language", language).create(map[string]any{}).problem(422, "record.invalid", "/values/name field.required")
		detail, _ = got.at("detail").(string)
		first, _ := got.at("errors").([]any)[0].(map[string]any)
		issue, _ = first["message"].(string)
		return detail, issue
	}
	enDetail, enIssue := say("en-GB, en;q=0.9")
	zhDetail, zhIssue := say("zh-CN,zh;q=0.9,en;q=0.8")
	if enIssue != "This is required." {
		t.Errorf("English: %q, %q", enDetail, enIssue)
	}
	if enDetail == zhDetail || enIssue == zhIssue || !strings.ContainsAny(zhIssue, "必填需请") {
		t.Errorf("Chinese: %q, %q", zhDetail, zhIssue)
	}
}

func TestTwoCreatesRaceForOnePhone(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	const racers = 8
	answers := make(chan int, racers)
	for range racers {
		go func() {
			answers <- keeper.create(map[string]any{"name": "x", "phone": "13800000000"}).status
		}()
	}
	made := 0
	for range racers {
		switch status := <-answers; status {
		case 201:
			made++
		case 409, 422:
		default:
			t.Errorf("status %d", status)
		}
	}
	if made != 1 {
		t.Errorf("%d records with one phone", made)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a": [1, -2.5e3, "x\u00e9\n", null, true]}`, `"\ud83d\ude00"`, `[[[`, `{"a":1,"a":2}`, "\x00", `1e5`, `-`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := wire.Parse(data); err == nil && len(data) == 0 {
			t.Error("nothing was read as something")
		}
	})
}
