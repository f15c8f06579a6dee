package mongo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/value"
)

// maxFound bounds the differences that one check tells; more would not be read.
const maxFound = 200

// Check holds what is kept twice against what it is kept of: twins and marks in the records' documents, the indexes
// that each form must have, sums against the records, pieces against files. The files of the server itself are its
// own to check. It is for a quiet hour: sums that others change meanwhile differ from the records that it has read.
func (s *Store) Check(ctx context.Context) (found []string, err error) {
	err = s.read(ctx, func(c conn) error {
		if err := s.late.catchUp(ctx); err != nil {
			return err
		}
		if err := s.reload(ctx); err != nil {
			return err
		}
		forms := s.known.Load().forms
		for _, key := range slices.Sorted(maps.Keys(forms)) {
			if err := c.check(ctx, forms[key], &found); err != nil {
				return err
			}
		}
		gates, err := c.number(ctx, inGates, d("n", d("$exists", true)), 0, "")
		if err == nil && gates != allGates {
			found = append(found, fmt.Sprintf("there are %d gates of %d", gates, allGates))
		}
		return errors.Join(err, c.checkFiles(ctx, &found))
	})
	return found[:min(len(found), maxFound)], err
}

func (c conn) check(ctx context.Context, l *layout, found *[]string) error {
	made, err := c.store.isMade(ctx, l)
	if !made || err != nil {
		return err
	}
	has, err := c.store.indexes(ctx, l.collection)
	if err != nil {
		return err
	}
	for _, model := range l.models() {
		if !slices.Contains(has, *model.Options.Name) {
			*found = append(*found, fmt.Sprintf("%s: there is no index %s", l.form.Key, *model.Options.Name))
		}
	}
	sums := shares{}
	err = c.find(ctx, l.collection, look{fields: d(atTokens, int32(0))}, func(raw bson.Raw) error {
		r, err := readRecord(l.form.Key, raw)
		if err != nil {
			return err
		}
		if wrong := l.differs(r, raw); wrong != "" {
			*found = append(*found, fmt.Sprintf("%s/%s: %s", l.form.Key, r.ID, wrong))
		}
		if len(*found) > maxFound {
			return errStop
		}
		sums.move(l, before{}, r)
		return nil
	})
	if err != nil || l.summed == "" || !l.ready {
		return err
	}
	return c.checkSums(ctx, l, sums, found)
}

// differs says what a document keeps beside its values that does not follow from them; "" for nothing.
func (l *layout) differs(r *value.Record, raw bson.Raw) string {
	alive, _ := raw.Lookup(atLiving).BooleanOK()
	values, err := encodeDoc(r.Values, true)
	rests, _ := raw.Lookup(atValues).DocumentOK()
	switch {
	case err != nil:
		return err.Error()
	case alive == r.Deleted():
		return "is told to be living, or not to be, otherwise than it is"
	case len(r.Values) > 0 && !bytes.Equal(values, rests):
		return "has texts that search would compare as others"
	case l.ready && textOf(raw.Lookup(atSummed)) != l.summed:
		return "is in no sums"
	}
	return ""
}

// checkSums compares sums with what all records add up to.
func (c conn) checkSums(ctx context.Context, l *layout, want shares, found *[]string) error {
	names := bson.A{}
	for _, s := range l.sums {
		names = append(names, s.name)
	}
	err := c.find(ctx, inSums, look{where: d("sums", d("$in", names))}, func(raw bson.Raw) error {
		at := lineOf{textOf(raw.Lookup("sums")), textOf(raw.Lookup("principal")), intOf(raw.Lookup("key"))}
		line, there := want[at]
		for i := range max(len(line), 1) {
			var wanted int64
			if there {
				wanted = line[i]
			}
			if intOf(raw.Lookup(sumMember(i))) != wanted {
				*found = append(*found, fmt.Sprintf("%s: sums of %q at %d in %s differ from the records", l.form.Key, at.principal, at.key, at.sums))
				break
			}
		}
		delete(want, at)
		return nil
	})
	for at := range want {
		*found = append(*found, fmt.Sprintf("%s: no sums of %q at %d in %s", l.form.Key, at.principal, at.key, at.sums))
	}
	return err
}

// checkFiles holds that whole files have all their pieces, that no piece is of no file, and the count.
func (c conn) checkFiles(ctx context.Context, found *[]string) error {
	has := map[string]int64{}
	if !c.store.options.bare { // look-alikes do not know $binarySize
		wrong := []bson.D{
			d("$match", d("$expr", d("$ne", bson.A{"$size", d("$binarySize", "$data")}))),
			d("$group", d(atID, "$files_id")),
		}
		err := c.aggregate(ctx, inPieces, wrong, "", func(raw bson.Raw) error {
			*found = append(*found, textOf(raw.Lookup(atID))+" has a piece of another size than it says")
			return nil
		})
		if err != nil {
			return err
		}
	}
	sizes := []bson.D{d("$group", bson.D{
		{Key: atID, Value: "$files_id"}, {Key: "n", Value: d("$sum", int64(1))}, {Key: "last", Value: d("$max", "$n")},
	})}
	err := c.aggregate(ctx, inPieces, sizes, "", func(raw bson.Raw) error {
		n := intOf(raw.Lookup("n"))
		if intOf(raw.Lookup("last")) != n-1 {
			n = -1
		}
		has[textOf(raw.Lookup(atID))] = n
		return nil
	})
	if err != nil {
		return err
	}
	var files, bytes int64
	err = c.find(ctx, inFiles, look{}, func(raw bson.Raw) error {
		f := readFile(raw)
		whole, _ := raw.Lookup("metadata", "whole").BooleanOK()
		if whole {
			files, bytes = files+1, bytes+f.Size
			if has[string(f.ID)] != piecesOf(f.Size) {
				*found = append(*found, fmt.Sprintf("%s is a file whose pieces do not add up", f.ID))
			}
		}
		delete(has, string(f.ID))
		return nil
	})
	if err != nil {
		return err
	}
	for id := range has {
		*found = append(*found, id+" has pieces and is no file")
	}
	counted, _, err := c.one(ctx, inCounters, look{where: d(atID, fileUsage)})
	if err == nil && (intOf(counted.Lookup("n")) != files || intOf(counted.Lookup("bytes")) != bytes) {
		*found = append(*found, "files are not as many as counted")
	}
	return err
}
