package record

import (
	"context"
	"maps"
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// titles are the texts that references show, by form and id. A record that the actor may not read,
// or whose title they do not see, has none: it shows as its id alone, unless the reference is one that names.
type titles map[value.FormKey]map[value.ID]string

// titles fetches what the references of these records show, form by form.
func (v *visit) titles(ctx context.Context, form *catalog.Form, records []*value.Record) (titles, error) {
	wanted := map[value.FormKey]map[value.ID]bool{}
	want := func(target value.FormKey, id value.ID) {
		if wanted[target] == nil {
			wanted[target] = map[value.ID]bool{}
		}
		wanted[target][id] = true
	}
	for _, r := range records {
		form.EachNamed(r.Values, func(_ *catalog.Field, target value.FormKey, id value.ID) { want(target, id) })
	}
	out := titles{}
	for target, ids := range wanted {
		found, err := v.titlesOf(ctx, target, slices.Sorted(maps.Keys(ids)))
		if err != nil {
			return nil, err
		}
		out[target] = found
	}
	return out, nil
}

// namings are titles, and which of them are told of records out of the actor's sight: these have a name and do not open.
type namings struct {
	titles
	unseen map[value.ID]bool
}

// titlesKept are titles of records as they are kept: with those that references keep telling (x-named) of what is out of
// the actor's sight. Of what is only being typed nothing is told so: a reference may name anything then.
func (v *visit) titlesKept(ctx context.Context, form *catalog.Form, records []*value.Record) (namings, error) {
	known, err := v.titles(ctx, form, records)
	out := namings{titles: known, unseen: map[value.ID]bool{}}
	if err != nil {
		return out, err
	}
	untold := v.keptNames(form, records, known)
	for target, ids := range untold {
		at, ok := v.catalog.Forms[target]
		if !ok || v.decision(at).SeesNowhere(at.Title) {
			continue // by roles, and not by where the record is now
		}
		for chunk := range slices.Chunk(slices.Sorted(maps.Keys(ids)), 1000) {
			found, err := v.Store.GetMany(ctx, target, chunk)
			if err != nil {
				return out, err
			}
			for _, r := range found {
				if r.Deleted() {
					continue
				}
				known[target][r.ID] = at.TitleOf(r.Values)
				out.unseen[r.ID] = !v.decision(at).Reaches(meta.Read, r)
			}
		}
	}
	return out, nil
}

// keptNames are the records that references the actor sees go on naming, by form, beside those that have their title.
func (v *visit) keptNames(form *catalog.Form, records []*value.Record, told titles) map[value.FormKey]map[value.ID]bool {
	d, untold := v.decision(form), map[value.FormKey]map[value.ID]bool{}
	for _, r := range records {
		form.EachNamed(r.Values, func(f *catalog.Field, target value.FormKey, id value.ID) {
			shown := f.Key
			if f.Table != nil {
				shown = f.Table.Key
			}
			if _, has := told[target][id]; has || !f.Def.Named || d.Sees(shown, r) != access.Whole {
				return
			}
			if untold[target] == nil {
				untold[target] = map[value.ID]bool{}
			}
			untold[target][id] = true
		})
	}
	return untold
}

// titlesOf fetches the titles of records of one form, or of people, units or zones.
func (v *visit) titlesOf(ctx context.Context, key value.FormKey, ids []value.ID) (map[value.ID]string, error) {
	switch key {
	case catalog.People, catalog.Units, catalog.Zones:
		return v.orgTitles(key, ids), nil
	}
	form, ok := v.catalog.Forms[key]
	if !ok {
		return nil, nil
	}
	out := make(map[value.ID]string, len(ids))
	entitle := func(r *value.Record) {
		if title, ok := v.title(form, r); ok {
			out[r.ID] = title
		}
	}
	kept := slices.DeleteFunc(slices.Clone(ids), func(id value.ID) bool {
		r := v.trial.record(key, id)
		if r != nil {
			entitle(r)
		}
		return r != nil
	})
	for chunk := range slices.Chunk(kept, 1000) {
		records, err := v.Store.GetMany(ctx, key, chunk)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			entitle(r)
		}
	}
	return out, nil
}

func (v *visit) title(form *catalog.Form, r *value.Record) (string, bool) {
	d := v.decision(form)
	if !d.Reaches(meta.Read, r) || d.Sees(form.Title, r) != access.Whole {
		return "", false
	}
	return form.TitleOf(r.Values), true
}

func (v *visit) orgTitles(target value.FormKey, ids []value.ID) map[value.ID]string {
	out := make(map[value.ID]string, len(ids))
	for _, id := range ids {
		switch target {
		case catalog.People:
			if user, ok := v.people.User(id); ok {
				out[id] = user.Name
			}
		case catalog.Units:
			if unit, ok := v.people.Unit(id); ok {
				out[id] = meta.Label(unit.Name).In(v.actor.Locale)
			}
		case catalog.Zones:
			if zone, ok := v.people.Zone(id); ok {
				out[id] = meta.Label(zone.Name).In(v.actor.Locale)
			}
		}
	}
	return out
}

// into puts the titles beside the ids in encoded values.
func (t titles) into(form *catalog.Form, values map[string]any) {
	form.EachEncodedReference(values, func(target value.FormKey, ref map[string]any) {
		id, _ := ref["id"].(string)
		if title, ok := t[target][value.ID(id)]; ok {
			ref["title"] = title
		}
	})
}

// into says as well of which records there is a name and nothing more.
func (n namings) into(form *catalog.Form, values map[string]any) {
	n.titles.into(form, values)
	form.EachEncodedReference(values, func(_ value.FormKey, ref map[string]any) {
		if id, _ := ref["id"].(string); n.unseen[value.ID(id)] {
			ref["unseen"] = true
		}
	})
}
