package engine

import (
	"context"
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

// Whoever is mentioned in comments finds these in one place, whether they wanted to be told of them or not, for as long
// as they may read the record. What a comment says stands in the comment alone.

const (
	mentioned    = "mention" // user/the comment's key → keptMention, so the newest come first
	maxMentioned = 100       // of a page
	mentionWords = 240       // characters of a comment that the list of mentions shows
)

// keptMention says where a comment is, and which notice tells of it.
type keptMention struct {
	Form   value.FormKey `json:"form"`
	Record value.ID      `json:"record"`
	Notice string        `json:"notice"`
}

// Mention is a comment that mentions its reader.
type Mention struct {
	Comment string        `json:"comment"`
	By      record.Ref    `json:"by"`
	At      time.Time     `json:"at"`
	Text    string        `json:"text"` // how it begins; "" where it is shown to whoever opens the record
	Form    value.FormKey `json:"form"`
	ID      value.ID      `json:"id"`
	Title   string        `json:"title"` // of the record; "" where they do not see it whole
	// Notice is the one that tells of it, "" where they have read it or were not told.
	Notice string `json:"notice,omitempty"`
}

func mentionKey(user value.ID, comment string) string { return string(user) + "/" + comment }

// noteMentions notes whom a comment mentions, but for its writer, in place of those whom it mentioned before. tell is how
// they are told.
func noteMentions(ctx context.Context, tx store.Tx, at record.Name, id string, before []value.ID, kept keptComment, tell notify.Telling) error {
	gone := slices.DeleteFunc(slices.Clone(before), func(user value.ID) bool { return slices.Contains(kept.Mentions, user) })
	if err := dropMentions(ctx, tx, id, gone); err != nil {
		return err
	}
	for _, user := range kept.Mentions {
		if user == kept.By || slices.Contains(before, user) {
			continue
		}
		if err := saveItem(ctx, tx, mentioned, mentionKey(user, id), keptMention{at.Form, at.ID, notify.IDOf(tell)}); err != nil {
			return err
		}
	}
	return nil
}

func dropMentions(ctx context.Context, tx store.Tx, id string, people []value.ID) error {
	for _, user := range people {
		if err := tx.Drop(ctx, mentioned, mentionKey(user, id)); err != nil {
			return err
		}
	}
	return nil
}

// moveMentions says that a comment stands at another record now.
func moveMentions(ctx context.Context, tx store.Tx, to record.Name, id string, people []value.ID) error {
	for _, user := range people {
		item, err := tx.Load(ctx, mentioned, mentionKey(user, id))
		if fault.KindOf(err) == fault.NotFound {
			continue // the writer
		}
		if err != nil {
			return err
		}
		var kept keptMention
		if err := readItem(mentioned, item, &kept); err != nil {
			return err
		}
		kept.Record = to.ID
		if err := saveItem(ctx, tx, mentioned, item.Key, kept); err != nil {
			return err
		}
	}
	return nil
}

// Mentions lists the comments that mention an actor, of records that they may read, the newest first, from after the
// place that the page before has named; next is "" at the end. A page may have fewer than there are to come. Faults:
// Forbidden "access.scope", "viewing.private", Malformed "cursor.invalid".
func (e *Engine) Mentions(ctx context.Context, actor value.Actor, after string, limit int) (page []Mention, next string, err error) {
	const op = "engine.mentions"
	if err := mayReadOwn(actor); err != nil {
		return nil, "", err
	}
	if strings.ContainsAny(after, "/\x00") {
		return nil, "", fault.New(fault.Malformed, "cursor.invalid").In(op).At("/after")
	}
	prefix := mentionKey(actor.User, "")
	if after != "" {
		after = prefix + after
	}
	limit = min(limit, maxMentioned)
	items, err := e.config.Store.Scan(ctx, mentioned, prefix, after, limit+1)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	if len(items) > limit {
		items = items[:limit]
		next = strings.TrimPrefix(items[limit-1].Key, prefix)
	}
	kept := make([]keptMention, len(items))
	names := make([]record.Name, len(items))
	for n, item := range items {
		if err := readItem(mentioned, item, &kept[n]); err != nil {
			return nil, "", err
		}
		names[n] = record.Name{Form: kept[n].Form, ID: kept[n].Record}
	}
	seen, err := e.Records.Glimpses(ctx, actor, names)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	page = []Mention{}
	for n, item := range items {
		if !seen[n].Seen {
			continue
		}
		one, err := e.mentionFor(ctx, actor, strings.TrimPrefix(item.Key, prefix), kept[n], seen[n])
		if fault.KindOf(err) == fault.NotFound {
			continue // taken back meanwhile
		}
		if err != nil {
			return nil, "", fault.Wrap(op, err)
		}
		page = append(page, one)
	}
	return page, next, nil
}

func (e *Engine) mentionFor(ctx context.Context, actor value.Actor, id string, kept keptMention, seen record.Glimpse) (Mention, error) {
	said, err := loadComment(ctx, e.config.Store, record.Name{Form: kept.Form, ID: kept.Record}, id)
	if err != nil {
		return Mention{}, err
	}
	out := Mention{
		Comment: id, By: e.byOf(actor.Locale, said.By), At: said.At, Form: kept.Form, ID: kept.Record, Title: seen.Title,
	}
	if !seen.Counts {
		out.Text = openingOf(said.Text)
	}
	unread, err := e.inbox.IsUnread(ctx, actor.User, kept.Notice)
	if unread {
		out.Notice = kept.Notice
	}
	return out, err
}

// openingOf is how a text begins.
func openingOf(text string) string {
	if utf8.RuneCountInString(text) <= mentionWords {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:mentionWords-1])) + "…"
}
