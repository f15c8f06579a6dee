package publish

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"tidewater/engine/audit"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

const (
	// maxDrafts bounds the drafts of a tenant: all of them go into one transaction when they are published.
	maxDrafts = 500
	// maxDraft bounds the content of one, in bytes.
	maxDraft = 512 << 10
)

// Change is what a draft does to the document at its path.
type Change string

const (
	Added   Change = "added"
	Changed Change = "changed"
	Removed Change = "removed"
)

// Draft is an administrator's change to one document that is not published yet. All administrators of a
// tenant work on the same drafts.
type Draft struct {
	Path    string    `json:"path"`
	Change  Change    `json:"change"`
	Tag     string    `json:"tag"`
	Behind  bool      `json:"behind"` // what is published has changed since the draft was begun
	By      value.ID  `json:"by"`
	ByName  string    `json:"byName"`
	At      time.Time `json:"at"`
	content []byte
	base    string
	// revision is the store's, to see whether the draft is still what was read.
	revision int64
}

// drafted is a draft as it lies in the store.
type drafted struct {
	Content []byte    `json:"content,omitempty"`
	Removed bool      `json:"removed,omitempty"`
	Base    string    `json:"base,omitempty"` // the hash of what was published when the draft was begun
	By      value.ID  `json:"by"`
	ByName  string    `json:"byName"`
	At      time.Time `json:"at"`
}

func draftOf(item store.Item, live manifest) (Draft, error) {
	var d drafted
	if err := json.Unmarshal(item.Body, &d); err != nil {
		return Draft{}, fault.New(fault.Internal, "store.corrupt").At(drafts + "/" + item.Key).Because(err)
	}
	out := Draft{
		Path: item.Key, Change: Changed, Behind: live[item.Key] != d.Base, By: d.By, ByName: d.ByName, At: d.At,
		content: d.Content, base: d.Base, revision: item.Revision,
	}
	switch {
	case d.Removed:
		out.Change, out.Tag = Removed, removedTag
	case live[item.Key] == "":
		out.Change = Added
	}
	if !d.Removed {
		out.Tag = tagOf(hashOf(d.Content))
	}
	return out, nil
}

// NoTag is the tag of a document that is not there, removedTag that of one that a draft takes away.
const (
	removedTag = "removed"
	NoTag      = "none"
)

// tagOf names a content in the few characters of an entity tag.
func tagOf(hash string) string {
	if hash == "" {
		return NoTag
	}
	return hash[:16]
}

// Document is what is at a path now: the draft, or what is published.
type Document struct {
	Path    string `json:"path"`
	Tag     string `json:"tag"`
	Content string `json:"content"`
	// Binary says that the content is no text and is not shown.
	Binary    bool   `json:"binary,omitempty"`
	Published bool   `json:"published"` // there is a published one
	Draft     *Draft `json:"draft,omitempty"`
}

// Drafts returns all drafts by path.
func (d *Desk) Drafts(ctx context.Context) ([]Draft, error) {
	items, err := d.service.Store.Scan(ctx, drafts, "", "", maxDrafts)
	if err != nil {
		return nil, fault.Wrap("publish.drafts", err)
	}
	live := d.service.live.Load().publication.Documents
	out := make([]Draft, len(items))
	for i, item := range items {
		if out[i], err = draftOf(item, live); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Listed is a document in the list of all.
type Listed struct {
	Path  string `json:"path"`
	Tag   string `json:"tag"`
	Draft Change `json:"draft,omitempty"` // what a draft does to it
}

// Documents lists what is published and drafted, by path.
func (d *Desk) Documents(ctx context.Context) ([]Listed, error) {
	found, err := d.Drafts(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]Listed{}
	for path, hash := range d.service.live.Load().publication.Documents {
		all[path] = Listed{Path: path, Tag: tagOf(hash)}
	}
	for _, draft := range found {
		all[draft.Path] = Listed{Path: draft.Path, Tag: draft.Tag, Draft: draft.Change}
	}
	out := make([]Listed, 0, len(all))
	for _, path := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[path])
	}
	return out, nil
}

