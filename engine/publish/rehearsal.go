package publish

import (
	"context"
	"crypto/rand"
	"slices"

	"tidewater/engine/audit"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Rehearsal is two sets of metadata to be compared over the records there are.
type Rehearsal struct {
	Published string // the version that is active
	Version   string // of what is rehearsed
	Next      *catalog.Catalog
}

// Rehearsal compiles what is to be rehearsed: the published documents with the drafts upon them and, upon
// these, documents that are tried without being drafted, by path. Nothing is kept. Faults: Invalid
// "meta.invalid" with all that is wrong with it but failing tests, TooLarge "draft.tooLarge".
func (d *Desk) Rehearsal(ctx context.Context, tried map[string]string) (*Rehearsal, error) {
	const op = "publish.rehearsal"
	c, err := d.candidate(ctx)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if len(tried) > 0 {
		for path, content := range tried {
			if len(content) > maxDraft {
				return nil, fault.New(fault.TooLarge, "draft.tooLarge").In(op).At(path).With("max", maxDraft)
			}
			c.files[path] = []byte(content)
			c.behind = slices.DeleteFunc(c.behind, func(behind string) bool { return behind == path })
		}
		if err := d.service.judge(ctx, c); err != nil {
			return nil, fault.Wrap(op, err)
		}
	}
	// Whoever looks for why a test fails must be able to try what it tests.
	wrong := slices.DeleteFunc(c.issues, func(one fault.Issue) bool { return one.Code == "test.failed" })
	if len(wrong) > 0 {
		return nil, wrong.Fault(op, "meta.invalid")
	}
	return &Rehearsal{Published: d.service.Catalog().Version, Version: c.compiled.Version, Next: c.compiled}, nil
}

// Rehearsed keeps for the audit that somebody has asked of all records what other rules would make of them:
// counts tell of records that they do not see.
func (d *Desk) Rehearsed(ctx context.Context, version string) error {
	return d.service.Asked(ctx, d.actor, version)
}

// Asked is Desk.Rehearsed of anybody.
func (s *Service) Asked(ctx context.Context, actor value.Actor, version string) error {
	e, id := audit.Entry{At: s.Clock().UTC(), Actor: actor.Key(), Op: audit.Rehearsed, Target: version}, value.ID(rand.Text())
	return fault.Wrap("publish.rehearsed", s.Store.Tx(ctx, func(tx store.Tx) error { return audit.Write(ctx, tx, id, e) }))
}
