package publish

import (
	"context"
	"maps"
	"slices"
	"unicode/utf8"

	"tidewater/engine/fault"
)

// DocumentChange is one document that two versions have differently.
type DocumentChange struct {
	Path   string `json:"path"`
	Change Change `json:"change"`
	// From and To are the tags of the contents; "none" where there is none.
	From string `json:"from"`
	To   string `json:"to"`
	// Before and After are the contents where Diff was asked for them and they are text.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// compare lists by path what differs.
func compare(from, to manifest) []DocumentChange {
	all := maps.Clone(from)
	if all == nil {
		all = manifest{}
	}
	maps.Copy(all, to)
	out := []DocumentChange{}
	for _, path := range all.paths() {
		a, b := from[path], to[path]
		if a == b {
			continue
		}
		change := DocumentChange{Path: path, Change: Changed, From: tagOf(a), To: tagOf(b)}
		if a == "" {
			change.Change = Added
		}
		if b == "" {
			change.Change = Removed
		}
		out = append(out, change)
	}
	return out
}

// maxShown bounds the bytes of contents that one Diff shows; beyond it changes are listed without them.
const maxShown = 512 << 10

// Diff lists what changed from one publication to another, with contents as far as there is room. Number
// 0 is the drafts upon the active publication. Faults: NotFound "publish.unknownVersion".
func (d *Desk) Diff(ctx context.Context, from, to int64) ([]DocumentChange, error) {
	const op = "publish.diff"
	a, err := d.documents(ctx, from)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	b, err := d.documents(ctx, to)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	changes := compare(a.manifest, b.manifest)
	room := maxShown
	for i := range changes {
		c := &changes[i]
		before, err := d.text(ctx, a, c.Path)
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		after, err := d.text(ctx, b, c.Path)
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		if room -= len(before) + len(after); room < 0 {
			break
		}
		c.Before, c.After = before, after
	}
	return changes, nil
}

// versioned is a version's documents; drafted contents are not in the store under their hash yet.
type versioned struct {
	manifest manifest
	drafted  map[string][]byte
}

func (d *Desk) documents(ctx context.Context, number int64) (versioned, error) {
	if number != 0 {
		p, err := d.service.publication(ctx, number)
		return versioned{manifest: p.Documents}, err
	}
	found, err := d.Drafts(ctx)
	if err != nil {
		return versioned{}, err
	}
	out := versioned{manifest: manifest{}, drafted: map[string][]byte{}}
	maps.Copy(out.manifest, d.service.live.Load().publication.Documents)
	for _, draft := range found {
		if draft.Change == Removed {
			delete(out.manifest, draft.Path)
			continue
		}
		out.manifest[draft.Path], out.drafted[draft.Path] = hashOf(draft.content), draft.content
	}
	return out, nil
}

// text is a version's content at a path, "" where there is none or it is no text.
func (d *Desk) text(ctx context.Context, v versioned, path string) (string, error) {
	hash := v.manifest[path]
	if hash == "" {
		return "", nil
	}
	content, isDraft := v.drafted[path]
	if !isDraft {
		var err error
		if content, err = d.service.content(ctx, path, hash); err != nil {
			return "", err
		}
	}
	if !utf8.Valid(content) || slices.Contains(content, 0) {
		return "", nil
	}
	return string(content), nil
}
