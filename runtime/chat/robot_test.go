package chat

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
)

// robots are each service's robot, as its address is shown, with a key where robots have one.
var robots = map[notify.Channel]string{
	notify.WeCom:    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k3y",
	notify.DingTalk: "https://oapi.dingtalk.com/robot/send?access_token=k3y SECabc",
	notify.Feishu:   "https://open.feishu.cn/open-apis/bot/v2/hook/k3y abc",
}

func (s *services) robot(channel notify.Channel) notify.Carrier {
	return Robots(Config{Client: s, Clock: s.clock})[channel]
}

func robotPath(channel notify.Channel) string {
	at := strings.Fields(robots[channel])[0]
	at = at[strings.Index(at, ".c")+1:]
	at, _, _ = strings.Cut(at[strings.IndexByte(at, '/'):], "?")
	return at
}

// The signatures were made with openssl from the services' own descriptions of them, for the same time and key.
func TestRobotsAreAskedAsTheServicesDocumentIt(t *testing.T) {
	const words = `李把「海」交给了您。\nhttps://app.test/f/book/1`
	for channel, want := range map[notify.Channel]string{
		notify.WeCom: `POST qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k3y {"msgtype":"text","text":{"content":"` + words + `"}}`,
		notify.DingTalk: `POST oapi.dingtalk.com/robot/send?access_token=k3y&sign=7gEWybYDSEvxwuH2wtrZTDd0MgIHzxknKBlH6hkuu98%3D&timestamp=1774929600000 {"msgtype":"text","text":{"content":"` +
			words + `"}}`,
		notify.Feishu: `POST open.feishu.cn/open-apis/bot/v2/hook/k3y {"timestamp":"1774929600","sign":"93wD4ACqyUKnxu5I6yDfrCy45em6dh94nIQLc0cCHF0=","msg_type":"text","content":{"text":"` +
			words + `"}}`,
	} {
		s := newServices(t)
		s.says(robotPath(channel), `{"errcode":0,"errmsg":"ok"}`)
		if err := s.robot(channel).Carry(t.Context(), notify.Account{Secret: robots[channel]}, hello); err != nil {
			t.Fatal(err)
		}
		s.was(want)
	}
}

func TestWhatAServiceSaysOfARobot(t *testing.T) {
	for channel, cases := range map[notify.Channel]map[string]string{
		notify.WeCom: {
			`{"errcode":93000,"errmsg":"invalid webhook url"}`:   "unavailable channel.credentials 93000",
			`{"errcode":45009,"errmsg":"api freq out of limit"}`: "throttled channel.limited 45009",
			`{"errcode":40008,"errmsg":"invalid message type"}`:  "invalid channel.refused 40008",
		},
		notify.DingTalk: {
			`{"errcode":310000,"errmsg":"sign not match"}`:     "unavailable channel.credentials 310000",
			`{"errcode":300005,"errmsg":"token is not exist"}`: "unavailable channel.credentials 300005",
			`{"errcode":130101,"errmsg":"send too fast"}`:      "throttled channel.limited 130101",
			`{"errcode":-1,"errmsg":"系统繁忙"}`:                   "unavailable channel.busy -1",
			`{"errcode":460101,"errmsg":"message too long"}`:   "invalid channel.refused 460101",
		},
		notify.Feishu: {
			`{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`: "unavailable channel.credentials 19021",
			`{"code":11232,"msg":"frequency limited"}`:                                                     "throttled channel.limited 11232",
			`{"code":9499,"msg":"Bad Request"}`:                                                            "invalid channel.refused 9499",
			`{"code":0,"msg":"success","StatusCode":0}`:                                                    "taken",
		},
	} {
		for answer, want := range cases {
			s := newServices(t)
			s.says(robotPath(channel), answer)
			err := s.robot(channel).Carry(t.Context(), notify.Account{Secret: robots[channel]}, hello)
			if got := verdictOf(err); got != want || strings.Contains(fmt.Sprint(err), "k3y") {
				t.Errorf("%s %s: %v, want %s", channel, answer, err, want)
			}
		}
	}
}

func TestRobotsThatAreRefused(t *testing.T) {
	s := newServices(t)
	for channel, address := range robots {
		carrier := s.robot(channel)
		if err := carrier.Check(notify.Account{Settings: json.RawMessage(`{}`), Secret: address}); err != nil {
			t.Errorf("%s: %v", channel, err)
		}
		for _, bad := range []string{"", "k3y", "https://example.com/", "ftp" + strings.TrimPrefix(address, "https"), address + " x y", strings.Replace(address, "://", "://u:p@", 1)} {
			if err := carrier.Check(notify.Account{Secret: bad}); fault.CodeOf(err) != "record.invalid" {
				t.Errorf("%s %q: %v", channel, bad, err)
			}
		}
		if err := carrier.Check(notify.Account{Settings: json.RawMessage(`{"host": "x"}`), Secret: address}); fault.CodeOf(err) != "record.invalid" {
			t.Errorf("%s with settings: %v", channel, err)
		}
	}
	s.was()
}
