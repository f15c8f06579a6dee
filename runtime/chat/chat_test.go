package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/script"
	"tidewater/runtime/egress"
)

// services are the hosts of all services: requests are kept, and answered from a list by path.
type services struct {
	*testing.T
	carriers map[notify.Channel]notify.Carrier
	client   *egress.Client
	at       string

	mu      sync.Mutex
	now     time.Time
	asked   []string
	answers map[string][]string // by path: "status body", the last of them again and again
}

func newServices(t *testing.T) *services {
	t.Helper()
	s := &services{T: t, now: time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC), answers: map[string][]string{}}
	server := httptest.NewServer(http.HandlerFunc(s.answer))
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.at = at.Host
	s.client = egress.New(egress.Config{Internal: []string{at.Host}})
	s.carriers = Carriers(Config{Client: s, Clock: s.clock})
	return s
}

func (s *services) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Converse goes the way of all requests, to the test's own server, which is told whom it stands for.
func (s *services) Converse(ctx context.Context, out script.Outgoing) (*script.Incoming, error) {
	at, err := url.Parse(out.URL)
	if err != nil || at.Scheme != "https" {
		return nil, fmt.Errorf("%s: %w", out.URL, err)
	}
	out.Headers["X-Stands-For"] = at.Host
	at.Scheme, at.Host = "http", s.at
	out.URL = at.String()
	return s.client.Converse(ctx, out)
}

func (s *services) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.Error(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	line := r.Method + " " + r.Header.Get("X-Stands-For") + r.URL.String()
	if bearer := r.Header.Get("Authorization"); bearer != "" {
		line += " " + bearer
	}
	if len(body) > 0 {
		line += " " + string(body)
	}
	s.asked = append(s.asked, line)
	list := s.answers[r.URL.Path]
	if len(list) == 0 {
		s.Errorf("nothing is answered at %s", r.URL.Path)
		return
	}
	if len(list) > 1 {
		s.answers[r.URL.Path] = list[1:]
	}
	var status int
	rest := list[0]
	if status = 200; rest[0] != '{' {
		if _, err := fmt.Sscanf(rest, "%d", &status); err != nil {
			s.Error(err)
		}
		rest = strings.TrimPrefix(rest, fmt.Sprint(status, " "))
	}
	w.Header().Set("Retry-After", "17")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, rest)
}

// says sets what is answered at a path.
func (s *services) says(path string, answers ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[path] = answers
}

// was are the requests since the last time, each in a line.
func (s *services) was(want ...string) {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.asked, want) {
		s.Errorf("asked\n%s\nwant\n%s", strings.Join(s.asked, "\n"), strings.Join(want, "\n"))
	}
	s.asked = nil
}

func (s *services) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

var accounts = map[notify.Channel]notify.Account{
	notify.WeCom:    {Settings: json.RawMessage(`{"corpId": "ww1", "agentId": 1000002}`), Secret: "s3cret"},
	notify.DingTalk: {Settings: json.RawMessage(`{"appKey": "ding1", "agentId": 42}`), Secret: "s3cret"},
	notify.Feishu:   {Settings: json.RawMessage(`{"appId": "cli_1", "idKind": "open_id"}`), Secret: "s3cret"},
}

// places are where each service gives tokens and takes messages.
var places = map[notify.Channel][2]string{
	notify.WeCom:    {"/cgi-bin/gettoken", "/cgi-bin/message/send"},
	notify.DingTalk: {"/v1.0/oauth2/accessToken", "/topapi/message/corpconversation/asyncsend_v2"},
	notify.Feishu:   {"/open-apis/auth/v3/tenant_access_token/internal", "/open-apis/im/v1/messages"},
}

// tokens are what each service answers who asks for a token, as their documents show it.
var given = map[notify.Channel]string{
	notify.WeCom:    `{"errcode":0,"errmsg":"ok","access_token":"T%d","expires_in":7200}`,
	notify.DingTalk: `{"accessToken":"T%d","expireIn":7200}`,
	notify.Feishu:   `{"code":0,"msg":"ok","tenant_access_token":"T%d","expire":7200}`,
}

var gladly = map[notify.Channel]string{
	notify.WeCom:    `{"errcode":0,"errmsg":"ok","msgid":"xxxx"}`,
	notify.DingTalk: `{"errcode":0,"task_id":256271667526,"request_id":"4jzllmte0wau"}`,
	notify.Feishu:   `{"code":0,"msg":"success","data":{"message_id":"om_1"}}`,
}

