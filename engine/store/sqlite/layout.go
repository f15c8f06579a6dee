package sqlite

import (
	"regexp"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// layout is how one form rests in the file:
//
//	"f:asset"            the records; documents as JSONB, a column per indexed path beside (columns.go)
//	"f:asset.tags"       (value, rid): one line per value of an indexed multi-valued path
//	"o:asset.user/-updated_at" the records of each principal in that order (order.go)
//	"s:asset.user/day,cost"    sums by day, of all and of each principal (sums.go)
//	"t:asset"            the search tokens, a full-text index that keeps no text
//
// Names of tables and columns come from keys, which check admits only as plain words: nothing else of
// a request ever becomes part of a statement's text.
type layout struct {
	form    store.Form
	table   string // quoted
	tokens  string // quoted; empty without search
	fields  map[query.Path]store.Field
	columns map[query.Path]string // quoted, of indexed paths only
	indexes []index
	orders  []*order
	sums    []*sums
	unique  []group
	members map[query.Path]string // quoted child tables
	insert  string                // the statement that writes a new record
	along   *layout               // another one whose tables and unique groups are kept in step as well; nil: none
}

// index is one b-tree over the living records, id last.
type index struct {
	name    string // quoted
	columns []query.Sort
}

// group is a set of fields that no two living records share.
type group struct {
	name   string // quoted
	fields []value.FieldKey
}

var plainKey = regexp.MustCompile(`^~?[A-Za-z][A-Za-z0-9_:]*$`)

func newLayout(f store.Form) (*layout, error) {
	l := &layout{
		form: f, table: quote("f:" + snake(string(f.Key))), fields: map[query.Path]store.Field{},
		columns: map[query.Path]string{}, members: map[query.Path]string{},
	}
	if !plainKey.MatchString(string(f.Key)) {
		return nil, badLayout(f.Key, string(f.Key))
	}
	for _, kind := range f.Within {
		if !plainKey.MatchString(kind) {
			return nil, badLayout(f.Key, kind)
		}
	}
	if f.Search {
		l.tokens = quote("t:" + snake(string(f.Key)))
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
	for _, of := range f.Sums {
		if err := l.addSums(of); err != nil {
			return nil, err
		}
	}
	for _, keys := range f.Unique {
		if err := l.addUnique(keys); err != nil {
			return nil, err
		}
	}
	l.insert = l.inserting()
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
			l.members[f.Path] = l.child(f.Path)
			return nil
		}
	}
	name := "i:" + snake(string(l.form.Key))
	for n, c := range i.Columns {
		f, err := l.field(c.Path)
		if err != nil || f.Multi || f.Table {
			return badLayout(l.form.Key, c.Path.String())
		}
		l.addColumn(c.Path)
		name += separator(n) + direction(c.Desc) + snake(c.Path.String())
	}
	l.indexes = append(l.indexes, index{name: quote(name), columns: i.Columns})
	return nil
}

func (l *layout) addUnique(keys []value.FieldKey) error {
	name := "u:" + snake(string(l.form.Key))
	for n, key := range keys {
		f, err := l.field(query.At(key))
		if err != nil || f.Multi || f.Table {
			return badLayout(l.form.Key, string(key))
		}
		l.addColumn(f.Path)
		name += separator(n) + snake(string(key))
	}
	l.unique = append(l.unique, group{name: quote(name), fields: keys})
	return nil
}

func separator(n int) string {
	if n == 0 {
		return "."
	}
	return ","
}

func direction(desc bool) string {
	if desc {
		return "-"
	}
	return ""
}

func (l *layout) child(p query.Path) string {
	return quote("f:" + snake(string(l.form.Key)) + "." + snake(p.String()))
}

// kinds spells the kinds of principals that lists are asked within.
func (l *layout) kinds() string {
	var kinds []string
	for _, kind := range l.form.Within {
		kinds = append(kinds, snake(kind))
	}
	return strings.Join(kinds, ",")
}

// field says what the layout knows of a path.
func (l *layout) field(p query.Path) (store.Field, error) {
	if c, ok := systemColumn(p); ok {
		return store.Field{Path: p, Type: c.kind}, nil
	}
	if p == query.At(value.SysPrincipals) {
		return store.Field{Path: p, Type: store.Text, Multi: true}, nil
	}
	if f, ok := l.fields[p]; ok {
		return f, nil
	}
	return store.Field{}, store.UnknownPath(p)
}

// expr is the one spelling of a single-valued path in SQL, of the table called t there.
func (l *layout) expr(p query.Path) string {
	if c, ok := systemColumn(p); ok {
		return "t." + c.name
	}
	if column, ok := l.columns[p]; ok {
		return "t." + column
	}
	return extract("t.", p)
}

type column struct {
	name string
	kind store.Type
}

// systemColumn names the real column of a system field that has one value.
func systemColumn(p query.Path) (column, bool) {
	if p.Sub != "" {
		return column{}, false
	}
	switch p.Field {
	case value.SysID, value.SysCreatedBy, value.SysUpdatedBy:
		return column{snake(string(p.Field)), store.Text}, true
	case value.SysVersion, value.SysCreatedAt, value.SysUpdatedAt, value.SysDeletedAt:
		return column{snake(string(p.Field)), store.Int}, true
	}
	return column{}, false
}

// snake spells a camelCase key so that SQLite, which is blind to case in names, tells any two apart:
// "orgUnit" is org_unit, "org_unit" is org__unit.
func snake(key string) string {
	var b strings.Builder
	for _, r := range key {
		switch {
		case r == '_':
			b.WriteString("__")
		case r >= 'A' && r <= 'Z':
			b.WriteByte('_')
			b.WriteRune(r - 'A' + 'a')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func quote(name string) string { return `"` + name + `"` }

func (l *layout) typeOf(p query.Path) store.Type {
	f, err := l.field(p)
	if err != nil {
		return ""
	}
	return f.Type
}

// idIndex is the unique index that finds records by id.
func (l *layout) idIndex() string { return quote("i:" + snake(string(l.form.Key)) + ".id") }

// deletedIndex finds what lies in the recycle bin.
func (l *layout) deletedIndex() string { return quote("i:" + snake(string(l.form.Key)) + ".$deleted") }

// byPath orders paths by name.
func byPath(a, b query.Path) int { return strings.Compare(a.String(), b.String()) }
