package record

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// shownFiles are the files that records name, by id.
type shownFiles map[value.ID]store.File

// shownFiles fetches what the file fields of these records show, all together.
func (v *visit) shownFiles(ctx context.Context, form *catalog.Form, records []*value.Record) (shownFiles, error) {
	if len(form.Files) == 0 {
		return nil, nil
	}
	var ids []value.ID
	for _, r := range records {
		eachFile(form, r.Values, func(p filePlace, _ string) { ids = append(ids, p.id) })
	}
	return v.files(ctx, ids)
}

// showFiles puts name, size and type beside the ids in encoded values of a record: of the files that it
// holds, and in a draft of those that the actor may attach to it.
func (v *visit) showFiles(files shownFiles, form *catalog.Form, id value.ID, values map[string]any) {
	for _, f := range form.Files {
		if f.Table == nil {
			v.showFilesIn(files, f, id, values)
			continue
		}
		rows, _ := values[string(f.Table.Key)].([]any)
		for _, row := range rows {
			if row, ok := row.(map[string]any); ok {
				v.showFilesIn(files, f, id, row)
			}
		}
	}
}

func (v *visit) showFilesIn(files shownFiles, f *catalog.Field, record value.ID, values map[string]any) {
	list, _ := values[string(f.Key)].([]any)
	for _, entry := range list {
		shown, ok := entry.(map[string]any)
		if !ok {
			continue
		}
		id, _ := shown["id"].(string)
		file, known := files[value.ID(id)]
		held := file.Holder.Record == record && file.Holder.Field == pathOf(f)
		if known && (held || v.owns(file)) {
			shown["name"], shown["size"], shown["type"] = file.Name, file.Size, file.Type
		}
	}
}
