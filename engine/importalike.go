package engine

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// rowAlike counts the rows that look like a record, or like a row before them: they are among the others too.
const rowAlike = "alike"

// Twin is a row of the same file that says the same before.
type Twin struct {
	Rule string `json:"rule"` // by which the two are alike
	Row  int    `json:"row"`
}

// like names what a row of the file holds under a duplicate rule.
type like struct {
	rule   string
	number uint64
}

// liked is the first row that holds it, and what was made of it.
type liked struct {
	row int
	id  value.ID
}

// compare says of a row which rows before it are alike, and keeps it in mind for those after it. The same row may
// come again.
func (s *source) compare(one *RowOutcome) {
	for rule, number := range one.Likes {
		key := like{rule, number}
		first, known := s.likes[key]
		switch {
		case known && first.row < one.Row:
			one.Twins = append(one.Twins, Twin{rule, first.row})
			// What was made of that row is found as a record too: once is enough.
			one.Alike = slices.DeleteFunc(one.Alike, func(d record.Duplicate) bool { return d.ID != "" && d.ID == first.id })
		case one.Op != rowRefused:
			if s.likes == nil {
				s.likes = map[like]liked{}
			}
			s.likes[key] = liked{one.Row, one.ID}
		}
	}
	slices.SortFunc(one.Twins, func(a, b Twin) int { return cmp.Or(a.Row-b.Row, strings.Compare(a.Rule, b.Rule)) })
}

// isAlike tells whether a row looks like something that is there, or like a row before it.
func (r RowOutcome) isAlike() bool { return len(r.Alike)+len(r.Twins) > 0 }

// retell lets rows speak of the records that they look like as their reader sees those now: one that went out of their
// sight since has no name any more.
func (e *Engine) retell(ctx context.Context, actor value.Actor, rows []RowOutcome) error {
	var names []record.Name
	for _, row := range rows {
		for _, d := range row.Alike {
			if d.ID != "" {
				names = append(names, record.Name{Form: d.Form, ID: d.ID})
			}
		}
	}
	seen := map[record.Name]record.Glimpse{}
	for part := range slices.Chunk(names, maxGlimpses) {
		found, err := e.Records.Glimpses(ctx, actor, part)
		if err != nil {
			return err
		}
		for n, name := range part {
			seen[name] = found[n]
		}
	}
	for _, row := range rows {
		for n, d := range row.Alike {
			if one := seen[record.Name{Form: d.Form, ID: d.ID}]; one.Seen {
				row.Alike[n].Title = one.Title
			} else {
				row.Alike[n].ID, row.Alike[n].Title = "", ""
			}
		}
	}
	return nil
}

// maxGlimpses is how many records may be looked at together.
const maxGlimpses = 1000

// sayAlike writes down what refused rows look like.
func (t *teller) sayAlike(s *source, alike []RowOutcome) {
	form := t.engine.Catalog().Forms[s.request.Plan.Form]
	if form == nil || len(alike) == 0 {
		return
	}
	label := func(rule string) any {
		at := slices.IndexFunc(form.Duplicates, func(d *catalog.Duplicate) bool { return d.Def.Key == rule })
		if at < 0 {
			return rule // unpublished meanwhile
		}
		return form.Duplicates[at].Def.Label
	}
	t.alike = map[int]string{}
	for _, row := range alike {
		var said []string
		for _, d := range row.Alike {
			code, args := alikeCode(d)
			args["rule"] = label(d.Rule)
			said = append(said, t.text(code, args))
		}
		for _, twin := range row.Twins {
			said = append(said, t.text("import.alikeRow", fault.Args{"rule": label(twin.Rule), "row": twin.Row}))
		}
		t.alike[row.Row] = strings.Join(said, "\n")
	}
}

// alikeCode says of a record as much as its reader may know: which it is, else who holds it, else that it is there.
func alikeCode(d record.Duplicate) (string, fault.Args) {
	switch {
	case d.ID != "" && d.Owner != nil:
		return "import.alikeHeldTitle", fault.Args{"title": d.Title, "holder": d.Owner.Title}
	case d.ID != "":
		return "import.alikeTitle", fault.Args{"title": d.Title}
	case d.Owner != nil:
		return "import.alikeHeld", fault.Args{"holder": d.Owner.Title}
	}
	return "import.alikeOther", fault.Args{}
}
