package http_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
)

// outbox is a mail server that takes the messages of an account with a host, from whoever knows its password.
type outbox struct {
	mu      sync.Mutex
	got     []notify.Message
	refuses bool // what is to be carried
}

func (o *outbox) Check(account notify.Account) error {
	if !strings.Contains(string(account.Settings), "host") {
		return fault.Issues{{Path: "/settings/host", Code: "channel.host"}}.Fault("outbox.check", "record.invalid")
	}
	return nil
}

func (o *outbox) Carry(_ context.Context, account notify.Account, m notify.Message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if account.Secret != "s3cret" {
		return fault.New(fault.Unavailable, "channel.credentials").With("code", 535)
	}
	if o.refuses {
		return fault.New(fault.Invalid, "channel.refused").With("code", 410)
	}
	o.got = append(o.got, m)
	return nil
}

func TestAnAdministratorSaysHowPeopleAreTold(t *testing.T) {
	s := newSite(t)
	s.as("one", "keeper").get("/admin/channels").problem(403, "access.admin")
	s.as("one", "keeper").post("/admin/channels/mail/test", nil).problem(403, "access.admin")
	admin := s.as("one", "admin")
	list := admin.get("/admin/channels").is(200).list("channels")
	if len(list) != 1 || list[0]["channel"] != "mail" || list[0]["label"] != "邮件" && list[0]["label"] != "Mail" || list[0]["on"] != false || list[0]["version"] != 0.0 || list[0]["at"] != nil {
		t.Errorf("%v", list)
	}
	good := object{"on": true, "usual": "digest", "settings": object{"host": "mail.test"}, "secret": "wrong"}
	admin.put("/admin/channels/mail", good).problem(428, "record.versionRequired")
	first := admin.with("If-Match", `"0"`)
	first.put("/admin/channels/pigeon", good).problem(404, "channel.unknown")
	first.put("/admin/channels/mail", object{"on": true, "usual": "soon", "settings": object{"host": "x"}}).problem(422, "record.invalid", "/usual notification.way")
	first.put("/admin/channels/mail", object{"on": true, "usual": "now", "settings": object{}}).problem(422, "record.invalid", "/settings/host channel.host")
	first.put("/admin/channels/mail", object{"on": true, "usual": "now", "settings": "x"}).is(400)
	first.put("/admin/channels/mail", object{"on": true, "usual": "now", "settings": object{}, "more": 1}).is(400)
	made := first.put("/admin/channels/mail", good).is(200)
	if made.at("version") != 1.0 || made.at("hasSecret") != true || strings.Contains(string(made.raw), "wrong") {
		t.Errorf("%s", made.raw)
	}
	first.put("/admin/channels/mail", good).problem(409, "channel.stale")

	// A test goes to whoever asks for it, once it is known what they are called there.
	admin.post("/admin/channels/mail/test", nil).problem(422, "channel.noAddress")
	me := admin.get("/me").is(200).at("user", "id").(string)
	admin.change("/admin/users/"+me, object{"email": "admin@example.org"}).is(200)
	admin.post("/admin/channels/mail/test", nil).problem(503, "channel.credentials")
	good["secret"] = "s3cret"
	admin.seen(made).put("/admin/channels/mail", good).is(200)
	admin.post("/admin/channels/mail/test", nil).is(204)
	if len(s.mail.got) != 1 || s.mail.got[0].To != "admin@example.org" || s.mail.got[0].Subject == "" {
		t.Errorf("%+v", s.mail.got)
	}
	if noted := string(admin.get("/admin/audit").is(200).raw); !strings.Contains(noted, "channel.changed") || strings.Contains(noted, "s3cret") {
		t.Errorf("%s", noted)
	}

	admin.put("/admin/users/"+me+"/addresses", object{"wecom": "Admin", "pigeon": "x", "feishu": "a b"}).
		problem(422, "record.invalid", "/feishu channel.address", "/pigeon channel.unknown")
	admin.put("/admin/users/"+me+"/addresses", object{"wecom": "Admin"}).is(204)
	if got := admin.get("/admin/users/" + me + "/addresses").is(200); got.at("addresses", "wecom") != "Admin" {
		t.Errorf("%s", got.raw)
	}
	admin.get("/admin/users/nobody/addresses").problem(404, "user.unknown")
	if got := admin.get("/admin/deliveries?channel=mail").is(200).list("deliveries"); len(got) != 0 {
		t.Errorf("%v", got)
	}
	admin.get("/admin/deliveries?after=%00").problem(400, "query.parameter")
	admin.post("/admin/deliveries/none/retry", nil).problem(404, "post.unknown")
	admin.remove("/admin/deliveries/none").problem(404, "post.unknown")
	// The neighbours have theirs.
	if list := s.as("two", "admin").get("/admin/channels").is(200).list("channels"); list[0]["version"] != 0.0 {
		t.Errorf("%v", list)
	}
}
