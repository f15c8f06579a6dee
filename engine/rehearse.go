package engine

import (
	"context"
	"encoding/json"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/publish"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// RehearsalRequest asks what the records of a form would become by the drafts, or by documents that are only
// tried.
type RehearsalRequest struct {
	Form value.FormKey `json:"form"`
	// Documents are tried upon the drafts without being drafted, content by path.
	Documents map[string]string `json:"documents,omitempty"`
}

// RehearsalResult is what a rehearsal found, whole or as far as it has come.
type RehearsalResult struct {
	Form      value.FormKey `json:"form"`
	Published string        `json:"published"` // the versions that were compared
	Version   string        `json:"version"`
	Total     int64         `json:"total"` // records there are
	Ended     bool          `json:"ended"`
	Millis    int64         `json:"millis"` // on the clock, while it worked
	record.Rehearsed
}

const (
	// rehearseAtOnce is how many batches of records are examined while the asker waits.
	rehearseAtOnce = 4
	// rehearsals is the side collection of what jobs found, by job.
	rehearsals = "rehearsal"
	// rehearsalLife is how long that can be looked up.
	rehearsalLife = 7 * 24 * time.Hour
	maxTried      = 256 << 10 // bytes of documents that are tried
)

// Rehearse tells what would become of a form's records: few at once; many by a job, whose finding grows while
// it works (see Rehearsal). The asker needs an administrator's desk, and sees of records what their roles let
// them. Faults: those of publish.Desk.Rehearsal and record.Service.Rehearse.
func (e *Engine) Rehearse(ctx context.Context, actor value.Actor, req RehearsalRequest, once *job.Once) (*RehearsalResult, *job.Job, error) {
	const op = "engine.rehearse"
	desk, err := e.Apps.Desk(actor)
	if err != nil {
		return nil, nil, err
	}
	if before, err := e.Jobs.Before(ctx, actor, once); before != nil || err != nil {
		return nil, before, err
	}
	size := 0
	for path, content := range req.Documents {
		size += len(path) + len(content)
	}
	if size > maxTried {
		return nil, nil, fault.New(fault.TooLarge, "draft.tooLarge").In(op).At("/documents").With("max", maxTried)
	}
	r, err := desk.Rehearsal(ctx, req.Documents)
	if err != nil {
		return nil, nil, err
	}
	if err := desk.Rehearsed(ctx, r.Version); err != nil {
		return nil, nil, err
	}
	result := &RehearsalResult{Form: req.Form, Published: r.Published, Version: r.Version, Rehearsed: record.NewRehearsed()}
	// The first page tells what is wrong with the question before anything is queued.
	begun := e.config.Clock()
	last, end, err := e.Records.Rehearse(ctx, actor, req.Form, r.Next, "", e.config.batch(), &result.Rehearsed)
	if err != nil {
		return nil, nil, err
	}
	if result.Total, err = e.recordsOf(ctx, req.Form); err != nil {
		return nil, nil, err
	}
	if result.Total > int64(rehearseAtOnce*e.config.batch()) || once != nil {
		args := rehearsalArgs{RehearsalRequest: req, Published: r.Published, Version: r.Version}
		j, err := e.Jobs.Add(ctx, job.New{Kind: metadataRehearsal, Actor: actor, Args: args, Total: result.Total, Once: once})
		return nil, &j, fault.Wrap(op, err)
	}
	result.Ended, result.Millis = end, e.config.Clock().Sub(begun).Milliseconds()
	return result, nil, e.rehearseRest(ctx, actor, r, result, last)
}

// recordsOf counts a form's records, those in the recycle bin too.
func (e *Engine) recordsOf(ctx context.Context, form value.FormKey) (int64, error) {
	return recompute{e}.records(ctx, []value.FormKey{form})
}

// Rehearsal returns what a job has found so far. Faults: NotFound "job.notFound" also for somebody else's.
func (e *Engine) Rehearsal(ctx context.Context, actor value.Actor, id value.ID) (*RehearsalResult, error) {
	_, noDesk := e.Apps.Desk(actor)
	j, err := e.Jobs.Get(ctx, actor, id)
	switch {
	case noDesk != nil && (err != nil || j.Kind != valuesRehearsal):
		return nil, noDesk
	case err != nil:
		return nil, err
	case j.Kind != metadataRehearsal && j.Kind != valuesRehearsal || j.Asker != actor.Key():
		return nil, fault.New(fault.NotFound, "job.notFound").In("engine.rehearsal").With("id", string(id))
	}
	result, _, err := loadRehearsal(ctx, e.config.Store, id)
	if result == nil && err == nil {
		result = &RehearsalResult{Total: j.Total, Rehearsed: record.NewRehearsed()}
	}
	return result, err
}

type rehearsalArgs struct {
	RehearsalRequest
	// Values are those that somebody who keeps them up asks about, instead of documents.
	Values    *publish.ValuesOrder `json:"values,omitempty"`
	Published string               `json:"published"`
	Version   string               `json:"version"`
}

type rehearsalCursor struct {
	After value.ID `json:"after"`
}

// rehearsing is the work of a rehearsal over many records: of metadata, or of values that are kept up.
type rehearsing struct {
	*Engine
	name string
}

const metadataRehearsal, valuesRehearsal = "rehearsal", "valuesRehearsal"

func (w rehearsing) Name() string { return w.name }

// rehearsal compiles what is rehearsed.
func (w rehearsing) rehearsal(ctx context.Context, actor value.Actor, args rehearsalArgs) (*publish.Rehearsal, error) {
	if args.Values == nil {
		desk, err := w.Apps.Desk(actor)
		if err != nil {
			return nil, err
		}
		return desk.Rehearsal(ctx, args.Documents)
	}
	tried, err := w.Upkept(actor).Try(ctx, *args.Values)
	if err != nil {
		return nil, err
	}
	if len(tried.Issues) > 0 {
		return nil, tried.Issues.Fault("engine.rehearsal", "meta.invalid")
	}
	return &publish.Rehearsal{Published: w.Catalog().Version, Version: tried.Compiled.Version, Next: tried.Compiled}, nil
}

// Step examines the next records. What is compared must be what was asked about: a publication, or another
// draft, meanwhile ends the job.
func (w rehearsing) Step(ctx context.Context, run *job.Run) error {
	var args rehearsalArgs
	var at rehearsalCursor
	if err := run.From(&args, &at); err != nil {
		return err
	}
	if err := w.Apps.Refresh(ctx); err != nil {
		return err
	}
	r, err := w.rehearsal(ctx, run.Actor, args)
	if err != nil {
		return err
	}
	if r.Published != args.Published || r.Version != args.Version {
		return fault.New(fault.Invalid, "rehearsal.overtaken").In("engine.rehearsal")
	}
	result, revision, err := loadRehearsal(ctx, w.config.Store, run.ID)
	if err != nil {
		return err
	}
	if result == nil {
		result = &RehearsalResult{Form: args.Form, Published: args.Published, Version: args.Version, Total: run.Total, Rehearsed: record.NewRehearsed()}
	}
	before, begun := result.Examined, w.config.Clock()
	last, end, err := w.Records.Rehearse(ctx, run.Actor, args.Form, r.Next, at.After, w.config.batch(), &result.Rehearsed)
	if err != nil {
		return err
	}
	result.Ended, result.Millis = end, result.Millis+w.config.Clock().Sub(begun).Milliseconds()
	body, err := json.Marshal(result)
	if err != nil {
		return fault.Wrap("engine.rehearsal", err)
	}
	item := store.Item{Key: string(run.ID), Body: body, Expires: run.Now.Add(rehearsalLife)}
	did := job.Did{Cursor: rehearsalCursor{last}, Done: result.Examined - before, Ended: end, Result: string(run.ID)}
	return w.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Save(ctx, rehearsals, item, revision); err != nil {
			return err
		}
		return run.Advance(ctx, tx, did)
	})
}

// loadRehearsal reads what a job has found so far; nil before its first batch.
func loadRehearsal(ctx context.Context, from store.Side, id value.ID) (*RehearsalResult, int64, error) {
	item, err := from.Load(ctx, rehearsals, string(id))
	if fault.KindOf(err) == fault.NotFound {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	var out RehearsalResult
	if err := json.Unmarshal(item.Body, &out); err != nil {
		return nil, 0, fault.New(fault.Internal, "store.corrupt").At(rehearsals + "/" + string(id)).Because(err)
	}
	return &out, item.Revision, nil
}
