package sqlite

import (
	"cmp"
	"maps"
	"slices"
)

// shares are what a transaction adds to sums: many records add to one line, which is written once, at its end. No
// statement of a transaction asks for sums.
type shares map[*sums]map[sumLine][]int64

// sumLine is a line of sums.
type sumLine struct {
	principal string
	key       int64
}

// share adds a share of the record for these principals, or takes it away with sign -1.
func (w *write) share(s *sums, principals []string, share []int64, sign int64) error {
	if w.tx == nil {
		return s.add(w.conn, principals, share, sign)
	}
	if w.tx.shares == nil {
		w.tx.shares = shares{}
	}
	lines := w.tx.shares[s]
	if lines == nil {
		lines = map[sumLine][]int64{}
		w.tx.shares[s] = lines
	}
	for _, p := range principals {
		at := sumLine{p, share[0]}
		if lines[at] == nil {
			lines[at] = make([]int64, len(share)-1)
		}
		for n, v := range share[1:] {
			lines[at][n] += sign * v
		}
	}
	return nil
}

// add writes what was gathered; lines that the same is added to share a statement.
func (all shares) add(c *conn) error {
	byName := func(a, b *sums) int { return cmp.Compare(a.name, b.name) }
	for _, s := range slices.SortedFunc(maps.Keys(all), byName) {
		lines := all[s]
		at := slices.SortedFunc(maps.Keys(lines), func(a, b sumLine) int {
			return cmp.Or(cmp.Compare(a.key, b.key), slices.Compare(lines[a], lines[b]), cmp.Compare(a.principal, b.principal))
		})
		for len(at) > 0 {
			key, adds, n := at[0].key, lines[at[0]], 1
			for n < len(at) && at[n].key == key && slices.Equal(lines[at[n]], adds) {
				n++
			}
			if err := s.addTo(c, at[:n], adds); err != nil {
				return err
			}
			at = at[n:]
		}
	}
	return nil
}

// addTo adds the same to lines of one key; nothing is nothing to write.
func (s *sums) addTo(c *conn, lines []sumLine, adds []int64) error {
	if !slices.ContainsFunc(adds, func(n int64) bool { return n != 0 }) {
		return nil
	}
	principals := make([]string, len(lines))
	for n, one := range lines {
		principals[n] = one.principal
	}
	return s.add(c, principals, append([]int64{lines[0].key}, adds...), 1)
}
