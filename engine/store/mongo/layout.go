package mongo

import (
	"regexp"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// layout is how one form rests in its collection, "f.asset": the records' documents (record.go) and the indexes
//
//	i/tier,-cost         lists in that order, each after living, and _id last
//	i/tags               membership in a field of many values
//	o/-cost              the records of each principal in that order
//	u/series,size        what no two living records share, where all of it is there
//	t                    the tokens of searches, the newest first
//	d                    the recycle bin
//	s                    which sums a record has been added to
//
// A name says all that an index is, so that one of the same name need not be looked into. Names of members come from
// keys, which check admits only as plain words: nothing else of a request ever becomes part of a name.
type layout struct {
	form       store.Form
	collection string
	fields     map[query.Path]store.Field
	indexes    []index // of lists, and of memberships
	orders     []index
	unique     []group
	sums       []*sums
	summed     string // what stands in the records that have been added to the sums; "" without sums
	ready      bool   // all records have been
}

// index is one of the collection's.
type index struct {
	name    string
	columns []query.Sort
	keys    bson.D
	multi   bool
}

// group is a set of fields that no two living records share.
type group struct {
	name   string
	fields []value.FieldKey
}

const (
	tokenIndex   = "t"
	deletedIndex = "d"
	summedIndex  = "s"
	idIndex      = "_id_" // MongoDB's own
	uniqueIndex  = "u/"   // what no two share; the fields follow
	scopeIndex   = "o/"   // the records of each principal by id
)

// maxIndexes is what MongoDB allows a collection.
const maxIndexes = 64

var plainKey = regexp.MustCompile(`^~?[A-Za-z][A-Za-z0-9_:]*$`)

func newLayout(f store.Form) (*layout, error) {
	l := &layout{form: f, collection: "f." + string(f.Key), fields: map[query.Path]store.Field{}}
	if !plainKey.MatchString(string(f.Key)) {
		return nil, badLayout(f.Key, string(f.Key))
	}
	for _, kind := range f.Within {
		if !plainKey.MatchString(kind) {
			return nil, badLayout(f.Key, kind)
		}
	}
	for _, field := range f.Fields {
		if !isPlain(field.Path) {
			return nil, badLayout(f.Key, field.Path.String())
		}
		l.fields[field.Path] = field
	}
	for _, i := range f.Indexes {
		if err := l.addIndex(i); err != nil {
			return nil, err
		}
	}
	for _, sorts := range f.Orders {
		if err := l.addOrder(sorts); err != nil {
			return nil, err
		}
	}
	for _, keys := range f.Unique {
		if err := l.addUnique(keys); err != nil {
			return nil, err
		}
	}
	if err := l.addSums(); err != nil {
		return nil, err
	}
	if n := len(l.models()) + 1; n > maxIndexes {
		return nil, badLayout(f.Key, "indexes")
	}
	return l, nil
}

func badLayout(form value.FormKey, name string) error {
	return fault.New(fault.Internal, "store.layout").With("form", string(form)).With("field", name)
}

func isPlain(p query.Path) bool {
	return plainKey.MatchString(string(p.Field)) && (p.Sub == "" || plainKey.MatchString(string(p.Sub)))
}

func (l *layout) addIndex(i store.Index) error {
	if len(i.Columns) == 1 {
		if f, ok := l.fields[i.Columns[0].Path]; ok && f.Multi {
			keys := bson.D{{Key: atLiving, Value: int32(1)}, {Key: memberOf(f.Path), Value: int32(1)}}
			l.indexes = append(l.indexes, index{name: "i/" + f.Path.String(), columns: i.Columns, keys: keys, multi: true})
			return nil
		}
	}
	name, keys, err := l.ordered("i/", i.Columns, d(atLiving, int32(1)))
	if err == nil {
		l.indexes = append(l.indexes, index{name: name, columns: i.Columns, keys: keys})
	}
	return err
}

// addOrder adds an order of the form; one that reads the same either way only once.
func (l *layout) addOrder(sorts []query.Sort) error {
	name, keys, err := l.ordered(scopeIndex, sorts, bson.D{{Key: atLiving, Value: int32(1)}, {Key: atPrincipals, Value: int32(1)}})
	if err != nil {
		return err
	}
	if _, known := l.order(sorts); !known {
		l.orders = append(l.orders, index{name: name, columns: sorts, keys: keys})
	}
	return nil
}

// ordered spells an index that gives an order of records, id last.
func (l *layout) ordered(prefix string, sorts []query.Sort, keys bson.D) (name string, _ bson.D, err error) {
	var parts []string
	for _, s := range sorts {
		f, err := l.field(s.Path)
		if err != nil || f.Multi || f.Table {
			return "", nil, badLayout(l.form.Key, s.Path.String())
		}
		sign := ""
		if s.Desc {
			sign = "-"
		}
		parts = append(parts, sign+s.Path.String())
	}
	return prefix + strings.Join(parts, ","), append(keys, orderOf(sorts)...), nil
}

// orderOf is the order of records by sorts and then by id, as MongoDB says it.
func orderOf(sorts []query.Sort) bson.D {
	var out bson.D
	down := false
	for _, s := range sorts {
		down = s.Desc
		name := memberOf(s.Path)
		if slices.ContainsFunc(out, func(e bson.E) bool { return e.Key == name }) {
			continue // by the same once more changes nothing
		}
		out = append(out, bson.E{Key: name, Value: direction(s.Desc)})
	}
	if slices.ContainsFunc(out, func(e bson.E) bool { return e.Key == atID }) {
		return out
	}
	return append(out, bson.E{Key: atID, Value: direction(down)})
}

func direction(down bool) int32 {
	if down {
		return -1
	}
	return 1
}

// order finds the order that has these sorts, read forwards or backwards.
func (l *layout) order(sorts []query.Sort) (index, bool) {
	for _, o := range l.orders {
		if len(o.columns) != len(sorts) {
			continue
		}
		same, turned := true, true
		for i, s := range sorts {
			same = same && s == o.columns[i]
			turned = turned && s.Path == o.columns[i].Path && s.Desc != o.columns[i].Desc
		}
		if same || turned {
			return o, true
		}
	}
	return index{}, false
}

func (l *layout) addUnique(keys []value.FieldKey) error {
	names := make([]string, len(keys))
	for n, key := range keys {
		f, err := l.field(query.At(key))
		if err != nil || f.Multi || f.Table {
			return badLayout(l.form.Key, string(key))
		}
		names[n] = string(key)
	}
	l.unique = append(l.unique, group{name: uniqueIndex + strings.Join(names, ","), fields: keys})
	return nil
}

// field says what the layout knows of a path.
func (l *layout) field(p query.Path) (store.Field, error) {
	if _, kind, ok := systemMember(p); ok {
		return store.Field{Path: p, Type: kind, Multi: p.Field == value.SysPrincipals}, nil
	}
	if f, ok := l.fields[p]; ok {
		return f, nil
	}
	return store.Field{}, store.UnknownPath(p)
}

func (l *layout) typeOf(p query.Path) store.Type {
	f, err := l.field(p)
	if err != nil {
		return ""
	}
	return f.Type
}

// systemMember names the member of a system field.
func systemMember(p query.Path) (name string, kind store.Type, ok bool) {
	if p.Sub != "" {
		return "", "", false
	}
	switch p.Field {
	case value.SysID:
		return atID, store.Text, true
	case value.SysCreatedBy, value.SysUpdatedBy, value.SysPrincipals:
		return string(p.Field), store.Text, true
	case value.SysVersion, value.SysCreatedAt, value.SysUpdatedAt, value.SysDeletedAt:
		return string(p.Field), store.Int, true
	}
	return "", "", false
}

// memberOf is where the values at a path stand in a document.
func memberOf(p query.Path) string {
	if name, _, ok := systemMember(p); ok {
		return name
	}
	if shadow, ok := strings.CutPrefix(string(p.Field), "~"); ok {
		return atShadow + "." + shadow
	}
	return atValues + "." + p.String()
}

// keeps tells whether a principal is of the kinds that lists and sums are asked within.
func (l *layout) keeps(principal string) bool {
	kind, _, _ := strings.Cut(principal, ":")
	return len(l.orders) > 0 && (len(l.form.Within) == 0 || slices.Contains(l.form.Within, kind))
}

// living is the condition of every list, or its opposite for the recycle bin.
func living(deleted bool) bson.D {
	if deleted {
		return d(atDeletedAt, d("$exists", true))
	}
	return d(atLiving, true)
}
