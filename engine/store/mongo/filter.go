package mongo

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// condition is a filter as MongoDB says it, or what it always is. It asks nothing of the server: the same tree
// makes the same condition wherever it is made.
type condition struct {
	doc   bson.D
	fixed bool // it needs no asking
	holds bool // what a fixed one is
}

func always(holds bool) condition { return condition{fixed: true, holds: holds} }

func met(key string, v any) condition { return condition{doc: d(key, v)} }

// maxValues bounds the values of one comparison.
const maxValues = 1000

// maxPattern is the longest text, in bytes, that a pattern of MongoDB's finds in others, with room for escapes.
const maxPattern = 16_000

// place is where a comparison looks: in a record, or in a row of a table.
type place struct {
	name  string
	kind  store.Type
	multi bool
	table string    // the table whose rows have it, where name goes through all of them
	folds foldsWhat // how its texts are found as search compares them
}

type foldsWhat int

const (
	hasTwin  foldsWhat = iota // beside, where the text is another
	isFolded                  // the text itself is: shadows
	isID                      // plain letters, digits and marks: nothing but case to fold
)

// places finds where a path stands.
type places func(query.Path) (place, error)

func (l *layout) inRecord(p query.Path) (place, error) {
	f, err := l.field(p)
	if err != nil {
		return place{}, err
	}
	out := place{name: memberOf(p), kind: f.Type, multi: f.Multi || f.Table}
	_, _, system := systemMember(p)
	switch {
	case system:
		out.folds = isID
	case strings.HasPrefix(string(p.Field), "~"):
		out.folds = isFolded
	case p.Sub != "" && l.fields[query.At(p.Field)].Table:
		out.table = memberOf(query.At(p.Field))
	}
	return out, nil
}

// inRow finds the fields of a table's row.
func (l *layout) inRow(table value.FieldKey) places {
	return func(p query.Path) (place, error) {
		f, err := l.field(query.Path{Field: table, Sub: p.Field})
		if err == nil && p.Sub != "" {
			err = store.UnknownPath(p)
		}
		return place{name: string(p.Field), kind: f.Type, multi: true}, err
	}
}

// where turns a filter into a condition on records.
func (l *layout) where(f query.Filter) (condition, error) { return l.build(f, l.inRecord, false) }

func (l *layout) build(f query.Filter, at places, row bool) (condition, error) {
	switch f := f.(type) {
	case nil:
		return always(true), nil
	case query.Const:
		return always(bool(f)), nil
	case query.And:
		return l.join(f, "$and", true, at, row)
	case query.Or:
		return l.join(f, "$or", false, at, row)
	case query.Not:
		c, err := l.build(f.Of, at, row)
		return not(c), err
	case query.Cmp:
		p, err := at(f.Path)
		switch {
		case err != nil:
			return condition{}, err
		case len(f.Values) > maxValues:
			return condition{}, store.TooLarge()
		}
		return compare(f, p)
	case query.Rows:
		if !row {
			return l.rows(f)
		}
	case query.Search:
		if !row {
			return l.search(f)
		}
	}
	return condition{}, malformed()
}

func (l *layout) join(parts []query.Filter, with string, neutral bool, at places, row bool) (condition, error) {
	var docs bson.A
	fixed := false
	for _, part := range parts {
		c, err := l.build(part, at, row)
		if err != nil {
			return condition{}, err
		}
		switch {
		case !c.fixed:
			docs = append(docs, c.doc)
		case c.holds != neutral:
			fixed = true // decided; the others are still held to name what there is
		}
	}
	switch {
	case fixed:
		return always(!neutral), nil
	case len(docs) == 0:
		return always(neutral), nil
	case len(docs) == 1:
		return condition{doc: docs[0].(bson.D)}, nil
	}
	return met(with, docs), nil
}

func not(c condition) condition {
	if c.fixed {
		return always(!c.holds)
	}
	return met("$nor", bson.A{c.doc})
}