func (s *services) ready(channel notify.Channel) {
	s.says(places[channel][0], fmt.Sprintf(given[channel], 1), fmt.Sprintf(given[channel], 2))
	s.says(places[channel][1], gladly[channel])
}

func (s *services) carry(channel notify.Channel, m notify.Message) error {
	return s.carriers[channel].Carry(s.Context(), accounts[channel], m)
}

var hello = notify.Message{Key: "n-1", To: "zhang", Subject: "不用", Text: "李把「海」交给了您。", Link: "https://app.test/f/book/1"}

// TestRequestsAreAsTheServicesDocumentThem holds each request to what was recorded of the documents' own examples.
func TestRequestsAreAsTheServicesDocumentThem(t *testing.T) {
	const words = `李把「海」交给了您。\nhttps://app.test/f/book/1`
	for channel, want := range map[notify.Channel][]string{
		notify.WeCom: {
			"GET qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=ww1&corpsecret=s3cret",
			`POST qyapi.weixin.qq.com/cgi-bin/message/send?access_token=T1 {"touser":"zhang","msgtype":"text","agentid":1000002,"text":{"content":"` + words + `"},"enable_duplicate_check":1,"duplicate_check_interval":600}`,
		},
		notify.DingTalk: {
			`POST api.dingtalk.com/v1.0/oauth2/accessToken {"appKey":"ding1","appSecret":"s3cret"}`,
			`POST oapi.dingtalk.com/topapi/message/corpconversation/asyncsend_v2?access_token=T1 {"agent_id":42,"userid_list":"zhang","msg":{"msgtype":"text","text":{"content":"` + words + `"}}}`,
		},
		notify.Feishu: {
			`POST open.feishu.cn/open-apis/auth/v3/tenant_access_token/internal {"app_id":"cli_1","app_secret":"s3cret"}`,
			`POST open.feishu.cn/open-apis/im/v1/messages?receive_id_type=open_id Bearer T1 {"receive_id":"zhang","msg_type":"text","content":"{\"text\":\"` + strings.ReplaceAll(words, `\n`, `\\n`) + `\"}","uuid":"n-1"}`,
		},
	} {
		t.Run(string(channel), func(t *testing.T) {
			s := newServices(t)
			s.ready(channel)
			if err := s.carry(channel, hello); err != nil {
				t.Fatal(err)
			}
			s.was(want...)
			// The token is asked for once while it lives, and anew before its end.
			if err := s.carry(channel, hello); err != nil {
				t.Fatal(err)
			}
			s.was(want[1])
			s.pass(2*time.Hour - time.Minute)
			if err := s.carry(channel, hello); err != nil {
				t.Fatal(err)
			}
			s.was(want[0], strings.Replace(want[1], "T1", "T2", 1))
		})
	}
}

// TestWhatAServiceSaysOfAMessage holds which codes may pass, by their kind, and which never will.
func TestWhatAServiceSaysOfAMessage(t *testing.T) {
	for channel, cases := range map[notify.Channel]map[string]string{
		notify.WeCom: {
			`{"errcode":-1,"errmsg":"system error"}`:                      "unavailable channel.busy -1",
			`{"errcode":45009,"errmsg":"reach max api daily quota"}`:      "throttled channel.limited 45009",
			`{"errcode":60020,"errmsg":"not allow to access from ip"}`:    "unavailable channel.credentials 60020",
			`{"errcode":81013,"errmsg":"user & party & tag all invalid"}`: "invalid channel.recipient 81013",
			`{"errcode":0,"errmsg":"ok","invaliduser":"zhang"}`:           "invalid channel.recipient invaliduser",
			`{"errcode":44004,"errmsg":"empty content"}`:                  "invalid channel.refused 44004",
			`429 {}`: "throttled channel.limited 429", `502 bad gateway`: "unavailable channel.busy 502", `404 <html>`: "unavailable channel.answer 404",
		},
		notify.DingTalk: {
			`{"errcode":-1,"errmsg":"系统繁忙"}`: "unavailable channel.busy -1",
			`{"errcode":88,"sub_code":"90018","sub_msg":"您的服务器调用钉钉开放平台当前接口的所有请求都被暂时禁用了"}`: "throttled channel.limited 90018",
			`{"errcode":88,"sub_code":"60011","sub_msg":"没有调用该接口的权限"}`:                    "unavailable channel.credentials 60011",
			`{"errcode":33012,"errmsg":"无效的USERID"}`:                                      "invalid channel.recipient 33012",
			`{"errcode":34011,"errmsg":"无效的消息内容"}`:                                        "invalid channel.refused 34011",
			`429 {}`: "throttled channel.limited 429", `503 {}`: "unavailable channel.busy 503",
		},
		notify.Feishu: {
			`{"code":99991400,"msg":"request trigger frequency limit"}`:       "throttled channel.limited 99991400",
			`{"code":230013,"msg":"Bot has NO availability to this user."}`:   "invalid channel.recipient 230013",
			`{"code":99991672,"msg":"Access denied. No permission."}`:         "unavailable channel.credentials 99991672",
			`{"code":230001,"msg":"Your request contains an invalid param."}`: "invalid channel.refused 230001",
			`429 {"code":99991400}`: "throttled channel.limited 429", `500 {}`: "unavailable channel.busy 500",
		},
	} {
		for answer, want := range cases {
			s := newServices(t)
			s.ready(channel)
			s.says(places[channel][1], answer)
			if got := verdictOf(s.carry(channel, hello)); got != want {
				t.Errorf("%s %s: %s, want %s", channel, answer, got, want)
			}
		}
	}
}

