package sqlite

import (
	"context"
	"database/sql/driver"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The index of tokens is made of segments, one more with each commit, which SQLite merges by eights. A search looks
// into each of them for each token, so that a sweep merges them all into one, a little at a time.

const (
	// mergeBy is how many segments of one size SQLite merges into the next with the commits that bring more; it begins
	// with four, and merges what a job writes once more for that.
	mergeBy = 8
	// mergeGone is how many percent of a segment are gone when SQLite merges it for that; it begins with ten, and merges
	// large segments again and again while a job gives many records to others.
	mergeGone = 50
	// mergePages bounds what one transaction merges, about ten milliseconds, for others wait meanwhile.
	mergePages = 64
	// mergeAtOnce bounds the transactions of one sweep; the next one goes on.
	mergeAtOnce = 200
	// mergeWorth is by how many times the largest segment may outweigh the others, to be merged with them: what is
	// merged again and again stays in proportion to what is written.
	mergeWorth = 4
)

// planTokens makes the index of tokens, and has its segments merged as they are here.
func (l *layout) planTokens(ctx context.Context, c *conn, has map[string]bool, p *plan) error {
	set := map[string]bool{}
	if has[l.tokens] {
		var err error
		if set, err = names(ctx, c, "SELECT k || '=' || v FROM "+l.tokensTable("config")); err != nil {
			return err
		}
	} else {
		p.made = append(p.made, statement(createTokens(l.tokens)))
	}
	for _, one := range []struct {
		name string
		n    int
	}{{"automerge", mergeBy}, {"deletemerge", mergeGone}} {
		n := strconv.Itoa(one.n)
		if !set[quote(one.name+"="+n)] {
			p.made = append(p.made, statement("INSERT INTO "+l.tokens+" ("+l.tokens+", rank) VALUES ('"+one.name+"', "+n+")"))
		}
	}
	return nil
}

// tokensTable is one of the tables that the index of tokens rests in.
func (l *layout) tokensTable(part string) string {
	return quote(strings.Trim(l.tokens, `"`) + "_" + part)
}

// mergeTokens merges the segments of each form's index of tokens where that is worth it.
func (s *Store) mergeTokens(ctx context.Context) error {
	forms := *s.forms.Load()
	for _, key := range slices.Sorted(maps.Keys(forms)) {
		l := forms[key]
		if l.tokens == "" {
			continue
		}
		worth := false
		err := s.read(ctx, func(c *conn) (err error) {
			worth, err = l.isScattered(ctx, c)
			return err
		})
		for left := mergeAtOnce; worth && left > 0 && err == nil; left-- {
			err = s.writer.submit(ctx, func(c *conn) (err error) {
				worth, err = l.mergeSome(ctx, c)
				return err
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isScattered tells whether merging is worth it, by the pages of the segments.
func (l *layout) isScattered(ctx context.Context, c *conn) (bool, error) {
	var sum, largest int64
	err := c.rows(ctx, "SELECT count(*) FROM "+l.tokensTable("idx")+" GROUP BY segid", nil, func(row []driver.Value) error {
		n, _ := row[0].(int64)
		sum, largest = sum+n, max(largest, n)
		return nil
	})
	return (sum-largest)*mergeWorth > largest, err
}

// mergeSome merges some pages; more is false when there was nothing to do.
func (l *layout) mergeSome(ctx context.Context, c *conn) (more bool, err error) {
	before, err := c.number(ctx, "SELECT total_changes()")
	if err != nil {
		return false, err
	}
	if _, _, err := c.exec("INSERT INTO "+l.tokens+" ("+l.tokens+", rank) VALUES ('merge', ?)", int64(-mergePages)); err != nil {
		return false, err
	}
	after, err := c.number(ctx, "SELECT total_changes()")
	return after-before > 1, err
}
