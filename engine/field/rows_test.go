package field

import (
	"slices"
	"strconv"
	"testing"

	"tidewater/engine/value"
)

func row(id string, more ...any) value.Doc {
	doc := value.Doc{}
	if id != "" {
		doc[RowID] = id
	}
	for n := 0; n < len(more); n += 2 {
		doc[more[n].(string)] = more[n+1]
	}
	return doc
}

func TestMergeRows(t *testing.T) {
	stored := value.List{row("a", "n", int64(1)), row("b", "n", int64(2))}
	cases := []struct {
		name string
		sent value.List
		want value.List
	}{
		{"rows not sent stay, new ones follow", value.List{row("", "n", int64(9)), row("b", "n", int64(5))},
			value.List{row("a", "n", int64(1)), row("b", "n", int64(5)), row("new0", "n", int64(9))}},
		{"sent whole, the order is the sender's", value.List{row("b"), row("", "n", int64(9)), row("a")},
			value.List{row("b", "n", int64(2)), row("new0", "n", int64(9)), row("a", "n", int64(1))}},
		{"a row goes only when told", value.List{row("a", RowDelete, true)}, value.List{row("b", "n", int64(2))}},
		{"null clears a cell", value.List{row("a", "n", nil)}, value.List{row("a"), row("b", "n", int64(2))}},
		{"an empty new row is none", value.List{row("", "n", nil)}, stored},
	}
	for _, c := range cases {
		ids := 0
		have, issues := MergeRows(stored, c.sent, func() string { ids++; return "new" + strconv.Itoa(ids-1) })
		if len(issues) > 0 || !value.Equal(have, c.want) {
			t.Errorf("%s: %v, want %v; %v", c.name, have, c.want, issues)
		}
	}
	if !value.Equal(stored, value.List{row("a", "n", int64(1)), row("b", "n", int64(2))}) {
		t.Errorf("the stored rows changed: %v", stored)
	}
}

func TestMergeRowsRefuses(t *testing.T) {
	stored := value.List{row("a")}
	_, issues := MergeRows(stored, value.List{row("a"), row("a"), row("x")}, func() string { return "new" })
	var have []string
	for _, i := range issues {
		have = append(have, i.Path+" "+i.Code)
	}
	if want := []string{"/1/id field.rowDuplicate", "/2/id field.rowUnknown"}; !slices.Equal(have, want) {
		t.Errorf("have %q, want %q", have, want)
	}
}