func verdictOf(err error) string {
	if err == nil {
		return "taken"
	}
	f, ok := err.(*fault.Error) //nolint:errorlint // it is the outermost
	if !ok {
		return "no fault: " + err.Error()
	}
	return fmt.Sprint(f.Kind, " ", f.Code, " ", f.Args["code"])
}

// A token that a service takes no more is asked for anew, once.
func TestATokenThatIsOverIsAskedForAnew(t *testing.T) {
	for channel, over := range map[notify.Channel]string{
		notify.WeCom: `{"errcode":42001,"errmsg":"access_token expired"}`, notify.DingTalk: `{"errcode":88,"sub_code":"40014"}`,
		notify.Feishu: `{"code":99991663,"msg":"Invalid access token"}`,
	} {
		s := newServices(t)
		s.ready(channel)
		s.says(places[channel][1], over, gladly[channel])
		if err := s.carry(channel, hello); err != nil || len(s.asked) != 4 || !strings.Contains(s.asked[3], "T2") {
			t.Errorf("%s: %v, asked\n%s", channel, err, strings.Join(s.asked, "\n"))
		}
		s.says(places[channel][1], over)
		if got := verdictOf(s.carry(channel, hello)); !strings.HasPrefix(got, "unavailable channel.credentials") || len(s.asked) != 7 {
			t.Errorf("%s, over and over: %s, asked\n%s", channel, got, strings.Join(s.asked, "\n"))
		}
	}
}

// What a service says of a wrong secret can be mended, and shows the secret to nobody.
func TestAWrongSecret(t *testing.T) {
	for channel, answer := range map[notify.Channel]string{
		notify.WeCom: `{"errcode":40001,"errmsg":"invalid credential"}`, notify.DingTalk: `400 {"code":"invalidClientIdOrSecret","message":"无效的clientId或者clientSecret"}`,
		notify.Feishu: `{"code":10014,"msg":"app secret invalid"}`,
	} {
		s := newServices(t)
		s.ready(channel)
		s.says(places[channel][0], answer)
		err := s.carry(channel, hello)
		if got := verdictOf(err); !strings.HasPrefix(got, "unavailable channel.credentials") || strings.Contains(err.Error(), "s3cret") || len(s.asked) != 1 {
			t.Errorf("%s: %v", channel, err)
		}
	}
	// Nor does a host that does not answer, whose address holds the secret.
	gone := Carriers(Config{Client: egress.New(egress.Config{Resolve: nowhere}), Clock: time.Now})
	if err := gone[notify.WeCom].Carry(t.Context(), accounts[notify.WeCom], hello); fault.CodeOf(err) != "egress.unreachable" || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("unreachable: %v", err)
	}
}

// A token is for the account that it was given for.
func TestAnotherSecretHasAnotherToken(t *testing.T) {
	s := newServices(t)
	s.ready(notify.WeCom)
	other := accounts[notify.WeCom]
	other.Secret = "another"
	for _, account := range []notify.Account{accounts[notify.WeCom], other, accounts[notify.WeCom]} {
		if err := s.carriers[notify.WeCom].Carry(t.Context(), account, hello); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.asked) != 5 || !strings.Contains(s.asked[2], "corpsecret=another") || !strings.Contains(s.asked[3], "T2") || !strings.Contains(s.asked[4], "T1") {
		t.Errorf("asked\n%s", strings.Join(s.asked, "\n"))
	}
}

