package chat

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
)

// feishu carries messages of an app to members of an organisation (open.feishu.cn: 自建应用获取 tenant_access_token,
// 发送消息, 通用错误码).
type feishu struct{ line }

const feishuHost = "https://open.feishu.cn"

type feishuSettings struct {
	place
	AppID string `json:"appId"`
	// IDKind is what people's ids are: one of feishuIDs; "" is user_id.
	IDKind string `json:"idKind,omitempty"`
}

var feishuIDs = []string{"user_id", "open_id", "union_id", "email"}

func (f *feishu) read(account notify.Account) (s feishuSettings, err error) {
	err = strictly(account, &s, func() map[string]bool {
		if s.IDKind == "" {
			s.IDKind = feishuIDs[0]
		}
		return map[string]bool{"appId": s.AppID != "", "idKind": slices.Contains(feishuIDs, s.IDKind), "host": s.fits()}
	})
	return s, err
}

// Check implements notify.Carrier.
func (f *feishu) Check(account notify.Account) error {
	_, err := f.read(account)
	return err
}

type feishuText struct {
	To      string `json:"receive_id"`
	Kind    string `json:"msg_type"`
	Content string `json:"content"` // JSON
	Key     string `json:"uuid"`    // a repeat of it within an hour is dropped
}

// feishuAnswer is what every answer has.
type feishuAnswer struct {
	Code int `json:"code"`
}

const feishuLongest = 20_000 // bytes

// Carry implements notify.Carrier.
func (f *feishu) Carry(ctx context.Context, account notify.Account, m notify.Message) error {
	const op = "chat.feishu"
	s, err := f.read(account)
	if err != nil {
		return err
	}
	fetch := func(ctx context.Context) (string, time.Duration, error) {
		var got struct {
			feishuAnswer
			Token string `json:"tenant_access_token"`
			Life  int    `json:"expire"` // seconds
		}
		say := map[string]string{"app_id": s.AppID, "app_secret": account.Secret}
		if err := f.ask(ctx, "POST", s.or(feishuHost)+"/open-apis/auth/v3/tenant_access_token/internal", "", say, &got); err != nil {
			return "", 0, err
		}
		return got.Token, time.Duration(got.Life) * time.Second, feishuMeans(got.Code).fault(op, got.Code)
	}
	content, err := json.Marshal(map[string]string{"text": textOf(plainly(m), feishuLongest)})
	if err != nil {
		return fault.Wrap(op, err)
	}
	say := feishuText{To: m.To, Kind: "text", Content: string(content), Key: m.Key}
	to := s.or(feishuHost) + "/open-apis/im/v1/messages?receive_id_type=" + url.QueryEscape(s.IDKind)
	return f.send(ctx, keyOf("feishu", s.Host, s.AppID, account.Secret), fetch, func(token string) (meaning, any, error) {
		var got feishuAnswer
		err := f.ask(ctx, "POST", to, token, say, &got)
		return feishuMeans(got.Code), got.Code, err
	})
}

// feishuMeans reads a general error code, or one of messages.
func feishuMeans(code int) meaning {
	switch code {
	case 0:
		return taken
	case 2200, 230049, 1551: // busy; the message is under way; an error inside
		return wait
	case 99991661, 99991663, 99991664, 99991665, 99991668: // a token that is missing, is none, is over
		return renew
	case 10003, 10012, 10014, 99991672, 99991679: // app or secret; no right
		return badSecret
	case 99991400, 11232, 11233, 11247, 230020: // how often, by app, by person
		return slower
	case 230013, 230034, 99992351, 99992360, 99992361: // nobody of that id, or out of the app's sight
		return stranger
	}
	return refused
}
