package record

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// A file belongs to whoever brought it until a record's field claims it, in the transaction that saves the
// record. From then on whoever may see that field of that record may read it, and nobody else, not even
// who brought it. A field that lets it go leaves it to whoever took it out, so that they can put it back,
// and a record that is purged to nobody; the sweep clears it a day later.

// fileLife is how long a file that no record holds is kept.
const fileLife = 24 * time.Hour

// checkFiles makes an issue of each newly named file that the actor may not put there, or that the field
// does not take. What does not exist, is another's or held elsewhere reads the same.
func (w *write) checkFiles(ctx context.Context) error {
	had := map[filePlace]bool{}
	eachFile(w.form, w.oldValues(), func(p filePlace, _ string) { had[p] = true })
	var ids []value.ID
	eachFile(w.form, w.next.Values, func(p filePlace, _ string) {
		if !had[p] {
			ids = append(ids, p.id)
		}
	})
	files, err := w.files(ctx, ids)
	if err != nil {
		return err
	}
	fields := map[value.ID]*catalog.Field{} // a file stands in one field only
	eachFile(w.form, w.next.Values, func(p filePlace, at string) {
		if had[p] {
			return
		}
		f, known := files[p.id]
		elsewhere := fields[p.id] != nil && fields[p.id] != p.field
		fields[p.id] = p.field
		if !known || elsewhere || !w.owns(f) || f.Passing {
			w.issues.Add(at, "field.file")
		} else if why, refused := p.field.Refuses(f.Type, f.Size); refused {
			why.Path = at
			w.issues = append(w.issues, why)
		}
	})
	return nil
}

// owns tells whether the file is this actor's and no record's.
func (v *visit) owns(f store.File) bool {
	return f.Holder == store.Holder{} && f.Owner == v.actor.Key()
}

// filePlace is a file in a field. In which row of a table it stands is no matter.
type filePlace struct {
	field *catalog.Field
	id    value.ID
}

// eachFile visits the files that values name, in the order of fields and rows; at is their path.
func eachFile(form *catalog.Form, values value.Doc, visit func(p filePlace, at string)) {
	for _, f := range form.Files {
		if f.Table == nil {
			eachFileIn(f, values, place(f), visit)
			continue
		}
		rows, _ := values[string(f.Table.Key)].(value.List)
		for n, row := range rows {
			if row, ok := row.(value.Doc); ok {
				eachFileIn(f, row, place(f)+"/"+strconv.Itoa(n)+"/"+fault.Escape(string(f.Key)), visit)
			}
		}
	}
}

func eachFileIn(f *catalog.Field, doc value.Doc, at string, visit func(p filePlace, at string)) {
	for n, id := range idsOf(doc[string(f.Key)]) {
		visit(filePlace{f, id}, at+"/"+strconv.Itoa(n))
	}
}

// files fetches whole files by id.
func (v *visit) files(ctx context.Context, ids []value.ID) (map[value.ID]store.File, error) {
	out := make(map[value.ID]store.File, len(ids))
	for chunk := range slices.Chunk(ids, 1000) {
		found, err := v.Store.FilesOf(ctx, chunk)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			out[f.ID] = f
		}
	}
	return out, nil
}

// holdFiles gives the record, inside the transaction that writes it, the files that it now names, and lets
// go of those that it no longer does. Who claimed one meanwhile was faster: an issue at its place.
func (w *write) holdFiles(ctx context.Context, tx store.Tx, next *value.Record) error {
	wanted, at := map[value.ID]store.Holder{}, map[value.ID]string{}
	eachFile(w.form, next.Values, func(p filePlace, path string) {
		wanted[p.id] = store.Holder{Form: next.Form, Record: next.ID, Field: pathOf(p.field)}
		at[p.id] = path
	})
	hadSome := false
	eachFile(w.form, w.oldValues(), func(filePlace, string) { hadSome = true })
	if len(wanted) == 0 && !hadSome {
		return nil
	}
	held, err := tx.HeldBy(ctx, next.Form, next.ID)
	if err != nil {
		return err
	}
	for _, f := range held {
		keeps, named := wanted[f.ID]
		delete(wanted, f.ID)
		if (named && keeps == f.Holder) || !hasField(w.form, f.Holder) {
			continue
		}
		if err := tx.Release(ctx, f.ID, f.Holder, w.finder(f.Holder), w.now.Add(fileLife)); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		err := tx.Claim(ctx, id, w.actor.Key(), wanted[id])
		if fault.CodeOf(err) == "store.stale" {
			var issues fault.Issues
			issues.Add(at[id], "field.file")
			return issues.Fault("record.save", "record.invalid")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// hasField tells whether the form still has the field that holds a file. What a form has forgotten its
// records do not let go: the field may come back.
func hasField(form *catalog.Form, holder store.Holder) bool {
	return slices.ContainsFunc(form.Files, func(f *catalog.Field) bool { return pathOf(f) == holder.Field })
}

// finder is whose a file is that the record lets go: the person's who took it out, if they could see it.
func (w *write) finder(holder store.Holder) value.ID {
	if w.old == nil || w.actor.IsSystem() || w.decision.Sees(holder.Field.Field, w.old) != access.Whole {
		return ""
	}
	return w.actor.Key()
}

// releaseFiles lets go of everything that a record holds which goes for good.
func (v *visit) releaseFiles(ctx context.Context, tx store.Tx, gone *value.Record) error {
	held, err := tx.HeldBy(ctx, gone.Form, gone.ID)
	if err != nil {
		return err
	}
	for _, f := range held {
		if err := tx.Release(ctx, f.ID, f.Holder, "", v.now.Add(fileLife)); err != nil {
			return err
		}
	}
	return nil
}

// File returns what there is to know of a file that the actor may read: one of their own that no record
// holds, or one in a field that they see whole of a record that they may read. NotFound
// "file.notFound" for every other.
func (s *Service) File(ctx context.Context, actor value.Actor, id value.ID) (store.File, error) {
	v := s.visit(actor)
	none := fault.New(fault.NotFound, "file.notFound").In("record.file").With("id", string(id))
	found, err := s.Store.FilesOf(ctx, []value.ID{id})
	if err != nil {
		return store.File{}, err
	}
	if len(found) == 0 {
		return store.File{}, none
	}
	f := found[0]
	if f.Holder == (store.Holder{}) {
		if !v.owns(f) {
			return store.File{}, none
		}
		return f, nil
	}
	form, r, err := v.open(ctx, f.Holder.Form, f.Holder.Record)
	if fault.KindOf(err) == fault.NotFound {
		return store.File{}, none
	}
	if err != nil {
		return store.File{}, err
	}
	if f.Holder.Field.Field == talkField {
		return f, nil
	}
	if !holds(form, r, f) || v.decision(form).Sees(f.Holder.Field.Field, r) != access.Whole {
		return store.File{}, none
	}
	return f, nil
}

// holds tells whether the record names the file in the field that holds it.
func holds(form *catalog.Form, r *value.Record, f store.File) (found bool) {
	eachFile(form, r.Values, func(p filePlace, _ string) {
		found = found || p.id == f.ID && f.Holder == (store.Holder{Form: r.Form, Record: r.ID, Field: pathOf(p.field)})
	})
	return found
}
