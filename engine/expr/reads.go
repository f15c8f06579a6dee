package expr

import (
	"cmp"
	"maps"
	"slices"

	"tidewater/engine/query"
)

// reads are the paths that an expression depends on.
type reads struct {
	record, old []query.Path
}

func readsOf(root *node) reads {
	w := walk{record: map[query.Path]bool{}, old: map[query.Path]bool{}}
	w.node(root, true)
	return reads{record: sorted(w.record), old: sorted(w.old)}
}

// walk gathers paths in the scope where they stand: a column within a predicate over its table is a
// path of its own, and the table is then not read as a whole.
type walk struct {
	record, old map[query.Path]bool
}

// node walks a tree. whole says that the node's own value counts, not only a part of it.
func (w walk) node(n *node, whole bool) {
	switch n.op {
	case opField:
		if whole {
			w.note(n.typ)
		}
		return
	case opPart:
		w.note(n.typ)
		w.node(n.kids[0], false)
		return
	case opEach:
		w.each(n, whole)
		return
	}
	for _, k := range n.kids {
		w.node(k, whole || n.op != opIndex)
	}
}

// each counts a table as read when its rows matter and no column of it says which.
func (w walk) each(n *node, whole bool) {
	inside := walk{record: map[query.Path]bool{}, old: map[query.Path]bool{}}
	for _, body := range n.kids[1:] {
		inside.node(body, true)
	}
	maps.Copy(w.record, inside.record)
	maps.Copy(w.old, inside.old)
	list := n.kids[0]
	columns := inside.record
	if list.typ.origin == fromOld {
		columns = inside.old
	}
	some := false
	for p := range columns {
		some = some || p.Sub != "" && p.Field == list.typ.Path.Field
	}
	passed := n.text == "filter" && whole // the rows themselves go on
	w.node(list, passed || !some)
}

func (w walk) note(t Type) {
	switch t.origin {
	case fromRecord:
		w.record[t.Path] = true
	case fromOld:
		w.old[t.Path] = true
	}
}

func sorted(set map[query.Path]bool) []query.Path {
	out := make([]query.Path, 0, len(set))
	for p := range set {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b query.Path) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Sub, b.Sub))
	})
	return out
}