// Read returns the document at a path. Faults: NotFound "draft.unknown", also for one that a draft takes away.
func (d *Desk) Read(ctx context.Context, path string) (*Document, error) {
	const op = "publish.read"
	draft, hash, err := d.at(ctx, path)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	out := &Document{Path: path, Draft: draft, Published: hash != ""}
	var content []byte
	switch {
	case draft != nil && draft.Change == Removed, draft == nil && hash == "":
		return nil, fault.New(fault.NotFound, "draft.unknown").In(op).At(path)
	case draft != nil:
		content, out.Tag = draft.content, draft.Tag
	default:
		content, err = d.service.content(ctx, path, hash)
		out.Tag = tagOf(hash)
	}
	if out.Binary = !utf8.Valid(content); !out.Binary {
		out.Content = string(content)
	}
	return out, fault.Wrap(op, err)
}

// at returns the draft at a path, nil for none, and the hash of what is published there.
func (d *Desk) at(ctx context.Context, path string) (*Draft, string, error) {
	if !catalog.KnownPath(path) {
		return nil, "", fault.Issues{{Path: "/path", Code: "meta.file"}}.Fault("publish.draft", "draft.invalid")
	}
	live := d.service.live.Load().publication.Documents
	item, err := d.service.Store.Load(ctx, drafts, path)
	if fault.KindOf(err) == fault.NotFound {
		return nil, live[path], nil
	}
	if err != nil {
		return nil, "", err
	}
	draft, err := draftOf(item, live)
	return &draft, live[path], err
}

// tagAt names what is at a path now.
func tagAt(draft *Draft, hash string) string {
	if draft != nil {
		return draft.Tag
	}
	return tagOf(hash)
}

// Put drafts a content for a path. tag is that of the document which the author saw, "none" where there
// was none: another one is Conflict "draft.stale". Other faults: Invalid "draft.invalid", TooLarge
// "draft.tooLarge" and "draft.tooMany".
func (d *Desk) Put(ctx context.Context, path, tag, content string) (*Draft, error) {
	if len(content) > maxDraft {
		return nil, fault.New(fault.TooLarge, "draft.tooLarge").In("publish.put").With("max", "512 KB")
	}
	return d.write(ctx, path, tag, drafted{Content: []byte(content)})
}

// Remove drafts that the document at a path is taken away. A draft of one that was never published is
// dropped, and nil returned. Faults are those of Put, and NotFound "draft.unknown".
func (d *Desk) Remove(ctx context.Context, path, tag string) (*Draft, error) {
	const op = "publish.remove"
	draft, hash, err := d.at(ctx, path)
	switch {
	case err != nil:
		return nil, fault.Wrap(op, err)
	case hash == "" && draft != nil:
		return nil, d.Discard(ctx, path, tag)
	case hash == "":
		return nil, fault.New(fault.NotFound, "draft.unknown").In(op).At(path)
	}
	return d.write(ctx, path, tag, drafted{Removed: true})
}

func (d *Desk) write(ctx context.Context, path, tag string, next drafted) (*Draft, error) {
	const op = "publish.draft"
	draft, hash, err := d.at(ctx, path)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if tagAt(draft, hash) != tag {
		return nil, fault.New(fault.Conflict, "draft.stale").In(op).At(path)
	}
	was := int64(0)
	if draft != nil {
		was = draft.revision
	} else if err := d.room(ctx); err != nil {
		return nil, err
	}
	// Whoever writes knows what is published now: the draft is no longer behind it.
	next.Base, next.By, next.ByName, next.At = hash, d.actor.Key(), d.actor.Name, d.service.Clock().UTC()
	body, err := json.Marshal(next)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	written, err := draftOf(store.Item{Key: path, Revision: was + 1, Body: body}, d.service.live.Load().publication.Documents)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	note := d.noted(audit.DraftWritten, path, tag, written.Tag)
	err = d.service.Store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Save(ctx, drafts, store.Item{Key: path, Body: body}, was); err != nil {
			return err
		}
		return note(ctx, tx)
	})
	if fault.CodeOf(err) == "store.stale" {
		return nil, fault.New(fault.Conflict, "draft.stale").In(op).At(path).Because(err)
	}
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	return &written, nil
}

