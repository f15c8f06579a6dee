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
// own to check. Each form is read as of one moment, so that others may write meanwhile; only where that takes longer than
// MongoDB keeps a moment, sums that they change may be told to differ, which then is for a quiet hour.
func (s *Store) Check(ctx context.Context) (found []string, err error) {
	err = s.read(ctx, func(conn) error {
		if err := s.late.catchUp(ctx); err != nil {
			return err
		}
		if err := s.reload(ctx); err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(s.known.Load().forms)) {
			if err := s.checkAtOnce(ctx, &found, func(c conn, found *[]string) error { return c.checkForm(ctx, key, found) }); err != nil {
				return err
			}
		}
		return s.checkAtOnce(ctx, &found, func(c conn, found *[]string) error {
			gates, err := c.number(ctx, inGates, d("n", d("$exists", true)), 0, "")
			if err == nil && gates != allGates {
				*found = append(*found, fmt.Sprintf("there are %d gates of %d", gates, allGates))
			}
			return errors.Join(err, c.checkFiles(ctx, found))
		})
	})
	return found[:min(len(found), maxFound)], err
}

// checkAtOnce has something checked as of one moment, or without where that is past before it ends.
func (s *Store) checkAtOnce(ctx context.Context, found *[]string, check func(c conn, found *[]string) error) error {
	var here []string
	err := s.atOneMoment(ctx, func(c conn) error { return check(c, &here) })
	if isPast(err) {
		here = nil
		err = check(s.conn(), &here)
	}
	*found = append(*found, here...)
	return err
}

// checkForm checks a form by the layout that it has at the same moment.
func (c conn) checkForm(ctx context.Context, key value.FormKey, found *[]string) error {
	layouts, err := c.layouts(ctx)
	if err != nil || layouts[key] == nil {
		return err
	}
	return c.check(ctx, layouts[key], found)
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

// awaited takes away from what lines must be what transactions have left for them and nobody has added yet (settle.go).
func (c conn) awaited(ctx context.Context, want shares, names bson.A) error {
	left := shares{}
	which := bson.D{{Key: "kind", Value: lateSums}, {Key: "lines.sums", Value: d("$in", names)}}
	err := c.find(ctx, inLate, look{where: which}, func(raw bson.Raw) error { return left.read(raw) })
	for at, line := range left {
		if !slices.Contains(names, any(at.sums)) {
			continue // of another form that the same transaction has written
		}
		if want[at] == nil {
			want[at] = make([]int64, len(line))
		}
		for i, v := range line {
			want[at][i] -= v
		}
	}
	return err
}

// checkSums compares sums with what all records add up to.
func (c conn) checkSums(ctx context.Context, l *layout, want shares, found *[]string) error {
	names := bson.A{}
	for _, s := range l.sums {
		names = append(names, s.name)
	}
	if err := c.awaited(ctx, want, names); err != nil {
		return err
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
	for at, line := range want {
		if !slices.ContainsFunc(line, func(v int64) bool { return v != 0 }) {
			continue // all of it is still to be added
		}
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
