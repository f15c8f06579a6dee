package chat

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
)

// dingTalk carries work notices (工作通知) of an app to members of an organisation (open.dingtalk.com: 获取企业内部应用的
// accessToken, 发送工作通知, 全局错误码). A notice that is taken is one that waits there to be delivered.
type dingTalk struct{ line }

const (
	dingTalkTokens = "https://api.dingtalk.com"
	dingTalkHost   = "https://oapi.dingtalk.com"
)

type dingTalkSettings struct {
	place
	AppKey  string `json:"appKey"`
	AgentID int64  `json:"agentId"`
}

func (d *dingTalk) read(account notify.Account) (s dingTalkSettings, err error) {
	err = strictly(account, &s, func() map[string]bool {
		return map[string]bool{"appKey": s.AppKey != "", "agentId": s.AgentID > 0, "host": s.fits()}
	})
	return s, err
}

// Check implements notify.Carrier.
func (d *dingTalk) Check(account notify.Account) error {
	_, err := d.read(account)
	return err
}

type dingTalkNotice struct {
	Agent int64        `json:"agent_id"`
	To    string       `json:"userid_list"`
	Say   dingTalkText `json:"msg"`
}

type dingTalkText struct {
	Kind string `json:"msgtype"`
	Text words  `json:"text"`
}

const dingTalkLongest = 2000 // bytes

// Carry implements notify.Carrier.
func (d *dingTalk) Carry(ctx context.Context, account notify.Account, m notify.Message) error {
	s, err := d.read(account)
	if err != nil {
		return err
	}
	fetch := func(ctx context.Context) (string, time.Duration, error) {
		var got struct {
			Token string `json:"accessToken"`
			Life  int    `json:"expireIn"` // seconds
			Code  string `json:"code"`     // of a refusal, in words
		}
		say := map[string]string{"appKey": s.AppKey, "appSecret": account.Secret}
		if err := d.ask(ctx, "POST", s.or(dingTalkTokens)+"/v1.0/oauth2/accessToken", "", say, &got); err != nil {
			return "", 0, err
		}
		if got.Token == "" {
			return "", 0, fault.New(fault.Unavailable, "channel.credentials").In("chat.dingTalk").With("code", got.Code)
		}
		return got.Token, time.Duration(got.Life) * time.Second, nil
	}
	say := dingTalkNotice{Agent: s.AgentID, To: m.To, Say: dingTalkText{"text", words{textOf(m, dingTalkLongest)}}}
	return d.send(ctx, keyOf("dingtalk", s.Host, s.AppKey, account.Secret), fetch, func(token string) (meaning, any, error) {
		var got dingTalkAnswer
		err := d.ask(ctx, "POST", s.or(dingTalkHost)+"/topapi/message/corpconversation/asyncsend_v2?access_token="+url.QueryEscape(token), "", say, &got)
		return got.means(), got.code(), err
	})
}

// dingTalkAnswer is what every answer has; code 88 leaves it to the sub-code.
type dingTalkAnswer struct {
	Code int    `json:"errcode"`
	Sub  string `json:"sub_code"`
}

const dingTalkSub = 88

func (a dingTalkAnswer) code() any {
	if a.Code == dingTalkSub {
		return a.Sub
	}
	return a.Code
}

// means reads a global error code.
func (a dingTalkAnswer) means() meaning {
	code := a.Code
	if sub, err := strconv.Atoi(a.Sub); code == dingTalkSub && err == nil {
		code = sub
	}
	const firstLimit, lastLimit = 90001, 90018 // of a server, an organisation, an app, a call
	switch {
	case code == 0:
		return taken
	case code == -1, code == 15: // busy; a service behind it
		return wait
	case code == 40014, code == 42001, code == 40001, code == 41001: // a token that is none, is over, is another's, is missing
		return renew
	case code >= firstLimit && code <= lastLimit:
		return slower
	case code == 60011, code == 60020, code == 40089, code == 40056: // no right; address not allowed; app or secret
		return badSecret
	case code == 33012, code == 60121, code == 40103: // nobody of that id
		return stranger
	}
	return refused
}