// rows asks of the rows of a table together.
func (l *layout) rows(f query.Rows) (condition, error) {
	if field, ok := l.fields[query.At(f.Table)]; !ok || !field.Table {
		return condition{}, store.UnknownPath(query.At(f.Table))
	}
	c, err := l.build(f.Where, l.inRow(f.Table), true)
	if err != nil {
		return condition{}, err
	}
	table := memberOf(query.At(f.Table))
	some := func(c condition) condition {
		switch {
		case !c.fixed:
			return met(table, d("$elemMatch", c.doc))
		case c.holds:
			return met(table, d("$exists", true)) // a table without rows is absent
		}
		return always(false)
	}
	switch f.Quantifier {
	case query.Any:
		return some(c), nil
	case query.All:
		return not(some(not(c))), nil
	case query.None:
		return not(some(c)), nil
	}
	return always(false), nil
}

// compare says what one comparison asks of a place.
func compare(f query.Cmp, p place) (condition, error) {
	switch f.Op {
	case query.Empty:
		if p.multi {
			return not(present(p)), nil // through the rows of a table, "exists: false" is not everywhere that of none
		}
		return met(p.name, d("$exists", false)), nil
	case query.NotEmpty:
		return present(p), nil
	case query.In:
		return among(p, f.Values), nil
	case query.Nin:
		return not(among(p, f.Values)), nil
	case query.HasAll:
		return hasAll(p, f.Values), nil
	case query.Eq, query.Ne:
		return equals(p, f), nil
	case query.Prefix:
		return prefix(p, f.Value)
	case query.Contains:
		return contains(p, f.Value)
	case query.Lt, query.Lte, query.Gt, query.Gte:
		return ordered(p, f), nil
	}
	return always(false), nil
}

// present asks that something is there. Of one value of a known type that is a range, so that an index serves it.
func present(p place) condition {
	if !p.multi {
		switch p.kind {
		case store.Text:
			return met(p.name, d("$gte", ""))
		case store.Int:
			return met(p.name, d("$gte", int64(-1<<63)))
		case store.Bool:
			return met(p.name, d("$gte", false))
		}
	}
	return met(p.name, d("$exists", true))
}

// fits tells whether a value of a type can equal it.
func fits(v value.Value, kind store.Type) bool {
	_, ok := scalar(v, kind)
	return ok
}

// scalar turns a stored scalar into what it is compared as; ok is false where no value there can equal it. No text
// that is stored is other than UTF-8.
func scalar(v value.Value, kind store.Type) (any, bool) {
	switch v := v.(type) {
	case string:
		return v, kind == store.Text && utf8.ValidString(v)
	case int64:
		return v, kind == store.Int
	case bool:
		return v, kind == store.Bool
	}
	return nil, false
}

func equals(p place, f query.Cmp) condition {
	v, ok := scalar(f.Value, p.kind)
	switch {
	case !ok:
		return always(f.Op == query.Ne)
	case f.Op == query.Ne:
		return met(p.name, d("$ne", v))
	}
	return met(p.name, d("$eq", v))
}

func scalars(values value.List, kind store.Type) (list bson.A, all bool) {
	all = true
	for _, v := range values {
		s, ok := scalar(v, kind)
		if ok && !slices.Contains(list, s) {
			list = append(list, s)
		}
		all = all && ok
	}
	return list, all
}

func among(p place, values value.List) condition {
	list, _ := scalars(values, p.kind)
	switch len(list) {
	case 0:
		return always(false)
	case 1:
		return met(p.name, d("$eq", list[0]))
	}
	return met(p.name, d("$in", list))
}

func hasAll(p place, values value.List) condition {
	list, all := scalars(values, p.kind)
	switch {
	case !all, len(list) > 1 && !p.multi:
		return always(false)
	case len(list) == 0:
		return always(true)
	case len(list) == 1:
		return met(p.name, d("$eq", list[0]))
	}
	return met(p.name, d("$all", list))
}

// ordered is a comparison by order. Types are never mixed: MongoDB compares within a type only.
func ordered(p place, f query.Cmp) condition {
	s, isText := f.Value.(string)
	if isText && p.kind == store.Text && !utf8.ValidString(s) {
		next, ok := validFrom(s)
		below := f.Op == query.Lt || f.Op == query.Lte
		switch {
		case !ok && below:
			return present(p)
		case !ok:
			return always(false)
		case below:
			return inRows(p, d("$lt", next))
		}
		return inRows(p, d("$gte", next))
	}
	v, ok := scalar(f.Value, p.kind)
	if !ok {
		return always(false)
	}
	return inRows(p, d("$"+string(f.Op), v))
}

