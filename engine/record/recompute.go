package record

import (
	"context"
	"errors"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Publishing may change what is made of the values that people gave: formulas, mirrors, rollups, search
// texts, sort keys, who reaches a record. Recompute makes it anew for records on hand. That is no change
// of theirs: as where rollups and mirrors follow, nobody's edit becomes stale, and there is no line of
// history, for the publication says what was changed, by whom and when. Only what turns by it is one, see turn.go.

// Recomputed is what was done to one page of a form's records.
type Recomputed struct {
	Last    value.ID // where the page ended
	Seen    int64
	Changed int64
	Failed  []Failure // formulas that fail over a record's values; these records stay as they are
	// Sudden are the records whose owners have to be told at once that they leave soon, see catalog.Form.Sudden.
	Sudden []*value.Record
	End    bool // there are no more after Last
}

// Failure is a record with which something could not be done, and why.
type Failure struct {
	ID  value.ID
	Err error
}

var errPageFull = errors.New("the page is full")

// Recompute brings the next records of a form, by id after the one named, up to what is published now, in
// one transaction, at most 500; those in the recycle bin too. also is written with them. Faults: NotFound "form.unknown",
// Unavailable "record.busy" when others keep changing them meanwhile.
func (s *Service) Recompute(
	ctx context.Context, form value.FormKey, after value.ID, limit int, also func(tx store.Tx, page Recomputed) error,
) error {
	return again(func() error {
		v := s.visit(value.SystemActor("recompute"))
		f, err := v.form(form)
		if err != nil {
			return err
		}
		return v.recompute(ctx, f, after, limit, also)
	})
}

func (v *visit) recompute(
	ctx context.Context, form *catalog.Form, after value.ID, limit int, also func(tx store.Tx, page Recomputed) error,
) error {
	records, err := v.page(ctx, form.Key, after, limit)
	if err != nil {
		return err
	}
	page := Recomputed{Last: after, Seen: int64(len(records)), End: len(records) < limit}
	var due []*remake
	targets := targets{}
	for _, r := range records {
		page.Last = r.ID
		m := &remake{visit: v, form: form, read: r}
		if err := m.prepare(ctx, targets); err != nil {
			return err
		}
		if m.failed != nil {
			page.Failed = append(page.Failed, Failure{r.ID, m.failed})
		} else if m.counts() || m.differs() {
			due = append(due, m)
		}
	}
	return v.tx(ctx, nil, func(tx store.Tx) error {
		done := page
		for _, m := range due {
			changed, err := m.apply(ctx, tx)
			if err != nil {
				return err
			}
			if m.failed != nil {
				done.Failed = append(done.Failed, Failure{m.read.ID, m.failed})
			}
			if changed {
				done.Changed++
			}
			if changed && form.Sudden(m.read, m.next, v.now) {
				done.Sudden = append(done.Sudden, m.next)
			}
		}
		return also(tx, done)
	})
}

// page reads the next records in the order of their ids.
func (v *visit) page(ctx context.Context, form value.FormKey, after value.ID, limit int) ([]*value.Record, error) {
	records := make([]*value.Record, 0, limit)
	err := v.Store.Each(ctx, form, after, func(r *value.Record) error {
		records = append(records, r)
		if len(records) == limit {
			return errPageFull
		}
		return nil
	})
	if errors.Is(err, errPageFull) {
		err = nil
	}
	return records, err
}

// targets are records that others of a page refer to, nil for one that is not there.
type targets map[parentKey]*value.Record

// target reads a record once for a page.
func (v *visit) target(ctx context.Context, known targets, key parentKey) (*value.Record, error) {
	if r, read := known[key]; read {
		return r, nil
	}
	r, err := v.Store.Get(ctx, key.form, key.id)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	known[key] = r
	return r, nil
}

// shownBy is what a mirror shows of the record that its reference names.
func (v *visit) shownBy(ctx context.Context, known targets, form *catalog.Form, mirror *catalog.Field, r *value.Record) (value.Value, error) {
	via, ok := form.Field(mirror.Def.Via)
	id, named := r.Values[string(mirror.Def.Via)].(string)
	if !ok || !named {
		return nil, nil
	}
	target, err := v.target(ctx, known, parentKey{via.Def.Ref, value.ID(id)})
	if err != nil || target == nil {
		return nil, err
	}
	return value.Clone(target.Get(mirror.Def.Of)), nil
}

// remake is one record on its way to what is published now.
type remake struct {
	*visit
	form    *catalog.Form
	read    *value.Record
	next    *value.Record
	figures value.Doc // what follows from other records
	failed  error
}

// prepare makes the record anew, outside of the transaction.
func (m *remake) prepare(ctx context.Context, known targets) (err error) {
	if m.figures, err = m.rollups(ctx, m.form, m.read.ID); err != nil {
		return err
	}
	for _, f := range m.form.Fields {
		if f.Def.Kind != field.Mirror {
			continue
		}
		if m.figures[string(f.Key)], err = m.shownBy(ctx, known, m.form, f, m.read); err != nil {
			return err
		}
	}
	if err := m.followedUp(ctx); err != nil {
		return err
	}
	m.next, m.failed = m.remade()
	return nil
}

// followedUp is when the record's last follow-up was that counts for its pool.
func (m *remake) followedUp(ctx context.Context) error {
	pool, ok := m.form.PoolOf(m.read.Values)
	if !ok || pool.Activity == nil {
		return nil
	}
	at, err := m.lastActivity(ctx, pool.Activity, m.read.ID)
	m.figures[string(value.SysActivityAt)] = at
	return err
}

// remade is the record with everything made anew, or why that cannot be.
func (m *remake) remade() (*value.Record, error) { return m.remadeBy(m.form.Resettle) }

// remadeBy is remade with what works out the values.
func (m *remake) remadeBy(work func(value.Doc, expr.Context) fault.Issues) (*value.Record, error) {
	next := m.read.Clone()
	for name, figure := range m.figures {
		if figure == nil {
			delete(next.Values, name)
		} else {
			next.Values[name] = figure
		}
	}
	if err := work(next.Values, m.rule(m.read.Values)).Fault("record.recompute", "record.invalid"); err != nil {
		return nil, err
	}
	m.form.Custody(next, m.read, m.rule(m.read.Values))
	m.form.Derive(next, m.Zone, m.people)
	// Stores give no tokens back, but these follow from the folded text, which they do.
	if value.Equal(next.Shadow[value.ShadowText], m.read.Shadow[value.ShadowText]) {
		next.Tokens = nil
	}
	return next, nil
}

// differs tells whether there is anything to write.
func (m *remake) differs() bool {
	return !value.Equal(m.next.Values, m.read.Values) || !value.Equal(m.next.Shadow, m.read.Shadow) ||
		!slices.Equal(m.next.Principals, m.read.Principals)
}

// counts tells whether there are figures that change in the transactions of other records.
func (m *remake) counts() bool {
	return slices.ContainsFunc(m.form.FedBy, func(f catalog.Feed) bool { return f.InTransaction })
}

// apply writes the record, if it is still as it was read.
func (m *remake) apply(ctx context.Context, tx store.Tx) (changed bool, err error) {
	now, err := tx.Get(ctx, m.form.Key, m.read.ID)
	if fault.KindOf(err) == fault.NotFound {
		return false, nil // purged meanwhile: there is nothing to make anew
	}
	if err != nil {
		return false, err
	}
	if now.Version != m.read.Version || !value.Equal(now.Values, m.read.Values) {
		return false, errMoved
	}
	if m.counts() {
		if err := m.recountIn(ctx, tx); err != nil {
			return false, err
		}
		m.next, m.failed = m.remade()
	}
	if m.failed == nil && m.form.Turned(m.next.Values, m.read.Values) {
		if done, err := m.putTurned(ctx, tx, m.form, m.next, now); done || err != nil {
			return done, err
		}
		m.next, m.failed = m.remadeBy(m.form.RecomputeNow)
	}
	if m.failed != nil || !m.differs() {
		return false, nil //nolint:nilerr // a record that cannot be made anew stays, and its fault is reported by the caller
	}
	return true, tx.Put(ctx, m.next, now.Version)
}

// recountIn counts the figures that change in the transactions of other records, where none can come between.
func (m *remake) recountIn(ctx context.Context, tx store.Tx) error {
	for _, feed := range m.form.FedBy {
		if !feed.InTransaction {
			continue
		}
		sum := map[value.ID]int64{}
		q := query.List{Form: feed.Child.Key, Filter: query.Where(feed.Via, query.Eq, string(m.read.ID)), Limit: maxLimit}
		for {
			page, err := tx.List(ctx, q)
			if err != nil {
				return err
			}
			for _, child := range page.Records {
				addShare(sum, feed, child, 1)
			}
			if page.Next == nil {
				break
			}
			q.After = page.Next
		}
		m.figures[string(feed.Field.Key)] = sum[m.read.ID]
	}
	return nil
}
