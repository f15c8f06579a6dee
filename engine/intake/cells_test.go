package intake

import "testing"

func TestReckonIsExact(t *testing.T) {
	for _, one := range []struct{ text, factor, decimals, want string }{
		{"9.80000019", "", "2", "9.80"},
		{"0.0500000007", "100", "2", "5.00"},
		{"2.005", "", "2", "2.01"},
		{"-2.005", "", "2", "-2.01"},
		{"0.07", "100", "", "7"},
	} {
		if got, ok := reckon(one.text, one.factor, one.decimals); !ok || got != one.want {
			t.Errorf("%+v: %q", one, got)
		}
	}
	for _, text := range []string{"", "cheap", "1e9", "1/3", "0x10", "1_000", "Inf"} {
		if got, ok := reckon(text, "", "2"); ok {
			t.Errorf("%q counts as the number %q", text, got)
		}
	}
}
