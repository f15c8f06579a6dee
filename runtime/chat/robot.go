package chat

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
)

// robot carries messages into a group by a robot of a chat service (developer.work.weixin.qq.com: 群机器人配置说明 91770;
// open.dingtalk.com: 自定义机器人发送群消息; open.feishu.cn: 自定义机器人使用指南). The secret of its account is the robot's address as
// the service shows it, and after a space its signing key where it has one. No service knows a repeat.
type robot struct {
	line
	path  string // what its address has
	most  int    // bytes of a text
	write func(text, key string, now time.Time) (say any, query url.Values)
	means func(code int) meaning
}

// Robots returns the carrier of each service's robots.
func Robots(config Config) map[notify.Channel]notify.Carrier {
	line := line{Config: config}
	return map[notify.Channel]notify.Carrier{
		notify.WeCom:    &robot{line, "/cgi-bin/webhook/send", weComLongest, plainText, weComRobotMeans},
		notify.DingTalk: &robot{line, "/robot/send", dingTalkRobotLongest, dingTalkSigned, dingTalkRobotMeans},
		notify.Feishu:   &robot{line, "/open-apis/bot/v2/hook/", feishuLongest, feishuSigned, feishuRobotMeans},
	}
}

const dingTalkRobotLongest = 20_000 // bytes

// robotAnswer is what the services answer: WeCom and DingTalk by errcode, Feishu by code.
type robotAnswer struct {
	Number int `json:"errcode"`
	Code   int `json:"code"`
}

// read takes a robot's address apart.
func (r *robot) read(account notify.Account) (at *url.URL, key string, err error) {
	const op = "chat.robot"
	if settings := bytes.TrimSpace(account.Settings); len(settings) > 0 && string(settings) != "{}" {
		return nil, "", fault.Issues{{Path: "/settings", Code: "channel.settings"}}.Fault(op, "record.invalid")
	}
	parts := strings.Fields(account.Secret)
	if len(parts) == 1 || len(parts) == 2 {
		at, err = url.Parse(parts[0])
		if err == nil && (at.Scheme == "https" || at.Scheme == "http") && at.Host != "" && at.User == nil && at.Fragment == "" && strings.HasPrefix(at.Path, r.path) {
			return at, strings.Join(parts[1:], ""), nil
		}
	}
	return nil, "", fault.Issues{{Path: "/secret", Code: "channel.robot", Args: fault.Args{"path": r.path}}}.Fault(op, "record.invalid")
}

// Check implements notify.Carrier.
func (r *robot) Check(account notify.Account) error {
	_, _, err := r.read(account)
	return err
}

// Carry implements notify.Carrier. Whom the message is to is the group's own matter.
func (r *robot) Carry(ctx context.Context, account notify.Account, m notify.Message) error {
	at, key, err := r.read(account)
	if err != nil {
		return err
	}
	say, signed := r.write(textOf(plainly(m), r.most), key, r.Clock())
	query := at.Query()
	for name := range signed {
		query.Set(name, signed.Get(name))
	}
	at.RawQuery = query.Encode()
	var got robotAnswer
	if err := r.ask(ctx, "POST", at.String(), "", say, &got); err != nil {
		return err
	}
	code := got.Number
	if code == 0 {
		code = got.Code
	}
	return r.means(code).fault("chat.robot", code)
}

type robotText struct {
	Kind string `json:"msgtype"`
	Text words  `json:"text"`
}

func plainText(text, _ string, _ time.Time) (any, url.Values) {
	return robotText{"text", words{text}}, nil
}

// dingTalkSigned signs by the query: base64 of HMAC-SHA256 by the key, of the milliseconds, a line's end and the key.
func dingTalkSigned(text, key string, now time.Time) (any, url.Values) {
	say, _ := plainText(text, key, now)
	if key == "" {
		return say, nil
	}
	stamp := strconv.FormatInt(now.UnixMilli(), 10)
	return say, url.Values{"timestamp": {stamp}, "sign": {signature(key, stamp+"\n"+key)}}
}

type feishuRobotText struct {
	Stamp   string            `json:"timestamp,omitempty"` // seconds
	Sign    string            `json:"sign,omitempty"`
	Kind    string            `json:"msg_type"`
	Content map[string]string `json:"content"`
}

// feishuSigned signs in the body: base64 of HMAC-SHA256 of nothing, by the seconds, a line's end and the key.
func feishuSigned(text, key string, now time.Time) (any, url.Values) {
	say := feishuRobotText{Kind: "text", Content: map[string]string{"text": text}}
	if key != "" {
		say.Stamp = strconv.FormatInt(now.Unix(), 10)
		say.Sign = signature(say.Stamp+"\n"+key, "")
	}
	return say, nil
}

func signature(key, text string) string {
	sum := hmac.New(sha256.New, []byte(key))
	sum.Write([]byte(text)) // never fails, see hash.Hash
	return base64.StdEncoding.EncodeToString(sum.Sum(nil))
}

func weComRobotMeans(code int) meaning {
	switch code {
	case 0:
		return taken
	case -1:
		return wait
	case 45009: // more than twenty a minute
		return slower
	case 93000: // no robot of that key
		return badSecret
	}
	return refused
}

func dingTalkRobotMeans(code int) meaning {
	switch code {
	case 0:
		return taken
	case -1:
		return wait
	case 130101, 302033: // more than twenty a minute
		return slower
	case 300001, 300005, 310000: // no robot of that key, or it is out of the group; the signature, a keyword or the sender's address
		return badSecret
	}
	return refused
}

func feishuRobotMeans(code int) meaning {
	switch code {
	case 0:
		return taken
	case 11232: // more than a hundred a minute, or five a second
		return slower
	case 19001, 19021, 19022, 19024: // no robot of that key; the signature; the sender's address; a keyword
		return badSecret
	}
	return refused
}
