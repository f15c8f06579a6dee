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
// or whose title they do not see, has none: it shows as its id alone.
type titles map[value.FormKey]map[value.ID]string

// People and the rest of the organisation stand beside forms under names that no form can have.
const (
	peopleTitles value.FormKey = "$user"
	unitTitles   value.FormKey = "$unit"
	zoneTitles   value.FormKey = "$zone"
)

// titles fetches what the references of these records show, form by form.
func (v *visit) titles(ctx context.Context, form *catalog.Form, records []*value.Record) (titles, error) {
	wanted := map[value.FormKey]map[value.ID]bool{}
	for _, r := range records {
		form.EachReference(r.Values, func(_ *catalog.Field, target value.FormKey, id value.ID) {
			if wanted[target] == nil {
				wanted[target] = map[value.ID]bool{}
			}
			wanted[target][id] = true
		})
	}
	out := titles{}
	for target, ids := range wanted {
		found, err := v.titlesOf(ctx, target, slices.Sorted(maps.Keys(ids)))
		if err != nil {
			return nil, err
		}
		out[target] = found
	}
	out[peopleTitles], out[unitTitles], out[zoneTitles] = v.orgTitles()
	return out, nil
}

func (v *visit) titlesOf(ctx context.Context, key value.FormKey, ids []value.ID) (map[value.ID]string, error) {
	form, ok := v.catalog.Forms[key]
	if !ok {
		return nil, nil
	}
	out := make(map[value.ID]string, len(ids))
	for chunk := range slices.Chunk(ids, 1000) {
		records, err := v.Store.GetMany(ctx, key, chunk)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if title, ok := v.title(form, r); ok {
				out[r.ID] = title
			}
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

func (v *visit) orgTitles() (people, units, zones map[value.ID]string) {
	people, units, zones = map[value.ID]string{}, map[value.ID]string{}, map[value.ID]string{}
	for _, u := range v.people.Users() {
		people[u.ID] = u.Name
	}
	for _, u := range v.people.Units() {
		units[u.ID] = label(u.Name, v.actor.Locale)
	}
	for _, z := range v.people.Zones() {
		zones[z.ID] = label(z.Name, v.actor.Locale)
	}
	return people, units, zones
}

// label chooses a text in the reader's language, else the first of the others in order of their tags.
func label[M ~map[string]string](texts M, locale string) string {
	if text, ok := texts[locale]; ok {
		return text
	}
	for _, tag := range slices.Sorted(maps.Keys(texts)) {
		return texts[tag]
	}
	return ""
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
