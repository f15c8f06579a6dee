package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Comments are what people say to each other about a record. Whoever may read a record may read and write them; they
// change nothing of it, and go when it goes for good.

const (
	comments     = "comment"     // form/record/newest first-id → keptComment
	commentsOnce = "commentOnce" // writer/key of a request → the comment's key, for a day
	maxComment   = 5000          // characters
	maxMentions  = 20
	maxComments  = 100 // of a page
	maxTalkFiles = 10  // of a comment
)

// Comment is one as its reader sees it.
type Comment struct {
	ID       string       `json:"id"`
	By       record.Ref   `json:"by"`
	At       time.Time    `json:"at"`
	Text     string       `json:"text"`
	Mentions []record.Ref `json:"mentions"`
	Files    []TalkFile   `json:"files"`
	EditedAt *time.Time   `json:"editedAt,omitempty"`
	Mine     bool         `json:"mine"`    // the reader may change it and take it back
	Removes  bool         `json:"removes"` // the reader may take away what is not theirs
}

// TalkFile is a file that goes with a comment.
type TalkFile struct {
	ID   value.ID `json:"id"`
	Name string   `json:"name"`
	Type string   `json:"type"`
	Size int64    `json:"size"` // bytes
}

type keptComment struct {
	By       value.ID   `json:"by"`
	At       time.Time  `json:"at"`
	Text     string     `json:"text"`
	Mentions []value.ID `json:"mentions,omitempty"`
	Files    []TalkFile `json:"files,omitempty"`
	EditedAt *time.Time `json:"editedAt,omitempty"`
	// Came are the records that it was said of before they were merged into others, the last one last.
	Came []value.ID `json:"came,omitempty"`
}

// Remark is what somebody says of a record, and whom they mention.
type Remark struct {
	Text     string
	Mentions []value.ID
	Files    []value.ID   // that the writer has brought and no record holds
	Once     *record.Once // nil unless the caller wants the same request answered once
}

func commentPrefix(at record.Name) string { return string(at.Form) + "/" + string(at.ID) + "/" }

// reads holds that an actor may read a record. Faults: NotFound "record.notFound", Forbidden "access.scope".
func (e *Engine) reads(ctx context.Context, actor value.Actor, at record.Name, scope string) error {
	const op = "engine.comments"
	if !actor.Grants(scope, at.Form) {
		return fault.New(fault.Forbidden, "access.scope").In(op)
	}
	if strings.Contains(string(at.ID), "/") {
		return fault.New(fault.NotFound, "record.notFound").In(op)
	}
	seen, err := e.Records.Glimpses(ctx, actor, []record.Name{at})
	if err != nil {
		return fault.Wrap(op, err)
	}
	if !seen[0].Seen {
		return fault.New(fault.NotFound, "record.notFound").In(op)
	}
	return nil
}

// Comments lists those of a record, the newest first, from after the place that the page before has named; next is "" at
// the end. Faults: NotFound "record.notFound", Forbidden "access.scope", Malformed "cursor.invalid", Throttled
// "pool.viewLimit".
func (e *Engine) Comments(ctx context.Context, actor value.Actor, at record.Name, after string, limit int) (page []Comment, next string, err error) {
	const op = "engine.comments"
	if err := e.reads(ctx, actor, at, value.ReadScope); err != nil {
		return nil, "", err
	}
	if err := e.Records.Open(ctx, actor, at); err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	if strings.ContainsAny(after, "/\x00") {
		return nil, "", fault.New(fault.Malformed, "cursor.invalid").In(op).At("/after")
	}
	prefix := commentPrefix(at)
	if after != "" {
		after = prefix + after
	}
	limit = min(limit, maxComments)
	items, err := e.config.Store.Scan(ctx, comments, prefix, after, limit+1)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	page = []Comment{}
	removes, err := e.Records.Moderates(ctx, actor, at)
	if err != nil {
		return nil, "", err
	}
	for n, item := range items {
		if n == limit {
			return page, page[n-1].ID, nil
		}
		var kept keptComment
		if err := readItem(comments, item, &kept); err != nil {
			return nil, "", err
		}
		page = append(page, e.shownComment(actor, strings.TrimPrefix(item.Key, prefix), kept, removes))
	}
	return page, "", nil
}

