package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/notify"
	"tidewater/engine/pool"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

const (
	informConsumer = "notify"
	informBatch    = 500 // a notice that gathers much is written once for all of them
	informLease    = 30 * time.Second
)

// Inform tells people what has happened to records of theirs, from the outbox, until nothing waits. Done again
// after a kill it tells nobody twice.
func (e *Engine) Inform(ctx context.Context) error {
	if err := e.tellPauses(ctx); err != nil {
		return fault.Wrap("engine.inform", err)
	}
	for {
		done, err := e.inform(ctx)
		if err != nil || done == 0 {
			return fault.Wrap("engine.inform", err)
		}
	}
}

func (e *Engine) inform(ctx context.Context) (int, error) {
	events, err := e.config.Store.Take(ctx, informConsumer, e.informing.Next(), informLease)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	began := e.config.Clock()
	defer func() { e.informing.Took(len(events), e.config.Clock().Sub(began)) }()
	// What was taken is finished, also when the work is to end: else it would wait until its lease is over.
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), informLease)
	defer end()
	people, forms := notify.PeopleIn(e.config.Org()), e.Catalog().Forms
	rule := expr.Context{Zone: e.config.Zone, Calendar: e.calendar(), Actor: value.SystemActor("notify")}
	seqs := make([]int64, len(events))
	var tell []notify.Telling
	for n, one := range events {
		seqs[n] = one.Seq
		tell = append(tell, notify.Moves(one, forms[one.Form], people, rule, pool.Reclaim)...)
	}
	if err := e.inbox.TellInParts(ctx, tell...); err != nil {
		return 0, err
	}
	if err := errors.Join(e.tellFollowers(ctx, events, tell), e.tellTalk(ctx, events), e.moveTalk(ctx, events), e.comeAlready(ctx, events), e.plan(ctx, events), e.planHooks(ctx, events)); err != nil {
		return 0, err
	}
	return len(events), e.config.Store.Settle(ctx, informConsumer, seqs)
}

// shortJob is how long somebody looks at a job that they have begun: what ended well by then is no news.
const shortJob = 10 * time.Second

// jobEnding tells whoever asked for a job that it has ended.
func (e *Engine) jobEnding(ctx context.Context, tx store.Tx, j job.Job) error {
	if err := e.scheduleEnding(ctx, tx, j); err != nil {
		return err
	}
	if value.IsSystem(j.Asker) || j.State == job.Cancelled || j.State == job.Done && j.EndedAt.Sub(j.CreatedAt) < shortJob {
		return nil
	}
	refused := int64(0)
	for _, n := range j.Refusals {
		refused += n
	}
	return e.inbox.Tell(ctx, tx, notify.Telling{
		To: []value.ID{j.Asker}, Kind: notify.JobEnded, At: j.EndedAt, Once: "job " + string(j.ID), Until: j.EndedAt.Add(day),
		Args: fault.Args{"job": string(j.ID), "kind": j.Kind, "state": string(j.State), "done": j.Done, "refused": refused},
	})
}

// Notice is a message as its reader sees it.
type Notice struct {
	ID      string
	Kind    notify.Kind
	At      time.Time
	ReadAt  time.Time
	By      record.Ref // the zero value: nobody
	Text    string
	Records []NoticeRecord // the first of Count
	Count   int
	Job     value.ID // that it tells of; "" for none
	Import  value.ID // that it is of, and may still grow by; "" for none
}

// NoticeRecord is a record that a notice tells of.
type NoticeRecord struct {
	Form   value.FormKey
	ID     value.ID // "" where it is out of the reader's sight
	Title  string
	Leaves time.Time // zero: nothing is to come, or not for this reader's eyes
}

// Notices lists the reader's messages, the newest first, see notify.Inbox.List. Records out of the reader's
// sight by now have no id and no title. Faults: those of List, Forbidden "access.scope".
func (e *Engine) Notices(ctx context.Context, actor value.Actor, onlyUnread bool, after string, limit int) ([]Notice, string, error) {
	if err := mayReadOwn(actor); err != nil {
		return nil, "", err
	}
	page, next, err := e.inbox.List(ctx, actor.User, onlyUnread, after, limit)
	if err != nil {
		return nil, "", fault.Wrap("engine.notices", err)
	}
	out := make([]Notice, len(page))
	for n, one := range page {
		if out[n], err = e.noticeFor(ctx, actor, one); err != nil {
			return nil, "", fault.Wrap("engine.notices", err)
		}
	}
	return out, next, nil
}

// mayReadOwn holds that messages are read by their own reader, with a token for reading everything: they tell of
// records of any form.
func mayReadOwn(actor value.Actor) error {
	if err := access.InPerson(actor); err != nil {
		return err
	}
	if actor.IsSystem() || !actor.Grants(value.ReadScope, "") {
		return fault.New(fault.Forbidden, "access.scope").In("engine.notices")
	}
	return nil
}

