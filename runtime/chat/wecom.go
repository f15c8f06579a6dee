package chat

import (
	"context"
	"net/url"
	"strings"
	"time"

	"tidewater/engine/notify"
)

// weCom carries messages of an app to members of a company's WeCom (developer.work.weixin.qq.com: 获取access_token 91039,
// 发送应用消息 90236, 全局错误码 90313).
type weCom struct{ line }

const weComHost = "https://qyapi.weixin.qq.com"

type weComSettings struct {
	place
	CorpID  string `json:"corpId"`
	AgentID int64  `json:"agentId"`
}

// weComAnswer is what every answer has.
type weComAnswer struct {
	Code int `json:"errcode"`
}

func (w *weCom) read(account notify.Account) (s weComSettings, err error) {
	err = strictly(account, &s, func() map[string]bool {
		return map[string]bool{"corpId": s.CorpID != "", "agentId": s.AgentID > 0, "host": s.fits()}
	})
	return s, err
}

// Check implements notify.Carrier.
func (w *weCom) Check(account notify.Account) error {
	_, err := w.read(account)
	return err
}

type weComText struct {
	To       string `json:"touser"`
	Kind     string `json:"msgtype"`
	Agent    int64  `json:"agentid"`
	Text     words  `json:"text"`
	NoRepeat int    `json:"enable_duplicate_check"`
	Within   int    `json:"duplicate_check_interval"` // seconds
}

type words struct {
	Content string `json:"content"`
}

const (
	weComLongest  = 2048 // bytes
	noRepeatAfter = 10 * time.Minute
)

// Carry implements notify.Carrier.
func (w *weCom) Carry(ctx context.Context, account notify.Account, m notify.Message) error {
	s, err := w.read(account)
	if err != nil {
		return err
	}
	if m.To == "" || strings.ContainsAny(m.To, "@|") { // "@all" is everybody, and a bar stands between several
		return stranger.fault("chat.weCom", "touser")
	}
	fetch := func(ctx context.Context) (string, time.Duration, error) {
		var got struct {
			weComAnswer
			Token string `json:"access_token"`
			Life  int    `json:"expires_in"` // seconds
		}
		query := url.Values{"corpid": {s.CorpID}, "corpsecret": {account.Secret}}
		if err := w.ask(ctx, "GET", s.or(weComHost)+"/cgi-bin/gettoken?"+query.Encode(), "", nil, &got); err != nil {
			return "", 0, err
		}
		return got.Token, time.Duration(got.Life) * time.Second, weComMeans(got.Code).fault("chat.weCom", got.Code)
	}
	say := weComText{
		To: m.To, Kind: "text", Agent: s.AgentID, Text: words{textOf(plainly(m), weComLongest)}, NoRepeat: 1, Within: int(noRepeatAfter / time.Second),
	}
	return w.send(ctx, keyOf("wecom", s.Host, s.CorpID, account.Secret), fetch, func(token string) (meaning, any, error) {
		var got struct {
			weComAnswer
			Nobody string `json:"invaliduser"`
		}
		err := w.ask(ctx, "POST", s.or(weComHost)+"/cgi-bin/message/send?access_token="+url.QueryEscape(token), "", say, &got)
		if err == nil && got.Code == 0 && got.Nobody != "" {
			return stranger, "invaliduser", nil
		}
		means := weComMeans(got.Code)
		if got.Code == weComCredential { // of a message it is the token
			means = renew
		}
		return means, got.Code, err
	})
}

const weComCredential = 40001

// weComMeans reads a global error code.
func weComMeans(code int) meaning {
	switch code {
	case 0:
		return taken
	case -1, 6000: // busy; two at once
		return wait
	case 40014, 41001, 42001: // a token that is none, is missing, is over
		return renew
	case weComCredential, 40013, 40056, 40091, 60020, 301002, 48002: // secret, company, app; address not allowed; no right
		return badSecret
	case 45009, 45011, 45033: // how often; how many at once
		return slower
	case 40003, 60111, 81013, 82001: // nobody of that id, or out of the app's sight
		return stranger
	}
	return refused
}
