package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/org"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// mailbox is where messages arrive, and what its service says of them.
type mailbox struct {
	mu       sync.Mutex
	got      []notify.Message
	accounts []notify.Account
	answers  []error // of the next ones, each of which has arrived all the same
}

// Check takes any settings but those that say so.
func (m *mailbox) Check(account notify.Account) error {
	if strings.Contains(string(account.Settings), "bad") || account.Secret == "" {
		return fault.Issues{{Path: "/settings", Code: "channel.settings"}}.Fault("mailbox.check", "record.invalid")
	}
	return nil
}

func (m *mailbox) Carry(_ context.Context, account notify.Account, message notify.Message) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.got, m.accounts = append(m.got, message), append(m.accounts, account)
	if len(m.answers) == 0 {
		return nil
	}
	answer := m.answers[0]
	m.answers = m.answers[1:]
	return answer
}

// seals seals so that a test can tell; it is no secret.
type seals struct{}

var sealMark = []byte("sealed ")

func (seals) Seal(plain []byte) ([]byte, error) {
	sealed := slices.Clone(plain)
	slices.Reverse(sealed)
	return append(slices.Clone(sealMark), sealed...), nil
}

func (seals) Open(sealed []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(sealed, sealMark)
	if !ok {
		return nil, fault.New(fault.Unavailable, "secret.sealed")
	}
	plain := slices.Clone(rest)
	slices.Reverse(plain)
	return plain, nil
}

// postal is a library whose people have mail, which is on; kim keeps what lib gives her, which she is told of.
func postal(t *testing.T, usual notify.Way) *world {
	t.Helper()
	w := newWorld(t)
	w.mail = &mailbox{}
	w.staff(
		org.User{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"keeper"}, Active: true, Locale: "en", Email: "kim@example.org"},
		org.User{ID: "lib", Username: "lib", Name: "Lib", Roles: []string{"librarian"}, Active: true, Locale: "en"},
		org.User{ID: "root", Username: "root", Name: "Root", Active: true, Admin: true, Locale: "zh-CN", Email: "root@example.org"},
	)
	w.Engine = w.open()
	w.channel(notify.Mail, usual)
	return w
}

func (w *world) channel(channel notify.Channel, usual notify.Way) {
	w.Helper()
	secret := "s3cret"
	_, err := w.PutChannel(w.Context(), w.actor("root"), channel, 0, engine.ChannelOrder{On: true, Usual: usual, Settings: json.RawMessage(`{}`), Secret: &secret})
	must(w, err)
}

// gives has kim told of a book that lib gives her, and plans what follows from that.
func (w *world) gives(title string) value.ID {
	w.Helper()
	id := w.make("lib", "book", map[string]any{"title": title, "keeper": "kim"}).ID
	must(w, w.Settle(w.Context()))
	must(w, w.Inform(w.Context()))
	return id
}

