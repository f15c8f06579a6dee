package sqlite

import (
	"context"
	"database/sql/driver"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The index of tokens is made of segments, one more with each commit. A search looks into each of them for each token,
// so that they are merged, by eights of one size. SQLite would do that by itself while it writes, in pieces that everybody
// who saves waits for: a second where what it reads is nearly all of records that have other tokens by now, for it counts
// the pages that it writes. So all that it does by itself is turned off. Whoever brings texts merges a little for each,
// as much as they will bring in the end, and a sweep merges all into one, a little at a time.

const (
	// mergeBy is how many segments of one size are merged into the next.
	mergeBy = 8
	// mergeAtLeast is how many segments of one size SQLite merges after all, all at once: never where texts come with
	// their merging.
	mergeAtLeast = 256
	// mergeTexts is how many texts bring one page of merging with them. Thirty texts are a page, and at a million of them
	// each is merged four times.
	mergeTexts = 8
	// mergePages bounds what one transaction of a sweep merges, for others wait meanwhile.
	mergePages = 16
	// mergeAtOnce bounds the transactions of one sweep; the next one goes on.
	mergeAtOnce = 800
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
	}{{"automerge", 0}, {"deletemerge", 0}, {"usermerge", mergeBy}, {"crisismerge", mergeAtLeast}} {
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
		more := false
		err := s.read(ctx, func(c *conn) (err error) {
			more, err = l.isScattered(ctx, c)
			return err
		})
		for left := mergeAtOnce; more && left > 0 && err == nil; left-- {
			err = s.writer.submit(ctx, func(c *conn) (err error) {
				more, err = l.mergeSome(ctx, c)
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

// mergeSome goes on with what is being merged, and begins to merge all into one where nothing is and that is worth it; more
// is false when there was nothing to do. To begin anew with each piece would leave what others have written meanwhile, and
// the piece before, as segments of their own: of an index that is written to all the while nothing but pieces.
func (l *layout) mergeSome(ctx context.Context, c *conn) (more bool, err error) {
	if more, err = l.mergePiece(ctx, c, mergePages); more || err != nil {
		return more, err
	}
	if more, err = l.isScattered(ctx, c); !more || err != nil {
		return false, err
	}
	return l.mergePiece(ctx, c, -mergePages)
}

// mergePiece is merge that tells whether there was anything to do.
func (l *layout) mergePiece(ctx context.Context, c *conn, pages int64) (did bool, err error) {
	before, err := c.number(ctx, "SELECT total_changes()")
	if err != nil {
		return false, err
	}
	if err := l.merge(c, pages); err != nil {
		return false, err
	}
	after, err := c.number(ctx, "SELECT total_changes()")
	return after-before > 1, err
}

// merge merges so many pages of what is being merged, or where there are segments enough of one size; below 0 it begins to
// merge whatever there is.
func (l *layout) merge(c *conn, pages int64) error {
	_, _, err := c.exec("INSERT INTO "+l.tokens+" ("+l.tokens+", rank) VALUES ('merge', ?)", pages)
	return err
}
