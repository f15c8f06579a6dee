package record

import (
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// TestMask: a part of a text shows what it is; a part of an id or a day would pass for another one.
func TestMask(t *testing.T) {
	cases := []struct {
		kind  meta.FieldKind
		how   string
		whole value.Value
		want  value.Value
	}{
		{field.Phone, "", "13812345678", "138****5678"},
		{field.IDCard, "", "11010519491231002X", "110****002X"},
		{field.IDCard, "1,1", "11010519491231002X", "1****X"},
		{field.Time, "", int64(570), nil},
		{field.Text, "2,0", "abcdef", "ab****"},
		{field.Text, "", "abc", "***"},
		{field.Member, "", "01M84CKMVYV3HS4EFNZYQPFC6Z", nil},
		{field.Reference, "", "01M84CKMVYV3HS4EFNZYQPFC6Z", nil},
		{field.Select, "", "won", nil},
		{field.Date, "", "2026-11-23", nil},
		{field.Number, "", int64(12), nil},
	}
	for _, c := range cases {
		def := meta.Field{Kind: c.kind, Mask: c.how}
		if got := mask(&catalog.Field{Def: def, As: &def}, c.whole); got != c.want {
			t.Errorf("%s %q: %v is shown as %v, want %v", c.kind, c.how, c.whole, got, c.want)
		}
	}
}
