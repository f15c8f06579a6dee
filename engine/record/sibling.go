package record

import (
	"context"
	"slices"
	"strings"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// What a record tells of the others of its group: how far they are and when they were last followed up and, where their
// pool opens it, what was written there.

// Sibling is another record of the same group, as its siblings know it.
type Sibling struct {
	Pool string `json:"pool"` // the key of its home pool, or of the one that it was in until it was closed
	// Stage is how far it is, as its pool shows it; nil where that shows nothing, or the reader does not see that field.
	Stage        any    `json:"stage,omitempty"`
	FollowedUpOn string `json:"followedUpOn,omitempty"` // the day of its last follow-up, yyyy-mm-dd
	Won          bool   `json:"won,omitempty"`          // it has taken the target
	Closed       bool   `json:"closed,omitempty"`       // another has
	// Said are the last follow-ups, the newest first, where its pool opens what they say.
	Said []Said `json:"said,omitempty"`
}

// Said is what a follow-up says: its title.
type Said struct {
	On   string `json:"on"` // the day, yyyy-mm-dd
	Text string `json:"text"`
}

// maxSaid is how many follow-ups are told of each sibling.
const maxSaid = 3

// siblings tells of the others of a record's group.
func (v *visit) siblings(ctx context.Context, form *catalog.Form, r *value.Record) ([]Sibling, error) {
	all, err := siblings(ctx, v.Store, form, r)
	if err != nil {
		return nil, err
	}
	out := make([]Sibling, 0, len(all))
	for _, one := range all {
		told, err := v.sibling(ctx, form, r, one)
		if err != nil {
			return nil, err
		}
		out = append(out, told)
	}
	slices.SortFunc(out, func(a, b Sibling) int { return strings.Compare(a.Pool, b.Pool) })
	return out, nil
}

// sibling tells of one of them to whoever reads a record: how far it is where they see that of the record.
func (v *visit) sibling(ctx context.Context, form *catalog.Form, read, one *value.Record) (told Sibling, err error) {
	told = Sibling{Pool: one.Values.Text(value.SysPool), Won: one.Values.At(value.SysGroupWonAt) != 0, Closed: closed(one)}
	if told.Closed {
		told.Pool = one.Values.Text(value.SysClosedIn)
	}
	if at := one.Values.At(value.SysActivityAt); at != 0 {
		told.FollowedUpOn = v.dayOf(time.UnixMilli(at))
	}
	p, known := form.Pool(told.Pool)
	if !known || p.Def.Group == nil {
		return told, nil
	}
	if key := p.Def.Group.Stage; key != "" {
		stage, there := form.Field(key)
		if there && v.decision(form).Sees(key, read) == access.Whole && one.Values[string(key)] != nil {
			told.Stage = stage.Encode(one.Values[string(key)])
		}
	}
	told.Said, err = v.said(ctx, p, one.ID)
	return told, err
}

// said is what the last follow-ups of a sibling say, where its pool opens that. It opens the rows, and no field: where no
// role of the reader's shows the title of follow-ups, or none reads any at all, nothing is told.
func (v *visit) said(ctx context.Context, p *catalog.Pool, of value.ID) ([]Said, error) {
	a := p.Activity
	if !p.Def.Group.Content || a == nil || !v.decision(a.Form).May(meta.Read) {
		return nil, nil
	}
	page, err := v.Store.List(ctx, query.List{
		Form: a.Form.Key, Filter: query.Where(a.Via, query.Eq, string(of)), Limit: maxSaid,
		Sorts: []query.Sort{{Path: query.At(a.At.Key), Desc: true}},
	})
	if err != nil {
		return nil, err
	}
	d := v.decision(a.Form)
	var out []Said
	for _, r := range page.Records {
		if !d.SeesOpened(a.Form.Title, r) || !d.SeesOpened(a.At.Key, r) {
			continue
		}
		out = append(out, Said{On: v.dayOf(a.SaidAt(r, v.Zone)), Text: a.Form.TitleOf(r.Values)})
	}
	return out, nil
}

// dayOf is the tenant's day of a time, yyyy-mm-dd.
func (v *visit) dayOf(at time.Time) string {
	return value.TimeOf(value.DayOf(at, v.Zone), time.UTC).Format(time.DateOnly)
}
