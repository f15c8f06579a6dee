package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// verifyFiles holds that the files which a record names are there and held by the very field.
func (v *visit) verifyFiles(ctx context.Context, form *catalog.Form, r *value.Record) (found []string, err error) {
	files, err := v.shownFiles(ctx, form, []*value.Record{r})
	eachFile(form, r.Values, func(p filePlace, at string) {
		f, known := files[p.id]
		switch want := (store.Holder{Form: r.Form, Record: r.ID, Field: pathOf(p.field)}); {
		case !known:
			found = append(found, fmt.Sprintf("%s names file %s, which is gone", at, p.id))
		case f.Holder != want:
			found = append(found, fmt.Sprintf("%s names file %s, which it does not hold", at, p.id))
		}
	})
	return found, err
}

// verifyAllFiles holds every whole file against its own sum and against the record that holds it.
func (v *visit) verifyAllFiles(ctx context.Context) (found []string, err error) {
	err = v.Store.EachFile(ctx, "", func(f store.File) error {
		sum, err := v.sumOf(ctx, f)
		if err != nil {
			return err
		}
		if !bytes.Equal(sum, f.Sum) {
			found = append(found, fmt.Sprintf("file %s: its bytes are not those that were sent", f.ID))
		}
		form, known := v.catalog.Forms[f.Holder.Form]
		if !known {
			return nil
		}
		r, err := v.Store.Get(ctx, f.Holder.Form, f.Holder.Record)
		if fault.KindOf(err) == fault.NotFound {
			found = append(found, fmt.Sprintf("file %s is held by %s %s, which is gone", f.ID, f.Holder.Form, f.Holder.Record))
			return nil
		}
		if err != nil {
			return err
		}
		if hasField(form, f.Holder) && !holds(form, r, f) {
			found = append(found, fmt.Sprintf("file %s is held by %s %s, which does not name it", f.ID, f.Holder.Form, f.Holder.Record))
		}
		return nil
	})
	return found, err
}

// sumOf is the SHA-256 of a file's bytes, nil where a piece is gone.
func (v *visit) sumOf(ctx context.Context, f store.File) ([]byte, error) {
	hash := sha256.New()
	for n := 0; int64(n)*store.PieceSize < f.Size; n++ {
		piece, err := v.Store.Piece(ctx, f.ID, n)
		if fault.KindOf(err) == fault.NotFound {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		hash.Write(piece)
	}
	return hash.Sum(nil), nil
}
