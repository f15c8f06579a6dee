package sqlite

import (
	"maps"
	"slices"

	"tidewater/engine/query"
)

// kept is a table beside the records that every write keeps in step with them: values of paths with several, an order,
// sums.
type kept struct {
	name, create string
	fill         func(*conn) error // from all records, where it is empty
}

// kept are all of a form, in the order of their names among their kind.
func (l *layout) kept() []kept {
	var out []kept
	for _, path := range slices.SortedFunc(maps.Keys(l.members), byPath) {
		out = append(out, kept{l.members[path], createMembers(l.members[path]), func(c *conn) error { return l.fillMembers(c, path) }})
	}
	for _, o := range l.orders {
		out = append(out, kept{o.name, createOrder(o), func(c *conn) error { return l.fillOrder(c, o) }})
	}
	for _, s := range l.sums {
		out = append(out, kept{s.name, createSums(s), func(c *conn) error { return l.fillSums(c, s) }})
	}
	return out
}

// keepsTable tells whether a table is one of those.
func (l *layout) keepsTable(name string) bool {
	return slices.ContainsFunc(l.kept(), func(t kept) bool { return t.name == name })
}

// refill fills the table anew, in a step: what is written afterwards keeps it in step.
func refill(t kept) step {
	return func(c *conn) error {
		if err := c.run("DELETE FROM " + t.name); err != nil {
			return err
		}
		return t.fill(c)
	}
}

// beside is the layout by which records are written while l is built and another one is still read: all that l has, and
// along with it what the other has beside.
func (l *layout) beside(was *layout) *layout {
	if was == nil {
		return l
	}
	both, rest := *l, *was
	both.columns = maps.Clone(was.columns)
	maps.Copy(both.columns, l.columns)
	both.insert = both.inserting()
	rest.members = maps.Clone(was.members)
	maps.DeleteFunc(rest.members, func(_ query.Path, name string) bool { return l.keepsTable(name) })
	rest.orders = slices.DeleteFunc(slices.Clone(was.orders), func(o *order) bool { return l.keepsTable(o.name) })
	rest.sums = slices.DeleteFunc(slices.Clone(was.sums), func(s *sums) bool { return l.keepsTable(s.name) })
	both.along = &rest
	return &both
}