// arrives sends what is due, and holds what has arrived by now: to whom, and the first line.
func (w *world) arrives(want ...string) []notify.Message {
	w.Helper()
	must(w, w.RunPost(w.Context()))
	w.mail.mu.Lock()
	defer w.mail.mu.Unlock()
	var got []string
	for _, m := range w.mail.got {
		got = append(got, m.To+": "+m.Subject)
	}
	if !slices.Equal(got, want) {
		w.Errorf("arrived\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	all := w.mail.got
	w.mail.got = nil
	return all
}

func (w *world) chooses(who value.ID, c notify.Choices) {
	w.Helper()
	must(w, w.Choose(w.Context(), w.actor(who), c))
}

func TestWhatPeopleAreToldGoesOnToThem(t *testing.T) {
	w := postal(t, notify.Now)
	w.gives("Tides")
	w.arrives() // there may be more of it within the minute
	id := w.gives("Waves")
	w.pass(time.Minute)
	got := w.arrives("kim@example.org: Lib gave you 2 records: Book.")
	if len(got) == 1 && (got[0].Key == "" || got[0].Link != "https://app.test/" || !strings.HasSuffix(got[0].Text, "\n· Tides\n· Waves\n03-31 12:00")) {
		t.Errorf("%+v", got[0])
	}
	if account := w.mail.accounts[0]; account.Secret != "s3cret" {
		t.Errorf("account %+v", account)
	}
	w.pass(time.Hour)
	one := w.gives("Foam")
	w.pass(time.Minute)
	if got := w.arrives("kim@example.org: Lib gave you Foam (Book)."); len(got) == 1 && got[0].Link != "https://app.test/f/book/"+string(one) {
		t.Errorf("%+v", got[0])
	}
	// What she has read by then is no news, nor what she sees no more.
	w.gives("Read")
	must(t, w.ReadNotices(t.Context(), w.actor("kim"), nil, true))
	w.pass(time.Minute)
	w.arrives()
	w.gives("Secret")
	gone := w.gives("Secret too")
	for _, book := range []value.ID{gone, id} {
		must(t, w.Records.Delete(t.Context(), w.actor("lib"), "book", book, w.get("book", book).Version, ""))
	}
	w.pass(time.Minute)
	if got := w.arrives("kim@example.org: Lib gave you 2 records: Book."); len(got) == 1 && strings.Contains(got[0].Text, "too") {
		t.Errorf("%+v", got[0])
	}
	w.clean()
}

func TestPeopleChooseHowTheyAreTold(t *testing.T) {
	w := postal(t, notify.Now)
	given := func(title string) {
		t.Helper()
		w.gives(title)
		w.pass(time.Minute)
	}
	w.chooses("kim", notify.Choices{Ways: map[notify.Channel]map[notify.Kind]notify.Way{notify.Mail: {notify.Assigned: notify.Never}}})
	given("A")
	w.arrives()
	// Chosen after it was planned, it holds all the same.
	w.chooses("kim", notify.Choices{Ways: map[notify.Channel]map[notify.Kind]notify.Way{notify.Mail: {}}})
	w.gives("B")
	w.chooses("kim", notify.Choices{Off: []notify.Kind{notify.Assigned}})
	w.pass(time.Minute)
	w.arrives()
	w.chooses("kim", notify.Choices{Quiet: &notify.Quiet{From: "11:00", To: "13:00"}}) // it is noon in Shanghai
	given("C")
	w.arrives()
	w.chooses("kim", notify.Choices{Quiet: &notify.Quiet{From: "11:00", To: "14:00"}}) // longer, while it waits
	w.clock("2026-03-31 13:01")
	w.arrives()
	w.clock("2026-03-31 14:00")
	w.arrives("kim@example.org: Lib gave you C (Book).")
	// A channel that has no address of hers, or is off, does not trouble the other.
	w.channel(notify.WeCom, notify.Now)
	given("D")
	w.arrives("kim@example.org: Lib gave you D (Book).")
	must(t, w.PutAddresses(t.Context(), w.actor("root"), "kim", engine.Addresses{notify.WeCom: "KimW"}))
	given("E")
	must(t, w.RunPost(t.Context()))
	slices.SortFunc(w.mail.got, func(a, b notify.Message) int { return strings.Compare(a.To, b.To) })
	if got := w.arrives("KimW: Lib gave you E (Book).", "kim@example.org: Lib gave you E (Book)."); len(got) == 2 && got[0].Key == got[1].Key {
		t.Error("two messages have one key")
	}
	choices, err := w.Choices(t.Context(), w.actor("kim"))
	must(t, err)
	if got := fmt.Sprint(choices.Channels); got != "[{mail now true} {wecom now true}]" {
		t.Errorf("channels %s", got)
	}
	if choices, err = w.Choices(t.Context(), w.actor("lib")); err != nil || fmt.Sprint(choices.Channels) != "[{mail now false} {wecom now false}]" {
		t.Errorf("lib's %v, %v", choices, err)
	}
}

func TestADigestComesOnceADay(t *testing.T) {
	w := postal(t, notify.Digest)
	w.chooses("kim", notify.Choices{DigestAt: "18:00"})
	for _, title := range []string{"One", "Two", "Three"} {
		w.twice = true // the outbox hands it out once more, as after a kill
		w.gives(title)
		w.twice, w.repeat = false, nil
		w.pass(2 * time.Minute)
	}
	page, _, err := w.Notices(t.Context(), w.actor("kim"), false, "", 1)
	must(t, err)
	must(t, w.ReadNotices(t.Context(), w.actor("kim"), []string{page[0].ID}, false))
	w.clock("2026-03-31 17:59")
	w.arrives()
	w.clock("2026-03-31 18:00")
	got := w.arrives("kim@example.org: 2 notifications")
	if len(got) == 1 && (!strings.Contains(got[0].Text, "\n03-31 12:02 Lib gave you Two (Book).\n03-31 12:00 Lib gave you One (Book).") || strings.Contains(got[0].Text, "Three")) {
		t.Errorf("%s", got[0].Text)
	}
	// What was planned once more after that is not in tomorrow's.
	events, err := w.store.Take(t.Context(), "again", 500, time.Minute)
	must(t, err)
	if len(events) == 0 {
		t.Fatal("the outbox is empty")
	}
	w.repeat = events
	must(t, w.Inform(t.Context()))
	w.clock("2026-04-01 18:00")
	w.arrives()
	w.gives("Four")
	w.clock("2026-04-02 18:00")
	w.arrives("kim@example.org: Lib gave you Four (Book).")
	w.clock("2026-04-03 18:00")
	w.arrives()
}

// Killed between a service's taking a message and the note of that, it is sent once more under the same key, by which the
// service may know it; planned twice it is one.
func TestAKillSendsAMessageUnderTheSameKey(t *testing.T) {
	w := postal(t, notify.Now)
	w.twice = true
	w.gives("Tides")
	w.pass(time.Minute)
	dies := errors.New("killed")
	if err := w.openOver(dying{port{w.store, w}, dies}).RunPost(t.Context()); !errors.Is(err, dies) {
		t.Fatal(err)
	}
	got := w.arrives("kim@example.org: Lib gave you Tides (Book).", "kim@example.org: Lib gave you Tides (Book).")
	if len(got) == 2 && got[0].Key != got[1].Key {
		t.Errorf("keys %s and %s", got[0].Key, got[1].Key)
	}
	w.pass(time.Hour)
	w.arrives()
}

// dying is the store of a process that dies before anything is written.
type dying struct {
	port
	err error
}

func (d dying) Tx(context.Context, func(tx store.Tx) error) error { return d.err }

func TestWhatCouldNotBeSentIsToldAndTriedAgain(t *testing.T) {
	w := postal(t, notify.Now)
	w.chooses("root", notify.Choices{Ways: map[notify.Channel]map[notify.Kind]notify.Way{notify.Mail: {notify.PostFailed: notify.Never}}})
	w.mail.answers = []error{fault.New(fault.Invalid, "channel.recipient").With("code", 550)}
	w.gives("Tides")
	w.pass(time.Minute)
	w.arrives("kim@example.org: Lib gave you Tides (Book).")
	if got := w.told("root"); len(got) != 1 || !strings.Contains(got[0], "Messages by Mail could not be delivered") && !strings.Contains(got[0], "「邮件」") {
		t.Errorf("root was told %v", got)
	}
	failed, _, err := w.Deliveries(t.Context(), w.actor("root"), "", "", 10)
	must(t, err)
	if len(failed) != 1 || failed[0].User != "kim" || failed[0].State != "failed" || failed[0].Why.Code != "channel.recipient" || failed[0].Lane != "mail" {
		t.Fatalf("%+v", failed)
	}
	must(t, w.RetryDelivery(t.Context(), w.actor("root"), failed[0].ID))
	w.arrives("kim@example.org: Lib gave you Tides (Book).")
	sent, _, err := w.Deliveries(t.Context(), w.actor("root"), "mail", "", 10)
	must(t, err)
	if len(sent) != 1 || sent[0].State != "sent" {
		t.Errorf("%+v", sent)
	}
	if err := w.DropDelivery(t.Context(), w.actor("root"), failed[0].ID); fault.CodeOf(err) != "post.unknown" {
		t.Errorf("what was sent is forgotten: %v", err)
	}
	// A wrong account is told at the first try, while the message waits for it to be mended.
	wrong := fault.New(fault.Unavailable, "channel.credentials").With("code", 535)
	w.mail.answers = []error{wrong, wrong}
	w.pass(24 * time.Hour)
	w.gives("Waves")
	w.pass(time.Minute)
	w.arrives("kim@example.org: Lib gave you Waves (Book).")
	if got := w.told("root"); len(got) != 2 {
		t.Errorf("root was told %v", got)
	}
	w.pass(time.Minute)
	w.arrives("kim@example.org: Lib gave you Waves (Book).")
	if got := w.told("root"); len(got) != 2 {
		t.Errorf("told twice of one: %v", got)
	}
	w.pass(time.Minute)
	w.arrives("kim@example.org: Lib gave you Waves (Book).")
	for _, err := range []error{
		w.RetryDelivery(t.Context(), w.actor("kim"), failed[0].ID), w.DropDelivery(t.Context(), w.actor("kim"), failed[0].ID), w.TestChannel(t.Context(), w.actor("kim"), notify.Mail),
	} {
		if fault.CodeOf(err) != "access.admin" {
			t.Errorf("kim: %v", err)
		}
	}
}

func TestAnAccountKeepsItsSecret(t *testing.T) {
	w := postal(t, notify.Now)
	root := w.actor("root")
	put := func(version int64, settings string, secret *string) error {
		_, err := w.PutChannel(t.Context(), root, notify.Mail, version, engine.ChannelOrder{On: true, Usual: notify.Now, Settings: json.RawMessage(settings), Secret: secret})
		return err
	}
	other := "0ther"
	for _, c := range []struct {
		code string
		err  error
	}{
		{"record.invalid", put(1, `{"host": "elsewhere"}`, nil)}, // nobody sends the kept secret to another host
		{"record.invalid", put(1, `{"bad": 1}`, &other)},
		{"channel.stale", put(0, `{}`, nil)},
		{"", put(1, `{ }`, nil)},
		{"", put(2, `{"host": "elsewhere"}`, &other)},
		{"channel.stale", put(2, `{}`, &other)},
	} {
		if fault.CodeOf(c.err) != c.code {
			t.Errorf("%v, want %q", c.err, c.code)
		}
	}
	list, err := w.ChannelList(t.Context(), root)
	must(t, err)
	if len(list) != 2 || !list[0].Secret || list[0].Version != 3 || list[1].Version != 0 || strings.Contains(fmt.Sprint(list), other) {
		t.Errorf("%+v", list)
	}
	item, err := w.store.Load(t.Context(), "channelAccount", "mail")
	must(t, err)
	if strings.Contains(string(item.Body), other) {
		t.Errorf("the secret lies open: %s", item.Body)
	}
	must(t, w.TestChannel(t.Context(), root, notify.Mail))
	if got := w.arrives("root@example.org: 测试消息"); w.mail.accounts[len(w.mail.accounts)-1].Secret != other || got[0].Key == "" {
		t.Errorf("%+v", got)
	}
	if err := w.TestChannel(t.Context(), root, notify.WeCom); fault.CodeOf(err) != "channel.noAddress" {
		t.Error(err)
	}
	if err := w.TestChannel(t.Context(), root, notify.Feishu); fault.CodeOf(err) != "channel.unknown" {
		t.Error(err)
	}
	if _, err := w.ChannelList(t.Context(), w.actor("lib")); fault.CodeOf(err) != "access.admin" {
		t.Error(err)
	}
	for user, addresses := range map[value.ID]engine.Addresses{"kim": {notify.WeCom: "a|b"}, "lib": {notify.Mail: "x@y.z"}, "nobody": {}, "root": {notify.WeCom: strings.Repeat("x", 201)}} {
		if err := w.PutAddresses(t.Context(), root, user, addresses); err == nil {
			t.Errorf("%s: %v is taken", user, addresses)
		}
	}
}

// What a notice gains after it has left is told as well: by a message of its own, or in the next digest.
func TestANoticeThatGrowsAfterItLeftIsToldAgain(t *testing.T) {
	w := postal(t, notify.Now)
	w.clock("2026-03-31 12:00")
	w.gives("One")
	grow := func(title string) {
		t.Helper()
		w.clock("2026-03-31 12:00") // the same minute: the same notice
		w.gives(title)
	}
	w.clock("2026-03-31 12:02")
	w.arrives("kim@example.org: Lib gave you One (Book).")
	grow("Two")
	w.clock("2026-03-31 12:04")
	w.arrives("kim@example.org: Lib gave you 2 records: Book.")
	grow("Three")
	w.clock("2026-03-31 12:06")
	w.arrives("kim@example.org: Lib gave you 3 records: Book.")
	w.clock("2026-03-31 13:00")
	w.arrives()

	w = postal(t, notify.Digest)
	w.clock("2026-03-31 08:29")
	w.gives("One")
	w.clock("2026-03-31 08:30")
	w.arrives("kim@example.org: Lib gave you One (Book).")
	w.clock("2026-03-31 08:29")
	w.gives("Two")
	w.clock("2026-03-31 08:31")
	w.arrives()
	w.clock("2026-04-01 08:31")
	w.arrives("kim@example.org: Lib gave you 2 records: Book.")
	w.clock("2026-04-02 08:31")
	w.arrives()
}

// A channel that is off may be what it is: it can be switched off when its secret opens no more, and forgets it.
func TestAChannelIsSwitchedOffWhateverItsSecret(t *testing.T) {
	w := postal(t, notify.Now)
	root := w.actor("root")
	item, err := w.store.Load(t.Context(), "channelAccount", "mail")
	must(t, err)
	// As in a copy of the tenant, or with another key.
	body := bytes.Replace(item.Body, []byte(`"sealed":"`), []byte(`"sealed":"AAAA`), 1)
	must(t, w.store.Save(t.Context(), "channelAccount", store.Item{Key: "mail", Body: body}, item.Revision))
	w.gives("Tides")
	w.pass(time.Minute)
	w.arrives() // nobody outside is told by a copy
	if got := w.told("root"); len(got) != 1 {
		t.Errorf("root was told %v", got)
	}
	order := engine.ChannelOrder{On: true, Usual: notify.Now, Settings: json.RawMessage(`{}`)}
	if _, err := w.PutChannel(t.Context(), root, notify.Mail, 2, order); fault.CodeOf(err) != "secret.sealed" {
		t.Errorf("on: %v", err)
	}
	order.On = false
	if _, err := w.PutChannel(t.Context(), root, notify.Mail, 2, order); err != nil {
		t.Errorf("off: %v", err)
	}
	none := ""
	order.Secret = &none
	view, err := w.PutChannel(t.Context(), root, notify.Mail, 3, order)
	if err != nil || view.Secret {
		t.Errorf("%+v, %v", view, err)
	}
}

func TestNobodyIsAddressedAsEverybody(t *testing.T) {
	w := postal(t, notify.Now)
	if err := w.PutAddresses(t.Context(), w.actor("root"), "kim", engine.Addresses{notify.WeCom: "@all"}); fault.CodeOf(err) != "record.invalid" {
		t.Error(err)
	}
}

// What somebody has chosen for a channel outlasts the time in which that is off.
func TestChoicesOfAChannelThatIsOffStay(t *testing.T) {
	w := postal(t, notify.Now)
	never := map[notify.Kind]notify.Way{notify.Assigned: notify.Never}
	w.chooses("kim", notify.Choices{Ways: map[notify.Channel]map[notify.Kind]notify.Way{notify.Mail: never, notify.WeCom: never}})
	w.chooses("kim", notify.Choices{Ways: map[notify.Channel]map[notify.Kind]notify.Way{notify.WeCom: {}}})
	choices, err := w.Choices(t.Context(), w.actor("kim"))
	must(t, err)
	if choices.Ways[notify.Mail][notify.Assigned] != notify.Never || len(choices.Ways[notify.WeCom]) != 0 {
		t.Errorf("%v", choices.Ways)
	}
}