// A company may have a service of its own, or one of another country.
func TestAServiceElsewhere(t *testing.T) {
	for channel, host := range map[notify.Channel]string{
		notify.WeCom: "https://wecom.example.com", notify.DingTalk: "https://ding.example.com:8443", notify.Feishu: "https://open.larksuite.com/",
	} {
		s := newServices(t)
		s.ready(channel)
		account := accounts[channel]
		account.Settings = json.RawMessage(strings.Replace(string(account.Settings), "{", `{"host": "`+host+`", `, 1))
		if err := s.carriers[channel].Carry(t.Context(), account, hello); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(strings.TrimPrefix(host, "https://"), "/")
		for _, line := range s.asked {
			if !strings.Contains(line, " "+name+"/") || strings.Contains(line, name+"//") {
				t.Errorf("asked %s", line)
			}
		}
		for _, bad := range []string{"wecom.example.com", "ftp://a.b", "https://a.b/c", "https://u:p@a.b", "https://a.b?x=1", "https://"} {
			account.Settings = json.RawMessage(strings.Replace(string(accounts[channel].Settings), "{", `{"host": "`+bad+`", `, 1))
			if err := s.carriers[channel].Check(account); fault.CodeOf(err) != "record.invalid" {
				t.Errorf("%s: %v", bad, err)
			}
		}
	}
}

func TestAccountsThatAreRefused(t *testing.T) {
	s := newServices(t)
	for channel, list := range map[notify.Channel][]notify.Account{
		notify.WeCom:    {{}, {Settings: json.RawMessage(`{"corpId": "ww1", "agentId": "2"}`), Secret: "x"}, {Settings: json.RawMessage(`{"corpId": "ww1", "agentId": 2, "more": 1}`), Secret: "x"}},
		notify.DingTalk: {{Settings: json.RawMessage(`{"appKey": "a", "agentId": 2}`)}, {Settings: json.RawMessage(`{"agentId": 2}`), Secret: "x"}},
		notify.Feishu:   {{Settings: json.RawMessage(`{"appId": "a", "idKind": "phone"}`), Secret: "x"}, {Settings: json.RawMessage(`[]`), Secret: "x"}},
	} {
		for _, account := range list {
			if err := s.carriers[channel].Check(account); fault.CodeOf(err) != "record.invalid" {
				t.Errorf("%s %s: %v", channel, account.Settings, err)
			}
		}
		if err := s.carriers[channel].Check(accounts[channel]); err != nil {
			t.Errorf("%s: %v", channel, err)
		}
	}
	s.was()
}

func TestLongTextsAreCutBetweenCharacters(t *testing.T) {
	m := notify.Message{Text: strings.Repeat("海", 1000), Link: "https://app.test/"}
	for most := 100; most < 110; most++ {
		got := textOf(m, most)
		if len(got) > most || len(got) < most-3 || !strings.HasSuffix(got, "海…\nhttps://app.test/") || strings.Contains(got, "\ufffd") {
			t.Errorf("%d: %d bytes, %q", most, len(got), got)
		}
	}
}

// nowhere is what knows no host.
func nowhere(context.Context, string) ([]netip.Addr, error) { return nil, errors.New("no such host") }

// Titles of records are written by strangers, too: they make no link and call nobody; and one person is one person.
func TestNobodyIsCalledByWhatIsSaid(t *testing.T) {
	odd := hello
	odd.Text = `<a href="https://bad.test">海</a><at user_id="all"></at>`
	for channel := range accounts {
		s := newServices(t)
		s.ready(channel)
		if err := s.carry(channel, odd); err != nil {
			t.Fatal(err)
		}
		if last := s.asked[len(s.asked)-1]; channel != notify.DingTalk && (strings.Contains(last, `\u003c`) || strings.Contains(last, "<") || !strings.Contains(last, "＜at")) {
			t.Errorf("%s is sent %s", channel, last)
		}
	}
	for channel := range robots {
		s := newServices(t)
		s.says(robotPath(channel), `{"errcode":0}`)
		if err := s.robot(channel).Carry(t.Context(), notify.Account{Secret: robots[channel]}, odd); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(s.asked[0], `\u003c`) {
			t.Errorf("%s is sent %s", channel, s.asked[0])
		}
	}
	s := newServices(t)
	for _, to := range []string{"@all", "a|b", ""} {
		odd.To = to
		if got := verdictOf(s.carry(notify.WeCom, odd)); got != "invalid channel.recipient touser" {
			t.Errorf("%q: %s", to, got)
		}
	}
	s.was()
}