func (e *Engine) noticeFor(ctx context.Context, actor value.Actor, n notify.Notice) (Notice, error) {
	names := make([]record.Name, len(n.About))
	for i, about := range n.About {
		names[i] = record.Name{Form: about.Form, ID: about.ID}
	}
	seen, err := e.Records.Glimpses(ctx, actor, names)
	if err != nil {
		return Notice{}, err
	}
	out := Notice{ID: n.ID, Kind: n.Kind, At: n.At, ReadAt: n.ReadAt, Count: n.Count, Records: make([]NoticeRecord, len(n.About))}
	for i, about := range n.About {
		out.Records[i] = NoticeRecord{Form: about.Form}
		if !seen[i].Seen {
			continue
		}
		out.Records[i].ID, out.Records[i].Title = about.ID, seen[i].Title
		if about.At != 0 && seen[i].Leaves {
			out.Records[i].Leaves = time.UnixMilli(about.At).UTC()
		}
	}
	if id, ok := n.Args["job"].(string); ok {
		out.Job = value.ID(id)
	}
	if id, ok := n.Args["import"].(string); ok {
		out.Import = value.ID(id)
	}
	if n.By != "" {
		out.By = e.byOf(actor.Locale, n.By)
	}
	out.Text = e.noticeText(actor.Locale, n, out)
	return out, nil
}

// byOf names who did something; the system's parts are one to people.
func (e *Engine) byOf(locale string, id value.ID) record.Ref {
	if user, ok := e.config.Org().User(id); ok {
		return record.Ref{ID: id, Title: user.Name}
	}
	return record.Ref{ID: id, Title: e.config.Texts.Text(locale, "notice.system", nil)}
}

// noticeText is the sentence of a notice, with what its reader sees.
func (e *Engine) noticeText(locale string, n notify.Notice, seen Notice) string {
	args := fault.Args{"by": seen.By.Title, "count": n.Count}
	for name, v := range n.Args {
		args[name] = v
	}
	code := "notice." + string(n.Kind)
	if n.Kind == notify.Assigned && args["import"] != nil {
		code = "notice.imported"
	}
	if slices.ContainsFunc(n.About, func(a notify.About) bool { return a.Form != n.About[0].Form }) {
		args["form"] = e.config.Texts.Label("notice.record")
	}
	state, _ := args["state"].(string)
	switch {
	case n.Kind == notify.Said:
		return saidTo(locale, args["text"], e.titleOr(locale, seen))
	case n.Kind == notify.JobEnded:
		code += "." + state
	case len(n.About) == 0:
	case n.Count > 1:
		code += ".many"
	default:
		args["title"] = e.titleOr(locale, seen)
		if n.Kind == notify.Ahead && !seen.Records[0].Leaves.IsZero() {
			args["at"] = seen.Records[0].Leaves.In(e.config.Zone).Format("2006-01-02 15:04")
			code += ".at"
			break
		}
		code += ".one"
	}
	return e.config.Texts.Text(locale, code, args)
}

// Unread counts what the reader has not read, see notify.Inbox.Unread.
func (e *Engine) Unread(ctx context.Context, actor value.Actor) (count int, exact bool, err error) {
	if err := mayReadOwn(actor); err != nil {
		return 0, false, err
	}
	return e.inbox.Unread(ctx, actor.User)
}

// ReadNotices marks messages of the reader's as read: those named, or with all everything.
func (e *Engine) ReadNotices(ctx context.Context, actor value.Actor, ids []string, all bool) error {
	if err := mayReadOwn(actor); err != nil {
		return err
	}
	if all {
		return e.inbox.ReadAll(ctx, actor.User)
	}
	return e.inbox.Read(ctx, actor.User, ids)
}

// titleOr is the title of the one record that a notice is about, or words for one that its reader does not see.
func (e *Engine) titleOr(locale string, seen Notice) string {
	if len(seen.Records) == 0 || seen.Records[0].Title == "" {
		return e.config.Texts.Text(locale, "notice.unseen", nil)
	}
	return seen.Records[0].Title
}

// saidTo is what a script says, in the reader's language or the one that there is.
func saidTo(locale string, said any, title string) string {
	text, isText := said.(string)
	texts, ok := said.(map[string]string)
	if raw, fresh := said.(map[string]any); fresh { // as the script has said it
		texts, ok = map[string]string{}, true
		for name, one := range raw {
			texts[name], _ = one.(string)
		}
	}
	if ok && !isText {
		if text, ok = texts[locale]; !ok {
			for _, other := range slices.Sorted(maps.Keys(texts)) {
				text = texts[other]
				break
			}
		}
	}
	return strings.ReplaceAll(text, "{title}", title)
}

// say puts what a script says into its readers' inboxes. Whoever is nobody here hears nothing.
func (e *Engine) say(ctx context.Context, tx store.Tx, s record.Saying) error {
	tell := notify.Telling{
		Kind: notify.Said, At: s.At, Args: fault.Args{"text": s.Message, "script": s.Script}, Once: "script " + s.Once, Until: s.At.Add(day),
	}
	var err error
	if tell.To, err = e.sayInGroups(ctx, tx, s); err != nil {
		return err
	}
	slices.Sort(tell.To)
	tell.To = slices.Compact(tell.To)
	if s.About.ID != "" {
		tell.About = []notify.About{{Form: s.About.Form, ID: s.About.ID}}
	}
	return e.inbox.Tell(ctx, tx, tell)
}