func (e *Engine) shownComment(actor value.Actor, id string, c keptComment, removes bool) Comment {
	mine := c.By == actor.User
	out := Comment{
		ID: id, By: e.byOf(actor.Locale, c.By), At: c.At, Text: c.Text, Mine: mine, Removes: mine || removes,
		Mentions: []record.Ref{}, Files: append([]TalkFile{}, c.Files...), EditedAt: c.EditedAt,
	}
	for _, user := range c.Mentions {
		out.Mentions = append(out.Mentions, e.byOf(actor.Locale, user))
	}
	return out
}

// Comment says something of a record, and tells those whom it mentions and who may read the record as well. Faults: as
// Comments, Invalid with issues "comment.text", "comment.mentions", Invalid "idempotency.otherBody".
func (e *Engine) Comment(ctx context.Context, actor value.Actor, at record.Name, in Remark) (Comment, error) {
	const op = "engine.comment"
	if actor.IsSystem() {
		return Comment{}, fault.New(fault.Forbidden, "access.scope").In(op)
	}
	if err := e.reads(ctx, actor, at, value.WriteScope); err != nil {
		return Comment{}, err
	}
	kept, err := e.remark(ctx, actor, in, false)
	if err != nil {
		return Comment{}, err
	}
	tell, err := e.mentioning(ctx, at, kept)
	if err != nil {
		return Comment{}, err
	}
	id := fmt.Sprintf("%019d-%s", math.MaxInt64-kept.At.UnixMilli(), e.config.NewID())
	tell.Once = "comment " + id
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		was, err := e.saidOnce(ctx, tx, actor, in.Once, id)
		if err != nil {
			return err
		}
		if was != "" {
			id = was
			kept, err = loadComment(ctx, tx, at, id)
			return err
		}
		if err := saveItem(ctx, tx, comments, commentPrefix(at)+id, kept); err != nil {
			return err
		}
		if err := claimTalk(ctx, tx, at, id, kept); err != nil {
			return err
		}
		if err := noteMentions(ctx, tx, at, id, nil, kept, tell); err != nil {
			return err
		}
		if err := tx.Emit(ctx, talked(at, kept.By, kept.At, id)); err != nil {
			return err
		}
		return e.inbox.Tell(ctx, tx, tell)
	})
	if err != nil {
		return Comment{}, fault.Wrap(op, err)
	}
	return e.shownComment(actor, id, kept, true), nil
}

// remark holds what is said; filed says that files go with it already.
func (e *Engine) remark(ctx context.Context, actor value.Actor, in Remark, filed bool) (keptComment, error) {
	kept := keptComment{By: actor.User, At: e.config.Clock().UTC(), Text: strings.TrimSpace(in.Text), Mentions: slices.Clone(in.Mentions)}
	var issues fault.Issues
	files, err := e.Records.FilesToTalk(ctx, actor, in.Files)
	if err != nil {
		return kept, err
	}
	for _, f := range files {
		kept.Files = append(kept.Files, TalkFile{f.ID, f.Name, f.Type, f.Size})
	}
	if len(in.Files) > maxTalkFiles || len(files) < len(in.Files) {
		issues.Add("/files", "comment.files", "max", maxTalkFiles)
	}
	if kept.Text == "" && len(in.Files) == 0 && !filed || utf8.RuneCountInString(kept.Text) > maxComment {
		issues.Add("/text", "comment.text", "max", maxComment)
	}
	slices.Sort(kept.Mentions)
	kept.Mentions = slices.Compact(kept.Mentions)
	unknown := func(user value.ID) bool { _, known := e.config.Org().User(user); return !known }
	if len(kept.Mentions) > maxMentions || slices.ContainsFunc(kept.Mentions, unknown) {
		issues.Add("/mentions", "comment.mentions", "max", maxMentions)
	}
	return kept, issues.Fault("engine.comment", "record.invalid")
}