// inRows is a condition on what a place holds, row by row where it goes through those of a table: of lists within a
// list not every interpreter compares the members.
func inRows(p place, c bson.D) condition {
	if p.table == "" {
		return met(p.name, c)
	}
	return met(p.table, d("$elemMatch", d(strings.TrimPrefix(p.name, p.table+"."), c)))
}

// validFrom is the first UTF-8 text that does not stand before s, which is none; ok is false where there is no such.
func validFrom(s string) (next string, ok bool) {
	valid := 0
	for valid < len(s) {
		r, size := utf8.DecodeRuneInString(s[valid:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		valid += size
	}
	rest := s[valid:]
	low, high := rune(0), rune(utf8.MaxRune)+1
	for low < high {
		if middle := (low + high) / 2; string(aboveSurrogates(middle)) >= rest {
			high = middle
		} else {
			low = middle + 1
		}
	}
	if low <= utf8.MaxRune {
		return s[:valid] + string(aboveSurrogates(low)), true
	}
	// Nothing begins like the valid part and stands behind: what follows is behind all that begins so.
	return successor(s[:valid])
}

// aboveSurrogates is r, or the first character behind where there are none.
func aboveSurrogates(r rune) rune {
	if 0xd800 <= r && r <= 0xdfff {
		return 0xe000
	}
	return r
}

// successor is the first text behind all that begin with s.
func successor(s string) (string, bool) {
	for s != "" {
		r, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
		if r < utf8.MaxRune {
			return s + string(aboveSurrogates(r+1)), true
		}
	}
	return "", false
}

// prefix is a range for one value, which an index serves as such; of several values a range would take two of them.
func prefix(p place, v value.Value) (condition, error) {
	from, ok := v.(string)
	switch {
	case !ok || p.kind != store.Text || !utf8.ValidString(from):
		return always(false), nil
	case from == "":
		return present(p), nil
	case p.multi:
		rx, err := pattern("^", from, "")
		return condition{doc: d(p.name, rx)}, err
	}
	between := d("$gte", from)
	if to, ok := successor(from); ok {
		between = append(between, bson.E{Key: "$lt", Value: to})
	}
	return met(p.name, between), nil
}

// pattern finds a text within others.
func pattern(begin, wanted, options string) (primitive.Regex, error) {
	quoted := regexp.QuoteMeta(wanted)
	if len(quoted) > maxPattern {
		return primitive.Regex{}, store.TooLarge()
	}
	return primitive.Regex{Pattern: begin + strings.ReplaceAll(quoted, "\x00", `\x00`), Options: options}, nil
}

// contains asks what search compares: the text itself where it is folded, else its twin.
func contains(p place, v value.Value) (condition, error) {
	s, ok := v.(string)
	if !ok || p.kind != store.Text {
		return always(false), nil
	}
	folded := text.Fold(s)
	if folded == "" {
		return present(p), nil
	}
	options := ""
	if p.folds == isID {
		options = "i"
	}
	rx, err := pattern("", folded, options)
	if err != nil || p.folds != hasTwin {
		return condition{doc: d(p.name, rx)}, err
	}
	if p.table != "" {
		// Row by row: one may have a twin where another has none.
		sub := strings.TrimPrefix(p.name, p.table+".")
		return met(p.table, d("$elemMatch", eitherFolds(sub, rx))), nil
	}
	return condition{doc: eitherFolds(p.name, rx)}, nil
}

// eitherFolds asks a member's twin, or where it has none the member.
func eitherFolds(name string, rx primitive.Regex) bson.D {
	beside := twinOf(name)
	return d("$or", bson.A{
		d(beside, rx),
		bson.D{{Key: name, Value: rx}, {Key: beside, Value: d("$exists", false)}},
	})
}

func twinOf(name string) string {
	cut := strings.LastIndexByte(name, '.') + 1
	return name[:cut] + twin + name[cut:]
}