// room holds that there are not too many drafts.
func (d *Desk) room(ctx context.Context) error {
	items, err := d.service.Store.Scan(ctx, drafts, "", "", maxDrafts)
	if err != nil {
		return fault.Wrap("publish.draft", err)
	}
	if len(items) >= maxDrafts {
		return fault.New(fault.TooLarge, "draft.tooMany").In("publish.draft").With("max", maxDrafts)
	}
	return nil
}

// Discard drops the draft at a path: what is published stays. Faults: Conflict "draft.stale", NotFound
// "draft.unknown" where there is no draft.
func (d *Desk) Discard(ctx context.Context, path, tag string) error {
	const op = "publish.discard"
	draft, hash, err := d.at(ctx, path)
	switch {
	case err != nil:
		return fault.Wrap(op, err)
	case draft == nil:
		return fault.New(fault.NotFound, "draft.unknown").In(op).At(path)
	case draft.Tag != tag:
		return fault.New(fault.Conflict, "draft.stale").In(op).At(path)
	}
	note := d.noted(audit.DraftDiscarded, path, tag, tagOf(hash))
	return fault.Wrap(op, d.service.Store.Tx(ctx, func(tx store.Tx) error {
		item, err := tx.Load(ctx, drafts, path)
		if err != nil || item.Revision != draft.revision {
			return fault.New(fault.Conflict, "draft.stale").At(path).Because(err)
		}
		if err := tx.Drop(ctx, drafts, path); err != nil {
			return err
		}
		return note(ctx, tx)
	}))
}

// noted is the line of the audit that a draft went from one content to another.
func (d *Desk) noted(op audit.Op, path, from, to string) func(context.Context, store.Tx) error {
	return d.line(audit.Entry{
		At: d.service.Clock().UTC(), Actor: d.actor.Key(), Op: op, Target: path,
		Changes: []audit.Change{{Part: "content", From: from, To: to}},
	})
}

// line writes an entry of the audit, the same however often its transaction runs.
func (d *Desk) line(e audit.Entry) func(context.Context, store.Tx) error {
	id := value.ID(rand.Text())
	return func(ctx context.Context, tx store.Tx) error { return audit.Write(ctx, tx, id, e) }
}

// candidate is what would be published: the published documents with the drafts upon them.
type candidate struct {
	files    catalog.Bundle
	drafts   map[string]Draft
	behind   []string // paths of drafts that are behind
	compiled *catalog.Catalog
	issues   fault.Issues // what forbids it; compiled is nil where it does not even compile
}

func (d *Desk) candidate(ctx context.Context) (*candidate, error) {
	found, err := d.Drafts(ctx)
	if err != nil {
		return nil, err
	}
	c := &candidate{drafts: map[string]Draft{}}
	if c.files, err = d.service.files(ctx, d.service.live.Load().publication.Documents); err != nil {
		return nil, err
	}
	for _, draft := range found {
		c.drafts[draft.Path] = draft
		if draft.Behind {
			c.behind = append(c.behind, draft.Path)
		}
		if draft.Change == Removed {
			delete(c.files, draft.Path)
			continue
		}
		c.files[draft.Path] = draft.content
	}
	return c, d.service.judge(ctx, c)
}

// judge compiles a candidate and notes everything that forbids publishing it.
func (s *Service) judge(ctx context.Context, c *candidate) error {
	var issues fault.Issues
	c.compiled, issues = compile(c.files)
	c.issues = issues
	for _, path := range slices.Sorted(slices.Values(c.behind)) {
		c.issues = append(c.issues, fault.Issue{File: path, Code: "draft.behind"})
	}
	if len(issues) > 0 {
		return nil
	}
	more, err := s.checkKinds(ctx, c.compiled)
	c.issues = append(c.issues, more...)
	if err != nil || s.Prove == nil {
		return err
	}
	more, err = s.Prove(ctx, c.compiled)
	c.issues = append(c.issues, more...)
	return err
}