// mentioning tells those who are mentioned, but not the writer, and nobody who may not read the record.
func (e *Engine) mentioning(ctx context.Context, at record.Name, kept keptComment) (notify.Telling, error) {
	tell := e.tellingOf(notify.Mentioned, at, kept)
	var err error
	tell.To, err = e.mayRead(ctx, at, kept.Mentions, kept.By)
	return tell, err
}

func (e *Engine) tellingOf(kind notify.Kind, at record.Name, kept keptComment) notify.Telling {
	return notify.Telling{
		Kind: kind, At: kept.At, By: kept.By, About: []notify.About{{Form: at.Form, ID: at.ID}}, Until: kept.At.Add(day),
		Args: fault.Args{"form": map[string]string(e.Catalog().Forms[at.Form].Def.Label)},
	}
}

// mayRead are those of some people who may read a record, each once, but for one of them.
func (e *Engine) mayRead(ctx context.Context, at record.Name, people []value.ID, but value.ID) ([]value.ID, error) {
	var out []value.ID
	for _, user := range people {
		reader, active := e.config.Org().Actor(user)
		if !active || user == but || slices.Contains(out, user) {
			continue
		}
		seen, err := e.Records.Glimpses(ctx, reader, []record.Name{at})
		if err != nil {
			return nil, fault.Wrap("engine.comment", err)
		}
		if seen[0].Seen {
			out = append(out, user)
		}
	}
	return out, nil
}

// saidOnce is the comment that a request has made before, "" for none; then it notes that it makes this one.
func (e *Engine) saidOnce(ctx context.Context, tx store.Tx, actor value.Actor, once *record.Once, id string) (string, error) {
	if once == nil {
		return "", nil
	}
	type made struct {
		ID   string `json:"id"`
		Hash []byte `json:"hash"`
	}
	key := string(actor.User) + "/" + shortHash(once.Route+" "+once.Key)
	item, err := tx.Load(ctx, commentsOnce, key)
	if fault.KindOf(err) == fault.NotFound {
		body, err := json.Marshal(made{id, once.Hash})
		if err != nil {
			return "", err
		}
		return "", tx.Save(ctx, commentsOnce, store.Item{Key: key, Body: body, Expires: e.config.Clock().Add(day)}, store.AnyRevision)
	}
	var was made
	if err == nil {
		err = readItem(commentsOnce, item, &was)
	}
	if err == nil && !slices.Equal(was.Hash, once.Hash) {
		err = fault.New(fault.Invalid, "idempotency.otherBody").In("engine.comment")
	}
	return was.ID, err
}

// loadComment reads one. Faults: NotFound "comment.unknown".
func loadComment(ctx context.Context, from store.Side, at record.Name, id string) (kept keptComment, err error) {
	item, err := from.Load(ctx, comments, commentPrefix(at)+id)
	if fault.KindOf(err) == fault.NotFound {
		return kept, fault.New(fault.NotFound, "comment.unknown")
	}
	if err != nil {
		return kept, err
	}
	return kept, readItem(comments, item, &kept)
}

// dropComments drops all that was said of a record, some in a transaction.
func (e *Engine) dropComments(ctx context.Context, at record.Name) error {
	prefix := commentPrefix(at)
	for {
		items, err := e.config.Store.Scan(ctx, comments, prefix, "", movedAtOnce)
		if err != nil || len(items) == 0 {
			return err
		}
		err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
			for _, item := range items {
				var kept keptComment
				if err := readItem(comments, item, &kept); err != nil {
					return err
				}
				if err := dropMentions(ctx, tx, strings.TrimPrefix(item.Key, prefix), kept.Mentions); err != nil {
					return err
				}
				if err := tx.Drop(ctx, comments, item.Key); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
